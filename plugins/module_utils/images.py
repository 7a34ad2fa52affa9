# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The verbs of an image, as the compute service shows it."""

from __future__ import annotations

from urllib.parse import quote

from . import errors, metadata_items, wait


def every(api, query=None, detail=True):
    """All images that match a query, without those that are deleted; without detail only id and name."""
    return [image for image in api.everything("/images/detail" if detail else "/images", "images", query) if image.get("status") != "DELETED"]


def named(api, name):
    """The images of exactly this name."""
    return [image for image in every(api, {"name": name}) if image.get("name") == name]


def get(api, image_id):
    """One image, or None when there is none; one that is deleted may still be shown as such."""
    return api.find(path(image_id), key="image")


def create(api, server_id, name, metadata):
    """Start to make an image of a server. Returns {id, name}: the answer has no body, or one with nothing but the id."""
    answer = api.create("/servers/%s/action" % quote(server_id, safe=""), {"createImage": dict({"name": name}, **({"metadata": metadata} if metadata else {}))})
    image_id = answer.fields.get("image_id") or answer.headers.get("Location", "").rstrip("/").rpartition("/")[2]
    if not image_id:
        raise errors.BadAnswer("the image was accepted, and the answer does not say what its id is.", request_id=answer.request_id)
    return {"id": image_id, "name": name}


def delete(api, image_id):
    """Delete an image; one that is gone already is fine."""
    api.remove(path(image_id))


def set_metadata(api, image_id, items):
    """Add and change items; the others stay."""
    metadata_items.update(api, path(image_id), items)


def remove_metadata(api, image_id, keys):
    """Remove items, one request each. One that is gone already is fine."""
    for key in keys:
        metadata_items.remove(api, path(image_id), key)


def path(image_id):
    return "/images/%s" % quote(image_id, safe="")


def newest_first(images):
    """Images, raw or as records, in the order of their making, the newest first; by id where that is the same."""
    return sorted(images, key=lambda image: (wait.moment(image.get("created")) or 0, str(image.get("id"))), reverse=True)


def gone(image):
    """A predicate: the image is no more."""
    return image is None or str(image.get("status", "")).upper() == "DELETED"


def there(image):
    """A predicate: the image is there. Raises when it is gone."""
    if gone(image):
        raise errors.Failed("the image is gone: somebody deleted it meanwhile. Run the task again to see what is there.")
    return True


def title(image):
    """How messages name an image."""
    return "image %r (%s)" % (image.get("name") or "", image.get("id"))


def is_snapshot(image):
    """True for an image that was made of a server; not every cloud says so outright."""
    return bool(image.get("server")) or (image.get("metadata") or {}).get("image_type") in ("snapshot", "backup")


def origin(image):
    """The id of the server that an image was made of, None where it was made of none or the cloud does not tell."""
    return (image.get("server") or {}).get("id") or (image.get("metadata") or {}).get("instance_uuid")


def usable(image, what):
    """Whether an image, raw, is ACTIVE. Raises when it never will be; what: how messages name it, with its server."""
    if gone(image):
        raise errors.Failed("%s is gone: the cloud gave up to make it, or somebody deleted it. Look at the server, then run the task again." % what)
    status = str(image.get("status", "")).upper()
    if status in ("ERROR", "KILLED", "FAILED"):
        raise errors.Failed("%s ended in %s. Look at the server and at the size limit for images, delete it, then run the task again."
                            % (what, status), ids=[image.get("id")], last_status=status)
    return status == "ACTIVE"


def to_be(name, metadata, server_id):
    """The record of an image that is not there yet: what is known of it, and empty what the cloud will fill in."""
    return {"id": None, "name": name, "status": "ACTIVE", "progress": 100, "created": None, "updated": None, "min_disk": 0, "min_ram": 0,
            "metadata": metadata, "server": {"id": server_id}}
