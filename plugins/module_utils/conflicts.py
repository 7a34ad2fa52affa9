# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What to do when the cloud refuses something with 409: wait while the server is at work, or say why it cannot be."""

from __future__ import annotations

from . import errors, servers, wait

TRIES = 3  # how often a server at rest, in a state that would do, may refuse all the same
PATIENCE = 600  # seconds, unless the user says otherwise

# The way from a status to ACTIVE, in the words of server_action.
WAYS_OUT = {
    "SHUTOFF": "start", "PAUSED": "unpause", "SUSPENDED": "resume", "RESCUE": "unrescue", "SHELVED": "unshelve", "SHELVED_OFFLOADED": "unshelve",
    "VERIFY_RESIZE": "confirm_resize or revert_resize", "ERROR": "rebuild, or reboot with reboot_type: hard",
}


def waited_out(task, server_id, send, states, verb, needless=None):
    """What send() answers. While the cloud refuses it with 409 and the server is at work, wait until that is over and send
    again, for wait_timeout in all. states: the statuses in which it may be done, None for any; verb: for messages;
    needless(server): whether it has come to what was wanted by itself, so that nothing is sent again; then the answer is None.

    Raises WrongState when the server is at rest and in another status, or locked.
    """
    api = task.cloud.compute
    patience = PATIENCE if task.params["wait_timeout"] is None else task.params["wait_timeout"]
    deadline = wait.now() + patience
    refused_at_rest = 0
    while True:
        try:
            return send()
        except errors.ApiError as error:
            if error.status != 409 or error.quota:
                raise
            refusal = error
        server = servers.get(api, server_id)
        if needless and needless(server):
            return None
        if servers.settled(server):
            explain(server, states, verb, refusal)
            refused_at_rest += 1  # what ran may have ended between the refusal and the look
            if refused_at_rest == TRIES:
                raise refusal
            wait.rest(wait.backoff(refused_at_rest))
        else:
            try:
                wait.until(lambda: servers.get(api, server_id), lambda seen: needless and needless(seen) or servers.settled(seen),
                           deadline - wait.now(), servers.title(server), task.params["wait_interval"])
            except errors.TimedOut as error:
                raise errors.TimedOut("%s was still at work after %d s (%s), and the cloud does not %s it meanwhile. Run the task again, or raise "
                                      "wait_timeout." % (servers.title(server), patience, wait.describe(server), verb),
                                      waited=patience, last_status=server.get("status")) from error


def explain(server, states, verb, refusal):
    """Raise what a refusal means, when the record of the server tells."""
    facts = {"http_status": 409, "request_id": refusal.facts.get("request_id")}
    if server.get("locked") or "locked" in refusal.text.lower():
        raise errors.WrongState("%s is locked, so the cloud does not %s it. Unlock it first (server_action: unlock), if whoever locked it "
                                "agrees." % (servers.title(server), verb), ids=[server["id"]], **facts) from refusal
    check_state(server, states, verb, **facts)


def check_state(server, states, verb, **facts):
    """Raise WrongState when a server, raw or a record, is in none of these statuses."""
    status = str(server.get("status", "")).upper()
    if states is None or status in states:
        return
    way = WAYS_OUT.get(status) if "ACTIVE" in states else None
    raise errors.WrongState("%s is %s; to %s it, it must be %s.%s" % (
        servers.title(server), status, verb, " or ".join(states), " Use server_action first: %s." % way if way else ""),
        ids=[server.get("id")], last_status=status, **facts)
