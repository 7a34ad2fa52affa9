#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One image of a server, and how many older ones are kept."""

from __future__ import annotations

DOCUMENTATION = r"""
module: image
short_description: Make an image of a server, keep the newest few, delete images
version_added: 1.0.0
description:
  - Makes sure that there is an image of this name, made of a server, and waits until it can be used.
  - With O(keep) it deletes the older ones of a pattern or of a tag in their metadata. An image that a server of this region was made of,
    and a protected one, stay.
  - A create is never doubled. It carries a random item C(ansible_create_id) in the metadata, by which the image is found when the answer of
    the cloud gets lost.
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
    details: With O(force) an image is made each time, and a change is always reported.
options:
  name:
    description:
      - Name of the image. One of this name that is there already, and not in ERROR, is the image, whatever server it was made of; a warning tells when
        it was another.
      - Two images of one name are an error that lists their IDs, unless O(force) is true.
    type: str
  id:
    description: ID of the image. Such an image must exist, unless O(state=absent).
    type: str
  server:
    description: Name or ID of the server to make the image of. Needed when there is no image O(name) yet.
    type: str
  state:
    description: Whether the image is to be there. V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
  force:
    description: Whether to make an image though there is one of that name. Names of images need not be unique.
    type: bool
    default: false
  metadata:
    description:
      - Metadata of the image. Items are added and changed; others stay, unless O(purge_metadata) is true.
      - Values are strings; numbers and booleans are turned into them. Clouds keep the keys of images in lower case, so they are compared that way.
    type: dict
    aliases: [meta]
  purge_metadata:
    description:
      - Whether to remove items that O(metadata) does not list. What the cloud writes on images and needs to make servers of them (as C(image_type),
        C(os_*), C(auto_disk_config)), what is the provider's (as C(com.rackspace__*)) and ours (C(ansible_*)) always stay.
    type: bool
    default: false
  keep:
    description:
      - How many images that fit O(rotate_pattern) and O(rotate_metadata) to keep, the newest ones. The image of this task counts when it fits.
      - Only images that were made of servers and are ACTIVE count. Older ones are deleted once the new one is ACTIVE.
    type: int
  rotate_pattern:
    description: Pattern of the names that count for O(keep), with the wildcards V(*), V(?) and V([]).
    type: str
  rotate_metadata:
    description: Metadata that an image must have to count for O(keep), with their values.
    type: dict
  max_delete:
    description:
      - How many images O(keep) may delete at most. When there are more, nothing at all is done and the task fails with their names.
    type: int
    default: 0
  ignore_protection:
    description: Whether to delete images whose metadata has C(ansible_protected) set to C("true").
    type: bool
    default: false
seealso:
  - module: rackspace.cloud.image_info
  - module: rackspace.cloud.server_action
"""

EXAMPLES = r"""
- name: An image before the upgrade
  rackspace.cloud.image:
    name: web1-before-upgrade
    region: DFW
    server: web1
    metadata:
      purpose: upgrade

- name: An image each day, of which the newest seven are kept
  rackspace.cloud.image:
    name: "web1-{{ now(utc=true).strftime('%Y-%m-%d') }}"
    region: DFW
    server: web1
    metadata:
      rotation_of: web1
    rotate_metadata:
      rotation_of: web1
    keep: 7
    max_delete: 1

- name: See which ones would go
  rackspace.cloud.image:
    region: DFW
    rotate_pattern: "web1-????-??-??"
    keep: 3
    max_delete: 100
  check_mode: true
  register: result

- name: Delete an image
  rackspace.cloud.image:
    name: web1-before-upgrade
    region: DFW
    state: absent
"""

RETURN = r"""
image:
  description:
    - The image as the cloud knows it now, with the fields that M(rackspace.cloud.image_info) describes; V(none) when it is gone, or when the task
      names none.
    - In check mode as it would be.
  returned: always
  type: dict
  sample:
    id: e3d37ab2-8dc0-4000-b773-b15aad79ad0a
    metadata: {image_type: snapshot, purpose: upgrade}
    name: web1-before-upgrade
    progress: 100
    server: {id: ef08aa7a-b5e4-4bb8-86df-5ac56230f841}
    status: ACTIVE
surplus:
  description:
    - The images beyond the newest O(keep), the newest first, each with C(id), C(name), C(created) and C(spared), which is the reason why it stays, or
      V(none) for one that goes.
  returned: with O(keep)
  type: list
  elements: dict
  sample: [{created: '2026-11-01T09:12:33Z', id: 7d9e9f0a-0d9b-4b5f-a3f1-2f7c1d6d8f11, name: web1-2026-11-01, spared: null}]
actions:
  description: What was done, in order; in check mode what would be. C(rotate) stands for each image that O(keep) deleted.
  returned: always
  type: list
  elements: str
  sample: [create, rotate]
diff:
  description: What was changed, before and after; in check mode what would be.
  returned: always
  type: dict
  sample: {after: {images: [web1-2026-11-02]}, before: {images: [web1-2026-11-02, web1-2026-11-01]}}
"""

from ..module_utils import arguments, errors, image_plan, image_steps, images, limits, lookup, metadata, servers
from ..module_utils.plan import known
from ..module_utils.records import record
from ..module_utils.runner import Resource, run

SPEC = dict(
    name=dict(type="str"),
    id=dict(type="str"),
    server=dict(type="str"),
    state=dict(type="str", choices=["present", "absent"], default="present"),
    force=dict(type="bool", default=False),
    metadata=dict(type="dict", aliases=["meta"]),
    purge_metadata=dict(type="bool", default=False),
    keep=dict(type="int"),
    rotate_pattern=dict(type="str"),
    rotate_metadata=dict(type="dict"),
    max_delete=dict(type="int", default=0),
    ignore_protection=dict(type="bool", default=False),
    progress=arguments.PROGRESS,
)


def current(task):
    """The record of the image, None when there is none, or when a new one is to be made in any case."""
    api, params = task.cloud.compute, task.params
    absent = params["state"] == "absent"
    check_rotation(params)
    lookup.check_name(params["name"])
    if params["id"] is not None:
        found = images.get(api, params["id"])
        if images.gone(found) and not absent:
            raise errors.NotFound("there is no image with the id %s in %s. image_info lists those that there are." % (params["id"], api))
        if found and params["name"] not in (None, found.get("name")):
            raise errors.BadInput("id is %s, an image called %r, and name is %r. Leave one of them out; an image cannot be renamed here."
                                  % (params["id"], found.get("name"), params["name"]))
        return None if images.gone(found) else record(found)
    if params["name"] is None or (params["force"] and not absent):
        return None
    found = lookup.only([image for image in images.named(api, params["name"]) if absent or image.get("status") != "ERROR"], "image", params["name"])
    return record(found) if found else None


def check_rotation(params):
    """What is to be deleted must be said on purpose."""
    if params["keep"] is None:
        return
    if params["state"] == "absent":
        raise errors.BadInput("keep: with state: absent nothing is kept. Leave one of them out.")
    if params["keep"] < 1:
        raise errors.BadInput("keep is %d; at least 1 image is kept. To delete all, name them with state: absent." % params["keep"])
    if not params["rotate_pattern"] and not params["rotate_metadata"]:
        raise errors.BadInput("keep needs rotate_pattern or rotate_metadata, to tell which images count.")


def desired(task, now):
    """What image_plan plans by; asks for the server and for other images only where they matter."""
    api, params = task.cloud.compute, task.params
    want = known(
        state=params["state"], name=params["name"], purge_metadata=params["purge_metadata"], ignore_protection=params["ignore_protection"],
        metadata=metadata.lowered(metadata.strings(params["metadata"]), now=(now or {}).get("metadata") or ()))
    if params["state"] == "absent":
        return want
    if now is None and params["name"] is not None:
        want["server"] = origin(api, params)
        limits.metadata_room(api, "max_image_meta", {}, want.get("metadata") or {}, [])
    elif now and params["server"] is not None:
        warn_of_another_origin(task, now)
    if now and "metadata" in want:
        setting, removing = metadata.changes(now["metadata"], want["metadata"], params["purge_metadata"], metadata.kept_on_image)
        limits.metadata_room(api, "max_image_meta", now["metadata"], setting, removing)
    if params["keep"] is not None:
        want.update(known(
            keep=params["keep"], max_delete=params["max_delete"], pattern=params["rotate_pattern"],
            match=metadata.lowered(metadata.strings(params["rotate_metadata"], "rotate_metadata"), "rotate_metadata")))
        want["images"] = [record(image) for image in images.every(api) if images.is_snapshot(image)]
        making = now is None and params["name"] is not None
        want["users"] = users(api) if image_plan.beyond(now, want, making) else {}
        task.results["surplus"] = image_plan.surplus(now, want)
    return want


def origin(api, params):
    """The record of the server to make the image of."""
    if params["server"] is None:
        raise errors.NotFound("there is no image %r in %s. Say in server what to make it of." % (params["name"], api))
    found = lookup.server(api, params["server"])
    if found is None:
        raise errors.NotFound("there is no server %r in %s to make it of. server_info lists those that there are." % (params["server"], api))
    return record(found)


def warn_of_another_origin(task, now):
    """The name decides; that it is the image of another server is said."""
    wanted, made_of = task.params["server"], images.origin(now)
    if made_of == wanted:
        return
    server = lookup.server(task.cloud.compute, wanted)
    if server and server["id"] != made_of:
        task.warn("%s was made of %s, not of %s. It stays as it is; to make one of that server, use another name, or force." % (
            images.title(now), "server %s" % made_of if made_of else "no server that the cloud names", servers.title(server)))


def users(api):
    """{image id: title of a server that was made of it}."""
    return {server["image"]["id"]: servers.title(server) for server in servers.every(api) if server.get("image")}


def title(now, params):
    if now is None and params["name"] is None and params["id"] is None:
        return "images %s" % (params["rotate_pattern"] or "of this metadata")
    name = (now or params)["name"]
    return "image %s" % (repr(name) if name else params["id"]) + (" (%s)" % now["id"] if now and now["id"] else "")


IMAGE = Resource(current, desired, image_plan.plan, image_steps.STEPS, image_plan.foresee, title)


def main():
    run(IMAGE, "image", SPEC, required_one_of=[("name", "id", "keep")],
        required_if=[("state", "absent", ["name", "id"], True)],
        required_by={"rotate_pattern": ["keep"], "rotate_metadata": ["keep"]})


if __name__ == "__main__":
    main()
