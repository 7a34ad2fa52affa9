# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`make bench`: times what users wait for, side by side with peers; counts the HTTP calls; never speaks of seconds alone.

    .work/bench/bin/python tests/bench [--row NAME]... [--rounds N] [--latency MS ...] [--hosts N ...]

Ends with 1 when a row falls short of its budget or could not be measured. README.md here describes the method.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checkout import WORK, link_tree  # noqa: E402

sys.path.insert(0, str(link_tree()))

from environments import PEERS_PACKAGE  # noqa: E402
from integration.clouds import NoCloud  # noqa: E402
from peers import openstack_cloud  # noqa: E402
from ratios import FEWEST_ROUNDS, ratio, verdict  # noqa: E402
from rows import ROWS  # noqa: E402
from stage import NotDone, stage  # noqa: E402

PLACE = "bench-run"
RESULTS = "results/bench.json"
HEADINGS = ("row", "ms", "ours", "other", "ratio", "budget", "cpu", "calls", "logins", "MB", "sent MB", "verdict")
LINE = "%-28s %3s %7s %7s  %-22s %6s %6s %9s %6s %8s %12s  %s"


def main():
    options = arguments()
    peers = openstack_cloud()
    measured = []
    print(LINE % HEADINGS, flush=True)
    for row in ROWS:
        if options.row and row.name not in options.row:
            continue
        for hosts in options.hosts if row.inventory else [None]:
            for latency in options.latency:
                rounds = min(options.rounds, row.most_rounds or options.rounds)
                measured.append(measure(row, hosts, latency, rounds, peers, WORK / options.into / PLACE))
                print(line(measured[-1]), flush=True)
                write(measured, WORK / options.into / RESULTS)
    return 1 if any(result["verdict"] not in ("", "ok") for result in measured) else 0


def arguments():
    parser = argparse.ArgumentParser(prog="bench", description="Times, side by side with peers.")
    parser.add_argument("--row", action="append", choices=[row.name for row in ROWS], help="only this row; may be given more than once")
    parser.add_argument("--rounds", type=int, default=20, metavar="N", help="pairs of runs in each row; default: 20")
    parser.add_argument("--latency", type=float, nargs="+", default=[0, 20], metavar="MS", help="by which the sandbox is slower; default: 0 20")
    parser.add_argument("--hosts", type=int, nargs="+", default=[1000, 5000, 10000], metavar="N", help="sizes of the inventories; default: 1000 5000 10000")
    parser.add_argument("--into", default=".", metavar="NAME", help="everything below .work/NAME, so that two runs do not meet")
    options = parser.parse_args()
    if options.rounds < FEWEST_ROUNDS:
        parser.error("at least %d rounds are needed for an interval" % FEWEST_ROUNDS)
    return options


def measure(row, hosts, latency, rounds, peers, place):
    """Both sides once to warm up, then in turns; the row as data."""
    result = {"row": row.name, "title": row.title, "dress": row.dress, "hosts": hosts, "latency_ms": latency, "budget": row.budget}
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    try:
        with stage(row.dress, latency, place, peers) as here:
            sides = row.sides(here, hosts) if row.inventory else row.sides(here)
            for side in sides:
                here.run(side)
            pairs = [[here.run(side) for side in sides] for _round in range(rounds)]
    except (NotDone, NoCloud) as error:
        return dict(result, verdict="not measured: %s" % error)
    ours, other = zip(*pairs)
    found = ratio([run.seconds for run in ours], [run.seconds for run in other])
    # Processor time is steadier than the clock on a busy machine: it shows whether a ratio is noise. The verdict is on the clock alone.
    cpu = ratio([run.cpu for run in ours], [run.cpu for run in other])
    result.update(ratio=found._asdict(), cpu_ratio=cpu.median, ours=summary(ours), other=summary(other))
    return dict(result, verdict="; ".join(filter(None, [verdict(found, row.budget), *(beyond(result, row.shares) if (hosts or 0) >= row.shares_from else ())])))


def beyond(result, shares):
    """Complaints of what has a budget beside the time, as {what: largest share of the other's}."""
    for what, most in shares.items():
        share = result["ours"][what] / result["other"][what]
        if share > most:
            yield "falls short: %s are %.3f of the other's, at most %g" % (what, share, most)


def summary(runs):
    """Of one side: the seconds of each run, and the most of everything else."""
    return {"seconds": [round(run.seconds, 4) for run in runs], "calls": max(run.calls for run in runs),
            "logins": max(run.logins for run in runs), "megabytes": round(max(run.megabytes for run in runs), 1),
            "received": round(max(run.received for run in runs), 3)}


def line(result):
    """A result as a line of the table; what has two values shows ours first."""
    name = result["row"] + (" %d" % result["hosts"] if result["hosts"] else "")
    if "ratio" not in result:
        return "%-28s %3g %s" % (name, result["latency_ms"], result["verdict"])
    ours, other = result["ours"], result["other"]
    return (LINE % (
        name, "%g" % result["latency_ms"], *["%.2f s" % statistics.median(side["seconds"]) for side in (ours, other)],
        "%(median).3f [%(low).3f, %(high).3f]" % result["ratio"], "" if result["budget"] is None else "%.2f" % result["budget"],
        "%.2f" % result["cpu_ratio"], *["%.0f %.0f" % (ours[key], other[key]) for key in ("calls", "logins", "megabytes")],
        "%.2f %.2f" % (ours["received"], other["received"]), result["verdict"])).rstrip()


def write(measured, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    versions = {name: version(name) for name in ("ansible-core", "requests", "openstacksdk")}
    path.write_text(json.dumps({"python": platform.python_version(), "cpus": os.cpu_count(), "peers": PEERS_PACKAGE, "versions": versions,
                                "rows": measured}, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
