# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Interfaces and security groups of servers where networks are Neutron's."""

from .. import schema
from ..addresses import new_entries, rebuild_addresses
from ..exchange import Fault, answer, empty
from ..ports import default_group, make_port, ports_of, subnet_of
from .images import refuse_newer
from .routes import find_server, find_usable, route

_ATTACH = schema.record(net_id=schema.text(), port_id=schema.text(), fixed_ips=schema.array(schema.record(ip_address=schema.text(), subnet_id=schema.text())),
                        tag=schema.text())


def _shown(call, port):
    subnet = subnet_of(call.region, port["network_id"])
    return {"port_state": port["status"], "net_id": port["network_id"], "port_id": port["id"], "mac_addr": port["mac_address"],
            "fixed_ips": [{"subnet_id": subnet["id"] if subnet else None, "ip_address": entry["addr"]} for entry in port["entries"]]}


@route("GET", "/servers/{server_id}/os-interface", dress="openstack")
def index(call):
    """The interfaces of a server."""
    return answer({"interfaceAttachments": [_shown(call, port) for port in ports_of(call.region, find_server(call))]})


@route("GET", "/servers/{server_id}/os-interface/{port_id}", dress="openstack")
def show(call):
    """One interface."""
    for port in ports_of(call.region, find_server(call)):
        if port["id"] == call.params["port_id"]:
            return answer({"interfaceAttachment": _shown(call, port)})
    raise Fault(404, "Port id %s could not be found." % call.params["port_id"])


@route("POST", "/servers/{server_id}/os-interface", dress="openstack")
def attach(call):
    """Attach a server to a network or a port."""
    given = schema.validated(call, call.body("interfaceAttachment"), _ATTACH, "interfaceAttachment")
    server = find_usable(call, "attach_interface", ("active", "paused", "stopped"))
    if given.get("port_id"):
        port = call.region.ports.get(given["port_id"])
        if port is None or port["project_id"] != call.project_id:
            raise Fault(404, "Port %s could not be found." % given["port_id"])
        if port["device_id"]:
            raise Fault(400, "Port %s is still in use." % port["id"])
        port.update(device_id=server.id, device_owner="compute:nova", status="ACTIVE")
    else:
        network = call.region.networks.get(given.get("net_id") or next(iter(call.region.networks)))
        if network is None:
            raise Fault(404, "Network %s could not be found." % given.get("net_id"))
        fixed = next((entry.get("ip_address") for entry in given.get("fixed_ips", [])), None)
        port = make_port(call.region, network["id"], server.project_id, new_entries(call.region, network["id"], fixed), server.id)
    server.nics = [*server.nics, {"network": port["network_id"], "port": port["id"], "entries": port["entries"]}]
    rebuild_addresses(call.region, server)
    server.change_quietly()
    return answer({"interfaceAttachment": _shown(call, port)})


@route("DELETE", "/servers/{server_id}/os-interface/{port_id}", dress="openstack")
def detach(call):
    """Detach an interface."""
    server = find_usable(call, "detach_interface", ("active", "paused", "stopped"))
    port = next((port for port in ports_of(call.region, server) if port["id"] == call.params["port_id"]), None)
    if port is None:
        raise Fault(404, "Port %s could not be found." % call.params["port_id"])
    if port["made_by_nova"]:
        del call.region.ports[port["id"]]
    else:
        port.update(device_id="", device_owner="", status="DOWN")
    server.nics = [nic for nic in server.nics if nic.get("port") != port["id"]]
    rebuild_addresses(call.region, server)
    server.change_quietly()
    return empty(202, "application/json")


@route("GET", "/servers/{server_id}/os-security-groups", dress="openstack")
def groups_of_server(call):
    """The security groups of a server."""
    names = find_server(call).security_groups
    default_group(call.region, call.project_id)
    return answer({"security_groups": [_group(group) for group in call.region.security_groups.values()
                                       if group["project_id"] == call.project_id and group["name"] in names]})


def _group(group):
    return {"id": group["id"], "name": group["name"], "description": group["description"], "tenant_id": group["project_id"], "rules": []}


@route("GET", "/os-security-groups", dress="openstack")
def groups(call):
    """The project's security groups, through the old proxy."""
    refuse_newer(call)
    default_group(call.region, call.project_id)
    return answer({"security_groups": [_group(group) for group in call.region.security_groups.values() if group["project_id"] == call.project_id]})
