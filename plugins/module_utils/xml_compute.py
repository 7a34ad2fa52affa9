# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The XML of the compute API, version 1.1 of its namespace, as tables: Rackspace's until 2015, Nova's up to Juno.

From the published samples and grammars, and from what Nova's serializers wrote. Where those disagree, what the service wrote counts
(``tenantId``); the other spelling is read as well.
"""

from __future__ import annotations

from .xml_dialect import FAULT, LINKS, Dialect
from .xml_shapes import (
    Attribute,
    Captioned,
    Fields,
    Items,
    Keyed,
    Pair,
    Part,
    Record,
    Text,
    asked,
    decimal,
    mapping,
    nullable,
    packed,
    trimmed,
    truth,
    whole,
)

OPENSTACK = "http://docs.openstack.org/compute/ext/"
NAMESPACE = "http://docs.openstack.org/compute/api/v1.1"
COMMON = "http://docs.openstack.org/common/api/v1.0"
RESCUE = OPENSTACK + "rescue/api/v1.1"
SCHEDULED_IMAGES = "http://docs.openstack.org/servers/api/ext/scheduled_images/v1.0"
EXTENDED_STATUS = OPENSTACK + "extended_status/api/v1.1"

PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "OS-DCF": OPENSTACK + "disk_config/api/v1.1",
    "OS-EXT-SRV-ATTR": EXTENDED_STATUS,  # Nova gave two extensions one namespace
    "OS-EXT-STS": EXTENDED_STATUS,
    "OS-EXT-AZ": OPENSTACK + "extended_availability_zone/api/v2",
    "OS-EXT-IMG-SIZE": OPENSTACK + "image_size/api/v1.1",
    "OS-EXT-IPS": OPENSTACK + "extended_ips/api/v1.1",
    "OS-EXT-IPS-MAC": OPENSTACK + "extended_ips_mac/api/v1.1",
    "OS-EXT-VIF-NET": OPENSTACK + "extended-virtual-interfaces-net/api/v1.1",
    "OS-FLV-DISABLED": OPENSTACK + "flavor_disabled/api/v1.1",
    "OS-FLV-EXT-DATA": OPENSTACK + "flavor_extra_data/api/v1.1",
    "OS-FLV-WITH-EXT-SPECS": OPENSTACK + "flavor_with_extra_specs/api/v2.0",
    "OS-SCH-HNT": OPENSTACK + "scheduler-hints/api/v2",
    "OS-SRV-USG": OPENSTACK + "server_usage/api/v1.1",
    "os-extended-volumes": OPENSTACK + "extended_volumes/api/v1.1",
    "os-flavor-access": OPENSTACK + "flavor_access/api/v2",
    "os-used-limits": OPENSTACK + "used_limits/api/v1.1",
    "RAX-SERVER": "http://docs.rackspace.com/servers/api/ext/server_bandwidth/",
    "RAX-SI": SCHEDULED_IMAGES,
}
ALIASES = {OPENSTACK + "flavor_access/api/v1.1": "os-flavor-access"}
PLAIN = (COMMON, RESCUE, "http://docs.rackspacecloud.com/servers/api/v1.1")
# Of the two extensions in one namespace, the attributes of the one that administrators see.
FOR_ADMINISTRATORS = ("host", "hypervisor_hostname", "instance_name")

METADATA = Keyed("meta", "key", Text())
ADDRESSES = Items("ip", Record({"version": whole}))
NETWORKS = Keyed("network", "id", ADDRESSES)
REFERENCE = Record(parts=LINKS, void=str)  # an empty <image/> is "", as for a server that boots from a volume
SCHEDULE = Fields({"retention": whole}, local=True)
TEXTS = Fields()
MAPPINGS = Items("mapping", Record({"boot_index": whole, "volume_size": whole, "delete_on_termination": truth, "no_device": truth}))
HINTS = "OS-SCH-HNT:scheduler_hints"

SERVER = Record(
    kinds={
        "progress": whole, "min_count": whole, "max_count": whole, "OS-EXT-STS:power_state": whole, "return_reservation_id": truth,
        "config_drive": asked, **dict.fromkeys((
            "key_name", "OS-EXT-STS:task_state", "OS-EXT-STS:vm_state", "OS-EXT-AZ:availability_zone", "OS-SRV-USG:launched_at",
            "OS-SRV-USG:terminated_at", *("OS-EXT-SRV-ATTR:" + name for name in FOR_ADMINISTRATORS)), nullable)},
    parts={
        "image": Part("image", REFERENCE), "flavor": Part("flavor", REFERENCE),
        "fault": Part("fault", FAULT), "metadata": Part("metadata", METADATA), "addresses": Part("addresses", NETWORKS),
        "personality": Part("personality", Items("file", Captioned("contents", packed))),
        "networks": Part("networks", Items("network", Record())),
        "security_groups": Part("security_groups", Items("security_group", Record())),
        "user_data": Part("user_data", Text(packed)),
        "block_device_mapping": Part("block_device_mapping", MAPPINGS),
        "block_device_mapping_v2": Part("block_device_mapping_v2", MAPPINGS),
        "os-extended-volumes:volumes_attached": Part("os-extended-volumes:volume_attached", Record({"delete_on_termination": truth}), many=True),
        "RAX-SI:image_schedule": Part("RAX-SI:image_schedule", SCHEDULE),
        "RAX-SERVER:bandwidth": Part("RAX-SERVER:bandwidth", Items("RAX-SERVER:interface", Record(
            dict.fromkeys(("bandwidth_inbound", "bandwidth_outbound"), whole)))),
        HINTS: Part(HINTS, TEXTS), **LINKS},
    renamed={"user_id": "userId", "tenant_id": "tenantId", **{
        "OS-EXT-SRV-ATTR:" + name: "OS-EXT-STS:" + name for name in FOR_ADMINISTRATORS}})

FLAVOR = Record(
    {"ram": whole, "disk": whole, "vcpus": whole, "swap": whole, "rxtx_factor": decimal, "OS-FLV-EXT-DATA:ephemeral": whole,
     "OS-FLV-DISABLED:disabled": truth, "os-flavor-access:is_public": truth},
    {"OS-FLV-WITH-EXT-SPECS:extra_specs": Part("OS-FLV-WITH-EXT-SPECS:extra_specs", TEXTS), **LINKS})
IMAGE = Record(
    {"progress": whole, "minDisk": whole, "minRam": whole, "OS-EXT-IMG-SIZE:size": whole},
    {"server": Part("server", REFERENCE), "metadata": Part("metadata", METADATA), **LINKS})
ATTACHMENT = Record({"device": nullable})
INTERFACE = Record(parts={"ip_addresses": Part("ip_address", Record(), many=True)})
LIMITS = Record(parts={
    "rate": Part("rates", Items("rate", Record(parts={"limit": Part("limit", Record({"value": whole, "remaining": whole}), many=True)}))),
    "absolute": Part("absolute", Keyed("limit", "name", Attribute("value", whole)))})
EXTENSION = Record(parts={"description": Part("description", Text(trimmed)), **LINKS})
VERSION = Record(parts={"media-types": Part("media-types", Items("media-type", Record())), **LINKS})
ACTION = Record({"length": whole}, {"metadata": SERVER.parts["metadata"], "personality": SERVER.parts["personality"]}, void=lambda: None)


class Network:
    """A network: attributes where it is asked for, elements where it is shown, then with its id."""

    @staticmethod
    def read(node):
        return TEXTS.read(node) if node.children else dict(node.attributes)

    @staticmethod
    def write(name, data):
        return (TEXTS if "id" in mapping(data, name) else Record()).write(name, data)


def addresses_of_a_network(node):
    """{label: addresses}, when that is what a <network> is; those of Rackspace's isolated networks have other children, or other attributes."""
    return {node.attributes["id"]: ADDRESSES.read(node)} if list(node.attributes) == ["id"] else None


def reservation(node):
    """What JSON answers without a root, to a create request of several servers."""
    return dict(node.attributes) if list(node.attributes) == ["reservation_id"] else None


ROOTS = {
    "server": SERVER, "servers": Items("server", SERVER),
    "flavor": FLAVOR, "flavors": Items("flavor", FLAVOR), "extra_specs": TEXTS,
    "image": IMAGE, "images": Items("image", IMAGE),
    "metadata": METADATA, "meta": Pair("key"),
    "addresses": NETWORKS,
    "volumeAttachment": ATTACHMENT, "volumeAttachments": Items("volumeAttachment", ATTACHMENT),
    "keypair": TEXTS, "keypairs": Items("keypair", TEXTS, wrap="keypair"),
    "network": Network(), "networks": Items("network", Network()),
    "virtual_interface": INTERFACE, "virtual_interfaces": Items("virtual_interface", INTERFACE),
    "image_schedule": SCHEDULE,
    "limits": LIMITS,
    "extension": EXTENSION, "extensions": Items("extension", EXTENSION),
    "version": VERSION, "versions": Items("version", VERSION), "choices": Items("version", VERSION),
    "console": TEXTS, "adminPass": Text(), "output": Text(),
    **dict.fromkeys((
        "reboot", "rebuild", "resize", "confirmResize", "revertResize", "changePassword", "createImage", "rescue", "unrescue", "os-start", "os-stop",
        "pause", "unpause", "suspend", "resume", "lock", "unlock", "shelve", "unshelve", "shelveOffload", "resetNetwork", "os-getConsoleOutput",
        "os-getVNCConsole"), ACTION),
    **dict.fromkeys((
        "badRequest", "unauthorized", "forbidden", "resizeNotAllowed", "itemNotFound", "badMethod", "conflictingRequest", "buildInProgress",
        "backupOrResizeInProgress", "inProgress", "overLimit", "overLimitFault", "badMediaType", "unprocessableEntity", "computeFault",
        "cloudServersFault", "notImplemented", "serviceUnavailable", "serverCapacityUnavailable"), FAULT),
}

COMPUTE = Dialect(
    NAMESPACE, PREFIXES, ROOTS, plain=PLAIN, aliases=ALIASES, beside=(HINTS,),
    spaces={"rescue": RESCUE, "image_schedule": SCHEDULED_IMAGES, "limits": COMMON, "version": COMMON, "versions": COMMON, "choices": COMMON},
    documents={"network": addresses_of_a_network, "server": reservation})
