# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""How each action on a server is begun, and what «done» looks like."""

from __future__ import annotations

from . import conflicts, creation, errors, server_actions, servers
from .plan import Started
from .records import record
from .snapshots import Snapshot

NOT_OFFERED = (405, 410, 501)


def settle(task, now, step):
    return watched(task, now, servers.settled, 1800)


def watched(task, now, done, timeout):
    return Started(lambda: servers.get(task.cloud.compute, now["id"]), done, record, timeout)


def act(task, now, step):
    """Post the action. It is over when the task is over, not when the status reads as it will before it began."""
    want = step.body
    action = server_actions.row(want)
    answer = send(task, now, want)
    if task.params["return_password"] and "admin_password" in action.options:
        task.results["admin_password"] = password(task, now, answer)
    if not action.ends:
        return watched(task, now, lambda server: server is not None, action.timeout)
    return watched(task, now, servers.over(now["status"], lambda server: is_there(server, want), server_actions.verb(want)), action.timeout)


def is_there(server, want):
    """Whether a server at rest, raw, is where the action leads."""
    if server["status"] in server_actions.row(want).ends:
        return True
    # Some clouds confirm a resize by themselves.
    return want["action"] == "resize" and server_actions.has_nothing_to_do(record(server), want)


def send(task, now, want):
    """The answer to the action, None when it got lost and the server was seen to have begun."""
    api, action = task.cloud.compute, server_actions.row(want)

    def post():
        return servers.act(api, now["id"], action.api, action.arguments(want)) or {}

    def begun():
        server = servers.get(api, now["id"])
        return server and (not servers.settled(server) or server["status"] != now["status"])
    try:
        return conflicts.waited_out(task, now["id"], post, action.states, server_actions.verb(want))
    except errors.WrongState:
        if not there_since(servers.get(api, now["id"]), now, action):
            raise
    except errors.CloudError as error:
        if is_not_offered(error):
            raise errors.NoEndpoint("%s does not offer the action %s. %s" % (api, want["action"], error.args[0]),
                                    http_status=error.status, request_id=error.facts.get("request_id")) from error
        if not creation.may_have_happened(error) or not creation.find(begun)[0]:
            raise
    return None


def there_since(server, now, action):
    """Whether a server, raw, came to where the action leads after the record was read: by an answer that refused and was carried out
    all the same, or by somebody else."""
    return bool(server) and server["status"] in action.ends and now["status"] not in action.ends


def is_not_offered(error):
    return isinstance(error, errors.ApiError) and (error.status in NOT_OFFERED or error.status == 400 and "no such action" in error.text.lower())


def password(task, now, answer):
    """The password that holds from now on: what the cloud answered, else what was given."""
    answer = answer or {}
    found = answer.get("adminPass") or (answer.get("server") or {}).get("adminPass") or task.params["admin_password"]
    if found is None:
        task.warn("The generated password of server %s did not come back with the answer. Set another with the action change_password."
                  % now["id"])
    return found


def create_image(task, now, step):
    """Make an image, wait until it can be used, and until the server is through with it."""
    task.results.update(image=None, image_id=None)
    snapshot = Snapshot(task, now, step.body["name"], step.body.get("metadata", {}))
    task.results["image_id"] = snapshot.id
    server = {"raw": None if task.params["wait"] else servers.get(task.cloud.compute, now["id"])}

    def fetch():
        image = snapshot.fetch()
        task.results["image"] = record(image) if image else None
        if image and image.get("status") == "ACTIVE":
            server["raw"] = servers.get(task.cloud.compute, now["id"])
        return image

    def done(image):
        return snapshot.done(image) and (server["raw"] is None or servers.settled(server["raw"]))
    return Started(fetch, done, lambda image: record(server["raw"]) if server["raw"] else now, 1800)


def console_output(task, now, want):
    """The text on the console, as much of it as is wanted."""
    with errors.Doing("read the console of %s" % servers.title(now)):
        return (send(task, now, want) or {}).get("output") or ""


STEPS = dict(dict.fromkeys(server_actions.ACTIONS, act), create_image=create_image, settle=settle)
