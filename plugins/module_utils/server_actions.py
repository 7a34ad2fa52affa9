# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The actions on a server, as a table: when each is allowed, when it has nothing to do, what it leads to. Pure.

``now`` is a record (records.record). ``want`` is a dict with action, a name of the table, and what goes with it:

    reboot_type: soft or hard; flavor, image: {id, name}; name, admin_password, access_ipv4, access_ipv6, disk_config (AUTO,
    MANUAL): strings; lines: int; metadata: all that there shall be; personality: as the API takes it; ignore_protection: bool
"""

from __future__ import annotations

from typing import NamedTuple

from . import conflicts, server_plan
from .plan import Plan, Step, known

CALM = ("ACTIVE", "SHUTOFF")
SHELVED = ("SHELVED", "SHELVED_OFFLOADED")
IMAGED = ("ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED")  # the statuses in which an image can be made of a server


class Action(NamedTuple):
    """One action.

    api: its name in the API; states: the statuses that it may begin in, None for any; ends: the statuses that it leads to, the
    first unless the server has another of them already, none when the status stays as it is; idle: the statuses in which there
    is nothing to do, none when it is always done; despite: running tasks that do not forbid it, None for any; arguments(want):
    what goes with it in the request; options: the options that mean something to it; timeout: seconds to wait.
    """

    api: str
    states: tuple = None
    ends: tuple = ()
    idle: tuple = ()
    despite: tuple = ()
    arguments: object = lambda want: None
    options: tuple = ()
    timeout: int = 600


def rebuild_arguments(want):
    return known(imageRef=want["image"]["id"], name=want.get("name"), adminPass=want.get("admin_password"), metadata=want.get("metadata"),
                 personality=want.get("personality"), accessIPv4=want.get("access_ipv4"), accessIPv6=want.get("access_ipv6"),
                 **{"OS-DCF:diskConfig": want.get("disk_config")})


def resize_arguments(want):
    return known(flavorRef=want["flavor"]["id"], **{"OS-DCF:diskConfig": want.get("disk_config")})


def rescue_arguments(want):
    return known(adminPass=want.get("admin_password"), rescue_image_ref=want["image"]["id"] if "image" in want else None) or None


# Tasks that a hard reboot may interrupt, because it is what helps when they hang.
STUCK = ("rebooting", "reboot_pending", "reboot_started", "rebooting_hard", "pausing", "unpausing", "suspending", "resuming")

ACTIONS = {
    "reboot": Action("reboot", ("ACTIVE",), ("ACTIVE",), arguments=lambda want: {"type": want["reboot_type"].upper()}),
    "rebuild": Action("rebuild", ("ACTIVE", "SHUTOFF", "ERROR"), CALM, arguments=rebuild_arguments, timeout=1800, options=(
        "image", "name", "admin_password", "metadata", "files", "access_ipv4", "access_ipv6", "disk_config")),
    "resize": Action("resize", CALM, ("VERIFY_RESIZE",), arguments=resize_arguments, options=("flavor", "disk_config")),
    "confirm_resize": Action("confirmResize", ("VERIFY_RESIZE",), CALM, idle=CALM),
    "revert_resize": Action("revertResize", ("VERIFY_RESIZE",), CALM, idle=CALM),
    "change_password": Action("changePassword", ("ACTIVE",), ("ACTIVE",), arguments=lambda want: {"adminPass": want["admin_password"]},
                              options=("admin_password",)),
    "create_image": Action("createImage", IMAGED, options=("name", "metadata"), timeout=1800),
    "start": Action("os-start", ("SHUTOFF",), ("ACTIVE",), idle=("ACTIVE",)),
    "stop": Action("os-stop", ("ACTIVE", "ERROR"), ("SHUTOFF",), idle=("SHUTOFF",)),
    "pause": Action("pause", ("ACTIVE",), ("PAUSED",), idle=("PAUSED",)),
    "unpause": Action("unpause", ("PAUSED",), ("ACTIVE",), idle=("ACTIVE",)),
    "suspend": Action("suspend", ("ACTIVE",), ("SUSPENDED",), idle=("SUSPENDED",)),
    "resume": Action("resume", ("SUSPENDED",), ("ACTIVE",), idle=("ACTIVE",)),
    "lock": Action("lock", despite=None),
    "unlock": Action("unlock", despite=None),
    "rescue": Action("rescue", ("ACTIVE", "SHUTOFF", "ERROR"), ("RESCUE",), idle=("RESCUE",), arguments=rescue_arguments,
                     options=("image", "admin_password")),
    "unrescue": Action("unrescue", ("RESCUE",), ("ACTIVE",), idle=("ACTIVE",)),
    "shelve": Action("shelve", IMAGED, ("SHELVED_OFFLOADED", "SHELVED"), idle=SHELVED, timeout=1800),
    "unshelve": Action("unshelve", SHELVED, ("ACTIVE",), idle=("ACTIVE",), timeout=1800),
    "shelve_offload": Action("shelveOffload", ("SHELVED",), ("SHELVED_OFFLOADED",), idle=("SHELVED_OFFLOADED",)),
    "reset_network": Action("resetNetwork", ("ACTIVE", "PAUSED", "SUSPENDED", "RESCUE")),
    "console_output": Action("os-getConsoleOutput", despite=None, arguments=lambda want: known(length=want.get("lines")), options=("lines",)),
}
HARD_REBOOT = ACTIONS["reboot"]._replace(states=("ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED", "ERROR"), despite=STUCK)
ONLY_READ = ("console_output",)
LOCKS = {"lock": True, "unlock": False}

# What a diff says of the actions that no field of a record shows.
UNSEEN = {
    "reboot": lambda want: {"reboot": want["reboot_type"]},
    "rebuild": lambda want: {"disk": "made anew from image %s" % want["image"]["id"]},
    "change_password": lambda want: {"admin_password": "another"},
    "create_image": lambda want: {"new_image": known(name=want["name"], metadata=want.get("metadata"))},
    "reset_network": lambda want: {"network": "set up anew"},
}


def row(want):
    """The Action that is wanted."""
    return HARD_REBOOT if want["action"] == "reboot" and want["reboot_type"] == "hard" else ACTIONS[want["action"]]


def plan(now, want):
    """The Plan: one step, or none; before it a wait for what runs already. Raises WrongState and Protected."""
    action = row(want)
    ending = dict(now, status=server_plan.status_to_be(now))
    at_work = now.get("task_state") or ending["status"] != now["status"]
    steps = []
    if not has_nothing_to_do(ending, want):
        conflicts.check_state(ending, action.states, verb(want))
        if want["action"] == "rebuild":
            server_plan.guard(now, want, "rebuild")
        if want["action"] not in ONLY_READ:
            before, after = changes(ending, want)
            steps.append(Step(want["action"], None, before, after, body=want))
    if at_work and action.despite is not None and now.get("task_state") not in action.despite and (steps or ending["status"] != now["status"]):
        steps.insert(0, Step("settle", "status", now["status"], ending["status"], changes=False))
    return Plan(steps)


def has_nothing_to_do(now, want):
    """True when the server is already as the action would leave it."""
    if want["action"] in LOCKS:
        return now.get("locked") is LOCKS[want["action"]]
    if want["action"] == "resize":
        return now["status"] in row(want).states + row(want).ends and server_plan.same(now["flavor"], want["flavor"])
    return now["status"] in row(want).idle


def verb(want):
    """What messages call the action."""
    return want["action"].replace("_", " ")


def changes(now, want):
    """(before, after): the fields that the action changes, in the words of the record."""
    before, after = {}, {}

    def change(field, old, new):
        if old != new:
            before[field], after[field] = old, new
    change("status", now["status"], leads_to(now, want))
    if want["action"] in LOCKS:
        change("locked", now.get("locked", "unknown"), LOCKS[want["action"]])
    if want["action"] == "resize":
        change("flavor", server_plan.identifier(now["flavor"]), want["flavor"]["id"])
    if want["action"] == "rebuild":
        change("image", server_plan.identifier(now.get("image") or {}), want["image"]["id"])
        for field in ("name", "metadata", "access_ipv4", "access_ipv6", "disk_config"):
            if field in want:
                change(field, now.get(field), want[field])
    if want["action"] in UNSEEN:
        after.update(UNSEEN[want["action"]](want))
    return before, after


def leads_to(now, want):
    """The status that the action leads to."""
    ends = row(want).ends
    if not ends or now["status"] in ends:
        return now["status"]
    resized_while_off = now["status"] == "VERIFY_RESIZE" and now.get("power_state") == 4
    return "SHUTOFF" if resized_while_off else ends[0]


def foresee(now, steps):
    """The record as it will be."""
    record = now
    for step in steps:
        for field, value in step.after.items():
            if field in ("flavor", "image"):
                record = dict(record, **{field: {"id": value}})
            elif field in record:
                record = dict(record, **{field: value})
    return record
