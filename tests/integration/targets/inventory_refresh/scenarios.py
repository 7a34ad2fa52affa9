# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""An inventory that refreshes by changes shows what a full list shows, whatever happens to the servers, but for what Nova does not tell."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, os.environ["ANSIBLE_COLLECTIONS_PATH"].split(os.pathsep)[0])

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, servers, wait  # noqa: E402
from ansible_collections.rackspace.cloud.plugins.module_utils.api import connect  # noqa: E402
from ansible_collections.rackspace.cloud.plugins.module_utils.identity import VOLUME  # noqa: E402

CLOUD = json.loads(Path(os.environ["SANDBOX_VARIABLES"]).read_text(encoding="utf-8"))
URL, REGION, AUTH = CLOUD["sandbox_url"], CLOUD["sandbox_regions"][0], CLOUD["sandbox_auth"]
PREFIX = "inventory-refresh-"
TURNS = 8 if URL else 4  # of a cloud that takes its time
EVENTS = 3  # before each look
AHEAD = 5000  # seconds by which this machine's clock is wrong
# Host variables that may be older than a full list, until refresh_max_age: see the documentation of the option refresh.
NOT_TOLD = {"rax_addresses", "rax_security_groups", "rax_volumes_attached", "rax_metadata", "ansible_host"}
# The machine's clock, as many seconds ahead as the environment says.
CLOCK = """
import os, time
time.time = lambda now=time.time: now() + float(os.environ["CLOCK_AHEAD"])
"""


class History:
    """Servers of one name, and what happens to them."""

    def __init__(self, place):
        self.place = place
        self.rng = random.Random(10)
        self.cloud = connect(dict(AUTH, region=REGION))
        self.compute, self.network, self.volume = self.cloud.compute, self.cloud.service(("network",)), self.cloud.service(VOLUME)
        self.networks = {network["name"]: network["id"] for network in self.network.everything("/networks", "networks")}
        self.image = next(image["id"] for image in self.compute.everything("/images", "images") if image["name"] == "cirros")
        self.count = 0
        self.left = []  # what to remove in the end, as functions
        (place / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")

    def servers(self):
        return [server for server in self.compute.everything("/servers/detail", "servers", {"name": "^" + PREFIX}) if servers.alive(server)]

    def until(self, fetch, done, what):
        return wait.until(fetch, done, 120, what, 0.3)

    def at_rest(self, server_id):
        self.until(lambda: servers.get(self.compute, server_id), servers.settled, "a server at rest")

    def create(self):
        self.count += 1
        made = self.compute.post("/servers", {"server": {
            "name": "%s%d" % (PREFIX, self.count), "flavorRef": "42", "imageRef": self.image, "metadata": {"number": str(self.count), "role": "web"},
            "networks": [{"uuid": self.networks["private"]}]}}).data["server"]["id"]
        self.until(lambda: servers.get(self.compute, made), servers.reaches("ACTIVE"), "a new server")

    def delete(self, server):
        servers.delete(self.compute, server["id"])
        self.until(lambda: servers.get(self.compute, server["id"]), servers.gone, "a deleted server")

    def rename(self, server):
        self.count += 1
        servers.update(self.compute, server["id"], {"name": "%srenamed-%d" % (PREFIX, self.count)})

    def access_address(self, server):
        servers.update(self.compute, server["id"], {"accessIPv4": "203.0.113.%d" % self.rng.randint(1, 250)})

    def metadata(self, server):
        servers.set_metadata(self.compute, server["id"], {"role": self.rng.choice(["db", "web"]), "turn": str(self.rng.random())})

    def metadata_removed(self, server):
        for key in sorted(server["metadata"])[:1]:
            servers.remove_metadata(self.compute, server["id"], [key])

    def stop_or_start(self, server):
        goal = "SHUTOFF" if server["status"] == "ACTIVE" else "ACTIVE"
        servers.act(self.compute, server["id"], "os-stop" if goal == "SHUTOFF" else "os-start")
        self.until(lambda: servers.get(self.compute, server["id"]), servers.reaches(goal), "a server in " + goal)

    def port(self, server):
        path = "/servers/%s/os-interface" % server["id"]
        ports = [entry["port_id"] for entry in self.compute.get(path)["interfaceAttachments"]]
        count = len(ports)
        if count > 1:
            self.compute.delete("%s/%s" % (path, ports[-1]))
        else:
            self.compute.post(path, {"interfaceAttachment": {"net_id": self.networks["private"]}})
        self.until(lambda: {"ports": self.compute.get(path)["interfaceAttachments"]}, lambda seen: len(seen["ports"]) != count, "a port")

    def floating_address(self, server):
        port = self.compute.get("/servers/%s/os-interface" % server["id"])["interfaceAttachments"][0]["port_id"]
        made = self.network.post("/floatingips", {"floatingip": {"floating_network_id": self.networks["public"]}}).data["floatingip"]["id"]
        self.left.append(lambda: self.network.delete("/floatingips/" + made))
        self.network.put("/floatingips/" + made, {"floatingip": {"port_id": port}})

    def group(self, server):
        there = [group["name"] for group in server.get("security_groups") or ()]
        servers.act(self.compute, server["id"], "removeSecurityGroup" if there else "addSecurityGroup", {"name": "default"})

    def attached_volume(self, server):
        self.count += 1
        made = self.volume.post("/volumes", {"volume": {"size": 1, "name": "%s%d" % (PREFIX, self.count)}}).data["volume"]["id"]
        self.until(lambda: self.volume.get("/volumes/" + made)["volume"], lambda seen: seen["status"] == "available", "a volume")
        self.compute.post("/servers/%s/os-volume_attachments" % server["id"], {"volumeAttachment": {"volumeId": made}})
        self.until(lambda: self.volume.get("/volumes/" + made)["volume"], lambda seen: seen["status"] == "in-use", "an attached volume")
        self.left.append(lambda: self.remove_volume(made))

    def remove_volume(self, volume_id):
        self.until(lambda: self.volume.get("/volumes/" + volume_id)["volume"], lambda seen: seen["status"] in ("available", "error"), "a free volume")
        self.volume.delete("/volumes/" + volume_id)

    def turn(self):
        """Something that happens; its name."""
        there = [server for server in self.servers() if not server[servers.TASK]]
        what = self.rng.choice(["create", "delete", "rename", "access_address", "metadata", "metadata_removed", "stop_or_start", "port", "floating_address",
                                "group", "attached_volume"])
        if what == "create" or len(there) < 2:
            self.create()
            return "create"
        server = self.rng.choice(sorted(there, key=lambda one: one["created"] + one["id"]))
        if what in ("port", "floating_address", "attached_volume") and server["status"] != "ACTIVE":
            what = "rename"
        getattr(self, what)(server)
        if what != "delete":
            self.at_rest(server["id"])
        return what

    def clean(self):
        for server in self.servers():
            self.delete(server)
        for remove in self.left:
            try:
                remove()
            except errors.ApiError as error:
                if error.status != 404:
                    raise

    def listed(self, ahead=0, **options):
        """({host: variables}, in order) as ansible-inventory shows them, by a machine whose clock is ahead by so many seconds."""
        path = self.place / "my.rackspace.yml"
        path.write_text(yaml.safe_dump(dict({"plugin": "rackspace.cloud.servers", "regions": [REGION], "filters": {"name": "^" + PREFIX}, "statuses": ["all"]},
                                            **dict({name: value for name, value in AUTH.items() if name != "region"}, **options))), encoding="utf-8")
        environment = dict(os.environ, RAX_TOKEN_CACHE_DIR=str(self.place / "tokens"), PYTHONPATH=str(self.place), CLOCK_AHEAD=str(ahead))
        done = subprocess.run(["ansible-inventory", "-i", str(path), "--list", "--export"], env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=240, check=True)
        assert not done.stderr.strip(), done.stderr
        return json.loads(done.stdout)["_meta"]["hostvars"]

    def changes(self, **options):
        return self.listed(refresh="changes", **options)


@pytest.fixture
def history(tmp_path):
    if URL:
        request = urllib.request.Request(URL + "/sandbox/settings", json.dumps({"time_scale": 20}).encode(), {"Content-Type": "application/json"}, method="PUT")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60):
            pass
    found = History(tmp_path)
    try:
        yield found
    finally:
        found.clean()


def differences(found, truth):
    """The names of the variables that are not as they should be. The hosts have to be the same."""
    assert sorted(found) == sorted(truth)
    return {variable for name, variables in truth.items() for variable in {*variables, *found[name]} if variables.get(variable) != found[name].get(variable)}


def test_a_history_is_followed(history):
    for _number in range(2):
        history.create()
    assert not differences(history.changes(ahead=AHEAD), history.listed())
    for number in range(TURNS):
        what = [history.turn() for _event in range(EVENTS)]
        late = differences(history.changes(ahead=AHEAD), history.listed())
        assert late <= NOT_TOLD, (number, what, late)
    # After the maximum age nothing is late, and when somebody has set a clock it is not known what is.
    assert not differences(history.changes(ahead=AHEAD, refresh_max_age=0), history.listed())
    history.floating_address(history.servers()[0])
    history.at_rest(history.servers()[0]["id"])
    assert not differences(history.changes(ahead=AHEAD + 600), history.listed())
