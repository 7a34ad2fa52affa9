# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What the options of a server mean: names become ids, and the wish for server_plan is written. Only looks."""

from __future__ import annotations

from . import limits, lookup, metadata, networks, servers
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


def desired(cloud, options, now):
    """The wish for server_plan. options: SPEC with name, id, state and the policies; now: the record, or None."""
    want = known(state=options["state"], name=options["name"], **{name: options[name] for name in POLICIES})
    if options["state"] == "absent":
        return want
    if now and options["name"] not in (None, now["name"]):
        lookup.check_new_name(servers.named(cloud.compute, options["name"]), "server", options["name"], now)
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
        from . import server_request  # most tasks create nothing
        want["body"] = server_request.request(cloud, options, want, wishes)
    return want


def chosen(api, find, wanted, present):
    """{id, name} of a wanted flavor or image, None when none is; nothing is asked when the one that is there fits."""
    if wanted is None:
        return None
    if present and identifier(present) == wanted:
        return {"id": wanted, "name": wanted}
    found = find(api, wanted)
    return {"id": found["id"], "name": found["name"]}


def check_metadata_count(api, want, now):
    """Too many items are refused here, in words."""
    if "metadata" in want:
        present = (now or {}).get("metadata") or {}
        setting, removing = metadata.changes(present, want["metadata"], want["purge_metadata"])
        # Without room for one more, a create goes without its marker.
        want["no_room"] = limits.metadata_room(api, "max_server_meta", present, setting, removing) == 0
