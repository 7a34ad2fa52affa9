# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`server` against the sandbox in process: check mode, apply, apply again; creates whose answers are lost; bad input."""

from __future__ import annotations

import base64

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, wait
from ansible_collections.rackspace.cloud.plugins.modules import server as module
from sandbox import seeds
from sandbox.accounts import DEMO_PROJECT


class Player:
    """Plays tasks of the module on a stage (conftest.py)."""

    def __init__(self, stage):
        self.stage = stage
        self.names, self.cloud, self.warnings, self.writes, self.fault = stage.names, stage.cloud, stage.warnings, stage.writes, stage.fault

    def __call__(self, check=False, **options):
        """The result of a task; CloudErrors go through."""
        return self.stage.change(module.SERVER, module.SPEC, "server", options, check)

    def wish(self, **options):
        return dict({"name": "web1", "flavor": self.names["flavor"], "image": self.names["image"]}, **options)

    def asked(self):
        """The entries of the log, logins aside."""
        return [entry for entry in self.cloud.journal.entries() if not entry["path"].endswith("/tokens")]

    def servers(self):
        """What the cloud itself knows to be there, of ours."""
        servers = [server.settle(self.cloud.now()) for server in self.stage.region.servers.values()]
        return [server for server in servers if server.status != "DELETED" and server.project_id == DEMO_PROJECT[self.cloud.dress]]


@pytest.fixture
def play(stage):
    return Player(stage)


@pytest.fixture
def rackspace(rackspace_stage):
    return Player(rackspace_stage)


CONTRACT = {
    "create": (None, {}),
    "create stopped": (None, {"state": "stopped"}),
    "create with metadata": (None, {"metadata": {"role": "web", "number": 5, "flag": True}}),
    "add metadata": ({}, {"metadata": {"role": "web"}}),
    "change metadata": ({"metadata": {"role": "db", "keep": "me"}}, {"metadata": {"role": "web"}}),
    "purge metadata": ({"metadata": {"role": "db", "old": "one", "rax_x": "stays"}}, {"metadata": {"role": "web"}, "purge_metadata": True}),
    "access address": ({}, {"access_ipv4": "192.0.2.9"}),
    "stop": ({}, {"state": "stopped"}),
    "start": ({"state": "stopped"}, {"state": "started"}),
    "resize": ({}, {"flavor": "larger", "resize_policy": "confirm"}),
    "resize stopped": ({"state": "stopped"}, {"flavor": "larger", "resize_policy": "confirm"}),
    "resize by hand": ({}, {"flavor": "larger", "resize_policy": "manual"}),
    "everything": ({"metadata": {"a": "1"}}, {"metadata": {"b": "2"}, "purge_metadata": True, "flavor": "larger", "resize_policy": "confirm",
                                              "access_ipv6": "2001:db8::9", "state": "stopped"}),
    "delete": ({}, {"state": "absent"}),
}


@pytest.mark.parametrize("case", CONTRACT)
def test_check_apply_and_apply_again(play, case):
    before, options = CONTRACT[case]
    if options.get("flavor") == "larger":
        options = dict(options, flavor=play.names["larger"])
    if before is not None:
        play(**play.wish(**before))
    play.cloud.journal.clear()

    foreseen = play(check=True, **play.wish(**options))
    assert foreseen["changed"] and not play.writes()

    done = play(**play.wish(**options))
    assert (done["actions"], done["diff"]) == (foreseen["actions"], foreseen["diff"])
    if done["server"] is None:
        assert foreseen["server"] is None and not play.servers()
    else:
        for field in ("name", "status", "flavor", "access_ipv4" if "access_ipv4" in options else "name"):
            shown = foreseen["server"][field]
            assert done["server"][field] == shown or done["server"][field]["id"] == shown["id"]
        wanted = foreseen["server"]["metadata"]
        assert {key: value for key, value in done["server"]["metadata"].items() if not key.startswith("ansible_")} == {
            key: value for key, value in wanted.items() if not key.startswith("ansible_")}

    play.cloud.journal.clear()
    again = play(**play.wish(**options))
    assert not again["changed"] and not play.writes()
    assert again["actions"] == [] and again["diff"] == {"before": {}, "after": {}}


def test_rebuild(play):
    other = next(image.id for image in play.cloud.regions[play.names["region"]].images.values() if image.status == "ACTIVE" and image.id != (
        play(**play.wish())["server"]["image"]["id"]))
    options = play.wish(image=other, rebuild_policy="rebuild")
    assert play(check=True, **options)["actions"] == play(**options)["actions"] == ["rebuild"]
    assert not play(**options)["changed"]


@pytest.mark.parametrize(("by", "calls"), [("ids", 1), ("names", 3)])
def test_nothing_to_change_costs(play, by, calls):
    made = play(**play.wish())["server"]
    options = {"id": made["id"], "flavor": made["flavor"]["id"], "image": made["image"]["id"]}
    if by == "names":
        region = play.cloud.regions[play.names["region"]]
        options = {"name": "web1", "flavor": region.flavors[made["flavor"]["id"]]["name"], "image": region.images[made["image"]["id"]].name}
    play.cloud.journal.clear()
    result = play(**options)
    assert (result["changed"], result["drift"]) == (False, [])
    assert len(play.asked()) == calls


def test_rename_by_id(play):
    made = play(**play.wish())["server"]
    renamed = play(id=made["id"], name="web2")
    assert renamed["actions"] == ["update"] and renamed["server"]["name"] == "web2" and renamed["server"]["id"] == made["id"]
    assert not play(id=made["id"], name="web2")["changed"]


LOST = {
    "the answer is lost": {"drop": "after"},
    "500 though it was made": {"status": 500, "act": True},
    "502 though it was made": {"status": 502, "act": True, "html": True},
    "504 though it was made": {"status": 504, "act": True},
    "401 though it was made": {"status": 401, "act": True},
    "the answer comes too late": {"delay": 60, "act": True},
    "the request is lost": {"drop": "before"},
    "500 and nothing was made": {"status": 500},
    "the answer is cut": {"cut": True},
    "refused, come back later": {"status": 413, "headers": {"Retry-After": "2"}, "body": {"overLimit": {"code": 413, "message": "OverLimit Retry..."}}},
    "no service for a moment": {"status": 503},
}


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("what", LOST)
def test_no_fault_makes_a_second_server(play, what, times):
    play.fault(method="POST", path="/servers$", times=times, **LOST[what])
    result = play(**play.wish())
    assert result["server"]["status"] == "ACTIVE"
    assert [server.id for server in play.servers()] == [result["server"]["id"]]
    assert not play(**play.wish())["changed"]


def test_a_stranger_with_the_same_looks_is_not_taken_for_ours(play):
    region, names = play.names["region"], play.names
    image = play(**play.wish(name="other"))["server"]["image"]["id"]
    stranger = []

    def appear(seconds):
        play.cloud.clock.sleep(seconds)
        if not stranger:
            stranger.extend(seeds.add_servers(play.cloud, {"region": region, "name": "web1", "flavor": names["flavor"], "image": image}))
    wait.rest = appear
    play.fault(method="POST", path="/servers$", drop="before")
    made = play(**play.wish())["server"]
    assert stranger and made["id"] != stranger[0].id
    assert {server.id for server in play.servers() if server.name == "web1"} == {made["id"], stranger[0].id}


def test_a_new_server_that_is_not_found_at_first_is_waited_for(play):
    play.fault(method="GET", path="/servers/[0-9a-f-]+$", times=2, status=404)
    assert play(**play.wish())["server"]["status"] == "ACTIVE"


def test_a_create_that_is_never_answered_says_so_and_the_next_run_finds_it(play):
    play.fault(method="POST", path="/servers$", times=9, status=500)
    with pytest.raises(errors.ApiError) as caught:
        play(**play.wish())
    assert caught.value.status == 500 and "create server 'web1'" in str(caught.value)
    assert not play.servers()


def test_a_create_that_nobody_can_look_for_is_not_sent_again(play):
    play.fault(method="POST", path="/servers$", drop="after")
    play.fault(method="GET", path="/servers/detail", skip=1, times=99, status=503)
    with pytest.raises(errors.LostAnswer) as caught:
        play(**play.wish(api_retries=0))
    assert "may be there" in str(caught.value)
    assert len(play.servers()) == 1
    play.cloud.faults.rules.clear()
    assert not play(**play.wish())["changed"]


@pytest.mark.parametrize("status", [403, 404, 400])
def test_a_create_for_which_the_look_is_refused_says_what_may_be_there(play, status):
    play.fault(method="POST", path="/servers$", drop="after")
    play.fault(method="GET", path="/servers/detail", skip=1, times=99, status=status, body={"fault": {"code": status, "message": "Not now."}})
    with pytest.raises(errors.CloudError, match="create server 'web1'.*Not now.*may be there"):
        play(**play.wish())
    assert len(play.servers()) == 1


def test_a_create_whose_token_was_refused_for_good_says_what_may_be_there(play):
    play.fault(method="POST", path="/servers$", act=True, status=401)
    play.fault(method="POST", path="/tokens$", skip=1, times=9, status=401)
    play.fault(method="GET", path="/servers/detail", skip=1, times=9, status=401)
    with pytest.raises(errors.LoginFailed, match="Could not log in.*/servers was answered 401.*may be there"):
        play(**play.wish())
    assert len(play.servers()) == 1


def test_a_create_whose_token_was_refused_is_found_without_a_new_one_too(play):
    play.fault(method="POST", path="/servers$", act=True, status=401)
    play.fault(method="POST", path="/tokens$", skip=1, times=9, status=401)
    assert [play(**play.wish())["server"]["id"]] == [server.id for server in play.servers()]


TIRED = {"429 for good": {"status": 429}, "no connection": {"unreachable": "refused"}, "500 for good": {"status": 500}}


@pytest.mark.parametrize("login", TIRED)
def test_a_create_whose_token_was_refused_while_nobody_can_log_in_says_what_may_be_there(play, login):
    play.fault(method="POST", path="/servers$", act=True, status=401)
    play.fault(method="POST", path="/tokens$", skip=1, times=99, **TIRED[login])
    play.fault(method="GET", path="/servers/detail", skip=1, times=99, status=401)
    with pytest.raises(errors.ApiError, match="/servers was answered 401.*may be there") as caught:
        play(**play.wish())
    assert "nothing was sent" not in str(caught.value) and len(play.servers()) == 1


@pytest.mark.parametrize("login", TIRED)
def test_and_is_found_where_the_old_token_still_does(play, login):
    play.fault(method="POST", path="/servers$", act=True, status=401)
    play.fault(method="POST", path="/tokens$", skip=1, times=99, **TIRED[login])
    assert [play(**play.wish())["server"]["id"]] == [server.id for server in play.servers()]


LATE = {"method": "GET", "path": "/servers/detail", "skip": 1, "status": 200, "body": {"servers": []}}


def test_a_second_create_refused_because_the_first_came_through_finds_that_one(play):
    play.cloud.settings.update({"quota": {"instances": 1}})
    play.fault(method="POST", path="/servers$", act=True, status=500)
    play.fault(times=3, **LATE)
    assert [play(**play.wish())["server"]["id"]] == [server.id for server in play.servers()]


def test_and_says_that_it_may_be_there_when_it_does_not_show(play):
    play.cloud.settings.update({"quota": {"instances": 1}})
    play.fault(method="POST", path="/servers$", act=True, status=500)
    play.fault(times=99, **LATE)
    with pytest.raises(errors.ApiError, match="create server 'web1'.*[Qq]uota.*answered 500.*may be there") as caught:
        play(**play.wish())
    assert caught.value.status in (403, 413) and len(play.servers()) == 1


@pytest.mark.parametrize("quoted", [
    r'{"adminPass": "Sun\u0026Moon\u003c5\u003e/it\u0027s"}', r"Sun&Moon<5>\/it's", "Sun%26Moon%3c5%3e%2fit%27s", "Sun&#38;Moon&#60;5&#62;/it&#39;s",
    "Sun&#x26;Moon&#x3c;5&#x3E;/it&#x27;s", r"Sun&Moon<5>/it\'s"])
def test_a_password_that_is_quoted_escaped_is_not_shown(play, quoted):
    play.fault(method="POST", path="/servers$", status=400, body={"badRequest": {"code": 400, "message": "cannot read " + quoted}})
    with pytest.raises(errors.ApiError) as caught:
        play(**play.wish(admin_password="Sun&Moon<5>/it's"))
    assert "Moon" not in str(caught.value) and "400 badRequest: " in str(caught.value)


@pytest.mark.parametrize("lists", [3, 6])  # as many as are looked at before another is sent, and as many again after it
def test_a_second_server_that_a_lie_made_is_removed(play, lists):
    play.cloud.journal.clear()
    play.fault(method="POST", path="/servers$", act=True, status=500)
    play.fault(method="GET", path="/servers/detail", skip=1, times=lists, body={"servers": []}, status=200)  # shows only later
    made = play(**play.wish())["server"]
    assert len([write for write in play.writes() if write.endswith("/servers")]) == 2
    assert [server.id for server in play.servers() if server.task_state != "deleting"] == [made["id"]]


def test_an_account_without_room_for_the_mark_gets_its_server_without(play):
    play.cloud.settings.update({"quota": {"metadata_items": 1}})
    made = play(**play.wish(metadata={"role": "web"}))["server"]
    assert made["metadata"] == {"role": "web"} and len(play.servers()) == 1


def test_without_room_for_the_marker_a_lost_server_is_found_by_its_looks(rackspace):
    metadata = {"key%d" % number: "x" for number in range(40)}
    rackspace.fault(method="POST", path="/servers$", drop="after")
    made = rackspace(**rackspace.wish(metadata=metadata))["server"]
    assert len(made["metadata"]) == 40
    assert [server.id for server in rackspace.servers()] == [made["id"]]


def test_a_server_found_in_build_is_waited_for(play):
    play(**play.wish(wait=False))
    result = play(**play.wish(metadata={"a": "1"}))
    assert result["actions"] == ["set_metadata"] and result["server"]["status"] == "ACTIVE"
    assert len(play.servers()) == 1


def test_without_waiting_the_record_is_that_of_a_server_in_build(play):
    result = play(**play.wish(wait=False))
    assert result["changed"] and result["server"]["status"] == "BUILD" and result["server"]["id"]


def test_a_build_that_ends_in_error_tells_the_fault_and_the_id(play):
    play.cloud.settings.update({"next_build": "ERROR"})
    with pytest.raises(errors.Failed) as caught:
        play(**play.wish())
    server_id = play.servers()[0].id
    assert server_id in str(caught.value) and "ERROR" in str(caught.value)
    assert play.stage.task.results["reached"] is None or play.stage.task.results["reached"]["id"] == server_id
    with pytest.raises(errors.WrongState) as caught:
        play(**play.wish())
    assert server_id in str(caught.value) and "on_error" in str(caught.value)
    healed = play(**play.wish(on_error="recreate"))
    assert healed["actions"] == ["delete", "create"] and healed["server"]["status"] == "ACTIVE"
    assert [server.id for server in play.servers()] == [healed["server"]["id"]]


def test_a_build_that_ends_in_error_is_begun_anew_when_asked_to(play):
    play.cloud.settings.update({"next_build": ["ERROR", "ERROR", "ACTIVE"]})
    result = play(**play.wish(on_error="recreate"))
    assert result["server"]["status"] == "ACTIVE" and len(play.warnings) == 2
    assert [server.id for server in play.servers()] == [result["server"]["id"]]


def test_a_build_begun_anew_that_nobody_can_look_for_is_not_sent_again(play):
    play.cloud.settings.update({"next_build": ["ERROR", None]})
    play.fault(method="POST", path="/servers$", skip=1, drop="after")
    play.fault(method="GET", path="/servers/detail", skip=1, times=99, status=503)
    with pytest.raises(errors.LostAnswer) as caught:
        play(**play.wish(on_error="recreate", api_retries=0))
    assert "may be there" in str(caught.value)
    posts = [write for write in play.writes() if write.startswith("POST") and write.endswith("/servers")]
    assert len(posts) == 2 and len(play.servers()) == 1
    play.cloud.faults.rules.clear()
    again = play(**play.wish(on_error="recreate"))
    assert not again["changed"] and [server.id for server in play.servers()] == [again["server"]["id"]]


def test_a_build_that_cannot_be_begun_anew_tells_why(play):
    play.cloud.settings.update({"next_build": ["ERROR", None]})
    play.fault(method="POST", path="/servers$", skip=1, times=99, status=500)
    with pytest.raises(errors.ApiError) as caught:
        play(**play.wish(on_error="recreate"))
    assert caught.value.status == 500 and "sent 3 times" in str(caught.value)
    assert play.stage.task.results["reached"] is None and not play.servers()  # the failed one is no more


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"drop": "before"}, {"status": 502, "act": True}, {"status": 500}], ids=str)
def test_a_failed_build_is_deleted_whatever_happens_to_the_answer(play, fault):
    play.cloud.settings.update({"next_build": ["ERROR", None]})
    play.fault(method="DELETE", path="/servers/", **fault)
    result = play(**play.wish(on_error="recreate"))
    assert result["server"]["status"] == "ACTIVE" and [server.id for server in play.servers()] == [result["server"]["id"]]


@pytest.mark.parametrize("seconds", [0, 3])
def test_a_delete_that_is_refused_because_it_goes_already_ends_well(play, seconds):
    play(**play.wish())
    play.cloud.settings.update({"delete_time": seconds})
    play.fault(method="DELETE", path="/servers/", act=True, status=409, body={"conflictingRequest": {"code": 409, "message": "it is being deleted"}})
    result = play(name="web1", state="absent")
    assert result["changed"] and result["server"] is None and not play.servers()


def test_what_vanishes_while_it_is_at_work_is_deleted_too(play):
    server_id = play(**play.wish())["server"]["id"]
    play.stage.set(server_id, OS_EXT_STS__task_state="migrating")
    play.fault(method="DELETE", path="/servers/", status=409, body={"conflictingRequest": {"code": 409, "message": "it is migrating"}})
    rested = wait.rest

    def vanish(seconds):
        rested(seconds)
        play.stage.region.servers.pop(server_id, None)
    wait.rest = vanish  # the fixture puts it back
    assert play(name="web1", state="absent")["server"] is None


def test_a_timeout_names_the_id_the_status_and_the_time(play):
    play.cloud.settings.update({"build_time": 5000})
    with pytest.raises(errors.TimedOut) as caught:
        play(**play.wish(wait_timeout=60))
    server_id = play.servers()[0].id
    assert "BUILD" in str(caught.value) and "60 s" in str(caught.value) and server_id in str(caught.value)
    assert len(play.servers()) == 1
    play.cloud.settings.update({"build_time": 1})


def test_a_delete_is_waited_for_to_the_end_or_to_the_acceptance(play):
    play(**play.wish())
    play.cloud.settings.update({"delete_time": 400})
    assert play(name="web1", state="absent", delete_wait="accepted")["server"] is None
    assert play.servers()
    assert play(name="web1", state="absent")["changed"] is False  # it is on its way and does not count any more


def test_a_server_gone_but_still_shown_as_deleted_is_gone(play):
    play.cloud.settings.update({"delete_lingers": 600})
    play(**play.wish())
    assert play(name="web1", state="absent")["server"] is None
    assert play(**play.wish())["actions"] == ["create"]


def test_the_generated_password_comes_back_only_when_asked_for(play):
    assert "admin_password" not in play(**play.wish())
    result = play(**play.wish(name="web2", return_password=True))
    assert result["admin_password"] and result["admin_password"] not in str({**result, "admin_password": None})


def test_a_create_carries_everything(rackspace):
    rackspace.cloud.journal.clear()
    banner = b"line one\nline two\n"
    result = rackspace(**rackspace.wish(
        name="api-test-server 2", networks=["public", "private"], metadata={"My Server Name": "API Test Server 2"}, disk_config="manual",
        files=[{"path": "/etc/banner.txt", "content": None, "content_base64": base64.encodebytes(banner).decode(), "src": None}],
        user_data="#cloud-config\n", scheduler_hints={"public-zone-ip:near": ["ef08aa7a-b5e4-4bb8-86df-5ac56230f841"]}))
    sent = next(entry["body"] for entry in rackspace.asked() if entry["method"] == "POST")
    assert sent["OS-SCH-HNT:scheduler_hints"] and sent["server"]["config_drive"] is True
    assert sent["server"]["OS-DCF:diskConfig"] == "MANUAL"
    assert base64.b64decode(sent["server"]["personality"][0]["contents"]) == banner
    assert sent["server"]["networks"] == [{"uuid": "00000000-0000-0000-0000-000000000000"}, {"uuid": "11111111-1111-1111-1111-111111111111"}]
    assert sorted(result["server"]["addresses"]) == ["private", "public"]
    assert {address["version"] for address in result["server"]["addresses"]["public"]} == {4, 6}
    assert result["server"]["access_ipv4"] and result["server"]["access_ipv6"]


def test_boot_from_a_new_volume(rackspace):
    rackspace.cloud.journal.clear()
    result = rackspace(**rackspace.wish(flavor="compute1-4", boot_volume={"size": 100, "volume": None, "snapshot": None, "delete_on_termination": True}))
    sent = next(entry["body"]["server"] for entry in rackspace.asked() if entry["method"] == "POST")
    assert sent["imageRef"] == "" and sent["block_device_mapping_v2"][0]["volume_size"] == 100
    assert result["server"]["image"] is None
    again = rackspace(**rackspace.wish(flavor="compute1-4", boot_volume={"size": 100, "volume": None, "snapshot": None, "delete_on_termination": True}))
    assert not again["changed"] and again["drift_unknown"] == ["boot_volume", "image"]


def test_further_block_devices_come_with_the_root_device(play):
    blank = {"source_type": "blank", "destination_type": "volume", "volume_size": 100, "uuid": None, "boot_index": None, "device_name": None,
             "delete_on_termination": True}
    play.cloud.journal.clear()
    play(**play.wish(block_devices=[blank]))
    sent = next(entry["body"]["server"] for entry in play.asked() if entry["method"] == "POST")
    assert [device.get("boot_index") for device in sent["block_device_mapping_v2"]] == [0, None]
    assert sent["block_device_mapping_v2"][0]["uuid"] == sent["imageRef"]


def test_a_delete_that_fails_shows_the_server_that_is_still_there(play):
    play(**play.wish())
    play.cloud.settings.update({"delete_time": 5000})
    with pytest.raises(errors.TimedOut):
        play(name="web1", state="absent", wait_timeout=10)
    assert play.servers()
    play.cloud.settings.update({"delete_time": 1})


BAD = {
    "unknown flavor": ({"flavor": "huge"}, errors.NotFound, ["flavor 'huge'"]),
    "unknown image": ({"image": "no such image"}, errors.NotFound, ["image 'no such image'", "image_info"]),
    "unknown image id": ({"image": "00000000-dead-beef-0000-000000000000"}, errors.NotFound, ["00000000-dead-beef"]),
    "image of two": ({"image": "Duplicate image"}, errors.Ambiguous, ["2 images", "id instead"]),
    "unknown network": ({"networks": ["nowhere"]}, errors.NotFound, ["network 'nowhere'"]),
    "networks empty": ({"networks": []}, errors.BadInput, ["networks is empty"]),
    "networks nonsense": ({"networks": [{"net": "x"}]}, errors.BadInput, ["networks has", "port"]),
    "no flavor": ({"flavor": None}, errors.BadInput, ["flavor is needed"]),
    "no image": ({"image": None}, errors.BadInput, ["image, boot_volume or block_devices is needed"]),
    "metadata of a list": ({"metadata": {"a": [1]}}, errors.BadInput, ["'a' is a list", "strings"]),
    "metadata of nothing": ({"metadata": {"a": None}}, errors.BadInput, ["'a' is empty"]),
    "metadata too long": ({"metadata": {"a": "x" * 256}}, errors.BadInput, ["256 characters", "255"]),
    "metadata too many": ({"metadata": {"k%d" % number: "v" for number in range(200)}}, errors.BadInput, ["items", "200"]),
    "file too large": ({"files": [{"path": "/x", "content": "x" * 20000, "content_base64": None, "src": None}]}, errors.BadInput, ["/x has 20000 bytes"]),
    "too many files": ({"files": [{"path": "/x", "content": "x", "content_base64": None, "src": None}] * 6}, errors.BadInput, ["takes 5, and 6"]),
    "file not base64": ({"files": [{"path": "/x", "content": None, "content_base64": "!!", "src": None}]}, errors.BadInput, ["/x is not base64"]),
    "file not there": ({"files": [{"path": "/x", "content": None, "content_base64": None, "src": "/no/such"}]}, errors.BadInput, ["/no/such"]),
    "user data too long": ({"user_data": "x" * 60000}, errors.BadInput, ["user_data has"]),
    "blanks around the name": ({"name": "web1 "}, errors.BadInput, ["'web1 '", "blanks"]),
    "unknown id": ({"id": "00000000-dead-beef-0000-000000000000"}, errors.NotFound, ["00000000-dead-beef", "Leave id out"]),
}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_before_anything_is_sent(play, case, check):
    options, error, words = BAD[case]
    with pytest.raises(error) as caught:
        play(check=check, **play.wish(**options))
    for word in words:
        assert word in str(caught.value)
    assert not play.writes()


@pytest.mark.parametrize(("options", "words"), [
    ({"security_groups": ["web"]}, "security_groups: Rackspace"),
    ({"user_data": "x", "config_drive": False}, "configuration drive"),
])
def test_what_rackspace_would_drop_in_silence_is_refused(rackspace, options, words):
    with pytest.raises(errors.BadInput) as caught:
        rackspace(**rackspace.wish(**options))
    assert words in str(caught.value) and not rackspace.writes()


def test_two_servers_of_one_name_are_an_error_with_both_ids(play):
    ids = [play(**play.wish(name=name))["server"]["id"] for name in ("web1", "web2")]
    play.cloud.regions[play.names["region"]].servers[ids[1]].force({"name": "web1"}, play.cloud.now())
    with pytest.raises(errors.Ambiguous) as caught:
        play(**play.wish())
    assert all(server_id in str(caught.value) for server_id in ids)


def test_a_name_that_another_server_has_is_refused_for_the_id(play):
    ids = [play(**play.wish(name=name))["server"]["id"] for name in ("web1", "web2")]
    with pytest.raises(errors.Ambiguous) as caught:
        play(id=ids[0], name="web2")
    assert ids[1] in str(caught.value)


def test_a_name_is_no_pattern(play):
    names = ["web.1", "webx1", "a (b) [c]+"]
    for name in names:
        play(**play.wish(name=name))
    for name in names:
        assert not play(**play.wish(name=name))["changed"]
    assert len(play.servers()) == len(names)


def test_a_protected_server_is_not_deleted(play):
    play(**play.wish(metadata={"ansible_protected": True}))
    play.cloud.journal.clear()
    with pytest.raises(errors.Protected):
        play(name="web1", state="absent")
    assert not play.writes()
    assert play(name="web1", state="absent", ignore_protection=True)["server"] is None


@pytest.mark.parametrize(("policy", "warned"), [("warn", 1), ("ignore", 0)])
def test_drift_is_never_silent(play, policy, warned):
    play(**play.wish())
    result = play(**play.wish(flavor=play.names["larger"], drift_policy=policy))
    assert not result["changed"] and len(play.warnings) == warned
    assert result["drift"] == [{"field": "flavor", "wanted": play.names["larger"], "found": play.names["flavor"]}]


def test_drift_may_fail_the_task_before_anything_is_changed(play):
    play(**play.wish())
    play.cloud.journal.clear()
    with pytest.raises(errors.Drifted) as caught:
        play(**play.wish(flavor=play.names["larger"], metadata={"a": "1"}, drift_policy="fail"))
    assert caught.value.facts["drift"] and not play.writes()


def test_a_resize_that_the_cloud_gives_up_is_told(play):
    play(**play.wish())
    server = play.servers()[0]
    options = play.wish(flavor=play.names["larger"], resize_policy="confirm", wait_timeout=120)
    looks = []

    def give_up(seconds):
        looks.append(seconds)
        if len(looks) == 3:
            server.force({"status": "ACTIVE", "OS-EXT-STS:task_state": None, "OS-EXT-STS:vm_state": "active", "flavor": server.flavor}, play.cloud.now())
        else:
            play.cloud.clock.sleep(0.01)
    wait.rest = give_up
    with pytest.raises(errors.Failed) as caught:
        play(**options)
    assert "the cloud gave up to resize it" in str(caught.value)


def test_readiness_beyond_active(rackspace):
    made = rackspace(**rackspace.wish())["server"]
    server = rackspace.cloud.regions["DFW"].servers[made["id"]]
    with pytest.raises(errors.TimedOut):
        rackspace(**rackspace.wish(ready_when=["rackconnect"], wait_timeout=5))
    server.force({"metadata": {"rackconnect_automation_status": "DEPLOYED"}}, rackspace.cloud.now())
    assert not rackspace(**rackspace.wish(ready_when=["rackconnect"]))["changed"]
    server.force({"metadata": {"rackconnect_automation_status": "FAILED"}}, rackspace.cloud.now())
    with pytest.raises(errors.Failed) as caught:
        rackspace(**rackspace.wish(ready_when=["rackconnect"]))
    assert "FAILED" in str(caught.value)


def fails(server, now):
    server.force({"status": "ERROR", "fault": {"code": 500, "message": "No power."}}, now)


@pytest.fixture
def automated(rackspace):
    """A task that waits for the automation of a server, to which something happens after 20 seconds."""
    def played(happens, **options):
        rackspace.stage.server(rackspace.stage.seed("web1")).later([(rackspace.cloud.now() + 20, happens)])
        began = rackspace.cloud.now()
        try:
            return rackspace(**rackspace.wish(ready_when=["rackconnect"], **options))
        finally:
            assert rackspace.cloud.now() - began < 60  # it is not waited for what never comes
    return played


def test_an_automation_of_a_server_that_ends_in_error_is_not_waited_for(rackspace, automated):
    with pytest.raises(errors.WrongState, match="is in ERROR: No power.*on_error: recreate") as caught:
        automated(fails)
    assert caught.value.facts["last_status"] == "ERROR" and caught.value.facts["ids"] == [rackspace.servers()[0].id]


def test_a_server_that_ends_in_error_before_its_automation_is_made_anew_when_asked_to(rackspace, automated):
    result = automated(fails, on_error="recreate", metadata={"rackconnect_automation_status": "DEPLOYED"})
    assert result["actions"] == ["delete", "create"] and [server.id for server in rackspace.servers()] == [result["server"]["id"]]


def test_an_automation_of_a_server_in_error_and_at_work_is_waited_for(rackspace, automated):
    def at_work(server, now):
        server.force({"status": "ERROR", "OS-EXT-STS:task_state": "image_uploading"}, now)
        server.later([(now + 10, ready)])

    def ready(server, now):
        server.force({"status": "ACTIVE", "OS-EXT-STS:task_state": None, "metadata": {"rackconnect_automation_status": "DEPLOYED"}}, now)
    assert automated(at_work)["server"]["status"] == "ACTIVE"


@pytest.mark.parametrize("shown", [True, False])
def test_an_automation_of_a_server_that_is_gone_is_not_waited_for(rackspace, automated, shown):
    def happens(server, now):
        server.force({"status": "DELETED"}, now)
        if not shown:
            rackspace.fault(method="GET", path="/servers/[0-9a-f-]+$", times=999, status=404)
    with pytest.raises(errors.Failed, match="the server is gone: somebody deleted it meanwhile"):
        automated(happens)


@pytest.mark.parametrize("options", [{"metadata": {"a": "1"}}, {"metadata": {}, "purge_metadata": True}, {"access_ipv4": "192.0.2.9"}], ids=str)
@pytest.mark.parametrize("shown", [None, "DELETED"])
def test_a_server_that_vanishes_after_a_change_is_told_at_once(play, options, shown):
    server_id = play.stage.seed("web1", metadata={"old": "one"})
    began = play.cloud.now()
    body = {"server": {"id": server_id, "name": "web1", "status": shown}} if shown else None
    play.fault(method="GET", path="/servers/[0-9a-f-]+$", times=999, **({"status": 200, "body": body} if shown else {"status": 404}))
    with pytest.raises(errors.Failed, match="the server is gone: somebody deleted it meanwhile"):
        play(name="web1", **options)
    assert play.cloud.now() - began < 10


def test_a_build_that_cannot_be_looked_at_is_told_with_its_id(play):
    play.stage.fault(method="GET", path="/servers/[0-9a-f-]{36}$", times=999, status=500)
    with pytest.raises(errors.TimedOut) as caught:
        play(**play.wish(wait_timeout=30))
    made = next(server.id for server in play.stage.region.servers.values() if server.name == "web1")
    assert "server 'web1' (%s) was never seen" % made in str(caught.value)
