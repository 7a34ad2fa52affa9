# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A task `fleet` on a cloud: as a module in a process of its own, or as a play; with nothing of the person who runs it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from checkout import TREE

HERE = Path(__file__).resolve().parent
SECONDS = 240  # after which something hangs


class Broken(Exception):
    """Something is not as it must be; the text says what."""


def environment(place):
    keep = {name: value for name, value in os.environ.items() if not re.match(r"ANSIBLE_|OS_|RAX_|XDG_|PYTHON|.*_(proxy|PROXY)$", name)}
    (place / "ansible.cfg").write_text("[defaults]\n")
    return dict(keep, HOME=str(place), LC_ALL="C.UTF-8", PYTHONPATH=str(TREE), PYTHONDONTWRITEBYTECODE="1", RAX_TOKEN_CACHE_DIR=str(place / "tokens"),
                PATH=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]), ANSIBLE_CONFIG=str(place / "ansible.cfg"),
                ANSIBLE_HOME=str(place / ".ansible"), ANSIBLE_REMOTE_TMP=str(place / "tmp"), ANSIBLE_COLLECTIONS_PATH=str(TREE),
                ANSIBLE_PYTHON_INTERPRETER=sys.executable, ANSIBLE_NOCOLOR="1")


def start(place, options):
    """The module, begun; a Popen whose stdout is its result."""
    path = place / "options.json"
    path.write_text(json.dumps(options))
    return subprocess.Popen([sys.executable, str(HERE / "module.py"), str(path)], cwd=place, env=environment(place), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(place, options):
    """The result of the module, failed or not."""
    process = start(place, options)
    said, errors = process.communicate(timeout=SECONDS)
    try:
        return json.loads(said)
    except ValueError:
        raise Broken("the module gave no result:\n%s%s" % (said, errors)) from None


def done(place, options):
    """The result of the module. Raises Broken when it failed."""
    result = run(place, options)
    if result.get("failed"):
        raise Broken("failed: %s" % result["msg"])
    return result


def play(place, options):
    """The output of ansible-playbook with one task, which must not fail nor draw a warning."""
    playbook = place / "play.yml"
    playbook.write_text(json.dumps([{"name": "Play", "hosts": "localhost", "connection": "local", "gather_facts": False,
                                     "tasks": [{"name": "Make the fleet", "rackspace.cloud.fleet": options}]}]))
    ended = subprocess.run([str(Path(sys.executable).parent / "ansible-playbook"), "-i", "localhost,", str(playbook)], cwd=place, env=environment(place),
                           stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False)
    if ended.returncode or "WARNING" in ended.stdout + ended.stderr:
        raise Broken("ansible-playbook ended with %d:\n%s%s" % (ended.returncode, ended.stdout, ended.stderr))
    return ended.stdout
