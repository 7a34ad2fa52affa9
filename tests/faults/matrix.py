# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The matrix of faults and modules on the sandbox: workers, each with a sandbox of either dress and a proxy of its own; the table and its counts."""

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
# What is played in the OpenStack dress as well, unless a dress is wanted: the services of both worlds have nothing in common there.
IN_BOTH = ("auth_info", "identity_user", "identity_user_info")
NO_SUCH_REQUEST = "the task sends no such request"


class Worker:
    """What a process needs to play: made once, for all the rows that it is given."""

    clock = None
    tables = {}  # by dress
    closing = contextlib.ExitStack()

    @classmethod
    def start(cls):
        sys.path.append(str(player.TESTS / "integration"))
        cls.clock = player.Clock()
        player.prepared(PLACE / ("worker-%d" % os.getpid()), cls.clock)

    @classmethod
    def table(cls, dress):
        from clouds import sandbox
        if dress not in cls.tables:
            place = PLACE / ("worker-%d" % os.getpid()) / dress
            place.mkdir()
            cloud = cls.closing.enter_context(sandbox(player.TESTS / "sandbox", sys.executable, dress, place, ["--time-scale", TIME_SCALE]))
            cls.tables[dress] = Table(World(dress, cloud.auth, cloud.url), Proxy(), cls.clock)
        return cls.tables[dress]


def row(dress, title, names):
    """The cells of the row of this title, those of faults with these names, or all."""
    wish = next(wish for wish in WISHES if wish.title == title)
    return cells_of(Worker.table(dress), wish, [fault for fault in FAULTS if not names or fault.name in names])


def cells_of(table, wish, faults):
    """The cells of a task and some faults."""
    return [cell._replace(dress=table.world.dress) for cell in undressed(table, wish, faults)]


def undressed(table, wish, faults):
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


def dressed(wishes, dress=None):
    """[(dress, wish)]: all in one dress, or each in that of Rackspace where it is known there, and what is IN_BOTH, or known nowhere else, in the other."""
    if dress:
        return [(dress, wish) for wish in wishes]
    return [("rackspace", wish) for wish in wishes if "rackspace" not in wish.not_on] + [
        ("openstack", wish) for wish in wishes if "rackspace" in wish.not_on or wish.module in IN_BOTH]


def play(rows, names, workers=WORKERS):
    """All cells of [(dress, wish)], in their order."""
    with concurrent.futures.ProcessPoolExecutor(min(workers, len(rows)), initializer=Worker.start) as pool:
        for cells in pool.map(row, [dress for dress, _wish in rows], [wish.title for _dress, wish in rows], [names] * len(rows)):
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
            print("\nFAILED %s | %s: %s | %s | %s\n  %s" % (cell.fault, cell.module, cell.about, cell.dress, cell.spot, cell.why))
    counts = collections.Counter(cell.ended for cell in cells)
    print("\n%d cells: %d ok, %d explained, %d do not apply, %d failed; doubled %d; %d rehearsals, writes in check mode %d; %d healed by the next run"
          % (len(cells), counts[OK], counts["explained"], counts[DOES_NOT_APPLY], counts[FAILED], sum(cell.doubled for cell in cells),
             sum(cell.rehearsed for cell in cells), sum(cell.writes for cell in cells), sum(cell.healed for cell in cells)))


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="faults", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--module", action="append", help="may be given again; default: all")
    parser.add_argument("--fault", action="append", help="the name of a fault; may be given again; default: all")
    parser.add_argument("--dress", choices=("rackspace", "openstack"), help="everything in this one; default: in that of Rackspace, "
                        "and what is done otherwise elsewhere in both")
    options = parser.parse_args(arguments)
    begin = time.monotonic()
    wishes = [wish for wish in WISHES if not options.module or wish.module in options.module]
    cells = list(play(dressed(wishes, options.dress), options.fault))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps([cell._asdict() for cell in cells], indent=1))
    code = told(cells)
    print("%d s" % (time.monotonic() - begin))
    return code


def told(cells):
    """Show the cells; the exit code, which is 1 when one failed or none was played."""
    show(cells)
    return 1 if any(cell.ended == FAILED for cell in cells) or all(cell.ended == DOES_NOT_APPLY for cell in cells) else 0
