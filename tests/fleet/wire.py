# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A sandbox whose wire is watched: what is on its way at any moment, and what came of each request in the order of arrival."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from dataclasses import dataclass, field

from sandbox import Cloud
from sandbox.accounts import DEMO_PROJECT
from sandbox.exchange import Response
from sandbox.http_server import Server

LOGIN = {"rackspace": {"username": "demo", "api_key": "sandbox-api-key", "region": "DFW"},
         "openstack": {"username": "demo", "password": "sandbox-password", "tenant_name": "demo", "user_domain": "Default",
                       "project_domain": "Default", "region": "RegionOne"}}
# A flavor, a larger one, an image and another.
THINGS = {"rackspace": ("general1-1", "general1-2", "3afe97b2-26dc-49c5-a2cc-a2fc8d80c001", "a10eacf7-ac15-4225-b533-5744f1fe47c1"),
          "openstack": ("1", "2", "70a599e0-31e7-49b7-b260-868f441e862b", "155d900f-4e14-4e4c-a73d-069cbf4541e6")}
KINDS = {name: (method, re.compile(path)) for name, method, path in (
    ("login", "POST", "/tokens$"), ("create", "POST", "/servers$"), ("action", "POST", "/servers/[^/]+/action$"), ("delete", "DELETE", "/servers/[^/]+$"),
    ("list", "GET", "/servers/detail$"), ("get", "GET", "/servers/[^/]+$"))}


@dataclass(eq=False)
class Exchange:
    """One request. status: None until it was performed, 0 when it never was; open: until the answer was written."""

    method: str
    path: str
    at: float = field(default_factory=time.monotonic)
    status: int = None
    open: bool = field(default=True, repr=False)

    @property
    def kind(self):
        """"login", "create", "action", "delete", "list", "get" of one server, or "other"."""
        return next((name for name, (method, path) in KINDS.items() if method == self.method and path.search(self.path)), "other")

    @property
    def writes(self):
        return self.kind != "login" and self.method != "GET"


class WatchedCloud(Cloud):
    """Notes each request. `look`: called with (exchange, "arrived"), when its truth means that the request is lost on the way,
    and with (exchange, "performed"), before the answer is written."""

    def __init__(self, **options):
        super().__init__(**options)
        self.exchanges = []
        self.look = lambda exchange, phase: False
        self.current = threading.local()

    def handle(self, request):
        exchange = self.current.exchange = Exchange(request.method, request.path)
        self.exchanges.append(exchange)
        if self.look(exchange, "arrived"):
            exchange.status = 0
            response = Response(0)
            response.drop = True
            return response
        response = super().handle(request)
        exchange.status = response.status
        self.look(exchange, "performed")
        return response

    def count(self, kind):
        return sum(exchange.kind == kind for exchange in self.exchanges)

    def writes(self):
        return [exchange for exchange in self.exchanges if exchange.writes]

    def creates_on_their_way(self):
        return sum(exchange.open and exchange.kind == "create" for exchange in self.exchanges)

    def is_quiet(self):
        return not any(exchange.open for exchange in self.exchanges)

    @property
    def things(self):
        return THINGS[self.dress]

    @property
    def login(self):
        """Connection options."""
        return dict(LOGIN[self.dress], auth_url=self.auth_url)

    def region(self):
        return self.regions[LOGIN[self.dress]["region"]]

    def held(self):
        """The project's servers as the cloud itself knows them: [{name, id, status, flavor, image, metadata}], by name."""
        servers = [server.settle(self.now()) for server in self.region().servers.values()]
        return sorted(({"name": server.name, "id": server.id, "status": status(server), "flavor": server.flavor["id"], "image": server.image_id,
                        "metadata": {key: value for key, value in server.metadata.items() if key != "ansible_create_id"}}
                       for server in servers if server.project_id == DEMO_PROJECT[self.dress] and not server.gone and not server.deleted),
                      key=lambda server: (server["name"], server["id"]))


def status(server):
    """"at rest" for a server that runs and that nothing is done with, else its states."""
    return "at rest" if (server.vm_state, server.task_state) == ("active", None) else "%s, %s" % (server.vm_state, server.task_state)


class WatchedServer(Server):
    """Knows when an answer has left."""

    def __init__(self, cloud):
        super().__init__(cloud)

        class Handler(self.RequestHandlerClass):
            """Closes the exchange, whether the answer could be written or not."""

            def _serve(self):
                try:
                    super()._serve()
                finally:
                    exchange = getattr(self.cloud.current, "exchange", None)
                    if exchange:
                        exchange.open = False

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

        self.RequestHandlerClass = Handler


@contextlib.contextmanager
def watched(**options):
    """A WatchedCloud on a port; it knows its address."""
    cloud = WatchedCloud(**options)
    server = WatchedServer(cloud)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield cloud
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
