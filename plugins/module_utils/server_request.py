# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The create request of a server: its fields, its files, its block devices."""

from __future__ import annotations

import base64
import binascii

from . import errors, limits, networks
from .creation import MARKER
from .plan import known

LONGEST_USER_DATA = 65535  # bytes, encoded


def request(cloud, options, want, wishes):
    """The body of the create request. Raises BadInput for what is missing or cannot work."""
    if "flavor" not in want:
        raise errors.BadInput("there is no server %r yet, and flavor is needed to create it." % want["name"])
    devices = block_devices(options, want)
    if "image" not in want and not devices:
        raise errors.BadInput("there is no server %r yet, and image, boot_volume or block_devices is needed to create it." % want["name"])
    config_drive = options["config_drive"]
    if cloud.access.is_rackspace:
        if options["security_groups"]:
            raise errors.BadInput("security_groups: Rackspace Cloud Servers has none and would ignore them. Leave the option out.")
        if options["user_data"] is not None:
            if config_drive is False:
                raise errors.BadInput("user_data: Rackspace hands it to a server on its configuration drive only. Leave config_drive out, "
                                      "or set it to true.")
            config_drive = True
    body = {"server": known(**{
        "name": want["name"],
        "flavorRef": want["flavor"]["id"],
        "imageRef": "" if options["boot_volume"] or "image" not in want else want["image"]["id"],
        "networks": networks.requested(cloud, wishes) if wishes else None,
        "metadata": want.get("metadata"),
        "personality": personality(cloud.compute, options["files"]),
        "user_data": encoded_user_data(options["user_data"]),
        "config_drive": config_drive,
        "key_name": options["key_name"],
        "adminPass": options["admin_password"],
        "OS-DCF:diskConfig": want.get("disk_config"),
        "availability_zone": options["availability_zone"],
        "security_groups": [{"name": name} for name in options["security_groups"]] if options["security_groups"] else None,
        "accessIPv4": options["access_ipv4"] or None,
        "accessIPv6": options["access_ipv6"] or None,
        "block_device_mapping_v2": devices,
    })}
    if options["scheduler_hints"]:
        body["OS-SCH-HNT:scheduler_hints"] = options["scheduler_hints"]
    if not want.get("no_room"):
        body["server"].setdefault("metadata", {})
        body["server"]["metadata"] = dict(body["server"]["metadata"], **{MARKER: None})  # filled in when it is sent
    return body


def block_devices(options, want):
    """block_device_mapping_v2 for boot_volume and block_devices, None for neither."""
    devices = []
    boot = options["boot_volume"]
    if boot:
        source = next((kind for kind in ("volume", "snapshot") if boot[kind]), "image")
        if source == "image" and ("image" not in want or boot["size"] is None):
            raise errors.BadInput("boot_volume needs volume or snapshot, or else size, with the image to fill it from in image.")
        devices.append(known(
            boot_index=0, source_type=source, destination_type="volume", volume_size=boot["size"],
            uuid=want["image"]["id"] if source == "image" else boot[source], delete_on_termination=boot["delete_on_termination"]))
    given = [known(**device) for device in options["block_devices"] or ()]
    if given and not boot and "image" in want and not any(device.get("boot_index") == 0 for device in given):
        # The API wants the root device among them, as every client of it sends it.
        devices.append({"boot_index": 0, "source_type": "image", "destination_type": "local", "uuid": want["image"]["id"],
                        "delete_on_termination": True})
    devices += given
    return devices or None


def personality(api, files):
    """The files of a create request. Raises BadInput when the cloud's limits are passed."""
    if files is None:
        return None
    contents = [(file["path"], content_of(file)) for file in files]
    allowed = limits.get(api)["absolute"] if contents else {}
    most, largest = allowed.get("max_personality", -1), allowed.get("max_personality_size", -1)
    if 0 <= most < len(contents):
        raise errors.BadInput("files: this cloud takes %d, and %d are given. Put the rest into user_data, or copy them once the server "
                              "is up." % (most, len(contents)))
    for path, content in contents:
        if 0 <= largest < len(content):
            raise errors.BadInput("files: %s has %d bytes, and this cloud takes %d. Put it into user_data, or copy it once the server is up."
                                  % (path, len(content), largest))
        if len(path.encode("utf-8")) > 255:
            raise errors.BadInput("files: the path %s... has more than 255 bytes." % path[:60])
    return [{"path": path, "contents": base64.b64encode(content).decode("ascii")} for path, content in contents]


def content_of(file):
    """The bytes of a file option: given, encoded, or read where the task runs."""
    if file["content"] is not None:
        return file["content"].encode("utf-8")
    if file["content_base64"] is not None:
        try:
            return base64.b64decode("".join(file["content_base64"].split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise errors.BadInput("files: content_base64 of %s is not base64 (%s)." % (file["path"], error)) from None
    try:
        with open(file["src"], "rb") as handle:
            return handle.read()
    except OSError as error:
        raise errors.BadInput("files: src of %s cannot be read: %s: %s." % (file["path"], file["src"], error.strerror)) from error


def encoded_user_data(text):
    if text is None:
        return None
    encoded = base64.b64encode(text.encode("utf-8")).decode("ascii")
    if len(encoded) > LONGEST_USER_DATA:
        raise errors.BadInput("user_data has %d bytes when encoded, and %d are allowed. Have it fetch the rest." % (len(encoded), LONGEST_USER_DATA))
    return encoded
