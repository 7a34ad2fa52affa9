# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A record of the API as we hand it out: snake_case keys without extension prefixes, no links, no secrets.

What users name (metadata keys, labels of networks, extra specs) stays as it is.
"""

from __future__ import annotations

import re

USER_NAMED = ("metadata", "extra_specs", "scheduler_hints", "properties")
DROPPED = ("links", "admin_pass", "password", "private_key", "user_data")
BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|-")
NAMES = {}


def name_of(key):
    """accessIPv4 -> access_ipv4, OS-EXT-STS:task_state -> task_state, next-available -> next_available."""
    if key not in NAMES:
        NAMES[key] = BORDER.sub("_", key.rsplit(":", 1)[-1].replace("IPv", "Ipv")).lower()
    return NAMES[key]


def record(raw):
    """The record of a raw resource: a new dict, the raw one is left alone.

    ``image`` is None for a server that boots from a volume (the API says ""), ``config_drive`` is a bool.
    """
    clean = {}
    for key, value in raw.items():
        name = name_of(key)
        if name in DROPPED or name.endswith("_links"):
            continue
        if name in USER_NAMED:
            clean[name] = value
        elif name == "addresses" and isinstance(value, dict):
            clean[name] = {label: inner(entries) for label, entries in value.items()}
        else:
            clean[name] = inner(value)
    if clean.get("image") == "":
        clean["image"] = None
    if "config_drive" in clean:
        clean["config_drive"] = str(clean["config_drive"]).lower() == "true"
    return clean


def inner(value):
    if isinstance(value, dict):
        return record(value)
    if isinstance(value, list):
        return [inner(item) for item in value]
    return value
