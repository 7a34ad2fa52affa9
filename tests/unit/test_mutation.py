# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The breaks of both tables still fit the client and are taken back, and one that nobody notices is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import mutation
import pytest
from faults.mutate.breaks import BREAKS as OF_THE_FAULTS
from openstack.mutate.breaks import BREAKS as OF_THE_CLOUD

ROOT = Path(__file__).resolve().parent.parent.parent
BREAKS = [*OF_THE_FAULTS, *OF_THE_CLOUD]


@dataclass
class Break(mutation.Break):
    plays: tuple = ("what is played",)


@pytest.fixture
def client(tmp_path):
    """client(path, text): a copy of the collection that holds this file alone; the file."""
    def made(path, text):
        file = tmp_path / "checkout/plugins/module_utils" / path
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
        return file
    return made


@pytest.mark.parametrize("each", BREAKS, ids=lambda each: each.name)
def test_a_break_fits_and_is_mended(each, client, tmp_path):
    text = (ROOT / "plugins/module_utils" / each.path).read_text(encoding="utf-8")
    file = client(each.path, text)
    mend = each.apply(tmp_path / "checkout")
    assert file.read_text(encoding="utf-8") != text
    compile(file.read_text(encoding="utf-8"), each.path, "exec")
    mend()
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("each", OF_THE_CLOUD, ids=lambda each: each.name)
def test_its_targets_are_there(each):
    assert each.plays
    assert all((ROOT / "tests/integration/targets" / name).is_dir() for name in each.plays)


@pytest.mark.parametrize("text", ["", "one one"])
def test_a_break_that_fits_no_more_says_so(client, tmp_path, text):
    client("it.py", text)
    with pytest.raises(LookupError, match="bring the break up to date"):
        Break("one", "it.py", "one", "two").apply(tmp_path / "checkout")


@pytest.mark.parametrize("passed, words", [
    (lambda text: text == "right", ["red", "red"]),
    (lambda text: text != "wrong", ["red", "UNSEEN"]),
    (lambda text: False, ["RED BEFORE", "RED BEFORE"]),
])
def test_what_nobody_notices_is_told(client, tmp_path, capsys, passed, words):
    file = client("it.py", "right")
    breaks = [Break("the first", "it.py", "right", "wrong"), Break("the second", "it.py", "right", "worse")]
    played = []

    def noticed(_root, plays, output):
        played.append(plays)
        output.write(b"told")
        return passed(file.read_text(encoding="utf-8"))
    assert mutation.play(breaks, tmp_path / "checkout", noticed) == sum(word != "red" for word in words)
    assert [line.rpartition(" s ")[0].rpartition(" ")[0].strip() for line in capsys.readouterr().out.splitlines()] == words
    assert played == [("what is played",)] * 3  # unbroken once, for both
    assert (tmp_path / "break-1.log").read_bytes() == b"told"
    assert file.read_text(encoding="utf-8") == "right"
