# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The table of the fault suite holds every module, and its faults and rows are told apart by their names."""

from __future__ import annotations

from pathlib import Path

import pytest
from faults.faults import EITHER, EXPLAINED, FAULTS, OK, SPOTS
from faults.mutate.breaks import BREAKS
from faults.rows import LEFT_OUT, WISHES, modules

ROOT = Path(__file__).resolve().parent.parent.parent.parent
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))


def test_every_module_and_the_inventory_have_a_row():
    assert sorted({*modules(), *LEFT_OUT} - {"inventory"}) == MODULES
    assert "inventory" in modules() and not set(modules()) & set(LEFT_OUT)


@pytest.mark.parametrize("names", [[wish.title for wish in WISHES], [fault.name for fault in FAULTS]])
def test_names_are_given_once(names):
    assert len(set(names)) == len(names)


def test_every_fault_says_where_and_how_it_may_end():
    assert all(fault.spots and set(fault.spots) <= set(SPOTS) and fault.ends in (OK, EXPLAINED, EITHER) for fault in FAULTS)
    assert all(fault.strike is not None or fault.settings for fault in FAULTS)


def test_whatever_makes_servers_volumes_or_images_is_sure():
    assert all(wish.sure for wish in WISHES if wish.makes in ("servers", "volumes", "images"))
    assert {"servers", "volumes", "images"} <= {wish.makes for wish in WISHES}


@pytest.mark.parametrize("each", BREAKS, ids=lambda each: each.name)
def test_a_break_is_played_with_what_is_there(each):
    if each.script:
        assert (ROOT / "tests/faults" / each.script).is_file() and not each.modules and not each.faults
        return
    assert each.modules and set(each.modules) <= set(modules())
    assert each.faults and set(each.faults) <= {fault.name for fault in FAULTS}
