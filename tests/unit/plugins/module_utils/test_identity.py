# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Logging in: the exact bodies that the services document, what their answers mean, and what is said when they refuse."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, identity
from ansible_collections.rackspace.cloud.plugins.module_utils.credentials import Credentials
from ansible_collections.rackspace.cloud.plugins.module_utils.transport import Transport

START = 1_700_000_000
V2 = {"access": {
    "token": {"id": "sandbox-token", "expires": "2023-11-15T16:13:20.000-06:00", "tenant": {"id": "123456", "name": "123456"}},
    "user": {"id": "170454", "name": "demo", "RAX-AUTH:defaultRegion": "DFW", "RAX-AUTH:domainId": "123456"},
    "serviceCatalog": [
        {"name": "cloudServers", "type": "compute", "endpoints": [{"publicURL": "https://first.invalid/v1.0/123456", "tenantId": "123456"}]},
        {"name": "cloudServersOpenStack", "type": "compute", "endpoints": [
            {"region": "DFW", "publicURL": "https://dfw.invalid/v2/123456/", "tenantId": "123456"},
            {"region": "ORD", "publicURL": "https://ord.invalid/v2/123456", "tenantId": "123456"}]},
        {"name": "cloudFiles", "type": "object-store", "endpoints": [
            {"region": "DFW", "publicURL": "https://files.invalid/v1", "internalURL": "https://snet-files.invalid/v1", "tenantId": "Mosso"}]},
        {"name": "cloudDNS", "type": "rax:dns", "endpoints": [{"publicURL": "https://dns.invalid/v1.0/123456", "tenantId": "123456"}]}]}}
V3 = {"token": {
    "expires_at": "2023-11-15T22:13:20.000000Z", "user": {"id": "u1", "name": "demo", "domain": {"id": "default", "name": "Default"}},
    "project": {"id": "p1", "name": "demo", "domain": {"id": "default"}},
    "catalog": [{"type": "compute", "name": "nova", "endpoints": [
        {"interface": "public", "region": "RegionOne", "region_id": "RegionOne", "url": "https://nova.invalid/v2.1"},
        {"interface": "internal", "region": "RegionOne", "region_id": "RegionOne", "url": "https://nova.internal.invalid/v2.1"},
        {"interface": "public", "region_id": "RegionTwo", "url": "https://two.invalid/v2.1"}]}]}}
UNAUTHORIZED = {"unauthorized": {"code": 401, "message": "Unable to authenticate user with credentials provided."}}


@pytest.fixture
def log_in(web, clock):
    """log_in(method, path, **fields) at the loopback server."""
    def logger(method="password", path="/v2.0", secret="sandbox-secret", **fields):
        login = Credentials(**dict(dict(source="the options", auth_url=web.url + path, method=method, secret=secret, username="demo",
                                        user_domain={"id": "default"}, project_domain={"name": "Default"}), **fields))
        return identity.log_in(Transport(timeout=5, retries=2), login)
    return logger


def refused(log_in, *args, kind=errors.LoginFailed, **fields):
    with pytest.raises(kind) as caught:
        log_in(*args, **fields)
    assert "sandbox-secret" not in str(caught.value) and "sandbox-secret" not in repr(caught.value.facts)
    return str(caught.value)


PASSWORD = {"passwordCredentials": {"username": "demo", "password": "sandbox-secret"}}
API_KEY = {"RAX-KSKEY:apiKeyCredentials": {"username": "demo", "apiKey": "sandbox-secret"}}
BODIES_V2 = [
    ("password", {}, PASSWORD), ("api_key", {}, API_KEY),
    ("password", {"tenant_id": "123456"}, dict(PASSWORD, tenantId="123456")), ("api_key", {"tenant_name": "acme"}, dict(API_KEY, tenantName="acme")),
    ("api_key", {"tenant_id": "123456", "tenant_name": "acme"}, dict(API_KEY, tenantId="123456")),  # both together are a 400
    ("token", {"tenant_id": "123456"}, {"token": {"id": "sandbox-secret"}, "tenantId": "123456"}),
    ("api_key", {"passcode": "123456"}, API_KEY)]

USER = {"name": "demo", "domain": {"id": "default"}, "password": "sandbox-secret"}
BY_PASSWORD = {"identity": {"methods": ["password"], "password": {"user": USER}}}
BODIES_V3 = [
    ("password", {}, BY_PASSWORD), ("api_key", {}, BY_PASSWORD),
    ("password", {"tenant_id": "p1"}, dict(BY_PASSWORD, scope={"project": {"id": "p1"}})),
    ("password", {"tenant_name": "demo"}, dict(BY_PASSWORD, scope={"project": {"name": "demo", "domain": {"name": "Default"}}})),
    ("password", {"user_id": "u1"}, {"identity": {"methods": ["password"], "password": {"user": {"id": "u1", "password": "sandbox-secret"}}}}),
    ("password", {"passcode": "123456"}, {"identity": {
        "methods": ["password", "totp"], "password": {"user": USER},
        "totp": {"user": {"name": "demo", "domain": {"id": "default"}, "passcode": "123456"}}}}),
    ("token", {"tenant_id": "p1"}, {"identity": {"methods": ["token"], "token": {"id": "sandbox-secret"}}, "scope": {"project": {"id": "p1"}}}),
    ("application_credential", {"application_credential_id": "a1", "tenant_id": "p1"}, {"identity": {
        "methods": ["application_credential"], "application_credential": {"id": "a1", "secret": "sandbox-secret"}}}),
    ("application_credential", {"application_credential_name": "robot"}, {"identity": {
        "methods": ["application_credential"],
        "application_credential": {"name": "robot", "secret": "sandbox-secret", "user": {"name": "demo", "domain": {"id": "default"}}}}})]


class TestBodies:
    @pytest.mark.parametrize("method, fields, body", BODIES_V2)
    def test_identity_v2(self, web, says, log_in, method, fields, body):
        web.says(says(200, V2))
        log_in(method, **fields)
        (asked,) = web.asked
        assert (asked.method, asked.path, asked.body) == ("POST", "/v2.0/tokens", {"auth": body})
        assert asked.headers["content-type"] == asked.headers["accept"] == "application/json" and "x-auth-token" not in asked.headers

    @pytest.mark.parametrize("method, fields, body", BODIES_V3)
    def test_keystone_v3(self, web, says, log_in, method, fields, body):
        web.says(says(201, V3, {"X-Subject-Token": "sandbox-token"}))
        assert log_in(method, "/v3", **fields).token == "sandbox-token"
        (asked,) = web.asked
        assert (asked.method, asked.path, asked.body) == ("POST", "/v3/auth/tokens", {"auth": body})

    def test_the_second_factor_at_rackspace(self, web, says, log_in):
        first = says(401, {"unauthorized": {"code": 401, "message": "Additional authentication credentials required."}},
                     {"WWW-Authenticate": "OS-MF sessionId='APU9ymMB-5W_x', factor='PASSCODE'"})
        web.says(first, says(200, V2))
        log_in("password", passcode="123456", tenant_id="123456")
        one, two = web.asked
        assert one.body == {"auth": dict(PASSWORD, tenantId="123456")} and "x-sessionid" not in one.headers
        assert two.headers["x-sessionid"] == "APU9ymMB-5W_x"
        assert two.body == {"auth": {"RAX-AUTH:passcodeCredentials": {"passcode": "123456"}, "tenantId": "123456"}}

    @pytest.mark.parametrize("header", [
        "OS-MF sessionId='abc', factor='PASSCODE'", 'OS-MF factor="PASSCODE", sessionId="abc"', "OS-MF sessionId=abc,factor=PASSCODE",
        "Keystone uri='https://x', OS-MF sessionId = 'abc'"])
    def test_the_session_in_every_spelling(self, web, says, log_in, header):
        web.says(says(401, UNAUTHORIZED, {"WWW-Authenticate": header}), says(200, V2))
        log_in("password", passcode="123456")
        assert web.asked[1].headers["x-sessionid"] == "abc"


class TestAnswers:
    def test_identity_v2(self, web, says, log_in):
        web.says(says(200, V2))
        access = log_in()
        assert (access.token, access.expires, access.version) == ("sandbox-token", START + 86400, "v2.0")
        assert access.user == {"id": "170454", "name": "demo", "default_region": "DFW", "domain": "123456"}
        assert access.tenant == {"id": "123456", "name": "123456"} and access.is_rackspace and access.regions() == ["DFW", "ORD"]
        assert {"type": "object-store", "name": "cloudFiles", "region": "DFW",
                "urls": {"public": "https://files.invalid/v1", "internal": "https://snet-files.invalid/v1"}} in access.catalog

    def test_keystone_v3(self, web, says, log_in):
        web.says(says(201, V3, {"X-Subject-Token": "sandbox-token"}))
        access = log_in(path="/v3")
        assert (access.token, access.expires, access.version) == ("sandbox-token", START + 86400, "v3")
        assert access.user == {"id": "u1", "name": "demo", "default_region": None, "domain": "default"}
        assert access.tenant == {"id": "p1", "name": "demo"} and not access.is_rackspace and access.regions() == ["RegionOne", "RegionTwo"]
        assert access.endpoint(identity.COMPUTE, "RegionOne", "internal") == "https://nova.internal.invalid/v2.1"

    @pytest.mark.parametrize("status", [200, 203])
    def test_little_is_enough(self, web, says, log_in, status):
        web.says(says(status, {"access": {"token": {"id": "sandbox-token", "expires": "whenever"}}}))
        access = log_in()
        assert (access.tenant, access.catalog, access.expires) == (None, [], START + 3600)
        web.says(says(201, {"token": {"user": {"id": "u1"}, "expires_at": None}}, {"X-Subject-Token": "sandbox-token"}))
        access = log_in(path="/v3")
        assert (access.tenant, access.catalog, access.expires) == (None, [], START + 3600)

    def test_no_representation_shows_the_token(self, web, says, log_in):
        web.says(says(200, V2))
        assert "sandbox-token" not in repr(log_in()) + str(log_in())

    @pytest.mark.parametrize("path, body", [
        ("/v2.0", {}), ("/v2.0", {"access": {}}), ("/v2.0", {"access": {"token": {}}}), ("/v2.0", {"access": []}), ("/v3", {}), ("/v3", {"token": V3["token"]}),
        ("/v2.0", {"access": {"token": {"id": "t", "expires": "x"}, "serviceCatalog": [{"endpoints": [{}]}]}})])
    def test_json_of_somebody_else(self, web, says, log_in, path, body):
        web.says(says(200, body))
        assert "the answer lacks what an identity service tells" in refused(log_in, path=path, kind=errors.BadAnswer)

    @pytest.mark.parametrize("path", ["/v2.0", "/v3"])
    def test_html_of_somebody_else(self, web, says, log_in, path):
        web.says(says(200, "<html>Log in to the hotel network</html>", kind="text/html"))
        message = refused(log_in, path=path, kind=errors.BadAnswer)
        assert "answered 200 with text/html instead of" in message and "Check auth_url" in message and message.startswith("Could not log in to")

    @pytest.mark.parametrize("left, fresh", [(121, True), (120, False), (0, False), (-5, False)])
    def test_a_token_that_is_about_to_end_is_not_fresh(self, clock, left, fresh):
        assert identity.Access("t", START + left, [], {}, None, "v3").fresh() is fresh


class TestVersions:
    @pytest.mark.parametrize("path, base, version", [
        ("/v2.0", "/v2.0", "v2.0"), ("/v2.0/", "/v2.0", "v2.0"), ("/v2.0/tokens", "/v2.0", "v2.0"), ("/v3", "/v3", "v3"),
        ("/identity/v3/", "/identity/v3", "v3"),
        ("/v3/auth/tokens", "/v3", "v3")])
    def test_an_address_that_tells(self, web, path, base, version):
        assert identity.versioned(Transport(), web.url + path) == (web.url + base, version)
        assert not web.asked

    @pytest.mark.parametrize("ids, version", [(["v3.14", "v2.0"], "v3"), (["v2.0"], "v2.0"), (["v3.8"], "v3")])
    @pytest.mark.parametrize("status", [200, 300])
    def test_a_service_that_is_asked(self, web, says, clock, ids, version, status):
        web.says(says(status, {"versions": {"values": [{"id": name} for name in ids]}}))
        assert identity.versioned(Transport(), web.url + "/identity") == (web.url + "/identity/" + version, version)
        assert [(asked.method, asked.path) for asked in web.asked] == [("GET", "/identity/")]

    @pytest.mark.parametrize("body, kind", [
        ({}, "application/json"), ("<html>", "text/html"), ([], "application/json"), ({"versions": []}, "application/json"),
        ({"versions": {"values": [{"id": None}]}}, "application/json")])
    def test_a_service_that_is_none(self, web, says, clock, body, kind):
        web.says(says(200, body, kind=kind))
        with pytest.raises(errors.BadAnswer) as caught:
            identity.versioned(Transport(), web.url)
        assert str(caught.value).startswith("Could not find the identity service at %s (auth_url): it was answered 200" % web.url)

    def test_the_sandbox_is_asked(self, sandbox):
        login = dict(sandbox.LOGINS[sandbox.dress], auth_url="http://127.0.0.1:1/identity/")
        assert sandbox.connect(**login).access.version == {"rackspace": "v2.0", "openstack": "v3"}[sandbox.dress]


class TestRefusals:
    @pytest.mark.parametrize("method, advice", [
        ("password", "Check username and password"), ("api_key", "Check username and api_key"), ("token", "A token lives a day at most")])
    def test_a_wrong_secret_is_sent_once(self, web, says, log_in, clock, method, advice):
        web.says(says(401, UNAUTHORIZED, {"X-Request-Id": "req-1"}))
        message = refused(log_in, method)
        assert message.startswith("Could not log in to %s/v2.0 with the %s of the options: the service answered 401: Unable to authenticate user with "
                                  "credentials provided (request id req-1)." % (web.url, method.replace("_", " ")))
        assert advice in message and len(web.asked) == 1 and not clock.rests

    def test_keystone(self, web, says, log_in):
        web.says(says(401, {"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}))
        assert "Check the application credential's id and secret" in refused(log_in, "application_credential", "/v3", application_credential_id="a1")
        assert "repeated failures lock accounts" in refused(log_in, path="/v3")

    @pytest.mark.parametrize("path, headers", [("/v2.0", {"WWW-Authenticate": "OS-MF sessionId='abc', factor='PASSCODE'"}),
                                               ("/v3", {"Openstack-Auth-Receipt": "abc"})])
    def test_a_second_factor_that_is_missing(self, web, says, log_in, path, headers):
        web.says(says(401, {"receipt": {"methods": ["password"]}}, headers))
        message = refused(log_in, path=path)
        assert "multi-factor authentication: give the current passcode" in message and "API key" in message and len(web.asked) == 1

    def test_a_second_factor_that_is_wrong(self, web, says, log_in):
        web.says(says(401, UNAUTHORIZED, {"WWW-Authenticate": "OS-MF sessionId='abc'"}), says(401, UNAUTHORIZED))
        assert "Check username, password and passcode" in refused(log_in, passcode="000000")
        assert len(web.asked) == 2

    @pytest.mark.parametrize("status, body, said", [
        (403, {"userDisabled": {"code": 403, "message": "User 'demo' is disabled."}}, "User 'demo' is disabled. The user may be disabled"),
        (404, b"", "has no identity service there"), (405, b"", "has no identity service there"),
        (400, {"badRequest": {"code": 400, "message": "Expecting username"}}, "Expecting username")])
    def test_other_refusals(self, web, says, log_in, status, body, said):
        web.says(says(status, body))
        assert said in refused(log_in)

    def test_a_token_without_its_tenant(self, web, says, log_in):
        web.says(says(400, {"badRequest": {"code": 400, "message": "Invalid request. Specify tenantId or tenantName."}}))
        assert "wants tenant_id or tenant_name beside a token" in refused(log_in, "token")

    def test_a_service_in_trouble_is_not_a_wrong_password(self, web, says, log_in):
        web.says(says(500, {"identityFault": {"code": 500, "message": "Oops."}}))
        message = refused(log_in, kind=errors.ApiError)
        assert message.startswith("Could not log in to") and "500 identityFault: Oops" in message and "Check username" not in message
        assert len(web.asked) == 3  # a login changes nothing, so it is tried again; one that is refused never is

    def test_a_rate_limit_is_waited_for(self, web, says, log_in, clock):
        web.says(says(413, {"overLimit": {"code": 413, "message": "Slow", "retryAt": "2023-11-14T22:13:45Z"}}, {"Date": "Tue, 14 Nov 2023 22:13:20 GMT"}),
                 says(200, V2))
        log_in()
        assert clock.rests == [25]

    @pytest.mark.parametrize("path", ["/v2.0", "/v3"])
    def test_a_redirect_is_told_and_not_followed(self, web, other_web, says, log_in, path):
        web.says(says(302, b"", {"Location": other_web.url + "/login"}))
        message = refused(log_in, path=path, kind=errors.ApiError)
        assert "a redirect to %s/login. It is not followed" % other_web.url in message and not other_web.asked

    def test_an_application_credential_at_rackspace(self, web, log_in):
        assert "application credentials need Keystone v3" in refused(log_in, "application_credential", kind=errors.BadInput)
        assert not web.asked


def access(*entries):
    catalog = [{"type": kind, "name": name, "region": region, "urls": urls} for kind, name, region, urls in entries]
    return identity.Access("t", START, catalog, {"default_region": "ORD"}, None, "v2.0")


PUBLIC = {"public": "https://nova.invalid/v2/1/"}


class TestCatalog:
    @pytest.mark.parametrize("region", ["DFW", "dfw", "Dfw"])
    def test_regions_are_compared_without_case(self, region):
        assert access(("compute", "nova", "DFW", PUBLIC)).endpoint(identity.COMPUTE, region) == "https://nova.invalid/v2/1"

    def test_an_unknown_region_lists_those_there_are(self):
        account = access(("compute", "nova", "ORD", PUBLIC), ("compute", "nova", "DFW", PUBLIC), ("volume", "cinder", "XYZ", PUBLIC))
        with pytest.raises(errors.NoEndpoint) as caught:
            account.endpoint(identity.COMPUTE, "XYZ")
        assert str(caught.value) == "There is no compute service in region 'XYZ'. This account has: DFW, ORD. Set region to one of them."

    def test_no_region_where_there_are_several(self):
        with pytest.raises(errors.NoEndpoint, match="region is needed: this account has compute in DFW, ORD; its default is ORD."):
            access(("compute", "nova", "ORD", PUBLIC), ("compute", "nova", "DFW", PUBLIC)).endpoint(identity.COMPUTE, None)

    @pytest.mark.parametrize("entries, listed", [([], "nothing"), ([("image", "glance", "ORD", PUBLIC)], "image")])
    def test_an_account_without_the_service(self, entries, listed):
        with pytest.raises(errors.NoEndpoint, match="has no compute service; its catalog lists: %s. Check tenant_id" % listed):
            access(*entries).endpoint(identity.COMPUTE, "ORD")

    @pytest.mark.parametrize("first", [
        ("compute", "cloudServers", None, {"public": "https://old.invalid/v1.0/1"}), ("compute", "novav1", "ORD", {"public": "https://old.invalid/v1.0/1"})])
    @pytest.mark.parametrize("second", ["cloudServersOpenStack", "nova"])
    def test_of_two_compute_services_the_second_generation(self, first, second):
        for entries in ((first, ("compute", second, "ORD", PUBLIC)), (("compute", second, "ORD", PUBLIC), first)):
            assert access(*entries).endpoint(identity.COMPUTE, "ORD") == "https://nova.invalid/v2/1"

    def test_no_server_is_looked_for_in_the_first_generation(self):
        account = access(("compute", "cloudServers", None, {"public": "https://old.invalid/v1.0/1"}), ("compute", "cloudServersOpenStack", "ORD", PUBLIC))
        with pytest.raises(errors.NoEndpoint, match="There is no compute service in region 'XYZ'. This account has: ORD"):
            account.endpoint(identity.COMPUTE, "XYZ")

    def test_an_interface_that_is_missing_is_not_replaced(self):
        with pytest.raises(errors.NoEndpoint, match="The compute service in ORD has no internal interface, only: public. Set interface"):
            access(("compute", "nova", "ORD", PUBLIC)).endpoint(identity.COMPUTE, "ORD", "internal")

    def test_a_service_without_regions_is_everywhere(self):
        assert access(("compute", "nova", None, PUBLIC)).endpoint(identity.COMPUTE, "ORD").startswith("https://nova.invalid")

    def test_the_region_itself_comes_before_everywhere(self):
        everywhere = ("compute", "nova", None, {"public": "https://everywhere.invalid/v2"})
        assert access(everywhere, ("compute", "nova", "ORD", PUBLIC)).endpoint(identity.COMPUTE, "ORD") == "https://nova.invalid/v2/1"

    @pytest.mark.parametrize("kind", identity.VOLUME)
    def test_a_service_under_each_of_its_types(self, kind):
        assert access((kind, "cinder", "ORD", PUBLIC)).endpoint(identity.VOLUME, "ORD").startswith("https://nova.invalid")


LOGINS = {
    "rackspace": [{"username": "demo", "password": "sandbox-password"}, {"username": "demo", "api_key": "sandbox-api-key"},
                  {"username": "demo", "api_key": "sandbox-api-key", "tenant_id": "123456"},
                  {"username": "mfa", "password": "sandbox-password", "passcode": "123456"}, {"username": "mfa", "api_key": "sandbox-mfa-key"}],
    "openstack": [{"username": "demo", "password": "sandbox-password", "tenant_name": "demo"},
                  {"username": "mfa", "password": "sandbox-password", "passcode": "123456", "tenant_name": "demo"},
                  {"application_credential_id": "sandbox-appcred", "application_credential_secret": "sandbox-appcred-secret"},
                  {"application_credential_name": "sandbox-appcred-name", "username": "demo", "application_credential_secret": "sandbox-appcred-secret"}],
}


@pytest.mark.parametrize("dress, options", [(dress, options) for dress in LOGINS for options in LOGINS[dress]])
def test_every_way_of_logging_in_is_used_for_a_request(request, dress, options):
    sandbox = request.getfixturevalue(dress)
    region = sandbox.LOGINS[dress]["region"]
    cloud = sandbox.connect(region=region, **options)
    assert cloud.compute.get("/servers/detail")["servers"] == []
    again = sandbox.connect(region=region, token=cloud.access.token, tenant_id=cloud.access.tenant["id"])
    assert again.compute.get("/servers/detail")["servers"] == [] and again.access.user["name"] == cloud.access.user["name"]
