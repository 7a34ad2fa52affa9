# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Records: every field that a cloud is known to send gets a key of its own, and nothing is lost, shown or taken that should not be."""

from __future__ import annotations

import collections
import json

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils.records import name_of, record

# The fields of each resource, by all extensions that Rackspace and Nova up to its newest microversion are known to send.
FIELDS = {
    "server": """id name status progress created updated hostId tenant_id user_id accessIPv4 accessIPv6 addresses flavor image metadata key_name
        config_drive links fault adminPass OS-DCF:diskConfig OS-EXT-STS:task_state OS-EXT-STS:vm_state OS-EXT-STS:power_state
        OS-EXT-AZ:availability_zone OS-SRV-USG:launched_at OS-SRV-USG:terminated_at os-extended-volumes:volumes_attached security_groups
        RAX-PUBLIC-IP-ZONE-ID:publicIPZoneId RAX-SI:image_schedule RAX-SERVER:bandwidth OS-EXT-SRV-ATTR:host OS-EXT-SRV-ATTR:hypervisor_hostname
        OS-EXT-SRV-ATTR:instance_name OS-EXT-SRV-ATTR:hostname OS-EXT-SRV-ATTR:kernel_id OS-EXT-SRV-ATTR:launch_index OS-EXT-SRV-ATTR:ramdisk_id
        OS-EXT-SRV-ATTR:reservation_id OS-EXT-SRV-ATTR:root_device_name OS-EXT-SRV-ATTR:user_data host_status locked locked_reason description tags
        trusted_image_certificates server_groups pinned_availability_zone scheduler_hints""",
    "flavor": """id name ram disk vcpus swap rxtx_factor links OS-FLV-EXT-DATA:ephemeral OS-FLV-WITH-EXT-SPECS:extra_specs
        OS-FLV-DISABLED:disabled os-flavor-access:is_public description original_name""",
    "image": """id name status progress created updated minDisk minRam metadata links server OS-DCF:diskConfig OS-EXT-IMG-SIZE:size""",
    "address": "addr version OS-EXT-IPS:type OS-EXT-IPS-MAC:mac_addr",
    "limits": """maxTotalInstances maxTotalCores maxTotalRAMSize maxTotalKeypairs maxTotalFloatingIps maxTotalPrivateNetworks maxServerMeta
        maxImageMeta maxPersonality maxPersonalitySize maxSecurityGroups maxSecurityGroupRules maxServerGroups maxServerGroupMembers
        totalInstancesUsed totalCoresUsed totalRAMUsed totalFloatingIpsUsed totalSecurityGroupsUsed totalServerGroupsUsed totalPrivateNetworksUsed""",
    "rate": "verb value remaining unit next-available",
    "keypair": "name public_key private_key fingerprint type user_id id created_at updated_at deleted deleted_at",
    "attachment": "id volumeId serverId device tag delete_on_termination attachment_id bdm_uuid",
    "network": "id label cidr",
    "bandwidth": "interface audit_period_start audit_period_end bandwidth_inbound bandwidth_outbound",
    "volume": """id name display_name display_description description status size volume_type snapshot_id source_volid availability_zone
        attachments metadata bootable encrypted created_at updated_at os-vol-tenant-attr:tenant_id os-vol-host-attr:host
        os-vol-mig-status-attr:migstat os-vol-mig-status-attr:name_id os-volume-replication:extended_status replication_status consistencygroup_id
        multiattach user_id links volume_image_metadata group_id provider_id shared_targets cluster_name service_uuid""",
    "user": """id username name email enabled created updated RAX-AUTH:defaultRegion RAX-AUTH:domainId RAX-AUTH:multiFactorEnabled
        RAX-AUTH:multiFactorState RAX-AUTH:userMultiFactorEnforcementLevel RAX-AUTH:contactId RAX-AUTH:phonePinState
        RAX-AUTH:passwordExpiration RAX-AUTH:federated OS-KSADM:password""",
    "keystone user": "id name enabled domain_id default_project_id password_expires_at description email options links",
}
GIVEN = {
    "accessIPv4": "access_ipv4", "accessIPv6": "access_ipv6", "hostId": "host_id", "minRam": "min_ram", "OS-EXT-STS:task_state": "task_state",
    "OS-EXT-STS:power_state": "power_state", "OS-DCF:diskConfig": "disk_config", "os-extended-volumes:volumes_attached": "volumes_attached",
    "RAX-PUBLIC-IP-ZONE-ID:publicIPZoneId": "public_ip_zone_id", "maxTotalRAMSize": "max_total_ram_size", "totalRAMUsed": "total_ram_used",
    "next-available": "next_available", "OS-EXT-IPS-MAC:mac_addr": "mac_addr", "OS-EXT-IMG-SIZE:size": "size", "RAX-AUTH:domainId": "domain_id",
    "RAX-AUTH:defaultRegion": "default_region", "tenant_id": "tenant_id", "name": "name"}


@pytest.mark.parametrize("raw", GIVEN)
def test_the_names_that_were_promised(raw):
    assert name_of(raw) == GIVEN[raw]


@pytest.mark.parametrize("resource", FIELDS)
def test_no_two_fields_land_on_one_key(resource):
    names = collections.Counter(name_of(field) for field in FIELDS[resource].split())
    assert not [name for name, count in names.items() if count > 1]


@pytest.mark.parametrize("resource", FIELDS)
def test_no_key_is_a_method_of_a_dictionary_or_no_identifier(resource):
    names = {name_of(field) for field in FIELDS[resource].split()}
    assert not names & set(dir({}))
    assert all(name.isidentifier() and name == name.lower() for name in names)


def objects(value):
    """All objects in a document, those that users name left out."""
    if isinstance(value, list):
        for item in value:
            yield from objects(item)
    elif isinstance(value, dict):
        yield value
        for key, item in value.items():
            if name_of(key) not in ("metadata", "extra_specs"):
                yield from objects(item)


def test_nor_does_anything_that_the_sandbox_sends(sandbox):
    sandbox.cloud.handle(request("POST", "/sandbox/servers", {"name": "web1", "metadata": {"Role": "web", "role": "db"}}))
    api = sandbox.connect().compute
    for path in ("/servers/detail", "/flavors/detail", "/images/detail", "/limits"):
        for raw in objects(api.get(path)):
            names = collections.Counter(name_of(key) for key in raw)
            assert not [name for name, count in names.items() if count > 1], path


def request(method, path, body):
    from sandbox import Request
    return Request(method, path, {"Content-Type": "application/json"}, json.dumps(body).encode())


def test_what_users_name_stays_as_it_is():
    raw = {"metadata": {"My-Key": "a", "rax:b": "c", "links": "d", "password": "e"}, "OS-FLV-WITH-EXT-SPECS:extra_specs": {"hw:cpuPolicy": "x"},
           "addresses": {"My-Net": [{"addr": "192.0.2.1", "version": 4, "OS-EXT-IPS:type": "fixed"}], "links": []},
           "OS-SCH-HNT:scheduler_hints": {"public-zone-ip:near": "y"}}
    assert record(raw) == {
        "metadata": raw["metadata"], "extra_specs": {"hw:cpuPolicy": "x"}, "scheduler_hints": {"public-zone-ip:near": "y"},
        "addresses": {"My-Net": [{"addr": "192.0.2.1", "version": 4, "type": "fixed"}], "links": []}}


def test_the_raw_record_is_left_alone():
    raw = {"accessIPv4": "", "image": "", "links": [1], "flavor": {"id": "1", "links": [1]}}
    before = json.dumps(raw)
    record(raw)
    assert json.dumps(raw) == before


@pytest.mark.parametrize("field", ["links", "servers_links", "adminPass", "OS-KSADM:password", "private_key", "OS-EXT-SRV-ATTR:user_data"])
def test_links_and_secrets_are_not_handed_out(field):
    assert record({"id": "1", field: "sandbox", "server": {field: "sandbox"}}) == {"id": "1", "server": {}}


@pytest.mark.parametrize("raw, clean", [
    ({"image": ""}, {"image": None}), ({"image": {"id": "1", "links": []}}, {"image": {"id": "1"}}),
    ({"config_drive": ""}, {"config_drive": False}), ({"config_drive": "True"}, {"config_drive": True}), ({"config_drive": True}, {"config_drive": True}),
    ({"volumes_attached": [{"id": "1", "hostId": "2"}]}, {"volumes_attached": [{"id": "1", "host_id": "2"}]}),
    ({"key_name": None, "progress": 0}, {"key_name": None, "progress": 0}), ({}, {})])
def test_values(raw, clean):
    assert record(raw) == clean
