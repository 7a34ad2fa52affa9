# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A client of its own, so that what it shows about a cloud does not depend on the client under test: one request, a login at Keystone v3, its catalog."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass

TIMEOUT = 300  # for what a real cloud that shares its machine with others may take
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class Answer:
    """What came back: `body` is parsed where it is JSON, text where it is something else, None where there is none."""

    status: int
    headers: dict  # names in lower case
    body: object


def send(method, url, body=None, headers=None):
    """One request; an `Answer`, whatever its status. `body` is sent as JSON, bytes as they are."""
    headers = {"Accept": "application/json", **(headers or {})}
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    try:
        with OPENER.open(request, timeout=TIMEOUT) as reply:
            return _answer(reply)
    except urllib.error.HTTPError as reply:
        with reply:
            return _answer(reply)


def _answer(reply):
    text = reply.read().decode("utf-8", "replace")
    try:
        body = json.loads(text) if text else None
    except ValueError:
        body = text
    return Answer(reply.status, {name.lower(): value for name, value in reply.headers.items()}, body)


def log_in(auth_url, user, password, project):
    """The `Answer` to a login, whatever its status: a body with `token`, and the token itself in the header x-subject-token."""
    in_default = {"domain": {"name": "Default"}}
    return send("POST", auth_url + "/auth/tokens", {"auth": {
        "identity": {"methods": ["password"], "password": {"user": dict(in_default, name=user, password=password)}},
        "scope": {"project": dict(in_default, name=project)}}})


def endpoints(token, region):
    """{type of a service: its public address in a region}, by the `token` in the body of a login."""
    return {service["type"]: endpoint["url"] for service in token["catalog"] for endpoint in service["endpoints"]
            if endpoint["interface"] == "public" and endpoint["region_id"] == region}
