#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The metadata of a server or an image."""

from __future__ import annotations

DOCUMENTATION = r"""
module: metadata
short_description: Set and remove metadata of a server or an image
version_added: 1.0.0
description:
  - Adds, changes and removes single items of the metadata of a server or an image; what the task does not name stays.
  - A cloud allows a number of items (Rackspace 40, an OpenStack 128 unless it was told otherwise), those that the provider writes among them.
    A task that would pass it is refused before anything is sent.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.wait
  - rackspace.cloud.attributes
options:
  server:
    description: Name or ID of the server.
    type: str
  image:
    description: Name or ID of the image. Clouds keep the keys of images in lower case, so they are compared that way.
    type: str
  state:
    description: Whether the items of O(metadata) are to be there, or those called O(keys) are not.
    type: str
    choices: [present, absent]
    default: present
  metadata:
    description:
      - The items. They are added and changed; others stay, unless O(purge_metadata) is true.
      - Values are strings; numbers and booleans are turned into them. Keys may hold any character that the cloud takes.
    type: dict
    aliases: [meta]
  purge_metadata:
    description:
      - Whether to remove items that O(metadata) does not list. Those of the provider (C(rax_*), C(rackconnect*), C(rax:*), C(build_config),
        C(com.rackspace__*), C(org.openstack__*)) and ours (C(ansible_*)) always stay; on an image also what the cloud needs to make servers
        of it (as C(image_type), C(os_*), C(auto_disk_config)).
    type: bool
    default: false
  keys:
    description: The keys of the items to remove, with O(state=absent). Here the provider's can be named too.
    type: list
    elements: str
  atomic:
    description:
      - Whether to replace everything with one request when more than one item has to go, so that nobody ever sees half of it. Items that somebody else
        adds at the same moment are lost then.
      - With V(false) each item that goes is removed by itself, and what others add meanwhile stays. Only keys with a slash in them can be removed in no
        other way.
    type: bool
    default: false
seealso:
  - module: rackspace.cloud.metadata_info
  - module: rackspace.cloud.server
  - module: rackspace.cloud.image
"""

EXAMPLES = r"""
- name: Tag a server
  rackspace.cloud.metadata:
    server: web1
    region: DFW
    metadata:
      role: web
      My Server Name: API Test Server 1

- name: Have these items, and no others but the provider's
  rackspace.cloud.metadata:
    server: web1
    region: DFW
    metadata:
      role: web
    purge_metadata: true

- name: Remove two items of an image
  rackspace.cloud.metadata:
    image: web1-before-upgrade
    region: DFW
    state: absent
    keys: [purpose, owner]
"""

RETURN = r"""
metadata:
  description: All items as they are now; in check mode as they would be.
  returned: always
  type: dict
  sample: {My Server Name: API Test Server 1, role: web}
actions:
  description: What was done, in order, of C(set), C(remove) and C(replace); in check mode what would be.
  returned: always
  type: list
  elements: str
  sample: [set, remove]
diff:
  description: The items that were changed, before and after; in check mode those that would be.
  returned: always
  type: dict
  sample: {after: {role: web}, before: {owner: nobody, role: db}}
"""

from ..module_utils import conflicts, errors, limits, metadata, metadata_items, metadata_owners, metadata_plan
from ..module_utils.plan import Started
from ..module_utils.runner import Resource, run

SPEC = dict(
    metadata_owners.SPEC,
    state=dict(type="str", choices=["present", "absent"], default="present"),
    metadata=dict(type="dict", aliases=["meta"]),
    purge_metadata=dict(type="bool", default=False),
    keys=dict(type="list", elements="str", no_log=False),
    atomic=dict(type="bool", default=False),
)


def current(task):
    """The items that there are; whose they are is kept for the steps."""
    task.owner_id, items = metadata_owners.items(task.cloud.compute, task.params)
    return items


def desired(task, now):
    params, kind = task.params, metadata_owners.kind(task.params)
    absent = params["state"] == "absent"
    if absent and params["metadata"] is not None:
        raise errors.BadInput("metadata: with state: absent the items are named in keys. Leave metadata out.")
    items = kind.stored(metadata.strings(params["metadata"]), "metadata", now)
    if "" in (items or ()):
        raise errors.BadInput("metadata: an item has an empty key, and none is allowed. Give it a name.")
    keys = sorted(kind.stored(dict.fromkeys(params["keys"] or () if absent else ()), "keys", now))
    setting, removing = metadata.changes(now, items, params["purge_metadata"], kind.stays)
    limits.metadata_room(task.cloud.compute, kind.limit, now, setting, removing)
    return {"metadata": items, "keys": keys, "purge": params["purge_metadata"], "atomic": params["atomic"], "stays": kind.stays}


def begin(task, send, absent=()):
    """Send a change; it is done at once. absent: the keys that must be gone then."""
    api, kind = task.cloud.compute, metadata_owners.kind(task.params)
    place = kind.path(task.owner_id)
    if kind.name == "server":
        conflicts.waited_out(task, task.owner_id, lambda: send(api, place), metadata.CHANGEABLE, "change the metadata of")
    else:
        send(api, place)

    def fetch():
        items = metadata_items.every(api, place)
        if items is None:
            raise errors.Failed("the %s is gone: somebody deleted it meanwhile. Run the task again to see what is there." % kind.name)
        return {"metadata": items}

    def done(seen):
        left = [key for key in absent if key in seen["metadata"]]
        if left:
            raise errors.Failed("the cloud says that %s is removed, and it is still there. Somebody may have set it again; run the task again. If it "
                                "stays, a service in between does not pass the request on." % ", ".join(map(repr, left)))
        return True
    return Started(fetch, done, lambda seen: seen["metadata"])


def set_items(task, now, step):
    """One item is put by itself, several go together."""
    def send(api, place):
        if len(step.body) == 1:
            metadata_items.put(api, place, *next(iter(step.body.items())))
        else:
            metadata_items.update(api, place, step.body)
    return begin(task, send)


def remove_items(task, now, step):
    def send(api, place):
        for key in step.body:
            metadata_items.remove(api, place, key)
    return begin(task, send, step.body)


def replace_items(task, now, step):
    return begin(task, lambda api, place: metadata_items.replace(api, place, step.body))


def title(now, params):
    kind = metadata_owners.kind(params)
    return "metadata of %s %r" % (kind.name, params[kind.name])


METADATA = Resource(current, desired, metadata_plan.plan, dict(set=set_items, remove=remove_items, replace=replace_items), metadata_plan.foresee, title)


def main():
    run(METADATA, "metadata", SPEC, required_one_of=[("server", "image")], mutually_exclusive=[("server", "image")],
        required_if=[("state", "present", ["metadata"]), ("state", "absent", ["keys"])])


if __name__ == "__main__":
    main()
