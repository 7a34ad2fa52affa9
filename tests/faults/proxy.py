# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A wire that breaks on demand: an HTTP proxy on loopback before the services of a cloud, one connection for each request.

`http://HOST:PROXY/PORT/path` leads to `http://HOST:PORT/path`; addresses in answers are rewritten, so that a client that logs in through the
proxy stays on it. A `Strike` says which request is hit, counted in connections from 0, and how. What passes is kept in `log`.
"""

from __future__ import annotations

import http.client
import http.server
import json
import socket
import struct
import threading
import uuid
from dataclasses import dataclass, field

HOST = "127.0.0.1"
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "proxy-connection", "host", "accept-encoding"}
PATIENCE = 60          # seconds for an answer of the real service
PIECES, PAUSE = 3, 0.15  # of a slow body; a pause is shorter than any api_timeout, all of them are longer than the shortest


@dataclass
class Reply:
    """An answer on its way back."""

    status: int
    headers: list   # of (name, value)
    body: bytes

    def json(self):
        """The body as data, None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass
class Strike:
    """Which requests are hit, and how.

    wire: refused, unanswered (no connection comes to be); reset (before anything is read); lost, broken (the answer never comes, by an end
    or a reset); torn, ended (half of a body, then a reset or an end); silent (no answer while the client waits), stalled (half a body, then
    nothing), slow (a body in pieces); None: what `alter` makes of it.
    acts: whether the service gets the request. alter(reply, request): the Reply that comes instead, or a text: why this answer cannot be
    spoiled so. times: how many connections in a row; lasting: from then on each request like the first one. before(): is called first.
    """

    index: int
    wire: str | None = None
    acts: bool = True
    alter: object = None
    times: int = 1
    lasting: bool = False
    before: object = None
    until_sent_again: object = None  # alters the answers to questions after a hit, until the next request that is none
    and_then: int = 0                # how many answers more it alters after that
    logins: object = None            # alters the answers to logins after a hit


@dataclass
class Entry:
    """A request that came in. `path` is that of the service, with its query."""

    method: str
    path: str
    body: object
    status: int | None = None
    struck: bool = False


@dataclass
class State:
    """What happened since `arm()`."""

    strike: Strike | None = None
    count: int = 0
    alike: tuple | None = None      # method and path of the first request that was hit
    hits: int = 0
    sent_again: bool = False
    altered_since: int = 0          # answers to questions, since it was sent again
    spared: str = ""                # why the strike left an answer as it was
    given_ids: list = field(default_factory=list)  # request ids of the refusals and of the broken bodies that the client got
    log: list = field(default_factory=list)


class Proxy:
    """Listens from the start. One client at a time is thought of; several threads of it are fine."""

    def __init__(self):
        self.state = State()
        self.lock = threading.Lock()
        self.port = None
        self.listener = None
        self.fillers = []
        self.open()

    @property
    def log(self):
        """The entries since `arm()`."""
        return self.state.log

    def through(self, url):
        """The address by which a service is reached through the proxy."""
        scheme, _unused, rest = url.partition("://%s:" % HOST)
        return "%s://%s:%d/%s" % (scheme, HOST, self.port, rest)

    def arm(self, strike=None):
        """Begin to count anew, with this strike or none."""
        self.open()
        with self.lock:
            self.state = State(strike)
        self.shut_before_next()

    def rested(self):
        """The client slept: a passing outage of the network is over."""
        strike = self.state.strike
        if self.listener is None and strike and not strike.lasting:
            self.open()

    # The way in.

    def open(self):
        """Take connections (again)."""
        for filler in self.fillers:
            filler.close()
        self.fillers = []
        if self.listener is not None:
            return
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, self.port or 0))
        listener.listen(128)
        self.port = listener.getsockname()[1]
        self.listener = listener
        threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def shut(self, how):
        """Let nobody in: connections are refused, or their packets are dropped because the queue is full."""
        listener, self.listener = self.listener, None
        listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        listener.close()
        if how == "refused":
            return
        full = socket.socket()
        full.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        full.bind((HOST, self.port))
        full.listen(0)
        self.fillers = [full]
        for _unused in range(3):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex((HOST, self.port))
            self.fillers.append(filler)

    def shut_before_next(self):
        """Shut when the next connection is the one that shall not come to be."""
        state = self.state
        if state.strike and state.strike.wire in ("refused", "unanswered") and state.count == state.strike.index and not state.hits:
            state.hits += 1
            self.shut(state.strike.wire)

    def accept(self, listener):
        """The thread of a listener."""
        while True:
            try:
                connection, _unused = listener.accept()
            except OSError:
                return
            with self.lock:
                state, number = self.state, self.state.count
                state.count += 1
            threading.Thread(target=self.serve, args=(connection, state, number), daemon=True).start()

    def serve(self, connection, state, number):
        """One connection, which is one request."""
        with connection:
            try:
                if state.strike and state.strike.wire == "reset" and self.is_meant(state, number, None):
                    state.hits += 1
                    reset(connection)
                    return
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                Handler(connection, (self, state, number), None)
            except OSError:
                pass  # the client left

    @staticmethod
    def is_meant(state, number, alike):
        """Whether a connection is hit; alike: method and path of its request, None when nothing was read yet."""
        strike = state.strike
        if number < strike.index:
            return False
        if number < strike.index + strike.times:
            state.alike = state.alike or alike
            return True
        return strike.lasting and alike == state.alike


class Handler(http.server.BaseHTTPRequestHandler):
    """Reads the request, has it answered, and spoils that."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.proxy, self.state, self.number = self.client_address

    def handle(self):
        self.close_connection = True
        self.handle_one_request()

    def serve_request(self):
        # Who takes this for a proxy sends the address in full.
        port, _unused, path = self.path.removeprefix("http://%s:%d" % (HOST, self.proxy.port)).lstrip("/").partition("/")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        entry = Entry(self.command, "/" + path, parsed(body))
        with self.proxy.lock:
            self.state.log.append(entry)
        strike = self.state.strike
        hit = bool(strike) and strike.wire not in ("refused", "unanswered", "reset") and Proxy.is_meant(
            self.state, self.number, (self.command, path.partition("?")[0]))
        if hit and strike.before:
            strike.before()
        hides = bool(strike and strike.until_sent_again) and self.state.hits > 0 and not self.state.sent_again
        if hides and self.command not in ("GET", "HEAD"):
            self.state.sent_again, hides = True, False
        if hit and not strike.acts:
            reply = Reply(200, [], b"")
        else:
            reply = self.forwarded(int(port), "/" + path, body)
        if hit:
            reply = self.spoilt(strike, reply, entry)
        elif hides:
            reply = strike.until_sent_again(reply, entry)
        elif strike and strike.logins and self.state.hits and self.command == "POST" and entry.path.endswith("/tokens"):
            reply = strike.logins(reply, entry)
            self.state.given_ids += request_ids(reply)
        elif self.state.sent_again and self.state.altered_since < strike.and_then and self.command == "GET":
            altered = strike.until_sent_again(reply, entry)
            self.state.altered_since += altered.body != reply.body
            reply = altered
        entry.status = reply.status if reply else 0
        self.proxy.shut_before_next()
        if reply:
            self.write(reply, strike.wire if entry.struck else None)  # what was spared comes as it is

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = serve_request

    def forwarded(self, port, path, body):
        """The true answer, with addresses that lead through the proxy."""
        upstream = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
            upstream.request(self.command, path, body or None, headers)
            answer = upstream.getresponse()
            content = answer.read()
            here, there = b"http://%s:%d/" % (HOST.encode(), self.proxy.port), b"http://%s:" % HOST.encode()
            headers = [(name, value.replace(there.decode(), here.decode())) for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP]
            return Reply(answer.status, headers, content.replace(there, here))
        finally:
            upstream.close()

    def spoilt(self, strike, reply, entry):
        """What the client gets of an answer that is hit; None when there is nothing to get."""
        if strike.wire in ("torn", "ended", "stalled", "slow") and len(reply.body) < 2:
            self.state.spared = "the answer has no body"
            return reply
        if strike.alter:
            altered = strike.alter(reply, entry)
            if isinstance(altered, str):
                self.state.spared = altered
                return reply
            reply = altered
        entry.struck = True
        self.state.hits += 1
        if strike.wire is None and (reply.status >= 400 or reply.json() is None):
            self.state.given_ids += request_ids(reply)
        if strike.wire == "lost":
            return None
        if strike.wire == "broken":
            reset(self.connection)
            return None
        if strike.wire == "silent":
            self.wait_for_the_client_to_leave()
            return None
        return reply

    def write(self, reply, wire):
        lines = ["HTTP/1.1 %d %s" % (reply.status, http.client.responses.get(reply.status, "Unknown"))]
        lines += ["%s: %s" % header for header in reply.headers] + ["Connection: close"]
        if reply.status != 204:
            lines.append("Content-Length: %d" % len(reply.body))
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        half = len(reply.body) // 2
        if wire in ("torn", "ended", "stalled"):
            self.connection.sendall(head + reply.body[:half])
            if wire == "torn":
                reset(self.connection)
            elif wire == "stalled":
                self.wait_for_the_client_to_leave()
        elif wire == "slow":
            self.connection.sendall(head)
            size = -(-len(reply.body) // PIECES)
            for start in range(0, len(reply.body), size):
                threading.Event().wait(PAUSE)
                self.connection.sendall(reply.body[start:start + size])
        else:
            self.connection.sendall(head + (b"" if self.command == "HEAD" else reply.body))

    def wait_for_the_client_to_leave(self):
        self.connection.settimeout(PATIENCE)
        self.connection.recv(1)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        """Say nothing; the proxy keeps its own log."""


def reset(connection):
    """End a connection with a reset instead of in good order."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def parsed(body):
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None


def request_ids(reply):
    """What an answer calls its request."""
    return [value for name, value in reply.headers if name.lower().endswith("request-id")]


def new_request_id():
    """An id in the form of the service's own."""
    return "req-%s" % uuid.uuid4()
