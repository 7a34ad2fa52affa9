# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`make demo`: plays playbooks/demo.yml of the collection on a sandbox of its own, as a user would who has exported credentials.

    .work/demo/bin/python tests/demo.py [--collections DIRECTORY] [--dress rackspace|openstack]

Nothing of the person's own settings is used: no credentials, no ansible.cfg, no token cache.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from checkout import COLLECTION, WORK, link_tree
from integration.clouds import NoCloud, sandbox

PLAYBOOK = "rackspace.cloud.demo"


def environment(cloud, collections, place):
    """The environment variables of the play; `place` is where it may write."""
    keep = {name: value for name, value in os.environ.items() if not re.match(r"ANSIBLE_|OS_|RAX_|XDG_|PYTHON", name)}
    (place / "ansible.cfg").write_text("[defaults]\n")
    python = Path(sys.executable)
    return dict(
        keep,
        **cloud.environment,
        PATH=os.pathsep.join([str(python.parent), os.environ["PATH"]]),
        HOME=str(place),
        RAX_TOKEN_CACHE_DIR=str(place / "token-cache"),
        ANSIBLE_CONFIG=str(place / "ansible.cfg"),
        ANSIBLE_HOME=str(place / ".ansible"),
        ANSIBLE_REMOTE_TMP=str(place / "tmp"),
        ANSIBLE_COLLECTIONS_PATH=str(collections),
        ANSIBLE_PYTHON_INTERPRETER=str(python),
        ANSIBLE_LOCALHOST_WARNING="false",
        ANSIBLE_INVENTORY_UNPARSED_WARNING="false",
        PYTHONDONTWRITEBYTECODE="1",
    )


def play(collections, dress, output=None):
    """Play the demo from the collections directory; its exit code."""
    WORK.mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="demo-run-", dir=WORK))
    program = Path(collections) / "ansible_collections" / COLLECTION / "tests/sandbox"
    try:
        with sandbox(program, sys.executable, dress, place) as cloud:
            command = [str(Path(sys.executable).parent / "ansible-playbook"), PLAYBOOK]
            return subprocess.run(command, cwd=place, env=environment(cloud, collections, place), stdin=subprocess.DEVNULL,
                                  stdout=output, stderr=subprocess.STDOUT if output else None, check=False).returncode
    finally:
        shutil.rmtree(place, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--collections", metavar="DIRECTORY", help="where the collection is installed; default: this checkout")
    parser.add_argument("--dress", choices=["rackspace", "openstack"], default="rackspace")
    options = parser.parse_args()
    try:
        return play(options.collections or link_tree(), options.dress)
    except NoCloud as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
