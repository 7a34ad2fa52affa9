# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What errors say, and which of them pass."""

from __future__ import annotations

import inspect

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors

CLASSES = [kind for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.CloudError)]


def api_error(status, text="Said.", **more):
    return errors.ApiError("GET", "/servers/1", status, "fault", text, **more)


def test_facts_travel_beside_the_message():
    error = errors.Ambiguous("2 servers are called 'web1'.", ids=["1", "2"], request_id=None)
    assert error.as_result() == {"msg": "2 servers are called 'web1'.", "ids": ["1", "2"]}


def test_the_innermost_operation_is_named():
    with pytest.raises(errors.NotFound) as caught, errors.Doing("list servers", region="DFW"), errors.Doing("find flavor 'x'"):
        raise errors.NotFound("There is none.")
    assert str(caught.value) == "Could not find flavor 'x': There is none."
    assert caught.value.as_result() == {"msg": str(caught.value), "operation": "find flavor 'x'", "region": "DFW"}


def test_a_bug_of_ours_stays_as_it_is():
    with pytest.raises(KeyError, match="^'status'$"), errors.Doing("list servers"):
        raise KeyError("status")


def test_a_write_in_check_mode_is_a_bug_and_no_expected_error():
    assert not issubclass(errors.WriteRefused, errors.CloudError)


@pytest.mark.parametrize("status, passes", [
    (400, False), (401, False), (403, False), (404, False), (409, False), (413, True), (429, True), (500, True), (501, False), (502, True),
    (503, True), (504, True), (302, False), (408, True), (505, False), (507, True), (508, True), (520, True), (524, True), (529, True), (598, True),
    (599, True)])
def test_which_answers_pass(status, passes):
    assert api_error(status).passing is passes


@pytest.mark.parametrize("status, open_to_doubt", [
    (400, False), (404, False), (408, True), (413, False), (429, False), (500, True), (501, False), (503, True), (505, False), (507, True), (524, True)])
def test_which_answers_leave_open_whether_it_was_done(status, open_to_doubt):
    assert api_error(status).leaves_open is open_to_doubt


@pytest.mark.parametrize("kind", CLASSES)
def test_only_what_comes_from_the_network_passes(kind):
    if kind is not errors.ApiError:
        assert kind("x").passing is (kind in (errors.Unreachable, errors.LostAnswer, errors.BadAnswer))


@pytest.mark.parametrize("status, text, quota", [
    (403, "Quota exceeded for instances: Requested 1, but already used 2 of 2 instances", True),
    (413, "Maximum number of volumes allowed (10) exceeded for quota 'volumes'", True),
    (409, "Quota exceeded for resources: ['network'].", True),
    (403, "Policy doesn't allow it to be performed.", False),
    (429, "Quota of requests for this minute is used up", False),
    (400, "quota must be a number", False)])
def test_a_quota_is_told_from_everything_else(status, text, quota):
    error = api_error(status, text)
    assert error.quota is quota
    assert ("A quota of the account is used up" in str(error)) is quota
    assert not (quota and error.passing)


def test_what_was_asked_what_was_found_and_what_to_do():
    assert str(api_error(404, "Instance could not be found.", request_id="req-1")) == (
        "GET /servers/1 was answered 404 fault: Instance could not be found (request id req-1). It is not there, or not in this region or tenant.")


@pytest.mark.parametrize("url, place", [
    ("https://Cloud.example.invalid/v3", "cloud.example.invalid"), ("http://127.0.0.1:5000/v3", "127.0.0.1:5000"),
    ("https://somebody:sandbox-password@cloud.invalid/", "cloud.invalid"), ("http://[::1]:5000/", "[::1]:5000"), ("http://[::1", ""), ("", ""),
    ("no address", ""), (None, "")])
def test_the_place_of_an_address(url, place):
    assert errors.place_of(url) == place
