# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`fleet` against the sandbox in process: rehearsed, done, done again; grown, shrunk, resized, rebuilt; guards; lost answers; rates; bad input."""

from __future__ import annotations

import re
import threading

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.rackspace.cloud.plugins.module_utils import arguments, errors, fleet_guards, fleet_journey, fleet_loop, fleet_wish, runner, servers
from ansible_collections.rackspace.cloud.plugins.modules import fleet as module
from sandbox.accounts import DEMO_PROJECT

KEY = fleet_wish.KEY


class Player:
    """Plays tasks of the module on a stage (conftest.py)."""

    def __init__(self, stage):
        self.stage = stage
        self.names, self.cloud, self.warnings, self.fault = stage.names, stage.cloud, stage.warnings, stage.fault
        self.login = {name: value for name, value in stage.login.items() if value is not None}

    def __call__(self, check=False, **options):
        """The result of a task, with the error under «failure» when it failed. The log is empty before it."""
        spec = dict(arguments.AUTH, **arguments.WAIT, **module.SPEC)
        checked = ArgumentSpecValidator(spec).validate({**self.login, "name": "web", **options})
        assert not checked.error_messages
        cloud, params = self.stage.connected(module.SPEC, checked.validated_parameters, check)
        self.cloud.journal.clear()
        work = module.Work(runner.Task(cloud, params, self.warnings.append))
        failure = None
        try:
            work.carry_out(check)
        except errors.CloudError as error:
            failure = error
        return dict(work.results(), failure=failure)

    def good(self, **options):
        """The result of a task that succeeds."""
        result = self(**options)
        if result["failure"]:
            raise result["failure"]
        return result

    def group(self, count, name="web%02d", **options):
        return dict({"name": name, "count": count, "flavor": self.names["flavor"], "image": self.names["image"]}, **options)

    def entry(self, name, **options):
        return dict({"name": name, "flavor": self.names["flavor"], "image": self.names["image"]}, **options)

    def thrice(self, **options):
        """(as foreseen, as done) of a task that changes something: rehearsed without a write, done as foreseen, and nothing left to do."""
        foreseen = self.good(check=True, **options)
        assert foreseen["changed"] and not self.stage.writes()
        done = self.good(**options)
        for part in ("changed", "actions", "diff", "plan", "summary"):
            assert done[part] == foreseen[part], part
        again = self.good(**options)
        assert (again["changed"], again["actions"], again["plan"], again["diff"]["before"], again["diff"]["after"]) == (False, [], [], "", "")
        assert not self.stage.writes()
        return foreseen, done

    def there(self):
        """{name: server} that the cloud itself knows to be there, of ours; two of one name fail."""
        servers = [server.settle(self.cloud.now()) for server in self.stage.region.servers.values()]
        ours = [server for server in servers if server.status != "DELETED" and server.task_state != "deleting"
                and server.project_id == DEMO_PROJECT[self.cloud.dress]]
        found = {server.name: server for server in ours}
        assert len(found) == len(ours), sorted(server.name for server in ours)
        return found

    def lists(self):
        return [line for line in self.stage.asked() if line.endswith("/servers/detail")]

    def seed(self, name, fleet="web", **fields):
        """A server that is there at once, a member unless fleet is None."""
        metadata = dict(fields.pop("metadata", {}), **({KEY: fleet} if fleet else {}))
        return self.stage.seed(name, metadata=metadata, flavor=self.names["flavor"], **fields)


@pytest.fixture
def play(stage):
    return Player(stage)


@pytest.fixture
def rackspace(rackspace_stage):
    return Player(rackspace_stage)


@pytest.fixture
def openstack(openstack_stage):
    return Player(openstack_stage)


def test_a_group_from_nothing(play):
    foreseen, done = play.thrice(groups=[play.group(12, metadata={"role": "web"})])
    assert foreseen["actions"] == ["create web%02d" % number for number in range(1, 13)]
    there = play.there()
    assert sorted(there) == ["web%02d" % number for number in range(1, 13)]
    assert all(server.metadata[KEY] == "web" and server.metadata["role"] == "web" for server in there.values())
    assert [(one["status"], one["error"], one["id"]) for one in done["servers"]] == [("ACTIVE", None, there[one["name"]].id) for one in done["servers"]]
    assert done["summary"] == {"create": 12}


def test_nothing_to_change_costs_one_list(play):
    play.good(groups=[play.group(8)], servers=[play.entry("db1")])
    again = play.good(groups=[play.group(8)], servers=[play.entry("db1")])
    assert not again["changed"] and again["summary"] == {"keep": 9}
    by_id = {"flavor": play.there()["db1"].flavor["id"], "image": play.there()["db1"].image_id}
    play.good(defaults=by_id, groups=[{"name": "web%02d", "count": 8}], servers=[{"name": "db1"}])
    assert len(play.stage.asked()) == 1


# what becomes of servers

def test_a_fleet_grows_and_its_gaps_are_filled(play):
    play.good(groups=[play.group(4)])
    play.stage.region.servers.pop(play.there()["web02"].id)
    foreseen, _done = play.thrice(groups=[play.group(6)])
    assert foreseen["actions"] == ["create web02", "create web05", "create web06"]


def test_numbers_begin_where_they_are_told_to_and_members_below_count(play):
    play.seed("web3")
    foreseen, _done = play.thrice(groups=[play.group(3, name="web", start=10)])
    assert foreseen["actions"] == ["create web10", "create web11"]


CHANGES = {
    "metadata": ({"metadata": {"role": "db", "own": "x"}}, {"metadata": {"role": "web"}, "purge_metadata": True},
                 ["set_metadata", "remove_metadata"], "update"),
    "address": ({}, {"access_ipv4": "192.0.2.9"}, ["update"], "update"),
    "stop": ({}, {"state": "stopped"}, ["stop"], "power"),
    "start": ({"state": "stopped"}, {"state": "started"}, ["start"], "power"),
    "resize": ({}, {"flavor": "larger", "resize_policy": "confirm"}, ["resize", "confirm_resize"], "resize"),
    "resize by hand": ({}, {"flavor": "larger", "resize_policy": "manual", "drift_policy": "ignore"}, ["resize"], "resize"),
    "create stopped": (None, {"state": "stopped"}, ["create", "stop"], "create"),
}


@pytest.mark.parametrize("case", CHANGES)
@pytest.mark.parametrize("place", ["defaults", "groups", "servers"])
def test_a_change(play, case, place):
    before, change, steps, verb = CHANGES[case]
    change = {name: play.names.get(value, value) if name == "flavor" else value for name, value in change.items()}
    policy = {"drift_policy": change.pop("drift_policy")} if "drift_policy" in change else {}
    same = {"flavor": play.names["flavor"], "image": play.names["image"]}

    def options(more):
        wish = {**same, **more}
        if place == "servers":
            return {"servers": [dict(wish, name="web1"), dict(wish, name="web2")]}
        if place == "groups":
            return {"groups": [dict(wish, name="web%d", count=2)]}
        return {"groups": [{"name": "web%d", "count": 2}], "defaults": wish}
    if before is not None:
        play.good(**options(before))
    foreseen, done = play.thrice(**options(change), **policy)
    assert foreseen["actions"] == ["%s web%d" % (step, number) for number in (1, 2) for step in steps]
    assert foreseen["summary"] == {verb: 2}
    assert [one["status"] for one in done["servers"]] == [one["status"] for one in foreseen["servers"]]


def other_image(play):
    present = {server.image_id for server in play.there().values()}
    return next(image.id for image in play.stage.region.images.values() if image.status == "ACTIVE" and image.id not in present)


def test_a_rebuild_goes_in_batches(play):
    play.good(groups=[play.group(4)])
    foreseen, _done = play.thrice(groups=[play.group(4, image=other_image(play), rebuild_policy="rebuild")], max_unavailable="50%")
    assert foreseen["summary"] == {"rebuild": 4}


def interrupted_at_once(play, monkeypatch, statuses=("RESIZE", "VERIFY_RESIZE", "REBUILD")):
    """A list that is given, after each list of servers, how many are in a resize or a rebuild."""
    seen = []
    handle = play.cloud.handle

    def counting(request):
        answer = handle(request)
        if request.path.endswith("/servers/detail"):
            seen.append(sum(server.status in statuses or str(server.task_state).startswith(("resize", "rebuild"))
                            for server in play.there().values()))
        return answer
    monkeypatch.setattr(play.cloud, "handle", counting)
    return seen


@pytest.mark.parametrize(("share", "most"), [("1", 1), ("3", 3), ("50%", 4), ("10%", 1)])
def test_no_more_are_out_of_service_than_allowed(play, monkeypatch, share, most):
    play.good(groups=[play.group(8)])
    seen = interrupted_at_once(play, monkeypatch)
    play.good(groups=[play.group(8, flavor=play.names["larger"], resize_policy="confirm")], max_unavailable=share)
    assert max(seen) == most
    assert {server.flavor["id"] for server in play.there().values()} == {play.names["larger"]}


def test_batches_are_kept_without_waiting_too(play, monkeypatch):
    play.good(groups=[play.group(4)])
    play.cloud.settings.update({"action_time": 5})
    seen = interrupted_at_once(play, monkeypatch)
    play.good(groups=[play.group(4, image=other_image(play), rebuild_policy="rebuild")], max_unavailable="2", wait=False)
    assert max(seen) == 2


def test_a_server_that_fails_stays_out_of_service_and_stops_the_others(play):
    play.good(groups=[play.group(4)])
    play.cloud.settings.update({"next_action": "ERROR"})
    result = play(groups=[play.group(4, image=other_image(play), rebuild_policy="rebuild")])
    assert [bool(one["actions"]) for one in result["servers"]] == [True, False, False, False]
    assert "max_unavailable is 1, and out of service is server 'web01'" in result["servers"][3]["error"]
    assert "4 of 4 servers" in str(result["failure"])
    healed = play(groups=[play.group(4, image=other_image(play), rebuild_policy="rebuild", on_error="recreate")], max_delete=1)
    assert healed["failure"] is None and healed["summary"] == {"recreate": 1, "rebuild": 3}


def test_on_failure_stop_is_told_to_those_who_wait_for_their_turn(play):
    play.good(groups=[play.group(3)])
    play.cloud.settings.update({"next_action": "ERROR"})
    result = play(groups=[play.group(3, image=other_image(play), rebuild_policy="rebuild")], on_failure="stop")
    assert [bool(one["actions"]) for one in result["servers"]] == [True, False, False]
    assert all("not begun: on_failure is stop, and server 'web01'" in one["error"] for one in result["servers"][1:])


def test_shrinking_deletes_nothing_without_purge(play):
    play.good(groups=[play.group(4)])
    result = play.good(groups=[play.group(2)])
    assert not result["changed"] and len(play.there()) == 4
    assert [one["why"] for one in result["servers"]] == [None, None] + ["one too many for web%02d; purge is false"] * 2


ORDERS = {
    "highest_number": (["highest_number"], {"web01", "web02"}),
    "newest": (["newest"], {"web02", "web04"}),
    "oldest": (["oldest"], {"web01", "web03"}),
    "errored": (["errored"], {"web01", "web02"}),
    "errored, then oldest": (["errored", "oldest"], {"web01", "web03"}),
}


@pytest.mark.parametrize("case", ORDERS)
def test_who_goes_first(play, clock, case):
    order, staying = ORDERS[case]
    for name in ("web04", "web02", "web01", "web03"):
        server_id = play.seed(name)
        clock.sleep(10)
    if "errored" in case:
        play.stage.set(play.there()["web03" if case == "errored" else "web04"].id, status="ERROR")
    options = {"groups": [{"name": "web%02d", "count": 2}], "purge": True, "max_delete": 2, "delete_order": order}
    assert server_id
    foreseen = play.good(check=True, **options)
    assert len(play.there()) == 4 and foreseen["summary"]["delete"] == 2
    play.good(**options)
    assert set(play.there()) == staying


def test_members_that_nobody_wishes_for_are_purged_by_key_and_name(play):
    for name in ("web01", "web02", "old-web", "db7"):
        play.seed(name)
    play.seed("web-of-others", fleet=None)
    play.seed("web-of-a-fleet", fleet="other")
    options = {"groups": [{"name": "web%02d", "count": 1}], "pattern": "*web*", "purge": True, "max_delete": 2}
    result = play.good(**options)
    assert sorted(result["actions"]) == ["delete old-web", "delete web02"]
    assert sorted(play.there()) == ["db7", "web-of-a-fleet", "web-of-others", "web01"]
    assert [one["name"] for one in result["strangers"]] == ["db7"] and "'db7'" in play.warnings[0]


def test_the_whole_fleet_goes(play):
    play.good(groups=[play.group(3)], servers=[play.entry("db1")])
    foreseen, done = play.thrice(state="absent", groups=[{"name": "web%02d", "count": 0}], servers=[{"name": "db1"}], max_delete=4)
    assert foreseen["summary"] == {"delete": 4} and not play.there()
    assert [one["status"] for one in done["servers"]] == [None] * 4 and all(one["id"] for one in done["servers"])


def test_exactly_these_ids_go(play):
    ids = [play.seed("web%d" % number, fleet=fleet) for number, fleet in enumerate(("web", "other", None))]
    foreseen, _done = play.thrice(state="absent", instance_ids=[*ids[1:], "00000000-dead-beef-0000-000000000000"], max_delete=2)
    assert foreseen["actions"] == ["delete web1", "delete web2"] and sorted(play.there()) == ["web0"]


def test_one_server_is_taken_out_by_name_or_by_id(play):
    play.good(servers=[play.entry("a"), play.entry("b"), play.entry("c")])
    options = {"servers": [play.entry("a"), {"name": "b", "state": "absent"}, {"id": play.there()["c"].id, "state": "absent"}]}
    play.thrice(**options, max_delete=2)
    assert sorted(play.there()) == ["a"]


def test_a_delete_that_is_accepted_is_enough_when_asked_for(play):
    play.good(groups=[play.group(2)])
    play.cloud.settings.update({"delete_time": 4000})
    play.good(state="absent", pattern="web*", max_delete=2, delete_wait="accepted")
    assert not play.good(state="absent", pattern="web*", max_delete=2)["changed"]


def test_servers_are_renamed_by_id(play):
    ids = {name: play.seed(name) for name in ("a", "b")}
    play.thrice(servers=[{"id": ids["a"], "name": "web-a"}, {"id": ids["b"]}])
    assert sorted(play.there()) == ["b", "web-a"]


def test_drift_is_told_of_all_at_once(play):
    play.good(groups=[play.group(3)])
    result = play.good(groups=[play.group(3, flavor=play.names["larger"])])
    assert not result["changed"] and len(play.warnings) == 1 and "web02: flavor is" in play.warnings[0]
    assert result["servers"][0]["drift"] == [{"field": "flavor", "wanted": play.names["larger"], "found": play.names["flavor"]}]
    failed = play(groups=[play.group(3, flavor=play.names["larger"], metadata={"a": "b"})], drift_policy="fail")
    assert isinstance(failed["failure"], errors.Drifted) and not play.stage.writes()


@pytest.mark.parametrize("policy", ["warn", "fail", "ignore"])
def test_drift_that_shows_after_a_wait_is_told_too(openstack, policy):
    play = openstack
    play.cloud.settings.update({"build_time": 20})
    play.good(groups=[play.group(1)], wait=False)
    result = play(groups=[play.group(1, security_groups=["other"])], drift_policy=policy)
    assert [one["field"] for one in result["servers"][0]["drift"]] == ([] if policy == "fail" else ["security_groups"])
    assert isinstance(result["failure"], errors.Failed) == (policy == "fail") and ("security_groups is" in str(result["failure"])) == (policy == "fail")
    assert ["security_groups is" in words for words in play.warnings] == ([True] if policy == "warn" else [])


def test_a_resize_under_way_is_not_said_to_wait(play):
    play.good(groups=[play.group(1)])
    play.stage.set(play.there()["web01"].id, status="RESIZE")
    found = play(check=True, groups=[play.group(1)])["servers"][0]["drift"]
    assert [one["found"] for one in found] == ["under way"]


def test_networks_are_asked_for_once(openstack):
    openstack.good(check=True, groups=[openstack.group(10, networks=["private"])])
    assert len([line for line in openstack.stage.asked() if line.endswith("/networks")]) == 1


def test_zones_are_filled_evenly(openstack):
    play = openstack
    play.good(groups=[play.group(2, zones=["nova"])])
    play.cloud.journal.clear()
    play.good(check=True, groups=[play.group(6, zones=["nova", "other"])])
    assert not play.stage.writes() and not play.warnings
    assert [server.availability_zone for server in play.there().values()] == ["nova", "nova"]


# regions

def test_each_region_is_listed_once(rackspace):
    groups = [rackspace.group(2, name="edge%d", region=region) for region in ("dfw", "ORD")]
    foreseen, done = rackspace.thrice(groups=groups)
    assert [(one["region"], one["name"]) for one in done["servers"]] == [("DFW", "edge1"), ("DFW", "edge2"), ("ORD", "edge1"), ("ORD", "edge2")]
    assert foreseen["diff"]["after"].splitlines()[2].startswith("ORD")
    assert len(rackspace.lists()) == 2
    gone = rackspace.good(state="absent", pattern="edge*", regions=["ORD"], max_delete=4)
    assert [one["region"] for one in gone["servers"]] == ["ORD", "ORD"]


def test_without_a_region_of_its_own_the_connection_needs_none(rackspace):
    rackspace.login.pop("region")
    group = rackspace.group(1, region="ORD")
    rackspace.good(groups=[group])
    assert rackspace.good(groups=[group], purge=True)["summary"] == {"keep": 1}
    assert "region is needed" in str(rackspace(groups=[rackspace.group(1)])["failure"])


def test_a_region_that_is_none_is_told(rackspace):
    result = rackspace(groups=[rackspace.group(2, region="MARS")])
    assert isinstance(result["failure"], errors.NoEndpoint) and "'MARS'" in str(result["failure"]) and "ORD" in str(result["failure"])


# guards: each refuses before anything is sent

def refused(play, kind, *words, **options):
    for check in (True, False):
        result = play(check=check, **options)
        assert isinstance(result["failure"], kind), result["failure"]
        for word in words:
            assert word in str(result["failure"])
        assert not play.stage.writes() and result["changed"] is False and result["actions"] == []
    return result


@pytest.mark.parametrize("wish", [{}, {"servers": []}, {"groups": []}, {"groups": [{"name": "web%d", "count": 0}]},
                                  {"servers": [{"name": "web1", "state": "absent"}]}])
def test_an_empty_wish_is_no_purge(play, wish):
    play.seed("web1")
    refused(play, errors.Protected, "state: absent", purge=True, max_delete=9, pattern="web*", **wish)


@pytest.mark.parametrize("wish", [{}, {"servers": []}, {"groups": []}])
def test_absent_needs_names(play, wish):
    play.seed("web1")
    refused(play, errors.Protected, "give pattern, groups, servers or ids", state="absent", max_delete=9, **wish)


@pytest.mark.parametrize("pattern", ["*", "**", "?*", " *"])
def test_a_pattern_that_fits_all_is_none(play, pattern):
    play.seed("web1")
    refused(play, errors.BadInput, "fits every name", state="absent", pattern=pattern, max_delete=9)


@pytest.mark.parametrize("options", [
    {"groups": [{"name": "web%d", "count": 1}], "purge": True, "max_delete": 1}, {"state": "absent", "pattern": "web*", "max_delete": 2},
    {"servers": [{"name": "web%d" % number, "state": "absent"} for number in (1, 2, 3)], "max_delete": 2},
])
def test_one_delete_too_many_refuses_all(play, options):
    for number in (1, 2, 3):
        play.seed("web%d" % number)
    number = options["max_delete"] + 1
    result = refused(play, errors.Protected, "max_delete is %d" % options["max_delete"], "%d servers" % number, "'web3'", **options)
    assert [one["action"] for one in result["plan"]] == ["delete"] * number
    play.good(**dict(options, max_delete=number))


def test_a_recreated_server_counts_as_deleted(play):
    play.good(groups=[play.group(2)])
    play.stage.set(play.there()["web02"].id, status="ERROR")
    refused(play, errors.Protected, "max_delete is 0", groups=[play.group(2, on_error="recreate")])


def test_a_server_wished_for_by_id_is_recreated_and_found_again_by_its_name(play):
    play.good(servers=[play.entry("web1")])
    first = play.there()["web1"].id
    wish = {"servers": [play.entry("web1", id=first, on_error="recreate")], "max_delete": 1}
    play.stage.set(first, status="ERROR")
    play.fault(method="POST", path="/servers$", status=400, body={"badRequest": {"code": 400, "message": "no"}})
    result = play(**wish)
    assert "run again" in str(result["failure"]) and not play.there()
    assert play.good(**wish)["actions"] == ["create web1"]
    assert not play.good(**wish)["changed"] and play.there()["web1"].id != first
    play.stage.set(play.there()["web1"].id, metadata={})
    refused(play, errors.Protected, "adopt", **wish)


def test_recreating_by_id_alone_is_refused(play):
    server_id = play.seed("web1")
    refused(play, errors.BadInput, server_id, "on_error", "name", servers=[{"id": server_id}], defaults={"on_error": "recreate"})


@pytest.mark.parametrize("options", ["purge", "absent", "ids", "entry", "rebuild", "recreate"])
def test_a_protected_server_is_spared(play, options):
    play.good(groups=[play.group(2)], servers=[play.entry("web-db", metadata={"ansible_protected": True})])
    server_id = play.there()["web-db"].id
    if options == "recreate":
        play.stage.set(server_id, status="ERROR")
    chosen = {
        "purge": {"groups": [{"name": "web%02d", "count": 1}], "pattern": "web-*", "purge": True},
        "absent": {"state": "absent", "pattern": "web*"},
        "ids": {"state": "absent", "ids": [server_id]},
        "entry": {"servers": [{"name": "web-db", "state": "absent"}]},
        "rebuild": {"servers": [play.entry("web-db", image=other_image(play), rebuild_policy="rebuild")], "groups": [play.group(3)]},
        "recreate": {"servers": [play.entry("web-db", on_error="recreate")]},
    }[options]
    refused(play, errors.Protected, "'web-db'", "ansible_protected", "ignore_protection", max_delete=9, **chosen)
    assert play.good(max_delete=9, ignore_protection=True, **chosen)["changed"]


@pytest.mark.parametrize("options", [{"purge": True, "groups": [{"name": "web%02d", "count": 1}]},
                                     {"state": "absent", "groups": [{"name": "web%02d", "count": 1}]}])
def test_a_strangers_server_that_carries_our_metadata_is_spared(play, options):
    play.seed("web01")
    stranger = play.seed("payroll")
    result = play.good(max_delete=9, **options)
    assert "payroll" in play.there()
    assert [(one["name"], one["id"]) for one in result["strangers"]] == [("payroll", stranger)] and "anybody may write metadata" in play.warnings[0]


def test_ours_by_name_alone_is_not_ours(play):
    play.seed("web1", fleet=None)
    refused(play, errors.Protected, "adopt: true", "'web1'", groups=[play.group(2, name="web%d")])
    refused(play, errors.Protected, "by its id only", servers=[{"name": "web1", "state": "absent"}], max_delete=1)
    foreseen, _done = play.thrice(groups=[play.group(2, name="web%d")], adopt=True)
    assert foreseen["actions"] == ["set_metadata web1", "create web2"]


def test_adopting_takes_those_that_fit_and_no_more_than_wished(play):
    for number in (3, 5, 9):
        play.seed("web%d" % number, fleet=None)
    foreseen, _done = play.thrice(groups=[play.group(2, name="web%d")], adopt=True)
    assert foreseen["actions"] == ["set_metadata web3", "set_metadata web5"]
    result = play.good(groups=[play.group(1, name="web%d")], adopt=True, purge=True, max_delete=9)
    assert result["actions"] == ["delete web5"] and sorted(play.there()) == ["web3", "web9"]


def test_adopting_begins_where_the_numbers_begin(play):
    for number in (1, 9, 12):
        play.seed("web%d" % number, fleet=None)
    result = play.good(groups=[play.group(2, name="web%d", start=10)], adopt=True)
    assert sorted(result["actions"]) == ["create web10", "set_metadata web12"] and KEY not in play.there()["web1"].metadata


def test_what_is_of_another_fleet_stays_there(play):
    play.seed("web1", fleet="other")
    for adopt in (True, False):
        refused(play, errors.Protected, "of another fleet", "'other'", servers=[play.entry("web1")], adopt=adopt)


def test_two_of_one_name_are_an_error_with_all_ids(play):
    ids = [play.seed(name) for name in ("web1", "web1", "db", "db")]
    result = refused(play, errors.Ambiguous, *ids, groups=[play.group(2, name="web%d")], servers=[play.entry("db")])
    assert sorted(result["failure"].facts["ids"]) == sorted(ids)


def test_more_than_fits_is_refused_at_once(play):
    play.cloud.settings.update({"quota": {"instances": 12}})
    refused(play, errors.Protected, "servers: 40 wanted, 12 free of 12", groups=[play.group(40)])
    play.cloud.settings.update({"quota": {"instances": 100, "ram": 4096}})
    refused(play, errors.Protected, "memory", groups=[play.group(40)])


def test_a_larger_flavor_has_to_fit_too(play):
    play.good(groups=[play.group(3)])
    flavors = play.stage.region.flavors
    used = 3 * flavors[play.names["flavor"]]["ram"]
    play.cloud.settings.update({"quota": {"ram": used + 2 * (flavors[play.names["larger"]]["ram"] - flavors[play.names["flavor"]]["ram"])}})
    refused(play, errors.Protected, "memory", groups=[play.group(3, flavor=play.names["larger"], resize_policy="confirm")])


def test_what_is_recreated_larger_has_to_fit_before_it_is_deleted(play):
    play.good(groups=[play.group(1)])
    play.stage.set(play.there()["web01"].id, status="ERROR")
    play.cloud.settings.update({"quota": {"ram": play.stage.region.flavors[play.names["flavor"]]["ram"]}})
    refused(play, errors.Protected, "memory", groups=[play.group(1, flavor=play.names["larger"], on_error="recreate")], max_delete=1)
    assert play.good(groups=[play.group(1, on_error="recreate")], max_delete=1)["changed"]


def test_what_shrinks_makes_no_room_for_what_is_created(openstack):
    play = openstack
    play.good(groups=[play.group(1, flavor=play.names["larger"])])
    play.cloud.settings.update({"quota": {"ram": play.stage.region.flavors[play.names["larger"]]["ram"]}})
    refused(play, errors.Protected, "memory", groups=[play.group(2, resize_policy="confirm")])


def test_how_much_grows_what_has_a_flavor_that_is_no_longer_listed_is_left_to_the_cloud(play, monkeypatch):
    play.good(groups=[play.group(1)])
    sizes = fleet_guards.check_room
    monkeypatch.setattr(fleet_guards, "check_room", lambda rows, free, flavors, region: sizes(
        rows, free, [flavor for flavor in flavors if flavor["id"] != play.names["flavor"]], region))
    flavors = play.stage.region.flavors
    play.cloud.settings.update({"quota": {"ram": flavors[play.names["larger"]]["ram"]}})
    assert play.good(groups=[play.group(1, flavor=play.names["larger"], resize_policy="confirm")])["changed"]


def test_what_is_too_large_to_grow_leaves_room_to_others(openstack, monkeypatch):
    play = openstack
    play.good(groups=[play.group(1)])
    flavors, checked = play.stage.region.flavors, module.Work.check

    def then_less(work):
        checked(work)
        play.cloud.settings.update({"quota": {"ram": 2 * flavors[play.names["flavor"]]["ram"]}})
    monkeypatch.setattr(module.Work, "check", then_less)
    result = play(servers=[play.entry("web01", flavor=play.names["larger"], resize_policy="confirm"), play.entry("web02")], concurrency=1)
    assert "quota" in result["servers"][0]["error"] and result["servers"][1]["status"] == "ACTIVE"


def test_more_creates_than_a_day_allows_are_refused(rackspace):
    rackspace.cloud.settings.update({"quota": {"instances": -1, "ram": -1}})
    refused(rackspace, errors.Protected, "1001 servers", "1000 more of 1000 a day", groups=[rackspace.group(1001)])


BAD = {
    "unknown flavor": ({"groups": [{"flavor": "huge"}]}, errors.NotFound, ["flavor 'huge'", "web01"]),
    "unknown image": ({"groups": [{"image": "none such"}]}, errors.NotFound, ["image 'none such'"]),
    "no flavor": ({"groups": [{"flavor": None}]}, errors.BadInput, ["flavor is needed"]),
    "two fields": ({"groups": [{"name": "web%d-%d"}]}, errors.BadInput, ["'web%d-%d'", "once"]),
    "lone percent": ({"groups": [{"name": "100%web"}]}, errors.BadInput, ["%%"]),
    "blanks": ({"groups": [{"name": "web%d "}]}, errors.BadInput, ["blanks"]),
    "count below nothing": ({"groups": [{"count": -1}]}, errors.BadInput, ["count of 'web%02d' is -1"]),
    "start below nothing": ({"groups": [{"start": -1}]}, errors.BadInput, ["start of 'web%02d' is -1"]),
    "zones twice": ({"groups": [{"zones": ["a"], "availability_zone": "b"}]}, errors.BadInput, ["both zones and availability_zone"]),
    "same group": ({"groups": [{}, {}]}, errors.BadInput, ["stands there twice"]),
    "same name": ({"servers": [{"name": "a"}, {"name": "a"}]}, errors.BadInput, ["'a' stands there twice"]),
    "same id": ({"servers": [{"id": "a"}, {"id": "a"}]}, errors.BadInput, ["'a' stands there twice"]),
    "name of a group": ({"groups": [{}], "servers": [{"name": "web07"}]}, errors.BadInput, ["'web07' is also a name of the group"]),
    "no name": ({"servers": [{"flavor": "1"}]}, errors.BadInput, ["neither name nor id"]),
    "empty name": ({"servers": [{"name": ""}]}, errors.BadInput, ["empty name"]),
    "unknown id": ({"servers": [{"id": "00000000-dead-beef-0000-000000000000"}]}, errors.NotFound, ["00000000-dead-beef"]),
    "fleet without a name": ({"name": " "}, errors.BadInput, ["name is ' '"]),
    "fleet of another name": ({"groups": [{"metadata": {KEY: "other"}}]}, errors.BadInput, [KEY, "'other'"]),
    "metadata of a list": ({"groups": [{"metadata": {"a": [1]}}]}, errors.BadInput, ["'a' is a list"]),
    "ids and present": ({"ids": ["a"]}, errors.BadInput, ["state: absent"]),
    "ids and pattern": ({"state": "absent", "ids": ["a"], "pattern": "web*"}, errors.BadInput, ["without pattern"]),
    "no concurrency": ({"concurrency": 0}, errors.BadInput, ["concurrency is 0"]),
    "less than no delete": ({"max_delete": -1}, errors.BadInput, ["max_delete is -1"]),
    "nobody unavailable": ({"max_unavailable": "0"}, errors.BadInput, ["max_unavailable is '0'"]),
    "nonsense unavailable": ({"max_unavailable": "some"}, errors.BadInput, ["max_unavailable is 'some'"]),
    "too many percent": ({"max_unavailable": "101%"}, errors.BadInput, ["max_unavailable is '101%'"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_before_anything_is_sent(play, case):
    options, kind, words = BAD[case]
    options = dict(options)
    if "groups" in options:
        options["groups"] = [{key: value for key, value in dict(play.group(2), **group).items() if value is not None} for group in options["groups"]]
    refused(play, kind, *words, **options)


# what the cloud does to us

def test_a_build_that_fails_leaves_the_others_alone(play):
    play.cloud.settings.update({"next_build": [None, "ERROR", None]})
    options = {"groups": [play.group(5)]}
    result = play(**options)
    assert isinstance(result["failure"], errors.Failed) and "1 of 5 servers" in str(result["failure"])
    wrong = [one for one in result["servers"] if one["error"]]
    assert [(one["status"], one["actions"]) for one in wrong] == [("ERROR", ["create"])] and "is in ERROR" in wrong[0]["error"]
    again = play(**options)
    assert not again["changed"] and wrong[0]["id"] in str(again["failure"])
    healed = play(groups=[play.group(5, on_error="recreate")], max_delete=1)
    assert healed["failure"] is None and healed["summary"] == {"keep": 4, "recreate": 1}
    assert {server.status for server in play.there().values()} == {"ACTIVE"} and len(play.there()) == 5


def test_a_build_that_fails_is_begun_anew_when_asked_to(play):
    play.cloud.settings.update({"next_build": ["ERROR", None, "ERROR", None, None]})
    result = play.good(groups=[play.group(3, on_error="recreate")])
    assert {one["status"] for one in result["servers"]} == {"ACTIVE"} and len(play.warnings) == 2
    assert result["actions"] == ["create web01", "create web02", "create web03"] and len(play.there()) == 3


def test_a_build_begun_anew_that_nobody_can_look_for_is_not_sent_again(play):
    play.cloud.settings.update({"next_build": ["ERROR", None]})
    play.fault(method="POST", path="/servers$", skip=1, drop="after")
    sent = []
    handle = play.cloud.handle

    def deaf(request):
        if request.method == "POST" and request.path.endswith("/servers"):
            sent.append(request)
            if len(sent) == 2:
                play.fault(method="GET", path="/servers/detail", times=999, status=503)
        return handle(request)
    play.cloud.handle = deaf
    result = play(groups=[play.group(1, on_error="recreate")], api_retries=0)
    assert "may be there" in str(result["failure"]) + result["servers"][0]["error"]
    assert len(sent) == 2 and len(play.there()) == 1 and result["servers"][0]["id"] is None
    play.cloud.faults.rules.clear()
    assert not play.good(groups=[play.group(1, on_error="recreate")])["changed"]


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"drop": "before"}, {"status": 502, "act": True}], ids=str)
def test_a_failed_build_is_deleted_whatever_happens_to_the_answer(play, fault):
    play.cloud.settings.update({"next_build": ["ERROR", None]})
    play.fault(method="DELETE", path="/servers/", **fault)
    result = play.good(groups=[play.group(1, on_error="recreate")])
    assert result["servers"][0]["status"] == "ACTIVE" and len(play.there()) == 1


def test_on_failure_stop_begins_nothing_more(play):
    play.cloud.settings.update({"next_build": "ERROR"})
    options = {"groups": [play.group(6)], "concurrency": 1, "on_failure": "stop"}
    play.fault(method="POST", path="/servers$", status=400, body={"badRequest": {"code": 400, "message": "no"}})
    result = play(**options)
    assert "1 failed" not in str(result["failure"]) and "6 of 6" in str(result["failure"])
    assert [one["error"].startswith("not begun") for one in result["servers"]] == [False] + [True] * 5 and not play.there()
    play.cloud.settings.update({"next_build": None})
    assert len(play.good(**options)["actions"]) == 6


def test_on_failure_stop_begins_nothing_when_it_is_foreseen(play):
    play.good(groups=[play.group(2)])
    play.stage.set(play.there()["web02"].id, status="ERROR")
    result = play(groups=[play.group(4)], on_failure="stop")
    assert result["failure"] and not result["changed"] and not play.stage.writes()
    assert play(groups=[play.group(4)])["actions"] == ["create web03", "create web04"]


def test_a_quota_stops_creates_and_nothing_else(play, monkeypatch):
    play.good(groups=[play.group(2)])
    options = {"groups": [play.group(12, metadata={"a": "b"})], "concurrency": 2}
    checked = module.Work.check

    def then_less(work):
        checked(work)
        play.cloud.settings.update({"quota": {"instances": 4}})
    with monkeypatch.context() as patched:
        patched.setattr(module.Work, "check", then_less)
        result = play(**options)
    assert len(play.there()) == 4 and {"web01", "web02"} < set(play.there())  # which two of ten came first is up to the threads
    assert all(server.metadata["a"] == "b" for server in play.there().values())
    assert len([line for line in play.stage.writes() if line.endswith("/servers")]) <= 6  # of ten: two made, and those on their way when it was over
    assert "quota" in result["servers"][-1]["error"]


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"act": True, "status": 500}, {"act": True, "status": 502}, {"drop": "before"}])
def test_lost_answers_make_no_second_server(play, fault):
    play.fault(method="POST", path="/servers$", times=2, **fault)
    result = play.good(groups=[play.group(8)])
    assert sorted(play.there()) == ["web%02d" % number for number in range(1, 9)]
    assert {one["status"] for one in result["servers"]} == {"ACTIVE"}
    assert not [line for line in play.stage.asked() if "name=" in line]


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"act": True, "status": 500}, {"drop": "before"}, {"status": 502}])
def test_lost_answers_to_deletes_are_looked_after(play, fault):
    play.good(groups=[play.group(4)])
    play.fault(method="DELETE", path="/servers/", times=2, **fault)
    result = play.good(state="absent", pattern="web*", max_delete=4)
    assert len(result["actions"]) == 4 and not play.there()


def test_many_lost_answers_share_their_looks(play):
    play.fault(method="POST", path="/servers$", times=10, drop="after")
    play.cloud.settings.update({"build_time": 5})
    play.good(groups=[play.group(10)])
    assert len(play.there()) == 10
    assert len(play.lists()) < 30  # by itself each would have looked once or more, and then waited


def test_an_answer_that_stays_lost_is_one_failure(play):
    play.fault(method="POST", path="/servers$", times=99, status=500)
    result = play(groups=[play.group(3)])
    assert "3 of 3" in str(result["failure"]) and result["servers"][0]["error"].startswith("Could not create server 'web01'")
    play.cloud.faults.rules.clear()
    assert len(play.good(groups=[play.group(3)])["actions"]) == 3


def test_a_late_create_of_a_run_that_was_killed_is_recognised(play, clock, monkeypatch):
    play.cloud.settings.update({"build_time": 5})
    begin = module.Work.apply

    def killed_before(work):
        # What a run before had on the wire is made only now, after this run has looked.
        play.seed("web02")
        clock.sleep(2)
        begin(work)
    with monkeypatch.context() as patched:
        patched.setattr(module.Work, "apply", killed_before)
        result = play(groups=[play.group(3)])
    assert result["failure"] is None, result["failure"]
    assert sorted(play.there()) == ["web01", "web02", "web03"] and "It stays" in play.warnings[0]
    assert not play.good(groups=[play.group(3)])["changed"]


def test_servers_that_somebody_else_builds_are_waited_for(play):
    play.good(groups=[play.group(3)], wait=False)
    assert {server.status for server in play.there().values()} == {"BUILD"}
    result = play.good(groups=[play.group(3, state="stopped")])
    assert result["summary"] == {"power": 3} and {server.status for server in play.there().values()} == {"SHUTOFF"}


def test_a_wait_that_changes_nothing_is_no_change(play):
    play.good(groups=[play.group(3)], wait=False)
    result = play.good(groups=[play.group(3)])
    assert (result["changed"], result["summary"]) == (False, {"wait": 3})
    assert {server.status for server in play.there().values()} == {"ACTIVE"}


def test_what_ends_in_error_meanwhile_is_no_way_around_max_delete(play):
    play.cloud.settings.update({"next_build": ["ERROR", None]})
    play.good(groups=[play.group(2)], wait=False)
    options = {"groups": [play.group(2, on_error="recreate", state="started")]}
    result = play(**options)
    assert "max_delete" in str(result["failure"]) and len(play.there()) == 2
    assert play.good(max_delete=1, **options)["summary"]["recreate"] == 1


def test_without_waiting_the_records_are_of_what_was_begun(play):
    play.cloud.settings.update({"build_time": 50})
    result = play.good(groups=[play.group(3)], wait=False)
    assert {one["status"] for one in result["servers"]} == {"BUILD"} and all(one["id"] for one in result["servers"])
    assert len(play.lists()) == 2


def test_a_timeout_names_the_servers_and_the_rest_is_done(play):
    play.cloud.settings.update({"build_time": 5000})
    result = play(groups=[play.group(3)], wait_timeout=60)
    assert "BUILD" in str(result["failure"]) and "wait_timeout" in result["servers"][1]["error"]
    assert len(play.there()) == 3
    play.cloud.settings.update({"build_time": 1})


def test_a_look_that_fails_in_passing_is_no_failure(play):
    play.fault(method="GET", path="/servers/detail", skip=1, times=8, status=502)
    assert play.good(groups=[play.group(3)])["changed"]


def test_a_server_that_somebody_deletes_meanwhile_is_told(play, monkeypatch):
    play.cloud.settings.update({"build_time": 100})
    looks = []
    handle = play.cloud.handle

    def meddle(request):
        if request.path.endswith("/servers/detail"):
            looks.append(request)
            if len(looks) == 12:
                play.stage.region.servers.pop(play.there()["web02"].id)
        return handle(request)
    monkeypatch.setattr(play.cloud, "handle", meddle)
    result = play(groups=[play.group(2)])
    assert "the server is gone" in str(result["failure"]) and len(looks) > 12


def test_a_server_that_lists_do_not_show_yet_is_not_gone(play, monkeypatch):
    play.cloud.settings.update({"build_time": 20})
    handle = play.cloud.handle
    hidden = []

    def late(request):
        answer = handle(request)
        if request.path.endswith("/servers/detail") and play.there() and len(hidden) < 3:
            hidden.append(request)
            return handle(type(request)(request.method, request.path.replace("/detail", "/detail?name=nobody"), request.headers, request.body))
        return answer
    monkeypatch.setattr(play.cloud, "handle", late)
    assert play.good(groups=[play.group(2)])["changed"] and hidden


# how much is asked

def test_waiting_costs_one_list_a_look_whatever_the_number(play):
    play.cloud.settings.update({"build_time": 5, "quota": {"instances": -1, "ram": -1}})
    play.good(groups=[play.group(4, name="few%d")])
    few = len(play.lists())
    play.good(groups=[play.group(30, name="many%d")])
    assert len(play.lists()) <= 3 * few
    assert not [line for line in play.stage.asked() if re.search("/servers/[0-9a-f-]{36}", line)]


def refusals(play):
    return [entry for entry in play.cloud.journal.entries() if entry["status"] in (413, 429)]


def test_rates_that_the_cloud_tells_are_kept(rackspace, clock):
    rackspace.cloud.settings.update({"rate_limit": {"POST": 12}})
    began = clock.now()
    rackspace.good(groups=[rackspace.group(30)], concurrency=1)  # threads that rest would each turn the clock
    assert not refusals(rackspace) and len(rackspace.there()) == 30
    assert clock.now() - began < 1.2 * 120 + 10


def test_rates_are_learnt_from_one_refusal(play, clock):
    play.fault(method="GET", path="/limits", times=9, status=404, body={"itemNotFound": {"code": 404, "message": "no limits here"}})
    play.cloud.settings.update({"rate_limit": {"POST": 12}})
    began = clock.now()
    play.good(groups=[play.group(30)], concurrency=1)
    assert len(play.there()) == 30
    # No Retry-After in the one dress: it is tried again after longer and longer rests, of which eight, each shortened by a quarter as chance may have it,
    # make a minute. Then the rate is known.
    assert len(refusals(play)) == 1 if play.cloud.dress == "rackspace" else len(refusals(play)) <= 9
    assert clock.now() - began < 200


def test_no_secret_is_in_the_result(play):
    result = play.good(groups=[play.group(1, admin_password="Opensesame-5", user_data="#cloud-config of sandbox")],
                       servers=[play.entry("db", files=[{"path": "/etc/x", "content": "sandbox-file-content"}])])
    for secret in ("Opensesame-5", "cloud-config of sandbox", "sandbox-file-content", "sandbox-password", "sandbox-api-key"):
        assert secret not in str(result)


# what goes, and when it may

NEXT = {"groups": [{"name": "web-v2-%d", "count": 3}], "pattern": "web-v1-*", "purge": True, "max_delete": 3}


def replacing(play, **options):
    """Options of a task that replaces three servers that are there by three of another name."""
    for number in (1, 2, 3):
        play.seed("web-v1-%d" % number)
    return dict(NEXT, defaults={"flavor": play.names["flavor"], "image": play.names["image"]}, **options)


def names_of(play, part):
    return sorted(server.name for server in play.there().values() if part in server.name)


@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize("builds", [["ERROR"] * 3, [None, "ERROR", None]], ids=["all", "one"])
def test_the_old_servers_stay_when_the_new_ones_fail(play, waits, builds):
    options = replacing(play, wait=waits)
    play.cloud.settings.update({"next_build": builds})
    result = play(**options)
    assert len(names_of(play, "v1")) == 3 and not [action for action in result["actions"] if action.startswith("delete")]
    errors_of_old = [one["error"] for one in result["servers"] if "v1" in one["name"]]
    assert all(error.startswith("not begun: server 'web-v2-") and "is not as wished" in error for error in errors_of_old) and result["failure"]
    again = play(**options)
    assert len(names_of(play, "v1")) == 3 and not again["changed"] and not play.stage.writes(), "found in ERROR, they replace nobody either"
    foreseen = play(check=True, **options)
    assert not foreseen["changed"] and foreseen["actions"] == []
    healed = play.good(**dict(options, max_delete=6, defaults=dict(options["defaults"], on_error="recreate")))
    assert healed["changed"] and not names_of(play, "v1") and len(names_of(play, "v2")) == 3


def test_the_old_servers_go_when_the_new_ones_are_there(play):
    options = replacing(play, wait=False)
    play.cloud.settings.update({"build_time": 30})
    play.good(**options)
    assert not names_of(play, "v1") and {server.status for server in play.there().values()} == {"ACTIVE"}


def test_builds_of_an_earlier_task_are_awaited_before_the_old_servers_go(play):
    options = replacing(play, wait=False)
    play.cloud.settings.update({"next_build": [None, None, "ERROR"]})
    play.good(**dict(options, purge=False))
    assert play(**options)["failure"] and len(names_of(play, "v1")) == 3


def test_the_old_servers_of_another_region_go_all_the_same(rackspace):
    rackspace.seed("old-1")
    rackspace.stage.names = dict(rackspace.names, region="ORD")
    rackspace.seed("old-2")
    rackspace.stage.names = rackspace.names
    rackspace.cloud.settings.update({"next_build": ["ERROR", None]})
    groups = [rackspace.group(1, name="new%d", region=region) for region in ("DFW", "ORD")]
    result = rackspace(groups=groups, pattern="old-*", purge=True, max_delete=2, concurrency=1)
    assert "delete old-2" in result["actions"] and sorted(rackspace.there()) == ["new1", "old-1"]


def test_what_the_user_names_as_absent_goes_whatever_fails(play):
    play.seed("gone")
    play.cloud.settings.update({"next_build": "ERROR"})
    result = play(groups=[play.group(1)], servers=[{"name": "gone", "state": "absent"}], max_delete=1)
    assert result["failure"] and sorted(play.there()) == ["web01"]


MEDDLING = {
    "protected": ({"metadata": {KEY: "web", "ansible_protected": "true"}}, "ansible_protected"),
    "renamed": ({"name": "payroll"}, "its name is 'payroll' now"),
    "no key": ({"metadata": {}}, "is None now, and was 'web'"),
    "another fleet": ({"metadata": {KEY: "other"}}, "is 'other' now"),
}


def meanwhile(play, monkeypatch, change):
    """Have something done as soon as the first server is being built."""
    handle, done = play.cloud.handle, []

    def meddle(request):
        response = handle(request)
        if request.method == "POST" and request.path.endswith(("/servers", "/action")) and not done:
            done.append(request)
            change()
        return response
    monkeypatch.setattr(play.cloud, "handle", meddle)
    return done


@pytest.mark.parametrize("case", MEDDLING)
def test_what_somebody_changes_meanwhile_is_not_deleted(play, monkeypatch, case):
    fields, words = MEDDLING[case]
    play.cloud.settings.update({"build_time": 600})
    options = replacing(play)
    server_id = play.there()["web-v1-2"].id
    done = meanwhile(play, monkeypatch, lambda: play.stage.control("PATCH", "servers/" + server_id, fields))
    result = play(**options)
    told = next(one for one in result["servers"] if one["id"] == server_id)
    assert done and words in told["error"] and told["actions"] == [] and play.stage.server(server_id).status == "ACTIVE"
    assert sorted(action for action in result["actions"] if action.startswith("delete")) == ["delete web-v1-1", "delete web-v1-3"]


def test_protection_can_be_ignored_meanwhile_too(play, monkeypatch):
    play.cloud.settings.update({"build_time": 600})
    options = replacing(play)
    server_id = play.there()["web-v1-2"].id
    done = meanwhile(play, monkeypatch, lambda: play.stage.control("PATCH", "servers/" + server_id, MEDDLING["protected"][0]))
    assert play.good(ignore_protection=True, **options)["changed"] and done and not names_of(play, "v1")


def test_what_gets_protected_before_its_turn_is_not_rebuilt(play, monkeypatch):
    play.good(groups=[play.group(2)])
    play.cloud.settings.update({"action_time": 100})
    server = play.there()["web02"]
    items = dict(server.metadata, ansible_protected="true")
    done = meanwhile(play, monkeypatch, lambda: play.stage.control("PATCH", "servers/" + server.id, {"metadata": items}))
    result = play(groups=[play.group(2, image=other_image(play), rebuild_policy="rebuild")])
    assert done and [bool(one["error"]) for one in result["servers"]] == [False, True] and "ansible_protected now" in result["servers"][1]["error"]


@pytest.mark.parametrize("case", ["renamed", "no key", "another fleet"])
def test_what_leaves_the_fleet_before_its_turn_is_not_rebuilt(play, monkeypatch, case):
    fields, words = MEDDLING[case]
    play.good(groups=[play.group(3)])
    play.cloud.settings.update({"action_time": 100})
    server_id = play.there()["web02"].id
    done = meanwhile(play, monkeypatch, lambda: play.stage.control("PATCH", "servers/" + server_id, fields))
    result = play(groups=[play.group(3, image=other_image(play), rebuild_policy="rebuild")])
    assert done and result["actions"] == ["rebuild web01", "rebuild web03"] and words in result["servers"][1]["error"]
    assert not [line for line in play.stage.writes() if server_id in line]


def test_what_leaves_the_fleet_between_two_steps_is_not_rebuilt(play, monkeypatch):
    play.good(groups=[play.group(1)])
    play.cloud.settings.update({"action_time": 20})
    server_id = play.there()["web01"].id
    done = meanwhile(play, monkeypatch, lambda: play.stage.control("PATCH", "servers/" + server_id, {"name": "payroll"}))
    result = play(groups=[play.group(1, state="stopped", metadata={"a": "b"}, image=other_image(play), rebuild_policy="rebuild")])
    assert done and result["actions"] == ["stop web01", "set_metadata web01"] and "its name is 'payroll' now" in result["servers"][0]["error"]


def test_what_leaves_the_fleet_while_it_is_waited_for_is_not_taken_back(play, monkeypatch):
    play.good(groups=[play.group(1)])
    server_id = play.there()["web01"].id
    play.stage.set(server_id, status="REBUILD")
    begin = module.Work.apply

    def later(work):
        play.stage.set(server_id, status="ACTIVE", name="payroll", metadata={})
        begin(work)
    monkeypatch.setattr(module.Work, "apply", later)
    result = play(groups=[play.group(1, image=other_image(play), rebuild_policy="rebuild")])
    assert "its name is 'payroll' now" in result["servers"][0]["error"] and not play.stage.writes()


def test_what_the_task_itself_takes_in_or_was_told_by_id_is_rebuilt(play, monkeypatch):
    play.good(servers=[play.entry("first")])
    told, taken_in = play.seed("b"), play.seed("web1", fleet=None)
    play.cloud.settings.update({"action_time": 20})
    done = meanwhile(play, monkeypatch, lambda: play.stage.control("PATCH", "servers/" + told, {"metadata": {}}))
    wish = {"image": other_image(play), "flavor": play.names["flavor"], "rebuild_policy": "rebuild"}
    result = play.good(defaults=wish, servers=[{"name": "first"}, {"id": told, "name": "second"}], groups=[{"name": "web%d", "count": 1}], adopt=True)
    assert done and result["actions"] == ["rebuild first", "update second", "rebuild second", "set_metadata web1", "rebuild web1"]
    assert {play.there()[name].id for name in ("second", "web1")} == {told, taken_in}


def test_a_list_from_before_our_own_changes_does_not_forbid_a_rebuild(play):
    play.seed("web1", fleet=None)
    foreseen, _done = play.thrice(groups=[play.group(1, name="web%d", image=other_image(play), rebuild_policy="rebuild")], adopt=True)
    assert foreseen["actions"] == ["set_metadata web1", "rebuild web1"]


def test_one_that_is_well_again_is_not_recreated(play, monkeypatch):
    play.good(groups=[play.group(2)])
    server_id = play.there()["web02"].id
    play.stage.set(server_id, status="ERROR")
    begin = module.Work.apply

    def later(work):
        play.stage.set(server_id, status="ACTIVE")
        monkeypatch.setattr(lister(work), "as_of", -1000.0)
        begin(work)
    monkeypatch.setattr(module.Work, "apply", later)
    result = play(groups=[play.group(2, on_error="recreate")], max_delete=1)
    assert "no longer in ERROR" in result["servers"][1]["error"] and play.there()["web02"].id == server_id


def lister(work):
    """What asks for the lists of the one region of a task."""
    region, = work.regions.values()
    return region.compute


def test_deletes_cost_no_list_more_when_one_is_young(play):
    for number in range(20):
        play.seed("web%d" % number)
    play.good(state="absent", pattern="web*", max_delete=20, wait=False, concurrency=1)
    assert len(play.lists()) == 2


# who else has this name

def doubled(play, clock, monkeypatch, **fields):
    """Have a namesake of web02 come through after the look of a task; its id comes to stand in a list."""
    ids = []
    begin = module.Work.apply

    def late(work):
        ids.append(play.seed("web02"))
        if fields:
            play.stage.set(ids[0], **fields)
        clock.sleep(2)
        begin(work)
    monkeypatch.setattr(module.Work, "apply", late)
    return ids


def deleted(play):
    return [line.rpartition("/")[2] for line in play.stage.writes() if line.startswith("DELETE")]


def test_the_older_one_is_never_deleted_even_when_it_fails(play, clock, monkeypatch):
    play.cloud.settings.update({"build_time": 20})
    ids = doubled(play, clock, monkeypatch, status="BUILD")
    handle = play.cloud.handle

    def failing(request):
        answer = handle(request)
        if request.method == "DELETE":
            play.stage.set(ids[0], status="ERROR")
        return answer
    monkeypatch.setattr(play.cloud, "handle", failing)
    result = play(groups=[play.group(2, on_error="recreate")])
    assert ids and ids[0] not in deleted(play) and len(deleted(play)) == 1
    assert result["servers"][1]["id"] == ids[0] and "is in ERROR" in result["servers"][1]["error"]


def test_ours_does_not_go_for_a_namesake_in_error(play, clock, monkeypatch):
    play.cloud.settings.update({"build_time": 20})
    ids = doubled(play, clock, monkeypatch, status="ERROR")
    result = play(groups=[play.group(2)])
    assert not deleted(play) and ids[0] in result["servers"][1]["error"] and "another server 'web02'" in result["servers"][1]["error"]


def test_ours_does_not_go_for_one_that_was_on_its_way_out(play, monkeypatch):
    old = play.seed("web02")
    play.stage.set(old, OS_EXT_STS__task_state="deleting")
    begin = module.Work.apply

    def alive_again(work):
        play.stage.set(old, OS_EXT_STS__task_state=None)
        begin(work)
    monkeypatch.setattr(module.Work, "apply", alive_again)
    play.cloud.settings.update({"build_time": 20})
    result = play(groups=[play.group(2)])
    assert not deleted(play) and old in result["servers"][1]["error"]


@pytest.mark.parametrize("fault", [{"status": 504, "act": True}, {"status": 504}, {"status": 409}], ids=str)
def test_a_failed_build_is_no_namesake_of_its_replacement(play, monkeypatch, fault):
    """Lists show a deleted server for a while as it was, as where the state of tasks is not told."""
    play.cloud.settings.update({"next_build": ["ERROR", None], "build_time": 5, "delete_time": 3})
    play.fault(method="DELETE", path="/servers/", **fault)
    monkeypatch.setattr(servers, "TASK", "not told")
    result = play.good(groups=[play.group(1, on_error="recreate")])
    assert result["servers"][0]["status"] == "ACTIVE" and len(play.there()) == 1 and play.there()["web01"].id == result["servers"][0]["id"]
    assert len(play.warnings) == 1


def test_ours_that_went_for_another_is_no_namesake_of_it(play, clock, monkeypatch):
    play.cloud.settings.update({"build_time": 30, "delete_time": 3})
    ids = doubled(play, clock, monkeypatch)
    monkeypatch.setattr(servers, "TASK", "not told")
    result = play.good(groups=[play.group(2)])
    assert result["servers"][1]["id"] == ids[0] and len(deleted(play)) == 1 and sorted(play.there()) == ["web01", "web02"]


def hidden_first(play, monkeypatch, age=0, shows=lambda: True):
    """Have the first create answered 500, and its server shown only while that of the second is waited for, and shows(). The server comes to stand
    in a list; age: seconds by which it is dated later."""
    play.fault(method="POST", path="/servers$", status=500, act=True)
    handle, first = play.cloud.handle, []

    def hidden(request):
        if len(play.stage.writes()) == 2 and len(play.lists()) > 7 and shows():  # the plan's, and three after each create
            play.stage.region.servers.setdefault(first[0].id, first[0])
        answer = handle(request)
        if request.method == "POST" and request.path.endswith("/servers") and not first:
            first.append(play.stage.region.servers.pop(play.there()["web01"].id))
            first[0].created += age
        return answer
    monkeypatch.setattr(play.cloud, "handle", hidden)
    return first


@pytest.mark.parametrize("age", [-60, 60], ids=["shown as the older", "shown as the younger"])
def test_a_second_one_of_one_create_goes_whatever_its_age(play, monkeypatch, age):
    """The first request came through after all, and shows only while the server of the second is waited for."""
    play.cloud.settings.update({"build_time": 20})
    first = hidden_first(play, monkeypatch, age)
    result = play.good(groups=[play.group(1)])
    assert deleted(play) == [first[0].id] and play.there()["web01"].id == result["servers"][0]["id"] and not play.warnings


@pytest.mark.parametrize("end", [{"next_build": [None, "ERROR"]}, {"build_time": 500}], ids=["in ERROR", "in time"])
def test_a_second_one_of_one_create_goes_though_ours_does_not_arrive(play, monkeypatch, end):
    play.cloud.settings.update(dict({"build_time": 20}, **end))
    first = hidden_first(play, monkeypatch)
    assert isinstance(play(groups=[play.group(1)], wait_timeout=60)["failure"], errors.Failed)
    assert deleted(play) == [first[0].id] and len(play.there()) == 1


def test_of_two_of_one_create_the_one_that_is_well_stays(play, monkeypatch):
    play.cloud.settings.update({"build_time": 20, "next_build": [None, "ERROR"]})
    first = hidden_first(play, monkeypatch, shows=lambda: any(
        server.settle(play.cloud.now()).status == "ERROR" for server in play.stage.region.servers.values()))
    result = play.good(groups=[play.group(1)])
    assert first[0].id == play.there()["web01"].id == result["servers"][0]["id"] and len(deleted(play)) == 1


@pytest.mark.parametrize("status", [413, 429, 503])
def test_a_refusal_that_was_none_makes_no_second_server(play, status):
    """Sent once more for the same create, with the same mark."""
    play.cloud.settings.update({"build_time": 20})
    play.fault(method="POST", path="/servers$", status=status, act=True, headers={"Retry-After": "2"})
    result = play.good(groups=[play.group(1)])
    assert play.there()["web01"].id == result["servers"][0]["id"] and len(deleted(play)) == 1 and not play.warnings


def test_a_request_that_something_between_sends_twice_makes_no_second_server(play, monkeypatch):
    play.cloud.settings.update({"build_time": 20})
    handle, sent = play.cloud.handle, []

    def repeated(request):
        if request.method == "POST" and request.path.endswith("/servers") and not sent:
            sent.append(handle(request))
        return handle(request)
    monkeypatch.setattr(play.cloud, "handle", repeated)
    result = play.good(groups=[play.group(1)])
    assert play.there()["web01"].id == result["servers"][0]["id"] and len(deleted(play)) == 1


# looks

def test_one_server_that_cannot_be_seen_holds_up_nobody(play, monkeypatch):
    play.cloud.settings.update({"next_build": [None, "ERROR", None]})
    play.fault(method="GET", path="/servers/[0-9a-f-]{36}$", times=999, status=403)
    handle = play.cloud.handle

    def without_fault(request):
        answer = handle(request)
        if request.path.endswith("/servers/detail"):
            answer.body = re.sub(rb'"fault": [{][^{}]*[}],? ?', b"", answer.body)
        return answer
    monkeypatch.setattr(play.cloud, "handle", without_fault)
    result = play(groups=[play.group(4)], concurrency=1)
    assert [one["status"] for one in result["servers"]] == ["ACTIVE", "ERROR", "ACTIVE", "ACTIVE"]
    assert "is in ERROR" in result["servers"][1]["error"]


def test_one_server_that_no_list_shows_and_nobody_may_see_holds_up_nobody(play, monkeypatch):
    shared = fleet_loop.seen
    play.fault(method="GET", path="/servers/[0-9a-f-]{36}$", times=999, status=500)

    def hiding(region, watches, faults):
        hidden = next((watch.id for watch in watches if watch.name == "web02"), None)
        listed = region.compute.servers(anew=True)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(region.compute, "servers", lambda anew: [server for server in listed if server["id"] != hidden], raising=False)
            return shared(region, watches, faults)
    monkeypatch.setattr(fleet_loop, "seen", hiding)
    result = play(groups=[play.group(3)], wait_timeout=100, api_retries=0)
    assert [bool(one["error"]) for one in result["servers"]] == [False, True, False]
    assert "the last look failed" in result["servers"][1]["error"]


def test_a_look_that_is_refused_is_told_of_each_with_what_was_done_there(play):
    play.seed("web02", status="SHUTOFF")
    play.cloud.settings.update({"build_time": 100, "action_time": 100})
    play.fault(method="GET", path="/servers/detail", skip=1, times=99, status=403)
    result = play(groups=[play.group(3, state="started")])
    assert [one["error"].split(":")[0] for one in result["servers"]] == [
        "Could not create server 'web01'", "Could not start server 'web02' (%s)" % result["servers"][1]["id"], "Could not create server 'web03'"]


def single_looks(play):
    return [line for line in play.stage.asked() if re.match("GET .*/servers/[0-9a-f-]{36}$", line)]


def test_what_is_broken_and_goes_is_not_asked_for_by_itself(play):
    for number in range(5):
        play.stage.set(play.seed("web%d" % number), status="ERROR")
    play.cloud.settings.update({"delete_time": 60})
    play.good(state="absent", pattern="web*", max_delete=5, concurrency=1)
    assert not single_looks(play) and len(play.lists()) > 3


def test_what_is_broken_without_a_word_is_asked_for_once(play, monkeypatch):
    server_id = play.seed("web1")
    begin = module.Work.apply

    def breaks(work):
        play.stage.set(server_id, status="ERROR", OS_EXT_STS__task_state="image_uploading")  # so it is not at its end yet
        begin(work)
    monkeypatch.setattr(module.Work, "apply", breaks)
    result = play(servers=[play.entry("web1", ready_when=["rackconnect"])], wait_timeout=60)
    assert result["failure"] and len(play.lists()) > 5 and len(single_looks(play)) == 1


# bugs of ours

@pytest.mark.parametrize(("concurrency", "done"), [(1, ["create web01", "create web02"]), (2, ["create web01", "create web02", "create web04"])])
def test_a_bug_loses_nothing_of_what_was_done(play, monkeypatch, concurrency, done):
    """The bug is web03's; with two requests at once that of web04 is on its way when the bug gets known."""
    create, tell = servers.create, fleet_loop.told_as_bug
    on_its_way, known = threading.Event(), threading.Event()
    if concurrency == 1:
        on_its_way.set()

    def buggy(api, body):
        if body["server"]["name"] == "web03":
            on_its_way.wait(20)
            raise KeyError("sandbox")
        if body["server"]["name"] == "web04":
            on_its_way.set()
            known.wait(20)
        return create(api, body)

    def told(error):
        known.set()
        return tell(error)
    monkeypatch.setattr(servers, "create", buggy)
    monkeypatch.setattr(fleet_loop, "told_as_bug", told)
    result = play(groups=[play.group(9)], concurrency=concurrency, pattern="old*", purge=True)
    assert result["actions"] == done and len(play.there()) == len(done)
    assert {server.status for server in play.there().values()} == {"ACTIVE"}, "what was begun is waited for"
    assert result["servers"][2]["error"].startswith("Could not create server 'web03': KeyError: 'sandbox' (test_fleet.py, line ")
    assert result["servers"][8]["error"] == "not begun: with server 'web03' the collection itself failed."
    assert "in buggy" in result["failure"].as_result()["exception"]


@pytest.mark.parametrize("where", ["seen", "belongs", "reaches", "arrival"])
def test_a_bug_of_those_who_look_is_told_with_what_was_done(play, monkeypatch, where):
    if where == "reaches":
        monkeypatch.setattr(servers, "reaches", lambda *statuses: lambda server: server["none such"])
    elif where == "arrival":
        monkeypatch.setattr(fleet_journey.Journey, "arrival", lambda *_arguments: {}["none such"])
    else:
        monkeypatch.setattr(fleet_loop, where, lambda *_arguments: {}["none such"])
    if where == "belongs":
        monkeypatch.setattr(module.Work, "apply", lambda work, begin=module.Work.apply: (play.seed("web01"), begin(work)))
    result = play(groups=[play.group(2)])
    assert result["actions"] == ["create web01", "create web02"] and "'none such'" in result["failure"].as_result()["exception"]
    assert all("KeyError: 'none such'" in one["error"] and one["id"] for one in result["servers"])


# who is out of service

@pytest.mark.parametrize("waits", [True, False])
def test_who_was_interrupted_by_an_earlier_task_still_counts(play, monkeypatch, waits):
    play.good(groups=[play.group(4)])
    play.cloud.settings.update({"action_time": 100})
    options = {"groups": [play.group(4, image=other_image(play), rebuild_policy="rebuild")], "max_unavailable": "1"}
    seen = interrupted_at_once(play, monkeypatch)
    for _run in range(3):
        result = play(wait_timeout=10, wait=waits, **options)
        assert "was REBUILD" in result["servers"][0]["error"]
        assert "max_unavailable is 1, and out of service is server 'web01'" in result["servers"][3]["error"]
    assert play.good(wait=waits, **options)["summary"] == {"wait": 1, "rebuild": 3}
    assert max(seen) == 1


def test_who_comes_to_nothing_after_an_earlier_task_stops_the_others(play):
    play.good(groups=[play.group(4)])
    play.cloud.settings.update({"next_action": ["ERROR", None], "action_time": 20})
    options = {"groups": [play.group(4, image=other_image(play), rebuild_policy="rebuild")]}
    assert play(wait_timeout=5, **options)["actions"] == ["rebuild web01"]
    result = play(**options)
    assert result["actions"] == [] and "is in ERROR" in result["servers"][0]["error"]
    assert "out of service is server 'web01'" in result["servers"][1]["error"]


def test_a_build_that_fails_counts_like_one_found_in_error(play):
    play.good(groups=[play.group(3)])
    play.cloud.settings.update({"next_build": "ERROR", "action_time": 20})
    result = play(groups=[play.group(4, image=other_image(play), rebuild_policy="rebuild")])
    assert result["actions"] == ["rebuild web01", "create web04"] and "out of service is server 'web04'" in result["servers"][1]["error"]


def test_nobody_waits_without_need_for_those_that_are_out_of_service(play):
    play.good(groups=[play.group(3)])
    for name in ("web01", "web02"):
        play.stage.set(play.there()[name].id, status="REBUILD")
    wishes = [play.entry("other", metadata={"a": "b"})]
    play.seed("other")
    assert play.good(groups=[play.group(3)], servers=wishes, wait=False)["actions"] == ["set_metadata other"]


def test_those_in_error_count_for_batches_without_waiting_too(play, monkeypatch):
    play.good(groups=[play.group(4)])
    play.stage.set(play.there()["web04"].id, status="ERROR")
    play.cloud.settings.update({"action_time": 5})
    seen = interrupted_at_once(play, monkeypatch)
    play(groups=[play.group(4, image=other_image(play), rebuild_policy="rebuild")], max_unavailable="3", wait=False)
    assert max(seen) == 2


def test_interruptions_that_are_found_late_count_for_batches(play, monkeypatch):
    """Resizes of somebody else, seen under way, that end where they began: only then it shows that they are needed."""
    play.good(groups=[play.group(3)])
    play.cloud.settings.update({"action_time": 5})
    for server in play.there().values():
        play.stage.set(server.id, status="RESIZE")
    begin = module.Work.apply

    def over(work):
        for server in play.there().values():
            play.stage.set(server.id, status="ACTIVE")
        begin(work)
    monkeypatch.setattr(module.Work, "apply", over)
    seen = interrupted_at_once(play, monkeypatch, statuses=["RESIZE"])
    wish = play.group(3, flavor=play.names["larger"], resize_policy="manual", access_ipv4="192.0.2.9")
    result = play.good(groups=[wish], max_unavailable="1", wait=False)
    assert result["actions"] == ["%s web%02d" % (step, number) for number in (1, 2, 3) for step in ("update", "resize")]
    assert max(seen[1:]) == 1


def test_one_in_error_that_is_to_go_blocks_nobody(play):
    play.good(groups=[play.group(2)], servers=[play.entry("old")])
    play.stage.set(play.there()["old"].id, status="ERROR")
    options = {"groups": [play.group(2, image=other_image(play), rebuild_policy="rebuild")], "servers": [{"name": "old", "state": "absent"}]}
    result = play.good(max_delete=1, **options)
    assert result["summary"] == {"rebuild": 2, "delete": 1} and sorted(play.there()) == ["web01", "web02"]


def test_those_that_are_to_go_are_no_part_of_a_share(play, monkeypatch):
    play.good(groups=[play.group(4)], servers=[play.entry("old%d" % number) for number in range(4)])
    play.cloud.settings.update({"action_time": 5})
    seen = interrupted_at_once(play, monkeypatch)
    play.good(groups=[play.group(4, image=other_image(play), rebuild_policy="rebuild")], max_unavailable="50%", max_delete=4,
              servers=[{"name": "old%d" % number, "state": "absent"} for number in range(4)])
    assert max(seen) == 2


# ids

def test_ids_in_capitals_are_the_same_ids(play):
    server_id = play.seed("web1")
    other = play.seed("web2")
    assert play.good(state="absent", ids=[server_id.upper()], max_delete=1)["actions"] == ["delete web1"]
    assert play.good(servers=[{"id": other.upper(), "state": "absent"}], max_delete=1)["actions"] == ["delete web2"] and not play.there()


def test_an_id_of_another_region_is_not_taken_for_gone(rackspace):
    here = rackspace.seed("web1")
    rackspace.stage.names = dict(rackspace.names, region="ORD")
    there = rackspace.seed("web2")
    rackspace.stage.names = rackspace.names
    refused(rackspace, errors.BadInput, there, "ORD", "regions", state="absent", ids=[here, there], max_delete=2)
    entry = {"id": there, "state": "absent"}
    refused(rackspace, errors.BadInput, "servers: %s" % there, "ORD", "region beside", servers=[entry], max_delete=1)
    assert not rackspace.good(servers=[dict(entry, region="DFW")], max_delete=1)["changed"] and len(rackspace.lists()) == 1
    assert rackspace.good(state="absent", ids=[here, there], regions=["DFW", "ORD"], max_delete=2)["summary"] == {"delete": 2}
    assert not rackspace.good(state="absent", ids=[here, there], max_delete=2)["changed"]


@pytest.mark.parametrize("fleet", ["web", None])
def test_an_id_of_another_region_that_is_listed_is_not_taken_for_gone(rackspace, fleet):
    rackspace.stage.names = dict(rackspace.names, region="ORD")
    there = rackspace.seed("other", fleet=fleet)
    rackspace.stage.names = rackspace.names
    groups, entry = [rackspace.group(1, region="ORD")], {"id": there, "state": "absent"}
    refused(rackspace, errors.BadInput, "servers: %s is in ORD" % there, groups=groups, servers=[entry], max_delete=1)
    refused(rackspace, errors.BadInput, "servers: %s is in ORD" % there, servers=[entry], regions=["ord", "DFW"], max_delete=1)
    assert len(rackspace.lists()) == 2
    if fleet is None:
        refused(rackspace, errors.BadInput, "servers: %s is in ORD" % there, state="absent", servers=[{"id": there}], max_delete=1)
    assert rackspace.good(servers=[dict(entry, region="ORD")], max_delete=1)["actions"] == ["delete other"]


def test_an_entry_that_is_no_member_does_not_go_with_the_members(play):
    server_id = play.seed("db1", fleet=None)
    for entry in ({"name": "db1"}, {"id": server_id}):
        refused(play, errors.Protected, "not of the fleet 'web'", server_id, "only by ids", state="absent", servers=[entry], max_delete=1)


def test_a_region_that_cannot_be_asked_for_ids_is_told(rackspace):
    here = rackspace.seed("web1")
    gone = "00000000-dead-beef-0000-000000000000"
    rackspace.fault(method="GET", path="/ORD/.*/servers/detail", times=9, status=403)
    assert rackspace.good(state="absent", ids=[here, gone], max_delete=2)["changed"]
    assert len(rackspace.warnings) == 1 and "ORD" in rackspace.warnings[0] and gone in rackspace.warnings[0]


# deletes

@pytest.mark.parametrize("options", [{"wait": False}, {"delete_wait": "accepted"}], ids=str)
def test_what_is_deleted_is_not_shown_as_it_was(play, options):
    play.seed("web1")
    play.cloud.settings.update({"delete_time": 4000})
    one, = play.good(state="absent", pattern="web*", max_delete=1, **options)["servers"]
    assert (one["status"], one["addresses"], one["actions"]) == (None, None, ["delete"]) and one["id"]


def test_a_delete_that_was_lost_and_then_refused_has_succeeded(play, monkeypatch):
    server_id = play.seed("web1")
    play.fault(method="DELETE", path="/servers/", status=504)
    handle, sent = play.cloud.handle, []

    def gone_by_the_second(request):
        if request.method == "DELETE":
            sent.append(request)
            if len(sent) == 2:
                play.stage.region.servers.pop(server_id)
                play.fault(method="DELETE", path="/servers/", status=409)
        return handle(request)
    monkeypatch.setattr(play.cloud, "handle", gone_by_the_second)
    assert play.good(state="absent", pattern="web*", max_delete=1)["changed"] and len(sent) == 2
