# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The inventory of servers: calls, names, addresses, variables, conditions, the cache, and what is said when it fails."""

from __future__ import annotations

import itertools
import random

import pytest
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.inventory.host import Host as AnsibleHost
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable

try:
    from ansible.template import trust_as_template
except ImportError:  # before 2.19 all text is trusted
    trust_as_template = str

from ansible_collections.rackspace.cloud.plugins.inventory import servers as plugin
from ansible_collections.rackspace.cloud.plugins.plugin_utils.inventory_hosts import Host, address, unique_names
from ansible_collections.rackspace.cloud.plugins.plugin_utils.inventory_memory import key_of

LOGIN = ("POST", "identity", None)


def groups(inventory):
    """{group: (hosts, child groups)} of an inventory."""
    return {name: (sorted(str(host) for host in group.hosts), sorted(child.name for child in group.child_groups))
            for name, group in inventory.groups.items()}


# Calls and regions.

@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001])
def test_one_login_and_one_call_per_page(player, count):
    region = player.regions[0]
    if count:
        player.seed("web-{n}", count=count)
    assert len(player.hosts(regions=[region])) == count
    # A page that is exactly full announces another one, which is empty.
    assert player.asked() == [LOGIN] + [("GET", "compute", region)] * (2 if count >= 1000 else 1)


def test_every_region_is_listed_side_by_side_with_one_login(player):
    for region in player.regions:
        player.seed("at-" + region, region=region)
    assert sorted(player.hosts()) == sorted("at-" + region for region in player.regions)
    asked = player.asked()
    assert asked[0] == LOGIN
    assert sorted(asked[1:]) == sorted(("GET", "compute", region) for region in player.regions)
    # One session for the login and one for each thread: they are not made for sharing.
    assert len(player.sessions) == 1 + len(player.regions)


def test_the_next_inventory_does_not_log_in(player):
    player.hosts(regions=player.regions[:1])
    player.asked()
    player.hosts(regions=player.regions[:1])
    assert player.asked() == [("GET", "compute", player.regions[0])]


def test_one_login_is_enough_without_a_token_cache_too(player):
    player.hosts(token_cache=False)
    assert player.asked().count(LOGIN) == 1


@pytest.mark.parametrize("options, environment, expected", [
    ({"regions": ["ord", "DFW", "dfw"]}, {}, ["DFW", "ORD"]),
    ({"regions": "dfw,iad"}, {}, ["DFW", "IAD"]),
    ({"regions": "ALL", "region": "ORD"}, {}, ["DFW", "IAD", "ORD"]),
    ({"region": "ord"}, {}, ["ORD"]),
    ({}, {}, ["DFW", "IAD", "ORD"]),
    ({}, {"RAX_REGION": "IAD"}, ["IAD"]),
    ({}, {"RAX_REGION": "ORD,dfw"}, ["DFW", "ORD"]),
    ({}, {"RAX_REGION": "ALL"}, ["DFW", "IAD", "ORD"]),
    ({"regions": ["{{ mine }}"]}, {}, ["DFW", "ORD"]),
    ({"regions": "{{ mine }}"}, {}, ["DFW", "ORD"]),
    ({"regions": "{{ mine | join(',') }}"}, {}, ["DFW", "ORD"]),
    ({"regions": "{{ lookup('env', 'MY_REGIONS') }}"}, {"MY_REGIONS": "dfw, iad,"}, ["DFW", "IAD"]),
    ({"regions": "iad, {{ mine | join(',') }}"}, {}, ["DFW", "IAD", "ORD"]),
    ({"regions": "dfw,"}, {}, ["DFW"]),
    ({"regions": ["dfw", ""]}, {}, ["DFW"]),
    ({}, {"RAX_REGION": "ORD,"}, ["ORD"]),
])
def test_which_regions_are_asked(rackspace, monkeypatch, options, environment, expected):
    rackspace.extra_variables = {"mine": ["DFW", "ORD"]}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    rackspace.hosts(**options)
    assert sorted(region for _method, service, region in rackspace.asked() if service == "compute") == expected


def test_an_unknown_region_is_an_error_in_any_case(rackspace):
    with pytest.raises(AnsibleParserError, match="no compute service in region 'LON'.*DFW, IAD, ORD"):
        rackspace.parse(regions=["DFW", "LON"], on_region_failure="warn")
    assert rackspace.asked() == [LOGIN]


def test_a_region_that_fails_gives_no_inventory(rackspace):
    rackspace.seed()
    rackspace.cloud.faults.add({"path": "/ORD/", "times": 99, "status": 403, "body": {"forbidden": {"message": "No."}}})
    with pytest.raises(AnsibleParserError, match=r"Could not list the servers in ORD: GET .* was answered 403 forbidden: No "):
        rackspace.parse()
    assert not rackspace.inventory.hosts


def test_a_region_that_fails_can_be_left_out_loudly(rackspace, tmp_path):
    rackspace.seed()
    cache = {"cache": True, "cache_plugin": "jsonfile", "cache_connection": str(tmp_path / "cache")}
    rackspace.cloud.faults.add({"path": "/ORD/", "times": 99, "status": 403})
    assert list(rackspace.hosts(on_region_failure="warn", **cache)) == ["web"]
    assert "The servers in ORD are missing from the inventory. Could not list" in rackspace.display.warnings[0]
    # Half an answer is not kept.
    rackspace.cloud.faults.rules.clear()
    rackspace.seed("late", region="ORD")
    assert sorted(rackspace.hosts(on_region_failure="warn", **cache)) == ["late", "web"]


def test_all_regions_failing_is_an_error_even_then(rackspace):
    rackspace.cloud.faults.add({"path": "/servers/detail", "times": 99, "status": 403})
    with pytest.raises(AnsibleParserError, match="Could not list the servers in "):
        rackspace.parse(on_region_failure="warn")


@pytest.mark.parametrize("fault", [{"html": True}, {"status": 500}, {"drop": "before"}, {"cut": True}, {"status": 200, "body": {}}])
def test_no_answer_that_is_wrong_makes_an_empty_inventory(player, fault):
    player.seed()
    player.cloud.faults.add(dict({"path": "/servers/detail", "times": 99}, **fault))
    with pytest.raises(AnsibleParserError, match="Could not list the servers in "):
        player.parse()


def test_a_token_that_ends_half_way_is_renewed(player):
    player.seed("web-{n}", count=5)
    player.cloud.settings.update({"page_size": 2})
    player.cloud.faults.add({"path": "marker=", "times": 1, "status": 401})
    assert len(player.hosts(regions=player.regions[:1])) == 5


def test_a_wrong_password_says_what_to_do(rackspace):
    with pytest.raises(AnsibleParserError, match=r"answered 401.*Check username and api_key"):
        rackspace.parse(api_key="sandbox-wrong-key")


# Filters and conditions.

def test_filters_are_the_cloud_s(player):
    player.seed("web")
    player.seed("db")
    assert list(player.hosts(filters={"name": "^{{ kind | default('db') }}$", "status": "ACTIVE", "ip": None}, regions=player.regions[:1])) == ["db"]
    assert player.cloud.journal.entries()[-1]["query"] == "name=%5Edb%24&status=ACTIVE"


def test_what_is_gone_does_not_count(player):
    for name, fields in {"deleted": {"status": "DELETED"}, "leaving": {"OS-EXT-STS:task_state": "deleting"}, "stays": {}}.items():
        server = player.seed(name)[0]
        player.order("PATCH", "/sandbox/servers/" + server, fields)
    assert list(player.hosts(statuses="all")) == ["stays"]


def test_what_is_gone_does_not_count_where_the_cloud_is_asked_for_it_either(player):
    player.seed("stays")
    player.order("PATCH", "/sandbox/servers/" + player.seed("deleted")[0], {"status": "DELETED"})
    assert list(player.hosts(statuses="all", filters={"changes-since": "2001-01-01T00:00:00Z"}, regions=player.regions[:1])) == ["stays"]
    assert "changes-since" in player.cloud.journal.entries()[-1]["query"]


@pytest.mark.parametrize("options, expected", [
    ({}, ["active", "shutoff", "verify_resize"]),
    ({"statuses": ["all"]}, ["active", "build", "error", "shutoff", "verify_resize"]),
    ({"statuses": "active,error"}, ["active", "error"]),
    ({"statuses": "{{ ['active', 'error'] | join(',') }}"}, ["active", "error"]),
    ({"filters": {"status": "ERROR"}}, ["error"]),
    ({"filters": {"status": None}}, ["active", "shutoff", "verify_resize"]),
])
def test_statuses(player, options, expected):
    for name in ("active", "build", "error", "shutoff", "verify_resize"):
        player.seed(name, status=name.upper())
    assert sorted(player.hosts(**options)) == expected
    told = [text for text in player.display.said if "status" in text]
    assert told == (["Left out because of their status: 1 BUILD, 1 ERROR. The option statuses decides."] if len(expected) == 3 else told)


@pytest.mark.parametrize("options, expected", [
    ({"include": "rax_metadata.env == 'live'"}, ["db", "web"]),
    ({"include": ["rax_name == 'web'", "rax_name == 'test'"]}, ["test", "web"]),
    ({"exclude": "rax_name in ('db', 'test')"}, ["plain", "web"]),
    ({"include": "rax_metadata.env is defined", "exclude": ["rax_name == 'db'"]}, ["test", "web"]),
    ({"include": "rax_region == wanted_region and ansible_host is defined", "use_extra_vars": True}, ["db", "plain", "test", "web"]),
    ({"include": False}, []),
])
def test_include_and_exclude(player, options, expected):
    player.extra_variables = {"wanted_region": player.regions[0]}
    player.seed("plain")
    player.seed("db", metadata={"env": "live"})
    player.seed("web", metadata={"env": "live"})
    player.seed("test", metadata={"env": "lab"})
    assert sorted(player.hosts(**options)) == expected
    assert not player.display.warnings


def test_a_condition_that_is_never_understood_is_warned_of(player):
    player.seed()
    assert not player.hosts(include="rax_metadta.env == 'live'")
    assert "include: rax_metadta.env == 'live' cannot be evaluated for any of 1 servers" in player.display.warnings[0]
    with pytest.raises(AnsibleParserError, match="include: rax_metadta.env == 'live' cannot be evaluated"):
        player.parse(include="rax_metadta.env == 'live'", strict=True)


def test_each_condition_that_is_never_understood_has_its_own_reason(player):
    player.seed()
    assert not player.hosts(include=["rax_first.env == 'live'", "rax_name == 'other'", "rax_second.env == 'live'"])
    reasons = [text.partition("counts as false: ")[2] for text in player.display.warnings]
    assert len(reasons) == 2 and "rax_first" in reasons[0] and "rax_second" in reasons[1]


# Names.

def host(name, number, region="DFW"):
    return Host(name, "id%s" % number, region, {})


@pytest.mark.parametrize("hosts, expected", [
    ([host("a", 1), host("b", 2)], ["a", "b"]),
    ([host("a", 1), host("a", 2, "ORD")], ["a_DFW", "a_ORD"]),
    ([host("a", 1), host("a", 2)], ["a_id1", "a_id2"]),
    ([host("a", 1), host("a", 2), host("a", 3, "ORD")], ["a_id1", "a_id2", "a_ORD"]),
    ([host("a", 1), host("a", 2, "ORD"), host("a_ORD", 3)], ["a_DFW", "a_id2", "a_ORD_DFW"]),
    ([host("a", 1), host("a", 2), host("a_id1", 3, "ORD")], ["a_DFW_id1", "a_id2", "a_id1_ORD"]),
    ([host("a", 1), host("a", 1, "ORD")], ["a_DFW", "a_ORD"]),
    ([host("a", 1, ""), host("a", 2, "")], ["a_id1", "a_id2"]),
    ([host("taken", 1), host("free", 2)], ["taken_DFW", "free"]),
    ([host("taken", 1), host("taken_DFW", 2)], ["taken_id1", "taken_DFW_id2"]),
])
def test_every_host_has_a_name_of_its_own(hosts, expected):
    assert unique_names(hosts, lambda one: one.name == "taken") == expected


def test_names_are_unique_and_do_not_depend_on_the_order():
    rng = random.Random(4)
    ids = ["id%d" % number for number in range(6)]
    pool = ["a", "b", "a_DFW", "a_id1", "b_id2_ORD", "a_id1_id2", "id3", "taken"]
    for _round in range(500):
        hosts = [Host(rng.choice(pool), server_id, rng.choice(["DFW", "ORD", ""]), {}) for server_id in rng.sample(ids, rng.randint(1, 6))]
        names = unique_names(hosts, lambda one: one.name == "taken")
        assert len(set(names)) == len(hosts), hosts
        shuffled = rng.sample(hosts, len(hosts))
        again = unique_names(shuffled, lambda one: one.name == "taken")
        assert dict(zip((one.id for one in shuffled), again)) == dict(zip((one.id for one in hosts), names))


@pytest.mark.parametrize("hostnames, expected", [
    (["name"], "web"), (["id"], "ID"), (["rax_name"], "web"), ("metadata.fqdn", "web.example.com"), ("rax_metadata.fqdn", "web.example.com"),
    (["metadata.nothing", "nothing.at.all", "metadata", "name"], "web"),
    (["{{ rax_name }}.{{ rax_region | lower }}"], "web.REGION"),
    ("{{ rax_name | regex_replace('w,?', 'v') }}", "veb"),
    (["{{ rax_nothing }}", "{{ '' }}", "{{ 1 / 0 }}", "{{ rax_metadata.fqdn }}"], "web.example.com"),
    (["ansible_host"], "198.18.7.7"),
    (["metadata.empty", "metadata.blank"], "ID"),
    (["metadata.number"], "12"),
    (["metadata.list"], "[1, 2]"),
    ([], "ID"),
])
def test_hostnames_are_preferences(player, hostnames, expected):
    region = player.regions[0]
    server = player.seed("web", metadata={"fqdn": "web.example.com", "empty": "", "blank": " . ", "number": "12", "list": "[1, 2]"},
                         addresses={"public": [{"addr": "198.18.7.7", "version": 4}]})[0]
    player.order("PATCH", "/sandbox/servers/" + server, {"accessIPv4": "", "accessIPv6": ""})
    assert list(player.hosts(hostnames=hostnames)) == [expected.replace("ID", server).replace("REGION", region.lower())]


def test_a_template_of_hostnames_that_fails_is_an_error_with_strict(player):
    player.seed()
    with pytest.raises(AnsibleParserError, match="hostnames: {{ rax_nothing }} cannot be rendered for the server"):
        player.parse(hostnames=["{{ rax_nothing }}"], strict=True)


HOSTILE = ["{{ 7*7 }}", "{% for %}", "#jinja2:variable_start_string:'[['", "../x", "/etc/x", "a b", "ünï ☃", "", " ", ".", "..", "all", "ungrouped", "made",
           "kind_web", "localhost", "127.0.0.1", "::1", "[1, 2]", "{'a': 1}", "web[1:3]", "x:y", "a,b", "!web", "line\nbreak", "True", "None", "12"]


def test_hostile_names_lose_no_host_and_run_no_template(player):
    for name in HOSTILE:
        player.seed(name, metadata={"kind": "web", "code": "{{ 7*7 }}", "{{ 6*6 }}": name} if name != "kind_web" else {})
    found = player.parse(regions=player.regions[:1], strict=True, groups={"made": "rax_name == 'made'"},
                         compose={"copied": "rax_metadata.code | default('')"},
                         keyed_groups=[{"key": "rax_metadata", "prefix": "meta"}, {"key": "rax_metadata.kind | default('none')", "prefix": "kind"}])
    assert sorted(one.vars["rax_name"] for one in found.hosts.values()) == sorted(HOSTILE)
    for name in ("all", "ungrouped", "made", "localhost", "127.0.0.1", "::1", "", ".", "..", "../x"):
        assert name not in found.hosts
    assert {".._x", "_etc_x", "line_break", "{{ 7*7 }}"} <= set(found.hosts)
    assert not any(set(group.vars) for group in found.groups.values()), "variables of a host ended in a group"
    assert not {"meta_code_49", "meta_36_web"} & set(found.groups)
    found.reconcile_inventory()
    assert len(found.groups["all"].get_hosts()) == len(HOSTILE)
    for one in found.hosts.values():
        templar = player.plugin.with_variables(dict(one.get_vars()))
        assert templar.template(one.name) == one.name
        assert templar.template(one.vars["rax_metadata"]) == one.vars["rax_metadata"]
        assert templar.template(one.vars["copied"]) in ("{{ 7*7 }}", "")
        assert templar.template(one.vars["rax_name"]) in HOSTILE


def test_a_host_called_like_a_group_of_others_is_in_the_inventory(player):
    player.seed("kind_web")
    player.seed("other", metadata={"kind": "web"})
    found = player.parse(keyed_groups=[{"key": "rax_metadata.kind", "prefix": "kind"}], compose={"mine": "rax_name"})
    found.reconcile_inventory()
    assert sorted(str(one) for one in found.groups["all"].get_hosts()) == ["kind_web", "other"]
    assert groups(found)["kind_web"] == (["other"], [])
    assert found.hosts["kind_web"].vars["mine"] == "kind_web"


def test_namesakes_are_warned_of(player):
    ids = player.seed("web", count=2)
    player.seed("web", region=player.regions[1])
    assert sorted(player.hosts()) == sorted(["web_" + player.regions[1], *("web_" + server for server in ids)])
    assert "3 servers have names that are not theirs alone" in player.display.warnings[0]
    assert "web is web_%s" % ids[0] in player.display.warnings[0]


def test_a_host_of_another_source_is_joined_when_it_is_not_another_server(player):
    ours = player.seed("web")[0]
    inventory = InventoryData()
    inventory.add_host("web")
    inventory.set_variable("web", "ansible_user", "deploy")
    assert list(player.hosts(inventory=inventory)) == ["web"]
    assert inventory.hosts["web"].vars["ansible_user"] == "deploy"
    # The same server again, as when two files list it.
    assert list(player.hosts(inventory=inventory)) == ["web"]
    # Another account has a server of this name.
    inventory.set_variable("web", "rax_id", "another-id")
    assert sorted(player.hosts(inventory=inventory)) == ["web", "web_" + player.regions[0]]
    assert inventory.hosts["web_" + player.regions[0]].vars["rax_id"] == ours


def test_another_prefix_of_the_variables_makes_no_two_servers_one_host(player):
    sources = [{"hostvars_prefix": prefix, "filters": {"name": "^web"}} for prefix in ("rax_", "cloud_")]
    first, second = player.seed("web")[0], player.seed("waits")[0]
    inventory = player.parse(**sources[0])
    player.parse(inventory=inventory, **sources[1])
    assert list(inventory.hosts) == ["web"], "the same server is one host"
    inventory = player.parse(**sources[0])
    player.order("PATCH", "/sandbox/servers/" + first, {"name": "other"})
    player.order("PATCH", "/sandbox/servers/" + second, {"name": "web"})
    named = "web_" + player.regions[0]
    for _turn in range(2):  # the second time as when a file is named twice
        player.parse(inventory=inventory, **sources[1])
        assert {name: (one.vars.get("rax_id"), one.vars.get("cloud_id")) for name, one in inventory.hosts.items()} == {
            "web": (first, None), named: (None, second)}
        assert "web is %s" % named in player.display.warnings[0]


def test_a_host_of_another_source_may_take_the_name_of_one_that_is_gone(player):
    """What was made of a source that failed in the end says nothing of hosts that come later."""
    server = player.seed("web")[0]
    inventory = InventoryData()
    with pytest.raises(AnsibleError):
        player.parse(inventory=inventory, compose={"x": "rax_nothing"}, strict=True)
    player.order("PATCH", "/sandbox/servers/" + server, {"name": "other"})
    player.seed("web")
    inventory.add_host("web")
    player.parse(inventory=inventory)
    assert sorted(inventory.hosts) == ["other", "web"] and not player.display.warnings


# Addresses.

FOUR, SIX, INNER, OTHER = "203.0.113.4", "2001:db8::6", "10.0.0.4", "192.168.9.9"
DEFAULT = ["access_ip", "public", "*"]


def fields(v4="", v6="", **networks):
    return {"access_ipv4": v4, "access_ipv6": v6, "addresses": {
        label: [{"addr": text, "version": 6 if ":" in text else 4} for text in texts] for label, texts in networks.items()}}


@pytest.mark.parametrize("server, networks, versions, expected", [
    (fields(v4=FOUR, v6=SIX, private=[INNER]), DEFAULT, [4, 6], FOUR),
    (fields(v4=FOUR, v6=SIX), DEFAULT, [6, 4], SIX),
    (fields(v6=SIX, public=[FOUR]), DEFAULT, [4, 6], SIX),
    (fields(v6=SIX, public=[FOUR]), DEFAULT, [4], FOUR),
    (fields(public=[SIX, FOUR], private=[INNER]), DEFAULT, [4, 6], FOUR),
    (fields(private=[INNER]), DEFAULT, [4, 6], INNER),
    (fields(v4=FOUR, private=[INNER]), ["private"], [4, 6], INNER),
    (fields(v4=FOUR, public=[FOUR]), ["private"], [4, 6], None),
    (fields(v4=FOUR, private=[INNER], backend=[OTHER]), ["backend", "private"], [4], OTHER),
    (fields(private=[INNER, FOUR]), DEFAULT, [4, 6], FOUR),
    (fields(b=[INNER], a=[OTHER]), ["*"], [4], OTHER),
    (fields(b=[FOUR], a=[OTHER]), ["*"], [4], FOUR),
    (fields(private=["not an address", INNER]), ["private"], [4], "not an address"),
    (fields(), DEFAULT, [4, 6], None),
    ({}, DEFAULT, [4, 6], None),
    ({"addresses": None}, DEFAULT, [4, 6], None),
    ({"addresses": {"public": [{"version": 4}, {"addr": FOUR, "version": 4}]}}, DEFAULT, [4], FOUR),
    # What the cloud says about the kind of an address decides nothing.
    ({"addresses": {"n": [{"addr": OTHER, "version": 4, "type": "fixed"}, {"addr": INNER, "version": 4, "type": "floating"}]}}, ["n"], [4], OTHER),
    (fields(v4=FOUR), [], [4], None),
])
def test_which_address_is_taken(server, networks, versions, expected):
    assert address(server, networks, versions) == expected


def test_a_host_without_an_address_is_kept_and_named(player):
    server = player.seed("hermit", addresses={})[0]
    player.order("PATCH", "/sandbox/servers/" + server, {"accessIPv4": "", "accessIPv6": ""})
    assert "ansible_host" not in player.hosts()["hermit"]
    assert any(text.startswith("hermit has no address") for text in player.display.said)


# Variables.

def test_variables_are_the_record_behind_a_prefix(player):
    server = player.seed("web", metadata={"role": "web", "Odd:Key": "x"})[0]
    found = player.hosts()["web"]
    assert found["rax_id"] == server
    assert found["rax_region"] == player.regions[0]
    assert found["rax_metadata"] == {"role": "web", "Odd:Key": "x"}
    assert found["rax_status"] == "ACTIVE"
    assert found["rax_task_state"] is None
    assert set(found["rax_addresses"]) and found["ansible_host"]
    assert not [name for name in found if not name.startswith("rax_") and name != "ansible_host"]
    assert all(name.isidentifier() for name in found)
    other = player.hosts(hostvars_prefix="{{ 'cloud' }}_")["web"]
    assert {name.replace("cloud_", "rax_", 1) for name in other} == set(found)


# The constructed features.

class Plain(BaseInventoryPlugin, Constructable):
    """What any plugin does with hosts and their variables: Constructable, host after host."""

    NAME = "plain"

    def construct(self, ours, hosts):
        self.templar = ours.templar
        self._vars = ours._vars
        self._options = {name: ours.get_option(name) for name in (
            "compose", "groups", "keyed_groups", "strict", "use_extra_vars", "leading_separator")}
        self.inventory = InventoryData()
        strict = self.get_option("strict")
        for name, variables in hosts.items():
            self.inventory.add_host(name)
            for variable, value in variables.items():
                self.inventory.set_variable(name, variable, value)
            self._set_composite_vars(self.get_option("compose"), self.inventory.get_host(name).get_vars(), name, strict=strict)
            self._add_host_to_composed_groups(self.get_option("groups"), {}, name, strict=strict)
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), {}, name, strict=strict)
        return self.inventory


EXPRESSIONS = ["rax_name", "rax_metadata.role", "rax_metadata", "rax_region | lower", "rax_flavor.id", "rax_nothing", "rax_metadata.nothing",
               "[rax_name, '']",
               "rax_metadata.roles | default('') | split(',')", "rax_addresses.keys() | list", "''", "none", "42", "rax_name ~ '{{ 7*7 }}'",
               "{'a': '', 'b': 1}", "inventory_hostname", "composed | default('no')", "1 / 0", "group_names", "extra | default('without')",
               # What is worked out once for equal values, and what looks like it.
               "rax_metadata['role']", "rax_metadata.role | default('none') | upper", "rax_metadata.role ~ '-' ~ rax_region", "rax_progress + 1",
               "rax_task_state", "rax_power_state", "rax_config_drive", "rax_metadata.keys is callable", "rax_metadata['items'] is callable",
               "rax_addresses.public[0].addr", "rax_addresses['private'][9].addr | default('none')", "rax_region[0]", "rax_region.lower()",
               "rax_metadata.role is defined and rax_metadata.role", "'x' if rax_metadata.role == 'web' else rax_status", "rax_status if rax_nothing",
               "lookup('vars', 'rax_name')", "vars.rax_name", "rax_metadata.role | regex_replace('e', 'o')", "ansible_user | default(rax_id)"]
CONDITIONS = ["rax_status == 'ACTIVE'", "'a' in rax_name", "rax_metadata.role == 'web'", "rax_nothing", "rax_metadata.nothing == 1", "true",
              "false", "composed is defined", "inventory_hostname is match('w.*')", "'g1' in group_names",
              "rax_metadata.role is defined", "rax_metadata.role | default('') in ['web', 'db']", "rax_region != 'ORD' and rax_metadata.role is defined",
              "rax_task_state is none", "rax_metadata.role", "extra == 'from outside'", "g1 is defined or 'g1' in group_names",
              "'{{ rax_metadata.role }}' == 'web'", "rax_region != '{{ rax_name }}'"]
METADATA = [{}, {"role": "web"}, {"role": ""}, {"role": "db", "roles": "x,y,"}, {"role": "{{ 7*7 }}"}, {"Role Name": "a-b c"}]


def random_options(rng):
    keyed = []
    for _number in range(rng.randint(0, 3)):
        entry = {"key": rng.choice(EXPRESSIONS)}
        if rng.random() < 0.5:
            entry["prefix"] = rng.choice(["p", "", "q q"])
        if rng.random() < 0.4:
            entry["separator"] = rng.choice(["", "-", "__"])
        if rng.random() < 0.3:
            entry["parent_group"] = rng.choice(["parent", "par_{{ rax_region }}", "{{ rax_nothing }}"])
        if rng.random() < 0.3:
            entry.update(rng.choice([{"default_value": "fallback"}, {"trailing_separator": False}, {"default_value": "", "trailing_separator": True}]))
        keyed.append(entry)
    return {
        "compose": {name: rng.choice(EXPRESSIONS) for name in rng.sample(["composed", "ansible_user", "other"], rng.randint(0, 3))},
        "groups": {name: rng.choice(CONDITIONS) for name in rng.sample(["g1", "g2", "g-3"], rng.randint(0, 3))},
        "keyed_groups": keyed, "strict": rng.random() < 0.3, "leading_separator": rng.random() < 0.7, "use_extra_vars": rng.random() < 0.3,
    }


@pytest.mark.parametrize("condition", [
    "'{{ rax_metadata.role }}' == 'web'", "rax_region == '{{ rax_metadata.place }}'", "rax_metadata['{{ rax_name }}'] == 'x'",
    "rax_region == '#jinja2: variable_start_string:\"<<\", variable_end_string:\">>\"\\n<< rax_metadata.place >>'",
])
def test_a_template_in_a_constant_is_what_ansible_makes_of_it_for_each_host(player, condition):
    """Since ansible-core 2.19 it is rendered, before it is text."""
    region = player.regions[0]
    for name, metadata in {"db": {"role": "db", "place": "moon", "db": "x"}, "web": {"role": "web", "place": region, "web": "y"},
                           "plain": {"role": "none", "place": region, "plain": "x"}}.items():
        player.seed(name, metadata=metadata)
    bare = {name: dict(one.vars) for name, one in player.parse().hosts.items()}
    ours = player.parse(groups={"chosen": condition})
    player.plugin._options.setdefault("strict", False)
    chosen, _children = groups(Plain().construct(player.plugin, bare)).get("chosen", ([], []))
    assert groups(ours).get("chosen", ([], []))[0] == chosen
    assert sorted(player.hosts(include=condition)) == chosen
    assert sorted(player.hosts(exclude=condition)) == sorted(set(bare) - set(chosen))


def test_a_parent_that_is_a_template_is_what_ansible_makes_of_it_for_each_host(player):
    for name in ("web", "db"):
        player.seed(name)
    parent = "#jinja2: variable_start_string:'<<', variable_end_string:'>>'\n<< rax_name >>_parent"
    found = groups(player.parse(keyed_groups=[{"key": "rax_region", "parent_group": parent}]))
    assert {"web_parent", "db_parent"} <= set(found)


@pytest.mark.parametrize("seed", range(5))
def test_constructed_features_are_ansible_s_own(player, seed):
    """Random configurations: the same variables and groups as from plain Constructable, or an error where it has one."""
    rng = random.Random(seed)
    player.extra_variables = {"extra": "from outside"}
    for number, metadata in enumerate(METADATA + METADATA):
        player.seed("%s%d" % (rng.choice(["web", "a b", "db"]), number), metadata=metadata, region=rng.choice(player.regions))
    bare = {name: dict(one.vars) for name, one in player.parse().hosts.items()}
    failed = built = 0
    for _round in range(25):
        options = random_options(rng)
        try:
            ours = player.parse(**options)
        except Exception:  # not all of Constructable's errors are Ansible's
            ours = None
        player.plugin._options.setdefault("strict", options["strict"])
        try:
            plain = Plain().construct(player.plugin, bare)
        except Exception:
            plain = None
        assert (ours is None) == (plain is None), options
        if ours is None:
            assert not player.inventory.hosts
            failed += 1
        else:
            built += 1
            assert {name: dict(one.vars) for name, one in ours.hosts.items()} == {name: dict(one.vars) for name, one in plain.hosts.items()}, options
            assert groups(ours) == groups(plain), options
            # Ansible's own order of groups differs from run to run where they have parents.
            assert {name: sorted(map(str, one.groups)) for name, one in ours.hosts.items()} == {
                name: sorted(map(str, one.groups)) for name, one in plain.hosts.items()}, options
    assert failed and built, "the choice of configurations shows nothing"


def test_equal_values_are_worked_out_once(player, monkeypatch):
    asked = []

    def counted(was):
        def method(self, *given, **others):
            asked.append(given[0])
            return was(self, *given, **others)
        return method
    for name in ("_compose", "_add_host_to_composed_groups"):
        monkeypatch.setattr(Constructable, name, counted(getattr(Constructable, name)))
    for role in ("web", "db"):
        player.seed(role + "-{n}", count=20, metadata={"role": role})
    found = player.parse(keyed_groups=[{"key": "rax_metadata.role"}], groups={"active": "rax_status == 'ACTIVE'"},
                         compose={"short": "rax_metadata.role | upper", "each": "rax_name"})
    assert len(groups(found)["_web"][0]) == len(groups(found)["_db"][0]) == 20 and len(groups(found)["active"][0]) == 40
    assert {one.vars["short"] for one in found.hosts.values()} == {"WEB", "DB"}
    assert all(one.vars["each"] == name for name, one in found.hosts.items())
    assert sorted(map(str, asked)) == sorted(["rax_metadata.role"] * 2 + [str({"active": "rax_status == 'ACTIVE'"})] + ["rax_metadata.role | upper"] * 2
                                             + ["rax_name"] * 40)


def test_a_template_among_the_variables_of_another_source_is_no_value(player):
    """Two hosts with the same text in a variable may have different values, when the text is a template."""
    for role in ("web", "db"):
        player.seed(role, metadata={"role": role})
    inventory = InventoryData()
    for name in ("web", "db"):
        inventory.add_host(name)
        inventory.set_variable(name, "kind", trust_as_template("{{ rax_metadata.role }}"))
    found = player.parse(inventory=inventory, keyed_groups=[{"key": "kind", "prefix": "kind"}])
    assert groups(found)["kind_web"] == (["web"], []) and groups(found)["kind_db"] == (["db"], [])


def test_an_error_leaves_the_hosts_of_other_sources_alone(player):
    player.seed("web")
    player.seed("own")
    inventory = InventoryData()
    inventory.add_host("own")
    with pytest.raises(AnsibleError):
        player.parse(inventory=inventory, compose={"x": "rax_nothing"}, strict=True)
    assert list(inventory.hosts) == ["own"]


def test_hosts_are_taken_out_again_without_looking_through_all_of_them(rackspace, monkeypatch):
    rackspace.seed("web-{n}", count=200)
    compared = []

    def equal(one, other):
        compared.append(one)
        return one is other
    monkeypatch.setattr(AnsibleHost, "__eq__", equal)
    with pytest.raises(AnsibleError):
        rackspace.parse(groups={"every": "true"}, keyed_groups=[{"key": "rax_nothing"}], strict=True)
    assert not rackspace.inventory.hosts and not rackspace.inventory.groups["every"].hosts
    assert len(compared) <= 200


# Templates and vaults in the options.

def test_options_are_templates_over_the_extra_variables(rackspace, monkeypatch):
    rackspace.seed("web", region="ORD")
    rackspace.extra_variables = {"key": "sandbox-api-key", "who": "demo", "where": "ord", "first": "private"}
    monkeypatch.setenv("MY_KEY", "sandbox-api-key")
    monkeypatch.setenv("MY_NETWORKS", "private, public")
    options = {"username": "{{ who }}", "api_key": "{{ key }}", "region": "{{ where }}"}
    for networks in (["{{ first }}"], "{{ first }}", "{{ [first, 'public'] | join(',') }}", "{{ lookup('env', 'MY_NETWORKS') }}"):
        assert rackspace.hosts(**dict(options, networks=networks))["web"]["ansible_host"].startswith("10.")
    assert list(rackspace.hosts(username=None, api_key=None, auth={"username": "{{ who }}", "api_key": "{{ lookup('env', 'MY_KEY') }}"})) == ["web"]


def test_paths_are_templates_too(rackspace, tmp_path):
    (tmp_path / "ca.pem").write_text("", encoding="utf-8")
    rackspace.seed("web")
    rackspace.extra_variables = {"folder": str(tmp_path)}
    for path in ("{{ folder }}/ca.pem", "ca.pem", str(tmp_path / "ca.pem")):
        assert list(rackspace.hosts(ca_cert=path)) == ["web"]
    with pytest.raises(AnsibleParserError, match="ca_cert names %s/none.pem, which does not exist" % tmp_path):
        rackspace.parse(ca_cert="{{ folder }}/none.pem")


def test_a_template_that_cannot_be_rendered_names_the_option(rackspace):
    with pytest.raises(AnsibleParserError, match=r"api_key cannot be rendered: .*'nowhere' is undefined.*extra variables"):
        rackspace.parse(api_key="{{ nowhere }}")
    with pytest.raises(AnsibleParserError, match=r"auth\.api_key cannot be rendered"):
        rackspace.parse(api_key=None, auth={"api_key": "{{ nowhere }}"})
    with pytest.raises(AnsibleParserError, match="api_key cannot be rendered, it is no valid template") as told:
        rackspace.parse(api_key="sandbox-{{-secret")
    assert "secret" not in str(told.value)
    assert not rackspace.asked()


# The cache.

@pytest.fixture
def cache(tmp_path):
    return {"cache": True, "cache_plugin": "jsonfile", "cache_connection": str(tmp_path / "cache")}


def test_a_warm_cache_costs_no_call(player, cache, tmp_path):
    player.seed("web", metadata={"role": "web"})
    cold = player.hosts(**cache)
    player.asked()
    assert player.hosts(**cache) == cold
    # What is computed here needs no refresh.
    assert list(player.hosts(hostnames=["id"], statuses=["all"], networks=["private"], compose={"x": "rax_name"}, **cache).values())[0]["x"] == "web"
    assert player.asked() == []
    for secret in ("sandbox-api-key", "sandbox-password", "token"):
        assert not [path for path in (tmp_path / "cache").iterdir() if secret in path.read_text(encoding="utf-8") or secret in path.name]


def test_a_refresh_lists_anew(player, cache):
    player.seed("web")
    player.hosts(**cache)
    player.seed("new")
    assert list(player.hosts(**cache)) == ["web"]
    assert sorted(player.parse(anew=True, **cache).hosts) == ["new", "web"]
    player.asked()
    assert sorted(player.hosts(**cache)) == ["new", "web"]
    assert player.asked() == []


def test_without_the_option_nothing_is_kept(player, cache, tmp_path):
    player.hosts(**dict(cache, cache=False))
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("other", [{"filters": {"name": "x"}}, {"regions": "all"}, {"username": "other", "api_key": "sandbox-other-key"}])
def test_what_changes_the_answer_has_an_entry_of_its_own(rackspace, cache, other):
    rackspace.seed("web")
    mine = {"regions": ["DFW"]}
    assert list(rackspace.hosts(**mine, **cache)) == ["web"]
    rackspace.asked()
    rackspace.parse(**dict(mine, **other), **cache)
    assert ("GET", "compute", "DFW") in rackspace.asked()


def test_two_accounts_never_share(make_player, cache, tmp_path):
    player = make_player("rackspace")
    player.seed("mine")
    login = {"username": "other", "api_key": "sandbox-other-key"}
    assert list(player.hosts(**cache)) == ["mine"]
    assert list(player.hosts(**login, **cache)) == []
    player.asked()
    assert (list(player.hosts(**cache)), list(player.hosts(**login, **cache))) == (["mine"], [])
    assert player.asked() == []
    # Not even when somebody exchanges the files.
    first, second = sorted((tmp_path / "cache").iterdir())
    content = first.read_bytes(), second.read_bytes()
    first.write_bytes(content[1]), second.write_bytes(content[0])
    assert (list(player.hosts(**cache)), list(player.hosts(**login, **cache))) == (["mine"], [])


@pytest.mark.parametrize("content", ["{\"key\"", "[]", "{}", "{\"key\": 1, \"regions\": []}", "null", ""])
def test_a_damaged_cache_is_listed_anew(player, cache, tmp_path, content):
    player.seed("web")
    player.hosts(**cache)
    entry, = (tmp_path / "cache").iterdir()
    entry.write_text(content, encoding="utf-8")
    assert list(player.hosts(**cache)) == ["web"]


@pytest.mark.parametrize("regions", [
    {"DFW": []}, [], None, "", '{"DFW"', "[]", "null", '{"DFW": "x"}', '{"DFW": [1]}', '{"DFW": [{"name": "x"}]}'], ids=str)
def test_a_cache_of_another_shape_is_listed_anew(player, cache, regions):
    player.seed("web")
    player.hosts(**cache)
    (key, entry), = player.plugin._cache.items()
    player.plugin._cache[key] = dict(entry, regions=regions)
    player.plugin.update_cache_if_changed()
    player.asked()
    assert list(player.hosts(**cache)) == ["web"]
    assert player.asked()


@pytest.mark.parametrize("metadata", [
    {"__ansible_type": "x"}, {"__ansible_unsafe": "x"}, {"__ansible_vault": "x"}, {"__ansible_type": "_AnsibleTaggedStr", "value": "x"},
    {"__ansible_type": "AnsibleSerializableDate", "iso8601": "2026-01-01"}, {"__payload__": "{}"}], ids=str)
def test_metadata_in_the_words_of_a_cache_comes_out_as_it_went_in(player, cache, metadata):
    player.seed("web", metadata=metadata)
    cold = player.hosts(**cache)
    assert cold["web"]["rax_metadata"] == metadata
    player.asked()
    assert player.hosts(**cache) == cold
    assert player.asked() == []


# Bad files.

@pytest.mark.parametrize("options, message", [
    ({"regoins": ["DFW"]}, r"There is no option 'regoins'\. Did you mean regions"),
    ({"filters": "web"}, "filters"),
    ({"on_region_failure": "ignore"}, "on_region_failure"),
    ({"validate_certs": "perhaps"}, r"validate_certs is 'perhaps'\. Write true or false"),
    ({"strict": "maybe"}, r"strict is 'maybe'\. Write true or false"),
    ({"api_timeout": "soon"}, "api_timeout"),
    ({"include": {"a": 1}}, r"include has \{'a': 1\}, which is neither text nor a list of texts"),
    ({"hostnames": [["name"]]}, "hostnames has"),
    ({"ip_versions": [5]}, r"ip_versions is 5\. Use 4 and 6"),
    ({"ip_versions": "four"}, r"ip_versions is four\. Use 4 and 6"),
    ({"hostvars_prefix": "my-"}, r"hostvars_prefix is 'my-'\. Use letters"),
    ({"regions": []}, r"regions is empty\. List some"),
    ({"regions": ""}, r"regions is empty\. List some"),
    ({"regions": "{{ lookup('env', 'MY_REGIONS') }}"}, r"regions is empty\. List some"),
    ({"statuses": []}, r"statuses is empty\. List some"),
    ({"cloud": "x"}, "cloud and .* are both given"),
    ({"regions": ["DFW", "ORD"], "compute_endpoint": "http://127.0.0.1:1/x"}, "compute_endpoint is the address of one region"),
])
def test_one_clear_message_for_a_bad_file(rackspace, options, message):
    with pytest.raises(AnsibleError, match=message):
        rackspace.parse(**options)
    assert not rackspace.inventory.hosts


def test_a_file_by_another_name_says_so(rackspace):
    with pytest.raises(AnsibleParserError, match=r"servers\.yml is for the plugin rackspace\.cloud\.servers, but its name does not end in rackspace\.yml or"):
        rackspace.parse(name="servers.yml")
    assert not plugin.InventoryModule().verify_file("/nowhere/my.rackspace.yml")


def test_no_library_no_guess(rackspace, monkeypatch):
    monkeypatch.setattr(plugin.transport, "MISSING", "trace")
    with pytest.raises(AnsibleParserError, match="requests"):
        rackspace.parse()


def test_no_credentials_say_where_they_were_looked_for(rackspace):
    with pytest.raises(AnsibleParserError, match="No credentials to log in with. Looked at"):
        rackspace.parse(username=None, api_key=None)


@pytest.mark.parametrize("first, second", list(itertools.combinations([
    {"auth_url": "http://127.0.0.1:2/identity/v2.0"}, {"username": "b"}, {"tenant_id": "7"}, {"token": "sandbox-token-1"}, {"token": "sandbox-token-2"}], 2)))
def test_the_key_of_the_cache_tells_accounts_apart(rackspace, first, second):
    keys = set()
    for options in (first, second):
        secret = {} if "token" in options else {"api_key": "k"}
        login = rackspace.connect(dict(dict({"auth_url": rackspace.cloud.auth_url, "username": "a"}, **secret), **options)).login
        keys.add(key_of(login, ["DFW"], {}))
    assert len(keys) == 2
