# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`fleet` against the sandbox in process: rehearsed, done, done again; grown, shrunk, resized, rebuilt; guards; lost answers; rates; bad input."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.rackspace.cloud.plugins.module_utils import arguments, errors, fleet_wish, runner
from ansible_collections.rackspace.cloud.plugins.modules import fleet as module
from sandbox.accounts import DEMO_PROJECT

KEY = fleet_wish.KEY


class Player:
    """Plays tasks of the module on a stage (conftest.py)."""

    def __init__(self, stage):
        self.stage = stage
        self.names, self.cloud, self.warnings, self.fault = stage.names, stage.cloud, stage.warnings, stage.fault
        self.login = {name: value for name, value in stage.login.items() if value is not None}

    def __call__(self, check=False, **options):
        """The result of a task, with the error under «failure» when it failed. The log is empty before it."""
        spec = dict(arguments.AUTH, **arguments.WAIT, **module.SPEC)
        checked = ArgumentSpecValidator(spec).validate(dict(self.login, name="web", **options))
        assert not checked.error_messages
        cloud, params = self.stage.connected(module.SPEC, checked.validated_parameters, check)
        self.cloud.journal.clear()
        work = module.Work(runner.Task(cloud, params, self.warnings.append))
        failure = None
        try:
            work.carry_out(check)
        except errors.CloudError as error:
            failure = error
        return dict(work.results(), failure=failure)

    def good(self, **options):
        """The result of a task that succeeds."""
        result = self(**options)
        if result["failure"]:
            raise result["failure"]
        return result

    def group(self, count, name="web%02d", **options):
        return dict({"name": name, "count": count, "flavor": self.names["flavor"], "image": self.names["image"]}, **options)

    def entry(self, name, **options):
        return dict({"name": name, "flavor": self.names["flavor"], "image": self.names["image"]}, **options)

    def thrice(self, **options):
        """(as foreseen, as done) of a task that changes something: rehearsed without a write, done as foreseen, and nothing left to do."""
        foreseen = self.good(check=True, **options)
        assert foreseen["changed"] and not self.stage.writes()
        done = self.good(**options)
        for part in ("changed", "actions", "diff", "plan", "summary"):
            assert done[part] == foreseen[part], part
        again = self.good(**options)
        assert (again["changed"], again["actions"], again["plan"], again["diff"]["before"], again["diff"]["after"]) == (False, [], [], "", "")
        assert not self.stage.writes()
        return foreseen, done

    def there(self):
        """{name: server} that the cloud itself knows to be there, of ours; two of one name fail."""
        servers = [server.settle(self.cloud.now()) for server in self.stage.region.servers.values()]
        ours = [server for server in servers if server.status != "DELETED" and server.task_state != "deleting"
                and server.project_id == DEMO_PROJECT[self.cloud.dress]]
        found = {server.name: server for server in ours}
        assert len(found) == len(ours), sorted(server.name for server in ours)
        return found

    def lists(self):
        return [line for line in self.stage.asked() if line.endswith("/servers/detail")]

    def seed(self, name, fleet="web", **fields):
        """A server that is there at once, a member unless fleet is None."""
        metadata = dict(fields.pop("metadata", {}), **({KEY: fleet} if fleet else {}))
        return self.stage.seed(name, metadata=metadata, flavor=self.names["flavor"], **fields)


@pytest.fixture
def play(stage):
    return Player(stage)


@pytest.fixture
def rackspace(rackspace_stage):
    return Player(rackspace_stage)


@pytest.fixture
def openstack(openstack_stage):
    return Player(openstack_stage)


def test_a_group_from_nothing(play):
    foreseen, done = play.thrice(groups=[play.group(12, metadata={"role": "web"})])
    assert foreseen["actions"] == ["create web%02d" % number for number in range(1, 13)]
    there = play.there()
    assert sorted(there) == ["web%02d" % number for number in range(1, 13)]
    assert all(server.metadata[KEY] == "web" and server.metadata["role"] == "web" for server in there.values())
    assert [(one["status"], one["error"], one["id"]) for one in done["servers"]] == [("ACTIVE", None, there[one["name"]].id) for one in done["servers"]]
    assert done["summary"] == {"create": 12}


def test_nothing_to_change_costs_one_list(play):
    play.good(groups=[play.group(8)], servers=[play.entry("db1")])
    again = play.good(groups=[play.group(8)], servers=[play.entry("db1")])
    assert not again["changed"] and again["summary"] == {"keep": 9}
    by_id = {"flavor": play.there()["db1"].flavor["id"], "image": play.there()["db1"].image_id}
    play.good(defaults=by_id, groups=[{"name": "web%02d", "count": 8}], servers=[{"name": "db1"}])
    assert len(play.stage.asked()) == 1
