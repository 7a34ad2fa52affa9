#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Images: what servers are made of."""

from __future__ import annotations

DOCUMENTATION = r"""
module: image_info
short_description: List images, or find the newest that matches
version_added: 1.0.0
description:
  - Lists the images of a region, the newest first.
  - Name, status, server and time are filtered by the cloud.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes.info
options:
  image:
    description:
      - Name or ID of an image. All images of the name are returned; names of images are not unique.
    type: str
    aliases: [name, id]
  pattern:
    description: Pattern of the name, with the wildcards V(*), V(?) and V([]).
    type: str
  status:
    description: Status of the image, as V(ACTIVE) or V(SAVING).
    type: str
  type:
    description: Whether it came with the cloud or was made of a server.
    type: str
    choices: [base, snapshot]
  server:
    description: Name or ID of the server that the image was made of.
    type: str
  metadata:
    description: Metadata that the image must have, with their values; keys are compared without regard to case.
    type: dict
  changes_since:
    description: Only images that changed since this time, ISO 8601.
    type: str
  newest:
    description: Whether to return only the newest image that matches. It is one that is ACTIVE, unless O(status) says otherwise.
    type: bool
    default: false
seealso:
  - module: rackspace.cloud.server
  - module: rackspace.cloud.image
"""

EXAMPLES = r"""
- name: Find the newest image of a distribution
  rackspace.cloud.image_info:
    pattern: "Debian 12*"
    type: base
    newest: true
  register: result

- name: List what was made of a server
  rackspace.cloud.image_info:
    server: web1
    type: snapshot
  register: result
"""

RETURN = r"""
images:
  description: The images that match, the newest first.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the image.
      type: str
      sample: e3d37ab2-8dc0-4000-b773-b15aad79ad0a
    name:
      description: Name of the image.
      type: str
      sample: web1-before-upgrade
    status:
      description: ACTIVE, SAVING, ERROR or another word of the cloud.
      type: str
      sample: ACTIVE
    progress:
      description: How much is done, in percent.
      type: int
      sample: 100
    created:
      description: When it was made, ISO 8601.
      type: str
      sample: '2026-11-01T09:12:33Z'
    updated:
      description: When it was changed, ISO 8601.
      type: str
      sample: '2026-11-01T09:20:01Z'
    min_disk:
      description: System disk that it needs, in GB.
      type: int
      sample: 20
    min_ram:
      description: Memory that it needs, in MB.
      type: int
      sample: 512
    size:
      description: Size in bytes, where the cloud tells.
      type: int
      sample: 5562828800
    server:
      description: The server that it was made of, with its C(id); absent for images that came with the cloud.
      type: dict
      sample: {id: f879f81a-5455-4e57-a0aa-3773e21c2259}
    metadata:
      description: Metadata, as the cloud and users set them.
      type: dict
      sample: {image_type: snapshot}
"""

from ..module_utils import errors, images, lookup, metadata, patterns
from ..module_utils.plan import known
from ..module_utils.records import record
from ..module_utils.runner import run_info

SPEC = dict(
    image=dict(type="str", aliases=["name", "id"]),
    pattern=dict(type="str"),
    status=dict(type="str"),
    type=dict(type="str", choices=["base", "snapshot"]),
    server=dict(type="str"),
    metadata=dict(type="dict"),
    changes_since=dict(type="str"),
    newest=dict(type="bool", default=False),
)


def fetch(cloud, params):
    api = cloud.compute
    found = images.newest_first(image for image in candidates(api, params) if fits(image, params))
    if params["newest"]:
        found = [image for image in found if params["status"] or image.get("status") == "ACTIVE"][:1]
    return {"images": [record(image) for image in found]}


def candidates(api, params):
    """The images to look at, filtered by the cloud as far as it can."""
    query = asked(api, params)
    wanted = params["image"]
    image = images.get(api, wanted) if wanted and lookup.UUID.match(wanted) else None
    found = [image] if image else images.every(api, query if wanted is None else dict(query, name=wanted))
    return [image for image in found
            if image.get("status") != "DELETED" and wanted in (None, image["id"], image.get("name"))
            and query.get("server") in (None, (image.get("server") or {}).get("id"))]


def asked(api, params):
    """The filters of the cloud that the options mean."""
    query = known(status=params["status"])
    if params["changes_since"]:
        query["changes-since"] = params["changes_since"]
    if params["server"] is not None:
        server = lookup.server(api, params["server"])
        if server is None:
            raise errors.NotFound("There is no server %r in %s. An image of a server that is gone is found by name, pattern or "
                                  "metadata." % (params["server"], api))
        query["server"] = server["id"]
    if api.cloud.access.is_rackspace:
        query.update(known(type=params["type"]))
    return query


def fits(image, params):
    """What the cloud may not have filtered."""
    items = {key.lower(): value for key, value in (image.get("metadata") or {}).items()}
    return (patterns.matches(image.get("name"), params["pattern"])
            and (params["status"] is None or image.get("status") == params["status"].upper())
            and (params["type"] is None or images.is_snapshot(image) == (params["type"] == "snapshot"))
            and all(items.get(key) == value for key, value in (metadata.lowered(metadata.strings(params["metadata"])) or {}).items()))


def main():
    run_info(fetch, "list images", SPEC, mutually_exclusive=[("image", "pattern")])


if __name__ == "__main__":
    main()
