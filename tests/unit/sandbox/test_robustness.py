# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""No request, however odd, is answered with a mistake of the sandbox's own."""

from __future__ import annotations

import copy
import itertools

import pytest

ODD = [None, 0, -1, True, "", "x", "\u00e9" * 3, [], [1], [None], {}, {"a": None}, {"id": []}]
SERVER = {"server": {"name": "a", "imageRef": "3afe97b2-26dc-49c5-a2cc-a2fc8d80c001", "flavorRef": "2", "metadata": {"a": "b"}, "adminPass": "x",
                     "networks": [{"uuid": "00000000-0000-0000-0000-000000000000"}], "personality": [{"path": "/a", "contents": ""}], "key_name": "k",
                     "config_drive": True, "user_data": "", "min_count": 1, "max_count": 1, "OS-DCF:diskConfig": "AUTO", "accessIPv4": "192.0.2.1",
                     "block_device_mapping_v2": [{"source_type": "volume", "boot_index": 0, "uuid": "x", "destination_type": "volume"}],
                     "security_groups": [{"name": "default"}], "availability_zone": "nova", "return_reservation_id": False}}
ACTIONS = {"reboot": {"type": "SOFT"}, "rebuild": {"imageRef": "x", "metadata": {}, "personality": []}, "resize": {"flavorRef": "3"},
           "changePassword": {"adminPass": "x"}, "createImage": {"name": "x", "metadata": {}}, "rescue": {"adminPass": "x"}, "lock": None, "unlock": None,
           "createBackup": {"name": "x", "backup_type": "x", "rotation": 1}, "os-getConsoleOutput": {"length": 1}, "addSecurityGroup": {"name": "x"},
           "os-getVNCConsole": {"type": "novnc"}, "os-stop": None, "shelve": None, "resetNetwork": None}
BODIES = [
    ("compute", "POST", "/servers", SERVER),
    ("compute", "PUT", "/servers/{server}", {"server": {"name": "a", "accessIPv4": "", "OS-DCF:diskConfig": "AUTO"}}),
    ("compute", "POST", "/servers/{server}/metadata", {"metadata": {"a": "b"}}),
    ("compute", "PUT", "/servers/{server}/metadata/a", {"meta": {"a": "b"}}),
    ("compute", "POST", "/servers/{server}/os-volume_attachments", {"volumeAttachment": {"volumeId": "x", "device": "/dev/vdb"}}),
    ("compute", "POST", "/servers/{server}/rax-si-image-schedule", {"image_schedule": {"retention": 1, "day_of_week": "MONDAY"}}),
    ("compute", "POST", "/servers/{server}/os-virtual-interfacesv2", {"virtual_interface": {"network_id": "x"}}),
    ("compute", "POST", "/servers/{server}/os-interface", {"interfaceAttachment": {"net_id": "x", "fixed_ips": [{"ip_address": "x"}]}}),
    ("compute", "POST", "/os-keypairs", {"keypair": {"name": "a", "public_key": "ssh-rsa AAAA"}}),
    ("compute", "POST", "/os-networksv2", {"network": {"label": "a", "cidr": "192.168.0.0/24"}}),
    ("volume", "POST", "/volumes", {"volume": {"size": 100, "metadata": {}, "volume_type": "SATA", "snapshot_id": "x", "imageRef": "x"}}),
    ("volume", "POST", "/snapshots", {"snapshot": {"volume_id": "x", "force": True}}),
    ("network", "POST", "/ports", {"port": {"network_id": "x", "fixed_ips": [{"ip_address": "x"}]}}),
    ("network", "POST", "/subnets", {"subnet": {"network_id": "x", "cidr": "10.0.0.0/8"}}),
    ("network", "POST", "/floatingips", {"floatingip": {"floating_network_id": "x", "port_id": "x"}}),
    ("identity", "POST", "/users", {"user": {"username": "a", "name": "a", "email": "a@example.com", "OS-KSADM:password": "x", "enabled": True}}),
    ("identity", "POST", "/tokens", {"auth": {"passwordCredentials": {"username": "a", "password": "b"}, "tenantId": "x"}}),
    ("identity", "POST", "/tokens", {"auth": {"token": {"id": "x"}, "tenantId": "x"}}),
    ("identity", "POST", "/auth/tokens", {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "a", "domain": {"id": "default"}}}},
                                                   "scope": {"project": {"name": "demo", "domain": {"id": "default"}}}}}),
    ("identity", "POST", "/auth/tokens", {"auth": {"identity": {"methods": ["application_credential"], "application_credential": {"id": "x"}}}}),
    *[("compute", "POST", "/servers/{server}/action", {name: given}) for name, given in ACTIONS.items()],
]


def places(value, path=()):
    """Every path into JSON data."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*path, key))


def spoilt(body):
    """The body with one odd thing in it, in every place."""
    for path, odd in itertools.product(places(body), ODD):
        if not path:
            yield odd
            continue
        broken = copy.deepcopy(body)
        parent = broken
        for key in path[:-1]:
            parent = parent[key]
        parent[path[-1]] = odd
        yield broken


@pytest.mark.parametrize(("service", "method", "path", "body"), BODIES, ids=["%s %s %d" % (row[1], row[2], n) for n, row in enumerate(BODIES)])
def test_odd_bodies(client, service, method, path, body):
    client.cloud.settings.update({"quota": {"metadata_items": 40, "volumes": -1, "gigabytes": -1}})
    path = path.replace("{server}", client.create())
    for odd in spoilt(body):
        reply = client.call(method, path, odd, service=service if service in client.paths else "compute")
        assert reply.status != 500, odd
