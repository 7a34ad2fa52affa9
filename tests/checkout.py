# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Where this checkout lies, how Ansible finds it as a collection, and a copy of it without what was generated."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".work"
TREE = WORK / "tree"
COLLECTION = "rackspace/cloud"


def link_tree():
    """`.work/tree` in which Ansible finds this checkout as the collection; the tree."""
    link = TREE / "ansible_collections" / COLLECTION
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink() or link.resolve() != ROOT:
        # Made aside and moved into place: several checks may do so at once.
        aside = link.with_name(".cloud.%d" % os.getpid())
        aside.unlink(missing_ok=True)
        aside.symlink_to(os.path.relpath(ROOT, link.parent), target_is_directory=True)
        aside.replace(link)
    return TREE


def copy_to(place):
    """Copy into the directory `place` the files that git knows or would offer to add, as they are now."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout
    shutil.rmtree(place, ignore_errors=True)
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, place / name
        if source.is_symlink() or source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
