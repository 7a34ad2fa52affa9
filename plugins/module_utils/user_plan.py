# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What a user should become: pure functions from what is there and what is wanted to the steps between.

``now`` is a record (users.record) or None. ``want`` is a dict:

    state: present or absent; own: it is the user that the task logs in as; v2: it is Identity v2.0; login: how the task logs in
    fields: what was asked for of SHOWN, and nothing else; domain: the id of one that was asked for, else None
    password: the one given, else None; update_password, return_password, reset_api_key, return_api_key: the options
"""

from __future__ import annotations

from . import errors
from .plan import Plan, Step, known

# What is compared, and the field of the record that shows it.
SHOWN = {"name": "name", "email": "email", "enabled": "enabled", "default_region": "default_region", "description": "description",
         "default_project": "default_project_id"}


def plan(now, want):
    """The Plan for one user. Raises Protected, WrongState and BadInput when it cannot be made true."""
    if want["state"] == "absent":
        return Plan(delete_steps(now, want))
    if now is None:
        return Plan(create_steps(want) + key_steps(want))
    if want["domain"] not in (None, now.get("domain_id")):
        raise errors.WrongState("user %r is in domain %s, not in %s, and stays in the domain it was made in. Leave domain out, or give the "
                                "user another name." % (now["name"], now.get("domain_id"), want["domain"]), ids=[now["id"]])
    if want["own"] and want["fields"].get("enabled") is False:
        raise errors.Protected("it is the user that this task logs in as, which cannot lock itself out. Log in as another user to "
                               "set enabled: false.", ids=[now["id"]])
    if want["own"] and want["reset_api_key"] and want["login"] == "api_key" and not want["return_api_key"]:
        raise errors.Protected("this task logs in with the very API key that it would make worthless, and nobody would see the new one. "
                               "Set return_api_key: true, or log in another way.", ids=[now["id"]])
    return Plan(update_steps(now, want) + key_steps(want) + password_steps(want))


def delete_steps(now, want):
    if now is None:
        return []
    if want["own"]:
        raise errors.Protected("it is the user that this task logs in as, and nobody deletes themselves. Log in as another user.", ids=[now["id"]])
    return [Step("delete", None, {name: now.get(name) for name in ("id", "name", "email")}, {})]


def create_steps(want):
    fields = dict({"enabled": True}, **want["fields"])
    if want["v2"] and not fields.get("email"):
        raise errors.BadInput("there is no user %r yet, and email is needed to create one at Rackspace." % fields["name"])
    if want["v2"] and want["password"] is None and not want["return_password"]:
        raise errors.BadInput("there is no user %r yet; without user_password the service makes one up and shows it once, to nobody here. "
                              "Give user_password, or set return_password: true (and no_log: true)." % fields["name"])
    return [Step("create", None, {}, {SHOWN[name]: value for name, value in fields.items()},
                 body=known(password=want["password"], domain=want["domain"], **fields))]


def update_steps(now, want):
    found = {name: now.get(SHOWN[name]) for name in want["fields"]}
    changing = {name: value for name, value in want["fields"].items() if value != ("" if found[name] is None else found[name])}
    if not changing:
        return []
    return [Step("update", None, {SHOWN[name]: found[name] for name in changing},
                 {SHOWN[name]: value for name, value in changing.items()}, body=changing)]


def key_steps(want):
    return [Step("reset_api_key", "api_key", "(the old one)", "(a new one)")] if want["reset_api_key"] else []


def password_steps(want):
    if want["password"] is None or want["update_password"] == "on_create":
        return []
    return [Step("set_password", "password", "(not shown)", "(the given one)", body=want["password"])]


def foresee(now, steps):
    """The record as it will be."""
    record = now
    for step in steps:
        if step.do == "delete":
            record = None
        elif step.do == "create":
            record = dict({"id": None, "email": None}, **step.after)
        elif step.do == "update":
            record = dict(record, **step.after)
    return record
