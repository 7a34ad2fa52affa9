#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The volumes of the block storage."""

from __future__ import annotations

DOCUMENTATION = r"""
module: volume_info
short_description: List volumes
version_added: 1.0.0
description:
  - Returns the volumes of one region that match. Volumes on their way out do not count.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes.info
options:
  volume:
    description: Name or ID of a volume. One that is not there is an empty list, and several of one name are all listed.
    type: str
    aliases: [name, id]
  pattern:
    description: Only volumes whose name fits this pattern, with the wildcards C(*), C(?) and C([...]).
    type: str
  status:
    description: Only volumes with this status, as V(available) or V(in-use).
    type: str
  metadata:
    description: Only volumes with all of these metadata items.
    type: dict
seealso:
  - module: rackspace.cloud.volume
  - module: rackspace.cloud.volume_attachment_info
"""

EXAMPLES = r"""
- name: List volumes that nobody uses
  rackspace.cloud.volume_info:
    region: DFW
    status: available
  register: result

- name: Look at one
  rackspace.cloud.volume_info:
    region: DFW
    volume: data1
  register: result

- name: Show where it is attached
  ansible.builtin.debug:
    msg: "{{ result.volumes | map(attribute='attachments') | flatten | map(attribute='server_id') }}"
"""

RETURN = r"""
volumes:
  description: The volumes that match, by name.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the volume.
      type: str
      sample: f7b5e147-ac9a-4fca-bbd4-7d6363739b0e
    name:
      description: Name of the volume.
      type: str
      sample: data1
    description:
      description: Description, V(none) where there is none.
      type: str
      sample: Tables of the shop
    status:
      description: available, in-use, creating, error or another word of the service.
      type: str
      sample: in-use
    size:
      description: Size in GB.
      type: int
      sample: 100
    volume_type:
      description: Type of the volume.
      type: str
      sample: SSD
    bootable:
      description: Whether a server can boot from it.
      type: bool
      sample: false
    availability_zone:
      description: Availability zone.
      type: str
      sample: nova
    attachments:
      description: Where it is attached, each with C(server_id) and C(device).
      type: list
      elements: dict
      sample: [{device: /dev/xvdb, server_id: ef08aa7a-b5e4-4bb8-86df-5ac56230f841}]
    metadata:
      description: Metadata, as the cloud and users set them.
      type: dict
      sample: {role: db}
    snapshot_id:
      description: The snapshot that it was made from.
      type: str
      sample: null
    source_volid:
      description: The volume that it was copied from.
      type: str
      sample: null
    volume_image_metadata:
      description: The image that it was filled from, with C(image_id) and C(image_name); absent for others.
      type: dict
      sample: {image_id: 3afe97b2-26dc-49c5-a2cc-a2fc8d80c001, image_name: Debian 12 (Bookworm)}
    created_at:
      description: When it was made, ISO 8601 in UTC.
      type: str
      sample: '2026-11-01T09:12:33.000000'
"""

from ..module_utils import identity, lookup, metadata, patterns, volumes
from ..module_utils.plan import known
from ..module_utils.runner import run_info

SPEC = dict(
    volume=dict(type="str", aliases=["name", "id"]),
    pattern=dict(type="str"),
    status=dict(type="str"),
    metadata=dict(type="dict"),
)


def fetch(cloud, params):
    found = [volumes.record(volume) for volume in candidates(cloud.service(identity.VOLUME), params)]
    return {"volumes": sorted((volume for volume in found if fits(volume, params)), key=lambda volume: (str(volume["name"]), volume["id"]))}


def candidates(api, params):
    """The raw volumes to look at, filtered by the service as far as it can."""
    wanted = params["volume"]
    by_id = volumes.get(api, wanted) if wanted and lookup.UUID.match(wanted) else None
    if by_id is not None:
        return [by_id] if volumes.alive(by_id) else []
    return volumes.every(api, dict(volumes.names(api, known(name=wanted)), **known(status=params["status"] and params["status"].lower())))


def fits(volume, params):
    """What the service may not have filtered."""
    items = metadata.strings(params["metadata"]) or {}
    return (params["volume"] in (None, volume["id"], volume["name"]) and patterns.matches(volume["name"], params["pattern"])
            and (params["status"] is None or volumes.status(volume) == params["status"].lower())
            and all((volume.get("metadata") or {}).get(key) == value for key, value in items.items()))


def main():
    run_info(fetch, "list volumes", SPEC, mutually_exclusive=[("volume", "pattern")])


if __name__ == "__main__":
    main()
