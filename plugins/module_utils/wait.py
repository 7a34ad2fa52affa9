# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The clock and the only sleeping: now(), rest(), moment(), pauses(), until(), arrival()."""

from __future__ import annotations

import random
import re
import time
from calendar import timegm
from email.utils import parsedate_tz

from . import errors

ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(\.\d+)? ?(Z|UTC|[+-]\d\d:?\d\d)?$")
ASCTIME = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$")  # the oldest form of an HTTP date
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
GROWTH = 1.3


def now():
    """Seconds on a clock that never goes back; only differences mean anything."""
    return time.monotonic()


def wall():
    """Seconds since 1970, as a float."""
    return time.time()


def rest(seconds):
    """Sleep; the only place that does."""
    if seconds > 0:
        time.sleep(seconds)


def moment(text):
    """Seconds since 1970 of an ISO 8601 time ('Z', the literal 'UTC', an offset or none, which means UTC)
    or of an HTTP date; None for anything else."""
    text = str(text).strip()
    match = ISO.match(text)
    try:
        if match:
            return iso_moment(*match.groups())
        parts = parsedate_tz(text) if "," in text or ASCTIME.match(text) else None
        return float(timegm(parts[:6] + (0, 0, 0)) - (parts[9] or 0)) if parts else None
    except (ValueError, OverflowError):  # a thirteenth month
        return None


def iso_moment(year, month, day, hour, minute, second, fraction, zone):
    seconds = timegm((int(year), int(month), int(day), int(hour), int(minute), int(second), 0, 0, 0)) + float(fraction or 0)
    if not zone or zone[0] not in "+-":
        return seconds
    offset = int(zone[1:3]) * 3600 + int(zone[-2:]) * 60
    return seconds - offset if zone[0] == "+" else seconds + offset


def backoff(attempt, first=1.0, longest=20.0):
    """Seconds to rest before try number ``attempt`` + 1: doubled each time, spread by a quarter so that forks part ways."""
    return min(first * 2 ** (attempt - 1), longest) * random.uniform(0.75, 1.25)


def pauses(interval=None):
    """The rests between two looks: ``interval`` for ever, or short at first and growing to 15 seconds."""
    pause = interval or FIRST_PAUSE
    while True:
        yield pause
        if not interval:
            pause = min(pause * GROWTH, LONGEST_PAUSE)


def until(fetch, done, timeout, what, interval=None, tell=None, known=None):
    """Look until it is done, and return what was seen last.

    fetch() gives a record or None (gone); done(record) is true when the goal is reached and raises when it never
    will be. A look that fails in passing is no failure; the deadline is, and so is whatever done() raises: it may have
    done something that must not be done twice. TimedOut names what was waited for, the last status and the time spent.
    tell: a progress.Watch, or None. known: the id, where it is known before anything was seen.
    """
    started = now()
    seen, trouble, looked = None, None, False
    for pause in pauses(interval):
        try:
            seen, trouble, looked = fetch(), None, True
        except errors.CloudError as error:
            if not error.passing:
                raise
            trouble = error
        if not trouble and done(seen):
            if tell:
                tell(seen, now() - started, over=True)
            return seen
        spent = now() - started
        if spent >= timeout:
            raise errors.TimedOut(
                "after %d s %s was %s%s. Run the task again to go on waiting, or raise wait_timeout (now %d s)."
                % (spent, named(what, seen or {"id": known}), describe(seen) if looked else "never seen",
                   "; the last look failed: %s" % str(trouble).rstrip(".") if trouble else "", timeout),
                waited=int(spent), last_status=(seen or {}).get("status"))
        if tell:
            tell(seen, spent, trouble=trouble)
        rest(min(pause, max(0.05, timeout - spent)))


def named(what, record):
    """``what``, with the id that it got meanwhile."""
    record_id = (record or {}).get("id")
    return what if not record_id or str(record_id) in what else "%s (%s)" % (what, record_id)


def describe(record):
    """The state of a record in a few words, for messages."""
    if record is None:
        return "not there"
    state = str(record.get("status", "there"))
    task = record.get("OS-EXT-STS:task_state") or record.get("task_state")
    progress = record.get("progress")
    return "%s%s%s" % (state, " (task %s)" % task if task else "", " at %s %%" % progress if progress else "")


def iso(seconds):
    """A moment as ISO 8601 in UTC, None for one that never comes."""
    return None if seconds == float("inf") else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def arrival(inbox, seconds):
    """The next thing that comes out of a queue.Queue, None when nothing does in so many seconds."""
    from queue import Empty
    try:
        return inbox.get(timeout=max(seconds, 0.001))
    except Empty:
        return None
