# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Carries out the plan for a fleet: the Loop drives the journeys of all servers side by side, and says which of them may go on.

Whatever is watched in a region is looked at with one list.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from . import creation, errors, progress, records, servers, wait
from .fleet_crew import Crew
from .fleet_journey import Back, Doubled, Journey, Second, Send, Watch, out_of_service
from .fleet_plan import not_replaced
from .fleet_wish import KEY

SILENCE = 30.0  # seconds after which is told again what is waited for


class Watched:
    """A Watch at work."""

    def __init__(self, watch):
        self.watch = watch
        self.began = wait.now()
        self.seen = None
        self.trouble = None

    def arrived(self, look, journey, now):
        """Whether the server is as it should be, by a Look. Raises what makes it useless to go on waiting."""
        self.trouble = look.trouble
        if look.trouble:
            if not look.trouble.passing:
                raise of_its_own(look.trouble)
        else:
            self.seen = look.server
            if look.namesake:
                self.check_namesake(look.namesake, journey.known)
            if self.watch.done(self.patient(now)):
                return True
        self.overdue(journey.row.title, now)
        return False

    def patient(self, now):
        """What was seen, or, of a server so young that lists may not show it yet, what it was when it was last heard of."""
        if self.seen is None and not self.watch.vanishes and now - self.began < creation.YOUNG:
            return {"id": self.watch.id, "status": "BUILD"}
        return self.seen

    def check_namesake(self, other, known):
        """Raise Doubled when the other is the older, Ambiguous when it is not: then whoever made it deletes it, or the user.

        One in ERROR is nobody's server, and one that was there when the plan was made is no late create: ours does not go for them.
        Of two that one create made, Second for the one that is not watched, unless ours alone is in ERROR.
        """
        if creation.of_one_create(other, self.seen):
            raise Doubled(other) if self.seen.get("status") == "ERROR" != other.get("status") else Second(other)
        late = other.get("status") != "ERROR" and other["id"] not in known
        if late and (other.get("created") or "", other["id"]) < (self.seen.get("created") or "~", self.watch.id):
            raise Doubled(other)
        raise errors.Ambiguous("there is another server %r of the fleet since, %s, beside %s. If it is still there in a minute, delete one of them."
                               % (self.watch.name, other["id"], self.watch.id), ids=[other["id"], self.watch.id])

    def overdue(self, title, now):
        """Raise TimedOut when the time is over."""
        spent = now - self.began
        if spent >= self.watch.seconds:
            raise errors.TimedOut("after %d s %s was %s%s. Run the task again to go on waiting, or raise wait_timeout (now %d s)." % (
                spent, wait.named(title, self.seen or {"id": self.watch.id}), wait.describe(self.seen) if self.seen else "not seen",
                "; the last look failed: %s" % self.trouble if self.trouble else "", self.watch.seconds),
                waited=int(spent), last_status=(self.seen or {}).get("status"))


class Loop:
    """Drives journeys. phases: lists of Journeys, each phase begun when the one before is over.

    most_away: how many servers may be out of service at once; away: the rows of those that are already.
    """

    def __init__(self, phases, concurrency, most_away, away, stop_on_failure, interval=None):
        self.phases = deque(deque(phase) for phase in phases)
        self.total = sum(map(len, phases))
        self.concurrency = concurrency
        self.crew = Crew(concurrency + 4)  # those who look are not counted
        self.sending = 0
        self.ready = deque()  # (journey, generator, work): to be sent as soon as somebody is free
        self.going = {}  # journey: its generator
        self.watched = {}  # journey: Watched
        self.waiting = deque()  # journeys that wait for their turn
        self.most_away, self.away = most_away, set(away)
        self.stop_on_failure, self.interval = stop_on_failure, interval
        self.stopped = None  # why nothing more is begun
        self.full = {}  # region: the row that was refused for a quota
        self.looking = set()
        self.faults = {}  # id: the fault of a server in ERROR that lists show without; asked for once
        self.pauses, self.next_look = wait.pauses(interval), None
        self.over = 0
        self.told = wait.now()

    def run(self):
        while True:
            self.admit()
            if not (self.going or any(self.phases)):
                break
            if not self.crew.busy and not self.watched:
                self.give_up_waiting()
                continue
            self.look()
            pause = max(0.0, self.next_look - wait.now()) if self.next_look is not None else 60.0
            if self.crew.busy:
                self.take_in(self.crew.finished(pause))
            else:
                wait.rest(pause)
        self.crew.dismiss()

    # who may go on

    def admit(self):
        """Begin as much as may be begun."""
        while self.sending < self.concurrency:
            if not self.ready and not self.begin_next():
                return
            while self.ready and self.sending < self.concurrency:
                journey, work = self.ready.popleft()
                self.sending += 1
                self.crew.submit(journey, work)

    def begin_next(self):
        """Begin one more journey; False when there is none to begin now."""
        while self.phases and not self.phases[0] and not self.going:
            self.phases.popleft()
        if not self.phases or not self.phases[0]:
            return False
        journey = self.phases[0].popleft()
        reason = self.forbidden(journey)
        if reason:
            self.leave_out(journey, reason)
        else:
            self.going[journey] = journey.go()
            self.advance(journey)
        return True

    def forbidden(self, journey):
        """Why a journey is not begun, or None."""
        if self.stopped:
            return self.stopped
        wrong = next((row for row in journey.after if row.error), None)
        if wrong:
            return not_replaced(wrong)
        full = self.full.get(journey.region)
        if full and any(step.do == "create" for step in journey.row.steps):
            return "%s was refused for a quota that is used up" % full.title
        return None

    def stop(self, reason):
        """Have nothing more begun. What runs goes on to its end."""
        self.stopped = self.stopped or reason

    def leave_out(self, journey, reason):
        """Let a server be as it is."""
        journey.row.error = errors.WrongState("not %s: %s." % ("finished" if journey.row.done else "begun", reason))
        self.over += 1

    def give_up_waiting(self):
        """Nobody moves any more: those who still wait for their turn never get it."""
        for journey in self.waiting:
            self.going.pop(journey).close()
            self.leave_out(journey, "max_unavailable is %d, and out of service %s %s" % (
                self.most_away, "is" if len(self.away) == 1 else "are", ", ".join(sorted(row.title for row in self.away))))
        self.waiting.clear()

    # journeys

    def advance(self, journey, value=None, error=None):
        """Let a journey go on until it needs something."""
        generator = self.going[journey]
        try:
            wanted = generator.throw(error) if error is not None else generator.send(value)
        except StopIteration:
            self.arrive(journey)
        except errors.CloudError as failure:
            self.fail(journey, failure)
        except Exception as error:
            self.fail(journey, self.expected(error, journey.row.title))
        else:
            if isinstance(wanted, Send):
                self.ready.append((journey, wanted.work))
            elif isinstance(wanted, Watch):
                self.watched[journey] = Watched(wanted)
                if self.next_look is None:
                    self.look_soon()
            elif isinstance(wanted, Back):
                self.away.discard(journey.row)
                self.give_turns()
                self.advance(journey)
            else:
                self.waiting.append(journey)
                self.give_turns()

    def expected(self, error, what):
        """The error as a CloudError. One that is none is a bug of ours: nothing more is begun, but what was done all the same is told."""
        if error is None or isinstance(error, errors.CloudError):
            return error
        self.stop("with %s the collection itself failed" % what)
        return told_as_bug(error)

    def arrive(self, journey):
        del self.going[journey]
        self.away.discard(journey.row)
        self.over += 1
        self.tell("%s: %s" % (journey.row.name, done_words(journey.row)))
        self.give_turns()

    def fail(self, journey, failure):
        row = journey.row
        del self.going[journey]
        row.error = failure
        self.over += 1
        self.tell("%s: failed: %s" % (row.name, failure))
        if row.wanted and out_of_service(row.record):
            self.away.add(row)
        elif isinstance(failure, errors.Protected):
            self.away.discard(row)  # nothing was sent, so it is in service
        if self.stop_on_failure:
            self.stop("on_failure is stop, and %s failed" % row.title)
        if getattr(failure, "quota", False) and any(step.do == "create" for step in row.steps):  # what is too large to grow leaves room to others
            self.full[journey.region] = row
        self.give_turns()

    def give_turns(self):
        """Let go on who waits, as far as enough others are in service."""
        while self.waiting:
            journey = self.waiting[0]
            if self.stopped:
                self.waiting.popleft()
                self.going.pop(journey).close()
                self.leave_out(journey, self.forbidden(journey))
            elif len(self.away - {journey.row}) < self.most_away:
                self.waiting.popleft()
                self.away.add(journey.row)
                self.advance(journey, True)
            else:
                return

    # looking

    def look_soon(self):
        self.pauses = wait.pauses(self.interval)
        self.next_look = wait.now() + next(self.pauses)

    def look(self):
        """Have the crew list the servers of each region in which something is watched, when it is time."""
        if self.next_look is None or wait.now() < self.next_look:
            return
        if not self.watched:
            self.next_look = None
            return
        for region in {journey.region for journey in self.watched} - self.looking:
            watches = [one.watch for journey, one in self.watched.items() if journey.region is region]
            self.looking.add(region)
            self.crew.submit(region, lambda region=region, watches=watches: seen(region, watches, self.faults))
        self.next_look = wait.now() + next(self.pauses)

    def take_in(self, finished):
        """Go on with what the crew brought."""
        if finished is None:
            return
        who, value, error = finished
        if error is not None and not isinstance(error, Exception):
            raise error  # the task is to end
        if not isinstance(who, Journey):
            self.looking.discard(who)
            self.judge(who, value, self.expected(error, "a look at the servers"))
            return
        self.sending -= 1
        if who in self.going:
            self.advance(who, value, self.expected(error, who.row.title))
        if not self.sending and not self.ready and self.watched:
            self.look_soon()  # all that was to be sent is sent: from now on it is only waited

    def judge(self, region, found, error):
        """Look at every watched server of a region. found: as seen() gives it, None after an error."""
        now = wait.now()
        for journey, one in list(self.watched.items()):
            if journey.region is not region or found is not None and one.watch.id not in found:
                continue
            failure = None
            try:
                if not one.arrived(Look(None, None, error) if found is None else found[one.watch.id], journey, now):
                    continue
            except (Doubled, Second) as found_too:
                failure = found_too
            except Exception as wrong:
                failure = self.expected(wrong, journey.row.title)
            del self.watched[journey]
            if failure and one.seen:
                journey.row.record = records.record(one.seen)
            self.advance(journey, one.seen, failure)
        self.next_look = max(self.next_look or now, now + min(now - self.asked_at(region), wait.LONGEST_PAUSE)) if self.watched else None
        if self.watched and now - self.told >= SILENCE:
            self.tell("waiting for " + in_words(self.watched.values()))

    @staticmethod
    def asked_at(region):
        return region.compute.listed_at

    def tell(self, what):
        self.told = wait.now()
        progress.say("[%d/%d] %s" % (self.over, self.total, what))


class Look(NamedTuple):
    """What a look at a watched server showed. server: raw, or None; namesake: a member of the same name, or None; trouble: the CloudError that
    kept this one server from being seen, or None."""

    server: dict
    namesake: dict
    trouble: object = None


def seen(region, watches, faults):
    """{id: Look} of the watched servers, by one list. What is missing is asked for by itself, and, once, what is broken without a word.

    faults: {id: fault or None} of those that were asked for; it is added to.
    """
    listed = {server["id"]: server for server in region.compute.servers(anew=True)}
    by_name = {}
    for server in listed.values():
        if servers.alive(server):
            by_name.setdefault(server.get("name"), []).append(server)
    found = {}
    for watch in watches:
        server, trouble = listed.get(watch.id), None
        if server is None and not watch.vanishes:
            try:
                server = servers.get(region.compute, watch.id)
            except errors.CloudError as error:  # the others of the region are well
                trouble = error
        elif server and server.get("status") == "ERROR" and not server.get("fault") and not watch.vanishes:
            if watch.id not in faults:
                faults[watch.id] = fault_told(region, watch.id)
            server = dict(server, fault=faults[watch.id]) if faults[watch.id] else server
        # Before ours is seen, nobody can tell whether the other is one of its own create.
        namesake = server and next((other for other in by_name.get(watch.name, ()) if belongs(other, watch)), None)
        found[watch.id] = Look(server, namesake, trouble)
    return found


def fault_told(region, server_id):
    """The fault of a server, raw, as it tells by itself; None when it does not."""
    try:
        return (servers.get(region.compute, server_id) or {}).get("fault")
    except errors.CloudError:  # it will do without a reason
        return None


def belongs(other, watch):
    """Whether another raw server is of the fleet of a Watch for a new one, and none that goes for it."""
    return (watch.fleet is not None and other["id"] != watch.id and other["id"] not in watch.former
            and (other.get("metadata") or {}).get(KEY) == watch.fleet)


def of_its_own(error):
    """A twin of a CloudError, for one of many journeys that it ends: each notes in its facts what it was doing."""
    twin = error.__class__.__new__(error.__class__, *error.args)
    twin.__dict__.update(error.__dict__, facts=dict(error.facts))
    return twin


def told_as_bug(error):
    """The CloudError that tells of an error that nobody foresaw; its traceback is the fact «exception», which Ansible shows."""
    import traceback
    place = traceback.extract_tb(error.__traceback__)[-1]
    return errors.CloudError(
        "%s: %s (%s, line %s). This is a bug of the collection; please report it, with the traceback that Ansible shows on demand."
        % (type(error).__name__, error, place.filename.rpartition("/")[2], place.lineno),
        exception="".join(traceback.format_exception(type(error), error, error.__traceback__)))


def done_words(row):
    """What was done with a server, for people who watch."""
    return "%s, %s" % (", ".join(step.do.replace("_", " ") for step in row.done) or "waited for", (row.record or {}).get("status", "gone"))


def in_words(watched):
    """What is waited for, by status: "12 BUILD, 3 REBUILD"."""
    found = {}
    for one in watched:
        status = (one.seen or {}).get("status", "not seen yet")
        found[status] = found.get(status, 0) + 1
    return ", ".join("%d %s" % (number, status) for status, number in sorted(found.items()))
