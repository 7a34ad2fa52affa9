# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A few cells of the matrix as users meet them: ansible-playbook and ansible-inventory, in processes and at a pace of their own.

    python tests/faults/playbooks.py
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

# Run as a file: the modules beside it must not be taken for those of the standard library.
sys.path[0] = str(Path(__file__).resolve().parent.parent)
sys.path.append(str(Path(__file__).resolve().parent.parent / "integration"))

from checkout import link_tree  # noqa: E402
from clouds import sandbox  # noqa: E402

from faults import cells, matrix, player  # noqa: E402
from faults.faults import FAULTS, READ, WRITE  # noqa: E402
from faults.proxy import Proxy, Strike  # noqa: E402
from faults.rows import ONE  # noqa: E402
from faults.worlds import World  # noqa: E402

PLACE = matrix.PLACE / "playbooks"
SECONDS = 300


class Case(NamedTuple):
    """program: ansible-playbook or ansible-inventory; servers: how many of the name there are afterwards; words: have to be in the output."""

    about: str
    program: str
    fault: str
    spot: str
    code: int
    servers: int
    words: tuple
    check: bool = False


CASES = (
    Case("a create whose answer is lost is made once", "ansible-playbook", "answer lost after it was carried out", WRITE, 0, 1, ("changed=1",)),
    Case("a create that is answered with HTML is made once", "ansible-playbook", "HTML with 200", WRITE, 0, 1, ("changed=1",)),
    Case("a service in trouble is explained", "ansible-playbook", "500 for good", READ, 2, 0,
         ("Could not find server", "500", "request id req-", "run the task again")),
    Case("a rehearsal with a limited rate writes nothing", "ansible-playbook", "429, no time named", READ, 0, 0, ("changed=1",), check=True),
    Case("an inventory that is cut is asked for again", "ansible-inventory", "reset in the middle of the body", READ, 0, 0, ("@all",)),
    Case("an inventory that never comes is explained", "ansible-inventory", "answers lost for good", READ, 1, 0,
         ("Could not list the servers", "Run the task again")),
)


class Stage:
    """A sandbox behind a proxy, and the files that the programs read."""

    def __init__(self, cloud):
        self.world = World(cloud.dress, cloud.auth, cloud.url)
        self.proxy = Proxy()
        auth = dict(cloud.auth, auth_url=self.proxy.through(cloud.auth["auth_url"]), api_retries=2, token_cache=False)
        task = {"rackspace.cloud.server": dict(self.world.names, name=ONE)}
        self.playbook = written("play.yml", [{
            "hosts": "localhost", "gather_facts": False, "module_defaults": {"group/rackspace.cloud.all": auth}, "tasks": [task]}])
        self.inventory = written("faults.rackspace.yml", dict(auth, plugin="rackspace.cloud.servers", regions=[auth["region"]]))
        self.hosts = written("hosts.json", {"all": {"hosts": {"localhost": {
            "ansible_connection": "local", "ansible_python_interpreter": sys.executable}}}})

    def run(self, case, strike):
        """(exit code, what was written)."""
        self.world.begin()
        self.proxy.arm(strike)
        words = ["-i", self.hosts, self.playbook] if case.program == "ansible-playbook" else ["-i", self.inventory, "--graph"]
        done = subprocess.run([str(Path(sys.executable).parent / case.program), *words, *(["--check"] if case.check else [])], cwd=PLACE,
                              env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False)
        return done.returncode, done.stdout + done.stderr

    def problem(self, case):
        """What is wrong with a case, "" when nothing is."""
        code, output = self.run(case, None)
        if code:
            return "without any fault it ended with %d: %s" % (code, output)
        index = cells.spots(self.proxy.log)[case.spot][0]
        fault = next(fault for fault in FAULTS if fault.name == case.fault)
        code, output = self.run(case, Strike(index, **fault.strike))
        if not self.proxy.state.hits:
            return "the fault was never met"
        plain = " ".join(output.split())
        found = [name for name in case.words if name not in plain]
        servers, wrote = len(self.world.named("servers", ONE)), [entry for entry in self.proxy.log if cells.writes(entry)]
        if code != case.code or found or servers != case.servers or "Traceback" in output or (case.check and wrote):
            return "ended with %d, %d servers, without %s, writes %d: %s" % (code, servers, found, len(wrote), output)
        return ""


def written(name, data):
    path = PLACE / name
    path.write_text(json.dumps(data))
    return str(path)


def environment():
    """What the programs see: nothing of the person who runs it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith((*player.FOREIGN, "PYTHON")) and not name.lower().endswith("_proxy")}
    tree = str(link_tree())
    return dict(kept, HOME=str(PLACE), LC_ALL="C.UTF-8", PYTHONPATH=tree, PYTHONDONTWRITEBYTECODE="1", ANSIBLE_COLLECTIONS_PATH=tree, ANSIBLE_NOCOLOR="1",
                ANSIBLE_HOME=str(PLACE / "ansible"), ANSIBLE_LOCAL_TEMP=str(PLACE / "tmp"), ANSIBLE_REMOTE_TMP=str(PLACE / "tmp"),
                ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED="1")


def main():
    PLACE.mkdir(parents=True, exist_ok=True)
    failed = 0
    with sandbox(player.TESTS / "sandbox", sys.executable, "rackspace", PLACE, ["--time-scale", "10"]) as cloud:
        stage = Stage(cloud)
        for case in CASES:
            begin = time.monotonic()
            problem = stage.problem(case)
            failed += bool(problem)
            print("%-6s %-54s %4d s  %s" % ("FAILED" if problem else "ok", case.about, time.monotonic() - begin, problem), flush=True)
    print("%d passed, %d failed" % (len(CASES) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
