# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The time the cloud lives by: the machine's, or one that a test turns by hand."""

import datetime
import time


class SystemClock:
    """The machine's own time; states change while the caller really waits."""

    def now(self):
        """Seconds since the epoch, as a float."""
        return time.time()

    def sleep(self, seconds):
        """Return after that many seconds."""
        if seconds > 0:
            time.sleep(seconds)


class ManualClock:
    """A time that stands still until somebody moves it: sleeping moves it, and costs nothing."""

    def __init__(self, start=1_700_000_000.0):
        self._now = float(start)

    def now(self):
        """Seconds since the epoch, as a float."""
        return self._now

    def sleep(self, seconds):
        """Move the time by that many seconds."""
        self._now += max(0.0, seconds)

    advance = sleep


def utc(moment):
    """Seconds since the epoch as an aware datetime."""
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc)


def iso(moment):
    """`2026-11-23T14:29:28Z`: how compute writes a time."""
    return utc(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_millis(moment, offset_hours=0):
    """`2026-11-23T14:29:28.123Z`, or the same moment with an offset such as `-06:00`: how Identity v2.0 writes a time."""
    local = utc(moment) + datetime.timedelta(hours=offset_hours)
    zone = "Z" if not offset_hours else "%+03d:00" % offset_hours
    return local.strftime("%Y-%m-%dT%H:%M:%S.") + "%03d" % (local.microsecond // 1000) + zone


def iso_micros(moment, zone=""):
    """`2026-11-23T14:29:28.000000`: how usage records and volumes write a time; Keystone v3 adds a `Z`."""
    return utc(moment).strftime("%Y-%m-%dT%H:%M:%S.%f") + zone


def http_date(moment):
    """`Mon, 23 Nov 2026 14:29:28 GMT`: an RFC 1123 date, independent of the locale."""
    moment = utc(moment)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[moment.month - 1]
    return "%s, %02d %s %04d %s GMT" % (day, moment.day, month, moment.year, moment.strftime("%H:%M:%S"))


def parse_iso(text):
    """An ISO 8601 time as seconds since the epoch; no zone means UTC. ValueError when it is none."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return moment.timestamp()
