# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The records of Neutron that belong to servers: ports, subnets, security groups."""

import ipaddress
import uuid


def subnet_of(region, network_id):
    """The subnet of a network, made at first sight; None where a network has no addresses of its own."""
    network = region.networks[network_id]
    if network["cidr"] is None:
        return None
    for subnet in region.subnets.values():
        if subnet["network_id"] == network_id:
            return subnet
    return make_subnet(region, network, network["cidr"], network["label"] + "-subnet", network["project_id"])


def make_subnet(region, network, cidr, name, project_id):
    """A new subnet."""
    block = ipaddress.ip_network(cidr)
    subnet = {"id": str(uuid.uuid4()), "name": name, "network_id": network["id"], "cidr": str(block), "ip_version": block.version,
              "gateway_ip": str(block.network_address + 1), "enable_dhcp": True, "project_id": project_id}
    region.subnets[subnet["id"]] = subnet
    network["cidr"] = str(block)
    return subnet


def make_port(region, network_id, project_id, entries, server_id="", name="", made_by_nova=True):
    """A new port; `entries` are its addresses as a server keeps them."""
    port = {"id": str(uuid.uuid4()), "name": name, "network_id": network_id, "project_id": project_id, "device_id": server_id,
            "device_owner": "compute:nova" if server_id else "", "status": "ACTIVE" if server_id else "DOWN",
            "mac_address": entries[0]["mac"] if entries else "", "entries": entries, "made_by_nova": made_by_nova, "security_groups": []}
    region.ports[port["id"]] = port
    return port


def ports_of(region, server):
    """The ports of a server; those that nobody has asked for yet are made now."""
    for nic in server.nics:
        if not nic.get("port") and nic.get("entries"):
            nic["port"] = make_port(region, nic["network"], server.project_id, nic["entries"], server.id)["id"]
    return [region.ports[nic["port"]] for nic in server.nics if nic.get("port") in region.ports]


def default_group(region, project_id):
    """The security group that every project has, made at first sight."""
    for group in region.security_groups.values():
        if group["project_id"] == project_id and group["name"] == "default":
            return group
    return make_group(region, project_id, "default", "Default security group")


def make_group(region, project_id, name, description):
    """A new security group without rules."""
    group = {"id": str(uuid.uuid4()), "name": name, "description": description, "project_id": project_id, "rules": []}
    region.security_groups[group["id"]] = group
    return group
