# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Answers of the right outer form whose things lack fields, or have some of any type: what looks at them and plans ends in a result or an error of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.rackspace.cloud.plugins.module_utils import (
    api,
    attachments,
    errors,
    flavors,
    image_plan,
    images,
    keypairs,
    limits,
    lookup,
    networks,
    records,
    server_plan,
    servers,
    users,
    volume_plan,
    volumes,
)
from ansible_collections.rackspace.cloud.plugins.plugin_utils import inventory_hosts, inventory_listing

from .test_answers import JSON, LOGIN, QUICK, ended, session

NAME = "web"
ANYTHING = st.sampled_from([None, 7, 0.5, True, "", "x", [], {}, [7], ["x"], [{}], {"a": 7}, {"id": 7}, {"id": []}, [{"a": 7}], {"a": [7]}]) | JSON


def some(**fields):
    """Dicts in which each of these fields is as it should be, is missing, or is anything."""
    return st.fixed_dictionaries({}, optional={name: st.just(good) | st.just(good) | ANYTHING for name, good in fields.items()})


SERVERS = some(**{
    "id": "1", "name": NAME, "status": "ACTIVE", "addresses": {"public": [{"addr": "192.0.2.1", "version": 4}]}, "metadata": {"a": "b"}, "flavor": {"id": "2"},
    "image": {"id": "3"}, "fault": {"message": "no"}, "security_groups": [{"name": "default"}], "OS-EXT-STS:task_state": None,
    "created": "2026-01-01T00:00:00Z"})
IMAGES = some(id="1", name=NAME, status="ACTIVE", created="2026-01-01T00:00:00Z", metadata={"a": "b"}, server={"id": "2"})
FLAVORS = some(id="1", name=NAME, ram=512, vcpus=1, disk=20)
VOLUMES = some(id="1", name=NAME, status="available", size=75, attachments=[{"server_id": "2", "device": "/dev/xvdb"}], metadata={"a": "b"}, description="",
               volume_image_metadata={"image_id": "3"})
NETWORKS = some(id="1", label=NAME, name=NAME, cidr="192.0.2.0/24")
KEYPAIRS = st.fixed_dictionaries({}, optional={"keypair": some(name=NAME, public_key="ssh-ed25519 AAAA", fingerprint="00:11")})
ATTACHMENTS = some(id="1", volumeId="1", serverId="2", device="/dev/xvdb")
USERS = some(id="1", username=NAME, name=NAME, email="a@example.com", enabled=True)
LIMITS = some(absolute={"maxTotalInstances": 5, "totalInstancesUsed": 1}, rate=[{"uri": "*", "limit": [{"value": 10}]}])


def of_servers(cloud):
    """What tasks and the inventory do with servers."""
    found = lookup.server(cloud.compute, NAME)
    for server in servers.every(cloud.compute):
        record = records.record(server)
        ended(lambda server=server: (servers.settled(server), servers.reaches("ACTIVE")(server), servers.ready("rackconnect")(server)))
        inventory_hosts.address(record, ["access_ip", "public", "*"], [4, 6])
        lookup.described(record)
        for want in ({"state": "absent", **server_plan.POLICIES}, {
                "state": "stopped", "name": NAME, "flavor": {"id": "9", "name": "x"}, "image": {"id": "9", "name": "x"}, "networks": ["public"],
                "security_groups": ["default"], "metadata": {"a": "c"}, "purge_metadata": True, **dict(server_plan.POLICIES, resize_policy="confirm")}):
            ended(server_plan.plan, record, want)
    return found


def of_images(cloud):
    for image in images.newest_first(images.every(cloud.compute)):
        ended(lambda image=image: (images.usable(image, "it"), images.is_snapshot(image), images.origin(image)))
        for want in ({"state": "absent", "ignore_protection": False}, {"state": "present", "metadata": {"a": "c"}, "purge_metadata": True}):
            ended(image_plan.plan, records.record(image), want)
    return lookup.image(cloud.compute, NAME)


def of_volumes(cloud):
    for volume in volumes.every(cloud.compute):
        record = volumes.record(volume)
        ended(lambda volume=volume: (volumes.server_ids(volume), volumes.device(volume, "2"), volumes.at("2")(volume)))
        for want in ({"state": "absent", "ignore_protection": False}, {"state": "present", "size": 100, "name": NAME, "purge_metadata": True, "image": "x"}):
            ended(volume_plan.plan, record, want)
    inventory_listing.by_server(volumes.every(cloud.compute))
    return volumes.find(cloud.compute, NAME)


def of_flavors(cloud):
    for flavor in sorted(flavors.every(cloud.compute), key=flavors.size):
        limits.needs({"count": 2}, flavor)
    return lookup.flavor(cloud.compute, NAME)


def of_limits(cloud):
    told = limits.get(cloud.compute)
    return limits.missing(told, {"instances": 2, "cores": 1, "ram": 1}), limits.metadata_room(
        cloud.compute, "max_server_meta", {str(number): "" for number in range(50)}, {"a": "b"}, [])


ROOMS = {
    "servers": (SERVERS, of_servers),
    "images": (IMAGES, of_images),
    "flavors": (FLAVORS, of_flavors),
    "volumes": (VOLUMES, of_volumes),
    "networks": (NETWORKS, lambda cloud: (networks.ids_of(cloud, [NAME]), [networks.record(network) for network in networks.listed(cloud)])),
    "keypairs": (KEYPAIRS, lambda cloud: [keypairs.same(keypair, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA") for keypair in keypairs.every(cloud.compute)]),
    "volumeAttachments": (ATTACHMENTS, lambda cloud: [attachments.record(found) for found in attachments.every(cloud.compute, "1")]),
    "users": (USERS, lambda cloud: [users.record(user) for user in users.every(cloud.compute)] + [users.named(cloud.compute, NAME)]),
}


def answering(body):
    return api.connect(LOGIN, session=session((200, {"Content-Type": "application/json"}, body)), environ={})


@pytest.mark.parametrize("key", ROOMS)
@QUICK
@given(data=st.data())
def test_lists_of_things(key, data):
    form, looks = ROOMS[key]
    things = data.draw(st.lists(form, max_size=3))
    ended(looks, answering({key: things}))


@pytest.mark.parametrize("key, asks", [
    ("server", lambda cloud: servers.get(cloud.compute, "1")), ("image", lambda cloud: images.get(cloud.compute, "1")),
    ("volume", lambda cloud: volumes.get(cloud.compute, "1")), ("network", lambda cloud: networks.get(cloud, "1")),
    ("keypair", lambda cloud: keypairs.get(cloud.compute, "1")), ("user", lambda cloud: users.get(cloud.compute, "1")),
    ("volumeAttachment", lambda cloud: attachments.get(cloud.compute, "1", "2"))])
@QUICK
@given(data=st.data())
def test_one_thing(key, asks, data):
    form = KEYPAIRS if key == "keypair" else ROOMS[key + "s"][0]
    ended(asks, answering({key: data.draw(form)}))


@QUICK
@given(limit=LIMITS)
def test_limits(limit):
    ended(of_limits, answering({"limits": limit}))


@pytest.mark.parametrize("key", ROOMS)
def test_and_what_is_as_it_should_be_is_no_error(key):
    """Or all of the above would say nothing."""
    good = {
        "servers": {"id": "1", "name": NAME, "status": "ACTIVE"}, "images": {"id": "1", "name": NAME, "status": "ACTIVE"},
        "flavors": {"id": "1", "name": NAME, "ram": 512, "vcpus": 1}, "volumes": {"id": "1", "name": NAME, "status": "available", "size": 75},
        "networks": {"id": "1", "label": NAME}, "keypairs": {"keypair": {"name": NAME}}, "volumeAttachments": {"id": "1", "volumeId": "2"},
        "users": {"id": "1", "username": NAME}}
    assert not isinstance(ended(ROOMS[key][1], answering({key: [good[key]]})), errors.CloudError)
