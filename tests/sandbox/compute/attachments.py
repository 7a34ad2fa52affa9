# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Volumes at servers: attach, list, show, detach. The work is done later, and the volume's status tells how far it is."""

import re

from .. import schema
from ..exchange import Fault, answer, empty
from ..volume_records import Attachment
from .routes import check_lock, check_state, find_server, route

_STATES = ("active", "paused", "stopped", "resized", "suspended", "shelved", "shelved_offloaded", "soft-delete")
_DEVICE = r"(^/dev/x{0,1}[a-z]{0,1}d{0,1})([a-z]+)[0-9]*$"
_FIELDS = {"volumeId": schema.text(), "device": schema.null_or(schema.text())}


def _shown(call, attachment):
    shown = {"id": attachment.volume_id, "volumeId": attachment.volume_id, "serverId": attachment.server_id, "device": attachment.device}
    if call.at_least(70):
        shown["tag"] = None
    if call.at_least(79):
        shown["delete_on_termination"] = attachment.delete_on_termination
    if call.at_least(89):
        del shown["id"]
        shown.update(attachment_id=attachment.id, bdm_uuid=attachment.id)
    return shown


@route("GET", "/servers/{server_id}/os-volume_attachments")
def index(call):
    """What is attached."""
    return answer({"volumeAttachments": [_shown(call, attachment) for attachment in find_server(call).volumes]})


def _find(call, server):
    volume_id = call.params["volume_id"]
    for attachment in server.volumes:
        if attachment.volume_id == volume_id:
            return attachment
    raise Fault(404, "volume_id not found: %s" % volume_id if call.rackspace else
                "Instance %s is not attached to volume %s" % (server.id, volume_id))


@route("GET", "/servers/{server_id}/os-volume_attachments/{volume_id}")
def show(call):
    """One attachment."""
    return answer({"volumeAttachment": _shown(call, _find(call, find_server(call)))})


@route("POST", "/servers/{server_id}/os-volume_attachments")
def attach(call):
    """Begin to attach a volume."""
    fields = dict(_FIELDS)
    if call.at_least(49):
        fields["tag"] = schema.text()
    if call.at_least(79):
        fields["delete_on_termination"] = schema.boolean
    given = schema.validated(call, call.body("volumeAttachment"), schema.record(required=("volumeId",), **fields), "volumeAttachment")
    device = given.get("device")
    if device and not re.match(_DEVICE, device):
        raise Fault(400, "The supplied device path (%s) is invalid." % device if not call.strict else
                    "Invalid input for field/attribute device. Value: %s. %r does not match %r" % (device, device, _DEVICE))
    server = find_server(call)
    check_lock(server, call)
    check_state(server, "attach_volume", _STATES)
    volume = call.region.volumes.get(given["volumeId"])
    if volume is None or volume.settle(call.now).gone or volume.project_id != call.project_id:
        raise Fault(404, "Volume %s could not be found." % given["volumeId"])
    _check_free(call, server, volume)
    attachment = Attachment(volume.id, server.id, _device(call, server, device), call.now, given.get("delete_on_termination", False))
    volume.change(call.now, status="attaching", attachment=attachment)

    def finish(record, now):
        if server.deleted:
            record.change(now, status="available", attachment=None)
            return
        record.change(now, status="in-use")
        server.change_quietly(volumes=[*server.volumes, attachment])
    volume.later([(call.now + call.settings.scaled(call.settings.volume_time), finish)])
    volume.settle(call.now)
    if call.at_least(101):
        return empty(202, "application/json")
    return answer({"volumeAttachment": _shown(call, attachment)})


def _check_free(call, server, volume):
    if volume.attachment is not None and volume.attachment.server_id == server.id:
        raise Fault(400, "Invalid volume: volume %s is already attached to instances: %s" % (volume.id, server.id))
    if volume.status != "available":
        where = "volume %s is already attached to instances: %s" % (volume.id, volume.attachment.server_id) if volume.attachment else \
            "volume '%s' status must be 'available'. Currently in '%s'" % (volume.id, volume.status)
        raise Fault(400, "Invalid volume: " + where)


def _device(call, server, wanted):
    """The name the hypervisor gives it: the one wanted, if it is free."""
    taken = {attachment.device for attachment in server.volumes}
    if wanted and wanted not in taken:
        return wanted
    prefix = "/dev/xvd" if call.rackspace else "/dev/vd"
    return next(prefix + letter for letter in "bcdefghijklmnopqrstuvwxyz" if prefix + letter not in taken)


@route("DELETE", "/servers/{server_id}/os-volume_attachments/{volume_id}")
def detach(call):
    """Begin to detach a volume."""
    server = find_server(call)
    check_lock(server, call)
    attachment = _find(call, server)
    check_state(server, "detach_volume", _STATES)
    if not server.image_id and server.volumes[0] is attachment:
        raise Fault(403, "Cannot detach a root device volume")
    volume = call.region.volumes[attachment.volume_id].settle(call.now)
    if volume.status != "in-use":
        raise Fault(400, "Invalid volume: Invalid input received: Invalid volume: Unable to detach volume. Volume status must be 'in-use' and attach_status "
                         "must be 'attached' to detach.")
    volume.change(call.now, status="detaching")

    def finish(record, now):
        record.change(now, status="available", attachment=None)
        server.change_quietly(volumes=[other for other in server.volumes if other is not attachment])
    volume.later([(call.now + call.settings.scaled(call.settings.volume_time), finish)])
    volume.settle(call.now)
    return empty(202, "text/html; charset=UTF-8" if call.rackspace else "application/json")
