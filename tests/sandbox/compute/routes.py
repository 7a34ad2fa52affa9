# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The routes of compute, how it writes faults, and how its handlers find a server."""

from ..exchange import Fault
from ..routing import Router

route = Router()


def write_fault(fault, request_id):
    """A fault as compute writes it: most below its name, some by the framework around the service."""
    del request_id
    if fault.name == "route":
        return {"message": fault.message + "<br /><br />\n\n\n", "code": "404 Not Found", "title": "Not Found"}
    if fault.name == "tooLarge":
        return {"message": fault.message + "<br /><br />\n\n\n", "code": "413 Request Entity Too Large", "title": "Request Entity Too Large"}
    return {fault.name: {"message": fault.message, "code": fault.status, **fault.extra}}


def visible(server, call):
    """Whether this user may see a server that exists."""
    return server.project_id == call.project_id or call.user.is_admin


def find_server(call, server_id=None):
    """The server that the path names. Fault 404 when there is none, or none of this project."""
    server_id = server_id or call.params["server_id"]
    server = call.region.servers.get(server_id)
    if server is not None:
        server.settle(call.now)
    if server is None or server.gone or not visible(server, call):
        raise Fault(404, "Instance %s could not be found." % server_id)
    return server


def find_usable(call, action, vm_states=None, task_states=(None,), despite_lock=False):
    """The server that the path names, in a state in which `action` is allowed. Fault 409 when it is not, or the server is locked."""
    server = find_server(call)
    if not despite_lock:
        check_lock(server, call)
    check_state(server, action, vm_states, task_states)
    return server


def check_lock(server, call):
    """Fault 409 when a server is locked, its owner included."""
    if server.locked and not call.user.is_admin:
        raise Fault(409, "Instance %s is locked" % server.id)


def check_state(server, action, vm_states, task_states=(None,)):
    """Fault 409 unless the states of a server are among these; None allows any."""
    for kind, value, allowed in (("vm_state", server.vm_state, vm_states), ("task_state", server.task_state, task_states)):
        if allowed is not None and value not in allowed:
            raise Fault(409, "Cannot '%s' instance %s while it is in %s %s" % (action, server.id, kind, value))
