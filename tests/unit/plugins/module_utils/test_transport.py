# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""One HTTP exchange, over real sockets: what is repeated, for how long it rests before, what is refused, what errors say."""

from __future__ import annotations

import socket
import ssl
import threading
from email.utils import formatdate

import pytest
import requests

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, transport
from ansible_collections.rackspace.cloud.plugins.module_utils.codec import Json

START = 1_700_000_000  # where the clock of the tests begins
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TEAPOT = {"unauthorized": {"code": 401, "message": "No."}}


def date(seconds):
    return formatdate(START + seconds, usegmt=True)


@pytest.fixture
def send(web, clock):
    """send(method, path) to the loopback server; a dict body with every verb that writes."""
    def sender(method="GET", path="/v2/servers", options=None, **more):
        body = None if method in ("GET", "DELETE") else {"server": {"name": "web1"}}
        return transport.Transport(**dict({"timeout": 5, "retries": 2}, **(options or {}))).send(
            method, web.url + path, Json, headers={"X-Auth-Token": "sandbox-token"}, **dict({"body": body}, **more))
    return sender


def fails(send, *args, **more):
    with pytest.raises(errors.CloudError) as caught:
        send(*args, **more)
    return caught.value


class TestExchange:
    def test_a_request_and_its_answer(self, web, send, says):
        web.says(says(202, {"server": {"id": "1"}}, {"X-Compute-Request-Id": "req-1"}))
        answer = send("POST", query={"a": "b c", "d": ["1", "2"]})
        assert (answer.status, answer.data, answer.request_id) == (202, {"server": {"id": "1"}}, "req-1")
        asked = web.asked[0]
        assert (asked.method, asked.path, asked.body) == ("POST", "/v2/servers?a=b+c&d=1&d=2", {"server": {"name": "web1"}})
        assert asked.headers["accept"] == asked.headers["content-type"] == "application/json"
        assert asked.headers["x-auth-token"] == "sandbox-token" and asked.headers["user-agent"].startswith("rackspace.cloud/")

    def test_a_query_is_added_to_the_one_that_is_there(self, web, send):
        send(path="/list?a=1", query={"b": "2"})
        assert web.asked[0].path == "/list?a=1&b=2"

    @pytest.mark.parametrize("status", [200, 201, 202, 203, 204, 300])
    def test_what_counts_as_success(self, web, send, says, status):
        web.says(says(status))
        assert send().status == status

    @pytest.mark.parametrize("status, kind", [(202, "text/html; charset=UTF-8"), (204, "text/html"), (200, "application/json")])
    def test_an_empty_body_has_no_data(self, web, send, says, status, kind):
        web.says(says(status, b"", kind=kind))
        assert send("DELETE").data is None

    def test_json_is_read_only_where_it_is_announced(self, web, send, says):
        web.says(says(200, '{"a": 1}', kind="text/html"))
        answer = send()
        assert answer.data is None and answer.text == '{"a": 1}'

    @pytest.mark.parametrize("name", ["X-Compute-Request-Id", "x-openstack-request-id", "X-Request-Id", "X-Trans-Id"])
    def test_request_ids_under_all_their_names(self, web, send, says, name):
        web.says(says(404, TEAPOT, {name: "req-7"}))
        error = fails(send)
        assert "(request id req-7)" in str(error) and error.as_result()["request_id"] == "req-7"

    @pytest.mark.parametrize("given", ["sandbox-token", "req-sandbox-token", "cmVxLXNhbmRib3gtdG9rZW4=", "a b", "x" * 129, "<b>", "\u00e4"])
    @pytest.mark.parametrize("status", [200, 404])
    def test_a_request_id_that_is_none_or_holds_the_token_is_not_shown(self, web, send, says, status, given):
        web.says(says(status, {"x": {"message": "no"}}, {"X-Compute-Request-Id": given, "X-Trans-Id": "tx-1"}))
        if status == 200:
            assert send().request_id == "tx-1"
        else:
            error = fails(send)
            assert error.as_result()["request_id"] == "tx-1" and given not in str(error)

    def test_the_kind_of_an_answer_is_shown_without_the_token(self, web, send, says):
        web.says(says(200, b"x", {"Content-Type": "text/sandbox-token"}))
        assert send().kind == "text/********"

    def test_the_clock_of_the_service(self, web, says, clock):
        web.says(says(200, {}, {"Date": date(90)}))
        wire = transport.Transport()
        wire.send("GET", web.url, Json)
        assert wire.skew == 90 and wire.cloud_time() == START + 90
        clock.sleep(10)
        assert wire.cloud_time() == START + 100

    def test_a_date_that_is_sent_twice(self, web, says, clock):
        web.says(says(200, {}, {"Date": "%s, %s" % (date(90), date(90))}))
        wire = transport.Transport()
        wire.send("GET", web.url, Json)
        assert wire.skew == 90


# What the table of the design says: refused is repeated for every verb, unknown for questions alone.
REPEATED = [(status, verb) for status in (413, 429, 503) for verb in VERBS] + [(status, "GET") for status in (408, 500, 502, 504, 507, 520, 524, 599)]
FINAL = ([(status, verb) for status in (408, 500, 502, 504, 507, 524) for verb in VERBS[1:]]
         + [(status, verb) for status in (400, 401, 403, 404, 405, 409, 415, 422, 501, 505) for verb in ("GET", "POST")])


class TestRepeating:
    @pytest.mark.parametrize("status, verb", REPEATED)
    def test_a_status_that_is_repeated(self, web, send, says, status, verb):
        web.says(says(status, TEAPOT), says(status, TEAPOT), says(200, {"ok": True}))
        assert send(verb).data == {"ok": True}
        assert len(web.asked) == 3
        assert len({repr(asked.body) for asked in web.asked}) == 1

    @pytest.mark.parametrize("status, verb", FINAL)
    def test_a_status_that_is_not(self, web, send, says, status, verb):
        web.says(says(status, TEAPOT))
        assert fails(send, verb).status == status
        assert len(web.asked) == 1

    @pytest.mark.parametrize("headers, tries", [({}, 1), ({"Retry-After": "2"}, 2)])
    def test_a_503_without_a_time_leaves_open_whether_something_was_made(self, web, send, says, headers, tries):
        web.says(says(503, TEAPOT, headers), says(201, {"ok": True}))
        if tries == 1:
            error = fails(send, "POST", makes=True)
            assert error.status == 503 and error.leaves_open
        else:
            assert send("POST", makes=True).data == {"ok": True}
        assert len(web.asked) == tries

    @pytest.mark.parametrize("auth, tries", [
        ({"passwordCredentials": {}}, 2), ({"RAX-AUTH:passcodeCredentials": {}}, 1),
        ({"identity": {"methods": ["password"]}}, 2), ({"identity": {"methods": ["password", "totp"]}}, 1)])
    @pytest.mark.parametrize("trouble", [500, "reset"])
    def test_a_login_is_a_question_unless_a_passcode_is_spent_on_it(self, web, send, says, trouble, auth, tries):
        web.says(says(how=trouble) if trouble == "reset" else says(trouble, TEAPOT), says(200, {"ok": True}))
        if tries == 1:
            fails(send, "POST", "/auth/tokens", body={"auth": auth})
        else:
            assert send("POST", "/auth/tokens", body={"auth": auth}).data == {"ok": True}
        assert len(web.asked) == tries

    @pytest.mark.parametrize("retries, tries", [(0, 1), (3, 4), (-1, 1)])
    def test_it_ends(self, web, send, says, clock, retries, tries):
        web.says(says(503, TEAPOT))
        assert fails(send, options={"retries": retries}).status == 503
        assert len(web.asked) == tries and len(clock.rests) == tries - 1

    def test_the_rests_grow_and_differ(self, web, send, says, clock):
        web.says(says(503, TEAPOT))
        fails(send, options={"retries": 8})
        for rest, middle in zip(clock.rests, (1, 2, 4, 8, 16, 20, 20, 20)):
            assert middle * 0.75 <= rest <= middle * 1.25
        assert len(set(clock.rests)) == len(clock.rests)

    @pytest.mark.parametrize("how", ["reset", "cut"])
    def test_a_lost_answer_is_asked_for_again(self, web, send, says, how):
        web.says(says(200, {"a": "cut here"}, how=how), says(200, {"ok": True}))
        assert send().data == {"ok": True}
        assert len(web.asked) == 2

    @pytest.mark.parametrize("how, told", [
        ("reset", "broke (Connection aborted. [Errno 104] Connection reset by peer)"),
        ("cut", "broke (Connection broken: IncompleteRead(8 bytes read, 9 more expected))")])
    @pytest.mark.parametrize("verb", VERBS[1:])
    def test_what_may_have_happened_is_not_sent_again(self, web, send, says, how, told, verb):
        web.says(says(200, {"a": "cut here"}, how=how))
        error = fails(send, verb)
        assert told in str(error)
        assert isinstance(error, errors.LostAnswer) and error.passing
        assert "It may have happened all the same: look before it is sent again." in str(error)
        assert len(web.asked) == 1

    @pytest.mark.parametrize("verb, tries", [("GET", 3), ("POST", 1)])
    def test_an_answer_that_does_not_come(self, web, send, says, verb, tries):
        web.says(says(how="hold"))
        error = fails(send, verb, options={"timeout": 0.1})
        assert isinstance(error, errors.LostAnswer) and "gave no answer within 0.1 s (api_timeout)" in str(error)
        assert len(web.asked) == tries

    @pytest.mark.parametrize("verb", VERBS)
    def test_no_connection_is_tried_again_for_every_verb(self, clock, closed_port, verb):
        error = fails(transport.Transport(retries=2).send, verb, "http://127.0.0.1:%d/v2" % closed_port, Json)
        assert isinstance(error, errors.Unreachable) and error.passing
        assert len(clock.rests) == 2
        assert "%s /v2: no connection to 127.0.0.1:%d" % (verb, closed_port) in str(error) and "Connection refused" in str(error)
        assert "nothing was sent" in str(error)

    def test_a_name_that_nobody_knows(self, clock):
        error = fails(transport.Transport(retries=0).send, "GET", "https://nowhere.invalid/v2", Json)
        assert isinstance(error, errors.Unreachable) and "no connection to nowhere.invalid" in str(error)
        assert "object at 0x" not in str(error)

    @pytest.mark.parametrize("verb, tries", [("GET", 3), ("POST", 1)])
    def test_headers_that_requests_cannot_read_are_a_lost_answer(self, web, send, monkeypatch, verb, tries):
        def fail(headers):  # as requests before 2.33 does for "application/json; charset"
            return True.strip()
        monkeypatch.setattr(requests.adapters, "get_encoding_from_headers", fail)
        error = fails(send, verb)
        assert isinstance(error, errors.LostAnswer) and len(web.asked) == tries
        assert str(error).startswith("%s /v2/servers: the answer of 127.0.0.1:" % verb) and "has headers that cannot be read" in str(error)
        assert ("It may have happened all the same" in str(error)) is (verb == "POST")

    @pytest.mark.parametrize("verb, tries", [("GET", 3), ("PUT", 1)])
    def test_json_that_is_damaged(self, web, send, says, verb, tries):
        web.says(says(200, '{"servers": [', {"x-compute-request-id": "req-9"}))
        error = fails(send, verb)
        assert isinstance(error, errors.BadAnswer) and len(web.asked) == tries
        assert "body that is cut or damaged" in str(error) and "(request id req-9)" in str(error)


RETRY_AFTER = {
    "header, seconds": ({"Retry-After": "7"}, None, 7),
    "header, date": ({"Retry-After": date(30)}, None, 30),
    "header, date of a service whose clock is behind": ({"Retry-After": date(-570), "Date": date(-600)}, None, 30),
    "header, date that is over": ({"Retry-After": date(-5)}, None, 1),
    "header, twice": ({"Retry-After": "30, 30"}, None, 30),
    "header, twice with different times": ({"Retry-After": "5,30"}, None, 30),
    "header, date in the form of asctime": ({"Retry-After": "Tue Nov 14 22:13:50 2023"}, None, 30),
    "header, date twice": ({"Retry-After": "%s, %s" % (date(30), date(30))}, None, 30),
    "a 0 twice beside a time": ({"Retry-After": "0, 0"}, {"retryAt": "2023-11-14T22:13:45Z"}, 25),
    "body, seconds as a string": ({}, {"retryAfter": "9"}, 9),
    "body, seconds": ({}, {"retryAfter": 9}, 9),
    "body, retryAt Z": ({}, {"retryAt": "2023-11-14T22:13:45Z"}, 25),
    "body, retryAt UTC": ({}, {"retryAt": "2023-11-14T22:13:45UTC"}, 25),
    "body, retryAfter Z": ({}, {"retryAfter": "2023-11-14T22:13:45Z"}, 25),
    "body, offset": ({}, {"retryAt": "2023-11-14T16:13:45-06:00"}, 25),
    "body, by the clock of the service": ({"Date": date(20)}, {"retryAt": "2023-11-14T22:13:45Z"}, 5),
    "header before body": ({"Retry-After": "3"}, {"retryAfter": "60"}, 3),
    "a 0 beside a time": ({"Retry-After": "0"}, {"retryAt": "2023-11-14T22:13:45Z"}, 25),
    "a 0 beside seconds": ({"Retry-After": "0"}, {"retryAfter": "6"}, 6),
    "far too long": ({"Retry-After": "86400"}, None, 120),
    "no rest at all": ({"Retry-After": "0.01"}, None, 1),
}


class TestRetryAfter:
    @pytest.mark.parametrize("case", RETRY_AFTER)
    @pytest.mark.parametrize("status", [413, 429, 503])
    def test_the_service_says_when(self, web, send, says, clock, case, status):
        headers, fields, seconds = RETRY_AFTER[case]
        body = {"overLimit": dict({"code": status, "message": "OverLimit Retry...", "details": "Error Details..."}, **(fields or {}))}
        web.says(says(status, body, dict({"Date": date(0)}, **headers)), says(200, {}))
        send("POST")
        assert clock.rests == [seconds]

    @pytest.mark.parametrize("headers, fields", [
        ({"Retry-After": "soon"}, {}), ({"Retry-After": "-5"}, {}), ({"Retry-After": "5, soon"}, {}), ({}, {"retryAt": "2023-13-41T99:00:00Z"}),
        ({"Retry-After": "Mon, 99 Foo 99999 99:99:99 GMT"}, {}), ({}, {})])
    def test_without_a_word_to_go_by_it_rests_a_while(self, web, send, says, clock, headers, fields):
        web.says(says(413, {"overLimit": dict({"message": "slow down"}, **fields)}, headers), says(200, {}))
        send()
        assert len(clock.rests) == 1 and 0.75 <= clock.rests[0] <= 1.25

    def test_a_body_that_is_flat(self, web, send, says, clock):
        web.says(says(429, {"message": "slow down", "retryAfter": "4"}), says(200, {}))
        send()
        assert clock.rests == [4]

    @pytest.mark.parametrize("status, body, headers", [
        (413, {"overLimit": {"message": "Quota exceeded for instances: Requested 1, but already used 2 of 2 instances", "retryAfter": "0"}},
         {"Retry-After": "0"}),
        (413, {"overLimit": {"message": "Maximum number of volumes allowed (10) exceeded for quota 'volumes'"}}, {"Retry-After": "30"}),
        (413, {"overLimit": {"message": "This request was rate-limited.", "retryAfter": "0"}}, {"Retry-After": "0"}),
        (403, {"forbidden": {"message": "Quota exceeded for ram: Requested 512, but already used 512 of 512 ram"}}, {"Retry-After": "5"}),
        (409, {"NeutronError": {"message": "Quota exceeded for resources: ['network']."}}, {}),
    ])
    @pytest.mark.parametrize("verb", ["GET", "POST"])
    def test_a_quota_is_never_asked_for_twice(self, web, send, says, clock, status, body, headers, verb):
        web.says(says(status, body, headers))
        error = fails(send, verb)
        assert len(web.asked) == 1 and not clock.rests
        if "uota" in str(body):
            assert error.quota and not error.passing and "limits_info" in str(error)


FAULTS = {
    "nova": (404, {"itemNotFound": {"code": 404, "message": "Instance 1 could not be found."}}, "404 itemNotFound: Instance 1 could not be found"),
    "details": (400, {"badRequest": {"code": 400, "message": "Bad.", "details": "Worse"}}, "400 badRequest: Bad. Worse"),
    "over limit": (413, {"overLimitFault": {"code": 413, "message": "Slow.", "retryAfter": "1"}}, "413 overLimitFault: Slow"),
    "cloud servers": (500, {"cloudServersFault": {"code": 500, "message": "Fault!"}}, "500 cloudServersFault: Fault!"),
    "identity": (401, {"unauthorized": {"code": 401, "message": "Unable to authenticate user with credentials provided."}},
                 "401 unauthorized: Unable to authenticate user with credentials provided"),
    "keystone": (403, {"error": {"code": 403, "title": "Forbidden", "message": "Not you."}}, "403 Forbidden: Not you"),
    "neutron": (409, {"NeutronError": {"type": "IpAddressInUse", "message": "In use.", "detail": ""}}, "409 NeutronError: In use"),
    "flat": (422, {"message": "Unprocessable", "title": "Odd"}, "422 Odd: Unprocessable"),
    "flat error": (400, {"error": "no such thing"}, "400: no such thing"),
    "text": (403, "403 Forbidden\n\nAccess was denied to this resource.\n\n Networks (00000000) required but missing",
             "403: 403 Forbidden Access was denied to this resource. Networks (00000000) required but missing"),
    "html": (502, "<html><head><style>b {color: red}</style><title>502 Bad Gateway</title></head>\n<body><h1>Bad</h1></body></html>",
             "502: 502 Bad Gateway Bad"),
    "html in json": (400, {"badRequest": {"message": "Invalid <b>name</b><br/>"}}, "400 badRequest: Invalid name"),
    "nothing": (404, b"", "404. It is not there"),
    "a list": (400, [1, 2], "400: [1, 2]. Correct"),
    "a list of errors": (409, {"errors": [{"status": 409, "title": "Conflict", "detail": "In use by port-1"}]}, "409 Conflict: In use by port-1"),
    "a bare list of errors": (409, [{"message": "In use."}], "409: In use"),
    "text under a name": (409, {"NeutronError": "No more IP addresses"}, "409 NeutronError: No more IP addresses"),
    "flat, with links": (400, {"links": [{"href": "x"}], "message": "Bad size"}, "400: Bad size"),
    "nobody knows": (400, {"reasons": {"size": ["too large"]}}, "400 reasons: {\"size\": [\"too large\"]}"),
    "numbers": (400, {"why": [4, 5]}, "400: {\"why\": [4, 5]}"),
    "damaged json": (500, '{"computeFault": {"mess', '500: {"computeFault": {"mess'),
}


class TestFaults:
    @pytest.mark.parametrize("charset", ["idna", "undefined", "none-such", "utf-8\x00", "hex", "'"])
    @pytest.mark.parametrize("status", [200, 500])
    def test_a_text_in_an_encoding_that_cannot_be_read(self, web, send, says, monkeypatch, status, charset):
        monkeypatch.setattr(requests.adapters, "get_encoding_from_headers", lambda headers: charset)  # http.client takes no NUL
        web.says(says(status, b"x\xff and more", kind="text/plain; charset=odd"))
        if status == 200:
            assert send().text.startswith("x")
        else:
            assert "answered 500: x" in str(fails(send, "POST"))

    @pytest.mark.parametrize("charset", ["utf-16", "utf-7", "unicode_escape"])
    def test_a_text_in_another_encoding_gives_nothing_away(self, web, send, says, charset):
        said = "You sent sandbox-token.".encode(charset) if charset != "utf-7" else b"You sent +AHMAYQBuAGQAYgBvAHg-+AC0-token."
        web.says(says(400, said, kind="text/plain; charset=" + charset))
        assert "You sent ********" in str(fails(send, "POST"))
        web.says(says(200, said, kind="text/plain; charset=" + charset))
        assert send().text == "You sent ********."

    @pytest.mark.parametrize("case", FAULTS)
    def test_what_a_body_says(self, web, send, says, case):
        status, body, said = FAULTS[case]
        web.says(says(status, body, kind="text/html" if case in ("text", "html") else "application/json; charset=UTF-8"))
        error = fails(send, "POST")
        assert str(error).startswith("POST /v2/servers was answered %s" % said)
        assert error.as_result()["http_status"] == status

    @pytest.mark.parametrize("secret", ["message", "413413", "overLimit"])
    def test_a_secret_that_is_a_word_of_the_fault_does_not_break_it(self, web, send, says, secret):
        web.says(says(413, {"overLimit": {"code": 413, "message": "Slow down, 413413.", "retryAfter": 7, "seen": 413413}}))
        error = fails(send, "POST", options={"retries": 0}, body={"auth": {"password": secret}})
        assert error.retry_after == 7 and "low down" in str(error) and isinstance(error.answer.data, dict)
        shown = str(error) + str(list(error.answer.data.values()))
        assert secret == "message" or secret not in shown

    def test_a_quota_is_one_even_where_its_words_hide_a_secret(self, web, send, says, clock):
        secret = "sandbox-password1234567-x"
        web.says(says(413, {"overLimit": {"message": "Quota exceeded for password1234567"}}))
        error = fails(send, "POST", body={"auth": {"password": secret}})
        assert error.quota and len(web.asked) == 1 and "password1234567" not in str(error)

    def test_a_long_page_is_shortened(self, web, send, says):
        web.says(says(404, "words " * 1000, kind="text/html"))
        assert len(str(fails(send))) < 600

    def test_every_error_ends_with_what_to_do(self, web, send, says):
        for status in (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 501, 503):
            web.says(says(status, {"fault": {"message": "Said."}}))
            message = str(fails(send, "POST", options={"retries": 0}))
            assert message.split("Said. ")[1].endswith(".")


class TestGuards:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    @pytest.mark.parametrize("verb", ["GET", "POST"])
    def test_redirects_are_not_followed(self, web, other_web, send, says, status, verb):
        web.says(says(status, b"", {"Location": other_web.url + "/elsewhere"}))
        message = str(fails(send, verb))
        assert "a redirect to %s/elsewhere. It is not followed" % other_web.url in message
        assert len(web.asked) == 1 and not other_web.asked

    @pytest.mark.parametrize("place", ["http://[::1", "//", "http://a:b:c/%zz", "\x80\xff", ""])
    @pytest.mark.parametrize("verb", ["GET", "POST"])
    def test_a_redirect_to_what_is_no_address_is_told_too(self, web, send, says, verb, place):
        web.says(says(302, b"", {"Location": place}))
        error = fails(send, verb)
        assert isinstance(error, errors.ApiError) and error.status == 302 and "a redirect to" in str(error)
        assert len(web.asked) == 1

    def test_netrc_is_not_read(self, web, send, home):
        (home / ".netrc").write_text("machine 127.0.0.1 login somebody password sandbox-netrc\n")
        (home / ".netrc").chmod(0o600)
        assert requests.utils.get_netrc_auth(web.url) == ("somebody", "sandbox-netrc")  # so it would be found
        send()
        assert "authorization" not in web.asked[0].headers

    @pytest.mark.parametrize("verb", VERBS)
    def test_check_mode_writes_nothing(self, web, send, verb):
        if verb == "GET":
            send(verb, options={"read_only": True})
            assert len(web.asked) == 1
        else:
            with pytest.raises(errors.WriteRefused, match="check mode tried %s" % verb):
                send(verb, options={"read_only": True})
            assert not web.asked

    @pytest.mark.parametrize("path, body, passes", [
        ("/identity/v2.0/tokens", {"auth": {}}, True),
        ("/identity/v3/auth/tokens", {"auth": {}}, True),
        ("/servers/1/action", {"os-getConsoleOutput": {"length": 5}}, True),
        ("/servers/1/action", {"os-getConsoleOutput": {}, "reboot": {}}, False),
        ("/servers/1/action", {"reboot": {"type": "SOFT"}}, False),
        ("/servers", {"auth": {}}, False),
        ("/servers/tokens", {"server": {}}, False),
        ("/users/RAX-AUTH/change-pwd", {"auth": {}}, False),
    ])
    def test_posts_that_only_read(self, web, send, path, body, passes):
        if passes:
            send("POST", path, body=body, options={"read_only": True})
        else:
            with pytest.raises(errors.WriteRefused):
                send("POST", path, body=body, options={"read_only": True})
        assert len(web.asked) == passes

    @pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://127.8.9.10:1/", "http://localhost:1/", "http://[::1]:1/", "https://x.invalid/"])
    def test_addresses_that_are_accepted(self, url):
        transport.Transport().check_address(url)

    @pytest.mark.parametrize("url", [
        "http://identity.example.invalid/v2.0", "http://127.0.0.1.example.invalid/", "http://10.0.0.1/", "http://localhost.example.invalid/",
        "http://128.0.0.1/", "HTTP://example.invalid/"])
    def test_plain_http_is_refused_beyond_loopback(self, url):
        error = fails(transport.Transport().send, "POST", url, Json, body={"auth": {"password": "sandbox-password"}})
        assert isinstance(error, errors.BadInput) and "is plain http" in str(error) and "allow_http: true" in str(error)
        assert "sandbox-password" not in str(error)
        transport.Transport(allow_http=True).check_address(url)

    @pytest.mark.parametrize("url", ["identity.example.invalid/v2.0", "ftp://example.invalid/", "", "https://", "http://[::1", "/v2.0"])
    def test_what_is_no_address(self, url):
        error = fails(transport.Transport().send, "GET", url, Json)
        assert isinstance(error, errors.BadInput) and "is not an http or https address" in str(error)

    @pytest.mark.parametrize("token", ["sandbox-token\n", "sandbox\r\nX-Evil: 1", " sandbox-token", "sandbox-tökén-☃"])
    def test_a_token_that_no_header_can_carry_is_not_shown(self, web, clock, token):
        error = fails(transport.Transport().send, "GET", web.url, Json, headers={"X-Auth-Token": token})
        assert isinstance(error, errors.BadInput) and "the token cannot be sent" in str(error)
        assert "sandbox" not in str(error) and "\n" not in str(error)
        assert not web.asked and not clock.rests


class TestVerification:
    def send(self, web, **options):
        return transport.Transport(timeout=5, retries=2, **options).send("GET", web.url + "/v2", Json)

    def test_a_certificate_that_nobody_signed_is_refused(self, tls_web, clock):
        error = fails(self.send, tls_web)
        assert isinstance(error, errors.Unreachable) and not error.passing and not clock.rests
        message = str(error)
        assert "TLS with 127.0.0.1:" in message and "self-signed certificate" in message
        assert "ca_cert" in message and "validate_certs: false would accept anybody" in message
        assert not tls_web.asked

    def test_its_own_authority_is_trusted(self, tls_web, certificate):
        assert self.send(tls_web, verify=certificate[0]).status == 200

    @pytest.mark.filterwarnings("error")
    def test_verification_may_be_turned_off_without_a_warning_each_time(self, tls_web):
        assert self.send(tls_web, verify=False).status == 200

    @pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
    def test_the_environment_cannot_widen_whom_we_trust(self, tls_web, certificate, clock, monkeypatch, name):
        monkeypatch.setenv(name, certificate[0])
        assert requests.get(tls_web.url, timeout=5).status_code == 200  # so it would be heard
        assert "TLS with" in str(fails(self.send, tls_web))

    def test_the_environment_cannot_undo_what_the_user_chose(self, tls_web, certificate, monkeypatch, tmp_path):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nothing"))
        assert self.send(tls_web, verify=certificate[0]).status == 200

    def test_a_bundle_that_holds_no_certificate(self, tls_web, clock, tmp_path):
        (tmp_path / "ca.pem").write_text("no certificate")
        assert "ca_cert" in str(fails(self.send, tls_web, verify=str(tmp_path / "ca.pem")))

    def test_plain_http_where_tls_is_spoken(self, web, clock):
        with pytest.raises(errors.Unreachable, match="TLS with 127.0.0.1"):
            transport.Transport(retries=2).send("GET", web.url.replace("http:", "https:"), Json)
        assert not clock.rests

    def test_tls_that_breaks_after_the_request_was_sent(self, certificate, clock):
        """The answer comes in the clear: OpenSSL takes that for a damaged record."""
        with Breaking(certificate) as server:
            error = fails(transport.Transport(timeout=5, retries=2, verify=certificate[0]).send, "POST", server.url, Json, body={"server": {}})
            assert isinstance(error, errors.LostAnswer) and error.passing and "may have happened" in str(error)
            assert len(server.heard) == 1 and not clock.rests
            with pytest.raises(errors.LostAnswer):
                transport.Transport(timeout=5, retries=2, verify=certificate[0]).send("GET", server.url, Json)
            assert len(server.heard) == 4


class Breaking:
    """A server that does the handshake of TLS where there is a certificate, and the part of a proxy before it where `tunnel` says so; it
    reads one request and then breaks: by bytes that are no TLS, or by an end without an answer. ``heard``: the requests that it read."""

    def __init__(self, certificate=None, tunnel=False):
        self.heard, self.context, self.tunnel = [], None, tunnel
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*certificate)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "%s://127.0.0.1:%d" % ("https" if certificate and not tunnel else "http", self.listener.getsockname()[1])

    def __enter__(self):
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_raised):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def serve(self):
        while True:
            try:
                raw = self.listener.accept()[0]
            except OSError:
                return
            with raw:
                self.answer(raw)

    def answer(self, raw):
        if self.tunnel:
            raw.recv(65536)
            raw.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        wire = self.context.wrap_socket(raw, server_side=True) if self.context else raw
        heard = wire.recv(65536)
        while heard.startswith(b"POST") and not heard.endswith(b"}"):
            heard += wire.recv(65536)
        self.heard.append(heard.split(b" ")[0].decode())
        if self.context and not self.tunnel:
            raw = socket.socket(fileno=wire.detach())
            raw.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            raw.close()
        elif self.context:
            wire.close()


class TestProxies:
    @pytest.fixture(autouse=True)
    def nothing_is_local(self, monkeypatch):
        monkeypatch.setenv("no_proxy", "")

    def test_the_proxy_of_the_environment_is_used(self, web, says, monkeypatch, clock):
        monkeypatch.setenv("http_proxy", web.url)
        web.says(says(200, {"by": "proxy"}))
        assert transport.Transport(allow_http=True).send("GET", "http://cloud.invalid/v2", Json).data == {"by": "proxy"}
        assert web.asked[0].path == "http://cloud.invalid/v2"

    def test_except_where_no_proxy_says_so(self, web, other_web, monkeypatch, clock):
        monkeypatch.setenv("http_proxy", other_web.url)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        transport.Transport().send("GET", web.url, Json)
        assert len(web.asked) == 1 and not other_web.asked

    def test_a_proxy_that_does_not_answer(self, monkeypatch, clock, closed_port):
        monkeypatch.setenv("https_proxy", "http://somebody:sandbox-password@127.0.0.1:%d" % closed_port)
        error = fails(transport.Transport(retries=1).send, "POST", "https://cloud.invalid/v2", Json)
        assert isinstance(error, errors.Unreachable) and "The proxy for cloud.invalid does not answer" in str(error)
        assert "sandbox-password" not in str(error) and len(clock.rests) == 1

    @pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "all_proxy"])
    @pytest.mark.parametrize("address", [
        "http://somebody:sandbox-password/with-a-slash@127.0.0.1:1", "http://somebody:sandbox-password?x@127.0.0.1:1", "somebody:sandbox-password@127.0.0.1:x",
        "http://somebody:sandbox-password#x@127.0.0.1:1", "http://somebody:sandbox\\password@127.0.0.1:1", "http://somebody:12/sandbox-password@127.0.0.1:1",
        "http://somebody:sandbox-password@[::1", "gopher://somebody:sandbox-password@127.0.0.1:1", "http://", "http://somebody:sandbox password@127.0.0.1:1"])
    def test_a_proxy_whose_address_is_none(self, monkeypatch, clock, variable, address):
        monkeypatch.setenv(variable, address)
        error = fails(transport.Transport(retries=2).send, "GET", "https://cloud.invalid/v2", Json)
        named = variable.lower()
        assert isinstance(error, errors.BadInput) and "the proxy for cloud.invalid is no address. Correct the variable %s of" % named in str(error)
        assert not any(word in str(error) for word in ("somebody", "sandbox", "gopher", "auth_url")) and not clock.rests

    @pytest.mark.parametrize("address", ["http://proxy.invalid:3128", "proxy.invalid:3128", "https://a:b%2Fc@proxy.invalid", "socks5h://[::1]:1080",
                                         "http://a:b@c/"])
    def test_what_is_an_address_of_a_proxy(self, address):
        transport.check_proxy("https://cloud.invalid/v2", {"https": address})

    def test_a_proxy_that_quotes_its_login(self, web, says, monkeypatch, clock):
        monkeypatch.setenv("http_proxy", web.url.replace("//", "//somebody:sandbox%2Fpassword@"))
        web.says(says(502, {"error": {"message": "sandbox/password of somebody:sandbox%2Fpassword is wrong (c29tZWJvZHk6c2FuZGJveC9wYXNzd29yZA==)"}}))
        error = fails(transport.Transport(retries=0, allow_http=True).send, "GET", "http://cloud.invalid/v2", Json)
        assert "is wrong" in str(error) and "sandbox" not in str(error) and "c29t" not in str(error)

    def test_a_proxy_that_refuses(self, web, says, monkeypatch, clock):
        monkeypatch.setenv("https_proxy", web.url)
        web.says(says(407))
        error = fails(transport.Transport(retries=0).send, "GET", "https://cloud.invalid/v2", Json)
        assert "The proxy for cloud.invalid" in str(error) and "407" in str(error)

    @pytest.mark.parametrize("tunnel", [False, True])
    def test_a_connection_that_breaks_behind_a_proxy_after_the_request_was_sent(self, certificate, monkeypatch, clock, tunnel):
        with Breaking(certificate if tunnel else None, tunnel) as proxy:
            monkeypatch.setenv("http_proxy", proxy.url)
            monkeypatch.setenv("https_proxy", proxy.url)
            wire = transport.Transport(timeout=5, retries=2, verify=certificate[0], allow_http=True)
            url = "https://127.0.0.1:1/v2" if tunnel else "http://cloud.invalid/v2"
            error = fails(wire.send, "POST", url, Json, body={"server": {}}, makes=True)
            assert isinstance(error, errors.LostAnswer) and "It may have happened all the same" in str(error)
            assert proxy.heard == ["POST"] and not clock.rests
            assert isinstance(fails(wire.send, "GET", url, Json), errors.LostAnswer)
            assert proxy.heard == ["POST"] + ["GET"] * 3

    def test_a_proxy_that_makes_no_tunnel(self, web, says, monkeypatch, clock):
        """Nothing got through to the service, so every verb is tried again."""
        monkeypatch.setenv("https_proxy", web.url)
        web.says(says(how="reset"))
        error = fails(transport.Transport(retries=2).send, "POST", "https://cloud.invalid/v2", Json)
        assert isinstance(error, errors.Unreachable) and [asked.method for asked in web.asked] == ["CONNECT"] * 3
