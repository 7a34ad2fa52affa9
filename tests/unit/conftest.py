# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Where unit tests find the collection (`ansible_collections.rackspace.cloud`) and the sandbox (`sandbox`)."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS))

from checkout import link_tree  # noqa: E402

sys.path.insert(0, str(link_tree()))
