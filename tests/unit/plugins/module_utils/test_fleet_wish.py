# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Names with numbers in them, and options that stand in several places."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, fleet_wish
from ansible_collections.rackspace.cloud.plugins.module_utils.fleet_wish import KEY, Numbered
from ansible_collections.rackspace.cloud.plugins.modules import fleet


def expand(**options):
    checked = ArgumentSpecValidator(fleet.SPEC).validate(dict({"name": "web"}, **options))
    assert not checked.error_messages
    return fleet_wish.expand(checked.validated_parameters, lambda region: region or "HOME")


@pytest.mark.parametrize(("text", "number", "name"), [
    ("web%d", 7, "web7"), ("web%02d", 7, "web07"), ("web%02d", 123, "web123"), ("web", 7, "web7"), ("%d-web", 7, "7-web"),
    ("a%03d.example.com", 7, "a007.example.com"), ("100%%-%d", 7, "100%-7"), ("100%%", 7, "100%7"), ("a%%d%d", 7, "a%d7"), ("(a|b)%d", 7, "(a|b)7"),
])
def test_a_name_with_its_number_and_back(text, number, name):
    assert Numbered(text).name(number) == name
    assert Numbered(text).number(name) == number


@pytest.mark.parametrize(("text", "name"), [
    ("web%02d", "web7"), ("web%d", "web07"), ("web%d", "web"), ("web%d", "web7b"), ("web%d", "aweb7"), ("web%d", "web\u0663"), ("web%d", "web-7"),
    ("web%d", None), ("a.b%d", "axb7"), ("web%d", "web7\n")])
def test_a_name_that_does_not_fit(text, name):
    assert Numbered(text).number(name) is None


@pytest.mark.parametrize("text", ["a%d%d", "a%", "a%s", "%5d", "%-d", "a%x", "%"])
def test_a_pattern_that_is_none(text):
    with pytest.raises(errors.BadInput) as caught:
        Numbered(text)
    assert repr(text) in str(caught.value)


PLAIN = st.text(st.characters(exclude_characters="%"), max_size=8)


@given(PLAIN, st.sampled_from(["%d", "%02d", "%05d"]), PLAIN, st.integers(0, 10 ** 7))
def test_every_name_leads_back_to_its_number(before, field, after, number):
    pattern = Numbered(before + field + after)
    assert pattern.number(pattern.name(number)) == number


def test_what_stands_nearest_counts_and_metadata_are_merged():
    wishes = expand(defaults={"flavor": "1", "image": "a", "metadata": {"x": 1, "y": 1}, "state": "started", "region": "DFW"},
                    groups=[{"name": "web%d", "count": 2, "flavor": "2", "meta": {"y": 2}}],
                    servers=[{"name": "db", "image": "b", "state": "stopped", "region": "ORD", "purge_metadata": True}])
    group, server = wishes.groups[0], wishes.servers[0]
    assert (group.region, group.count, group.start, group.zones) == ("DFW", 2, 1, [])
    assert {name: group.options[name] for name in ("flavor", "image", "state", "purge_metadata", "metadata")} == {
        "flavor": "2", "image": "a", "state": "started", "purge_metadata": False, "metadata": {"x": 1, "y": 2, KEY: "web"}}
    assert (server.region, server.name, server.id) == ("ORD", "db", None)
    assert {name: server.options[name] for name in ("flavor", "image", "state", "purge_metadata", "metadata")} == {
        "flavor": "1", "image": "b", "state": "stopped", "purge_metadata": True, "metadata": {"x": 1, "y": 1, KEY: "web"}}


def test_what_is_left_out_is_left_alone():
    options = expand(servers=[{"name": "a"}]).servers[0].options
    assert {name: value for name, value in options.items() if value is not None} == dict(
        fleet_wish.LEFT_OUT, name="a", metadata={KEY: "web"}, ignore_protection=False)


def test_what_is_empty_is_made_empty():
    options = expand(defaults={"access_ipv4": "192.0.2.1"}, servers=[{"name": "a", "access_ipv4": "", "metadata": {}}]).servers[0].options
    assert options["access_ipv4"] == "" and options["metadata"] == {KEY: "web"}


def test_one_name_in_two_regions_is_no_clash():
    wishes = expand(servers=[{"name": "a"}, {"name": "a", "region": "ORD"}, {"name": "web1", "region": "ORD"}], groups=[{"name": "web%d", "count": 1}])
    assert [wish.region for wish in wishes.servers] == ["HOME", "ORD", "ORD"]


@pytest.mark.parametrize(("region", "name", "fits"), [
    ("HOME", "web7", True), ("ORD", "web7", False), ("HOME", "db", True), ("ORD", "db", False), ("HOME", "old-1", True), ("ORD", "old-1", True),
    ("HOME", "other", False)])
def test_what_names_of_members_look_like(region, name, fits):
    wishes = expand(groups=[{"name": "web%d", "count": 1}], servers=[{"name": "db"}], pattern="old-*")
    assert wishes.fits(region, name) is fits


@pytest.mark.parametrize(("one", "other", "name"), [
    ("web%d", "web%02d", "web10"), ("web", "web1", "web10"), ("web%d", "web1%d", "web10"), ("%d-web", "1%d-web", "10-web"), ("a%d5", "a%d", "a05"),
    ("a%db5", "a1b%d", "a1b5"), ("web%03d", "web%05d", "web10000"), ("w%d", "w%d", "w0"), ("web%d", "db%d", None), ("web%d", "web-%d", None),
    ("web%d", "web%d-old", None), ("a%db", "a%dc", None)])
def test_a_name_of_both_patterns(one, other, name):
    found = fleet_wish.shared_name(Numbered(one), Numbered(other))
    assert (found is None) == (name is None)
    assert found is None or Numbered(one).number(found) is not None and Numbered(other).number(found) is not None


TEXT = st.text("a01", max_size=3)
FIELDS = st.builds(lambda before, field, after: Numbered(before + field + after), TEXT, st.sampled_from(["%d", "%02d", "%03d"]), TEXT)


@given(FIELDS, FIELDS)
def test_patterns_without_a_shared_name_share_none(one, other):
    if fleet_wish.shared_name(one, other) is None:
        assert not {one.name(number) for number in range(300)} & {other.name(number) for number in range(300)}


@pytest.mark.parametrize("region", [None, "ORD"])
def test_groups_that_share_names_are_refused(region):
    groups = [{"name": "web%d", "count": 12}, {"name": "web%02d", "count": 12, "region": region}]
    if region:
        assert len(expand(groups=groups).groups) == 2
        return
    with pytest.raises(errors.BadInput) as caught:
        expand(groups=groups)
    assert "'web%d' and of 'web%02d'" in str(caught.value)


@pytest.mark.parametrize("pattern", ["[!~]*", "*[a-z0-9-]*", "?*[!.]", "*[]]*", "[!]]*", "*[!~]?*[!~]*"])
def test_sets_of_characters_alone_are_no_pattern(pattern):
    with pytest.raises(errors.BadInput, match="fits every name, or nearly"):
        expand(pattern=pattern)


@pytest.mark.parametrize("pattern", ["web*", "web[0-9]", "[a-c]-*", "*-db"])
def test_a_pattern_with_something_of_its_own_is_one(pattern):
    assert expand(pattern=pattern).pattern == pattern
