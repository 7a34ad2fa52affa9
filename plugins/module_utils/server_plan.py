# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What a server should become: pure functions from what is there and what is wanted to the steps between.

``now`` is a record (records.record) or None. ``want`` is a dict, made by the module, with what was asked for and nothing
else (an option left out is absent):

    state: present, absent, started or stopped; policies: see POLICIES
    name, access_ipv4, access_ipv6, metadata, purge_metadata
    flavor, image: {id, name} of what is wanted
    networks: labels, None for one whose label is not known; key_name, availability_zone, security_groups, disk_config,
    config_drive: compared for drift
    hidden: names of given options that no record shows
    ready_when: a predicate, for a server that is more than ACTIVE when it is ready
    body: the create request
"""

from __future__ import annotations

from . import errors, metadata
from .plan import Plan, Step

# Policies and what holds when one is left out.
POLICIES = dict(resize_policy="never", rebuild_policy="never", on_error="fail", ignore_protection=False)

# How to get from a status to «on» or «off». What is missing cannot be done from there.
START = {"SHUTOFF": "start", "PAUSED": "unpause", "SUSPENDED": "resume", "SHELVED": "unshelve", "SHELVED_OFFLOADED": "unshelve"}
STOP = {"ACTIVE": "stop"}
CALM = ("ACTIVE", "SHUTOFF")  # the statuses in which a resize or a rebuild may begin
PASSING = dict(dict.fromkeys(("BUILD", "REBUILD", "REBOOT", "HARD_REBOOT", "PASSWORD", "REVERT_RESIZE", "MIGRATING"), "ACTIVE"),
               RESIZE="VERIFY_RESIZE")  # statuses that end by themselves, and how
# How running tasks end, where that is another status than the server has meanwhile.
TASK_ENDS = {
    "powering-off": "SHUTOFF", "powering-on": "ACTIVE", "pausing": "PAUSED", "unpausing": "ACTIVE", "suspending": "SUSPENDED", "resuming": "ACTIVE",
    "rescuing": "RESCUE", "unrescuing": "ACTIVE", "shelving": "SHELVED_OFFLOADED", "shelving_image_pending_upload": "SHELVED_OFFLOADED",
    "shelving_image_uploading": "SHELVED_OFFLOADED", "shelving_offloading": "SHELVED_OFFLOADED", "unshelving": "ACTIVE",
}
ANY_TIME = ("update", "set_metadata", "remove_metadata")  # steps that a running task does not forbid
NOT_ON = ("SHUTOFF", "PAUSED", "SUSPENDED", "SHELVED", "SHELVED_OFFLOADED", "RESCUE")

# Option: the field of the record that shows it.
VISIBLE = ("key_name", "availability_zone", "disk_config", "config_drive")


def plan(now, want):
    """The Plan for one server. Raises Protected, WrongState and NotFound when it cannot be made true."""
    if want["state"] == "absent":
        return Plan(delete(now, want)) if now else Plan([])
    if now is None:
        return Plan(create(want))
    status = now["status"]
    if status == "ERROR":
        return Plan(recreate(now, want))
    calm = dict(now, status=status_to_be(now))
    if status == "RESIZE" and "flavor" in want:
        # The record shows the old flavor until the resize is through. Whether it leads to the wanted one is judged when it is over.
        calm["flavor"] = {"id": want["flavor"]["id"]}
    steps = changes(calm, want)
    if want.get("ready_when") and not want["ready_when"](now):
        steps.insert(0, Step("await_automation", "status", status, calm["status"], changes=False))
    if calm["status"] != status or now.get("task_state") and any(step.do not in ANY_TIME for step in steps):
        steps.insert(0, Step("settle", None, after={name: calm[name] for name in ("status", "flavor") if name in calm}, changes=False))
    return Plan(steps, *differences(calm, want, status))


def create(want):
    steps = [Step("create", None, {}, shown(want), body=want["body"])]
    if want["state"] == "stopped":
        steps.append(Step("stop", "status", "ACTIVE", "SHUTOFF"))
    return steps


def shown(want):
    """The fields of a wish that a diff shows: the record's words, no secrets."""
    fields = {name: want[name] for name in ("name", "access_ipv4", "access_ipv6", "metadata", "key_name", "availability_zone",
                                            "disk_config", "config_drive", "networks", "security_groups") if name in want}
    for name in ("flavor", "image"):
        if want.get(name):
            fields[name] = want[name]["id"]
    return dict(fields, status="ACTIVE")


def delete(now, want):
    guard(now, want, "delete")
    return [Step("delete", None, {"id": now["id"], "name": now.get("name"), "status": now["status"]}, {})]


def recreate(now, want):
    """What to do with a server found in ERROR."""
    if want.get("on_error", POLICIES["on_error"]) == "fail":
        fault = now.get("fault") or {}
        raise errors.WrongState(
            "server %r (%s) is in ERROR: %s. Look at it and delete it, or set on_error: recreate to have it deleted and made anew."
            % (now.get("name"), now["id"], fault.get("message") or "the cloud gives no reason"), ids=[now["id"]], last_status="ERROR")
    guard(now, want, "recreate")
    return delete(now, want) + create(want)


def guard(now, want, verb):
    """Refuse what destroys a server that is marked as protected."""
    if metadata.is_protected(now.get("metadata")) and not want.get("ignore_protection"):
        raise errors.Protected("server %r (%s) carries %s: \"true\" in its metadata, so it is not touched: to %s it, remove that "
                               "item or set ignore_protection: true." % (now.get("name"), now["id"], metadata.PROTECTED, verb),
                               ids=[now["id"]])


def changes(now, want):
    """The steps for a server that is there and well, in an order that works: each comes when the status allows it."""
    pending, now = confirm_found(now, want)
    powered, now = power(now, want)
    items = metadata.steps(now.get("metadata") or {}, want.get("metadata"), want.get("purge_metadata"))
    if items:
        require(now, metadata.CHANGEABLE, "change the metadata of")
    return pending + attributes(now, want) + powered + items + rebuild(now, want) + resize(now, want)


def confirm_found(now, want):
    """A resize found waiting: confirm it when the policy is to and the flavor is the wanted one."""
    if now["status"] != "VERIFY_RESIZE" or want.get("resize_policy") != "confirm" or "flavor" not in want:
        return [], now
    if not same(now.get("flavor"), want["flavor"]):
        raise errors.WrongState(
            "server %r (%s) has a resize to flavor %s waiting, and flavor %s is wanted. Confirm or revert that resize first "
            "(server_action)." % (now.get("name"), now["id"], identifier(now["flavor"]), want["flavor"]["id"]), ids=[now["id"]])
    return [Step("confirm_resize", "status", "VERIFY_RESIZE", "ACTIVE")], dict(now, status="ACTIVE")


def attributes(now, want):
    """Name and access addresses, in one request."""
    differing = [name for name in ("name", "access_ipv4", "access_ipv6") if name in want and not same_text(want[name], now.get(name) or "")]
    if not differing:
        return []
    after = {name: want[name] for name in differing}
    return [Step("update", None, {name: now.get(name) or "" for name in differing}, after, body=after)]


def same_text(wanted, found):
    """Whether two texts are equal; an IPv6 address has several spellings."""
    if wanted == found or ":" not in wanted or ":" not in found:
        return wanted == found
    import ipaddress
    try:
        return ipaddress.ip_address(wanted) == ipaddress.ip_address(found)
    except ValueError:
        return False


def power(now, want):
    """Steps to be on or off, and the record as it will be then."""
    status = now["status"]
    if want["state"] == "started" and status in NOT_ON:
        table, goal = START, "ACTIVE"
    elif want["state"] == "stopped" and status != "SHUTOFF":
        table, goal = STOP, "SHUTOFF"
    else:
        return [], now
    if status not in table:
        raise errors.WrongState("server %r (%s) is %s; it cannot be %s from there, only from %s. Bring it back to ACTIVE first "
                                "(server_action)." % (now.get("name"), now["id"], status, want["state"], " or ".join(table)), ids=[now["id"]])
    return [Step(table[status], "status", status, goal)], dict(now, status=goal)


def rebuild(now, want):
    if not differs(now, want, "image") or want.get("rebuild_policy", POLICIES["rebuild_policy"]) == "never":
        return []
    guard(now, want, "rebuild")
    require(now, CALM, "rebuild")
    return [Step("rebuild", "image", identifier(now["image"]), want["image"]["id"], body=want["image"])]


def resize(now, want):
    policy = want.get("resize_policy", POLICIES["resize_policy"])
    if not differs(now, want, "flavor") or policy == "never":
        return []
    require(now, CALM, "resize")
    step = Step("resize", "flavor", identifier(now["flavor"]), want["flavor"]["id"], body=want["flavor"])
    return [step] if policy == "manual" else [step, Step("confirm_resize", "status", now["status"], now["status"])]


def require(now, statuses, verb):
    if now["status"] not in statuses:
        raise errors.WrongState("server %r (%s) is %s; to %s it, it must be %s. server_action brings it there." % (
            now.get("name"), now["id"], now["status"], verb, " or ".join(statuses)), ids=[now["id"]], last_status=now["status"])


def status_to_be(now):
    """The status of a server once what runs on it is over."""
    return TASK_ENDS.get(now.get("task_state")) or PASSING.get(now["status"], now["status"])


def differences(now, want, status):
    """(drift, unknown): what differs without a step that mends it, and what was given but cannot be seen. now: the record as it will be when what
    runs is over; status: what it is until then."""
    drift, unknown = [], list(want.get("hidden", ()))

    def compare(field, wanted, found):
        if wanted != found:
            drift.append({"field": field, "wanted": wanted, "found": found})
    if differs(now, want, "flavor") and want.get("resize_policy", POLICIES["resize_policy"]) == "never":
        compare("flavor", want["flavor"]["id"], identifier(now["flavor"]))
    if "image" in want and now.get("image") is None:
        unknown.append("image")
    elif differs(now, want, "image") and want.get("rebuild_policy", POLICIES["rebuild_policy"]) == "never":
        compare("image", want["image"]["id"], identifier(now["image"]))
    if now["status"] == "VERIFY_RESIZE" and want.get("resize_policy") != "confirm":
        compare("resize", "confirmed or reverted", "waiting, to flavor %s" % identifier(now["flavor"]) if status == now["status"] else "under way")
    for field in VISIBLE:
        if field in want and now.get(field) is None:
            unknown.append(field)
        elif field in want:
            compare(field, want[field], now[field])
    if "networks" in want and (None in want["networks"] or not now.get("addresses")):
        unknown.append("networks")
    elif "networks" in want:
        compare("networks", sorted(set(want["networks"])), sorted(now["addresses"]))
    if "security_groups" in want and now.get("security_groups") is None:
        unknown.append("security_groups")
    elif "security_groups" in want:
        compare("security_groups", sorted(set(want["security_groups"])), sorted({group["name"] for group in now["security_groups"]}))
    return drift, sorted(set(unknown))


def differs(now, want, field):
    return field in want and now.get(field) is not None and not same(now[field], want[field])


def same(found, wanted):
    """Whether a flavor or image of a record is the wanted one; newer clouds show a flavor by name only."""
    return identifier(found) in (wanted["id"], wanted.get("name"))


def identifier(found):
    return found.get("id") or found.get("original_name")


def foresee(now, steps):
    """The record as it will be, in the shape of a real one; None when it will be gone."""
    record = now
    for step in steps:
        if step.do == "delete":
            record = None
        elif step.do == "create":
            record = new_record(step.after)
        elif step.field in ("flavor", "image"):
            record = dict(record, **{step.field: {"id": step.after}}, **({"status": "VERIFY_RESIZE"} if step.do == "resize" else {}))
        elif step.field is None:
            record = dict(record, **step.after)
        else:
            record = dict(record, **{step.field: step.after})
    return record


def new_record(fields):
    """The record of a server that is not there yet: what is known of it, and empty what the cloud will fill in."""
    known = {name: value for name, value in fields.items() if name not in ("networks", "security_groups")}
    return dict(
        {"id": None, "status": "ACTIVE", "task_state": None, "progress": 100, "created": None, "updated": None, "host_id": "",
         "tenant_id": None, "user_id": None, "access_ipv4": "", "access_ipv6": "", "metadata": {}, "addresses": {}},
        **dict(known, flavor={"id": fields["flavor"]} if "flavor" in fields else None,
               image={"id": fields["image"]} if "image" in fields else None,
               addresses={label: [] for label in fields.get("networks", ()) if label}))
