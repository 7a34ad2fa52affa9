# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The fleet before and after as two tables of text, a line for each server, so that --diff shows a plan that a person reads."""

from __future__ import annotations

from . import plan, server_plan


def diff(fleet, rows, steps_of):
    """{before, after, before_header, after_header} as --diff shows it. rows in order; steps_of(row): what counts as done with it."""
    several = len({row.region for row in rows}) > 1
    before, after = [], []
    for row in rows:
        steps = steps_of(row)
        was, will_be = row.now, server_plan.foresee(row.now, steps) if steps else row.now
        sides = plan.diff(steps)
        if was:
            before.append(line(row, several, was, sides["before"], sides["after"]))
        if will_be:
            after.append(line(row, several, will_be, sides["after"], sides["before"]))
    widths = [max(len(cells[number]) for cells in before + after) for number in range(5)] if before + after else []
    return {"before": text(before, widths), "after": text(after, widths),
            "before_header": "fleet %s as it is" % fleet, "after_header": "fleet %s as it will be" % fleet}


def line(row, several, record, fields, others):
    """The cells of a server: where, name, status, flavor, image, and whatever else differs from the other side."""
    cells = [(row.region or "") if several else "", record.get("name") or "", record.get("status") or ""]
    cells += [server_plan.identifier(record[part]) or "" if record.get(part) else "-" for part in ("flavor", "image")]
    rest = []
    for name, value in fields.items():
        if name == "metadata":
            other = others.get("metadata") or {}
            rest += ["%s=%s" % item for item in sorted((value or {}).items()) if other.get(item[0]) != item[1]]
        elif name not in ("id", "name", "status", "flavor", "image"):
            rest.append("%s=%s" % (name, ",".join(map(str, value)) if isinstance(value, (list, tuple)) else value))
    return [*map(printable, cells), printable("  ".join(rest))]


def text(lines, widths):
    return "".join("  ".join([cell.ljust(width) for cell, width in zip(cells, widths) if width] + cells[5:]).rstrip() + "\n" for cells in lines)


def printable(word):
    """A word on one line: names in a cloud can hold anything."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(word))


def counts(rows):
    """{verb: how many servers}, for a summary."""
    found = {}
    for row in rows:
        found[row.verb] = found.get(row.verb, 0) + 1
    return found


def planned(row):
    """What is to be done with a server, as data without secrets."""
    return dict(name=row.name, region=row.region, id=(row.now or {}).get("id"), action=row.verb, steps=plan.actions(row.first.steps),
                why=row.why or None, **plan.diff(row.first.steps))
