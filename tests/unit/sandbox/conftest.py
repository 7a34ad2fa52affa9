# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A client of the sandbox for its own tests: in process, on a clock that a test turns."""

from __future__ import annotations

import json
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]  # for `sandbox`, and for `known_replies`

from sandbox import Cloud, ManualClock, Request  # noqa: E402

_RACKSPACE = {"compute": "/DFW/servers/v2/123456", "volume": "/DFW/blockstorage/v1/123456", "image": "/DFW/images/v2", "identity": "/identity/v2.0"}
_OPENSTACK = {"compute": "/RegionOne/compute/v2.1", "volume": "/RegionOne/volume/v3/5eed0000000040008000000000000001", "image": "/RegionOne/image/v2",
              "network": "/RegionOne/network/v2.0", "identity": "/identity/v3"}


class Client:
    """Talks to one cloud as one user."""

    def __init__(self, dress, **options):
        self.dress = dress
        self.clock = ManualClock()
        self.cloud = Cloud(dress, clock=self.clock, base_url="http://cloud.invalid", **options)
        self.paths = _RACKSPACE if dress == "rackspace" else _OPENSTACK
        self.image = "3afe97b2-26dc-49c5-a2cc-a2fc8d80c001" if dress == "rackspace" else "70a599e0-31e7-49b7-b260-868f441e862b"
        self.token = self.log_in()

    def send(self, method, target, body=None, headers=None):
        """A raw request."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.cloud.handle(Request(method, target, headers or {}, data))

    def call(self, method, path, body=None, status=None, service="compute", **headers):
        """A request with the token; with `status`, that must be the answer's."""
        given = {"X-Auth-Token": self.token, **{name.replace("_", "-"): value for name, value in headers.items()}}
        response = self.send(method, self.paths[service] + path, body, given)
        assert status in (None, response.status), (response.status, response.body[:500])
        return response

    def log_in(self, user="demo", password="sandbox-password"):
        """A token for a user of the demo project, or of its own."""
        if self.dress == "rackspace":
            auth = {"auth": {"passwordCredentials": {"username": user, "password": password}}}
            return self.send("POST", "/identity/v2.0/tokens", auth).json()["access"]["token"]["id"]
        person = {"name": user, "domain": {"id": "default"}, "password": password}
        project = {"name": "demo" if user in ("demo", "admin") else user, "domain": {"id": "default"}}
        auth = {"auth": {"identity": {"methods": ["password"], "password": {"user": person}}, "scope": {"project": project}}}
        return self.send("POST", "/identity/v3/auth/tokens", auth).header("X-Subject-Token")

    def create(self, name="one", wait=True, **fields):
        """The id of a new server, ACTIVE unless `wait` is false."""
        body = {"server": {"name": name, "imageRef": self.image, "flavorRef": "2", **fields}}
        server_id = self.call("POST", "/servers", body, 202).json()["server"]["id"]
        if wait:
            self.clock.advance(3)
        return server_id

    def server(self, server_id, **headers):
        """The record of a server."""
        return self.call("GET", "/servers/" + server_id, status=200, **headers).json()["server"]

    def act(self, server_id, name, given=None, status=202):
        """Do an action."""
        return self.call("POST", "/servers/%s/action" % server_id, {name: given}, status)

    def states(self, server_id, seconds, step=0.05):
        """The `(status, task state)` pairs that pass while the clock runs."""
        seen = []
        for _unused in range(round(seconds / step) + 1):
            record = self.server(server_id)
            pair = record["status"], record["OS-EXT-STS:task_state"]
            if not seen or seen[-1] != pair:
                seen.append(pair)
            self.clock.advance(step)
        return seen


@pytest.fixture
def make():
    """Makes clients: `make(dress, **options)`."""
    return Client


@pytest.fixture
def rackspace():
    """A client of a cloud in the Rackspace dress."""
    return Client("rackspace")


@pytest.fixture
def openstack():
    """A client of a cloud in the OpenStack dress."""
    return Client("openstack")


@pytest.fixture(params=["rackspace", "openstack"])
def client(request):
    """A client, once in each dress."""
    return Client(request.param)
