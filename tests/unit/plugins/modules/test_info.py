# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`server_info`, `image_info`, `flavor_info` and `auth_info` against the sandbox in process: what they return and what they ask."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors
from ansible_collections.rackspace.cloud.plugins.modules import auth_info, flavor_info, image_info, server_info

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def names(stage, **options):
    return [server["name"] for server in stage.ask(server_info.fetch, server_info.SPEC, options)["servers"]]


class TestServers:
    @pytest.fixture
    def ids(self, stage):
        """{name: id} of some servers."""
        rows = {"web1": {"role": "web", "flag": "true"}, "web2": {"role": "web", "number": "5"}, "db.1": {"role": "db"}, "dbx1": {}}
        return {name: stage.seed(name, metadata=items) for name, items in rows.items()}

    @pytest.mark.parametrize("options, found", [
        ({}, ["db.1", "dbx1", "web1", "web2"]),
        ({"server": "web1"}, ["web1"]), ({"server": "db.1"}, ["db.1"]), ({"server": "web"}, []), ({"server": UNKNOWN}, []),
        ({"pattern": "web*"}, ["web1", "web2"]), ({"pattern": "[d]b?1"}, ["db.1", "dbx1"]), ({"pattern": "eb"}, []),
        ({"status": "active", "pattern": "w*"}, ["web1", "web2"]), ({"status": "ERROR"}, []),
        ({"metadata": {"role": "web"}}, ["web1", "web2"]), ({"metadata": {"flag": True}}, ["web1"]), ({"metadata": {"number": 5}}, ["web2"]),
        ({"metadata": {"role": "web", "number": "6"}}, []), ({"metadata": {"Role": "web"}}, []),
    ])
    def test_what_matches_by_name(self, stage, ids, options, found):
        assert names(stage, **options) == found

    def test_all_of_a_name_are_returned(self, stage):
        assert len({stage.seed("twin"), stage.seed("twin")}) == 2 and names(stage, server="twin") == ["twin", "twin"]

    def test_flavor_and_image_by_name_and_by_id(self, stage, ids):
        flavor = stage.region.flavors[stage.names["larger"]]
        image_id = list(stage.region.images)[1]
        stage.seed("large", flavor=flavor["id"], image=image_id)
        stage.seed("volume", flavor=flavor["id"], image="")
        assert names(stage, flavor=flavor["name"]) == names(stage, flavor=flavor["id"]) == ["large", "volume"]
        assert names(stage, image=image_id) == names(stage, image=stage.region.images[image_id].name) == ["large"]

    def test_what_is_not_there_to_filter_by_is_an_error(self, stage):
        for option in ("flavor", "image"):
            with pytest.raises(errors.NotFound, match="There is no %s 'nothing'" % option):
                names(stage, **{option: "nothing"})

    @pytest.mark.parametrize("options, fits", [
        ({"status": "ERROR"}, False), ({"flavor": "other"}, False), ({"flavor": "own"}, True), ({"image": "other"}, False),
        ({"metadata": {"role": "db"}}, False), ({"metadata": {"role": "web"}, "status": "ACTIVE"}, True)])
    def test_other_options_hold_for_an_id_too(self, stage, ids, options, fits):
        others = {"flavor": {"own": next(iter(stage.region.flavors)), "other": stage.names["larger"]}, "image": {"other": list(stage.region.images)[1]}}
        options = {name: others.get(name, {}).get(value, value) if isinstance(value, str) else value for name, value in options.items()}
        assert names(stage, server=ids["web1"], **options) == (["web1"] if fits else [])

    def test_a_server_without_an_image_is_of_none(self, stage):
        server_id = stage.seed("volume", image="")
        assert names(stage, server=server_id, image=list(stage.region.images)[0]) == []

    def test_a_cloud_that_ignores_filters_is_not_believed(self, stage, ids):
        listed = stage.ask(server_info.fetch, server_info.SPEC, {})["servers"]
        raw = {"servers": [{"id": server["id"], "name": server["name"], "status": "ACTIVE", "metadata": server["metadata"]} for server in listed]}
        for options, found in (({"pattern": "web*"}, ["web1", "web2"]), ({"server": "db.1"}, ["db.1"]), ({"status": "SHUTOFF"}, [])):
            stage.fault(path="/servers/detail", status=200, body=raw)
            assert names(stage, **options) == found

    def test_what_is_gone_or_going_does_not_count_unless_changes_are_asked_for(self, stage, ids):
        stage.set(ids["web1"], OS_EXT_STS__task_state="deleting")
        assert names(stage, pattern="web*") == ["web2"] and names(stage, server=ids["web1"]) == []
        assert names(stage, pattern="web*", changes_since="2001-01-01T00:00:00Z") == ["web1", "web2"]

    def test_filters_of_the_cloud_are_sent_as_they_are(self, stage, ids):
        stage.cloud.journal.clear()
        names(stage, filters={"reservation_id": "r-1"}, ip="192.0.2", status="ACTIVE", pattern="w?b*")
        query = stage.cloud.journal.entries()[-1]["query"]
        for part in ("reservation_id=r-1", "ip=192.0.2", "status=ACTIVE", "name=%5Ew.b.%2A%24"):
            assert part in query

    @pytest.mark.parametrize("options, calls", [({"server": "id"}, 1), ({"server": "web1"}, 1), ({"pattern": "*"}, 1), ({"flavor": "larger"}, 2),
                                                ({"server": "id", "network": "private"}, 2), ({"pattern": "web*", "fresh_addresses": True}, 3)])
    def test_how_often_the_cloud_is_asked(self, stage, ids, options, calls):
        options = {name: {"id": ids["web1"], "larger": stage.names["larger"]}.get(value, value) for name, value in options.items()}
        stage.cloud.journal.clear()
        names(stage, **options)
        assert len(stage.asked()) == calls

    def test_addresses(self, stage, ids):
        def addresses(**options):
            return stage.ask(server_info.fetch, server_info.SPEC, dict(options, server=ids["web1"]))["servers"][0]["addresses"]
        assert list(addresses(network="private")) == ["private"] and addresses(network="nothing") == {}
        assert set(addresses(fresh_addresses=True)) == set(addresses())


class TestImages:
    def images(self, stage, **options):
        return [image["name"] for image in stage.ask(image_info.fetch, image_info.SPEC, options)["images"]]

    def test_twins_are_both_returned(self, stage):
        assert self.images(stage, image="Duplicate image") == ["Duplicate image"] * 2

    def test_the_newest_first(self, stage):
        found = stage.ask(image_info.fetch, image_info.SPEC, {})["images"]
        assert [image["created"] for image in found] == sorted((image["created"] for image in found), reverse=True)
        assert stage.ask(image_info.fetch, image_info.SPEC, {"newest": True, "pattern": "D*"})["images"] == [
            next(image for image in found if image["name"].startswith("D"))]

    def test_images_of_a_server(self, stage):
        web, other = stage.seed("web1"), stage.seed("web2")
        api = stage.connected(image_info.SPEC, {}, False)[0].compute
        for server_id, name in ((web, "of web1"), (other, "of web2")):
            api.post("/servers/%s/action" % server_id, {"createImage": {"name": name, "metadata": {"Purpose": "test"}}})
        stage.cloud.clock.advance(60)
        assert self.images(stage, server="web1") == self.images(stage, server=web, type="snapshot") == ["of web1"]
        assert self.images(stage, server="web1", image="of web2") == [] and self.images(stage, server="web1", type="base") == []
        assert sorted(self.images(stage, type="snapshot")) == ["of web1", "of web2"]
        assert sorted(self.images(stage, metadata={"purpose": "test"})) == ["of web1", "of web2"]
        image_id = stage.ask(image_info.fetch, image_info.SPEC, {"image": "of web2"})["images"][0]["id"]
        assert self.images(stage, image=image_id) == ["of web2"] and self.images(stage, image=image_id, server="web1") == []

    @pytest.mark.parametrize("options", [{"image": "nothing"}, {"image": UNKNOWN}, {"pattern": "nothing*"}, {"status": "SAVING"}, {"metadata": {"a": "b"}}])
    def test_nothing_is_an_empty_list(self, stage, options):
        assert self.images(stage, **options) == []

    def test_an_id_costs_one_call(self, stage):
        cloud, params = stage.connected(image_info.SPEC, {"image": list(stage.region.images)[0]}, True)
        assert len(image_info.fetch(cloud, params)["images"]) == 1 and len(stage.asked()) == 1


class TestFlavors:
    def flavors(self, stage, **options):
        return stage.ask(flavor_info.fetch, flavor_info.SPEC, options)["flavors"]

    def test_the_smallest_first(self, stage):
        sizes = [(flavor["ram"], flavor["vcpus"], flavor["disk"]) for flavor in self.flavors(stage)]
        assert sizes == sorted(sizes) and len(sizes) > 3

    def test_the_smallest_that_fits(self, stage):
        every = self.flavors(stage)
        (found,) = self.flavors(stage, min_ram=1500, min_vcpus=2, min_disk=10, smallest=True)
        assert found == next(flavor for flavor in every if flavor["ram"] >= 1500 and flavor["vcpus"] >= 2 and flavor["disk"] >= 10)

    def test_a_cloud_that_ignores_filters_is_not_believed(self, stage):
        stage.fault(path="/flavors", status=200, body={"flavors": [{"id": "1", "name": "small", "ram": 512, "vcpus": 1, "disk": 20}]})
        assert self.flavors(stage, min_ram=1024) == []

    def test_by_class(self, rackspace_stage):
        found = self.flavors(rackspace_stage, extra_specs={"class": "compute1"})
        assert [flavor["id"] for flavor in found] == ["compute1-4", "compute1-8"] and found[0]["extra_specs"]["class"] == "compute1"

    @pytest.mark.parametrize("options", [{"flavor": "nothing"}, {"min_ram": 10**9}, {"extra_specs": {"class": "nothing"}}])
    def test_nothing_is_an_empty_list(self, stage, options):
        assert self.flavors(stage, **options) == []


class TestAuth:
    def test_who_it_is_and_what_there_is(self, stage):
        told = stage.ask(auth_info.fetch, {}, {"return_token": False})
        assert set(told) == {"auth"} and told["auth"]["user"]["name"] == "demo" and stage.names["region"] in told["auth"]["regions"]
        assert "sandbox-" not in str(told)

    def test_the_token_only_when_it_is_asked_for(self, stage):
        cloud, params = stage.connected({}, {"return_token": True}, True)
        assert auth_info.fetch(cloud, params)["token"] == cloud.access.token
