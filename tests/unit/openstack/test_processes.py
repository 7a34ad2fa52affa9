# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Processes are known by pid and start time, and no other is ever ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import processes
import pytest
from settings import CloudFailed

SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")
# Starts a child that will not end when asked to.
STUBBORN = [sys.executable, "-c", "import signal, subprocess, sys, time\n"
            "child = subprocess.Popen([sys.executable, '-c', 'import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)'])\n"
            "open('child', 'w').write(str(child.pid)); time.sleep(600)"]


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """Records and logs lie in a directory of the test; what it started is ended."""
    monkeypatch.setattr(processes, "RUN", tmp_path)
    monkeypatch.setattr(processes, "LOGS", tmp_path)
    yield tmp_path
    for name in processes.names():
        processes.stop(name, 1)


def started(name, command=SLEEP):
    processes.start(name, command, dict(os.environ))
    return json.loads((processes.RUN / (name + ".json")).read_text(encoding="utf-8"))


def test_a_second_start_starts_nothing():
    assert started("one") == started("one")
    assert processes.names() == ["one"]


def test_a_stopped_process_is_gone():
    pid = started("one")["pid"]
    processes.stop("one", 10)
    assert not processes.alive("one")
    assert processes.names() == []
    assert processes._stat(pid) is None or processes._stat(pid)["state"] == "Z"


def test_what_a_process_started_is_ended_with_it(place):
    started("one", STUBBORN)
    processes.until("the child is there", lambda: (place / "child").is_file() and (place / "child").read_text(encoding="utf-8"), 30, ["one"])
    child = int((place / "child").read_text(encoding="utf-8"))
    processes.stop("one", 10)
    processes.until("the child has ended", lambda: (processes._stat(child) or {"state": "Z"})["state"] == "Z", 10)


def test_another_process_of_that_number_is_left_alone(place):
    with subprocess.Popen(SLEEP) as other:
        (place / "one.json").write_text(json.dumps({"pid": other.pid, "started": "1"}), encoding="utf-8")
        assert not processes.alive("one")
        processes.stop("one", 1)
        assert other.poll() is None
        other.kill()


def test_waiting_ends_when_what_is_waited_for_has_ended():
    started("one", [sys.executable, "-c", "print('out of paper')"])
    with pytest.raises(CloudFailed, match="(?s)one has ended.*out of paper"):
        processes.until("it prints", lambda: False, 60, ["one"])
