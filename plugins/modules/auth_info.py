#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who the login is, and what the account offers where."""

from __future__ import annotations

DOCUMENTATION = r"""
module: auth_info
short_description: Log in, and tell who that is and what the account offers
version_added: 1.0.0
description:
  - Logs in, or takes the cached token, and returns the user, the tenant, the regions and the services of the account.
  - A quick check that credentials work, before a playbook begins.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes.info
options:
  return_token:
    description:
      - Whether to return the token itself, for other tools. Set C(no_log) on such a task.
    type: bool
    default: false
seealso:
  - module: rackspace.cloud.limits_info
"""

EXAMPLES = r"""
- name: Check that the login works
  rackspace.cloud.auth_info:
    username: "{{ rax_username }}"
    api_key: "{{ rax_api_key }}"
  register: login

- name: Show the regions of the account
  ansible.builtin.debug:
    msg: "{{ login.auth.user.name }} may use {{ login.auth.regions | join(', ') }}"

- name: Get a token for another tool
  rackspace.cloud.auth_info:
    cloud: mycloud
    return_token: true
  register: login
  no_log: true
"""

RETURN = r"""
auth:
  description: The login.
  returned: success
  type: dict
  contains:
    source:
      description: Where the credentials came from.
      type: str
      sample: the RAX_* environment
    auth_url:
      description: Address of the identity service.
      type: str
      sample: https://identity.api.rackspacecloud.com/v2.0
    method:
      description: How the login is done; password, api_key, token or application_credential.
      type: str
      sample: api_key
    version:
      description: Version of the identity service.
      type: str
      sample: v2.0
    expires:
      description: When the token ends, ISO 8601 in UTC.
      type: str
      sample: '2026-11-24T14:30:00Z'
    user:
      description: The user, with C(id), C(name), C(domain) and C(default_region), V(none) where the cloud does not say.
      type: dict
      sample: {default_region: DFW, domain: '123456', id: '170454', name: demo}
    tenant:
      description: The tenant or project, with C(id) and C(name); V(none) when the token is bound to none.
      type: dict
      sample: {id: '123456', name: '123456'}
    regions:
      description: Regions that have a compute service.
      type: list
      elements: str
      sample: [DFW, IAD, ORD]
    services:
      description: The catalog, an entry per service and region.
      type: list
      elements: dict
      contains:
        type:
          description: Type of the service.
          type: str
          sample: compute
        name:
          description: Name of the service.
          type: str
          sample: cloudServersOpenStack
        region:
          description: Region, V(none) for a service that has none.
          type: str
          sample: DFW
        urls:
          description: Address by interface.
          type: dict
          sample: {public: 'https://dfw.servers.api.rackspacecloud.com/v2/123456'}
token:
  description: The token. A secret.
  returned: when O(return_token) is true
  type: str
"""

from ..module_utils.runner import run_info
from ..module_utils.wait import iso


def fetch(cloud, params):
    access, login = cloud.access, cloud.login
    results = {"auth": dict(
        source=login.source, auth_url=login.auth_url, method=login.method, version=access.version, expires=iso(access.expires),
        user=access.user, tenant=access.tenant, regions=access.regions(), services=access.catalog)}
    if params["return_token"]:
        results["token"] = access.token
    return results


def main():
    run_info(fetch, "log in", dict(return_token=dict(type="bool", default=False, no_log=False)))


if __name__ == "__main__":
    main()
