# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What «done» looks like for a server: predicates by status and task state."""

from __future__ import annotations

import re

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, servers

FAILS = "fails"


def server(status, task=None, **fields):
    return dict({"id": "s-1", "name": "web1", "status": status, "OS-EXT-STS:task_state": task}, **fields)


def outcome(done, seen):
    try:
        return done(seen)
    except errors.Failed:
        return FAILS


@pytest.mark.parametrize(("done", "seen", "expected"), [
    (servers.reaches("ACTIVE"), server("ACTIVE"), True),
    (servers.reaches("ACTIVE"), server("ACTIVE", "rebooting"), False),
    (servers.reaches("ACTIVE"), server("BUILD", "spawning"), False),
    (servers.reaches("ACTIVE"), {"id": "s-1", "status": "ACTIVE"}, True),  # a cloud that shows no task
    (servers.reaches("ACTIVE"), server("ERROR"), FAILS),
    (servers.reaches("ACTIVE"), server("ERROR", "rebuilding"), False),
    (servers.reaches("ACTIVE"), server("DELETED"), FAILS),
    (servers.reaches("ACTIVE"), server("SOFT_DELETED"), FAILS),
    (servers.reaches("ACTIVE"), None, FAILS),
    (servers.reaches("ACTIVE", "SHUTOFF"), server("SHUTOFF"), True),
    (servers.reaches("VERIFY_RESIZE"), server("VERIFY_RESIZE", "resize_confirming"), False),
    (servers.settled, server("ACTIVE"), True),
    (servers.settled, server("ERROR"), True),
    (servers.settled, server("RESIZE", "resize_prep"), False),
    (servers.settled, server("REBOOT"), False),
    (servers.settled, server("ACTIVE", "image_uploading"), False),
    (servers.settled, None, FAILS),
    (servers.there, server("ERROR"), True),
    (servers.there, server("DELETED"), FAILS),
    (servers.there, None, FAILS),
    (servers.broken, server("ERROR"), True),
    (servers.broken, server("ERROR", "rebuilding"), False),
    (servers.broken, server("ACTIVE"), False),
    (servers.gone, None, True),
    (servers.gone, server("DELETED"), True),
    (servers.gone, server("ACTIVE", "deleting"), False),
    (servers.deleted_from("ACTIVE"), None, True),
    (servers.deleted_from("ACTIVE"), server("ERROR"), FAILS),
    (servers.deleted_from("ACTIVE"), server("ERROR", "deleting"), False),
    (servers.deleted_from("ERROR"), server("ERROR"), False),
    (servers.alive, server("ACTIVE"), True),
    (servers.alive, server("ACTIVE", "deleting"), False),
    (servers.alive, server("DELETED"), False),
    (servers.alive, server("SOFT_DELETED"), False),
    (servers.ready("rackconnect"), server("ACTIVE", metadata={"rackconnect_automation_status": "DEPLOYING"}), False),
    (servers.ready("rackconnect"), server("ACTIVE", metadata={"rackconnect_automation_status": "UNPROCESSABLE"}), True),
    (servers.ready("rackconnect", "managed_cloud"), server("ACTIVE", metadata={"rackconnect_automation_status": "DEPLOYED"}), False),
    (servers.ready("managed_cloud"), server("ACTIVE", metadata={"rax_service_level_automation": "Build Error"}), FAILS),
    (servers.ready("managed_cloud"), server("ACTIVE"), False),
])
def test_predicates(done, seen, expected):
    assert outcome(done, seen) == expected


@pytest.mark.parametrize("name", ["web1", "web.1", "a+b", "web (1) [x] {2} ^$ | \\ *?", "Größe", "-", "{{ 7*7 }}"])
def test_the_name_filter_matches_the_whole_name_and_only_it(name):
    pattern = servers.exactly(name)
    assert re.search(pattern, name)
    assert not re.search(pattern, name + "x") and not re.search(pattern, "x" + name)
    assert "." not in name or not re.search(pattern, name.replace(".", "_"))


def rebooted(server):
    return server["status"] == "ACTIVE"


@pytest.mark.parametrize(("looks", "expected"), [
    # what looks as before does not count at first, and does once the cloud was seen at work
    ([server("ACTIVE")], [False]),
    ([server("REBOOT", "rebooting"), server("ACTIVE")], [False, True]),
    ([server("ACTIVE", "rebooting"), server("ACTIVE")], [False, True]),
    ([server("ACTIVE"), server("REBOOT", "rebooting"), server("ACTIVE")], [False, False, True]),
    # somewhere else, in ERROR, gone
    ([server("REBOOT", "rebooting"), server("SHUTOFF")], [False, FAILS]),
    ([server("SHUTOFF")], [False]),
    ([server("ERROR")], [FAILS]),
    ([None], [FAILS]),
    ([server("DELETED")], [FAILS]),
])
def test_an_accepted_action_is_over_when_the_task_is_over(clock, looks, expected):
    done = servers.over("ACTIVE", rebooted, "reboot")
    assert [outcome(done, seen) for seen in looks] == expected


def test_an_action_too_quick_to_be_seen_is_over_after_the_grace(clock):
    done = servers.over("ACTIVE", rebooted, "reboot")
    assert outcome(done, server("ACTIVE")) is False
    clock.sleep(servers.GRACE)
    assert outcome(done, server("ACTIVE")) is True


def test_a_server_in_error_before_may_be_so_for_the_grace(clock):
    done = servers.over("ERROR", rebooted, "reboot")
    assert outcome(done, server("ERROR")) is False
    clock.sleep(servers.GRACE)
    assert outcome(done, server("ERROR")) == FAILS
