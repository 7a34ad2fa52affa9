# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Name or id to the one record, against the sandbox in both dresses."""

from __future__ import annotations

import json

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, lookup
from sandbox import Request

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def seed(sandbox, **server):
    answer = sandbox.cloud.handle(Request("POST", "/sandbox/servers", {}, json.dumps(server).encode()))
    return [made["id"] for made in answer.json()["servers"]]


@pytest.fixture
def api(sandbox):
    api = sandbox.connect().compute
    assert api.base
    sandbox.cloud.journal.clear()
    return api


RECORDS = [{"id": "1", "name": "small"}, {"id": "2", "name": "1"}, {"id": "3", "name": "twin"}, {"id": "4", "name": "twin", "status": "ACTIVE"}]


@pytest.mark.parametrize("wanted, found", [("1", "1"), ("small", "1"), ("2", "2"), ("nothing", None), ("Small", None)])
def test_an_id_comes_before_a_name(wanted, found):
    assert (lookup.one(RECORDS, "flavor", wanted) or {}).get("id") == found


def test_two_of_one_name_are_an_error_with_their_ids():
    with pytest.raises(errors.Ambiguous) as caught:
        lookup.one(RECORDS, "flavor", "twin")
    assert str(caught.value) == "2 flavors are called 'twin': 3, 4 (ACTIVE). Give the id instead of the name."
    assert caught.value.facts["ids"] == ["3", "4"]


class TestServer:
    def test_an_id_costs_one_call(self, sandbox, api):
        (server_id,) = seed(sandbox, name="web1")
        assert lookup.server(api, server_id)["name"] == "web1"
        assert len(sandbox.asked()) == 1 and sandbox.asked()[0].endswith("/servers/" + server_id)

    def test_so_does_a_name(self, sandbox, api):
        (server_id,) = seed(sandbox, name="web1")
        seed(sandbox, name="web12")
        assert lookup.server(api, "web1")["id"] == server_id
        assert len(sandbox.asked()) == 1

    @pytest.mark.parametrize("name", ["a.b", "a+b (c)", "web[1]", "{{ 7*7 }}", "^x$", "a|b", "a\\b", "50%", "wéb ☃", "a&b=c#d"])
    def test_a_name_is_taken_literally(self, sandbox, api, name):
        seed(sandbox, name="axb")
        (server_id,) = seed(sandbox, name=name)
        assert lookup.server(api, name)["id"] == server_id

    def test_two_of_one_name(self, sandbox, api):
        ids = seed(sandbox, name="web", count=2)
        with pytest.raises(errors.Ambiguous) as caught:
            lookup.server(api, "web")
        assert all(server_id in str(caught.value) for server_id in ids) and sorted(caught.value.facts["ids"]) == sorted(ids)

    @pytest.mark.parametrize("wanted", ["web1", UNKNOWN, "web.1", "web 1"])
    def test_nothing_is_none(self, api, wanted):
        assert lookup.server(api, wanted) is None

    @pytest.mark.parametrize("raw", [{"status": "DELETED"}, {"OS-EXT-STS:task_state": "deleting"}])
    def test_what_is_gone_or_going_does_not_count(self, sandbox, api, raw):
        going, staying = seed(sandbox, name="web", count=2)
        answer = sandbox.cloud.handle(Request("PATCH", "/sandbox/servers/" + going, {}, json.dumps(raw).encode()))
        assert answer.status == 200
        assert lookup.server(api, "web")["id"] == staying
        assert lookup.server(api, going) is None


class TestFlavor:
    def test_by_id_and_by_name(self, sandbox, api):
        names = {"rackspace": ("general1-1", "1 GB General Purpose v1"), "openstack": ("42", "m1.nano")}[sandbox.dress]
        assert [lookup.flavor(api, wanted)["id"] for wanted in names] == [names[0]] * 2

    @pytest.mark.parametrize("wanted, hint", [("m1.nanoo", "'m1.nano'"), ("general1-11", "'general1-1'")])
    def test_a_slip_is_answered_with_what_was_meant(self, sandbox, api, wanted, hint):
        with pytest.raises(errors.NotFound) as caught:
            lookup.flavor(api, wanted)
        if hint[1:3] == {"rackspace": "ge", "openstack": "m1"}[sandbox.dress]:
            assert "Did you mean" in str(caught.value) and hint in str(caught.value)

    def test_anything_else_with_what_there_is(self, sandbox, api):
        with pytest.raises(errors.NotFound, match="There is no flavor '%%%%' in .*There are: "):
            lookup.flavor(api, "%%%%")


class TestImage:
    def test_by_id_and_by_name(self, sandbox, api):
        image_id, name = {"rackspace": ("28153eac-1bae-4039-8d9f-f8b513241efe", "Windows Server 2022"),
                          "openstack": ("70a599e0-31e7-49b7-b260-868f441e862b", "cirros")}[sandbox.dress]
        assert lookup.image(api, image_id)["name"] == name and lookup.image(api, name)["id"] == image_id

    def test_two_of_one_name(self, api):
        with pytest.raises(errors.Ambiguous, match="2 images are called 'Duplicate image'") as caught:
            lookup.image(api, "Duplicate image")
        assert len(caught.value.facts["ids"]) == 2

    @pytest.mark.parametrize("wanted", ["nothing", UNKNOWN, "Duplicate"])
    def test_nothing_is_an_error(self, api, wanted):
        with pytest.raises(errors.NotFound, match="There is no image '%s' in .*image_info" % wanted):
            lookup.image(api, wanted)

    def test_an_image_that_is_deleted_does_not_count(self, sandbox, api):
        image_id = "d4c5a4a0-0000-4000-8000-000000000001"
        sandbox.fault(path="/images/%s$" % image_id, status=200, body={"image": {"id": image_id, "name": "x", "status": "DELETED"}})
        with pytest.raises(errors.NotFound):
            lookup.image(api, image_id)
