# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Secrets in what services write: in every form in which they quote a request, and nothing else taken out."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, masking, transport
from ansible_collections.rackspace.cloud.plugins.module_utils.codec import Json

SECRET = "Sand box/\"pass'w\\ord\" <ä>&+%"
WRITTEN = {
    "plain": SECRET, "json": json.dumps(SECRET), "json in unicode": json.dumps(SECRET, ensure_ascii=False), "repr": repr(SECRET),
    "html": html.escape(SECRET), "json in html": html.escape(json.dumps({"password": SECRET})), "url": quote(SECRET, safe=""), "path": quote(SECRET),
    "form": quote_plus(SECRET), "base64": base64.b64encode(SECRET.encode()).decode(), "urlsafe": base64.urlsafe_b64encode(SECRET.encode()).decode(),
    "header": "X-Auth-Token: %s\r\n" % SECRET, "a body within a body": json.dumps(json.dumps(SECRET)),
    "base64 of a body": base64.b64encode(json.dumps({"auth": {"password": SECRET}}).encode()).decode(),
}
BODY = {"auth": {"passwordCredentials": {"username": "somebody", "password": SECRET}, "tenantId": "123456"}}


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("kind", [str, str.encode], ids=["text", "bytes"])
def test_a_secret_is_found_in_every_form(form, kind):
    text = "before %s after" % WRITTEN[form]
    masked = masking.masked(kind(text), [SECRET])
    masked = masked.decode() if isinstance(masked, bytes) else masked
    assert masking.MASK in masked and masked.startswith("before ") and masked.endswith(" after")
    assert "box" not in masked and WRITTEN[form] not in masked


# Long words, and one that holds no letter of its own kind in base64.
@pytest.mark.parametrize("secret", ["S3cretpass99", "sandbox-password", "ÿþÿ?>>?ÿþ"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode, lambda raw: quote(base64.b64encode(raw), safe="").encode()],
                         ids=["plain", "urlsafe", "in an address"])
@pytest.mark.parametrize("around", ["", "a", "ab", "abc", "user:"], ids=repr)
@pytest.mark.parametrize("before", ["", "/", "path /v2/x/", "a-", "ab_", "x=y&z=/-_/"], ids=repr)
def test_base64_is_found_wherever_it_begins(secret, encode, around, before):
    written = encode((around + secret + around).encode()).decode()
    masked = masking.masked("said: %s%s, and no more" % (before, written), [secret])
    assert written.strip("=")[:-4] not in masked and masking.MASK in masked
    assert masked.startswith("said: ") and masked.endswith(", and no more")


# What a secret becomes where services escape a request in ways of their own, perhaps once more on the way.
ODD = "Sun&Moon<5>/it's \"caf\u00e9\" \\+ 1\U0001f600"
CODED = "".join("\\u%04x" % int.from_bytes(ODD.encode("utf-16-be")[at:at + 2], "big") for at in range(0, len(ODD.encode("utf-16-be")), 2))
ESCAPED = {
    "json of Go and Gson": "".join("\\u%04x" % ord(letter) if letter in "<>&'=" else letter for letter in json.dumps(ODD, ensure_ascii=False)),
    "json of PHP": json.dumps(ODD).replace("/", "\\/"), "json in capitals": json.dumps(ODD).replace("00e9", "00E9").replace("d83d", "D83D"),
    "all in unicode": CODED, "a body within a body within a body": json.dumps(json.dumps(json.dumps(ODD).replace("/", "\\/"))),
    "lower-case percent": quote(ODD, safe="").lower().replace("sun", "Sun").replace("moon", "Moon"), "percent twice": quote(quote(ODD, safe=""), safe=""),
    "a form in lower case": quote_plus(ODD).replace("%2F", "%2f"), "latin-1 in percent": quote(ODD[:24], safe="", encoding="latin-1", errors="replace"),
    "entities": "".join("&#%d;" % ord(letter) if not letter.isalnum() else letter for letter in ODD),
    "hexadecimal entities": "".join("&#x%X;" % ord(letter) if not letter.isalnum() else letter for letter in ODD),
    "entities in json": json.dumps({"said": html.escape(ODD).replace("&", "\\u0026")}).replace("\\\\u", "\\u"),
    "quotes with a backslash": ODD.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"'),
    "repr of bytes": repr(ODD.encode()), "repr in ascii": ascii(ODD),
}


@pytest.mark.parametrize("form", ESCAPED)
@pytest.mark.parametrize("kind", [str, str.encode], ids=["text", "bytes"])
def test_a_secret_is_found_however_it_is_escaped(form, kind):
    secret = ODD[:24] if form == "latin-1 in percent" else ODD
    assert secret not in ESCAPED[form]
    masked = masking.masked(kind("before %s after" % ESCAPED[form]), [secret])
    masked = masked.decode() if isinstance(masked, bytes) else masked
    assert masked in (masking.UNSHOWN, "before %s after" % masking.MASK) or masking.MASK in masked and "Moon" not in masked


def test_base64_is_found_in_json_that_escapes_it():
    written = base64.b64encode("sandbox ÿþÿ?>>?ÿþ password".encode()).decode()
    assert "/" in written.strip("/")
    assert masking.masked("said: " + written.replace("/", "\\/").replace("=", "\\u003d"), ["sandbox ÿþÿ?>>?ÿþ password"]) == masking.UNSHOWN


@pytest.mark.parametrize("secret", ["%%%%%%", "\\\\\\\\", "%41%42%43%44%45", "&amp;&lt;", "a+b c", "a\\nb\tc", "\\u0041\\u0042"])
def test_a_secret_that_looks_escaped_itself_is_found_and_nothing_else(secret):
    text = "the image 3afe97b2-26dc-49c5-a2cc-a2fc8d80c001 (50%) of \\\\host\\share & more: {\"a\": \"\\u00e9\"}"
    assert masking.masked(text, [secret]) == text
    for written in (secret, json.dumps(secret), quote(secret, safe=""), html.escape(secret)):
        assert written not in masking.masked("said: %s, and no more" % written, [secret])


def test_an_endless_run_of_escapes_takes_no_time():
    for text in ("%25" * 300_000, "\\" * 1_000_000, "\\u005c" * 150_000, "&amp;" * 200_000, "&" * 1_000_000):
        assert masking.masked(text, ["Sun&Moon<5>"]) == text


def test_long_paths_without_a_secret_are_left():
    text = "GET /v2/123456/servers/3afe97b2-26dc-49c5-a2cc-a2fc8d80c001/metadata/c2FuZGJveC1uYW1l was answered 404"
    assert masking.masked(text, ["S3cretpass99", "sandbox-password"]) == text


def test_where_a_form_is_not_known_nothing_is_shown():
    assert masking.masked("You sent %s." % "/".join("Sandbox1password+more"), ["Sandbox1password+more"]).startswith("You sent")
    for said in ("<Sandbox1password and more>", "Sandbox1password\\\\\\+more"):
        assert masking.masked("You sent %s." % said, ["Sandbox1password+more"]) == masking.UNSHOWN


@pytest.mark.parametrize("text", ["Wrong user name or password.", "Invalid password in the sandbox", "the image 3afe97b2-26dc-49c5-a2cc-a2fc8d80c001"])
def test_words_that_a_secret_has_in_common_with_everybody_are_left(text):
    assert masking.masked(text, ["sandbox-password", "password of everybody", "sandbox-api-key"]) == text


@pytest.mark.parametrize("secret", ["", None, "abc"])
def test_what_is_no_secret_to_speak_of_is_left(secret):
    assert masking.masked("abc and more", [secret]) == "abc and more"


@pytest.mark.parametrize("headers, body, secrets", [
    ({"X-Auth-Token": "t1", "Accept": "text"}, None, ["t1"]),
    ({"x-sessionid": "s1"}, {"auth": {"RAX-AUTH:passcodeCredentials": {"passcode": "123456"}}}, ["s1", "123456"]),
    ({}, BODY, [SECRET]),
    ({}, {"auth": {"token": {"id": "t2"}, "tenantId": "1"}}, ["t2"]),
    ({}, {"server": {"adminPass": "a", "user_data": "b", "personality": [{"path": "/x", "contents": "c"}], "name": "d", "metadata": {"id": "e"}}},
     ["a", "b", "c"]),
    ({}, {"user": {"OS-KSADM:password": "p", "username": "u"}}, ["p"]),
    ({}, ["no", "secret"], []),
    (None, None, []),
])
def test_what_counts_as_the_secrets_of_a_request(headers, body, secrets):
    assert masking.sent(headers, body) == secrets


def test_queries_and_paths():
    assert masking.query("name=web%201&api_key=1&Token=2&marker=3&x-signature=4") == "name=web+1&api_key=********&Token=********&marker=3&x-signature=********"
    assert masking.path("/v2.0/tokens/abc/endpoints") == "/v2.0/tokens/********/endpoints"
    assert masking.path("/v2.0/tokens") == "/v2.0/tokens"


@pytest.mark.parametrize("status, kind", [(400, "application/json"), (401, "text/html"), (404, "text/plain"), (500, "application/json"), (200, "text/html")])
@pytest.mark.parametrize("form", ["plain", "html", "url", "base64"])
def test_a_service_that_quotes_the_request_gives_nothing_away(rackspace, status, kind, form):
    cloud = rackspace.connect(api_retries=0, **rackspace.LOGINS["rackspace"])
    write = {"plain": str, "html": html.escape, "url": quote, "base64": lambda text: base64.b64encode(text.encode()).decode()}[form]
    said = "You sent %s." % write(cloud.access.token)
    rackspace.fault(path="/servers", times=9, status=status, body={"badRequest": {"message": said}} if "json" in kind else said,
                    headers={"Content-Type": kind})
    cloud.renew = lambda refused: None
    with pytest.raises(errors.CloudError) as refused:
        cloud.compute.get("/servers")
    assert "You sent ********" in str(refused.value)


def test_a_redirect_gives_nothing_away(rackspace):
    cloud = rackspace.connect(**rackspace.LOGINS["rackspace"])
    rackspace.fault(path="/servers", status=302, headers={"Location": "https://elsewhere.example/%s?session=sandbox-session" % cloud.access.token})
    with pytest.raises(errors.ApiError) as refused:
        cloud.compute.get("/servers")
    assert "https://elsewhere.example/********" in str(refused.value) and "sandbox-session" not in str(refused.value)


@pytest.mark.parametrize("url", ["https://somebody:sandbox-password@cloud.example/v2", "http://somebody:sandbox-password@cloud.example/v2",
                                 "ftp://somebody:sandbox-password@cloud.example/v2", "ftp://somebody:sandbox-pass/word@cloud.example/v2"])
@pytest.mark.parametrize("allow_http", [True, False])
def test_no_request_goes_to_an_address_with_a_login(url, allow_http):
    with pytest.raises(errors.BadInput) as refused:
        transport.Transport(allow_http=allow_http).send("GET", url, Json)
    assert "cloud.example" in str(refused.value) and "sandbox-pass" not in str(refused.value)


@pytest.mark.parametrize("option", ["auth_url", "compute_endpoint"])
@pytest.mark.parametrize("password", ["sandbox-password", "sandbox-pass/word", "sandbox-p@ss"])
def test_a_login_in_an_address_is_refused_unseen(rackspace, option, password):
    with pytest.raises(errors.BadInput) as refused:
        rackspace.connect(**dict(rackspace.LOGINS["rackspace"], **{option: "https://somebody:%s@cloud.example/v2.0" % password}))
    assert option in str(refused.value) and "cloud.example" in str(refused.value) and "sandbox-p" not in str(refused.value)
