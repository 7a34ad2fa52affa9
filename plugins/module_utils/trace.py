# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What a task asked the cloud, request by request and without secrets: the result ``api_calls``.

Loaded only when the option api_trace or RAX_API_TRACE wants it; a task that is not traced pays nothing for it.
"""

from __future__ import annotations

import threading
from urllib.parse import urlsplit

from . import errors, masking, wait
from .codec import Json
from .transport import Transport


class Traced(Transport):
    """A Transport that writes down every exchange, each attempt for itself. calls: what was written down; append to it alone, from any thread."""

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.calls = []
        self.here = threading.local()

    def send(self, *args, **more):
        self.here.attempt = 0
        return super().send(*args, **more)

    def exchange(self, method, url, codec, headers, body):
        self.here.attempt += 1
        call = dict(method=method, url=url, action=action_of(method, url, body), attempt=self.here.attempt, status=None, request_id=None, error=None,
                    media_type=codec.media_type)
        started = wait.now()
        try:
            answer = super().exchange(method, url, codec, headers, body)
            call.update(status=answer.status, request_id=answer.request_id, media_type=form_of(answer) or codec.media_type)
            return answer
        except errors.CloudError as error:
            call.update(status=error.facts.get("http_status"), request_id=error.facts.get("request_id"))
            call["media_type"] = form_of(getattr(error, "answer", None)) or codec.media_type
            if call["status"] is None:
                call["error"] = type(error).__name__
            raise
        finally:
            call["milliseconds"] = round((wait.now() - started) * 1000, 1)
            self.calls.append(call)


def action_of(method, url, body):
    """The action that a request to .../action names, else None."""
    names = list(body) if method == "POST" and isinstance(body, dict) and urlsplit(url).path.endswith("/action") else []
    return names[0] if len(names) == 1 else None


def form_of(answer):
    """The media type of what an Answer holds, in lower case and without parameters; None without a body, whose type says nothing."""
    if answer is None or answer.data is None and not answer.text:
        return None
    return answer.headers.get("Content-Type", "").partition(";")[0].strip().lower() or None


def told(cloud):
    """The calls of a Cloud, oldest first, as a task returns them: dicts with method, service, region, path, query, action,
    status (None without an answer; error then says what happened), milliseconds, request_id, attempt (from 1) and media_type: of the
    answer; of what was asked for, where none with a body came."""
    login, access = cloud.login, cloud.known_access
    secrets = [login.secret, login.passcode, access.token if access else None]
    places = list(named_places(login, access))
    return [public(call, places, secrets) for call in cloud.transport.calls]


def public(call, places, secrets):
    """One call without its secrets, under the names of its service."""
    address = urlsplit(call["url"])
    service, region = next(((service, region) for base, service, region in places if (call["url"] + "/").startswith((base + "/", base + "?"))),
                           (errors.place_of(call["url"]), None))
    shown = dict(call, service=service, region=region, path=masking.masked(masking.path(address.path or "/"), secrets),
                 query=masking.masked(masking.query(address.query), secrets), media_type=masking.masked(call["media_type"], secrets))
    del shown["url"]
    return shown


def named_places(login, access):
    """(address, type of service, region) of all that is known, the longest address first."""
    found = [(login.compute_endpoint, "compute", login.region)] if login.compute_endpoint else []
    for entry in access.catalog if access else ():
        found += [(url, entry["type"], entry["region"]) for url in entry["urls"].values()]
    found.append((login.auth_url, "identity", None))
    found.reverse()  # of equal addresses the login's own comes first, which has no region
    return sorted(((url.rstrip("/"), service, region) for url, service, region in found), key=lambda place: -len(place[0]))


def line(call):
    """A call as a line of text, for logs."""
    return "%s %s%s%s: %s in %s ms%s%s%s" % (
        call["method"], call["path"], "?" + call["query"] if call["query"] else "", " (%s)" % call["action"] if call["action"] else "",
        call["error"] or call["status"], call["milliseconds"], "" if call["media_type"] == Json.media_type else ", %s" % call["media_type"],
        ", attempt %d" % call["attempt"] if call["attempt"] > 1 else "",
        ", request id %s" % call["request_id"] if call["request_id"] else "")
