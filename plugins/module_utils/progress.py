# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What a person sees of long work while it goes on: say() appends a line to a file, Watch turns looks into lines.

Whoever wants to see it names the file in the environment variable RAX_PROGRESS_FILE: our action plugins do, and so can a
task's ``environment``, for a module that runs on another machine. Without it nothing is written.
"""

from __future__ import annotations

import os

PLACE = "RAX_PROGRESS_FILE"
LONGEST_LINE = 200
SILENCE = 30  # seconds after which a state that lasts is told again


def is_wanted():
    return bool(os.environ.get(PLACE))


def say(text):
    """Append a line. A file that cannot be written is no reason to fail: the work goes on unseen."""
    place = os.environ.get(PLACE)
    if not place:
        return
    try:
        # One write of a short line at the end of the file, so that threads do not break into each other's.
        with open(place, "a", encoding="utf-8") as lines:
            lines.write(printable(text) + "\n")
    except OSError:
        pass


def printable(text):
    """Text as one line that is safe on a terminal: names in a cloud can hold anything, escape sequences and line ends too."""
    safe = "".join(sign if sign.isprintable() else "?" for sign in str(text))
    return safe if len(safe) <= LONGEST_LINE else safe[:LONGEST_LINE - 1] + "…"


def line(name, state, seconds):
    return "%s: %s  (%d s)" % (name, state, seconds)


def state(record):
    """The state of a record, raw or as we hand it out, in a few words: "BUILD spawning 40 %"."""
    if record is None:
        return "gone"
    task = record.get("OS-EXT-STS:task_state") or record.get("task_state")
    done = record.get("progress")
    # A thing at rest keeps the last figure, 100 or 0, which then says nothing.
    share = "%s %%" % done if str(done or 0) not in ("0", "100") else None
    return " ".join(str(word) for word in (record.get("status", "there"), task, share) if word)


class Watch:
    """What wait.until() tells after each look at one thing. A wait that ends with its first look is not worth a line.

    title: names the thing as long as no record does.
    """

    def __init__(self, title):
        self.name = title
        self.said = None
        self.when = 0.0

    def __call__(self, record, seconds, over=False, trouble=None):
        """record: raw, or None; seconds: since the wait began; trouble: the error of a look that failed in passing."""
        if over and self.said is None:
            return
        self.name = (record or {}).get("name") or self.name
        now = "no answer, looking again" if trouble else state(record)
        if now != self.said or seconds - self.when >= SILENCE or over:
            say(line(self.name, now, seconds))
            self.said, self.when = now, seconds


def watch(title):
    """A Watch, or None when nobody wants to see anything."""
    return Watch(title) if is_wanted() else None
