# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Limits as the sandbox tells them, and what is left of them."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import limits


@pytest.mark.parametrize("absolute, left", [
    ({"max_total_instances": 10, "total_instances_used": 4}, 6),
    ({"max_total_instances": 10, "total_instances_used": 12}, 0),
    ({"max_total_instances": -1, "total_instances_used": 4}, None),
    ({"max_total_instances": 10}, None),
    ({"total_instances_used": 4}, None),
    ({}, None)])
def test_what_is_left(absolute, left):
    assert limits.free(absolute, *limits.USE["instances"]) == left


def test_one_call_tells_it_all(sandbox):
    sandbox.cloud.settings.update({"quota": {"instances": 10, "ram": 51200}})
    cloud = sandbox.connect()
    told = limits.get(cloud.compute)
    assert len(sandbox.asked()) == 2  # the login, and this
    assert set(told) == {"absolute", "free", "rate"} and set(told["free"]) == set(limits.USE)
    assert (told["free"]["instances"], told["free"]["ram"]) == (10, 51200)


def test_no_limit_is_none(openstack):
    assert limits.get(openstack.connect().compute)["free"]["instances"] is None


def test_limits_of_the_rate(rackspace):
    rate = limits.get(rackspace.connect().compute)["rate"]
    assert rate and set(rate[0]) == {"verb", "value", "remaining", "unit", "next_available", "uri", "regex"}


def test_an_account_that_is_full(rackspace):
    cloud = rackspace.connect(username="full", password="sandbox-password", region="DFW")
    assert limits.get(cloud.compute)["free"]["instances"] == 0


def test_a_cloud_that_tells_nothing(rackspace):
    rackspace.fault(path="/limits", status=200, body={"limits": {"absolute": {}}})
    assert limits.get(rackspace.connect().compute) == {"absolute": {}, "free": dict.fromkeys(limits.USE), "rate": []}
