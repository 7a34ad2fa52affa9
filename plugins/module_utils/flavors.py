# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The verbs of a flavor: what sizes of servers there are."""

from __future__ import annotations

from urllib.parse import quote


def every(api, query=None, detail=True):
    """All flavors; without detail only id and name."""
    return api.everything("/flavors/detail" if detail else "/flavors", "flavors", query)


def get(api, flavor_id):
    return api.find("/flavors/%s" % quote(flavor_id, safe=""), key="flavor")


def size(flavor):
    """The order of flavors: the smallest first, by memory, then processors, then disk."""
    return (flavor.get("ram") or 0, flavor.get("vcpus") or 0, flavor.get("disk") or 0, str(flavor.get("name")))
