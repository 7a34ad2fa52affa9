# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What has metadata: how the module options name it, where its items are, and what holds for them."""

from __future__ import annotations

from typing import NamedTuple

from . import errors, images, lookup, metadata, metadata_items, servers


class Kind(NamedTuple):
    """A kind of thing: its name, how one is found, its path, which keys a purge spares, the name of the limit, and what the
    cloud makes of keys."""

    name: str
    find: object
    path: object
    stays: object
    limit: str
    stored: object


KINDS = (
    Kind("server", lookup.server, servers.path, metadata.kept, "max_server_meta", lambda items, option, now=(): items),
    Kind("image", lookup.image, images.path, metadata.kept_on_image, "max_image_meta", metadata.lowered),
)
SPEC = dict(server=dict(type="str"), image=dict(type="str"))


def kind(params):
    """The Kind that the options speak of."""
    return next(kind for kind in KINDS if params[kind.name] is not None)


def items(api, params):
    """(id, all items) of the server or image that the options name. Costs one call for an id, two for a name."""
    owner = kind(params)
    wanted = params[owner.name]
    found = metadata_items.every(api, owner.path(wanted)) if lookup.UUID.match(wanted) else None
    if found is not None:
        return wanted, found
    thing = owner.find(api, wanted)
    found = metadata_items.every(api, owner.path(thing["id"])) if thing else None
    if found is None:
        raise errors.NotFound("there is no %s %r in %s. %s_info lists those that there are." % (owner.name, wanted, api, owner.name))
    return thing["id"], found


def item(api, params, key):
    """{key: value} of one item of the server or image that the options name, {} when it has none of that key."""
    owner = kind(params)
    wanted = params[owner.name]
    found = metadata_items.get(api, owner.path(wanted), key) if lookup.UUID.match(wanted) else {}
    if found:
        return found
    present = items(api, params)[1]  # it has no such item, or does not exist: that is told apart here
    # Not every cloud looks for an item of an image in the way that it keeps keys.
    same = [there for there in present if owner.stored({there: ""}, "key") == owner.stored({key: ""}, "key")]
    return {there: present[there] for there in same[:1]}
