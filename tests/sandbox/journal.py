# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The log of requests, for tests that count and inspect them; secrets are masked before anything is kept."""

import collections

MASK = "********"
_SECRET_FIELDS = {"password", "original_password", "apikey", "adminpass", "passcode", "secret", "os-ksadm:password", "private_key"}
_SECRET_HEADERS = {"x-auth-token", "x-subject-token", "authorization", "x-sessionid", "openstack-auth-receipt", "cookie"}


def masked(data):
    """A copy of JSON data without its secrets: known fields, and the id of a token used to log in."""
    if isinstance(data, list):
        return [masked(item) for item in data]
    if not isinstance(data, dict):
        return data
    result = {}
    for key, value in data.items():
        if key.lower() in _SECRET_FIELDS and isinstance(value, str):
            result[key] = MASK
        elif key == "token" and isinstance(value, dict) and "id" in value:
            result[key] = {**value, "id": MASK}
        else:
            result[key] = masked(value)
    return result


def _body(request):
    if not request.body:
        return None
    try:
        return masked(request.data())
    except ValueError:
        return "(%d bytes that are no %s)" % (len(request.body), "XML" if request.is_xml else "JSON")


def _as_data(number, request, status, service, region, seconds, size):
    return {"n": number, "method": request.method, "path": request.path, "query": request.query, "status": status,
            "ms": round(seconds * 1000, 3), "bytes": size, "service": service, "region": region,
            "headers": {name: MASK if name in _SECRET_HEADERS else value for name, value in request.headers.items()},
            "body": _body(request)}


class Journal:
    """The last requests, oldest first. `tell`: called with each entry, and never forgets what it was told."""

    def __init__(self, tell=None, keep=50_000):
        self._tell = tell
        self._entries = collections.deque(maxlen=keep)
        self._count = 0

    def add(self, request, response, service, region, seconds):
        """Note one exchange. A dropped answer has status 0; bytes are those of the body of the answer."""
        self._count += 1
        self._entries.append((self._count, request, 0 if response.drop or response.unreachable else response.status, service, region, seconds,
                              len(response.body)))
        if self._tell:
            self._tell(_as_data(*self._entries[-1]))

    def clear(self):
        """Forget everything, and count from 1 again."""
        self._entries.clear()
        self._count = 0

    def entries(self):
        """The log as data."""
        return [_as_data(*entry) for entry in self._entries]
