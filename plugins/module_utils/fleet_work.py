# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The work of the module `fleet`: look, plan, check, and have it carried out; and what to tell of it at any time."""

from __future__ import annotations

from . import drift, errors, fleet_guards, fleet_plan, fleet_regions, fleet_table, fleet_wish, plan, server_plan, server_wish, servers
from .records import record

SHOWN = ("access_ipv4", "access_ipv6", "addresses")  # of a server's record, in the result
MANY = 10  # requests; fewer meet no limit of rates that a cloud is known to have


class Work:
    """A fleet on its way to be as wished. task: a runner.Task."""

    def __init__(self, task):
        self.task = task
        self.params = task.params
        self.rows = []
        self.strangers = []
        self.regions = {}
        self.unforeseen = []  # rows that came to be recreated while the plan was carried out
        self.foreseen = False  # whether the plan counts as done: in a rehearsal that nothing forbids

    def carry_out(self, rehearsal):
        """Look, plan, check; and do it, unless this is a rehearsal. Raises what forbids the whole, and Failed when not all came true."""
        with errors.Doing("plan the fleet %r" % self.params["name"]):
            fleet_guards.check_wish(self.params)
            place = fleet_regions.spelled(self.task.cloud)
            self.wishes = fleet_wish.expand(self.params, place)
            fleet_guards.check_not_empty(self.wishes, self.params)
            self.look(place)
            self.plan()
            self.check()
        if self.is_to_be_done():
            if rehearsal:
                self.foreseen = True
            else:
                self.apply()
        self.judge()

    # looking and planning

    def look(self, place):
        """List the servers of each region, once."""
        names = [wish.region for wish in self.wishes.servers] + [group.region for group in self.wishes.groups] + [
            place(name) for name in self.params["regions"] or ()]
        home = place(None)
        if not names or home and (self.params["purge"] or self.params["state"] == "absent") and self.params["regions"] is None:
            names.append(home)
        self.regions = {name: fleet_regions.Region(self.task.cloud, name) for name in names}
        concerned = fleet_plan.concerns(self.wishes, self.params["ids"])
        self.task.cloud.transport.widen(max(10, len(self.regions)))
        self.found = {name: [with_metadata(record(server)) for server in listed if fleet_plan.counts(server) and concerned(name, server)]
                      for name, listed in fleet_regions.list_all(self.regions).items()}

    def plan(self):
        """Fill the rows."""
        if self.params["state"] == "absent":
            matched = fleet_plan.leaving_whole(self.wishes, self.found, self.params["ids"])
        else:
            matched = fleet_plan.match(self.wishes, self.found, self.params["adopt"], self.params["purge"], self.params["delete_order"])
        self.look_elsewhere(matched.ids)
        for name, region in self.regions.items():
            region.compute.all_images = fleet_regions.several_images(
                [wish.options for wish, _now in matched.pairs if wish.region == name and wish.options["state"] != "absent"])
        rows = [self.wished(wish, now) for wish, now in matched.pairs if now or wish.options["state"] != "absent"]
        rows += [self.leaving(*one) for one in matched.leaving]
        rows += [fleet_plan.Row(region, now["name"], None, now, "%s; purge is false" % why) for region, now, why in matched.surplus]
        self.rows = fleet_plan.in_order(rows)
        self.strangers = [dict(name=now["name"], id=now["id"], region=region, why=why) for region, now, why in matched.strangers]

    def look_elsewhere(self, matched):
        """Servers that are to go by their ids and were not found where was looked are gone, or in a region that nobody named for them: raise BadInput
        then. matched: the ids, in small letters, of those that were found."""
        whole = self.params["state"] == "absent"
        if self.params["ids"]:
            looked, ids = self.found, self.params["ids"]
        else:
            lost = [wish for wish in self.wishes.servers if wish.id and not wish.placed and (whole or wish.options["state"] == "absent")]
            looked, ids = {wish.region for wish in lost}, [wish.id for wish in lost]
        missing = fleet_plan.folded(ids) - matched
        if not missing or self.task.cloud.login.compute_endpoint:
            return
        for name in self.task.cloud.access.regions() if self.params["regions"] is None else self.regions:
            if name in looked:
                continue
            region = self.regions.get(name) or fleet_regions.Region(self.task.cloud, name)
            try:
                there = region.compute.servers(anew=False)
            except errors.CloudError as error:
                self.task.warn("These are taken for gone, and %s could not be asked for them: %s. %s" % (name, ", ".join(sorted(missing)), error))
                continue
            found = [server["id"] for server in there if server["id"].lower() in missing and servers.alive(server)]
            if found:
                option, advice = ("ids", "Name all regions of the servers in regions.") if self.params["ids"] else ("servers", "Give region beside id.")
                raise errors.BadInput("%s: %s %s in %s, where was not looked. Nothing was changed. %s"
                                      % (option, ", ".join(found), "is" if len(found) == 1 else "are", name, advice), ids=found)

    def wished(self, wish, now):
        row = fleet_plan.Row(wish.region, wish.name or now["name"], wish, now)
        self.plan_row(row, now)
        return row

    def leaving(self, region, now, why):
        row = fleet_plan.Row(region, now["name"], None, now, why)
        with errors.Doing("plan %s" % row.title):
            try:
                row.plan = row.first = fleet_plan.delete(now, self.params["ignore_protection"])
            except errors.Protected as refusal:
                row.error = refusal
        return row

    def plan_row(self, row, now):
        """Plan for one server. What is wrong with the wish forbids the whole; what is wrong with the server, only this one."""
        try:
            with errors.Doing("plan %s" % row.title):
                row.plan = row.first = server_plan.plan(now, server_wish.desired(self.regions[row.region], row.wish.options, now))
        except (errors.WrongState, errors.Protected) as refusal:
            row.error = refusal

    def replan(self, row):
        """The plan for a server once what ran on it is over: it may have ended otherwise than foreseen."""
        now = with_metadata(row.record)
        found = server_plan.plan(now, server_wish.desired(self.regions[row.region], row.wish.options, now))
        self.check_drift_since(row, [item for item in found.drift if item not in row.plan.drift])
        if any(step.do == "delete" for step in found.steps) and row.verb != "recreate":
            self.unforeseen.append(row)  # several threads do this, each before it looks
            if len(self.unforeseen) + sum(map(fleet_guards.deletes, self.rows)) > self.params["max_delete"]:
                raise errors.Protected("%s ended in ERROR, and to recreate it would be one delete more than max_delete allows (%d)."
                                       % (row.title, self.params["max_delete"]), ids=[now["id"]])
        return found

    # checking

    def check(self):
        """Refuse the whole where a guard says so; warn of what differs and stays."""
        fleet_guards.check_protected(self.rows)
        fleet_guards.check_deletes(self.rows, self.params["max_delete"])
        self.most_away = fleet_plan.share(self.params["max_unavailable"], sum(row.wanted for row in self.rows))
        self.withhold()
        self.check_drift()
        if self.strangers and (self.params["purge"] or self.params["state"] == "absent"):
            self.task.warn("Left alone, since anybody may write metadata: %s. Give a pattern that fits their names if they are the fleet's, or take the item "
                           "%s off them." % ("; ".join("%(name)r (%(id)s) %(why)s" % one for one in self.strangers[:10]), fleet_wish.KEY))
        for name, region in self.regions.items():
            rows = [row for row in self.rows if row.region == name]
            if any(step.do in ("create", "resize") for row in rows for step in row.steps):
                free = fleet_regions.limits_of(region)
                if free:
                    fleet_guards.check_room(rows, free, fleet_regions.sizes_of(region), name)
                    fleet_guards.check_rate(rows, free["rate"], region.compute.base + "/servers", name)

    def withhold(self):
        """Let nothing be purged in a region where a server is not as wished: what goes may be all that still serves."""
        for row in self.rows:
            wrong = next((one for one in self.needed_by(row) if one.error), None)
            if wrong:
                row.plan, row.error = plan.Plan([]), errors.WrongState("not begun: %s." % fleet_plan.not_replaced(wrong))

    def needed_by(self, row):
        """The rows that have to be as wished before this one is purged: all that are wished for in its region."""
        if row.wish or not row.plan.steps or self.params["state"] == "absent":
            return ()
        return [one for one in self.rows if one.wanted and one.region == row.region]

    def check_drift(self):
        differing = [row for row in self.rows if row.plan.drift]
        words = "; ".join("%s: %s" % (row.name, drift.in_words(row.plan.drift)) for row in differing[:10])
        words += "; and %d servers more" % (len(differing) - 10) if len(differing) > 10 else ""
        if differing and self.params["drift_policy"] == "fail":
            raise errors.Drifted("%s. Nothing was changed. Change the task or the servers, or allow it with resize_policy or rebuild_policy." % words)
        if differing and self.params["drift_policy"] == "warn":
            self.task.warn("%d of the fleet's servers differ and stay as they are: %s." % (len(differing), words))

    def check_drift_since(self, row, differences):
        """The same for what shows of one server only once what ran on it is over."""
        if differences and self.params["drift_policy"] == "fail":
            raise errors.Drifted("%s. It is left alone. Change the task or the server, or allow it with resize_policy or rebuild_policy."
                                 % drift.in_words(differences))
        if differences and self.params["drift_policy"] == "warn":
            self.task.warn("%s differs: %s. It stays as it is." % (row.title, drift.in_words(differences)))

    # doing

    def is_to_be_done(self):
        if self.params["on_failure"] == "stop" and any(row.error for row in self.rows):
            return False
        return fleet_plan.changes(self.rows) or self.params["wait"] and fleet_plan.anything(self.rows)

    def apply(self):
        from .fleet_journey import Journey, out_of_service  # a task that changes nothing is spared the loading
        from .fleet_loop import Loop
        from .fleet_pace import Pace
        transport = self.task.cloud.transport
        transport.widen(self.params["concurrency"] + len(self.regions))
        transport.pace = Pace()
        for region in self.regions.values():
            if sum(len(row.steps) for row in self.rows) > MANY:
                transport.pace.learn(region.compute.base, (fleet_regions.limits_of(region) or {}).get("rate", ()))
            region.compute.planning = False
        known = {name: frozenset(server["id"] for server in region.compute.list) for name, region in self.regions.items()}
        journeys = [Journey(row, self.task, self.regions[row.region], self.replan, known[row.region], self.needed_by(row))
                    for row in self.rows if row.plan.steps]
        phases = [[journey for journey in journeys if journey.row.verb != "delete"], [journey for journey in journeys if journey.row.verb == "delete"]]
        away = {row for row in self.rows if row.wanted and out_of_service(row.now)}
        purged = {journey.row.region for journey in journeys if journey.after}
        for journey in journeys:
            journey.waits = journey.waits or journey.row.wanted and journey.row.region in purged
        interrupted = {journey.row for journey in journeys if journey.may_interrupt()}
        for journey in journeys:
            journey.batched = bool(interrupted) and len(interrupted | away) > self.most_away
        loop = Loop(phases, self.params["concurrency"], self.most_away, away, self.params["on_failure"] == "stop", self.params["wait_interval"])
        loop.run()
        self.look_again()

    def look_again(self):
        """Bring the records up to date, when something was done that no look has seen since."""
        for region in self.regions.values():
            rows = {row.record["id"]: row for row in self.rows if row.done and row.record and not row.seen and self.regions[row.region] is region}
            if not rows:
                continue
            try:
                listed = region.compute.everything("/servers/detail", "servers")
            except errors.CloudError as error:
                self.task.warn("The servers could not be listed once more, so their records are those of the last look. %s" % error)
                continue
            there = {server["id"]: server for server in listed}
            for server_id, row in rows.items():
                server = there.get(server_id)
                if row.done[-1].do == "delete" and not servers.alive(server):
                    row.record = None
                elif server:
                    row.record = record(server)

    def judge(self):
        """Raise Failed when not every server is as wished."""
        wrong = [row for row in self.rows if row.error]
        if wrong:
            failure = fleet_plan.failure(self.params["name"], wrong, len(self.rows))
            bugs = [row.error.facts["exception"] for row in wrong if "exception" in row.error.facts]
            failure.facts.update({"exception": bugs[0]} if bugs else {})
            raise failure

    # telling

    def steps_of(self, row):
        """What counts as done with a server: in a rehearsal what would be."""
        if self.foreseen:
            return [] if row.error else row.steps
        return row.done

    def results(self):
        rows = self.rows
        changed = any(map(self.steps_of, rows))
        return dict(
            changed=changed, servers=[self.shown(row) for row in rows], strangers=self.strangers, summary=fleet_table.counts(rows),
            plan=[fleet_table.planned(row) for row in rows if plan.changed(row.first.steps)],
            actions=["%s %s" % (step.do, row.name) for row in rows for step in self.steps_of(row)],
            diff=fleet_table.diff(self.params["name"], [row for row in rows if self.steps_of(row)] if changed else [], self.steps_of))

    def shown(self, row):
        """One server in the result."""
        steps = self.steps_of(row)
        reached = server_plan.foresee(row.now, steps) if self.foreseen and steps else row.record
        done = plan.actions(steps)
        told = dict(name=row.name, id=(reached or row.now or {}).get("id"), region=row.region, status=(reached or {}).get("status"),
                    action=row.verb, actions=done, error=str(row.error) if row.error else None, why=row.why or None,
                    drift=list(row.plan.drift), drift_unknown=list(row.plan.unknown))
        told.update({name: (reached or {}).get(name) for name in SHOWN})
        return told


def with_metadata(now):
    """A record that has metadata in any case."""
    return now if now.get("metadata") is not None else dict(now, metadata={})
