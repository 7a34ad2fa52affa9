# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The cloud on a port: HTTP/1.1 with connections that stay open, a thread for each."""

import http.server
import socket
import sys

from .exchange import Request

_REASONS = {status.value: status.phrase for status in http.HTTPStatus}


class _Handler(http.server.BaseHTTPRequestHandler):
    """Carries requests to the cloud and answers back; knows nothing of what they mean."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    cloud = None

    def handle_one_request(self):
        """Read one request; a connection that breaks off is nobody's fault."""
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def _serve(self):
        body = self._body()
        if body is None:
            return
        response = self.cloud.handle(Request(self.command, self.path, dict(self.headers.items()), body))
        if response.delay:
            self.cloud.clock.sleep(response.delay)
        if response.drop or response.unreachable:
            self._hang_up()
            return
        self._write(response)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def _body(self):
        if self.headers.get("Transfer-Encoding"):
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 411 Length Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return None
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _write(self, response):
        lines = ["HTTP/1.1 %d %s" % (response.status, _REASONS.get(response.status, "Unknown"))]
        lines += ["%s: %s" % header for header in response.headers]
        if not response.has("Content-Length") and response.status != 204:
            lines.append("Content-Length: %d" % len(response.body))
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        if response.cut:
            self.wfile.write(head + response.body[:len(response.body) // 2])
            self._hang_up()
            return
        self.wfile.write(head if self.command == "HEAD" else head + response.body)

    def _hang_up(self):
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        """Say nothing; the cloud keeps its own log."""


class Server(http.server.ThreadingHTTPServer):
    """Listens as soon as it is made; `port` 0 takes a free one. The cloud learns its URL here."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, cloud, host="127.0.0.1", port=0):
        handler = type("Handler", (_Handler,), {"cloud": cloud})
        super().__init__((host, port), handler)
        self.url = "http://%s:%d" % (host if ":" not in host else "[%s]" % host, self.server_address[1])
        cloud.base_url = self.url

    def handle_error(self, request, client_address):
        """Show what went wrong here, except clients that left."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)
