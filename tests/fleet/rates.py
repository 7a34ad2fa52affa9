# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Fifty creates on a cloud that takes five seconds to build and twenty POSTs a minute: as fast as its rules allow, within its rules.

Once the cloud tells its limits, once it does not, and a refusal has to teach them.
"""

from __future__ import annotations

import itertools
import math
import time

import task
from task import Broken
from wire import watched

SERVERS, POSTS, WINDOW, BUILD = 50, 20, 60, 5
BUDGET = 1.2
CONCURRENCY = 10
# The first POSTs of a window go at once; those of the last one are built after that.
FASTEST = (math.ceil(SERVERS / POSTS) - 1) * WINDOW + BUILD


def check(tells, place):
    """tells: whether the cloud answers when it is asked for its limits. A list of lines to tell. Raises Broken."""
    place.mkdir(parents=True)
    with watched(build_time=BUILD, rate_limit={"POST": POSTS}) as cloud:
        if not tells:
            cloud.faults.add({"method": "GET", "path": "/limits", "status": 404, "times": 1000})
        options = dict(cloud.login, name="shop", concurrency=CONCURRENCY, defaults={"flavor": cloud.things[0], "image": cloud.things[2]},
                       groups=[{"name": "web%02d", "count": SERVERS}])
        begin = time.monotonic()
        task.play(place, options)
        ratio = (time.monotonic() - begin) / FASTEST
        names = [server["name"] for server in cloud.held() if server["status"] == "at rest"]
        if names != ["web%02d" % number for number in range(1, SERVERS + 1)]:
            raise Broken("the cloud holds %s" % names)
        runs = [(refused, len(list(group))) for refused, group in itertools.groupby(
            entry["status"] in (413, 429) for entry in cloud.journal.entries() if (entry["method"], entry["path"][-8:]) == ("POST", "/servers"))]
        refusals = [number for refused, number in runs if refused]
        lists, gets = cloud.count("list"), cloud.count("get")
        at_the_wire = (cloud.exchanges[-1].at - cloud.exchanges[0].at) / FASTEST
    told = "%.2f x the fastest that its rules allow, %.2f from the first request to the last; %d lists, %d GETs of single servers, refused %s" % (
        ratio, at_the_wire, lists, gets, "%d at once" % refusals[0] if refusals else "none")
    # What was on its way when the first was refused is refused with it; from then on the fleet knows.
    if len(refusals) > (not tells) or sum(refusals) > CONCURRENCY:
        raise Broken("%s; beyond the limit after the first refusal: %s" % (told, runs))
    if gets:
        raise Broken("%s; polls are lists" % told)
    if ratio > BUDGET:
        raise Broken("%s; the budget is %.2f" % (told, BUDGET))
    return [told]
