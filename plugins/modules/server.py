#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One server as declared."""

from __future__ import annotations

DOCUMENTATION = r"""
module: server
short_description: Create, change, resize, rebuild and delete one server
version_added: 1.0.0
description:
  - Makes one server what the task says. What is left out is left alone, what is given empty is made empty.
  - A server is found by its name, or by its ID. Two servers of one name are an error that lists their IDs.
  - What cannot be changed without a reboot or the loss of the disk is changed only when a policy says so, and returned in
    RV(drift) otherwise.
  - A create is never doubled. It carries a random item C(ansible_create_id) in the metadata, by which the server is found when
    the answer of the cloud gets lost.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.wait
  - rackspace.cloud.progress
  - rackspace.cloud.attributes
options:
  name:
    description:
      - Name of the server. With O(id) too, the server of that ID is renamed to it.
    type: str
  id:
    description: ID of the server. Such a server must exist, unless O(state=absent).
    type: str
  state:
    description:
      - V(present) makes sure that the server is there and as declared, and leaves its power alone.
      - V(started) and V(stopped) see to its power as well.
      - V(absent) deletes it.
    type: str
    choices: [present, absent, started, stopped]
    default: present
  flavor:
    description: Name or ID of the flavor. Needed to create a server. What happens to an existing one is up to O(resize_policy).
    type: str
  image:
    description:
      - Name or ID of the image. Needed to create a server, unless it boots from a volume. What happens to an existing one is up to
        O(rebuild_policy).
    type: str
  networks:
    description:
      - The networks of a new server, all of them; each the name, label or ID of a network, or a dictionary with C(network) or
        C(port), and C(fixed_ip).
      - At Rackspace V(public) and V(private) are the names of the two fixed networks, which a server gets when this is left out.
      - On an existing server a difference is returned in RV(drift).
    type: list
    elements: raw
  key_name:
    description: Name of a key pair. On an existing server a difference is returned in RV(drift).
    type: str
    aliases: [keypair]
  metadata:
    description:
      - Metadata of the server. Items are added and changed; others stay, unless O(purge_metadata) is true.
      - Values are strings; numbers and booleans are turned into them.
    type: dict
    aliases: [meta]
  purge_metadata:
    description:
      - Whether to remove items that O(metadata) does not list. Those of the provider (C(rax_*), C(rackconnect*), C(rax:*),
        C(build_config), C(com.rackspace__*), C(org.openstack__*)) and ours (C(ansible_*)) always stay.
    type: bool
    default: false
  user_data:
    description:
      - User data for a new server, as text; it is encoded for you. At Rackspace O(config_drive) is switched on with it.
    type: str
    aliases: [userdata]
  config_drive:
    description: Whether a new server has a configuration drive.
    type: bool
  disk_config:
    description: Whether the cloud sizes the partition of a new server to its disk (V(auto)) or leaves it as it is in the image (V(manual)).
    type: str
    choices: [auto, manual]
  files:
    description:
      - Files to put into a new server. How many, and how large, is up to the cloud; Rackspace takes 5 of 1000 bytes.
    type: list
    elements: dict
    suboptions:
      path:
        description: Path in the server.
        type: str
        required: true
      content:
        description: The text.
        type: str
      content_base64:
        description: The content in base64, for what is no text.
        type: str
      src:
        description: A file to read it from, on the machine that the task runs on.
        type: path
  admin_password:
    description:
      - Password of the administrator of a new or rebuilt server. Without it the cloud generates one, which is dropped unless
        O(return_password) is true.
    type: str
  boot_volume:
    description: Boot a new server from a volume.
    type: dict
    suboptions:
      volume:
        description: ID of the volume to boot from.
        type: str
      snapshot:
        description: ID of a volume snapshot to make the volume from.
        type: str
      size:
        description: Size of the volume to make from O(image), in GB.
        type: int
      delete_on_termination:
        description: Whether the volume is deleted with the server.
        type: bool
        default: false
  block_devices:
    description: Further block devices of a new server, as the API's block device mapping (version 2) has them.
    type: list
    elements: dict
    suboptions:
      source_type:
        description: What it is made from.
        type: str
        choices: [image, volume, snapshot, blank]
        required: true
      destination_type:
        description: Whether it is a volume or on the host.
        type: str
        choices: [local, volume]
      uuid:
        description: ID of the image, volume or snapshot.
        type: str
      boot_index:
        description: Place in the order of booting; V(0) boots first, V(-1) never.
        type: int
      volume_size:
        description: Size in GB.
        type: int
      device_name:
        description: Name of the device in the server. Many clouds choose their own.
        type: str
      delete_on_termination:
        description: Whether it is deleted with the server.
        type: bool
  security_groups:
    description: Names of the security groups of a new server. Rackspace Cloud Servers has none. A difference is returned in RV(drift).
    type: list
    elements: str
  availability_zone:
    description: Availability zone of a new server. A difference is returned in RV(drift).
    type: str
  scheduler_hints:
    description: Hints for the scheduler of the cloud, as C(group) or Rackspace's C(public-zone-ip:near).
    type: dict
  access_ipv4:
    description: The IPv4 address that the record names for access; empty removes it.
    type: str
  access_ipv6:
    description: The IPv6 address that the record names for access; empty removes it.
    type: str
  resize_policy:
    description:
      - What to do when the flavor differs. V(never) returns it in RV(drift). V(confirm) resizes the server, which reboots it, and
        confirms. V(manual) resizes it and leaves the resize to be confirmed or reverted.
      - A resize found waiting is confirmed with V(confirm) when its flavor is the wanted one, and returned in RV(drift) otherwise.
    type: str
    choices: [never, confirm, manual]
    default: never
  rebuild_policy:
    description:
      - What to do when the image differs. V(never) returns it in RV(drift). V(rebuild) rebuilds the server, which destroys all data on
        its disk.
    type: str
    choices: [never, rebuild]
    default: never
  drift_policy:
    description: What to do when something differs that is not changed. It is returned in RV(drift) in any case.
    type: str
    choices: [warn, fail, ignore]
    default: warn
  on_error:
    description:
      - What to do with a server in ERROR, found or newly built. V(fail) tells the fault. V(recreate) deletes it and builds it anew, at
        most three times in one task.
    type: str
    choices: [fail, recreate]
    default: fail
  ready_when:
    description:
      - What else must be over before a server counts as ready. V(rackconnect) is RackConnect v2, V(managed_cloud) the automation of
        managed accounts. Accounts without them would wait in vain.
    type: list
    elements: str
    choices: [rackconnect, managed_cloud]
  delete_wait:
    description: When a delete is done; once the server is V(gone), or as soon as the cloud has V(accepted) it.
    type: str
    choices: [gone, accepted]
    default: gone
  ignore_protection:
    description:
      - Whether to delete, rebuild or recreate a server whose metadata has C(ansible_protected) set to C("true").
    type: bool
    default: false
  return_password:
    description: Whether to return the password of a new or rebuilt server. Set C(no_log) on such a task.
    type: bool
    default: false
seealso:
  - module: rackspace.cloud.server_info
  - module: rackspace.cloud.flavor_info
  - module: rackspace.cloud.image_info
"""

EXAMPLES = r"""
- name: A web server
  rackspace.cloud.server:
    name: web1
    region: DFW
    flavor: general1-2
    image: Debian 12 (Bookworm) (Cloud)
    key_name: deploy
    metadata:
      role: web
  register: result

- name: Show where it is
  ansible.builtin.debug:
    msg: "{{ result.server.access_ipv4 }}"

- name: Make it larger, with a reboot
  rackspace.cloud.server:
    name: web1
    region: DFW
    flavor: general1-4
    resize_policy: confirm

- name: A server with files, user data and its password returned
  rackspace.cloud.server:
    name: db1
    region: DFW
    flavor: general1-4
    image: Debian 12 (Bookworm) (Cloud)
    networks: [public, private]
    disk_config: manual
    files:
      - path: /etc/banner.txt
        content: Authorized use only.
    user_data: |
      #cloud-config
      packages: [postgresql]
    return_password: true
  register: result
  no_log: true

- name: Boot from a new volume of 100 GB that stays when the server goes
  rackspace.cloud.server:
    name: worker1
    region: DFW
    flavor: compute1-4
    image: Debian 12 (Bookworm) (Cloud)
    boot_volume:
      size: 100

- name: Fail in a pipeline when anything differs from what is declared
  rackspace.cloud.server:
    name: web1
    region: DFW
    flavor: general1-4
    image: Debian 12 (Bookworm) (Cloud)
    drift_policy: fail
  check_mode: true

- name: Rename a server
  rackspace.cloud.server:
    id: ef08aa7a-b5e4-4bb8-86df-5ac56230f841
    name: web2
    region: DFW

- name: Remove a server
  rackspace.cloud.server:
    name: web1
    region: DFW
    state: absent
"""

RETURN = r"""
server:
  description:
    - The server as the cloud knows it now, with the fields that M(rackspace.cloud.server_info) describes; V(none) when it is gone.
    - In check mode as it would be.
  returned: always
  type: dict
  sample:
    access_ipv4: 198.51.100.7
    addresses: {private: [{addr: 10.180.3.171, version: 4}], public: [{addr: 198.51.100.7, version: 4}]}
    flavor: {id: general1-2}
    id: ef08aa7a-b5e4-4bb8-86df-5ac56230f841
    image: {id: 3afe97b2-26dc-49c5-a2cc-a2fc8d80c001}
    metadata: {role: web}
    name: web1
    status: ACTIVE
    task_state: null
actions:
  description: What was done, in order; in check mode what would be.
  returned: always
  type: list
  elements: str
  sample: [set_metadata, resize, confirm_resize]
diff:
  description: What was changed, before and after; in check mode what would be.
  returned: always
  type: dict
  sample: {after: {flavor: general1-4}, before: {flavor: general1-2}}
drift:
  description: What differs from the task and is not changed, each with C(field), C(wanted) and C(found).
  returned: success
  type: list
  elements: dict
  sample: [{field: image, found: 3afe97b2-26dc-49c5-a2cc-a2fc8d80c001, wanted: 8ae428cd-0490-4f3a-818f-28213a7286b0}]
drift_unknown:
  description: Options of the task that no record of the cloud shows, so that a difference cannot be seen.
  returned: success
  type: list
  elements: str
  sample: [user_data]
admin_password:
  description: The password of the administrator. A secret.
  returned: when O(return_password) is true and a server was made or rebuilt
  type: str
"""

from ..module_utils import arguments, drift, errors, lookup, server_plan, server_wish, servers
from ..module_utils.records import record
from ..module_utils.runner import Resource, run

SPEC = dict(
    server_wish.SPEC,
    name=dict(type="str"),
    id=dict(type="str"),
    state=dict(type="str", choices=["present", "absent", "started", "stopped"], default="present"),
    resize_policy=dict(type="str", choices=["never", "confirm", "manual"], default="never"),
    rebuild_policy=dict(type="str", choices=["never", "rebuild"], default="never"),
    drift_policy=drift.POLICY,
    on_error=dict(type="str", choices=["fail", "recreate"], default="fail"),
    delete_wait=dict(type="str", choices=["gone", "accepted"], default="gone"),
    ignore_protection=dict(type="bool", default=False),
    return_password=dict(type="bool", default=False, no_log=False),
    progress=arguments.PROGRESS,
)


def current(task):
    """The record of the server, None when there is none. An ID must exist, unless the server is to go anyway."""
    api, params = task.cloud.compute, task.params
    lookup.check_name(params["name"])
    if params["id"] is None:
        found = lookup.only(servers.named(api, params["name"]), "server", params["name"])
        return record(found) if found else None
    found = servers.get(api, params["id"])
    if servers.alive(found):
        return record(found)
    if params["state"] == "absent":
        return None
    raise errors.NotFound("there is no server with the id %s in %s. Leave id out to create one of that name, or correct it."
                          % (params["id"], api))


def desired(task, now):
    return server_wish.desired(task.cloud, task.params, now)


def title(now, params):
    name = (now or params)["name"]
    return "server %s" % (repr(name) if name else params["id"]) + (" (%s)" % now["id"] if now and now["id"] else "")


def review(task, plan):
    return drift.told(task, plan, title(task.results["reached"], task.params),
                      "Change the task or the server, or allow it with resize_policy or rebuild_policy.")


def steps():
    from ..module_utils import server_steps  # a task that changes nothing is spared the loading
    return server_steps.STEPS


SERVER = Resource(current, desired, server_plan.plan, steps, server_plan.foresee, title, review)


def main():
    run(SERVER, "server", SPEC, required_one_of=[("name", "id")])


if __name__ == "__main__":
    main()
