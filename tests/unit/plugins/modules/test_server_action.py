# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`server_action` against the sandbox in process: rehearsed, done, done again; slow and lying clouds; conflicts."""

from __future__ import annotations

import base64

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, servers, wait
from ansible_collections.rackspace.cloud.plugins.modules import server_action as module

ONLY_OPENSTACK = ("shelve", "unshelve", "console_output")


@pytest.fixture
def act(stage):
    """Plays an action on the server web1."""
    def play(check=False, **options):
        return stage.change(module.SERVER_ACTION, module.SPEC, "server", dict({"server": "web1"}, **options), check)
    return play


def prepared(stage, status="ACTIVE", **fields):
    server_id = stage.seed("web1", status=status)
    if fields:
        stage.set(server_id, **fields)
    stage.cloud.journal.clear()
    return server_id


def larger(stage):
    return {"action": "resize", "flavor": stage.names["larger"]}


# What is there, what is played, what the status is then, whether a second time changes nothing.
CONTRACT = {
    "soft reboot": ("ACTIVE", {"action": "reboot"}, "ACTIVE", False),
    "hard reboot": ("SHUTOFF", {"action": "reboot", "reboot_type": "hard"}, "ACTIVE", False),
    "rebuild": ("ACTIVE", {"action": "rebuild"}, "ACTIVE", False),
    "rebuild what is off": ("SHUTOFF", {"action": "rebuild", "name": "web1", "metadata": {"a": "1"}}, "SHUTOFF", False),
    "change password": ("ACTIVE", {"action": "change_password", "admin_password": "sandbox-password"}, "ACTIVE", False),
    "create image": ("PAUSED", {"action": "create_image", "name": "backup"}, "PAUSED", False),
    "start": ("SHUTOFF", {"action": "start"}, "ACTIVE", True),
    "stop": ("ACTIVE", {"action": "stop"}, "SHUTOFF", True),
    "pause": ("ACTIVE", {"action": "pause"}, "PAUSED", True),
    "unpause": ("PAUSED", {"action": "unpause"}, "ACTIVE", True),
    "suspend": ("ACTIVE", {"action": "suspend"}, "SUSPENDED", True),
    "resume": ("SUSPENDED", {"action": "resume"}, "ACTIVE", True),
    "lock": ("ACTIVE", {"action": "lock"}, "ACTIVE", False),
    "unlock": ("ACTIVE", {"action": "unlock"}, "ACTIVE", False),
    "rescue": ("ACTIVE", {"action": "rescue"}, "RESCUE", True),
    "unrescue": ("RESCUE", {"action": "unrescue"}, "ACTIVE", True),
    "shelve": ("ACTIVE", {"action": "shelve"}, "SHELVED_OFFLOADED", True),
    "unshelve": ("SHELVED_OFFLOADED", {"action": "unshelve"}, "ACTIVE", True),
}


@pytest.mark.parametrize("grace", [0.0, 2.0])
@pytest.mark.parametrize("case", CONTRACT)
def test_rehearsed_done_and_done_again(stage, act, case, grace):
    status, options, goal, once = CONTRACT[case]
    server_id = prepared(stage, status)
    if options["action"] in ONLY_OPENSTACK and stage.dress == "rackspace":
        with pytest.raises(errors.NoEndpoint) as caught:
            act(**options)
        assert "does not offer the action %s" % options["action"] in str(caught.value)
        return
    stage.settings(accept_grace=grace)
    foreseen = act(check=True, **options)
    assert foreseen["changed"] and not stage.writes()
    done = act(**options)
    assert (done["actions"], done["diff"]) == (foreseen["actions"], foreseen["diff"]) == ([options["action"]], foreseen["diff"])
    assert done["server"]["status"] == foreseen["server"]["status"] == goal
    assert (done["server"]["task_state"], done["server"]["id"]) == (None, server_id)
    assert stage.server(server_id).status == goal and stage.server(server_id).task_state is None
    stage.cloud.journal.clear()
    again = act(**options)
    assert again["changed"] is not once
    assert bool(stage.writes()) is not once


def test_a_resize_is_left_to_be_confirmed_and_then_is(stage, act):
    server_id = prepared(stage)
    assert act(check=True, **larger(stage))["diff"] == act(**larger(stage))["diff"]
    assert stage.server(server_id).status == "VERIFY_RESIZE"
    assert not act(**larger(stage))["changed"]
    confirmed = act(action="confirm_resize")
    assert confirmed["server"]["status"] == "ACTIVE" and confirmed["server"]["flavor"]["id"] == stage.names["larger"]
    assert not act(action="confirm_resize")["changed"] and not act(**larger(stage))["changed"]


def test_a_resize_is_reverted(stage, act):
    prepared(stage, "SHUTOFF")
    before = act(check=True, action="start")["server"]["flavor"]["id"]
    act(**larger(stage))
    assert act(action="revert_resize")["diff"] == {"before": {"status": "VERIFY_RESIZE"}, "after": {"status": "SHUTOFF"}}
    reverted = act(action="revert_resize")
    assert not reverted["changed"] and reverted["server"]["flavor"]["id"] == before and reverted["server"]["status"] == "SHUTOFF"


def test_a_reboot_is_over_when_the_task_is_over(stage, act, monkeypatch):
    server_id = prepared(stage)
    stage.settings(accept_grace=3, action_time=20)
    seen = []
    rest = wait.rest

    def look(seconds):
        rest(seconds)
        seen.append(stage.server(server_id).status)
    monkeypatch.setattr(wait, "rest", look)
    act(action="reboot")
    assert "REBOOT" in seen and seen[0] == "ACTIVE" and seen[-1] == "ACTIVE"


def test_a_reboot_too_quick_to_be_seen_ends_too(stage, act):
    prepared(stage)
    stage.settings(action_time=0)
    assert act(action="reboot", wait_timeout=60)["changed"]


def test_without_waiting_the_record_shows_the_work(stage, act):
    prepared(stage)
    stage.settings(action_time=100)
    assert act(action="reboot", wait=False)["server"]["status"] == "REBOOT"
    assert act(action="create_image", name="backup", wait=False)["image"]["status"] == "SAVING"


@pytest.mark.parametrize("action", ["stop", "reboot", "rebuild"])
def test_an_action_that_ends_in_error_tells_the_fault(stage, act, action):
    server_id = prepared(stage)
    stage.settings(next_action="ERROR")
    with pytest.raises(errors.Failed) as caught:
        act(action=action)
    assert server_id in str(caught.value) and "could not do what was asked" in str(caught.value)


@pytest.mark.parametrize("grace", [0.0, 3.0])
@pytest.mark.parametrize("options", [{"action": "rebuild"}, {"action": "reboot", "reboot_type": "hard"}, {"action": "stop"}])
def test_a_server_in_error_is_brought_back(stage, act, options, grace):
    prepared(stage, "ERROR")
    stage.settings(accept_grace=grace)
    result = act(**options)
    assert result["server"]["status"] == ("SHUTOFF" if options["action"] == "stop" else "ACTIVE")


def test_a_rebuild_with_everything(stage, act):
    server_id = prepared(stage, metadata={"old": "1", "keep": "me", "rax_x": "stays"})
    stage.settings(accept_grace=1)
    server = stage.server(server_id)
    other = next(image.id for image in stage.region.images.values() if image.status == "ACTIVE" and image.id != server.image_id
                 and image.min_ram <= server.flavor["ram"] and image.min_disk <= server.flavor["disk"])
    result = act(action="rebuild", image=other, name="web2", admin_password="sandbox-password", metadata={"old": 2}, access_ipv4="192.0.2.7",
                 access_ipv6="2001:db8::7", disk_config="manual", return_password=True,
                 files=[{"path": "/etc/banner.txt", "content": "Authorized use only.", "content_base64": None, "src": None}])
    sent = stage.bodies()[-1]["rebuild"]
    assert base64.b64decode(sent["personality"][0]["contents"]) == b"Authorized use only." and sent["OS-DCF:diskConfig"] == "MANUAL"
    server = result["server"]
    assert (server["name"], server["image"]["id"], server["access_ipv4"], server["access_ipv6"]) == ("web2", other, "192.0.2.7", "2001:db8::7")
    assert server["metadata"] == {"old": "2", "keep": "me", "rax_x": "stays"}
    assert result["admin_password"] == "sandbox-password"
    purged = act(server="web2", action="rebuild", metadata={"old": 2}, purge_metadata=True)
    assert purged["server"]["metadata"] == {"old": "2", "rax_x": "stays"}


def test_a_protected_server_is_not_rebuilt(stage, act):
    prepared(stage, metadata={"ansible_protected": "true"})
    with pytest.raises(errors.Protected):
        act(action="rebuild")
    assert not stage.writes()
    assert act(action="rebuild", ignore_protection=True)["changed"]


def test_a_server_that_boots_from_a_volume_is_not_rebuilt(stage, act):
    server_id = prepared(stage)
    stage.server(server_id).change(stage.cloud.now(), image_id="")
    with pytest.raises(errors.BadInput) as caught:
        act(action="rebuild")
    assert "boots from a volume" in str(caught.value) and not stage.writes()


@pytest.mark.parametrize("action", ["rescue", "rebuild"])
def test_a_generated_password_comes_back_only_when_asked_for(stage, act, action):
    prepared(stage)
    result = act(action=action)
    assert "admin_password" not in result
    if action == "rescue":
        act(action="unrescue")
    result = act(action=action, return_password=True)
    assert result["admin_password"] and result["admin_password"] not in str(dict(result, admin_password=None))


def test_a_rescue_with_an_image_and_a_password(stage, act):
    server_id = prepared(stage)
    image = stage.server(server_id).image_id
    act(action="rescue", image=image, admin_password="sandbox-password")
    assert stage.bodies()[-1]["rescue"]["rescue_image_ref"] == image


def test_an_image_is_made_and_waited_for(stage, act):
    server_id = prepared(stage)
    foreseen = act(check=True, action="create_image", name="backup", metadata={"Purpose": "test"})
    assert foreseen["image"]["id"] is None and foreseen["image"]["name"] == "backup" and not stage.writes()
    result = act(action="create_image", name="backup", metadata={"Purpose": "test"})
    image = stage.images()[0]
    assert result["image_id"] == result["image"]["id"] == image.id
    assert result["image"]["status"] == "ACTIVE" and result["image"]["server"]["id"] == server_id and result["image"]["metadata"]["purpose"] == "test"
    assert result["server"]["task_state"] is None
    act(action="create_image", name="backup")
    assert len(stage.images()) == 2


LOST = [{"drop": "after"}, {"status": 500, "act": True}, {"status": 502, "act": True, "html": True}, {"delay": 60}, {"drop": "before"}, {"status": 500},
        {"status": 503}]


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("fault", LOST)
def test_no_fault_makes_a_second_image(stage, act, fault, times):
    prepared(stage)
    stage.fault(method="POST", path="/action$", times=times, **fault)
    result = act(action="create_image", name="backup")
    assert [image.id for image in stage.images()] == [result["image_id"]]


@pytest.mark.parametrize("name", ["web1", "backup"])
def test_without_room_for_the_mark_an_image_is_made_all_the_same(stage, act, name):
    prepared(stage)
    stage.settings(quota={"image_metadata_items": 2})
    result = act(action="create_image", name=name, metadata={"a": "1", "b": "2"})
    assert "ansible_create_id" not in result["image"]["metadata"] and len(stage.images()) == 1


def test_an_image_that_fails_names_the_server(stage, act, monkeypatch):
    server_id = prepared(stage)
    rest = wait.rest

    def spoil(seconds):
        for image in stage.images():
            image.later([])
            image.change(stage.cloud.now(), status="ERROR")
        rest(seconds)
    monkeypatch.setattr(wait, "rest", spoil)
    with pytest.raises(errors.Failed) as caught:
        act(action="create_image", name="backup")
    assert server_id in str(caught.value) and "'backup'" in str(caught.value)


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 500, "act": True}])
def test_an_action_whose_answer_is_lost_is_seen_to_have_begun(stage, act, fault):
    prepared(stage)
    stage.settings(action_time=30)
    stage.fault(method="POST", path="/action$", **fault)
    assert act(action="rebuild", return_password=True)["server"]["status"] == "ACTIVE"
    assert len(stage.writes()) == 1 and "did not come back" in stage.warnings[0]


REFUSALS = [{"status": 503}, {"status": 401}]
LONG_AGO = {"age": 3600}


def sent(stage, action):
    return [body for body in stage.bodies() if action in body]


@pytest.mark.parametrize("fault", REFUSALS)
@pytest.mark.parametrize("action", ["reboot", "rebuild"])
def test_what_was_refused_and_carried_out_all_the_same_is_not_sent_again(stage, act, action, fault):
    stage.seed("web1", **LONG_AGO)
    stage.settings(action_time=30)
    stage.fault(method="POST", path="/action$", act=True, **fault)
    assert act(action=action)["server"]["status"] == "ACTIVE"
    assert len(sent(stage, action)) == 1


@pytest.mark.parametrize("fault", REFUSALS)
def test_a_reboot_that_was_over_before_anybody_looked_is_not_sent_again(stage, act, fault):
    server_id = stage.seed("web1", **LONG_AGO)
    stage.settings(action_time=0)
    stage.fault(method="POST", path="/action$", act=True, **fault)
    with pytest.raises(errors.ApiError) as caught:
        act(action="reboot")
    for word in ("reboot may have been carried out", "is ACTIVE and at rest, last changed at", "would reboot it once more", server_id):
        assert word in str(caught.value)
    assert len(sent(stage, "reboot")) == 1


@pytest.mark.parametrize("login", [{"status": 429}, {"unreachable": "refused"}])
def test_a_reboot_whose_token_was_refused_while_nobody_can_log_in_says_what_may_have_happened(stage, act, login):
    stage.seed("web1", **LONG_AGO)
    stage.settings(action_time=0)
    stage.fault(method="POST", path="/action$", act=True, status=401)
    stage.fault(method="POST", path="/tokens$", skip=1, times=99, **login)
    with pytest.raises(errors.ApiError, match="answered 401.*reboot may have been carried out all the same; the server is ACTIVE") as caught:
        act(action="reboot")
    assert "nothing was sent" not in str(caught.value) and len(sent(stage, "reboot")) == 1


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("fault", REFUSALS)
@pytest.mark.parametrize("action", ["reboot", "rebuild", "stop", "lock"])
def test_what_was_refused_and_is_seen_not_to_have_begun_is_sent_again(stage, act, action, fault, times):
    stage.seed("web1", **LONG_AGO)
    stage.fault(method="POST", path="/action$", times=times, **fault)
    assert act(action=action)["actions"] == [action]
    assert len(stage.writes()) == times + 1


def test_what_is_refused_again_and_again_ends(stage, act):
    stage.seed("web1", **LONG_AGO)
    stage.fault(method="POST", path="/action$", times=99, status=401)
    with pytest.raises(errors.ApiError, match="The token was refused"):
        act(action="reboot")
    assert len(sent(stage, "reboot")) == 3


@pytest.mark.parametrize("action", ["reboot", "stop"])
def test_of_a_record_as_young_as_the_request_nobody_knows_whether_a_reboot_is_over(stage, act, action):
    prepared(stage)
    stage.fault(method="POST", path="/action$", status=503)
    if action == "reboot":
        with pytest.raises(errors.ApiError, match="may have been carried out"):
            act(action=action)
    else:
        assert act(action=action)["server"]["status"] == "SHUTOFF"  # a second stop would be refused
    assert len(stage.writes()) == (1 if action == "reboot" else 2)


def test_what_may_have_been_carried_out_is_not_sent_again_when_nobody_may_look(stage, act):
    stage.seed("web1", **LONG_AGO)
    stage.fault(method="POST", path="/action$", status=503)
    stage.fault(method="GET", path="/servers/[0-9a-f-]+$", times=9, status=403)
    with pytest.raises(errors.ApiError, match="answered 503.*nobody could look") as caught:
        act(action="reboot")
    assert caught.value.status == 503 and len(stage.writes()) == 1


def test_what_begins_late_is_taken_for_ours_and_waited_for(stage, act, monkeypatch):
    """The first request was refused, and is at work when the second comes."""
    server_id = stage.seed("web1", **LONG_AGO)
    stage.fault(method="POST", path="/action$", status=401)
    post, posted = servers.act, []

    def late(*given, **more):
        posted.append(given)
        if len(posted) == 2:
            server = stage.server(server_id)
            server.change(stage.cloud.now(), task_state="rebooting")
            server.later([(stage.cloud.now() + 30, lambda record, now: record.change(now, task_state=None))])
        return post(*given, **more)
    monkeypatch.setattr(servers, "act", late)
    assert act(action="reboot")["server"]["status"] == "ACTIVE"
    assert len(posted) == 2


def test_after_a_conflict_the_state_before_is_that_of_the_request(stage, act, monkeypatch):
    """Somebody else reboots the server first, so that its record changes; then ours is refused and not carried out."""
    server_id = stage.seed("web1", **LONG_AGO)
    post, posted = servers.act, []

    def overtaken(*given, **more):
        posted.append(given)
        server = stage.server(server_id)
        if len(posted) == 1:
            server.change(stage.cloud.now(), task_state="rebooting")
            server.later([(stage.cloud.now() + 30, lambda record, now: record.change(now, task_state=None, vm_state="stopped", power_state=4))])
            stage.fault(method="POST", path="/action$", skip=1, status=503)
        return post(*given, **more)
    monkeypatch.setattr(servers, "act", overtaken)
    with pytest.raises((errors.WrongState, errors.ApiError)) as caught:
        act(action="reboot")
    assert "SHUTOFF" in str(caught.value) and stage.server(server_id).status == "SHUTOFF"


def test_a_resize_that_is_done_and_confirmed_before_anybody_looked_is_not_sent_again(stage, act, monkeypatch):
    server_id = stage.seed("web1", flavor=stage.names["flavor"], **LONG_AGO)
    stage.settings(action_time=0)
    stage.fault(method="POST", path="/action$", act=True, status=401)
    rest = wait.rest

    def confirm(seconds):
        rest(seconds)
        if stage.server(server_id).vm_state == "resized":
            stage.server(server_id).change(stage.cloud.now(), vm_state="active")
    monkeypatch.setattr(wait, "rest", confirm)
    assert act(**larger(stage))["server"]["status"] == "ACTIVE"
    assert len(sent(stage, "resize")) == 1


@pytest.mark.parametrize("action", ["reboot", "stop"])
@pytest.mark.parametrize("fault", [{"drop": "before"}, {"status": 500}, {"status": 502, "html": True}])
def test_an_action_that_was_not_seen_to_begin_is_not_sent_again(stage, act, action, fault):
    stage.seed("web1", **LONG_AGO)
    stage.fault(method="POST", path="/action$", times=9, **fault)
    with pytest.raises(errors.CloudError, match="%s may have been carried out" % action):
        act(action=action)
    assert len(stage.writes()) == 1


def test_what_the_cloud_does_already_is_waited_for(stage, act):
    prepared(stage)
    stage.settings(image_time=40)
    act(action="create_image", name="first", wait=False)
    result = act(action="create_image", name="second")
    assert result["actions"] == ["create_image"] and len(stage.images()) == 2
    stage.settings(action_time=20)
    act(action="stop", wait=False)
    assert not act(action="stop")["changed"]


@pytest.mark.parametrize(("status", "task"), [("ACTIVE", "image_uploading"), ("REBOOT", "rebooting")])
def test_a_conflict_that_nobody_foresaw_is_waited_out(stage, act, monkeypatch, status, task):
    """Somebody else begins between our look and our request."""
    server_id = prepared(stage)
    plan = module.SERVER_ACTION.plan

    def overtaken(now, want):
        found = plan(now, want)
        server = stage.server(server_id)
        if found.steps and not server.plan:
            server.change(stage.cloud.now(), task_state=task)
            server.later([(stage.cloud.now() + 30, lambda record, now: record.change(now, task_state=None))])
        return found
    assert act(action="stop", check=True)["changed"]
    result = stage.change(module.SERVER_ACTION._replace(plan=overtaken), module.SPEC, "server", {"server": "web1", "action": "stop"})
    assert result["server"]["status"] == "SHUTOFF" and len(stage.writes()) == 2
    assert stage.server(server_id).status == "SHUTOFF"


def test_a_conflict_that_lasts_is_told_with_the_state_and_those_that_would_do(stage, act, monkeypatch):
    server_id = prepared(stage)
    plan = module.SERVER_ACTION.plan

    def overtaken(now, want):
        found = plan(now, want)
        stage.set(server_id, status="PAUSED")
        return found
    with pytest.raises(errors.WrongState) as caught:
        stage.change(module.SERVER_ACTION._replace(plan=overtaken), module.SPEC, "server", {"server": "web1", "action": "suspend"})
    for word in ("is PAUSED", "must be ACTIVE", "unpause"):
        assert word in str(caught.value)
    assert caught.value.facts["http_status"] == 409


def test_a_conflict_waits_no_longer_than_told(stage, act):
    prepared(stage)
    stage.settings(image_time=4000)
    act(action="create_image", name="first", wait=False)
    with pytest.raises(errors.TimedOut) as caught:
        act(action="stop", wait_timeout=30)
    assert "image_" in str(caught.value)


def test_a_refusal_without_a_reason_ends(stage, act):
    prepared(stage)
    stage.fault(method="POST", path="/action$", times=99, status=409, body={"conflictingRequest": {"code": 409, "message": "Not now."}})
    with pytest.raises(errors.ApiError) as caught:
        act(action="reboot")
    assert "Not now" in str(caught.value) and len(stage.writes()) == 3


def test_a_locked_server_is_explained_and_can_be_unlocked(stage, act):
    prepared(stage)
    act(action="lock")
    with pytest.raises(errors.WrongState) as caught:
        act(action="reboot")
    assert "is locked" in str(caught.value) and "server_action: unlock" in str(caught.value)
    act(action="unlock")
    assert act(action="reboot")["changed"]


def test_a_lock_that_shows_is_not_sent_again(stage, act):
    server_id = prepared(stage)
    stage.set(server_id, locked=True)
    assert not act(action="lock")["changed"] and not stage.writes()


def test_the_console_is_read_in_check_mode_too(openstack_stage):
    prepared(openstack_stage)
    for check in (True, False):
        result = openstack_stage.change(module.SERVER_ACTION, module.SPEC, "server", {"server": "web1", "action": "console_output", "lines": 2}, check)
        assert not result["changed"] and result["console_output"].splitlines()[-1].strip() == "web1 login:"
        assert len(result["console_output"].splitlines()) == 2


@pytest.mark.parametrize("fault", [{"status": 401}, {"status": 503}, {"status": 500}, {"drop": "after"}])
def test_the_console_is_read_again_after_any_fault(openstack_stage, fault):
    prepared(openstack_stage)
    openstack_stage.fault(method="POST", path="/action$", **fault)
    result = openstack_stage.change(module.SERVER_ACTION, module.SPEC, "server", {"server": "web1", "action": "console_output"})
    assert result["console_output"] and len(openstack_stage.writes()) == 2


def test_a_console_that_cannot_be_read_is_not_looked_for(openstack_stage):
    prepared(openstack_stage)
    openstack_stage.fault(method="POST", path="/action$", times=99, status=500)
    with pytest.raises(errors.ApiError) as caught:
        openstack_stage.change(module.SERVER_ACTION, module.SPEC, "server", {"server": "web1", "action": "console_output"})
    assert "may have been carried out" not in str(caught.value) and openstack_stage.asked()[-1].startswith("POST ")


def test_the_network_is_reset_at_rackspace_alone(stage, act):
    prepared(stage)
    if stage.dress == "rackspace":
        assert act(action="reset_network")["diff"]["after"] == {"network": "set up anew"}
    else:
        with pytest.raises(errors.NoEndpoint):
            act(action="reset_network")


def test_a_forbidden_action_is_the_clouds_word(openstack_stage):
    prepared(openstack_stage, "SHELVED")
    with pytest.raises(errors.ApiError) as caught:
        openstack_stage.change(module.SERVER_ACTION, module.SPEC, "server", {"server": "web1", "action": "shelve_offload"})
    assert caught.value.status == 403


BAD = {
    "no such server": ({"server": "nobody", "action": "stop"}, errors.NotFound, ["nobody", "server_info"]),
    "a name for a stop": ({"action": "stop", "name": "x"}, errors.BadInput, ["name: the action stop", "nothing of the kind"]),
    "lines for an image": ({"action": "create_image", "name": "x", "lines": 3}, errors.BadInput, ["lines", "metadata, name|name, metadata"]),
    "no such flavor": ({"action": "resize", "flavor": "huge"}, errors.NotFound, ["huge"]),
    "no such image": ({"action": "rebuild", "image": "nothing"}, errors.NotFound, ["nothing"]),
    "metadata of a list": ({"action": "rebuild", "metadata": {"a": [1]}}, errors.BadInput, ["'a' is a list"]),
    "metadata too many": ({"action": "rebuild", "metadata": {"k%d" % number: "v" for number in range(200)}}, errors.BadInput, ["items"]),
    "a key twice": ({"action": "create_image", "name": "x", "metadata": {"A": "1", "a": "2"}}, errors.BadInput, ["A, a"]),
    "a name that is taken": ({"action": "rebuild", "name": "web9"}, errors.Ambiguous, ["another server has that name"]),
}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_before_anything_is_sent(stage, act, case, check):
    options, error, words = BAD[case]
    stage.seed("web9")
    prepared(stage)
    with pytest.raises(error) as caught:
        act(check=check, **options)
    for word in words:
        assert any(part in str(caught.value) for part in word.split("|"))
    assert not stage.writes()


def test_a_conflict_that_nobody_foresaw_is_waited_for_no_longer_than_told(stage, act):
    server_id = prepared(stage)
    plan = module.SERVER_ACTION.plan

    def overtaken(now, want):
        stage.set(server_id, OS_EXT_STS__task_state="image_uploading")
        return plan(now, want)
    with pytest.raises(errors.TimedOut) as caught:
        stage.change(module.SERVER_ACTION._replace(plan=overtaken), module.SPEC, "server", {"server": "web1", "action": "stop", "wait_timeout": 30})
    assert caught.value.facts["waited"] <= 30


def test_a_resize_that_the_cloud_confirms_by_itself_is_done(stage, act, monkeypatch):
    server_id = prepared(stage)
    rest = wait.rest

    def confirm(seconds):
        rest(seconds)
        server = stage.server(server_id)
        if server.vm_state == "resized":
            server.change(stage.cloud.now(), vm_state="active")
    monkeypatch.setattr(wait, "rest", confirm)
    assert act(**larger(stage))["server"]["status"] == "ACTIVE"
    assert not act(**larger(stage))["changed"] and not act(action="confirm_resize")["changed"]


def test_an_image_is_done_when_the_server_is_through_with_it_too(stage, act, monkeypatch):
    server_id = prepared(stage)
    rest = wait.rest

    def linger(seconds):
        rest(seconds)
        if stage.images() and stage.server(server_id).task_state is None and not stage.server(server_id).raw:
            stage.set(server_id, OS_EXT_STS__task_state="image_uploading", seen="once")
            stage.server(server_id).later([(stage.cloud.now() + 20, lambda record, now: record.change(now, task_state=None))])
    monkeypatch.setattr(wait, "rest", linger)
    assert act(action="create_image", name="backup")["server"]["task_state"] is None


def test_a_new_image_that_is_not_found_at_first_is_waited_for(stage, act):
    prepared(stage)
    stage.fault(method="GET", path="/images/[0-9a-f-]+$", times=2, status=404, body={"itemNotFound": {"code": 404, "message": "Image not found."}})
    assert act(action="create_image", name="backup")["image"]["status"] == "ACTIVE"


def test_without_the_mark_an_image_of_another_server_is_not_taken_for_ours(stage, act):
    prepared(stage)
    other = stage.seed("web2")
    stage.settings(quota={"image_metadata_items": 1})
    theirs = act(server=other, action="create_image", name="backup", metadata={"a": "1"})["image_id"]
    stage.fault(method="POST", path="/action$", skip=1, drop="before")
    assert act(action="create_image", name="backup", metadata={"a": "1"})["image_id"] != theirs
    assert len(stage.images()) == 2
