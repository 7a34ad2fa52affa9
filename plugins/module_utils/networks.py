# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Networks to put a server on: names and labels to ids, at Rackspace and with Neutron."""

from __future__ import annotations

from urllib.parse import quote

from . import errors, lookup, records
from .plan import known

RACKSPACE = {"public": "00000000-0000-0000-0000-000000000000", "private": "11111111-1111-1111-1111-111111111111"}
NEUTRON = ("network",)
KEYS = ("network", "port", "fixed_ip")


def wishes(networks):
    """The option ``networks`` as a list of {network | port, fixed_ip}; a plain string is a network. Raises BadInput."""
    if networks is None:
        return None
    if not networks:
        raise errors.BadInput("networks is empty, and this API makes no server without a network. List some, or leave it out "
                              "to get the cloud's default.")
    return [wish(network) for network in networks]


def wish(network):
    if isinstance(network, str):
        return {"network": network}
    if isinstance(network, dict):
        found = known(**{key: network.get(key) for key in KEYS})
        if len(found) == len(network) and ("network" in found) != ("port" in found):
            return found
    raise errors.BadInput("networks has %r. Write the name or id of a network, or a dictionary with network or port, and fixed_ip "
                          "if an address is wanted." % (network,))


def label(wanted):
    """The label that a server's addresses will have for a wish, None when that cannot be told without asking."""
    name = wanted.get("network")
    if name is None:
        return None
    if lookup.UUID.match(name):
        return next((known_name for known_name, known_id in RACKSPACE.items() if known_id == name), None)
    return name


def requested(cloud, wanted):
    """The ``networks`` of a create request for a list of wishes. One call for all names, none for ids."""
    names = {entry["network"] for entry in wanted if "network" in entry and not lookup.UUID.match(entry["network"])}
    ids = ids_of(cloud, names) if names else {}
    return [known(uuid=ids.get(entry.get("network"), entry.get("network")), port=entry.get("port"), fixed_ip=entry.get("fixed_ip"))
            for entry in wanted]


def ids_of(cloud, names):
    """{name: id}. Raises NotFound and Ambiguous."""
    known_ids = {name: RACKSPACE[name] for name in names if name in RACKSPACE} if cloud.access.is_rackspace else {}
    missing = sorted(set(names) - set(known_ids))
    offered = every(cloud) if missing else []
    for name in missing:
        found = lookup.only([network for network in offered if network["name"] == name], "network", name)
        if found is None:
            raise errors.NotFound("There is no network %r in %s. %s" % (
                name, cloud.compute, lookup.suggestions(offered + [{"id": known_id, "name": known_name}
                                                                   for known_name, known_id in known_ids.items()], name)))
        known_ids[name] = found["id"]
    return known_ids


def every(cloud):
    """[{id, name}] of all networks that a server can be put on."""
    return [{"id": network["id"], "name": label_of(network)} for network in listed(cloud)]


def listed(cloud):
    """All raw networks that a server can be put on, wherever this cloud keeps them."""
    if cloud.access.is_rackspace:
        return cloud.compute.everything("/os-networksv2", "networks")
    if cloud.access.entries(NEUTRON):
        return cloud.service(NEUTRON).everything("/networks", "networks")
    return cloud.compute.everything("/os-networks", "networks")


def get(cloud, network_id):
    """The raw network of an id, or None."""
    if cloud.access.is_rackspace:
        return cloud.compute.find(path(network_id), key="network")
    if cloud.access.entries(NEUTRON):
        return cloud.service(NEUTRON).find("/networks/%s" % quote(network_id, safe=""), key="network")
    return cloud.compute.find("/os-networks/%s" % quote(network_id, safe=""), key="network")


def record(raw):
    """The record of a raw network; its name is ``name`` wherever it comes from."""
    return dict(records.record(raw), name=label_of(raw))


def label_of(raw):
    """What a raw network is called, under either name."""
    return raw.get("label") or raw.get("name")


def create(api, name, cidr):
    """Make an isolated network, which only Rackspace has. Returns it raw."""
    return api.made("/os-networksv2", {"network": {"label": name, "cidr": cidr}}, "network")


def delete(api, network_id):
    """Delete an isolated network; one that is gone already is fine."""
    api.remove(path(network_id))


def path(network_id):
    return "/os-networksv2/%s" % quote(network_id, safe="")
