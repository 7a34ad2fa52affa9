# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What of two answers is held against each other."""

from __future__ import annotations

import pytest
from plain_client import Answer
from shapes import differences, essence, forgotten


def between(one, other, status=200):
    """The differing places of two bodies."""
    return [place for place, _one, _other in differences(essence(Answer(status, {}, one)), essence(Answer(status, {}, other)))]


@pytest.mark.parametrize("one, other", [
    ({"id": 1}, {"id": 2}),
    ({"name": "a"}, {"name": "b"}),
    ({"updated": "2026-01-01T00:00:00Z"}, {"updated": "2025-02-03T04:05:06Z"}),
    ({"servers": [{"id": 1}]}, {"servers": [{"id": 2}, {"id": 3}]}),
    ({"metadata": {"a": "b"}}, {"metadata": {"c": "d"}}),
])
def test_values_may_differ(one, other):
    assert between(one, other) == []


@pytest.mark.parametrize("one, other, place", [
    ({"id": 1}, {"id": "1"}, ".id"),
    ({"id": 1}, {"id": None}, ".id"),
    ({"id": True}, {"id": 1}, ".id"),
    ({"id": 1}, {"id": 1, "more": 1}, ".more"),
    ({"updated": "2026-01-01T00:00:00Z"}, {"updated": "2026-01-01T00:00:00.000000"}, ".updated"),
    ({"servers": [{"id": 1}, {"id": 2, "fault": {}}]}, {"servers": [{"id": 1}]}, ".servers[].fault"),
    ({"metadata": {"a": "b"}}, {"metadata": {"a": 1}}, ".metadata.*"),
    ([], {}, ""),
    (None, {}, ""),
])
def test_keys_and_types_may_not(one, other, place):
    assert between(one, other) == [place]


def test_an_empty_list_is_told_once():
    assert between({"servers": []}, {"servers": [{"id": 1, "links": [{}]}]}) == [".servers[]"]


def test_status_and_headers_count():
    one, other = Answer(200, {"location": "here"}, None), Answer(202, {"date": "now"}, None)
    assert [place for place, _one, _other in differences(essence(one), essence(other))] == ["header location", "status"]


def test_what_an_error_says_counts():
    assert between({"message": "server 1 is gone"}, {"message": "server 2 is gone"}, 404) == []
    assert between({"message": "server 1 is gone"}, {"message": "no server 1"}, 404) == [".message"]
    assert between({"message": "server 1 is gone"}, {"message": "no server 1"}, 200) == []


def test_ids_and_addresses_are_forgotten():
    assert forgotten("Image 70a599e0-31e7-49b7-b260-868f441e862b at http://127.0.0.1:1/v2\nhas  5 bytes") == "Image ID at URL has N bytes"
