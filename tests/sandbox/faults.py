# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Faults on demand: rules that spoil the next requests they match, as a network or a tired service would."""

import json
import re

from .exchange import Response

_FIELDS = {"method", "path", "times", "skip", "status", "body", "headers", "drop", "delay", "cut", "html", "act", "unreachable"}
_EFFECTS = {"status", "drop", "delay", "cut", "html", "unreachable"}
_CHOICES = {"drop": ("before", "after"), "unreachable": ("refused", "timeout")}

# What proxies say when they answer in place of the service.
HTML = ("<html>\n<head><title>%(status)d %(reason)s</title></head>\n<body>\n<center><h1>%(status)d %(reason)s</h1></center>\n"
        "<hr><center>nginx</center>\n</body>\n</html>\n")
_REASONS = {401: "Unauthorized", 413: "Request Entity Too Large", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
            503: "Service Temporarily Unavailable", 504: "Gateway Time-out"}


def html(status):
    """A page as a proxy writes it for that status."""
    body = HTML % {"status": status, "reason": _REASONS.get(status, "Error")}
    return Response(status, body.encode(), [("Content-Type", "text/html")])


class Rule:
    """One rule of the control API; `times` and `skip` count down as requests match."""

    def __init__(self, fields):
        unknown = set(fields) - _FIELDS
        if unknown:
            raise ValueError("unknown field of a fault: %s" % ", ".join(sorted(unknown)))
        if not _EFFECTS & set(fields):
            raise ValueError("a fault needs one of: %s" % ", ".join(sorted(_EFFECTS)))
        for field, choices in _CHOICES.items():
            if field in fields and fields[field] not in choices:
                raise ValueError("%s must be one of: %s" % (field, ", ".join(choices)))
        self.fields = dict(fields)
        self.times = int(fields.get("times", 1))
        self.skip = int(fields.get("skip", 0))
        self._method = fields.get("method", "").upper()
        self._path = re.compile(fields.get("path", ""))

    def describe(self):
        """The rule with what is left of its counts."""
        return {**self.fields, "times": self.times, "skip": self.skip}

    def matches(self, request):
        """Whether the rule is about this request; counts do not matter here."""
        target = request.path + ("?" + request.query if request.query else "")
        return (not self._method or self._method == request.method) and bool(self._path.search(target))

    @property
    def acts(self):
        """Whether the request is performed before its answer is spoiled."""
        fields = self.fields
        if "unreachable" in fields or fields.get("drop") == "before":
            return False
        return bool(fields.get("act") or fields.get("drop") == "after" or not ({"status", "html"} & set(fields)))

    def spoil(self, response):
        """The answer that the caller gets; `response` is the true one, or None when the request was not performed."""
        fields = self.fields
        if fields.get("html"):
            response = html(int(fields.get("status", 503)))
        elif "status" in fields:
            response = self._written()
        response = response or Response(503)
        response.headers += [(name, str(value)) for name, value in (fields.get("headers") or {}).items()]
        response.delay += float(fields.get("delay", 0))
        response.cut = bool(fields.get("cut"))
        response.drop = "drop" in fields
        response.unreachable = fields.get("unreachable")
        return response

    def _written(self):
        body, named = self.fields.get("body"), {name.lower() for name in self.fields.get("headers") or {}}
        content_type = "text/html; charset=UTF-8" if body is None else "text/plain; charset=UTF-8"
        if body is not None and not isinstance(body, str):
            body, content_type = json.dumps(body), "application/json"
        return Response(int(self.fields["status"]), (body or "").encode(), [] if "content-type" in named else [("Content-Type", content_type)])


class Faults:
    """The rules in force, oldest first; the first that matches and is not skipping takes effect."""

    def __init__(self):
        self.rules = []

    def add(self, fields):
        """Put a rule in force; ValueError (or re.error) when it makes no sense."""
        self.rules.append(Rule(fields))

    def match(self, request):
        """The rule that spoils this request, counted down, or None."""
        for rule in self.rules:
            if not rule.matches(request):
                continue
            if rule.skip > 0:
                rule.skip -= 1
                continue
            rule.times -= 1
            if rule.times <= 0:
                self.rules.remove(rule)
            return rule
        return None
