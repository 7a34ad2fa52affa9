# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Logging in, both ways, and users."""

from __future__ import annotations

import re

import pytest


def rax_login(client, auth, **headers):
    return client.send("POST", "/identity/v2.0/tokens", {"auth": auth}, headers)


def password(user, secret="sandbox-password"):
    return {"passwordCredentials": {"username": user, "password": secret}}


def test_api_key_opens_a_catalog_with_two_compute_services(rackspace):
    reply = rax_login(rackspace, {"RAX-KSKEY:apiKeyCredentials": {"username": "demo", "apiKey": "sandbox-api-key"}})
    access = reply.json()["access"]
    assert access["token"]["RAX-AUTH:authenticatedBy"] == ["APIKEY"]
    compute = [(entry["name"], "region" in entry["endpoints"][0]) for entry in access["serviceCatalog"] if entry["type"] == "compute"]
    assert compute == [("cloudServers", False), ("cloudServersOpenStack", True)]


@pytest.mark.parametrize(("auth", "status", "name"), [
    (password("demo", "wrong"), 401, "unauthorized"),
    (password("nobody"), 401, "unauthorized"),
    ({**password("demo"), "tenantId": "654321"}, 401, "unauthorized"),
    ({**password("demo"), "tenantId": "123456", "tenantName": "123456"}, 400, "badRequest"),
    ({"passwordCredentials": {"username": "demo"}}, 400, "badRequest"),
    ({"token": {"id": "nonsense"}, "tenantId": "123456"}, 401, "unauthorized"),
    ({}, 400, "badRequest"),
])
def test_bad_logins(rackspace, auth, status, name):
    reply = rax_login(rackspace, auth)
    assert (reply.status, list(reply.json())) == (status, [name])
    assert reply.header("WWW-Authenticate") is None


def test_a_second_factor_is_asked_for_and_taken(rackspace):
    first = rax_login(rackspace, password("mfa"))
    assert first.status == 401
    session = re.fullmatch(r"OS-MF sessionId='([^']+)', factor='PASSCODE'", first.header("WWW-Authenticate")).group(1)
    wrong = rax_login(rackspace, {"RAX-AUTH:passcodeCredentials": {"passcode": "000000"}}, **{"X-SessionId": session})
    assert wrong.status == 401
    good = rax_login(rackspace, {"RAX-AUTH:passcodeCredentials": {"passcode": "123456"}}, **{"X-SessionId": session})
    token = good.json()["access"]["token"]
    assert token["RAX-AUTH:authenticatedBy"] == ["PASSCODE", "PASSWORD"]
    assert token["expires"].endswith("-06:00")


def test_an_api_key_needs_no_second_factor(rackspace):
    assert rax_login(rackspace, {"RAX-KSKEY:apiKeyCredentials": {"username": "mfa", "apiKey": "sandbox-mfa-key"}}).status == 200


def test_tokens_die(client):
    client.call("GET", "/servers", status=200)
    client.send("POST", "/sandbox/tokens/expire")
    assert client.call("GET", "/servers").status == 401
    client.token = client.log_in()
    client.call("GET", "/servers", status=200)
    client.clock.advance(90_000)
    assert client.call("GET", "/servers").status == 401


def v3_login(client, identity, scope=None, **headers):
    return client.send("POST", "/identity/v3/auth/tokens", {"auth": {"identity": identity, **({"scope": scope} if scope else {})}}, headers)


PERSON = {"name": "demo", "domain": {"name": "Default"}, "password": "sandbox-password"}


@pytest.mark.parametrize(("identity", "scope", "status", "catalog"), [
    ({"methods": ["password"], "password": {"user": PERSON}}, None, 201, False),
    ({"methods": ["password"], "password": {"user": PERSON}}, {"project": {"name": "demo", "domain": {"id": "default"}}}, 201, True),
    ({"methods": ["password"], "password": {"user": PERSON}}, {"project": {"id": "5eed0000000040008000000000000001"}}, 201, True),
    ({"methods": ["password"], "password": {"user": PERSON}}, {"project": {"name": "other", "domain": {"id": "default"}}}, 401, False),
    ({"methods": ["password"], "password": {"user": {**PERSON, "password": "wrong"}}}, None, 401, False),
    ({"methods": ["password"], "password": {"user": {**PERSON, "domain": {"id": "elsewhere"}}}}, None, 401, False),
    ({"methods": ["application_credential"], "application_credential": {"id": "sandbox-appcred", "secret": "sandbox-appcred-secret"}}, None, 201, True),
    ({"methods": ["application_credential"], "application_credential": {"name": "sandbox-appcred-name", "secret": "sandbox-appcred-secret",
                                                                        "user": {"name": "demo", "domain": {"id": "default"}}}}, None, 201, True),
    ({"methods": ["application_credential"], "application_credential": {"id": "sandbox-appcred", "secret": "wrong"}}, None, 401, False),
    ({"methods": ["application_credential"], "application_credential": {"id": "sandbox-appcred", "secret": "sandbox-appcred-secret"}},
     {"project": {"id": "5eed0000000040008000000000000001"}}, 403, False),
])
def test_keystone_logins(openstack, identity, scope, status, catalog):
    reply = v3_login(openstack, identity, scope)
    assert reply.status == status
    assert bool(reply.header("X-Subject-Token")) == (status == 201)
    assert ("catalog" in reply.json().get("token", {})) == catalog


def test_keystone_receipt(openstack):
    person = {"name": "mfa", "domain": {"id": "default"}}
    first = v3_login(openstack, {"methods": ["password"], "password": {"user": {**person, "password": "sandbox-password"}}})
    assert first.status == 401
    assert first.json()["required_auth_methods"] == [["password", "totp"]]
    receipt = first.header("Openstack-Auth-Receipt")
    totp = {"methods": ["totp"], "totp": {"user": {**person, "passcode": "123456"}}}
    assert v3_login(openstack, totp).status == 401
    assert v3_login(openstack, totp, **{"Openstack-Auth-Receipt": receipt}).status == 201


def test_a_token_buys_a_token_for_a_project(openstack):
    unscoped = v3_login(openstack, {"methods": ["password"], "password": {"user": PERSON}}).header("X-Subject-Token")
    projects = openstack.send("GET", "/identity/v3/auth/projects", headers={"X-Auth-Token": unscoped}).json()["projects"]
    assert [project["name"] for project in projects] == ["demo"]
    scoped = v3_login(openstack, {"methods": ["token"], "token": {"id": unscoped}}, {"project": {"id": projects[0]["id"]}})
    assert scoped.status == 201


def test_users_of_an_account(rackspace):
    call = rackspace.call
    made = call("POST", "/users", {"user": {"username": "ann", "email": "ann@example.com", "enabled": True}}, 201, "identity").json()["user"]
    assert made["OS-KSADM:password"]
    assert call("GET", "/users?name=ann", service="identity").json()["user"]["id"] == made["id"]
    assert "OS-KSADM:password" not in call("GET", "/users/" + made["id"], service="identity").json()["user"]
    call("POST", "/users", {"user": {"username": "ann", "email": "b@example.com"}}, 409, "identity")
    call("POST", "/users", {"user": {"username": "other", "email": "b@example.com"}}, 409, "identity")
    call("GET", "/users?name=other", None, 403, "identity")
    call("GET", "/users?name=nobody", None, 404, "identity")
    call("POST", "/users/" + made["id"], {"user": {"email": "new@example.com"}}, 200, "identity")
    call("POST", "/users/" + made["id"], {"user": {"RAX-AUTH:defaultRegion": "XYZ"}}, 400, "identity")
    call("GET", "/users/%s/OS-KSADM/credentials/RAX-KSKEY:apiKeyCredentials" % made["id"], None, 404, "identity")
    key = call("POST", "/users/%s/OS-KSADM/credentials/RAX-KSKEY:apiKeyCredentials/RAX-AUTH/reset" % made["id"], None, 200, "identity").json()
    assert key["RAX-KSKEY:apiKeyCredentials"]["username"] == "ann"
    call("DELETE", "/users/" + made["id"], None, 204, "identity")
    call("GET", "/users/" + made["id"], None, 404, "identity")
    call("DELETE", "/users/170454", None, 403, "identity")


def test_a_new_password_revokes_tokens(rackspace):
    call = rackspace.call
    made = call("POST", "/users", {"user": {"username": "bob", "email": "b@example.com", "OS-KSADM:password": "Sandbox1x"}}, 201, "identity").json()["user"]
    token = rackspace.log_in("bob", "Sandbox1x")
    call("POST", "/users/" + made["id"], {"user": {"OS-KSADM:password": "Sandbox2x"}}, 200, "identity")
    assert rackspace.send("GET", "/identity/v2.0/users/" + made["id"], headers={"X-Auth-Token": token}).status == 401
    call("POST", "/users/" + made["id"], {"user": {"OS-KSADM:password": "weak"}}, 400, "identity")


def test_keystone_users_are_for_administrators(openstack):
    openstack.call("POST", "/users", {"user": {"name": "ann"}}, 403, "identity")
    openstack.token = openstack.log_in("admin")
    made = openstack.call("POST", "/users", {"user": {"name": "ann", "password": "x"}}, 201, "identity").json()["user"]
    assert "password" not in made
    openstack.call("POST", "/users", {"user": {"name": "ann"}}, 409, "identity")
    openstack.call("PATCH", "/users/" + made["id"], {"user": {"enabled": False}}, 200, "identity")
    assert len(openstack.call("GET", "/users?name=ann", service="identity").json()["users"]) == 1
    openstack.call("DELETE", "/users/" + made["id"], None, 204, "identity")
