#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The key pairs of the user."""

from __future__ import annotations

DOCUMENTATION = r"""
module: keypair_info
short_description: List SSH key pairs
version_added: 1.0.0
description:
  - Returns the key pairs of the user that the task logs in as, in one region.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes.info
options:
  keypair:
    description: Name of a key pair. One that is not there is an empty list.
    type: str
    aliases: [name, key_name]
  fingerprint:
    description: Only the key pairs with this MD5 fingerprint.
    type: str
seealso:
  - module: rackspace.cloud.keypair
"""

EXAMPLES = r"""
- name: List key pairs
  rackspace.cloud.keypair_info:
    region: DFW
  register: result

- name: Look at one
  rackspace.cloud.keypair_info:
    region: DFW
    keypair: deploy
  register: result
"""

RETURN = r"""
keypairs:
  description: The key pairs that match, by name.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the key pair.
      type: str
      sample: deploy
    fingerprint:
      description: MD5 fingerprint of the public key.
      type: str
      sample: 1e:2c:9b:56:79:4b:45:77:f9:ca:7a:98:2c:b0:d5:3c
    public_key:
      description: The public key.
      type: str
      sample: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6MDEyMzQ1 deploy
    created_at:
      description: When it was made, ISO 8601; where the cloud tells, and for one that is asked for by name.
      type: str
      sample: '2026-11-01T09:12:33.000000'
"""

from ..module_utils import keypairs
from ..module_utils.records import record
from ..module_utils.runner import run_info

SPEC = dict(
    keypair=dict(type="str", aliases=["name", "key_name"], no_log=False),
    fingerprint=dict(type="str"),
)


def fetch(cloud, params):
    if params["keypair"] is None:
        found = keypairs.every(cloud.compute)
    else:
        found = [keypair for keypair in [keypairs.get(cloud.compute, params["keypair"])] if keypair]
    return {"keypairs": sorted((record(keypair) for keypair in found if params["fingerprint"] in (None, keypair.get("fingerprint"))),
                               key=lambda keypair: keypair["name"])}


def main():
    run_info(fetch, "list key pairs", SPEC)


if __name__ == "__main__":
    main()
