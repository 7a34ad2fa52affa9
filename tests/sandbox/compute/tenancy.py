# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What compute says of itself and of the project: limits, quotas, extensions, zones, the user's services."""

from .. import limits
from ..exchange import Fault, answer
from .routes import route

_UPDATED = "2014-12-03T00:00:00Z"
# alias, name
_RACKSPACE_EXTENSIONS = (
    ("OS-DCF", "DiskConfig"), ("OS-EXT-IMG-SIZE", "ImageSize"), ("OS-EXT-STS", "ExtendedStatus"), ("OS-FLV-EXT-DATA", "FlavorExtraData"),
    ("OS-FLV-WITH-EXT-SPECS", "FlavorWithExtraSpecs"), ("OS-SCH-HNT", "SchedulerHints"), ("os-admin-actions", "AdminActions"),
    ("os-block-device-mapping-v2-boot", "BlockDeviceMappingV2Boot"), ("os-config-drive", "ConfigDrive"), ("os-consoles", "Consoles"),
    ("os-flavor-extra-specs", "FlavorExtraSpecs"), ("os-flavor-rxtx", "FlavorRxtx"), ("os-flavor-swap", "FlavorSwap"),
    ("os-instance-actions", "InstanceActions"), ("os-keypairs", "Keypairs"), ("os-networksv2", "OSNetworksV2"), ("os-rescue", "Rescue"),
    ("os-server-start-stop", "ServerStartStop"), ("os-used-limits", "UsedLimits"), ("os-user-data", "UserData"),
    ("os-virtual-interfacesv2", "VirtualInterfaces"), ("os-volumes", "Volumes"), ("rax-si-image-schedule", "ScheduledImages"),
)
_OPENSTACK_EXTENSIONS = (
    ("OS-DCF", "DiskConfig"), ("OS-EXT-AZ", "ExtendedAvailabilityZone"), ("OS-EXT-IMG-SIZE", "ImageSize"), ("OS-EXT-IPS", "ExtendedIps"),
    ("OS-EXT-IPS-MAC", "ExtendedIpsMac"), ("OS-EXT-STS", "ExtendedStatus"), ("OS-SCH-HNT", "SchedulerHints"), ("OS-SRV-USG", "ServerUsage"),
    ("os-attach-interfaces", "AttachInterfaces"), ("os-availability-zone", "AvailabilityZone"), ("os-config-drive", "ConfigDrive"),
    ("os-console-output", "ConsoleOutput"), ("os-extended-volumes", "ExtendedVolumes"), ("os-keypairs", "Keypairs"), ("os-rescue", "Rescue"),
    ("os-security-groups", "SecurityGroups"), ("os-shelve", "Shelve"), ("os-suspend-server", "SuspendServer"), ("os-volumes", "Volumes"),
)


@route("GET", "/limits")
def show_limits(call):
    """Rates and absolute limits."""
    return answer(limits.document(call))


def _extensions(call):
    rows = _RACKSPACE_EXTENSIONS if call.rackspace else _OPENSTACK_EXTENSIONS
    return {alias: {"alias": alias, "name": name, "description": "%s support." % name, "links": [], "updated": _UPDATED,
                    "namespace": "http://docs.openstack.org/compute/ext/fake_xml"} for alias, name in rows}


@route("GET", "/extensions")
def extensions(call):
    """What the service offers beyond its core."""
    return answer({"extensions": list(_extensions(call).values())})


@route("GET", "/extensions/{alias}")
def extension(call):
    """One extension."""
    found = _extensions(call).get(call.params["alias"])
    if found is None:
        raise Fault(404, "The resource could not be found.")
    return answer({"extension": found})


@route("GET", "/os-quota-sets/{project_id}", "/os-quota-sets/{project_id}/defaults")
def quota_set(call):
    """The quotas of the project."""
    if call.params["project_id"] != call.project_id:
        raise Fault(403, "Policy doesn't allow os_compute_api:os-quota-sets:show to be performed.")
    names = [name for name in limits.QUOTAS[call.cloud.dress] if name not in ("volumes", "gigabytes", "image_metadata_items")]
    return answer({"quota_set": {"id": call.project_id, **{name: limits.quota(call, name) for name in names}}})


@route("GET", "/os-availability-zone", dress="openstack")
def zones(call):
    """The availability zones."""
    del call
    return answer({"availabilityZoneInfo": [{"zoneName": "nova", "zoneState": {"available": True}, "hosts": None}]})


@route("GET", "/os-services", "/os-hypervisors", "/os-hypervisors/detail", "/os-aggregates", dress="openstack")
def for_administrators(call):
    """Lists for administrators, all of them empty here."""
    kind = call.request.path.rstrip("/").removesuffix("/detail").rpartition("/")[2]
    call.need_admin("os_compute_api:%s" % kind)
    return answer({kind.removeprefix("os-"): []})


@route("GET", "/os-server-groups", dress="openstack")
def server_groups(call):
    """Server groups: none."""
    del call
    return answer({"server_groups": []})
