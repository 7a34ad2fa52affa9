# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What the documentation shows and can be played: examples of plugins, and the code of guides and READMEs, block by block.

A guide is a story: its blocks are played in their order, in one directory, on one cloud. In front of a block of code stand, as comments:

    not played: REASON          the block is shown only
    file: NAME                  (Markdown; a :caption: in reStructuredText) the block is written to that file

and anywhere in the text ``played on: openstack`` chooses the dress of the sandbox.
"""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDES = ROOT / "docs/docsite/rst"
# Tasks that no documentation shows, for results that its examples do not have.
MORE = Path(__file__).resolve().parent / "more"

YAML = ("yaml", "yaml+jinja", "yml")
COMMANDS = ("console",)

_RST_BLOCK = re.compile(r"^(?P<indent> *)\.\. code-block:: *(?P<language>[\w+-]+)\n(?P<options>(?:(?P=indent) +:[\w-]+:.*\n)*)\n"
                        r"(?P<text>(?:(?:(?P=indent) +.*)?\n)+)", re.MULTILINE)
_MARKDOWN_BLOCK = re.compile(r"^(?P<fence>```+)(?P<language>[\w+-]+)\n(?P<text>.*?\n)(?P=fence)$", re.MULTILINE | re.DOTALL)
_NOT_PLAYED = re.compile(r"(?:\.\.|<!--) not played: (?P<reason>.*?)(?: -->)?\n\s*\Z")
_FILE = re.compile(r"<!-- file: (?P<file>\S+) -->\n\s*\Z")
_DRESS = re.compile(r"played on: (?P<dress>rackspace|openstack)")


@dataclass
class Block:
    """A piece of code: ``language`` yaml or console; ``file`` is what it is called, ``reason`` why it is not played."""

    language: str
    text: str
    line: int
    file: str = None
    reason: str = None


@dataclass
class Story:
    """Blocks that belong together, from one file."""

    name: str
    source: Path
    dress: str = "rackspace"
    blocks: list = field(default_factory=list)


def all_stories():
    """Every story of the checkout: modules, inventory, README, guides. Roles and their playbooks are played by integration targets."""
    yield from (of_plugin(path) for kind in ("modules", "inventory") for path in sorted((ROOT / "plugins" / kind).glob("*.py")))
    yield from (of_tasks(path) for path in sorted(MORE.glob("*.yml")))
    yield of_markdown(ROOT / "README.md", "readme")
    yield from (of_restructured(path) for path in sorted(GUIDES.glob("*.rst")))


def constants(path):
    """{name: text} of the strings that a source file sets at its top: DOCUMENTATION, EXAMPLES, RETURN."""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            found[node.targets[0].id] = node.value.value
    return found


def of_plugin(path):
    name = path.stem if path.parent.name == "modules" else "%s_%s" % (path.parent.name, path.stem)
    text = constants(path)["EXAMPLES"]
    line = path.read_text(encoding="utf-8").partition("EXAMPLES")[0].count("\n") + 1
    # The inventory shows one file after another.
    return Story(name, path, blocks=[Block("yaml", part, line) for part in re.split(r"^---\n", text, flags=re.MULTILINE) if part.strip()])


def of_tasks(path):
    text = path.read_text(encoding="utf-8")
    dress = _DRESS.search(text)
    return Story("more_" + path.stem, path, dress.group("dress") if dress else "rackspace", [Block("yaml", text.partition("---\n")[2], 1)])


def of_markdown(path, name):
    return _of_text(path, name, _MARKDOWN_BLOCK)


def of_restructured(path):
    return _of_text(path, path.stem, _RST_BLOCK)


def _of_text(path, name, pattern):
    text = path.read_text(encoding="utf-8")
    dress = _DRESS.search(text)
    story = Story(name, path, dress.group("dress") if dress else "rackspace")
    for match in pattern.finditer(text):
        before = text[:match.start()]
        reason, file = _NOT_PLAYED.search(before), _FILE.search(before)
        caption = re.search(r":caption: (\S+)", match.groupdict().get("options") or "")
        story.blocks.append(Block(match.group("language"), textwrap.dedent(match.group("text")).strip("\n") + "\n", before.count("\n") + 1,
                                  file=(caption or file) and (caption or file).group(1), reason=reason and reason.group("reason")))
    return story


def commands(text):
    """(command, lines that it is said to write) of a console block; a backslash continues a command."""
    found = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and found[-1][0].endswith("\\"):
            found[-1] = (found[-1][0][:-1] + line.strip(), [])
        elif found and line.strip():
            found[-1][1].append(line.strip())
    return [(re.sub(r"\s+# .*$", "", command), output) for command, output in found]
