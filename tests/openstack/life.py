# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The cloud from its beginning to its end: up, down, and whether it runs."""

from __future__ import annotations

import concurrent.futures
import contextlib
import fcntl
import shutil
import signal
import sys
import time

import backbone
import configuration
import contents
import machine
import processes
import services
from settings import CLOUD_FILE, ETC, HOME, LOGS, RUN, STATE, CloudFailed, url

STOP_SECONDS = 30


def up():
    """Bring the cloud up, from whatever state it is in."""
    begin = time.monotonic()
    machine.prepare()
    installed = time.monotonic()
    print("OpenStack ...", flush=True)
    configuration.write()
    backbone.launch()
    backbone.wait()
    services.prepare()
    services.launch()
    contents.describe()
    print("OpenStack is up after %d s, of which %d s for installing: %s/v3, as described in %s."
          % (time.monotonic() - begin, installed - begin, url("keystone"), CLOUD_FILE), flush=True)


def down(wipe=False):
    """End every process that is ours; `wipe` removes what they have kept."""
    there = processes.names()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        # What asks others ends before what it asks.
        list(pool.map(lambda name: processes.stop(name, STOP_SECONDS), [name for name in there if name not in backbone.NAMES]))
    for name in backbone.NAMES:
        processes.stop(name, STOP_SECONDS)
    if wipe:
        for place in (ETC, STATE, LOGS, RUN):
            shutil.rmtree(place, ignore_errors=True)
        CLOUD_FILE.unlink(missing_ok=True)


def running():
    """Whether all of it runs."""
    return all(processes.alive(name) for name in [*backbone.NAMES, *services.PROGRAMS])


def status():
    """What runs, by name."""
    for name in [*backbone.NAMES, *services.PROGRAMS]:
        print("%-18s %s" % (name, "up" if processes.alive(name) else "down"))


@contextlib.contextmanager
def alone():
    """One command at a time. One that is asked to end ends in good order, and what it started with it."""
    signal.signal(signal.SIGTERM, lambda *_unused: sys.exit(143))
    machine.check()
    HOME.mkdir(parents=True, exist_ok=True)
    with open(HOME / "lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CloudFailed("Another command is at work on this cloud.") from error
        yield


@contextlib.contextmanager
def lent():
    """A cloud that runs. One that runs already is left running; else it is made from nothing, and ended afterwards."""
    found = running()
    try:
        if not found:
            down(wipe=True)
            up()
        yield
    finally:
        if not found:
            down()
