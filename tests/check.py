# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`make test`: every step of lint, sanity, unit and integration, two at a time, and one table of how they ended.

    python3 tests/check.py [lint] [sanity] [unit] [integration]      default: all of them
    python3 tests/check.py cross                                     `make test-cross`: the integration that is left
    python3 tests/check.py matrix                                    `make test-matrix`: sanity and unit on the cores in between
    python3 tests/check.py runbooks                                  `make test-runbooks`: roles and playbooks, as users play them

Environments that a step needs are made first. The output of a step goes to `.work/results/<step>.log`; of a step that
failed the end of it is shown. Ends with 1 when any step failed.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass

from checkout import ROOT, WORK, link_tree
from environments import SERIES, EnvironmentFailed, choose, create, interpreters

RESULTS = WORK / "results"
SIDE_BY_SIDE = 2
TAIL_LINES = 60
STEP_SECONDS = 1800
CORES = ["core-oldest", "core-newest"]
# `make test` plays the targets on each core and in each dress once, which fits into ten minutes on two cores; the other two
# pairs, and targets that call themselves slow, are a tier of their own.
PAIRS = {"integration": [("core-oldest", "rackspace"), ("core-newest", "openstack")],
         "cross": [("core-newest", "rackspace"), ("core-oldest", "openstack")]}
BY_DEFAULT = ["lint", "sanity", "unit", "integration"]
# The slowest tests of ansible-test, run beside all the others.
SLOW_SANITY = ["import", "pylint"]
LEFT_OUT = []


@dataclass
class Step:
    """A command that checks something; `passed` and `failed` are counted in its output, else the step counts as one."""

    group: str
    name: str
    environment: str
    command: list
    seconds: float = 0
    code: int = None
    passed: int = 0
    failed: int = 0

    @property
    def log(self):
        return RESULTS / (self.name + ".log")


def _bin(environment, program):
    return str(WORK / environment / "bin" / program)


def all_steps():
    """Every step, the longest first, so that none is left alone at the end."""
    newest = _bin("core-newest", "python")
    sanity = [newest, "tests/sanity.py"]
    steps = [Step(group, "integration-%s-%s" % (core, dress), core,
                  [_bin(core, "python"), "tests/integration/run.py", "--core", core, "--dress", dress, "--slow", "without"])
             for group, pairs in PAIRS.items() for core, dress in pairs]
    steps += [Step("cross", "integration-%s-%s-slow" % (core, dress), core,
                   [_bin(core, "python"), "tests/integration/run.py", "--core", core, "--dress", dress, "--slow", "only"])
              for core, dress in PAIRS["integration"]]
    steps.append(Step("cross", "integration-core-newest-xml", "core-newest",
                      [_bin("core-newest", "python"), "tests/integration/run.py", "--core", "core-newest", "--media-type", "xml"]))
    steps += [Step("runbooks", "runbooks-%s-%s" % (core, dress), core,
                   [_bin(core, "python"), "tests/integration/run.py", "--suite", "runbooks", "--into", "runbooks", "--core", core, "--dress", dress])
              for core, dress in PAIRS["integration"]]
    steps += [
        Step("sanity", "sanity-slow", "core-newest", [*sanity, "--copy", "slow", *[word for test in SLOW_SANITY for word in ("--test", test)]]),
        Step("sanity", "sanity-others", "core-newest", [*sanity, "--copy", "others", *[word for test in SLOW_SANITY for word in ("--skip-test", test)]]),
    ]
    steps.append(Step("lint", "lint", "lint", [_bin("lint", "python"), "tests/lint.py"]))
    for core in CORES:
        # Several processes pay off only where there is much to run; two are what the machine has.
        steps.append(Step("unit", "unit-" + core, core, [_bin(core, "python"), "-m", "pytest", "-q", "-n", "2"]))
    return steps + matrix_steps()


def matrix_steps():
    """Sanity on every core but the newest, unit tests on those that are neither oldest nor newest: what `make test` leaves out.

    Compile and import on every Python of a target are two of the sanity tests, on the newest core, in `make test`. A core that no
    interpreter of this machine can run is named as left out.
    """
    pythons = interpreters()
    runnable = {}
    for name, (core, _supported) in SERIES.items():
        try:
            runnable[name] = choose(name, pythons)[1]
        except EnvironmentFailed as error:
            LEFT_OUT.append("ansible-core %s: %s" % (core, error))
    steps = []
    for name in list(runnable)[:-1]:
        steps.append(Step("matrix", "matrix-sanity-" + name, name, [_bin(name, "python"), "tests/sanity.py", "--copy", name, "--python", runnable[name]]))
    for name in list(runnable)[1:-1]:
        steps.append(Step("matrix", "matrix-unit-" + name, name, [_bin(name, "python"), "-m", "pytest", "-q"]))
    return steps


def make_environments(names):
    """Make the environments, two at a time; the seconds it took."""
    begin = time.monotonic()
    pythons = interpreters()
    link_tree()
    with concurrent.futures.ThreadPoolExecutor(max_workers=SIDE_BY_SIDE) as pool:
        list(pool.map(lambda name: create(name, pythons), names))
    return time.monotonic() - begin


def run(step):
    """Run one step to its end and tell how it ended."""
    begin = time.monotonic()
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONUNBUFFERED="1", NO_COLOR="1")
    with open(step.log, "wb") as log:
        try:
            step.code = subprocess.run(step.command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                       timeout=STEP_SECONDS, check=False).returncode
        except subprocess.TimeoutExpired:
            log.write(b"\nNot done after %d s.\n" % STEP_SECONDS)
            step.code = 124
    step.seconds = time.monotonic() - begin
    count(step)
    print("%-6s %-34s %6.1f s" % ("FAILED" if step.code else "ok", step.name, step.seconds), flush=True)
    return step


def count(step):
    """Set `passed` and `failed` from what the step wrote: pytest's summary, the runner's, ansible-test's tests."""
    text = step.log.read_text(encoding="utf-8", errors="replace")
    lines = text.strip().splitlines()
    summary = lines[-1] if lines else ""
    if "sanity" not in step.name:
        step.passed = sum(int(number) for number in re.findall(r"(\d+) passed", summary))
        step.failed = sum(int(number) for number in re.findall(r"(\d+) (?:failed|error)", summary))
    else:
        # "import" and "compile" run once for each Python.
        started = len(re.findall(r"^Running sanity test", text, re.MULTILINE))
        listed = re.search(r"^FATAL: The (\d+) sanity test", text, re.MULTILINE)
        step.failed = int(listed.group(1)) if listed else 0
        step.passed = max(started - step.failed, 0)
    if step.code and not step.failed:
        step.failed = 1
    if not step.code and not step.passed:
        step.passed = 1


def report(steps, preparing, whole):
    """Print the ends of the logs of what failed, then the table, then the sum; the exit code."""
    for step in steps:
        if step.code:
            tail = step.log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()[-TAIL_LINES:]
            print("\n--- %s: the end of %s\n%s" % (step.name, step.log.relative_to(ROOT), "\n".join(tail)))
    print("\n%-34s %8s %7s %7s" % ("step", "seconds", "passed", "failed"))
    print("%-34s %8.1f" % ("environments", preparing))
    for step in sorted(steps, key=lambda each: each.name):
        print("%-34s %8.1f %7d %7d%s" % (step.name, step.seconds, step.passed, step.failed, "  FAILED" if step.code else ""))
    print("%-34s %8.1f" % ("all, two side by side", whole))
    print("\n%d passed, %d failed" % (sum(step.passed for step in steps), sum(step.failed for step in steps)))
    return 1 if any(step.code for step in steps) else 0


def main():
    steps = all_steps()
    groups = sorted({step.group for step in steps})
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("groups", nargs="*", metavar="GROUP", help="of %s; default: %s" % (", ".join(groups), ", ".join(BY_DEFAULT)))
    options = parser.parse_args()
    unknown = set(options.groups) - set(groups)
    if unknown:
        parser.error("no such group: " + ", ".join(sorted(unknown)))
    steps = [step for step in steps if step.group in (options.groups or BY_DEFAULT)]
    if "matrix" in options.groups and LEFT_OUT:
        print("left out, for want of an interpreter: " + "; ".join(LEFT_OUT))
    RESULTS.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    try:
        preparing = make_environments(sorted({step.environment for step in steps}))
    except EnvironmentFailed as error:
        print(error, file=sys.stderr)
        return 1
    with concurrent.futures.ThreadPoolExecutor(max_workers=SIDE_BY_SIDE) as pool:
        list(pool.map(run, steps))
    return report(steps, preparing, time.monotonic() - begin)


if __name__ == "__main__":
    sys.exit(main())
