# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""From a method and a path to a function: one tree per service, filled by decorators."""

import urllib.parse

from .exchange import Fault

_END = ()  # the key under which a node keeps what is served there


def _parts(path):
    return [part for part in path.split("/") if part]


class Router:
    """Routes of one service. `{name}` in a pattern matches one part of the path and is handed over in `call.params`."""

    def __init__(self):
        self._root = {}

    def __call__(self, method, *patterns, dress=None):
        """Decorator: serve `method` on each of `patterns`; with `dress`, in that dress alone."""
        def register(function):
            for pattern in patterns:
                self._add(method, pattern, function, dress)
            return function
        return register

    def _add(self, method, pattern, function, dress):
        node = self._root
        names = []
        for part in _parts(pattern):
            if part.startswith("{"):
                names.append(part[1:-1])
                part = None
            node = node.setdefault(part, {})
        node.setdefault(_END, {})[method] = (function, names, dress)

    def find(self, method, path, dress):
        """`(function, params)`. Fault 404 for an unknown path, 405 for a known one with another method.

        The path is unquoted before it is taken apart, as WSGI servers do: a quoted slash separates like a plain one.
        """
        parts = _parts(urllib.parse.unquote(path))
        matches = [(node[_END], values) for node, values in self._walk(self._root, parts, ()) if _END in node]
        matches = [({verb: entry for verb, entry in verbs.items() if entry[2] in (None, dress)}, values) for verbs, values in matches]
        matches = [match for match in matches if match[0]]
        for verbs, values in matches:
            if method in verbs:
                function, names, _dress = verbs[method]
                return function, dict(zip(names, values))
        if matches:
            raise Fault(405, "The method %s is not allowed for this resource." % method,
                        headers=[("Allow", ", ".join(sorted(matches[0][0])))])
        raise Fault(404, "The resource could not be found.", name="route")

    def _walk(self, node, parts, values):
        if not parts:
            yield node, values
            return
        head, rest = parts[0], parts[1:]
        if head in node:
            yield from self._walk(node[head], rest, values)
        if None in node:
            yield from self._walk(node[None], rest, (*values, head))
