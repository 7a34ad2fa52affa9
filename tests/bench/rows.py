# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The rows of the bench: what is timed against what, and the budget for the ratio, where there is one.

A row is a function of a Stage (and a number of hosts) that prepares the cloud and gives two Sides: ours, and the other.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from stage import HERE, NotDone, Side

BINARIES = Path(sys.executable).parent
TASKS = 20
FLEET = 100
ROLES = ["web", "db", "cache", "queue"]
# The same groups for every inventory; only the name of the variable with the record differs.
GROUPS = [("role", "metadata.role"), ("status", "status")]


@dataclass
class Row:
    """A line of the table. sides(stage), or sides(stage, hosts) for an inventory, gives (ours, other)."""

    name: str
    title: str
    sides: object
    dress: str = "rackspace"
    budget: float = None
    inventory: bool = False
    most_rounds: int = None  # where a round takes minutes
    shares: dict = field(default_factory=dict)  # what else may only be so much of the other's: {"megabytes": 1.0}
    shares_from: int = 0  # hosts


def server_and_floor(stage):
    return _tasks(stage, 1, _server), _tasks(stage, 1, _floor)


def servers_and_floor(stage):
    return _tasks(stage, TASKS, _server), _tasks(stage, TASKS, _floor)


def server_info_and_floor(stage):
    return _tasks(stage, 1, _server_info), _tasks(stage, 1, _floor)


def server_and_openstack(stage):
    return _tasks(stage, 1, _server), _tasks(stage, 1, _openstack_server)


def servers_and_openstack(stage):
    return _tasks(stage, TASKS, _server), _tasks(stage, TASKS, _openstack_server)


def fleet_and_server(stage):
    _seed_fleet(stage)
    return _tasks(stage, 1, _fleet), _tasks(stage, 1, _server)


def fleet_and_openstack(stage):
    _seed_fleet(stage)
    return _tasks(stage, 1, _fleet), _tasks(stage, 1, _openstack_loop)


def inventory_and_script(stage, hosts):
    """The other: the bare download to a file, then Ansible's own inventory of the same records, prepared beforehand."""
    raw = _seed_hosts(stage, hosts)
    from ansible_collections.rackspace.cloud.plugins.module_utils.records import record
    variables = {server["name"]: dict({"rax_" + key: value for key, value in record(server).items()},
                                      ansible_host=next(iter(server["addresses"].values()))[0]["addr"]) for server in raw}
    stage.file("hosts.json", {"all": {"hosts": list(variables)}, "_meta": {"hostvars": variables}})
    script = stage.file("script.sh", "#!/bin/sh\nexec cat '%s'\n" % (stage.place / "hosts.json"))
    Path(script).chmod(0o700)
    constructed = stage.file("constructed.yml", {"plugin": "ansible.builtin.constructed", "keyed_groups": _keyed_groups("rax_")})
    download = [sys.executable, str(HERE / "download.py"), stage.api.base + "/servers/detail", str(stage.place / "download")]
    return _our_inventory(stage, hosts), Side([download, _graph(script, constructed)], _shows(hosts))


def refresh_and_full(stage, hosts):
    """One server in a hundred has changed since the last run; the other lists all of them."""
    seeded = _seed_hosts(stage, hosts)

    def change():
        for number, server in enumerate(seeded[::100]):
            metadata = dict(server["metadata"], turn="%d-%d" % (number, stage.turns))
            stage.control("PATCH", "servers/" + server["id"], {"metadata": metadata})
        stage.turns += 1
    return _our_inventory(stage, hosts, "changes", before=change), _our_inventory(stage, hosts, "full")


def inventory_and_openstack(stage, hosts):
    _seed_hosts(stage, hosts)
    other = stage.file("openstack.yml", {"plugin": "openstack.cloud.openstack", "fail_on_errors": True, "legacy_groups": False,
                                         "keyed_groups": _keyed_groups("openstack.")})
    return _our_inventory(stage, hosts), Side([_graph(other)], _shows(hosts))


ROWS = [
    Row("server", "server that changes nothing, ids given | floor: requests and one GET", server_and_floor, budget=1.15),
    Row("server-20", "20 such tasks in a play | 20 of the floor", servers_and_floor, budget=1.15),
    Row("server-info", "server_info by id | floor", server_info_and_floor),
    Row("server-openstack", "server that changes nothing | openstack.cloud.server", server_and_openstack, dress="openstack"),
    Row("server-20-openstack", "20 such tasks in a play | openstack.cloud.server", servers_and_openstack, dress="openstack"),
    Row("fleet-100", "fleet of 100 that changes nothing | one server task", fleet_and_server, budget=1.5),
    Row("fleet-100-openstack", "fleet of 100 that changes nothing | openstack.cloud.server in a loop over them", fleet_and_openstack,
        dress="openstack", budget=1 / 30, most_rounds=5),
    Row("inventory", "inventory, two keyed groups | bare download, then script and constructed", inventory_and_script, budget=1.0, inventory=True,
        shares={"megabytes": 1.0}, shares_from=10000),  # below, what requests itself needs is more than what is saved per host
    Row("inventory-openstack", "inventory, two keyed groups | openstack.cloud.openstack", inventory_and_openstack, dress="openstack", budget=1 / 3,
        inventory=True, most_rounds=5),
    Row("inventory-refresh", "refresh: changes, one server in a hundred has changed | the whole list", refresh_and_full, inventory=True,
        shares={"received": 0.05}),
]


def _tasks(stage, count, task):
    """A play of `count` tasks, one for each of as many servers, none of which may change anything."""
    servers = _servers(stage)
    if not servers:
        stage.seed(TASKS, name="web-{n}", metadata={"role": "web", "environment": "production"})
        servers = _servers(stage)
    play = {"name": "Measure", "hosts": "localhost", "connection": "local", "gather_facts": False,
            "tasks": [dict(task(stage, server), name="Task %d" % number) for number, server in enumerate(servers[:count], 1)]}
    path = stage.file("%s-%d.yml" % (task.__name__.strip("_"), count), [play])

    def proof(output):
        recap = re.search(r"ok=(\d+) +changed=(\d+) +unreachable=0 +failed=0", output)
        return "" if recap and recap.groups() == (str(count), "0") and "[WARNING]" not in output else "not %d tasks without a change" % count
    return Side([[str(BINARIES / "ansible-playbook"), "-i", "localhost,", path]], proof)


def _servers(stage):
    return [server for page in stage.api.pages("/servers/detail", "servers") for server in page]


def _server(_stage, server):
    return {"rackspace.cloud.server": {
        "id": server["id"], "name": server["name"], "flavor": server["flavor"]["id"], "image": server["image"]["id"],
        "metadata": server["metadata"]}}


def _server_info(_stage, server):
    return {"rackspace.cloud.server_info": {"server": server["id"]}}


def _floor(stage, server):
    return {"floor": {"url": "%s/servers/%s" % (stage.api.base, server["id"]), "token": stage.token}}


def _openstack_server(_stage, server):
    # By name, since it knows no ids, and without floating IPs, which would cost it more calls.
    return {"openstack.cloud.server": {
        "name": server["name"], "flavor": server["flavor"]["id"], "image": server["image"]["id"], "metadata": server["metadata"],
        "auto_ip": False}}


def _seed_fleet(stage):
    stage.seed(FLEET, name="web-{n}", metadata={"role": "web", "environment": "production", "ansible_fleet": "shop"})


def _fleet(stage, server):
    """As a person writes it, with names; which costs a call each for flavors and images."""
    named = {kind: next(record["name"] for page in stage.api.pages("/%ss/detail" % kind, kind + "s") for record in page
                        if record["id"] == server[kind]["id"]) for kind in ("flavor", "image")}
    return {"rackspace.cloud.fleet": {"name": "shop", "groups": [dict(named, name="web-%d", count=FLEET, metadata={"role": "web"})]}}


def _openstack_loop(stage, server):
    return dict(_openstack_server(stage, dict(server, name="{{ item }}")), loop=sorted(server["name"] for server in _servers(stage)))


def _seed_hosts(stage, hosts):
    for number, role in enumerate(ROLES):
        count = hosts // len(ROLES) + (number < hosts % len(ROLES))
        if count:
            stage.seed(count, name=role + "-{n}", metadata={"role": role, "environment": "production", "owner": "operations"}, age=86400)
    found = _servers(stage)
    if len(found) != hosts:
        raise NotDone("the sandbox holds %d servers instead of %d" % (len(found), hosts))
    return found


def _our_inventory(stage, hosts, refresh="full", before=None):
    source = stage.file(refresh + ".rackspace.yml", {"plugin": "rackspace.cloud.servers", "regions": [stage.api.region], "refresh": refresh,
                                                     "keyed_groups": _keyed_groups("rax_")})
    return Side([_graph(source)], _shows(hosts), before)


def _keyed_groups(prefix):
    return [{"prefix": name, "key": prefix + variable} for name, variable in GROUPS]


def _graph(*sources):
    return [str(BINARIES / "ansible-inventory"), "--graph", *[word for source in sources for word in ("-i", source)]]


def _shows(hosts):
    """Every host in both of its groups, and no other group."""
    groups = {"all", "ungrouped", "status_ACTIVE", *["role_" + role for role in ROLES[:hosts]]}

    def proof(output):
        found = {group.replace("status_active", "status_ACTIVE") for group in re.findall(r"@(\w+):", output)}
        lines = re.findall(r"\|--([a-z]+-\d+)$", output, re.MULTILINE)
        if found != groups:
            return "groups are %s instead of %s" % (sorted(found), sorted(groups))
        return "" if len(lines) == 2 * hosts and len(set(lines)) == hosts else "%d of %d hosts, %d lines" % (len(set(lines)), hosts, len(lines))
    return proof
