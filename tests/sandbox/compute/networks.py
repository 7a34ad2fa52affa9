# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Rackspace's isolated networks and the interfaces of servers in them."""

import ipaddress
import uuid

from .. import limits, schema
from ..addresses import fill_addresses, rebuild_addresses
from ..exchange import Fault, Response, answer, empty
from ..regions import PRIVATE, PUBLIC
from .routes import find_server, find_usable, route

_CREATE = schema.record(required=("cidr", "label"), cidr=schema.text(), label=schema.text(least=1, most=255))


def _shown(network):
    return {name: network[name] for name in ("id", "label", "cidr") if network[name] is not None}


@route("GET", "/os-networksv2", dress="rackspace")
def index(call):
    """The networks of the project, the two that everybody has included."""
    return answer({"networks": [_shown(network) for network in call.region.usable_networks(call.project_id)]})


@route("POST", "/os-networksv2", dress="rackspace")
def create(call):
    """Make an isolated network."""
    given = schema.validated(call, call.body("network"), _CREATE, "network")
    try:
        block = ipaddress.ip_network(given["cidr"])
    except ValueError:
        raise Fault(400, "CIDR is malformed.") from None
    if block.version == 4 and not 8 <= block.prefixlen <= 30:
        raise Fault(400, "CIDR %s is too %s" % (block, "large" if block.prefixlen < 8 else "small"))
    if 0 <= limits.quota(call, "networks") <= len(call.region.isolated_networks(call.project_id)):
        raise Fault(413, "Quota exceeded, too many networks.", headers=[("Retry-After", "0")])
    network = call.region.add_network(str(uuid.uuid4()), given["label"], str(block), call.project_id)
    return answer({"network": _shown(network)})


def _find(call):
    network = call.region.networks.get(call.params["network_id"])
    if network is None or network["project_id"] not in (None, call.project_id):
        raise Fault(404, "Network not found")
    return network


@route("GET", "/os-networksv2/{network_id}", dress="rackspace")
def show(call):
    """One network."""
    return answer({"network": _shown(_find(call))})


@route("DELETE", "/os-networksv2/{network_id}", dress="rackspace")
def delete(call):
    """Delete an isolated network that no server uses."""
    network = _find(call)
    if network["id"] in (PUBLIC, PRIVATE):
        raise Fault(403, "Access was denied to this resource.")
    if any(nic["network"] == network["id"] for server in call.region.live_servers(call.now) for nic in server.nics):
        raise Fault(403, "Unable to delete network %s, active ports present." % network["id"])
    del call.region.networks[network["id"]]
    return Response(202, b"202 Accepted\n\nThe request is accepted for processing.\n\n   ", [("Content-Type", "text/plain; charset=UTF-8")])


def _interface(call, nic):
    network = call.region.networks[nic["network"]]
    entries = nic.get("entries") or []
    return {"id": nic.setdefault("id", str(uuid.uuid4())), "mac_address": entries[0]["mac"] if entries else "",
            "ip_addresses": [{"address": entry["addr"], "network_id": network["id"], "network_label": network["label"]} for entry in entries]}


@route("GET", "/servers/{server_id}/os-virtual-interfacesv2", dress="rackspace")
def interfaces(call):
    """The interfaces of a server."""
    return answer({"virtual_interfaces": [_interface(call, nic) for nic in find_server(call).nics]})


@route("POST", "/servers/{server_id}/os-virtual-interfacesv2", dress="rackspace")
def add_interface(call):
    """Attach a server to a network; one interface per network."""
    given = schema.validated(call, call.body("virtual_interface"), schema.record(required=("network_id",), network_id=schema.text()), "virtual_interface")
    server = find_usable(call, "create_virtual_interface", ("active", "paused", "stopped", "suspended"))
    network = call.region.networks.get(given["network_id"])
    if network is None or network["project_id"] not in (None, call.project_id):
        raise Fault(404, "Network not found")
    if any(nic["network"] == network["id"] for nic in server.nics):
        raise Fault(400, "Already attached to network %s" % network["id"])
    nic = {"network": network["id"]}
    server.nics = [*server.nics, nic]
    fill_addresses(call.region, server)
    server.change_quietly()
    return answer({"virtual_interfaces": [_interface(call, nic)]})


@route("DELETE", "/servers/{server_id}/os-virtual-interfacesv2/{interface_id}", dress="rackspace")
def remove_interface(call):
    """Detach a server from a network."""
    server = find_usable(call, "delete_virtual_interface", ("active", "paused", "stopped", "suspended"))
    keep = [nic for nic in server.nics if nic.get("id") != call.params["interface_id"]]
    if len(keep) == len(server.nics):
        raise Fault(404, "Virtual interface not found")
    server.nics = keep
    rebuild_addresses(call.region, server)
    server.change_quietly()
    return empty(200, "application/json")
