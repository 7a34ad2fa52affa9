# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What the bench makes of its measurements; nothing is timed here."""

from __future__ import annotations

import random

import pytest
from bench.ratios import Ratio, ranks_outside, ratio, verdict


def test_the_ratio_is_that_of_each_round():
    # Every other round the machine is ten times slower, for both.
    ours = [1.1, 11.0, 1.2, 12.0, 1.3]
    others = [1.0, 10.0, 1.0, 10.0, 1.0]
    assert ratio(ours, others) == pytest.approx((1.2, 1.1, 1.3))


# From tables of the sign test: ranks of the interval of the median at 90 %.
@pytest.mark.parametrize("rounds, outside", [(5, 0), (8, 1), (11, 2), (20, 5), (30, 10), (50, 18)])
def test_ranks_of_the_interval(rounds, outside):
    assert ranks_outside(rounds) == outside


def test_the_interval_holds_the_true_median_at_least_nine_times_in_ten():
    luck = random.Random(1)
    held = 0
    for _experiment in range(1000):
        found = ratio([luck.lognormvariate(0.2, 0.5) for _round in range(20)], [1.0] * 20)
        held += found.low <= 2.718281828 ** 0.2 <= found.high
    assert held >= 900


@pytest.mark.parametrize("ours, others", [([1.0] * 4, [1.0] * 4), ([1.0] * 6, [1.0] * 5)])
def test_too_few_rounds_are_refused(ours, others):
    with pytest.raises(ValueError, match="pairs are needed"):
        ratio(ours, others)


@pytest.mark.parametrize("low, budget, word", [
    (1.16, 1.15, "falls short"),
    (1.15, 1.15, "ok"),
    (1.10, 1.15, "ok"),
    (9.0, None, ""),
])
def test_only_a_lower_bound_beyond_the_budget_falls_short(low, budget, word):
    assert verdict(Ratio(9.5, low, 10.0), budget) == word
