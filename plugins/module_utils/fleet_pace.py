# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""One gate for all requests of a fleet, so that together they stay within the rates of the cloud: those that it tells with its
limits, and those that it teaches by refusing."""

from __future__ import annotations

import re
import threading
from collections import deque

from . import errors, limits, progress, wait

SECONDS = {"SECOND": 1, "MINUTE": 60}  # of an hour or a day nobody waits for the end; the cloud refuses, and the task says so
MARGIN = 1.0  # seconds: the cloud's minute begins when it gets a request, a little after we sent it
WINDOW = 60.0  # seconds; what was sent longer ago than this has no part in a refusal
PATIENCE = 600.0  # seconds in which the cloud may refuse everything of a verb before that is an error
LONGEST_REST = 120.0  # seconds; a Retry-After beyond is cut, as it is in transport.py: some clouds ask for days
WORTH_TELLING = 5.0


class Rule:
    """So many requests of a verb to a host, to some paths there, in so many seconds. times: when those were sent that count."""

    def __init__(self, host, verb, most, seconds, regex=".*", times=()):
        self.host, self.verb, self.most, self.seconds = host, verb, most, seconds
        self.regex = re.compile(regex)
        self.times = deque(times)

    def covers(self, host, method, path):
        return (host, method) == (self.host, self.verb) and bool(self.regex.match(path))

    def free_at(self, now):
        """When the next request may go."""
        while self.times and self.times[0] + self.seconds + MARGIN <= now:
            self.times.popleft()
        return now if len(self.times) < self.most else self.times[-self.most] + self.seconds + MARGIN


class Lesson:
    """What refusals have taught of a verb at a host.

    shut: whether the cloud has refused one and taken none since; then one thread alone, the prober, tries again, not before until.
    times: when those of the last minute were sent that were not refused; rule: how many in which time got through, None while that is not known.
    """

    def __init__(self):
        self.shut, self.until, self.since, self.refusals = False, float("-inf"), None, 0
        self.prober = None
        self.times = deque()
        self.rule = None

    def sent(self, now):
        while not self.shut and self.times and self.times[0] < now - WINDOW:
            self.times.popleft()
        self.times.append(now)


class Pace:
    """Lets requests pass as fast as allowed, for any number of threads."""

    def __init__(self):
        self.rules = []
        self.lessons = {}
        self.change = threading.Condition()

    def learn(self, address, rates):
        """Take in the rates of limits.get() of the service at an address."""
        host = errors.place_of(address)
        for rate in rates:
            if rate.get("unit") in SECONDS and isinstance(rate.get("value"), int) and rate["value"] > 0:
                used = max(0, rate["value"] - rate.get("remaining", rate["value"]))
                try:
                    rule = Rule(host, rate["verb"], rate["value"], SECONDS[rate["unit"]], rate.get("regex") or ".*", [wait.now()] * used)
                except re.error:
                    continue  # what we cannot read, a refusal will teach
                self.rules.append(rule)

    def through(self, method, url, exchange):
        """What exchange() answers, sent when it may be; sent again as often as the cloud refuses it for its rate."""
        where = errors.place_of(url), method
        path = limits.path_of(url)
        while True:
            self.enter(where, path)
            try:
                answer = exchange()
            except BaseException as error:
                if not is_for_the_rate(error):
                    self.passed(where)
                    raise
                if not self.refused(where, error.retry_after):
                    raise
            else:
                self.passed(where)
                return answer

    def enter(self, where, path):
        """Return when a request may be sent."""
        while True:
            with self.change:
                lesson = self.lessons.setdefault(where, Lesson())
                while lesson.shut and lesson.prober is not None:
                    self.change.wait()
                now = wait.now()
                rules = [rule for rule in self.rules + [lesson.rule] if rule and rule.covers(*where, path)]
                free = max([lesson.until, *(rule.free_at(now) for rule in rules)])
                if free <= now:
                    for rule in rules:
                        rule.times.append(now)
                    lesson.sent(now)
                    lesson.prober = threading.get_ident() if lesson.shut else None
                    return
            if free - now >= WORTH_TELLING:
                progress.say("the cloud limits the rate of %s: going on in %d s" % (where[1], free - now))
            wait.rest(free - now)

    def refused(self, where, asked):
        """The cloud refused a request for its rate. asked: the seconds that it wants to be left alone, or None. False when it is enough."""
        with self.change:
            now = wait.now()
            lesson = self.lessons[where]
            if lesson.times:
                lesson.times.pop()
            if not lesson.shut:
                lesson.shut, lesson.since, lesson.refusals = True, now, 0
                lesson.rule = None
            probing = lesson.prober == threading.get_ident()
            if probing:
                lesson.prober = None
                lesson.refusals += 1
            pause = min(max(asked, 1.0), LONGEST_REST) if asked is not None else wait.backoff(lesson.refusals + 1)
            if probing or asked is not None or lesson.until <= now:
                lesson.until = max(lesson.until, now + pause)
            self.change.notify_all()
            return lesson.until - lesson.since <= PATIENCE

    def passed(self, where):
        """The cloud took a request. When it had refused others, it is known now how many it takes in which time."""
        with self.change:
            lesson = self.lessons[where]
            if lesson.prober != threading.get_ident():
                return
            probe = lesson.times.pop() if lesson.times else lesson.until
            if lesson.times:  # else others had used it up, so nothing is known
                lesson.rule = Rule(*where, len(lesson.times), probe - lesson.times[0], times=[probe])
            lesson.shut, lesson.prober = False, None
            lesson.times = deque([probe])
            self.change.notify_all()


def is_for_the_rate(error):
    """Whether an error is a refusal that time heals."""
    return (isinstance(error, errors.ApiError) and error.status in (413, 429) and not error.quota
            and not (error.status == 413 and getattr(error, "retry_after", None) == 0))
