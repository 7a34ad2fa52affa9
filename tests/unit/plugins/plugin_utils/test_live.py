# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""When progress is shown, and that every line comes through, whole and in time."""

from __future__ import annotations

import getpass
import os
import queue
import types

import pytest
from ansible import constants as C

from ansible_collections.rackspace.cloud.plugins.module_utils.progress import say
from ansible_collections.rackspace.cloud.plugins.plugin_utils import live

SECONDS = 30  # that a line is waited for at the longest


class Become:
    """A become plugin with nothing but its user."""

    def __init__(self, user):
        self.user = user

    def get_option(self, option, **_unused):
        return {"become_user": self.user}[option]


def action(connection="local", check_mode=False, async_val=0, no_log=False, become=None, environment=None, **args):
    """An action plugin on a task like that."""
    made = live.LiveAction.__new__(live.LiveAction)
    made._task = types.SimpleNamespace(check_mode=check_mode, async_val=async_val, no_log=no_log, args=args, environment=environment)
    made._connection = types.SimpleNamespace(transport=connection, become=become and Become(*become))
    return made


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(live, "TERMINAL", True)


@pytest.mark.parametrize("callback, shown", [("default", True), ("ansible.builtin.default", True), ("community.general.yaml", True), ("minimal", True),
                                             ("json", False), ("ansible.posix.jsonl", False), ("awx_display", False), ("dense", False)])
def test_auto_is_for_people(terminal, monkeypatch, callback, shown):
    monkeypatch.setattr(C, "DEFAULT_STDOUT_CALLBACK", callback)
    assert action()._is_watched() is shown
    assert action(progress="auto")._is_watched() is shown
    assert action(progress="always")._is_watched() is True
    assert action(progress="never")._is_watched() is False


def test_auto_is_for_terminals(monkeypatch):
    monkeypatch.setattr(live, "TERMINAL", False)
    assert action()._is_watched() is False
    assert action(progress="always")._is_watched() is True


@pytest.mark.parametrize("task", [{"connection": "ssh"}, {"check_mode": True}, {"async_val": 60}, {"no_log": True}], ids=str)
def test_there_are_tasks_that_show_nothing(terminal, task):
    assert action(progress="always", **task)._is_watched() is False
    assert action(progress="auto", **task)._is_watched() is False


@pytest.mark.parametrize("user, shown", [("root", True), (None, True), (getpass.getuser(), True), ("somebody-else", False)])
def test_who_could_not_write_the_file_shows_nothing(terminal, monkeypatch, user, shown):
    monkeypatch.setattr(C, "DEFAULT_STDOUT_CALLBACK", "default")
    assert action(become=[user])._is_watched() is shown
    assert action(become=[user], progress="always")._is_watched() is shown


@pytest.mark.parametrize("exported", [None, "/exported"])
@pytest.mark.parametrize("environment", [None, [{"A": "b"}], [{"RAX_PROGRESS_FILE": "/named"}], [{"RAX_PROGRESS_FILE": "/of the play"}, {
    "RAX_PROGRESS_FILE": "/named"}]], ids=["none", "another", "task", "play"])
def test_a_file_that_somebody_named_gets_the_lines(monkeypatch, exported, environment):
    seen = {}

    def ordinary(plugin, tmp, task_vars):
        for one in plugin._task.environment:
            seen.update(one)
    monkeypatch.setattr(live.OrdinaryAction, "run", ordinary)
    monkeypatch.delenv("RAX_PROGRESS_FILE", raising=False)
    if exported:
        monkeypatch.setenv("RAX_PROGRESS_FILE", exported)
    made = action(progress="always", environment=environment)
    made.run()
    assert made._task.environment is environment
    if environment and environment[-1].get("RAX_PROGRESS_FILE"):
        assert seen["RAX_PROGRESS_FILE"] == "/named"
    elif exported:
        assert seen["RAX_PROGRESS_FILE"] == exported
    else:
        assert "rackspace-cloud-progress-" in seen["RAX_PROGRESS_FILE"]


def test_lines_come_while_the_work_goes_on(monkeypatch):
    shown = queue.Queue()
    with live.Follower(shown.put) as path:
        monkeypatch.setenv("RAX_PROGRESS_FILE", path)
        say("web1: BUILD")
        assert shown.get(timeout=SECONDS) == "web1: BUILD"
        say("web1: BUILD 40 %")
        assert shown.get(timeout=SECONDS) == "web1: BUILD 40 %"
        say("web1: ACTIVE")
    # What was written last is shown before the work is over, and nothing is left behind.
    assert shown.get_nowait() == "web1: ACTIVE" and shown.empty()
    assert not os.path.exists(path)


def test_half_a_line_waits_for_its_end():
    shown = queue.Queue()
    with live.Follower(shown.put) as path, open(path, "ab", buffering=0) as lines:
        lines.write(b"first\nGr\xc3")
        assert shown.get(timeout=SECONDS) == "first"
        lines.write(b"\xbc\xc3\x9fe\n")
        assert shown.get(timeout=SECONDS) == "Grüße"


def test_others_cannot_read_along():
    with live.Follower(print) as path:
        assert os.stat(path).st_mode & 0o077 == 0


def test_the_work_that_fails_leaves_nothing_behind():
    shown = []
    with pytest.raises(OSError, match="broken"), live.Follower(shown.append) as path:
        with open(path, "a", encoding="utf-8") as lines:
            lines.write("web1: BUILD\n")
        raise OSError("broken")
    assert shown == ["web1: BUILD"] and not os.path.exists(path)
