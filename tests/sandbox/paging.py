# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Pages of a list: limit, marker, and the link to what comes next."""

import re
import urllib.parse

from .exchange import Fault


def limit_of(call, most=None):
    """How many records a page of this call has. Fault 400 for nonsense."""
    most = most or call.settings.page_size
    given = call.argument("limit")
    if given is None or given == "":
        return most
    if not re.match(r"^[0-9]+$", given):
        if call.rackspace:
            raise Fault(400, "limit param must be an integer" if not re.match(r"^-[0-9]+$", given) else "limit param must be positive")
        raise Fault(400, "Invalid input for query parameters limit. Value: %s. '%s' does not match '^[0-9]*$'" % (given, given))
    return min(most, int(given))


def one_page(call, records, most=None):
    """`(page, more)`: the records after the marker, as many as fit; `more` says that the page is full, so that a link is due.

    `records` may be lazy. `most`: what fits at most, instead of the setting. Fault 400 when the marker is none of them.
    """
    limit = limit_of(call, most)
    marker = call.argument("marker")
    records = iter(records)
    if marker and not any(record.id == marker for record in records):
        raise Fault(400, "marker [%s] not found" % marker)
    page = []
    if limit:
        for record in records:
            page.append(record)
            if len(page) == limit:
                break
    return page, bool(limit) and len(page) == limit


def next_links(call, path, last_id):
    """The links that lead from a full page to the next one."""
    query = [(name, value) for name, values in call.request.arguments.items() for value in values if name != "marker"]
    query.append(("marker", last_id))
    return [{"rel": "next", "href": call.self_base + path + "?" + urllib.parse.urlencode(query)}]
