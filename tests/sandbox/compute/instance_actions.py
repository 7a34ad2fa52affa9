# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The history of a server: what was done to it, by whom, in which request."""

from ..clock import iso_micros
from ..exchange import Fault, answer
from .routes import find_server, route


def note(call, server, action):
    """Add an action to the history."""
    server.actions.insert(0, {"action": action, "instance_uuid": server.id, "message": None, "project_id": call.project_id, "request_id": call.request_id,
                              "start_time": iso_micros(call.now), "user_id": call.user.id})


@route("GET", "/servers/{server_id}/os-instance-actions")
def history(call):
    """Every action, the latest first."""
    return answer({"instanceActions": find_server(call).actions})


@route("GET", "/servers/{server_id}/os-instance-actions/{request_id}")
def one(call):
    """The action of one request."""
    for action in find_server(call).actions:
        if action["request_id"] == call.params["request_id"]:
            return answer({"instanceAction": {**action, **({} if call.rackspace else {"events": []})}})
    raise Fault(404, "Action for request_id %s on instance %s not found" % (call.params["request_id"], call.params["server_id"]))
