# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Creating exactly once: what is looked for, when something is sent again, and what is said when that is not known."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import creation, errors

LOST = errors.LostAnswer("POST /servers: the connection broke.")


def api_error(status, text="No."):
    return errors.ApiError("POST", "/servers", status, "fault", text)


def in_turn(*ends):
    """A function that gives or raises these, one at each call, the last for ever; and how often it was called."""
    ends, calls = list(ends), []

    def function(*_given):
        calls.append(len(calls))
        end = ends.pop(0) if len(ends) > 1 else ends[0]
        if isinstance(end, Exception):
            raise end
        return end
    return function, calls


REFUSALS = [lambda: api_error(403, "Quota exceeded for instances"), lambda: api_error(400), lambda: api_error(409),
            lambda: errors.Unreachable("POST /servers: no connection; nothing was sent.")]


class TestOnce:
    @pytest.mark.parametrize("refusal", REFUSALS)
    def test_a_refusal_of_the_first_is_one(self, clock, refusal):
        send, sent = in_turn(refusal())
        look, looks = in_turn(None)
        with pytest.raises(errors.CloudError) as caught:
            creation.once(send, look)
        assert "may be there" not in str(caught.value) and (len(sent), len(looks)) == (1, 0)

    @pytest.mark.parametrize("refusal", REFUSALS)
    def test_a_refusal_of_the_second_may_come_of_the_first(self, clock, refusal):
        send, sent = in_turn(LOST, refusal())
        look, _looks = in_turn(None, None, None, "the first")
        assert creation.once(send, look) == ("the first", True) and len(sent) == 2

    @pytest.mark.parametrize("refusal", REFUSALS)
    @pytest.mark.parametrize("look", [None, errors.LostAnswer("reset"), api_error(403)])
    def test_when_it_does_not_show_the_error_says_that_it_may_be_there(self, clock, refusal, look):
        error = refusal()
        send, sent = in_turn(errors.LostAnswer("POST /servers: the connection broke."), error)
        looked, _looks = in_turn(None, None, None, look)
        with pytest.raises(errors.CloudError) as caught:
            creation.once(send, looked)
        assert caught.value is error and len(sent) == 2
        assert str(error).endswith("An earlier request was left open (POST /servers: the connection broke.), so it may be there all the same. "
                                   "Run the task again: it looks first.")


def make(post, namesakes):
    return creation.marked(post, namesakes, lambda thing: False, lambda thing: None, {"role": "web"})


class TestMarked:
    def test_without_room_for_the_mark_it_is_made_without(self, clock):
        post, posts = in_turn(api_error(403, "Maximum number of metadata items exceeded"), {"id": "1"})
        namesakes, _looks = in_turn([])
        assert make(post, namesakes) == ({"id": "1"}, None) and len(posts) == 2

    def test_also_after_a_lost_answer_since_the_same_was_refused_then(self, clock):
        post, posts = in_turn(LOST, api_error(403, "Maximum number of metadata items exceeded"), {"id": "2"})
        namesakes, _looks = in_turn([])
        assert make(post, namesakes) == ({"id": "2"}, None) and len(posts) == 3
