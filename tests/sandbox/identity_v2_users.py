# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Users of Identity v2.0: list, create, update, delete, passwords, API keys and roles. The routes are added to those of `identity_v2`."""

import re
import secrets

from .accounts import User
from .clock import iso_millis
from .exchange import Fault, answer, empty
from .identity_v2 import roles_of, route, write_fault

__all__ = ["route", "write_fault"]

_MANAGERS = ("identity:user-admin", "identity:user-manage")
_KEY = "RAX-KSKEY:apiKeyCredentials"
_MOST = 100
_REGIONS = ("DFW", "ORD", "IAD")
_NOT_AUTHORIZED = "Not Authorized"


def _is_manager(user):
    return any(role in _MANAGERS for role in user.roles)


def _need_manager(call):
    if not _is_manager(call.user):
        raise Fault(403, _NOT_AUTHORIZED)


def _shown(user, full=True):
    shown = {"id": user.id, "username": user.name, "email": user.email, "enabled": user.enabled,
             "RAX-AUTH:defaultRegion": user.default_region, "RAX-AUTH:domainId": user.domain_id}
    if full:
        shown.update({"created": iso_millis(user.created), "updated": iso_millis(user.updated), "RAX-AUTH:multiFactorEnabled": user.passcode is not None})
        if user.passcode is not None:
            shown["RAX-AUTH:multiFactorState"] = "ACTIVE"
            shown["RAX-AUTH:userMultiFactorEnforcementLevel"] = "DEFAULT"
    return shown


def _of_account(call):
    return [user for user in call.cloud.accounts.users.values() if user.domain_id == call.user.domain_id]


def _find(call):
    """The user of the path. Fault 404 for none, 403 for another account's or, without a manager's role, for another."""
    user = call.cloud.accounts.users.get(call.params["user_id"])
    if user is None:
        raise Fault(404, "User not found")
    if user.domain_id != call.user.domain_id or user is not call.user and not _is_manager(call.user):
        raise Fault(403, _NOT_AUTHORIZED)
    return user


@route("GET", "/users")
def index(call):
    """The users of the account; by name a single one, which is no list."""
    name, email = call.argument("name"), call.argument("email")
    if name is not None:
        user = call.cloud.accounts.by_name(name)
        if user is None:
            raise Fault(404, "User not found")
        if user.domain_id != call.user.domain_id or user is not call.user and not _is_manager(call.user):
            raise Fault(403, _NOT_AUTHORIZED)
        return answer({"user": _shown(user)})
    users = _of_account(call) if _is_manager(call.user) else [call.user]
    if "identity:user-admin" not in call.user.roles:
        users = [user for user in users if "identity:user-admin" not in user.roles]
    return answer({"users": [_shown(user, full=False) for user in users if email in (None, user.email)]})


@route("GET", "/users/{user_id}")
def show(call):
    """One user."""
    return answer({"user": _shown(_find(call))})


def _check_name(call, name, user=None):
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][\w.@-]*", name, re.ASCII):
        raise Fault(400, "Username must begin with an alphabetic character, have no spaces, and only contain the following valid special characters: - _ @ .")
    other = call.cloud.accounts.by_name(name)
    if other is not None and other is not user:
        raise Fault(409, "User with username '%s' already exists." % name, name="badRequest" if user else "conflict")


def _check_password(password):
    if not isinstance(password, str) or len(password) < 8 or not all(re.search(form, password) for form in ("[A-Z]", "[a-z]", "[0-9]")):
        raise Fault(400, "Password must be at least 8 characters in length, must contain at least one uppercase letter, one lowercase letter, "
                         "and one numeric character.")


def _values(given):
    """The fields of a request that are stored as they are. Fault 400."""
    values = {}
    if "email" in given:
        if not isinstance(given["email"], str) or "@" not in given["email"]:
            raise Fault(400, "Expecting valid email address")
        values["email"] = given["email"]
    if "enabled" in given:
        values["enabled"] = str(given["enabled"]).lower() == "true"
    if given.get("RAX-AUTH:defaultRegion") is not None:
        if given["RAX-AUTH:defaultRegion"] not in _REGIONS:
            raise Fault(400, "Invalid defaultRegion value, accepted values are: %s." % ", ".join(sorted(_REGIONS)))
        values["default_region"] = given["RAX-AUTH:defaultRegion"]
    return values


@route("POST", "/users")
def create(call):
    """Make a user of the account; a password that was not given is generated and told this once."""
    _need_manager(call)
    given = call.body("user")
    if not given.get("username"):
        raise Fault(400, "Expecting username")
    if "email" not in given:
        raise Fault(400, "Expecting valid email address")
    _check_name(call, given["username"])
    if given.get("RAX-AUTH:domainId") not in (None, call.user.domain_id):
        raise Fault(403, _NOT_AUTHORIZED)
    if len(_of_account(call)) >= _MOST:
        raise Fault(400, "User cannot be created, as the maximum number of users for this account has been reached.")
    password = given.get("OS-KSADM:password")
    if password is None:
        password = secrets.token_urlsafe(9) + "aA1"
    _check_password(password)
    values = _values(given)
    accounts = call.cloud.accounts
    user = User(given["username"], accounts.new_user_id(), password, call.user.project_id, ["identity:default"], created=call.now)
    user.default_region = call.user.default_region
    user.__dict__.update(values)
    accounts.users[user.id] = user
    shown = _shown(user)
    shown["OS-KSADM:password"] = password
    return answer({"user": shown}, 201, [("Location", "%s/users/%s" % (call.self_base, user.id))])


@route("POST", "/users/{user_id}")
def update(call):
    """Change what is given, and nothing else."""
    user = _find(call)
    given = call.body("user")
    if "enabled" in given and user is call.user and str(given["enabled"]).lower() != "true":
        raise Fault(400, "User cannot enable or disable his/her own account.")
    if "identity:user-admin" in user.roles and user is not call.user:
        raise Fault(403, _NOT_AUTHORIZED)
    values = _values(given)
    if given.get("username") is not None:
        _check_name(call, given["username"], user)
        values["name"] = given["username"]
    if given.get("OS-KSADM:password") is not None:
        _check_password(given["OS-KSADM:password"])
        values["password"] = given["OS-KSADM:password"]
        call.cloud.accounts.revoke_user(user)
    user.__dict__.update(values, updated=call.now)
    return answer({"user": _shown(user)})


@route("DELETE", "/users/{user_id}")
def delete(call):
    """Delete a user; never the administrator of the account."""
    user = _find(call)
    _need_manager(call)
    if "identity:user-admin" in user.roles or user is call.user:
        raise Fault(403, _NOT_AUTHORIZED)
    call.cloud.accounts.revoke_user(user)
    del call.cloud.accounts.users[user.id]
    return empty(204)


@route("POST", "/users/RAX-AUTH/change-pwd")
def change_password(call):
    """Change one's own password, which must be known."""
    given = call.body("RAX-AUTH:changePasswordCredentials")
    user = call.cloud.accounts.by_name(given.get("username"))
    if user is None or user.password != given.get("password"):
        raise Fault(401, "Unable to authenticate user with credentials provided.")
    _check_password(given.get("newPassword"))
    user.password, user.updated = given["newPassword"], call.now
    call.cloud.accounts.revoke_user(user)
    return empty(204)


@route("GET", "/users/{user_id}/RAX-AUTH/admins")
def admins(call):
    """The administrators of a user's account."""
    user = _find(call)
    return answer({"users": [_shown(other) for other in _of_account(call) if "identity:user-admin" in other.roles and other.domain_id == user.domain_id]})


def _credential(user):
    return {_KEY: {"username": user.name, "apiKey": user.api_key}}


@route("GET", "/users/{user_id}/OS-KSADM/credentials")
def credentials(call):
    """The credentials of a user; passwords are never shown."""
    user = _find(call)
    return answer({"credentials": [_credential(user)] if user.api_key else []})


@route("POST", "/users/{user_id}/OS-KSADM/credentials")
def add_credential(call):
    """Set a password or an API key."""
    user, body = _find(call), call.body()
    if _KEY in body:
        user.api_key = body[_KEY]["apiKey"]
        return answer(_credential(user), 201)
    if "passwordCredentials" in body:
        _check_password(body["passwordCredentials"].get("password"))
        user.password = body["passwordCredentials"]["password"]
        return answer(body, 201)
    raise Fault(400, "Invalid request body: unable to parse Auth data. Please review XML or JSON formatting.")


@route("GET", "/users/{user_id}/OS-KSADM/credentials/" + _KEY)
def api_key(call):
    """The API key of a user."""
    user = _find(call)
    if not user.api_key:
        raise Fault(404, "No API Key Credentials found for the user")
    return answer(_credential(user))


@route("DELETE", "/users/{user_id}/OS-KSADM/credentials/" + _KEY)
def delete_api_key(call):
    """Take the API key away."""
    user = _find(call)
    if not user.api_key:
        raise Fault(404, "No API Key Credentials found for the user")
    user.api_key = None
    return empty(204)


@route("POST", "/users/{user_id}/OS-KSADM/credentials/" + _KEY + "/RAX-AUTH/reset")
def reset_api_key(call):
    """Make a new API key; tokens stay good."""
    user = _find(call)
    user.api_key = secrets.token_hex(16)
    return answer(_credential(user))


_ASSIGNABLE = {"10015001": "admin", "10015002": "observer", "10010": "nova:admin", "10011": "nova:creator", "10012": "nova:observer"}
_RESERVED = {"9": "identity:rack_connect", "10": "rax_managed"}


@route("GET", "/OS-KSADM/roles")
def roles(call):
    """The roles that may be given, by pages."""
    marker, limit = int(call.argument("marker") or 0), int(call.argument("limit") or 25)
    rows = [{"id": key, "name": name, "description": name} for key, name in sorted(_ASSIGNABLE.items())]
    page = rows[marker:marker + limit]
    headers = [("Link", '<%s/OS-KSADM/roles?marker=%d&limit=%d>; rel="next"' % (call.self_base, marker + limit, limit))] if marker + limit < len(rows) else []
    return answer({"roles": page}, headers=headers)


@route("GET", "/users/{user_id}/roles", "/users/{user_id}/RAX-AUTH/roles")
def user_roles(call):
    """The roles of a user."""
    user = _find(call)
    return answer({"roles": [*roles_of(user), *({"id": key, "name": name} for key, name in sorted(user.extra.items()))]})


@route("PUT", "/users/{user_id}/roles/OS-KSADM/{role_id}")
def add_role(call):
    """Give a role to a user."""
    user, role_id = _find(call), call.params["role_id"]
    if role_id in _RESERVED:
        raise Fault(403, _NOT_AUTHORIZED)
    if role_id not in _ASSIGNABLE:
        raise Fault(404, "Role not found")
    user.extra[role_id] = _ASSIGNABLE[role_id]
    return empty(200)


@route("DELETE", "/users/{user_id}/roles/OS-KSADM/{role_id}")
def remove_role(call):
    """Take a role from a user."""
    if _find(call).extra.pop(call.params["role_id"], None) is None:
        raise Fault(404, "Role not found")
    return empty(204)
