# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`make test-fleet`: what the module `fleet` promises, on a sandbox whose wire is watched.

    .work/core-newest/bin/python tests/fleet [--part NAME]... [--seed N]...
"""

from __future__ import annotations

import argparse
import concurrent.futures
import shutil
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checkout import WORK, link_tree  # noqa: E402

link_tree()

import guards  # noqa: E402
import killed  # noqa: E402
import rates  # noqa: E402
from task import Broken  # noqa: E402

PLACE = WORK / "fleet"


def main():
    parser = argparse.ArgumentParser(prog="fleet", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--part", action="append", choices=["rates", "killed", "guards"], help="this part alone; may be given more than once")
    parser.add_argument("--seed", action="append", type=int, help="only the moments of these seeds")
    options = parser.parse_args()
    shutil.rmtree(PLACE, ignore_errors=True)
    # Those that wait beside those that work.
    parts = [
        ("rates", "rates, told by the cloud", lambda: rates.check(True, PLACE / "rates-told")),
        ("rates", "rates, taught by a refusal", lambda: rates.check(False, PLACE / "rates-taught")),
        ("killed", "killed at any moment", lambda: killed.check(PLACE / "killed", options.seed)),
        ("guards", "guards", lambda: guards.check(PLACE / "guards")),
    ]
    chosen = [part for part in parts if not options.part or part[0] in options.part]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        failed = sum(pool.map(lambda part: run(*part[1:]), chosen))
    print("%d passed, %d failed" % (len(chosen) - failed, failed))
    return 1 if failed else 0


def run(title, part):
    """Tell how a part ended; whether it failed."""
    begin = time.monotonic()
    try:
        lines, failed = part(), False
    except Broken as error:
        lines, failed = str(error).splitlines(), True
    except Exception:  # of one part, and the others go on
        lines, failed = traceback.format_exc().splitlines(), True
    print("\n".join(["%-6s %-28s %4d s" % ("FAILED" if failed else "ok", title, time.monotonic() - begin), *("       " + line for line in lines)]), flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
