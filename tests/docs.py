# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`make docs`: the documentation site, from the plugins and from docs/docsite, without a warning.

    .work/sphinx/bin/python tests/docs.py

The site begins at `.work/docs/site/index.html`; nothing is fetched. Ends with 1 when there was a warning.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from checkout import COLLECTION, ROOT, WORK, copy_to

PLACE = WORK / "docs"
TREE = PLACE / "tree"
COPY = TREE / "ansible_collections" / COLLECTION
PAGES = PLACE / "pages"
SITE = PLACE / "site"
SETTINGS = ROOT / "tests/docsite"
HERE = Path(sys.executable).parent

CHANGELOG = ["antsibull-changelog", "release", "--reload-plugins"]
# References may point to this collection and to ansible-core; anything else is a slip of the pen.
LINT = ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "--check-extra-docs-refs", "--disallow-unknown-collection-refs",
        "--validate-collection-refs", "dependent", COPY]
PLUGINS = ["antsibull-docs", "collection", "--use-current", "--fail-on-error", "--squash-hierarchy", "--cleanup", "everything", "--dest-dir", PAGES,
           "rackspace.cloud"]
SPHINX = ["sphinx-build", "--builder", "html", "--fail-on-warning", "--keep-going", "--quiet", "--fresh-env", "--jobs", "2", "--conf-dir", SETTINGS,
          "--doctree-dir", PLACE / "doctrees", PAGES, SITE]


def environment():
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "PYTHON"))}
    return dict(keep, PATH=os.pathsep.join([str(HERE), os.environ["PATH"]]), ANSIBLE_COLLECTIONS_PATH=str(TREE), ANSIBLE_HOME=str(PLACE / "home"))


def released():
    """Whether the version of galaxy.yml is in the changelog; before a release, the site shows what the release would say."""
    version = yaml.safe_load((COPY / "galaxy.yml").read_text())["version"]
    return version in (yaml.safe_load((COPY / "changelogs/changelog.yaml").read_text())["releases"] or {})


def main():
    shutil.rmtree(PLACE, ignore_errors=True)
    copy_to(COPY)
    # antsibull-docs asks git which files there are; without a repository here it would find the checkout's, where all this is ignored.
    subprocess.run(["git", "init", "--quiet"], cwd=COPY, check=True)
    PAGES.mkdir(mode=0o700)
    failed = 0
    for command in ([] if released() else [CHANGELOG]) + [LINT, PLUGINS, SPHINX]:
        words = [str(HERE / command[0]), *map(str, command[1:])]
        code = subprocess.run(words, cwd=COPY if command is CHANGELOG else PLACE, env=environment(), stdin=subprocess.DEVNULL, check=False).returncode
        print("%-6s %s" % ("FAILED" if code else "ok", " ".join(map(str, command[:2]))), flush=True)
        failed = failed or code
    if not failed:
        print("%d pages, from %s" % (len(list(SITE.rglob("*.html"))), SITE / "index.html"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
