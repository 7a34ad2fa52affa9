# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The verbs of a server: plain functions, an Api and dicts in, raw dicts out; and what «done» looks like."""

from __future__ import annotations

import re
from urllib.parse import quote

from . import errors, metadata_items, wait

TASK = "OS-EXT-STS:task_state"
PASSING = ("BUILD", "REBUILD", "REBOOT", "HARD_REBOOT", "PASSWORD", "RESIZE", "REVERT_RESIZE", "MIGRATING")
# What ready_when waits for: the metadata key, the values that are good, and those that never will be.
AUTOMATIONS = {
    "rackconnect": ("rackconnect_automation_status", ("DEPLOYED", "UNPROCESSABLE"), ("FAILED",)),
    "managed_cloud": ("rax_service_level_automation", ("Complete",), ("Build Error", "Authentication Error")),
}
GRACE = 5.0  # seconds in which a server may still look as it did before the action that was just accepted
METACHARACTERS = re.compile(r"([.^$*+?{}\[\]\\|()])")


def exactly(name):
    """The ``name`` filter, which is an unanchored regular expression of the cloud's database, for one whole name."""
    return "^%s$" % METACHARACTERS.sub(r"\\\1", name)


def every(api, query=None):
    """All servers that match a query, in full, without those that are gone (unless changes-since asks for them)."""
    found = api.everything("/servers/detail", "servers", query)
    return found if "changes-since" in (query or {}) else [server for server in found if alive(server)]


def named(api, name):
    """The servers of exactly this name."""
    return [server for server in every(api, {"name": exactly(name)}) if server.get("name") == name]


def get(api, server_id):
    """One server, or None when it is gone."""
    return api.find(path(server_id), key="server")


def create(api, body):
    """Start to build a server. body: the whole request, {server: {…}, …}. Returns {id, adminPass?, …}."""
    return api.made("/servers", body, "server")


def update(api, server_id, fields):
    """Change name and access addresses; fields has the names of the API."""
    api.put(path(server_id), {"server": fields})


def delete(api, server_id):
    """Start to delete a server; one that is gone already is fine."""
    api.remove(path(server_id))


def act(api, server_id, action, arguments=None, resend=False):
    """Post an action: its name in the API and what goes with it. Returns the body of the answer, a dict, often empty.

    resend: that it only reads, so that it is sent again whatever became of it. Clouds are known to refuse the token, or to answer 503, and to
    carry out the action all the same: a reboot would be one too many then.
    """
    return api.write("POST", path(server_id) + "/action", {action: arguments}, resend=resend).fields


def set_metadata(api, server_id, items):
    """Add and change items; the others stay."""
    metadata_items.update(api, path(server_id), items)


def remove_metadata(api, server_id, keys):
    """Remove items, one request each, so that what others add meanwhile stays. One that is gone already is fine."""
    for key in keys:
        metadata_items.remove(api, path(server_id), key)


def path(server_id):
    return "/servers/%s" % quote(server_id, safe="")


def addresses(api, server_id, label=None):
    """{label: [{addr, version}]}, of one network when a label is given; {} when the server is not on it."""
    ips = path(server_id) + "/ips"
    if label is None:
        return api.find(ips, key="addresses", needs=None) or {}
    return api.find("%s/%s" % (ips, quote(label, safe=""))) or {}


def alive(server):
    """False for what is deleted or on its way: such a server does not count any more."""
    return bool(server) and str(server.get("status", "")).upper() not in ("DELETED", "SOFT_DELETED") and server.get(TASK) != "deleting"


def title(server):
    """How messages name a server."""
    return "server %r (%s)" % (server.get("name") or "", server.get("id"))


def fault_of(server):
    """Why a server is in ERROR, in a sentence."""
    fault = server.get("fault") or {}
    return "%s%s" % (fault.get("message") or "the cloud gives no reason",
                     " (code %s)" % fault["code"] if fault.get("code") else "")


def reaches(*statuses):
    """A predicate: the server has one of these statuses and no task runs. Raises when it never will: in ERROR, or gone."""
    def done(server):
        there(server)
        status = str(server.get("status", "")).upper()
        if broken(server) and "ERROR" not in statuses:
            raise errors.Failed("%s is in ERROR: %s. Look at the fault, then delete or rebuild it (server: on_error)."
                                % (title(server), fault_of(server)), ids=[server.get("id")], last_status="ERROR")
        return status in statuses and not server.get(TASK)
    return done


def settled(server):
    """A predicate: no task runs and the status is one that lasts. Raises when the server is gone."""
    return there(server) and not server.get(TASK) and str(server.get("status", "")).upper() not in PASSING


def ready(*automations):
    """A predicate: these automations of Rackspace are through with the server. They begin after it is ACTIVE, and say so in
    its metadata. Raises when one of them failed."""
    def done(server):
        said = (server or {}).get("metadata") or {}
        for name in automations:
            key, good, bad = AUTOMATIONS[name]
            if said.get(key) in bad:
                raise errors.Failed("%s is ACTIVE, but its automation failed: %s is %r. Ask Rackspace's support, or leave %s out of "
                                    "ready_when." % (title(server), key, said[key], name), ids=[server.get("id")])
            if said.get(key) not in good:
                return False
        return True
    return done


def over(was, goal, what):
    """A predicate: an action that was just accepted is over, and goal(server) holds. was: the status before it.

    Right after the answer a server may look as before for a moment. A look that shows the old status and no task counts
    only once the cloud was seen at work, or GRACE has passed. Raises when the server is gone, in ERROR or somewhere else.
    """
    began = wait.now()
    seen = []

    def done(server):
        if not settled(server):
            seen.append(True)
            return False
        status = str(server.get("status", "")).upper()
        if not seen and status == was and wait.now() - began < GRACE:
            return False
        if goal(server):
            return True
        if status == "ERROR":
            raise errors.Failed("%s is in ERROR: %s. Look at the fault; a hard reboot or a rebuild may bring it back (server_action)."
                                % (title(server), fault_of(server)), ids=[server.get("id")], last_status="ERROR")
        if seen:
            raise errors.Failed("%s is %s: the cloud gave up to %s it. Look at its limits and hosts, then run the task again."
                                % (title(server), status, what), ids=[server.get("id")], last_status=status)
        return False
    return done


def both(first, second):
    """A predicate: the first, and then the second."""
    return lambda server: first(server) and second(server)


def gone(server):
    """A predicate: the server is no more."""
    return server is None or str(server.get("status", "")).upper() in ("DELETED", "SOFT_DELETED")


def there(server):
    """A predicate: the server is there. Raises when it is gone."""
    if gone(server):
        raise errors.Failed("the server is gone: somebody deleted it meanwhile. Run the task again to see what is there.")
    return True


def broken(server):
    """Whether a server, raw, is in ERROR and nothing is going on that may end that."""
    return str(server.get("status", "")).upper() == "ERROR" and not server.get(TASK)


def deleted_from(status):
    """A predicate: the server is no more. Raises when the cloud failed to delete it: in ERROR, and it was not before."""
    def done(server):
        if not gone(server) and broken(server) and status != "ERROR":
            raise errors.Failed("%s went to ERROR instead: %s. Delete it again; if it stays, ask the operator of the cloud."
                                % (title(server), fault_of(server)), ids=[server["id"]])
        return gone(server)
    return done
