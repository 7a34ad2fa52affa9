# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Things that change by themselves: a plan of later changes, applied when somebody looks."""

import math


class Timed:
    """A record with a plan: `(moment, change)` pairs, where a change is a function of the record and that moment."""

    due = math.inf
    plan = ()

    def later(self, steps):
        """Replace the plan by `steps`, sorted by moment."""
        self.plan = list(steps)
        self.due = self.plan[0][0] if self.plan else math.inf

    def settle(self, now):
        """Apply every change that is due; returns the record."""
        while self.due <= now:
            moment, change = self.plan.pop(0)
            self.due = self.plan[0][0] if self.plan else math.inf
            change(self, moment)
        return self


def settled(records, now):
    """The records of a dict that have not gone, each brought up to date."""
    for record in list(records.values()):
        record.settle(now)
        if not getattr(record, "gone", False):
            yield record
