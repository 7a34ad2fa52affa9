# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What the body of a fault says: its name, its words and when to try again, and what is blanked out of it. Loaded only when something goes wrong."""

from __future__ import annotations

import json
import re

from . import wait

LONGEST_FAULT = 1000  # letters of a fault that are shown
NAMES_OF_FIELDS = ("message", "details", "detail", "title", "error", "errors", "description", "code", "retryAfter", "retryAt")
SECONDS = re.compile(r"\d+(\.\d+)?( *, *\d+(\.\d+)?)*$")  # several where a proxy has added its own, or the same, in a header of its own
TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)


def blanked(data, blank):
    """The data of a body without secrets. Its structure stays: keys that a fault is read by are no secrets, whatever these look like."""
    if isinstance(data, dict):
        return {name if name in NAMES_OF_FIELDS else blank(name): blanked(value, blank) for name, value in data.items()}
    if isinstance(data, list):
        return [blanked(value, blank) for value in data]
    if isinstance(data, str):
        return blank(data)
    if data is None or isinstance(data, bool) or blank(str(data)) == str(data):
        return data
    return blank(str(data))


def fault(data, text):
    """(name, message, fields) of a fault body: the first object in a JSON body, a flat JSON body, plain text or HTML; where nothing
    in JSON is known, the first text in it, else all that there is, in short."""
    body = data if isinstance(data, dict) else {}
    for name, fields in body.items():
        if isinstance(fields, dict):
            return named(name, fields)
    for part in ("message", "error", "description"):
        if body.get(part):
            return titled(body.get("title")), words(str(body[part])[:LONGEST_FAULT]), body
    for name, items in ([(None, data)] if isinstance(data, list) else body.items()):
        fields = next((item for item in items if isinstance(item, dict)), None) if isinstance(items, list) else None
        if fields:
            return named(name, fields)
    for name, value in body.items():
        if isinstance(value, str) and value:
            return titled(name), words(value[:LONGEST_FAULT]), body
    if data is not None:
        return None, dump(data), body
    return None, words(text[:20 * LONGEST_FAULT])[:300], {}  # styles and scripts may come first


def named(name, fields):
    """What an object in a fault says, with its name."""
    title = fields.get("title") if name in (None, "error", "errors") else name
    return titled(title), message(fields) or dump({key: value for key, value in fields.items() if key not in ("code", "title")}), fields


def message(fields):
    """What the object of a fault says."""
    return words(" ".join(str(fields[part])[:LONGEST_FAULT] for part in ("message", "details", "detail") if fields.get(part)))


def dump(data):
    """Data of which nothing is known, in short; "" when it is empty."""
    return words(json.dumps(data, ensure_ascii=False))[:300] if data else ""


def titled(name):
    """The name of a fault, None when it is no text; a name is short."""
    return words(name)[:100] if isinstance(name, str) else None


def words(text):
    """A text on one line, without tags: services put HTML into JSON too."""
    return " ".join(TAGS.sub(" ", text or "").split())


def retry_after(answer, fields):
    """Seconds to wait in any of the recorded forms, or None: the header as seconds or HTTP date, else the body's
    retryAfter or retryAt as seconds or ISO date. Dates count from the service's own clock."""
    named = [answer.headers.get("Retry-After"), fields.get("retryAfter"), fields.get("retryAt")]
    times = [seconds for seconds in (seconds_until(str(value).strip(), answer) for value in named if value is not None) if seconds is not None]
    return next((seconds for seconds in times if seconds), times[0] if times else None)  # a 0 counts only when no time is named elsewhere


def seconds_until(text, answer):
    """Seconds, the longest of several, or until a date by the clock of the answer; None for anything else."""
    if SECONDS.match(text):
        return max(float(part) for part in text.split(","))
    at = wait.moment(text)
    return None if at is None else max(at - (answer.date or wait.wall()), 1.0)
