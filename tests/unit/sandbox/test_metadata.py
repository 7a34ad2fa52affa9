# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Metadata of servers and images."""

from __future__ import annotations


def test_replace_merge_and_items(client):
    server_id = client.create(metadata={"a": "1"})
    path = "/servers/%s/metadata" % server_id
    assert client.call("POST", path, {"metadata": {"b": "2"}}, 200).json() == {"metadata": {"a": "1", "b": "2"}}
    assert client.call("PUT", path, {"metadata": {"c d": "3"}}, 200).json() == {"metadata": {"c d": "3"}}
    assert client.call("GET", path + "/c%20d", None, 200).json() == {"meta": {"c d": "3"}}
    assert client.call("PUT", path + "/e", {"meta": {"e": "4"}}, 200).json() == {"meta": {"e": "4"}}
    mismatch = client.call("PUT", path + "/e", {"meta": {"f": "4"}}, 400)
    assert mismatch.json()["badRequest"]["message"] == "Request body and URI mismatch"
    assert client.call("DELETE", path + "/e", None, 204).body == b""
    client.call("DELETE", path + "/e", None, 404)
    assert client.server(server_id)["metadata"] == {"c d": "3"}


def test_a_quoted_slash_ends_the_key(rackspace):
    server_id = rackspace.create(metadata={"a/b": "1"})
    rackspace.call("GET", "/servers/%s/metadata/a%%2Fb" % server_id, None, 404)


def test_what_is_refused(rackspace, openstack):
    for client, long_value, limit in ((rackspace, 413, 40), (openstack, 400, 128)):
        path = "/servers/%s/metadata" % client.create()
        client.call("POST", path, {"metadata": {"a": True}}, 400)
        client.call("POST", path, {"metadata": {"a": "x" * 256}}, long_value)
        client.call("POST", path, {"metadata": {"": "x"}}, 400)
        client.call("POST", path, {"meta": {}}, 400)
        client.call("PUT", path, {"metadata": {"k%d" % n: "" for n in range(limit)}}, 200)
        full = client.call("POST", path, {"metadata": {"more": ""}}, 403)
        assert full.json()["forbidden"]["message"] == "Maximum number of metadata items exceeds %d" % limit


def test_states_in_which_it_is_fixed(client):
    server_id = client.create()
    client.act(server_id, "resize", {"flavorRef": "3"})
    client.clock.advance(1)
    client.call("PUT", "/servers/%s/metadata/a" % server_id, {"meta": {"a": "b"}}, 409)


def test_image_keys_are_kept_in_lower_case_at_rackspace(client):
    server_id = client.create()
    image_id = client.act(server_id, "createImage", {"name": "snap"}).header("Location").rpartition("/")[2]
    path = "/images/%s/metadata" % image_id
    client.call("PUT", path, {"metadata": {"Key": "Value"}}, 200)
    kept = "key" if client.dress == "rackspace" else "Key"
    assert client.call("GET", path).json() == {"metadata": {kept: "Value"}}
    assert client.call("GET", path + "/" + kept).json() == {"meta": {kept: "Value"}}
    assert client.call("GET", path + "/KEY").status == (200 if client.dress == "rackspace" else 404)
    client.call("PUT", "/images/%s/metadata" % client.image, {"metadata": {}}, 403)
