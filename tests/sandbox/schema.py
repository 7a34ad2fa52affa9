# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Checks request bodies against small schemas, in the words that Nova has for what is wrong with them."""

import re

from .exchange import Fault


class Wrong(Exception):
    """What is wrong, and below which key."""

    def __init__(self, key, value, message):
        super().__init__(message)
        self.key = key
        self.value = value


def text(least=0, most=None, pattern=None, choices=None):
    """A string; its length, form or values may be limited."""
    def check(value, key, strict):
        if not isinstance(value, str):
            raise Wrong(key, value, "%r is not of type 'string'" % (value,))
        if len(value) < least:
            raise Wrong(key, value, "%r %s" % (value, "should be non-empty" if strict and least == 1 else "is too short"))
        if most is not None and len(value) > most:
            raise Wrong(key, value, "%r is too long" % value)
        if choices is not None and value not in choices:
            raise Wrong(key, value, "%r is not one of %r" % (value, list(choices)))
        if pattern is not None and not re.search(pattern, value):
            raise Wrong(key, value, "%r does not match %r" % (value, pattern))
        return value
    return check


def whole(least=0, most=None):
    """A whole number, or a string of digits."""
    def check(value, key, strict):
        del strict
        if isinstance(value, str) and re.match(r"^-?[0-9]+$", value):
            value = int(value)
        if isinstance(value, str):
            raise Wrong(key, value, "%r does not match '^[0-9]+$'" % value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong(key, value, "%r is not of type 'integer', 'string'" % (value,))
        if value < least:
            raise Wrong(key, value, "%r is less than the minimum of %d" % (value, least))
        if most is not None and value > most:
            raise Wrong(key, value, "%r is greater than the maximum of %d" % (value, most))
        return value
    return check


_TRUE = (True, "True", "TRUE", "true", "1", "ON", "On", "on", "YES", "Yes", "yes")
_FALSE = (False, "False", "FALSE", "false", "0", "OFF", "Off", "off", "NO", "No", "no")


def boolean(value, key, strict):
    """A boolean, or one of the words that pass for it."""
    del strict
    if isinstance(value, (bool, str)):
        if value in _TRUE:
            return True
        if value in _FALSE:
            return False
    raise Wrong(key, value, "%r is not one of %r" % (value, list(_TRUE + _FALSE)))


def anything(value, key, strict):
    """Whatever it is."""
    del key, strict
    return value


def null_or(inner=None):
    """Null, or what `inner` allows; with no `inner`, null alone."""
    def check(value, key, strict):
        if value is None:
            return None
        if inner is None:
            raise Wrong(key, value, "%r is not of type 'null'" % (value,))
        return inner(value, key, strict)
    return check


def either(*inners):
    """What one of `inners` allows."""
    def check(value, key, strict):
        for inner in inners:
            try:
                return inner(value, key, strict)
            except Wrong:
                continue
        raise Wrong(key, value, "%r is not valid under any of the given schemas" % (value,))
    return check


def array(inner, least=0, most=None):
    """A list of what `inner` allows."""
    def check(value, key, strict):
        if not isinstance(value, list):
            raise Wrong(key, value, "%r is not of type 'array'" % (value,))
        if len(value) < least:
            raise Wrong(key, value, "%r is too short" % value)
        if most is not None and len(value) > most:
            raise Wrong(key, value, "%r is too long" % value)
        return [inner(item, position, strict) for position, item in enumerate(value)]
    return check


def record(required=(), **fields):
    """An object. A key that is not among `fields` is refused where the service is strict, and dropped where it is not.

    Python cannot spell some names: `OS_DCF__diskConfig` stands for `OS-DCF:diskConfig`.
    """
    names = {_spelt(name): check for name, check in fields.items()}

    def check_record(value, key, strict):
        if not isinstance(value, dict):
            raise Wrong(key, value, "%r is not of type 'object'" % (value,))
        unknown = sorted(set(value) - set(names))
        if unknown and strict:
            raise Wrong(key, value, "Additional properties are not allowed (%s %s unexpected)"
                        % (", ".join(repr(name) for name in unknown), "was" if len(unknown) == 1 else "were"))
        for name in required:
            if name not in value:
                raise Wrong(key, value, "%r is a required property" % name)
        return {name: names[name](item, name, strict) for name, item in value.items() if name in names}
    return check_record


def _spelt(name):
    prefix, separator, rest = name.partition("__")
    return prefix.replace("_", "-") + ":" + rest if separator else name


def mapping(inner, pattern=None):
    """An object with any keys (of a form), whose values `inner` allows."""
    def check(value, key, strict):
        if not isinstance(value, dict):
            raise Wrong(key, value, "%r is not of type 'object'" % (value,))
        for name in value:
            if pattern is not None and strict and not re.match(pattern, name):
                raise Wrong(key, value, "%r does not match any of the regexes: %r" % (name, pattern))
        return {name: inner(item, name, strict) for name, item in value.items()}
    return check


def validated(call, value, check, key):
    """The checked value. Fault 400 in Nova's words when it is wrong."""
    try:
        return check(value, key, call.strict)
    except Wrong as wrong:
        raise Fault(400, "Invalid input for field/attribute %s. Value: %s. %s" % (wrong.key, wrong.value, wrong)) from None
