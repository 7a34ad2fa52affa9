# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The gate for the requests of a fleet: rates that are told are kept, those that are not are learnt from refusals."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, wait
from ansible_collections.rackspace.cloud.plugins.module_utils.fleet_pace import MARGIN, Pace
from sandbox import ManualClock

URL = "https://dfw.example.com/v2/123/servers"
PER_MINUTE = {"verb": "POST", "value": 5, "remaining": 5, "unit": "MINUTE", "regex": ".*"}


@pytest.fixture
def clock(monkeypatch):
    turned = ManualClock()
    monkeypatch.setattr(wait, "now", turned.now)
    monkeypatch.setattr(wait, "rest", turned.sleep)
    return turned


class Service:
    """Takes so many requests of a minute, which begins with the first one, and refuses the rest; retry: whether it says when to come back."""

    def __init__(self, clock, most, retry=True, status=413):
        self.clock, self.most, self.retry, self.status = clock, most, retry, status
        self.began, self.number, self.taken, self.refused = None, 0, [], []

    def __call__(self):
        now = self.clock.now()
        if self.began is None or now >= self.began + 60:
            self.began, self.number = now, 0
        if self.number >= self.most:
            self.refused.append(now)
            error = errors.ApiError("POST", "/servers", self.status)
            error.retry_after = self.began + 60 - now if self.retry else None
            raise error
        self.number += 1
        self.taken.append(now)
        return "made"


def send(pace, service, times, method="POST", url=URL):
    for _number in range(times):
        assert pace.through(method, url, service) == "made"


def test_without_rules_nothing_is_held_back(clock):
    service, began = Service(clock, 100), clock.now()
    send(Pace(), service, 50)
    assert clock.now() == began


def test_a_rate_that_is_told_is_kept(clock):
    pace, service, began = Pace(), Service(clock, 5), clock.now()
    pace.learn(URL, [PER_MINUTE])
    send(pace, service, 17)
    assert not service.refused and clock.now() - began == 3 * (60 + MARGIN)


def test_what_is_used_up_already_counts(clock):
    pace, service, began = Pace(), Service(clock, 2), clock.now()
    pace.learn(URL, [dict(PER_MINUTE, remaining=2)])
    send(pace, service, 3)
    assert clock.now() - began == 60 + MARGIN


@pytest.mark.parametrize("rule", [
    {"verb": "DELETE"}, {"unit": "DAY"}, {"unit": "HOUR"}, {"unit": "fortnight"}, {"value": None}, {"value": 0},
    {"regex": "("}, {"regex": "^/v2/123/images"}, {"regex": "^/servers$"}])
def test_a_rule_about_something_else_holds_nothing_back(clock, rule):
    pace, began = Pace(), clock.now()
    pace.learn(URL, [dict(PER_MINUTE, value=1, remaining=1, **rule) if "value" not in rule else dict(PER_MINUTE, **rule)])
    send(pace, Service(clock, 100), 20)
    assert clock.now() == began


def test_a_rule_of_another_host_holds_nothing_back(clock):
    pace, began = Pace(), clock.now()
    pace.learn("https://ord.example.com/v2/123", [PER_MINUTE])
    send(pace, Service(clock, 100), 20)
    assert clock.now() == began


def test_the_path_of_a_rule_begins_with_the_version(clock):
    pace, began = Pace(), clock.now()
    pace.learn(URL, [dict(PER_MINUTE, regex="^/v[^/]+/(\\d+)/servers$", value=1, remaining=1)])
    send(pace, Service(clock, 100), 2, url="https://dfw.example.com/compute/v2/123/servers")
    assert clock.now() > began


def test_one_refusal_teaches_the_rate(clock):
    service, began = Service(clock, 5), clock.now()
    send(Pace(), service, 28)
    assert len(service.refused) == 1
    assert clock.now() - began < 5 * 62 + 1


def test_without_a_time_to_come_back_it_is_tried_by_and_by(clock):
    service, began = Service(clock, 5, retry=False, status=429), clock.now()
    send(Pace(), service, 12)
    assert len(service.refused) < 9 and clock.now() - began < 200


def test_what_others_use_up_teaches_nothing(clock):
    service = Service(clock, 5)
    service.began, service.number = clock.now(), 5
    began = clock.now()
    send(Pace(), service, 5)
    assert len(service.refused) == 1 and clock.now() - began < 62


@pytest.mark.parametrize("error", [errors.ApiError("POST", "/servers", 413, text="Quota exceeded for instances"), errors.ApiError("POST", "/servers", 500),
                                   errors.LostAnswer("lost"), ValueError("a bug")])
def test_other_errors_go_through(clock, error):
    def fail():
        raise error
    pace, began = Pace(), clock.now()
    with pytest.raises(type(error)):
        pace.through("POST", URL, fail)
    assert clock.now() == began


def test_patience_ends(clock):
    service = Service(clock, 0)
    with pytest.raises(errors.ApiError):
        send(Pace(), service, 1)
    assert 9 <= len(service.refused) <= 12


def test_threads_share_what_one_of_them_learnt(clock):
    service, pace = Service(clock, 3), Pace()
    guard, start = threading.Lock(), threading.Barrier(10)

    def exchange():
        with guard:
            return service()

    def work():
        start.wait()
        send(pace, exchange, 2)
    threads = [threading.Thread(target=work) for _number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(service.taken) == 20
    # Those that were on their way with the first one, and few after that; each by itself would be refused again and again.
    assert len(service.refused) < 20
