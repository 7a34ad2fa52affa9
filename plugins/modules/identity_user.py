#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One user of the account: who may log in."""

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_user
short_description: Create, change and delete one user
version_added: 1.0.0
description:
  - Makes one user what the task says, at Rackspace's Identity v2.0 or at a Keystone v3, whichever the login comes from. What is
    left out is left alone.
  - At Rackspace the user needs the role C(identity:user-admin) or C(identity:user-manage), with Keystone that of an administrator.
  - User names are unique across all accounts of Rackspace, so a name may be taken that your own list does not show.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes
attributes:
  idempotent:
    support: partial
    details:
      - O(update_password=always) and O(reset_api_key=true) act each time; no service tells what a password is.
options:
  name:
    description:
      - Name of the user. With O(id) too, the user of that ID is renamed to it.
    type: str
  id:
    description: ID of the user. Such a user must exist, unless O(state=absent).
    type: str
  state:
    description: V(present) makes sure that the user is there and as declared, V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
  email:
    description: E-mail address. Rackspace needs one to create a user.
    type: str
  enabled:
    description:
      - Whether the user may log in. A new user may, unless this is V(false).
      - Refused for the user that the task logs in as.
    type: bool
  user_password:
    description:
      - Password of the user; O(password) is that of the login.
      - Left out, Rackspace generates one for a new user, which O(return_password) shows; with Keystone the user has none.
      - Rackspace wants at least 8 characters, with a capital, a small letter and a digit.
    type: str
  update_password:
    description:
      - V(on_create) sets O(user_password) for a new user only. V(always) sets it each time, since no service tells whether it
        differs, and ends the tokens of the user.
    type: str
    choices: [on_create, always]
    default: on_create
  return_password:
    description:
      - Whether to return the password that the service generates for a new user. Set C(no_log) on such a task.
      - Needed where one would be generated. Nobody else could ever see it, so the task fails before anything is sent.
    type: bool
    default: false
  reset_api_key:
    description:
      - Whether to give the user a new API key; the one before is worthless then. Each time the task runs. Rackspace only.
    type: bool
    default: false
  return_api_key:
    description: Whether to return the API key of the user, the new one after O(reset_api_key). Set C(no_log) on such a task. Rackspace only.
    type: bool
    default: false
  default_region:
    description: The region that the user gets when none is named. Rackspace only.
    type: str
  description:
    description: A description. Keystone only.
    type: str
  domain:
    description:
      - Domain of the user, by name or ID with Keystone, by ID at Rackspace. Left out, that of the login.
      - A user stays in the domain it was made in.
    type: str
  default_project:
    description: Name or ID of the project that the user gets when none is named. Keystone only.
    type: str
seealso:
  - module: rackspace.cloud.identity_user_info
"""

EXAMPLES = r"""
- name: A user with a password of our own
  rackspace.cloud.identity_user:
    name: deployer
    email: deployer@example.com
    user_password: "{{ deployer_password }}"
    default_region: DFW

- name: A user whose password Rackspace makes up, seen this once
  rackspace.cloud.identity_user:
    name: auditor
    email: auditor@example.com
    return_password: true
  register: auditor
  no_log: true

- name: A new API key
  rackspace.cloud.identity_user:
    name: deployer
    reset_api_key: true
    return_api_key: true
  register: deployer
  no_log: true

- name: Lock somebody out for now
  rackspace.cloud.identity_user:
    name: auditor
    enabled: false

- name: Remove a user
  rackspace.cloud.identity_user:
    name: auditor
    state: absent
"""

RETURN = r"""
user:
  description:
    - The user as the service knows it now, with the fields that M(rackspace.cloud.identity_user_info) describes; V(none) when it is gone.
    - In check mode as it would be.
  returned: always
  type: dict
  sample:
    default_region: DFW
    domain_id: '123456'
    email: deployer@example.com
    enabled: true
    id: '200001'
    name: deployer
actions:
  description: What was done, in order; in check mode what would be.
  returned: always
  type: list
  elements: str
  sample: [update, set_password]
diff:
  description: What was changed, before and after, without secrets; in check mode what would be.
  returned: always
  type: dict
  sample: {after: {enabled: false}, before: {enabled: true}}
user_password:
  description: The password that the service generated. A secret.
  returned: when O(return_password) is true and a password was generated
  type: str
api_key:
  description: The API key of the user, V(none) when it has none. A secret.
  returned: when O(return_api_key) is true and the user is there
  type: str
"""

from ..module_utils import creation, errors, user_plan, users
from ..module_utils.plan import Started, known
from ..module_utils.runner import Resource, run

SPEC = dict(
    name=dict(type="str"),
    id=dict(type="str"),
    state=dict(type="str", choices=["present", "absent"], default="present"),
    email=dict(type="str"),
    enabled=dict(type="bool"),
    user_password=dict(type="str", no_log=True),
    update_password=dict(type="str", choices=["on_create", "always"], default="on_create", no_log=False),
    return_password=dict(type="bool", default=False, no_log=False),
    reset_api_key=dict(type="bool", default=False, no_log=False),
    return_api_key=dict(type="bool", default=False, no_log=False),
    default_region=dict(type="str"),
    description=dict(type="str"),
    domain=dict(type="str"),
    default_project=dict(type="str"),
)
KEY_OPTIONS = ("reset_api_key", "return_api_key")


def current(task):
    """The record of the user, None when there is none."""
    api, params = task.cloud.identity, task.params
    try:
        if params["id"] is None:
            found = users.named(api, params["name"], domain(task))
        else:
            found = users.get(api, params["id"])
    except errors.ApiError as error:
        if error.status != 403 or users.version(api) == "v3":
            raise
        raise errors.NotFound("the service knows such a user but does not show it: it belongs to another account, or this login has neither "
                              "identity:user-admin nor identity:user-manage. Choose another name, or log in as an administrator of the account.",
                              http_status=403, request_id=error.facts.get("request_id")) from error
    if found is None and params["id"] is not None and params["state"] == "present":
        raise errors.NotFound("there is no user with the id %s. Leave id out to create one of that name, or correct it." % params["id"])
    return users.record(found) if found else None


def domain(task):
    """The id of the domain that the user is looked for in; with Keystone that of the login unless the task names one."""
    own, wanted = task.cloud.access.user.get("domain"), task.params["domain"]
    if users.version(task.cloud.identity) == "v2.0" or wanted in (None, own):
        return wanted or own
    return users.domain_id(task.cloud.identity, wanted)


def desired(task, now):
    """What user_plan wants to know. Refuses what this service cannot do, and what would lock the user of the task out."""
    api, params = task.cloud.identity, task.params
    user = task.cloud.access.user
    want = {"state": params["state"], "own": bool(now) and str(now["id"]) == str(user.get("id")),
            "v2": users.version(api) == "v2.0", "login": task.cloud.login.method}
    if params["state"] == "absent":
        return want
    refused = [name for name in KEY_OPTIONS if params[name]]
    if refused and not want["v2"]:
        raise errors.BadInput("%s: Keystone has no API keys. Leave it out; an application credential serves the same purpose." % refused[0])
    fields = want["fields"] = known(**{name: params[name] for name in user_plan.SHOWN})
    users.fields(api, fields)  # refuses what the service does not know
    if "default_region" in fields:
        fields["default_region"] = region(task.cloud, fields["default_region"])
    if fields.get("default_project"):
        fields["default_project"] = users.project_id(api, fields["default_project"])
    want.update(password=params["user_password"], domain=domain(task) if params["domain"] else None,
                **{name: params[name] for name in ("update_password", "return_password", *KEY_OPTIONS)})
    return want


def region(cloud, wanted):
    """A region as the catalog writes it. Raises BadInput for one that it does not have."""
    offered = cloud.access.regions()
    found = next((name for name in offered if name.lower() == wanted.lower()), None)
    if found is None:
        raise errors.BadInput("default_region: this account has no region %r, only %s." % (wanted, ", ".join(offered)))
    return found


def answered(raw):
    """A step whose answer shows the user; nothing is asked again, since a new password may have ended our own token."""
    return Started(lambda: raw, lambda user: True, users.record)


def create(task, now, step):
    api, name = task.cloud.identity, step.body["name"]
    domain_id = domain(task)
    values = step.body if users.version(api) == "v2.0" else dict(step.body, **known(domain=domain_id))
    try:
        made, looked = creation.once(lambda: users.create(api, values), lambda: users.named(api, name, domain_id))
    except errors.ApiError as error:
        if error.status != 409:
            raise
        raise errors.WrongState(taken(api, name, domain_id), http_status=409, request_id=error.facts.get("request_id")) from error
    if task.params["return_api_key"] and not task.params["reset_api_key"]:
        task.results["api_key"] = users.api_key(api, made["id"])
    if task.params["return_password"] and "password" not in step.body:
        task.results["user_password"] = made.get(users.FIELDS["v2.0"]["password"])
        if looked and not task.results["user_password"]:
            task.warn("The generated password of user %r was in an answer that got lost. Set another with user_password and "
                      "update_password: always." % name)
    return answered(made)


def taken(api, name, domain_id):
    """Why a name is refused."""
    if users.version(api) == "v3":
        return "the name %r is taken in domain %s. Choose another." % (name, domain_id)
    try:
        ours = users.named(api, name)
    except errors.ApiError:
        ours = None
    if ours:
        return "somebody else has just made a user %r in this account (%s). Run the task again to have it as declared." % (name, ours["id"])
    return ("the name %r is taken in another account: user names are unique across all accounts of Rackspace, whoever they belong to. "
            "Choose another, perhaps with the name of your company in it." % name)


def update(task, now, step):
    return answered(users.update(task.cloud.identity, now["id"], step.body))


def set_password(task, now, step):
    return answered(users.update(task.cloud.identity, now["id"], {"password": step.body}))


def reset_api_key(task, now, step):
    api = task.cloud.identity
    old = users.api_key(api, now["id"])  # a key that differs from it tells that it was reset, whatever the answer

    def another():
        key = users.api_key(api, now["id"])
        return key if key != old else None
    key, _looked = creation.once(lambda: users.reset_api_key(api, now["id"]), another)
    if task.params["return_api_key"]:
        task.results["api_key"] = key
    return Started(lambda: now, lambda user: True, dict)


def delete(task, now, step):
    users.delete(task.cloud.identity, now["id"])
    return Started(lambda: None, lambda user: True, users.record)


def review(task, found):
    """The API key as it is, when it is asked for and nothing makes a new one."""
    now, params = task.results["reached"], task.params
    if now and params["state"] == "present" and params["return_api_key"] and not params["reset_api_key"]:
        return {"api_key": users.api_key(task.cloud.identity, now["id"])}
    return {}


def title(now, params):
    name = (now or params)["name"]
    return "user %s" % (repr(name) if name else params["id"])


STEPS = {function.__name__: function for function in (create, update, set_password, reset_api_key, delete)}
USER = Resource(current, desired, user_plan.plan, STEPS, user_plan.foresee, title, review)


def main():
    run(USER, "user", SPEC, waits=False, required_one_of=[("name", "id")])


if __name__ == "__main__":
    main()
