#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The volumes at a server."""

from __future__ import annotations

DOCUMENTATION = r"""
module: volume_attachment_info
short_description: List the volumes that are attached to a server
version_added: 1.0.0
description:
  - Returns the attachments of one server, as the compute service knows them. Right after a change it may lag behind; the status of
    the volume (M(rackspace.cloud.volume_info)) is surer.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes.info
options:
  server:
    description: Name or ID of the server.
    type: str
    required: true
  volume:
    description: Name or ID of a volume. One that is not attached to the server is an empty list.
    type: str
seealso:
  - module: rackspace.cloud.volume_attachment
"""

EXAMPLES = r"""
- name: List what is attached to a server
  rackspace.cloud.volume_attachment_info:
    region: DFW
    server: db1
  register: result

- name: Look for the device of one volume
  rackspace.cloud.volume_attachment_info:
    region: DFW
    server: db1
    volume: data1
  register: result

- name: Show it
  ansible.builtin.debug:
    msg: "{{ result.volume_attachments | map(attribute='device') }}"
"""

RETURN = r"""
volume_attachments:
  description: The attachments, by device.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the attachment, which is that of the volume. Clouds asked for a new microversion tell C(attachment_id) instead.
      type: str
      sample: f7b5e147-ac9a-4fca-bbd4-7d6363739b0e
    volume_id:
      description: ID of the volume.
      type: str
      sample: f7b5e147-ac9a-4fca-bbd4-7d6363739b0e
    server_id:
      description: ID of the server.
      type: str
      sample: ef08aa7a-b5e4-4bb8-86df-5ac56230f841
    device:
      description: Name of the device; the system in the server may give it another.
      type: str
      sample: /dev/xvdb
"""

from ..module_utils import attachments, errors, identity, lookup, volumes
from ..module_utils.runner import run_info

SPEC = dict(
    server=dict(type="str", required=True),
    volume=dict(type="str"),
)


def fetch(cloud, params):
    api = cloud.compute
    server = lookup.server(api, params["server"])
    if server is None:
        raise errors.NotFound("There is no server %r in %s. server_info lists the names and ids that there are." % (params["server"], api))
    if params["volume"] is None:
        found = attachments.every(api, server["id"])
    else:
        one = attachments.get(api, server["id"], volume_id(cloud, params["volume"]))
        found = [one] if one else []
    return {"volume_attachments": sorted(map(attachments.record, found), key=lambda attachment: str(attachment.get("device")))}


def volume_id(cloud, wanted):
    """The id that a name or an id means; an id is not looked up. Raises NotFound."""
    if lookup.UUID.match(wanted):
        return wanted
    found = volumes.find(cloud.service(identity.VOLUME), wanted)
    if found is None:
        raise errors.NotFound("There is no volume %r in %s. volume_info lists the names and ids that there are." % (wanted, cloud.compute))
    return found["id"]


def main():
    run_info(fetch, "list attachments", SPEC)


if __name__ == "__main__":
    main()
