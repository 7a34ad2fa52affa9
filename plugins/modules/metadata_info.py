#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The metadata of a server or an image: what is there."""

from __future__ import annotations

DOCUMENTATION = r"""
module: metadata_info
short_description: Read the metadata of a server or an image
version_added: 1.0.0
description:
  - Returns all items of the metadata of a server or an image, or one of them.
  - An empty dictionary, not an error, is the answer when an item is not there.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes.info
options:
  server:
    description: Name or ID of the server.
    type: str
  image:
    description: Name or ID of the image.
    type: str
  key:
    description: Key of the one item to read.
    type: str
seealso:
  - module: rackspace.cloud.metadata
  - module: rackspace.cloud.server_info
  - module: rackspace.cloud.image_info
"""

EXAMPLES = r"""
- name: Read all items
  rackspace.cloud.metadata_info:
    server: web1
    region: DFW
  register: result

- name: Read one
  rackspace.cloud.metadata_info:
    server: web1
    region: DFW
    key: My Server Name
  register: result
"""

RETURN = r"""
metadata:
  description: The items. With O(key) the one, or none when it is not there.
  returned: success
  type: dict
  sample: {My Server Name: API Test Server 1}
"""

from ..module_utils import metadata_owners
from ..module_utils.runner import run_info

SPEC = dict(metadata_owners.SPEC, key=dict(type="str", no_log=False))


def fetch(cloud, params):
    if params["key"] is None:
        return {"metadata": metadata_owners.items(cloud.compute, params)[1]}
    return {"metadata": metadata_owners.item(cloud.compute, params, params["key"])}


def main():
    run_info(fetch, "read metadata", SPEC, required_one_of=[("server", "image")], mutually_exclusive=[("server", "image")])


if __name__ == "__main__":
    main()
