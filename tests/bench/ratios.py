# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What rounds of measured pairs say: the median of their ratios, its 90 % interval, and the verdict on a budget."""

from __future__ import annotations

import math
import statistics
from typing import NamedTuple

CONFIDENCE = 0.90
FEWEST_ROUNDS = 5  # below this no interval of order statistics covers the median often enough


class Ratio(NamedTuple):
    """Ours through the other's: the median over the rounds, and the interval that holds the true median in 90 % of all cases."""

    median: float
    low: float
    high: float


def ratio(ours, others):
    """The Ratio of two lists of seconds, taken in pairs. ValueError for fewer than FEWEST_ROUNDS pairs, or no pairs at all."""
    if len(ours) != len(others) or len(ours) < FEWEST_ROUNDS:
        raise ValueError("%d and %d measurements; at least %d pairs are needed" % (len(ours), len(others), FEWEST_ROUNDS))
    each = sorted(mine / theirs for mine, theirs in zip(ours, others))
    outside = ranks_outside(len(each))
    return Ratio(statistics.median(each), each[outside], each[-1 - outside])


def ranks_outside(count):
    """How many of `count` sorted values may be left out at each end, so that the rest still holds the median in 90 % of all cases.

    Each value lies below the true median with probability 1/2, so the number that does is binomial: no assumption on how times spread.
    """
    outside, tail = 0, 0.0
    while True:
        tail += math.comb(count, outside) / 2 ** count
        if tail > (1 - CONFIDENCE) / 2:
            return outside - 1
        outside += 1


def verdict(found, budget):
    """"ok", "falls short" when even the lower bound exceeds the budget, "" where there is no budget."""
    if budget is None:
        return ""
    return "falls short" if found.low > budget else "ok"
