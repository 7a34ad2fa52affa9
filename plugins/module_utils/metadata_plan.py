# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What metadata should become: pure.

``now`` is the items that there are. ``want`` is a dict: metadata, the items to be there, or None; keys, those not to be there;
purge, atomic: bool; stays(key): whether a purge spares it.
"""

from __future__ import annotations

from . import metadata
from .plan import Plan, Step


def plan(now, want):
    """One step that replaces everything, when that is wanted and more than one request would be needed; else a step to set, and one to remove."""
    setting, removing = metadata.changes(now, want["metadata"], want["purge"], want["stays"])
    removing += [key for key in want["keys"] if key in now]
    goal = metadata.after(now, setting, removing)
    if want["atomic"] and len(removing) + bool(setting) > 1:
        return Plan([Step("replace", None, part(now, [*setting, *removing]), setting, body=goal)])
    steps = []
    if setting:
        steps.append(Step("set", None, part(now, setting), setting, body=setting))
    if removing:
        steps.append(Step("remove", None, part(now, removing), {}, body=removing))
    if metadata.no_room(now, setting):
        steps.reverse()
    return Plan(steps)


def part(items, keys):
    return {key: items[key] for key in keys if key in items}


def foresee(now, steps):
    """The items as they will be."""
    for step in steps:
        now = step.body if step.do == "replace" else metadata.after(now, step.after, step.before if step.do == "remove" else ())
    return now
