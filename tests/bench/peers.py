# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The collection openstack.cloud, taken out of the package `ansible`, which holds a hundred others that nobody measures."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile

from checkout import WORK
from environments import PEERS_PACKAGE, TARGET_PYTHONS

WANTED = "ansible_collections/openstack/cloud/"


def openstack_cloud():
    """The directory in which Ansible finds openstack.cloud; downloaded once for each version of the package."""
    place = WORK / "peers" / PEERS_PACKAGE
    if (place / WANTED).is_dir():
        return place
    print("openstack.cloud: from %s ..." % PEERS_PACKAGE, flush=True)
    draft = place.with_name(place.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    # The package wants a newer Python than the collection needs: its wheel is fetched as that Python would.
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:",
                    "--python-version", TARGET_PYTHONS[-1], "--dest", str(draft), PEERS_PACKAGE], stdin=subprocess.DEVNULL, check=True)
    wheel = next(draft.glob("*.whl"))
    with zipfile.ZipFile(wheel) as package:
        package.extractall(draft, [name for name in package.namelist() if name.startswith(WANTED)])
    wheel.unlink()
    draft.rename(place)
    return place
