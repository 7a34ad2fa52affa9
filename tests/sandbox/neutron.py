# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Networks in Neutron's terms: networks, subnets, ports, security groups, as far as servers need them."""

import ipaddress
import uuid

from . import floating_ips
from .accounts import PROVIDER
from .addresses import new_entries
from .clock import iso
from .exchange import Fault, answer, empty
from .ports import default_group, make_group, make_port, make_subnet, ports_of, subnet_of
from .routing import Router

route = Router()
_TYPES = {400: "BadRequest", 404: "NotFound", 409: "Conflict"}


def write_fault(fault, request_id):
    """A fault as Neutron writes it."""
    del request_id
    kind = fault.extra.get("kind") or _TYPES.get(fault.status, "HTTP%d" % fault.status)
    return {"NeutronError": {"type": kind, "message": fault.message, "detail": ""}}


def _owner(call, record):
    """Whose a record is: what is there for everybody belongs to a project too, which Rackspace does not name."""
    return record["project_id"] or ("" if call.rackspace else PROVIDER)


def _times(call, record):
    """When a record was made; of what was there before, when it was first looked at."""
    made = iso(record.setdefault("made", call.now))
    return {"created_at": made, "updated_at": made}


def _network(call, network):
    subnet = subnet_of(call.region, network["id"])
    return {"id": network["id"], "name": network["label"], "status": "ACTIVE", "admin_state_up": True, "shared": network["shared"],
            "router:external": network["external"], "tenant_id": _owner(call, network), "project_id": _owner(call, network), "mtu": 1450,
            "subnets": [subnet["id"]] if subnet else [], "port_security_enabled": True, "availability_zones": ["nova"], "availability_zone_hints": [],
            "description": "", "tags": [], "ipv4_address_scope": None, "ipv6_address_scope": None, "revision_number": 1, **_times(call, network),
            # Told of networks that lead outside, and of new ones.
            **({"is_default": False} if network["external"] or call.request.method == "POST" else {})}


def _subnet(call, subnet):
    times = _times(call, subnet)
    block = ipaddress.ip_network(subnet["cidr"])
    return {**{name: value for name, value in subnet.items() if name != "made"}, "tenant_id": _owner(call, subnet), "project_id": _owner(call, subnet),
            "allocation_pools": [{"start": str(block.network_address + 2), "end": str(block.broadcast_address - 1)}], "dns_nameservers": [],
            "host_routes": [], "description": "", "tags": [], "service_types": [], "ipv6_address_mode": None, "ipv6_ra_mode": None,
            "subnetpool_id": None, "revision_number": 1, "router:external": call.region.networks[subnet["network_id"]]["external"], **times}


def _port(call, port):
    subnet = subnet_of(call.region, port["network_id"])
    return {"id": port["id"], "name": port["name"], "network_id": port["network_id"], "tenant_id": port["project_id"], "project_id": port["project_id"],
            "device_id": port["device_id"], "device_owner": port["device_owner"], "status": port["status"], "admin_state_up": True,
            "mac_address": port["mac_address"], "security_groups": port["security_groups"] or [default_group(call.region, port["project_id"])["id"]],
            "allowed_address_pairs": [], "port_security_enabled": True,
            "fixed_ips": [{"subnet_id": subnet["id"] if subnet else None, "ip_address": entry["addr"]} for entry in port["entries"]],
            "binding:vnic_type": "normal", "description": "", "tags": [], "extra_dhcp_opts": [], "revision_number": 1, **_times(call, port)}


def _group(call, group):
    times = _times(call, group)
    rules = [_rule(group, direction, kind, times) for direction in (("egress", "ingress") if group["name"] == "default" else ("egress",))
             for kind in ("IPv4", "IPv6")]
    return {"id": group["id"], "name": group["name"], "description": group["description"], "tenant_id": group["project_id"],
            "project_id": group["project_id"], "security_group_rules": [*rules, *group["rules"]], "stateful": True, "shared": False, "tags": [],
            "revision_number": 1, **times}


def _rule(group, direction, kind, times):
    """A rule that a group has from the start: everything may go out, and come in from its own kind."""
    nothing = dict.fromkeys(("protocol", "port_range_min", "port_range_max", "remote_ip_prefix", "remote_address_group_id", "normalized_cidr",
                             "belongs_to_default_sg", "description"))
    return {**nothing, "id": str(uuid.uuid5(uuid.UUID(group["id"]), direction + kind)), "project_id": group["project_id"],
            "tenant_id": group["project_id"], "security_group_id": group["id"], "ethertype": kind, "direction": direction,
            "remote_group_id": group["id"] if direction == "ingress" else None, "standard_attr_id": 1, "tags": [], "revision_number": 0, **times}


def _networks(call):
    return {key: network for key, network in call.region.networks.items() if network["project_id"] in (None, call.project_id)}


def _subnets(call):
    for network_id in _networks(call):
        subnet_of(call.region, network_id)
    return {key: subnet for key, subnet in call.region.subnets.items() if subnet["project_id"] in (None, call.project_id)}


def _ports(call):
    wanted = call.argument("device_id")
    for server in call.region.live_servers(call.now):
        if server.project_id == call.project_id and wanted in (None, server.id):
            ports_of(call.region, server)
    return {key: port for key, port in call.region.ports.items() if port["project_id"] == call.project_id}


def _groups(call):
    default_group(call.region, call.project_id)
    return {key: group for key, group in call.region.security_groups.items() if group["project_id"] == call.project_id}


def _floating_ips(call):
    return {key: record for key, record in call.region.floating_ips.items() if record["project_id"] == call.project_id}


def _floating_ip(call, record):
    return floating_ips.show(record, call.region.ports.get(record["port_id"]))


def _routers(call):
    return call.region.routers


def _router(call, router):
    del call
    return router


# plural -> singular, how its records are found, how one is shown, how Neutron calls one that is missing
_KINDS = {
    "networks": ("network", _networks, _network, "Network"), "subnets": ("subnet", _subnets, _subnet, "Subnet"),
    "ports": ("port", _ports, _port, "Port"), "security-groups": ("security_group", _groups, _group, "SecurityGroup"),
    "floatingips": ("floatingip", _floating_ips, _floating_ip, "FloatingIP"), "routers": ("router", _routers, _router, "Router"),
}
_NOT_FILTERS = {"fields", "limit", "marker", "sort_key", "sort_dir", "page_reverse"}


def _kind(call):
    kind = _KINDS.get(call.params["kind"])
    if kind is None:
        raise Fault(404, "The resource could not be found.", kind="HTTPNotFound")
    return kind


def _text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


@route("GET", "/extensions")
def extensions(call):
    """What Neutron offers beyond its core."""
    del call
    return answer({"extensions": [{"alias": alias, "name": alias, "description": "", "links": [], "updated": "2017-01-01T00:00:00-00:00"}
                                  for alias in ("external-net", "port-security", "router", "security-group", "standard-attr-tag")]})


@route("GET", "/{kind}")
def index(call):
    """The records of a kind that match the query."""
    singular, found, show, _name = _kind(call)
    records = [show(call, record) for record in found(call).values()]
    for field, values in call.request.arguments.items():
        if field not in _NOT_FILTERS:
            wanted = [value.lower() if value in ("True", "False") else value for value in values]
            records = [record for record in records if field not in record or _text(record[field]) in wanted]
    plural = "security_groups" if singular == "security_group" else call.params["kind"]
    return answer({plural: records})


def _find(call):
    singular, found, show, name = _kind(call)
    record = found(call).get(call.params["item"])
    if record is None:
        raise Fault(404, "%s %s could not be found." % (name, call.params["item"]), kind=name + "NotFound")
    return singular, record, show


@route("GET", "/{kind}/{item}")
def show_one(call):
    """One record."""
    singular, record, show = _find(call)
    return answer({singular: show(call, record)})


def _text_or_nothing(value, name):
    if value is not None and not isinstance(value, str):
        raise Fault(400, "Invalid input for %s. Reason: '%s' is not a valid UUID." % (name, value), kind="HTTPBadRequest")
    return value


def _own_network(call, network_id):
    network = _networks(call).get(_text_or_nothing(network_id, "network_id"))
    if network is None:
        raise Fault(404, "Network %s could not be found." % network_id, kind="NetworkNotFound")
    return network


def _new_network(call, given):
    return call.region.add_network(str(uuid.uuid4()), given.get("name", ""), None, call.project_id)


def _new_subnet(call, given):
    return make_subnet(call.region, _own_network(call, given.get("network_id")), given["cidr"], given.get("name", ""), call.project_id)


def _new_port(call, given):
    network = _own_network(call, given.get("network_id"))
    fixed = next((entry.get("ip_address") for entry in given.get("fixed_ips", [])), None)
    entries = new_entries(call.region, network["id"], fixed) if network["cidr"] else []
    return make_port(call.region, network["id"], call.project_id, entries, name=given.get("name", ""), made_by_nova=False)


def _new_group(call, given):
    return make_group(call.region, call.project_id, given.get("name", ""), given.get("description", ""))


def _new_floating_ip(call, given):
    record = floating_ips.make(call.region, _own_network(call, given.get("floating_network_id")), call.project_id)
    if given.get("port_id"):
        floating_ips.point(call.region, record, _text_or_nothing(given["port_id"], "port_id"))
    return record


_MAKERS = {"networks": _new_network, "subnets": _new_subnet, "ports": _new_port, "security-groups": _new_group, "floatingips": _new_floating_ip}


@route("POST", "/{kind}")
def create(call):
    """Make a record."""
    singular, _found, show, _name = _kind(call)
    maker = _MAKERS.get(call.params["kind"])
    if maker is None:
        raise Fault(409, "Quota exceeded for resources: ['%s']." % singular, kind="OverQuota")
    given = call.body(singular)
    try:
        record = maker(call, given)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Fault(400, "Invalid input: %s" % error) from None
    return answer({singular: show(call, record)}, 201)


@route("PUT", "/{kind}/{item}")
def update(call):
    """Rename a record, or let a floating address lead elsewhere."""
    singular, record, show = _find(call)
    given = call.body(singular)
    if record["project_id"] != call.project_id:
        raise Fault(403, "rule:update_%s is disallowed by policy" % singular, kind="PolicyNotAuthorized")
    if singular == "floatingip" and "port_id" in given:
        floating_ips.point(call.region, record, _text_or_nothing(given["port_id"], "port_id"))
    elif "name" in given:
        record["label" if singular == "network" else "name"] = given["name"]
    return answer({singular: show(call, record)})


@route("DELETE", "/{kind}/{item}")
def delete(call):
    """Delete a record of the project that nothing uses."""
    singular, record, _show = _find(call)
    region = call.region
    if record["project_id"] != call.project_id:
        raise Fault(403, "rule:delete_%s is disallowed by policy" % singular, kind="PolicyNotAuthorized")
    if singular == "port":
        del region.ports[record["id"]]
    elif singular == "floatingip":
        floating_ips.drop(region, record)
    elif singular == "security_group":
        if record["name"] == "default":
            raise Fault(409, "Removing default security group not allowed.", kind="SecurityGroupCannotRemoveDefault")
        del region.security_groups[record["id"]]
    else:
        _delete_network_part(call, singular, record)
    return empty(204)


def _delete_network_part(call, singular, record):
    region = call.region
    network_id = record["id"] if singular == "network" else record["network_id"]
    using = [nic for server in region.live_servers(call.now) for nic in server.nics if nic["network"] == network_id]
    if using:
        told = "" if call.rackspace else ", id for these ports is: %s" % ",".join(nic.get("port") or str(uuid.uuid4()) for nic in using)
        raise Fault(409, "Unable to complete operation on %s %s. There are one or more ports still in use on the network%s."
                    % (singular, record["id"], told), kind="%sInUse" % singular.capitalize())
    if singular == "subnet":
        del region.subnets[record["id"]]
        region.networks[network_id]["cidr"] = None
        return
    for subnet_id in [key for key, subnet in region.subnets.items() if subnet["network_id"] == network_id]:
        del region.subnets[subnet_id]
    del region.networks[network_id]
