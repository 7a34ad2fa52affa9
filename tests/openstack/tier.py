# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`make test-openstack`: the cloud up, the integration targets on it, the comparison with the sandbox, the faults that need no server, the cloud down.

With --all also what takes longer, and a machine that does little else: the runbooks, twenty creates of `fleet` beside others, and the faults of all
modules."""

from __future__ import annotations

import subprocess
import time

import compare
import leftovers
import life
from checkout import ROOT
from environments import EnvironmentFailed, create, interpreters
from settings import CLOUD_FILE, CloudFailed

CORE = "core-newest"
# Modules whose faults need no server: one takes seconds here, and each cell wants one of its own.
WITHOUT_SERVERS = ("volume", "volume_info", "keypair", "keypair_info", "identity_user", "identity_user_info", "auth_info", "flavor_info", "image_info",
                   "network_info", "limits_info")


def run(names, everything=False):
    """The targets and the comparison, and everything else when that is wanted; or the named targets alone. The exit code."""
    python = core()
    begin = time.monotonic()
    with life.lent():
        steps = [("cloud", time.monotonic() - begin, 0)]
        runbooks = [name for name in names if (ROOT / "tests/integration/runbooks" / name).is_dir()]
        others = [name for name in names if name not in runbooks]
        if others or not names:
            steps.append(_timed("targets", lambda: targets(python, ROOT, others)))
        if runbooks or everything:
            steps.append(_timed("runbooks", lambda: targets(python, ROOT, runbooks, suite="runbooks")))
        if not names:
            steps.append(_timed("comparison", compare.compare))
        if everything:
            steps.append(_timed("fleet", fleet))
        if not names:
            steps.append(_timed("faults", lambda: faults(python, () if everything else WITHOUT_SERVERS)))
    for name, seconds, code in steps:
        print("%-6s %-12s %4d s" % ("FAILED" if code else "ok", name, seconds))
    failed = sum(1 for step in steps if step[2])
    print("%-19s %4d s\n\n%d passed, %d failed" % ("with the end", time.monotonic() - begin, len(steps) - failed, failed))
    return 1 if failed else 0


def core():
    """The interpreter of the newest core, in an environment that is made when it is missing."""
    try:
        return create(CORE, interpreters()) / "bin/python"
    except EnvironmentFailed as error:
        raise CloudFailed(str(error)) from error


def targets(python, root, names, output=None, suite="targets"):
    """Run integration targets of a suite of a checkout on the cloud, in a project without anything; the exit code."""
    leftovers.clear("demo")
    chosen = [word for name in names for word in ("--target", name)]
    return subprocess.run([str(python), "tests/integration/run.py", "--core", CORE, "--cloud", str(CLOUD_FILE), "--suite", suite, *chosen],
                          cwd=root, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT if output else None, check=False).returncode


def fleet():
    """Twenty creates beside what else makes servers; the exit code."""
    try:
        python = create("bench", interpreters()) / "bin/python"
    except EnvironmentFailed as error:
        raise CloudFailed(str(error)) from error
    return subprocess.run([str(python), "tests/fleet/real.py", str(CLOUD_FILE)], cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode


def faults(python, modules):
    """Break the wire before the cloud, and look at what these modules make of it, or all, in two projects without anything; the exit code."""
    for user in ("demo", "other"):
        leftovers.clear(user)
    chosen = [word for name in modules for word in ("--module", name)]
    return subprocess.run([str(python), "tests/faults/real.py", str(CLOUD_FILE), *chosen], cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode


def _timed(name, function):
    begin = time.monotonic()
    code = function()
    return name, time.monotonic() - begin, code
