# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A client of its own, so that what it shows about a cloud does not depend on the client under test: Keystone v3, a catalog, one request."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass

from settings import CloudFailed

TIMEOUT = 120
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


class Session:
    """A login of one user in one project."""

    def __init__(self, auth_url, user, password, project, region):
        in_default = {"domain": {"name": "Default"}}
        self.auth_url = auth_url
        answer = send("POST", auth_url + "/auth/tokens", {"auth": {
            "identity": {"methods": ["password"], "password": {"user": dict(in_default, name=user, password=password)}},
            "scope": {"project": dict(in_default, name=project)}}})
        if answer.status != 201:
            raise CloudFailed("Logging in as %s at %s: %s %s" % (user, auth_url, answer.status, answer.body))
        token = answer.body["token"]
        self.token = answer.headers["x-subject-token"]
        self.project_id, self.user_id = token["project"]["id"], token["user"]["id"]
        self.endpoints = {entry["type"]: endpoint["url"] for entry in token["catalog"] for endpoint in entry["endpoints"]
                          if endpoint["interface"] == "public" and endpoint["region_id"] == region}

    def url(self, service, path):
        """The URL of a path of a service; identity, image and network are named by their roots in some catalogs, and by versions here."""
        if service == "identity":
            return self.auth_url + path
        version = {"image": "/v2", "network": "/v2.0"}.get(service, "")
        base = self.endpoints[service].rstrip("/")
        return (base if base.endswith(version) else base + version) + path

    def send(self, method, service, path, body=None, headers=None):
        """One request with the token; an `Answer`, whatever its status."""
        return send(method, self.url(service, path), body, {"X-Auth-Token": self.token, **(headers or {})})

    def ask(self, method, service, path, body=None, headers=None):
        """The body of an answer that has to be a success, else `CloudFailed`."""
        answer = self.send(method, service, path, body, headers)
        if answer.status >= 400:
            raise CloudFailed("%s %s: %s %s" % (method, self.url(service, path), answer.status, answer.body))
        return answer.body
