# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What goes in and comes out of the cloud: Request, Response, and Fault for every refusal."""

import json
import urllib.parse

from . import xml_requests

# How a fault is called on the wire, by status, where nothing more specific is said.
FAULT_NAMES = {
    400: "badRequest", 401: "unauthorized", 403: "forbidden", 404: "itemNotFound", 405: "badMethod",
    409: "conflictingRequest", 413: "overLimit", 415: "badMediaType", 429: "overLimit", 501: "notImplemented",
    503: "serviceUnavailable",
}


class Request:
    """One request as the cloud sees it: `path` without the query and still quoted, header names in lower case."""

    __slots__ = ("method", "path", "query", "headers", "body", "_arguments")

    def __init__(self, method, target, headers=None, body=b""):
        path, _unused, query = target.partition("?")
        self.method = method.upper()
        self.path = path
        self.query = query
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}
        self.body = body or b""
        self._arguments = None

    @property
    def arguments(self):
        """The query as `{name: [values]}`."""
        if self._arguments is None:
            self._arguments = urllib.parse.parse_qs(self.query, keep_blank_values=True) if self.query else {}
        return self._arguments

    def argument(self, name, default=None):
        """The last value given for a query argument."""
        values = self.arguments.get(name)
        return values[-1] if values else default

    def json(self):
        """The body as data; ValueError when it is no strict JSON."""
        return json.loads(self.body.decode("utf-8"))

    @property
    def is_xml(self):
        """Whether the body is labelled as XML."""
        return bool(self.body) and "xml" in self.headers.get("content-type", "").lower()

    @property
    def accepts_xml(self):
        """Whether the answer is wanted in XML."""
        return "application/xml" in self.headers.get("accept", "").lower()

    def data(self):
        """The body as data, whichever of the two it is in; ValueError when it is not."""
        return xml_requests.read(self.body) if self.is_xml else self.json()


class Response:
    """One answer, and what is to happen to it on its way.

    `delay`: seconds to hold it back. `cut`: send half of the body, then hang up. `drop`: hang up without a word.
    `unreachable`: `refused` or `timeout`, where the way in is simulated as well.
    """

    __slots__ = ("status", "headers", "body", "delay", "cut", "drop", "unreachable")

    def __init__(self, status=200, body=b"", headers=()):
        self.status = status
        self.body = body
        self.headers = list(headers)
        self.delay = 0.0
        self.cut = False
        self.drop = False
        self.unreachable = None

    def has(self, name):
        """Whether a header of that name is set."""
        return any(key.lower() == name.lower() for key, _value in self.headers)

    def header(self, name, default=None):
        """The values of a header, joined with commas like every HTTP client does."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else default

    def json(self):
        """The body as data."""
        return json.loads(self.body)


def answer(data, status=200, headers=()):
    """A JSON answer."""
    return written(json.dumps(data), status, headers)


def written(text, status=200, headers=()):
    """A JSON answer whose text is written already."""
    return Response(status, text.encode("utf-8"), [("Content-Type", "application/json"), *headers])


def empty(status, content_type=None, headers=()):
    """An answer without a body, whatever its label says."""
    return Response(status, b"", [*([("Content-Type", content_type)] if content_type else []), *headers])


class Fault(Exception):
    """A refusal. `name` and `extra` go into the body as the service at hand writes its faults; `raw` replaces that body.

    `outside`: it is refused by what stands around the service, which knows nothing of the service's own headers.
    """

    def __init__(self, status, message, name=None, headers=(), raw=None, content_type=None, outside=False, **extra):
        super().__init__(message)
        self.status = status
        self.message = message
        self.name = name or FAULT_NAMES.get(status, "computeFault")
        self.headers = list(headers)
        self.raw = raw
        self.content_type = content_type
        self.outside = outside or name in ("route", "tooLarge")
        self.extra = extra
