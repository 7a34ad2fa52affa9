# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Which servers are the fleet's, which of them stay, which go, and what is to be done with each. Pure.

A member carries the name of the fleet in its metadata *and* has a name that fits: any member of the project can write metadata, so
that alone gives nobody's server away.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from . import errors, server_plan, servers
from .fleet_wish import KEY, Wish, in_region
from .plan import Plan, changed

# What is told of a server, by its weightiest step, and the steps that say so.
VERBS = (("create", ("create",)), ("delete", ("delete",)), ("rebuild", ("rebuild",)), ("resize", ("resize", "confirm_resize")),
         ("power", tuple(server_plan.START.values()) + tuple(server_plan.STOP.values())),
         ("update", ("update", "set_metadata", "remove_metadata")))
INTERRUPTING = ("resize", "rebuild")  # steps that take a server out of service for a while
BY_ID = "its id is given"

# delete_order: a key by which the servers that go first come first; number is that of the name.
FIRST_TO_GO = {
    "errored": lambda record, number: record.get("status") != "ERROR",
    "oldest": lambda record, number: (record.get("created") or "", -number),
    "newest": lambda record, number: Backwards((record.get("created") or "", number)),
    "highest_number": lambda record, number: -number,
}


class Backwards(NamedTuple):
    """Sorts the other way round."""

    key: object

    def __lt__(self, other):
        return other.key < self.key


class Matched(NamedTuple):
    """pairs: [(Wish, record or None)]; leaving: [(region, record, why)] of what is to be deleted; surplus: the same of what would be
    with purge; strangers: the same of what looks like a member and is none."""

    pairs: list
    leaving: list
    surplus: list
    strangers: list

    @property
    def ids(self):
        """The ids, in small letters, of what the task means, whether it stays or goes."""
        return {record["id"].lower() for record in [record for _wish, record in self.pairs if record] + [record for _region, record, _why in self.leaving]}


def counts(server):
    """Whether a raw server is there at all: not deleted, nor on its way."""
    return servers.alive(server)


def share(text, number):
    """How many max_unavailable is: a number, or that part of so many servers in percent, at least 1. Raises BadInput."""
    word = str(text).strip()
    share_of = word[:-1].strip() if word.endswith("%") else word
    if not share_of.isdecimal() or not int(share_of) or word != share_of and int(share_of) > 100:
        raise errors.BadInput("max_unavailable is %r. Write how many servers may be out of service at once, as 2 or 25%%." % text)
    return max(1, number * int(share_of) // 100) if word != share_of else int(share_of)


def failure(fleet, rows, number):
    """The Failed that tells of the rows that did not come true; equal reasons are told once."""
    reasons = {}
    for row in rows:
        reasons.setdefault(str(row.error).replace(" %s:" % row.title, " it:", 1), []).append(row)
    told = ["%s: %s" % (", ".join(row.name for row in found[:10]) + (" and %d more" % (len(found) - 10) if len(found) > 10 else ""), reason)
            for reason, found in list(reasons.items())[:5]]
    rest = len(reasons) - len(told)
    return errors.Failed("%d of %d servers of the fleet %r are not as wished. %s%s The rest is told in servers; the task, run again, goes on from "
                         "there." % (len(rows), number, fleet, " ".join(told), " (and %d other reasons.)" % rest if rest > 0 else ""),
                         ids=[row.now["id"] for row in rows if row.now] or None)


class Row:
    """One server of the fleet: what is, what is to be done, and later what was done.

    region, name: of the server; wish: None for one that goes; now: its record, None while it is not there; why: a remark or "".
    plan: a plan.Plan; first: what that was before anything was done; error: the CloudError that is in the way, or None.
    done: the steps that were begun; record: as it is in the end; seen: whether the cloud showed that record after the last step.
    """

    def __init__(self, region, name, wish, now, why=""):
        self.region, self.name, self.wish, self.now, self.why = region, name, wish, now, why
        self.plan = self.first = Plan([])
        self.error = None
        self.done = []
        self.record = now
        self.seen = False

    @property
    def wanted(self):
        """Whether this server is wished to be there."""
        return self.wish is not None and self.wish.options["state"] != "absent"

    @property
    def by_id(self):
        """Whether the user told the very server, not only what its name looks like."""
        return self.wish is not None and self.wish.id is not None or self.why == BY_ID

    @property
    def title(self):
        return "server %r%s" % (self.name, " (%s)" % self.now["id"] if self.now else "")

    @property
    def steps(self):
        """The steps that change something."""
        return [step for step in self.plan.steps if step.changes]

    @property
    def verb(self):
        """What was to be done with it at first, in a word."""
        steps = {step.do for step in self.first.steps}
        if {"delete", "create"} <= steps:
            return "recreate"
        found = next((verb for verb, names in VERBS if steps & set(names)), None)
        return found or ("wait" if self.first.steps else "keep")


def concerns(wishes, ids):
    """A predicate of (region, raw server): whether it has to do with the fleet."""
    named = {(wish.region, wish.name) for wish in wishes.servers}
    told = {(wish.region, wish.id.lower()) for wish in wishes.servers if wish.id}
    groups = {}
    for group in wishes.groups:
        groups.setdefault(group.region, []).append(group.names.number)
    ids = folded(ids)

    def concerned(region, server):
        name = server.get("name")
        server_id = server["id"].lower()
        return ((server.get("metadata") or {}).get(KEY) == wishes.fleet or (region, name) in named or (region, server_id) in told or server_id in ids
                or any(number(name) is not None for number in groups.get(region, ())))
    return concerned


def folded(ids):
    """Ids as they are compared: people write UUIDs in capitals too."""
    return {str(one).strip().lower() for one in ids or ()}


def leaving_whole(wishes, found, ids):
    """Matched for a fleet that is to be absent: the servers of these ids, or all members. found: {region: [record]}."""
    leaving, strangers, foreign = [], [], []
    wanted, told = folded(ids), folded(wish.id for wish in wishes.servers if wish.id)
    for region, records in found.items():
        for record in records:
            if ids is not None:
                if record["id"].lower() in wanted:
                    leaving.append((region, record, BY_ID))
            elif record["metadata"].get(KEY) == wishes.fleet:
                if wishes.fits(region, record["name"]) or record["id"].lower() in told:
                    leaving.append((region, record, "state is absent"))
                else:
                    strangers.append((region, record, "carries the fleet's name, but its own fits none that the task names"))
            elif record["id"].lower() in told or any((wish.region, wish.name) == (region, record["name"]) for wish in wishes.servers if not wish.id):
                foreign.append(record)
    if foreign:
        raise errors.Protected("not of the fleet %r are: %s. With state: absent go its members, and others only by ids, without servers."
                               % (wishes.fleet, listed(foreign)), ids=[record["id"] for record in foreign])
    return Matched([], leaving, [], strangers)


def match(wishes, found, adopt=False, purge=False, delete_order=()):
    """Who is who. found: {region: [record]} of all that concerns(). Raises Ambiguous, NotFound, BadInput and Protected."""
    troubles = Troubles(adopt, wishes.fleet)
    pairs, surplus, claimed = [], [], {}
    for wish in wishes.servers:
        wish, record = whose(wish, found.get(wish.region, []), troubles)
        claim(claimed, record, wish.name or wish.id)
        pairs.append((wish, record))
    for group in wishes.groups:
        chosen, too_many = members(group, found.get(group.region, []), wishes.fleet, adopt, delete_order, troubles)
        for _wish, record in chosen:
            claim(claimed, record, group.names.text)
        for record in too_many:
            claim(claimed, record, group.names.text)
        pairs += chosen
        surplus += [(group.region, record, "one too many for %s" % group.names.text) for record in too_many]
    troubles.raise_any()
    check_once(pairs)
    strangers = []
    for region, records in found.items():
        for record in records:
            if record["metadata"].get(KEY) != wishes.fleet or record["id"] in claimed:
                continue
            if wishes.fits(region, record["name"]):
                surplus.append((region, record, "no longer wished for"))
            else:
                strangers.append((region, record, "carries the fleet's name, but its own fits neither groups nor pattern"))
    return Matched(pairs, surplus if purge else [], [] if purge else surplus, strangers)


def check_once(pairs):
    """Raise BadInput when two wishes are for one name in one region: two servers would be made of it."""
    by = {}
    for wish, _record in pairs:
        if wish.name is None or wish.options["state"] == "absent":
            continue
        first = by.setdefault((wish.region, wish.name), wish)
        if first is not wish:
            raise errors.BadInput("%r is wished for twice%s: by %s and by %s. Number one of them otherwise."
                                  % (wish.name, in_region(wish.region), *("the group %r" % one.group if one.group else "servers" for one in (first, wish))))


def claim(claimed, record, by):
    """Note that a record is spoken for."""
    if record is None:
        return
    if record["id"] in claimed:
        raise errors.BadInput("server %r (%s) is meant twice: by %s and by %s. Leave one of them out."
                              % (record["name"], record["id"], claimed[record["id"]], by))
    claimed[record["id"]] = by


class Troubles:
    """What forbids the whole, gathered, so that one message tells all of one kind."""

    def __init__(self, adopt, fleet):
        self.adopt = adopt
        self.fleet = fleet
        self.doubled, self.strange, self.foreign, self.absent = [], [], [], []

    def check(self, named):
        """The one record of a name, which has to be a member or may become one. named: all of that name."""
        if len(named) > 1 and named not in self.doubled:
            self.doubled.append(named)
        record = named[0]
        owner = record["metadata"].get(KEY)
        if owner is None and not self.adopt:
            self.strange.append(record)
        elif owner not in (None, self.fleet):
            self.foreign.append(record)
        return record

    def raise_any(self):
        if self.doubled:
            raise errors.Ambiguous("a wished name has more than one server: %s. Rename or delete those that are not meant, or give the id."
                                   % "; ".join("%r: %s" % (named[0]["name"], ", ".join(record["id"] for record in named)) for named in self.doubled),
                                   ids=[record["id"] for named in self.doubled for record in named])
        if self.foreign:
            raise errors.Protected("of another fleet are: %s. Choose other names, or take them out of that fleet first (metadata %s)."
                                   % ("; ".join("%s, of %r" % (named_with_id(record), record["metadata"][KEY]) for record in self.foreign), KEY),
                                   ids=[record["id"] for record in self.foreign])
        if self.absent:
            raise errors.Protected("not of the fleet %r are: %s. A server that is none of the fleet's is deleted by its id only."
                                   % (self.fleet, listed(self.absent)), ids=[record["id"] for record in self.absent])
        if self.strange:
            raise errors.Protected("servers of wished names are there that are not of the fleet %r: %s. Set adopt: true to take them in, or choose "
                                   "other names." % (self.fleet, listed(self.strange)), ids=[record["id"] for record in self.strange])


def whose(wish, records, troubles):
    """(Wish, record): the record that a wish is about, or None. The id of one that was to be recreated is gone; its name has to do then."""
    if wish.id is not None:
        record = next((record for record in records if record["id"].lower() == wish.id.lower()), None)
        if record is None and wish.options["state"] != "absent" and wish.options["on_error"] == "recreate":
            return whose(wish._replace(id=None), records, troubles)
        if record is None and wish.options["state"] != "absent":
            raise errors.NotFound("servers: there is no server with the id %s%s. Leave id out to create one of a name, or correct it."
                                  % (wish.id, in_region(wish.region)), ids=[wish.id])
        if record and record["metadata"].get(KEY) not in (None, troubles.fleet) and wish.options["state"] != "absent":
            troubles.foreign.append(record)
        return wish, record
    named = [record for record in records if record["name"] == wish.name]
    if not named:
        return wish, None
    if wish.options["state"] == "absent" and named[0]["metadata"].get(KEY) != troubles.fleet:
        troubles.absent.append(named[0])
        return wish, named[0]
    return wish, troubles.check(named)


def members(group, records, fleet, adopt, delete_order, troubles):
    """([(Wish, record or None)], [record]): the servers of a group, and the members that are too many for it."""
    fitting = [(group.names.number(record["name"]), record) for record in records if group.names.number(record["name"]) is not None]
    found = [(number, record) for number, record in fitting if record["metadata"].get(KEY) == fleet]
    leaving = goodbye(found, len(found) - group.count, delete_order)
    gone = {record["id"] for _number, record in leaving}
    staying = [(number, record) for number, record in found if record["id"] not in gone]
    if adopt:
        free = sorted((number, record["id"], record) for number, record in fitting if KEY not in record["metadata"] and number >= group.start)
        staying += [(number, record) for number, _id, record in free[:max(0, group.count - len(staying))]]
    by_name = {}
    for number, record in fitting:
        by_name.setdefault(number, []).append(record)
    placed = Zones(group.zones)
    pairs = []

    def movable(record):
        return record["status"] == "ERROR" and group.options["on_error"] == "recreate" and record.get("availability_zone") not in group.zones
    for number, record in sorted(staying, key=lambda one: (movable(one[1]), one[0], one[1]["id"])):  # who stays where it is counts first
        troubles.check(by_name[number])
        pairs.append((of_group(group, number, placed.next() if movable(record) else placed.of(record)), record))
    taken = {number for number, _record in found + staying}
    number = group.start
    while len(pairs) < group.count:
        if number not in taken:
            there = by_name.get(number)
            pairs.append((of_group(group, number, placed.next()), troubles.check(there) if there else None))
        number += 1
    return sorted(pairs, key=lambda pair: group.names.number(pair[0].name)), [record for _number, record in leaving]


def goodbye(found, count, delete_order):
    """The members, as (number, record), that go when so many have to."""
    order = [FIRST_TO_GO[name] for name in [*delete_order, "highest_number"]]
    return sorted(found, key=lambda one: ([key(one[1], one[0]) for key in order], one[1]["id"]))[:max(0, count)]


class Zones:
    """Spreads the servers of a group: each new one goes where the fewest are."""

    def __init__(self, zones):
        self.count = dict.fromkeys(zones, 0)

    def of(self, record):
        """The zone that a server should be in: where it is, when that is one of them; None when nothing can be said."""
        zone = record.get("availability_zone")
        if not self.count or not zone:
            return None
        if zone in self.count:
            self.count[zone] += 1
            return zone
        return next(iter(self.count))

    def next(self):
        if not self.count:
            return None
        zone = min(self.count, key=self.count.get)  # of equals the first
        self.count[zone] += 1
        return zone


def of_group(group, number, zone):
    """The wish for one server of a group."""
    name = group.names.name(number)
    options = dict(group.options, name=name)
    if zone is not None:
        options["availability_zone"] = zone
    return Wish(group.region, name, None, options, group.names.text)


def delete(now, ignore_protection):
    """The Plan for a server that goes. Raises Protected."""
    return server_plan.plan(now, {"state": "absent", "ignore_protection": ignore_protection})


def in_order(rows):
    """Rows as people read them: by region, then by name with its numbers as numbers."""
    return sorted(rows, key=lambda row: (row.region or "", natural(row.name or ""), str((row.now or {}).get("id"))))


def natural(name):
    """A key that sorts web2 before web10."""
    return [(0, int(part), part) if part[0] in "0123456789" else (1, part, "") for part in re.findall("[0-9]+|[^0-9]+", name)]


def not_replaced(row):
    """Why nothing is purged beside a server that is not as wished."""
    return "%s is not as wished, and the old servers go only when the new ones are there" % row.title


def anything(rows):
    """Whether something is to be done or waited for."""
    return any(row.plan.steps for row in rows)


def changes(rows):
    return any(changed(row.plan.steps) for row in rows)


def named_with_id(record):
    return "%r (%s)" % (record["name"], record["id"])


def listed(records, most=10):
    """Some servers in a sentence."""
    rest = len(records) - most
    return ", ".join(named_with_id(record) for record in records[:most]) + (" and %d more" % rest if rest > 0 else "")
