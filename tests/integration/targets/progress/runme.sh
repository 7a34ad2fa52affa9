#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
#
# What a person sees in a terminal while a task waits, and that nobody else sees any of it.
set -eu
cd "$(dirname "$0")"
if [ -z "${SANDBOX_URL}" ]; then
    echo "This target needs a sandbox, to hold servers in BUILD."
    exit 0
fi
export ANSIBLE_ASYNC_DIR="${OUTPUT_DIR}/async"
export ANSIBLE_CONNECTION_PLUGINS="${PWD}/connection_plugins" ANSIBLE_CALLBACK_PLUGINS="${PWD}/callback_plugins"
exec python watch.py
