# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Servers: building, listing, paging, changing, deleting."""

from __future__ import annotations

import base64

import pytest


def test_a_build_passes_through_its_states(client):
    server_id = client.create(wait=False)
    first = client.server(server_id)
    assert (first["status"], first["addresses"], first["accessIPv4"], first["hostId"]) == ("BUILD", {}, "", "")
    assert client.states(server_id, 2.5) == [("BUILD", "scheduling"), ("BUILD", "networking"), ("BUILD", "spawning"), ("ACTIVE", None)]
    assert client.server(server_id)["addresses"]


def test_the_published_request_is_taken_whole(rackspace):
    banner = base64.encodebytes(b"x" * 310).decode()
    body = {"server": {
        "name": "api-test-server-1", "imageRef": "3afe97b2-26dc-49c5-a2cc-a2fc8d80c001", "flavorRef": "2", "max_count": 1, "min_count": 1,
        "OS-DCF:diskConfig": "AUTO", "diskConfig": "auto", "metadata": {"My Server Name": "API Test Server 1"},
        "personality": [{"path": "/etc/banner.txt", "contents": banner}],
        "networks": [{"uuid": "00000000-0000-0000-0000-000000000000"}, {"uuid": "11111111-1111-1111-1111-111111111111"}]}}
    reply = rackspace.call("POST", "/servers", body, 202)
    assert set(reply.json()["server"]) == {"OS-DCF:diskConfig", "id", "links", "adminPass"}
    assert reply.header("Location") == "http://cloud.invalid/DFW/servers/v2/123456/servers/" + reply.json()["server"]["id"]


def test_a_line_break_inside_a_string_is_no_json(rackspace):
    assert rackspace.call("POST", "/servers", b'{"server": {"name": "a\nb"}}').status == 400


@pytest.mark.parametrize(("fields", "status", "message"), [
    ({"name": ""}, 400, "name"),
    ({"name": "x" * 256}, 400, "name"),
    ({"imageRef": "3afe97b2-26dc-49c5-a2cc-a2fc8d80c999"}, 400, "Can not find requested image"),
    ({"imageRef": "nonsense"}, 400, "imageRef"),
    ({"imageRef": ""}, 400, "Boot sequence"),
    ({"flavorRef": "999"}, 400, ""),
    ({"metadata": {"a": 1}}, 400, ""),
    ({"metadata": {"k%d" % n: "v" for n in range(200)}}, 403, "Maximum number of metadata items exceeds"),
    ({"OS-DCF:diskConfig": "auto"}, 400, "OS-DCF:diskConfig"),
    ({"key_name": "missing"}, 400, "Invalid key_name provided."),
    ({"min_count": 3, "max_count": 2}, 400, "min_count must be <= max_count"),
    ({"networks": [{"uuid": "22222222-2222-4222-8222-222222222222"}]}, 400, "22222222"),
    ({"personality": [{"path": "/a", "contents": "abc"}]}, 400, ""),
    ({"personality": [{"path": "/a", "contents": ""}] * 6}, 403, "Personality file limit exceeded"),
    ({"user_data": "abc"}, 400, ""),
    ({"accessIPv4": "999"}, 400, "accessIPv4"),
    ({"block_device_mapping_v2": [{"source_type": "image", "boot_index": 0, "destination_type": "volume"}]}, 400, ""),
])
def test_bad_requests(client, fields, status, message):
    body = {"server": {"name": "bad", "imageRef": client.image, "flavorRef": "2", **fields}}
    reply = client.call("POST", "/servers", body, status)
    (name, fault), = reply.json().items()
    assert (name, fault["code"]) == ({400: "badRequest", 403: "forbidden"}[status], status)
    assert message in fault["message"]
    assert client.call("GET", "/servers").json()["servers"] == []


def test_nova_is_strict_where_rackspace_is_not(rackspace, openstack):
    for client, status in ((rackspace, 202), (openstack, 400)):
        client.call("POST", "/servers", {"server": {"name": "a", "imageRef": client.image, "flavorRef": "2", "surprise": 1}}, status)
        client.call("POST", "/servers", {"server": {"name": " a ", "imageRef": client.image, "flavorRef": "2"}}, status)
        client.call("POST", "/servers", {"server": {"name": "a", "imageRef": client.image, "flavorRef": "2", "metadata": {"a/b": "c"}}}, status)


def test_rackspace_flavors_without_a_disk_boot_from_volumes(rackspace):
    reply = rackspace.call("POST", "/servers", {"server": {"name": "a", "imageRef": rackspace.image, "flavorRef": "compute1-4"}}, 403)
    assert reply.json()["forbidden"]["message"] == "Policy doesn't allow compute_flavor:create:image_backed to be performed."
    disk = {"boot_index": "0", "uuid": rackspace.image, "volume_size": "100", "source_type": "image", "destination_type": "volume",
            "delete_on_termination": True}
    server_id = rackspace.create(imageRef="", flavorRef="compute1-4", block_device_mapping_v2=[disk])
    assert rackspace.server(server_id)["image"] == ""
    assert [volume["status"] for volume in rackspace.call("GET", "/volumes", service="volume").json()["volumes"]] == ["in-use"]
    rackspace.call("DELETE", "/servers/" + server_id, None, 204)
    rackspace.clock.advance(1)
    rackspace.call("GET", "/servers/" + server_id, status=404)
    assert rackspace.call("GET", "/volumes", service="volume").json()["volumes"] == []


def test_the_exhausted_project_gets_no_more(client):
    client.token = client.log_in("full")
    client.paths = {name: path.replace("123456", "777777") for name, path in client.paths.items()}
    body = {"server": {"name": "a", "imageRef": client.image, "flavorRef": "2"}}
    message = client.call("POST", "/servers", body, 403).json()["forbidden"]["message"]
    assert message == "Quota exceeded for instances: Requested 1, but already used 2 of 2 instances"


def test_several_at_once(client):
    body = {"server": {"name": "many", "imageRef": client.image, "flavorRef": "2", "min_count": 3, "return_reservation_id": True}}
    reservation = client.call("POST", "/servers", body, 202).json()["reservation_id"]
    client.create("single")
    listed = client.call("GET", "/servers?reservation_id=" + reservation).json()["servers"]
    assert sorted(server["name"] for server in listed) == ["many-1", "many-2", "many-3"]


def test_a_build_may_fail(client):
    client.cloud.settings.update({"next_build": ["ERROR", "ACTIVE_THEN_ERROR"]})
    failed, crashed, fine = client.create("a", wait=False), client.create("b", wait=False), client.create("c", wait=False)
    client.clock.advance(2.5)
    assert [client.server(server)["status"] for server in (failed, crashed, fine)] == ["ERROR", "ACTIVE", "ACTIVE"]
    assert client.server(failed)["fault"]["code"] == 500
    client.clock.advance(1)
    assert client.server(crashed)["status"] == "ERROR"


def ids(response):
    return [server["id"] for server in response.json()["servers"]]


def test_pages_follow_links_to_an_empty_last_one(client):
    made = [client.create("web-%d" % n, wait=False) for n in range(4)]
    client.cloud.settings.update({"page_size": 2})
    first = client.call("GET", "/servers/detail?name=web", status=200)
    link = first.json()["servers_links"][0]
    assert link["rel"] == "next" and "name=web" in link["href"]
    second = client.send("GET", link["href"].removeprefix("http://cloud.invalid"), headers={"X-Auth-Token": client.token})
    assert ids(first) + ids(second) == made[::-1]
    last = client.send("GET", second.json()["servers_links"][0]["href"].removeprefix("http://cloud.invalid"), headers={"X-Auth-Token": client.token})
    assert last.json() == {"servers": []}
    assert client.call("GET", "/servers?limit=0").json() == {"servers": []}
    missing = client.call("GET", "/servers?marker=%s" % ("0" * 8), status=400)
    assert missing.json()["badRequest"]["message"] == "marker [00000000] not found"
    client.call("GET", "/servers?limit=-1", status=400)


def test_names_are_searched_as_expressions(client):
    for name in ("web-1", "web-10", "WEB-1x", "db.1"):
        client.create(name, wait=False)
    assert sorted(server["name"] for server in client.call("GET", "/servers?name=web-1").json()["servers"]) == ["WEB-1x", "web-1", "web-10"]
    assert [server["name"] for server in client.call("GET", "/servers?name=%5Eweb-1%24").json()["servers"]] == ["web-1"]
    assert [server["name"] for server in client.call("GET", "/servers?name=%5Edb%5C.1%24").json()["servers"]] == ["db.1"]
    assert client.call("GET", "/servers?status=NONSENSE").json()["servers"] == []
    client.call("GET", "/servers?status=deleted", status=403)
    assert len(ids(client.call("GET", "/servers?status=BUILD"))) == 4
    assert len(ids(client.call("GET", "/servers?flavor=2&image=" + client.image))) == 4
    assert ids(client.call("GET", "/servers?flavor=3")) == []


def test_changes_since_shows_what_is_gone(client):
    stays, goes = client.create("stays"), client.create("goes")
    client.clock.advance(100)
    client.call("DELETE", "/servers/" + goes, None, 204)
    client.clock.advance(10)
    since = "2023-11-14T22:14:50Z"
    changed = client.call("GET", "/servers/detail?changes-since=" + since, status=200).json()["servers"]
    assert [(server["id"], server["status"]) for server in changed] == [(goes, "DELETED")]
    assert ids(client.call("GET", "/servers")) == [stays]
    client.call("GET", "/servers?changes-since=yesterday", status=400)


def test_an_update_trims_and_clears(rackspace):
    server_id = rackspace.create()
    shown = rackspace.call("PUT", "/servers/" + server_id, {"server": {"name": " new ", "accessIPv4": "", "accessIPv6": "::1"}}, 200).json()["server"]
    assert (shown["name"], shown["accessIPv4"], shown["accessIPv6"], shown["status"]) == ("new", "", "::1", "ACTIVE")
    rackspace.call("PUT", "/servers/" + server_id, {"name": "x"}, 422)


def test_a_delete_takes_its_time(client):
    server_id = client.create()
    client.cloud.settings.update({"delete_lingers": 2})
    reply = client.call("DELETE", "/servers/" + server_id, None, 204)
    assert reply.body == b""
    assert client.states(server_id, 1) == [("ACTIVE", "deleting"), ("DELETED", None)]
    client.call("DELETE", "/servers/" + server_id, None, 204)
    client.clock.advance(3)
    client.call("GET", "/servers/" + server_id, None, 404)
    client.call("DELETE", "/servers/" + server_id, None, 404)


def test_addresses_by_network(client):
    server_id = client.create()
    addresses = client.call("GET", "/servers/%s/ips" % server_id).json()["addresses"]
    assert set(addresses["private"][0]) == {"addr", "version"}
    assert client.call("GET", "/servers/%s/ips/private" % server_id).json() == {"private": addresses["private"]}
    client.call("GET", "/servers/%s/ips/nowhere" % server_id, status=404)
    record = client.server(server_id)["addresses"]["private"][0]
    assert ("OS-EXT-IPS:type" in record) == (client.dress == "openstack")


def test_other_projects_see_nothing(client):
    server_id = client.create()
    client.token = client.log_in("other", "sandbox-other-password")
    client.paths = {name: path.replace("123456", "654321") for name, path in client.paths.items()}
    client.call("GET", "/servers/" + server_id, status=404)
    assert client.call("GET", "/servers").json() == {"servers": []}


def test_the_project_in_the_path_must_be_the_tokens(rackspace, openstack):
    rackspace.paths = {"compute": "/DFW/servers/v2/654321"}
    rackspace.call("GET", "/servers", status=401)
    openstack.paths = {"compute": "/RegionOne/compute/v2.1/5eed0000000040008000000000000002"}
    openstack.call("GET", "/servers", status=400)


def test_microversions(openstack):
    server_id = openstack.create()
    newer = openstack.call("GET", "/servers/" + server_id, OpenStack_API_Version="compute 2.73")
    assert newer.json()["server"]["flavor"]["original_name"] == "m1.small"
    assert newer.json()["server"]["locked"] is False
    assert newer.header("OpenStack-API-Version") == "compute 2.73"
    assert openstack.call("GET", "/servers/" + server_id).header("OpenStack-API-Version") == "compute 2.1"
    assert openstack.call("GET", "/servers", OpenStack_API_Version="compute 2.101").status == 406
    assert openstack.call("GET", "/servers", X_OpenStack_Nova_API_Version="x").status == 400
    assert openstack.call("GET", "/images", OpenStack_API_Version="compute 2.36").status == 404
    body = {"server": {"name": "a", "imageRef": openstack.image, "flavorRef": "2"}}
    assert openstack.call("POST", "/servers", body, OpenStack_API_Version="compute 2.37").status == 400


def test_the_first_generation_is_empty(rackspace):
    rackspace.create()
    reply = rackspace.send("GET", "/servers/v1.0/123456/servers/detail", headers={"X-Auth-Token": rackspace.token})
    assert reply.json() == {"servers": []}


def test_a_bookmark_offers_choices(client):
    server_id = client.create()
    bookmark = next(link["href"] for link in client.server(server_id)["links"] if link["rel"] == "bookmark")
    reply = client.send("GET", bookmark.removeprefix("http://cloud.invalid"))
    assert (reply.status, list(reply.json())) == (300, ["choices"])


def test_automation_writes_into_the_metadata(rackspace):
    rackspace.cloud.settings.update({"automation": {"rackconnect_automation_status": [[1, "DEPLOYING"], [2, "DEPLOYED"]]}})
    server_id = rackspace.create(wait=False)
    rackspace.clock.advance(2.5)
    first = rackspace.server(server_id)
    assert (first["status"], first["metadata"]) == ("ACTIVE", {})
    rackspace.clock.advance(1)
    assert rackspace.server(server_id)["metadata"] == {"rackconnect_automation_status": "DEPLOYING"}
    rackspace.clock.advance(1)
    last = rackspace.server(server_id)
    assert last["metadata"] == {"rackconnect_automation_status": "DEPLOYED"}
    assert last["accessIPv4"] != first["accessIPv4"]
