# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What is to be done about an image, and which older ones go: pure.

``now`` is a record or None. ``want`` is a dict:

    state: present or absent; server: the record of the server to make the image of, None where none is needed
    name, metadata, purge_metadata, ignore_protection
    keep: how many to keep, with pattern and match (items of metadata) that tell which count, images: the records of all
    snapshots, users: {image id: title of a server that was made of it}, max_delete
"""

from __future__ import annotations

from . import conflicts, errors, images, metadata, patterns
from .plan import Plan, Step
from .server_actions import IMAGED
from .server_plan import status_to_be


def plan(now, want):
    """The Plan. Raises WrongState and Protected when it cannot be made true."""
    if want["state"] == "absent":
        return Plan(delete(now, want) if now else [])
    made = create(want) if now is None and want.get("name") else []
    steps = made + (changes(now, want) if now else []) + rotation(now, want, bool(made))
    if now and now["status"] == "SAVING":
        steps.insert(0, Step("settle", "status", now["status"], "ACTIVE", changes=False))
    return Plan(steps)


def delete(now, want):
    if metadata.is_protected(now.get("metadata")) and not want["ignore_protection"]:
        raise errors.Protected("%s carries %s: \"true\" in its metadata, so it is not deleted. Remove that item or set ignore_protection: true."
                               % (images.title(now), metadata.PROTECTED), ids=[now["id"]])
    return [Step("delete", None, {"id": now["id"], "name": now.get("name"), "status": now["status"]}, {})]


def create(want):
    server = want["server"]
    conflicts.check_state(dict(server, status=status_to_be(server)), IMAGED, "make an image of")
    return [Step("create", None, {}, {"name": want["name"], "server": server["id"], "metadata": want.get("metadata") or {}}, body=want)]


def changes(now, want):
    """The steps for the metadata of an image that is there."""
    return metadata.steps(now.get("metadata") or {}, want.get("metadata"), want["purge_metadata"], metadata.kept_on_image)


def rotation(now, want, making):
    """A step for each image beyond the newest ``keep``. Raises Protected when there are more of them than max_delete."""
    if "keep" not in want:
        return []
    surplus = [image for image in beyond(now, want, making) if not spared(image, now, want)]
    if len(surplus) > want.get("max_delete", 0):
        raise errors.Protected("%d images would be deleted: %s. max_delete allows %d, so nothing was done. Raise max_delete if they are to go."
                               % (len(surplus), ", ".join(images.title(image) for image in surplus), want["max_delete"]),
                               ids=[image["id"] for image in surplus])
    left = [images.title(image) for image in counted(now, want)]
    steps = []
    for image in reversed(surplus):
        rest = [title for title in left if title != images.title(image)]
        steps.append(Step("rotate", "images", left, rest, body=image))
        left = rest
    return steps


def beyond(now, want, making):
    """The records that come after the newest ``keep``; one that is about to be made is the newest."""
    fits = matches({"name": want.get("name"), "metadata": dict(want.get("metadata") or {})}, want) if making else False
    return counted(now, want)[max(want["keep"] - bool(fits), 0):]


def counted(now, want):
    """The images that count for the rotation, the newest first: whole ones, and the one at hand though it is being made."""
    return images.newest_first(image for image in want["images"] if matches(image, want) and (
        image["status"] == "ACTIVE" or (now and image["id"] == now["id"])))


def matches(image, want):
    """Whether an image fits the pattern and the items of metadata."""
    items = image.get("metadata") or {}
    return patterns.matches(image.get("name"), want.get("pattern")) and all(
        items.get(key) == value for key, value in (want.get("match") or {}).items())


def spared(image, now, want):
    """Why an image stays though it is old; None when it goes."""
    if now and image["id"] == now["id"]:
        return "named by the task"
    if metadata.is_protected(image.get("metadata")) and not want["ignore_protection"]:
        return "protected"
    user = want["users"].get(image["id"])
    return "in use by %s" % user if user else None


def surplus(now, want):
    """What became of the images beyond the newest ``keep``, for the result."""
    making = now is None and bool(want.get("name"))
    return [{"id": image["id"], "name": image["name"], "created": image.get("created"), "spared": spared(image, now, want)}
            for image in beyond(now, want, making)]


def foresee(now, steps):
    """The record as it will be; None when it will be gone, or there is none."""
    record = now
    for step in steps:
        if step.do == "create":
            record = images.to_be(step.body["name"], step.body.get("metadata") or {}, step.body["server"]["id"])
        elif step.do == "delete":
            record = None
        elif step.field == "metadata":
            record = dict(record, metadata=step.after)
    return record
