# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""How an action passes: a row of task states, evenly over the time it takes, and what the server is afterwards."""

from ..clock import iso


def begin(call, server, task_states, after, then=None):
    """Set a server on its way through `task_states` to the values `after`; `then(server, now)` does what else is due at the end.

    The first state shows at once, or after the setting `accept_grace`. The setting `next_action` may make it all end in ERROR.
    """
    settings = call.settings
    start = call.now + settings.scaled(settings.accept_grace)
    length = settings.scaled(settings.action_time)
    failing = settings.take("next_action") == "ERROR"
    steps = [(start + length * number / len(task_states), _into(task_state)) for number, task_state in enumerate(task_states)]
    steps.append((start + length, _failed if failing else lambda record, now: _end(record, now, after, then)))
    server.later(steps)
    if start == call.now:
        server.settle(call.now)


def _into(task_state):
    def change(server, now):
        server.change(now, task_state=task_state)
    return change


def _end(server, now, after, then):
    server.change(now, task_state=None, **after)
    if then is not None:
        then(server, now)


def _failed(server, now):
    server.change(now, vm_state="error", task_state=None,
                  fault={"code": 500, "created": iso(now), "message": "The server could not do what was asked of it."})
