# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Patterns: what the cloud's filter lets through holds all that fits."""

from __future__ import annotations

import itertools
import re

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils.patterns import as_regex, matches

NAMES = ["", "web", "web1", "web12", "Web1", "db-1", "a.b", "a+b", "[x]", "x", "]", "!", "^", "wéb", "web 1", "{{ 7*7 }}", "a\\b", "$5", "a]", "b]", "(web)"]
PIECES = ["web", "*", "?", "[0-9]", "[!0-9]", "[]x]", "[!]]", "[", "]", "[]", "[!]", ".", "+", "(", "{", "\\", "^", "$", "a", "é", "|"]
PATTERNS = ["".join(pieces) for count in (1, 2, 3) for pieces in itertools.product(PIECES, repeat=count)]


@pytest.mark.parametrize("name, pattern, fits", [
    ("web1", "web*", True), ("web1", "web?", True), ("web", "web?", False), ("web1", "Web*", False), ("web1", "eb1", False), ("web1", None, True),
    (None, "*", True), (None, "web", False), ("web1", "web[0-9]", True), ("webx", "web[0-9]", False), ("webx", "web[!0-9]", True), ("a.b", "a?b", True)])
def test_what_fits(name, pattern, fits):
    assert matches(name, pattern) is fits


def test_the_filter_of_the_cloud_loses_nothing():
    lost = [(pattern, name) for pattern in PATTERNS for name in NAMES if matches(name, pattern) and not re.search(as_regex(pattern), name)]
    assert not lost


@pytest.mark.parametrize("pattern", PATTERNS[:len(PIECES)])
def test_the_filter_uses_only_what_all_dialects_agree_on(pattern):
    assert re.match(r"\^[\w .*]*\$$", as_regex(pattern))


def test_the_filter_is_worth_asking_for():
    assert as_regex("web-?*") == "^web-..*$"
    assert not re.search(as_regex("web*"), "db1")
