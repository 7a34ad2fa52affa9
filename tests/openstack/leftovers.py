# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Removes what tests that broke off have left in the cloud, so that the next begin as on its first day."""

from __future__ import annotations

import contents
from processes import until

SECONDS = 120
# What a project may hold: service, path, name of the list. What depends on others comes before them.
KINDS = (("compute", "/servers", "servers"), ("volumev3", "/snapshots", "snapshots"), ("volumev3", "/volumes", "volumes"),
         ("network", "/floatingips", "floatingips"), ("network", "/ports", "ports"), ("network", "/networks", "networks"),
         ("image", "/images?visibility=private", "images"))


def clear(user):
    """Empty the project of a user, and forget users that were not there from the start."""
    session = contents.login(user)
    for kind in KINDS:
        until("nothing is left of %s" % kind[2], lambda kind=kind: not _removed(session, *kind), SECONDS)
    for pair in session.ask("GET", "compute", "/os-keypairs")["keypairs"]:
        session.ask("DELETE", "compute", "/os-keypairs/" + pair["keypair"]["name"])
    admin = contents.admin()
    for record in admin.ask("GET", "identity", "/users")["users"]:
        if record["name"] not in {"admin", *contents.SERVICE_USERS, *contents.USERS}:
            admin.ask("DELETE", "identity", "/users/" + record["id"])


def _removed(session, service, path, kind):
    """Ask for the end of all records of a kind that are the project's own; how many there were."""
    own = [record for record in session.ask("GET", service, path)[kind]
           if record.get("tenant_id", record.get("owner", session.project_id)) == session.project_id]
    for record in own:
        if service == "compute":
            session.send("POST", service, "/servers/%s/action" % record["id"], {"unlock": None})
        session.send("DELETE", service, "%s/%s" % (path.partition("?")[0], record["id"]))
    return len(own)
