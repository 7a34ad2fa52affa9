# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many lists side by side, page by page: the next page is on its way while the last one is worked on."""

from __future__ import annotations

import queue
import threading
from typing import NamedTuple

MOST_AT_ONCE = 8
AHEAD = 2  # pages that wait to be worked on; more would only fill the memory
PAUSE = 0.2  # seconds between two looks whether anybody still wants what is brought
PATIENCE = 1.0  # seconds for all readers to end; one that waits for a region which does not answer is left to itself


class Failure(NamedTuple):
    """A list could not be read to its end."""

    error: Exception


class End(NamedTuple):
    """A list is complete."""


def side_by_side(lists):
    """Yield (name, item) from all of {name: iterable} in the order in which they come; after the last item of each an End or a Failure.

    Each is read by a thread of its own, MOST_AT_ONCE at a time, at most AHEAD items in all before they are taken.
    """
    arrived, stopped = queue.Queue(AHEAD), threading.Event()
    waiting = queue.SimpleQueue()
    for item in lists.items():
        waiting.put(item)
    readers = [threading.Thread(target=read, args=(waiting, arrived, stopped), daemon=True) for _number in range(min(len(lists), MOST_AT_ONCE))]
    for reader in readers:
        reader.start()
    open_lists = len(lists)
    try:
        while open_lists:
            name, item = arrived.get()
            open_lists -= isinstance(item, (End, Failure))
            yield name, item
            del item
    finally:
        stopped.set()
        for reader in readers:
            reader.join(PATIENCE / len(readers))


def read(waiting, arrived, stopped):
    """Read lists until none is waiting or nobody wants more."""
    while not stopped.is_set():
        try:
            name, items = waiting.get_nowait()
        except queue.Empty:
            return
        try:
            for item in items:
                bring(arrived, stopped, (name, item))
                del item
                if stopped.is_set():
                    return
            bring(arrived, stopped, (name, End()))
        except Exception as error:  # raised again by whoever takes it, a bug of ours as well
            bring(arrived, stopped, (name, Failure(error)))


def bring(arrived, stopped, item):
    """Put an item where it is taken from, unless nobody takes any more."""
    while not stopped.is_set():
        try:
            return arrived.put(item, timeout=PAUSE)
        except queue.Full:
            pass
