# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""One gate for all requests of a fleet, so that together they stay within the rates of the cloud: those that it tells with its
limits, and those that it teaches by refusing."""

from __future__ import annotations

import re
import threading
from collections import deque
from urllib.parse import urlsplit

from . import progress, wait

SECONDS = {"SECOND": 1, "MINUTE": 60}  # of an hour or a day nobody waits for the end; the cloud refuses, and the task says so
MARGIN = 1.0  # seconds: the cloud's minute begins when it gets a request, a little after we sent it
WORTH_TELLING = 5.0


class Rule:
    """So many requests of a verb, to some paths, in a time."""

    def __init__(self, verb, most, seconds, regex=".*", used=0):
        self.verb, self.most, self.seconds = verb, most, seconds
        self.regex = re.compile(regex)
        self.times = deque([wait.now()] * used)

    def covers(self, method, path):
        return method == self.verb and bool(self.regex.match(path))

    def free_at(self, now):
        """When the next request may go."""
        while self.times and self.times[0] + self.seconds + MARGIN <= now:
            self.times.popleft()
        return now if len(self.times) < self.most else self.times[-self.most] + self.seconds + MARGIN


class Lesson:
    """What refusals have taught of a verb. until: when the cloud takes it again; began: when the first one after the last refusal was
    sent; sent: how many were since; taken: how many the cloud took before it refused; rule: what follows, or None."""

    def __init__(self):
        self.until, self.began, self.sent, self.taken, self.rule = float("-inf"), None, 0, 0, None


class Pace:
    """Lets requests pass as fast as allowed; for any number of threads. See transport.Transport.pace."""

    def __init__(self):
        self.rules = []
        self.lessons = {}
        self.lock = threading.Lock()

    def learn(self, rates):
        """Take in the rates of limits.get()."""
        for rate in rates:
            if rate.get("unit") in SECONDS and isinstance(rate.get("value"), int) and rate["value"] > 0:
                used = rate["value"] - rate.get("remaining", rate["value"])
                try:
                    rule = Rule(rate["verb"], rate["value"], SECONDS[rate["unit"]], rate.get("regex") or ".*", max(0, used))
                except re.error:
                    continue  # a rule that we cannot read teaches itself, by a refusal
                with self.lock:
                    self.rules.append(rule)

    def enter(self, method, url):
        """Return when the request may be sent."""
        path = urlsplit(url).path
        while True:
            with self.lock:
                now = wait.now()
                lesson = self.lessons.setdefault(method, Lesson())
                rules = [rule for rule in [*self.rules, *([lesson.rule] if lesson.rule else [])] if rule.covers(method, path)]
                free = max([lesson.until, *(rule.free_at(now) for rule in rules)])
                if free <= now:
                    for rule in rules:
                        rule.times.append(now)
                    lesson.began = now if lesson.began is None else lesson.began
                    lesson.sent += 1
                    return
            if free - now >= WORTH_TELLING:
                progress.say("the cloud limits the rate of %s: going on in %d s" % (method, free - now))
            wait.rest(free - now)

    def refused(self, method, seconds):
        """The cloud refused a request for its rate, and wants to be left alone for so many seconds."""
        with self.lock:
            now = wait.now()
            lesson = self.lessons.setdefault(method, Lesson())
            if now >= lesson.until:
                began = now if lesson.began is None else lesson.began
                lesson.rule = Rule(method, 1, now - began + seconds)
                lesson.taken = lesson.sent
            lesson.until = max(lesson.until, now + seconds)
            lesson.taken -= 1  # each refused one was counted as sent
            if lesson.taken > 0 and lesson.rule:
                lesson.rule.most = lesson.taken
            else:
                lesson.rule = None  # others used it up, so nothing is known of how much it is
            lesson.began, lesson.sent = None, 0
