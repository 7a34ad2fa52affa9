# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Patterns of names, with the wildcards of a shell: for the cloud's filter and for ourselves."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

SIMPLE = re.compile(r"[\w /:@-]")


def matches(name, pattern):
    """True when a name fits; no pattern fits every name."""
    return pattern is None or fnmatchcase(name or "", pattern)


def as_regex(pattern):
    """A regular expression of the cloud's database that lets through at least what fits: everything that dialects
    disagree on becomes a dot, and matches() has the last word."""
    body = re.sub(r"\[!?\]?[^\]]*\]", "?", pattern)
    return "^%s$" % "".join({"*": ".*", "?": "."}.get(char, char if SIMPLE.match(char) else ".") for char in body)
