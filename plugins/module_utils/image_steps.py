# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""How each step of an image plan is begun, and what «done» looks like."""

from __future__ import annotations

from . import errors, images
from .plan import Started
from .records import record
from .snapshots import Snapshot


def watched(task, now, done, timeout=600):
    return Started(lambda: images.get(task.cloud.compute, now["id"]), done, record, timeout)


def create(task, now, step):
    snapshot = Snapshot(task, step.body["server"], step.body["name"], step.body.get("metadata") or {})
    return Started(snapshot.fetch, snapshot.done, record, 1800, snapshot.id)


def settle(task, now, step):
    title = images.title(now) + (" of server %s" % images.origin(now) if images.origin(now) else "")
    return watched(task, now, lambda image: images.usable(image, title), 1800)


def set_metadata(task, now, step):
    images.set_metadata(task.cloud.compute, now["id"], step.body)
    return watched(task, now, images.there)


def remove_metadata(task, now, step):
    images.remove_metadata(task.cloud.compute, now["id"], step.body)
    return watched(task, now, images.there)


def delete(task, now, step):
    images.delete(task.cloud.compute, now["id"])
    return watched(task, now, images.gone, 900)._replace(record=lambda raw: None if images.gone(raw) else record(raw))


def rotate(task, now, step):
    """Delete an older image; the record handed out stays that of the image at hand."""
    old = step.body
    with errors.Doing("delete %s, which is beyond the newest %d" % (images.title(old), task.params["keep"])):
        images.delete(task.cloud.compute, old["id"])

    def fetch():
        return images.get(task.cloud.compute, old["id"]) or {"id": old["id"], "status": "DELETED"}
    return Started(fetch, images.gone, lambda raw: now, 900)


STEPS = {function.__name__: function for function in (create, settle, set_metadata, remove_metadata, delete, rotate)}
