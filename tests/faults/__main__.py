# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`make test-faults`: the matrix of faults and modules on the sandbox, the scripts beside it, and a sum of all.

    python tests/faults [--module NAME]... [--fault NAME]... [--dress DRESS]     with any of these, the matrix alone
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Run as a directory: its own modules must not be taken for those of the standard library.
sys.path[0] = str(HERE.parent)

from faults import matrix  # noqa: E402

# What is run after the matrix, each by itself: it prints its counts and ends with 1 when anything is wrong.
SCRIPTS = ("playbooks.py", "leaks.py", "token_cache.py", "interruptions.py")


def main():
    if len(sys.argv) > 1:
        return matrix.main()
    steps = [timed("matrix", lambda: matrix.main([]))]
    for name in SCRIPTS:
        if (HERE / name).is_file():
            print("\n=== %s" % name, flush=True)
            steps.append(timed(name, lambda name=name: subprocess.run(
                [sys.executable, str(HERE / name)], stdin=subprocess.DEVNULL, env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"), check=False).returncode))
    print()
    for name, seconds, code in steps:
        print("%-6s %-18s %4d s" % ("FAILED" if code else "ok", name, seconds))
    failed = sum(1 for step in steps if step[2])
    print("%d passed, %d failed" % (len(steps) - failed, failed))
    return 1 if failed else 0


def timed(name, function):
    begin = time.monotonic()
    code = function()
    return name, time.monotonic() - begin, code


if __name__ == "__main__":
    sys.exit(main())
