# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Secrets blanked out of what others say: the words of a fault that quotes the request, the path and query of a call.

Ansible blanks out the options that are secrets, and only as they were written. It knows nothing of a login that comes from a
file or the environment, of a token, or of a form in which a service quotes them. Loaded only when something goes wrong or is traced.
"""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

MASK = "********"
HEADERS = ("x-auth-token", "x-subject-token", "x-sessionid", "openstack-auth-receipt", "authorization", "x-service-token")
# Keys of request bodies whose text is a secret, in lower case; under "token" it is the id.
FIELDS = {"password", "original_password", "os-ksadm:password", "adminpass", "admin_pass", "apikey", "passcode", "secret", "user_data",
          "contents", "private_key"}
PARAMETER = re.compile(r"token|secret|passw|passc|passphrase|api_?key|signature|sig$|auth", re.IGNORECASE)
SHORTEST = 4  # letters; blanking out something shorter would only make a text unreadable
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
    """A secret in every form that a service may give it, as a set."""
    found = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    found |= {escaped(form) for form in found} | {escaped(form).replace("&#x27;", "&#39;") for form in found}
    raw = secret.encode("utf-8", "surrogatepass")
    found |= {quote(raw, safe=""), quote(raw), quote_plus(raw), base64.b64encode(raw).decode().rstrip("="), base64.urlsafe_b64encode(raw).decode().rstrip("=")}
    return found


def escaped(text):
    """As HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#x27;")


def masked(text, secrets):
    """A text, or its bytes, without any of these secrets, in whatever form."""
    found = {form for secret in secrets if secret and len(str(secret)) >= SHORTEST for form in forms(str(secret))}
    for form in sorted(found, key=len, reverse=True):
        text = text.replace(form.encode("utf-8", "surrogatepass"), MASK.encode()) if isinstance(text, bytes) else text.replace(form, MASK)
    return text


def path(text):
    """The path of an address without a token in it: Identity puts them there."""
    return AFTER_TOKENS.sub(r"\1" + MASK, text)


def query(text):
    """A query without the values of parameters that are called like secrets."""
    return urlencode([(name, MASK if PARAMETER.search(name) else value) for name, value in parse_qsl(text, keep_blank_values=True)], safe="*/:,")
