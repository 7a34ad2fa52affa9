# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The frame of every module: what a task returns when it asks, changes, rehearses and fails; with a real AnsibleModule."""

from __future__ import annotations

import json
import sys

import pytest
from ansible.module_utils import basic

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, runner
from ansible_collections.rackspace.cloud.plugins.module_utils.plan import Plan, Started, Step

try:
    from ansible.module_utils.testing import patch_module_args
except ImportError:  # before ansible-core 2.19
    patch_module_args = None


@pytest.fixture
def play(monkeypatch, capsys):
    """play(main, **params): the JSON that a module prints, its exit code beside it under "rc"."""
    def player(main, check=False, **params):
        arguments = dict(params, _ansible_check_mode=check, _ansible_remote_tmp="/tmp", _ansible_keep_remote_files=False)
        if patch_module_args:
            with patch_module_args(arguments), pytest.raises(SystemExit) as ended:
                main()
        else:
            monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode())
            with pytest.raises(SystemExit) as ended:
                main()
        return dict(json.loads(capsys.readouterr().out), rc=ended.value.code)
    return player


@pytest.fixture(autouse=True)
def nobody_waits(clock):
    """Time passes by resting alone."""


LOGIN = {"token": "sandbox-token", "compute_endpoint": "http://127.0.0.1:1/v2"}


class Thing:
    """A thing that is renamed and moved in two steps, the first of which may fail; and what was done to it."""

    def __init__(self, fails=None, now=None, busy=False):
        self.record = now if now is not None else {"id": "1", "name": "old", "place": "here", "status": "ACTIVE"}
        self.fails = fails
        self.busy = busy
        self.did = []

    def plan(self, now, want):
        steps = [Step("settle", "status", now["status"], "ACTIVE", changes=False)] if self.busy else []
        steps += [Step(name, field, now[field], want[field]) for name, field in (("rename", "name"), ("move", "place")) if now[field] != want[field]]
        return Plan(steps)

    def start(self, task, now, step):
        self.did.append(step.do)
        if step.do == self.fails:
            raise errors.ApiError("POST", "/things/1", 409, "conflict", "Busy.", "req-1")
        if step.do == "settle":
            self.busy = False
        else:
            self.record = dict(self.record, **{step.field: step.after})
        return Started(fetch=lambda: self.record, done=lambda raw: True, record=dict)

    def resource(self, **more):
        return runner.Resource(**dict(dict(
            current=lambda task: self.record, desired=lambda task, now: {"name": task.params["name"], "place": "there"}, plan=self.plan,
            steps=dict.fromkeys(("rename", "move", "settle"), self.start), foresee=lambda now, steps: dict(now, name="new", place="there"),
            title=lambda now, params: "thing %r" % params["name"]), **more))

    def main(self, **more):
        return lambda: runner.run(self.resource(**more), "thing", dict(name=dict(type="str")))


DIFF = {"before": {"name": "old", "place": "here"}, "after": {"name": "new", "place": "there"}}


class TestRun:
    def test_a_rehearsal_foretells_the_real_run(self, play):
        thing = Thing()
        foreseen = play(thing.main(), check=True, name="new", **LOGIN)
        assert not thing.did
        done = play(thing.main(), name="new", **LOGIN)
        assert thing.did == ["rename", "move"]
        for result in (foreseen, done):
            assert (result["rc"], result["changed"], result["actions"], result["diff"]) == (0, True, ["rename", "move"], DIFF)
        assert foreseen["thing"] == done["thing"] == {"id": "1", "name": "new", "place": "there", "status": "ACTIVE"}

    def test_the_second_run_changes_nothing(self, play):
        thing = Thing()
        play(thing.main(), name="new", **LOGIN)
        again = play(thing.main(), name="new", **LOGIN)
        assert (again["changed"], again["actions"], again["diff"]) == (False, [], {"before": {}, "after": {}})

    def test_a_failure_tells_what_was_done_before_it(self, play):
        thing = Thing(fails="move")
        failed = play(thing.main(), name="new", **LOGIN)
        assert failed["rc"] == 1 and failed["failed"] and failed["changed"] and failed["actions"] == ["rename"]
        assert failed["diff"] == {"before": {"name": "old"}, "after": {"name": "new"}} and failed["thing"]["name"] == "new"
        assert failed["msg"].startswith("Could not move thing 'new': POST /things/1 was answered 409 conflict: Busy (request id req-1).")
        assert (failed["operation"], failed["http_status"], failed["request_id"]) == ("move thing 'new'", 409, "req-1")

    def test_what_somebody_else_began_is_waited_for_and_is_no_change(self, play):
        thing = Thing(now={"id": "1", "name": "new", "place": "there", "status": "BUILD"}, busy=True)
        result = play(thing.main(), name="new", **LOGIN)
        assert thing.did == ["settle"] and result["changed"] is False and result["actions"] == []

    def test_nor_is_it_waited_for_in_a_rehearsal(self, play):
        thing = Thing(busy=True)
        assert play(thing.main(), check=True, name="new", **LOGIN)["actions"] == ["rename", "move"] and not thing.did

    def test_a_review_may_refuse_before_anything_is_sent(self, play):
        def review(task, plan):
            raise errors.Protected("it is protected.")
        thing = Thing()
        failed = play(thing.main(review=review), name="new", **LOGIN)
        assert failed["failed"] and not failed["changed"] and not thing.did

    def test_what_a_review_finds_is_returned(self, play):
        assert play(Thing().main(review=lambda task, plan: {"drift": [1]}), name="new", **LOGIN)["drift"] == [1]

    def test_without_waiting_the_last_step_alone_is_left(self, play):
        looks = []

        def fetch(thing):
            looks.append(thing.did[-1])
            return thing.record

        class Slow(Thing):
            def start(self, task, now, step):
                return super().start(task, now, step)._replace(fetch=lambda: fetch(self), done=lambda raw: looks.count(step.do) >= 2)
        slow = Slow()
        result = play(slow.main(), name="new", wait=False, wait_interval=0.001, **LOGIN)
        assert looks == ["rename", "rename", "move"] and result["actions"] == ["rename", "move"]

    def test_a_timeout_is_a_failure_with_the_thing_as_it_is(self, play):
        class Endless(Thing):
            def start(self, task, now, step):
                return super().start(task, now, step)._replace(done=lambda raw: False)
        failed = play(Endless().main(), name="new", wait_timeout=0, **LOGIN)
        assert failed["failed"] and failed["operation"] == "rename thing 'new'" and failed["waited"] == 0 and failed["thing"]["name"] == "new"

    @pytest.mark.parametrize("options, said", [
        ({"wait_interval": -1}, "wait_interval is -1.0"), ({"wait_interval": 0}, "wait_interval is 0.0"), ({"wait_interval": "nan"}, "wait_interval is nan"),
        ({"wait_timeout": -5}, "wait_timeout is -5")], ids=str)
    @pytest.mark.parametrize("check", [False, True])
    def test_a_wait_that_cannot_be_is_refused_before_anything_is_done(self, play, options, said, check):
        thing = Thing()
        failed = play(thing.main(), check=check, name="new", **options, **LOGIN)
        assert failed["failed"] and said in failed["msg"] and not failed["changed"] and not thing.did

    def test_so_it_is_for_many(self, play):
        failed = play(lambda: runner.run_many(None, {}), wait_interval=-1, **LOGIN)
        assert failed["failed"] and "wait_interval is -1.0" in failed["msg"] and failed["changed"] is False


class TestRunInfo:
    @staticmethod
    def main(fetch):
        return lambda: runner.run_info(fetch, "list things", dict(name=dict(type="str")))

    @pytest.mark.parametrize("check", [False, True])
    def test_what_was_fetched_is_returned(self, play, check):
        result = play(self.main(lambda cloud, params: {"things": [params["name"]]}), check=check, name="x", **LOGIN)
        assert (result["rc"], result["changed"], result["things"]) == (0, False, ["x"])

    def test_a_failure_names_the_operation(self, play):
        def fetch(cloud, params):
            raise errors.NotFound("There is none.", ids=[])
        failed = play(self.main(fetch), **LOGIN)
        assert (failed["rc"], failed["msg"], failed["operation"], failed["ids"]) == (1, "Could not list things: There is none.", "list things", [])

    def test_so_does_one_before_anything_is_asked(self, play):
        assert play(self.main(None), cloud="mine", token="sandbox-token")["msg"].startswith("Could not list things: cloud and token are both given.")

    def test_it_never_writes(self, play):
        def fetch(cloud, params):
            cloud.compute.post("/servers", {})
        with pytest.raises(errors.WriteRefused):
            try:
                play(self.main(fetch), **LOGIN)
            except BaseException as error:
                raise innermost(error) from error

    def test_a_bug_of_ours_is_shown(self, play):
        def fetch(cloud, params):
            raise KeyError("status")
        with pytest.raises(KeyError):
            try:
                play(self.main(fetch), **LOGIN)
            except BaseException as error:
                raise innermost(error) from error

    def test_without_requests_it_says_what_to_install(self, play, monkeypatch):
        monkeypatch.setattr(runner.transport, "MISSING", "Traceback: no module")
        failed = play(self.main(None), **LOGIN)
        assert failed["failed"] and "Failed to import the required Python library (requests)" in failed["msg"] and sys.executable in failed["msg"]


def innermost(error):
    """The error that pytest.raises found in the place of an exit."""
    while not isinstance(error, (errors.WriteRefused, KeyError)) and error.__context__:
        error = error.__context__
    return error


class TestJournal:
    @pytest.mark.parametrize("secret", ["sandbox-password", "sandbox'pass\"word", "sandbox\\password", "sandbox\npassword", "sandbox-p\u00e4ssword"])
    def test_it_keeps_no_secret_of_a_dictionary(self, play, monkeypatch, secret):
        """Ansible writes down what a module was called with, and in there a dictionary as Python writes it."""
        written = []
        monkeypatch.setattr(basic.AnsibleModule, "log", lambda module, msg, log_args=None: written.append("%s %s" % (msg, log_args)))
        main = TestRunInfo.main(lambda cloud, params: {})
        play(main, auth={"password": secret, "username": "somebody"}, auth_url="https://cloud.example")
        assert len(written) == 1 and "somebody" in written[0] and "********" in written[0]
        assert secret not in written[0] and repr(secret)[1:-1] not in written[0]
