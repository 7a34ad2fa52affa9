#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Limits: what the account may have, what it has, and how fast it may ask."""

from __future__ import annotations

DOCUMENTATION = r"""
module: limits_info
short_description: Tell the limits of the account and what is left of them
description:
  - Returns the absolute limits of the compute service with what is used, what is free of them, and the limits of the rate.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes.info
seealso:
  - module: rackspace.cloud.auth_info
"""

EXAMPLES = r"""
- name: Ask for the limits
  rackspace.cloud.limits_info:
    region: DFW
  register: result

- name: Stop early when there is no room for ten servers of 2 GB
  ansible.builtin.assert:
    that:
      - result.limits.free.instances is none or result.limits.free.instances >= 10
      - result.limits.free.ram is none or result.limits.free.ram >= 20480
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
"""

from ..module_utils import limits
from ..module_utils.runner import run_info


def fetch(cloud, params):
    return {"limits": limits.get(cloud.compute)}


def main():
    run_info(fetch, "tell the limits", {})


if __name__ == "__main__":
    main()
