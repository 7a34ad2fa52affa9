# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The matrix of faults and modules on the sandbox: two workers, each with a sandbox and a proxy of its own; the table and its counts."""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import contextlib
import json
import os
import sys
import time

from . import player
from .cells import DOES_NOT_APPLY, FAILED, Cell, Table
from .faults import FAULTS, OK
from .proxy import Proxy
from .rows import WISHES, modules
from .worlds import World

WORKERS = 4
TIME_SCALE = "100"
WORK = player.TESTS.parent / ".work"
PLACE = WORK / "faults"
RESULTS = WORK / "results/faults.json"
NO_SUCH_REQUEST = "the task sends no such request"


class Worker:
    """What a process needs to play: made once, for all the rows that it is given."""

    table = None
    closing = contextlib.ExitStack()

    @classmethod
    def start(cls, dress):
        sys.path.append(str(player.TESTS / "integration"))
        from clouds import sandbox
        place = PLACE / ("worker-%d" % os.getpid())
        clock = player.Clock()
        player.prepared(place, clock)
        cloud = cls.closing.enter_context(sandbox(player.TESTS / "sandbox", sys.executable, dress, place, ["--time-scale", TIME_SCALE]))
        cls.table = Table(World(dress, cloud.auth, cloud.url), Proxy(), clock)


def row(title, names):
    """The cells of the row of this title, those of faults with these names, or all."""
    wish = next(wish for wish in WISHES if wish.title == title)
    return cells_of(Worker.table, wish, [fault for fault in FAULTS if not names or fault.name in names])


def cells_of(table, wish, faults):
    """The cells of a task and some faults."""
    why_not = wish.not_on.get(table.world.dress) or ("" if table.world.url else wish.not_on.get("real"))
    if why_not:
        return [Cell(fault.name, wish.module, wish.about, "", DOES_NOT_APPLY, why_not) for fault in faults]
    try:
        places = table.spots(wish)
    except Exception as error:  # pylint: disable=broad-exception-caught
        return [Cell(fault.name, wish.module, wish.about, "", FAILED, "%s: %s" % (type(error).__name__, error)) for fault in faults]
    cells = []
    for fault in faults:
        for spot in fault.spots:
            cells += [guarded(table, fault, wish, spot, index) for index in places[spot]]
            if not places[spot]:
                cells.append(Cell(fault.name, wish.module, wish.about, spot, DOES_NOT_APPLY, NO_SUCH_REQUEST))
    return cells


def guarded(table, fault, wish, spot, index):
    """A cell; when the suite itself stumbles, that is a failure of the cell."""
    try:
        return table.play(fault, wish, spot, index)
    except Exception as error:  # pylint: disable=broad-exception-caught
        return Cell(fault.name, wish.module, wish.about, spot, FAILED, "the suite: %s: %s" % (type(error).__name__, error))


def play(dress, wishes, names, workers=WORKERS):
    """All cells, in the order of the rows."""
    with concurrent.futures.ProcessPoolExecutor(min(workers, len(wishes)), initializer=Worker.start, initargs=(dress,)) as pool:
        for cells in pool.map(row, [wish.title for wish in wishes], [names] * len(wishes)):
            yield from cells


def mark(cells):
    """What the table shows of the cells of one fault and one module."""
    ends = {cell.ended for cell in cells}
    if FAILED in ends:
        return "FAIL"
    shown = [short for end, short in ((OK, "ok"), ("explained", "ex")) if end in ends]
    return "+".join(shown) or "."


def show(cells):
    """Print the table, the counts, and every cell that failed."""
    columns = [name for name in modules() if any(cell.module == name for cell in cells)]
    by_place = collections.defaultdict(list)
    for cell in cells:
        by_place[cell.fault, cell.module].append(cell)
    for number, name in enumerate(columns, 1):
        print("%3d %s" % (number, name))
    print("\n%-46s%s" % ("", "".join("%6d" % number for number in range(1, len(columns) + 1))))
    for fault in dict.fromkeys(cell.fault for cell in cells):
        print("%-46s%s" % (fault, "".join("%6s" % mark(by_place[fault, name]) for name in columns)))
    print("\nok: as wished; ex: an error that explains, healed by the next run; .: does not apply")
    reasons = collections.Counter(cell.why for cell in cells if cell.ended == DOES_NOT_APPLY)
    for reason, count in reasons.most_common():
        print("  does not apply %5d times: %s" % (count, reason))
    for cell in cells:
        if cell.ended == FAILED:
            print("\nFAILED %s | %s: %s | %s\n  %s" % (cell.fault, cell.module, cell.about, cell.spot, cell.why))
    counts = collections.Counter(cell.ended for cell in cells)
    print("\n%d cells: %d ok, %d explained, %d do not apply, %d failed; doubled %d; %d rehearsals, writes in check mode %d; %d healed by the next run"
          % (len(cells), counts[OK], counts["explained"], counts[DOES_NOT_APPLY], counts[FAILED], sum(cell.doubled for cell in cells),
             sum(cell.rehearsed for cell in cells), sum(cell.writes for cell in cells), sum(cell.healed for cell in cells)))


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="faults", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--module", action="append", help="may be given again; default: all")
    parser.add_argument("--fault", action="append", help="the name of a fault; may be given again; default: all")
    parser.add_argument("--dress", choices=("rackspace", "openstack"), default="rackspace")
    options = parser.parse_args(arguments)
    begin = time.monotonic()
    wishes = [wish for wish in WISHES if not options.module or wish.module in options.module]
    cells = list(play(options.dress, wishes, options.fault))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps([cell._asdict() for cell in cells], indent=1))
    code = told(cells)
    print("%d s" % (time.monotonic() - begin))
    return code


def told(cells):
    """Show the cells; the exit code, which is 1 when one failed or none was played."""
    show(cells)
    return 1 if any(cell.ended == FAILED for cell in cells) or all(cell.ended == DOES_NOT_APPLY for cell in cells) else 0
