# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The verbs of a user, at Identity v2.0 and at Keystone v3: what we call things, and what each service calls them."""

from __future__ import annotations

from urllib.parse import quote

from . import errors, lookup, records, things

# Our word: the field of the service. What is missing does not exist there.
FIELDS = {
    "v2.0": {"name": "username", "password": "OS-KSADM:password", "email": "email", "enabled": "enabled",
             "default_region": "RAX-AUTH:defaultRegion", "domain": "RAX-AUTH:domainId"},
    "v3": {"name": "name", "password": "password", "email": "email", "enabled": "enabled", "description": "description",
           "domain": "domain_id", "default_project": "default_project_id"},
}
API_KEY = "RAX-KSKEY:apiKeyCredentials"
SECRETS = ("secret_qa", "phone_pin")
BOOLEANS = ("enabled", "multi_factor_enabled", "federated")


def version(api):
    """"v3" or "v2.0", by the address of the identity service."""
    return "v3" if api.base.endswith("/v3") else "v2.0"


def fields(api, values):
    """The ``user`` of a request for values in our words. Raises BadInput for what this service does not know."""
    names = FIELDS[version(api)]
    unknown = sorted(set(values) - set(names))
    if unknown:
        raise errors.BadInput("%s: %s does not know this of a user. Leave it out." % (
            ", ".join(unknown), "Keystone v3" if version(api) == "v3" else "Identity v2.0"))
    return {names[name]: None if (name, value) == ("default_project", "") else value for name, value in values.items()}


def record(raw):
    """The record of a raw user. Its name is ``name`` wherever it comes from, and booleans are booleans, also when the service writes them as words."""
    clean = records.record(raw)
    if "username" in clean:
        clean["name"] = clean.pop("username")
    for name in BOOLEANS:
        if name in clean:
            clean[name] = str(clean[name]).lower() == "true"
    return {name: value for name, value in clean.items() if name not in SECRETS}


def every(api, query=None):
    """The raw users that this login may see."""
    return many(api.get("/users", query))


def many(found):
    """The list in an answer, which is one user where Identity v2.0 was asked for a name."""
    offered = found["users"] if "users" in found else [found["user"]]
    if not isinstance(offered, list) or not all(isinstance(user, dict) and user.get("id") for user in offered):
        raise errors.BadAnswer("the users in the answer are none. Something answers in place of the identity service. Run the task again; if it stays, "
                               "check auth_url.")
    things.check("GET /users", "users", offered)
    return offered


def get(api, user_id):
    return api.find("/users/%s" % quote(user_id, safe=""), key="user")


def named(api, name, domain_id=None):
    """The raw user of exactly this name, or None. Raises Ambiguous (Keystone, for the same name in several domains) and, where
    Identity v2.0 knows the name but does not show the user, ApiError 403."""
    if version(api) == "v2.0":
        found = api.find("/users", {"name": name})
        offered = [] if found is None else many(found)
    else:
        offered = every(api, dict({"name": name}, **({"domain_id": domain_id} if domain_id else {})))
    field = FIELDS[version(api)]["name"]
    return lookup.only([user for user in offered if user.get(field) == name], "user", name)


def create(api, values):
    """Make a user. Returns it raw, with the generated password of Identity v2.0 in it."""
    return api.made("/users", {"user": fields(api, values)}, "user")


def update(api, user_id, values):
    """Change fields, those given alone. Returns the user raw."""
    send = api.patch if version(api) == "v3" else api.post
    answer = send("/users/%s" % quote(user_id, safe=""), {"user": fields(api, values)})
    return answer.part("user") or get(api, user_id)


def delete(api, user_id):
    """Delete a user; one that is gone already is fine."""
    api.remove("/users/%s" % quote(user_id, safe=""))


def credentials_path(user_id):
    return "/users/%s/OS-KSADM/credentials/%s" % (quote(user_id, safe=""), API_KEY)


def api_key(api, user_id):
    """The API key of a user, None when there is none. A secret."""
    return (api.find(credentials_path(user_id), key=API_KEY, needs=None) or {}).get("apiKey")


def reset_api_key(api, user_id):
    """The new API key, asked for when the answer does not show it: the old one is good for nothing by then. A secret. For creation.once()."""
    answer = api.create(credentials_path(user_id) + "/RAX-AUTH/reset", None)
    key = answer.part(API_KEY).get("apiKey") or api_key(api, user_id)
    if not key:
        raise errors.Failed("the API key was reset, and no answer shows the new one. Look at it with return_api_key, or reset it again.",
                            http_status=answer.status, request_id=answer.request_id)
    return key


def domain_id(api, wanted):
    """The id of a domain of Keystone given by name or id. Raises NotFound."""
    return identified(api, "domain", wanted)


def project_id(api, wanted):
    """The id of a project of Keystone given by name or id. Raises NotFound and Ambiguous."""
    return identified(api, "project", wanted)


def identified(api, kind, wanted):
    found = api.find("/%ss/%s" % (kind, quote(wanted, safe="")), key=kind)
    if found:
        return found["id"]
    offered = api.everything("/%ss" % kind, kind + "s", {"name": wanted})
    found = lookup.only([one for one in offered if one["name"] == wanted], kind, wanted)
    if found is None:
        raise errors.NotFound("There is no %s %r." % (kind, wanted))
    return found["id"]
