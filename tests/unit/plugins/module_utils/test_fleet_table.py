# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The plan as people read it."""

from __future__ import annotations

from ansible_collections.rackspace.cloud.plugins.module_utils import fleet_plan, fleet_table, plan


def row(name, now, *steps, region="DFW"):
    made = fleet_plan.Row(region, name, None, now)
    made.plan = made.first = plan.Plan(list(steps))
    return made


def record(name, **fields):
    return dict({"id": "id-" + name, "name": name, "status": "ACTIVE", "flavor": {"id": "small"}, "image": {"id": "debian"}, "metadata": {}}, **fields)


ROWS = [
    row("db", record("db", metadata={"role": "x", "same": "1"}),
        plan.Step("set_metadata", "metadata", {"role": "x", "same": "1"}, {"role": "db", "same": "1"})),
    row("web1", None, plan.Step("create", None, {}, {"name": "web1", "flavor": "small", "image": "debian", "status": "ACTIVE", "networks": ["private"]})),
    row("web2", record("web2"), plan.Step("resize", "flavor", "small", "large"), plan.Step("confirm_resize", "status", "ACTIVE", "ACTIVE")),
    row("web3", record("web3", image=None, status="ERROR"), plan.Step("delete", None, {"id": "id-web3", "name": "web3", "status": "ERROR"}, {})),
]


def test_before_and_after_are_tables():
    assert fleet_table.diff("shop", ROWS, lambda one: one.steps) == {
        "before_header": "fleet shop as it is",
        "after_header": "fleet shop as it will be",
        "before": ("db    ACTIVE  small  debian  role=x\n"
                   "web2  ACTIVE  small  debian\n"
                   "web3  ERROR   small  -\n"),
        "after": ("db    ACTIVE  small  debian  role=db\n"
                  "web1  ACTIVE  small  debian  networks=private\n"
                  "web2  ACTIVE  large  debian\n"),
    }


def test_regions_are_told_apart_where_there_are_several():
    rows = [*ROWS, row("web9", record("web9"), plan.Step("stop", "status", "ACTIVE", "SHUTOFF"), region="ORD")]
    sides = fleet_table.diff("shop", rows, lambda one: one.steps)
    assert sides["before"].splitlines()[0].startswith("DFW  db ") and sides["after"].splitlines()[-1] == "ORD  web9  SHUTOFF  small  debian"


def test_names_cannot_move_about_the_screen():
    sides = fleet_table.diff("shop", [row("a", record("a\x1b[2Jb\nc"), plan.Step("stop", "status", "ACTIVE", "SHUTOFF"))], lambda one: one.steps)
    assert "\x1b" not in sides["before"] and len(sides["before"].splitlines()) == 1


def test_a_plan_as_data():
    assert fleet_table.planned(ROWS[2]) == {
        "name": "web2", "region": "DFW", "id": "id-web2", "action": "resize", "steps": ["resize", "confirm_resize"], "why": None,
        "before": {"flavor": "small"}, "after": {"flavor": "large"}}
    assert fleet_table.counts(ROWS) == {"update": 1, "create": 1, "resize": 1, "delete": 1}
