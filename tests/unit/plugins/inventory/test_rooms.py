# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The rooms of the inventory, each for itself: pages side by side, what expressions read, hosts that come one by one."""

from __future__ import annotations

import random
import threading

import pytest

from ansible_collections.rackspace.cloud.plugins.plugin_utils import inventory_pages
from ansible_collections.rackspace.cloud.plugins.plugin_utils.inventory_expressions import Unsure, paths_of, value_at
from ansible_collections.rackspace.cloud.plugins.plugin_utils.inventory_hosts import Host, Hosts
from ansible_collections.rackspace.cloud.plugins.plugin_utils.inventory_pages import End, Failure, side_by_side

# Pages.


def test_pages_are_fetched_while_others_are_worked_on():
    on_the_way = threading.Event()

    def pages():
        yield 1
        on_the_way.set()
        yield 2
    for _name, item in side_by_side({"a": pages()}):
        if item == 1:
            assert on_the_way.wait(10), "nobody asked for the next page meanwhile"


def test_only_so_many_pages_wait():
    begun = []

    def pages(name):
        for number in range(20):
            begun.append((name, number))
            yield number
    found = side_by_side({name: pages(name) for name in "abc"})
    next(found)
    most = 0
    for number, _item in enumerate(found, 2):
        most = max(most, len(begun) - number)
    # Those in the queue, and one in the hands of each reader, and one that is being taken.
    assert most <= inventory_pages.AHEAD + 2 * 3


def test_lists_end_in_a_word_each_and_failures_are_told():
    def broken():
        yield 1
        raise ValueError("no")
    lists = {"good": iter([1, 2]), "empty": iter(()), "bad": broken()}
    lists.update({"more%d" % number: iter([number]) for number in range(20)})
    found = list(side_by_side(lists))
    ends = {name: item for name, item in found if isinstance(item, (End, Failure))}
    assert set(ends) == set(lists) and isinstance(ends["bad"], Failure) and isinstance(ends["bad"].error, ValueError)
    assert sum(name == "good" for name, _item in found) == 3


def test_readers_end_when_nobody_wants_more():
    before = threading.active_count()
    found = side_by_side({name: iter(range(1000)) for name in "abcdefghijk"})
    next(found)
    found.close()
    assert threading.active_count() == before


def test_a_list_that_does_not_come_is_not_waited_for_when_nobody_wants_more():
    comes = threading.Event()

    def late():
        comes.wait(60)
        yield 1
    found = side_by_side({"late": late(), "early": iter([1])})
    next(found)
    closing = threading.Thread(target=found.close)
    closing.start()
    closing.join(30)
    try:
        assert not closing.is_alive() and not comes.is_set()
    finally:
        comes.set()


# What expressions read.

@pytest.mark.parametrize("expression, paths", [
    ("a", [("a",)]), ("a.b.c", [("a", "b", "c")]), ("a['b'][0]", [("a", "b", 0)]), ("a.b | default(c)", [("a", "b"), ("c",)]),
    ("a == 'x' and b.c in ['y', d] or not e", [("a",), ("b", "c"), ("d",), ("e",)]), ("'x' if a else b", [("a",), ("b",)]),
    ("a ~ '-' ~ b", [("a",), ("b",)]), ("42", []), ("a is defined", [("a",)]), ("a.b | regex_replace('x', c)", [("a", "b"), ("c",)]),
])
def test_what_an_expression_reads(expression, paths):
    assert sorted(map(str, paths_of(expression))) == sorted(map(str, paths))


@pytest.mark.parametrize("expression", [
    "now()", "lookup('env', 'HOME')", "a | random", "a | password_hash", "a.items()", "a.items", "a._x", "a[b]", "a['keys']", "a is file", "a is custom",
    "a }}{{ b", "{% set x = 1 %}", "a +", None, 42, "a[0:2]", "a | map(attribute='x')", "{'a': 1}[b]", "(a", "a) ~ (b",
    "a == '{{ b }}'", "a['{{ b }}']", "a | default('{% if b %}x{% endif %}')", "a in ['{# b #}']", "a == '#jinja2: variable_start_string:\"[[\"'",
])
def test_where_an_expression_is_left_to_ansible(expression):
    with pytest.raises(Unsure):
        paths_of(expression)


@pytest.mark.parametrize("variables, path, value", [
    ({"a": "x"}, ("a",), ("text", "x")), ({"a": {"b": 1}}, ("a", "b"), ("int", 1)), ({"a": {"b": True}}, ("a", "b"), ("bool", True)),
    ({"a": {}}, ("a", "b"), ("nothing",)), ({"a": {}}, ("a", "b", "c"), ("nothing",)), ({"a": [None]}, ("a", 0), ("NoneType", None)),
    ({"a": []}, ("a", 0), ("nothing",)),
])
def test_values_that_can_be_told_from_one_another(variables, path, value):
    assert value_at(variables, path) == value


@pytest.mark.parametrize("variables, path", [
    ({}, ("a",)), ({"a": {}}, ("a",)), ({"a": []}, ("a",)), ({"a": "x"}, ("a", "upper")), ({"a": None}, ("a", "b")), ({"a": {"b": "{{ c }}"}}, ("a", "b")),
    ({"a": "#jinja2: x"}, ("a",)), ({"a": "text"}, ("a", 0)), ({"a": {}}, ("a", 0)),
])
def test_values_that_tell_nothing(variables, path):
    with pytest.raises(Unsure):
        value_at(variables, path)


# Hosts that come one by one.

class FewHosts:
    """As much of an inventory as Hosts wants."""

    def __init__(self):
        self.hosts = {}

    def add_host(self, name):
        self.hosts.setdefault(name, type("One", (), {"vars": {"inventory_dir": None}})())

    def set_variable(self, name, variable, value):
        self.hosts[name].vars[variable] = value

    def remove_host(self, host):
        self.hosts = {name: one for name, one in self.hosts.items() if one is not host}


def test_hosts_have_the_same_names_and_variables_in_whatever_order_they_come():
    rng = random.Random(7)
    for _round in range(200):
        hosts = [Host(rng.choice(["a", "b", "a_x", "a_1", "taken"]), str(number), rng.choice(["x", "y"]), {"id": str(number)}) for number in range(5)]
        results = []
        for _order in range(3):
            inventory = FewHosts()
            builder = Hosts(inventory, {"taken"}.__contains__, "id")
            for host in rng.sample(hosts, len(hosts)):
                builder.add(host)
            builder.add(Host("a", "9", "z", {"id": "9"}))
            builder.forget("z")
            settled, names = builder.settle(["y", "x"])
            assert [inventory.hosts[name].vars["id"] for name in names] == [host.id for host in settled]
            assert [host.region for host in settled] == sorted((host.region for host in hosts), reverse=True)
            assert list(inventory.hosts) == names
            results.append(dict(zip((host.id for host in settled), names)))
        assert results[0] == results[1] == results[2]
