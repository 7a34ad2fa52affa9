# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What will be done, as data: Step, Plan, Started, known(), diff(). No I/O, no imports of ours."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """One thing to do.

    do: name of the action, as it appears in ``actions``; field: what of the record it changes;
    before, after: the values that ``diff`` shows; body: what is needed to do it and is never shown;
    changes: False for a step that only waits for what somebody else began.
    """

    do: str
    field: str
    before: object = None
    after: object = None
    body: object = None
    changes: bool = True


class Plan(NamedTuple):
    """The steps, and what differs without a step: drift is a list of {field, wanted, found}, unknown a list of the options
    that were given and cannot be compared."""

    steps: list
    drift: list = ()
    unknown: list = ()


class Started(NamedTuple):
    """What a step has begun. fetch(): the thing as it is now, raw, or None; done(raw): the goal is reached;
    record(raw): as it is handed out; timeout: seconds to wait unless the user says otherwise; id: of what was made, for messages."""

    fetch: object
    done: object
    record: object
    timeout: int = 600
    id: str = None


def known(**values):
    """The values that were given: None means "leave it alone" and is dropped here, once."""
    return {name: value for name, value in values.items() if value is not None}


def changed(steps):
    return any(step.changes for step in steps)


def actions(steps):
    """The names of what is done, in order."""
    return [step.do for step in steps if step.changes]


def diff(steps):
    """Before and after of all steps, in the form that ``--diff`` shows; an unchanged thing has two empty sides."""
    before, after = {}, {}
    for step in steps:
        if not step.changes:
            continue
        for side, value in ((before, step.before), (after, step.after)):
            if step.field is None:  # several fields, or the whole record
                side.update(value or {})
            elif side is after or step.field not in before:
                side[step.field] = value
    same = [field for field in before if field in after and before[field] == after[field]]
    return {"before": without(before, same), "after": without(after, same)}


def without(fields, names):
    return {name: value for name, value in fields.items() if name not in names}
