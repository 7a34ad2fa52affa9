# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What of an answer has to be alike in two clouds: its status, the keys and types of its body, the form of its errors, some headers."""

from __future__ import annotations

import re

# A word of its own for each form of text that a client reads; the first that fits.
FORMS = [(name, re.compile(pattern)) for name, pattern in (
    ("id", r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[0-9a-f]{32}$"),
    ("time with Z", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"),
    ("time with microseconds and Z", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"),
    ("time with microseconds", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$"),
    ("url", r"^https?://"),
)]
# Below these lie names that users or the cloud's owner chose: their values are looked at, together, and not the names.
CHOSEN = {"metadata", "meta", "addresses", "extra_specs", "properties", "volume_image_metadata", "scheduler_hints"}
# What an error says, and who says it, is compared by what `forgotten` leaves of it.
SPOKEN = {"message", "title", "type"}
HEADERS = ("content-type", "retry-after", "location", "x-compute-request-id", "x-openstack-request-id", "openstack-api-version",
           "x-openstack-nova-api-version", "www-authenticate", "x-subject-token")


def essence(answer):
    """All that is compared, as {place: what is there}; a place is a path into the body, or "status", or "header NAME"."""
    found = {"status": {str(answer.status)}}
    for name in HEADERS:
        if name in answer.headers:
            found["header " + name] = {answer.headers[name] if name == "content-type" else "there"}
    _look(found, "", answer.body, answer.status >= 400)
    return {place: sorted(kinds) for place, kinds in found.items()}


def differences(one, other):
    """[(place, what the one has, what the other has)] of two essences; a list is empty where the place is missing, and then nothing
    is told of the places below it."""
    found = []
    for place in sorted({*one, *other}):
        above = [known for known in (place[:end] for end, char in enumerate(place) if char in ".[") if known and not (known in one and known in other)]
        if one.get(place) != other.get(place) and not above:
            found.append((place, one.get(place, []), other.get(place, [])))
    return found


def _look(found, place, value, fault):
    if isinstance(value, dict):
        kinds, parts = "object", [("%s.*" % place if place.rpartition(".")[2] in CHOSEN else "%s.%s" % (place, name), part) for name, part in value.items()]
    elif isinstance(value, list):
        kinds, parts = "list", [(place + "[]", part) for part in value]
    else:
        kinds, parts = _kind(value, fault and place.rpartition(".")[2] in SPOKEN), []
    found.setdefault(place, set()).add(kinds)
    for where, part in parts:
        _look(found, where, part, fault)


def _kind(value, spoken):
    if value is None or isinstance(value, bool):
        return {None: "null"}.get(value, "boolean")
    if isinstance(value, (int, float)):
        return "number"
    if spoken:
        return forgotten(value)
    return next((name for name, pattern in FORMS if pattern.search(value)), "text")


def forgotten(text):
    """A sentence without what differs from cloud to cloud: ids, addresses and numbers."""
    text = re.sub(r"https?://[^\s'\"]+", "URL", text)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", "ID", text)
    return " ".join(re.sub(r"\d+", "N", text).split())
