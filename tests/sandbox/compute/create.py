# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Creating servers: every field of the request is checked before anything is made."""

import base64
import binascii
import re
import secrets

from .. import limits, schema
from ..exchange import Fault, answer
from ..seeds import new_id
from ..servers import Server
from . import block_devices, instance_actions, network_choice
from .build import begin_build
from .flavors import find_flavor_reference
from .images import find_image_reference
from .metadata import checked_metadata
from .routes import route
from .servers import checked_address, checked_disk_config, checked_name

_FIELDS = {
    "name": schema.anything, "imageRef": schema.anything, "flavorRef": schema.either(schema.text(least=1), schema.whole()),
    "adminPass": schema.text(), "metadata": schema.anything, "networks": schema.anything, "OS_DCF__diskConfig": schema.anything,
    "accessIPv4": schema.anything, "accessIPv6": schema.anything, "availability_zone": schema.null_or(schema.text(most=255)),
    "block_device_mapping": schema.anything, "block_device_mapping_v2": schema.anything, "config_drive": schema.null_or(schema.boolean),
    "key_name": schema.null_or(schema.text(least=1, most=255)), "min_count": schema.whole(least=1), "max_count": schema.whole(least=1),
    "return_reservation_id": schema.boolean, "security_groups": schema.array(schema.record(name=schema.text(least=1, most=255))),
    "user_data": schema.null_or(schema.text()),
}
_FILES = {"personality": schema.array(schema.record(required=("path", "contents"), path=schema.text(), contents=schema.text()))}
_NEWER = {19: {"description": schema.null_or(schema.text(most=255))}, 52: {"tags": schema.array(schema.text(least=1, most=60), most=50)},
          74: {"host": schema.text(), "hypervisor_hostname": schema.text()}, 90: {"hostname": schema.text(least=1, most=255)}}
_HINTS = ("OS-SCH-HNT:scheduler_hints", "os:scheduler_hints")


def _checked(call):
    """The `server` of the body, its fields of the right types."""
    body = call.body()
    given = call.body("server")
    fields = dict(_FIELDS)
    if not call.at_least(57):
        fields.update(_FILES)
    for minor, more in _NEWER.items():
        if call.at_least(minor):
            fields.update(more)
    if not call.strict and "name" not in given:
        raise Fault(400, "Server name is not defined")
    if not call.strict and "flavorRef" not in given:
        raise Fault(400, "Missing flavorRef attribute")
    required = ("name", "flavorRef", "networks") if call.at_least(37) else ("name", "flavorRef")
    given = schema.validated(call, given, schema.record(required=required, **fields), "server")
    if call.strict:
        unknown = sorted(set(body) - {"server", *_HINTS})
        if unknown:
            raise Fault(400, "Additional properties are not allowed (%s %s unexpected)"
                        % (", ".join(repr(name) for name in unknown), "was" if len(unknown) == 1 else "were"))
    hints = next((body[name] for name in _HINTS if name in body), None)
    given["scheduler_hints"] = schema.validated(call, hints if hints is not None else {}, schema.mapping(schema.anything), "scheduler_hints")
    return given


def _counts(given):
    least = given.get("min_count", 1)
    most = given.get("max_count", least)
    if least > most:
        raise Fault(400, "min_count must be <= max_count")
    return most


def checked_files(call, files):
    """Files to inject. Fault 400 for bad base64, 403 for too many or too long ones."""
    if len(files) > limits.quota(call, "injected_files"):
        raise Fault(403, "Personality file limit exceeded")
    for item in files:
        # The text may be broken into lines; anything else outside the alphabet is refused.
        contents = re.sub(r"\s+", "", item["contents"])
        try:
            decoded = base64.b64decode(contents, validate=call.rackspace)  # a newer Nova passes over what is no base64, as Python does
        except (binascii.Error, ValueError):
            raise Fault(400, "Personality content for %s cannot be decoded" % item["path"] if call.rackspace else
                        "Invalid input for field/attribute contents. Value: %s. %r is not a 'base64'" % (item["contents"], item["contents"])) from None
        if not item["path"]:
            raise Fault(400, "Personality path is missing")
        if len(item["path"]) > limits.quota(call, "injected_file_path_bytes"):
            raise Fault(403, "Personality file path too long")
        if len(decoded) > limits.quota(call, "injected_file_content_bytes"):
            most = limits.quota(call, "injected_file_content_bytes")
            raise Fault(403, "Personality file content too long" if call.rackspace else "Personality file content exceeds maximum %d" % most)


def checked_user_data(call, given):
    """User data. Fault 400 when it is no base64 or too long; Rackspace hands it over on a config drive only."""
    value = given.get("user_data")
    if value is None:
        return
    try:
        base64.b64decode(re.sub(r"\s+", "", value), validate=call.rackspace)
    except (binascii.Error, ValueError):
        if call.strict:
            raise Fault(400, "Invalid input for field/attribute user_data. Value: %s. %r is not a 'base64'" % (value, value)) from None
        raise Fault(400, "Userdata content cannot be decoded") from None
    if len(value) > 65_535:
        raise Fault(400, "User data too large. User data must be no larger than 65535 bytes once base64 encoded. Your data is %d bytes" % len(value))


def _checked_security_groups(call, given):
    if call.rackspace:
        return []
    names = [group.get("name") for group in given.get("security_groups", [])] or ["default"]
    known = {group["name"]: group for group in call.region.security_groups.values() if group["project_id"] == call.project_id}
    result = []
    for name in names:
        match = known.get(name) or call.region.security_groups.get(name)
        if match is None and name != "default":
            raise Fault(400, "Unable to find security_group with name or id '%s'" % name)
        result.append(match["name"] if match else name)
    return result


def _checked_zone(call, given):
    zone = given.get("availability_zone")
    if zone and zone.partition(":")[0] != "nova":
        raise Fault(400, "The requested availability zone is not available")
    return zone or ("" if call.rackspace else "nova")


def _check_fit(call, flavor, image, boots_from_volume):
    """What goes with what: memory, disk, and the classes of flavors that Rackspace treats alike."""
    if image is not None:
        if image.status != "ACTIVE":
            raise Fault(400, "Image %s is not active." % image.id)
        if image.min_ram > flavor["ram"]:
            raise Fault(400, "Flavor's memory is too small for requested image.")
        if not boots_from_volume and flavor["disk"] and image.min_disk > flavor["disk"]:
            raise Fault(400, "Flavor's disk is too small for requested image. Flavor disk is %d bytes, image is %d bytes."
                        % (flavor["disk"] << 30, image.min_disk << 30))
    if not call.rackspace:
        return
    kind = flavor["extra_specs"].get("policy_class", "")
    if not flavor["disk"] and not boots_from_volume:
        raise Fault(403, "Policy doesn't allow %s:create:image_backed to be performed." % kind)
    if kind == "standard_flavor" and boots_from_volume:
        raise Fault(403, "Policy doesn't allow %s:create:volume_backed to be performed." % kind)


def _disk_config(call, given, image):
    automatic = image is not None and image.metadata.get("auto_disk_config", "").lower()
    if "OS-DCF:diskConfig" not in given:
        return "AUTO" if automatic == "true" else "MANUAL"
    wanted = checked_disk_config(call, given["OS-DCF:diskConfig"])
    if wanted == "AUTO" and automatic in ("false", "disabled"):
        raise Fault(400, "Requested disk configuration AUTO is not allowed: automatic disk configuration is disabled for image %s." % image.id)
    return wanted


@route("POST", "/servers", "/os-volumes_boot")
def create(call):
    """Begin to build one server or several."""
    given = _checked(call)
    count = _counts(given)
    name = checked_name(call, given["name"])
    flavor = find_flavor_reference(call, given["flavorRef"])
    disks = block_devices.checked(call, given)
    image = find_image_reference(call, given.get("imageRef"), disks)
    metadata = checked_metadata(call, given.get("metadata", {}), "metadata_items")
    checked_files(call, given.get("personality", []))
    checked_user_data(call, given)
    values = {
        "metadata": metadata, "disk_config": _disk_config(call, given, image or block_devices.boot_image(call, disks)),
        "access_ipv4": checked_address(call, given.get("accessIPv4", ""), 4), "access_ipv6": checked_address(call, given.get("accessIPv6", ""), 6),
        "config_drive": "True" if given.get("config_drive") else "", "scheduler_hints": given["scheduler_hints"],
        "security_groups": _checked_security_groups(call, given), "availability_zone": _checked_zone(call, given),
        "key_name": _known_key(call, given.get("key_name")), "reservation_id": "r-" + secrets.token_hex(4),
        # Up to 2.18 it could not be given, and was the name.
        "description": given.get("description") if call.at_least(19) else name, "tags": given.get("tags", []),
    }
    _check_fit(call, flavor, image or block_devices.boot_image(call, disks), bool(disks and disks[0]["boots"]))
    limits.check_room(call, count, flavor)
    nics = network_choice.checked(call, given)
    password = given.get("adminPass") or secrets.token_urlsafe(9)
    made = []
    for number in range(1, count + 1):
        server = Server(new_id(), name if count == 1 else "%s-%d" % (name, number), call.project_id, call.user.id, flavor, image.id if image else "", call.now)
        server.change(call.now, **{**values, "metadata": dict(metadata), "nics": network_choice.attached(call, nics, server)})
        server.secret = {"admin_pass": password, "user_data": given.get("user_data"), "personality": given.get("personality", [])}
        call.region.add_server(server)
        instance_actions.note(call, server, "create")
        begin_build(call, server, disks)
        made.append(server)
    if given.get("return_reservation_id"):
        return answer({"reservation_id": made[0].reservation_id}, 202)
    return _accepted(call, made[0], password)


def _accepted(call, server, password):
    shown = {"OS-DCF:diskConfig": server.disk_config, "id": server.id, "links": server.links(call), "adminPass": password}
    if not call.rackspace:
        shown["security_groups"] = [{"name": name} for name in server.security_groups]
    return answer({"server": shown}, 202, [("Location", "%s/servers/%s" % (call.self_base, server.id))])


def _known_key(call, name):
    if name and (call.user.id, name) not in call.region.keypairs:
        raise Fault(400, "Invalid key_name provided.")
    return name
