#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One key pair: imported, generated, replaced, removed."""

from __future__ import annotations

DOCUMENTATION = r"""
module: keypair
short_description: Import, generate, replace and remove an SSH key pair
version_added: 1.0.0
description:
  - Makes sure that a key pair of this name is there, and is that of the public key. Key pairs belong to a user, in one region.
  - A key pair of another key is replaced. Servers that were made with it keep what they have; their keys are a matter of their own
    systems.
  - Keys are compared by what they are, not by comments, blanks or line breaks.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes
options:
  name:
    description: Name of the key pair.
    type: str
    required: true
    aliases: [key_name]
  state:
    description: V(present) makes sure that the key pair is there, V(absent) removes it.
    type: str
    choices: [present, absent]
    default: present
  public_key:
    description:
      - The public key to import, in the form of OpenSSH.
      - Without it and O(public_key_file) the cloud generates a pair, unless one of this name is there, whatever its key.
    type: str
  public_key_file:
    description: A file to read the public key from, on the machine that the task runs on.
    type: path
  return_private_key:
    description:
      - Whether to return the private key of a generated pair. Set C(no_log) on such a task.
      - Needed where a pair would be generated. The cloud shows its private key only once, so the task fails before anything is sent.
    type: bool
    default: false
seealso:
  - module: rackspace.cloud.keypair_info
"""

EXAMPLES = r"""
- name: Import a public key
  rackspace.cloud.keypair:
    name: deploy
    region: DFW
    public_key: "{{ deploy_public_key }}"

- name: Import the one of this machine
  rackspace.cloud.keypair:
    name: laptop
    region: DFW
    public_key_file: ~/.ssh/id_ed25519.pub

- name: Have a pair generated
  rackspace.cloud.keypair:
    name: generated
    region: DFW
    return_private_key: true
  register: generated
  no_log: true

- name: Remove it
  rackspace.cloud.keypair:
    name: generated
    region: DFW
    state: absent
"""

RETURN = r"""
keypair:
  description:
    - The key pair as the cloud knows it now; V(none) when it is gone. In check mode as it would be.
  returned: always
  type: dict
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
actions:
  description: What was done, in order; in check mode what would be.
  returned: always
  type: list
  elements: str
  sample: [delete, create]
diff:
  description: What was changed, before and after; in check mode what would be.
  returned: always
  type: dict
  sample: {after: {fingerprint: '1e:2c:9b:56:79:4b:45:77:f9:ca:7a:98:2c:b0:d5:3c', name: deploy}, before: {}}
private_key:
  description: The private key of the pair that was generated. A secret.
  returned: when O(return_private_key) is true and a pair was generated
  type: str
"""

from ..module_utils import creation, errors, keypairs, lookup
from ..module_utils.plan import Plan, Started, Step
from ..module_utils.records import record
from ..module_utils.runner import Resource, run

SPEC = dict(
    name=dict(type="str", required=True, aliases=["key_name"], no_log=False),
    state=dict(type="str", choices=["present", "absent"], default="present"),
    public_key=dict(type="str", no_log=False),
    public_key_file=dict(type="path", no_log=False),
    return_private_key=dict(type="bool", default=False, no_log=False),
)


def current(task):
    lookup.check_name(task.params["name"])
    found = keypairs.get(task.cloud.compute, task.params["name"])
    return record(found) if found else None


def desired(task, now):
    """{state, name, public_key, return_private_key}."""
    params = task.params
    return {"state": params["state"], "name": params["name"], "return_private_key": params["return_private_key"],
            "public_key": given(params) if params["state"] == "present" else None}


def given(params):
    """The public key of the task, None when there is none."""
    if params["public_key_file"] is None:
        return params["public_key"]
    try:
        with open(params["public_key_file"], encoding="utf-8") as handle:
            return handle.read().strip()
    except (OSError, UnicodeError) as error:
        raise errors.BadInput("public_key_file %s cannot be read: %s." % (params["public_key_file"], getattr(error, "strerror", None) or error)) from error


def plan(now, want):
    """Pure. A key pair of another key is removed and imported anew; the API cannot change one. Raises BadInput for what is no key."""
    if want["state"] == "absent":
        return Plan([removal(now)] if now else [])
    if now is None:
        return Plan([making(want)])
    if want["public_key"] is None or keypairs.same(now, want["public_key"]):
        return Plan([])
    return Plan([removal(now), making(want)])


def removal(now):
    return Step("delete", None, {"name": now["name"], "fingerprint": now.get("fingerprint")}, {}, body=now["name"])


def making(want):
    public_key = want["public_key"]
    if public_key is None and not want["return_private_key"]:
        raise errors.BadInput("there is no key pair %r yet; without public_key the cloud generates one and shows its private key once, to nobody "
                              "here. Give public_key or public_key_file, or set return_private_key: true (and no_log: true)." % want["name"])
    shown = "(generated)" if public_key is None else keypairs.fingerprint(public_key)
    return Step("create", None, {}, {"name": want["name"], "fingerprint": shown}, body={"name": want["name"], "public_key": public_key})


def create(task, now, step):
    api, name, public_key = task.cloud.compute, step.body["name"], step.body["public_key"]

    def look():
        found = keypairs.get(api, name)
        if found and public_key is None:
            keypairs.delete(api, name)  # its private key was in the answer that got lost, so it is of no use to anybody
            return None
        return found if found and keypairs.same(found, public_key) else None
    made, _looked = creation.once(lambda: keypairs.create(api, name, public_key), look)
    if public_key is None:
        task.results["private_key"] = made.get("private_key")
    return Started(lambda: made, lambda keypair: True, record)


def delete(task, now, step):
    keypairs.delete(task.cloud.compute, step.body)
    return Started(lambda: keypairs.get(task.cloud.compute, step.body), lambda keypair: keypair is None, record)


def foresee(now, steps):
    """The record as it will be."""
    if not steps:
        return now
    if steps[-1].do == "delete":
        return None
    made = steps[-1].body
    return {"name": made["name"], "public_key": made["public_key"],
            "fingerprint": None if made["public_key"] is None else steps[-1].after["fingerprint"]}


def title(now, params):
    return "key pair %r" % params["name"]


KEYPAIR = Resource(current, desired, plan, {"create": create, "delete": delete}, foresee, title)


def main():
    run(KEYPAIR, "keypair", SPEC, waits=False, mutually_exclusive=[("public_key", "public_key_file")])


if __name__ == "__main__":
    main()
