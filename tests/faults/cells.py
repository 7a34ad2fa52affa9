# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""One cell of the matrix: a task that meets a fault, what the cloud holds afterwards, and whether the next run heals it."""

from __future__ import annotations

import contextlib
import json
import os
import re
from typing import NamedTuple

from .faults import EITHER, EXPLAINED, LOGIN, LONG_TIMEOUT, LOOK, MARKER, OK, READ, WAITING, WRITE
from .player import play
from .proxy import HOST as PROXY_HOST
from .proxy import Strike
from .rows import HOST, ONE

FAILED, DOES_NOT_APPLY = "FAILED", "n/a"
RETRIES = 2
LONGEST_REST = 150  # seconds; Retry-After is cut at 120
IDS = re.compile(r"\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}")
MAY_BE = "may be there"  # what an error says of a thing whose id it cannot know
# A sentence of an error that tells what to do begins with one of these, or has it after a colon.
NEXT_STEP = re.compile(r"\b(run the task again|check|look|correct|ask|delete|wait|raise|log in|get a new|give|set|choose|leave|try|remove|name|use|write|"
                       r"take)\b", re.IGNORECASE)


class Cell(NamedTuple):
    """How a task ended: `ended` is ok, explained, n/a or FAILED; `why` says what is wrong, or why the fault says nothing here."""

    fault: str
    module: str
    about: str
    spot: str
    ended: str
    why: str = ""
    doubled: int = 0
    writes: int = 0     # in check mode
    rehearsed: int = 0  # runs in check mode
    healed: int = 0
    said: str = ""      # the error
    dress: str = ""


class Table:
    """Plays cells on one World behind one Proxy."""

    def __init__(self, world, proxy, clock):
        self.world = world
        self.proxy = proxy
        self.clock = clock
        self.kept = {}  # what was prepared for a task that changes nothing, by its title

    def options(self, wish, prepared, fault=None):
        """All options of the task: the login leads through the proxy."""
        given = dict(self.world.auth, auth_url=self.proxy.through(self.world.auth["auth_url"]), token_cache=False, api_retries=RETRIES,
                     api_timeout=LONG_TIMEOUT)
        if wish.module in WAITING:
            given["wait_timeout"] = 60 if self.world.url else 600
        extra = {name: value for name, value in (fault.options if fault else {}).items() if name != "wait_timeout" or wish.module in WAITING}
        if "api_timeout" in extra and not self.world.url:
            extra["api_timeout"] *= 10  # a real cloud takes its time
        return self.with_extra(wish, {**given, **prepared}, extra)

    @staticmethod
    def with_extra(wish, options, extra):
        """Options with those that a fault brings, where the module has them."""
        if not wish.within:
            return {**options, **extra}
        inner = {name: value for name, value in extra.items() if name == "on_error"}
        return {**options, **{name: value for name, value in extra.items() if name not in inner}, wish.within: inner}

    def there(self, wish):
        """{(kind, id): name} of what there is: everything, or on a real cloud, where lists take their time, what the task is about."""
        return self.world.snapshot(self.world.kinds if self.world.url else [kind for kind in (wish.makes or wish.removes,) if kind])

    def prepared(self, wish):
        """The options of a task, on a cloud that holds what the task needs and nothing else; made once for a task that only asks."""
        if wish.title not in self.kept:
            self.world.act_as(self.world.administrator if wish.by_administrator else self.world.member)
            self.world.begin()
            self.kept = {wish.title: wish.prepare(self.world)}
        return self.kept[wish.title] if not wish.changes else self.kept.pop(wish.title)

    def spots(self, wish):
        """{spot: [index of the connection]} of a task without any fault. Raises AssertionError when it does not end well."""
        self.clock.rested = self.proxy.rested
        prepared = self.prepared(wish)
        self.proxy.arm()
        result, said = play(wish.module, self.options(wish, prepared))
        problem = result.get("crashed") or said or self.not_as_wished(wish, result)
        if problem:
            raise AssertionError("without any fault: %s" % problem)
        return spots(self.proxy.log)

    def not_as_wished(self, wish, result):
        """What is wrong with the end of a task that met no fault."""
        if bool(result.get("failed")) != wish.refused:
            return result.get("msg") or "it was not refused"
        return wish.lacks(self.world, result)

    def play(self, fault, wish, spot, index):
        """The Cell of a fault at one place of a task."""
        cell = Cell(fault.name, wish.module, wish.about, spot, OK)
        reason = fault.applies(wish) if fault.applies else ""
        if fault.settings and not self.world.url:
            reason = "a real cloud is not turned for a test"
        if reason:
            return cell._replace(ended=DOES_NOT_APPLY, why=reason)
        options = self.options(wish, self.prepared(wish), fault)
        if fault.settings:
            self.world.control("PUT", "settings", fault.settings)
        before = self.there(wish)
        complaints = []
        if wish.changes and spot in (LOGIN, READ) and not fault.twin:
            cell = cell._replace(rehearsed=1, writes=len(self.rehearse(fault, wish, options, index, complaints)))
        twins = []
        self.clock.longest = 0.0
        self.proxy.arm(self.strike(fault, wish, index, twins))
        with self.named_as_proxy(fault):
            result, said = play(wish.module, options)
        state = self.proxy.state
        self.proxy.open()
        if fault.strike is not None and not state.hits:
            return cell._replace(ended=DOES_NOT_APPLY if state.spared else FAILED, why=state.spared or "the fault was never met")
        ended = EXPLAINED if result.get("failed") else OK
        complaints += self.judge(fault, wish, spot, result, said, state)
        found = self.there(wish)
        complaints += left_behind(wish, result, set(found) - set(before) - set(twins), found)
        doubled = self.doubled(wish, twins)
        if ended == OK and not twins and not fault.brief:
            complaints.append(wish.lacks(self.world, result))
        if self.clock.longest > LONGEST_REST:
            complaints.append("it rested %d s" % self.clock.longest)
        if self.clock.longest < fault.rests and not wish.refused:
            complaints.append("it rested only %d s" % self.clock.longest)
        healed = 0
        if ended == EXPLAINED or twins or fault.brief:
            healed = 1
            complaints.append(self.heal(fault, wish, options, twins))
            doubled = doubled if wish.imperative else max(doubled, self.doubled(wish, twins))
        complaints += ["doubled"] * doubled + ["check mode wrote"] * cell.writes
        complaints = [text for text in complaints if text]
        return cell._replace(ended=FAILED if complaints else ended, why="; ".join(complaints), doubled=doubled, healed=healed, said=result.get("msg", ""))

    @contextlib.contextmanager
    def named_as_proxy(self, fault):
        """The environment of a fault: it names our proxy where the fault says so."""
        if fault.proxied:
            os.environ["http_proxy"] = "http://%s:%d" % (PROXY_HOST, self.proxy.port)
        try:
            yield
        finally:
            os.environ.pop("http_proxy", None)

    def strike(self, fault, wish, index, twins=None):
        if fault.strike is None:
            return None
        before = None
        if fault.twin and twins is not None:
            def before():
                twins.append(self.twin(wish.by_name))
        return Strike(index, before=before, **fault.strike)

    def twin(self, kind):
        """Make another thing of the same name, as somebody else would; (kind, id)."""
        if kind == "images":
            found = self.world.named("servers", HOST)
            return kind, str(self.world.image(ONE, found[0]["id"]))
        return kind, str(getattr(self.world, kind[:-1])(ONE))

    def rehearse(self, fault, wish, options, index, complaints):
        """The requests of a run in check mode that may have changed something."""
        self.proxy.arm(self.strike(fault, wish, index))
        with self.named_as_proxy(fault):
            result, _said = play(wish.module, options, check=True)
        if result.get("crashed"):
            complaints.append("check mode: %s" % result["crashed"])
        elif not result.get("failed") and result.get("changed") is not True and not wish.silent:
            complaints.append("check mode foresees no change")
        return [entry for entry in self.proxy.log if writes(entry)]

    def judge(self, fault, wish, spot, result, said, state):
        """What is wrong with how a task ended."""
        if result.get("crashed"):
            return [result["crashed"]]
        shown = json.dumps(result)
        if said or "Traceback" in shown or any(self.world.auth.get(name, "\0") in shown for name in ("password", "api_key")):
            return ["it wrote %s" % (said or "a traceback or a secret: %s" % shown)]
        if wish.refused:
            return [self.not_as_wished(wish, result)]
        wanted = expected(fault, wish, spot)
        if not result.get("failed"):
            return ["it ended well, and should not"] if wanted == EXPLAINED else []
        complaints = ["it should have ended well: %s" % result["msg"]] if wanted == OK else []
        return complaints + unexplained(wish, result, state)

    def heal(self, fault, wish, options, twins):
        """Run the task again without any fault; what is wrong then."""
        self.proxy.arm()
        options = {name: value for name, value in options.items() if name not in fault.options or name == "on_error"}
        options = self.with_extra(wish, self.options(wish, options), fault.healing)
        result, said = play(wish.module, options)
        if result.get("crashed"):
            return "run again: %s" % result["crashed"]
        if twins:
            if not result.get("failed"):
                return "" if not wish.by_name or wish.removes else "run again: two of one name are taken for one"
            ids = [thing["id"] for thing in self.world.named(wish.by_name, ONE)]
            missing = [one for one in ids if str(one) not in result["msg"]]
            return "run again: it does not name %s: %s" % (missing, result["msg"]) if missing else ""
        problem = said or result.get("failed") and not wish.refused and result["msg"] or ("" if wish.imperative else self.not_as_wished(wish, result))
        return "run again, it did not heal: %s" % problem if problem else ""

    def doubled(self, wish, twins):
        """How many things too many the cloud has under the name, or how often too many it did what counts."""
        if wish.times:
            return max(0, wish.times(self.world) - 1)
        if not wish.makes:
            return 0
        return max(0, len(self.world.named(wish.makes, ONE)) - 1 - len([kind for kind, _id in twins if kind == wish.makes]))


def writes(entry):
    """Whether a request may change something."""
    reading = entry.path.endswith("/tokens") or (isinstance(entry.body, dict) and list(entry.body) == ["os-getConsoleOutput"])
    return entry.method not in ("GET", "HEAD") and not reading


def spots(log):
    """{spot: [index]} of what a task asked: the login, the first question, each kind of write, the first look after one."""
    found = {LOGIN: [], READ: [], WRITE: [], LOOK: []}
    shapes = set()
    for index, entry in enumerate(log):
        if entry.method == "POST" and entry.path.endswith("/tokens"):
            found[LOGIN] = found[LOGIN] or [index]
        elif entry.method in ("GET", "HEAD"):
            spot = LOOK if found[WRITE] else READ
            found[spot] = found[spot] or [index]
        else:
            shape = entry.method, IDS.sub("ID", entry.path.partition("?")[0]), MARKER in json.dumps(entry.body)
            if shape not in shapes:
                found[WRITE].append(index)
            shapes.add(shape)
    return found


def expected(fault, wish, spot):
    """How the task has to end."""
    if fault.ends != OK or spot != WRITE:
        if fault.ends == EXPLAINED and spot == WRITE and fault.strike and fault.strike.get("acts", True):
            return EITHER  # what was done may be found, though its answer never comes
        return fault.ends
    return OK if fault.refused or wish.sure or fault.strike is None else EITHER


def unexplained(wish, result, state):
    """What an error lacks: the operation, what it is about, the status, the request id, the next step."""
    text, lacks = result["msg"], []
    if "Could not " not in text:
        lacks.append("the operation")
    if not any(subject in text for subject in (*wish.subjects, "log in to")):
        lacks.append("a name")
    if "http_status" in result and str(result["http_status"]) not in text:
        lacks.append("the status")
    if state.given_ids and not any(given in text for given in state.given_ids):
        lacks.append("the request id")
    if not NEXT_STEP.search(text):
        lacks.append("a next step")
    return ["the error lacks %s: %s" % (" and ".join(lacks), text)] if lacks else []


def left_behind(wish, result, new, found):
    """What is there since the task began, should not be, and is not named by it."""
    if not result.get("failed"):
        return ["left behind: %s" % (thing,) for thing in new if thing[0] != wish.makes]
    text = json.dumps(result)
    return ["left behind and not told of: %s, %s" % (found[thing], result["msg"]) for thing in new if thing[1] not in text and MAY_BE not in result["msg"]]
