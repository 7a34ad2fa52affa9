# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A sandbox that knows which secrets passed through it, and that below some addresses quotes the whole request in what it answers."""

from __future__ import annotations

import base64
import html
import json
import re
import threading
import urllib.parse

from sandbox import Cloud, Request
from sandbox.exchange import Response
from sandbox.http_server import Server

# .../spoiled/500/html/identity/v2.0 is an identity service that lets in, to a cloud where everything is answered so;
# .../refused/401/json/identity/v2.0 answers so itself.
SPOILED = re.compile(r"/(spoiled|refused|echo)/(\d+)/(\w+)(/.*)")
LOGIN = re.compile(r"/identity/v[\d.]+(/auth)?/tokens$")
ISSUED_FIELDS = {"adminPass": "a generated server password", "private_key": "a generated private key", "apiKey": "an API key",
                 "OS-KSADM:password": "a generated user password"}
FORMS = {
    "json": ("application/json", lambda said: json.dumps({"badRequest": {"code": 400, "message": said}})),
    "flat": ("application/json", lambda said: json.dumps({"error": said})),
    "html": ("text/html", lambda said: "<html><head><title>No</title></head><body><h1>No</h1>%s</body></html>" % html.escape(said)),
    "text": ("text/plain; charset=UTF-8", str),
    "quoted": ("text/plain", urllib.parse.quote_plus),
    "repr": ("text/plain", repr),
}


class EchoingCloud(Cloud):
    """A Cloud that quotes. issued: {secret: what it is} of all that it handed out; seen: bodies and headers of all requests; quoted: how many
    answers held a secret that came with the request."""

    def __init__(self, *args, secrets=(), **settings):
        self.issued = {}
        self.seen = []
        self.quoted = 0
        self.planted = [secret.encode() for secret in secrets]
        self.noting = threading.Lock()
        super().__init__(*args, **settings)

    def handle(self, request):
        with self.noting:
            self.seen.append(("%s %s" % (sorted(request.headers.items()), request.query)).encode() + request.body)
        spoiled = SPOILED.fullmatch(request.path)
        if not spoiled:
            return self.noted(super().handle(request))
        kind, status, form, rest = spoiled.groups()
        if kind != "spoiled" or not LOGIN.search(rest):
            return self.echo(request, int(status), form)
        answer = self.noted(super().handle(Request(request.method, rest, request.headers, request.body)))
        answer.body = answer.body.replace(self.base_url.encode(), ("%s/echo/%s/%s" % (self.base_url, status, form)).encode())
        return answer

    def echo(self, request, status, form):
        """An answer that quotes the request: its token, its body as it is and in base64, its headers and its address; the token in headers too."""
        said = "%s is not what we want in %s. %s. %s. %s %s" % (
            request.headers.get("x-auth-token", "-"), request.body.decode("utf-8", "replace"), base64.b64encode(request.body).decode(),
            request.headers, request.path, request.query)
        with self.noting:
            self.quoted += any(secret in self.seen[-1] for secret in self.planted) or "x-auth-token" in request.headers
        kind, write = FORMS[form]
        location = [("Location", "https://elsewhere.example/%s?token=%s" % (urllib.parse.quote(request.headers.get("x-auth-token", "-")), "x"))]
        token = request.headers.get("x-auth-token", "-")
        ids = [("X-Compute-Request-Id", "req-" + token), ("X-Openstack-Request-Id", base64.b64encode(token.encode()).decode()), ("X-Trans-Id", token)]
        return Response(status, write(said).encode(), [("Content-Type", kind), *ids, *(location if 300 < status < 400 else [])])

    def noted(self, answer):
        """The same answer; the secrets in it are remembered."""
        for name, value in answer.headers:
            if name.lower() in ("x-subject-token", "openstack-auth-receipt"):
                self.issued[value] = "a token"
            for session in re.findall(r"sessionId='([^']+)'", value):
                self.issued[session] = "a session of a login"
        if answer.body[:1] == b"{":
            self.note(json.loads(answer.body))
        return answer

    def note(self, data, key=None):
        if isinstance(data, dict):
            if key == "token" and isinstance(data.get("id"), str):
                self.issued[data["id"]] = "a token"
            for name, value in data.items():
                self.note(value, name)
        elif isinstance(data, list):
            for item in data:
                self.note(item, key)
        elif key in ISSUED_FIELDS and isinstance(data, str) and data:
            self.issued[data] = ISSUED_FIELDS[key]


def serve(cloud):
    """Put a cloud on a port of loopback, from a thread of this process; the server, which shutdown() ends."""
    server = Server(cloud)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server
