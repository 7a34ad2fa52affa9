# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Bodies to bytes and back. The API layer is handed one codec; JSON is the one that every service speaks."""

from __future__ import annotations

import json


class Json:
    """application/json. decode() raises ValueError on anything that is not JSON."""

    media_type = "application/json"
    unlinked = ()  # the paths of lists whose pages do not name the next one

    @staticmethod
    def encode(body):
        return json.dumps(body).encode("utf-8")

    @staticmethod
    def decode(content):
        try:
            return json.loads(content)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None

    @staticmethod
    def reads(content_type):
        """True when a body of this Content-Type is one of ours; 202 and 204 come with empty bodies of other types."""
        return "json" in content_type
