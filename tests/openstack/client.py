# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A login on the real cloud, or on the sandbox beside it, and what is asked with it."""

from __future__ import annotations

from plain_client import endpoints, log_in, send
from settings import CloudFailed


class Session:
    """A login of one user in one project."""

    def __init__(self, auth_url, user, password, project, region):
        self.auth_url = auth_url
        answer = log_in(auth_url, user, password, project)
        if answer.status != 201:
            raise CloudFailed("Logging in as %s at %s: %s %s" % (user, auth_url, answer.status, answer.body))
        token = answer.body["token"]
        self.token = answer.headers["x-subject-token"]
        self.project_id, self.user_id = token["project"]["id"], token["user"]["id"]
        self.endpoints = endpoints(token, region)

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
