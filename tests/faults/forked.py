# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Tasks in processes of their own, forked from one that has loaded everything: real processes, in a tenth of the time that Ansible takes for them.

A `Nursery` plays one task at a time. A task is given what Ansible gives a module, runs its main(), and ends as it ends under Ansible.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

PACKAGE = "ansible_collections.rackspace.cloud.plugins.modules."


STUMBLE = "FAULTS_STUMBLE"  # a variable of the environment: every exchange ends in an error that nobody expects


class Nursery:
    """Forks tasks. python: of an environment with ansible-core; environment: what every task sees; before: arguments of that program, where it
    is one that only starts Python."""

    def __init__(self, python, environment, before=()):
        self.process = subprocess.Popen([str(python), *before, str(Path(__file__).resolve())], env=environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def begin(self, module, arguments, output, environment=()):
        """Start a task whose streams go to the file `output`; its process id."""
        order = {"module": module, "arguments": arguments, "output": str(output), "environment": dict(environment)}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())["pid"]

    def end(self):
        """Wait for the task that was begun; its exit status, negative for a signal."""
        return json.loads(self.process.stdout.readline())["status"]

    def play(self, module, arguments, output, environment=()):
        """(result, exit status) of a task from its beginning to its end. result is None when it printed none."""
        self.begin(module, arguments, output, environment)
        status = self.end()
        return result_in(output), status


def result_in(output):
    """The result that a task printed into a file, None when there is none."""
    for line in reversed(Path(output).read_text(encoding="utf-8").splitlines()):
        if line.startswith("{"):
            try:
                return json.loads(line)
            except ValueError:
                return None
    return None


def serve():
    """Fork a task for each line of standard input, one after another; tell its process id, and how it ended."""
    preload()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            play(order)
        print(json.dumps({"pid": child}), flush=True)
        _pid, status = os.waitpid(child, 0)
        print(json.dumps({"status": os.waitstatus_to_exitcode(status)}), flush=True)


def preload():
    """Load what every task needs, and no module: that happens in the task."""
    import ansible.module_utils.basic
    import requests
    return ansible.module_utils.basic, requests


def play(order):
    """The task itself; never returns."""
    code = 70
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        streams = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        for stream in (1, 2):
            os.dup2(streams, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(order["environment"])
        if os.environ.get(STUMBLE):
            stumble()
        code = run(order["module"], order["arguments"])
    except KeyboardInterrupt:
        code = 130
        import traceback
        traceback.print_exc()
    except BaseException:  # pylint: disable=broad-exception-caught
        import traceback
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def stumble():
    """From here on requests fail as no exchange does."""
    import requests

    def request(*_unused, **_also):
        raise RuntimeError("nobody expects this")
    requests.Session.request = request


def run(module, arguments):
    """The exit status of a module's main()."""
    import importlib

    from ansible.module_utils import basic
    try:
        main = importlib.import_module(PACKAGE + module).main
        if hasattr(basic, "_ANSIBLE_PROFILE"):
            basic._ANSIBLE_PROFILE = "legacy"
        basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
        main()
        return 0
    except SystemExit as ended:
        return ended.code or 0


if __name__ == "__main__":
    serve()
