# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hosts: what a server is called, its address, and how servers become hosts of the inventory while others are still on their way."""

from __future__ import annotations

import ipaddress
import weakref
from itertools import chain
from typing import NamedTuple

from ansible.template import Templar

ACCESS_IP = "access_ip"
OTHER_NETWORKS = "*"
PRIVATE_RANGES = [ipaddress.ip_network(text) for text in (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10")]
OF_THE_INVENTORY = ("inventory_file", "inventory_dir")  # variables that Ansible gives every host
# {Ansible's host: the ID of the server that it stands for}. The variable that tells it has another name in a source with another prefix.
SERVER_OF = weakref.WeakKeyDictionary()

# Since ansible-core 2.19 text is a template only when it is marked as trusted; before, unless it is marked as unsafe.
MARKS_TRUST = hasattr(Templar, "evaluate_conditional")
if MARKS_TRUST:
    def untrusted(value):
        """Data of the cloud in a form that is never templated: as it is."""
        return value
else:
    from ansible.utils.unsafe_proxy import wrap_var as untrusted


class Host(NamedTuple):
    """A server on its way to become a host. name: the preferred one; others may prefer it too. variables: None once they are set."""

    name: str
    id: str
    region: str
    variables: dict = None


class Hosts:
    """Puts Hosts into the inventory as they come. A host stands under the name that it prefers from the start, and moves in the end
    when others turned out to prefer that, too.

    is_reserved(name): the name stands for something that is no host. id_variable: the variable by which a host of another
    source is known to be the same server; one that was made here is known by SERVER_OF as well, whatever its variables are called.
    """

    def __init__(self, inventory, is_reserved, id_variable):
        self.inventory = inventory
        self.is_reserved = is_reserved
        self.others = {name: (host.vars.get(id_variable), SERVER_OF.get(host)) for name, host in inventory.hosts.items()}
        self.came = []
        self.standing = {}

    def add(self, host):
        """Take a host in; each server once."""
        if host.name in self.standing or host.name in self.others or self.is_taken(host):
            self.came.append(host)  # its variables wait until the name is settled
            return
        self.place(marked(host.name), host.variables)
        self.standing[host.name] = len(self.came)
        self.came.append(host._replace(variables=None))

    def place(self, name, variables):
        self.inventory.add_host(name)
        for variable, value in variables.items():
            self.inventory.set_variable(name, variable, value)

    def forget(self, region):
        """Take the hosts of a region out again: its list begins anew, or could not be read to the end."""
        for name, number in list(self.standing.items()):
            if self.came[number].region == region:
                self.remove(name)
        kept = [(host, name) for host, name in zip(self.came, self.names_standing()) if host.region != region]
        self.came = [host for host, _name in kept]
        self.standing = {name: number for number, (_host, name) in enumerate(kept) if name is not None}

    def remove(self, name):
        self.inventory.remove_host(self.inventory.hosts[name])
        del self.standing[name]

    def names_standing(self):
        """For each host that came the name under which it stands, None for one that waits."""
        names = [None] * len(self.came)
        for name, number in self.standing.items():
            names[number] = name
        return names

    def is_taken(self, host):
        """True when the name of a Host means something else: a group, the control node, another server of another source."""
        return self.is_reserved(host.name) or any(known not in (None, host.id) for known in self.others.get(host.name, ()))

    def settle(self, regions):
        """Give each host its name for good. Returns ([Host], [name]), in the order of the regions and of the cloud's list."""
        names = unique_names(self.came, self.is_taken)
        moving = []
        for number, (host, name, there) in enumerate(zip(self.came, names, self.names_standing())):
            if there is None:
                moving.append((name, host.variables))
                self.came[number] = host._replace(variables=None)
            elif there != name:
                moving.append((name, {variable: value for variable, value in self.inventory.hosts[there].vars.items()
                                      if variable not in OF_THE_INVENTORY}))
                self.remove(there)
        for name, variables in moving:
            self.place(name, variables)
        SERVER_OF.update((self.inventory.hosts[name], host.id) for host, name in zip(self.came, names))
        rank = {region: number for number, region in enumerate(regions)}
        order = sorted(range(len(names)), key=lambda number: rank[self.came[number].region])
        if moving or len(regions) > 1:
            self.arrange([names[number] for number in order])
        return [self.came[number] for number in order], [names[number] for number in order]

    def arrange(self, names):
        """Bring the hosts into the order of the names: plays go through them in the order in which the inventory holds them."""
        held = self.inventory.hosts
        for name in names:
            if name not in self.others:
                held[name] = held.pop(name)


def plain(value):
    """A value as text without any mark."""
    return "".join([str(value)])


def marked(name):
    """A name that is never templated. Marks show in ansible-inventory --list before 2.19, so only what could be a template gets one."""
    return untrusted(name) if may_be_template(name) else name


def may_be_template(text):
    """True for text that Ansible could take for a template: the marks of Jinja, and the line by which these can be changed."""
    return "{" in text or text.startswith("#")


def at_path(fields, path):
    """What a path of keys, joined by dots, leads to; None when it leads nowhere."""
    for key in str(path).split("."):
        fields = fields.get(key) if isinstance(fields, dict) else None
    return fields


def address(fields, networks, versions):
    """The address to reach a server by, None when there is none: the first network counts that has one, then the version."""
    on = fields.get("addresses") or {}
    for network in networks:
        if network == ACCESS_IP:
            entries = [{"version": 4, "addr": fields.get("access_ipv4")}, {"version": 6, "addr": fields.get("access_ipv6")}]
        elif network == OTHER_NETWORKS:
            entries = chain.from_iterable(on[label] for label in sorted(on) if label not in networks)
        else:
            entries = on.get(network) or ()
        there = [entry for entry in entries if entry.get("addr")]
        for version in versions:
            fitting = [entry["addr"] for entry in there if entry.get("version") == version]
            if fitting:
                return fitting[0] if len(fitting) == 1 else min(fitting, key=is_private)
    return None


def is_private(text):
    """True for an address that the internet does not route. Ranges set apart for documentation count as public."""
    try:
        found = ipaddress.ip_address(str(text))
    except ValueError:
        return True
    return any(found in network for network in PRIVATE_RANGES if network.version == found.version)


def unique_names(hosts, is_taken):
    """A name for each Host that no other has and that is_taken(host) allows: the preferred one, else one with a suffix.

    All that share a name get a suffix, so that it never stands for one of two: the region where that tells them apart, else
    the ID, else both. The same servers get the same names in whatever order they come.
    """
    suffixes = [lambda host: "", lambda host: "_" + host.region, lambda host: "_" + host.id, lambda host: "_%s_%s" % (host.region, host.id)]
    stages = [0] * len(hosts)
    while True:
        names = [host.name + suffixes[stage](host) for host, stage in zip(hosts, stages)]
        holders = {}
        for number, name in enumerate(names):
            holders.setdefault(name, []).append(number)
        moved = False
        for name, numbers in holders.items():
            if len(numbers) == 1 and not is_taken(hosts[numbers[0]]._replace(name=name)):
                continue
            regions = [hosts[number].region for number in numbers]
            for number in numbers:
                best = 1 if hosts[number].region and regions.count(hosts[number].region) == 1 else 2
                stage = max(stages[number] + 1, best) if stages[number] < 3 else 3
                moved = moved or stage != stages[number]
                stages[number] = stage
        if not moved:
            return [marked(name) for name in names]
