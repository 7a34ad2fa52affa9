# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Faults, the log, seeds and settings."""

from __future__ import annotations

import pytest


def order(client, method, path, body=None, status=200):
    reply = client.send(method, "/sandbox/" + path, body)
    assert reply.status == status, reply.body
    return reply.json()


def test_the_log_keeps_no_secret(client):
    order(client, "DELETE", "log")
    client.log_in()
    client.call("POST", "/servers", {"server": {"name": "a", "adminPass": "sandbox-admin", "imageRef": client.image, "flavorRef": "2"}}, 202)
    first, second = order(client, "GET", "log")["requests"]
    assert "sandbox-password" not in str(first) and "sandbox-admin" not in str(second)
    assert client.token not in str(second)
    assert (second["n"], second["method"], second["status"], second["service"]) == (2, "POST", 202, "compute")
    assert second["body"]["server"]["name"] == "a"
    assert second["region"] == ("DFW" if client.dress == "rackspace" else "RegionOne")


def test_a_fault_takes_its_turn(client):
    order(client, "POST", "faults", {"method": "GET", "path": "/servers$", "skip": 1, "times": 2, "status": 503,
                                     "body": {"serviceUnavailable": {"code": 503}}, "headers": {"Retry-After": 7}})
    statuses = [client.call("GET", "/servers").status for _unused in range(4)]
    assert statuses == [200, 503, 503, 200]
    assert order(client, "GET", "faults") == {"faults": []}


def test_a_create_may_lie(client):
    order(client, "POST", "faults", {"method": "POST", "path": "/servers$", "status": 500, "act": True})
    client.call("POST", "/servers", {"server": {"name": "a", "imageRef": client.image, "flavorRef": "2"}}, 500)
    assert len(client.call("GET", "/servers").json()["servers"]) == 1


@pytest.mark.parametrize(("fields", "made"), [
    ({"drop": "before"}, 0), ({"drop": "after"}, 1), ({"delay": 5}, 1), ({"cut": True}, 1), ({"html": True}, 0), ({"html": True, "act": True}, 1),
    ({"unreachable": "timeout"}, 0),
])
def test_what_faults_let_happen(client, fields, made):
    order(client, "POST", "faults", {"method": "POST", "path": "/servers$", **fields})
    client.call("POST", "/servers", {"server": {"name": "a", "imageRef": client.image, "flavorRef": "2"}})
    assert len(client.call("GET", "/servers").json()["servers"]) == made


@pytest.mark.parametrize(("method", "path", "body"), [
    ("POST", "faults", {"status": 500, "surprise": 1}), ("POST", "faults", {"method": "GET"}), ("POST", "faults", {"drop": "never"}),
    ("POST", "faults", {"path": "(", "status": 500}), ("PUT", "settings", {"surprise": 1}), ("PUT", "settings", {"page_size": 0}),
    ("PUT", "settings", {"next_build": "NONSENSE"}), ("POST", "servers", {"region": "nowhere"}), ("POST", "servers", {"surprise": 1}),
])
def test_orders_that_make_no_sense(client, method, path, body):
    assert order(client, method, path, body, 400)["error"]


def test_seeds_ask_nobody(client):
    wanted = {"count": 3, "name": "seed-{n}", "metadata": {"a": "b"}, "status": "SHUTOFF", "addresses": {"net": [{"addr": "192.0.2.1", "version": 4}]}}
    made = order(client, "POST", "servers", wanted)["servers"]
    assert [server["name"] for server in made] == ["seed-1", "seed-2", "seed-3"]
    record = client.server(made[0]["id"])
    assert (record["status"], record["OS-EXT-STS:vm_state"], record["metadata"]) == ("SHUTOFF", "stopped", {"a": "b"})
    assert record["addresses"]["net"][0]["addr"] == "192.0.2.1"
    client.act(made[0]["id"], "os-start")


def test_raw_fields(client):
    made = order(client, "POST", "servers", {})["servers"][0]["id"]
    order(client, "PATCH", "servers/" + made, {"status": "ERROR", "fault": {"code": 500, "message": "x"}, "surprise": 1, "hostId": "h"})
    record = client.server(made)
    assert (record["status"], record["OS-EXT-STS:vm_state"], record["surprise"], record["hostId"]) == ("ERROR", "error", 1, "h")
    order(client, "PATCH", "servers/" + made, {"status": "STRANGE", "surprise": None})
    record = client.server(made)
    assert record["status"] == "STRANGE" and "surprise" not in record


def test_reset_keeps_the_options(make):
    client = make("rackspace", servers=2, page_size=1)
    client.create()
    order(client, "PUT", "settings", {"page_size": 5})
    order(client, "POST", "reset")
    client.token = client.log_in()
    listed = client.call("GET", "/servers").json()
    assert len(listed["servers"]) == 1 and listed["servers_links"]


def test_rates(rackspace, openstack):
    for client, status in ((rackspace, 413), (openstack, 429)):
        order(client, "PUT", "settings", {"rate_limit": {"GET": 2}})
        statuses = [client.call("GET", "/servers").status for _unused in range(3)]
        assert statuses == [200, 200, status]
        last = client.call("GET", "/servers")
        assert (last.header("Retry-After") or "").endswith("GMT" if client is rackspace else "")
        assert bool(last.header("Retry-After")) == (client is rackspace)
        client.clock.advance(61)
        client.call("GET", "/servers", status=200)


def test_the_clouds_clock_may_be_wrong(client):
    order(client, "PUT", "settings", {"clock_skew": 3600})
    client.token = client.log_in()
    assert client.server(client.create(wait=False))["created"] == "2023-11-14T23:13:20Z"
