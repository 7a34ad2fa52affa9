# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Ends tasks in the middle, by SIGINT, SIGTERM and SIGKILL, at moments that are seen at the wire; runs them again; and looks what there is then.

    python tests/faults/interruptions.py [--dress rackspace] [--keep]

Each task is a real process. The cloud lets a request go no further until the process that sent it is dead, so every cell happens at the
same moment each time. The same task then has to heal what was begun, or to say what is wrong; and the cloud must have nothing twice and
nothing that nobody named.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import re
import shutil
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).resolve().parent.parent
sys.path[0] = str(TESTS)  # not this directory, whose files are no modules for everybody

from checkout import WORK, link_tree  # noqa: E402

from faults.echoing import serve  # noqa: E402
from faults.forked import Nursery, result_in  # noqa: E402
from sandbox import Cloud, Request  # noqa: E402
from sandbox.accounts import DEMO_PROJECT  # noqa: E402
from sandbox.exchange import Response  # noqa: E402

PLACE = WORK / "faults-interruptions"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
TIMES = {"build_time": 0.4, "action_time": 0.25, "image_time": 0.25, "volume_time": 0.25, "delete_time": 0.1}
PATIENCE = 30  # seconds for a process to die, or to reach the moment
NAMES = {"rackspace": {"region": "DFW", "flavor": "general1-1", "larger": "general1-2", "image": "3afe97b2-26dc-49c5-a2cc-a2fc8d80c001"},
         "openstack": {"region": "RegionOne", "flavor": "1", "larger": "2", "image": "cirros"}}
LOGINS = {"rackspace": {"username": "demo", "api_key": "sandbox-api-key"},
          "openstack": {"username": "demo", "password": "sandbox-password", "tenant_name": "demo"}}


class Operation(NamedTuple):
    """Something that takes time. module, options: the task; post: what its request looks like, as "METHOD path body"; prepare(world): makes what
    has to be there; audit(world): what is wrong once the task has succeeded; confirm: what the request that ends it looks like, for a resize."""

    module: str
    options: object
    post: str
    prepare: object
    audit: object
    confirm: str = ""


class Trap:
    """Ends a process at one moment. moment: login, before, lost, acted, answered or polling; post: the request that the moment is about."""

    def __init__(self, moment, post, number):
        self.moment = moment
        self.post = re.compile(post)
        self.number = number
        self.pid = None
        self.known = threading.Event()
        self.dead = threading.Event()
        self.sprung = False
        self.since = None  # requests since the post

    def of(self, pid):
        self.pid = pid
        self.known.set()

    def meets(self, request):
        """Whether this request is the moment."""
        if self.sprung:
            return False
        is_login = request.path.endswith("/tokens")
        is_post = bool(self.post.search("%s %s %s" % (request.method, request.path, request.body.decode())))
        if self.moment == "login":
            return is_login
        if self.moment == "before":
            return not is_login
        if self.moment in ("lost", "acted"):
            return is_post
        if self.since is not None:
            self.since += 1
        elif is_post:
            self.since = 0
        return self.since == {"answered": 1, "polling": 3}[self.moment]

    def spring(self):
        """End the process, and wait until it is gone."""
        self.sprung = True
        if not self.known.wait(PATIENCE):
            return
        os.kill(self.pid, self.number)
        self.dead.wait(PATIENCE)


class TrappedCloud(Cloud):
    """A Cloud in which a trap may wait."""

    trap = None

    def handle(self, request):
        trap = self.trap
        if not trap or request.path.startswith("/sandbox") or not trap.meets(request):
            return super().handle(request)
        if trap.moment == "lost":
            trap.spring()
            answer = Response(503)
        else:
            answer = super().handle(request)
            trap.spring()
        answer.drop = True
        return answer


class World:
    """A cloud and its tasks, one after another."""

    def __init__(self, dress, stage):
        self.dress = dress
        self.names = NAMES[dress]
        self.cloud = TrappedCloud(dress, **TIMES)
        self.server = serve(self.cloud)
        self.place = PLACE / stage
        for name in ("home", "tmp", "out"):
            (self.place / name).mkdir(parents=True, exist_ok=True)
        keep = {name: value for name, value in os.environ.items() if not re.match(r"ANSIBLE_|OS_|RAX_|XDG_|CLOUD_|PYTHON|.*_(proxy|PROXY)$", name)}
        self.nursery = Nursery(sys.executable, dict(
            keep, HOME=str(self.place / "home"), PYTHONPATH=str(link_tree()), PYTHONDONTWRITEBYTECODE="1", RAX_TOKEN_CACHE_DIR=str(self.place / "tokens")))
        self.login = dict(LOGINS[dress], auth_url=self.cloud.auth_url, region=self.names["region"], _ansible_remote_tmp=str(self.place / "tmp"))

    def close(self):
        self.nursery.__exit__()
        self.server.shutdown()

    def reset(self):
        self.cloud.trap = None
        self.cloud.reset()
        shutil.rmtree(self.place / "tokens", ignore_errors=True)

    def play(self, operation, trap=None, name="task"):
        """(result or None, exit status, what was written) of the operation's task, perhaps into a trap."""
        output = self.place / "out" / (name + ".txt")
        self.cloud.trap = trap
        options = dict(self.login, wait_interval=0.05, wait_timeout=20, **operation.options(self))
        pid = self.nursery.begin(operation.module, options, output)
        if trap:
            trap.of(pid)
        status = self.nursery.end()
        if trap:
            trap.dead.set()
        self.cloud.trap = None
        return result_in(output), status, output.read_text(encoding="utf-8")

    @property
    def region(self):
        return self.cloud.regions[self.names["region"]]

    def seed(self, name):
        order = {"name": name, "region": self.names["region"], "flavor": self.names["flavor"]}
        return self.cloud.handle(Request("POST", "/sandbox/servers", {}, json.dumps(order).encode())).json()["servers"][0]["id"]

    def settled(self, things):
        """The things of the project that are there."""
        found = []
        for thing in list(things.values()):
            thing = thing.settle(self.cloud.now()) or thing
            if thing.project_id == DEMO_PROJECT[self.dress] and not getattr(thing, "gone", False):
                found.append(thing)
        return found

    def servers(self):
        return [server for server in self.settled(self.region.servers) if server.status != "DELETED"]


# What there has to be afterwards.

def one_server(world, flavor="flavor", count=1):
    found = world.servers()
    if len(found) != count or any(not server.name for server in found):
        return "there are %d servers: %s" % (len(found), [server.name for server in found])
    server = found[0]
    if server.status != "ACTIVE" or str(server.flavor["id"]) != world.names[flavor]:
        return "it is %s with flavor %s" % (server.status, server.flavor["id"])
    return ""


def one_image(world):
    names = [image.name for image in world.settled(world.region.images)]
    return "" if names == ["cut"] else "there are the images %s" % names


def one_volume(world):
    world.region.settle_volumes(world.cloud.now())
    names = [volume.name for volume in world.region.volumes.values()]
    return "" if names == ["cut"] else "there are the volumes %s" % names


def one_attachment(world):
    world.region.settle_volumes(world.cloud.now())
    found = [volume.attachment for volume in world.region.volumes.values() if volume.attachment]
    return one_volume(world) or ("" if len(found) == 1 else "the volume is attached %d times" % len(found))


def host(world):
    world.seed("host")


def host_to_resize(world):
    world.seed("cut")


def host_and_volume(world):
    world.seed("host")
    made = world.play(OPERATIONS["volume"])[0]
    if made.get("failed"):
        raise SystemExit("The volume could not be prepared: %s" % made["msg"])


OPERATIONS = {
    "create": Operation("server", lambda world: {"name": "cut", "flavor": world.names["flavor"], "image": world.names["image"]},
                        r"^POST \S+/servers ", lambda world: None, one_server),
    "resize": Operation("server", lambda world: {"name": "cut", "flavor": world.names["larger"], "resize_policy": "confirm"},
                        r'^POST \S+/action \{"resize"', host_to_resize, lambda world: one_server(world, "larger"), r'^POST \S+/action \{"confirmResize"'),
    "image": Operation("image", lambda world: {"name": "cut", "server": "host"}, r'^POST \S+/action \{"createImage"', host, one_image),
    "volume": Operation("volume", lambda world: {"name": "cut", "size": 75}, r"^POST \S+/volumes ", lambda world: None, one_volume),
    "attach": Operation("volume_attachment", lambda world: {"volume": "cut", "server": "host"}, r"^POST \S+/os-volume_attachments ", host_and_volume,
                        one_attachment),
}
MOMENTS = {
    "login": "the login was on its way", "before": "nothing was sent yet", "lost": "the request was lost with its sender",
    "acted": "the cloud acted, the answer was on its way", "answered": "the answer had come", "polling": "it was being waited for"}
CONFIRMING = ("lost", "acted", "answered")


def cells():
    """[(operation, "" or "confirm", moment, signal)] of the whole table."""
    found = []
    for name, operation in OPERATIONS.items():
        for number in SIGNALS:
            found += [(name, "", moment, number) for moment in MOMENTS]
            found += [(name, "confirm", moment, number) for moment in CONFIRMING if operation.confirm]
    return found


def play_cell(world, name, phase, moment, number):
    """("heals" or "explains", how), or ("FAILED", why)."""
    operation = OPERATIONS[name]
    world.reset()
    operation.prepare(world)
    if moment == "login":
        shutil.rmtree(world.place / "tokens", ignore_errors=True)
    trap = Trap(moment, operation.confirm if phase else operation.post, number)
    result, status, written = world.play(operation, trap, "first")
    if not trap.sprung and moment == "answered" and phase and result and not result.get("failed"):
        return "heals", "nothing was left to ask after the answer"
    if not trap.sprung:
        return "FAILED", "the moment never came: %s" % written[-300:]
    if result is not None or status not in (-number, 130):
        return "FAILED", "it did not end by the signal but with %s: %s" % (status, written[-300:])
    told = ""
    for turn in ("second", "third"):
        again, _status, written = world.play(operation, None, turn)
        if again is None:
            return "FAILED", "the %s run crashed: %s" % (turn, written[-600:])
        if not again.get("failed"):
            break
        if told or not again.get("operation") or len(again["msg"]) <= 40 or "Traceback" in written:
            return "FAILED", "the %s run: %s" % (turn, again["msg"])
        told = again["msg"]  # what it is told to do has to help: it is run once more
    wrong = operation.audit(world)
    if wrong:
        return "FAILED", wrong
    last, _status, written = world.play(operation, None, "last")
    if last is None or last.get("failed") or last["changed"]:
        return "FAILED", "the last run was not content: %s" % (last or written[-300:])
    if told:
        return "explains", told
    left = sorted(path.name for path in (world.place / "tokens").iterdir() if path.suffix not in (".json", ".lock") and path.name != "key")
    return "heals", "changed" if again["changed"] else "was done" + (", drafts of tokens left: %s" % left if left else "")


def play_all(dress, table, place):
    """[(cell, how it ended, why)] of these cells, on a cloud of its own."""
    world = World(dress, place)
    try:
        return [((dress, *cell), *play_cell(world, *cell)) for cell in table]
    finally:
        world.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--dress", action="append", choices=sorted(NAMES), help="may be given again; default: both")
    parser.add_argument("--operation", action="append", choices=sorted(OPERATIONS), help="may be given again; default: all")
    parser.add_argument("--keep", action="store_true", help="keep what was written in %s" % PLACE)
    options = parser.parse_args()
    started = time.monotonic()
    shutil.rmtree(PLACE, ignore_errors=True)
    table = [cell for cell in cells() if not options.operation or cell[0] in options.operation]
    parts = [(dress, table[part::2], "%s-%d" % (dress, part)) for dress in options.dress or sorted(NAMES) for part in range(2)]
    with ThreadPoolExecutor(2) as pool:
        ended = [row for rows in pool.map(lambda part: play_all(*part), parts) for row in rows]
    tell(ended)
    failed = [row for row in ended if row[1] == "FAILED"]
    print("%d cells: %s   (%.0f s)" % (len(ended), ", ".join("%s %d" % (how, count) for how, count in sorted(
        collections.Counter(how for _cell, how, _why in ended).items())), time.monotonic() - started))
    if not options.keep and not failed:
        shutil.rmtree(PLACE, ignore_errors=True)
    return 1 if failed or not ended else 0


def tell(ended):
    """Print the table: how each cell ended, and why where it did not heal."""
    rows = collections.defaultdict(dict)
    for (dress, name, phase, moment, number), how, why in ended:
        rows[dress, name, phase, moment][signal.Signals(number).name] = (how, why)
    print("%-11s %-8s %-8s %-9s %-10s %-10s %-10s" % ("dress", "task", "", "moment", *(signal.Signals(number).name for number in SIGNALS)))
    for dress, name, phase, moment in sorted(rows, key=lambda row: (row[0], list(OPERATIONS).index(row[1]), row[2], list(MOMENTS).index(row[3]))):
        ends = rows[dress, name, phase, moment]
        print("%-11s %-8s %-8s %-9s %s" % (dress, name, phase, moment, " ".join(
            "%-10s" % ends.get(signal.Signals(number).name, ("-",))[0] for number in SIGNALS)))
    reasons = collections.Counter((how, re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", why)) for _cell, how, why in ended)
    for (how, why), count in sorted(reasons.items()):
        print("  %3d × %s: %s" % (count, how, why[:400]))


if __name__ == "__main__":
    sys.exit(main())
