# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Name or id to the one record; two records of one name are an error that lists the ids."""

from __future__ import annotations

import re

from . import errors, flavors, images, servers

UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$", re.IGNORECASE)
OTHER_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}$")


def one(records, what, wanted):
    """The record with this id, else the only one with this name, else None. Raises Ambiguous."""
    for record in records:
        if str(record.get("id")) == wanted:
            return record
    return only([record for record in records if record.get("name") == wanted], what, wanted)


def check_name(name):
    """Refuse blanks around a name: some clouds drop them, so that the thing would never be found again, others refuse them."""
    if name is not None and name != name.strip():
        raise errors.BadInput("name is %r. Leave out the blanks around it." % name)


def check_new_name(named, what, name, now):
    """Renaming onto a name that another thing has would make two of one name. named: the raw things of that name."""
    others = [record["id"] for record in named if record["id"] != now["id"]]
    if others:
        raise errors.Ambiguous("id is %s and name is %r, but another %s has that name already: %s. Give the id of the %s that is meant, "
                               "or another name." % (now["id"], name, what, ", ".join(others), what), ids=others)


def only(found, what, name):
    """The one of the found records, None when there is none. Raises Ambiguous, with all ids."""
    if len(found) > 1:
        ids = [str(record.get("id")) for record in found]
        raise errors.Ambiguous("%d %ss are called %r: %s. Give the id instead of the name." % (
            len(found), what, name, ", ".join(described(record) for record in found)), ids=ids)
    return found[0] if found else None


def described(record):
    """An id with what tells it from its namesakes."""
    facts = [str(record[fact]) for fact in ("status", "created") if record.get(fact)]
    return "%s%s" % (record.get("id"), " (%s)" % ", ".join(facts) if facts else "")


def server(api, wanted):
    """The raw server of an id or a name, or None. An id costs one call, a name one per page of namesakes."""
    if UUID.match(wanted):
        found = servers.get(api, wanted)
        if servers.alive(found):
            return found
    found = only(servers.named(api, wanted), "server", wanted)
    if found is None and not UUID.match(wanted) and OTHER_ID.match(wanted):
        found = servers.get(api, wanted)  # not every cloud has UUIDs for ids
        found = found if servers.alive(found) else None
    return found


def flavor(api, wanted):
    """{id, name} of the flavor that a name or an id means. Raises NotFound with the names that there are."""
    offered = flavors.every(api, detail=False)
    found = one(offered, "flavor", wanted)
    if found is None:
        raise errors.NotFound("There is no flavor %r in %s. %s" % (wanted, api, suggestions(offered, wanted)))
    return found


def image(api, wanted):
    """The raw image that a name or an id means. Raises NotFound or Ambiguous."""
    found = images.get(api, wanted) if UUID.match(wanted) else None
    if found is None or found.get("status") == "DELETED":
        found = only([image for image in images.named(api, wanted) if image.get("status") != "ERROR"], "image", wanted)
    if found is None:
        raise errors.NotFound("There is no image %r in %s. image_info lists the names and ids that there are." % (wanted, api))
    return found


def suggestions(offered, wanted):
    """What to write instead: the names closest to the wanted one, or a few of all."""
    import difflib
    names = sorted({str(record.get(field)) for record in offered for field in ("name", "id")})
    close = difflib.get_close_matches(wanted, names, 5, 0.5)
    if close:
        return "Did you mean %s?" % " or ".join(repr(name) for name in close)
    return "There are: %s%s." % (", ".join(names[:12]), ", …" if len(names) > 12 else "")
