# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The verbs of a volume in versions 1, 2 and 3 of the service, and what «done» looks like by its own status.

Version 1, the one in Rackspace's catalog, says display_name and display_description where the others say name and description;
here they have one name everywhere.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from . import errors, lookup, records

OLD_NAMES = {"name": "display_name", "description": "display_description"}
PASSING = ("creating", "downloading", "attaching", "detaching", "reserved", "extending", "uploading", "backing-up", "restoring-backup",
           "retyping", "maintenance")
BUILDING = ("creating", "downloading")
BAD = ("error", "error_extending", "error_deleting", "error_restoring", "error_managing")

WHAT_NOW = ("The service gives no reason: look whether a limit, the size or the type is why. Then delete it (state: absent) and make it anew, "
            "or have the operator of the cloud reset it.")


def names(api, values):
    """Values under the names of this version of the service."""
    if not re.search(r"/v1(/|$)", api.base):
        return values
    return {OLD_NAMES.get(name, name): value for name, value in values.items()}


def clean(raw):
    """A raw volume or snapshot with the names of the newer versions."""
    return dict({new: raw[old] for new, old in OLD_NAMES.items() if old in raw},
                **{name: value for name, value in raw.items() if name not in OLD_NAMES.values()})


def record(raw):
    """The record of a raw volume; ``bootable`` is a bool."""
    known = records.record(clean(raw))
    if "bootable" in known:
        known["bootable"] = str(known["bootable"]).lower() == "true"
    return known


def every(api, query=None):
    """All volumes that match a query, in full, without those that are on their way out."""
    return [volume for volume in map(clean, api.everything("/volumes/detail", "volumes", query)) if alive(volume)]


def named(api, name):
    """The volumes of exactly this name."""
    return [volume for volume in every(api, names(api, {"name": name})) if volume.get("name") == name]


def get(api, volume_id):
    """One volume, or None when it is gone."""
    found = api.find(path(volume_id), key="volume")
    return clean(found) if found else None


def find(api, wanted):
    """The volume of an id or a name, or None. Raises Ambiguous."""
    found = get(api, wanted) if lookup.UUID.match(wanted) else None
    return found if alive(found) else lookup.only(named(api, wanted), "volume", wanted)


def snapshot(api, wanted):
    """The snapshot of an id or a name. Raises NotFound and Ambiguous."""
    offered = [clean(found) for found in api.everything("/snapshots/detail", "snapshots")]
    found = lookup.one(offered, "snapshot", wanted)
    if found is None:
        raise errors.NotFound("There is no volume snapshot %r in %s. %s"
                              % (wanted, api, lookup.suggestions(offered, wanted) if offered else "There is none at all."))
    return found


def create(api, values):
    """Start to make a volume; values have the names of the newer versions. Returns it raw."""
    return clean(api.made("/volumes", {"volume": names(api, values)}, "volume"))


def update(api, volume_id, values):
    """Change name and description."""
    api.put(path(volume_id), {"volume": names(api, values)})


def extend(api, volume_id, size):
    """Start to make a volume larger; size in GB. A request that was refused for its token and carried out all the same is sent again, and of a
    volume that grows or has that size services say 400."""
    try:
        api.post(path(volume_id) + "/action", {"os-extend": {"new_size": size}})
    except errors.ApiError as error:
        if error.status not in (400, 409) or not grows(get(api, volume_id), size):
            raise


def delete(api, volume_id):
    """Start to delete a volume; one that is gone already is fine, and so is one on its way out, of which services say 400: a request that
    they refused for its token and carried out all the same is sent again."""
    try:
        api.remove(path(volume_id))
    except errors.ApiError as error:
        if error.status not in (400, 409) or alive(get(api, volume_id)):
            raise


def path(volume_id):
    return "/volumes/%s" % quote(volume_id, safe="")


def alive(volume):
    """False for what is deleted or on its way: such a volume does not count any more."""
    return bool(volume) and status(volume) not in ("deleting", "deleted")


def grows(volume, size):
    """Whether a volume is at least this large, or on its way there."""
    return bool(volume) and (status(volume) == "extending" or volume["size"] >= size)


def arrives(volume, server_id):
    """Whether a volume is attached to this server, or on its way there. While it comes, some clouds do not say yet where to."""
    if status(volume) not in ("attaching", "reserved", "in-use"):
        return False
    known = server_ids(volume)
    return server_id in known or not known and status(volume) != "in-use"


def leaves(volume, server_id):
    """Whether a volume is not attached to this server any more, or on its way from there."""
    return bool(volume) and (status(volume) == "detaching" or server_id not in server_ids(volume))


def status(volume):
    """The status, in lower case as the service writes it; "" for a volume that is gone."""
    return str((volume or {}).get("status", "")).lower()


def server_ids(volume):
    """The ids of the servers that a volume is attached to."""
    return [attachment["server_id"] for attachment in volume.get("attachments") or () if attachment.get("server_id")]


def device(volume, server_id):
    """The name of a volume's device at a server, None where nobody says."""
    return next((attachment.get("device") for attachment in volume.get("attachments") or () if attachment.get("server_id") == server_id), None)


def title(volume):
    """How messages name a volume."""
    return "volume %r (%s)" % (volume.get("name") or "", volume.get("id"))


def there(volume):
    """A predicate: the volume is there. Raises when it is gone."""
    if volume is None or status(volume) == "deleted":
        raise errors.Failed("the volume is gone: somebody deleted it meanwhile. Run the task again to see what is there.")
    return True


def becomes(goal, what, origin=None):
    """A predicate: the volume reaches the goal, which is a predicate too. Raises when it never will: it is gone or in error, or was
    seen on its way and then fell back to the status that it came from."""
    seen = []

    def done(volume):
        if there(volume) and goal(volume):
            return True
        now = status(volume)
        if now in BAD:
            raise errors.Failed("%s is in %s. %s" % (title(volume), now, WHAT_NOW), ids=[volume["id"]], last_status=now)
        if now in PASSING:
            seen.append(now)
        elif seen and now == origin:
            raise errors.Failed("%s went back to %s: the cloud gave up to %s it. Look at the server and the volume, then run the task again."
                                % (title(volume), now, what), ids=[volume["id"]], last_status=now)
        return False
    return done


def calm(volume):
    """A goal: nothing is going on with the volume."""
    return status(volume) not in PASSING + BAD


def at(server_id):
    """A goal: the volume is attached to this server. Raises when it is attached to others only: somebody else was quicker."""
    def reached(volume):
        known = server_ids(volume) if status(volume) == "in-use" else []
        if known and server_id not in known:
            raise errors.WrongState("%s is attached to another server meanwhile, %s. Detach it there, or set move: true to have that done."
                                    % (title(volume), " and ".join(known)), ids=[volume["id"]], last_status="in-use")
        return server_id in known
    return reached


def away_from(server_id):
    """A goal: the volume is not attached to this server any more."""
    return lambda volume: calm(volume) and server_id not in server_ids(volume)


def deleted_from(origin):
    """A predicate: the volume is no more. Raises when the service failed to delete one that had the status ``origin``."""
    seen = []

    def done(volume):
        now = status(volume)
        if volume is None or now == "deleted":
            return True
        if now == "deleting":
            seen.append(now)
        elif seen or now == "error_deleting" != origin:
            raise errors.Failed("%s is %s instead of gone. Delete it again; if it stays, ask the operator of the cloud." % (title(volume), now),
                                ids=[volume["id"]], last_status=now)
        return False
    return done
