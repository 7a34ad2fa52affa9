# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What a volume should become: pure functions from what is there and what is wanted to the steps between.

``now`` is a record (volumes.record) or None. ``want`` has what was asked for and nothing else, under the names of the options of
the module ``volume``; ``body`` is the create request of one that is not there yet.
"""

from __future__ import annotations

from . import errors, lookup, metadata, volumes
from .plan import Plan, Step

SOURCES = ("image", "snapshot", "source_volume")
ORIGIN = {"snapshot": "snapshot_id", "source_volume": "source_volid"}  # the field of a record that tells
SHOWN = ("name", "size", "description", "volume_type", "availability_zone", "metadata", *SOURCES)

# Items that the service shows among a volume's own: where it lies (Rackspace), how it is attached (Cinder).
SERVICE_ITEMS = ("storage-node", "readonly", "attached_mode")


def plan(now, want):
    """The Plan for one volume. Raises Protected, WrongState and BadInput when it cannot be made true."""
    if want["state"] == "absent":
        return Plan(delete_steps(now, want) if now else [])
    if now is None:
        return Plan([Step("create", None, {}, {name: want[name] for name in SHOWN if name in want}, body=want["body"])])
    status = volumes.status(now)
    if status in volumes.BAD:
        raise errors.WrongState("%s is in %s. %s" % (volumes.title(now), status, volumes.WHAT_NOW), ids=[now["id"]], last_status=status)
    growing = grow_steps(now, want)
    steps = attribute_steps(now, want) + metadata.steps(now.get("metadata") or {}, want.get("metadata"), want["purge_metadata"], stays) + growing
    if status in volumes.BUILDING or (growing and status in volumes.PASSING):
        steps.insert(0, Step("settle", "status", status, "available", changes=False))
    return Plan(steps, *differences(now, want))


def delete_steps(now, want):
    status = volumes.status(now)
    if metadata.is_protected(now.get("metadata")) and not want["ignore_protection"]:
        raise errors.Protected("%s carries %s: \"true\" in its metadata, so it is not touched: to delete it, remove that item or set "
                               "ignore_protection: true." % (volumes.title(now), metadata.PROTECTED), ids=[now["id"]])
    step = Step("delete", None, {name: now.get(name) for name in ("id", "name", "size", "status")}, {})
    if status in volumes.PASSING:
        return [Step("settle", "status", status, "available", changes=False), step]
    if status == "in-use" or volumes.server_ids(now):
        raise errors.WrongState("%s is attached to server %s, and nothing attached is deleted. Detach it first (volume_attachment, state: absent)."
                                % (volumes.title(now), " and ".join(volumes.server_ids(now)) or "that the record does not name"), ids=[now["id"]])
    return [step]


def attribute_steps(now, want):
    """Name and description, in one request."""
    after = {name: want[name] for name in ("name", "description") if name in want and want[name] != (now.get(name) or "")}
    return [Step("update", None, {name: now.get(name) or "" for name in after}, after, body=after)] if after else []


def stays(key):
    """Whether purge_metadata spares an item: those of the provider and ours."""
    return metadata.kept(key) or key in SERVICE_ITEMS


def grow_steps(now, want):
    size, status = want.get("size", now["size"]), volumes.status(now)
    if size == now["size"]:
        return []
    if size < now["size"]:
        raise errors.BadInput("size: %s has %d GB, and %d are wanted; a volume can grow but never shrink. Make a smaller one and copy the data."
                              % (volumes.title(now), now["size"], size), ids=[now["id"]])
    if status not in ("available", *volumes.PASSING):
        raise errors.WrongState("%s is %s; to grow from %d to %d GB it must be available. Detach it first (volume_attachment, state: absent)."
                                % (volumes.title(now), status, now["size"], size), ids=[now["id"]])
    return [Step("grow", "size", now["size"], size)]


def differences(now, want):
    """(drift, unknown): what differs and cannot be changed, and what was given but is not shown."""
    drifted, unknown = [], []
    for field in ("volume_type", "availability_zone"):
        if field in want and now.get(field) is None:
            unknown.append(field)
        elif field in want and now[field] != want[field]:
            drifted.append({"field": field, "wanted": want[field], "found": now[field]})
    if "image" in want:
        filled = now.get("volume_image_metadata") or {}
        if not filled:
            unknown.append("image")
        elif want["image"] not in (filled.get("image_id"), filled.get("image_name")):
            drifted.append({"field": "image", "wanted": want["image"], "found": filled.get("image_name") or filled.get("image_id")})
    for option, field in ORIGIN.items():
        if option in want and not lookup.UUID.match(want[option]):
            unknown.append(option)
        elif option in want and want[option] != now.get(field):
            drifted.append({"field": option, "wanted": want[option], "found": now.get(field)})
    return drifted, sorted(unknown)


def foresee(now, steps):
    """The record as it will be."""
    record = now
    for step in steps:
        if step.do == "delete":
            record = None
        elif step.do == "create":
            fields = {name: value for name, value in step.after.items() if name not in SOURCES}
            record = dict({"id": None, "status": "available", "attachments": [], "metadata": {}, "description": None, "size": None,
                           "bootable": "image" in step.after}, **fields)
        elif step.field is None:
            record = dict(record, **step.after)
        else:
            record = dict(record, **{step.field: step.after})
    return record
