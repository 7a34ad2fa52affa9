# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`network` and its info on the sandbox in process."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors
from ansible_collections.rackspace.cloud.plugins.modules import network as module
from ansible_collections.rackspace.cloud.plugins.modules import network_info as info

PUBLIC = "00000000-0000-0000-0000-000000000000"


def player(stage):
    def task(check=False, **options):
        return stage.change(module.NETWORK, module.SPEC, "network", options, check)
    task.stage = stage
    task.thrice = lambda **options: stage.thrice(module.NETWORK, module.SPEC, "network", options)
    task.ask = lambda **options: stage.ask(info.fetch, info.SPEC, options)["networks"]
    return task


@pytest.fixture
def rackspace(rackspace_stage):
    return player(rackspace_stage)


@pytest.fixture
def openstack(openstack_stage):
    return player(openstack_stage)


@pytest.mark.parametrize("cidr", ["192.168.3.0/24", "fd00:3::/64"])
def test_a_life(rackspace, cidr):
    foreseen, done = rackspace.thrice(name="databases", cidr=cidr)
    assert {**foreseen["network"], "id": done["network"]["id"]} == done["network"]
    assert done["network"]["label"] == done["network"]["name"] == "databases" and done["network"]["cidr"] == cidr
    assert not rackspace(name="databases")["changed"] and not rackspace(id=done["network"]["id"])["changed"]
    _foreseen, done = rackspace.thrice(name="databases", state="absent")
    assert done["diff"]["before"]["cidr"] == cidr and rackspace.ask(network="databases") == []


def test_two_of_a_label_are_ambiguous_and_an_id_helps(rackspace):
    first = rackspace(name="twin", cidr="192.168.3.0/24")["network"]
    rackspace.stage.region.add_network("5eed0000-0000-4000-8000-00000000beef", "twin", "192.168.4.0/24", "123456")
    with pytest.raises(errors.Ambiguous) as caught:
        rackspace(name="twin", state="absent")
    assert sorted(caught.value.facts["ids"]) == sorted([first["id"], "5eed0000-0000-4000-8000-00000000beef"])
    assert len(rackspace.ask(network="twin")) == 2
    rackspace.thrice(id="5eed0000-0000-4000-8000-00000000beef", state="absent")
    assert [network["id"] for network in rackspace.ask(network="twin")] == [first["id"]]


REFUSED = {
    "another block": ({"name": "there", "cidr": "192.168.9.0/24"}, errors.WrongState, "has the block 192.168.3.0/24 and 192.168.9.0/24 is wanted"),
    "another label": ({"id": "ID", "name": "elsewhere"}, errors.BadInput, "label of a network cannot be changed"),
    "no block": ({"name": "new"}, errors.BadInput, "cidr is needed"),
    "no address": ({"name": "new", "cidr": "many"}, errors.BadInput, "'many' does not appear"),
    "host bits": ({"name": "new", "cidr": "192.168.3.7/24"}, errors.BadInput, "has host bits set"),
    "fixed": ({"name": "public", "state": "absent"}, errors.Protected, "every account has"),
    "no such id": ({"id": "5eed0000-0000-4000-8000-00000000dead"}, errors.NotFound, "no network with the id"),
}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("what", REFUSED)
def test_refused_in_words_before_anything_is_sent(rackspace, what, check):
    made = rackspace(name="there", cidr="192.168.3.0/24")["network"]["id"]
    rackspace.stage.cloud.journal.clear()
    options, error, words = REFUSED[what]
    with pytest.raises(error, match=words):
        rackspace(check=check, **{name: made if value == "ID" else value for name, value in options.items()})
    assert not rackspace.stage.writes()


def test_one_in_use_names_its_servers(rackspace):
    made = rackspace(name="busy", cidr="192.168.3.0/24")["network"]
    server_id = rackspace.stage.seed("db1", addresses={"busy": [{"addr": "192.168.3.2", "version": 4}]})
    server = rackspace.stage.server(server_id)
    server.nics = [*server.nics, {"network": made["id"]}]
    with pytest.raises(errors.WrongState, match="in use by server 'db1'") as caught:
        rackspace(name="busy", state="absent")
    assert server_id in str(caught.value) and caught.value.facts["http_status"] == 403


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 500, "act": True}, {"drop": "before"}, {"cut": True}])
def test_no_fault_makes_a_second_network(rackspace, fault):
    rackspace.stage.fault(method="POST", path="/os-networksv2$", **fault)
    made = rackspace(name="databases", cidr="192.168.3.0/24")["network"]
    assert [network["id"] for network in rackspace.ask(network="databases")] == [made["id"]]


def test_a_network_that_has_only_a_name_is_found_by_it(rackspace):
    listed = {"networks": [{"id": "5eed0000-0000-4000-8000-00000000beef", "name": "databases", "cidr": "192.168.3.0/24"},
                           {"id": "5eed0000-0000-4000-8000-00000000cafe", "label": "caches", "cidr": "192.168.4.0/24"}]}
    rackspace.stage.fault(method="GET", path="/os-networksv2$", times=9, status=200, body=listed)
    for name, index in (("databases", 0), ("caches", 1)):
        found = rackspace(name=name, cidr=listed["networks"][index]["cidr"])
        assert not found["changed"] and found["network"]["id"] == listed["networks"][index]["id"]


def test_a_network_that_was_made_all_the_same_is_found_by_its_name(rackspace):
    made = {"id": "5eed0000-0000-4000-8000-00000000beef", "name": "databases", "cidr": "192.168.3.0/24"}
    rackspace.stage.fault(method="POST", path="/os-networksv2$", status=500)
    rackspace.stage.fault(method="GET", path="/os-networksv2$", skip=1, status=200, body={"networks": [{"id": "1", "name": "other"}, made]})
    assert rackspace(name="databases", cidr="192.168.3.0/24")["network"]["id"] == made["id"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_cloud_with_neutron_is_told_where_to_go(openstack, state):
    with pytest.raises(errors.BadInput, match="Neutron.*openstack.cloud.network"):
        openstack(name="private", cidr="192.168.3.0/24", state=state)
    assert not openstack.stage.writes()


def test_info_at_rackspace(rackspace):
    made = rackspace(name="databases", cidr="192.168.3.0/24")["network"]
    assert [network["name"] for network in rackspace.ask()] == ["databases", "private", "public"]
    assert rackspace.ask(pattern="p*") == rackspace.ask()[1:]
    assert rackspace.ask(network=made["id"]) == rackspace.ask(network="databases") == [made]
    assert rackspace.ask(network=PUBLIC)[0]["name"] == "public"
    assert rackspace.ask(network="5eed0000-0000-4000-8000-00000000dead") == []


def test_info_with_neutron(openstack):
    listed = openstack.ask()
    assert [network["name"] for network in listed] == ["private", "public"]
    assert listed[1]["external"] is True and listed[0]["shared"] is True
    assert openstack.ask(network=listed[0]["id"])[0]["id"] == listed[0]["id"] and openstack.ask(network="nowhere") == []
    assert not any("/os-networks" in line for line in openstack.stage.asked())
