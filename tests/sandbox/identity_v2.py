# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Identity v2.0 as Rackspace runs it: logging in by password, API key, token and passcode; tokens and tenants."""

from .clock import iso_millis
from .exchange import Fault, answer, empty
from .routing import Router
from .service_catalog import rackspace_catalog

route = Router()

_ROLES = {
    "identity:user-admin": ("3", "User Admin Role."),
    "identity:user-manage": ("7", "Role allowing the management of users and tokens in a domain."),
    "identity:default": ("2", "Default Role."),
}
_BAD_LOGIN = "Unable to authenticate user with credentials provided."


def _bad_login():
    return Fault(401, _BAD_LOGIN)


def _by_password(call, given):
    name, password = _texts(given, "username", "password")
    user = call.cloud.accounts.by_name(name)
    if user is None or user.password != password:
        raise _bad_login()
    if user.passcode is not None:
        session = call.cloud.accounts.half_way(user, call.now)
        raise Fault(401, "Additional authentication credentials required.",
                    headers=[("WWW-Authenticate", "OS-MF sessionId='%s', factor='PASSCODE'" % session)])
    return user, ["PASSWORD"]


def _by_api_key(call, given):
    name, key = _texts(given, "username", "apiKey")
    user = call.cloud.accounts.by_name(name)
    if user is None or user.api_key is None or user.api_key != key:
        raise _bad_login()
    return user, ["APIKEY"]


def _by_passcode(call, given):
    (passcode,) = _texts(given, "passcode")
    user = call.cloud.accounts.second_half(call.request.headers.get("x-sessionid", ""), call.now)
    if user is None or user.passcode != passcode:
        raise Fault(401, "Unable to authenticate user with credentials provided.")
    return user, ["PASSCODE", "PASSWORD"]


def _by_token(call, given):
    (token_id,) = _texts(given, "id")
    token = call.cloud.accounts.valid(token_id, call.now)
    if token is None:
        raise Fault(401, "Token not authenticated.")
    return token.user, token.methods


_METHODS = {"passwordCredentials": _by_password, "RAX-KSKEY:apiKeyCredentials": _by_api_key,
            "RAX-AUTH:passcodeCredentials": _by_passcode, "token": _by_token}


def _texts(given, *names):
    values = [given.get(name) if isinstance(given, dict) else None for name in names]
    for name, value in zip(names, values):
        if not isinstance(value, str) or not value:
            raise Fault(400, "Expecting %s" % name)
    return values


@route("POST", "/tokens")
def log_in(call):
    """Trade credentials for a token and a catalog."""
    auth = call.body("auth")
    methods = [name for name in _METHODS if name in auth]
    if len(methods) != 1:
        raise Fault(400, "Invalid request body: unable to parse Auth data. Please review XML or JSON formatting.")
    if "tenantId" in auth and "tenantName" in auth:
        raise Fault(400, "Invalid request. Specify tenantId OR tenantName, but not both.")
    if methods[0] == "token" and not (auth.get("tenantId") or auth.get("tenantName")):
        raise Fault(400, "Invalid request. Specify tenantId or tenantName.")
    user, how = _METHODS[methods[0]](call, auth[methods[0]])
    if not user.enabled:
        raise Fault(403, "User '%s' is disabled." % user.name, name="userDisabled")
    wanted = auth.get("tenantId") or auth.get("tenantName")
    if wanted and wanted not in (user.project_id, "MossoCloudFS_" + user.project_id):
        raise Fault(401, "Tenant with Name/Id: '%s' is not valid for User '%s' (id: '%s')" % (wanted, user.name, user.id))
    if auth.get("RAX-AUTH:scope") == "SETUP-MFA":
        return _enrolment(call, user, how)
    if methods[0] == "token":
        token = call.cloud.accounts.valid(auth["token"]["id"], call.now)
    else:
        token = call.cloud.accounts.issue(user, user.project_id, how, call.now, call.settings.token_life)
    return answer({"access": _access(call, token)}, headers=[("vary", "Accept, Accept-Encoding, X-Auth-Token")])


def _enrolment(call, user, how):
    token = call.cloud.accounts.issue(user, None, how, call.now, 900)
    return answer({"access": {"token": {"id": token.id, "expires": iso_millis(token.expires), "RAX-AUTH:authenticatedBy": how}}})


def _token(token):
    offset = -6 if "PASSCODE" in token.methods else 0
    return {"id": token.id, "expires": iso_millis(token.expires, offset), "tenant": {"id": token.project_id, "name": token.project_id},
            "RAX-AUTH:authenticatedBy": token.methods}


def roles_of(user):
    """The roles of a user as identity lists them: the service roles of its tenant, then its own."""
    service = "A Role that allows a user access to keystone Service methods"
    roles = [{"id": "6", "name": "compute:default", "description": service, "tenantId": user.project_id},
             {"id": "5", "name": "object-store:default", "description": service, "tenantId": "MossoCloudFS_" + user.project_id}]
    for name in user.roles:
        number, description = _ROLES.get(name, ("9999", name))
        roles.append({"id": number, "name": name, "description": description})
    return roles


def _access(call, token):
    user = token.user
    return {"serviceCatalog": rackspace_catalog(call.cloud.base_url, token.project_id),
            "token": _token(token),
            "user": {"id": user.id, "name": user.name, "roles": roles_of(user), "RAX-AUTH:defaultRegion": user.default_region,
                     "RAX-AUTH:domainId": user.domain_id, "RAX-AUTH:federated": False}}


@route("GET", "/tokens/{token_id}")
def validate(call):
    """Say whose a token is; one's own, or one of the same account for an administrator of users."""
    token = call.cloud.accounts.valid(call.params["token_id"], call.now)
    if token is None or token.user.domain_id != call.user.domain_id:
        raise Fault(404, "Token not found.")
    access = _access(call, token)
    del access["serviceCatalog"]
    return answer({"access": access})


@route("GET", "/tokens/{token_id}/endpoints")
def endpoints(call):
    """The catalog of a token as one flat list."""
    token = call.cloud.accounts.valid(call.params["token_id"], call.now)
    if token is None:
        raise Fault(404, "Token not found.")
    flat = [{"id": number, "name": service["name"], "type": service["type"], **endpoint}
            for number, (service, endpoint) in enumerate(
                ((service, endpoint) for service in rackspace_catalog(call.cloud.base_url, token.project_id) for endpoint in service["endpoints"]), 1)]
    return answer({"endpoints": flat, "endpoints_links": []})


@route("DELETE", "/tokens")
def revoke_own(call):
    """Make the token of this request worthless."""
    call.cloud.accounts.revoke(call.token.id)
    return empty(204)


@route("DELETE", "/tokens/{token_id}")
def revoke(call):
    """Make a token worthless."""
    if not call.cloud.accounts.revoke(call.params["token_id"]):
        raise Fault(404, "Token not found.")
    return empty(204)


@route("GET", "/tenants")
def tenants(call):
    """The tenants of the user: the account, and the one its files live in."""
    names = [call.user.project_id, "MossoCloudFS_" + call.user.project_id]
    return answer({"tenants": [{"id": name, "name": name, "enabled": True, "description": ""} for name in names], "tenants_links": []})


def write_fault(fault, request_id):
    """A fault as Identity v2.0 writes it."""
    del request_id
    name = "itemNotFound" if fault.name == "route" else fault.name
    return {name: {"code": fault.status, "message": fault.message, **fault.extra}}
