# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A clock that moves only when somebody rests, a loopback server that answers as told, and the sandbox in process."""

from __future__ import annotations

import json
import os
import socket
import ssl
import struct
import subprocess
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from ansible_collections.rackspace.cloud.plugins.module_utils import api, wait
from sandbox import Cloud, ManualClock
from sandbox.adapter import SandboxAdapter

# What a person may have set, and a test must not see.
FOREIGN = ("OS_", "RAX_", "CLOUD_", "XDG_", "NETRC", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_")


class Clock(ManualClock):
    """Time that passes by resting alone; ``rests`` are the seconds of each rest."""

    def __init__(self):
        super().__init__()
        self.rests = []

    def rest(self, seconds):
        self.rests.append(seconds)
        self.sleep(seconds)


@pytest.fixture
def clock(monkeypatch):
    turned = Clock()
    monkeypatch.setattr(wait, "now", turned.now)
    monkeypatch.setattr(wait, "wall", turned.now)
    monkeypatch.setattr(wait, "rest", turned.rest)
    return turned


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """A home of its own and an environment without anybody's credentials and proxies."""
    for name in list(os.environ):
        if name.startswith(FOREIGN) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    place = tmp_path / "home"
    place.mkdir()
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.chdir(place)
    return place


@dataclass
class Says:
    """One answer of the Web: what goes over the wire. ``how``: "cut" the body in half, "reset" or "hold" the connection."""

    status: int = 200
    body: object = b""
    headers: dict = field(default_factory=dict)
    kind: str = "application/json"
    how: str = ""

    @property
    def content(self):
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


@dataclass
class Asked:
    """One request that came in."""

    method: str
    path: str
    headers: dict
    body: object


class Web:
    """A server on loopback. It gives ``answers`` in turn, the last one for ever, and keeps what it was ``asked``."""

    def __init__(self, tls=None):
        self.forget()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"web": self}))
        self.server.daemon_threads = True
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.scheme = "https" if tls else "http"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def forget(self):
        """As if nothing had been said and asked yet."""
        self.answers = [Says(body={})]
        self.asked = []
        self.closing = threading.Event()

    @property
    def url(self):
        return "%s://127.0.0.1:%d" % (self.scheme, self.server.server_address[1])

    def says(self, *answers):
        self.answers = list(answers)

    def rest(self):
        """Let go of who is held, and forget."""
        self.closing.set()
        self.forget()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    web = None

    def serve(self):
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        web = self.web
        web.asked.append(Asked(self.command, self.path, {name.lower(): value for name, value in self.headers.items()},
                               json.loads(content) if content else None))
        answer = web.answers.pop(0) if len(web.answers) > 1 else web.answers[0]
        if answer.how == "hold":
            web.closing.wait(10)
        if answer.how in ("hold", "reset"):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        self.write(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_CONNECT = serve

    def write(self, answer):
        content = answer.content
        self.send_response_only(answer.status)
        for name, value in {"Content-Type": answer.kind, "Content-Length": str(len(content)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.how == "cut":
            content, self.close_connection = content[:len(content) // 2], True
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def says():
    """The answers of a Web; a fixture, because a conftest cannot be imported."""
    return Says


@pytest.fixture(scope="session")
def webs():
    """Two servers for all tests, since each takes a moment to end."""
    servers = Web(), Web()
    yield servers
    for server in servers:
        server.close()


@pytest.fixture
def web(webs):
    yield webs[0]
    webs[0].rest()


@pytest.fixture
def other_web(webs):
    """The server of somebody else."""
    yield webs[1]
    webs[1].rest()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """The paths of a certificate for 127.0.0.1 that nobody has signed, and of its key."""
    place = tmp_path_factory.mktemp("tls")
    cert, key = place / "cert.pem", place / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
                   check=True, capture_output=True)
    return str(cert), str(key)


@pytest.fixture
def tls_web(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server = Web(context)
    yield server
    server.close()


@pytest.fixture
def closed_port():
    """A port of loopback on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


class Sandbox:
    """An embedded cloud in process, living by the clock of the test."""

    LOGINS = {
        "rackspace": {"username": "demo", "api_key": "sandbox-api-key", "region": "DFW"},
        "openstack": {"username": "demo", "password": "sandbox-password", "tenant_name": "demo", "region": "RegionOne"},
    }

    def __init__(self, dress, clock, **settings):
        self.dress = dress
        self.cloud = Cloud(dress=dress, clock=clock, base_url="http://127.0.0.1:1", **settings)

    def connect(self, read_only=False, environ=None, **options):
        """What api.connect makes of these options, the default login where they hold none."""
        session = requests.Session()
        session.mount("http://", SandboxAdapter(self.cloud))
        options = dict({"auth_url": self.cloud.auth_url, "token_cache": False}, **(options or self.LOGINS[self.dress]))
        return api.connect(options, read_only=read_only, session=session, environ=environ or {})

    def fault(self, **rule):
        self.cloud.faults.add(rule)

    def asked(self):
        """What came in, as "GET /path?query"; logins too."""
        return ["%s %s%s" % (entry["method"], entry["path"], "?" + entry["query"] if entry["query"] else "")
                for entry in self.cloud.journal.entries()]

    def logins(self):
        return [entry for entry in self.cloud.journal.entries() if entry["method"] == "POST" and entry["path"].endswith("/tokens")]


@pytest.fixture
def rackspace(clock):
    return Sandbox("rackspace", clock)


@pytest.fixture
def openstack(clock):
    return Sandbox("openstack", clock)


@pytest.fixture(params=["rackspace", "openstack"])
def sandbox(request, clock):
    """A sandbox in either dress."""
    return Sandbox(request.param, clock)
