# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A part of the matrix on a real OpenStack, through the same proxy: what `make test-openstack` plays after the integration targets.

    python tests/faults/real.py CLOUD_FILE [--module NAME]... [--fault NAME]...
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import sys
import time
from pathlib import Path

# Run as a file: the modules beside it must not be taken for those of the standard library.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from faults import matrix, player  # noqa: E402
from faults.cells import Table  # noqa: E402
from faults.faults import FAULTS, LOGIN, LOOK, READ, WRITE  # noqa: E402
from faults.proxy import Proxy  # noqa: E402
from faults.rows import WISHES  # noqa: E402
from faults.worlds import World  # noqa: E402

RESULTS = matrix.WORK / "results/faults-real.json"
LOST, NEVER_SENT, LYING_503, LYING_401, NOT_YET = (
    "answer lost after it was carried out", "answer lost, not carried out", "503 though it was carried out", "401 though it was carried out",
    "404 just after a create")
# A server takes seconds here, so tasks that need one meet few faults: those where a real service could behave otherwise than the sandbox, at the
# write and the look after it. Questions are asked again by the same code, whoever asks.
OF_A_CREATE = (LOST, NEVER_SENT, "reset in the middle of the body", "500", LYING_503, LYING_401, NOT_YET, "another of that name after the look")
OF_A_CHANGE = (LOST, LYING_503, LYING_401)
OF_A_REHEARSAL = ("503",)  # at the first question; check mode goes before
OF_A_QUESTION = ("connection refused", "reset in the middle of the body", "503", "401 in the middle", "500 for good", "413, date with UTC in the body",
                 "HTML with 200 for good", "cut JSON", "a page that repeats", "a marker that vanished")
IN_PARTICULAR = {"image: create": (LOST, NEVER_SENT, NOT_YET), "server_action: create_image": (LYING_503,), "server_action: reboot": (LOST,),
                 "volume_attachment: attach": (LOST, LYING_401), "volume_attachment: detach": (LOST,), "fleet: create": (LOST, NEVER_SENT, LYING_503)}


def chosen(wish, names):
    """The faults that a task meets here, at the requests where they matter."""
    of_this_kind = OF_A_CREATE if wish.makes else OF_A_CHANGE if wish.changes else OF_A_QUESTION
    wanted = names or IN_PARTICULAR.get(wish.title, of_this_kind)
    spots = (WRITE,) if wish.changes else (LOGIN, READ)
    struck = [fault._replace(spots=(LOOK,) if fault.name == NOT_YET else tuple(spot for spot in fault.spots if spot in spots))
              for fault in FAULTS if fault.name in wanted]
    if wish.changes and not names:
        struck += [fault._replace(spots=(READ,)) for fault in FAULTS if fault.name in OF_A_REHEARSAL]
    return struck


def prepared(auth, administrator):
    """The Table of a worker: in its own project, beside who looks after users."""
    clock = player.Clock(speed=5, most=1.0)
    player.prepared(matrix.PLACE / ("real-%s" % auth["username"]), clock)
    return Table(World("openstack", auth, administrator=administrator), Proxy(), clock)


def rows(auth, administrator, titles, names):
    """The cells of some rows, in the project of a login."""
    table, found = prepared(auth, administrator), []
    for wish in WISHES:
        if wish.title in titles:
            begin = time.monotonic()
            found += matrix.cells_of(table, wish, chosen(wish, names))
            print("%-36s %4d s" % (wish.title, time.monotonic() - begin), flush=True)
    table.world.begin()
    return found


def main():
    parser = argparse.ArgumentParser(prog="real", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("cloud", help="the JSON file that describes the cloud, as tests/integration/run.py takes it")
    parser.add_argument("--module", action="append", help="may be given again; default: all")
    parser.add_argument("--fault", action="append", help="the name of a fault; default: a choice for each kind of task")
    options = parser.parse_args()
    cloud = json.loads(Path(options.cloud).read_text())
    # Two projects, so that two workers do not see each other's servers.
    logins = [cloud["auth"], dict(cloud["auth"], username="other", tenant_name="other", password="sandbox-other-password")]
    wishes = [wish for wish in WISHES if not options.module or wish.module in options.module]
    # Users belong to no project: one worker has them all.
    titles = [wish.title for wish in wishes if not wish.by_administrator]
    shares = [titles[number::len(logins)] for number in range(len(logins))]
    shares[0] += [wish.title for wish in wishes if wish.by_administrator]
    begin = time.monotonic()
    with concurrent.futures.ProcessPoolExecutor(len(logins)) as pool:
        parts = [pool.submit(rows, login, dict(cloud["auth"], username="admin", tenant_name=login["tenant_name"]), share, options.fault)
                 for login, share in zip(logins, shares)]
        cells = [cell for part in parts for cell in part.result()]
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps([cell._asdict() for cell in cells], indent=1))
    code = matrix.told(cells)
    print("%d s" % (time.monotonic() - begin))
    return code


if __name__ == "__main__":
    sys.exit(main())
