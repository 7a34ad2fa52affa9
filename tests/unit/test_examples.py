# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The examples of every module use options that exist, with values that are allowed; what holds a secret is marked as such."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
import yaml

from ansible_collections.rackspace.cloud.plugins.doc_fragments import auth, progress, wait

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = "rackspace.cloud."
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))
FRAGMENTS = {"rackspace.cloud.auth": auth, "rackspace.cloud.wait": wait, "rackspace.cloud.progress": progress}
SECRETS = ("return_password", "return_private_key", "return_api_key", "return_token")


def options(module):
    """{name or alias: description, with all its names} of all options of a module."""
    documented = yaml.safe_load(module.DOCUMENTATION)
    found = dict(documented.get("options") or {})
    for name in documented["extends_documentation_fragment"]:
        if name in FRAGMENTS:
            found.update(yaml.safe_load(FRAGMENTS[name].ModuleDocFragment.DOCUMENTATION)["options"])
    return {alias: dict(option, names={name, *option.get("aliases", ())}) for name, option in found.items() for alias in [name, *option.get("aliases", ())]}


def tasks():
    """(module that is used, task) of every task in the examples of all modules that uses one of ours."""
    for name in MODULES:
        module = importlib.import_module("ansible_collections.rackspace.cloud.plugins.modules." + name)
        for task in yaml.safe_load(module.EXAMPLES):
            for action in task:
                if action.startswith(PREFIX):
                    yield pytest.param(action[len(PREFIX):], task, id="%s: %s" % (name, task["name"]))


@pytest.mark.parametrize("used, task", list(tasks()))
def test_an_example(used, task):
    known = options(importlib.import_module("ansible_collections.rackspace.cloud.plugins.modules." + used))
    given = task[PREFIX + used] or {}
    assert not set(given) - set(known)
    assert not [name for name, option in known.items() if option.get("required") and not option["names"] & set(given)]
    for name, value in given.items():
        chosen = value if isinstance(value, list) else [value]
        assert "{{" in str(value) or set(map(str, chosen)) <= set(map(str, known[name].get("choices", chosen)))
    if any(given.get(name) is True for name in SECRETS):
        assert task.get("no_log") is True


@pytest.mark.parametrize("name", MODULES)
def test_every_module_shows_itself(name):
    module = importlib.import_module("ansible_collections.rackspace.cloud.plugins.modules." + name)
    assert any(PREFIX + name in task for task in yaml.safe_load(module.EXAMPLES))
