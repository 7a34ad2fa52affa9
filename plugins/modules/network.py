#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One isolated network of Rackspace Cloud Servers."""

from __future__ import annotations

DOCUMENTATION = r"""
module: network
short_description: Create and delete an isolated network of Rackspace Cloud Servers
version_added: 1.0.0
description:
  - Makes sure that an isolated network is there, or that it is not. Servers are put on it when they are made, with the option
    C(networks) of M(rackspace.cloud.server).
  - Isolated networks exist only at Rackspace Cloud Servers. Other clouds keep their networks in Neutron, for which the
    collection C(openstack.cloud) has modules; there this one fails and says so.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes
options:
  name:
    description: Label of the network. Two networks of one label are an error that lists their IDs.
    type: str
    aliases: [label]
  id:
    description: ID of the network, to delete one of several with the same label.
    type: str
  state:
    description: V(present) makes sure that the network is there, V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
  cidr:
    description:
      - Its block of addresses, as V(192.168.3.0/24) or an IPv6 one. Needed to create a network.
      - The block of a network cannot be changed. Another one than it has is an error.
    type: str
seealso:
  - module: rackspace.cloud.network_info
  - module: rackspace.cloud.server
"""

EXAMPLES = r"""
- name: A network for the databases
  rackspace.cloud.network:
    name: databases
    cidr: 192.168.3.0/24
    region: DFW

- name: A server on it, without the public network
  rackspace.cloud.server:
    name: db1
    region: DFW
    flavor: general1-2
    image: Debian 12 (Bookworm) (Cloud)
    networks: [private, databases]

- name: Remove the network
  rackspace.cloud.network:
    name: databases
    region: DFW
    state: absent
"""

RETURN = r"""
network:
  description:
    - The network as the cloud knows it now; V(none) when it is gone. In check mode as it would be.
  returned: always
  type: dict
  sample:
    cidr: 192.168.3.0/24
    id: 1ab3f5c7-0e8d-4c6a-9b2f-3d4e5f6a7b8c
    label: databases
    name: databases
actions:
  description: What was done, in order; in check mode what would be.
  returned: always
  type: list
  elements: str
  sample: [create]
diff:
  description: What was changed, before and after; in check mode what would be.
  returned: always
  type: dict
  sample: {after: {cidr: 192.168.3.0/24, name: databases}, before: {}}
"""

import ipaddress

from ..module_utils import creation, errors, lookup, networks, servers
from ..module_utils.plan import Plan, Started, Step
from ..module_utils.runner import Resource, run

SPEC = dict(
    name=dict(type="str", aliases=["label"]),
    id=dict(type="str"),
    state=dict(type="str", choices=["present", "absent"], default="present"),
    cidr=dict(type="str"),
)


def current(task):
    """The record of the network, None when there is none."""
    cloud, params = task.cloud, task.params
    lookup.check_name(params["name"])
    if not cloud.access.is_rackspace:
        raise errors.BadInput("this cloud has no isolated networks as Rackspace Cloud Servers has; its networks are kept by Neutron. The modules "
                              "openstack.cloud.network and openstack.cloud.subnet make them, and rackspace.cloud.network_info lists them.")
    if params["id"] is None:
        found = lookup.only([network for network in networks.listed(cloud) if networks.label_of(network) == params["name"]], "network", params["name"])
    else:
        found = networks.get(cloud, params["id"])
    if found is None and params["id"] is not None and params["state"] == "present":
        raise errors.NotFound("there is no network with the id %s in %s. Leave id out to create one of that label, or correct it."
                              % (params["id"], cloud.compute))
    return networks.record(found) if found else None


def desired(task, now):
    return {"state": task.params["state"], "name": task.params["name"], "cidr": block(task.params["cidr"])}


def block(cidr):
    """A block of addresses as networks are compared by, None when none is given. Raises BadInput."""
    if cidr is None:
        return None
    try:
        return str(ipaddress.ip_network(cidr))
    except ValueError as error:
        raise errors.BadInput("cidr: %s. Write a block of addresses, as 192.168.3.0/24." % error) from None


def plan(now, want):
    """Pure. want: {state, name, cidr}, the latter two perhaps None."""
    cidr = want["cidr"]
    if want["state"] == "absent":
        if now and now["id"] in networks.RACKSPACE.values():
            raise errors.Protected("it is one of the two networks that every account has, and cannot be deleted.", ids=[now["id"]])
        return Plan([Step("delete", None, {name: now.get(name) for name in ("id", "name", "cidr")}, {})] if now else [])
    if now is None:
        if cidr is None:
            raise errors.BadInput("there is no network %r yet, and cidr is needed to create it." % want["name"])
        return Plan([Step("create", None, {}, {"name": want["name"], "cidr": cidr})])
    if want["name"] not in (None, now["name"]):
        raise errors.BadInput("network %s is called %r, and the label of a network cannot be changed to %r. Leave name or id out."
                              % (now["id"], now["name"], want["name"]), ids=[now["id"]])
    if cidr is not None and cidr != block(now.get("cidr")):
        raise errors.WrongState("network %r (%s) has the block %s and %s is wanted; the block of a network cannot be changed. Delete it first, "
                                "or choose another name." % (now["name"], now["id"], now.get("cidr"), cidr), ids=[now["id"]])
    return Plan([])


def create(task, now, step):
    api, name, cidr = task.cloud.compute, step.after["name"], step.after["cidr"]

    def look():
        # There was none of this label a moment ago.
        return next((network for network in networks.listed(task.cloud) if networks.label_of(network) == name and block(network.get("cidr")) == cidr), None)
    made, _looked = creation.once(lambda: networks.create(api, name, cidr), look)
    return Started(lambda: made, lambda network: True, networks.record)


def delete(task, now, step):
    try:
        networks.delete(task.cloud.compute, now["id"])
    except errors.ApiError as error:
        if error.status not in (403, 409):
            raise
        using = [servers.title(server) for server in servers.every(task.cloud.compute) if now["name"] in (server.get("addresses") or {})]
        if not using:
            raise
        raise errors.WrongState("it is in use by %s. Delete these servers or take them off the network first."
                                % ", ".join(using), http_status=error.status, request_id=error.facts.get("request_id")) from error
    return Started(lambda: networks.get(task.cloud, now["id"]), lambda network: network is None, networks.record)


def foresee(now, steps):
    """The record as it will be."""
    if not steps:
        return now
    return dict({"id": None, "label": steps[0].after["name"]}, **steps[0].after) if steps[0].do == "create" else None


def title(now, params):
    return "network %s" % (repr(params["name"]) if params["name"] is not None else params["id"])


NETWORK = Resource(current, desired, plan, {"create": create, "delete": delete}, foresee, title)


def main():
    run(NETWORK, "network", SPEC, waits=False, required_one_of=[("name", "id")])


if __name__ == "__main__":
    main()
