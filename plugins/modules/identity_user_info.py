#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The users of the account."""

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_user_info
short_description: List users
version_added: 1.0.0
description:
  - Returns the users that the login may see, at Rackspace's Identity v2.0 or at a Keystone v3. An administrator of a Rackspace account sees
    all of the account, anybody else only themselves.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes.info
options:
  user:
    description: Name or ID of a user. A user that is not there, or belongs to another account, is an empty list.
    type: str
    aliases: [name, id]
  email:
    description: Only users with this e-mail address.
    type: str
  domain:
    description: Only users of this domain, by ID. Keystone only.
    type: str
seealso:
  - module: rackspace.cloud.identity_user
"""

EXAMPLES = r"""
- name: List all users of the account
  rackspace.cloud.identity_user_info:
  register: result

- name: Show who may not log in
  ansible.builtin.debug:
    msg: "{{ result.users | rejectattr('enabled') | map(attribute='name') }}"

- name: Look for one by name
  rackspace.cloud.identity_user_info:
    user: deployer
  register: result

- name: Look for one by e-mail address
  rackspace.cloud.identity_user_info:
    email: deployer@example.com
  register: result
"""

RETURN = r"""
users:
  description: The users that match, by name.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the user.
      type: str
      sample: '200001'
    name:
      description: Name of the user.
      type: str
      sample: deployer
    email:
      description: E-mail address.
      type: str
      sample: deployer@example.com
    enabled:
      description: Whether the user may log in.
      type: bool
      sample: true
    domain_id:
      description: Domain of the user; at Rackspace the account.
      type: str
      sample: '123456'
    default_region:
      description: The region that the user gets when none is named; Rackspace only.
      type: str
      sample: DFW
    default_project_id:
      description: The project that the user gets when none is named; Keystone only, where one is set.
      type: str
      sample: 5eed0000000040008000000000000001
    multi_factor_enabled:
      description: Whether a second factor is needed to log in with the password; Rackspace only, not in every answer.
      type: bool
      sample: false
    created:
      description: When the user was made, ISO 8601; Rackspace only, not in every answer.
      type: str
      sample: '2026-11-01T09:12:33.000Z'
"""

from ..module_utils import errors, users
from ..module_utils.plan import known
from ..module_utils.runner import run_info

SPEC = dict(
    user=dict(type="str", aliases=["name", "id"]),
    email=dict(type="str"),
    domain=dict(type="str"),
)


def fetch(cloud, params):
    api = cloud.identity
    found = candidates(api, params)
    if params["email"] is not None:  # Keystone does not filter by it
        found = [user for user in found if (user.get("email") or "").lower() == params["email"].lower()]
    return {"users": sorted(map(users.record, found), key=lambda user: str(user["name"]))}


def candidates(api, params):
    """The users to look at, filtered by the service as far as it can."""
    wanted = params["user"]
    if wanted is not None:
        found = seen(api, users.named, wanted, params["domain"]) or seen(api, users.get, wanted)
        return [found] if found else []
    query = known(domain_id=params["domain"]) if users.version(api) == "v3" else known(email=params["email"])
    return users.every(api, query)


def seen(api, look, *arguments):
    """What a look brings, None where Identity v2.0 keeps a user of another account to itself."""
    try:
        return look(api, *arguments)
    except errors.ApiError as error:
        if error.status != 403 or users.version(api) == "v3":
            raise
        return None


def main():
    run_info(fetch, "list users", SPEC)


if __name__ == "__main__":
    main()
