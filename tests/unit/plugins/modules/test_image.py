# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`image` and `image_info` against the sandbox in process: rehearsed, made, made again; rotation; lost answers."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, wait
from ansible_collections.rackspace.cloud.plugins.modules import image as module
from ansible_collections.rackspace.cloud.plugins.modules import image_info, server

INFO = dict.fromkeys(("image", "pattern", "status", "type", "server", "metadata", "changes_since"), {})


@pytest.fixture
def play(stage):
    def played(check=False, **options):
        return stage.change(module.IMAGE, module.SPEC, "image", options, check)
    return played


def made(stage, name="web1", **fields):
    server_id = stage.seed(name, **fields)
    stage.cloud.journal.clear()
    return server_id


CONTRACT = {
    "make": ({}, {"name": "backup", "server": "web1"}, ["create"]),
    "make with metadata": ({}, {"name": "backup", "server": "web1", "metadata": {"Purpose": "test", "number": 5, "flag": True}}, ["create"]),
    "change metadata": ({"metadata": {"purpose": "old", "keep": "me"}}, {"name": "backup", "metadata": {"PURPOSE": "new"}}, ["set_metadata"]),
    "purge metadata": ({"metadata": {"purpose": "old", "keep": "me"}},
                       {"name": "backup", "metadata": {"keep": "me"}, "purge_metadata": True}, ["remove_metadata"]),
    "delete": ({}, {"name": "backup", "state": "absent"}, ["delete"]),
}


@pytest.mark.parametrize("case", CONTRACT)
def test_rehearsed_done_and_done_again(stage, play, case):
    before, options, actions = CONTRACT[case]
    made(stage)
    if actions != ["create"]:
        play(**dict({"name": "backup", "server": "web1"}, **before))
    stage.cloud.journal.clear()
    foreseen = play(check=True, **options)
    assert foreseen["changed"] and not stage.writes()
    done = play(**options)
    assert (done["actions"], done["diff"]) == (foreseen["actions"], foreseen["diff"]) == (actions, foreseen["diff"])
    if actions == ["delete"]:
        assert done["image"] is foreseen["image"] is None and not stage.images()
    else:
        image = done["image"]
        assert (image["name"], image["status"]) == (foreseen["image"]["name"], foreseen["image"]["status"]) == ("backup", "ACTIVE")
        assert set(foreseen["image"]) - {"size"} <= set(image) | {"size"}
        assert foreseen["image"]["metadata"].items() <= image["metadata"].items()
        assert image["metadata"]["image_type"] == "snapshot"  # what the cloud needs stays through a purge
    stage.cloud.journal.clear()
    again = play(**options)
    assert not again["changed"] and not stage.writes() and again["diff"] == {"before": {}, "after": {}}


@pytest.mark.parametrize(("options", "calls"), [({"name": "backup"}, 1), ({"name": "backup", "metadata": {"a": "1"}}, 1), ({"id": True}, 1)])
def test_nothing_to_change_costs_one_call(stage, play, options, calls):
    made(stage)
    image_id = play(name="backup", server="web1", metadata={"a": "1"})["image"]["id"]
    stage.cloud.journal.clear()
    assert not play(**dict(options, **({"id": image_id} if "id" in options else {})))["changed"]
    assert len(stage.asked()) == calls


def test_force_makes_another(stage, play):
    made(stage)
    ids = [play(name="backup", server="web1", force=True)["image"]["id"] for _number in range(2)]
    assert sorted(ids) == sorted(image.id for image in stage.images()) and ids[0] != ids[1]
    with pytest.raises(errors.Ambiguous) as caught:
        play(name="backup", server="web1")
    assert all(image_id in str(caught.value) for image_id in ids)
    assert play(id=ids[0], state="absent")["changed"]
    assert [image.id for image in stage.images()] == [ids[1]]


def test_an_image_of_another_server_is_told(stage, play):
    made(stage)
    stage.seed("web2")
    play(name="backup", server="web1")
    assert not play(name="backup", server="web1")["changed"] and not stage.warnings
    assert not play(name="backup", server="web2")["changed"] and "not of server 'web2'" in stage.warnings[0]


def test_an_image_in_error_does_not_count_as_there(stage, play):
    made(stage)
    play(name="backup", server="web1")
    stage.images()[0].status = "ERROR"
    result = play(name="backup", server="web1")
    assert result["actions"] == ["create"] and result["image"]["status"] == "ACTIVE"
    assert play(name="backup", server="web1")["changed"] is False


def test_an_image_found_in_the_making_is_waited_for(stage, play):
    made(stage)
    stage.settings(image_time=60)
    assert play(name="backup", server="web1", wait=False)["image"]["status"] == "SAVING"
    result = play(name="backup", server="web1")
    assert not result["changed"] and result["image"]["status"] == "ACTIVE"


def fail_images(stage, monkeypatch, how):
    rest = wait.rest

    def spoil(seconds):
        for image in stage.images():
            image.later([])
            how(image)
        rest(seconds)
    monkeypatch.setattr(wait, "rest", spoil)


@pytest.mark.parametrize("what", ["ERROR", "gone"])
def test_an_image_that_fails_names_the_server(stage, play, monkeypatch, what):
    server_id = made(stage)
    fail_images(stage, monkeypatch, lambda image: image.change(0, status="ERROR") if what == "ERROR" else image.change(0, status="DELETED", gone=True))
    with pytest.raises(errors.Failed) as caught:
        play(name="backup", server="web1")
    assert server_id in str(caught.value) and "'web1'" in str(caught.value) and "backup" in str(caught.value)


LOST = [{"drop": "after"}, {"status": 500, "act": True}, {"status": 504, "act": True}, {"delay": 60, "act": True}, {"drop": "before"}, {"status": 500},
        {"status": 413, "headers": {"Retry-After": "2"}}]


@pytest.mark.parametrize("fault", LOST)
def test_no_fault_makes_a_second_image(stage, play, fault):
    made(stage)
    stage.fault(method="POST", path="/action$", **fault)
    image_id = play(name="backup", server="web1")["image"]["id"]
    assert [image.id for image in stage.images()] == [image_id]


def test_a_second_image_that_a_lie_made_is_removed(stage, play):
    made(stage)
    stage.settings(image_time=0.1)
    stage.fault(method="POST", path="/action$", act=True, status=500)
    stage.fault(method="GET", path="/images/detail", times=3, body={"images": []}, status=200)  # shows only later
    image_id = play(name="backup", server="web1", force=True)["image"]["id"]
    assert len([line for line in stage.writes() if line.endswith("/action")]) == 2
    assert [image.id for image in stage.images()] == [image_id]


@pytest.mark.parametrize("fault", LOST)
def test_a_stranger_of_that_name_is_not_taken_for_ours(stage, play, fault):
    made(stage)
    stage.seed("web2")
    theirs = play(name="backup", server="web2")["image"]["id"]
    stage.fault(method="POST", path="/action$", **fault)
    assert play(name="backup", server="web1", force=True)["image"]["id"] != theirs


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 500, "act": True}])
def test_without_room_for_the_mark_a_lost_image_is_found_by_its_looks(stage, play, fault):
    made(stage)
    stage.settings(quota={"image_metadata_items": 1})
    stage.fault(method="POST", path="/action$", skip=1, **fault)
    image_id = play(name="backup", server="web1", metadata={"a": "1"})["image"]["id"]
    assert [image.id for image in stage.images()] == [image_id]


def test_a_list_in_answer_to_a_create_is_looked_behind(stage, play):
    stage.seed("web1")
    stage.fault(method="POST", path="/action", act=True, status=202, body=[1])
    image_id = play(name="backup", server="web1")["image"]["id"]
    assert [image.id for image in stage.images()] == [image_id]


def test_an_image_id_in_the_body_will_do(stage, play):
    """As clouds of microversion 2.45 and later answer."""
    made(stage)
    twin = play(name="backup", server="web1")["image"]["id"]
    stage.fault(method="POST", path="/action$", status=202, body={"image_id": twin})
    assert play(name="backup", server="web1", force=True)["image"]["id"] == twin


def test_an_answer_without_an_id_is_looked_after(stage, play):
    made(stage)
    stage.fault(method="POST", path="/action$", status=202, body={}, act=True)
    assert play(name="backup", server="web1")["image"]["id"] == stage.images()[0].id


def daily(stage, play, days, **more):
    """Images of some days, the first is the oldest; their ids."""
    made(stage)
    ids = []
    for day in range(1, days + 1):
        ids.append(play(name="web1-%d" % day, server="web1", metadata={"of": "web1"}, **more)["image"]["id"])
        stage.cloud.clock.sleep(86400)
    stage.cloud.journal.clear()
    return ids


def test_rotation_keeps_the_newest_of_a_pattern(stage, play):
    ids = daily(stage, play, 3)
    options = {"name": "web1-4", "server": "web1", "rotate_pattern": "web1-*", "keep": 2, "max_delete": 2}
    foreseen = play(check=True, **options)
    assert foreseen["actions"] == ["create", "rotate", "rotate"] and not stage.writes()
    assert [(image["id"], image["spared"]) for image in foreseen["surplus"]] == [(ids[1], None), (ids[0], None)]
    done = play(**options)
    assert (done["actions"], done["diff"], done["surplus"]) == (foreseen["actions"], foreseen["diff"], foreseen["surplus"])
    assert done["image"]["name"] == "web1-4" and sorted(image.name for image in stage.images()) == ["web1-3", "web1-4"]
    again = play(**options)
    assert not again["changed"] and again["surplus"] == []


def test_rotation_by_metadata_and_without_a_new_image(stage, play):
    daily(stage, play, 3)
    play(name="other", server="web1")
    result = play(rotate_metadata={"OF": "web1"}, keep=1, max_delete=5)
    assert result["actions"] == ["rotate", "rotate"] and result["image"] is None
    assert sorted(image.name for image in stage.images()) == ["other", "web1-3"]


def test_rotation_spares_what_is_in_use_or_protected(stage, play):
    ids = daily(stage, play, 4)
    play(id=ids[1], metadata={"ansible_protected": True})
    stage.seed("child", image=ids[0])
    result = play(rotate_pattern="web1-*", keep=1, max_delete=5)
    spared = {image["id"]: image["spared"] for image in result["surplus"]}
    assert spared[ids[2]] is None and spared[ids[1]] == "protected" and "in use by server 'child'" in spared[ids[0]]
    assert sorted(image.name for image in stage.images()) == ["web1-1", "web1-2", "web1-4"]


def test_rotation_beyond_max_delete_is_refused_before_anything_is_made(stage, play):
    daily(stage, play, 3)
    with pytest.raises(errors.Protected) as caught:
        play(name="web1-4", server="web1", rotate_pattern="web1-*", keep=1)
    assert "3 images would be deleted" in str(caught.value) and "max_delete" in str(caught.value)
    assert not stage.writes() and len(stage.task.results["surplus"]) == 3


def test_images_of_the_cloud_are_never_rotated(stage, play):
    daily(stage, play, 2)
    result = play(rotate_pattern="*", keep=1, max_delete=1)
    assert result["actions"] == ["rotate"] and [image.name for image in stage.images()] == ["web1-2"]


def test_nothing_is_deleted_before_the_new_image_is_there(stage, play, monkeypatch):
    daily(stage, play, 2)
    fail_images(stage, monkeypatch, lambda image: image.change(0, status="ERROR") if image.name == "web1-3" else None)
    with pytest.raises(errors.Failed):
        play(name="web1-3", server="web1", rotate_pattern="web1-*", keep=1, max_delete=5)
    assert len(stage.images()) == 3


def test_a_delete_that_fails_midway_tells_which_image(stage, play):
    ids = daily(stage, play, 3)
    stage.fault(method="DELETE", path="/images/%s" % ids[1], times=9, status=403, body={"forbidden": {"code": 403, "message": "No."}})
    with pytest.raises(errors.ApiError) as caught:
        play(rotate_pattern="web1-*", keep=1, max_delete=5)
    assert "delete image 'web1-2'" in str(caught.value) and ids[1] in str(caught.value)
    assert sorted(image.name for image in stage.images()) == ["web1-2", "web1-3"]


@pytest.mark.parametrize("options", [{"metadata": {"a": "1"}}, {"metadata": {}, "purge_metadata": True}], ids=str)
def test_an_image_that_vanishes_after_a_change_is_told_at_once(stage, play, options):
    made(stage)
    play(name="backup", server="web1", metadata={"old": "one"})
    began = stage.cloud.now()
    stage.fault(method="GET", path="/images/[0-9a-f-]+$", times=999, status=404)
    with pytest.raises(errors.Failed, match="the image is gone: somebody deleted it meanwhile"):
        play(name="backup", **options)
    assert stage.cloud.now() - began < 10


def test_a_protected_image_is_not_deleted(stage, play):
    made(stage)
    play(name="backup", server="web1", metadata={"ansible_protected": True})
    with pytest.raises(errors.Protected):
        play(name="backup", state="absent")
    assert play(name="backup", state="absent", ignore_protection=True)["changed"]


def test_a_busy_server_is_waited_for(stage, play):
    made(stage)
    stage.settings(image_time=40)
    play(name="first", server="web1", wait=False)
    assert play(name="second", server="web1")["image"]["status"] == "ACTIVE"
    assert sorted(image.name for image in stage.images()) == ["first", "second"]


BAD = {
    "no server": ({"name": "new"}, errors.NotFound, ["'new'", "Say in server"]),
    "unknown server": ({"name": "new", "server": "nobody"}, errors.NotFound, ["'nobody'"]),
    "unknown id": ({"id": "00000000-dead-beef-0000-000000000000"}, errors.NotFound, ["00000000-dead-beef"]),
    "keep nothing": ({"keep": 0, "rotate_pattern": "*"}, errors.BadInput, ["at least 1"]),
    "keep what": ({"keep": 1}, errors.BadInput, ["rotate_pattern or rotate_metadata"]),
    "keep and delete": ({"name": "x", "state": "absent", "keep": 1, "rotate_pattern": "*"}, errors.BadInput, ["state: absent"]),
    "two keys in one": ({"name": "new", "server": "web1", "metadata": {"A": "1", "a": "2"}}, errors.BadInput, ["A, a"]),
    "too many items": ({"name": "new", "server": "web1", "metadata": {"k%d" % number: "v" for number in range(200)}}, errors.BadInput, ["200", "items"]),
    "a server in error": ({"name": "new", "server": "broken"}, errors.WrongState, ["'broken'", "is ERROR"]),
}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_before_anything_is_sent(stage, play, case, check):
    options, error, words = BAD[case]
    stage.seed("broken", status="ERROR")
    made(stage)
    with pytest.raises(error) as caught:
        play(check=check, **options)
    for word in words:
        assert word in str(caught.value)
    assert not stage.writes()


def test_an_image_cannot_be_renamed(stage, play):
    made(stage)
    image_id = play(name="backup", server="web1")["image"]["id"]
    with pytest.raises(errors.BadInput) as caught:
        play(id=image_id, name="other")
    assert "'backup'" in str(caught.value)


def test_the_newest_is_one_that_can_be_used(stage, play):
    daily(stage, play, 2)
    stage.settings(image_time=1000)
    play(name="web1-3", server="web1", wait=False)

    def names(**options):
        return [image["name"] for image in stage.ask(image_info.fetch, INFO, dict({"newest": False}, **options))["images"]]
    assert names(pattern="web1-*") == ["web1-3", "web1-2", "web1-1"]
    assert names(pattern="web1-*", newest=True) == ["web1-2"]
    assert names(pattern="web1-*", newest=True, status="SAVING") == ["web1-3"]
    assert names(metadata={"of": "web1"}, newest=True) == ["web1-2"]


def test_a_server_is_made_of_the_image(stage, play):
    made(stage)
    image = play(name="golden", server="web1")["image"]
    options = {"name": "child", "flavor": stage.names["larger"], "image": "golden", "state": "present"}
    assert stage.change(server.SERVER, server.SPEC, "server", options)["server"]["image"]["id"] == image["id"]
