# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Hold the calls that were told against those that came in at the sandbox."""

from __future__ import annotations

import collections
import json
import os
import re
import sys
import urllib.request
from pathlib import Path

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
UNSEEN = 1  # calls of the task that is not traced, which come in and are not told


def came_in():
    """The log of the sandbox, which is forgotten then."""
    with OPENER.open(os.environ["SANDBOX_URL"] + "/sandbox/log", timeout=10) as answer:
        entries = json.load(answer)["requests"]
    with OPENER.open(urllib.request.Request(os.environ["SANDBOX_URL"] + "/sandbox/log", method="DELETE"), timeout=10):
        return entries


def told_by_the_callback(text):
    """({(service, method): calls} of all plays, calls by the first lines of the plays, calls listed as slow, repeated)."""
    text = text[text.index("API CALLS"):]
    kinds = collections.Counter()
    for service, method, calls in re.findall(r"^  (\S+) +([A-Z]+) +(\d+) calls? in", text, re.MULTILINE):
        kinds[service, method] += int(calls)
    heads = re.findall(r"^(\S.*): (\d+) calls? in .*?(?:, (\d+) of them repeated)?(?:,.*)?$", text, re.MULTILINE)
    return kinds, {play: int(calls) for play, calls, _unused in heads}, len(re.findall(r"^ +[\d.]+ ms  ", text, re.MULTILINE)), sum(
        int(repeated or 0) for _play, _calls, repeated in heads)


def compare_callback(text, plays):
    entries = came_in()
    kinds, heads, slow, repeated = told_by_the_callback(text)
    expected = collections.Counter((entry["service"], entry["method"]) for entry in entries)
    expected["compute", "GET"] -= UNSEEN
    print("came in: %s\ntold:    %s in plays %s" % (dict(expected), dict(kinds), heads))
    if kinds != expected or sum(heads.values()) != sum(expected.values()) or len(heads) != plays or slow != 3 * plays or repeated != 2:
        raise SystemExit("What was told is not what came in.")
    refused = sum(entry["status"] >= 400 for entry in entries)
    if sum(int(number) for number in re.findall(r"^\S.* (\d+) refused or lost", text[text.index("API CALLS"):], re.MULTILINE)) != refused:
        raise SystemExit("%d calls were refused." % refused)


def compare_inventory(text):
    entries = [entry["path"] for entry in came_in()]
    told = re.findall(r"^(?:GET|POST) (/\S+?)(?:\?\S*)?: 20\d in [\d.]+ ms", text, re.MULTILINE)
    print("came in: %s\ntold:    %s" % (entries, told))
    if sorted(told) != sorted(entries) or not told:
        raise SystemExit("What was told is not what came in.")


if __name__ == "__main__":
    said = Path(sys.argv[1]).read_text(encoding="utf-8")
    if sys.argv[2] == "inventory":
        compare_inventory(said)
    else:
        compare_callback(said, int(sys.argv[2]))
