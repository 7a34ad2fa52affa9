# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Runs `ansible-test sanity` without containers, on a copy of the checkout, with a home of its own below `.work/`.

    .work/core-newest/bin/python tests/sanity.py [--copy NAME] [argument of ansible-test sanity ...]

Runs side by side each need a `--copy` of their own.

ansible-test fetches a script that installs pip into its virtual environments from a host that closed networks do not
reach. Its home here already holds one that does the same with `ensurepip`, which every usable interpreter brings.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from checkout import COLLECTION, WORK, copy_to
from environments import TARGET_PYTHONS, interpreters

PLACE = WORK / "sanity"

PIP_BOOTSTRAP = '''\
"""Installs pip and what else is named, in the manner of get-pip.py, without a download of pip itself."""
import runpy
import subprocess
import sys

subprocess.check_call([sys.executable, "-m", "ensurepip"], stdout=subprocess.DEVNULL)
sys.argv = ["pip", "install"] + [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
'''


def prepare_home(home):
    """Makes `home` a home directory with the pip bootstrap for each pip that ansible-test may ask for, and the user's pip settings."""
    cache = home / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in _pip_versions():
        (cache / ("get_pip_%s.py" % version.replace(".", "_"))).write_text(PIP_BOOTSTRAP)
    settings = _pip_settings()
    place = home / ".config/pip/pip.conf"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch(mode=0o600)
    place.write_text("[global]\n" + "".join("%s = %s\n" % item for item in sorted(settings.items())))


def _pip_versions():
    import ansible_test

    source = Path(list(ansible_test.__path__)[0]) / "_internal/python_requirements.py"
    return set(re.findall(r"pip=['\"]([\d.]+)['\"]", source.read_text()))


def _pip_settings():
    """pip's settings as the user has them: ansible-test hands on neither the home directory nor the environment."""
    pip = [sys.executable, "-m", "pip"]
    listed = subprocess.run(pip + ["config", "list"], capture_output=True, text=True, check=True).stdout
    settings = dict(re.findall(r"^(?:global|install|:env:)\.([\w-]+)='(.*)'$", listed, re.MULTILINE))
    settings.setdefault("cache-dir", subprocess.run(pip + ["cache", "dir"], capture_output=True, text=True, check=True).stdout.strip())
    return settings


def link_interpreters(place):
    """Makes `place` a directory with one `pythonX.Y` for each interpreter found, for PATH."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for version, path in interpreters().items():
        if version in TARGET_PYTHONS:
            (place / ("python" + version)).symlink_to(path)
    return place


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--copy", default="all", help="name of the directory below .work/sanity to work in")
    options, arguments = parser.parse_known_args()
    place = PLACE / options.copy
    copy, home, binaries = place / "ansible_collections" / COLLECTION, place / "home", place / "interpreters"
    copy_to(copy)
    # ansible-test asks git which files there are; without a repository here it would find the checkout's, where all this is ignored.
    subprocess.run(["git", "init", "--quiet"], cwd=copy, check=True)
    prepare_home(home)
    link_interpreters(binaries)
    here = Path(sys.executable).parent
    environment = dict(os.environ, HOME=str(home), PATH=os.pathsep.join([str(here), str(binaries), os.environ["PATH"]]))
    # Set by virtual environments and by some shells; ansible-test refuses or trips over them.
    for name in ("PYTHONPATH", "ANSIBLE_COLLECTIONS_PATH", "VIRTUAL_ENV"):
        environment.pop(name, None)
    command = [str(here / "ansible-test"), "sanity", "--requirements", "--color", "no", *arguments]
    subprocess.run([*command, "--prime-venvs"], cwd=copy, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    compile_quietly(home)
    return subprocess.run(command, cwd=copy, env=environment, stdin=subprocess.DEVNULL, check=False).returncode


def compile_quietly(home):
    """Compiles what the changelog test imports: where that is done on the way, a SyntaxWarning of docutils fails the test on newer Pythons."""
    for python in home.glob(".ansible/test/venv/sanity.changelog/*/*/bin/python"):
        subprocess.run([str(python), "-W", "ignore", "-m", "compileall", "-q", str(python.parent.parent / "lib")], check=False)


if __name__ == "__main__":
    sys.exit(main())
