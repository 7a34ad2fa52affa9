# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""One region: everything that exists in it, by id."""

import hashlib

from .timeline import settled

PUBLIC = "00000000-0000-0000-0000-000000000000"
PRIVATE = "11111111-1111-1111-1111-111111111111"
# id, name, addresses, whether it leads outside
_OPENSTACK_NETWORKS = (
    ("9f4b1a52-93c1-4a3c-8a6e-0b1f4d2c7e01", "private", "10.0.0.0/16", False),
    ("9f4b1a52-93c1-4a3c-8a6e-0b1f4d2c7e02", "public", "172.24.0.0/16", True),
)


class Region:
    """The things of one region. `flavors` are shared by all regions; everything else is the region's own."""

    def __init__(self, name, number, dress, flavors):
        self.name = name
        self.number = number
        self.rackspace = dress == "rackspace"
        self.flavors = flavors
        self.images = {}
        self.servers = {}
        self.volumes = {}
        self.snapshots = {}
        self.keypairs = {}          # (user id, name) -> record
        self.networks = {}          # id -> {id, label, cidr, project_id, external, shared}
        self.subnets = {}
        self.ports = {}
        self.floating_ips = {}
        self.routers = {}
        self.security_groups = {}
        self._sequence = 0
        self._next_host = {}
        self._add_networks()

    def settle_volumes(self, now):
        """Bring volumes up to date: attaching and detaching show on servers as well."""
        for volume in self.volumes.values():
            volume.settle(now)

    def _add_networks(self):
        if self.rackspace:
            self.add_network(PUBLIC, "public", None, None, external=True, shared=True)
            self.add_network(PRIVATE, "private", None, None, shared=True)
            return
        for network_id, label, cidr, external in _OPENSTACK_NETWORKS:
            self.add_network(network_id, label, cidr, None, external=external, shared=not external)

    def add_network(self, network_id, label, cidr, project_id, external=False, shared=False):
        """A new network; returns its record."""
        network = {"id": network_id, "label": label, "cidr": cidr, "project_id": project_id, "external": external, "shared": shared}
        self.networks[network_id] = network
        return network

    def isolated_networks(self, project_id):
        """The networks that a project made itself."""
        return [network for network in self.networks.values() if network["project_id"] == project_id]

    def usable_networks(self, project_id):
        """The networks that a project may attach to, the ones everybody has first."""
        return [network for network in self.networks.values() if network["project_id"] in (None, project_id) and (self.rackspace or not network["external"])]

    def default_nics(self, project_id):
        """What a server is attached to when the request names no network."""
        if self.rackspace:
            return [{"network": PUBLIC}, {"network": PRIVATE}]
        return [{"network": network["id"]} for network in self.usable_networks(project_id)]

    def add_server(self, server):
        """Take in a server; the order of arrival is the order of lists."""
        self._sequence += 1
        server.sequence = self._sequence
        self.servers[server.id] = server

    def live_servers(self, now):
        """The servers that are there, deleted ones that still show excluded."""
        return [server for server in settled(self.servers, now) if not server.deleted]

    def next_host(self, network_id):
        """A number for the next address of a network, from 1."""
        number = self._next_host[network_id] = self._next_host.get(network_id, 0) + 1
        return number

    @staticmethod
    def host_of(server):
        """An opaque name of the host a server runs on."""
        return hashlib.sha224(("host %d %s" % (server.sequence % 8, server.project_id)).encode()).hexdigest()
