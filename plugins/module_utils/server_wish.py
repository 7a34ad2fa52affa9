# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What the options of a server mean: names become ids, and the create request is written.

Only looks; server_plan decides what is done about it.
"""

from __future__ import annotations

import base64
import binascii

from . import errors, limits, lookup, metadata, networks, servers
from .creation import MARKER
from .plan import known
from .server_plan import POLICIES, identifier

BOOT_VOLUME = dict(
    volume=dict(type="str"),
    snapshot=dict(type="str"),
    size=dict(type="int"),
    delete_on_termination=dict(type="bool", default=False),
)
BLOCK_DEVICE = dict(
    source_type=dict(type="str", choices=["image", "volume", "snapshot", "blank"], required=True),
    destination_type=dict(type="str", choices=["local", "volume"]),
    uuid=dict(type="str"),
    boot_index=dict(type="int"),
    volume_size=dict(type="int"),
    device_name=dict(type="str"),
    delete_on_termination=dict(type="bool"),
)
FILE = dict(
    path=dict(type="str", required=True),
    content=dict(type="str", no_log=True),
    content_base64=dict(type="str", no_log=True),
    src=dict(type="path"),
)
# What a server can be wished to be; the options of the module `server` that describe the server itself.
SPEC = dict(
    flavor=dict(type="str"),
    image=dict(type="str"),
    networks=dict(type="list", elements="raw"),
    key_name=dict(type="str", aliases=["keypair"], no_log=False),
    metadata=dict(type="dict", aliases=["meta"]),
    purge_metadata=dict(type="bool", default=False),
    user_data=dict(type="str", aliases=["userdata"], no_log=True),
    config_drive=dict(type="bool"),
    disk_config=dict(type="str", choices=["auto", "manual"]),
    files=dict(type="list", elements="dict", options=FILE,
               mutually_exclusive=[("content", "content_base64", "src")], required_one_of=[("content", "content_base64", "src")]),
    admin_password=dict(type="str", no_log=True),
    boot_volume=dict(type="dict", options=BOOT_VOLUME, mutually_exclusive=[("volume", "snapshot")]),
    block_devices=dict(type="list", elements="dict", options=BLOCK_DEVICE),
    security_groups=dict(type="list", elements="str"),
    availability_zone=dict(type="str"),
    scheduler_hints=dict(type="dict"),
    access_ipv4=dict(type="str"),
    access_ipv6=dict(type="str"),
    ready_when=dict(type="list", elements="str", choices=["rackconnect", "managed_cloud"]),
)
HIDDEN = ("user_data", "files", "admin_password", "scheduler_hints", "boot_volume", "block_devices")
LONGEST_USER_DATA = 65535  # bytes, encoded


def desired(cloud, options, now):
    """The wish for server_plan. options: SPEC with name, id, state and the policies; now: the record, or None."""
    want = known(state=options["state"], name=options["name"], **{name: options[name] for name in POLICIES})
    if options["state"] == "absent":
        return want
    if now and options["name"] not in (None, now["name"]):
        check_new_name(cloud.compute, options["name"], now)
    want.update(known(
        purge_metadata=options["purge_metadata"], metadata=metadata.strings(options["metadata"]),
        flavor=chosen(cloud.compute, lookup.flavor, options["flavor"], (now or {}).get("flavor")),
        image=chosen(cloud.compute, lookup.image, options["image"], (now or {}).get("image")),
        access_ipv4=options["access_ipv4"], access_ipv6=options["access_ipv6"], key_name=options["key_name"],
        availability_zone=options["availability_zone"], config_drive=options["config_drive"],
        security_groups=options["security_groups"], disk_config=options["disk_config"] and options["disk_config"].upper(),
        ready_when=servers.ready(*options["ready_when"]) if options["ready_when"] else None))
    wishes = networks.wishes(options["networks"])
    if wishes is not None:
        want["networks"] = [networks.label(wish) for wish in wishes]
    want["hidden"] = [name for name in HIDDEN if options[name] is not None]
    check_metadata_count(cloud.compute, want, now)
    if now is None or (now["status"] == "ERROR" and options["on_error"] == "recreate"):
        want["name"] = options["name"] or now["name"]
        want["body"] = request(cloud, options, want, wishes)
    return want


def chosen(api, find, wanted, present):
    """{id, name} of a wanted flavor or image, None when none is; nothing is asked when the one that is there fits."""
    if wanted is None:
        return None
    if present and identifier(present) == wanted:
        return {"id": wanted, "name": wanted}
    found = find(api, wanted)
    return {"id": found["id"], "name": found["name"]}


def check_new_name(api, name, now):
    """Renaming onto a name that another server has would make two of one name."""
    others = [server["id"] for server in servers.named(api, name) if server["id"] != now["id"]]
    if others:
        raise errors.Ambiguous("id is %s and name is %r, but another server has that name already: %s. Give the id of the server that is "
                               "meant, or another name." % (now["id"], name, ", ".join(others)), ids=others)


def check_metadata_count(api, want, now):
    """Too many items are refused here, in words; the cloud's own limit is asked for only when it may be reached."""
    if "metadata" not in want:
        return
    present = (now or {}).get("metadata") or {}
    setting, removing = metadata.changes(present, want["metadata"], want["purge_metadata"])
    count = len(metadata.after(present, setting, removing))
    if count < metadata.LOWEST_LIMIT or not setting:
        return
    allowed = limits.get(api)["absolute"].get("max_server_meta", metadata.LOWEST_LIMIT)
    want["no_room"] = 0 <= allowed <= count  # for the marker of a create
    if 0 <= allowed < count:
        raise errors.BadInput("metadata: this cloud allows %d items, and the server would have %d (%d of them are there already). "
                              "Leave some out, or remove others with purge_metadata: true." % (allowed, count, len(present)))


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
    devices += [known(**device) for device in options["block_devices"] or ()]
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
