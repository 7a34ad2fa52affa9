# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What servers need around them: flavors, images, keys, volumes, networks, limits."""

from __future__ import annotations

PUBLIC_KEY = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDx8nkQ sandbox"


def test_flavors(client):
    everything = client.call("GET", "/flavors/detail", status=200).json()["flavors"]
    assert {flavor["id"] for flavor in everything} >= {"2", "3"}
    large = client.call("GET", "/flavors/detail?minRam=4000").json()["flavors"]
    assert {flavor["id"] for flavor in large} == {flavor["id"] for flavor in everything if flavor["ram"] >= 4000}
    page = client.call("GET", "/flavors?limit=1").json()
    assert len(page["flavors"]) == 1 and page["flavors_links"]
    client.call("GET", "/flavors/none", status=404)
    client.call("GET", "/flavors?minRam=much", status=400)


def test_two_images_share_a_name(client):
    assert len(client.call("GET", "/images?name=Duplicate%20image").json()["images"]) == 2
    assert client.call("GET", "/images/detail?type=snapshot").json()["images"] == []


def test_key_pairs(client):
    made = client.call("POST", "/os-keypairs", {"keypair": {"name": "mine"}}, 200).json()["keypair"]
    assert "PRIVATE KEY" in made["private_key"]
    client.call("POST", "/os-keypairs", {"keypair": {"name": "mine"}}, 409)
    client.call("POST", "/os-keypairs", {"keypair": {"name": "bad", "public_key": "nonsense"}}, 400)
    client.call("POST", "/os-keypairs", {"keypair": {"name": "a/b"}}, 400)
    imported = client.call("POST", "/os-keypairs", {"keypair": {"name": "theirs", "public_key": PUBLIC_KEY}}, 200).json()["keypair"]
    assert "private_key" not in imported
    listed = client.call("GET", "/os-keypairs").json()["keypairs"]
    assert [entry["keypair"]["name"] for entry in listed] == ["mine", "theirs"]
    assert "private_key" not in listed[0]["keypair"]
    assert client.server(client.create(key_name="mine"))["key_name"] == "mine"
    client.call("DELETE", "/os-keypairs/mine", None, 202)
    client.call("GET", "/os-keypairs/mine", None, 404)


def test_a_volume_comes_and_goes(client):
    size = 100
    names = {"display_name": "data"} if client.dress == "rackspace" else {"name": "data"}
    made = client.call("POST", "/volumes", {"volume": {"size": size, **names}}, 200 if client.dress == "rackspace" else 202, "volume").json()["volume"]
    assert made["status"] == "creating"
    server_id, path = client.create(), "/volumes/" + made["id"]
    attach = "/servers/%s/os-volume_attachments" % server_id
    reply = client.call("POST", attach, {"volumeAttachment": {"volumeId": made["id"]}}, 200).json()["volumeAttachment"]
    assert (reply["id"], reply["volumeId"], reply["serverId"]) == (made["id"], made["id"], server_id)
    assert client.call("GET", attach).json()["volumeAttachments"] == []
    assert client.call("GET", path, service="volume").json()["volume"]["status"] == "attaching"
    client.clock.advance(1)
    assert len(client.call("GET", attach).json()["volumeAttachments"]) == 1
    assert client.call("GET", path, service="volume").json()["volume"]["attachments"][0]["server_id"] == server_id
    client.call("POST", attach, {"volumeAttachment": {"volumeId": made["id"]}}, 400)
    client.call("DELETE", path, None, 400, "volume")
    client.call("DELETE", "%s/%s" % (attach, made["id"]), None, 202)
    assert client.call("GET", path, service="volume").json()["volume"]["status"] == "detaching"
    client.clock.advance(1)
    client.call("DELETE", "%s/%s" % (attach, made["id"]), None, 404)
    client.call("DELETE", path, None, 202, "volume")
    client.clock.advance(1)
    client.call("GET", path, None, 404, "volume")


def test_volumes_have_a_least_size_at_rackspace(rackspace):
    rackspace.call("POST", "/volumes", {"volume": {"size": 10, "display_name": "small"}}, 400, "volume")


def test_isolated_networks(rackspace):
    made = rackspace.call("POST", "/os-networksv2", {"network": {"label": "back", "cidr": "192.168.7.0/24"}}, 200).json()["network"]
    assert set(made) == {"id", "label", "cidr"}
    rackspace.call("POST", "/os-networksv2", {"network": {"label": "back", "cidr": "nonsense"}}, 400)
    server_id = rackspace.create(networks=[{"uuid": made["id"]}])
    assert list(rackspace.server(server_id)["addresses"]) == ["back"]
    rackspace.call("DELETE", "/os-networksv2/" + made["id"], None, 403)
    path = "/servers/%s/os-virtual-interfacesv2" % server_id
    public = "00000000-0000-0000-0000-000000000000"
    added = rackspace.call("POST", path, {"virtual_interface": {"network_id": public}}, 200).json()["virtual_interfaces"][0]
    assert {entry["network_label"] for entry in added["ip_addresses"]} == {"public"}
    rackspace.call("POST", path, {"virtual_interface": {"network_id": public}}, 400)
    own = next(entry["id"] for entry in rackspace.call("GET", path).json()["virtual_interfaces"] if entry["id"] != added["id"])
    rackspace.call("DELETE", "%s/%s" % (path, own), None, 200)
    assert list(rackspace.server(server_id)["addresses"]) == ["public"]
    reply = rackspace.call("DELETE", "/os-networksv2/" + made["id"], None, 202)
    assert reply.header("Content-Type").startswith("text/plain")


def test_image_schedules(rackspace):
    path = "/servers/%s/rax-si-image-schedule" % rackspace.create()
    assert list(rackspace.call("GET", path, None, 404).json()) == ["itemNotFound"]
    rackspace.call("POST", path, {"image_schedule": {"retention": 0}}, 400)
    rackspace.call("POST", path, {"image_schedule": {"retention": 7, "day_of_week": "MONDAY"}}, 200)
    assert rackspace.call("GET", path).json()["image_schedule"]["retention"] == 7
    assert rackspace.server(path.split("/")[2])["RAX-SI:image_schedule"]["retention"] == 7
    rackspace.call("DELETE", path, None, 202)


def test_neutron_knows_the_ports_of_servers(openstack):
    server_id = openstack.create()
    port, = openstack.call("GET", "/ports?device_id=" + server_id, service="network").json()["ports"]
    assert port["fixed_ips"][0]["ip_address"] == openstack.server(server_id)["addresses"]["private"][0]["addr"]
    external = openstack.call("GET", "/networks?router:external=True", service="network").json()["networks"][0]["id"]
    body = {"server": {"name": "a", "imageRef": openstack.image, "flavorRef": "2", "networks": [{"uuid": external}]}}
    openstack.call("POST", "/servers", body, 403)
    body = {"floatingip": {"floating_network_id": external, "port_id": port["id"]}}
    openstack.call("POST", "/floatingips", body, 201, "network")
    kinds = [entry["OS-EXT-IPS:type"] for entry in openstack.server(server_id)["addresses"]["private"]]
    assert kinds == ["fixed", "floating"]


def test_a_choice_of_networks_must_be_made(openstack):
    network = openstack.call("POST", "/networks", {"network": {"name": "mine"}}, 201, "network").json()["network"]
    openstack.call("POST", "/subnets", {"subnet": {"network_id": network["id"], "cidr": "10.9.0.0/24", "ip_version": 4}}, 201, "network")
    body = {"server": {"name": "a", "imageRef": openstack.image, "flavorRef": "2"}}
    openstack.call("POST", "/servers", body, 409)
    assert list(openstack.server(openstack.create(networks=[{"uuid": network["id"]}]))["addresses"]) == ["mine"]
    openstack.call("DELETE", "/networks/" + network["id"], None, 409, "network")


def test_the_image_service(client):
    images = client.call("GET", "/images?name=Duplicate%20image", service="image").json()["images"]
    assert len(images) == 2
    assert images[0]["status"] == "active"
    kind = "text/html; charset=UTF-8" if client.cloud.dress == "rackspace" else "application/json"
    assert client.call("GET", "/images/none", None, 404, "image").header("Content-Type") == kind
    client.call("DELETE", "/images/" + client.image, None, 403, "image")


def test_limits_count_what_is_used(client):
    client.create()
    absolute = client.call("GET", "/limits").json()["limits"]["absolute"]
    assert absolute["totalInstancesUsed"] == 1
    client.cloud.settings.update({"quota": {"instances": 1}})
    client.call("POST", "/servers", {"server": {"name": "a", "imageRef": client.image, "flavorRef": "2"}}, 403)
