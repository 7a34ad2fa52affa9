# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A few threads that do what they are handed, and tell what came of it."""

from __future__ import annotations

import queue
import threading

from . import wait


class Crew:
    """size threads at most. They end with the process: a request that nobody waits for any more holds up nobody."""

    def __init__(self, size):
        self.size = size
        self.threads = []
        self.orders = queue.Queue()
        self.inbox = queue.Queue()
        self.busy = 0

    def submit(self, who, work):
        """Have work() done; finished() will give (who, its value or None, its error or None)."""
        self.busy += 1
        if self.busy > len(self.threads) < self.size:
            thread = threading.Thread(target=self.serve, daemon=True)
            self.threads.append(thread)
            thread.start()
        self.orders.put((who, work))

    def finished(self, seconds):
        """What was done first of all that is not yet told, None when nothing is after so many seconds."""
        found = wait.arrival(self.inbox, seconds)
        if found:
            self.busy -= 1
        return found

    def serve(self):
        while True:
            who, work = self.orders.get()
            if who is None:
                return
            try:
                self.inbox.put((who, work(), None))
            except BaseException as error:  # it is raised again where it is waited for
                self.inbox.put((who, None, error))

    def dismiss(self):
        for _thread in self.threads:
            self.orders.put((None, None))
