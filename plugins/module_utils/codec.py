# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Bodies to bytes and back. The API layer is handed one codec; JSON is the one that every service speaks."""

from __future__ import annotations

import json

DEEPEST = 100  # lists and objects within each other; the API's own documents have eight
BRACKETS = b"[]{}"
ALL_ELSE = bytes(byte for byte in range(256) if byte not in BRACKETS)


class Json:
    """application/json. decode() raises ValueError on anything that is not JSON, or nested deeper than anybody can walk through."""

    media_type = "application/json"
    unlinked = ()  # the paths of lists whose pages do not name the next one

    @staticmethod
    def encode(body):
        return json.dumps(body).encode("utf-8")

    @staticmethod
    def decode(content):
        try:
            data = json.loads(content)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None
        if not looks_flat(content) and is_deep(data):
            raise ValueError("it is nested too deeply")
        return data

    @staticmethod
    def reads(content_type):
        """True when a body of this Content-Type is one of ours; 202 and 204 come with empty bodies of other types."""
        return "json" in content_type


def looks_flat(content):
    """Whether the brackets of a document close within DEEPEST, which is quickly seen. Those in its texts may make it look deep."""
    brackets = content.translate(None, ALL_ELSE)
    for _level in range(DEEPEST):
        if not brackets:
            return True
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return not brackets


def is_deep(data):
    """Whether data are nested deeper than DEEPEST, seen by going through all of them."""
    level = [[data]]
    for _level in range(DEEPEST + 1):
        level = [item for thing in level for item in (thing.values() if isinstance(thing, dict) else thing) if isinstance(item, (dict, list))]
        if not level:
            return False
    return True
