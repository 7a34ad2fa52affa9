# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Keystone v3: logging in by password, token, one-time passcode and application credential; tokens and what they open."""

import secrets

from . import schema
from .accounts import APPLICATION_CREDENTIAL, DEMO_PROJECT, DOMAIN
from .clock import iso_micros
from .exchange import Fault, answer, empty
from .routing import Router
from .service_catalog import openstack_catalog

route = Router()

UNAUTHENTICATED = "The request you have made requires authentication."


def _unauthorized():
    return Fault(401, UNAUTHENTICATED)


def _in_default_domain(domain):
    return isinstance(domain, dict) and (domain.get("id") == DOMAIN["id"] or domain.get("name") == DOMAIN["name"])


def _named_user(call, given):
    """The user that an identity block names by id, or by name and domain."""
    if not isinstance(given, dict) or not (given.get("id") or given.get("name")):
        raise Fault(400, "Expecting to find id or name in user. The server could not comply with the request since it is either malformed "
                         "or otherwise incorrect. The client is assumed to be in error.")
    if given.get("id"):
        user = call.cloud.accounts.users.get(given["id"])
    else:
        if "domain" not in given:
            raise Fault(400, "Expecting to find domain in user. The server could not comply with the request since it is either malformed "
                             "or otherwise incorrect. The client is assumed to be in error.")
        user = call.cloud.accounts.by_name(given["name"]) if _in_default_domain(given["domain"]) else None
    if user is None or not user.enabled:
        raise _unauthorized()
    return user


def _by_password(call, block):
    user = _named_user(call, block.get("user"))
    if user.password != block["user"].get("password"):
        raise _unauthorized()
    return user


def _by_totp(call, block):
    user = _named_user(call, block.get("user"))
    if user.passcode is None or user.passcode != block["user"].get("passcode"):
        raise _unauthorized()
    return user


def _by_token(call, block):
    token = call.cloud.accounts.valid(block.get("id", ""), call.now)
    if token is None:
        raise _unauthorized()
    return token.user


def _by_application_credential(call, block):
    known = APPLICATION_CREDENTIAL
    owner = call.cloud.accounts.by_name("demo")
    if "id" in block:
        named = block["id"] == known["id"]
    else:
        named = block.get("name") == known["name"] and _named_user(call, block.get("user")) is owner
    if not named or block.get("secret") != known["secret"]:
        raise _unauthorized()
    return owner


_METHODS = {"password": _by_password, "totp": _by_totp, "token": _by_token, "application_credential": _by_application_credential}


@route("POST", "/auth/tokens")
def log_in(call):
    """Trade credentials for a token, whose id comes in a header."""
    auth = call.body("auth")
    identity = auth.get("identity")
    if not isinstance(identity, dict) or "methods" not in identity:
        raise Fault(400, "%r is a required property" % ("methods" if isinstance(identity, dict) else "identity"))
    methods = schema.validated(call, identity["methods"], schema.array(schema.text()), "methods")
    if not methods:
        raise _unauthorized()
    user = None
    for method in methods:
        if method not in _METHODS or not isinstance(identity.get(method), dict):
            raise _unauthorized()
        named = _METHODS[method](call, identity[method])
        if user not in (None, named):
            raise _unauthorized()
        user = named
    methods = _with_receipt(call, user, methods)
    if "application_credential" in methods and auth.get("scope"):
        raise Fault(403, "You are not authorized to perform the requested action: Application credentials cannot request a scope.")
    project_id = _scope(call, auth, user, methods)
    token = call.cloud.accounts.issue(user, project_id, methods, call.now, call.settings.token_life)
    return answer({"token": _token(call, token)}, 201, [("X-Subject-Token", token.id), ("Vary", "X-Auth-Token")])


def _with_receipt(call, user, methods):
    """The methods passed so far, those of the receipt included; a receipt is all there is when a factor is missing."""
    receipt = call.request.headers.get("openstack-auth-receipt")
    if receipt:
        if call.cloud.accounts.second_half(receipt, call.now) is not user:
            raise _unauthorized()
        methods = ["password", *methods]
    if user.passcode is None or "token" in methods or {"password", "totp"} <= set(methods):
        return methods
    if methods != ["password"]:
        raise _unauthorized()
    key = call.cloud.accounts.half_way(user, call.now)
    body = {"receipt": {"methods": methods, "user": _user(user), "issued_at": iso_micros(call.now, "Z"), "expires_at": iso_micros(call.now + 300, "Z"),
                        "catalog": []},
            "required_auth_methods": [["password", "totp"]]}
    raise Fault(401, UNAUTHENTICATED, raw=body, headers=[("Openstack-Auth-Receipt", key)])


def _scope(call, auth, user, methods):
    """The id of the project a token is for; None for an unscoped one."""
    if "application_credential" in methods:
        return DEMO_PROJECT["openstack"]
    scope = auth.get("scope")
    if scope in (None, "unscoped") or isinstance(scope, dict) and "unscoped" in scope:
        return None
    if not isinstance(scope, dict) or len(scope) != 1:
        raise Fault(400, "Expecting to find valid scope in auth.")
    if "domain" in scope:
        if not _in_default_domain(scope["domain"]) or not user.is_admin:
            raise _unauthorized()
        return None
    project = scope.get("project")
    if not isinstance(project, dict):
        raise Fault(400, "Expecting to find valid scope in auth.")
    if "id" in project:
        project_id = project["id"]
    else:
        if not _in_default_domain(project.get("domain")):
            raise _unauthorized()
        project_id = next((key for key, name in call.cloud.accounts.projects.items() if name == project.get("name")), None)
    if project_id != user.project_id and not (user.is_admin and project_id in call.cloud.accounts.projects):
        raise _unauthorized()
    return project_id


def _user(user):
    return {"id": user.id, "name": user.name, "domain": dict(DOMAIN), "password_expires_at": None}


def _token(call, token):
    data = {"methods": token.methods, "user": _user(token.user), "audit_ids": [token.audit_id],
            "issued_at": iso_micros(token.issued, "Z"), "expires_at": iso_micros(token.expires, "Z")}
    if token.project_id:
        data.update(project={"id": token.project_id, "name": call.cloud.accounts.projects[token.project_id], "domain": dict(DOMAIN)},
                    is_domain=False, roles=[{"id": secrets.token_hex(16), "name": name} for name in token.user.roles],
                    catalog=openstack_catalog(call.cloud.base_url, token.project_id))
    if "application_credential" in token.methods:
        data["application_credential"] = {"id": APPLICATION_CREDENTIAL["id"], "name": APPLICATION_CREDENTIAL["name"], "restricted": True}
    return data


def _subject(call):
    token = call.cloud.accounts.valid(call.request.headers.get("x-subject-token", ""), call.now)
    if token is None:
        raise Fault(404, "Could not find token.")
    return token


@route("GET", "/auth/tokens")
def validate(call):
    """Say what a token is good for."""
    token = _subject(call)
    return answer({"token": _token(call, token)}, headers=[("X-Subject-Token", token.id)])


@route("DELETE", "/auth/tokens")
def revoke(call):
    """Make a token worthless."""
    call.cloud.accounts.revoke(_subject(call).id)
    return empty(204)


@route("GET", "/auth/catalog")
def catalog(call):
    """The catalog of the token in use."""
    if not call.project_id:
        raise Fault(403, "You are not authorized to perform the requested action: identity:get_auth_catalog.")
    return answer({"catalog": openstack_catalog(call.cloud.base_url, call.project_id), "links": {"self": call.self_base + "/auth/catalog"}})


def project(call, project_id):
    """A project as Keystone shows it."""
    return {"id": project_id, "name": call.cloud.accounts.projects[project_id], "domain_id": DOMAIN["id"], "description": "", "enabled": True,
            "parent_id": DOMAIN["id"], "is_domain": False, "tags": [], "options": {}, "links": {"self": call.self_base + "/projects/" + project_id}}


@route("GET", "/auth/projects")
@route("GET", "/users/{user_id}/projects")
def own_projects(call):
    """The projects that the user may scope a token to."""
    projects = call.cloud.accounts.projects
    ids = list(projects) if call.user.is_admin else [call.user.project_id]
    return answer({"projects": [project(call, key) for key in ids], "links": {"self": call.self_base + "/auth/projects", "previous": None, "next": None}})


def write_fault(fault, request_id):
    """A fault as Keystone writes it."""
    del request_id
    titles = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict"}
    return {"error": {"code": fault.status, "title": titles.get(fault.status, "Error"), "message": fault.message}}
