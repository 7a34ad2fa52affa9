# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Log in with Identity v2.0 or Keystone v3; what the answer means: Access(token, expiry, catalog)."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from . import errors, wait
from .codec import Json

MARGIN = 120.0  # seconds of life below which a token counts as expired; keystoneauth uses the same
COMPUTE = ("compute",)
IDENTITY = ("identity",)
VOLUME = ("block-storage", "volumev3", "volumev2", "volume")
RACKSPACE_COMPUTE = "cloudServersOpenStack"


class Access(NamedTuple):
    """The answer to a login.

    token: secret; expires: seconds since 1970; catalog: [{type, name, region, urls: {interface: url}}];
    user: {id, name, default_region, domain}; tenant: {id, name}, None when unscoped; version: "v2.0" or "v3".
    """

    token: str
    expires: float
    catalog: list
    user: dict
    tenant: dict
    version: str

    def __repr__(self):
        return "Access(user=%r, tenant=%r, version=%r)" % (self.user, self.tenant, self.version)

    def fresh(self):
        return self.expires - wait.wall() > MARGIN

    @property
    def is_rackspace(self):
        """True where the catalog is Rackspace's; only there the fixed networks are called public and private."""
        return any(entry["name"] == RACKSPACE_COMPUTE for entry in self.catalog)

    def regions(self, types=COMPUTE):
        """Names of the regions that offer a service, sorted."""
        return sorted({entry["region"] for entry in self.entries(types) if entry["region"]})

    def entries(self, types):
        """The catalog's entries of a service, with the second generation where the catalog also lists the first."""
        for kind in types:
            found = [entry for entry in self.catalog if entry["type"] == kind]
            if kind == "compute" and len({entry["name"] for entry in found}) > 1:
                found = ([entry for entry in found if entry["name"] == RACKSPACE_COMPUTE]
                         or [entry for entry in found if any("/v2" in url for url in entry["urls"].values())] or found)
            if found:
                return found
        return []

    def endpoint(self, types, region, interface="public"):
        """The address of a service in a region (any case), or an error that lists the regions that there are."""
        entries = self.entries(types)
        if not entries:
            raise errors.NoEndpoint("This account has no %s service; its catalog lists: %s. Check tenant_id or tenant_name."
                                    % (types[0], ", ".join(sorted({entry["type"] for entry in self.catalog})) or "nothing"))
        here = [entry for entry in entries if not entry["region"] or entry["region"].lower() == (region or "").lower()]
        if not here:
            there = ", ".join(self.regions(types))
            raise errors.NoEndpoint(
                "There is no %s service in region %r. This account has: %s. Set region to one of them." % (types[0], region, there)
                if region else "region is needed: this account has %s in %s%s." % (
                    types[0], there, "; its default is %s" % self.user["default_region"] if self.user.get("default_region") else ""))
        for entry in sorted(here, key=lambda entry: not entry["region"]):
            if interface in entry["urls"]:
                return entry["urls"][interface].rstrip("/")
        raise errors.NoEndpoint("The %s service in %s has no %s interface, only: %s. Set interface to one of them."
                                % (types[0], region or "this region", interface, ", ".join(sorted(here[0]["urls"]))))


def log_in(transport, credentials, codec=Json):
    """A new Access for these credentials. codec: for Identity v2.0; Keystone v3 has nothing but JSON. Raises LoginFailed, with the
    source of the login, when it is refused."""
    base, version = versioned(transport, credentials.auth_url)
    ask, read = (ask_v3, read_v3) if version == "v3" else (ask_v2, read_v2)
    with errors.Doing("log in to %s with the %s of %s" % (base, credentials.method.replace("_", " "), credentials.source)):
        try:
            answer = ask(transport, base, credentials, Json if version == "v3" else codec)
        except errors.ApiError as error:
            raise refused(error, credentials) from error
        try:
            return well_formed(read(answer_body(answer), answer.headers))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise errors.BadAnswer("the answer lacks what an identity service tells (%s). Check auth_url." % error) from error


def well_formed(access):
    """The same Access. Raises TypeError and ValueError where what is used of it later is not what it has to be."""
    texts = [access.token]
    for entry in access.catalog:
        texts += [entry["type"], entry["name"] or "", entry["region"] or "", *entry["urls"], *entry["urls"].values()]
        for url in entry["urls"].values():
            urlsplit(url)
    for text in texts:
        if not isinstance(text, str):
            raise TypeError("%s stands where a text has to" % type(text).__name__)
    return access


def versioned(transport, auth_url, version=None):
    """(address, version) of the identity service; asks it when neither the address tells nor the version is known."""
    base = re.sub(r"(/auth)?/tokens$", "", auth_url.rstrip("/"))
    match = re.search(r"/(v2(?:\.0)?|v3)$", base)
    if match:
        return base, "v3" if match.group(1) == "v3" else "v2.0"
    if version in ("v2.0", "v3"):
        return "%s/%s" % (base, version), version
    with errors.Doing("find the identity service at %s (auth_url)" % base):
        answer = transport.send("GET", base + "/", Json)
        try:
            ids = [version["id"] for version in answer.data["versions"]["values"]]
            version = "v3" if any(name.startswith("v3") for name in ids) else "v2.0"
        except (KeyError, TypeError, AttributeError) as error:
            raise not_identity(answer) from error
    return "%s/%s" % (base, version), version


def not_identity(answer):
    error = errors.BadAnswer(
        "it was answered %d with %s instead of what an identity service says%s. Check auth_url, and whether something on the way "
        "answers in its place." % (answer.status, answer.kind,
                                   " (request id %s)" % answer.request_id if answer.request_id else ""),
        http_status=answer.status, request_id=answer.request_id)
    error.passing = False
    return error


def ask_v2(transport, base, credentials, codec):
    """Identity v2.0, as Rackspace documents it: password, API key, token, and a passcode as the second factor."""
    if credentials.method == "application_credential":
        raise errors.BadInput("application credentials need Keystone v3, and auth_url is an Identity v2.0 address.")
    auth = {
        "password": lambda: {"passwordCredentials": {"username": credentials.username, "password": credentials.secret}},
        "api_key": lambda: {"RAX-KSKEY:apiKeyCredentials": {"username": credentials.username, "apiKey": credentials.secret}},
        "token": lambda: {"token": {"id": credentials.secret}},
    }[credentials.method]()
    tenant = {}
    if credentials.tenant_id:
        tenant = {"tenantId": credentials.tenant_id}
    elif credentials.tenant_name:
        tenant = {"tenantName": credentials.tenant_name}
    try:
        return transport.send("POST", base + "/tokens", codec, body={"auth": dict(auth, **tenant)})
    except errors.ApiError as error:
        session = mfa_session(error)
        if not session or not credentials.passcode:
            raise
        return transport.send("POST", base + "/tokens", codec, headers={"X-SessionId": session},
                              body={"auth": dict({"RAX-AUTH:passcodeCredentials": {"passcode": credentials.passcode}}, **tenant)})


def mfa_session(error):
    """The session id of a login that waits for its second factor, else None."""
    match = re.search(r"OS-MF.*?sessionId\s*=\s*['\"]?([^'\",\s]+)", error.answer.headers.get("WWW-Authenticate", ""))
    return match.group(1) if match else None


def read_v2(body, headers):
    access = body["access"]
    token, user = access["token"], access.get("user") or {}
    catalog = [
        {"type": service["type"], "name": service.get("name"), "region": endpoint.get("region"),
         "urls": {name[:-3]: url for name, url in endpoint.items() if name.endswith("URL") and url}}
        for service in access.get("serviceCatalog") or () for endpoint in service.get("endpoints") or ()]
    return Access(
        token["id"], expiry(token["expires"]), catalog,
        {"id": user.get("id"), "name": user.get("name"), "default_region": user.get("RAX-AUTH:defaultRegion") or None,
         "domain": user.get("RAX-AUTH:domainId")},
        {"id": token["tenant"]["id"], "name": token["tenant"].get("name")} if token.get("tenant") else None, "v2.0")


def expiry(text):
    """When a token ends, in seconds since 1970; in an hour when the service writes it in a form that nobody knows."""
    moment = wait.moment(text)
    return wait.wall() + 3600 if moment is None else moment


def ask_v3(transport, base, credentials, codec):
    """Keystone v3: password (with a passcode as second factor), token, application credential."""
    return transport.send("POST", base + "/auth/tokens", codec, body={"auth": auth_v3(credentials)})


def read_v3(body, headers):
    token = body["token"]
    catalog = []
    for service in token.get("catalog") or ():
        regions = {}
        for endpoint in service.get("endpoints") or ():
            regions.setdefault(endpoint.get("region") or endpoint.get("region_id"), {})[endpoint["interface"]] = endpoint["url"]
        catalog += [{"type": service["type"], "name": service.get("name"), "region": region, "urls": urls}
                    for region, urls in regions.items()]
    user, project = token["user"], token.get("project")
    return Access(
        headers["X-Subject-Token"], expiry(token["expires_at"]), catalog,
        {"id": user["id"], "name": user.get("name"), "default_region": None, "domain": (user.get("domain") or {}).get("id")},
        {"id": project["id"], "name": project.get("name")} if project else None, "v3")


def auth_v3(credentials):
    user = {"id": credentials.user_id} if credentials.user_id else {"name": credentials.username, "domain": credentials.user_domain}
    if credentials.method == "application_credential":
        if credentials.application_credential_id:
            body = {"id": credentials.application_credential_id, "secret": credentials.secret}
        else:
            body = {"name": credentials.application_credential_name, "secret": credentials.secret, "user": user}
        return {"identity": {"methods": ["application_credential"], "application_credential": body}}
    if credentials.method == "token":
        identity = {"methods": ["token"], "token": {"id": credentials.secret}}
    else:
        # Rackspace Flex takes an API key in the place of the password; no other Keystone knows API keys.
        identity = {"methods": ["password"], "password": {"user": dict(user, password=credentials.secret)}}
        if credentials.passcode:
            identity["methods"].append("totp")
            identity["totp"] = {"user": dict(user, passcode=credentials.passcode)}
    auth = {"identity": identity}
    if credentials.tenant_id:
        auth["scope"] = {"project": {"id": credentials.tenant_id}}
    elif credentials.tenant_name:
        auth["scope"] = {"project": {"name": credentials.tenant_name, "domain": credentials.project_domain}}
    return auth


def answer_body(answer):
    if not isinstance(answer.data, dict):
        raise not_identity(answer)
    return answer.data


def refused(error, credentials):
    """The LoginFailed for an answer that is no success; anything else stays what it is."""
    host = errors.place_of(credentials.auth_url)
    wants = {"password": "username and password", "api_key": "username and api_key", "token": "the token",
             "application_credential": "the application credential's id and secret"}[credentials.method]
    if credentials.passcode and credentials.method == "password":
        wants = "username, password and passcode (one is good for a short time)"
    if error.status not in (400, 401, 403, 404, 405):
        return error
    if error.status in (404, 405):
        advice = "Check auth_url: %s has no identity service there." % host
    elif mfa_session(error) or "Openstack-Auth-Receipt" in error.answer.headers:
        advice = ("This user has multi-factor authentication: give the current passcode, "
                  "or log in with an API key or an application credential, which need none.")
    elif error.status == 403 and credentials.method == "password":
        advice = ("The user may be disabled or the account may demand multi-factor authentication that is not set up; "
                  "an API key needs none.")
    elif credentials.method == "token" and error.status == 400:
        advice = "Identity v2.0 wants tenant_id or tenant_name beside a token."
    elif credentials.method == "token":
        advice = "A token lives a day at most and ends when it is revoked: get a new one, or log in with another method."
    else:
        advice = "Check %s, and that the user may use this tenant. It is not tried again: repeated failures lock accounts." % wants
    return errors.LoginFailed(
        "the service answered %d%s%s. %s" % (
            error.status, ": %s" % error.text.rstrip(".") if error.text else "",
            " (request id %s)" % error.facts["request_id"] if error.facts.get("request_id") else "", advice),
        http_status=error.status, request_id=error.facts.get("request_id"))
