#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One action on a server."""

from __future__ import annotations

DOCUMENTATION = r"""
module: server_action
short_description: Reboot, rebuild, resize, rescue, shelve a server and more
version_added: 1.0.0
description:
  - Does one thing to a server, waits until the cloud is through with it, and returns the server.
  - An action that the state of the server forbids is refused before it is sent, with the states that would do.
  - A server that is still at work for somebody else, be it another task or the cloud itself, is waited for first.
  - M(rackspace.cloud.server) declares what a server is; this module is for what has to be done once, or step by step.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.wait
  - rackspace.cloud.progress
  - rackspace.cloud.attributes
attributes:
  idempotent:
    description: Running the same task again changes nothing.
    support: partial
    details:
      - V(reboot), V(rebuild), V(change_password), V(create_image) and V(reset_network) are done each time, and always report a change.
        So do V(lock) and V(unlock) on clouds that do not show whether a server is locked.
      - All others change nothing when the server already is where they lead.
options:
  server:
    description: Name or ID of the server.
    type: str
    required: true
  action:
    description:
      - V(reboot) asks the operating system to restart, or cuts the power with O(reboot_type=hard).
      - V(rebuild) makes the disk anew from O(image), by default the one that the server has. All data on the disk are lost; addresses stay.
      - V(resize) moves the server to O(flavor), with a reboot, and leaves it to be confirmed or reverted. Rackspace confirms by itself after a day.
      - V(confirm_resize) and V(revert_resize) end a resize. Without one that waits there is nothing to do.
      - V(change_password) sets O(admin_password), which needs the agent of the cloud in the server.
      - V(create_image) makes an image called O(name), each time. M(rackspace.cloud.image) makes one unless it is there.
      - V(start) and V(stop) switch the server on and off.
      - V(pause) and V(unpause) halt it in memory, V(suspend) and V(resume) on the disk of its host.
      - V(lock) and V(unlock) forbid and allow further actions.
      - V(rescue) boots it from a rescue image with its disk attached, V(unrescue) from its own disk again.
      - V(shelve) keeps it as an image and frees its host, V(unshelve) brings it back; V(shelve_offload) frees the host of a shelved
        server, for administrators. Rackspace Cloud Servers has none of the three.
      - V(reset_network) has the agent of the cloud set up the network in the server anew, at Rackspace.
      - V(console_output) returns what was written on the console. It changes nothing. Rackspace Cloud Servers does not offer it.
    type: str
    required: true
    choices:
      - reboot
      - rebuild
      - resize
      - confirm_resize
      - revert_resize
      - change_password
      - create_image
      - start
      - stop
      - pause
      - unpause
      - suspend
      - resume
      - lock
      - unlock
      - rescue
      - unrescue
      - shelve
      - unshelve
      - shelve_offload
      - reset_network
      - console_output
  reboot_type:
    description: Whether V(reboot) asks the operating system or cuts the power. V(hard) also helps a server that is in ERROR, off or stuck.
    type: str
    choices: [soft, hard]
    default: soft
  flavor:
    description: Name or ID of the flavor, for V(resize).
    type: str
  image:
    description: Name or ID of the image, for V(rebuild) and V(rescue).
    type: str
  name:
    description: Name of the image that V(create_image) makes, or a new name of the server for V(rebuild).
    type: str
  metadata:
    description:
      - Metadata of the image that V(create_image) makes.
      - For V(rebuild), metadata of the server. Items are added and changed; others stay, unless O(purge_metadata) is true.
    type: dict
    aliases: [meta]
  purge_metadata:
    description:
      - Whether V(rebuild) removes items that O(metadata) does not list. Those of the provider (C(rax_*), C(rackconnect*), C(rax:*),
        C(build_config), C(com.rackspace__*), C(org.openstack__*)) and ours (C(ansible_*)) always stay.
    type: bool
    default: false
  admin_password:
    description:
      - Password of the administrator, for V(change_password), V(rebuild) and V(rescue). The last two have one generated without it, which is
        dropped unless O(return_password) is true.
    type: str
  files:
    description: Files to put into the server with V(rebuild). How many, and how large, is up to the cloud; Rackspace takes 5 of 1000 bytes.
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
  access_ipv4:
    description: The IPv4 address that the record names for access, for V(rebuild).
    type: str
  access_ipv6:
    description: The IPv6 address that the record names for access, for V(rebuild).
    type: str
  disk_config:
    description: Whether V(rebuild) and V(resize) size the partition to the disk (V(auto)) or leave it as it is (V(manual)).
    type: str
    choices: [auto, manual]
  lines:
    description: How many lines V(console_output) returns, counted from the end. Left out, all that the cloud keeps.
    type: int
  ignore_protection:
    description: Whether to rebuild a server whose metadata has C(ansible_protected) set to C("true").
    type: bool
    default: false
  return_password:
    description: Whether to return the password that V(rebuild), V(rescue) or V(change_password) set. Set C(no_log) on such a task.
    type: bool
    default: false
seealso:
  - module: rackspace.cloud.server
  - module: rackspace.cloud.image
"""

EXAMPLES = r"""
- name: Reboot a server that hangs
  rackspace.cloud.server_action:
    server: web1
    region: DFW
    action: reboot
    reboot_type: hard

- name: Make it larger
  rackspace.cloud.server_action:
    server: web1
    region: DFW
    action: resize
    flavor: general1-4

- name: Keep the new size
  rackspace.cloud.server_action:
    server: web1
    region: DFW
    action: confirm_resize

- name: Begin anew with another image, and keep the addresses
  rackspace.cloud.server_action:
    server: web1
    region: DFW
    action: rebuild
    image: Debian 12 (Bookworm) (Cloud)
    metadata:
      release: 2026-11
    files:
      - path: /etc/banner.txt
        content: Authorized use only.

- name: Set another password
  rackspace.cloud.server_action:
    server: web1
    region: DFW
    action: change_password
    admin_password: "{{ new_password }}"
  no_log: true

- name: Boot the rescue system, and learn its password
  rackspace.cloud.server_action:
    server: web1
    region: DFW
    action: rescue
    return_password: true
  register: rescued
  no_log: true

- name: Read the last lines of the console, where the cloud shows them
  rackspace.cloud.server_action:
    cloud: flex
    server: web1
    action: console_output
    lines: 20
  register: console
"""

RETURN = r"""
server:
  description:
    - The server as the cloud knows it now, with the fields that M(rackspace.cloud.server_info) describes.
    - In check mode as it would be.
  returned: always
  type: dict
  sample:
    flavor: {id: general1-4}
    id: ef08aa7a-b5e4-4bb8-86df-5ac56230f841
    name: web1
    status: VERIFY_RESIZE
    task_state: null
actions:
  description: What was done; in check mode what would be. Empty when there was nothing to do.
  returned: always
  type: list
  elements: str
  sample: [resize]
diff:
  description: What was changed, before and after; in check mode what would be.
  returned: always
  type: dict
  sample: {after: {flavor: general1-4, status: VERIFY_RESIZE}, before: {flavor: general1-2, status: ACTIVE}}
image_id:
  description: ID of the image that was made; V(none) in check mode.
  returned: with O(action=create_image)
  type: str
  sample: e3d37ab2-8dc0-4000-b773-b15aad79ad0a
image:
  description: The image that was made, with the fields that M(rackspace.cloud.image_info) describes; in check mode as it would be.
  returned: with O(action=create_image)
  type: dict
  sample: {id: e3d37ab2-8dc0-4000-b773-b15aad79ad0a, name: web1-before-upgrade, status: ACTIVE}
admin_password:
  description: The password of the administrator. A secret.
  returned: when O(return_password) is true and a password was set
  type: str
console_output:
  description: What was written on the console.
  returned: with O(action=console_output)
  type: str
  sample: "web1 login:"
"""

from ..module_utils import arguments, errors, images, lookup, metadata, server_action_steps, server_actions, server_request, server_wish, servers
from ..module_utils.plan import known
from ..module_utils.records import record
from ..module_utils.runner import Resource, run

SPEC = dict(
    server=dict(type="str", required=True),
    action=dict(type="str", required=True, choices=list(server_actions.ACTIONS)),
    reboot_type=dict(type="str", choices=["soft", "hard"], default="soft"),
    name=dict(type="str"),
    lines=dict(type="int"),
    ignore_protection=dict(type="bool", default=False),
    return_password=dict(type="bool", default=False, no_log=False),
    progress=arguments.PROGRESS,
    **{name: server_wish.SPEC[name] for name in (
        "flavor", "image", "metadata", "purge_metadata", "admin_password", "files", "access_ipv4", "access_ipv6", "disk_config")})
NEEDED = [("action", "resize", ["flavor"]), ("action", "change_password", ["admin_password"]), ("action", "create_image", ["name"])]
PARTICULAR = sorted({option for action in server_actions.ACTIONS.values() for option in action.options})


def current(task):
    """The record of the server. Raises NotFound, and BadInput for options that mean nothing to the action."""
    api, params = task.cloud.compute, task.params
    check_options(params)
    found = lookup.server(api, params["server"])
    if found is None:
        raise errors.NotFound("there is no server %r in %s. server_info lists those that there are." % (params["server"], api))
    return record(found)


def check_options(params):
    """Refuse what would be dropped in silence."""
    meant = server_actions.ACTIONS[params["action"]].options
    idle = [name for name in PARTICULAR if params[name] is not None and name not in meant]
    if idle:
        raise errors.BadInput("%s: the action %s does nothing with it. Leave it out; what %s takes is: %s." % (
            ", ".join(idle), params["action"], params["action"], ", ".join(meant) or "nothing of the kind"))


def desired(task, now):
    """What server_actions plans by: names become ids, files are read, metadata are merged."""
    api, params = task.cloud.compute, task.params
    want = known(
        action=params["action"], reboot_type=params["reboot_type"], name=params["name"], admin_password=params["admin_password"],
        access_ipv4=params["access_ipv4"], access_ipv6=params["access_ipv6"], lines=params["lines"],
        disk_config=params["disk_config"] and params["disk_config"].upper(), ignore_protection=params["ignore_protection"],
        metadata=metadata.strings(params["metadata"]), personality=server_request.personality(api, params["files"]),
        flavor=server_wish.chosen(api, lookup.flavor, params["flavor"], now.get("flavor")),
        image=server_wish.chosen(api, lookup.image, params["image"], now.get("image")))
    if want["action"] == "rebuild":
        complete_rebuild(api, want, now, params["purge_metadata"])
    if want["action"] == "create_image" and "metadata" in want:
        want["metadata"] = metadata.lowered(want["metadata"])
    return want


def complete_rebuild(api, want, now, purge):
    """A rebuild takes an image and all of the metadata; what the task does not say is as it was."""
    if "image" not in want:
        if not now.get("image"):
            raise errors.BadInput("server %r (%s) boots from a volume, and such a server cannot be rebuilt. Make a new one." % (now["name"], now["id"]))
        want["image"] = {"id": now["image"]["id"]}
    if want.get("name", now["name"]) != now["name"]:
        lookup.check_new_name(servers.named(api, want["name"]), "server", want["name"], now)
    if "metadata" in want:
        server_wish.check_metadata_count(api, dict(want, purge_metadata=purge), now)
        present = now.get("metadata") or {}
        want["metadata"] = metadata.after(present, *metadata.changes(present, want["metadata"], purge))


def review(task, plan):
    """What the action returns beside the server, as far as it is known before it."""
    params, now = task.params, task.results["reached"]
    if params["action"] == "console_output":
        want = known(action=params["action"], lines=params["lines"])
        return {"console_output": server_action_steps.console_output(task, now, want)}
    if params["action"] == "create_image":
        return {"image_id": None, "image": images.to_be(params["name"], metadata.lowered(metadata.strings(params["metadata"])) or {}, now["id"])}
    return {}


def title(now, params):
    return "server %r" % (now["name"] if now else params["server"]) + (" (%s)" % now["id"] if now else "")


SERVER_ACTION = Resource(current, desired, server_actions.plan, server_action_steps.STEPS, server_actions.foresee, title, review)


def main():
    run(SERVER_ACTION, "server", SPEC, required_if=NEEDED)


if __name__ == "__main__":
    main()
