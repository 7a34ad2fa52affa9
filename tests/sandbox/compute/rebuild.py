# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Rebuilding a server: a new disk from an image, and whatever else the request changes."""

import secrets

from .. import schema
from ..exchange import Fault, answer
from .create import checked_files
from .images import find_image_reference
from .metadata import checked_metadata
from .servers import checked_address, checked_disk_config, checked_name
from .transitions import begin

_FIELDS = {"imageRef": schema.text(), "name": schema.anything, "adminPass": schema.text(), "metadata": schema.anything, "accessIPv4": schema.anything,
           "accessIPv6": schema.anything, "OS_DCF__diskConfig": schema.anything, "preserve_ephemeral": schema.boolean}
_FILES = {"personality": schema.array(schema.record(required=("path", "contents"), path=schema.text(), contents=schema.text()))}
_NEWER = {19: {"description": schema.null_or(schema.text(most=255))}, 54: {"key_name": schema.null_or(schema.text())},
          57: {"user_data": schema.null_or(schema.text())}, 63: {"trusted_image_certificates": schema.anything}, 90: {"hostname": schema.text()}}


def start(call, server, given):
    """Check the request and begin; the answer is the whole server with its password."""
    if not call.strict and (not isinstance(given, dict) or "imageRef" not in given):
        raise Fault(400, "Could not parse imageRef from request.")
    fields = dict(_FIELDS) if call.at_least(57) else {**_FIELDS, **_FILES}
    for minor, more in _NEWER.items():
        if call.at_least(minor):
            fields.update(more)
    given = schema.validated(call, given, schema.record(required=("imageRef",), **fields), "rebuild")
    if not server.image_id:
        raise Fault(400, "Unable to rebuild with a different image for a volume-backed server.")
    try:
        image = find_image_reference(call, given["imageRef"])
    except Fault as fault:
        if call.rackspace or fault.message != "Can not find requested image":
            raise
        raise Fault(400, "Cannot find image for rebuild") from None
    if image.min_ram > server.flavor["ram"]:
        raise Fault(400, "Flavor's memory is too small for requested image.")
    if server.flavor["disk"] and image.min_disk > server.flavor["disk"]:
        raise Fault(400, "Flavor's disk is too small for requested image.")
    checked_files(call, given.get("personality", []))
    values = _values(call, given)
    password = given.get("adminPass") or secrets.token_urlsafe(9)
    server.secret = {"admin_pass": password, "personality": given.get("personality", [])}
    stopped = server.vm_state == "stopped"
    server.change(call.now, image_id=image.id, progress=0, fault=None, forced_status=None, **values)
    begin(call, server, ["rebuilding", "rebuild_block_device_mapping", "rebuild_spawning"],
          {"vm_state": "stopped" if stopped else "active", "power_state": 4 if stopped else 1, "progress": 100})
    return answer({"server": {**server.show_changed(call), "adminPass": password}}, 202,
                  [("Location", "%s/servers/%s" % (call.self_base, server.id))])


def _values(call, given):
    values = {}
    if "name" in given:
        values["name"] = checked_name(call, given["name"])
    if "metadata" in given:
        values["metadata"] = checked_metadata(call, given["metadata"], "metadata_items")
    for version, attribute in ((4, "access_ipv4"), (6, "access_ipv6")):
        if "accessIPv%d" % version in given:
            values[attribute] = checked_address(call, given["accessIPv%d" % version], version)
    if "OS-DCF:diskConfig" in given:
        values["disk_config"] = checked_disk_config(call, given["OS-DCF:diskConfig"])
    for name in ("description", "key_name"):
        if name in given:
            values[name] = given[name]
    return values
