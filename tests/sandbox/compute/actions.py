# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Actions on a server: which there are, in which states each is allowed, and where it leads."""

import secrets

from .. import schema
from ..exchange import Fault, answer, empty
from . import images_of_servers, instance_actions, rebuild, resize
from .routes import find_usable, route
from .servers import begin_delete
from .transitions import begin

_ANY = None
_BUSY = ("rebooting", "reboot_pending", "reboot_started", "rebooting_hard", "resize_prep", "resize_migrating", "suspending", "pausing",
         "powering-off", "powering-on", "unpausing", "resuming")


class Action:
    """One action.

    `states`: the vm_states it is allowed in, with no task under way unless `tasks` says otherwise. `through`: task states; `after`: what
    the server is then. `run(call, server, given)` does what is particular, and may give the answer. `status` is that of an empty answer.
    """

    def __init__(self, states, through=(), after=None, run=None, tasks=(None,), status=202, dress=None, check=schema.anything, admin=False, note=None):
        self.states = states
        self.through = through
        self.after = after or {}
        self.run = run
        self.tasks = tasks
        self.status = status
        self.dress = dress
        self.check = check
        self.admin = admin
        self.note = note


def _reboot(call, server, given):
    hard = given["type"].upper() == "HARD"
    begin(call, server, ["rebooting_hard"] if hard else ["rebooting"], {"vm_state": "active", "power_state": 1, "forced_status": None, "fault": None})


def _check_reboot(call, given):
    """The type decides in which states a reboot is allowed, so it is checked first."""
    kind = given.get("type") if isinstance(given, dict) else None
    if call.strict:
        choices = ("HARD", "Hard", "hard", "SOFT", "Soft", "soft")
        schema.validated(call, given, schema.record(required=("type",), type=schema.text(choices=choices)), "reboot")
    elif kind is None:
        raise Fault(400, "Missing argument 'type' for reboot")
    elif not isinstance(kind, str) or kind.upper() not in ("HARD", "SOFT"):
        raise Fault(400, "Argument 'type' for reboot is not HARD or SOFT")
    hard = kind.upper() == "HARD"
    return (("active", "stopped", "paused", "suspended", "error"), (None, *_BUSY)) if hard else (("active",), (None,))


def _change_password(call, server, given):
    if not call.strict and (not isinstance(given, dict) or "adminPass" not in given):
        raise Fault(400, "No adminPass was specified")
    given = schema.validated(call, given, schema.record(required=("adminPass",), adminPass=schema.text()), "changePassword")
    server.secret["admin_pass"] = given["adminPass"]


def _rescue(call, server, given):
    if given == "none" and not call.strict:
        given = None
    check = schema.null_or(schema.record(adminPass=schema.text(), rescue_image_ref=schema.text()))
    given = schema.validated(call, given, check, "rescue") or {}
    if not server.image_id:
        raise Fault(400, "Instance %s cannot be rescued: Cannot rescue a volume-backed instance" % server.id)
    begin(call, server, ["rescuing"], {"vm_state": "rescued", "power_state": 1})
    return answer({"adminPass": given.get("adminPass") or secrets.token_urlsafe(9)})


def _lock(call, server, given):
    reason = given.get("locked_reason") if call.at_least(73) and isinstance(given, dict) else None
    server.change(call.now, locked=True, locked_reason=reason)


def _unlock(call, server, given):
    del given
    server.change(call.now, locked=False, locked_reason=None)


def _console_output(call, server, given):
    length = schema.validated(call, given or {}, schema.record(length=schema.null_or(schema.whole(least=-1))), "os-getConsoleOutput").get("length")
    lines = ["[    0.000000] Linux version 6.1.0-sandbox", "[    1.234567] systemd[1]: Hostname set to <%s>." % server.name,
             "Cloud-init v. 22.4.2 finished", "%s login: " % server.name]
    return answer({"output": "\n".join(lines if length in (None, -1) else lines[len(lines) - min(length, len(lines)):])})


def _vnc_console(call, server, given):
    if call.at_least(6):
        raise Fault(400, "There is no such action: os-getVNCConsole")
    kind = schema.validated(call, given, schema.record(required=("type",), type=schema.text(choices=("novnc", "xvpvnc"))), "os-getVNCConsole")["type"]
    return answer({"console": {"type": kind, "url": "%s/console?token=%s" % (call.cloud.base_url, secrets.token_hex(16))}})


def _shelve(call, server, given):
    del given
    # The setting under which a shelved server leaves its host at once is the usual one.
    begin(call, server, ["shelving", "shelving_image_uploading", "shelving_offloading"],
          {"vm_state": "shelved_offloaded", "power_state": 4, "host_id": "", "availability_zone": ""})


def _unshelve(call, server, given):
    del given
    begin(call, server, ["unshelving", "spawning"],
          {"vm_state": "active", "power_state": 1, "host_id": call.region.host_of(server), "availability_zone": "nova"})


def _force_delete(call, server, given):
    del given
    begin_delete(call, server)


def _add_group(call, server, given):
    name = schema.validated(call, given, schema.record(required=("name",), name=schema.text(least=1)), "addSecurityGroup")["name"]
    if name != "default" and name not in [group["name"] for group in call.region.security_groups.values()]:
        raise Fault(404, "Security group %s not found for project %s." % (name, call.project_id))
    if name not in server.security_groups:
        server.change_quietly(security_groups=[*server.security_groups, name])


def _remove_group(call, server, given):
    name = schema.validated(call, given, schema.record(required=("name",), name=schema.text(least=1)), "removeSecurityGroup")["name"]
    if name not in server.security_groups:
        raise Fault(404, "Security group %s is not associated with the instance %s" % (name, server.id))
    server.change_quietly(security_groups=[other for other in server.security_groups if other != name])


def _reset_state(call, server, given):
    state = schema.validated(call, given, schema.record(required=("state",), state=schema.text(choices=("active", "error"))), "os-resetState")["state"]
    server.later([])
    server.change(call.now, vm_state=state, task_state=None, forced_status=None)


def _refuse_migration(call, server, given):
    del server, given
    rule = "compute_extension:admin_actions:migrate" if call.rackspace else "os_compute_api:os-migrate-server:migrate"
    call.need_admin(rule)


_RUNNING = {"vm_state": "active", "power_state": 1}
ACTIONS = {
    "reboot": Action(None, run=_reboot),
    "rebuild": Action(("active", "stopped", "error"), run=rebuild.start),
    "resize": Action(("active", "stopped"), run=resize.start),
    "confirmResize": Action(("resized",), run=resize.confirm, status=204),
    "revertResize": Action(("resized",), run=resize.revert),
    "changePassword": Action(("active",), ["updating_password"], run=_change_password),
    "createImage": Action(("active", "stopped", "paused", "suspended"), run=images_of_servers.create),
    "createBackup": Action(("active", "stopped", "paused", "suspended"), run=images_of_servers.back_up, dress="openstack"),
    "rescue": Action(("active", "stopped", "error"), run=_rescue),
    "unrescue": Action(("rescued",), ["unrescuing"], _RUNNING),
    "os-start": Action(("stopped",), ["powering-on"], _RUNNING, note="start"),
    "os-stop": Action(("active", "error"), ["powering-off"], {"vm_state": "stopped", "power_state": 4}, note="stop"),
    "pause": Action(("active",), ["pausing"], {"vm_state": "paused", "power_state": 3}),
    "unpause": Action(("paused",), ["unpausing"], _RUNNING),
    "suspend": Action(("active",), ["suspending"], {"vm_state": "suspended", "power_state": 4}),
    "resume": Action(("suspended",), ["resuming"], _RUNNING),
    "lock": Action(_ANY, run=_lock, tasks=_ANY),
    "unlock": Action(_ANY, run=_unlock, tasks=_ANY),
    "resetNetwork": Action(("active", "paused", "suspended", "rescued"), dress="rackspace"),
    "migrate": Action(("active", "stopped"), run=_refuse_migration),
    "shelve": Action(("active", "stopped", "paused", "suspended"), run=_shelve, dress="openstack"),
    "unshelve": Action(("shelved", "shelved_offloaded"), run=_unshelve, dress="openstack"),
    "shelveOffload": Action(("shelved",), ["shelving_offloading"], {"vm_state": "shelved_offloaded"}, dress="openstack", admin=True),
    "os-getConsoleOutput": Action(("active", "paused", "stopped", "rescued", "suspended"), run=_console_output, dress="openstack", tasks=_ANY),
    "os-getVNCConsole": Action(("active", "paused", "rescued"), run=_vnc_console, tasks=_ANY),
    "forceDelete": Action(_ANY, run=_force_delete, dress="openstack", tasks=_ANY),
    "restore": Action(("soft-delete",), ["restoring"], _RUNNING, dress="openstack"),
    "addSecurityGroup": Action(_ANY, run=_add_group, dress="openstack", tasks=_ANY),
    "removeSecurityGroup": Action(_ANY, run=_remove_group, dress="openstack", tasks=_ANY),
    "os-resetState": Action(_ANY, run=_reset_state, dress="openstack", tasks=_ANY, admin=True),
    "os-migrateLive": Action(("active",), ["migrating"], _RUNNING, dress="openstack", admin=True),
}
# What only looks, or lifts a lock, a lock does not stop.
_DESPITE_LOCK = {"unlock", "lock", "os-getConsoleOutput", "os-getVNCConsole"}
_UNNOTED = {"os-getConsoleOutput", "os-getVNCConsole"}


@route("POST", "/servers/{server_id}/action")
def act(call):
    """Do what the one key of the body says."""
    body = call.body()
    if len(body) != 1:
        raise Fault(400, "Malformed request body")
    (name, given), = body.items()
    action = ACTIONS.get(name)
    if name == "resetNetwork" and not call.rackspace:
        raise Fault(410, "This resource is no longer available. No forwarding address is given.", name="gone")
    if action is None or action.dress not in (None, call.cloud.dress):
        raise Fault(400, "There is no such action: %s" % name)
    if action.admin:
        call.need_admin("os_compute_api:%s" % {"os-resetState": "os-admin-actions:reset_state"}.get(name, name))
    states, tasks = (action.states, action.tasks) if name != "reboot" else _check_reboot(call, given)
    short = name.removeprefix("os-")
    server = find_usable(call, short, states, tasks, despite_lock=name in _DESPITE_LOCK)
    response = action.run(call, server, given) if action.run else None
    if action.through:
        begin(call, server, action.through, action.after)
    if name not in _UNNOTED:
        instance_actions.note(call, server, action.note or name)
    return response or empty(action.status, "text/html; charset=UTF-8" if call.rackspace else "application/json")
