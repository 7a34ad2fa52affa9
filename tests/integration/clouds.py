# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Where the cloud of an integration run comes from: a sandbox started for it, or one that is described in a file.

Both are context managers that give a `Cloud`; running targets (run.py) knows nothing else of where they run.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 30


class NoCloud(Exception):
    """The cloud did not come up; the text says why."""


@dataclass
class Cloud:
    """A cloud to run targets against."""

    name: str                       # "sandbox", or what the file calls it: "real", ...
    dress: str                      # whose manners it has: "rackspace" or "openstack"
    auth: dict                      # connection options, as modules take them
    regions: list
    url: str = ""                   # of the sandbox, for its control API; empty elsewhere
    environment: dict = field(default_factory=dict)

    def reset(self):
        """Bring a sandbox back to its first state; a real cloud is left to the targets, which clean up after themselves."""
        if self.url:
            request = urllib.request.Request(self.url + "/sandbox/reset", data=b"{}", method="POST", headers={"Content-Type": "application/json"})
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10):
                pass


# The logins that every sandbox knows (tests/sandbox), as connection options.
AUTH = {
    "rackspace": {"username": "demo", "api_key": "sandbox-api-key", "region": "DFW"},
    "openstack": {"username": "demo", "password": "sandbox-password", "tenant_name": "demo", "user_domain": "Default",
                  "project_domain": "Default", "region": "RegionOne"},
}
REGIONS = {"rackspace": ["DFW", "ORD", "IAD"], "openstack": ["RegionOne", "RegionTwo"]}


@contextlib.contextmanager
def sandbox(program, python, dress, place, arguments=()):
    """A `Cloud` on a sandbox of its own: `program` is tests/sandbox, `place` a directory for its log and ready file."""
    place = Path(place)
    place.mkdir(parents=True, exist_ok=True)
    ready = place / "ready.json"
    ready.unlink(missing_ok=True)
    log = place / "sandbox.log"
    with open(log, "wb") as output:
        # Standard input is a pipe that nobody writes to: should this process be killed, the sandbox sees its end, and ends too.
        process = subprocess.Popen([str(python), str(program), "--dress", dress, "--ready-file", str(ready), "--until-eof", *arguments],
                                   stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"))
        try:
            about = _wait_for(ready, process, log)
            yield Cloud(name="sandbox", dress=dress, url=about["url"], regions=REGIONS[dress],
                        auth=dict(AUTH[dress], auth_url=about["auth_url"]), environment=about.get("env", {}))
        finally:
            process.stdin.close()
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(ready, process, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if ready.is_file():
            return json.loads(ready.read_text())
        if process.poll() is not None:
            raise NoCloud("The sandbox ended with %d:\n%s" % (process.returncode, log.read_text()))
        time.sleep(0.05)
    raise NoCloud("The sandbox was not ready after %d s; its output:\n%s" % (START_SECONDS, log.read_text()))


@contextlib.contextmanager
def described(path):
    """A `Cloud` that is already there: a JSON file with name, dress, auth, regions and perhaps environment."""
    yield Cloud(**json.loads(Path(path).read_text()))
