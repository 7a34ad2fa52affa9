# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""One service in one region: logins, renewals, pages, addresses, and answers that are none."""

from __future__ import annotations

import json
import threading

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import api as client
from ansible_collections.rackspace.cloud.plugins.module_utils import errors
from sandbox import Request

NETWORK, IMAGE = ("network",), ("image",)


def seed(sandbox, **server):
    answer = sandbox.cloud.handle(Request("POST", "/sandbox/servers", {}, json.dumps(server).encode()))
    return [made["id"] for made in answer.json()["servers"]]


def expire(sandbox):
    sandbox.cloud.handle(Request("POST", "/sandbox/tokens/expire"))


class TestLogin:
    def test_nothing_is_sent_before_something_is_asked(self, sandbox):
        sandbox.connect()
        assert not sandbox.asked()

    def test_many_requests_log_in_once(self, sandbox):
        cloud = sandbox.connect()
        for _number in range(5):
            cloud.compute.get("/servers/detail")
        assert len(sandbox.logins()) == 1

    def test_threads_log_in_once(self, sandbox):
        cloud = sandbox.connect()
        begin = threading.Barrier(8)

        def ask():
            begin.wait()
            cloud.compute.get("/flavors")
        threads = [threading.Thread(target=ask) for _number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(sandbox.logins()) == 1 and len(sandbox.asked()) == 9

    def test_one_login_for_many_tasks_and_regions(self, rackspace, tmp_path):
        environ = {"RAX_TOKEN_CACHE_DIR": str(tmp_path / "cache")}
        for region in ("DFW", "ord", "Iad"):
            cloud = rackspace.connect(environ=environ, username="demo", api_key="sandbox-api-key", region=region, token_cache=True)
            assert cloud.compute.get("/servers/detail") == {"servers": []}
        assert len(rackspace.logins()) == 1
        assert [path.split("/")[1] for path in rackspace.asked()[1:]] == ["DFW", "ORD", "IAD"]

    def test_a_token_that_is_given_is_never_kept(self, rackspace, tmp_path):
        token = rackspace.connect().access.token
        cloud = rackspace.connect(environ={"RAX_TOKEN_CACHE_DIR": str(tmp_path / "cache")}, token=token, tenant_id="123456", region="DFW", token_cache=True)
        cloud.compute.get("/flavors")
        assert not (tmp_path / "cache").exists()

    def test_a_token_and_an_address_need_no_login(self, rackspace):
        token = rackspace.connect().access.token
        rackspace.cloud.journal.clear()
        cloud = rackspace.connect(token=token, compute_endpoint="http://127.0.0.1:1/DFW/servers/v2/123456/")
        cloud.compute.get("/flavors")
        assert rackspace.asked() == ["GET /DFW/servers/v2/123456/flavors"]

    def test_check_mode_logs_in_and_reads(self, sandbox):
        api = sandbox.connect(read_only=True, **sandbox.LOGINS[sandbox.dress]).compute
        assert "servers" in api.get("/servers/detail")
        for write in (lambda: api.post("/servers", {}), lambda: api.put("/servers/1", {}), lambda: api.delete("/servers/1")):
            with pytest.raises(errors.WriteRefused):
                write()
        assert len(sandbox.asked()) == 2


class TestRenewal:
    def test_a_token_that_ran_out_is_renewed_once(self, sandbox):
        api = sandbox.connect().compute
        api.get("/flavors")
        expire(sandbox)
        api.get("/flavors")
        api.get("/flavors")
        assert len(sandbox.logins()) == 2
        assert [entry["status"] for entry in sandbox.cloud.journal.entries() if entry["method"] == "GET"] == [200, 401, 200, 200]

    def test_so_it_is_for_a_write(self, sandbox):
        (server_id,) = seed(sandbox, name="web1")
        api = sandbox.connect().compute
        api.get("/flavors")
        expire(sandbox)
        api.put("/servers/" + server_id, {"server": {"name": "web2"}})
        assert api.get("/servers/" + server_id)["server"]["name"] == "web2" and len(sandbox.logins()) == 2

    def test_a_token_that_is_refused_twice_is_an_error(self, rackspace):
        api = rackspace.connect().compute
        rackspace.fault(path="/flavors", status=401, body={"unauthorized": {"code": 401, "message": "No."}}, times=9)
        with pytest.raises(errors.ApiError, match="The token was refused twice; check that this user may use this tenant and region"):
            api.get("/flavors")
        assert len(rackspace.logins()) == 2 and len(rackspace.asked()) == 4

    def test_a_kept_token_that_ran_out_is_dropped_for_all(self, sandbox, tmp_path):
        options = dict(sandbox.LOGINS[sandbox.dress], token_cache=True, environ={"RAX_TOKEN_CACHE_DIR": str(tmp_path / "cache")})
        sandbox.connect(**options).compute.get("/flavors")
        expire(sandbox)
        for _task in range(3):
            sandbox.connect(**options).compute.get("/flavors")
        assert len(sandbox.logins()) == 2

    def test_threads_renew_once(self, rackspace):
        cloud = rackspace.connect()
        token = cloud.access.token
        expire(rackspace)
        threads = [threading.Thread(target=cloud.renew, args=(token,)) for _number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(rackspace.logins()) == 2

    @pytest.mark.parametrize("options", [{"tenant_id": "123456", "region": "DFW"}, {"compute_endpoint": "http://127.0.0.1:1/DFW/servers/v2/123456"}])
    def test_a_token_that_is_given_cannot_be_renewed(self, rackspace, options):
        cloud = rackspace.connect(token=rackspace.connect().access.token, **options)
        cloud.compute.get("/flavors")
        expire(rackspace)
        with pytest.raises(errors.LoginFailed, match="the given token was refused with 401: it ran out, was revoked or belongs to another cloud. Get a new"):
            cloud.compute.get("/flavors")

    def test_an_address_that_is_no_longer_there(self, web, other_web, says, clock, closed_port, tmp_path):
        """The cached catalog names a place where nobody listens any more; a new login names another."""
        def login(place):
            return says(200, {"access": {
                "token": {"id": "token-of-" + place[-5:], "expires": "2033-11-15T22:13:20Z"},
                "serviceCatalog": [{"name": "nova", "type": "compute", "endpoints": [{"region": "DFW", "publicURL": place + "/v2/1"}]}]}})
        options = {"auth_url": web.url + "/v2.0", "username": "demo", "api_key": "sandbox-api-key", "region": "DFW", "api_retries": 1}
        environ = {"RAX_TOKEN_CACHE_DIR": str(tmp_path / "cache")}
        other_web.says(says(200, {"flavors": []}))
        web.says(login("http://127.0.0.1:%d" % closed_port), login(other_web.url))
        assert client.connect(options, environ=environ).compute.get("/flavors") == {"flavors": []}
        assert len(web.asked) == 2 and len(other_web.asked) == 1
        assert client.connect(options, environ=environ).compute.get("/flavors") == {"flavors": []}
        assert len(web.asked) == 2  # the new catalog was kept

    def test_an_address_that_stays_gone(self, web, says, clock, closed_port, tmp_path):
        web.says(says(200, {"access": {
            "token": {"id": "sandbox-token", "expires": "2033-11-15T22:13:20Z"},
            "serviceCatalog": [{"name": "nova", "type": "compute", "endpoints": [{"region": "DFW", "publicURL": "http://127.0.0.1:%d/v2/1" % closed_port}]}]}}))
        options = {"auth_url": web.url + "/v2.0", "username": "demo", "api_key": "sandbox-api-key", "region": "DFW", "api_retries": 1}
        with pytest.raises(errors.Unreachable, match="GET /v2/1/flavors: no connection to 127.0.0.1"):
            client.connect(options, environ={"RAX_TOKEN_CACHE_DIR": str(tmp_path / "cache")}).compute.get("/flavors")
        assert len(web.asked) == 2


class TestPages:
    @pytest.fixture
    def paged(self, clock, sandbox):
        sandbox.cloud.settings.update({"page_size": 4})
        seed(sandbox, name="web-{n}", count=10)
        return sandbox

    def test_all_pages_once_each(self, paged):
        found = paged.connect().compute.everything("/servers/detail", "servers")
        assert {server["name"] for server in found} == {"web-%d" % number for number in range(1, 11)} and len(found) == 10
        asked = [path for path in paged.asked() if path.startswith("GET")]
        assert len(asked) == 3 and "?" not in asked[0] and all("marker=" in path for path in asked[1:])

    def test_the_filter_goes_with_every_page(self, paged):
        paged.connect().compute.everything("/servers/detail", "servers", {"status": "ACTIVE"})
        assert all("status=ACTIVE" in path for path in paged.asked()[1:])

    def test_of_a_link_only_the_query_counts(self, web, other_web, says, clock):
        pages = [says(200, {"servers": [{"id": "1", "name": "a"}], "servers_links": [{"rel": "self", "href": "x"}, {
            "rel": "next", "href": other_web.url + "/v2/evil/servers?marker=1&name=a%20b&empty="}]}), says(200, {"servers": [{"id": "2", "name": "a"}]})]
        api = endpoint(web)
        web.says(*pages)
        assert api.everything("/servers", "servers") == [{"id": "1", "name": "a"}, {"id": "2", "name": "a"}]
        assert [asked.path for asked in web.asked] == ["/v2/1/servers", "/v2/1/servers?empty=&marker=1&name=a+b"] and not other_web.asked

    def test_a_page_that_comes_again_is_an_error(self, web, says, clock):
        web.says(says(200, {"servers": [{"id": "1", "name": "a"}], "servers_links": [{"rel": "next", "href": "http://x/servers?marker=1"}]}))
        with pytest.raises(errors.BadAnswer, match=r"the same page was offered twice \(1\); the list would never end"):
            endpoint(web).everything("/servers", "servers")
        assert len(web.asked) == 2

    def test_two_pages_that_point_at_each_other(self, web, says, clock):
        def page(marker):
            return says(200, {"servers": [], "servers_links": [{"rel": "next", "href": "http://x/servers?marker=%s" % marker}]})
        web.says(page("a"), page("b"), page("a"))
        with pytest.raises(errors.BadAnswer):
            endpoint(web).everything("/servers", "servers")
        assert len(web.asked) == 3

    def test_a_server_that_moves_between_pages_is_listed_once(self, web, says, clock):
        link = [{"rel": "next", "href": "http://x/servers?marker=2"}]
        first, second, third = ({"id": server_id, "name": "a"} for server_id in "123")
        web.says(says(200, {"servers": [first, second], "servers_links": link}), says(200, {"servers": [second, third]}))
        assert [server["id"] for server in endpoint(web).everything("/servers", "servers")] == ["1", "2", "3"]

    @pytest.mark.parametrize("status, message", [
        (400, "marker [x] not found"), (400, "HTTP 400 Bad Request: No image found with ID x"), (404, "Volume x could not be found.")])
    def test_a_marker_that_vanished_begins_the_list_again(self, paged, status, message):
        paged.fault(path="marker=", skip=1, status=status, body={"badRequest": {"code": status, "message": message}})
        found = paged.connect().compute.everything("/servers/detail", "servers")
        assert len(found) == 10 and len([path for path in paged.asked() if path.startswith("GET")]) == 3 + 3

    def test_but_not_for_ever(self, paged):
        paged.fault(path="marker=", status=400, body={"badRequest": {"code": 400, "message": "marker [x] not found"}}, times=99)
        with pytest.raises(errors.ApiError, match="marker"):
            paged.connect().compute.everything("/servers/detail", "servers")
        assert len([path for path in paged.asked() if path.startswith("GET")]) == 4

    @pytest.mark.parametrize("message", ["Invalid status", "marker [x] not found"])
    def test_another_refusal_is_one(self, paged, message):
        """And so is a marker that we did not get from a page before."""
        paged.fault(path="/servers/detail", status=400, body={"badRequest": {"code": 400, "message": message}}, times=99)
        with pytest.raises(errors.ApiError):
            paged.connect().compute.everything("/servers/detail", "servers", {"marker": "x"})
        assert len([path for path in paged.asked() if path.startswith("GET")]) == 1

    @pytest.mark.parametrize("body", [{}, {"servers": None}, {"servers": {}}, {"flavors": []}])
    def test_a_page_without_a_list(self, web, says, clock, body):
        web.says(says(200, body))
        with pytest.raises(errors.BadAnswer, match="GET /servers was answered without a list 'servers'"):
            endpoint(web).everything("/servers", "servers")


def endpoint(web):
    """The compute Api of a loopback server, without a login."""
    return client.connect({"token": "sandbox-token", "compute_endpoint": web.url + "/v2/1", "api_retries": 1}, environ={}).compute


class TestAnswers:
    def test_html_in_the_place_of_the_service(self, web, says, clock):
        web.says(says(200, "<html><h1>Welcome to our hotel</h1></html>", {"X-Request-Id": "req-1"}, kind="text/html"))
        with pytest.raises(errors.BadAnswer) as caught:
            endpoint(web).get("/servers/1")
        message = str(caught.value)
        assert "GET /servers/1 was answered 200 with text/html instead of application/json" in message and "Welcome to our hotel" in message
        assert "req-1" in message and web.url in message and len(web.asked) == 1 and caught.value.passing and "Run the task again" in message

    @pytest.mark.parametrize("body, kind", [(b"", "application/json"), ([], "application/json"), ("true", "application/json"), (b"", "text/html")])
    def test_nothing_where_a_document_is_wanted(self, web, says, clock, body, kind):
        web.says(says(200, body, kind=kind))
        with pytest.raises(errors.BadAnswer):
            endpoint(web).get("/servers/1")

    @pytest.mark.parametrize("verb", ["post", "put", "patch", "delete"])
    def test_html_in_answer_to_a_change(self, web, says, clock, verb):
        web.says(says(200, "<html><h1>Welcome to our hotel</h1></html>", kind="text/html"))
        with pytest.raises(errors.BadAnswer, match="was answered 200 with text/html instead of"):
            getattr(endpoint(web), verb)("/servers/1", *([] if verb == "delete" else [{}]))

    @pytest.mark.parametrize("body", [b"", [], {}, {"server": None}, {"servers": [{}]}, {"server": {}}, {"server": [1]}, {"server": {"id": None}}])
    def test_an_answer_that_does_not_show_what_was_made(self, web, says, clock, body):
        web.says(says(202, body))
        with pytest.raises(errors.BadAnswer, match="POST /servers was answered 202"):
            endpoint(web).made("/servers", {}, "server")

    def test_a_document_without_what_it_should_have(self, web, says, clock):
        web.says(says(200, {"hello": "world"}, {"X-Request-Id": "req-1"}))
        with pytest.raises(errors.BadAnswer, match=r"GET /servers/1 was answered with 'hello' instead of 'server' \(request id req-1\)"):
            endpoint(web).get("/servers/1")["server"]

    def test_an_address_without_its_version(self, web, says, clock):
        web.says(says(300, {"choices": []}))
        with pytest.raises(errors.NoEndpoint, match="leaves the version of the API open. Give compute_endpoint with its version, as in"):
            endpoint(web).get("/servers/1")

    @pytest.mark.parametrize("status, found", [(404, None), (200, {"server": {}})])
    def test_find(self, web, says, clock, status, found):
        web.says(says(status, {"server": {}}))
        assert endpoint(web).find("/servers/1") == found

    @pytest.mark.parametrize("body, kind", [
        (b"", "text/html"), ({"itemNotFound": {"code": 404}}, "application/json"), ({"itemNotFound": {"code": 404}}, "text/html"), ({}, "application/json"),
        ('{"itemNotFo', "application/json"), ("404 Not Found\n\nThe resource could not be found.\n\n   ", "text/plain")])
    def test_a_404_in_which_the_service_speaks(self, web, says, clock, body, kind):
        web.says(says(404, body, kind=kind))
        assert endpoint(web).find("/servers/1", key="server") is None
        endpoint(web).remove("/servers/1")

    @pytest.mark.parametrize("body, kind", [
        ("<html><head><title>404 Not Found</title></head><body><center>nginx</center></body></html>", "text/html"),
        ("404 page not found", "text/plain"), ("default backend - 404", "text/plain; charset=utf-8")])
    @pytest.mark.parametrize("media_type", ["json", "xml"])
    def test_a_404_of_somebody_else_proves_nothing(self, web, says, clock, body, kind, media_type):
        web.says(says(404, body, kind=kind))
        api = client.connect({"token": "sandbox-token", "compute_endpoint": web.url + "/v2/1", "api_retries": 1, "media_type": media_type}, environ={}).compute
        for ask in (lambda: api.get("/servers/1"), lambda: api.find("/servers/1"), lambda: api.remove("/servers/1")):
            with pytest.raises(errors.BadAnswer, match="/servers/1 was answered 404 with .* instead of application/%s" % media_type) as caught:
                ask()
            assert caught.value.passing

    @pytest.mark.parametrize("body", [{}, {"server": None}, {"server": []}, {"server": {}}, {"server": {"id": ""}}, {"hello": "world"}])
    def test_a_success_without_the_thing_is_no_absence(self, web, says, clock, body):
        web.says(says(200, body))
        with pytest.raises(errors.BadAnswer, match="GET /servers/1 was answered with "):
            endpoint(web).find("/servers/1", key="server")

    def test_what_is_found_needs_no_id_everywhere(self, web, says, clock):
        web.says(says(200, {"metadata": {}}))
        assert endpoint(web).find("/servers/1/metadata", key="metadata", needs=None) == {}

    @pytest.mark.parametrize("status", [400, 403, 410, 500])
    def test_find_takes_no_other_error_for_absence(self, web, says, clock, status):
        web.says(says(status, {}))
        with pytest.raises(errors.ApiError):
            endpoint(web).find("/servers/1")

    def test_the_verbs(self, web, says, clock):
        web.says(says(202, {"server": {}}))
        api = endpoint(web)
        api.post("/servers", {"server": {}}, {"a": "b"})
        api.put("/servers/1", {"server": {}})
        api.delete("/servers/1")
        assert [(asked.method, asked.path, asked.body) for asked in web.asked] == [
            ("POST", "/v2/1/servers?a=b", {"server": {}}), ("PUT", "/v2/1/servers/1", {"server": {}}), ("DELETE", "/v2/1/servers/1", None)]
        assert {asked.headers["x-auth-token"] for asked in web.asked} == {"sandbox-token"}


class TestAddresses:
    def test_the_second_generation_of_rackspace_in_its_region(self, rackspace):
        assert rackspace.connect().compute.base == "http://127.0.0.1:1/DFW/servers/v2/123456"

    def test_the_only_region_needs_no_name(self, web, says, clock):
        web.says(says(200, {"access": {"token": {"id": "t", "expires": "2033-11-15T22:13:20Z"}, "serviceCatalog": [
            {"name": "nova", "type": "compute", "endpoints": [{"region": "ONE", "publicURL": web.url + "/v2/1"}]}]}}))
        cloud = client.connect({"auth_url": web.url + "/v2.0", "username": "u", "api_key": "sandbox-key", "token_cache": False}, environ={})
        assert cloud.region == "ONE" and cloud.compute.base == web.url + "/v2/1"

    def test_an_address_of_compute_says_nothing_of_the_others(self, web, says, clock):
        web.says(says(200, {"access": {"token": {"id": "t", "expires": "2033-11-15T22:13:20Z"}, "serviceCatalog": [
            {"name": "nova", "type": "compute", "endpoints": [{"region": "ONE", "publicURL": web.url + "/v2/1"}, {"region": "TWO", "publicURL": web.url}]},
            {"name": "cinder", "type": "volume", "endpoints": [{"region": "ONE", "publicURL": web.url + "/v1/1"}]}]}}))
        cloud = client.connect({"auth_url": web.url + "/v2.0", "username": "u", "api_key": "sandbox-key", "token_cache": False,
                                "compute_endpoint": web.url + "/mine/v2/1"}, environ={})
        assert cloud.compute.base == web.url + "/mine/v2/1" and cloud.region is None and not web.asked
        assert cloud.service(("block-storage", "volume")).base == web.url + "/v1/1"

    def test_of_several_one_must_be_named(self, sandbox):
        login = {name: value for name, value in sandbox.LOGINS[sandbox.dress].items() if name != "region"}
        with pytest.raises(errors.NoEndpoint, match="region is needed: this account has compute in "):
            sandbox.connect(**login).compute.get("/flavors")

    def test_a_version_that_the_catalog_leaves_out_is_asked_for_once(self, web, says, clock, tmp_path):
        login = says(200, {"access": {"token": {"id": "t", "expires": "2033-11-15T22:13:20Z"}, "serviceCatalog": [
            {"name": "nova", "type": "compute", "endpoints": [{"region": "ONE", "publicURL": web.url + "/compute/"}]},
            {"name": "glance", "type": "image", "endpoints": [{"region": "ONE", "publicURL": web.url + "/image"}]},
            {"name": "neutron", "type": "network", "endpoints": [{"region": "ONE", "publicURL": web.url + "/network"}]}]}})
        versions = says(300, {"versions": [{"id": "v2.0"}, {"id": "v2.1"}]})
        web.says(login, versions, says(200, {"flavors": []}))
        options = {"auth_url": web.url + "/v2.0", "username": "u", "api_key": "sandbox-key"}
        environ = {"RAX_TOKEN_CACHE_DIR": str(tmp_path / "cache")}
        for _task in range(2):
            cloud = client.connect(options, environ=environ)
            cloud.compute.get("/flavors")
            cloud.compute.get("/flavors")
            assert cloud.service(IMAGE).base == web.url + "/image/v2" and cloud.service(NETWORK).base == web.url + "/network/v2.0"
        assert [asked.path for asked in web.asked] == ["/v2.0/tokens", "/compute/"] + ["/compute/v2.1/flavors"] * 4

    @pytest.mark.parametrize("ids, version", [(["v2.0", "v2.1"], "/v2.1"), (["v2.0"], "/v2"), ([], "/v2.1")])
    def test_the_best_version_there_is(self, web, says, clock, ids, version):
        web.says(says(200, {"access": {"token": {"id": "t", "expires": "2033-11-15T22:13:20Z"}, "serviceCatalog": [
            {"name": "nova", "type": "compute", "endpoints": [{"region": "ONE", "publicURL": web.url + "/compute"}]}]}}),
            says(200, {"versions": [{"id": name} for name in ids]}))
        cloud = client.connect({"auth_url": web.url + "/v2.0", "username": "u", "api_key": "sandbox-key", "token_cache": False}, environ={})
        assert cloud.compute.base == web.url + "/compute" + version

    @pytest.mark.parametrize("body", [[1], 1, '"v2.1"', {"versions": None}, {"versions": ["x"]}, {"versions": [{}]}, {"versions": {"values": []}},
                                      {"versions": [{"id": []}]}], ids=str)
    def test_what_are_no_versions(self, web, says, clock, body):
        web.says(says(200, {"access": {"token": {"id": "t", "expires": "2033-11-15T22:13:20Z"}, "serviceCatalog": [
            {"name": "nova", "type": "compute", "endpoints": [{"region": "ONE", "publicURL": web.url + "/compute"}]}]}}), says(200, body))
        cloud = client.connect({"auth_url": web.url + "/v2.0", "username": "u", "api_key": "sandbox-key", "token_cache": False}, environ={})
        with pytest.raises(errors.BadAnswer, match="find the version of the compute service at %s/compute: .* compute_endpoint" % web.url):
            cloud.compute.get("/flavors")

    def test_an_interface_is_asked_for(self, openstack):
        cloud = openstack.connect(**dict(openstack.LOGINS["openstack"], interface="internal"))
        assert cloud.compute.get("/flavors")["flavors"]

    def test_plain_http_in_the_catalog_is_refused_too(self, web, says, clock):
        web.says(says(200, {"access": {"token": {"id": "t", "expires": "2033-11-15T22:13:20Z"}, "serviceCatalog": [
            {"name": "nova", "type": "compute", "endpoints": [{"region": "ONE", "publicURL": "http://nova.example.invalid/v2/1"}]}]}}))
        cloud = client.connect({"auth_url": web.url + "/v2.0", "username": "u", "api_key": "sandbox-key", "token_cache": False}, environ={})
        with pytest.raises(errors.BadInput, match="http://nova.example.invalid is plain http"):
            cloud.compute.get("/flavors")

    def test_how_an_api_is_called(self, rackspace):
        assert str(rackspace.connect().compute) == "DFW" and str(client.Api(None, IMAGE, None)) == "this cloud"


@pytest.mark.parametrize("options, timeout, retries", [({}, 30, 5), ({"api_timeout": 7, "api_retries": 0}, 7, 0), ({"api_retries": -3}, 30, 0)])
def test_timeout_and_retries(options, timeout, retries):
    transport = client.connect(dict(options, token="sandbox-token"), environ={}).transport
    assert (transport.timeout, transport.retries) == (timeout, retries)


class TestIdentity:
    """The identity service, which no catalog of Rackspace's lists."""

    def test_it_is_where_the_login_came_from(self, sandbox):
        cloud = sandbox.connect()
        assert cloud.identity.base == sandbox.cloud.auth_url
        assert len(sandbox.asked()) == 1  # the login

    @pytest.mark.parametrize("dress, version", [("rackspace", "/v2.0"), ("openstack", "/v3")])
    def test_a_version_that_auth_url_leaves_out_is_that_of_the_login(self, request, dress, version):
        sandbox = request.getfixturevalue(dress)
        unversioned = sandbox.cloud.auth_url[:-len(version)]
        cloud = sandbox.connect(**dict(sandbox.LOGINS[dress], auth_url=unversioned))
        assert cloud.identity.base == unversioned + version
        assert len(sandbox.asked()) == 2  # which versions there are, and the login

    def test_its_token_is_renewed_too(self, rackspace):
        cloud = rackspace.connect()
        assert cloud.identity.get("/users")["users"]
        rackspace.cloud.accounts.expire_all()
        assert cloud.identity.get("/users")["users"]
        assert len(rackspace.logins()) == 2


def test_further_headers_go_along_but_never_in_the_place_of_the_token(rackspace):
    rackspace.connect().compute.request("GET", "/servers", headers={"X-Auth-Token": "mine", "Accept": "text/plain", "X-More": "1"})
    sent = rackspace.cloud.journal.entries()[-1]["headers"]
    assert sent["x-auth-token"] == "********" and (sent["accept"], sent["x-more"]) == ("text/plain", "1")


@pytest.mark.parametrize("verb", ["post", "put", "patch", "delete"])
def test_check_mode_lets_no_write_through(rackspace, verb):
    api = rackspace.connect(read_only=True).compute
    with pytest.raises(errors.WriteRefused):
        getattr(api, verb)("/servers", *([] if verb == "delete" else [{}]))
    assert not api.cloud.transport.lets_through("PATCH", api.base + "/servers", {}) and api.cloud.transport.lets_through("GET", api.base, None)
