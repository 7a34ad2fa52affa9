# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`volume` and its info in versions 1 and 3 of the service, in process; the plan as a table."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, volume_plan, volumes
from ansible_collections.rackspace.cloud.plugins.modules import volume as module
from ansible_collections.rackspace.cloud.plugins.modules import volume_attachment as attaching
from ansible_collections.rackspace.cloud.plugins.modules import volume_info as info


class Player:
    def __init__(self, stage):
        self.stage = stage

    def __call__(self, check=False, **options):
        return self.stage.change(module.VOLUME, module.SPEC, "volume", dict({"name": "data1"}, **options), check)

    def thrice(self, **options):
        return self.stage.thrice(module.VOLUME, module.SPEC, "volume", dict({"name": "data1"}, **options))

    def ask(self, **options):
        return self.stage.ask(info.fetch, info.SPEC, options)["volumes"]

    def known(self):
        """The volumes as the cloud itself knows them."""
        for volume in self.stage.region.volumes.values():
            volume.settle(self.stage.cloud.now())
        return [volume for volume in self.stage.region.volumes.values() if not volume.gone]

    def one(self):
        (volume,) = self.known()
        return volume

    def attach(self, server, volume="data1"):
        self.stage.change(attaching.ATTACHMENT, attaching.SPEC, "volume_attachments", {"server": server, "volume": volume})


@pytest.fixture
def play(stage):
    return Player(stage)


@pytest.fixture
def rackspace(rackspace_stage):
    return Player(rackspace_stage)


@pytest.fixture
def openstack(openstack_stage):
    return Player(openstack_stage)


def test_a_life(play):
    wish = {"size": 100, "description": "Tables", "metadata": {"role": "db", "number": 5}}
    foreseen, done = play.thrice(**wish)
    record = done["volume"]
    assert done["actions"] == ["create"] and record["id"] == play.one().id
    for field in ("name", "size", "status", "description", "bootable", "attachments"):
        assert record[field] == foreseen["volume"][field]
    assert record["metadata"]["number"] == "5" and len(record["metadata"]["ansible_create_id"]) == 32
    assert not {"display_name", "display_description"} & set(record)

    _foreseen, done = play.thrice(size=150)
    assert done["actions"] == ["grow"] and done["diff"] == {"before": {"size": 100}, "after": {"size": 150}} and play.one().size == 150

    _foreseen, done = play.thrice(id=record["id"], name="data2", description="")
    assert done["actions"] == ["update"] and (play.one().name, play.one().description) == ("data2", "")

    _foreseen, done = play.thrice(name="data2", metadata={"role": "cache"})
    assert done["actions"] == ["set_metadata"] and play.one().metadata["number"] == "5"
    _foreseen, done = play.thrice(name="data2", metadata={"role": "cache"}, purge_metadata=True)
    assert done["actions"] == ["remove_metadata"]
    assert {key: value for key, value in play.one().metadata.items() if key not in ("ansible_create_id", "storage-node")} == {"role": "cache"}

    _foreseen, done = play.thrice(name="data2", state="absent")
    assert done["volume"] is None and play.known() == []


@pytest.mark.parametrize("dress, fields", [("rackspace", {"display_name": "data1", "display_description": "x"}),
                                           ("openstack", {"name": "data1", "description": "x"})])
def test_each_version_is_spoken_to_in_its_words(request, dress, fields):
    play = request.getfixturevalue(dress)
    play(size=100, description="x")
    (sent,) = [entry["body"]["volume"] for entry in play.stage.cloud.journal.entries() if entry["method"] == "POST" and entry["path"].endswith("/volumes")]
    assert {name: value for name, value in sent.items() if "name" in name or "description" in name} == fields


def test_what_rackspace_notes_stays(rackspace):
    rackspace(size=100)
    assert "storage-node" in rackspace.one().metadata
    assert not rackspace(metadata={}, purge_metadata=True)["changed"]


def test_from_an_image_a_volume_and_a_snapshot(play):
    image = play.stage.names["image"]
    made = play(size=100, image=image)["volume"]
    assert made["bootable"] is True and made["volume_image_metadata"]["image_id"]
    assert play(size=100, image=made["volume_image_metadata"]["image_name"])["drift"] == []
    copy = play(name="copy", source_volume="data1")["volume"]
    assert (copy["source_volid"], copy["size"]) == (made["id"], 100)
    assert play(name="copy", source_volume=made["id"])["drift"] == []
    api, _params = play.stage.connected(module.SPEC, {}, False)
    block = api.service(module.identity.VOLUME)
    snapshot = block.post("/snapshots", {"snapshot": volumes.names(block, {"volume_id": made["id"], "name": "snap1"})}).data["snapshot"]
    play.stage.cloud.clock.sleep(5)
    taken = play(name="restored", snapshot="snap1")["volume"]
    assert taken["snapshot_id"] == snapshot["id"]
    assert play(name="restored", snapshot="snap1")["drift_unknown"] == ["snapshot"]
    with pytest.raises(errors.ApiError, match="Delete its snapshots first"):
        play(state="absent")
    for option in ("snapshot", "source_volume"):
        with pytest.raises(errors.NotFound, match="'nothing'"):
            play(name="x", **{option: "nothing"})


def test_a_volume_shrinks_never(play):
    play(size=100)
    with pytest.raises(errors.BadInput, match="has 100 GB, and 80 are wanted; a volume can grow but never shrink"):
        play(size=80)


def test_drift(play):
    play(size=100)
    play.stage.warnings.clear()
    result = play(volume_type="other", availability_zone="nova")
    assert [item["field"] for item in result["drift"]] == ["volume_type"] and not result["changed"]
    assert "volume_type is" in play.stage.warnings[0]
    assert play(volume_type="other", drift_policy="ignore")["drift"] == result["drift"] and len(play.stage.warnings) == 1
    with pytest.raises(errors.Drifted, match="make the volume anew"):
        play(volume_type="other", drift_policy="fail", description="new")
    assert play.one().description != "new"


@pytest.mark.parametrize("check", [True, False])
def test_what_is_attached_is_neither_deleted_nor_grown(play, check):
    play(size=100)
    server_id = play.stage.seed("db1")
    play.attach("db1")
    with pytest.raises(errors.WrongState, match="attached to server %s.*Detach it first" % server_id):
        play(check=check, state="absent")
    with pytest.raises(errors.WrongState, match="is in-use; to grow from 100 to 200 GB"):
        play(check=check, size=200)
    assert play(check=check, description="new")["actions"] == ["update"]


def test_a_protected_volume_is_not_deleted(play):
    play(size=100, metadata={"ansible_protected": True})
    with pytest.raises(errors.Protected, match="ignore_protection: true"):
        play(state="absent")
    assert play(state="absent", ignore_protection=True)["actions"] == ["delete"]


def test_a_delete_whose_token_was_refused_though_it_was_carried_out(play):
    play(size=100)
    play.stage.fault(method="DELETE", path="/volumes/", status=401, act=True)
    assert play(state="absent")["actions"] == ["delete"]
    assert not play.known()


@pytest.mark.parametrize("status", [401, 503])
@pytest.mark.parametrize("seconds", [0, 30])
def test_a_volume_that_grows_though_the_request_was_refused(play, status, seconds):
    play(size=100)
    play.stage.settings(volume_time=seconds)
    play.stage.fault(method="POST", path="/action$", status=status, act=True)
    result = play(size=200)
    assert result["actions"] == ["grow"] and result["volume"]["size"] == 200 and play.one().size == 200


def test_a_growth_that_is_refused_says_why(play):
    play(size=100)
    play.stage.fault(method="POST", path="/action$", status=400, body={"badRequest": {"code": 400, "message": "It is too late."}})
    with pytest.raises(errors.ApiError, match="It is too late"):
        play(size=200)
    assert play.one().size == 100


def test_a_delete_that_is_refused_says_why(play):
    play(size=100)
    play.stage.fault(method="DELETE", path="/volumes/", status=400, body={"badRequest": {"code": 400, "message": "It has a backup."}})
    with pytest.raises(errors.ApiError, match="It has a backup"):
        play(state="absent")
    assert play.one()


def test_one_found_in_the_making_is_waited_for(play):
    assert play(size=100, wait=False)["volume"]["status"] == "creating"
    result = play(size=100, description="x")
    assert result["actions"] == ["update"] and result["volume"]["status"] == "available"
    play(name="data2", size=100, wait=False)
    assert play(name="data2", state="absent")["actions"] == ["delete"]


def test_one_on_its_way_out_does_not_count(play):
    play(size=100)
    play(state="absent", wait=False)
    assert not play(state="absent")["changed"] and play.ask() == []
    assert play(size=100)["actions"] == ["create"]


def test_one_that_ends_in_error_says_what_to_do(play):
    def ends_badly(volume, now):
        volume.status = "error"
    made = play(size=100, wait=False)["volume"]
    volume = play.stage.region.volumes[made["id"]]
    volume.later([(play.stage.cloud.now() + 1, ends_badly)])
    with pytest.raises(errors.Failed, match="is in error.*state: absent"):
        play(size=100)
    with pytest.raises(errors.WrongState, match="is in error.*state: absent"):
        play(size=100)
    assert play(state="absent")["actions"] == ["delete"]


LOST = {
    "the answer is lost": {"drop": "after"},
    "500 though it was made": {"status": 500, "act": True},
    "502 though it was made": {"status": 502, "act": True, "html": True},
    "the answer comes too late": {"delay": 60, "act": True},
    "the request is lost": {"drop": "before"},
    "500 and nothing was made": {"status": 500},
    "the answer is cut": {"cut": True},
    "no service for a moment": {"status": 503},
}


@pytest.mark.parametrize("what", LOST)
def test_no_fault_makes_a_second_volume(play, what):
    play.stage.fault(method="POST", path="/volumes$", **LOST[what])
    made = play(size=100)["volume"]
    assert play.one().id == made["id"] and made["status"] == "available"
    assert not play(size=100)["changed"]


def test_a_second_volume_that_a_lie_made_is_removed(play):
    play(name="other", size=100)
    play.stage.fault(method="POST", path="/volumes$", act=True, status=500)
    play.stage.fault(method="GET", path="/volumes/detail", skip=1, times=3, body={"volumes": []}, status=200)  # shows only later
    made = play(size=100)["volume"]
    assert sorted(volume.id for volume in play.known() if volume.status != "deleting") == sorted([made["id"], play.ask(volume="other")[0]["id"]])


def test_a_quota_is_told_and_not_tried_again(play):
    play.stage.settings(quota={"volumes": 0})
    play.stage.cloud.journal.clear()
    with pytest.raises(errors.ApiError, match="quota of the account"):
        play(size=100)
    assert len(play.stage.writes()) == 1


BAD = {
    "no size": ({}, errors.BadInput, "size .in GB. is needed"),
    "unknown image": ({"size": 100, "image": "none such"}, errors.NotFound, "image 'none such'"),
    "unknown id": ({"id": "5eed0000-0000-4000-8000-00000000dead"}, errors.NotFound, "no volume with the id"),
    "metadata of lists": ({"size": 100, "metadata": {"a": [1]}}, errors.BadInput, "metadata holds strings only"),
}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("what", BAD)
def test_bad_wishes_are_refused_before_anything_is_sent(play, what, check):
    options, error, words = BAD[what]
    with pytest.raises(error, match=words):
        play(check=check, **options)
    assert not play.stage.writes()


@pytest.mark.parametrize("options", [{"description": "x"}, {"metadata": {"a": "1"}}, {"metadata": {}, "purge_metadata": True}], ids=str)
@pytest.mark.parametrize("shown", [None, "deleted"])
def test_one_that_vanishes_after_a_change_is_told_at_once(play, options, shown):
    made = play(size=100, metadata={"old": "one"})["volume"]
    began = play.stage.cloud.now()
    body = {"volume": {"id": made["id"], "name": "data1", "status": shown, "size": 100}} if shown else None
    play.stage.fault(method="GET", path="/volumes/[0-9a-f-]+$", times=999, **({"status": 200, "body": body} if shown else {"status": 404}))
    with pytest.raises(errors.Failed, match="the volume is gone: somebody deleted it meanwhile"):
        play(**options)
    assert play.stage.cloud.now() - began < 10


def test_two_of_a_name(play):
    first = play(size=100)["volume"]["id"]
    second = play(name="data2", size=100)["volume"]["id"]
    with pytest.raises(errors.Ambiguous, match="another volume has that name already"):
        play(id=second, name="data1")
    play.stage.region.volumes[second].name = "data1"
    with pytest.raises(errors.Ambiguous) as caught:
        play(size=100)
    assert sorted(caught.value.facts["ids"]) == sorted([first, second])
    assert len(play.ask(volume="data1")) == 2
    assert play(id=second, state="absent")["actions"] == ["delete"]


def test_nothing_to_change_costs_one_call(play):
    play(size=100)
    play.stage.cloud.journal.clear()
    play(size=100)
    assert len(play.stage.asked()) == 1


def test_info(play):
    made = play(size=100, metadata={"role": "db"})["volume"]
    play(name="web-cache", size=100)
    assert [volume["name"] for volume in play.ask()] == ["data1", "web-cache"]
    assert play.ask(volume=made["id"]) == play.ask(volume="data1") == play.ask(metadata={"role": "db"}) == [made]
    assert [volume["name"] for volume in play.ask(pattern="web-*")] == ["web-cache"]
    assert len(play.ask(status="AVAILABLE")) == 2 and play.ask(status="in-use") == [] and play.ask(volume="none") == []
    assert play.ask(volume="5eed0000-0000-4000-8000-00000000dead") == []


def record(**fields):
    return dict({"id": "1", "name": "a", "size": 100, "status": "available", "metadata": {}, "attachments": []}, **fields)


def wish(**fields):
    return dict({"state": "present", "name": "a", "purge_metadata": False, "ignore_protection": False}, **fields)


PLANS = {
    "nothing": (record(), wish(), []),
    "grow": (record(), wish(size=101), ["grow"]),
    "grow what is being attached": (record(status="attaching"), wish(size=101), ["settle", "grow"]),
    "rename what is being attached": (record(status="attaching"), wish(name="b"), ["update"]),
    "found in the making": (record(status="downloading"), wish(), ["settle"]),
    "everything": (record(metadata={"x": "y", "rax_z": "1"}), wish(name="b", description="c", metadata={"d": "e"}, purge_metadata=True, size=200),
                   ["update", "set_metadata", "remove_metadata", "grow"]),
    "delete": (record(), wish(state="absent"), ["delete"]),
    "delete in error": (record(status="error_deleting"), wish(state="absent"), ["delete"]),
    "delete while detaching": (record(status="detaching", attachments=[{"server_id": "s"}]), wish(state="absent"), ["settle", "delete"]),
    "deleted": (None, wish(state="absent"), []),
}


@pytest.mark.parametrize("case", PLANS)
def test_plan(case):
    now, want, expected = PLANS[case]
    assert [step.do for step in volume_plan.plan(now, want).steps] == expected


@pytest.mark.parametrize("seen, origin, ends", [
    (["creating", "downloading", "available"], None, True),
    (["attaching", "available"], "available", errors.Failed),
    (["available", "attaching", "available"], "available", errors.Failed),
    (["available", "available"], "available", True),
    (["creating", "error"], None, errors.Failed),
    (["creating", None], None, errors.Failed)])
def test_becomes(seen, origin, ends):
    def goal(volume):
        return origin is None and volumes.calm(volume)
    done = volumes.becomes(goal, "attach", origin)
    look = [status and {"id": "1", "status": status} for status in seen]
    if ends is True:
        assert [done(volume) for volume in look][-1] is (origin is None)
    else:
        with pytest.raises(ends):
            [done(volume) for volume in look]


@pytest.mark.parametrize("seen, origin, fails", [(["deleting", None], "available", False), (["deleting", "available"], "available", True),
                                                 (["error_deleting"], "available", True), (["error_deleting", "deleting", None], "error_deleting", False)])
def test_deleted(seen, origin, fails):
    done = volumes.deleted_from(origin)
    look = [status and {"id": "1", "status": status} for status in seen]
    if fails:
        with pytest.raises(errors.Failed):
            [done(volume) for volume in look]
    else:
        assert [done(volume) for volume in look][-1]
