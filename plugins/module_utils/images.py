# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The verbs of an image, as the compute service shows it."""

from __future__ import annotations

from urllib.parse import quote


def every(api, query=None):
    """All images that match a query, in full, without those that are deleted."""
    return [image for image in api.everything("/images/detail", "images", query) if image.get("status") != "DELETED"]


def named(api, name):
    """The images of exactly this name."""
    return [image for image in every(api, {"name": name}) if image.get("name") == name]


def get(api, image_id):
    found = api.find("/images/%s" % quote(image_id, safe=""))
    return found["image"] if found else None


def is_snapshot(image):
    """True for an image that was made of a server; not every cloud says so outright."""
    return bool(image.get("server")) or (image.get("metadata") or {}).get("image_type") in ("snapshot", "backup")
