# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Breaks the client on purpose, one break after another, and shows that the integration targets notice it on the real cloud.

    python3 tests/openstack/mutate [NAME...]     some of the breaks, by a part of their names; default: all
    python3 tests/openstack/mutate --list

Works on a copy below .work/openstack/mutate, never on the checkout. Uses the cloud that runs, or makes one and ends it.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent.parent
sys.path += [str(TESTS / "openstack"), str(TESTS), str(TESTS / "integration")]

import life  # noqa: E402
import tier  # noqa: E402
from breaks import BREAKS  # noqa: E402
from checkout import WORK, copy_to  # noqa: E402
from settings import HOME, CloudFailed  # noqa: E402

PLACE = HOME / "mutate"


def copied():
    """A copy of the checkout that finds the environments of this one; its root."""
    root = PLACE / "checkout"
    copy_to(root)
    (root / ".work").mkdir()
    (root / ".work" / tier.CORE).symlink_to(WORK / tier.CORE)
    return root


def played(python, root, names, log):
    """Whether targets pass; their output goes to `log`."""
    with open(log, "wb") as output:
        return not tier.targets(python, root, names, output)


def show(breaks):
    """Play each break; the number of those that nobody noticed. Nothing is broken at first: a red that was there before proves nothing."""
    python, root = tier.core(), copied()
    names = sorted({name for each in breaks for name in each.targets})
    begin = time.monotonic()
    if not played(python, root, names, PLACE / "unbroken.log"):
        raise CloudFailed("The targets %s fail without any break; see %s." % (", ".join(names), PLACE / "unbroken.log"))
    print("%-8s %-46s %-16s %4d s" % ("green", "nothing is broken", ", ".join(names), time.monotonic() - begin), flush=True)
    unnoticed = 0
    for number, each in enumerate(breaks):
        begin = time.monotonic()
        mend = each.apply(root)
        try:
            green = played(python, root, each.targets, PLACE / ("break-%d.log" % number))
        finally:
            mend()
        unnoticed += green
        print("%-8s %-46s %-16s %4d s" % ("UNSEEN" if green else "red", each.name, ", ".join(each.targets), time.monotonic() - begin), flush=True)
    return unnoticed


def main():
    parser = argparse.ArgumentParser(prog="mutate", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="a part of the name of a break; default: all of them")
    parser.add_argument("--list", action="store_true", help="name the breaks, and play none")
    options = parser.parse_args()
    breaks = [each for each in BREAKS if not options.names or any(name in each.name for name in options.names)]
    if options.list:
        print("\n".join("%-46s %s" % (each.name, ", ".join(each.targets)) for each in breaks))
        return 0
    try:
        with life.alone(), life.lent():
            unnoticed = show(breaks)
    except (CloudFailed, LookupError) as error:
        print(error, file=sys.stderr)
        return 1
    print("%d of %d breaks were noticed" % (len(breaks) - unnoticed, len(breaks)))
    return 1 if unnoticed or not breaks else 0


if __name__ == "__main__":
    sys.exit(main())
