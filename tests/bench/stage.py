# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Where a row is measured: a sandbox in a process of its own, an environment that holds nothing of the person's, and the stopwatch."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from checkout import ROOT, TREE
from integration.clouds import sandbox

HERE = Path(__file__).resolve().parent


class NotDone(Exception):
    """A side did not do its job, so that its time means nothing; the text says what it did instead."""


class Run(NamedTuple):
    """One run of a side: seconds on the wall, seconds of processor time, HTTP calls, logins among them, the most megabytes that all of its
    processes had together, megabytes that the cloud sent."""

    seconds: float
    cpu: float
    calls: int
    logins: int
    megabytes: float
    received: float


@dataclass
class Side:
    """What is timed: commands run one after the other, and proof(output), which returns a complaint unless the job was done.

    before(): what happens to the cloud before each run; it is not timed.
    """

    commands: list
    proof: object
    before: object = None


class Stage:
    """A sandbox that is running, and the directory `place`, for files and all that Ansible writes."""

    def __init__(self, cloud, place, collections):
        self.cloud = cloud
        self.place = place
        self.collections = collections
        self.api = connect(cloud)
        self.token = self.api.cloud.access.token
        self.turns = 0
        self.environment = self._environment()

    def _environment(self):
        keep = {name: value for name, value in os.environ.items() if not re.match(r"ANSIBLE_|OS_|RAX_|XDG_|PYTHON", name)}
        (self.place / "ansible.cfg").write_text("[defaults]\n")
        python = Path(sys.executable)
        return dict(
            keep,
            **self.cloud.environment,
            PATH=os.pathsep.join([str(python.parent), os.environ["PATH"]]),
            HOME=str(self.place),
            RAX_TOKEN_CACHE_DIR=str(self.place / "token-cache"),
            BENCH_TOKEN=self.token,
            ANSIBLE_CONFIG=str(self.place / "ansible.cfg"),
            ANSIBLE_HOME=str(self.place / ".ansible"),
            ANSIBLE_REMOTE_TMP=str(self.place / "tmp"),
            ANSIBLE_COLLECTIONS_PATH=os.pathsep.join(map(str, self.collections)),
            ANSIBLE_LIBRARY=str(HERE / "library"),
            ANSIBLE_PYTHON_INTERPRETER=str(python),
        )

    def seed(self, count, **fields):
        """Put `count` servers into the first region, with these fields of the control API."""
        self.control("POST", "servers", dict(fields, count=count))

    def control(self, method, path, body=None):
        """One call of the sandbox's control API; the decoded answer."""
        request = urllib.request.Request("%s/sandbox/%s" % (self.cloud.url, path), method=method, headers={"Content-Type": "application/json"},
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def file(self, name, content):
        """Write text, or data as JSON, which is YAML as well; the path."""
        path = self.place / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    def run(self, side):
        """Run a side once; a Run. Raises NotDone."""
        if side.before:
            side.before()
        self.control("DELETE", "log")
        cpu, largest = 0.0, 0
        begin = time.perf_counter()
        for command in side.commands:
            with open(self.place / "output", "w", encoding="utf-8") as output:
                process = subprocess.Popen(command, cwd=self.place, env=self.environment, stdin=subprocess.DEVNULL,
                                           stdout=output, stderr=subprocess.STDOUT)
                with Tree(process.pid) as tree:
                    _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            cpu += usage.ru_utime + usage.ru_stime
            largest = max(largest, tree.most)
            if process.returncode:
                break
        seconds = time.perf_counter() - begin
        said = (self.place / "output").read_text(encoding="utf-8")
        complaint = "%s ended with %d" % (Path(command[0]).name, process.returncode) if process.returncode else side.proof(said)
        if complaint:
            raise NotDone("%s; the end of its output:\n%s" % (complaint, said[-2000:]))
        log = self.control("GET", "log")["requests"]
        logins = sum(entry["method"] == "POST" and entry["path"].endswith("/tokens") for entry in log)
        return Run(seconds, cpu, len(log), logins, largest / 2 ** 20, sum(entry["bytes"] for entry in log) / 1e6)


class Tree(threading.Thread):
    """Looks at a process and all that come from it while they run. most: bytes of memory that they had together."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid = pid
        self.most = 0
        self.over = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.over.set()
        self.join()

    def run(self):
        while not self.over.wait(0.05):
            self.most = max(self.most, memory_of(self.pid), peak_of(self.pid))


def memory_of(pid):
    """Bytes in memory of a process and all that come from it; 0 when it has ended."""
    here = Path("/proc") / str(pid)
    try:
        pages = int((here / "statm").read_text().split()[1])
        children = [child for task in (here / "task").iterdir() for child in (task / "children").read_text().split()]
    except (OSError, IndexError):
        return 0
    return pages * resource.getpagesize() + sum(map(memory_of, children))


def peak_of(pid):
    """The most bytes that a process has had in memory; 0 when it has ended. What wait4() tells counts the parent's memory too, which the
    process shared before it became another program."""
    try:
        status = Path("/proc/%d/status" % pid).read_text()
    except OSError:
        return 0
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def connect(cloud):
    """The compute service, through our own client: servers of either dress are found the same way."""
    from ansible_collections.rackspace.cloud.plugins.module_utils.api import connect as connect_to
    return connect_to(dict(cloud.auth, token_cache=False), environ={}).compute


@contextlib.contextmanager
def stage(dress, latency, place, peers):
    """A Stage on a sandbox of its own, each of whose answers takes `latency` milliseconds longer."""
    with sandbox(ROOT / "tests/sandbox", sys.executable, dress, place, ["--latency", str(latency)]) as cloud:
        yield Stage(cloud, place, [TREE, peers])
