# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Plays tasks of any module on a sandbox in process, as the runner does, without Ansible around it."""

from __future__ import annotations

import pytest
import requests

from ansible_collections.rackspace.cloud.plugins.module_utils import api, arguments, plan, runner, wait
from sandbox import Cloud, ManualClock
from sandbox.accounts import DEMO_PROJECT
from sandbox.adapter import SandboxAdapter

WRITES = ("POST", "PUT", "DELETE", "PATCH")
DRESSES = {
    "rackspace": {"region": "DFW", "flavor": "general1-1", "larger": "general1-2", "image": "3afe97b2-26dc-49c5-a2cc-a2fc8d80c001"},
    "openstack": {"region": "RegionOne", "flavor": "1", "larger": "2", "image": "cirros"},
}


class Stage:
    """A sandbox, and tasks of modules played on it. ``names`` are a region, flavors and an image of its dress."""

    def __init__(self, dress, clock):
        self.dress = dress
        self.names = DRESSES[dress]
        self.cloud = Cloud(dress=dress, clock=clock, base_url="http://127.0.0.1:1")
        self.warnings = []
        secret = {"api_key": "sandbox-api-key"} if dress == "rackspace" else {"password": "sandbox-password", "tenant_name": "demo"}
        self.login = dict(secret, auth_url=self.cloud.auth_url, username="demo", region=self.names["region"], token_cache=False)

    def connected(self, spec, options, check):
        """(Cloud, all options with their defaults)."""
        params = {name: rule.get("default") for name, rule in dict(arguments.AUTH, **arguments.WAIT, **spec).items()}
        params.update(self.login, **options)
        session = requests.Session()
        session.mount("http://", SandboxAdapter(self.cloud))
        return api.connect(params, read_only=check, session=session, environ={}), params

    def change(self, resource, spec, returns, options, check=False):
        """The result of a task that changes something; CloudErrors go through."""
        cloud, params = self.connected(spec, options, check)
        self.task = runner.Task(cloud, params, self.warnings.append)
        steps = []
        record = runner.carry_out(resource, self.task, check, steps)
        self.task.results.pop("reached", None)
        return dict(self.task.results, changed=plan.changed(steps), actions=plan.actions(steps), diff=plan.diff(steps), **{returns: record})

    def ask(self, fetch, spec, options):
        """The result of a task that only asks."""
        return fetch(*self.connected(spec, options, check=True))

    def thrice(self, resource, spec, returns, options):
        """(as foreseen, as done) of a task that changes something: rehearsed without a write, done as foreseen, and nothing left to do."""
        self.cloud.journal.clear()
        foreseen = self.change(resource, spec, returns, options, check=True)
        assert foreseen["changed"] and not self.writes()
        done = self.change(resource, spec, returns, options)
        assert (done["changed"], done["actions"], done["diff"]) == (True, foreseen["actions"], foreseen["diff"])
        assert (done[returns] is None) == (foreseen[returns] is None)
        self.cloud.journal.clear()
        again = self.change(resource, spec, returns, options)
        assert (again["changed"], again["actions"], again["diff"]) == (False, [], {"before": {}, "after": {}}) and not self.writes()
        return foreseen, done

    @property
    def region(self):
        return self.cloud.regions[self.names["region"]]

    def seed(self, name, **fields):
        """The id of a server that is there at once."""
        return self.control("POST", "servers", {"name": name, "region": self.names["region"], **fields})["servers"][0]["id"]

    def server(self, server_id):
        """A server as the cloud itself knows it."""
        return self.region.servers[server_id].settle(self.cloud.now())

    def set(self, server_id, **fields):
        """Fields of a server, by the names of the API with two underscores for a colon."""
        self.server(server_id).force({name.replace("__", ":").replace("_EXT_STS", "-EXT-STS"): value for name, value in fields.items()}, self.cloud.now())

    def settings(self, **values):
        self.cloud.settings.update(values)

    def fault(self, **rule):
        self.cloud.faults.add(rule)

    def control(self, method, what, body=None):
        """An order to the sandbox."""
        session = requests.Session()
        session.mount("http://", SandboxAdapter(self.cloud))
        return session.request(method, "http://127.0.0.1:1/sandbox/" + what, json=body).json()

    def images(self):
        """The snapshots that the cloud itself knows."""
        images = [image.settle(self.cloud.now()) for image in self.region.images.values()]
        return [image for image in images if image.project_id == DEMO_PROJECT[self.dress] and not image.gone]

    def asked(self):
        """What was asked, logins aside, as "GET /servers/…" below the address of the service."""
        return ["%s %s" % (entry["method"], entry["path"]) for entry in self.cloud.journal.entries() if not entry["path"].endswith("/tokens")]

    def writes(self):
        return [line for line in self.asked() if line.split()[0] in WRITES]

    def bodies(self):
        """The bodies of what was asked, where there were any."""
        return [entry["body"] for entry in self.cloud.journal.entries() if entry["body"] and not entry["path"].endswith("/tokens")]


@pytest.fixture
def clock(monkeypatch):
    """A clock that moves only when somebody rests; the sandbox lives by it too."""
    turned = ManualClock()
    monkeypatch.setattr(wait, "now", turned.now)
    monkeypatch.setattr(wait, "wall", turned.now)
    monkeypatch.setattr(wait, "rest", turned.sleep)
    return turned


@pytest.fixture(params=sorted(DRESSES))
def stage(request, clock):
    return Stage(request.param, clock)


@pytest.fixture
def rackspace_stage(clock):
    return Stage("rackspace", clock)


@pytest.fixture
def openstack_stage(clock):
    return Stage("openstack", clock)
