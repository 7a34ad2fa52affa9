# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Whatever a service answers: faults, waits, dates, catalogs and pages in any shape end in a result or an error of ours, never in a crash."""

from __future__ import annotations

import json

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from ansible_collections.rackspace.cloud.plugins.module_utils import api, codec, errors, identity, records, transport, wait

QUICK = settings(max_examples=60, deadline=None, derandomize=True,
                 suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
LONGEST = 4000  # letters of an error message
TEXT = st.text(max_size=40) | st.sampled_from([
    "\x00", "{{ 7 * 7 }}", "{% raw %}", "<script>x</script>", "%s%d", "\u202e", "\ud7ff", "a" * 5000, "\r\nX: 1", "None"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8)
LOGIN = {"auth_url": "http://127.0.0.1:1/v3", "token": "sandbox-token", "compute_endpoint": "http://127.0.0.1:1/v2.1", "token_cache": False}


class Says(BaseAdapter):
    """Answers every request with the next of these (status, headers, body), the last one for ever."""

    def __init__(self, *answers):
        super().__init__()
        self.answers = list(answers)
        self.asked = 0

    def send(self, request, **_unused):
        status, headers, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.asked += 1
        answer = requests.Response()
        answer.status_code = status
        answer.headers = CaseInsensitiveDict(headers)
        answer._content = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer.url = request.url
        answer.request = request
        return answer

    def close(self):
        """Nothing is open."""


def session(*answers):
    made = requests.Session()
    made.mount("http://", Says(*answers))
    return made


def ended(function, *arguments):
    """The result of something, or the error of ours that it ended in, whose message is finite."""
    try:
        return function(*arguments)
    except errors.CloudError as error:
        assert 0 < len(str(error)) < LONGEST
        assert json.dumps(error.as_result())
        return error


@pytest.fixture(autouse=True)
def rested(monkeypatch):
    """The seconds that somebody would have rested."""
    rests = []
    monkeypatch.setattr(wait, "rest", rests.append)
    return rests


KINDS = st.sampled_from(["application/json", "text/html; charset=utf-8", "text/plain; charset=none-such", "", "application/json; charset=utf-16",
                         "text/plain; charset=idna", "text/plain; charset=undefined", "text/plain; charset=\"utf-8", "text/plain; charset=utf-7"])
BODIES = st.binary(max_size=200) | JSON | st.fixed_dictionaries({"badRequest": JSON}) | st.fixed_dictionaries(
    {"error": st.fixed_dictionaries({"message": TEXT, "code": JSON, "title": JSON})})


@QUICK
@given(status=st.sampled_from([200, 202, 204, 300, 302, 400, 401, 403, 404, 409, 413, 429, 500, 503, 599]), kind=KINDS, body=BODIES)
def test_faults_and_bodies(status, kind, body):
    sender = transport.Transport(retries=1, session=session((status, {"Content-Type": kind}, body)))
    answer = ended(sender.send, "GET", "http://127.0.0.1:1/x", codec.Json)
    assert isinstance(answer, (transport.Answer, errors.CloudError))


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("deep", [50, 150, 3000, 100_000])
def test_what_is_nested_deep_is_handed_out_or_refused(status, deep):
    body = b'{"server": ' + b'{"a": [' * deep + b"1" + b"]}" * deep + b"}"
    sender = transport.Transport(retries=0, session=session((status, {"Content-Type": "application/json"}, body)))
    answer = ended(sender.send, "GET", "http://127.0.0.1:1/x", codec.Json)
    if status == 200 and deep == 50:
        assert records.record(answer.data)
    else:
        assert isinstance(answer, errors.BadAnswer if status == 200 else errors.ApiError)


@pytest.mark.parametrize("body", [{"badRequest": {"message": "x" * 1_000_000}}, {"message": "x" * 1_000_000},
                                  {"error": {"title": "x" * 1_000_000, "message": "y"}}, b"<p>" * 300_000 + b"x" * 1_000_000])
def test_a_long_fault_gives_a_short_message(body):
    kind = "text/html" if isinstance(body, bytes) else "application/json"
    sender = transport.Transport(retries=0, session=session((400, {"Content-Type": kind}, body)))
    assert isinstance(ended(sender.send, "GET", "http://127.0.0.1:1/x", codec.Json), errors.ApiError)


WAITS = st.from_regex(r"-?[0-9]{1,400}(\.[0-9]+)?", fullmatch=True) | TEXT | st.from_regex(
    r"(Mon|Xyz), [0-9]{1,3} (Jan|Foo) [0-9]{1,6} [0-9]{1,3}:[0-9]{2}:[0-9]{2} (GMT|[+-][0-9]{1,8})", fullmatch=True)


@QUICK
@given(status=st.sampled_from([413, 429, 503]), header=WAITS, date=WAITS, field=JSON)
def test_a_wait_is_finite_whatever_is_asked(rested, status, header, date, field):
    rested.clear()
    headers = {"Retry-After": header, "Date": date, "Content-Type": "application/json"}
    sender = transport.Transport(retries=2, session=session((status, headers, {"overLimit": {"message": "slow", "retryAfter": field, "retryAt": field}})))
    assert isinstance(ended(sender.send, "GET", "http://127.0.0.1:1/x", codec.Json), errors.ApiError)
    assert all(0 < seconds <= transport.LONGEST_RETRY_AFTER for seconds in rested) and len(rested) <= 2


@QUICK
@given(text=WAITS | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,40})? ?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?", fullmatch=True))
def test_a_date_is_a_moment_or_none(text):
    moment = wait.moment(text)
    assert moment is None or (isinstance(moment, float) and abs(moment) < 1e15)
    if moment is not None:
        assert identity.expiry(text) == moment


ENDPOINTS = st.lists(st.fixed_dictionaries({}, optional={
    "publicURL": TEXT | st.just("http://127.0.0.1:1/v2/1"), "region": JSON, "interface": JSON, "url": JSON, "region_id": JSON}) | JSON, max_size=3)
SERVICES = st.lists(st.fixed_dictionaries({}, optional={"type": st.just("compute") | JSON, "name": JSON, "endpoints": ENDPOINTS | JSON}) | JSON, max_size=3)


@QUICK
@given(version=st.sampled_from(["v2.0", "v3"]), services=SERVICES | JSON, token=st.fixed_dictionaries({}, optional={
    "id": TEXT, "expires": TEXT, "expires_at": TEXT, "tenant": JSON, "project": JSON, "user": JSON}) | JSON, user=JSON, region=st.none() | TEXT)
def test_catalogs(version, services, token, user, region):
    if version == "v2.0":
        body = {"access": {"token": token, "serviceCatalog": services, "user": user}}
    else:
        body = {"token": dict({"expires_at": "2030-01-01T00:00:00Z"}, **dict(token if isinstance(token, dict) else {}, catalog=services, user=user))}
    options = {"auth_url": "http://127.0.0.1:1/" + version, "username": "a", "password": "sandbox-password", "token_cache": False, "region": region}
    cloud = api.connect(options, session=session((200, {"Content-Type": "application/json", "X-Subject-Token": "sandbox-token"}, body)), environ={})
    access = ended(lambda: cloud.access)
    if not isinstance(access, errors.CloudError):
        ended(lambda: (access.regions(), access.is_rackspace, cloud.region, cloud.compute.base))


HREFS = TEXT | st.from_regex(r"http://[a-z]+/\?marker=[0-9]", fullmatch=True) | JSON
LINKS = st.lists(st.fixed_dictionaries({}, optional={"rel": st.just("next") | JSON, "href": HREFS}) | JSON, max_size=2)
ITEMS = st.lists(st.fixed_dictionaries({}, optional={"id": JSON, "name": JSON}) | JSON, max_size=2)


@QUICK
@given(pages=st.lists(st.tuples(ITEMS | JSON, LINKS | JSON), min_size=1, max_size=4))
def test_pages(pages):
    answers = [(200, {"Content-Type": "application/json"}, {"servers": items, "servers_links": links}) for items, links in pages]
    last = (200, {"Content-Type": "application/json"}, {"servers": []})
    cloud = api.connect(LOGIN, session=session(*answers, last), environ={})
    found = ended(cloud.compute.everything, "/servers", "servers")
    assert isinstance(found, (list, errors.CloudError))


@QUICK
@given(raw=st.dictionaries(TEXT | st.sampled_from(["addresses", "metadata", "image", "config_drive", "OS-EXT-STS:task_state", "links", "::", "a:"]),
                           JSON, max_size=5))
def test_records(raw):
    before = json.dumps(raw)
    made = records.record(raw)
    assert isinstance(made, dict) and json.dumps(raw) == before and not {"links", "admin_pass", "user_data", "private_key"} & set(made)
