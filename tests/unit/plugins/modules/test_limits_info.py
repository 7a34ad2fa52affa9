# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`limits_info`: does a wish fit."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, limits
from ansible_collections.rackspace.cloud.plugins.modules import limits_info as module

FLAVOR = {"id": "f", "name": "2 GB", "ram": 2048, "vcpus": 2}
LIMITS = {"free": {"instances": 5, "cores": None, "ram": 8192}, "absolute": {"max_total_instances": 10, "max_total_ram_size": 16384}}
FITS = {
    "nothing": ({}, []),
    "all that is left": ({"instances": 5, "ram": 8192}, []),
    "one too many": ({"instances": 6}, ["servers: 6 wanted, 5 free of 10"]),
    "memory": ({"ram": 8193}, ["memory: 8193 MB wanted, 8192 MB free of 16384"]),
    "no limit": ({"cores": 10_000}, []),
    "both": ({"instances": 6, "ram": 9000}, ["servers: 6 wanted, 5 free of 10", "memory: 9000 MB wanted, 8192 MB free of 16384"]),
}


@pytest.mark.parametrize("case", FITS)
def test_what_is_missing(case):
    taken, words = FITS[case]
    assert limits.missing(LIMITS, taken) == words


@pytest.mark.parametrize("wish, flavor, expected", [
    ({}, None, {}),
    ({"instances": 2, "ram": None}, None, {"instances": 2}),
    ({"count": None}, FLAVOR, {"instances": 1, "cores": 2, "ram": 2048}),
    ({"count": 0}, FLAVOR, {"instances": 0, "cores": 0, "ram": 0}),
    ({"count": 10, "ram": 512}, FLAVOR, {"instances": 10, "cores": 20, "ram": 20992})])
def test_what_a_wish_takes(wish, flavor, expected):
    assert limits.needs(wish, flavor) == expected


def ask(stage, **wish):
    return stage.ask(module.fetch, module.SPEC, {"wish": {**dict.fromkeys(module.WISH), **wish}})


@pytest.mark.parametrize("by", ["flavor", "name"])
def test_servers_of_a_flavor(stage, by):
    stage.settings(quota={"instances": 3, "ram": 1024 * 1000})
    wanted = stage.names["flavor"]
    if by == "name":
        wanted = stage.region.flavors[wanted]["name"]
    result = ask(stage, flavor=wanted, count=3)
    assert result["fits"] is True and result["missing"] == []
    result = ask(stage, flavor=wanted, count=4)
    assert result["fits"] is False and result["missing"] == ["servers: 4 wanted, 3 free of 3"]


def test_without_a_wish_nothing_is_said(stage):
    assert set(stage.ask(module.fetch, module.SPEC, {})) == {"limits"}


def test_an_unknown_flavor(stage):
    with pytest.raises(errors.NotFound, match="no flavor 'huge'"):
        ask(stage, flavor="huge")
