# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What things in answers have to look like: what is missing or of another type is told by its name, and what a cloud may leave out is let through."""

from __future__ import annotations

import types

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, things

SERVER = {"id": "1", "name": "web", "status": "ACTIVE"}
VOLUME = {"id": "1", "display_name": None, "status": "available", "size": 75}
FLAVOR = {"id": "1", "name": "small", "ram": 512, "vcpus": 1}
GOOD = [
    ("servers", SERVER, things.FULL), ("servers", {"id": "1", "name": "web"}, things.NAMED), ("server", {"id": "1", "adminPass": "x"}, things.MADE),
    ("servers", dict(SERVER, flavor={"original_name": "small"}, image="", metadata={}, fault=None, created=None), things.FULL),
    ("servers", dict(SERVER, addresses={"public": [{"addr": "192.0.2.1", "version": 4}], "private": []}, image=None), things.FULL),
    ("images", dict(SERVER, server={"id": "2"}), things.FULL), ("flavors", FLAVOR, things.FULL), ("flavors", dict(FLAVOR, id=3, disk=0), things.FULL),
    ("volumes", VOLUME, things.FULL), ("volumes", dict(VOLUME, attachments=[{}], metadata={"a": "b"}), things.FULL),
    ("network", {"id": "1", "label": "isolated"}, things.FULL), ("network", {"id": "1", "name": "net"}, things.FULL),
    ("users", {"id": "1", "username": "a"}, things.NAMED),
    ("keypair", {"name": "a"}, things.FULL),
    ("limits", {"absolute": {}}, things.FULL), ("limits", {"rate": [{"limit": [{}]}], "absolute": {"a": 1}}, things.FULL),
    ("metadata", [7], things.FULL),
]
BAD = [
    ("servers", {"id": "1", "name": "web"}, "status"), ("servers", dict(SERVER, id=7), "id"), ("servers", dict(SERVER, id=""), "id"),
    ("servers", {"id": "1", "status": "ACTIVE"}, "name"), ("servers", dict(SERVER, name=[]), "name"), ("servers", dict(SERVER, addresses="x"), "addresses"),
    ("servers", dict(SERVER, addresses={"public": {}}), "addresses"), ("servers", dict(SERVER, addresses={"public": ["x"]}), "addresses"),
    ("servers", dict(SERVER, metadata=[]), "metadata"), ("servers", dict(SERVER, flavor="1"), "flavor"), ("servers", dict(SERVER, flavor={"id": []}), "flavor"),
    ("servers", dict(SERVER, image="x"), "image"), ("servers", dict(SERVER, security_groups=[{}]), "security_groups"),
    ("servers", dict(SERVER, **{"OS-EXT-STS:task_state": {}}), "OS-EXT-STS:task_state"), ("images", dict(SERVER, created=7), "created"),
    ("images", dict(SERVER, server=[]), "server"), ("flavors", dict(FLAVOR, ram="512"), "ram"), ("volumes", dict(VOLUME, size=None), "size"),
    ("volumes", dict(VOLUME, attachments=["x"]), "attachments"), ("volumes", dict(VOLUME, attachments=[{"server_id": [7]}]), "attachments"),
    ("networks", {"id": "1"}, "name"), ("users", {"id": "1"}, "name"), ("keypair", {"a": 1}, "name"), ("keypair", dict(name="a", public_key=7), "public_key"),
    ("volumeAttachments", {"id": "1"}, "volumeId"),
    ("limits", {"absolute": []}, "absolute"), ("limits", {"absolute": {}, "rate": [{"limit": {}}]}, "rate"), ("limits", {}, "absolute"),
    ("limits", [], "limits"), ("servers", 7, "servers"), ("projects", {"id": "1"}, "name"),
]


@pytest.mark.parametrize("key, thing, shown", GOOD)
def test_what_is_let_through(key, thing, shown):
    things.check("GET /x", key, [thing] if key.endswith("s") and key != "limits" else thing, shown)


@pytest.mark.parametrize("key, thing, field", BAD)
def test_what_is_none(key, thing, field):
    with pytest.raises(errors.BadAnswer, match=r"GET /x was answered with '%s' in which '%s' is missing or is none \(request id req-1\)" % (key, field)):
        things.check("GET /x", key, [thing] if key.endswith("s") and key != "limits" else thing, said=types.SimpleNamespace(request_id="req-1"))


def test_a_list_that_is_none():
    with pytest.raises(errors.BadAnswer):
        things.check("GET /x", "volumeAttachments", {"id": "1", "volumeId": "2"})
