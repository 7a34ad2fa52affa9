# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Rackspace's scheduled images: how often a server is to be imaged, and how many images are kept."""

from .. import schema
from ..exchange import Fault, answer, empty
from .routes import find_server, route

_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_SCHEDULE = schema.record(required=("retention",), retention=schema.whole(least=1, most=65_535), day_of_week=schema.text(choices=_DAYS))


@route("GET", "/servers/{server_id}/rax-si-image-schedule", dress="rackspace")
def show(call):
    """The schedule of a server."""
    server = find_server(call)
    if not server.image_schedule:
        raise Fault(404, "Image schedule does not exist for server %s" % server.id)
    return answer({"image_schedule": server.image_schedule})


@route("POST", "/servers/{server_id}/rax-si-image-schedule", dress="rackspace")
def enable(call):
    """Set the schedule: daily, or on one day of the week."""
    given = schema.validated(call, call.body("image_schedule"), _SCHEDULE, "image_schedule")
    server = find_server(call)
    server.change(call.now, image_schedule=given)
    return answer({"image_schedule": given})


@route("DELETE", "/servers/{server_id}/rax-si-image-schedule", dress="rackspace")
def disable(call):
    """Take the schedule away."""
    server = find_server(call)
    if not server.image_schedule:
        raise Fault(404, "Image schedule does not exist for server %s" % server.id)
    server.change(call.now, image_schedule=None)
    return empty(202, "text/html;charset=UTF-8")
