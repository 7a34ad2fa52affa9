#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Limits: what the account may have, what it has, and how fast it may ask."""

from __future__ import annotations

DOCUMENTATION = r"""
module: limits_info
short_description: Tell the limits of the account and what is left of them
version_added: 1.0.0
description:
  - Returns the absolute limits of the compute service with what is used, what is free of them, and the limits of the rate.
  - Told what is planned, it says whether that fits, and what is missing.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes.info
options:
  wish:
    description: What is planned. Asks whether there is room for it.
    type: dict
    suboptions:
      flavor:
        description: Name or ID of the flavor of the servers that are planned.
        type: str
      count:
        description: How many servers of O(wish.flavor) are planned; one when it is left out.
        type: int
      instances:
        description: How many servers are planned, beside those of O(wish.flavor).
        type: int
      cores:
        description: How many virtual processors are planned, beside those of O(wish.flavor).
        type: int
      ram:
        description: How much memory is planned, in MB, beside that of O(wish.flavor).
        type: int
seealso:
  - module: rackspace.cloud.auth_info
  - module: rackspace.cloud.flavor_info
"""

EXAMPLES = r"""
- name: Ask for the limits
  rackspace.cloud.limits_info:
    region: DFW
  register: result

- name: Ask whether ten servers of a flavor fit
  rackspace.cloud.limits_info:
    region: DFW
    wish:
      flavor: general1-2
      count: 10
  register: result

- name: Stop early when they do not
  ansible.builtin.assert:
    that: result.fits
    fail_msg: "{{ result.missing | join(', ') }}"
"""

RETURN = r"""
limits:
  description: The limits.
  returned: success
  type: dict
  contains:
    absolute:
      description: Every absolute limit and use that the cloud tells; -1 means no limit. Memory in MB.
      type: dict
      sample: {max_total_instances: 100, max_total_ram_size: 131072, total_instances_used: 4, total_ram_used: 8192}
    free:
      description:
        - What is left of C(instances), C(cores), C(ram) (in MB), C(security_groups), C(floating_ips) and C(server_groups);
          V(none) where there is no limit or the cloud does not tell.
      type: dict
      sample: {cores: null, floating_ips: null, instances: 96, ram: 122880, security_groups: null, server_groups: null}
    rate:
      description: The limits of the rate, an entry per verb and path; empty where the cloud tells none.
      type: list
      elements: dict
      sample:
        - next_available: '2026-11-23T14:20:00Z'
          regex: .*
          remaining: 99
          unit: MINUTE
          uri: '*'
          value: 100
          verb: POST
fits:
  description: Whether there is room for O(wish). Where the cloud has no limit, or tells none, there is.
  returned: when O(wish) is given
  type: bool
  sample: false
missing:
  description: What there is no room for, in words; empty when it fits.
  returned: when O(wish) is given
  type: list
  elements: str
  sample: ['memory: 20480 MB wanted, 8192 MB free of 131072']
"""

from ..module_utils import errors, flavors, limits, lookup
from ..module_utils.runner import run_info

WISH = dict(
    flavor=dict(type="str"),
    count=dict(type="int"),
    instances=dict(type="int"),
    cores=dict(type="int"),
    ram=dict(type="int"),
)
SPEC = dict(wish=dict(type="dict", options=WISH, required_by={"count": "flavor"}))


def fetch(cloud, params):
    told = limits.get(cloud.compute)
    if params["wish"] is None:
        return {"limits": told}
    missing = limits.missing(told, limits.needs(params["wish"], flavor(cloud.compute, params["wish"]["flavor"])))
    return {"limits": told, "fits": not missing, "missing": missing}


def flavor(api, wanted):
    """The raw flavor that a name or an id means, None when none is wanted. Raises NotFound."""
    if wanted is None:
        return None
    offered = flavors.every(api)
    found = lookup.one(offered, "flavor", wanted)
    if found is None:
        raise errors.NotFound("There is no flavor %r in %s. %s" % (wanted, api, lookup.suggestions(offered, wanted)))
    return found


def main():
    run_info(fetch, "tell the limits", SPEC)


if __name__ == "__main__":
    main()
