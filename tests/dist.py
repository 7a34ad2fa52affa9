# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`make test-dist`: the artifact as users get it: built, looked into, installed into an empty place, documented, played from.

    .work/core-newest/bin/python tests/dist.py

Everything lies below `.work/dist`; nothing is fetched.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from checkout import COLLECTION, WORK, copy_to

PLACE = WORK / "dist"
SOURCE = PLACE / "source"
INSTALLED = PLACE / "installed"
HERE = Path(sys.executable).parent

# What users must find in the artifact, and all that may lie at its top.
NEEDED = ["MANIFEST.json", "FILES.json", "README.md", "LICENSE", "meta/runtime.yml", "meta/execution-environment.yml", "plugins/modules/server.py",
          "plugins/module_utils/runner.py", "playbooks/demo.yml", "changelogs/changelog.yaml", "tests/sandbox/__main__.py"]
TOP = {"MANIFEST.json", "FILES.json", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "CHANGELOG.rst", "LICENSE", "LICENSES",
       "REUSE.toml", "changelogs", "docs", "meta", "playbooks", "plugins", "roles", "tests"}
UNWANTED = re.compile(r"(^|/)(\.git|\.ci|\.work|\.ansible|__pycache__|output)(/|$)|\.pyc$|\.tar\.gz$|^docs/decisions(/|$)|^tests/(?!sandbox(/|$))")


class Failed(Exception):
    """A check of the artifact failed; the text says how."""


def _environment():
    keep = {name: value for name, value in os.environ.items() if not re.match(r"ANSIBLE_|PYTHON", name)}
    return dict(keep, HOME=str(PLACE / "home"), ANSIBLE_HOME=str(PLACE / "home/.ansible"), ANSIBLE_COLLECTIONS_PATH=str(INSTALLED), ANSIBLE_NOCOLOR="1")


def _run(*command, cwd=PLACE):
    done = subprocess.run([str(HERE / command[0]), *map(str, command[1:])], cwd=cwd, env=_environment(), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Failed("%s ended with %d:\n%s" % (" ".join(map(str, command)), done.returncode, done.stdout))
    return done.stdout


def _artifact():
    return next(PLACE.glob("rackspace-cloud-*.tar.gz"))


def builds():
    """ansible-galaxy builds the artifact from what git knows"""
    copy_to(SOURCE)
    _run("ansible-galaxy", "collection", "build", "--output-path", PLACE, cwd=SOURCE)


def holds_what_it_should():
    """it holds the plugins, the playbooks and the sandbox, and nothing of how it is made"""
    with tarfile.open(_artifact()) as archive:
        names = archive.getnames()
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise Failed("missing: " + ", ".join(missing))
    unwanted = [name for name in names if UNWANTED.search(name) and name != "tests"] + [name for name in names if name.split("/")[0] not in TOP]
    if unwanted:
        raise Failed("not for users: " + ", ".join(unwanted))


def installs():
    """it installs into an empty directory, offline, and is what was built"""
    _run("ansible-galaxy", "collection", "install", "--offline", "--collections-path", INSTALLED, _artifact())
    _run("ansible-galaxy", "collection", "verify", "--offline", "--collections-path", INSTALLED, "rackspace.cloud")


def is_documented():
    """ansible-doc shows every module of the installed collection"""
    modules = sorted(path.stem for path in (INSTALLED / "ansible_collections" / COLLECTION / "plugins/modules").glob("*.py"))
    if not modules:
        raise Failed("no modules were installed")
    _run("ansible-doc", "--type", "module", *["rackspace.cloud." + module for module in modules])


def plays_the_demo():
    """the demo plays from the installed collection, on the sandbox that came with it"""
    _run("python", SOURCE / "tests/demo.py", "--collections", INSTALLED, cwd=PLACE)


def main():
    shutil.rmtree(PLACE, ignore_errors=True)
    (PLACE / "home").mkdir(parents=True)
    checks = [builds, holds_what_it_should, installs, is_documented, plays_the_demo]
    for done, check in enumerate(checks):
        try:
            check()
        except Failed as failure:
            print("FAILED %s\n%s\n%d passed, 1 failed" % (check.__doc__, failure, done))
            return 1
        print("ok     " + check.__doc__, flush=True)
    print("%d passed, 0 failed" % len(checks))
    return 0


if __name__ == "__main__":
    sys.exit(main())
