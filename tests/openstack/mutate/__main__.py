# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Breaks the client on purpose, one break after another, and shows that the integration targets notice it on the real cloud.

    python3 tests/openstack/mutate [NAME...]     some of the breaks, by a part of their names; default: all
    python3 tests/openstack/mutate --list

Works on a copy below .work/openstack/mutate, never on the checkout. Uses the cloud that runs, or makes one and ends it.
"""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent.parent
sys.path += [str(TESTS / "openstack"), str(TESTS), str(TESTS / "integration")]

import life  # noqa: E402
import mutation  # noqa: E402
import tier  # noqa: E402
from breaks import BREAKS  # noqa: E402
from settings import HOME, CloudFailed  # noqa: E402

PLACE = HOME / "mutate"


def show(breaks):
    with life.alone(), life.lent():
        python = tier.core()
        return mutation.play(breaks, mutation.copied(PLACE, tier.CORE), lambda root, names, output: not tier.targets(python, root, names, output))


def main():
    try:
        return mutation.main(__doc__, BREAKS, show)
    except CloudFailed as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
