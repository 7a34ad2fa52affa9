# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The life of a web tier, on any cloud: provisioned, checked for drift, rebooted, resized, deleted; each rehearsed, done, and done again."""

from __future__ import annotations

import json

import pytest
from plays import URL, info, servers

NAMES = ["rb-tier1", "rb-tier2", "rb-tier3"]


@pytest.fixture
def tier(plays):
    """The variables of a tier, of the smallest flavors and an image of the cloud."""
    flavors = info(plays, "flavor_info", min_ram=1024, min_disk=1)["flavors"]
    image = info(plays, "image_info", pattern="*[Dd]ebian*12*", newest=True)["images"][0]["id"]
    larger = [flavor for flavor in flavors if flavor["ram"] > flavors[0]["ram"]][0]
    yield {"larger": larger, "variables": {
        "provision_servers": [
            {"names": NAMES[:2], "flavor": flavors[0]["name"], "image": image, "metadata": {"role": "web"}, "groups": ["web"]},
            {"names": NAMES[2:], "flavor": flavors[0]["id"], "image": image}],
        "provision_metadata": {"tier": "rb-tier"}}}
    if not URL:  # a real cloud is left as it was
        left = sorted(servers(plays, pattern="rb-tier*"))
        if left:
            plays.play("last_day", decommission_servers=left, decommission_count=len(left), decommission_name_pattern="rb-tier*", decommission_image=False)


def test_the_life_of_a_tier(plays, tier):
    variables = tier["variables"]
    _rehearsed, done, again = plays.thrice("provision_web_tier", **variables)
    assert "3 of 3 servers are there: rb-tier1 " in done.text
    assert "3 of 3 servers are there: rb-tier1 " in again.text
    made = servers(plays, pattern="rb-tier*")
    assert {name: server["metadata"].get("role") for name, server in made.items()} == {"rb-tier1": "web", "rb-tier2": "web", "rb-tier3": None}
    assert {server["status"] for server in made.values()} == {"ACTIVE"}

    report = plays.place / "drift.json"
    declared = dict(variables, drift_check_report=str(report), provision_unmanaged_pattern="rb-tier*")
    assert plays.play("drift_check", **declared).changed == 0
    assert json.loads(report.read_text(encoding="utf-8")) == []
    otherwise = dict(declared, provision_servers=[dict(variables["provision_servers"][0], names=["rb-tier1", "rb-tier9"], metadata={"role": "db"}),
                                                  dict(variables["provision_servers"][1], flavor=tier["larger"]["id"])])
    found = plays.play("drift_check", ends=2, **otherwise)
    assert "Drift on rb-tier1 rb-tier9 rb-tier3 rb-tier2: set_metadata, server, flavor" in found.text, found.output
    lines = {(line["server"], line["field"]): (line["wanted"], line["found"]) for line in json.loads(report.read_text(encoding="utf-8"))}
    assert [side["metadata"]["role"] for side in lines["rb-tier1", "set_metadata"]] == ["db", "web"]
    assert lines["rb-tier9", "server"] == ("there", "missing")
    assert lines["rb-tier3", "flavor"][0] == tier["larger"]["id"]
    assert lines["rb-tier2", "server"] == ("declared", made["rb-tier2"]["id"])

    _rehearsed, done, again = plays.thrice("rolling_reboot", rolling_update_campaign="first", rolling_update_servers=NAMES, rolling_update_batch="2",
                                           rolling_update_command=["test", "{name}", "!=", "{address}"])
    assert '"done: rb-tier1 rb-tier2 rb-tier3", "failed: none", "untouched: none"' in done.text
    assert '"done before: rb-tier1 rb-tier2 rb-tier3", "to do: none"' in again.text

    plays.thrice("resize", two_phase_resize_server="rb-tier3", two_phase_resize_flavor=tier["larger"]["name"], two_phase_resize_command=["true"])
    resized = servers(plays, pattern="rb-tier*")
    assert {server["status"] for server in resized.values()} == {"ACTIVE"}
    assert resized["rb-tier3"]["flavor"] != made["rb-tier3"]["flavor"]

    # What does not pass is reverted.
    failed = plays.play("resize", ends=2, two_phase_resize_server="rb-tier2", two_phase_resize_flavor=tier["larger"]["id"],
                        two_phase_resize_command=["false"], two_phase_resize_check_timeout=0, two_phase_resize_check_interval=0.1)
    assert "rb-tier2 did not pass on flavor" in failed.text and "The resize was reverted; it is ACTIVE on its old flavor" in failed.text
    assert servers(plays, pattern="rb-tier2")["rb-tier2"]["flavor"] == made["rb-tier2"]["flavor"]

    last = {"decommission_servers": NAMES, "decommission_count": 3, "decommission_name_pattern": "rb-tier?", "decommission_image": False}
    rehearsed = plays.rehearse("last_day", **last)
    assert sorted(servers(plays, pattern="rb-tier*")) == NAMES
    done = plays.play("last_day", **last)
    assert done.changed == rehearsed.changed
    assert servers(plays, pattern="rb-tier*") == {}
    assert plays.play("last_day", **dict(last, decommission_missing_ok=True)).changed == 0
    refused = plays.play("last_day", ends=2, **last)
    assert "Neither a server nor a last image there is of: rb-tier1 rb-tier2 rb-tier3" in refused.text
