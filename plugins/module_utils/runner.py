# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The frame of every module: run() for what changes something, run_info() for what asks. The only AnsibleModule.

Here alone check mode, diff, waiting and failing are known.
"""

from __future__ import annotations

from typing import NamedTuple

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from . import credentials, errors, plan, transport, wait
from .api import connect
from .arguments import AUTH, WAIT


class Resource(NamedTuple):
    """How a kind of thing is managed.

    current(task): what is, a record or None. desired(task, now): what is wanted. plan(now, want): a plan.Plan.
    steps: {name: function(task, now, step)} where a function starts the step and returns a plan.Started; or a function that
    gives this, for steps that are worth loading only when something is done.
    foresee(now, steps): the record as it will be. title(now, params): how messages name the thing.
    review(task, plan): extra results, warnings and refusals for the whole plan; may be None.
    """

    current: object
    desired: object
    plan: object
    steps: object
    foresee: object
    title: object
    review: object = None


PATIENT = {name: spec.get("default") for name, spec in WAIT.items()}


class Task:
    """What the functions of a Resource may know of the task: the cloud, the options, and where to put results."""

    def __init__(self, cloud, params, warn):
        self.cloud = cloud
        self.params = params
        self.warn = warn
        self.results = {}


def run(resource, returns, argument_spec, waits=True, **rules):
    """A module that makes something so. The result has changed, actions, diff and the record under ``returns``.

    waits: False for a thing that is done when the request is answered; its module has no options about waiting.
    """
    module = frame(dict(WAIT if waits else {}, **argument_spec), rules)
    cloud, failure, results, done = None, None, {}, []
    try:
        params = patient(module.params)
        cloud = connect(params, read_only=module.check_mode)
        task = Task(cloud, params, module.warn)
        results = task.results
        results[returns] = carry_out(resource, task, module.check_mode, done)
    except errors.CloudError as error:
        failure = error
        if cloud:
            results[returns] = results.get("reached")
    results.pop("reached", None)
    end(module, cloud, failure, dict(results, changed=plan.changed(done), actions=plan.actions(done), diff=plan.diff(done)))


def run_many(make, argument_spec, **rules):
    """A module that makes many things so, in a flow of its own. make(task): the work, with carry_out(rehearsal), and results(), which tells
    at any time what was done so far; both may be called after an error."""
    module = frame(dict(WAIT, **argument_spec), rules)
    cloud, work, failure = None, None, None
    try:
        params = patient(module.params)
        cloud = connect(params, read_only=module.check_mode)
        work = make(Task(cloud, params, module.warn))
        work.carry_out(module.check_mode)
    except errors.CloudError as error:
        failure = error
    end(module, cloud, failure, work.results() if work else {"changed": False})


def patient(params):
    """The options, those about waiting among them. Raises BadInput for a wait that never looks or never rests."""
    params = dict(PATIENT, **params)
    timeout, interval = params["wait_timeout"], params["wait_interval"]
    if timeout is not None and timeout < 0:
        raise errors.BadInput("wait_timeout is %d, and nothing ends before it begins. Give seconds, 0 for one look, or leave it out." % timeout)
    if interval is not None and not interval > 0:  # so NaN is refused too
        raise errors.BadInput("wait_interval is %s: the cloud would be asked without a rest. Give the seconds between two looks, as in 5, or leave "
                              "it out." % interval)
    return params


def end(module, cloud, failure, results):
    """Leave the module. No exception is pending here: Ansible would show the traceback of a failure that is expected."""
    if credentials.is_traced(module.params):
        from . import trace
        results = dict(results, api_calls=trace.told(cloud) if cloud else [])
    if failure:
        module.fail_json(**dict(results, **failure.as_result()))
    module.exit_json(**results)


def carry_out(resource, task, rehearsal, done):
    """The record after everything that the plan says; ``done`` is filled with the steps begun, or foreseen in a rehearsal."""
    now, found = look(resource, task)
    while not rehearsal and found.steps and not found.steps[0].changes and (task.params["wait"] or plan.changed(found.steps)):
        # What somebody else began ends first, and perhaps otherwise than foreseen: look anew.
        take(resource, task, now, found.steps[0], [], last=False)
        now, found = look(resource, task)
    if resource.review:
        task.results.update(resource.review(task, found))
    steps = [step for step in found.steps if step.changes]
    if rehearsal:
        done += steps
        return resource.foresee(now, steps)
    for step in steps:
        now = take(resource, task, now, step, done, last=step is steps[-1])
    return now


def look(resource, task):
    """(record, Plan): what is, and what is to be done about it."""
    with errors.Doing("find %s" % resource.title(None, task.params)):
        now = task.results["reached"] = resource.current(task)
    with errors.Doing("plan %s" % resource.title(now, task.params)):
        return now, resource.plan(now, resource.desired(task, now))


def take(resource, task, now, step, done, last):
    """Start a step and wait for it: always between two steps, after the last only when the user wants to."""
    title = resource.title(now, task.params)
    with errors.Doing("%s %s" % (step.do.replace("_", " "), title)):
        steps = resource.steps() if callable(resource.steps) else resource.steps
        started = steps[step.do](task, now, step)
        done.append(step)

        def fetch():
            raw = started.fetch()
            task.results["reached"] = started.record(raw) if raw else None
            return raw
        if task.params["wait"] or not last:
            from . import progress  # only what waits has something to tell
            timeout = task.params["wait_timeout"]
            wait.until(fetch, started.done, started.timeout if timeout is None else timeout, title, task.params["wait_interval"],
                       progress.watch(title), started.id)
        else:
            fetch()
    return task.results["reached"]


def run_info(fetch, doing, argument_spec, **rules):
    """A module that only asks. fetch(cloud, params) gives the results to return, as a dict; doing: what messages call that."""
    module = frame(argument_spec, rules)
    cloud, failure, results = None, None, {}
    try:
        with errors.Doing(doing):
            cloud = connect(module.params, read_only=True)
            results = dict(fetch(cloud, module.params), changed=False)
    except errors.CloudError as error:
        failure = error
    end(module, cloud, failure, results)


class Module(AnsibleModule):
    """An AnsibleModule whose journal keeps no secret: Ansible masks those within a dictionary or a list only where no quote or backslash in
    them makes them look otherwise there."""

    def log(self, msg, log_args=None):
        log_args = dict(log_args or {})
        for value in self.no_log_values:
            written = repr(value)[1:-1]
            if written != value:
                msg = msg.replace(written, "********")
                log_args.update((name, str(text).replace(written, "********")) for name, text in list(log_args.items()))
        super().log(msg, log_args)


def frame(argument_spec, rules):
    """The AnsibleModule, with the connection options; fails at once when requests is not there."""
    module = Module(argument_spec=dict(AUTH, **argument_spec), supports_check_mode=True, **rules)
    if transport.MISSING:
        module.fail_json(msg=missing_required_lib("requests"), exception=transport.MISSING)
    return module
