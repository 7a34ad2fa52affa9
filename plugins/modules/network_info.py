#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The networks that a server can be put on."""

from __future__ import annotations

DOCUMENTATION = r"""
module: network_info
short_description: List the networks that a server can be put on
version_added: 1.0.0
description:
  - Returns the networks that a server can be put on, wherever the cloud keeps them; at Rackspace the two that every account has and the
    isolated ones, elsewhere those of Neutron.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes.info
options:
  network:
    description: Name, label or ID of a network. One that is not there is an empty list, and several of one name are all listed.
    type: str
    aliases: [name, label, id]
  pattern:
    description: Only networks whose name fits this pattern, with the wildcards C(*), C(?) and C([...]).
    type: str
seealso:
  - module: rackspace.cloud.network
"""

EXAMPLES = r"""
- name: List networks
  rackspace.cloud.network_info:
    region: DFW
  register: result

- name: Show the isolated ones
  ansible.builtin.debug:
    msg: "{{ result.networks | selectattr('cidr', 'defined') | list }}"

- name: Look at one
  rackspace.cloud.network_info:
    region: DFW
    network: private
  register: result
"""

RETURN = r"""
networks:
  description: The networks that match, by name.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the network.
      type: str
      sample: 1ab3f5c7-0e8d-4c6a-9b2f-3d4e5f6a7b8c
    name:
      description: Name of the network; at Rackspace its label.
      type: str
      sample: databases
    label:
      description: Label of the network; Rackspace only.
      type: str
      sample: databases
    cidr:
      description: Block of addresses; Rackspace only, and of isolated networks.
      type: str
      sample: 192.168.3.0/24
    status:
      description: ACTIVE or another word of the cloud; Neutron only.
      type: str
      sample: ACTIVE
    shared:
      description: Whether all projects may use it; Neutron only.
      type: bool
      sample: true
    external:
      description: Whether it leads out of the cloud, so that servers reach it through floating IPs; Neutron only.
      type: bool
      sample: false
    subnets:
      description: IDs of its subnets; Neutron only.
      type: list
      elements: str
      sample: [5eed0000-0000-4000-8000-0000000000f1]
"""

from ..module_utils import lookup, networks, patterns
from ..module_utils.runner import run_info

SPEC = dict(
    network=dict(type="str", aliases=["name", "label", "id"]),
    pattern=dict(type="str"),
)


def fetch(cloud, params):
    found = [networks.record(network) for network in candidates(cloud, params["network"])]
    return {"networks": sorted((network for network in found if patterns.matches(network["name"], params["pattern"])),
                               key=lambda network: (str(network["name"]), network["id"]))}


def candidates(cloud, wanted):
    """The raw networks of an id or a name, all when none is given."""
    by_id = networks.get(cloud, wanted) if wanted and lookup.UUID.match(wanted) else None
    if by_id:
        return [by_id]
    return [network for network in networks.listed(cloud) if wanted in (None, network["id"], network.get("label") or network.get("name"))]


def main():
    run_info(fetch, "list networks", SPEC, mutually_exclusive=[("network", "pattern")])


if __name__ == "__main__":
    main()
