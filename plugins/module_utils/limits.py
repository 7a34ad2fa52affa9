# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The limits of an account: absolute, what is free of them, and of the rate."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from . import errors, metadata, things
from .records import record

# what: (the limit, what is used of it), as records name them
USE = {
    "instances": ("max_total_instances", "total_instances_used"),
    "cores": ("max_total_cores", "total_cores_used"),
    "ram": ("max_total_ram_size", "total_ram_used"),
    "security_groups": ("max_security_groups", "total_security_groups_used"),
    "floating_ips": ("max_total_floating_ips", "total_floating_ips_used"),
    "server_groups": ("max_server_groups", "total_server_groups_used"),
}

WORDS = {"instances": "servers", "cores": "virtual processors", "ram": "memory"}
UNITS = {"ram": " MB"}


def get(api):
    """{absolute: {}, free: {}, rate: []}, see limits_info. One call."""
    found = api.get("/limits")
    limits = found["limits"]
    things.check("GET /limits", "limits", limits, said=found)
    absolute = record(limits.get("absolute") or {})
    return {
        "absolute": absolute,
        "free": {what: free(absolute, *names) for what, names in USE.items()},
        "rate": [dict(record(limit), uri=rate.get("uri"), regex=rate.get("regex"))
                 for rate in limits.get("rate") or () for limit in rate.get("limit") or ()],
    }


def free(absolute, limit, used):
    """What is left, None when there is no limit or the cloud does not tell what is used."""
    most, taken = absolute.get(limit), absolute.get(used)
    if not isinstance(most, int) or not isinstance(taken, int) or most < 0:
        return None
    return max(most - taken, 0)


def path_of(address):
    """The path of an address as the regular expressions of rates mean it: from the version on, whatever stands before it."""
    path = urlsplit(address).path
    version = re.search(r"/v\d", path)
    return path[version.start():] if version else path


def needs(wish, flavor=None):
    """What a wish takes: {instances, cores, ram} as far as it says. wish: {instances, cores, ram, count}; flavor: the raw flavor of ``count``
    servers, which are needed besides."""
    taken = {what: wish[what] for what in WORDS if wish.get(what)}
    if flavor:
        count = 1 if wish.get("count") is None else wish["count"]
        for what, each in (("instances", 1), ("cores", flavor["vcpus"]), ("ram", flavor["ram"])):
            taken[what] = taken.get(what, 0) + count * each
    return taken


def missing(limits, taken):
    """What there is no room for, a sentence each; [] when it fits. Where there is no limit, or none is told, there is room."""
    left = limits["free"]
    return ["%s: %d%s wanted, %d%s free of %d" % (WORDS[what], number, UNITS.get(what, ""), left[what], UNITS.get(what, ""), limits["absolute"][USE[what][0]])
            for what, number in taken.items() if left[what] is not None and number > left[what]]


def metadata_room(api, limit, present, setting, removing):
    """How many items more a thing may have after a change of its metadata; None when the cloud sets no limit, or it is not near.

    limit: max_server_meta or max_image_meta; asked for only when it may be reached. Raises BadInput when it would be passed.
    """
    count = len(metadata.after(present, setting, removing))
    if count < metadata.LOWEST_LIMIT or not setting:
        return None
    allowed = get(api)["absolute"].get(limit, metadata.LOWEST_LIMIT)
    if not isinstance(allowed, int):
        return None
    if 0 <= allowed < count:
        raise errors.BadInput("metadata: this cloud allows %d items, and there would be %d (%d of them are there already, those of the provider "
                              "among them). Leave some out, or remove others with purge_metadata: true." % (allowed, count, len(present)))
    return allowed - count if allowed >= 0 else None
