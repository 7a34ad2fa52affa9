#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
set -eu
cd "$(dirname "$0")"
export PYTHONPATH="${PWD}/../setup_plays:${PYTHONPATH}"
exec python -m pytest -q --no-header -o cache_dir="${OUTPUT_DIR}/pytest" -p no:xdist -p plays scenarios.py
