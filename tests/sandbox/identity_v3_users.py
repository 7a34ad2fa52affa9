# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Users and projects of Keystone v3. The routes are added to those of `identity_v3`."""

import hashlib

from . import schema
from .accounts import DOMAIN, User
from .exchange import Fault, answer, empty
from .identity_v3 import project, route, write_fault

__all__ = ["route", "write_fault"]

_FIELDS = {"name": schema.text(least=1, most=255), "password": schema.null_or(schema.text()), "enabled": schema.boolean, "domain_id": schema.text(),
           "default_project_id": schema.null_or(schema.text()), "email": schema.null_or(schema.text()), "description": schema.null_or(schema.text()),
           "options": schema.anything, "federated": schema.anything}


def _need_admin(call, action):
    if not call.user.is_admin:
        raise Fault(403, "You are not authorized to perform the requested action: identity:%s." % action)


def _shown(call, user):
    shown = {"id": user.id, "name": user.name, "domain_id": DOMAIN["id"], "enabled": user.enabled, "email": user.email, "options": {},
             "password_expires_at": None, "links": {"self": "%s/users/%s" % (call.self_base, user.id)}}
    if user.description is not None:
        shown["description"] = user.description
    if user.extra.get("default_project_id"):
        shown["default_project_id"] = user.extra["default_project_id"]
    return shown


def _find(call, action):
    user = call.cloud.accounts.users.get(call.params["user_id"])
    if not (user is call.user and action == "get_user"):
        _need_admin(call, action)
    if user is None:
        raise Fault(404, "Could not find user: %s." % call.params["user_id"])
    return user


@route("GET", "/users")
def index(call):
    """The users, by name if one is given."""
    _need_admin(call, "list_users")
    name, domain = call.argument("name"), call.argument("domain_id")
    users = [user for user in call.cloud.accounts.users.values() if name in (None, user.name) and domain in (None, DOMAIN["id"])]
    return answer({"users": [_shown(call, user) for user in users], "links": {"self": call.self_base + "/users", "previous": None, "next": None}})


@route("GET", "/users/{user_id}")
def show(call):
    """One user."""
    return answer({"user": _shown(call, _find(call, "get_user"))})


def _checked(call, *required):
    given = schema.validated(call, call.body("user"), schema.record(required=required, **_FIELDS), "user")
    if given.get("domain_id") not in (None, DOMAIN["id"]):
        raise Fault(404, "Could not find domain: %s." % given["domain_id"])
    if given.get("default_project_id") and given["default_project_id"] not in call.cloud.accounts.projects:
        raise Fault(404, "Could not find project: %s." % given["default_project_id"])
    return given


def _check_free(call, name, user=None):
    other = call.cloud.accounts.by_name(name)
    if other is not None and other is not user:
        raise Fault(409, "Conflict occurred attempting to store user - Duplicate entry found with name %s at domain ID default." % name)


def _take(user, given):
    for name in ("name", "password", "enabled", "email", "description"):
        if name in given:
            setattr(user, name, given[name])
    if "default_project_id" in given:
        user.extra["default_project_id"] = given["default_project_id"]
        user.project_id = given["default_project_id"] or user.project_id


@route("POST", "/users")
def create(call):
    """Make a user; a password is never generated."""
    _need_admin(call, "create_user")
    given = _checked(call, "name")
    _check_free(call, given["name"])
    accounts = call.cloud.accounts
    user = User(given["name"], accounts.new_user_id(), None, None, ["member", "reader"], created=call.now)
    user.email = None
    _take(user, given)
    accounts.users[user.id] = user
    return answer({"user": _shown(call, user)}, 201)


@route("PATCH", "/users/{user_id}")
def update(call):
    """Change what is given, and nothing else."""
    user = _find(call, "update_user")
    given = _checked(call)
    if "name" in given:
        _check_free(call, given["name"], user)
    _take(user, given)
    if "password" in given or given.get("enabled") is False:
        call.cloud.accounts.revoke_user(user)
    shown = _shown(call, user)
    # What has no column of its own is told twice here.
    return answer({"user": {**shown, "extra": {name: shown[name] for name in ("email", "description") if name in shown}}})


@route("DELETE", "/users/{user_id}")
def delete(call):
    """Delete a user."""
    user = _find(call, "delete_user")
    call.cloud.accounts.revoke_user(user)
    del call.cloud.accounts.users[user.id]
    return empty(204)


@route("POST", "/users/{user_id}/password")
def change_password(call):
    """Change one's own password, which must be known."""
    user = call.cloud.accounts.users.get(call.params["user_id"])
    given = call.body("user")
    if user is None or user.password != given.get("original_password") or not given.get("password"):
        raise Fault(401, "The request you have made requires authentication.")
    user.password = given["password"]
    call.cloud.accounts.revoke_user(user)
    return empty(204)


@route("GET", "/projects")
def projects(call):
    """The projects, for administrators."""
    _need_admin(call, "list_projects")
    name = call.argument("name")
    found = [key for key, title in call.cloud.accounts.projects.items() if name in (None, title)]
    return answer({"projects": [project(call, key) for key in found], "links": {"self": call.self_base + "/projects", "previous": None, "next": None}})


@route("GET", "/projects/{project_id}")
def project_one(call):
    """One project."""
    key = call.params["project_id"]
    if key != call.project_id:
        _need_admin(call, "get_project")
    if key not in call.cloud.accounts.projects:
        raise Fault(404, "Could not find project: %s." % key)
    return answer({"project": project(call, key)})


def _domain(call):
    return {**DOMAIN, "enabled": True, "description": "The default domain", "tags": [], "options": {},
            "links": {"self": call.self_base + "/domains/default"}}


@route("GET", "/domains")
def domains(call):
    """The domains, for administrators."""
    _need_admin(call, "list_domains")
    name = call.argument("name")
    return answer({"domains": [_domain(call)] if name in (None, DOMAIN["name"]) else [],
                   "links": {"self": call.self_base + "/domains", "previous": None, "next": None}})


@route("GET", "/domains/{domain_id}")
def domain(call):
    """One domain."""
    if call.params["domain_id"] != DOMAIN["id"]:
        raise Fault(404, "Could not find domain: %s." % call.params["domain_id"])
    return answer({"domain": _domain(call)})


@route("GET", "/roles")
def roles(call):
    """The roles, for administrators."""
    _need_admin(call, "list_roles")
    name = call.argument("name")
    shown = [{"id": key, "name": role, "domain_id": None, "description": None, "options": {"immutable": True},
              "links": {"self": "%s/roles/%s" % (call.self_base, key)}}
             for role, key in ((role, hashlib.sha256(role.encode()).hexdigest()[:32]) for role in ("admin", "member", "reader")) if name in (None, role)]
    return answer({"roles": shown, "links": {"self": call.self_base + "/roles", "previous": None, "next": None}})


@route("PUT", "/projects/{project_id}/users/{user_id}/roles/{role_id}")
def add_role(call):
    """Let a user into a project."""
    user = _find(call, "create_grant")
    if call.params["project_id"] not in call.cloud.accounts.projects:
        raise Fault(404, "Could not find project: %s." % call.params["project_id"])
    user.project_id = call.params["project_id"]
    return empty(204)
