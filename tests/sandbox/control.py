# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The control API below `/sandbox`: read the log, order faults, put servers there, turn settings. For tests; never part of a real cloud."""

import re

from . import seeds
from .exchange import Response, answer


class Refused(Exception):
    """The order makes no sense; the message says why."""


def _data(request):
    if not request.body:
        return {}
    try:
        data = request.json()
    except ValueError as error:
        raise Refused("no JSON: %s" % error) from None
    if not isinstance(data, dict):
        raise Refused("an object is wanted")
    return data


def _read_log(cloud, request):
    del request
    return {"requests": cloud.journal.entries()}


def _clear_log(cloud, request):
    del request
    cloud.journal.clear()
    return {}


def _read_faults(cloud, request):
    del request
    return {"faults": [rule.describe() for rule in cloud.faults.rules]}


def _add_fault(cloud, request):
    cloud.faults.add(_data(request))
    return _read_faults(cloud, request)


def _clear_faults(cloud, request):
    del request
    cloud.faults.rules.clear()
    return {"faults": []}


_SEED = {"id", "region", "count", "name", "metadata", "status", "addresses", "flavor", "image", "project", "age"}


def _add_servers(cloud, request):
    wanted = _data(request)
    unknown = set(wanted) - _SEED
    if unknown:
        raise Refused("unknown field: %s" % ", ".join(sorted(unknown)))
    try:
        made = seeds.add_servers(cloud, wanted)
    except KeyError as error:
        raise Refused("there is no %s" % error) from None
    return {"servers": [{"id": server.id, "name": server.name} for server in made]}


def _change_server(cloud, request):
    server_id = request.path.rpartition("/")[2]
    for region in cloud.regions.values():
        if server_id in region.servers:
            server = region.servers[server_id]
            server.settle(cloud.now())
            server.force(_data(request), cloud.now())
            return {"server": {"id": server.id, "name": server.name, "status": server.status}}
    raise Refused("there is no server %s" % server_id)


def _read_settings(cloud, request):
    del request
    return cloud.settings.as_data()


def _change_settings(cloud, request):
    cloud.settings.update(_data(request))
    return cloud.settings.as_data()


def _expire_tokens(cloud, request):
    del request
    cloud.accounts.expire_all()
    return {}


def _reset(cloud, request):
    del request
    cloud.reset()
    return {}


_ROUTES = (
    ("GET", r"/sandbox/log", _read_log), ("DELETE", r"/sandbox/log", _clear_log),
    ("GET", r"/sandbox/faults", _read_faults), ("POST", r"/sandbox/faults", _add_fault), ("DELETE", r"/sandbox/faults", _clear_faults),
    ("POST", r"/sandbox/servers", _add_servers), ("PATCH", r"/sandbox/servers/[^/]+", _change_server),
    ("GET", r"/sandbox/settings", _read_settings), ("PUT", r"/sandbox/settings", _change_settings),
    ("POST", r"/sandbox/tokens/expire", _expire_tokens), ("POST", r"/sandbox/reset", _reset),
)


def handle(cloud, request):
    """Carry out one order. 400 with `{"error": …}` when it makes no sense, 404 when there is no such order."""
    for method, pattern, function in _ROUTES:
        if method == request.method and re.fullmatch(pattern, request.path.rstrip("/")):
            try:
                return answer(function(cloud, request))
            except (Refused, ValueError, TypeError, StopIteration, re.error) as error:
                return answer({"error": str(error)}, 400)
    return Response(404, b'{"error": "there is no such order"}', [("Content-Type", "application/json")])
