# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The guides quote the code: messages that exist, options and values that exist, pages that are listed."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
SITE = ROOT / "docs/docsite"
TROUBLE = SITE / "rst/guide_troubleshooting.rst"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-0-9.]*[sdrif]")


def strings():
    """Every text in the plugins, adjoining pieces put together as Python does, with … for what is filled in."""
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield PLACEHOLDER.sub("…", node.value)


SAID = list(strings())


def messages():
    """The terms of the page, which are messages; those of Ansible itself are in italics there."""
    return re.findall(r"^``([^`\n]+)``\n  ", TROUBLE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("message", messages())
def test_a_message_that_is_explained_exists(message):
    pieces = [piece.strip(" .") for piece in message.split("…")]
    pattern = re.compile(".*".join(re.escape(piece) for piece in pieces if piece), re.DOTALL)
    assert any(pattern.search(said) for said in SAID), "no text in plugins/ has: %s" % message


def test_there_are_messages():
    assert len(messages()) > 30


def test_every_page_is_listed_and_every_listed_page_is_there():
    listed = yaml.safe_load((SITE / "extra-docs.yml").read_text(encoding="utf-8"))
    assert sorted(page for section in listed["sections"] for page in section["toctree"]) == sorted(path.stem for path in (SITE / "rst").glob("*.rst"))
