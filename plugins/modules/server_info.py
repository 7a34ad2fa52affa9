#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Servers: what is there."""

from __future__ import annotations

DOCUMENTATION = r"""
module: server_info
short_description: List servers, or look at one
version_added: 1.0.0
description:
  - Returns the servers of a region in full, or one of them. A server that is asked for by ID costs one request, a list one per
    thousand servers.
  - Servers that are deleted, or on their way, do not count; O(changes_since) lists them too.
  - An empty list, not an error, is the answer when nothing matches.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes.info
options:
  server:
    description: Name or ID of a server. All servers of the name are returned; names of servers are not unique.
    type: str
    aliases: [name, id]
  pattern:
    description: Pattern of the name, with the wildcards V(*), V(?) and V([]). The cloud filters by it.
    type: str
  status:
    description: Status, as V(ACTIVE), V(ERROR) or V(SHUTOFF). The cloud filters by it.
    type: str
  flavor:
    description: Name or ID of the flavor. The cloud filters by it.
    type: str
  image:
    description: Name or ID of the image. The cloud filters by it.
    type: str
  ip:
    description: An IPv4 address, or the beginning of one. The cloud filters by it.
    type: str
  changes_since:
    description: Only servers that changed since this time, ISO 8601, those deleted since then among them.
    type: str
  metadata:
    description: Metadata that a server must have, with their values.
    type: dict
  filters:
    description:
      - Further filters of the cloud's own, sent as they are, as C(reservation_id), or C(all_tenants) for an administrator.
    type: dict
  network:
    description:
      - Label of a network. Only the addresses on this network are returned in C(addresses), asked for anew with one request per
        server.
    type: str
  fresh_addresses:
    description: Whether to ask for the addresses of each server anew, with one request per server.
    type: bool
    default: false
seealso:
  - module: rackspace.cloud.server
"""

EXAMPLES = r"""
- name: Look at one server
  rackspace.cloud.server_info:
    server: web1
    region: DFW
  register: result

- name: List the web servers that run
  rackspace.cloud.server_info:
    pattern: "web*"
    status: ACTIVE
    metadata:
      environment: production
  register: result

- name: Show their addresses
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.access_ipv4 }}"
  loop: "{{ result.servers }}"
  loop_control:
    label: "{{ item.name }}"

- name: Ask for the addresses on one network only
  rackspace.cloud.server_info:
    server: web1
    network: private
  register: result
"""

RETURN = r"""
servers:
  description: The servers that match, by name. Fields that a cloud does not have are absent.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the server.
      type: str
      sample: ef08aa7a-b5e4-4bb8-86df-5ac56230f841
    name:
      description: Name of the server.
      type: str
      sample: web1
    status:
      description: Status.
      type: str
      sample: ACTIVE
    task_state:
      description: What the cloud is doing with it, V(none) when nothing.
      type: str
      sample: null
    vm_state:
      description: State of the virtual machine.
      type: str
      sample: active
    power_state:
      description: State of the power; 1 is on, 4 is off.
      type: int
      sample: 1
    progress:
      description: How much is done, in percent.
      type: int
      sample: 100
    access_ipv4:
      description: The IPv4 address to reach it by, empty while it is built and on clouds that set none.
      type: str
      sample: 198.51.100.7
    access_ipv6:
      description: The IPv6 address to reach it by.
      type: str
      sample: 2001:db8::7
    addresses:
      description: Addresses by label of the network.
      type: dict
      sample: {private: [{addr: 10.180.3.171, version: 4}], public: [{addr: 198.51.100.7, version: 4}]}
    flavor:
      description: The flavor, with its C(id).
      type: dict
      sample: {id: general1-2}
    image:
      description: The image, with its C(id); V(none) for a server that boots from a volume.
      type: dict
      sample: {id: 3afe97b2-26dc-49c5-a2cc-a2fc8d80c001}
    metadata:
      description: Metadata.
      type: dict
      sample: {role: web}
    key_name:
      description: Name of the key pair, where the cloud tells.
      type: str
      sample: deploy
    config_drive:
      description: Whether it has a configuration drive, where the cloud tells.
      type: bool
      sample: false
    disk_config:
      description: Who partitions the disk, V(AUTO) or V(MANUAL), where the cloud tells.
      type: str
      sample: AUTO
    host_id:
      description: Same for servers of this account on the same host.
      type: str
      sample: 33ccb6c82f3625748b6f2338f54d8e9df07cc583251e001355569056
    tenant_id:
      description: The tenant that owns it.
      type: str
      sample: '123456'
    user_id:
      description: The user who made it.
      type: str
      sample: '170454'
    created:
      description: When it was made, ISO 8601.
      type: str
      sample: '2026-11-01T09:12:33Z'
    updated:
      description: When it last changed, ISO 8601.
      type: str
      sample: '2026-11-01T09:14:01Z'
    availability_zone:
      description: The zone, where the cloud has any.
      type: str
      sample: nova
    volumes_attached:
      description: The volumes, each with its C(id), where the cloud tells.
      type: list
      elements: dict
      sample: [{id: 8a2d33c6-6fbe-4ab8-9e3a-8e9d0b0a4e6f}]
    security_groups:
      description: The security groups, each with its C(name), where the cloud has any.
      type: list
      elements: dict
      sample: [{name: default}]
    fault:
      description: Why it is in ERROR.
      type: dict
      sample: {code: 500, created: '2026-11-01T09:14:01Z', message: No valid host was found.}
"""

from ..module_utils import lookup, metadata, patterns, servers
from ..module_utils.plan import known
from ..module_utils.records import record
from ..module_utils.runner import run_info

SPEC = dict(
    server=dict(type="str", aliases=["name", "id"]),
    pattern=dict(type="str"),
    status=dict(type="str"),
    flavor=dict(type="str"),
    image=dict(type="str"),
    ip=dict(type="str"),
    changes_since=dict(type="str"),
    metadata=dict(type="dict"),
    filters=dict(type="dict"),
    network=dict(type="str"),
    fresh_addresses=dict(type="bool", default=False),
)
PARTS = {"flavor": lookup.flavor, "image": lookup.image}


def fetch(cloud, params):
    api = cloud.compute
    parts = {part: find(api, params[part])["id"] for part, find in PARTS.items() if params[part] is not None}
    found = [server for server in candidates(api, params, parts) if fits(server, params, parts)]
    if params["network"] is not None or params["fresh_addresses"]:
        found = [dict(server, addresses=servers.addresses(api, server["id"], params["network"])) for server in found]
    return {"servers": [record(server) for server in sorted(found, key=lambda server: str(server.get("name")))]}


def candidates(api, params, parts):
    """The servers to look at, filtered by the cloud as far as it can."""
    wanted = params["server"]
    if wanted is not None and lookup.UUID.match(wanted):
        server = servers.get(api, wanted)
        if server:
            return [server] if servers.alive(server) else []
    query = dict(params["filters"] or {}, **known(status=params["status"], ip=params["ip"], **parts))
    if params["changes_since"]:
        query["changes-since"] = params["changes_since"]
    if wanted is not None:
        query["name"] = servers.exactly(wanted)
    elif params["pattern"] is not None:
        query["name"] = patterns.as_regex(params["pattern"])
    return servers.every(api, query)


def fits(server, params, parts):
    """What the cloud cannot filter, or may have ignored."""
    items = server.get("metadata") or {}
    wanted = params["server"]
    return ((wanted is None or wanted in (server.get("name"), server.get("id")))
            and patterns.matches(server.get("name"), params["pattern"])
            and (params["status"] is None or server.get("status") == params["status"].upper())
            and all(is_of(server.get(part), part_id) for part, part_id in parts.items())
            and all(items.get(key) == value for key, value in (metadata.strings(params["metadata"]) or {}).items()))


def is_of(part, part_id):
    """Whether a server is of this flavor or image, as far as its record shows; "" is the image of one that boots from a volume."""
    return part != "" and (part or {}).get("id", part_id) == part_id


def main():
    run_info(fetch, "list servers", SPEC, mutually_exclusive=[("server", "pattern")])


if __name__ == "__main__":
    main()
