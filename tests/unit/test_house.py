# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The rules of the house that no linter knows: who imports whom, what goes with every module, what is never used."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
PLUGINS = ROOT / "plugins"
MODULE_UTILS = PLUGINS / "module_utils"
PACKAGE = "ansible_collections.rackspace.cloud.plugins"

MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("*.py"))
SOURCES = sorted(PLUGINS.rglob("*.py"))

# The way of imports in module_utils: a file imports only from rows above its own. A file that is not named here holds
# the verbs of one resource, or its plan: it is handed an api, and imports neither that nor anything that does I/O.
LAYERS = [
    {"errors", "plan", "records", "arguments", "codec", "progress", "masking"},
    {"wait", "credential_files", "things", "xml_document"},
    {"credentials", "faults", "xml_shapes"},
    {"transport", "identity", "xml_dialect"},
    {"token_cache", "trace", "xml_compute", "xml_identity"},
    {"xml_media"},
    {"api"},
]
RESOURCES_MAY_IMPORT = {"errors", "plan", "records", "arguments", "things", "wait", "progress"}
ONLY_IN = {
    "requests": {"module_utils/transport.py"},
    "urllib3": {"module_utils/transport.py"},
    "yaml": {"module_utils/credential_files.py"},
    "time": {"module_utils/wait.py"},
    "jinja2": {"plugin_utils/inventory_expressions.py"},
    "xml": {"module_utils/xml_document.py"},
}
# In two pieces, or licence scanners would read this line as a statement of its own.
LICENCE = "SPDX-License-%s: GPL-3.0-or-later" % "Identifier"


def short(path):
    return path.relative_to(PLUGINS).as_posix()


def imports(path):
    """Every module that a file imports, wherever in it, by full name; names imported from a package count as its modules."""
    package = ".".join([PACKAGE, *path.relative_to(PLUGINS).parent.parts])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                above = package.split(".")[:len(package.split(".")) - node.level + 1]
                origin = ".".join([*above, *([origin] if origin else [])])
            yield origin
            yield from ("%s.%s" % (origin, alias.name) for alias in node.names)


def ours(path, directory):
    """The files of one of our directories that a file imports, by stem."""
    prefix = "%s.%s." % (PACKAGE, directory)
    return {name[len(prefix):].split(".")[0] for name in imports(path) if name.startswith(prefix)}


def resources():
    named = set().union(*LAYERS) | {"runner", "__init__"}
    return {path.stem: path for path in MODULE_UTILS.glob("*.py") if path.stem not in named}


def test_there_is_a_house():
    assert MODULES
    assert (MODULE_UTILS / "runner.py") in SOURCES


def test_the_action_group_holds_every_module():
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))
    assert sorted(runtime["action_groups"]["all"]) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_an_integration_target(module):
    place = ROOT / "tests/integration/targets" / module
    assert (place / "tasks/main.yml").is_file() or (place / "runme.sh").is_file()


@pytest.mark.parametrize("module", MODULES)
def test_a_module_does_not_import_another(module):
    assert not ours(PLUGINS / "modules" / (module + ".py"), "modules")


@pytest.mark.parametrize("name, layer", [(name, number) for number, layer in enumerate(LAYERS) for name in sorted(layer)])
def test_module_utils_import_only_what_lies_below(name, layer):
    allowed = set().union(*LAYERS[:layer])
    assert ours(MODULE_UTILS / (name + ".py"), "module_utils") <= allowed


@pytest.mark.parametrize("name", sorted(resources()))
def test_a_resource_is_handed_its_api(name):
    assert ours(resources()[name], "module_utils") <= RESOURCES_MAY_IMPORT | set(resources())


def test_resources_do_not_import_in_a_circle():
    graph = {name: ours(path, "module_utils") & set(resources()) for name, path in resources().items()}
    while graph:
        free = {name for name, wanted in graph.items() if not wanted & set(graph)}
        assert free, "a circle among %s" % sorted(graph)
        graph = {name: wanted for name, wanted in graph.items() if name not in free}


@pytest.mark.parametrize("directory", ["inventory", "doc_fragments", "lookup", "filter", "action", "plugin_utils"])
def test_only_modules_import_the_runner(directory):
    for path in PLUGINS.glob(directory + "/*.py"):
        assert "runner" not in ours(path, "module_utils"), short(path)


@pytest.mark.parametrize("path", [*PLUGINS.glob("action/*.py"), PLUGINS / "plugin_utils/live.py"], ids=short)
def test_an_action_plugin_shows_and_asks_nothing(path):
    assert ours(path, "module_utils") <= {"progress"}
    assert ours(path, "plugin_utils") <= {"live"}


@pytest.mark.parametrize("library, places", ONLY_IN.items())
def test_a_library_is_imported_in_one_place(library, places):
    found = {short(path) for path in SOURCES if any(name.split(".")[0] == library for name in imports(path))}
    assert found == places


def test_ansible_module_is_used_in_the_runner_alone():
    found = {short(path) for path in SOURCES if "ansible.module_utils.basic.AnsibleModule" in imports(path)}
    assert found == {"module_utils/runner.py"}


@pytest.mark.parametrize("path", SOURCES, ids=short)
def test_nothing_unwelcome_is_used(path):
    unwelcome = ("ansible._internal", "ansible.module_utils._internal", "ansible.module_utils.six", "ansible.module_utils._text")
    assert not [name for name in imports(path) if name.startswith(unwelcome)]
    assert not [node.lineno for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Assert)]


def test_no_sanity_test_is_ignored():
    assert not list((ROOT / "tests/sanity").glob("ignore*"))


def test_sources_name_licence_and_copyright():
    places = [ROOT / name for name in ("plugins", "tests", "roles", "playbooks", "meta", "changelogs/config.yaml", "galaxy.yml", "Makefile", ".ci")]
    files = itertools.chain.from_iterable([place] if place.is_file() else place.rglob("*") for place in places)
    silent = []
    for path in files:
        if path.suffix in {".py", ".yml", ".yaml", ".sh", ".ini", ".toml"} or path.name in {"Makefile", "run"}:
            head = path.read_text(encoding="utf-8").splitlines()[:6] if path.is_file() and path.stat().st_size else None
            if head is not None and not (any(LICENCE in line for line in head)
                                         and any(re.search(r"Copyright:? \(c\) 20\d\d", line) for line in head)):
                silent.append(path.relative_to(ROOT).as_posix())
    assert not silent
