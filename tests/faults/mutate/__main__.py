# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Breaks one guard of the client after another in a copy of the checkout, and shows that the fault suite notices each.

    python3 tests/faults/mutate [NAME...]     some of the breaks, by a part of their names; default: all
    python3 tests/faults/mutate --list
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent.parent
sys.path.append(str(TESTS))

from breaks import BREAKS  # noqa: E402
from checkout import WORK, copy_to  # noqa: E402

PLACE = WORK / "faults-mutate"
CORE = "core-newest"


def copied():
    """A copy of the checkout that finds the environment of this one; its root."""
    root = PLACE / "checkout"
    copy_to(root)
    (root / ".work").mkdir()
    (root / ".work" / CORE).symlink_to(WORK / CORE)
    return root


def passed(root, arguments, log):
    """Whether the suite passes in the copy; its output goes to `log`."""
    with open(log, "wb") as output:
        return not subprocess.run([str(WORK / CORE / "bin/python"), "tests/faults", *arguments], cwd=root, stdin=subprocess.DEVNULL, stdout=output,
                                  stderr=subprocess.STDOUT, env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"), check=False).returncode


def show(breaks):
    """Play each break, first without it: a red that was there before proves nothing. The number of those that nobody noticed."""
    root, unnoticed, known = copied(), 0, {}
    for number, each in enumerate(breaks):
        begin, key = time.monotonic(), tuple(each.arguments)
        if key not in known:
            known[key] = passed(root, each.arguments, PLACE / "unbroken.log")
        mend = each.apply(root)
        try:
            green = passed(root, each.arguments, PLACE / ("break-%d.log" % number))
        finally:
            mend()
        word = "RED BEFORE" if not known[key] else "UNSEEN" if green else "red"
        unnoticed += word != "red"
        print("%-10s %-48s %4d s" % (word, each.name, time.monotonic() - begin), flush=True)
    return unnoticed


def main():
    parser = argparse.ArgumentParser(prog="mutate", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="a part of the name of a break; default: all of them")
    parser.add_argument("--list", action="store_true", help="name the breaks, and play none")
    options = parser.parse_args()
    breaks = [each for each in BREAKS if not options.names or any(name in each.name for name in options.names)]
    if options.list:
        print("\n".join(each.name for each in breaks))
        return 0
    try:
        unnoticed = show(breaks)
    except LookupError as error:
        print(error, file=sys.stderr)
        return 1
    print("%d of %d breaks were noticed" % (len(breaks) - unnoticed, len(breaks)))
    return 1 if unnoticed or not breaks else 0


if __name__ == "__main__":
    sys.exit(main())
