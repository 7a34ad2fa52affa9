# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""RETURN of every module, held against what the modules returned while the examples were played.

What is documented was seen, every key of a sample too, and what was seen is documented. That there is a sample is a unit test.
"""

from __future__ import annotations

import json

import yaml
from stories import ROOT, constants

# Documented for all modules together: Ansible's own, and with the option api_trace what the cloud was asked.
COMMON = {"api_calls", "changed", "failed", "msg", "invocation", "warnings", "deprecations", "exception", "diff", "skipped", "attempts", "retries"}
# What Ansible adds for loops, conditions and asynchronous tasks; the variable of a loop is named in the result.
AROUND = {"ansible_job_id", "ansible_loop_var", "break_when_result", "changed_when_result", "failed_when_result", "finished", "item", "results_file", "started"}
TYPES = {"str": str, "bool": bool, "int": int, "float": (int, float), "list": list, "dict": dict}
SECRETS = {"admin_password", "user_password", "private_key", "api_key", "token"}


def documented():
    """{module: {key: description}}, RETURN as it stands."""
    return {path.stem: yaml.safe_load(constants(path)["RETURN"]) or {} for path in sorted((ROOT / "plugins/modules").glob("*.py"))}


def paths(value, prefix=()):
    """The places of all keys in a value; the items of a list share theirs."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*prefix, str(key))
            yield from paths(inner, (*prefix, str(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, (*prefix, "[]"))


def compare(records):
    """Lines about what differs; `records` are files of the recorder."""
    seen = {}
    for path in records:
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            seen.setdefault(entry["module"], []).append(entry["result"])
    for module, keys in documented().items():
        results = [result for result in seen.get(module, []) if not result.get("failed")]
        yield from ("%s: %s" % (module, line) for line in _of_module(keys, results))


def _of_module(keys, results):
    if not results:
        yield "no example of it was played"
        return
    there = set().union(*(paths(result) for result in results))
    for key, about in keys.items():
        if key not in COMMON:
            yield from _of_key((key,), about, there, results)
    returned = {key for result in results for key in result if not key.startswith("_") and key != result.get("ansible_loop_var")}
    unknown = returned - set(keys) - COMMON - AROUND
    if unknown:
        yield "returned and not documented: " + ", ".join(sorted(unknown))


def _of_key(place, about, there, results):
    """What is wrong with one key, which lies at `place`, and with those that it contains."""
    if place[-1] in SECRETS:
        return  # the examples hide them
    name = ".".join(place)
    if place not in there:
        yield "%s is documented, and was never returned" % name
        return
    wrong = {type(value).__name__ for value in _values(results, place) if value is not None and not isinstance(value, TYPES.get(about["type"], object))}
    if wrong:
        yield "%s is documented as %s, and was %s" % (name, about["type"], ", ".join(sorted(wrong)))
    inner = (*place, "[]") if about["type"] == "list" else place
    for key, deeper in (about.get("contains") or {}).items():
        yield from _of_key((*inner, key), deeper, there, results)
    missing = sorted(".".join(path) for path in {(*place, *path) for path in paths(about.get("sample"))} - there)
    if missing:
        yield "the sample of %s shows what was never returned: %s" % (name, ", ".join(missing))


def _values(value, place):
    """The values at a place; a list stands for its items."""
    if isinstance(value, list) and place and place[0] != "[]":
        place = ("[]", *place)
    if not place:
        yield value
    elif place[0] == "[]":
        for inner in value if isinstance(value, list) else ():
            yield from _values(inner, place[1:]) if place[1:] else [inner]
    elif isinstance(value, dict) and place[0] in value:
        inner = value[place[0]]
        if place[1:]:
            yield from _values(inner, place[1:])
        else:
            yield inner
