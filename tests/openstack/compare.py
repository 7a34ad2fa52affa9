# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Keeps the sandbox honest: holds one conversation with it and with the real cloud, side by side, and tells where they differ."""

from __future__ import annotations

import concurrent.futures
import json
import re
import sys

import contents
import leftovers
from checkout import WORK
from client import Session
from clouds import sandbox
from exchanges import SPEAKER, Conversation, hold
from settings import HERE, HOME, PAGE, PASSWORD, REGION, CloudFailed
from shapes import differences, essence

# Where the two may differ: (question, place, reason), both regular expressions for the whole of it.
EXPLAINED = (
    ("log in with nothing", r"\.error\.message", "Keystone appends the whole schema that the body does not fit"),
    ("log in with an application credential", r"\.token\.application_credential\.id", "the sandbox has a fixed id that people can remember"),
    ("networks?( created|, by name)?", r"\.networks?(\[\])?\.availability_zones\[\]", "this Neutron has no agents, and therefore no zones"),
    ("user changed to nonsense", r"\.error\.message", "Keystone and Nova take different words for true and false"),
)


def compare():
    """Print every difference that is not explained; how many there are."""
    leftovers.clear(SPEAKER)
    with sandbox(HERE.parent / "sandbox", sys.executable, "openstack", HOME / "sandbox", ["--build-time", "1", "--page-size", str(PAGE)]) as embedded:
        def at_the_sandbox(user):
            project = "demo" if user == "admin" else contents.USERS[user]
            return Session(embedded.auth["auth_url"], user, contents.PASSWORDS.get(user, PASSWORD), project, REGION)

        def at_the_real_one(user):
            return contents.admin("demo") if user == "admin" else contents.login(user)

        with concurrent.futures.ThreadPoolExecutor() as pool:
            held = [pool.submit(_held, login) for login in (at_the_sandbox, at_the_real_one)]
            ours, real = [each.result() for each in held]
    return _report(ours, real)


def _held(login):
    conversation = Conversation(login)
    try:
        hold(conversation)
    except (CloudFailed, KeyError, TypeError) as error:
        # The other side goes on: what was said so far tells what is the matter.
        conversation.broken = "%s: %s" % (type(error).__name__, error)
    return conversation


def _report(ours, real):
    _keep(ours, real)
    used, found, explained = set(), 0, 0
    for name in real.answers:
        for place, here, there in differences(_essence(ours, name), essence(real.answers[name])):
            reasons = [row for row in EXPLAINED if re.fullmatch(row[0], name) and re.fullmatch(row[1], place)]
            used.update(reasons)
            if reasons:
                explained += 1
                continue
            found += 1
            print("differs: %s: %s\n    sandbox: %s\n    real:    %s" % (name, place or "body", " | ".join(here) or "-", " | ".join(there) or "-"))
    idle = [row for row in EXPLAINED if row not in used]
    for row in idle:
        print("explained, and not so: %s: %s (%s)" % row)
    broken = [(side, each.broken) for side, each in (("sandbox", ours), ("real cloud", real)) if each.broken]
    for row in broken:
        print("broken off at the %s: %s" % row)
    print("%d questions to the sandbox and to the real cloud: %d differences%s" % (
        len(real.answers), found, ", and %d for %d known reasons" % (explained, len(EXPLAINED) - len(idle)) if explained else ""))
    return found + len(idle) + len(broken)


def _essence(conversation, name):
    return essence(conversation.answers[name]) if name in conversation.answers else {}


def _keep(ours, real):
    """Write all that was said, for whoever looks into a difference."""
    results = WORK / "results"
    results.mkdir(parents=True, exist_ok=True)
    said = {name: {side: vars(each.answers[name]) for side, each in (("sandbox", ours), ("real", real)) if name in each.answers} for name in real.answers}
    (results / "comparison.json").write_text(json.dumps(said, indent=1))
