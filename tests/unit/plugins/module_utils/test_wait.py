# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Times as services write them, and waiting by a clock that moves only when somebody rests."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, wait

START = 1_700_000_000  # 2023-11-14T22:13:20Z


@pytest.mark.parametrize("text", [
    "2023-11-14T22:13:20Z", "2023-11-14T22:13:20UTC", "2023-11-14T22:13:20", "2023-11-14 22:13:20", "2023-11-14T16:13:20-06:00",
    "2023-11-15T03:43:20+05:30", "2023-11-14T16:13:20-0600", "Tue, 14 Nov 2023 22:13:20 GMT", "Tue, 14 Nov 2023 16:13:20 -0600",
    "Tue, 14 Nov 2023 22:13:20", "Tue, 14 Nov 2023 22:13:20 GMT, Tue, 14 Nov 2023 22:13:20 GMT", " 2023-11-14T22:13:20Z\n", "Tue Nov 14 22:13:20 2023"])
def test_a_moment_in_every_form(text, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    wait.time.tzset()
    try:
        assert wait.moment(text) == START
    finally:
        monkeypatch.delenv("TZ")
        wait.time.tzset()


def test_fractions_of_a_second_count():
    assert wait.moment("2023-11-14T22:13:20.250-06:00") == START + 0.25 + 6 * 3600


@pytest.mark.parametrize("text", [
    "", "soon", "7", "2023-13-14T22:13:20Z", "0000-00-00T00:00:00Z", "2023-11-14", "a, b", "5, 5", None, "Tue, 99 Foo 99999 1:1:1 GMT",
    "Tue Foo 14 22:13:20 2023", "Tue Nov 14 2023"])
def test_what_is_no_moment(text):
    assert wait.moment(text) is None


def test_a_moment_there_and_back():
    assert wait.iso(wait.moment("2023-11-14T22:13:20Z")) == "2023-11-14T22:13:20Z"
    assert wait.iso(float("inf")) is None


class Looks:
    """Records to be seen one after another, the last one for ever; errors among them are raised."""

    def __init__(self, *records):
        self.records = list(records)
        self.count = 0

    def __call__(self):
        self.count += 1
        seen = self.records.pop(0) if len(self.records) > 1 else self.records[0]
        if isinstance(seen, Exception):
            raise seen
        return seen


BUILD, ACTIVE = {"id": "f879", "status": "BUILD", "progress": 20, "OS-EXT-STS:task_state": "spawning"}, {"id": "f879", "status": "ACTIVE"}


def is_active(record):
    return bool(record) and record["status"] == "ACTIVE"


def test_what_was_seen_last_comes_back(clock):
    looks = Looks(BUILD, BUILD, ACTIVE)
    assert wait.until(looks, is_active, 600, "server 'web1'") == ACTIVE
    assert looks.count == 3 and len(clock.rests) == 2


def test_what_is_done_needs_no_rest(clock):
    wait.until(Looks(ACTIVE), is_active, 600, "server 'web1'")
    assert not clock.rests


def test_gone_may_be_the_goal(clock):
    assert wait.until(Looks(BUILD, None), lambda record: record is None, 600, "server 'web1'") is None


def test_rests_are_short_at_first_and_grow_to_a_limit(clock):
    with pytest.raises(errors.TimedOut):
        wait.until(Looks(BUILD), is_active, 600, "server 'web1'")
    rests = clock.rests[:-1]
    assert rests[0] == 0.5 and rests == sorted(rests) and max(rests) == 15


def test_an_interval_is_kept(clock):
    wait.until(Looks(BUILD, BUILD, BUILD, ACTIVE), is_active, 600, "server 'web1'", interval=7)
    assert clock.rests == [7, 7, 7]


def test_the_deadline_names_id_status_and_time(clock):
    with pytest.raises(errors.TimedOut) as caught:
        wait.until(Looks(BUILD), is_active, 60, "server 'web1'")
    assert str(caught.value) == ("after 60 s server 'web1' (f879) was BUILD (task spawning) at 20 %. Run the task again to go on waiting, "
                                 "or raise wait_timeout (now 60 s).")
    assert caught.value.facts == {"waited": 60, "last_status": "BUILD"}
    assert sum(clock.rests) == pytest.approx(60, abs=0.1)


def test_the_last_look_is_at_the_deadline(clock):
    began = clock.now()

    def fetch():
        return ACTIVE if clock.now() - began >= 10 else BUILD
    assert wait.until(fetch, is_active, 10, "server 'web1'", interval=4) == ACTIVE


@pytest.mark.parametrize("trouble", [
    errors.Unreachable("no connection"), errors.LostAnswer("reset"), errors.BadAnswer("cut"), errors.ApiError("GET", "/servers/1", 503)])
def test_a_look_that_fails_in_passing_is_no_failure(clock, trouble):
    assert wait.until(Looks(BUILD, trouble, trouble, ACTIVE), is_active, 600, "server 'web1'") == ACTIVE


@pytest.mark.parametrize("trouble", [
    errors.ApiError("GET", "/servers/1", 403), errors.Failed("ERROR"), errors.LoginFailed("no"), errors.ApiError("GET", "/servers/1", 413, text="quota"),
    KeyError("a bug")])
def test_everything_else_is(clock, trouble):
    looks = Looks(BUILD, trouble, ACTIVE)
    with pytest.raises(type(trouble)):
        wait.until(looks, is_active, 600, "server 'web1'")
    assert looks.count == 2


def test_trouble_until_the_deadline_is_told(clock):
    with pytest.raises(errors.TimedOut) as caught:
        wait.until(Looks(BUILD, errors.Unreachable("no connection to cloud.invalid")), is_active, 60, "server 'web1'")
    assert "was BUILD" in str(caught.value) and "the last look failed: no connection to cloud.invalid" in str(caught.value)


def test_trouble_that_was_over_is_not(clock):
    with pytest.raises(errors.TimedOut) as caught:
        wait.until(Looks(errors.Unreachable("no connection"), BUILD), is_active, 60, "server 'web1'")
    assert "no connection" not in str(caught.value)


def test_nothing_is_claimed_about_what_was_never_seen(clock):
    with pytest.raises(errors.TimedOut) as caught:
        wait.until(Looks(errors.Unreachable("no connection")), is_active, 60, "server 'web1'")
    assert "server 'web1' was never seen" in str(caught.value) and "not there" not in str(caught.value)


def test_but_the_id_that_is_known_is_told(clock):
    with pytest.raises(errors.TimedOut) as caught:
        wait.until(Looks(errors.Unreachable("no connection")), is_active, 60, "server 'web1'", known="f879")
    assert "server 'web1' (f879) was never seen" in str(caught.value)


def test_a_done_that_never_will_be_ends_it(clock):
    def done(record):
        raise errors.Failed("ERROR")
    looks = Looks(BUILD)
    with pytest.raises(errors.Failed):
        wait.until(looks, done, 600, "server 'web1'")
    assert looks.count == 1


def test_what_done_raises_ends_it_though_a_look_would_go_on(clock):
    did = []

    def done(record):
        did.append(record)
        raise errors.LostAnswer("reset")
    with pytest.raises(errors.LostAnswer):
        wait.until(Looks(BUILD), done, 600, "server 'web1'")
    assert len(did) == 1


def test_nothing_is_judged_by_a_look_that_failed(clock):
    judged = []
    with pytest.raises(errors.TimedOut):
        wait.until(Looks(BUILD, errors.LostAnswer("reset")), judged.append, 60, "server 'web1'")
    assert judged == [BUILD]


@pytest.mark.parametrize("record, said", [
    (None, "not there"), ({"status": "ACTIVE"}, "ACTIVE"), ({"status": "ACTIVE", "task_state": "deleting"}, "ACTIVE (task deleting)"),
    ({"status": "BUILD", "progress": 0}, "BUILD"), ({}, "there")])
def test_the_state_of_a_record_in_words(record, said):
    assert wait.describe(record) == said


def test_backoff_doubles_to_a_limit():
    for attempt, middle in ((1, 1), (2, 2), (3, 4), (10, 20), (1000, 20)):
        assert middle * 0.75 <= wait.backoff(attempt) <= middle * 1.25
