# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The states of a server: which status a pair of vm_state and task_state shows as, and what follows from a status."""

# vm_state -> {task_state: status}, None for any other task state.
_STATUS = {
    "active": {None: "ACTIVE", "rebooting": "REBOOT", "reboot_pending": "REBOOT", "reboot_started": "REBOOT",
               "rebooting_hard": "HARD_REBOOT", "updating_password": "PASSWORD", "rebuilding": "REBUILD",
               "rebuild_block_device_mapping": "REBUILD", "rebuild_spawning": "REBUILD", "migrating": "MIGRATING",
               "resize_prep": "RESIZE", "resize_migrating": "RESIZE", "resize_migrated": "RESIZE", "resize_finish": "RESIZE"},
    "building": {None: "BUILD"},
    "stopped": {None: "SHUTOFF", "resize_prep": "RESIZE", "resize_migrating": "RESIZE", "resize_migrated": "RESIZE",
                "resize_finish": "RESIZE", "rebuilding": "REBUILD", "rebuild_block_device_mapping": "REBUILD",
                "rebuild_spawning": "REBUILD", "rebooting_hard": "HARD_REBOOT"},
    "resized": {None: "VERIFY_RESIZE", "resize_reverting": "REVERT_RESIZE"},
    "paused": {None: "PAUSED", "rebooting_hard": "HARD_REBOOT"},
    "suspended": {None: "SUSPENDED", "rebooting_hard": "HARD_REBOOT"},
    "rescued": {None: "RESCUE"},
    "error": {None: "ERROR", "rebuilding": "REBUILD", "rebuild_block_device_mapping": "REBUILD", "rebuild_spawning": "REBUILD",
              "rebooting_hard": "HARD_REBOOT"},
    "deleted": {None: "DELETED"},
    "soft-delete": {None: "SOFT_DELETED"},
    "shelved": {None: "SHELVED"},
    "shelved_offloaded": {None: "SHELVED_OFFLOADED"},
}

# What a status says of the rest, for tests that set nothing but the status: vm_state, task_state, power_state.
IMPLIED = {
    "ACTIVE": ("active", None, 1), "BUILD": ("building", "spawning", 0), "REBOOT": ("active", "rebooting", 1),
    "HARD_REBOOT": ("active", "rebooting_hard", 1), "PASSWORD": ("active", "updating_password", 1), "REBUILD": ("active", "rebuilding", 1),
    "RESIZE": ("active", "resize_migrating", 1), "VERIFY_RESIZE": ("resized", None, 1), "REVERT_RESIZE": ("resized", "resize_reverting", 1),
    "MIGRATING": ("active", "migrating", 1), "SHUTOFF": ("stopped", None, 4), "PAUSED": ("paused", None, 3), "SUSPENDED": ("suspended", None, 4),
    "RESCUE": ("rescued", None, 1), "ERROR": ("error", None, 0), "DELETED": ("deleted", None, 0), "SOFT_DELETED": ("soft-delete", None, 4),
    "SHELVED": ("shelved", None, 4), "SHELVED_OFFLOADED": ("shelved_offloaded", None, 4),
}
KNOWN_STATUSES = frozenset(IMPLIED) | {"UNKNOWN"}
WITH_PROGRESS = frozenset(["ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE", "MIGRATING"])
# Metadata may be changed in these vm_states only.
METADATA_STATES = ("active", "paused", "suspended", "stopped")


def status_of(vm_state, task_state):
    """The status that is shown for a pair of states; UNKNOWN for a vm_state nobody knows."""
    row = _STATUS.get(vm_state)
    if row is None:
        return "UNKNOWN"
    return row.get(task_state, row[None])
