# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Breaks one guard of the client after another in a copy of the checkout, and shows that the fault suite notices each.

    python3 tests/faults/mutate [NAME...]     some of the breaks, by a part of their names; default: all
    python3 tests/faults/mutate --list
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent.parent
sys.path.append(str(TESTS))

import mutation  # noqa: E402
from breaks import BREAKS  # noqa: E402
from checkout import WORK  # noqa: E402

PLACE = WORK / "faults-mutate"
CORE = "core-newest"


def passed(root, plays, output):
    """Whether a part of the suite passes in the copy."""
    return not subprocess.run([str(WORK / CORE / "bin/python"), "tests/" + plays[0], *plays[1:]], cwd=root, stdin=subprocess.DEVNULL, stdout=output,
                              stderr=subprocess.STDOUT, env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"), check=False).returncode


def show(breaks):
    return mutation.play(breaks, mutation.copied(PLACE, CORE), passed)


if __name__ == "__main__":
    sys.exit(mutation.main(__doc__, BREAKS, show))
