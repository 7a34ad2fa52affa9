# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Expressions over the variables of hosts: compose, groups, keyed_groups, include and exclude, each worked out once for equal values.

Ansible compiles an expression anew for every host, which takes longer than everything else that an inventory does. What an
expression reads can be told from its text; where that is plain text and numbers, and nothing in it depends on anything else,
hosts with equal values have equal results. The first of them is left to Ansible, and for the others is repeated what Ansible did.
Where there is any doubt, Ansible does it for each.
"""

from __future__ import annotations

from ansible.errors import AnsibleParserError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.inventory import Constructable
from ansible.utils.vars import combine_vars
from jinja2 import Environment, TemplateError, nodes

from .inventory_hosts import MARKS_TRUST, may_be_template

# What gives the same for the same operands: operators and literals, and of filters and tests only those named here.
PURE = (nodes.Const, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Concat, nodes.List, nodes.Tuple,
        nodes.Add, nodes.Sub, nodes.Mul, nodes.Keyword)
PURE_FILTERS = ("bool", "capitalize", "d", "default", "int", "length", "lower", "regex_replace", "replace", "string", "title", "trim", "upper")
PURE_TESTS = ("defined", "undefined", "none", "string", "number", "eq", "equalto", "ne", "in", "true", "false", "match", "search", "regex")
# Variables that Ansible makes for each host, or that lead to all others.
OWN = ("inventory_hostname", "inventory_hostname_short", "group_names", "groups", "hostvars", "vars", "omit")
NOTHING = ("nothing",)


class Unsure(Exception):
    """Equal values cannot be told, or would not mean equal results."""


class Reading:
    """What an expression reads of a host's variables, so that equal values mean an equal result.

    extra: names of variables that have another value than the host's, and may be templates.
    """

    def __init__(self, expression, extra=()):
        try:
            self.paths = list(dict.fromkeys(paths_of(expression)))
        except Unsure:
            self.paths = None
        if self.paths and any(path[0] in OWN or path[0] in extra for path in self.paths):
            self.paths = None

    def values(self, variables):
        """The values of a host, hashable; None where they tell nothing."""
        if self.paths is None:
            return None
        try:
            return tuple([value_at(variables, path) for path in self.paths])
        except Unsure:
            return None


def paths_of(expression):
    """The paths into the variables that an expression reads, each a tuple of keys. Raises Unsure where that is not all that counts."""
    if not isinstance(expression, str):
        raise Unsure
    try:
        tree = Environment(autoescape=True).parse("{{ %s }}" % expression)
    except (TemplateError, RecursionError) as error:
        raise Unsure from error
    if len(tree.body) != 1 or not isinstance(tree.body[0], nodes.Output) or len(tree.body[0].nodes) != 1:
        raise Unsure
    found = []
    walk(tree.body[0].nodes[0], found)
    return found


def walk(node, found):
    """Collect the paths that an expression reads."""
    refuse_template(node)
    if isinstance(node, (nodes.Name, nodes.Getattr, nodes.Getitem)):
        found.append(path_of(node))
        return
    known = {nodes.Filter: PURE_FILTERS, nodes.Test: PURE_TESTS}.get(type(node))
    if node.name not in known if known else not isinstance(node, PURE):
        raise Unsure
    for part in node.iter_child_nodes():
        walk(part, found)


def refuse_template(node):
    """Raise Unsure for a constant that is a template: since ansible-core 2.19 conditions render it for each host."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and may_be_template(node.value):
        raise Unsure


def path_of(node):
    if isinstance(node, nodes.Name):
        return (str(node.name),)
    if isinstance(node, nodes.Getattr):
        key = node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and type(node.arg.value) in (str, int):
        refuse_template(node.arg)
        key = node.arg.value
    else:
        raise Unsure
    if isinstance(key, str) and (key.startswith("_") or hasattr(dict, key)):  # Jinja takes methods for keys
        raise Unsure
    return (*path_of(node.node), key)


def value_at(variables, path):
    """What a path leads to, with its type; NOTHING where the last keys are not there. Raises Unsure for anything but text, numbers and None."""
    if path[0] not in variables:  # perhaps a function of Jinja
        raise Unsure
    value = variables[path[0]]
    for key in path[1:]:
        if isinstance(key, str) and isinstance(value, dict):
            if key not in value:
                return NOTHING
        elif not isinstance(key, int) or not isinstance(value, list):
            raise Unsure
        elif not -len(value) <= key < len(value):
            return NOTHING
        value = value[key]
    if value is None or isinstance(value, (bool, int, float)):
        return type(value).__name__, value
    if isinstance(value, str) and not may_be_template(value):  # one of another source, that is; hosts may differ in what it gives
        return "text", str(value)
    raise Unsure


class Notes:
    """An inventory that writes down what is done to a host, so that it can be repeated for others."""

    def __init__(self, inventory):
        self.inventory = inventory
        self.repeats = []
        self.is_repeatable = True

    def __getattr__(self, name):
        return getattr(self.inventory, name)

    def set_variable(self, entity, variable, value):
        self.is_repeatable = self.is_repeatable and (value is None or isinstance(value, (str, bool, int, float)))
        self.repeats.append(lambda inventory, host: inventory.set_variable(host, variable, value))
        self.inventory.set_variable(entity, variable, value)

    def add_host(self, host, group=None):
        self.repeats.append(lambda inventory, other: inventory.add_host(other, group))
        return self.inventory.add_host(host, group)


class GroupNotes(Notes):
    """The same for ``groups``, which adds a host as the child of a group; for ``keyed_groups`` a child is always a group."""

    def add_child(self, group, child):
        self.repeats.append(lambda inventory, host: inventory.add_child(group, host))
        return self.inventory.add_child(group, child)


class Construction(Constructable):
    """Constructable for many hosts: compose, groups and keyed_groups by its own methods, which are called for one host of equals."""

    def construct(self, names):
        """Do all of it for these hosts, which are in the inventory with their variables.

        One option after another, so that no group is there yet while variables are set: Ansible takes a name for a group's first.
        """
        strict, known = self.get_option("strict"), {}
        extra = set(self._vars or ()) if self.get_option("use_extra_vars") else set()

        def set_variable(variable, expression, name, before):
            self._set_composite_vars({variable: expression}, before, name, strict=strict)

        def add_to_group(group, condition, name, before):
            self._add_host_to_composed_groups({group: condition}, before, name, strict=strict, fetch_hostvars=False)

        self.work_out(names, self.get_option("compose") or {}, extra, set_variable, Notes)
        self.work_out(names, self.get_option("groups") or {}, (), add_to_group, GroupNotes)  # extra variables have no say in them
        entries = self.get_option("keyed_groups") or []
        readings = [reading_of_key(entry, extra) for entry in entries]
        for name in names if entries else ():
            for number, (entry, reading) in enumerate(zip(entries, readings)):
                values = reading.values(self.inventory.hosts[name].vars)
                self.once(known, number, values, name, Notes, lambda name=name, entry=entry: self._add_host_to_keyed_groups([entry], {}, name, strict=strict))

    def work_out(self, names, expressions, extra, work, kind):
        """What a dict of expressions means, for each host. All of them see the host as it was before the first."""
        readings = {key: Reading(expression, extra) for key, expression in expressions.items()}
        known = {}
        for name in names if expressions else ():
            host = self.inventory.hosts[name]
            values = {key: reading.values(host.vars) for key, reading in readings.items()}
            before = None if all((key, found) in known for key, found in values.items()) else combine_vars({}, host.get_vars())
            for key, expression in expressions.items():
                self.once(known, key, values[key], name, kind,
                          lambda name=name, key=key, expression=expression, before=before: work(key, expression, name, before))

    def once(self, known, key, values, name, kind, work):
        """Let Ansible work for a host, or repeat what it did for another one with equal values."""
        repeats = known.get((key, values)) if values is not None else None
        if repeats is not None:
            for repeat in repeats:
                repeat(self.inventory, name)
            return
        inventory = self.inventory
        notes = self.inventory = kind(inventory)
        try:
            work()
        finally:
            self.inventory = inventory
        if values is not None and notes.is_repeatable:
            known[key, values] = notes.repeats


def reading_of_key(entry, extra):
    """What an entry of keyed_groups reads."""
    entry = entry if isinstance(entry, dict) else {}
    parent = entry.get("parent_group")
    return Reading(entry.get("key") if parent is None or isinstance(parent, str) and not may_be_template(parent) else None, extra)


class Conditions:
    """The conditions of include or exclude; how often each was asked, how often it could not be evaluated, and why not.

    templar_for(variables): the templar, seeing these variables.
    """

    def __init__(self, option, conditions, strict, templar_for, extra_variables=()):
        self.option = option
        self.conditions = conditions
        self.strict = strict
        self.templar_for = templar_for
        self.readings = [Reading(condition, extra_variables) for condition in conditions]
        self.known = {}
        self.asked = [0] * len(conditions)
        self.failed = [0] * len(conditions)
        self.failures = [None] * len(conditions)

    def hold(self, variables, without):
        """Whether one of them is true of a host; ``without`` when there are none."""
        return any(self.is_true(variables, number) for number in range(len(self.conditions))) if self.conditions else without

    def is_true(self, variables, number):
        self.asked[number] += 1
        values = self.readings[number].values(variables)
        found = self.known.get((number, values)) if values is not None else None
        if found is None:
            found = self.evaluate(variables, self.conditions[number])
            if values is not None:
                self.known[number, values] = found
        if isinstance(found, Exception):
            self.failed[number] += 1
            self.failures[number] = found
        return found is True

    def evaluate(self, variables, condition):
        """True or False, or the exception that it raised."""
        templar = self.templar_for(variables)
        try:
            if MARKS_TRUST:
                return bool(templar.evaluate_conditional(condition))
            return boolean(templar.template("{%% if %s %%}True{%% else %%}False{%% endif %%}" % condition))
        except Exception as error:  # whatever a template may raise
            if self.strict:
                raise AnsibleParserError("%s: %s cannot be evaluated: %s" % (self.option, condition, error)) from None
            return error

    def complaints(self):
        """Sentences on those that could not be evaluated for any server: probably typing errors."""
        return ["%s: %s cannot be evaluated for any of %d servers, and counts as false: %s" % (self.option, condition, asked, failure)
                for condition, asked, failed, failure in zip(self.conditions, self.asked, self.failed, self.failures) if failed and failed == asked]
