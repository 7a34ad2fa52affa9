# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What becomes of one server of a fleet: a Journey, a generator that yields what it needs and gets what came of it.

It needs Send, to have something done by the crew; Watch, to go on once the server is as it should be; Turn, before it takes a server out of
service; Back, when somebody else had done so and that is over. fleet_loop drives many of them side by side.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from . import creation, errors, metadata, records, server_plan, server_steps, servers
from .fleet_plan import INTERRUPTING
from .fleet_wish import KEY
from .plan import changed

AT_ONCE = ("update", "set_metadata", "remove_metadata")  # steps that are done when the request is answered
AWAY = ("ERROR", "REBUILD", "RESIZE", "REVERT_RESIZE", "MIGRATING")  # statuses of servers that are out of service; clouds derive them from the task too
YOUNG_ENOUGH = 30.0  # seconds that a list may be old by which a server is judged once more before its data are destroyed


class Send(NamedTuple):
    """work() is to be done by the crew."""

    work: object


class Watch(NamedTuple):
    """Wait until done(raw) is true, at most so many seconds. id: of the server; vanishes: its being gone is no surprise; name, fleet: of a
    new server, which has to be the only one of them; former: ids of those that went before it and may be shown for a while yet."""

    id: str
    done: object
    seconds: float
    vanishes: bool = False
    name: str = None
    fleet: str = None
    former: frozenset = frozenset()


class Turn(NamedTuple):
    """Wait until the server may be interrupted."""


class Back(NamedTuple):
    """The server was found out of service, and is in service again."""


class Doubled(Exception):
    """There is a member of the same name that stays instead of ours. id: of that one."""

    def __init__(self, other):
        super().__init__(other["id"])
        self.id = other["id"]


class Second(Exception):
    """There is a second server of our own create. server: that one, raw."""

    def __init__(self, server):
        super().__init__(server["id"])
        self.server = server


def out_of_service(record):
    """Whether a server is out of service; one that is not there never was in service."""
    return bool(record) and record.get("status") in AWAY


class Aide:
    """The task as server_steps knows it: one region, one server's options."""

    def __init__(self, task, region, options):
        self.cloud = region
        self.warn = task.warn
        self.results = {}
        # A build that fails is begun anew by the journey, and passwords are nobody's result here.
        self.params = dict(task.params, admin_password=options.get("admin_password"), ready_when=options.get("ready_when"),
                           on_error="fail", return_password=False)


class Journey:
    """What is done with one server, as a generator of what it needs: go().

    known: ids of the region's servers when the plan was made. after: rows that have to be as wished before this is begun.
    """

    def __init__(self, row, task, region, replan, known=frozenset(), after=()):
        self.row = row
        self.region = region
        self.replan = replan
        self.known = known
        self.after = after
        self.waits = task.params["wait"]
        self.batched = False  # True: others wait for their turn until this one is in service again
        self.built = set()  # ids of the servers that were made here
        self.identity = identity(row.now or {})  # by which it was chosen, and what we made of that
        self.former = {row.now["id"]} if row.now else set()  # ids of those that were here before the one that is built
        self.seconds = task.params["wait_timeout"]
        self.options = row.wish.options if row.wish else {}
        self.aide = Aide(task, region, self.options)
        self.waited_since = None

    def may_interrupt(self):
        """Whether a turn may be needed. What is done with a server that is still at work is known only when that is over."""
        return any(step.do in INTERRUPTING for step in self.row.plan.steps) or self.is_at_work() and (self.waits or changed(self.row.plan.steps))

    def is_at_work(self):
        """Whether something has to end before anything is begun."""
        return bool(self.row.plan.steps) and not self.row.plan.steps[0].changes

    def go(self):
        row = self.row
        while self.is_at_work() and (self.waits or changed(row.plan.steps) or self.batched and out_of_service(row.now)):
            step = row.plan.steps[0]
            with errors.Doing("%s %s" % (step.do.replace("_", " "), row.title)):
                started = server_steps.STEPS[step.do](self.aide, row.record, step)
                row.record = records.record((yield self.watch(row.record["id"], started.done, started.timeout)))
                if not out_of_service(row.record):
                    yield Back()
                self.check_identity(row.record)
            row.plan = yield Send(lambda: self.replan(row))
        steps = deque(row.steps)
        held = False
        while steps:
            step = steps.popleft()
            if step.do in INTERRUPTING and not held:
                held = yield Turn()
            with errors.Doing("%s %s" % (step.do.replace("_", " "), row.title)):
                try:
                    yield from self.take(step, last=not steps)
                except errors.Failed as failure:
                    if not self.may_build_anew(step, failure):
                        raise
                    self.aide.warn("%s It is deleted and built anew." % failure)
                    yield from self.discard(row.record)
                    row.record = None
                    steps.appendleft(step)

    def take(self, step, last):
        """Begin a step, and wait for it: always between two steps, after the last only when the user wants to."""
        row, now = self.row, self.row.record
        begun = yield Send(lambda: self.begin(step, now))
        if step not in row.done:
            row.done.append(step)
        if step.do in AT_ONCE:
            row.record, row.seen = server_plan.foresee(now, [step]), False
            name, key = self.identity
            self.identity = identity(server_plan.foresee({"name": name, "metadata": {KEY: key}}, [step]))
            return
        if step.do == "create":
            self.built.add(begun.id)
            row.record = dict(server_plan.new_record(step.after), id=begun.id, status="BUILD")
        row.seen = self.waits or not last or self.batched and step.do in INTERRUPTING
        if row.seen:
            raw = yield from self.arrival(begun)
            row.record = records.record(raw) if raw and step.do != "delete" else None

    def arrival(self, begun):
        """The raw server once it is as it should be."""
        while True:
            try:
                return (yield begun)
            except Second as second:
                yield from self.discard(records.record(second.server))
                begun = begun._replace(former=frozenset(self.former))
            except Doubled as double:
                # A create of an earlier run, broken off, came through after all. The older one stays; ours is not a minute old.
                self.aide.warn("There is another server %r of the fleet since, %s. It stays, and %s, just made, is deleted." % (
                    self.row.name, double.id, begun.id))
                yield from self.discard(self.row.record)
                begun = begun._replace(id=double.id, name=None, fleet=None)  # not ours: it goes for nobody
                self.row.record = dict(self.row.record, id=double.id)

    def discard(self, ours):
        """Delete a server that was made here, and wait until it counts no more: whatever is built next has its name. ours: a record."""
        self.former.add(ours["id"])
        begun = yield Send(lambda: self.delete(None, ours))
        yield begun._replace(done=lambda server: not servers.alive(server))

    def begin(self, step, now):
        """Start a step; the Watch for its end."""
        if step.do == "create":
            build = server_steps.Build(self.aide, step.body)
            return self.watch(build.id, build.goal, 1800)._replace(
                name=self.row.name, fleet=self.options["metadata"][KEY], former=frozenset(self.former))
        if step.do in ("delete", "rebuild"):
            self.check_again(now, step.do)
        if step.do == "delete":
            return self.delete(step, now)
        started = server_steps.STEPS[step.do](self.aide, now, step)
        return self.watch(now["id"], started.done, started.timeout)

    def check_again(self, now, verb):
        """Raise Protected when the server is not what it was when the plan was made: that may be long ago, and others work here too."""
        compute = self.region.compute
        ours = any(step.do in AT_ONCE for step in self.row.done)  # what we changed ourselves an older list does not show
        servers_now = compute.servers(anew=True) if ours else compute.young(YOUNG_ENOUGH)
        listed = next((server for server in servers_now if server["id"] == now["id"]), None)
        if listed is None:
            return  # gone, or too young to be shown
        if metadata.is_protected(listed.get("metadata")) and not self.aide.params["ignore_protection"]:
            raise changed_meanwhile(now, "it carries %s now" % metadata.PROTECTED)
        if verb == "delete" and self.row.wanted and listed.get("status") != "ERROR":
            raise changed_meanwhile(now, "it is %s now, no longer in ERROR" % listed.get("status"))
        self.check_identity(listed)

    def check_identity(self, server):
        """Raise Protected when a server, raw or a record, has another name or key by now than it was chosen by. An id stays what it is."""
        (name, key), (found, found_key) = self.identity, identity(server)
        if self.row.by_id:
            return
        if found != name:
            raise changed_meanwhile(server, "its name is %r now" % found)
        if found_key != key:
            raise changed_meanwhile(server, "its metadata item %s is %r now, and was %r" % (KEY, found_key, key))

    def delete(self, step, now):
        """Start to delete the server, once more when the answer gets lost and it is still there."""
        def going():
            return not any(server["id"] == now["id"] and servers.alive(server) for server in self.region.compute.servers(anew=True))
        creation.once(lambda: server_steps.STEPS["delete"](self.aide, now, step), going)
        wanted = servers.deleted_from(now["status"]) if self.aide.params["delete_wait"] == "gone" else lambda server: not servers.alive(server)
        return self.watch(now["id"], wanted, 900, vanishes=True)

    def watch(self, server_id, done, seconds, vanishes=False):
        return Watch(server_id, done, seconds if self.seconds is None else self.seconds, vanishes)

    def may_build_anew(self, step, failure):
        return (step.do == "create" and failure.facts.get("last_status") == "ERROR" and self.options.get("on_error") == "recreate"
                and (self.row.record or {}).get("id") in self.built and len(self.built) < server_steps.BUILDS)


def identity(server):
    """(name, key) of a server, raw or a record: what makes it a member."""
    return server.get("name"), (server.get("metadata") or {}).get(KEY)


def changed_meanwhile(server, found):
    """The Protected that leaves a server alone."""
    return errors.Protected("since the plan was made somebody changed it: %s. It is left alone. Run the task again to have a new plan." % found,
                            ids=[server["id"]])
