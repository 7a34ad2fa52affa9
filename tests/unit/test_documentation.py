# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The documentation of every plugin is complete: what no linter asks for, and readers miss."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
PLUGINS = ROOT / "plugins"
MODULES = sorted((PLUGINS / "modules").glob("*.py"))
DOCUMENTED = [*MODULES, *sorted((PLUGINS / "inventory").glob("*.py")), *sorted((PLUGINS / "callback").glob("*.py"))]
FRAGMENTS = sorted((PLUGINS / "doc_fragments").glob("*.py"))
SECRETS = {"admin_password", "user_password", "private_key", "api_key", "token"}
VERSION = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["version"]


def part(path, name):
    """One of the texts DOCUMENTATION, EXAMPLES and RETURN of a file, read as YAML."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == name:
            return yaml.safe_load(node.value.value)
    return None


def name_of(path):
    return path.relative_to(PLUGINS).with_suffix("").as_posix()


@pytest.mark.parametrize("path", DOCUMENTED, ids=name_of)
def test_since_when(path):
    added = part(path, "DOCUMENTATION").get("version_added")
    assert added and [int(number) for number in added.split(".")] <= [int(number) for number in VERSION.split(".")]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_promises(path):
    extended = part(path, "DOCUMENTATION")["extends_documentation_fragment"]
    assert "rackspace.cloud.auth" in extended
    wanted = "rackspace.cloud.attributes.info" if path.stem.endswith("_info") else "rackspace.cloud.attributes"
    assert wanted in extended or "attributes" in part(path, "DOCUMENTATION")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_points_to_others(path):
    for entry in part(path, "DOCUMENTATION")["seealso"]:
        if entry.get("module", "").startswith("rackspace.cloud."):
            assert (PLUGINS / "modules" / (entry["module"].rpartition(".")[2] + ".py")).is_file()


def options(described, prefix=""):
    for name, option in (described or {}).items():
        yield prefix + name, option
        yield from options(option.get("suboptions"), prefix + name + ".")


@pytest.mark.parametrize("path", DOCUMENTED, ids=name_of)
def test_every_option_has_a_meaning(path):
    for name, option in options(part(path, "DOCUMENTATION").get("options")):
        text = option["description"] if isinstance(option["description"], str) else " ".join(option["description"])
        assert len(text) >= 8 and text.rstrip().endswith((".", ")")), name
        assert option.get("type"), name


@pytest.mark.parametrize("path", [*DOCUMENTED, *FRAGMENTS], ids=name_of)
def test_options_values_and_modules_are_marked_as_such(path):
    """C() is for code: what is an option of the same plugin, or a module of ours, is O() and M(), so that the reader can follow it."""
    text = path.read_text(encoding="utf-8")
    named = set((part(path, "DOCUMENTATION") or {}).get("options") or {})
    assert not [name for name in re.findall(r"\bC\((\w+)(?:=[^)]*)?\)", "\n".join(description(path))) if name in named - {"name", "id", "keys"}]
    assert not re.search(r"\bC\(rackspace\.cloud\.\w+\)", text)


def description(path):
    """What is said of the plugin as a whole and of its top options."""
    documented = part(path, "DOCUMENTATION") or {}
    for said in [documented.get("description"), *[option["description"] for option in (documented.get("options") or {}).values()]]:
        yield from [said] if isinstance(said, str) else said or []


def results(described, prefix="", shown=()):
    """(name, description, whether a sample shows it) of everything that is returned."""
    for name, value in (described or {}).items():
        yield prefix + name, value, "sample" in value or "contains" in value or name in SECRETS or name in shown
        sample = value.get("sample")
        yield from results(value.get("contains"), prefix + name + ".", set().union(*sample) if isinstance(sample, list) else sample or ())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_result_has_a_meaning_and_a_sample(path):
    """tests/examples holds the samples against what is really returned."""
    for name, value, shown in results(part(path, "RETURN")):
        assert value.get("description"), name
        assert value.get("type"), name
        assert "." in name or value.get("returned"), name
        assert shown, "%s has no sample" % name
