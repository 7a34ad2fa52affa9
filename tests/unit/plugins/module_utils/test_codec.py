# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""JSON to bytes and back; which labels of a body count as JSON."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils.codec import Json


def test_there_and_back():
    body = {"server": {"name": "wéb ☃", "metadata": {"a": None, "b": 1.5, "c": [True]}}}
    assert Json.decode(Json.encode(body)) == body


@pytest.mark.parametrize("content", [b"", b'{"a": ', b"<html>", b"\xff\xfe{}", b'{"a": 1} trailing', b"[" * 200_000,
                                     b"[" * 3000 + b"]" * 3000, b'{"a":' * 150 + b"[]" + b"}" * 150])
def test_anything_else_is_a_value_error(content):
    with pytest.raises(ValueError):
        Json.decode(content)


@pytest.mark.parametrize("content", [
    b'{"a":' * 90 + b"{}" + b"}" * 90, b"[" + b",".join([b'{"a": {"b": [1]}}'] * 500) + b"]",
    b"[" + b",".join([b'"[{"'] * 500) + b"]", '["[", {"a": "{{"}]'.encode("utf-16")])
def test_many_things_and_brackets_in_texts_are_not_deep(content):
    assert Json.decode(content)


@pytest.mark.parametrize("kind, reads", [
    ("application/json", True), ("application/json; charset=utf-8", True), ("application/problem+json", True),
    ("application/vnd.openstack.identity-v3+json", True), ("text/html; charset=utf-8", False), ("text/plain", False), ("application/xml", False), ("", False)])
def test_what_is_announced(kind, reads):
    assert Json.reads(kind) is reads
