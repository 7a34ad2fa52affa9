# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The cloud behind a `requests` session, without sockets: mount a SandboxAdapter and the session talks to it."""

import io

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.response import HTTPResponse

from .exchange import Request


class SandboxAdapter(BaseAdapter):
    """A transport adapter. Time passes on the cloud's clock: with a ManualClock a delay costs nothing.

    Broken connections and timeouts are raised as `requests` raises them.
    """

    def __init__(self, cloud):
        super().__init__()
        self.cloud = cloud
        self._builder = HTTPAdapter()

    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
        """Answer a prepared request."""
        body = request.body or b""
        if isinstance(body, str):
            body = body.encode("utf-8")
        response = self.cloud.handle(Request(request.method, request.path_url, dict(request.headers), body))
        connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        self._break(request, response, connect, read)
        if read is not None and response.delay > read:
            self.cloud.clock.sleep(read)
            raise requests.exceptions.ReadTimeout("Read timed out. (read timeout=%s)" % read, request=request)
        self.cloud.clock.sleep(response.delay)
        if response.drop:
            raise requests.exceptions.ConnectionError("('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
                                                      request=request)
        return self._builder.build_response(request, self._raw(request, response))

    def _break(self, request, response, connect, read):
        del read
        if response.unreachable == "timeout":
            self.cloud.clock.sleep(connect or 0)
            raise requests.exceptions.ConnectTimeout("Connection timed out. (connect timeout=%s)" % connect, request=request)
        if response.unreachable == "refused":
            raise requests.exceptions.ConnectionError("Failed to establish a new connection: [Errno 111] Connection refused", request=request)

    @staticmethod
    def _raw(request, response):
        body = response.body[:len(response.body) // 2] if response.cut else response.body
        headers = list(response.headers)
        if not response.has("Content-Length") and response.status != 204:
            headers.append(("Content-Length", str(len(response.body))))
        return HTTPResponse(body=io.BytesIO(body), headers=headers, status=response.status, preload_content=False, decode_content=False,
                            enforce_content_length=request.method != "HEAD", request_method=request.method)

    def close(self):
        """Nothing to close."""
