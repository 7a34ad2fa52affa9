# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The verbs of metadata, of servers and images alike. ``place`` is the path of the thing, as /servers/ID."""

from __future__ import annotations

from urllib.parse import quote


def every(api, place):
    """All items, or None when the thing is not there."""
    return api.find(place + "/metadata", key="metadata", needs=None)


def get(api, place, key):
    """{key: value} of one item, with the key as the cloud writes it; {} when it is not there."""
    if not addressable(key):
        items = every(api, place) or {}
        return {key: items[key]} if key in items else {}
    return api.find(item(place, key), key="meta", needs=None) or {}


def replace(api, place, items):
    """Set all items at once; those that are not given are gone."""
    api.put(place + "/metadata", {"metadata": items})


def update(api, place, items):
    """Add and change items; the others stay."""
    api.post(place + "/metadata", {"metadata": items})


def put(api, place, key, value):
    """Add or change one item."""
    if addressable(key):
        api.put(item(place, key), {"meta": {key: value}})
    else:
        update(api, place, {key: value})


def remove(api, place, key):
    """Remove one item. One that is gone already is fine."""
    if not addressable(key):
        items = every(api, place) or {}
        if items.pop(key, None) is not None:
            replace(api, place, items)
        return
    api.remove(item(place, key))


def addressable(key):
    """Whether a path can end in this key: services take a quoted slash for a plain one, and clients make something of dots."""
    return "/" not in key and key not in (".", "..")


def item(place, key):
    return "%s/metadata/%s" % (place, quote(key, safe=""))
