# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`metadata` and `metadata_info` against the sandbox in process, for servers and images."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, metadata_owners, metadata_plan
from ansible_collections.rackspace.cloud.plugins.modules import image as image_module
from ansible_collections.rackspace.cloud.plugins.modules import metadata as module
from ansible_collections.rackspace.cloud.plugins.modules import metadata_info

PROVIDERS = {"rax_service_level_automation": "Complete", "rackconnect_automation_status": "DEPLOYED", "rax:auto_scaling_group_id": "g", "build_config": "c",
             "com.rackspace__1__x": "1", "org.openstack__1__y": "1", "ansible_create_id": "m", "ansible_protected": "true"}


@pytest.fixture
def play(stage):
    def played(check=False, **options):
        return stage.change(module.METADATA, module.SPEC, "metadata", options, check)
    return played


@pytest.fixture
def read(stage):
    return lambda **options: stage.ask(metadata_info.fetch, metadata_info.SPEC, options)["metadata"]


def there(stage, kind, items):
    """{kind: id} of a server or an image with these items."""
    server_id = stage.seed("web1", metadata=items if kind == "server" else {})
    if kind == "server":
        stage.cloud.journal.clear()
        return {"server": server_id}
    stage.change(image_module.IMAGE, image_module.SPEC, "image", {"name": "backup", "server": "web1"})
    image = stage.images()[0]
    image.change(stage.cloud.now(), metadata=dict(items))
    stage.cloud.journal.clear()
    return {"image": image.id}


# What is there, what is played, what is there then, and the requests that change something, below the place of the metadata.
CONTRACT = {
    "add one": ({"a": "1"}, {"metadata": {"role": "web"}}, {"a": "1", "role": "web"}, ["PUT /role"]),
    "add several": ({"a": "1"}, {"metadata": {"b": 2, "c": True}}, {"a": "1", "b": "2", "c": "true"}, ["POST "]),
    "a blank in the key": ({}, {"metadata": {"my server name": "x"}}, {"my server name": "x"}, ["PUT /my%20server%20name"]),
    "change one of two": ({"a": "1", "b": "2"}, {"metadata": {"a": "1", "b": "3"}}, {"a": "1", "b": "3"}, ["PUT /b"]),
    "purge": ({"a": "1", "b": "2", **PROVIDERS}, {"metadata": {"a": "1"}, "purge_metadata": True}, {"a": "1", **PROVIDERS}, ["DELETE /b"]),
    "purge all": ({"a": "1", "b": "2"}, {"metadata": {}, "purge_metadata": True}, {}, ["DELETE /a", "DELETE /b"]),
    "purge and set": ({"a": "1", "b": "2"}, {"metadata": {"c": "3", "d": "4"}, "purge_metadata": True}, {"c": "3", "d": "4"},
                      ["POST ", "DELETE /a", "DELETE /b"]),
    "replace": ({"a": "1", "b": "2", **PROVIDERS}, {"metadata": {"c": "3"}, "purge_metadata": True, "atomic": True}, {"c": "3", **PROVIDERS}, ["PUT "]),
    "replace by nothing": ({"a": "1", "b": "2"}, {"metadata": {}, "purge_metadata": True, "atomic": True}, {}, ["PUT "]),
    "replace where one will do": ({"a": "1"}, {"metadata": {"a": "2"}, "purge_metadata": True, "atomic": True}, {"a": "2"}, ["PUT /a"]),
    "remove": ({"a": "1", "b": "2"}, {"state": "absent", "keys": ["a", "x"]}, {"b": "2"}, ["DELETE /a"]),
    "remove a provider's by name": ({"rax_a": "1", "rax_b": "2"}, {"state": "absent", "keys": ["rax_a"]}, {"rax_b": "2"}, ["DELETE /rax_a"]),
}


@pytest.mark.parametrize("kind", ["server", "image"])
@pytest.mark.parametrize("case", CONTRACT)
def test_rehearsed_done_and_done_again(stage, play, read, kind, case):
    before, options, after, requests = CONTRACT[case]
    owner = there(stage, kind, before)
    options = dict(options, **owner)
    foreseen = play(check=True, **options)
    assert foreseen["changed"] and not stage.writes()
    done = play(**options)
    assert done == foreseen and done["metadata"] == after == read(**owner)
    place = "/%ss/%s/metadata" % (kind, owner[kind])
    assert ["%s %s" % (line.split(" ", 1)[0], line.split(place, 1)[1]) for line in stage.writes()] == requests
    stage.cloud.journal.clear()
    again = play(**options)
    assert not again["changed"] and len(stage.asked()) == 1 and again["metadata"] == after


def test_the_diff_shows_what_changes_and_nothing_else(stage, play):
    owner = there(stage, "server", {"a": "1", "b": "2", "c": "3"})
    diff = play(metadata={"a": "1", "b": "9", "d": "4"}, purge_metadata=True, **owner)["diff"]
    assert diff == {"before": {"b": "2", "c": "3"}, "after": {"b": "9", "d": "4"}}


@pytest.mark.parametrize("kind", ["server", "image"])
def test_a_name_costs_a_call_more(stage, play, kind):
    there(stage, kind, {"a": "1"})
    name = {"server": "web1", "image": "backup"}[kind]
    assert not play(**{kind: name, "metadata": {"a": "1"}})["changed"]
    assert len(stage.asked()) == 2


def test_an_item_of_an_image_that_others_spelled_with_capitals_is_the_same_item(stage, play):
    image = there(stage, "image", {"Owner": "me", "os_distro": "debian"})
    done = play(metadata={"owner": "you"}, **image)
    kept = "owner" if stage.dress == "rackspace" else "Owner"  # Rackspace lowers what it is sent
    assert (done["metadata"], done["changed"]) == ({kept: "you", "os_distro": "debian"}, True)
    assert not play(metadata={"owner": "you"}, **image)["changed"]
    assert play(state="absent", keys=["OWNER"], **image)["metadata"] == {"os_distro": "debian"}


def test_images_keep_keys_in_lower_case(stage, play, read):
    owner = there(stage, "image", {})
    assert play(metadata={"Role": "web"}, **owner)["metadata"] == {"role": "web"}
    assert not play(metadata={"ROLE": "web"}, **owner)["changed"]
    assert read(key="rOLE", **owner) == {"role": "web"}
    assert play(state="absent", keys=["Role"], **owner)["metadata"] == {}


def test_a_purge_leaves_what_an_image_needs(stage, play):
    needed = {"image_type": "snapshot", "base_image_ref": "b", "os_type": "linux", "auto_disk_config": "True", "vm_mode": "hvm", "instance_uuid": "i"}
    owner = there(stage, "image", dict(needed, mine="1"))
    assert play(metadata={}, purge_metadata=True, **owner)["metadata"] == needed


@pytest.mark.parametrize("key", ["a/b", "50 %", "ä ö", "?x=1#y", "a+b", "..", "tab\there"])
def test_any_character_in_a_key(rackspace_stage, key):
    stage = rackspace_stage
    owner = there(stage, "server", {"keep": "me"})

    def play(**options):
        return stage.change(module.METADATA, module.SPEC, "metadata", dict(options, **owner))
    assert play(metadata={key: "1"})["metadata"] == {"keep": "me", key: "1"}
    assert not play(metadata={key: "1"})["changed"]
    assert stage.ask(metadata_info.fetch, metadata_info.SPEC, dict(owner, key=key))["metadata"] == {key: "1"}
    assert play(state="absent", keys=[key])["metadata"] == {"keep": "me"}


def test_a_key_that_the_cloud_does_not_take_is_named(openstack_stage):
    owner = there(openstack_stage, "server", {})
    with pytest.raises(errors.ApiError) as caught:
        openstack_stage.change(module.METADATA, module.SPEC, "metadata", dict(owner, metadata={"a/b": "1"}))
    assert "'a/b'" in str(caught.value)


def test_a_removal_that_something_in_between_swallowed_is_told(stage, play):
    owner = there(stage, "server", {"a b": "1"})
    stage.fault(method="DELETE", path="/metadata/", times=9, status=404, body={"itemNotFound": {"code": 404, "message": "No such item."}})
    with pytest.raises(errors.Failed) as caught:
        play(state="absent", keys=["a b"], **owner)
    assert "'a b'" in str(caught.value) and "still there" in str(caught.value)


@pytest.mark.parametrize("wait", [True, False])
@pytest.mark.parametrize("options", [{"state": "absent", "keys": ["a"]}, {"metadata": {"b": "2"}}], ids=str)
@pytest.mark.parametrize("kind", ["server", "image"])
def test_what_vanishes_in_between_is_told(stage, play, kind, options, wait):
    owner = there(stage, kind, {"a": "1"})
    gone = {"status": 404, "body": {"itemNotFound": {"code": 404, "message": "There is none."}}}
    stage.fault(method="DELETE", path="/metadata/", **gone)
    stage.fault(method="GET", path="/metadata$", skip=1, times=99, **gone)
    with pytest.raises(errors.Failed, match="the %s is gone: somebody deleted it meanwhile. Run the task again" % kind):
        play(wait=wait, **options, **owner)


def test_a_page_in_answer_to_a_removal_proves_nothing(stage, play):
    owner = there(stage, "server", {"a b": "1"})
    stage.fault(method="DELETE", path="/metadata/", times=9, status=404, html=True)
    with pytest.raises(errors.BadAnswer, match="metadata/a%20b was answered 404 with text/html instead of application/json"):
        play(state="absent", keys=["a b"], **owner)


def test_what_others_add_meanwhile_stays(stage, play, monkeypatch):
    owner = there(stage, "server", {"a": "1", "b": "2"})
    plan = module.METADATA.plan

    def overtaken(now, want):
        server = stage.server(owner["server"])
        server.change(stage.cloud.now(), metadata=dict(server.metadata, late="x"))
        return plan(now, want)
    resource = module.METADATA._replace(plan=overtaken)
    result = stage.change(resource, module.SPEC, "metadata", dict(owner, metadata={"c": "3", "d": "4"}, purge_metadata=True))
    assert result["metadata"] == {"c": "3", "d": "4", "late": "x"}


def test_forty_items_are_explained(stage, play):
    most = 40 if stage.dress == "rackspace" else 128
    owner = there(stage, "server", {"rax_%d" % number: "x" for number in range(5)})
    wanted = {"k%d" % number: "x" for number in range(most - 5)}
    assert len(play(metadata=wanted, **owner)["metadata"]) == most
    stage.cloud.journal.clear()
    with pytest.raises(errors.BadInput) as caught:
        play(metadata={"one too many": "x"}, **owner)
    assert "allows %d items, and there would be %d" % (most, most + 1) in str(caught.value) and "provider" in str(caught.value)
    assert not stage.writes()
    assert play(metadata={"k1": "y"}, **owner)["changed"]
    assert play(state="absent", keys=["k1"], **owner)["changed"]


def test_a_server_in_build_is_waited_for(stage, play):
    options = {"server": "web1", "metadata": {"a": "1", "b": "2"}}
    server_id = stage.seed("web1", status="BUILD")
    server = stage.server(server_id)
    server.later([(stage.cloud.now() + 30, lambda record, now: record.change(now, vm_state="active", task_state=None))])
    assert play(**options)["metadata"] == {"a": "1", "b": "2"}
    assert stage.server(server_id).status == "ACTIVE"


def test_a_snapshot_does_not_hinder(stage, play):
    owner = there(stage, "server", {})
    stage.settings(image_time=500)
    stage.change(image_module.IMAGE, image_module.SPEC, "image", {"name": "backup", "server": "web1", "wait": False})
    assert play(metadata={"a": "1"}, **owner)["changed"]


@pytest.mark.parametrize(("status", "words"), [
    ("VERIFY_RESIZE", ["is VERIFY_RESIZE", "change the metadata of it", "confirm_resize or revert_resize"]),
    ("ERROR", ["is ERROR", "rebuild"]),
])
def test_a_state_that_forbids_it_is_named(stage, play, status, words):
    server_id = stage.seed("web1", status=status)
    with pytest.raises(errors.WrongState) as caught:
        play(server=server_id, metadata={"a": "1"})
    for word in words:
        assert word in str(caught.value)


BAD = {
    "no such server": ({"server": "nobody", "metadata": {}}, errors.NotFound, ["server 'nobody'", "server_info"]),
    "no such id": ({"server": "00000000-dead-beef-0000-000000000000", "metadata": {}}, errors.NotFound, ["00000000-dead"]),
    "no such image": ({"image": "nothing", "metadata": {}}, errors.NotFound, ["'nothing'"]),
    "a list": ({"server": "web1", "metadata": {"a": [1]}}, errors.BadInput, ["'a' is a list"]),
    "an empty key": ({"server": "web1", "metadata": {"": "x"}}, errors.BadInput, ["empty key"]),
    "too long": ({"server": "web1", "metadata": {"a": "x" * 256}}, errors.BadInput, ["256 characters"]),
    "absent with items": ({"server": "web1", "state": "absent", "keys": ["a"], "metadata": {"a": "1"}}, errors.BadInput, ["keys"]),
}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_before_anything_is_sent(stage, play, case, check):
    options, error, words = BAD[case]
    there(stage, "server", {})
    with pytest.raises(error) as caught:
        play(check=check, **options)
    for word in words:
        assert word in str(caught.value)
    assert not stage.writes()


@pytest.mark.parametrize("kind", ["server", "image"])
def test_reading(stage, read, kind):
    owner = there(stage, kind, {"a": "1", "my key": "2"})
    name = {"server": "web1", "image": "backup"}[kind]
    assert read(**owner) == read(**{kind: name}) == {"a": "1", "my key": "2"}
    stage.cloud.journal.clear()
    assert read(key="my key", **owner) == {"my key": "2"}
    assert [line.rpartition("/metadata/")[2] for line in stage.asked()] == ["my%20key"]
    assert read(key="my key", **{kind: name}) == {"my key": "2"}
    assert read(key="nothing", **owner) == {}
    with pytest.raises(errors.NotFound):
        read(key="a", **{kind: "nobody"})


def test_the_plan_of_one_removal_is_never_a_replacement():
    want = {"metadata": None, "keys": ["a"], "purge": False, "atomic": True, "stays": metadata_owners.KINDS[0].stays}
    assert [step.do for step in metadata_plan.plan({"a": "1", "b": "2"}, want).steps] == ["remove"]
    assert [step.do for step in metadata_plan.plan({"a": "1", "b": "2"}, dict(want, keys=["a", "b"])).steps] == ["replace"]
