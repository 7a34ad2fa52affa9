# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The image service, version 2: list, show, change and delete images."""

import hashlib
import json
import re

from .accounts import PROVIDER
from .clock import iso
from .exchange import Fault, answer, empty
from .routing import Router
from .timeline import settled

route = Router()
_STATUS = {"SAVING": "saving", "ACTIVE": "active", "ERROR": "killed", "DELETED": "deleted"}
_PAGE = 25
_TITLES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict"}


def write_fault(fault, request_id):
    """A fault as an older Glance writes it: a page, for any client."""
    del request_id
    title = "%d %s" % (fault.status, _TITLES.get(fault.status, "Error"))
    fault.content_type = "text/html; charset=UTF-8"
    return "<html>\n <head>\n  <title>%s</title>\n </head>\n <body>\n  <h1>%s</h1>\n  %s<br /><br />\n\n\n\n </body>\n</html>" % (title, title, fault.message)


def framed(status, message):
    """A fault as the framework around Glance writes it for clients that take JSON."""
    title = _TITLES.get(status, "Error")
    return {"message": message + "<br /><br />\n\n\n", "code": "%d %s" % (status, title), "title": title}


def write_framed_fault(fault, request_id):
    """A fault as Glance writes it nowadays."""
    del request_id
    return framed(fault.status, fault.message)


def _contents(call, image):
    """What Glance tells of the bytes of an image: sizes, sums, and where they are kept. Nothing while there are none."""
    if call.rackspace or not image.size:
        return {"virtual_size": None, "checksum": None, "os_hash_algo": None, "os_hash_value": None}
    name = image.id.encode()
    return {"virtual_size": image.size, "checksum": hashlib.sha256(name).hexdigest()[:32], "os_hash_algo": "sha512",
            "os_hash_value": hashlib.sha512(name).hexdigest(), "stores": "files"}


def _shown(call, image):
    shown = {
        "id": image.id, "name": image.name, "status": _STATUS.get(image.status, "queued"), "created_at": iso(image.created),
        "updated_at": iso(image.updated), "size": image.size or None, **_contents(call, image),
        "min_disk": image.min_disk, "min_ram": image.min_ram, "visibility": "private" if image.project_id else "public", "protected": False,
        "owner": image.project_id or (None if call.rackspace else PROVIDER), "os_hidden": False, "tags": [], "container_format": "bare", "disk_format": "qcow2",
        "self": "/v2/images/%s" % image.id, "file": "/v2/images/%s/file" % image.id, "schema": "/v2/schemas/image",
    }
    return {**image.metadata, **shown}


def _matches(call, image):
    for name in ("name", "status", "visibility", "owner"):
        value = call.argument(name)
        if value is None or name == "visibility" and value == "all":
            continue
        wanted = value.removeprefix("in:").split(",") if value.startswith("in:") else [value]
        if _shown(call, image)[name] not in [entry.strip('"') for entry in wanted]:
            return False
    return True


@route("GET", "/images")
def index(call):
    """The images that the project may see, by pages."""
    given = call.argument("limit")
    if given is not None and not re.match(r"^[0-9]+$", given):
        raise Fault(400, "limit param must be an integer")
    limit = min(1000, int(given)) if given is not None else _PAGE
    images = [image for image in sorted(settled(call.region.images, call.now), key=lambda image: -image.created)
              if image.visible_to(call.project_id) and _matches(call, image)]
    marker = call.argument("marker")
    if marker:
        ids = [image.id for image in images]
        if marker not in ids:
            raise Fault(400, "Invalid marker. Image %s could not be found." % marker)
        images = images[ids.index(marker) + 1:]
    page = images[:limit]
    body = {"images": [_shown(call, image) for image in page], "first": "/v2/images", "schema": "/v2/schemas/images"}
    if limit and len(page) == limit:
        body["next"] = "/v2/images?marker=%s&limit=%d" % (page[-1].id, limit)
    return answer(body)


def _find(call):
    image = call.region.images.get(call.params["image_id"])
    if image is None or image.settle(call.now).gone or not image.visible_to(call.project_id):
        raise Fault(404, "No image found with ID %s" % call.params["image_id"])
    return image


def _own(call):
    image = _find(call)
    if image.project_id != call.project_id and not call.user.is_admin:
        raise Fault(403, "You are not authorized to complete this action.")
    return image


@route("GET", "/images/{image_id}")
def show(call):
    """One image."""
    return answer(_shown(call, _find(call)))


@route("DELETE", "/images/{image_id}")
def delete(call):
    """Delete an image of the project."""
    _own(call).change(call.now, status="DELETED", gone=True, deleted_at=call.now)
    return empty(204)


@route("PATCH", "/images/{image_id}")
def change(call):
    """Change name and properties, by JSON patches of the kind that Glance takes."""
    if not call.request.headers.get("content-type", "").startswith("application/openstack-images-v2.1-json-patch"):
        raise Fault(415, "Unsupported Media Type")
    image = _own(call)
    try:
        patches = json.loads(call.request.body)
    except ValueError:
        raise Fault(400, "Malformed JSON in request body.") from None
    metadata, values = dict(image.metadata), {}
    for patch in patches:
        name = patch["path"].lstrip("/")
        if name == "name":
            values["name"] = patch["value"]
        elif patch["op"] == "remove":
            metadata.pop(name, None)
        else:
            metadata[name] = patch["value"]
    image.change(call.now, metadata=metadata, **values)
    return answer(_shown(call, image))


@route("GET", "/schemas/image")
def image_schema(call):
    """What an image looks like, in short."""
    del call
    return answer({"name": "image", "additionalProperties": {"type": "string"}, "properties": {"id": {"type": "string"}, "name": {"type": "string"}}})
