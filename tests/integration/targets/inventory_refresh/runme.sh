#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
#
# A long random history of servers, followed by changes and by full lists: on the sandbox and on a real cloud alike.
set -eu
cd "$(dirname "$0")"
exec python -m pytest -q --no-header -o cache_dir="${OUTPUT_DIR}/pytest" -p no:xdist scenarios.py
