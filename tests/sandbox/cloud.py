# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The cloud itself: holds the state, takes a request, gives an answer; no sockets, no threads of its own."""

import json
import threading
import traceback
import uuid

from . import control, limits, seeds, xml_media
from .accounts import Accounts
from .call import Call
from .clock import SystemClock
from .exchange import Fault, Response
from .faults import Faults
from .journal import Journal
from .mounts import REGIONS, Mounts, add_headers, authenticate, choose_microversion
from .settings import Settings

# Larger bodies are refused by the service before it looks at them.
LARGEST_BODY = 114_688


class Cloud:
    """One embedded cloud.

    `dress`: `rackspace` or `openstack`. `clock`: has `now()` and `sleep(seconds)`. `base_url`: where clients reach it; links and the catalog
    begin with it. `servers`: that many ACTIVE servers in every region from the start. `tell`: called with the log's
    entry of each request. Further keywords are settings.
    """

    def __init__(self, dress="rackspace", clock=None, base_url="http://sandbox.invalid", servers=0, tell=None, **settings):
        if dress not in REGIONS:
            raise ValueError("dress must be one of: %s" % ", ".join(sorted(REGIONS)))
        self.dress = dress
        self.clock = clock or SystemClock()
        self.base_url = base_url.rstrip("/")
        self._options = dict(settings)
        self._seeded = servers
        self._tell = tell
        self._lock = threading.RLock()
        self._mounts = Mounts(dress)
        self.reset()

    def reset(self):
        """Begin anew, with the options given at the start."""
        self.settings = Settings(**self._options)
        self.journal = Journal(self._tell)
        self.faults = Faults()
        self.rates = limits.Rates()
        self.accounts = Accounts(self.dress, self.now())
        self.regions = seeds.regions(self, REGIONS[self.dress])
        self._count = 0
        if self._seeded:
            for region in self.regions:
                seeds.add_servers(self, {"region": region, "count": self._seeded})

    @property
    def auth_url(self):
        """Where to log in."""
        return self.base_url + ("/identity/v2.0" if self.dress == "rackspace" else "/identity/v3")

    def now(self):
        """The cloud's own time, which may be wrong by the setting `clock_skew`."""
        return self.clock.now() + self.settings.clock_skew

    def new_request_id(self):
        """An id for the answer's headers."""
        return "req-" + str(uuid.uuid4())

    def handle(self, request):
        """Answer one request. Whoever transports the answer sees to its `delay`, `cut` and `drop`."""
        with self._lock:
            if request.path.startswith("/sandbox"):
                return control.handle(self, request)
            started = self.clock.now()
            rule = self.faults.match(request)
            mount, region, project, rest = self._mounts.find(request.path)
            call = Call(self, request, mount, region, project)
            response = self._perform(call, rest) if rule is None or rule.acts else None
            if rule is not None:
                response = rule.spoil(response)
                if not response.has("Date"):
                    add_headers(call, response)
            if request.method == "HEAD":
                response.body = b""
            response.delay += self.settings.latency_ms / 1000.0
            self.journal.add(request, response, mount.service, region, self.clock.now() - started)
            return response

    def _perform(self, call, rest):
        """The true answer."""
        try:
            response = self._served(call, rest)
        except Fault as fault:
            response = self._refused(call, fault)
        except Exception:  # pylint: disable=broad-exception-caught
            # A mistake of ours. The real services have an answer for theirs; this one says on standard error what it was.
            traceback.print_exc()
            response = self._refused(call, Fault(500, "Unexpected API Error. Please report this."))
        response = xml_media.formed(call, response)
        add_headers(call, response)
        return response

    def _served(self, call, rest):
        if len(call.request.body) > LARGEST_BODY and call.mount.service == "compute":
            raise Fault(413, "Request is too large. Larger than max_request_body_size (114688).", name="tooLarge")
        authenticate(call, rest)
        self.rates.count(call)
        choose_microversion(call)
        xml_media.check(call)
        if call.region:
            call.region.settle_volumes(call.now)
        method = "GET" if call.request.method == "HEAD" else call.request.method
        function, call.params = call.mount.router.find(method, rest, self.dress)
        return function(call)

    @staticmethod
    def _refused(call, fault):
        call.refused_outside = fault.outside and not call.rackspace
        body = fault.raw if fault.raw is not None else call.mount.write_fault(fault, call.request_id)
        if isinstance(body, str):
            return Response(fault.status, body.encode(), [("Content-Type", fault.content_type or "text/plain; charset=UTF-8"), *fault.headers])
        labelled = call.mount.service == "compute" and (not call.refused_outside or fault.status == 400)
        headers = [("Content-Type", "application/json; charset=UTF-8" if labelled else "application/json"), *fault.headers]
        return Response(fault.status, json.dumps(body).encode(), headers)
