#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Volumes at a server."""

from __future__ import annotations

DOCUMENTATION = r"""
module: volume_attachment
short_description: Attach volumes to a server and detach them
version_added: 1.0.0
description:
  - Makes sure that one or several volumes are attached to a server, or that they are not. Others at the server are left alone.
  - What counts is the status of the volume itself; the compute service may lag behind it.
  - Detaching is hard on a file system that is mounted. Unmount it first.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.wait
  - rackspace.cloud.attributes
options:
  server:
    description: Name or ID of the server.
    type: str
    required: true
  volume:
    description: Name or ID of the volume.
    type: str
  volumes:
    description: Names or IDs of several volumes, attached in this order.
    type: list
    elements: str
  state:
    description:
      - V(present) makes sure that the volumes are attached to the server.
      - V(absent) makes sure that they are not. Volumes and servers that are not there are fine then, and a volume at another server stays there.
    type: str
    choices: [present, absent]
    default: present
  device:
    description:
      - Name of the device to ask for, as V(/dev/xvdd). Left out, the cloud chooses.
      - Hypervisors may choose another all the same, so that a difference on a volume that is attached does not count.
    type: str
  move:
    description:
      - What to do with a volume that is attached to another server. V(false) is an error that names the server, V(true) detaches it there first.
    type: bool
    default: false
seealso:
  - module: rackspace.cloud.volume
  - module: rackspace.cloud.volume_attachment_info
"""

EXAMPLES = r"""
- name: Attach a volume
  rackspace.cloud.volume_attachment:
    region: DFW
    server: db1
    volume: data1
  register: result

- name: Show the device that the cloud chose
  ansible.builtin.debug:
    msg: "{{ result.volume_attachments[0].device }}"

- name: Attach several
  rackspace.cloud.volume_attachment:
    region: DFW
    server: db1
    volumes: [data1, data2]

- name: Hand a volume over to another server
  rackspace.cloud.volume_attachment:
    region: DFW
    server: db2
    volume: data1
    move: true

- name: Detach it
  rackspace.cloud.volume_attachment:
    region: DFW
    server: db2
    volume: data1
    state: absent
"""

RETURN = r"""
volume_attachments:
  description:
    - Each of the volumes that is there, in the order of the task, and where it is now. In check mode as it would be.
  returned: always
  type: list
  elements: dict
  contains:
    volume_id:
      description: ID of the volume.
      type: str
      sample: f7b5e147-ac9a-4fca-bbd4-7d6363739b0e
    volume_name:
      description: Name of the volume.
      type: str
      sample: data1
    status:
      description: Status of the volume, in-use when it is attached and available when it is not.
      type: str
      sample: in-use
    server_id:
      description: ID of the server that it is attached to, V(none) when it is to none.
      type: str
      sample: ef08aa7a-b5e4-4bb8-86df-5ac56230f841
    device:
      description: Name of the device there; the system in the server may give it another.
      type: str
      sample: /dev/xvdb
actions:
  description: What was done, in order; in check mode what would be.
  returned: always
  type: list
  elements: str
  sample: [detach, attach]
diff:
  description: For each volume that changes, the server before and after; in check mode what would be.
  returned: always
  type: dict
  sample: {after: {data1: db2}, before: {data1: ef08aa7a-b5e4-4bb8-86df-5ac56230f841}}
"""

from ..module_utils import attachments, creation, errors, identity, lookup, servers, volumes
from ..module_utils.conflicts import waited_out
from ..module_utils.plan import Plan, Started, Step
from ..module_utils.runner import Resource, run

SPEC = dict(
    server=dict(type="str", required=True),
    volume=dict(type="str"),
    volumes=dict(type="list", elements="str"),
    state=dict(type="str", choices=["present", "absent"], default="present"),
    device=dict(type="str"),
    move=dict(type="bool", default=False),
)
STATES = ("ACTIVE", "PAUSED", "SHUTOFF", "VERIFY_RESIZE", "SUSPENDED", "SHELVED", "SHELVED_OFFLOADED", "SOFT_DELETED")  # of a server, that will do
ENDS_AS = {"attaching": "in-use", "reserved": "in-use"}  # how a status that passes ends; every other one as available


def block(task):
    return task.cloud.service(identity.VOLUME)


def wanted(params):
    return [params["volume"]] if params["volume"] is not None else params["volumes"]


def current(task):
    """An entry for each volume that is there. What is missing is an error, unless nothing is to be attached."""
    api, params = task.cloud.compute, task.params
    task.server = lookup.server(api, params["server"])
    found = {name: volumes.find(block(task), name) for name in wanted(params)} if task.server or params["state"] == "present" else {}
    if params["state"] == "present":
        if task.server is None:
            raise errors.NotFound("there is no server %r in %s. server_info lists what there is." % (params["server"], api))
        missing = [name for name in found if found[name] is None]
        if missing:
            raise errors.NotFound("there is no volume %s in %s. volume_info lists what there is." % (" and no volume ".join(map(repr, missing)), api))
    unique = {volume["id"]: volume for volume in found.values() if volume}
    return [entry(volume, task.server["id"]) for volume in unique.values()]


def entry(volume, server_id):
    """Where a raw volume is: at the server when it is there, else at whichever it is at."""
    there = volumes.server_ids(volume)
    place = server_id if server_id in there else next(iter(there), None)
    return {"volume_id": volume["id"], "volume_name": volume.get("name"), "status": volumes.status(volume), "server_id": place,
            "device": volumes.device(volume, place)}


def desired(task, now):
    params, server = task.params, task.server or {}
    return {"state": params["state"], "move": params["move"], "device": params["device"], "server_id": server.get("id"),
            "server_name": server.get("name") or server.get("id"),
            "busy": bool(server) and (bool(server.get(servers.TASK)) or server["status"] in servers.PASSING)}


def plan(now, want):
    """Pure. now: entries; want: {state, move, device, server_id, server_name, busy}."""
    waiting = [Step("settle_volume", one["volume_id"], one["status"], None, body=one, changes=False) for one in now if one["status"] in volumes.PASSING]
    steps = [step for one in now for step in changes(ended(one, want), want)]
    if steps and want["busy"]:
        waiting.append(Step("settle_server", "server", body=want["server_id"], changes=False))
    return Plan(waiting + steps)


def ended(one, want):
    """An entry once what goes on with its volume is over, as far as that can be told."""
    if one["status"] not in volumes.PASSING:
        return one
    status = ENDS_AS.get(one["status"], "available")
    return dict(one, status=status, server_id=(one["server_id"] or want["server_id"]) if status == "in-use" else None)


def changes(one, want):
    """The steps for one volume."""
    name = one["volume_name"] or one["volume_id"]
    here = one["server_id"] == want["server_id"]
    leaving = Step("detach", name, want["server_name"] if here else one["server_id"], None, body=dict(one, device=None))
    if want["state"] == "absent":
        return [leaving] if here and one["server_id"] else []
    if here:
        return []
    arriving = Step("attach", name, None, want["server_name"], body=dict(one, server_id=want["server_id"], device=want["device"]))
    if one["status"] == "available":
        return [arriving]
    if one["status"] != "in-use":
        raise errors.WrongState("volume %r (%s) is %s; to attach it, it must be available." % (name, one["volume_id"], one["status"]),
                                ids=[one["volume_id"]], last_status=one["status"])
    if not want["move"]:
        raise errors.WrongState("volume %r (%s) is attached to another server, %s. Detach it there, or set move: true to have that done."
                                % (name, one["volume_id"], one["server_id"]), ids=[one["volume_id"]], last_status="in-use")
    return [leaving, arriving]


def started(task, now, body, done, timeout=600):
    """A step for the volume of an entry; the record is all entries, with this one as it is now."""
    volume_id = body["volume_id"]

    def record(raw):
        return [entry(raw, task.server["id"]) if one["volume_id"] == volume_id else one for one in now]
    return Started(lambda: volumes.get(block(task), volume_id), done, record, timeout)


def attach(task, now, step):
    api, body = task.cloud.compute, step.body

    def look():
        volume = volumes.get(block(task), body["volume_id"])
        return volume if volumes.arrives(volume, body["server_id"]) else None
    waited_out(task, body["server_id"], lambda: creation.once(
        lambda: attachments.attach(api, body["server_id"], body["volume_id"], body["device"]), look), STATES, "attach a volume to")
    return started(task, now, body, volumes.becomes(volumes.at(body["server_id"]), "attach", "available"))


def detach(task, now, step):
    api, body = task.cloud.compute, step.body

    def look():
        volume = volumes.get(block(task), body["volume_id"])
        return volume if volumes.leaves(volume, body["server_id"]) else None

    def send():
        # What was refused for its token and carried out all the same is sent again, and of a volume on its way services say 400.
        try:
            attachments.detach(api, body["server_id"], body["volume_id"])
        except errors.ApiError as error:
            if error.status not in (400, 409) or not look():
                raise
    waited_out(task, body["server_id"], lambda: creation.once(send, look), STATES, "detach a volume from")
    return started(task, now, body, volumes.becomes(volumes.away_from(body["server_id"]), "detach", "in-use"))


def settle_volume(task, now, step):
    return started(task, now, step.body, volumes.becomes(volumes.calm, "settle"), 1800)


def settle_server(task, now, step):
    return Started(lambda: servers.get(task.cloud.compute, step.body), servers.settled, lambda server: now, 1800)


def foresee(now, steps):
    """The entries as they will be."""
    for step in steps:
        body = step.body
        after = ({"status": "in-use", "server_id": body["server_id"], "device": body["device"]} if step.do == "attach"
                 else {"status": "available", "server_id": None, "device": None})
        now = [dict(one, **after) if one["volume_id"] == body["volume_id"] else one for one in now]
    return now


def title(now, params):
    names = wanted(params)
    return "volume%s %s at server %r" % ("s" if len(names) > 1 else "", " and ".join(map(repr, names)), params["server"])


STEPS = {function.__name__: function for function in (attach, detach, settle_volume, settle_server)}
ATTACHMENT = Resource(current, desired, plan, STEPS, foresee, title)


def main():
    run(ATTACHMENT, "volume_attachments", SPEC, required_one_of=[("volume", "volumes")],
        mutually_exclusive=[("volume", "volumes"), ("volumes", "device")])


if __name__ == "__main__":
    main()
