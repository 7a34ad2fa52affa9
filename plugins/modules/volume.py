#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One volume of the block storage."""

from __future__ import annotations

DOCUMENTATION = r"""
module: volume
short_description: Create, change, grow and delete one volume
version_added: 1.0.0
description:
  - Makes one volume of the block storage what the task says. What is left out is left alone, what is given empty is made empty.
  - A volume is found by its name, or by its ID. Two volumes of one name are an error that lists their IDs.
  - A create is never doubled. It carries a random item C(ansible_create_id) in the metadata, by which the volume is found when the answer of
    the cloud gets lost.
  - Attaching is the work of M(rackspace.cloud.volume_attachment).
  - All versions of the service are spoken, as the catalog names them; at Rackspace that is version 1.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.wait
  - rackspace.cloud.attributes
options:
  name:
    description: Name of the volume. With O(id) too, the volume of that ID is renamed to it.
    type: str
  id:
    description: ID of the volume. Such a volume must exist, unless O(state=absent).
    type: str
  state:
    description: V(present) makes sure that the volume is there and as declared, V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
  size:
    description:
      - Size in GB. Needed to create a volume, unless it is made from a snapshot or another volume.
      - A larger size makes the volume grow, for which it must not be attached. No volume can shrink.
      - What is the least depends on the type; the cloud says so when it refuses.
    type: int
  description:
    description: A description.
    type: str
  volume_type:
    description: Type of a new volume, at Rackspace V(SATA) or V(SSD). On an existing one a difference is returned in RV(drift).
    type: str
  image:
    description: Name or ID of an image to fill a new volume from, so that servers can boot from it. A difference is returned in RV(drift).
    type: str
  snapshot:
    description: Name or ID of a volume snapshot to make a new volume from. A difference is returned in RV(drift).
    type: str
  source_volume:
    description: Name or ID of another volume to copy a new one from. A difference is returned in RV(drift).
    type: str
  availability_zone:
    description: Availability zone of a new volume. A difference is returned in RV(drift).
    type: str
  metadata:
    description:
      - Metadata of the volume. Items are added and changed; others stay, unless O(purge_metadata) is true.
      - Values are strings; numbers and booleans are turned into them.
    type: dict
    aliases: [meta]
  purge_metadata:
    description:
      - Whether to remove items that O(metadata) does not list. Those of the provider (as C(rax_*), C(storage-node)) and ours (C(ansible_*))
        always stay.
    type: bool
    default: false
  drift_policy:
    description: What to do when something differs that cannot be changed. It is returned in RV(drift) in any case.
    type: str
    choices: [warn, fail, ignore]
    default: warn
  ignore_protection:
    description: Whether to delete a volume whose metadata has C(ansible_protected) set to C("true").
    type: bool
    default: false
seealso:
  - module: rackspace.cloud.volume_info
  - module: rackspace.cloud.volume_attachment
"""

EXAMPLES = r"""
- name: A volume for data
  rackspace.cloud.volume:
    name: data1
    region: DFW
    size: 100
    volume_type: SSD
    metadata:
      role: db

- name: Let it grow
  rackspace.cloud.volume:
    name: data1
    region: DFW
    size: 200

- name: A volume to boot from
  rackspace.cloud.volume:
    name: root1
    region: DFW
    size: 100
    image: Debian 12 (Bookworm) (Cloud)

- name: A copy of a volume
  rackspace.cloud.volume:
    name: data2
    region: DFW
    source_volume: data1

- name: Remove a volume
  rackspace.cloud.volume:
    name: data2
    region: DFW
    state: absent
"""

RETURN = r"""
volume:
  description:
    - The volume as the cloud knows it now, with the fields that M(rackspace.cloud.volume_info) describes; V(none) when it is gone.
    - In check mode as it would be.
  returned: always
  type: dict
  sample:
    attachments: []
    bootable: false
    description: null
    id: f7b5e147-ac9a-4fca-bbd4-7d6363739b0e
    metadata: {role: db}
    name: data1
    size: 100
    status: available
    volume_type: SSD
actions:
  description: What was done, in order; in check mode what would be.
  returned: always
  type: list
  elements: str
  sample: [update, grow]
diff:
  description: What was changed, before and after; in check mode what would be.
  returned: always
  type: dict
  sample: {after: {size: 200}, before: {size: 100}}
drift:
  description: What differs from the task and cannot be changed, each with C(field), C(wanted) and C(found).
  returned: success
  type: list
  elements: dict
  sample: [{field: volume_type, found: SATA, wanted: SSD}]
drift_unknown:
  description: Options of the task that the record does not show, so that a difference cannot be seen.
  returned: success
  type: list
  elements: str
  sample: [snapshot]
"""

from ..module_utils import creation, drift, errors, identity, lookup, metadata, metadata_items, volume_plan, volumes, wait
from ..module_utils.plan import Started, known
from ..module_utils.runner import Resource, run

SPEC = dict(
    name=dict(type="str"),
    id=dict(type="str"),
    state=dict(type="str", choices=["present", "absent"], default="present"),
    size=dict(type="int"),
    description=dict(type="str"),
    volume_type=dict(type="str"),
    image=dict(type="str"),
    snapshot=dict(type="str"),
    source_volume=dict(type="str"),
    availability_zone=dict(type="str"),
    metadata=dict(type="dict", aliases=["meta"]),
    purge_metadata=dict(type="bool", default=False),
    drift_policy=drift.POLICY,
    ignore_protection=dict(type="bool", default=False),
)


def block(task):
    return task.cloud.service(identity.VOLUME)


def current(task):
    """The record of the volume, None when there is none. An ID must exist, unless the volume is to go anyway."""
    api, params = block(task), task.params
    lookup.check_name(params["name"])
    if params["id"] is None:
        found = lookup.only(volumes.named(api, params["name"]), "volume", params["name"])
        return volumes.record(found) if found else None
    found = volumes.get(api, params["id"])
    if volumes.alive(found):
        return volumes.record(found)
    if params["state"] == "absent":
        return None
    raise errors.NotFound("there is no volume with the id %s in %s. Leave id out to create one of that name, or correct it." % (params["id"], api))


def desired(task, now):
    """What was asked for and nothing else; for a volume that is not there yet, with the ``body`` of its create request."""
    params = task.params
    want = known(**{name: params[name] for name in SPEC if name not in ("id", "metadata", "drift_policy")}, metadata=metadata.strings(params["metadata"]))
    if now and params["state"] == "present" and params["name"] not in (None, now["name"]):
        lookup.check_new_name(volumes.named(block(task), params["name"]), "volume", params["name"], now)
    if now is None and params["state"] == "present":
        want["body"] = request(task, want)
    return want


def request(task, want):
    """The fields of a create request, in the names of the newer versions. Raises BadInput for what is missing."""
    if "size" not in want and "snapshot" not in want and "source_volume" not in want:
        raise errors.BadInput("there is no volume %r yet, and size (in GB) is needed to create it." % want["name"])
    find = {"image": lambda name: ("imageRef", lookup.image(task.cloud.compute, name)),
            "snapshot": lambda name: ("snapshot_id", volumes.snapshot(block(task), name)),
            "source_volume": lambda name: ("source_volid", source(task, name))}
    body = {name: want[name] for name in ("name", "size", "description", "volume_type", "availability_zone", "metadata") if name in want}
    for option in volume_plan.SOURCES:
        if option in want:
            field, found = find[option](want[option])
            body[field] = found["id"]
    return body


def source(task, wanted):
    found = volumes.find(block(task), wanted)
    if found is None:
        raise errors.NotFound("There is no volume %r in %s to copy from. volume_info lists what there is." % (wanted, block(task)))
    return found


def started(task, now, done, timeout=600):
    return Started(lambda: volumes.get(block(task), now["id"]), done, volumes.record, timeout)


def create(task, now, step):
    api, began = block(task), wait.now()
    body, since = step.body, task.cloud.transport.cloud_time()
    made, alone = creation.marked(
        lambda items: volumes.create(api, dict(body, metadata=items)), lambda: volumes.named(api, body["name"]),
        lambda volume: body.get("size") in (None, volume["size"]) and (wait.moment(volume.get("created_at")) or 0) >= since - 1,
        lambda volume: remove(api, volume), body.get("metadata") or {})

    def fetch():
        return volumes.get(api, made["id"]) or (dict(made, status="creating") if wait.now() - began < creation.YOUNG else None)
    return Started(fetch, creation.done_alone(volumes.becomes(volumes.calm, "make"), alone), volumes.record, 1800, made["id"])


def remove(api, volume):
    """Delete a volume that a lie made, once it is made: before, it cannot be deleted."""
    wait.until(lambda: volumes.get(api, volume["id"]), lambda seen: volumes.status(seen) not in volumes.PASSING, 600,
               "%s, a second one of this task" % volumes.title(volume))
    volumes.delete(api, volume["id"])


def settle(task, now, step):
    return started(task, now, volumes.becomes(volumes.calm, "settle"), 1800)


def update(task, now, step):
    volumes.update(block(task), now["id"], step.body)
    return started(task, now, volumes.there)


def set_metadata(task, now, step):
    metadata_items.update(block(task), volumes.path(now["id"]), step.body)
    return started(task, now, volumes.there)


def remove_metadata(task, now, step):
    for key in step.body:  # one request each, so that what others add meanwhile stays
        metadata_items.remove(block(task), volumes.path(now["id"]), key)
    return started(task, now, volumes.there)


def grow(task, now, step):
    volumes.extend(block(task), now["id"], step.after)
    return started(task, now, volumes.becomes(lambda volume: volumes.calm(volume) and volume["size"] >= step.after, "grow", "available"))


def delete(task, now, step):
    volumes.delete(block(task), now["id"])
    return started(task, now, volumes.deleted_from(volumes.status(now)), 900)


def title(now, params):
    name = (now or params)["name"]
    return "volume %s" % (repr(name) if name else params["id"]) + (" (%s)" % now["id"] if now and now["id"] else "")


def review(task, found):
    return drift.told(task, found, title(task.results["reached"], task.params), "Change the task, or make the volume anew.")


STEPS = {function.__name__: function for function in (create, settle, update, set_metadata, remove_metadata, grow, delete)}
VOLUME = Resource(current, desired, volume_plan.plan, STEPS, volume_plan.foresee, title, review)


def main():
    run(VOLUME, "volume", SPEC, required_one_of=[("name", "id")], mutually_exclusive=[volume_plan.SOURCES])


if __name__ == "__main__":
    main()
