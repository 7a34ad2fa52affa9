# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The table of actions: when each is allowed, when it has nothing to do, what it leads to."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, plan, server_action_steps, server_actions

STATUSES = ("ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED", "RESCUE", "ERROR", "VERIFY_RESIZE", "SHELVED", "SHELVED_OFFLOADED")
WITH = {
    "reboot": {"reboot_type": "soft"}, "rebuild": {"image": {"id": "i-2"}}, "resize": {"flavor": {"id": "2", "name": "large"}},
    "change_password": {"admin_password": "another"}, "create_image": {"name": "backup"},
}
# For each action: where it is done, and where there is nothing to do; everywhere else it is refused.
ALLOWED = {
    "reboot": (["ACTIVE"], []),
    "hard reboot": (["ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED", "ERROR"], []),
    "rebuild": (["ACTIVE", "SHUTOFF", "ERROR"], []),
    "resize": (["ACTIVE", "SHUTOFF"], []),
    "confirm_resize": (["VERIFY_RESIZE"], ["ACTIVE", "SHUTOFF"]),
    "revert_resize": (["VERIFY_RESIZE"], ["ACTIVE", "SHUTOFF"]),
    "change_password": (["ACTIVE"], []),
    "create_image": (["ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED"], []),
    "start": (["SHUTOFF"], ["ACTIVE"]),
    "stop": (["ACTIVE", "ERROR"], ["SHUTOFF"]),
    "pause": (["ACTIVE"], ["PAUSED"]),
    "unpause": (["PAUSED"], ["ACTIVE"]),
    "suspend": (["ACTIVE"], ["SUSPENDED"]),
    "resume": (["SUSPENDED"], ["ACTIVE"]),
    "lock": (list(STATUSES), []),
    "unlock": (list(STATUSES), []),
    "rescue": (["ACTIVE", "SHUTOFF", "ERROR"], ["RESCUE"]),
    "unrescue": (["RESCUE"], ["ACTIVE"]),
    "shelve": (["ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED"], ["SHELVED", "SHELVED_OFFLOADED"]),
    "unshelve": (["SHELVED", "SHELVED_OFFLOADED"], ["ACTIVE"]),
    "shelve_offload": (["SHELVED"], ["SHELVED_OFFLOADED"]),
    "reset_network": (["ACTIVE", "PAUSED", "SUSPENDED", "RESCUE"], []),
}


def server(**fields):
    return dict({"id": "s-1", "name": "web1", "status": "ACTIVE", "task_state": None, "power_state": 1, "flavor": {"id": "1"}, "image": {"id": "i-1"},
                 "metadata": {}, "access_ipv4": "", "access_ipv6": "", "disk_config": "AUTO"}, **fields)


def wish(action, **more):
    if action == "hard reboot":
        return dict(wish("reboot", **more), reboot_type="hard")
    return dict({"action": action, "reboot_type": "soft", "ignore_protection": False}, **dict(WITH.get(action, {}), **more))


def outcome(now, want):
    try:
        found = server_actions.plan(now, want)
    except errors.WrongState:
        return "refused"
    return [step.do for step in found.steps] or "nothing"


def test_the_tables_are_complete():
    assert set(ALLOWED) - {"hard reboot"} == set(server_actions.ACTIONS) - {"console_output"}
    assert set(server_action_steps.STEPS) == set(server_actions.ACTIONS) | {"settle"}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("action", ALLOWED)
def test_where_an_action_is_allowed(action, status):
    done, nothing = ALLOWED[action]
    expected = [wish(action)["action"]] if status in done else "nothing" if status in nothing else "refused"
    assert outcome(server(status=status), wish(action)) == expected


@pytest.mark.parametrize("status", STATUSES)
def test_the_console_is_read_without_a_step(status):
    assert server_actions.plan(server(status=status), wish("console_output")).steps == []


@pytest.mark.parametrize(("action", "status"), [(action, status) for action, (done, _nothing) in ALLOWED.items() for status in done])
def test_what_is_foreseen_needs_nothing_more(action, status):
    if not ALLOWED[action][1] and action != "resize":
        return  # done each time
    want = wish(action)
    foreseen = server_actions.foresee(server(status=status), server_actions.plan(server(status=status), want).steps)
    assert outcome(foreseen, want) == "nothing"


@pytest.mark.parametrize(("action", "status", "more", "expected"), [
    ("reboot", "ACTIVE", {}, "ACTIVE"),
    ("hard reboot", "SHUTOFF", {}, "ACTIVE"),
    ("rebuild", "SHUTOFF", {}, "SHUTOFF"),
    ("rebuild", "ERROR", {}, "ACTIVE"),
    ("resize", "SHUTOFF", {}, "VERIFY_RESIZE"),
    ("confirm_resize", "VERIFY_RESIZE", {}, "ACTIVE"),
    ("revert_resize", "VERIFY_RESIZE", {"power_state": 4}, "SHUTOFF"),
    ("shelve", "ACTIVE", {}, "SHELVED_OFFLOADED"),
    ("create_image", "PAUSED", {}, "PAUSED"),
])
def test_the_status_that_is_foreseen(action, status, more, expected):
    now = server(status=status, **more)
    assert server_actions.foresee(now, server_actions.plan(now, wish(action)).steps)["status"] == expected


@pytest.mark.parametrize(("now", "action", "expected"), [
    # what runs is waited for, when it forbids the action or decides whether there is something to do
    (server(task_state="image_uploading"), "stop", ["settle", "stop"]),
    (server(task_state="image_uploading"), "start", "nothing"),
    (server(task_state="powering-off"), "stop", ["settle"]),
    (server(task_state="powering-off"), "start", ["settle", "start"]),
    (server(status="BUILD", task_state="spawning"), "reboot", ["settle", "reboot"]),
    (server(status="RESIZE", task_state="resize_migrating"), "confirm_resize", ["settle", "confirm_resize"]),
    (server(status="RESIZE", task_state="resize_migrating"), "stop", "refused"),
    (server(status="REBOOT", task_state="rebooting"), "reboot", ["settle", "reboot"]),
    # a hard reboot may interrupt, a lock bothers nobody
    (server(status="REBOOT", task_state="rebooting"), "hard reboot", ["reboot"]),
    (server(task_state="image_uploading"), "hard reboot", ["settle", "reboot"]),
    (server(status="BUILD", task_state="spawning"), "lock", ["lock"]),
])
def test_what_runs_already(now, action, expected):
    assert outcome(now, wish(action)) == expected


@pytest.mark.parametrize(("action", "locked", "expected"), [
    ("lock", True, "nothing"), ("lock", False, ["lock"]), ("unlock", False, "nothing"), ("unlock", True, ["unlock"])])
def test_a_lock_that_shows(action, locked, expected):
    assert outcome(server(locked=locked), wish(action)) == expected


@pytest.mark.parametrize("now", [server(flavor={"id": "2"}), server(flavor={"original_name": "large"}), server(flavor={"id": "2"}, status="VERIFY_RESIZE")])
def test_a_resize_to_the_flavor_that_is_there(now):
    assert outcome(now, wish("resize")) == "nothing"


def test_another_resize_while_one_waits_is_refused_with_the_way_out():
    with pytest.raises(errors.WrongState) as caught:
        server_actions.plan(server(status="VERIFY_RESIZE"), wish("resize"))
    for word in ("'web1' (s-1) is VERIFY_RESIZE", "ACTIVE or SHUTOFF", "confirm_resize or revert_resize"):
        assert word in str(caught.value)


def test_the_way_out_is_named_only_where_it_leads_there():
    with pytest.raises(errors.WrongState) as caught:
        server_actions.plan(server(status="SHUTOFF"), wish("unpause"))
    assert "must be PAUSED." in str(caught.value) and "first" not in str(caught.value)


@pytest.mark.parametrize(("ignore", "allowed"), [(False, False), (True, True)])
def test_a_protected_server_is_not_rebuilt(ignore, allowed):
    now, want = server(metadata={"ansible_protected": "true"}), wish("rebuild", ignore_protection=ignore)
    if allowed:
        assert outcome(now, want) == ["rebuild"]
    else:
        with pytest.raises(errors.Protected):
            server_actions.plan(now, want)


@pytest.mark.parametrize(("action", "more", "arguments"), [
    ("reboot", {}, {"type": "SOFT"}),
    ("hard reboot", {}, {"type": "HARD"}),
    ("resize", {"disk_config": "MANUAL"}, {"flavorRef": "2", "OS-DCF:diskConfig": "MANUAL"}),
    ("confirm_resize", {}, None),
    ("change_password", {}, {"adminPass": "another"}),
    ("rescue", {}, None),
    ("rescue", {"image": {"id": "i-9"}, "admin_password": "new"}, {"adminPass": "new", "rescue_image_ref": "i-9"}),
    ("console_output", {"lines": 3}, {"length": 3}),
    ("console_output", {}, {}),
    ("rebuild", {}, {"imageRef": "i-2"}),
    ("rebuild", {"name": "web2", "admin_password": "new", "metadata": {"a": "1"},
                 "personality": [{"path": "/x", "contents": "eA=="}], "access_ipv4": "192.0.2.1",
                 "access_ipv6": "2001:db8::1", "disk_config": "AUTO"},
     {"imageRef": "i-2", "name": "web2", "adminPass": "new", "metadata": {"a": "1"}, "personality": [{"path": "/x", "contents": "eA=="}],
      "accessIPv4": "192.0.2.1", "accessIPv6": "2001:db8::1", "OS-DCF:diskConfig": "AUTO"}),
])
def test_what_is_sent(action, more, arguments):
    want = wish(action, **more)
    assert server_actions.row(want).arguments(want) == arguments


@pytest.mark.parametrize(("action", "more", "diff"), [
    ("reboot", {}, {"before": {}, "after": {"reboot": "soft"}}),
    ("stop", {}, {"before": {"status": "ACTIVE"}, "after": {"status": "SHUTOFF"}}),
    ("resize", {}, {"before": {"status": "ACTIVE", "flavor": "1"}, "after": {"status": "VERIFY_RESIZE", "flavor": "2"}}),
    ("change_password", {}, {"before": {}, "after": {"admin_password": "another"}}),
    ("lock", {}, {"before": {"locked": "unknown"}, "after": {"locked": True}}),
    ("create_image", {"metadata": {"a": "1"}}, {"before": {}, "after": {"new_image": {"name": "backup", "metadata": {"a": "1"}}}}),
    ("rebuild", {"name": "web2"}, {"before": {"image": "i-1", "name": "web1"},
                                   "after": {"image": "i-2", "name": "web2", "disk": "made anew from image i-2"}}),
])
def test_the_diff_is_for_people(action, more, diff):
    want = dict(wish(action, **more), **({"admin_password": "sandbox-password"} if action == "change_password" else {}))
    assert plan.diff(server_actions.plan(server(), want).steps) == diff
