#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
#
# What tasks and the inventory tell of their calls, and what the callback makes of them, held against what came in at the sandbox.
set -eu
cd "$(dirname "$0")"
if [ -z "${SANDBOX_URL}" ]; then
    echo "This target needs a sandbox, to break it and to count what it is asked."
    exit 0
fi
unset ANSIBLE_INVENTORY

export ANSIBLE_CALLBACKS_ENABLED=rackspace.cloud.api_calls RAX_API_CALLS_SLOWEST=3 RAX_API_TRACE=true
ansible-playbook -i "${OUTPUT_DIR}/../inventory.yml" -e "@${SANDBOX_VARIABLES}" calls.yml | tee "${OUTPUT_DIR}/calls.txt"
python compare.py "${OUTPUT_DIR}/calls.txt" 2

cat > "${OUTPUT_DIR}/traced.rackspace.yml" <<END
plugin: rackspace.cloud.servers
regions: all
END
ansible-inventory -i "${OUTPUT_DIR}/traced.rackspace.yml" --list -vvv > "${OUTPUT_DIR}/traced.txt"
python compare.py "${OUTPUT_DIR}/traced.txt" inventory

# Not asked for, nothing is told.
RAX_API_TRACE=false ansible-playbook -i "${OUTPUT_DIR}/../inventory.yml" -e "@${SANDBOX_VARIABLES}" --tags untraced calls.yml | tee "${OUTPUT_DIR}/untraced.txt"
if grep -q "API CALLS" "${OUTPUT_DIR}/untraced.txt"; then exit 1; fi
