# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The guide to the migration from rax shows what the integration target fleet_from_rax plays, and has a row for every option of rax."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs/docsite/rst/migration_from_rax.rst").read_text(encoding="utf-8")
SECTION = re.search(r"^rax: many servers\n-+\n(.*?)^rax_facts\n", PAGE, re.MULTILINE | re.DOTALL).group(1)
TARGET = yaml.safe_load((ROOT / "tests/integration/targets/fleet_from_rax/tasks/main.yml").read_text(encoding="utf-8"))
# The options of rax that are about servers; those of the connection are the collection's own.
RAX = ("auto_increment", "boot_from_volume", "boot_volume", "boot_volume_size", "boot_volume_terminate", "config_drive", "count", "count_offset", "disk_config",
       "exact_count", "extra_client_args", "extra_create_args", "files", "group", "instance_ids", "key_name", "meta", "name", "networks", "state", "user_data",
       "wait", "wait_timeout")


def shown():
    """{name of a task: its options} of the section."""
    blocks = re.findall(r"^\.\. code-block:: yaml\n\n((?:(?: +.*)?\n)+)", SECTION, re.MULTILINE)
    tasks = [task for block in blocks for task in yaml.safe_load(textwrap.dedent(block))]
    return {task["name"]: task["rackspace.cloud.fleet"] for task in tasks}


def played():
    """The same, of the target."""
    found = [task["vars"] for block in TARGET for task in block["block"] if task.get("ansible.builtin.include_tasks") == "thrice.yml"]
    return {one["what"]: one["wish"] for one in found}


def test_what_is_shown_is_played():
    assert shown() and shown() == played()


def test_every_option_of_rax_has_a_row():
    first = [row.split('", "')[0] for row in SECTION.splitlines() if row.startswith('   "``')]
    assert not [option for option in RAX if not any(re.search("`%s[`:]" % option, cell) for cell in first)]
