# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What is taken for granted of the things in an answer: the fields that have to be there, and the types of those that are.

Held against every thing where it comes in, so that nothing behind has to ask again. A field that some cloud leaves out, or shows as null, may be missing.
"""

from __future__ import annotations

from typing import NamedTuple

from . import errors


class Form(NamedTuple):
    """names: fields of which one has to be there, if there are any; needs: what has to be there in the full form, and may be missing in a list of names;
    types: {field: types}, where it is there; within: {field: a predicate}, where it is there and of its type; always: what has to be there in
    any form."""

    names: tuple
    needs: tuple
    types: dict
    within: dict = {}
    always: tuple = ("id",)


MADE, NAMED, FULL = range(3)  # how much of a thing is shown: what answers to its making, a name in a list, all of it


def objects(found):
    """A predicate: all in a list are objects."""
    return all(isinstance(item, dict) for item in found)


def lists(found):
    """A predicate: all in an object are lists of objects."""
    return all(isinstance(items, list) and objects(items) for items in found.values())


def attachments(found):
    """A predicate: all in a list are objects, and what they name as the server is a text."""
    return all(isinstance(item, dict) and isinstance(item.get("server_id") or "", str) for item in found)


def rates(found):
    """A predicate: all in a list are objects with a list of objects as ``limit``, if with any."""
    return all(isinstance(item, dict) and (item.get("limit") is None or isinstance(item["limit"], list) and objects(item["limit"])) for item in found)


def groups(found):
    """A predicate: all in a list are objects with a name, a text."""
    return all(isinstance(item, dict) and isinstance(item.get("name"), str) for item in found)


def reference(found):
    """A predicate: what stands for another thing names it by a text, if at all; "" stands for none."""
    return found == "" or isinstance(found, dict) and isinstance(found.get("id", ""), (str, int))


TEXTS = dict.fromkeys(("name", "status", "created", "updated"), str)
FORMS = {
    "server": Form(("name",), ("status",), dict(TEXTS, id=str, addresses=dict, metadata=dict, flavor=dict, fault=dict, security_groups=list,
                                                **{"OS-EXT-STS:task_state": str}),
                   {"addresses": lists, "flavor": reference, "image": reference, "security_groups": groups}),
    "image": Form(("name",), ("status",), dict(TEXTS, id=str, metadata=dict, server=dict), {"server": reference}),
    "flavor": Form(("name",), ("ram", "vcpus"), {"id": (str, int), "name": str, "ram": int, "vcpus": int, "disk": int}),
    "volume": Form(("name", "display_name"), ("status", "size"), dict(
        TEXTS, id=str, size=int, display_name=str, description=str, display_description=str, attachments=list, metadata=dict,
        volume_image_metadata=dict), {"attachments": attachments}),
    "snapshot": Form(("name", "display_name"), (), {"id": str, "name": str, "display_name": str}),
    "keypair": Form((), (), dict.fromkeys(("name", "public_key", "private_key", "fingerprint"), str), always=("name",)),
    "network": Form(("name", "label"), (), dict.fromkeys(("id", "name", "label", "cidr"), str)),
    "user": Form(("name", "username"), (), dict.fromkeys(("id", "name", "username", "email", "description"), str)),
    "project": Form(("name",), (), {"id": str, "name": str}),
    "domain": Form(("name",), (), {"id": str, "name": str}),
    "volumeAttachment": Form((), (), dict.fromkeys(("id", "volumeId", "serverId", "device"), str), always=("volumeId",)),
    "limits": Form((), (), {"absolute": dict, "rate": list}, {"rate": rates}, always=("absolute",)),
}

LISTS = {name + "s": form for name, form in FORMS.items() if name not in ("keypair", "limits")}  # in the list of key pairs each is wrapped once more


def flaw(form, thing, needs, names):
    """The first field of a thing that is missing or of another type, None when all is as it has to be."""
    for name in needs:
        if thing.get(name) in (None, ""):
            return name
    if names and not any(map(thing.__contains__, names)):
        return names[0]
    for name, types in form.types.items():
        value = thing.get(name)
        if value is not None and not isinstance(value, types):
            return name
    for name, holds in form.within.items():
        value = thing.get(name)
        if value is not None and not holds(value):
            return name
    return None


def check(question, key, found, shown=FULL, said=None):
    """Raise BadAnswer unless all things are what they have to be. key: what they are called in the answer, one of them or a list; what has no
    form here is let through. shown: how much of them there is; said: what has the request_id of the answer, if anything."""
    form = FORMS.get(key)
    if form:
        found = [found]
    else:
        form = LISTS.get(key)
        found = found if isinstance(found, list) else [None]
    if not form:
        return
    needs = ((), form.always, form.always + form.needs)[shown]
    for thing in found:
        wrong = flaw(form, thing, needs, form.names if shown else ()) if isinstance(thing, dict) else key
        if wrong:
            request_id = said.request_id if said is not None else None
            raise errors.BadAnswer("%s was answered with %r in which %r is missing or is none%s. Something answers in place of the service. Run the "
                                   "task again; if it stays, check the address (auth_url, compute_endpoint)." % (
                                       question, key, wrong, " (request id %s)" % request_id if request_id else ""), request_id=request_id)
