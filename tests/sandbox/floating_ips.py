# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Floating addresses: taken from an external network, pointed at a port, shown among the addresses of its server."""

import uuid

from .addresses import new_entries, rebuild_addresses
from .exchange import Fault


def make(region, network, project_id):
    """A new floating address that leads nowhere yet. Fault 400 when the network is not an external one."""
    if not network["external"]:
        raise Fault(400, "Invalid input for operation: Network %s is not a valid external network." % network["id"])
    entry = new_entries(region, network["id"])[0]
    record = {"id": str(uuid.uuid4()), "name": "", "project_id": project_id, "network_id": network["id"], "entry": {**entry, "type": "floating"},
              "port_id": None}
    region.floating_ips[record["id"]] = record
    return record


def show(record, port):
    """The record as Neutron shows it; `port` is the one it leads to."""
    return {"id": record["id"], "floating_ip_address": record["entry"]["addr"], "floating_network_id": record["network_id"], "port_id": record["port_id"],
            "fixed_ip_address": port["entries"][0]["addr"] if port else None, "router_id": None, "status": "ACTIVE" if port else "DOWN",
            "tenant_id": record["project_id"], "project_id": record["project_id"], "description": "", "tags": [], "revision_number": 1}


def point(region, record, port_id):
    """Let a floating address lead to a port, or with None nowhere. Fault 404 for an unknown port."""
    if port_id is not None and port_id not in region.ports:
        raise Fault(404, "Port %s could not be found." % port_id, kind="PortNotFound")
    _release(region, record)
    record["port_id"] = port_id
    server, nic = _holder(region, port_id)
    if nic is not None:
        nic["floating"] = [*nic.get("floating", []), {**record["entry"], "mac": region.ports[port_id]["mac_address"]}]
        rebuild_addresses(region, server)
        server.change_quietly()


def drop(region, record):
    """Give a floating address back."""
    _release(region, record)
    del region.floating_ips[record["id"]]


def _release(region, record):
    server, nic = _holder(region, record["port_id"])
    if nic is not None:
        nic["floating"] = [entry for entry in nic.get("floating", []) if entry["addr"] != record["entry"]["addr"]]
        rebuild_addresses(region, server)
        server.change_quietly()


def _holder(region, port_id):
    """The server and the interface behind a port; None and None when there is none."""
    port = region.ports.get(port_id)
    server = region.servers.get(port["device_id"]) if port else None
    if server is None:
        return None, None
    return server, next((nic for nic in server.nics if nic.get("port") == port_id), None)
