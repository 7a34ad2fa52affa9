# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What every role and playbook has to have: argument specs that agree with the defaults, a README, a header, a place in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())
PLAYBOOKS = sorted(path for path in (ROOT / "playbooks").glob("*.yml"))
TASKS = sorted([*(ROOT / "roles").glob("*/tasks/*.yml"), *(ROOT / "playbooks").rglob("*.yml")])
# Those that are no runbook.
OTHERS = {"demo", "write_inventory"}


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None


def specs(role):
    return load(ROOT / "roles" / role / "meta/argument_specs.yml")["argument_specs"]


@pytest.mark.parametrize("role", ROLES)
def test_defaults_are_those_of_the_argument_specs(role):
    options = {name: option for entry in specs(role).values() for name, option in entry["options"].items()}
    said = {name: option["default"] for name, option in options.items() if "default" in option}
    assert (load(ROOT / "roles" / role / "defaults/main.yml") or {}) == said
    assert all(name.startswith(role + "_") for name in options)
    assert not [name for name, option in options.items() if option.get("required") and "default" in option]


@pytest.mark.parametrize("role", ROLES)
def test_everything_is_described(role):
    for entry in specs(role).values():
        assert entry["short_description"] and entry["description"] and entry["version_added"]
        for name, option in entry["options"].items():
            assert option.get("description") and option.get("type"), name
            assert all(below.get("description") and below.get("type") for below in option.get("options", {}).values()), name


@pytest.mark.parametrize("role", ROLES)
def test_a_readme_names_variables_that_there_are(role):
    text = (ROOT / "roles" / role / "README.md").read_text(encoding="utf-8")
    assert text.count("# " + role + "\n") == 1
    there = {name for entry in specs(role).values() for name in entry["options"]}
    required = {name for name, option in specs(role)["main"]["options"].items() if option.get("required")}
    named = set(re.findall(r"\b%s_\w+" % role, text))
    left = set(re.findall(r"[CR]V?\((\w+)\)", (ROOT / "roles" / role / "meta/argument_specs.yml").read_text(encoding="utf-8")))
    assert required <= named
    assert named <= there | left, named - there - left


@pytest.mark.parametrize("role", ROLES)
def test_a_role_uses_no_other_collection(role):
    for path in [*(ROOT / "roles" / role).rglob("*.yml"), *PLAYBOOKS]:
        used = set(re.findall(r"^\s*(?:- )?([a-z_]+\.[a-z_]+)\.[a-z_]+:", path.read_text(encoding="utf-8"), re.MULTILINE))
        assert used <= {"ansible.builtin", "rackspace.cloud"}, path


def passed(node):
    """The names below every `vars` of plays, blocks and tasks."""
    if isinstance(node, dict):
        yield from node["vars"] if isinstance(node.get("vars"), dict) else ()
    for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from passed(below)


@pytest.mark.parametrize("path", TASKS, ids=lambda path: "-".join(path.relative_to(ROOT).parts))
def test_variables_of_tasks_have_names_that_nobody_else_gives(path):
    """Extra variables beat those of a task: with -e '{"ids": […]}' a task that calls its own ids so would take other servers."""
    owners = tuple(name + "_" for name in [*ROLES, *(book.stem for book in (ROOT / "playbooks").rglob("*.yml"))])
    wrong = [name for name in passed(load(path)) if not name.lstrip("_").startswith(owners) and name != "ansible_async_dir"]
    assert not wrong


# Options of a role that its callers may leave to an extra variable: how long, which of several addresses, what a page is told. None of them decides what is
# touched, what is done to it, or what is looked at.
HARMLESS = {
    "find_servers_missing_ok", "find_servers_network", "find_servers_ip_version", "snapshot_timeout", "fleet_report_declared", "fleet_report_drift",
    "health_check_url_status", "health_check_validate_certs", "health_check_timeout", "health_check_interval", "health_check_addresses"}


def tasks_of(node):
    """Every task, also those in blocks."""
    for below in node if isinstance(node, list) else ():
        yield below
        for part in ("tasks", "block", "rescue", "always"):
            yield from tasks_of(below.get(part))


@pytest.mark.parametrize("path", TASKS, ids=lambda path: "-".join(path.relative_to(ROOT).parts))
def test_what_is_passed_to_a_role_is_held_against_extra_variables(path):
    """With -e find_servers_names=… another server would be taken than the caller says; so it has to look, in the scope where it passes that on."""
    checked = path.with_name("main.yml") if path.parent.name == "tasks" and path.parents[2].name == "roles" else path
    guarded = {name for task in tasks_of(load(checked)) if "ansible.builtin.assert" in task for name in task.get("vars", {})
               if name in str(task["ansible.builtin.assert"]["that"])}
    if path.stem == "offboard_users":
        guarded |= {"user_accounts_users"}  # which must not be given at all there
    options = {name for role in ROLES for entry in specs(role).values() for name in entry["options"]}
    given = {name for task in tasks_of(load(path)) if "ansible.builtin.include_role" in task for name in task.get("vars", {})}
    assert given & options <= guarded | HARMLESS, given - guarded - HARMLESS


@pytest.mark.parametrize("path", [path for path in PLAYBOOKS if path.stem not in OTHERS], ids=lambda path: path.stem)
def test_a_runbook_has_a_header_and_a_place_in_the_documentation(path):
    text = path.read_text(encoding="utf-8")
    header = text[:text.index("\n- name:")]
    assert "ansible-playbook rackspace.cloud.%s " % path.stem in header
    assert "# cloud_login " in header
    assert path.stem.isidentifier()
    assert "``rackspace.cloud.%s``" % path.stem in (ROOT / "docs/docsite/rst/guide_runbooks.rst").read_text(encoding="utf-8")
    assert 'group/rackspace.cloud.all: "{{ cloud_login | default({}) }}"' in text
