# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The breaks of `tests/openstack/mutate` still fit the client: each finds what it is to break, and is taken back."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent.parent
sys.path.append(str(ROOT / "tests/openstack/mutate"))

from breaks import BREAKS  # noqa: E402


@pytest.mark.parametrize("each", BREAKS, ids=lambda each: each.name)
def test_a_break_fits_and_is_mended(each, tmp_path):
    text = (ROOT / "plugins" / each.path).read_text(encoding="utf-8")
    file = tmp_path / "plugins" / each.path
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    mend = each.apply(tmp_path)
    assert file.read_text(encoding="utf-8") != text
    compile(file.read_text(encoding="utf-8"), each.path, "exec")
    mend()
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("each", BREAKS, ids=lambda each: each.name)
def test_its_targets_are_there(each):
    assert each.targets
    assert all((ROOT / "tests/integration/targets" / name).is_dir() for name in each.targets)


def test_a_break_that_fits_no_more_says_so(tmp_path):
    each = BREAKS[0]
    file = tmp_path / "plugins" / each.path
    file.parent.mkdir(parents=True)
    file.write_text("", encoding="utf-8")
    with pytest.raises(LookupError, match="bring the break up to date"):
        each.apply(tmp_path)
