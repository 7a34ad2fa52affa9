# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Plays found.yml and made.yml in pseudo-terminals and in pipes, and looks at what comes out while they run."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

SECONDS = 120  # after which something hangs
OUTPUT = Path(os.environ["OUTPUT_DIR"])
NAMES = {"rackspace": ("general1-1", "3afe97b2-26dc-49c5-a2cc-a2fc8d80c001"), "openstack": ("1", "cirros")}[os.environ["SANDBOX_DRESS"]]
BRIEF = ["--tags", "brief"]  # of made.yml the first task alone
LINE = re.compile(r"^  (\S.*): (.*)  \(\d+ s\)$", re.MULTILINE)
STATES = re.compile(r"(BUILD|SAVING)( \w+)?( \d+ %)?|ACTIVE")


def control(method, path, body):
    """An order to the sandbox; its answer."""
    request = urllib.request.Request("%s/sandbox/%s" % (os.environ["SANDBOX_URL"], path), json.dumps(body).encode(),
                                     {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def seed(name, status, **metadata):
    """The id of a server that stays in this status until it is told otherwise."""
    return control("POST", "servers", {"name": name, "status": status, "metadata": metadata})["servers"][0]["id"]


def check(is_so, what, output):
    if not is_so:
        raise SystemExit("%s\n%s" % (what, output))


class Terminal:
    """ansible-playbook in a terminal. `said`: what came out so far; errors_apart: whether stderr goes to a file instead."""

    def __init__(self, *arguments, errors_apart=False, **environment):
        self.end, theirs = pty.openpty()
        self.errors = tempfile.TemporaryFile("w+", dir=OUTPUT, encoding="utf-8")  # noqa: SIM115 it is closed in finish()
        self.process = subprocess.Popen(command(*arguments), stdin=subprocess.DEVNULL, stdout=theirs, stderr=self.errors if errors_apart else theirs,
                                        env=dict(os.environ, **environment))
        os.close(theirs)
        self.said = ""

    def until(self, text):
        """Read until this text has come out; None: all there is."""
        limit = time.monotonic() + SECONDS
        while text is None or text not in self.said:
            ready = select.select([self.end], [], [], max(0, limit - time.monotonic()))[0]
            check(ready, "%r did not come while the task was running" % text, self.said)
            try:
                more = os.read(self.end, 65536)
            except OSError:  # how a terminal ends
                more = b""
            if not more:
                check(text is None, "%r never came" % text, self.said)
                break
            self.said += more.decode(errors="replace").replace("\r\n", "\n")

    def finish(self):
        """The whole output, and that of stderr if it was to be apart."""
        self.until(None)
        os.close(self.end)
        check(self.process.wait(timeout=SECONDS) == 0, "ended with %s" % self.process.returncode, self.said)
        self.errors.seek(0)
        with self.errors:
            return self.said, self.errors.read()


def command(playbook, progress, *arguments):
    return ["ansible-playbook", *arguments, "-e", "@" + os.environ["SANDBOX_VARIABLES"],
            "-e", json.dumps({"progress": progress, "flavor": NAMES[0], "image": NAMES[1]}), playbook]


def piped(*arguments, **environment):
    """(stdout, stderr) of ansible-playbook in pipes."""
    done = subprocess.run(command(*arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False,
                          env=dict(os.environ, **environment))
    check(done.returncode == 0, "ended with %d" % done.returncode, done.stdout + done.stderr)
    return done.stdout, done.stderr


def lines_come_while_the_task_runs():
    """No server gets done before the line that it waits for was read, so a line that came late would come never."""
    fleet = seed("held-fleet1", "BUILD", ansible_fleet="held")
    build, reboot = seed("held-build", "BUILD"), seed("held-reboot", "REBOOT")
    terminal = Terminal("found.yml", "auto")
    for name, status, server in (("held-build", "BUILD", build), ("held-reboot", "REBOOT", reboot)):
        terminal.until("  %s: %s" % (name, status))
        control("PATCH", "servers/" + server, {"status": "ACTIVE"})
    terminal.until("  [1/2] held-fleet2: ")
    control("PATCH", "servers/" + fleet, {"status": "ACTIVE"})
    terminal.until("  [2/2] held-fleet1: ")
    said, _errors = terminal.finish()
    for name in ("held-build", "held-reboot"):
        check(re.search(r"^  %s: ACTIVE  \(\d+ s\)\nok: \[localhost\]$" % name, said, re.MULTILINE), "%s did not end in its task" % name, said)


def the_right_ones_are_shown(said, names=("shown-loop1", "shown-loop2")):
    """Those and no others, in words that were meant to be shown."""
    shown = LINE.findall(said)
    check({name for name, _state in shown} == set(names), "not the right lines", said)
    check(all(STATES.fullmatch(state) for _name, state in shown), "strange states", said)


def forget():
    control("POST", "reset", {})
    (OUTPUT / "elsewhere").unlink(missing_ok=True)


def a_person_at_a_terminal():
    forget()
    said, _errors = Terminal("made.yml", "auto").finish()
    the_right_ones_are_shown(said, ["shown-loop1", "shown-loop2", "shown-delegated", "shown-image ?[31m?"])
    check("\x1b" not in said and "\a" not in said, "the terminal was given an order", repr(said))
    elsewhere = (OUTPUT / "elsewhere").read_text(encoding="utf-8")
    check(re.match(r"hidden-elsewhere: BUILD.*\n(.*\n)*hidden-elsewhere: ACTIVE  \(\d+ s\)\n$", elsewhere), "not in the file", elsewhere)


def a_pipe():
    forget()
    said, errors = piped("made.yml", "auto", *BRIEF)
    check("(0 s)" not in said + errors and not LINE.search(said + errors), "a pipe was disturbed", said + errors)
    forget()
    said, errors = piped("made.yml", "always", *BRIEF)
    the_right_ones_are_shown(said)
    check(not errors, "stderr was disturbed", errors)


def a_program():
    """At a terminal and in a pipe, its document is whole; what is wanted in any case goes beside it."""
    for progress in ("auto", "always"):
        forget()
        said, errors = Terminal("made.yml", progress, *BRIEF, errors_apart=True, ANSIBLE_STDOUT_CALLBACK="program").finish()
        check(json.loads(said), "no document", said)
        if progress == "always":
            the_right_ones_are_shown(errors)
        else:
            check(not errors, "stderr was disturbed", errors)


if __name__ == "__main__":
    for part in (lines_come_while_the_task_runs, a_person_at_a_terminal, a_pipe, a_program):
        part()
        print("ok: %s" % part.__name__.replace("_", " "), flush=True)
