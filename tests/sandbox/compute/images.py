# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Images as compute shows them: list, show, delete. Newer microversions send their users to the image service instead."""

import re

from ..clock import parse_iso
from ..exchange import Fault, answer, empty
from ..paging import next_links, one_page
from ..timeline import settled
from .routes import route

_UUID = r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$"


def refuse_newer(call, minor=36):
    """Fault 404 where a proxy to another service is no more."""
    if call.at_least(minor):
        raise Fault(404, "The resource could not be found.")


def _filters(call):
    tests, argument = [], call.argument
    if argument("name") is not None:
        tests.append(lambda image: image.name == argument("name"))
    if argument("status") is not None:
        tests.append(lambda image: image.status == argument("status").upper())
    if argument("server") is not None:
        server_id = argument("server").rstrip("/").rpartition("/")[2]
        tests.append(lambda image: image.server_id == server_id)
    if argument("type") is not None:
        snapshot = argument("type").lower() == "snapshot"
        tests.append(lambda image: (image.server_id is not None) == snapshot)
    if argument("changes-since") is not None:
        try:
            since = parse_iso(argument("changes-since"))
        except ValueError:
            raise Fault(400, "Invalid changes-since value") from None
        tests.append(lambda image: int(image.updated) >= since)
    return tests


def _list(call, path, show):
    refuse_newer(call)
    tests = _filters(call)
    everyone = sorted(settled(call.region.images, call.now), key=lambda image: -image.created)
    # A newer Nova hands on all that the image service has, unless a page is asked for.
    most = None if call.rackspace or call.argument("limit") else len(everyone) + 1
    try:
        page, more = one_page(call, [image for image in everyone if image.visible_to(call.project_id) and all(test(image) for test in tests)], most)
    except Fault as fault:
        if call.rackspace or not fault.message.startswith("marker ["):
            raise
        # It hands on what the image service says.
        raise Fault(400, "HTTP 400 Bad Request: No image found with ID %s" % call.argument("marker")) from None
    body = {"images": [show(image) for image in page]}
    if more:
        body["images_links"] = next_links(call, path, page[-1].id)
    return answer(body)


@route("GET", "/images")
def index(call):
    """Ids and names."""
    return _list(call, "/images", lambda image: image.brief(call))


@route("GET", "/images/detail")
def detail(call):
    """Full records."""
    return _list(call, "/images/detail", lambda image: image.show(call))


def find_image(call):
    """The image that the path names. Fault 404 when there is none, or none this project may see."""
    refuse_newer(call, 39 if call.request.path.endswith("metadata") else 36)
    image = call.region.images.get(call.params["image_id"])
    if image is None or image.settle(call.now).gone or not image.visible_to(call.project_id):
        raise Fault(404, "Image not found.")
    return image


@route("GET", "/images/{image_id}")
def show_one(call):
    """One record."""
    return answer({"image": find_image(call).show(call)})


@route("DELETE", "/images/{image_id}")
def delete(call):
    """Delete a snapshot; the provider's own images stay."""
    image = find_image(call)
    if image.project_id != call.project_id:
        raise Fault(403, "You are not allowed to delete the image.")
    image.change(call.now, status="DELETED", gone=True, deleted_at=call.now)
    return empty(204, "text/html; charset=UTF-8" if call.rackspace else "application/json")


def find_image_reference(call, reference, disks=()):
    """The image that a request names by id, or by URL where that was allowed; None for `""` beside a disk to boot from. Fault 400."""
    boots = bool(disks and disks[0]["boots"])
    if reference in (None, ""):
        if not boots and reference is None:
            raise Fault(400, "Invalid imageRef provided." if call.rackspace else "Missing imageRef attribute")
        if not boots:
            raise Fault(400, "Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid.")
        return None
    if not isinstance(reference, str):
        raise Fault(400, "Invalid imageRef provided.")
    if boots:
        raise Fault(400, "Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid.")
    image_id = reference.rstrip("/").rpartition("/")[2] if call.rackspace else reference
    if not re.match(_UUID, image_id):
        raise Fault(400, "Invalid imageRef provided." if call.rackspace else
                    "Invalid input for field/attribute imageRef. Value: %s. %r is not valid under any of the given schemas" % (reference, reference))
    image = call.region.images.get(image_id)
    if image is None or image.settle(call.now).gone or not image.visible_to(call.project_id):
        raise Fault(400, "Can not find requested image")
    return image
