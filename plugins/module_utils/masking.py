# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Secrets blanked out of what others say: the words of a fault that quotes the request, the path and query of a call.

Ansible blanks out the options that are secrets, and only as they were written. It knows nothing of a login that comes from a
file or the environment, of a token, or of a form in which a service quotes them. Loaded only when something goes wrong or is traced.
"""

from __future__ import annotations

import base64
import html
import json
import re
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlencode

MASK = "********"
HEADERS = ("x-auth-token", "x-subject-token", "x-sessionid", "openstack-auth-receipt", "authorization", "x-service-token")
# Keys of request bodies whose text is a secret, in lower case; under "token" it is the id.
FIELDS = {"password", "original_password", "os-ksadm:password", "adminpass", "admin_pass", "apikey", "passcode", "secret", "user_data",
          "contents", "private_key"}
PARAMETER = re.compile(r"token|secret|passw|passc|passphrase|api_?key|signature|sig$|auth", re.IGNORECASE)
SHORTEST = 4  # letters; blanking out something shorter would only make a text unreadable
ENCODED = re.compile(r"(?:[A-Za-z0-9+/_-]|%2[BbFf]){6,}(?:=|%3[Dd]){0,2}")  # perhaps base64, or a path with some in it
# Parts of a secret that look the same in every form, and are no words that anybody might use.
WORDS = re.compile(r"(?=[A-Za-z]*[0-9]|[A-Za-z]{16})[A-Za-z0-9]{8,}")
UNSHOWN = "(it quotes the request, with its secrets, and is not shown)"
# Letters behind backslashes, as many as there are when a body stands within a body: bytes, halves of UTF-16, whole code points; else one alone.
BACKSLASHED = re.compile(r"(?:\\+x[0-9a-fA-F]{2})+|(?:\\+u[0-9a-fA-F]{4})+|(?:\\+U[0-9a-fA-F]{8})+|\\+[nrtbf]?")
WRITTEN_IN = {"x": ("utf-8", "surrogateescape"), "u": ("utf-16-be", "replace"), "U": ("utf-32-be", "replace")}
CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
LAYERS = 5  # escapings of escapings that are undone
NO_UTF_8 = {0xdc00 + byte: byte for byte in range(0x80, 0x100)}  # bytes that surrogateescape kept, as the letters that they are in Latin-1
AFTER_TOKENS = re.compile(r"(/tokens/)[^/?]+")


def sent(headers, body):
    """The secrets of a request: what its headers and its body carry."""
    found = [value for name, value in (headers or {}).items() if name.lower() in HEADERS]
    return found + list(leaves(body))


def leaves(data, key=None):
    """The secret texts in the data of a body."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from leaves(value, "secret" if key == "token" and name == "id" else str(name).lower())
    elif isinstance(data, (list, tuple)):
        for item in data:
            yield from leaves(item, key)
    elif isinstance(data, str) and key in FIELDS:
        yield data


def forms(secret):
    """A secret in the forms that services mostly give it, as a set: these are blanked out alone, and what is around them stays."""
    found = {secret, repr(secret)[1:-1]}
    for plain in (True, False):
        once = json.dumps(secret, ensure_ascii=plain)[1:-1]
        found |= {once, json.dumps(once, ensure_ascii=plain)[1:-1]}  # a body within a body
    found |= {escaped(form).replace("&#x27;", quote_mark) for form in found for quote_mark in ("&#x27;", "&#39;", "&apos;", "'")}
    raw = secret.encode("utf-8", "surrogatepass")
    return found | {quote(raw, safe=""), quote(raw), quote_plus(raw)}


def escaped(text):
    """As HTML, and as XML but for the quotation mark."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#x27;")


def bare(text):
    """A text with all escaping undone: entities, percents, backslashes, in each other too. To compare with, and not to show: the bare form of
    a secret is the same however it was escaped, but what looks escaped and is not is changed as well."""
    for _layer in range(LAYERS):
        before, text = text, BACKSLASHED.sub(without_backslashes, unquote(html.unescape(text), errors="surrogateescape"))
        if text == before:
            break
    return text.translate(NO_UTF_8)


def without_backslashes(match):
    """What a match of BACKSLASHED stands for."""
    parts = [part for part in match.group().split("\\") if part]
    if not parts or parts[0] in CONTROLS:
        return CONTROLS[parts[0]] if parts else ""
    return bytes.fromhex("".join(part[1:] for part in parts)).decode(*WRITTEN_IN[parts[0][0]])


def holds(text, secret):
    """Whether a bare text holds a bare secret. A form has a + for a blank."""
    secret = secret.replace("+", " ")
    return len(secret) >= SHORTEST and secret in text.replace("+", " ")


def masked(text, secrets):
    """A text, or its bytes, without any of these secrets, in whatever form. Where a form is not one of the usual, nothing of the text is left."""
    if isinstance(text, bytes):
        return masked(text.decode("utf-8", "surrogateescape"), secrets).encode("utf-8", "surrogateescape")
    known = [str(secret) for secret in secrets if secret and len(str(secret)) >= SHORTEST]
    for form in sorted({form for secret in known for form in forms(secret)}, key=len, reverse=True):
        text = text.replace(form, MASK)
    within = {core for secret in known for form in (secret, json.dumps(secret)[1:-1]) for core in cores(form.encode("utf-8", "surrogatepass"))}
    text = ENCODED.sub(lambda run: MASK if any(core in standard(run.group()) for core in within) else run.group(), text)
    return UNSHOWN if known and tells(text, known, within) else text


def tells(text, known, within):
    """Whether a text holds a secret still, in a form of its own. known: the secrets; within: what stands in base64 that holds one."""
    plain = bare(text)
    return (any(word in text for secret in known for word in WORDS.findall(secret)) or any(holds(plain, bare(secret)) for secret in known)
            or any(core in standard(run) for run in ENCODED.findall(plain) for core in within))


def cores(raw):
    """What stands in the base64 of any text that holds these bytes, by where in a group of three they begin. Letters that hold bits of
    what is before or behind them are left out."""
    for before in range(3):
        bits = 8 * (before + len(raw))
        yield base64.b64encode(b"\0" * before + raw).decode()[-(-8 * before // 6):bits // 6]


def standard(run):
    """A run of letters in the alphabet of plain base64."""
    for form, letter in (("%2B", "+"), ("%2b", "+"), ("%2F", "/"), ("%2f", "/"), ("-", "+"), ("_", "/")):
        run = run.replace(form, letter)
    return run


def path(text):
    """The path of an address without a token in it: Identity puts them there."""
    return AFTER_TOKENS.sub(r"\1" + MASK, text)


def query(text):
    """A query without the values of parameters that are called like secrets."""
    return urlencode([(name, MASK if PARAMETER.search(name) else value) for name, value in parse_qsl(text, keep_blank_values=True)], safe="*/:,")
