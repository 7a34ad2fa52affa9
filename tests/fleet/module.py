# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Runs the module `fleet` in this process, with the options of a JSON file, as ansible-core would: what can be killed without a remainder.

    python tests/fleet/module.py OPTIONS.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ansible.module_utils.testing import patch_module_args

from ansible_collections.rackspace.cloud.plugins.modules import fleet

if __name__ == "__main__":
    with patch_module_args(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))):
        fleet.main()
