# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What docs/coverage.md promises, held against what really went over the wire.

The page has tables of operation, request, module and integration target. After a target was played on the sandbox in the Rackspace
dress, every request of its rows must be among those that the sandbox was sent, from this collection, and answered with success.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent.parent / "docs/coverage.md"
ROW = re.compile(r"^\| (?P<operation>[^|]+) \| `(?P<method>[A-Z]+) (?P<path>/[^`]*)`(?: with `(?P<key>[^`]+)`)? \| `(?P<module>\w+)` \| `(?P<target>\w+)` \|$")
SERVICES = {"Identity": "identity", "Block storage": "volume"}  # by heading; every other table is about compute
OURS = "rackspace.cloud/"  # how the user agent of the collection begins


@dataclass
class Promise:
    """A row of the page: this request is sent by that module, and that target shows it. `key`: one that the body has, None when it does not matter."""

    service: str
    operation: str
    method: str
    path: str
    key: str
    module: str
    target: str

    def __str__(self):
        return "%s (%s %s%s)" % (self.operation, self.method, self.path, " with %s" % self.key if self.key else "")

    def kept_by(self, entry):
        """Whether a request of the sandbox's log is the one of this row."""
        path, _mark, query = self.path.partition("?")
        pattern = r"(/[^/]+)*?/v[\d.]+(/\d+)?" + re.sub(r"\{\w+\}", "[^/]+", re.escape(path).replace(r"\{", "{").replace(r"\}", "}")) + "$"
        return (entry["service"] == self.service and entry["method"] == self.method and re.match(pattern, entry["path"]) is not None and query in entry["query"]
                and 200 <= entry["status"] < 300 and entry["headers"].get("user-agent", "").startswith(OURS)
                and (not self.key or self.key in keys(entry["body"])))


def keys(body):
    """The keys of a body, and those one level below."""
    if not isinstance(body, dict):
        return set()
    return set(body).union(*(value for value in body.values() if isinstance(value, dict)))


def promises(page=None):
    """The rows of the page."""
    service, found = "compute", []
    for line in (PAGE.read_text(encoding="utf-8") if page is None else page).splitlines():
        row = ROW.match(line)
        if line.startswith("## "):
            service = SERVICES.get(line[3:], "compute")
        elif row:
            found.append(Promise(service, **row.groupdict()))
    return found


def read(log, begin=0):
    """The entries of a log file of the sandbox, from a place in it on."""
    with open(log, encoding="utf-8") as lines:
        lines.seek(begin)
        return [json.loads(line) for line in lines]


def by_form(entries):
    """(in XML, not in XML): the requests of this collection, as words, to the services that speak XML in the Rackspace dress. Version documents
    do not count: they are not the services' own."""
    forms = set(), set()
    for entry in entries:
        if entry["service"] in ("identity", "compute") and entry["headers"].get("user-agent", "").startswith(OURS):
            labels = {entry["headers"].get("accept"), *([entry["headers"].get("content-type")] if entry["body"] is not None else [])}
            forms[labels != {"application/xml"}].add("%s %s" % (entry["method"], entry["path"]))
    return sorted(forms[0]), sorted(forms[1])


def broken(target, entries, page=None):
    """The promises about a target that the entries do not keep."""
    return [promise for promise in promises(page) if promise.target == target and not any(map(promise.kept_by, entries))]
