# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Addresses of servers: one per network and protocol version, counted up, so that two servers never share one."""

import ipaddress

from .regions import PRIVATE, PUBLIC


def _mac(region):
    number = region.next_host("hardware") + (region.number << 20)
    prefix = "BC:76:4E" if region.rackspace else "fa:16:3e"
    tail = "%02x:%02x:%02x" % (number >> 16 & 0xFF, number >> 8 & 0xFF, number & 0xFF)
    return prefix + ":" + (tail.upper() if region.rackspace else tail)


def new_entries(region, network_id, fixed=None):
    """The address entries of one new interface in a network: `[{addr, version, mac, type}]`."""
    number = region.next_host(network_id)
    if network_id == PUBLIC:
        mac = _mac(region)
        # Documentation prefixes would hold a few hundred servers only; the block for benchmarking holds the rest.
        v4 = str(ipaddress.IPv4Address("198.18.0.0") + (region.number * 40_000 + number))
        v6 = str(ipaddress.IPv6Address("2001:db8:4800::ff04:0") + (region.number << 64) + number)
        return [{"addr": v4, "version": 4, "mac": mac, "type": "fixed"}, {"addr": v6, "version": 6, "mac": mac, "type": "fixed"}]
    if network_id == PRIVATE:
        return [{"addr": str(ipaddress.IPv4Address("10.176.0.0") + (region.number << 18) + number), "version": 4,
                 "mac": _mac(region), "type": "fixed"}]
    block = ipaddress.ip_network(region.networks[network_id]["cidr"], strict=False)
    host = fixed or str(block.network_address + (1 + number) % max(2, block.num_addresses))
    return [{"addr": host, "version": block.version, "mac": _mac(region), "type": "fixed"}]


def fill_addresses(region, server):
    """Give a server the addresses of its interfaces, and its access addresses where the service sets them."""
    for nic in server.nics:
        nic.setdefault("entries", None)
        if nic["entries"] is None:
            nic["entries"] = new_entries(region, nic["network"], nic.get("fixed_ip"))
    rebuild_addresses(region, server)
    if region.rackspace:
        public = server.addresses.get("public", [])
        server.access_ipv4 = server.access_ipv4 or next((entry["addr"] for entry in public if entry["version"] == 4), "")
        server.access_ipv6 = server.access_ipv6 or next((entry["addr"] for entry in public if entry["version"] == 6), "")


def rebuild_addresses(region, server):
    """Write the addresses of a server anew from its interfaces, floating ones included."""
    addresses = {}
    for nic in server.nics:
        label = region.networks[nic["network"]]["label"]
        addresses.setdefault(label, []).extend([*(nic.get("entries") or []), *nic.get("floating", [])])
    server.addresses = addresses
