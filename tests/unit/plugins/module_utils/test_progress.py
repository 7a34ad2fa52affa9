# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What is told of a wait, and when: once a state is new, or has lasted; and that nothing breaks where it cannot be told."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, progress, wait

QUEUED = {"id": "f879", "name": "web3", "status": "BUILD", "progress": 0, "OS-EXT-STS:task_state": "scheduling"}
BUILD = {"id": "f879", "name": "web3", "status": "BUILD", "progress": 40, "OS-EXT-STS:task_state": None}
ACTIVE = {"id": "f879", "name": "web3", "status": "ACTIVE", "progress": 100}


@pytest.fixture
def lines(tmp_path, monkeypatch):
    """A function that gives the lines written so far."""
    place = tmp_path / "progress"
    monkeypatch.setenv("RAX_PROGRESS_FILE", str(place))
    return lambda: place.read_text(encoding="utf-8").splitlines() if place.exists() else []


def waited(records, seconds=600):
    """wait.until() over these looks, 7 s apart."""
    seen = iter(records)

    def fetch():
        record = next(seen)
        if isinstance(record, Exception):
            raise record
        return record
    return wait.until(fetch, lambda record: record is None or record["status"] == "ACTIVE", seconds, "server 'web3'", 7, progress.watch("server 'web3'"))


def test_a_state_is_told_once(lines, clock):
    waited([QUEUED, BUILD, BUILD, ACTIVE])
    assert lines() == ["web3: BUILD scheduling  (0 s)", "web3: BUILD 40 %  (7 s)", "web3: ACTIVE  (21 s)"]


def test_a_state_that_lasts_is_told_again(lines, clock):
    waited([BUILD] * 7 + [ACTIVE])
    assert lines() == ["web3: BUILD 40 %  (0 s)", "web3: BUILD 40 %  (35 s)", "web3: ACTIVE  (49 s)"]


def test_what_is_done_at_the_first_look_is_not_worth_a_line(lines, clock):
    waited([ACTIVE])
    assert not lines()


def test_a_look_that_failed_is_told(lines, clock):
    waited([BUILD, errors.Unreachable("no connection"), ACTIVE])
    assert lines()[1] == "web3: no answer, looking again  (7 s)"


def test_what_goes_is_named_to_the_end(lines, clock):
    waited([{"id": "f879", "name": "web3", "status": "BUILD"}, None])
    assert lines() == ["web3: BUILD  (0 s)", "web3: gone  (7 s)"]


def test_what_has_no_record_yet_goes_by_its_title(lines, clock):
    waited([errors.Unreachable("no connection"), ACTIVE])
    assert lines()[0] == "server 'web3': no answer, looking again  (0 s)"


def test_a_failure_is_left_to_the_result(lines, clock):
    def done(record):
        raise errors.Failed("it is in ERROR")
    with pytest.raises(errors.Failed):
        wait.until(lambda: BUILD, done, 600, "server 'web3'", 7, progress.watch("server 'web3'"))
    assert not lines()


@pytest.mark.parametrize("sign", ["\x1b", "\n", "\r", "\x07", "\x9b", "\u202e", "\u2028", "\ud800"])
def test_nothing_in_a_name_reaches_the_terminal_as_a_command(lines, sign):
    progress.say("web%s[31m: BUILD" % sign)
    assert lines() == ["web?[31m: BUILD"]


def test_words_of_all_languages_do(lines):
    progress.say("Grüße 世界")
    assert lines() == ["Grüße 世界"]


def test_a_line_has_an_end(lines):
    progress.say("w" * 5000)
    assert [len(line) for line in lines()] == [progress.LONGEST_LINE]


def test_threads_do_not_break_into_lines(lines):
    threads = [threading.Thread(target=lambda number=number: [progress.say("%d" % number * 150) for _line in range(50)]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(lines()) == sorted("%d" % number * 150 for number in range(8) for _line in range(50))


@pytest.mark.parametrize("place", ["", "/nowhere/at/all"])
def test_it_does_not_matter_where_nobody_looks(monkeypatch, clock, place):
    monkeypatch.setenv("RAX_PROGRESS_FILE", place)
    assert waited([BUILD, ACTIVE]) == ACTIVE
    assert progress.is_wanted() == bool(place)
