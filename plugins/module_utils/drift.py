# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What is said about drift: returned always, and warned of or refused as drift_policy says."""

from __future__ import annotations

from . import errors

POLICY = dict(type="str", choices=["warn", "fail", "ignore"], default="warn")


def told(task, plan, title, advice):
    """{drift, drift_unknown} of a plan. Warns, or raises Drifted with the advice, before anything is done."""
    drift, policy = list(plan.drift), task.params["drift_policy"]
    if drift and policy == "fail":
        raise errors.Drifted("%s. Nothing was changed. %s" % (in_words(drift), advice), drift=drift, drift_unknown=list(plan.unknown))
    if drift and policy == "warn":
        task.warn("%s differs: %s. It stays as it is." % (title, in_words(drift)))
    return {"drift": drift, "drift_unknown": list(plan.unknown)}


def in_words(drift):
    """What differs, for messages."""
    return "; ".join("%(field)s is %(found)s, wanted is %(wanted)s" % item for item in drift)
