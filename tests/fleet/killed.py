# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A fleet whose making is killed (SIGKILL), at fifty moments, and begun again: the cloud's own list equals the wish each time.

A moment is a request at the wire: killed before the request is performed, which then is performed all the same or gets lost; after it
was performed and before it is answered; or a little after the answer. Which request, and which of these, comes from the seed.
"""

from __future__ import annotations

import concurrent.futures
import random
import threading
import time
from dataclasses import dataclass

import task
from task import Broken
from wire import watched

from sandbox import seeds

SEEDS = range(1, 51)
FEWEST_IN_FLIGHT = 10  # moments with a create on its way
SIDE_BY_SIDE = 3
PHASES = ("lost", "arrived", "performed", "answered")
# What a moment is counted in, and how many of them there are for sure; every second moment is a create.
KINDS = {"create": 4, "action": 3, "delete": 1, "list": 4}
OPTIONS = {"latency_ms": 20}  # builds take long enough to be found half done by the next run


@dataclass
class Moment:
    """The `number`-th request of a kind."""

    seed: int
    dress: str
    kind: str
    number: int
    phase: str
    late: float
    in_flight: int = None   # creates on their way when it came
    problem: str = ""

    def __str__(self):
        return "seed %d: %s %s %d, %s" % (self.seed, self.dress, self.kind, self.number, self.phase)


def moment(seed):
    chance = random.Random(seed)
    kind = "create" if seed % 2 else chance.choice(sorted(set(KINDS) - {"create"}))
    return Moment(seed, chance.choice(["rackspace", "openstack"]), kind, chance.randint(1, KINDS[kind]), chance.choice(PHASES), chance.uniform(0, 0.05))


def prepare(cloud):
    """What is there before: servers to be resized, rebuilt, marked and removed, and one that is nobody's business."""
    small, _large, image, other = cloud.things
    for name, chosen, metadata in (("web1", image, {"role": "web"}), ("web2", other, {"role": "web"}), ("db1", image, {"role": "none"}), ("old1", image, {})):
        seeds.add_servers(cloud, {"region": cloud.region().name, "name": name, "flavor": small if name == "web1" else cloud.things[1],
                                  "image": chosen, "metadata": dict(metadata, ansible_fleet="shop")})
    seeds.add_servers(cloud, {"region": cloud.region().name, "name": "mail1", "flavor": small, "image": image, "metadata": {"ansible_fleet": "shop"}})


def wish(cloud):
    _small, large, image, _other = cloud.things
    return dict(
        cloud.login, name="shop", purge=True, max_delete=1, pattern="old*", wait_interval=0.1, max_unavailable="2",
        defaults={"flavor": large, "image": image, "resize_policy": "confirm", "rebuild_policy": "rebuild", "metadata": {"role": "web"}},
        groups=[{"name": "web%d", "count": 5}],
        servers=[{"name": "db1", "metadata": {"role": "db"}}, {"name": "db2", "metadata": {"role": "db"}}])


def wanted(cloud):
    """What the cloud has to hold in the end, in the form of WatchedCloud.held() without ids."""
    small, large, image, _other = cloud.things
    mine = {"status": "at rest", "flavor": large, "image": image}
    found = [dict(mine, name=name, metadata={"role": name.rstrip("12345"), "ansible_fleet": "shop"})
             for name in ("db1", "db2", "web1", "web2", "web3", "web4", "web5")]
    return sorted([*found, dict(mine, name="mail1", flavor=small, metadata={"ansible_fleet": "shop"})], key=lambda server: server["name"])


class Killer:
    """Looks at the wire, and kills when the moment has come."""

    def __init__(self, cloud, chosen):
        self.cloud = cloud
        self.moment = chosen
        self.process = None
        self.ready = threading.Event()   # the process is known
        self.lock = threading.Lock()
        self.count = 0
        self.chosen = None

    def look(self, exchange, phase):
        """See WatchedCloud.look."""
        with self.lock:
            if phase == "arrived" and exchange.kind == self.moment.kind:
                self.count += 1
                if self.count == self.moment.number:
                    self.chosen = exchange
        if exchange is not self.chosen:
            return False
        self.ready.wait()
        if phase == "arrived" and self.moment.phase in ("lost", "arrived") or phase == "performed" and self.moment.phase == "performed":
            self.kill()
        elif phase == "performed" and self.moment.phase == "answered":
            threading.Timer(self.moment.late + OPTIONS["latency_ms"] / 1000, self.kill).start()
        return phase == "arrived" and self.moment.phase == "lost"

    def kill(self):
        self.moment.in_flight = self.cloud.creates_on_their_way()
        self.process.kill()
        self.process.wait()


def one(chosen, place):
    """Kill at that moment, begin again, compare."""
    place.mkdir(parents=True)
    with watched(dress=chosen.dress, **OPTIONS) as cloud:
        prepare(cloud)
        killer = Killer(cloud, chosen)
        cloud.look = killer.look
        with task.start(place, wish(cloud)) as killer.process:
            killer.ready.set()
            said, errors = killer.process.communicate(timeout=task.SECONDS)
        if chosen.in_flight is None:
            raise Broken("the moment never came; the module ended with %d: %s%s" % (killer.process.returncode, said[-2000:], errors[-2000:]))
        while not cloud.is_quiet():  # what was on its way arrives all the same
            time.sleep(0.01)
        cloud.look = lambda exchange, phase: False
        task.done(place, wish(cloud))
        await_deletes(cloud)
        found = [{key: value for key, value in server.items() if key != "id"} for server in cloud.held()]
        if found != wanted(cloud):
            raise Broken("the cloud holds %s\ninstead of %s" % (found, wanted(cloud)))
        if task.done(place, wish(cloud))["changed"]:
            raise Broken("a third run changed something")
    return chosen


def await_deletes(cloud):
    """A server that the killed task had the cloud delete counts for nobody any more; the cloud is given the time to end it."""
    deadline = time.monotonic() + task.SECONDS
    while any(server["status"].endswith("deleting") for server in cloud.held()) and time.monotonic() < deadline:
        time.sleep(0.05)


def attempt(chosen, place):
    try:
        return one(chosen, place)
    except Broken as error:
        chosen.problem = str(error)
        return chosen


def check(place, chosen_seeds=None):
    """All moments; a list of lines to tell. Raises Broken."""
    moments = [moment(seed) for seed in chosen_seeds or SEEDS]
    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(lambda chosen: attempt(chosen, place / ("seed-%d" % chosen.seed)), moments))
    broken = ["%s: %s" % (chosen, chosen.problem) for chosen in moments if chosen.problem]
    if broken:
        raise Broken("%d of %d moments:\n%s" % (len(broken), len(moments), "\n".join(broken)))
    in_flight = sum(chosen.in_flight > 0 for chosen in moments)
    if not chosen_seeds and in_flight < FEWEST_IN_FLIGHT:
        raise Broken("only %d of %d moments had a create on its way" % (in_flight, len(moments)))
    return ["killed at %d moments, %d of them with a create on its way (in all %d creates)" % (
        len(moments), in_flight, sum(chosen.in_flight for chosen in moments))]
