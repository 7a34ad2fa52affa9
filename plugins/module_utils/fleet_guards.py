# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What a plan for a fleet may not do: looked at before anything is sent. Pure, but for the limits, which it is handed."""

from __future__ import annotations

import re

from . import errors, limits, server_plan
from .fleet_plan import listed
from .fleet_wish import in_region


def check_wish(params):
    """Refuse options that would delete what nobody named. Raises Protected and BadInput."""
    if params["ids"] is not None:
        others = [name for name in ("servers", "groups", "pattern") if params[name] is not None] + [name for name in ("purge",) if params[name]]
        if params["state"] != "absent" or others:
            raise errors.BadInput("ids says exactly which servers to delete, so it goes with state: absent, and without %s."
                                  % (" and ".join(others) or "any other state"))
    elif params["state"] == "absent" and not any(params[name] for name in ("servers", "groups", "pattern")):
        raise errors.Protected("state is absent, and nothing says what the fleet's servers are called. Their metadata alone do not "
                               "decide, since any member of the project can write them: give pattern, groups, servers or ids.")
    if params["max_delete"] < 0:
        raise errors.BadInput("max_delete is %d. Write how many servers may be deleted at most." % params["max_delete"])
    if params["concurrency"] < 1:
        raise errors.BadInput("concurrency is %d. Write how many requests may be on their way at once, at least 1." % params["concurrency"])


def check_not_empty(wishes, params):
    """Refuse to purge a fleet that is wished to have no server at all: a list that came out empty looks the same."""
    wanted = any(wish.options["state"] != "absent" for wish in wishes.servers) or any(group.count for group in wishes.groups)
    if params["purge"] and params["state"] == "present" and not wanted:
        raise errors.Protected("purge is true, and neither servers nor groups wish for a single server. If the fleet %r is to go, write "
                               "state: absent, with pattern or groups." % wishes.fleet)


def check_deletes(rows, most):
    """Refuse a plan that deletes more servers than allowed."""
    going = [row.now for row in rows if deletes(row)]
    if len(going) > most:
        raise errors.Protected("max_delete is %d, and the plan deletes %d server%s: %s. Nothing was changed. Look at the plan with --check "
                               "--diff; if it is right, set max_delete: %d." % (most, len(going), "s" * (len(going) > 1), listed(going), len(going)),
                               ids=[record["id"] for record in going])


def deletes(row):
    return row.verb in ("delete", "recreate")


def check_protected(rows):
    """Refuse a plan that would destroy a protected server; planning has found them out."""
    found = [row for row in rows if isinstance(row.error, errors.Protected)]
    if len(found) == 1:
        raise found[0].error
    if found:
        raise errors.Protected("%d servers are marked as protected (ansible_protected in their metadata), and the plan would delete, rebuild or "
                               "recreate them: %s. Nothing was changed. Remove that item, or set ignore_protection: true."
                               % (len(found), listed([row.now for row in found])), ids=[row.now["id"] for row in found])


def check_room(rows, free, flavors, region):
    """Refuse what the account has no room for. free: limits.get(); flavors: all raw flavors of the region, with their sizes."""
    sizes = {str(flavor["id"]): flavor for flavor in flavors}
    taken = {"instances": 0, "cores": 0, "ram": 0}
    for row in rows:
        for step in row.steps:
            if step.do == "create" and row.verb == "create":
                taken["instances"] += 1
                grow(taken, sizes.get(step.after.get("flavor")), {})
            elif step.do in ("create", "resize"):  # instead of what is there
                wanted = step.after if step.do == "resize" else step.after.get("flavor")
                grow(taken, sizes.get(wanted), sizes.get(server_plan.identifier(row.now["flavor"])))
    short = limits.missing(free, {what: number for what, number in taken.items() if number})
    if short:
        raise errors.Protected("the plan needs more than this account has free%s: %s. Nothing was changed. Wish for less, delete something first, or "
                               "have the limits raised (see limits_info)." % (in_region(region), "; ".join(short)))


def check_rate(rows, rates, address, region):
    """Refuse more creates than the cloud takes today. rates: those of limits.get(); address: of the creates."""
    creates = sum(step.do == "create" for row in rows for step in row.steps)
    for rate in rates:
        if rate.get("unit") not in ("HOUR", "DAY") or rate.get("verb") != "POST" or rate.get("remaining", creates) >= creates:
            continue
        if matches(rate.get("regex") or ".*", limits.path_of(address)):
            raise errors.Protected("the plan creates %d servers%s, and the cloud takes %d more of %d a %s. Nothing was changed. Wish for less, or run the "
                                   "task again from %s on." % (creates, in_region(region), rate["remaining"], rate["value"], rate["unit"].lower(),
                                                               rate.get("next_available") or "then"))


def matches(regex, path):
    try:
        return bool(re.match(regex, path))
    except re.error:  # theirs; a refusal will tell
        return False


def grow(taken, new, old):
    """Add what a server grows by. One that shrinks makes no room yet: nobody knows which comes first. old: {} where there is none before, None for
    a flavor that is no longer listed; how much it grows then, the cloud will tell."""
    if new and old is not None:
        for what, part in (("cores", "vcpus"), ("ram", "ram")):
            taken[what] += max(0, (new.get(part) or 0) - (old.get(part) or 0))
