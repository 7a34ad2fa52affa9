# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Plays the collection's playbooks as users do, by their full names, in a process of their own; shared by the scenarios of the runbooks."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

CLOUD = json.loads(Path(os.environ["SANDBOX_VARIABLES"]).read_text(encoding="utf-8"))
URL, DRESS, REGION = CLOUD["sandbox_url"], CLOUD["sandbox_dress"], CLOUD["sandbox_regions"][0]
RACKSPACE = DRESS == "rackspace"
ADMIN = dict(CLOUD["sandbox_auth"], **({} if RACKSPACE else {"username": "admin"}))
PLAY_SECONDS = 600  # more than enough, on a busy machine too
# Questions in the form of a POST.
LOGINS = re.compile(r"/tokens$")


def order(method, path, data=None):
    """Speak to the sandbox itself."""
    request = urllib.request.Request(URL + "/sandbox/" + path, data=None if data is None else json.dumps(data).encode(), method=method,
                                     headers={"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        return json.load(answer)


def seed(name, count=1, **others):
    """Put servers into the sandbox, as {name: id}."""
    made = order("POST", "servers", dict({"name": name, "count": count, "region": REGION, "flavor": "2"}, **others))["servers"]
    return {server["name"]: server["id"] for server in made}


def writes():
    """(method, end of path, keys of the body) of everything that was sent to change something, oldest first."""
    return [(entry["method"], entry["path"].rpartition("/v2")[2], sorted(entry["body"]) if isinstance(entry["body"], dict) else [])
            for entry in order("GET", "log")["requests"] if entry["method"] != "GET" and not LOGINS.search(entry["path"])]


def kinds():
    """What was sent to change something, as «reboot», «resize» … and «metadata», oldest first."""
    return ["metadata" if "/metadata" in path else keys[0] for _method, path, keys in writes()]


def rebooted(ids):
    """The names of the servers that were sent a reboot, in order; `ids`: {name: id}."""
    names = {server_id: name for name, server_id in ids.items()}
    return [names[path.split("/")[-2]] for _method, path, keys in writes() if keys == ["reboot"]]


class Played:
    """How a play ended: what it wrote, and the numbers of its recap."""

    def __init__(self, output, code):
        self.output, self.code = output, code
        recap = re.search(r"^localhost +: (.*)$", output, re.MULTILINE)
        self.counts = {key: int(number) for key, number in re.findall(r"(\w+)=(\d+)", recap.group(1))} if recap else {}
        self.text = re.sub(r"\s+", " ", output)

    @property
    def changed(self):
        return self.counts["changed"]


class Plays:
    """Ansible's commands in a directory of its own."""

    def __init__(self, place):
        self.place = place
        self.number = 0
        self.environment = dict(os.environ, RAX_TOKEN_CACHE_DIR=str(place / "tokens"))

    def command(self, playbook, variables, *arguments):
        self.number += 1
        given = self.place / ("%d.json" % self.number)
        given.write_text(json.dumps(variables), encoding="utf-8")
        name = str(playbook) if isinstance(playbook, Path) else "rackspace.cloud." + playbook
        return ["ansible-playbook", name, "-e", "@%s" % given, *map(str, arguments)]

    def play(self, playbook, *arguments, ends=0, warns="$.", **variables):
        """Play it to its end, which has to be as expected, without a warning other than those that the pattern `warns` fits."""
        done = subprocess.run(self.command(playbook, variables, *arguments), cwd=self.place, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PLAY_SECONDS, check=False)
        assert done.returncode == ends, done.stdout
        warnings = re.findall(r"^\[(?:DEPRECATION )?WARNING\].*", done.stdout, re.MULTILINE)
        assert all(re.search(warns, warning) for warning in warnings), done.stdout
        return Played(done.stdout, done.returncode)

    def rehearse(self, playbook, *arguments, ends=0, **variables):
        """Play it with --check --diff, which must send nothing that changes something."""
        before = writes() if URL else None
        played = self.play(playbook, "--check", "--diff", *arguments, ends=ends, **variables)
        assert not URL or writes() == before, played.output
        return played

    def thrice(self, playbook, *arguments, **variables):
        """Rehearsed, done, and done again, which changes nothing; the three as `Played`."""
        rehearsed = self.rehearse(playbook, *arguments, **variables)
        assert rehearsed.changed, rehearsed.output
        done = self.play(playbook, *arguments, **variables)
        assert done.changed, done.output
        again = self.play(playbook, *arguments, **variables)
        assert again.changed == 0, again.output
        return rehearsed, done, again

    def broken_off(self, playbook, when, **variables):
        """Play it, and kill it as soon as `when()` is true, with everything that it started in its session; jobs in the background live on."""
        with open(self.place / "broken_off.log", "w+", encoding="utf-8") as log, subprocess.Popen(
                self.command(playbook, variables), cwd=self.place, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True) as process:
            deadline = time.monotonic() + PLAY_SECONDS
            while not when():
                assert process.poll() is None and time.monotonic() < deadline, (self.place / "broken_off.log").read_text(encoding="utf-8")
                time.sleep(0.05)
            os.killpg(process.pid, signal.SIGKILL)


def info(plays, module, **options):
    """What an info module returns, asked on the command line."""
    words = ["ansible", "localhost", "-m", "rackspace.cloud." + module, *(["-a", json.dumps(options)] if options else [])]
    done = subprocess.run(words, cwd=plays.place, env=dict(plays.environment, ANSIBLE_CALLBACK_RESULT_FORMAT="json"), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=PLAY_SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.partition("=>")[2])


def servers(plays, **options):
    """{name: record} of the servers that there are."""
    return {server["name"]: server for server in info(plays, "server_info", **options)["servers"]}


@pytest.fixture
def plays(tmp_path):
    if URL:
        order("POST", "reset", {})
        order("DELETE", "log")
    return Plays(tmp_path)
