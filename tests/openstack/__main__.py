# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A real OpenStack on this machine, on loopback: Keystone, Nova, Glance, Cinder, Neutron and Placement.

    python3 tests/openstack up              install what is missing, start what does not run, wait until all of it answers
    python3 tests/openstack down [--wipe]   end what was started; --wipe forgets the state too, but not the installed packages
    python3 tests/openstack status          what runs
    python3 tests/openstack compare         the sandbox with the cloud that runs
    python3 tests/openstack test [--all]    up, the integration targets, the comparison, a part of the faults, down; --all: all faults, runbooks and fleet too

Needs Debian, root and Python 3.11. Everything lies below .work/openstack.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path += [str(TESTS), str(TESTS / "integration")]  # what the tests share

import compare  # noqa: E402
import life  # noqa: E402
import tier  # noqa: E402
from settings import CloudFailed  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="openstack", description=__doc__.split("\n", maxsplit=1)[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="install, start, wait").set_defaults(run=lambda options: life.up())
    down = commands.add_parser("down", help="end what was started")
    down.add_argument("--wipe", action="store_true", help="forget the state too")
    down.set_defaults(run=lambda options: life.down(options.wipe))
    commands.add_parser("status", help="what runs").set_defaults(run=lambda options: life.status())
    commands.add_parser("compare", help="the sandbox with the cloud that runs").set_defaults(run=lambda options: compare.compare() > 0)
    test = commands.add_parser("test", help="up, the integration targets, compare, a part of the faults, down")
    test.add_argument("--target", action="append", default=[], help="this target alone, and no comparison; may be given again")
    test.add_argument("--all", action="store_true", help="the runbooks, fleet beside others and the faults of all modules too")
    test.set_defaults(run=lambda options: tier.run(options.target, options.all))
    options = parser.parse_args()
    try:
        with life.alone():
            return int(options.run(options) or 0)
    except CloudFailed as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
