# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Twenty creates on a real OpenStack: a task `fleet` beside bare concurrent POSTs, in turns, and beside a loop of openstack.cloud.server.

    .work/bench/bin/python tests/fleet/real.py CLOUD.json [--rounds N]

A part of `make test-openstack`. Each side is a process, timed as a whole; what it made is counted, and removed before the next begins.
Ends with 1 when even the lower bound of the ratio exceeds the budget.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent
sys.path += [str(TESTS), str(TESTS / "bench")]

from checkout import TREE, WORK, link_tree  # noqa: E402

sys.path.append(str(link_tree()))

import requests  # noqa: E402
from bare import PREFIX, active, listed, log_in  # noqa: E402
from peers import openstack_cloud  # noqa: E402
from ratios import ratio, verdict  # noqa: E402
from task import environment  # noqa: E402

NUMBER, FLAVOR, IMAGE = 20, "m1.nano", "cirros"
BUDGET = 1.25
PLACE = WORK / "fleet-real"


class Cloud:
    """The real cloud, asked without our own client."""

    def __init__(self, path):
        self.path = path
        self.auth = json.loads(Path(path).read_text(encoding="utf-8"))["auth"]
        self.session = requests.Session()
        self.session.trust_env = False
        self.base = log_in(self.session, self.auth)

    def id_of(self, kind, name):
        """The id of a flavor or an image."""
        url, found = "%s/%s" % (self.base, kind), {}
        while url:
            page = self.session.get(url, timeout=120).json()
            found.update((thing["name"], thing["id"]) for thing in page[kind])
            url = next((link["href"] for link in page.get(kind + "_links", ()) if link["rel"] == "next"), None)
        return found[name]

    def clear(self):
        """Delete all that was made, and wait until it is gone."""
        for server in listed(self.session, self.base):
            self.session.delete("%s/servers/%s" % (self.base, server["id"]), timeout=120)
        while listed(self.session, self.base):
            time.sleep(0.5)


def timed(cloud, command):
    """The seconds of a process that has to make all servers."""
    cloud.clear()
    begin = time.perf_counter()
    done = subprocess.run(command, cwd=PLACE, env=PEERS_TOO, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begin
    made = len(active(cloud.session, cloud.base))
    if done.returncode or made != NUMBER:
        raise SystemExit("%s ended with %d and %d servers:\n%s%s" % (" ".join(command), done.returncode, made, done.stdout[-3000:], done.stderr[-3000:]))
    return seconds


def play(name, task):
    """The command that plays one task."""
    path = PLACE / (name + ".yml")
    path.write_text(json.dumps([{"name": name, "hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [dict(task, name=name)]}]))
    return [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,", str(path)]


def main():
    parser = argparse.ArgumentParser(prog="real", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("cloud", help="a file as tests/integration/run.py --cloud takes it")
    parser.add_argument("--rounds", type=int, default=5, help="pairs of runs, at least 5; default: 5")
    options = parser.parse_args()
    cloud = Cloud(Path(options.cloud).resolve())
    names = ["%s%02d" % (PREFIX, one) for one in range(1, NUMBER + 1)]
    bare = [sys.executable, str(HERE / "bare.py"), str(cloud.path), str(NUMBER), cloud.id_of("flavors", FLAVOR), cloud.id_of("images", IMAGE)]
    ours = play("fleet", {"rackspace.cloud.fleet": dict(
        cloud.auth, name="fleet", concurrency=NUMBER, groups=[{"name": PREFIX + "%02d", "count": NUMBER, "flavor": FLAVOR, "image": IMAGE}])})
    peer = play("loop", {"openstack.cloud.server": {"name": "{{ item }}", "flavor": FLAVOR, "image": IMAGE, "auto_ip": False}, "loop": names})
    try:
        pairs = []
        for _round in range(options.rounds):
            pairs.append((timed(cloud, ours), timed(cloud, bare)))
            print("fleet / bare = %.2f" % (pairs[-1][0] / pairs[-1][1]), flush=True)
        loop = timed(cloud, peer)
    finally:
        cloud.clear()
    found = ratio(*zip(*pairs))
    quickest = min(seconds for seconds, _bare in pairs)
    print("%d creates: fleet takes %.2f [%.2f, %.2f] x bare concurrent POSTs with one list per poll (budget %.2f: %s), "
          "a loop of openstack.cloud.server %.1f x fleet" % (NUMBER, *found, BUDGET, verdict(found, BUDGET), loop / quickest))
    return 1 if verdict(found, BUDGET) != "ok" else 0


if __name__ == "__main__":
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    PEERS_TOO = environment(PLACE)
    PEERS_TOO["ANSIBLE_COLLECTIONS_PATH"] = os.pathsep.join([str(TREE), str(openstack_cloud())])
    PEERS_TOO.update(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["environment"] if len(sys.argv) > 1 and os.path.exists(sys.argv[1]) else {})
    sys.exit(main())
