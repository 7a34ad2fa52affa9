# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The linters, each on the whole checkout; all of them run even when one complains.

    .work/lint/bin/python tests/lint.py
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from checkout import ROOT, TREE, WORK, link_tree

LINTERS = [
    ["ruff", "check", "--output-format", "concise", "."],
    ["yamllint", "--strict", "."],
    ["antsibull-changelog", "lint"],
    ["ansible-lint", "--offline", "--strict", "--nocolor"],
]


def main():
    binaries = Path(sys.executable).parent
    link_tree()
    home = WORK / "lint-home"
    home.mkdir(parents=True, exist_ok=True)
    environment = dict(
        os.environ,
        PATH=os.pathsep.join([str(binaries), os.environ["PATH"]]),
        ANSIBLE_HOME=str(home),
        ANSIBLE_COLLECTIONS_PATH=str(TREE),
        RUFF_CACHE_DIR=str(WORK / "ruff_cache"),
    )
    failed = []
    for command in LINTERS:
        print("+ " + " ".join(command), flush=True)
        if subprocess.run([str(binaries / command[0]), *command[1:]], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode:
            failed.append(command[0])
    print("%d passed, %d failed%s" % (len(LINTERS) - len(failed), len(failed), ": " + ", ".join(failed) if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
