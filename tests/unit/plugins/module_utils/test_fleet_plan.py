# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Who is who among the servers of a fleet: a table, and what holds for every input."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, fleet_plan, plan
from ansible_collections.rackspace.cloud.plugins.module_utils.fleet_wish import KEY, Group, Numbered, Wish, Wishes

OPTIONS = {"state": "present", "metadata": {KEY: "web"}, "on_error": "fail"}


def server(name, fleet="web", **fields):
    """A record; its id is its name with a prefix, so that messages and tables can be read."""
    return dict({"id": fields.pop("id", "id-" + name), "name": name, "status": "ACTIVE", "created": "2026-01-01T00:00:00Z",
                 "metadata": {KEY: fleet} if fleet else {}, "availability_zone": "nova"}, **fields)


def group(count, name="web%d", start=1, zones=(), **options):
    return Group("R", Numbered(name), count, start, list(zones), dict(OPTIONS, **options))


def wish(name, **options):
    return Wish("R", name, None, dict(OPTIONS, **options))


def match(servers=(), groups=(), there=(), pattern=None, **rules):
    rules.setdefault("delete_order", ["errored", "highest_number"])
    return fleet_plan.match(Wishes("web", list(servers), list(groups), pattern), {"R": list(there)}, **rules)


def names(found):
    """What is wished for and what was found for it, and who goes, by name."""
    return (["%s=%s" % (one.name, record["name"] if record else "new") for one, record in found.pairs],
            [record["name"] for _region, record, _why in found.leaving])


TABLE = {
    "nothing there": (group(2), [], {}, ["web1=new", "web2=new"], []),
    "all there": (group(2), ["web1", "web2"], {}, ["web1=web1", "web2=web2"], []),
    "a gap": (group(3), ["web1", "web3"], {}, ["web1=web1", "web2=new", "web3=web3"], []),
    "others count": (group(2), ["web7", "web9"], {}, ["web7=web7", "web9=web9"], []),
    "start": (group(2, start=5), [], {}, ["web5=new", "web6=new"], []),
    "below start": (group(2, start=5), ["web1"], {}, ["web1=web1", "web5=new"], []),
    "start at nothing": (group(1, start=0), [], {}, ["web0=new"], []),
    "too many": (group(1), ["web1", "web2", "web3"], {"purge": True}, ["web1=web1"], ["web3", "web2"]),
    "too many, kept": (group(1), ["web1", "web2", "web3"], {}, ["web1=web1"], []),
    "to nothing": (group(0), ["web1", "web2"], {"purge": True}, [], ["web2", "web1"]),
    "ten after nine": (group(9), ["web%d" % number for number in range(1, 11)], {"purge": True}, ["web%d=web%d" % (n, n) for n in range(1, 10)], ["web10"]),
}


@pytest.mark.parametrize("case", TABLE)
def test_a_group(case):
    wanted, there, rules, pairs, leaving = TABLE[case]
    assert names(match(groups=[wanted], there=map(server, there), **rules)) == (pairs, leaving)


AGES = [server("web1", created="2026-01-03"), server("web2", created="2026-01-01", status="ERROR"), server("web3", created="2026-01-02"),
        server("web4", created="2026-01-02")]


@pytest.mark.parametrize(("order", "leaving"), [
    (["highest_number"], ["web4", "web3"]), (["newest"], ["web1", "web4"]), (["oldest"], ["web2", "web4"]), (["errored", "newest"], ["web2", "web1"]),
    (["errored", "oldest"], ["web2", "web4"]), ([], ["web4", "web3"])])
def test_the_order_of_leaving(order, leaving):
    assert names(match(groups=[group(2)], there=AGES, purge=True, delete_order=order))[1] == leaving


def test_those_not_wished_for_go_by_key_and_name():
    there = [server("a"), server("b"), server("old1"), server("x"), server("old2", fleet="other"), server("old3", fleet=None)]
    found = match(servers=[wish("a")], there=there, pattern="old*", purge=True)
    assert names(found) == (["a=a"], ["old1"])
    assert [record["name"] for _region, record, _why in found.strangers] == ["b", "x"]


def test_who_stands_in_the_way_of_a_group_is_told_or_taken_in():
    there = [server("web1", fleet=None), server("web2"), server("web9", fleet=None)]
    with pytest.raises(errors.Protected) as caught:
        match(groups=[group(2)], there=there)
    assert "'web1' (id-web1)" in str(caught.value) and "web9" not in str(caught.value)
    assert names(match(groups=[group(2)], there=there, adopt=True)) == (["web1=web1", "web2=web2"], [])
    assert names(match(groups=[group(1)], there=there)) == (["web2=web2"], [])


def test_what_lacks_the_key_never_goes():
    there = [server("web%d" % number, fleet=None) for number in (1, 2, 3)]
    assert names(match(groups=[group(1)], there=there, adopt=True, purge=True, pattern="web*")) == (["web1=web1"], [])


def test_zones_are_evened_out():
    there = [server("web1", availability_zone="a"), server("web2", availability_zone="a"),
             server("web3", availability_zone="gone"), server("web4", availability_zone="")]
    found = match(groups=[group(9, zones=["a", "b", "c"])], there=there)
    assert [one.options.get("availability_zone") for one, _record in found.pairs] == ["a", "a", "a", None, "b", "c", "b", "c", "a"]


def test_one_server_meant_twice():
    both = [Wish("R", None, "id-a", OPTIONS), wish("a")]
    with pytest.raises(errors.BadInput) as caught:
        match(servers=both, there=[server("a")])
    assert "is meant twice: by id-a and by a" in str(caught.value)
    with pytest.raises(errors.BadInput):
        match(groups=[group(2), group(2, "web1%d")], there=[server("web11")])


def test_one_name_wished_for_twice():
    with pytest.raises(errors.BadInput) as caught:
        match(groups=[group(12, "web%d"), group(12, "web%02d")])
    assert "'web10' is wished for twice in R: by the group 'web%d' and by the group 'web%02d'" in str(caught.value)
    gone = wish("a", state="absent")
    assert len(match(servers=[wish("a"), gone]).pairs) == 2


@pytest.mark.parametrize(("text", "number", "share"), [("1", 10, 1), ("25%", 10, 2), ("1%", 10, 1), ("100%", 10, 10), (" 3 ", 1, 3), ("50 %", 4, 2)])
def test_how_many_may_be_out_of_service(text, number, share):
    assert fleet_plan.share(text, number) == share


@pytest.mark.parametrize(("steps", "verb"), [
    ([], "keep"), (["settle"], "wait"), (["create", "stop"], "create"), (["delete"], "delete"), (["delete", "create"], "recreate"),
    (["set_metadata"], "update"), (["stop", "set_metadata"], "power"), (["set_metadata", "resize", "confirm_resize"], "resize"),
    (["rebuild", "resize"], "rebuild"), (["confirm_resize"], "resize")])
def test_a_plan_in_a_word(steps, verb):
    row = fleet_plan.Row("R", "web1", None, None)
    row.first = plan.Plan([plan.Step(step, None, changes=step != "settle") for step in steps])
    assert row.verb == verb


def test_rows_are_in_the_order_of_people():
    places = [("ORD", "a"), (None, "z"), ("DFW", "web10"), ("DFW", "web9"), ("DFW", "web09"), ("DFW", "web")]
    rows = [fleet_plan.Row(region, name, None, None) for region, name in places]
    assert [(row.region, row.name) for row in fleet_plan.in_order(rows)] == [
        (None, "z"), ("DFW", "web"), ("DFW", "web09"), ("DFW", "web9"), ("DFW", "web10"), ("ORD", "a")]


def test_equal_reasons_are_told_once():
    rows = [fleet_plan.Row("R", "web%d" % number, None, server("web%d" % number)) for number in range(1, 14)]
    for row in rows:
        row.error = errors.Failed("no luck.", operation="create %s" % row.title)
    rows[0].error = errors.Failed("bad luck.")
    message = str(fleet_plan.failure("web", rows, 20))
    assert message.startswith("13 of 20 servers") and message.count("no luck") == 1 and "and 2 more: Could not create it: no luck." in message


MEMBERS = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["web", None, "other"]), st.sampled_from(["ACTIVE", "ERROR"]), st.sampled_from("123")),
                   unique_by=lambda one: one[0], max_size=12)


@given(members=MEMBERS, count=st.integers(0, 15), start=st.integers(0, 10), adopt=st.booleans(), purge=st.booleans(),
       order=st.lists(st.sampled_from(sorted(fleet_plan.FIRST_TO_GO)), unique=True))
def test_whatever_is_there(members, count, start, adopt, purge, order):
    there = [server("web%d" % number, fleet, status=status, created=created) for number, fleet, status, created in members]
    ours = {record["id"] for record in there if record["metadata"].get(KEY) == "web"}
    try:
        found = match(groups=[group(count, start=start)], there=there, adopt=adopt, purge=purge, delete_order=order)
    except errors.Protected as refusal:
        assert not set(refusal.facts["ids"]) & ours
        return
    assert len(found.pairs) == count == len({one.name for one, _record in found.pairs})
    kept = {record["id"] for _one, record in found.pairs if record}
    leaving = {record["id"] for _region, record, _why in found.leaving}
    assert leaving <= ours - kept and (purge or not leaving)
    assert len(ours - kept) == max(0, len(ours) - count)
    assert all(one.name == record["name"] for one, record in found.pairs if record)
    new = {one.name for one, record in found.pairs if not record}
    assert not new & {record["name"] for record in there}
    again = match(groups=[group(count, start=start)], there=[record for record in there if record["id"] not in leaving] + [server(name) for name in new],
                  adopt=adopt, purge=purge, delete_order=order) if purge and not adopt else None
    assert again is None or not again.leaving and all(record for _one, record in again.pairs)


@pytest.mark.parametrize("zone", [None, "closed"])
def test_what_is_recreated_goes_where_the_fewest_are(zone):
    there = [server("web1", status="ERROR", availability_zone=zone), server("web2", status="ERROR", availability_zone="a"),
             server("web3", availability_zone="a"), server("web4", status="ERROR", availability_zone=zone)]
    found = match(groups=[group(5, zones=["a", "b"], on_error="recreate")], there=there)
    assert [one.options.get("availability_zone") for one, _record in found.pairs] == ["b", "a", "a", "b", "a"]
    kept = match(groups=[group(4, zones=["a", "b"])], there=there)
    assert [one.options.get("availability_zone") for one, _record in kept.pairs] == [zone and "a", "a", "a", zone and "a"]
