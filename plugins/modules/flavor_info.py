#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Flavors: the sizes of servers that there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: flavor_info
short_description: List flavors, or find the smallest that fits
version_added: 1.0.0
description:
  - Lists the flavors of a region, the smallest first, by memory, then processors, then disk.
  - O(min_ram) and O(min_disk) are filtered by the cloud.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes.info
options:
  flavor:
    description: Name or ID of a flavor.
    type: str
    aliases: [name, id]
  min_ram:
    description: Memory that a flavor must have at least, in MB.
    type: int
  min_vcpus:
    description: Processors that a flavor must have at least.
    type: int
  min_disk:
    description: System disk that a flavor must have at least, in GB.
    type: int
  extra_specs:
    description:
      - Extra specs that a flavor must have, with their values, as C(class) at Rackspace. Only what the cloud lists with its
        flavors can be matched.
    type: dict
  smallest:
    description: Whether to return only the smallest flavor that fits.
    type: bool
    default: false
seealso:
  - module: rackspace.cloud.server
"""

EXAMPLES = r"""
- name: List all flavors
  rackspace.cloud.flavor_info:
    region: DFW
  register: result

- name: Find the smallest flavor with 4 GB of memory and two processors
  rackspace.cloud.flavor_info:
    region: DFW
    min_ram: 4096
    min_vcpus: 2
    smallest: true
  register: result

- name: Show its ID
  ansible.builtin.debug:
    msg: "{{ result.flavors[0].id }}"
"""

RETURN = r"""
flavors:
  description: The flavors that match, the smallest first.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the flavor.
      type: str
      sample: general1-2
    name:
      description: Name of the flavor.
      type: str
      sample: 2 GB General Purpose v1
    ram:
      description: Memory in MB.
      type: int
      sample: 2048
    vcpus:
      description: Virtual processors.
      type: int
      sample: 2
    disk:
      description: System disk in GB; 0 for flavors that boot from a volume.
      type: int
      sample: 40
    ephemeral:
      description: Data disk in GB.
      type: int
      sample: 0
    swap:
      description: Swap disk in MB, an empty string where there is none.
      type: raw
      sample: ''
    rxtx_factor:
      description: Share of the network, relative or in Mbit/s.
      type: float
      sample: 400.0
    extra_specs:
      description: Extra specs, where the cloud lists them with its flavors.
      type: dict
      sample: {class: general1}
"""

from ..module_utils import flavors, lookup
from ..module_utils.plan import known
from ..module_utils.records import record
from ..module_utils.runner import run_info

SPEC = dict(
    flavor=dict(type="str", aliases=["name", "id"]),
    min_ram=dict(type="int"),
    min_vcpus=dict(type="int"),
    min_disk=dict(type="int"),
    extra_specs=dict(type="dict"),
    smallest=dict(type="bool", default=False),
)


def fetch(cloud, params):
    offered = candidates(cloud.compute, params)
    fitting = sorted((flavor for flavor in offered if fits(flavor, params)), key=flavors.size)
    return {"flavors": [record(flavor) for flavor in (fitting[:1] if params["smallest"] else fitting)]}


def candidates(api, params):
    """The raw flavors to look at; one that is given by id is asked for alone."""
    wanted = params["flavor"]
    by_id = flavors.get(api, wanted) if wanted and lookup.OTHER_ID.match(wanted) else None
    if by_id:
        return [by_id]
    offered = flavors.every(api, known(minRam=params["min_ram"], minDisk=params["min_disk"]))
    if wanted is None:
        return offered
    chosen = lookup.one(offered, "flavor", wanted)
    return [chosen] if chosen else []


def fits(flavor, params):
    """The cloud filters memory and disk; some clouds ignore such filters, so they are looked at again."""
    specs = record(flavor).get("extra_specs") or {}
    return (all(flavor.get(field, 0) >= (params["min_" + field] or 0) for field in ("ram", "vcpus", "disk"))
            and all(str(specs.get(name)) == str(value) for name, value in (params["extra_specs"] or {}).items()))


def main():
    run_info(fetch, "list flavors", SPEC)


if __name__ == "__main__":
    main()
