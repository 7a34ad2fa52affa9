# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The callback that adds up calls: what it counts, and that nothing that a result may hold breaks it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.rackspace.cloud.plugins.callback import api_calls


def call(method="GET", service="compute", milliseconds=10.0, attempt=1, status=200, **more):
    return dict(dict(method=method, service=service, region="DFW", path="/v2/servers", query="", action=None, status=status, milliseconds=milliseconds,
                     request_id="req-1", attempt=attempt, error=None), **more)


class Screen:
    """Keeps what is shown."""

    def __init__(self):
        self.lines = []

    def banner(self, text):
        self.lines.append(text)

    def display(self, text):
        self.lines.append(text)


@pytest.fixture
def callback():
    made = api_calls.CallbackModule()
    made._display = Screen()
    made.get_option = {"slowest": 2}.__getitem__
    made.v2_playbook_on_play_start(SimpleNamespace(get_name=lambda: "First"))
    return made


def result(data, loop=None, action="rackspace.cloud.server", old=False):
    task = SimpleNamespace(name="Do it", loop=loop, resolved_action=action, action=action)
    return SimpleNamespace(_task=task, _host="web1", _result=data) if old else SimpleNamespace(task=task, host="web1", result=data)


def shown(callback):
    callback.v2_playbook_on_stats(None)
    return callback._display.lines


def test_calls_are_added_up_by_play_service_and_method(callback):
    callback.v2_runner_on_ok(result({"api_calls": [call("POST", "identity", 100), call(), call(attempt=2, milliseconds=20)]}))
    callback.v2_runner_on_failed(result({"api_calls": [call(status=404)]}), ignore_errors=True)
    callback.v2_playbook_on_play_start(SimpleNamespace(get_name=lambda: "Second"))
    callback.v2_runner_on_ok(result({"api_calls": [call("DELETE", status=None, error="LostAnswer")]}, old=True))
    assert shown(callback) == [
        "API CALLS",
        "First: 4 calls in 0.14 s, 1 of them repeated, 1 refused or lost",
        "  identity             POST    1 call in 0.10 s",
        "  compute              GET     3 calls in 0.04 s, 1 of them repeated, 1 refused or lost",
        "      100.0 ms  POST /v2/servers  (Do it on web1)",
        "       20.0 ms  GET /v2/servers  (Do it on web1)",
        "Second: 1 call in 0.01 s, 1 refused or lost",
        "  compute              DELETE  1 call in 0.01 s, 1 refused or lost",
        "       10.0 ms  DELETE /v2/servers  (Do it on web1)"]


def test_calls_in_xml_are_counted_apart_and_nothing_is_said_of_json(callback):
    callback.v2_runner_on_ok(result({"api_calls": [call(media_type="application/xml", attempt=2), call(media_type="application/xml", status=415),
                                                   call(media_type="application/json")]}))
    callback.v2_playbook_on_play_start(SimpleNamespace(get_name=lambda: "Second"))
    callback.v2_runner_on_ok(result({"api_calls": [call(media_type="application/json")]}))
    said = shown(callback)
    assert said[1:3] == ["First: 3 calls in 0.03 s, 1 of them repeated, 2 in XML, 1 refused or lost",
                         "  compute              GET     3 calls in 0.03 s, 1 of them repeated, 2 in XML, 1 refused or lost"]
    assert "Second: 1 call in 0.01 s" in said


def test_a_loop_is_counted_by_its_items_and_once(callback):
    items = [{"api_calls": [call()]}, {"api_calls": [call(), call()]}]
    callback.v2_runner_item_on_ok(result(items[0], loop=[1, 2]))
    callback.v2_runner_item_on_failed(result(items[1], loop=[1, 2]))
    callback.v2_runner_on_failed(result({"results": items, "api_calls": [call()]}, loop=[1, 2]))
    assert shown(callback)[1].startswith("First: 3 calls")


def test_attempts_of_until_are_counted(callback):
    callback.v2_runner_retry(result({"api_calls": [call()]}))
    callback.v2_runner_on_ok(result({"api_calls": [call()]}))
    assert shown(callback)[1].startswith("First: 2 calls")


def test_hidden_results_of_ours_are_told_of(callback):
    callback.v2_runner_on_ok(result({"censored": "hidden"}))
    callback.v2_runner_on_ok(result({"censored": "hidden"}, action="ansible.builtin.uri"))
    assert shown(callback)[1] == "First: 0 calls in 0.00 s, and 1 result with no_log"


def test_nothing_is_said_where_nothing_was_counted(callback):
    callback.v2_runner_on_ok(result({"changed": False}))
    assert not shown(callback)


@pytest.mark.parametrize("data", [
    None, [], "text", {"api_calls": None}, {"api_calls": "many"}, {"api_calls": {}}, {"api_calls": [None, 1, "x", []]}, {"results": None},
    {"api_calls": [{"method": "GET"}]}, {"api_calls": [call(milliseconds="long")]}, {"api_calls": [call(method=None)]}, {"api_calls": [call(attempt=None)]}])
def test_foreign_results_are_passed_over(callback, data):
    callback.v2_runner_on_ok(result(data))
    assert not shown(callback)


@pytest.mark.parametrize("more", [{"service": None}, {"status": "odd"}, {"status": None}, {"service": 7}, {"media_type": 7}])
def test_odd_calls_are_counted(callback, more):
    callback.v2_runner_on_ok(result({"api_calls": [call(**more)]}))
    assert shown(callback)[1].startswith("First: 1 call ")


def test_a_result_before_any_play_is_counted_too():
    made = api_calls.CallbackModule()
    made._display = Screen()
    made.get_option = {"slowest": 0}.__getitem__
    made.v2_runner_on_ok(result({"api_calls": [call()]}))
    assert shown(made)[1] == "unnamed: 1 call in 0.01 s"
