#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many servers in one task."""

from __future__ import annotations

DOCUMENTATION = r"""
module: fleet
short_description: Create, change and delete many servers in one task, by a plan
version_added: 1.0.0
description:
  - Makes a set of servers what the task says. The servers are listed once in each region, a plan is made and checked as a whole, and then
    carried out with many requests side by side, within the rates that the cloud allows. While it waits, one list tells of all servers.
  - Play it with C(--check --diff) first; the plan is shown as a table, and nothing is changed.
  - A server is the fleet's when its metadata have C(ansible_fleet) with the name of the fleet, and its name is one that the task names, by O(servers),
    O(groups) or O(pattern). The metadata are written for you; they alone do not count, since any member of the project can write them.
  - When some servers fail, the others are done all the same, or not, see O(on_failure). The result tells of each what was done and what is wrong with it.
    The task, run again, goes on from there, also after it was killed. A create is never doubled.
  - Passwords that the cloud generates are dropped, and nothing secret is in the result.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.wait
  - rackspace.cloud.progress
  - rackspace.cloud.attributes
options:
  name:
    description: Name of the fleet. It is kept in the metadata of each server, as C(ansible_fleet).
    type: str
    required: true
  state:
    description:
      - V(present) makes the servers as wished.
      - V(absent) deletes all members, or exactly the servers of O(ids).
    type: str
    choices: [present, absent]
    default: present
  defaults:
    description: What all servers have in common. O(groups) and O(servers) override it; metadata are merged.
    type: dict
    suboptions:
      state:
        description: Whether the servers are on. V(present) leaves the power alone, which is what is done without it.
        type: str
        choices: [present, started, stopped]
      <<: &wish
        region:
          description: Region of the servers. Left out, that of the connection.
          type: str
        resize_policy:
          description:
            - What to do when the flavor differs. V(never), the default, returns it as drift. V(confirm) resizes, which reboots, and confirms.
              V(manual) resizes and leaves the resize to be confirmed or reverted.
          type: str
          choices: [never, confirm, manual]
        rebuild_policy:
          description:
            - What to do when the image differs. V(never), the default, returns it as drift. V(rebuild) rebuilds, which destroys all data on the disk.
          type: str
          choices: [never, rebuild]
        on_error:
          description:
            - What to do with a server in ERROR, found or newly built. V(fail), the default, tells the fault. V(recreate) deletes it and builds it
              anew; one that was found counts for O(max_delete). What is built anew has another ID, so an entry of O(servers) with an ID needs a name
              too, by which it is found from then on.
          type: str
          choices: [fail, recreate]
        flavor:
          description: Name or ID of the flavor. Needed to create a server. What happens to an existing one is up to C(resize_policy).
          type: str
        image:
          description:
            - Name or ID of the image. Needed to create a server, unless it boots from a volume. What happens to an existing one is up to
              C(rebuild_policy).
          type: str
        networks:
          description:
            - The networks of a new server, all of them; each the name, label or ID of a network, or a dictionary with C(network) or
              C(port), and C(fixed_ip). On an existing server a difference is drift.
          type: list
          elements: raw
        key_name:
          description: Name of a key pair. On an existing server a difference is drift.
          type: str
          aliases: [keypair]
        metadata:
          description:
            - Metadata of the server. Items are added and changed; others stay, unless C(purge_metadata) is true.
            - Values are strings; numbers and booleans are turned into them.
          type: dict
          aliases: [meta]
        purge_metadata:
          description:
            - Whether to remove items that C(metadata) does not list. Those of the provider and ours (C(ansible_*)) always stay. Not done without it.
          type: bool
        user_data:
          description:
            - User data for a new server, as text; it is encoded for you. At Rackspace C(config_drive) is switched on with it.
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
            - Password of the administrator of a new or rebuilt server. Without it the cloud generates one, which is dropped.
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
              description: Size of the volume to make from the image, in GB.
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
          description: Names of the security groups of a new server. Rackspace Cloud Servers has none. On an existing one a difference is drift.
          type: list
          elements: str
        availability_zone:
          description: Availability zone of a new server. On an existing one a difference is drift.
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
        ready_when:
          description:
            - What else must be over before a server counts as ready. V(rackconnect) is RackConnect v2, V(managed_cloud) the automation of
              managed accounts. Accounts without them would wait in vain.
          type: list
          elements: str
          choices: [rackconnect, managed_cloud]
  servers:
    description: Servers by name, each with what sets it apart from O(defaults).
    type: list
    elements: dict
    suboptions:
      <<: *wish
      name:
        description: Name of the server. With C(id) too, the server of that ID is renamed to it.
        type: str
      id:
        description: ID of the server. Such a server must exist, and is taken into the fleet when it is of none.
        type: str
      state:
        description: As in O(defaults), and V(absent), which deletes the server and counts for O(max_delete).
        type: str
        choices: [present, absent, started, stopped]
  groups:
    description: Servers alike, by a name with a number in it.
    type: list
    elements: dict
    suboptions:
      <<: *wish
      state:
        description: Whether the servers are on. V(present) leaves the power alone, which is what is done without it.
        type: str
        choices: [present, started, stopped]
      name:
        description:
          - Name of the servers, with C(%d) or C(%02d) where the number goes; without it the number goes to the end.
          - No name may fit two groups of a region, as C(web10) fits both C(web%d) and C(web%02d).
        type: str
        required: true
      count:
        description:
          - How many servers there are to be. Members that are there already count, whatever their numbers. New ones get the lowest free
            numbers. Those that are too many are deleted with O(purge), see O(delete_order).
        type: int
        required: true
      start:
        description: The lowest number for new servers. V(1) when it is left out.
        type: int
        aliases: [count_offset]
      zones:
        description: Availability zones to spread new servers over; each goes where the fewest of the group are.
        type: list
        elements: str
  regions:
    description:
      - Regions to look for members besides those of O(servers) and O(groups). Without it, O(purge) and O(state=absent) look in the region of the
        connection too.
    type: list
    elements: str
  pattern:
    description:
      - What names of members look like, with the wildcards of a shell, beyond those of O(servers) and O(groups). Servers that carry the name of the
        fleet and fit it are members, and may be deleted.
    type: str
  ids:
    description:
      - With O(state=absent), exactly the servers to delete, members or not. One that is gone already is fine.
      - They are looked for in O(regions), or in the region of the connection. Without O(regions), one that is in another region is an error.
    type: list
    elements: str
    aliases: [instance_ids]
  adopt:
    description:
      - Whether servers that are there with a wished name and are of no fleet are taken in. Without it they are an error, before anything is changed.
      - For a group, that is whatever fits its name from O(groups[].start) on, the lowest numbers first, as many as the group lacks. C(--check) shows
        which. From then on they are members like all others, and may be deleted when the group becomes smaller.
      - A server of another fleet is always an error.
    type: bool
    default: false
  purge:
    description:
      - Whether to delete members that are not wished for, groups that became smaller included. It needs O(max_delete) too.
      - Without a wish for at least one server it is refused; O(state=absent) is for that.
    type: bool
    default: false
  max_delete:
    description:
      - How many servers may be deleted, recreated ones included. A plan that deletes more is refused as a whole, before anything is sent.
    type: int
    default: 0
  delete_order:
    description: Which servers of a group go first when it becomes smaller. What comes first decides, the next where that is equal.
    type: list
    elements: str
    choices: [errored, highest_number, newest, oldest]
    default: [errored, highest_number]
  delete_wait:
    description: When a delete is done; once the server is V(gone), or as soon as the cloud has V(accepted) it.
    type: str
    choices: [gone, accepted]
    default: gone
  ignore_protection:
    description: Whether to delete, rebuild or recreate servers whose metadata have C(ansible_protected) set to C("true").
    type: bool
    default: false
  drift_policy:
    description: What to do when something differs that is not changed. It is returned in RV(servers[].drift) in any case.
    type: str
    choices: [warn, fail, ignore]
    default: warn
  concurrency:
    description: How many requests may be on their way at once. How many servers are built at once is up to the cloud.
    type: int
    default: 10
  max_unavailable:
    description:
      - How many servers may be out of service at once for a resize or a rebuild, as a number or in percent of the servers wished for.
        Members in ERROR count unless they are to go, and so does a server whose resize or rebuild fails, so that a bad image stops after so many.
      - Members that are found in a resize, a rebuild or a migration count until that is over, also with O(wait=false), so that the task, run again, interrupts
        no more of them than before.
      - Stopping and starting are not held back by it, since they are what was wished for. Reboots in batches are the role
        P(rackspace.cloud.rolling_update#role).
    type: str
    default: "1"
  on_failure:
    description:
      - What to do when a server fails. V(continue) goes on with the others. V(stop) ends what was begun and begins nothing more; when a failure is foreseen,
        nothing is begun at all.
    type: str
    choices: [continue, stop]
    default: continue
notes:
  - Creates come first, then, once they are through, deletes. So the account needs room for both.
  - O(purge) deletes nothing in a region in which a server that is wished for failed, in its build or otherwise, or was found in ERROR; what is left
    says so in RV(servers[].error). So that this is known, the servers of such a region are awaited also with O(wait=false).
  - Right before a server is deleted or rebuilt it is judged once more. One that somebody protected, renamed or took out of the fleet since the
    plan was made is left alone. To one that is told by its ID only the protection matters.
  - The guide to the migration from C(rax), C(docs/docsite/rst/migration_from_rax.rst) in the collection, has a table of its options.
seealso:
  - module: rackspace.cloud.server
  - module: rackspace.cloud.limits_info
"""

EXAMPLES = r"""
- name: Three web servers and a database
  rackspace.cloud.fleet:
    name: shop
    region: DFW
    defaults:
      image: Debian 12 (Bookworm) (Cloud)
      key_name: deploy
    groups:
      - name: web%02d
        count: 3
        flavor: general1-2
        metadata:
          role: web
    servers:
      - name: db1
        flavor: general1-8
        metadata:
          role: db
          ansible_protected: true
  register: shop

- name: Use them in the same play
  ansible.builtin.add_host:
    name: "{{ item.name }}"
    ansible_host: "{{ item.access_ipv4 }}"
    groups: shop
  loop: "{{ shop.servers }}"
  loop_control:
    label: "{{ item.name }}"

- name: Scale the web servers down to two, the newest goes
  rackspace.cloud.fleet:
    name: shop
    region: DFW
    groups:
      - name: web%02d
        count: 2
    pattern: db*
    servers:
      - name: db1
    purge: true
    max_delete: 1
    delete_order: [errored, newest]

- name: Make all of them larger, a quarter at a time, and stop at the first that fails
  rackspace.cloud.fleet:
    name: shop
    region: DFW
    groups:
      - name: web%02d
        count: 4
        image: Debian 12 (Bookworm) (Cloud)
        flavor: general1-4
        resize_policy: confirm
    max_unavailable: 25%
    on_failure: stop

- name: Take in servers that were made otherwise, in two regions
  rackspace.cloud.fleet:
    name: edge
    adopt: true
    groups:
      - name: edge%d
        count: 4
        region: DFW
      - name: edge%d
        count: 4
        region: ORD

- name: Delete the whole fleet, the protected database too
  rackspace.cloud.fleet:
    name: shop
    region: DFW
    state: absent
    groups:
      - name: web%02d
        count: 0
    pattern: db*
    max_delete: 5
    ignore_protection: true
"""

RETURN = r"""
servers:
  description: Each server of the fleet, by name, as it is in the end; in check mode as it would be.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      type: str
    id:
      description: Its ID; V(none) in check mode for one that is not there yet.
      type: str
    region:
      description: Its region; V(none) where the cloud has none.
      type: str
    status:
      description: Its status; V(none) when it is gone.
      type: str
    action:
      description:
        - What was to be done with it. C(create), C(recreate), C(delete), C(rebuild), C(resize), C(power), C(update), C(wait) for what somebody else began, or
          C(keep).
      type: str
    actions:
      description: What was done, in order; in check mode what would be.
      type: list
      elements: str
    error:
      description: Why it is not as wished, or V(none). Begins with C(not begun) when nothing was tried.
      type: str
    why:
      description: Why it is deleted, or kept though nobody wishes for it.
      type: str
    drift:
      description: What differs from the task and is not changed, each with C(field), C(wanted) and C(found).
      type: list
      elements: dict
    drift_unknown:
      description: Options that no record of the cloud shows, so that a difference cannot be seen.
      type: list
      elements: str
    access_ipv4:
      description: Its IPv4 address for access, where the cloud tells one.
      type: str
    access_ipv6:
      description: Its IPv6 address for access, where the cloud tells one.
      type: str
    addresses:
      description: Its addresses, by network.
      type: dict
  sample:
    - access_ipv4: 198.51.100.7
      access_ipv6: ""
      action: create
      actions: [create]
      addresses: {public: [{addr: 198.51.100.7, version: 4}]}
      drift: []
      drift_unknown: []
      error: null
      id: ef08aa7a-b5e4-4bb8-86df-5ac56230f841
      name: web01
      region: DFW
      status: ACTIVE
      why: null
plan:
  description: What was to be done when the task began, for each server that something is done with.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the server.
      type: str
    id:
      description: Its ID, V(none) when it was not there.
      type: str
    region:
      description: Its region.
      type: str
    action:
      description: As in RV(servers[].action).
      type: str
    steps:
      description: The actions, in order.
      type: list
      elements: str
    why:
      description: Why it is deleted.
      type: str
    before:
      description: The fields that change, as they were.
      type: dict
    after:
      description: The fields that change, as they are to be.
      type: dict
  sample: [{action: resize, after: {flavor: general1-4}, before: {flavor: general1-2}, id: ef08aa7a-b5e4-4bb8-86df-5ac56230f841, name: web01,
    region: DFW, steps: [resize, confirm_resize], why: null}]
summary:
  description: How many servers there are of each RV(servers[].action).
  returned: always
  type: dict
  sample: {create: 2, keep: 1}
strangers:
  description:
    - Servers that carry the name of the fleet in their metadata and have a name that the task does not know, each with C(name), C(id), C(region) and
      C(why). They are left alone.
  returned: always
  type: list
  elements: dict
  sample: []
actions:
  description: What was done, each with the name of the server, in the order of the plan; in check mode what would be.
  returned: always
  type: list
  elements: str
  sample: [create web01, create web02]
diff:
  description: The servers that change, before and after, as two tables of text; in check mode as they would.
  returned: always
  type: dict
  sample:
    after: "web01  ACTIVE  general1-4  3afe97b2-26dc-49c5-a2cc-a2fc8d80c001\n"
    after_header: fleet shop as it will be
    before: "web01  ACTIVE  general1-2  3afe97b2-26dc-49c5-a2cc-a2fc8d80c001\n"
    before_header: fleet shop as it is
"""

from ..module_utils import arguments, fleet_wish
from ..module_utils.fleet_work import Work
from ..module_utils.runner import run_many

SPEC = dict(
    name=dict(type="str", required=True),
    state=dict(type="str", choices=["present", "absent"], default="present"),
    defaults=dict(type="dict", options=fleet_wish.WISH),
    servers=dict(type="list", elements="dict", options=fleet_wish.SERVER),
    groups=dict(type="list", elements="dict", options=fleet_wish.GROUP),
    regions=dict(type="list", elements="str"),
    pattern=dict(type="str"),
    ids=dict(type="list", elements="str", aliases=["instance_ids"]),
    adopt=dict(type="bool", default=False),
    purge=dict(type="bool", default=False),
    max_delete=dict(type="int", default=0),
    delete_order=dict(type="list", elements="str", choices=["errored", "highest_number", "newest", "oldest"], default=["errored", "highest_number"]),
    delete_wait=dict(type="str", choices=["gone", "accepted"], default="gone"),
    ignore_protection=dict(type="bool", default=False),
    drift_policy=dict(type="str", choices=["warn", "fail", "ignore"], default="warn"),
    concurrency=dict(type="int", default=10),
    max_unavailable=dict(type="str", default="1"),
    on_failure=dict(type="str", choices=["continue", "stop"], default="continue"),
    progress=arguments.PROGRESS,
)


def main():
    run_many(Work, SPEC)


if __name__ == "__main__":
    main()
