# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Steps and what is told of them: no fixtures, no I/O."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils.plan import Step, actions, changed, diff, known

RENAME = Step("rename", "name", "web1", "web2")
LABEL = Step("set_metadata", "metadata", {"a": "1"}, {"a": "2"}, body={"secret": "sandbox"})
SETTLE = Step("settle", "status", "BUILD", "ACTIVE", changes=False)
CREATE = Step("create", None, None, {"name": "web1", "status": "ACTIVE"})
STOP, START = Step("stop", "status", "ACTIVE", "SHUTOFF"), Step("start", "status", "SHUTOFF", "ACTIVE")


@pytest.mark.parametrize("steps, names, before, after", [
    ([], [], {}, {}),
    ([RENAME], ["rename"], {"name": "web1"}, {"name": "web2"}),
    ([RENAME, LABEL], ["rename", "set_metadata"], {"name": "web1", "metadata": {"a": "1"}}, {"name": "web2", "metadata": {"a": "2"}}),
    ([SETTLE], [], {}, {}),
    ([SETTLE, RENAME], ["rename"], {"name": "web1"}, {"name": "web2"}),
    ([CREATE], ["create"], {}, {"name": "web1", "status": "ACTIVE"}),
    ([STOP, RENAME, START], ["stop", "rename", "start"], {"name": "web1"}, {"name": "web2"}),
    ([STOP, Step("rebuild", "status", "SHUTOFF", "REBUILD")], ["stop", "rebuild"], {"status": "ACTIVE"}, {"status": "REBUILD"}),
])
def test_changed_actions_and_diff_come_from_one_list(steps, names, before, after):
    assert actions(steps) == names
    assert changed(steps) is bool(names)
    assert diff(steps) == {"before": before, "after": after}


def test_the_body_of_a_step_is_never_shown():
    assert "sandbox" not in str(diff([LABEL])) + str(actions([LABEL]))


def test_none_means_leave_it_alone_and_empty_means_empty():
    assert known(a=None, b="", c=0, d=False, e=[], f={}) == {"b": "", "c": 0, "d": False, "e": [], "f": {}}
