# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What a fleet refuses, and that nothing was sent by then: counted at the wire, in both dresses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import task
from task import Broken
from wire import watched

from sandbox import seeds

GROUP = {"name": "web%d", "count": 2}
OTHER = "another image"
MEMBER = {"ansible_fleet": "shop"}


@dataclass
class Case:
    """What is there beside two members web1 and web2, what is wished, and what the refusal says; says None: it is done, without a write."""

    name: str
    says: str
    options: dict
    there: list = field(default_factory=list)  # (name, metadata)
    quota: dict = field(default_factory=dict)


CASES = [
    Case("an empty wish with purge", r"purge is true, and neither servers nor groups wish", {"purge": True, "max_delete": 100, "pattern": "web*"}),
    Case("empty lists with purge", r"purge is true, and neither", {"purge": True, "max_delete": 100, "pattern": "web*", "groups": [], "servers": []}),
    Case("groups of none with purge", r"purge is true, and neither", {"purge": True, "max_delete": 100, "groups": [dict(GROUP, count=0)]}),
    Case("one delete over max_delete", r"max_delete is 1, and the plan deletes 2 servers: .*web3.*web4", {"purge": True, "max_delete": 1, "groups": [GROUP]},
         [("web3", MEMBER), ("web4", MEMBER)]),
    Case("deletes that nobody allowed", r"max_delete is 0, and the plan deletes 1 server: .*web3", {"purge": True, "groups": [GROUP]}, [("web3", MEMBER)]),
    Case("all of it, one over max_delete", r"max_delete is 1, and the plan deletes 2", {"state": "absent", "groups": [GROUP], "max_delete": 1}),
    Case("a protected server in surplus", r"protected", {"purge": True, "max_delete": 5, "groups": [GROUP]},
         [("web3", dict(MEMBER, ansible_protected="true"))]),
    Case("a protected server among all", r"protected", {"state": "absent", "max_delete": 5, "groups": [GROUP]},
         [("web3", dict(MEMBER, ansible_protected="true"))]),
    Case("a protected server to rebuild", r"protected", {"servers": [{"name": "web3", "image": OTHER, "rebuild_policy": "rebuild"}]},
         [("web3", dict(MEMBER, ansible_protected="true"))]),
    Case("state absent by metadata alone", r"nothing says what the fleet's servers are called", {"state": "absent", "max_delete": 100}),
    Case("a stranger with our metadata, in surplus", None, {"purge": True, "max_delete": 100, "groups": [GROUP]}, [("mail1", MEMBER)]),
    Case("a stranger with a wished name", r"web3", {"servers": [{"name": "web3"}]}, [("web3", {})]),
    Case("a wished name of another fleet", r"web3", {"servers": [{"name": "web3"}], "adopt": True}, [("web3", {"ansible_fleet": "bank"})]),
    Case("more than there is room for", r"more than this account has free", {"groups": [dict(GROUP, count=40)]}, quota={"instances": 12}),
    Case("two servers of a wished name", r"web1", {"groups": [GROUP]}, [("web1", MEMBER)]),
]


def one(case, dress, place):
    place.mkdir(parents=True)
    with watched(dress=dress, quota=case.quota, time_scale=20) as cloud:
        _small, large, image, other = cloud.things
        for name, metadata in [("web1", MEMBER), ("web2", MEMBER), *case.there]:
            seeds.add_servers(cloud, {"region": cloud.region().name, "name": name, "flavor": large, "image": image, "metadata": metadata})
        before = cloud.held()
        options = dict(cloud.login, name="shop", defaults={"flavor": large, "image": image}, **case.options)
        if options.get("servers"):
            options["servers"] = [dict(server, image=other if server.get("image") == OTHER else image) for server in options["servers"]]
        result = task.run(place, options)
        sent = [(exchange.method, exchange.path) for exchange in cloud.writes()]
        if sent or cloud.held() != before:
            raise Broken("%s, %s: sent %s" % (case.name, dress, sent))
        if case.says is None and (result.get("failed") or result["changed"]):
            raise Broken("%s, %s: not left alone: %s" % (case.name, dress, result))
        if case.says is not None and not (result.get("failed") and re.search(case.says, result["msg"], re.DOTALL)):
            raise Broken("%s, %s: no refusal: %s" % (case.name, dress, result.get("msg", result)))


def check(place):
    """All cases; a list of lines to tell. Raises Broken."""
    for number, case in enumerate(CASES):
        for dress in ("rackspace", "openstack"):
            one(case, dress, place / ("%s-%d" % (dress, number)))
    return ["%d plans refused or left alone in both dresses, with no request that writes" % len(CASES)]
