# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`volume_attachment` and its info on the sandbox in process; the plan as a table."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, volumes, wait
from ansible_collections.rackspace.cloud.plugins.modules import volume as making
from ansible_collections.rackspace.cloud.plugins.modules import volume_attachment as module
from ansible_collections.rackspace.cloud.plugins.modules import volume_attachment_info as info


class Player:
    def __init__(self, stage):
        self.stage = stage
        self.ids = {name: stage.seed(name) for name in ("db1", "db2")}
        for name in ("data1", "data2"):
            self.ids[name] = stage.change(making.VOLUME, making.SPEC, "volume", {"name": name, "size": 100})["volume"]["id"]
        stage.cloud.journal.clear()

    def __call__(self, check=False, **options):
        return self.stage.change(module.ATTACHMENT, module.SPEC, "volume_attachments", dict({"server": "db1"}, **options), check)

    def thrice(self, **options):
        return self.stage.thrice(module.ATTACHMENT, module.SPEC, "volume_attachments", dict({"server": "db1"}, **options))

    def ask(self, **options):
        return self.stage.ask(info.fetch, info.SPEC, dict({"server": "db1"}, **options))["volume_attachments"]

    def volume(self, name):
        """A volume as the cloud itself knows it."""
        return self.stage.region.volumes[self.ids[name]].settle(self.stage.cloud.now())


@pytest.fixture
def play(stage):
    return Player(stage)


def test_attached_and_detached(play):
    foreseen, done = play.thrice(volume="data1")
    (there,) = done["volume_attachments"]
    assert there["server_id"] == play.ids["db1"] and there["status"] == "in-use" and there["device"].startswith("/dev/")
    assert {**foreseen["volume_attachments"][0], "device": there["device"]} == there
    assert done["diff"] == {"before": {"data1": None}, "after": {"data1": "db1"}}
    assert play.volume("data1").status == "in-use"
    foreseen, done = play.thrice(volume="data1", state="absent")
    assert done["volume_attachments"] == foreseen["volume_attachments"] == [
        {"volume_id": play.ids["data1"], "volume_name": "data1", "status": "available", "server_id": None, "device": None}]
    assert play.volume("data1").status == "available"


@pytest.mark.parametrize("body", ["", [1], {"volumeAttachment": None}])
def test_the_answer_to_an_attachment_may_say_nothing(play, body):
    play.stage.fault(method="POST", path="os-volume_attachments", act=True, status=200, body=body)
    assert play(volume="data1")["volume_attachments"][0]["server_id"] == play.ids["db1"]


def test_several_at_once(play):
    _foreseen, done = play.thrice(volumes=["data2", play.ids["data1"], "data1"])
    assert done["actions"] == ["attach", "attach"]
    assert [one["volume_name"] for one in done["volume_attachments"]] == ["data2", "data1"]
    assert {one["server_id"] for one in done["volume_attachments"]} == {play.ids["db1"]}
    _foreseen, done = play.thrice(volumes=["data1", "data2"], state="absent")
    assert done["actions"] == ["detach", "detach"]


def test_only_what_is_missing_is_attached(play):
    play(volume="data1")
    done = play(volumes=["data1", "data2"])
    assert done["diff"] == {"before": {"data2": None}, "after": {"data2": "db1"}}


def test_another_device_is_no_difference(play):
    assert play(volume="data1", device="/dev/xvdf")["volume_attachments"][0]["device"] == "/dev/xvdf"
    assert not play(volume="data1", device="/dev/xvdg")["changed"]


@pytest.mark.parametrize("check", [True, False])
def test_one_at_another_server_is_moved_only_when_asked(play, check):
    play(server="db2", volume="data1")
    with pytest.raises(errors.WrongState, match="another server, %s.*move: true" % play.ids["db2"]):
        play(check=check, volume="data1")
    assert play(check=check, volume="data1", state="absent")["changed"] is False
    assert play.volume("data1").status == "in-use"


def test_moved(play):
    play(server="db2", volume="data1")
    _foreseen, done = play.thrice(volume="data1", move=True)
    assert done["actions"] == ["detach", "attach"]
    assert done["diff"] == {"before": {"data1": play.ids["db2"]}, "after": {"data1": "db1"}}
    assert play.volume("data1").attachment.server_id == play.ids["db1"]


def test_what_somebody_else_began_is_waited_for(play):
    play(volume="data1", wait=False)
    assert play.volume("data1").status == "attaching"
    assert play(volume="data1")["changed"] is False and play.volume("data1").status == "in-use"
    play(volume="data1", state="absent", wait=False)
    assert play.volume("data1").status == "detaching"
    assert play(volume="data1")["actions"] == ["attach"] and play.volume("data1").status == "in-use"


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 500, "act": True}, {"drop": "before"}, {"cut": True}])
def test_lost_answers(play, fault):
    play.stage.fault(method="POST", path="/os-volume_attachments$", **fault)
    assert play(volume="data1")["volume_attachments"][0]["status"] == "in-use"
    play.stage.fault(method="DELETE", path="/os-volume_attachments/", **fault)
    assert play(volume="data1", state="absent")["volume_attachments"][0]["status"] == "available"


@pytest.mark.parametrize("seconds", [0, 30])
def test_a_detach_whose_token_was_refused_though_it_was_carried_out(play, seconds):
    play(volume="data1")
    play.stage.settings(volume_time=seconds)
    play.stage.fault(method="DELETE", path="/os-volume_attachments/", act=True, status=401)
    done = play(volume="data1", state="absent")
    assert done["actions"] == ["detach"] and done["volume_attachments"][0]["status"] == play.volume("data1").status == "available"


@pytest.mark.parametrize("status", [400, 409])
def test_a_detach_that_is_refused_says_why(play, status):
    play(volume="data1")
    play.stage.fault(method="DELETE", path="/os-volume_attachments/", times=9, status=status, body={"fault": {"code": status, "message": "It is mounted."}})
    with pytest.raises(errors.ApiError, match="It is mounted"):
        play(volume="data1", state="absent")
    assert play.volume("data1").status == "in-use"


@pytest.mark.parametrize("fault", [{"drop": "before"}, {"status": 200, "body": ""}], ids=["lost", "accepted and never begun"])
@pytest.mark.parametrize("seconds", [0, 2, 6, 30])
def test_somebody_else_attaches_it_elsewhere_meanwhile(play, monkeypatch, fault, seconds):
    began, rested, others = play.stage.cloud.now(), wait.rest, []

    def overtaken(pause):
        rested(pause)
        if not others:
            others.append("begun")
            play(server="db2", volume="data1", wait=False)
    monkeypatch.setattr(wait, "rest", overtaken)
    play.stage.settings(volume_time=seconds)
    play.stage.fault(method="POST", path="/os-volume_attachments$", **fault)
    with pytest.raises(errors.CloudError, match="attached to") as caught:
        play(volume="data1")
    assert play.ids["db2" if "drop" not in fault else "data1"] in str(caught.value) and play.stage.cloud.now() - began < 60
    assert play.volume("data1").attachment.server_id == play.ids["db2"]


def test_an_attachment_that_falls_back_is_a_failure(play):
    def gives_up(volume, now):
        volume.change(now, status="available", attachment=None)
    play(volume="data1", wait=False)
    play.stage.region.volumes[play.ids["data1"]].later([(play.stage.cloud.now() + 3, gives_up)])
    assert play(volume="data1")["actions"] == ["attach"]  # that of somebody else: begun anew


def test_a_server_at_work_is_waited_for(play):
    server = play.stage.server(play.ids["db1"])
    play.stage.set(play.ids["db1"], OS_EXT_STS__task_state="image_snapshot")
    server.later([(play.stage.cloud.now() + 20, lambda record, now: record.force({"OS-EXT-STS:task_state": None}, now))])
    assert play(volume="data1")["actions"] == ["attach"]


def test_a_server_in_a_state_that_will_not_do(play):
    play.stage.set(play.ids["db1"], status="RESCUE")
    with pytest.raises(errors.WrongState, match="RESCUE; to attach a volume to it, it must be ACTIVE"):
        play(volume="data1")


BAD = {
    "no server": ({"server": "none", "volume": "data1"}, "no server 'none'"),
    "no volume": ({"volumes": ["data1", "none", "nil"]}, "no volume 'none' and no volume 'nil'"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_there(play, what):
    options, words = BAD[what]
    with pytest.raises(errors.NotFound, match=words):
        play(**options)
    assert play(state="absent", **options)["changed"] is False and not play.stage.writes()


def test_info(play):
    play(volumes=["data1", "data2"])
    listed = play.ask()
    assert [one["volume_id"] for one in listed] == [play.ids["data1"], play.ids["data2"]]
    assert set(listed[0]) == {"id", "volume_id", "server_id", "device"}
    assert play.ask(volume="data2") == play.ask(volume=play.ids["data2"]) == listed[1:]
    assert play.ask(server="db2") == [] == play.ask(server="db2", volume="data1")
    for options in ({"server": "none"}, {"volume": "none"}):
        with pytest.raises(errors.NotFound):
            play.ask(**options)


def entry(status="available", server_id=None, name="data1"):
    return {"volume_id": "v-" + name, "volume_name": name, "status": status, "server_id": server_id, "device": None}


PLANS = {
    "free": ([entry()], {}, ["attach"]),
    "there": ([entry("in-use", "here")], {}, []),
    "elsewhere, moved": ([entry("in-use", "there")], {"move": True}, ["detach", "attach"]),
    "coming": ([entry("attaching")], {}, ["settle_volume"]),
    "leaving": ([entry("detaching", "here")], {}, ["settle_volume", "attach"]),
    "being made": ([entry("creating")], {}, ["settle_volume", "attach"]),
    "server at work": ([entry()], {"busy": True}, ["settle_server", "attach"]),
    "server at work, nothing to do": ([entry("in-use", "here")], {"busy": True}, []),
    "waits come first": ([entry(), entry("creating", name="data2")], {}, ["settle_volume", "attach", "attach"]),
    "absent": ([entry("in-use", "here"), entry("in-use", "there", "data2"), entry(name="data3")], {"state": "absent"}, ["detach"]),
    "absent, leaving": ([entry("detaching", "here")], {"state": "absent"}, ["settle_volume"]),
    "absent, coming": ([entry("attaching")], {"state": "absent"}, ["settle_volume", "detach"]),
}


@pytest.mark.parametrize("case", PLANS)
def test_plan(case):
    now, options, expected = PLANS[case]
    want = dict({"state": "present", "move": False, "device": None, "server_id": "here", "server_name": "db1", "busy": False}, **options)
    assert [step.do for step in module.plan(now, want).steps] == expected


def test_a_volume_in_error_is_not_attached():
    with pytest.raises(errors.WrongState, match="is error; to attach it"):
        module.plan([entry("error")], {"state": "present", "move": True, "device": None, "server_id": "here", "server_name": "db1", "busy": False})


@pytest.mark.parametrize(("status", "known", "arrives", "leaves", "at"), [
    ("in-use", ["here"], True, False, True),
    ("in-use", ["there"], False, True, errors.WrongState),
    ("in-use", ["there", "here"], True, False, True),
    ("in-use", [], False, True, False),
    ("attaching", ["here"], True, False, False),
    ("attaching", ["there"], False, True, False),
    ("reserved", [], True, True, False),
    ("detaching", ["here"], False, True, False),
    ("available", [], False, True, False),
])
def test_where_a_volume_is(status, known, arrives, leaves, at):
    volume = {"id": "v", "status": status, "attachments": [{"server_id": server_id} for server_id in known]}
    assert (volumes.arrives(volume, "here"), volumes.leaves(volume, "here")) == (arrives, leaves)
    if at is errors.WrongState:
        with pytest.raises(at, match="another server meanwhile, there. Detach it there, or set move: true"):
            volumes.at("here")(volume)
    else:
        assert volumes.at("here")(volume) is at
    assert not volumes.arrives(None, "here") and not volumes.leaves(None, "here")
