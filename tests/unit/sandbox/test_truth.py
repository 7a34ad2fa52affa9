# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The sandbox's replies against what is known of the real ones.

The table of facts is always checked. With `RACKSPACE_TRUTH` naming a directory of recorded replies (`cloud-servers/NAME.json`,
`identity/auth-response.json`), the facts are checked against those as well, so that table and sandbox cannot err together.
"""

from __future__ import annotations

import json
import os
import pathlib
import re

import known_replies as facts
import pytest

RECORDED = pathlib.Path(os.environ["RACKSPACE_TRUTH"]) if os.environ.get("RACKSPACE_TRUTH") else None


def problems(value, shape, where="body"):
    """How a value differs from a shape, as a list of sentences."""
    if isinstance(shape, list):
        if not isinstance(value, list):
            return ["%s is no list" % where]
        return [problem for n, item in enumerate(value) for problem in problems(item, shape[0], "%s[%d]" % (where, n))]
    if not isinstance(shape, dict):
        allowed = shape if isinstance(shape, tuple) else (shape,)
        # JSON has one kind of number: 80 and 80.0 are the same. To Python a boolean is a number as well; here it is not.
        good = isinstance(value, (*allowed, int) if float in allowed else allowed) and (bool in allowed or not isinstance(value, bool))
        return [] if good else ["%s is a %s" % (where, type(value).__name__)]
    if not isinstance(value, dict):
        return ["%s is no object" % where]
    if "*" in shape:
        return [problem for key, item in value.items() for problem in problems(item, shape["*"], "%s.%s" % (where, key))]
    needed = {key for key in shape if not key.endswith("?")}
    known = {key.rstrip("?"): inner for key, inner in shape.items()}
    found = ["%s lacks %s" % (where, key) for key in sorted(needed - set(value))]
    found += ["%s has %s" % (where, key) for key in sorted(set(value) - set(known))]
    return found + [problem for key in value if key in known for problem in problems(value[key], known[key], "%s.%s" % (where, key))]


@pytest.fixture
def world(rackspace):
    """A client, and the names of what the paths of the table speak of."""
    server, spare, other = rackspace.create("one"), rackspace.create("two"), rackspace.create("three")
    rackspace.call("POST", "/os-keypairs", {"keypair": {"name": "k"}}, 200)
    rackspace.call("PUT", "/servers/%s/metadata" % server, {"metadata": {"Label": "Web"}}, 200)
    network = rackspace.call("POST", "/os-networksv2", {"network": {"label": "n", "cidr": "192.168.9.0/24"}}, 200).json()["network"]["id"]
    volume = rackspace.call("POST", "/volumes", {"volume": {"size": 100}}, 200, "volume").json()["volume"]["id"]
    rackspace.clock.advance(1)
    rackspace.call("POST", "/servers/%s/os-volume_attachments" % server, {"volumeAttachment": {"volumeId": volume}}, 200)
    snapshot = rackspace.act(server, "createImage", {"name": "snap"}).header("Location").rpartition("/")[2]
    rackspace.clock.advance(1)
    return rackspace, {"server": server, "spare": spare, "other": other, "network": network, "snapshot": snapshot, "image": rackspace.image}


def filled(text, names):
    return re.sub(r"\{(\w+)\}", lambda match: names[match.group(1)], text)


def asked(world, fact, service):
    client, names = world
    _recorded, (method, path, body), *_rest = fact
    if fact is facts.RACKSPACE["a new key pair"]:
        client.call("DELETE", "/os-keypairs/k", None, 202)
    if fact is facts.RACKSPACE["a schedule deleted"]:
        client.call("POST", filled(path, names), {"image_schedule": {"retention": 3}}, 200)
    body = body and json.loads(filled(json.dumps(body), names))
    return client.call(method, filled(path, names), body, service=service)


def check(reply, fact):
    _recorded, _how, status, content_type, shape = fact
    assert reply.status == status
    assert reply.header("Content-Type").partition("; charset")[0] == content_type.partition("; charset")[0]
    if shape is None:
        assert reply.body == b""
    elif shape is str:
        assert reply.body
    else:
        assert problems(reply.json(), shape) == []


@pytest.mark.parametrize("name", facts.RACKSPACE)
def test_compute(world, name):
    reply = asked(world, facts.RACKSPACE[name], "compute")
    check(reply, facts.RACKSPACE[name])
    for header in facts.REPOSE:
        assert reply.has(header)


@pytest.mark.parametrize("name", facts.VOLUMES)
def test_volumes(world, name):
    check(asked(world, facts.VOLUMES[name], "volume"), facts.VOLUMES[name])


def test_login(rackspace):
    auth = {"auth": {"RAX-KSKEY:apiKeyCredentials": {"username": "demo", "apiKey": "sandbox-api-key"}}}
    assert problems(rackspace.send("POST", "/identity/v2.0/tokens", auth).json(), facts.ACCESS) == []


def test_the_check_sees_what_is_wrong():
    shape = {"a": int, "b?": str, "c": [{"d": str}]}
    assert problems({"a": 1, "c": []}, shape) == []
    assert problems({"a": "1", "c": [{"d": 1}], "e": 0}, shape) == ["body has e", "body.a is a str", "body.c[0].d is a int"]
    assert problems({"c": {}}, shape) == ["body lacks a", "body.c is no list"]


# The sample of a page that was written by hand; the service's own tests, and Nova's source, say 200.
_DOCUMENTED_OTHERWISE = {"servers-actions-rescue-rsp": 202}


def _recordings():
    return sorted(fact[0] for fact in (*facts.RACKSPACE.values(), *facts.VOLUMES.values()) if fact[0])


if RECORDED is not None:
    @pytest.mark.parametrize("name", _recordings())
    def test_the_facts_against_recordings(name):
        """The table says what was recorded: the same status and label, and the same fields of the same types."""
        fact = next(fact for fact in (*facts.RACKSPACE.values(), *facts.VOLUMES.values()) if fact[0] == name)
        _recorded, _how, status, content_type, shape = fact
        body = RECORDED / "cloud-servers" / (name + ".json")
        if isinstance(shape, dict):
            assert problems(json.loads(body.read_text(encoding="utf-8")), shape) == []
        headers = RECORDED / "cloud-servers" / (name + "-json-http.txt")
        if headers.exists():
            text = headers.read_text(encoding="utf-8")
            recorded = int(re.search(r"(?im)^\s*(?:status code|http/1\.1|status)\W+(\d{3})", text).group(1))
            assert recorded == _DOCUMENTED_OTHERWISE.get(name, status)
            assert re.search(r"(?im)^\s*content-type:\s*([^;\r\n]+)", text).group(1).strip() == content_type.partition(";")[0]

    def test_the_login_against_a_recording():
        """The catalog and the user of a real login have the fields that the table has."""
        text = (RECORDED / "identity" / "auth-response.json").read_text(encoding="utf-8")
        assert problems(json.loads(text), facts.ACCESS) == []
