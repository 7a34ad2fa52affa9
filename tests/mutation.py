# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Breaks the client in a copy of the checkout, in one way after another, and tells which breaks nobody noticed.

`faults/mutate` and `openstack/mutate` each have a table of breaks, and say how what has to turn red is played.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass

from checkout import WORK, copy_to


@dataclass
class Break:
    """One break. A table adds to it what has to turn red, as `plays`: a tuple of words that mean something to who plays them."""

    name: str
    path: str      # below plugins/module_utils
    right: str     # is there exactly once
    wrong: str

    def __str__(self):
        return self.name

    def apply(self, root):
        """Break the copy of the collection in `root`; a function that mends it."""
        file = root / "plugins/module_utils" / self.path
        text = file.read_text(encoding="utf-8")
        if text.count(self.right) != 1:
            raise LookupError("%s: %r is %d times in %s, and should be there once; bring the break up to date"
                              % (self.name, self.right, text.count(self.right), self.path))
        file.write_text(text.replace(self.right, self.wrong), encoding="utf-8")
        return lambda: file.write_text(text, encoding="utf-8")


def copied(place, core):
    """A copy of the checkout below `place`, which finds the environment `core` of this one; its root."""
    root = place / "checkout"
    copy_to(root)
    (root / ".work").mkdir()
    (root / ".work" / core).symlink_to(WORK / core)
    return root


def play(breaks, root, passed):
    """Play each break in the copy in `root`, first without it: a red that was there before proves nothing. The number of those that nobody noticed.

    passed(root, plays, output): whether what has to turn red is green in the copy. Outputs are kept beside the copy.
    """
    def green(plays, log):
        with open(root.parent / log, "wb") as output:
            return passed(root, plays, output)
    unnoticed, sound = 0, {}
    for number, each in enumerate(breaks):
        begin = time.monotonic()
        if each.plays not in sound:
            sound[each.plays] = green(each.plays, "unbroken-%d.log" % number)
        mend = each.apply(root)
        try:
            unseen = green(each.plays, "break-%d.log" % number)
        finally:
            mend()
        word = "RED BEFORE" if not sound[each.plays] else "UNSEEN" if unseen else "red"
        unnoticed += word != "red"
        print("%-10s %4d s  %s" % (word, time.monotonic() - begin, each), flush=True)
    return unnoticed


def main(about, breaks, show):
    """The command: about is its docstring, show(breaks) plays some of the breaks and gives the number of those that nobody noticed."""
    parser = argparse.ArgumentParser(prog="mutate", description=about.split("\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="a part of the name of a break; default: all of them")
    parser.add_argument("--list", action="store_true", help="name the breaks, and play none")
    options = parser.parse_args()
    chosen = [each for each in breaks if not options.names or any(name in each.name for name in options.names)]
    if options.list:
        print("\n".join(map(str, chosen)))
        return 0
    try:
        unnoticed = show(chosen)
    except LookupError as error:
        print(error, file=sys.stderr)
        return 1
    print("%d of %d breaks were noticed" % (len(chosen) - unnoticed, len(chosen)))
    return 1 if unnoticed or not chosen else 0
