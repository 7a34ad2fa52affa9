# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What the machine has to have: Debian packages, and an environment with the services' Python packages. Makes it so, or says what is missing."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

from environments import interpreters
from settings import ENVIRONMENT, HERE, LOGS, CloudFailed

PYTHON = "3.11"  # what these releases were made for, and their wheels
# A package, and the file by which it is known to be there.
PACKAGES = {"mariadb-server": "/usr/sbin/mariadbd", "rabbitmq-server": "/usr/lib/rabbitmq/bin/rabbitmq-server"}
# While this says 101, Debian starts no service of a package that is installed.
POLICY = Path("/usr/sbin/policy-rc.d")


def prepare():
    """Bring the machine to where the cloud can start. `CloudFailed` tells what is in the way."""
    python = check()
    LOGS.mkdir(parents=True, exist_ok=True)
    missing = [package for package, proof in PACKAGES.items() if not Path(proof).exists()]
    if missing:
        print("Debian packages: %s ..." % ", ".join(missing), flush=True)
        _install(missing)
    _environment(python)


def check():
    """The interpreter to use. `CloudFailed` where the cloud cannot run."""
    problems = []
    if not (Path("/etc/debian_version").exists() and shutil.which("apt-get")):
        problems.append("This is no Debian: %s come from its packages." % " and ".join(PACKAGES))
    if os.geteuid() != 0:
        problems.append("Only root can install packages and start the cloud.")
    # Who is not root need not be able to look into the places where interpreters lie.
    python = None if problems else interpreters().get(PYTHON)
    if not problems and not python:
        problems.append("Python %s with venv and ensurepip is needed, on PATH or under pyenv's versions." % PYTHON)
    if problems:
        raise CloudFailed("A real OpenStack cannot run here.\n" + "\n".join("  * " + problem for problem in problems))
    return python


def _install(packages):
    log = LOGS / "apt.log"
    log.unlink(missing_ok=True)
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    with _nothing_started():
        # The lists are asked for anew: on a fresh machine there are none, on an old one they name what is gone.
        if _logged(["apt-get", "update"], log) or _logged(install, log):
            raise CloudFailed("Installing %s failed; the end of %s:\n%s" % (", ".join(packages), log, tail(log)))


@contextlib.contextmanager
def _nothing_started():
    """Keep packages from starting daemons of their own: the cloud has its own, elsewhere."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def _environment(python):
    """Make the environment, unless it is there as wanted."""
    stamp = ENVIRONMENT / "complete.txt"
    wanted = "\n".join([python, *((HERE / name).read_text() for name in ("requirements.txt", "constraints.txt"))])
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print("Python packages ...", flush=True)
    log = LOGS / "pip.log"
    log.unlink(missing_ok=True)
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    pip = [str(ENVIRONMENT / "bin/pip"), "install", "--disable-pip-version-check"]
    if _logged([python, "-m", "venv", str(ENVIRONMENT)], log) or _logged(
            [*pip, "--constraint", str(HERE / "constraints.txt"), "--requirement", str(HERE / "requirements.txt")], log):
        raise CloudFailed("The environment could not be made; the end of %s:\n%s" % (log, tail(log)))
    stamp.write_text(wanted)


def _logged(command, log):
    """Run a command, its output added to a file; its exit code."""
    with open(log, "ab") as output:
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False,
                              env=dict(os.environ, DEBIAN_FRONTEND="noninteractive")).returncode


def tail(path, lines=20):
    """The last lines of a file."""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]) if path.is_file() else "(empty)"
