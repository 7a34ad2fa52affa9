# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs a module and shows, line by line, what it appends to a file meanwhile. Knows nothing of any cloud.

The module writes what happens to the file that RAX_PROGRESS_FILE names (module_utils/progress.py). Where nobody would see it, or
the file could not be read from here or written there, the task takes the ordinary way of every module, at no cost.
"""

from __future__ import annotations

import getpass
import os
import sys
import tempfile
import threading

from ansible import constants as C
from ansible.plugins.action.normal import ActionModule as OrdinaryAction
from ansible.utils.display import Display

PAUSE = 0.2  # seconds between two looks at the file
# Stdout callbacks that write for people, one line after another; others write for programs, or move about the screen.
FOR_PEOPLE = ("default", "minimal", "oneline", "debug", "yaml", "unixy", "diy", "skippy", "actionable", "full_skip")
# Judged when the plugin is loaded, in the process that the person started: workers have given their terminal away.
TERMINAL = sys.stdout is not None and sys.stdout.isatty()


class LiveAction(OrdinaryAction):
    """The action plugin of a module with the option ``progress``."""

    def run(self, tmp=None, task_vars=None):
        if not self._is_watched():
            return super().run(tmp, task_vars)
        from ..module_utils.progress import PLACE  # loaded only where something is shown
        environment = self._task.environment
        with Follower(show) as path:
            # A file that somebody named stays in force: in our own environment, or in the task's, where what comes later wins.
            self._task.environment = [{PLACE: os.environ.get(PLACE) or path}, *(environment or [])]
            try:
                return super().run(tmp, task_vars)
            finally:
                self._task.environment = environment

    def _is_watched(self):
        task = self._task
        if task.check_mode or task.async_val or task.no_log or self._connection.transport != "local":
            return False
        progress = task.args.get("progress", "auto")
        return (progress == "always" or progress == "auto" and TERMINAL and is_for_people()) and self._can_write()

    def _can_write(self):
        """Whether the module will be able to write to a file of ours that nobody else may: as ourselves, or as root."""
        if not self._connection.become:
            return True
        return (self.get_become_option("become_user") or "root") in ("root", getpass.getuser())


def is_for_people():
    """Whether what goes to stdout is written for people to read."""
    return str(C.DEFAULT_STDOUT_CALLBACK).rpartition(".")[2] in FOR_PEOPLE


def show(text):
    """One line for the person at the terminal; beside the output where that is for a program."""
    from ..module_utils.progress import printable
    Display().display("  " + printable(text), color=C.COLOR_VERBOSE, stderr=not is_for_people())


class Follower:
    """``with Follower(show) as path:`` calls show(line) for each line that somebody appends to the file, as it comes."""

    def __init__(self, show_line):
        self.show = show_line
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.follow, name="progress", daemon=True)

    def __enter__(self):
        handle, self.path = tempfile.mkstemp(prefix="rackspace-cloud-progress-", dir=C.DEFAULT_LOCAL_TMP)
        self.lines = os.fdopen(handle, "rb")
        self.thread.start()
        return self.path

    def __exit__(self, kind, error, trace):
        self.over.set()
        self.thread.join()
        self.lines.close()
        os.unlink(self.path)
        return False

    def follow(self):
        unfinished, over = b"", False
        while not over:
            over = self.over.wait(PAUSE)
            *whole, unfinished = (unfinished + self.lines.read()).split(b"\n")
            for line in whole:
                self.show(line.decode("utf-8", "replace"))
