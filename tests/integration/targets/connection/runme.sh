#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
#
# How often forks log in, what bad input is answered with, and that no secret goes to the cloud of another. Beside the sandbox of
# the run there are two more places, which end with this script: somebody else's cloud, and one that speaks TLS.
set -eu
cd "$(dirname "$0")"
if [ -z "${SANDBOX_URL}" ]; then
    echo "This target needs a sandbox, to break it and to count what it is asked."
    exit 0
fi

python places.py "${OUTPUT_DIR}/places.json" &
places=$!
trap 'kill "${places}"; wait "${places}" || true' EXIT
for _try in $(seq 100); do
    if [ -s "${OUTPUT_DIR}/places.json" ]; then break; fi
    sleep 0.1
done

play() {
    ansible-playbook -e "@${SANDBOX_VARIABLES}" -e "@${OUTPUT_DIR}/places.json" "$@"
}

export RAX_TOKEN_CACHE_DIR="${OUTPUT_DIR}/forks"
if [ "${SANDBOX_DRESS}" = rackspace ]; then # the dress makes no difference, so each is played once
    play --forks 8 forks.yml
else
    play twenty.yml
fi
play bad_input.yml
