# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Processes that outlive the command that started them: each is known by its pid and start time, and only those are ever ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

from machine import tail
from settings import LOGS, RUN, CloudFailed, is_open


def start(name, command, environment, port=None):
    """Start a program in a session of its own, unless it runs; its output goes to `logs/NAME.out`.

    `port` is where it will listen: when somebody else does already, that is a `CloudFailed`.
    """
    if alive(name):
        return
    if port and is_open(port):
        raise CloudFailed("Port %d, where %s is to listen, is taken by another program. `make openstack-down ARGS=--wipe` lets the cloud choose anew."
                          % (port, name))
    RUN.mkdir(parents=True, exist_ok=True)
    with open(LOGS / (name + ".out"), "ab") as output:
        process = subprocess.Popen([str(word) for word in command], env=environment, cwd=RUN, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, start_new_session=True)
    (RUN / (name + ".json")).write_text(json.dumps({"pid": process.pid, "started": _stat(process.pid)["started"]}))


def alive(name):
    """Whether the process of that name is still the one that was started."""
    record = _record(name)
    return bool(record) and _runs(record["pid"], record["started"])


def names():
    """The names of all processes that have a record."""
    return sorted(path.stem for path in RUN.glob("*.json"))


def stop(name, seconds):
    """End a process, with everything in its session: asked first, killed when it is not gone in time."""
    record = _record(name)
    if alive(name):
        session = [(pid, stat["started"]) for pid, stat in _all() if stat["session"] == record["pid"]]
        os.kill(record["pid"], signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while alive(name) and time.monotonic() < deadline:
            time.sleep(0.1)
        for pid, started in session:
            if _runs(pid, started):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
    (RUN / (name + ".json")).unlink(missing_ok=True)


def until(what, check, seconds, needs=()):
    """Wait until `check()` is true. `CloudFailed` when it is late, or when one of the processes it `needs` has ended."""
    deadline = time.monotonic() + seconds
    while not check():
        for name in needs:
            if not alive(name):
                log = LOGS / (name + ".out")
                raise CloudFailed("%s has ended; the end of %s:\n%s" % (name, log, tail(log)))
        if time.monotonic() > deadline:
            raise CloudFailed("%s: not so after %d s; see %s." % (what, seconds, LOGS))
        time.sleep(0.3)


def started_at(name):
    """When the process was started, in seconds since the epoch."""
    return (RUN / (name + ".json")).stat().st_mtime


def _record(name):
    path = RUN / (name + ".json")
    return json.loads(path.read_text()) if path.is_file() else None


def _runs(pid, started):
    stat = _stat(pid)
    return bool(stat) and stat["started"] == started and stat["state"] != "Z"


def _all():
    """Every process of the machine with its stat."""
    for place in Path("/proc").glob("[0-9]*"):
        stat = _stat(int(place.name))
        if stat:
            yield int(place.name), stat


def _stat(pid):
    """State, session and start time of a process; None when there is none. A pid may be given out again, with another start time."""
    try:
        fields = Path("/proc/%d/stat" % pid).read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return {"state": fields[0], "session": int(fields[3]), "started": fields[19]}
