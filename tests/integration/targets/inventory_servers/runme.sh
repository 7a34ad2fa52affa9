#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
#
# The inventory as users run it. What needs a sandbox to be filled, broken and counted is left out on a cloud that is none; what
# never meets the cloud's own manners is played in one dress.
set -eu
cd "$(dirname "$0")"
if [ -z "${SANDBOX_URL}" ]; then
    choice="any_cloud"
elif [ "${SANDBOX_DRESS}" = openstack ]; then
    choice="not bad_file and not static and not vault and not refresh and not documentation and not accounts"
else
    choice=""
fi
exec python -m pytest -q --no-header -o cache_dir="${OUTPUT_DIR}/pytest" -p no:xdist -k "${choice}" scenarios.py
