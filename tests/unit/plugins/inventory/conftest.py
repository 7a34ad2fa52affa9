# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The inventory plugin in process: Ansible's own loading of options around it, the sandbox behind its connections."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from urllib.parse import quote

import pytest
import requests
import yaml
from ansible import constants as C
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins import inventory as base
from ansible.plugins.doc_fragments import constructed, inventory_cache

from ansible_collections.rackspace.cloud.plugins.doc_fragments import auth
from ansible_collections.rackspace.cloud.plugins.inventory import servers as plugin
from ansible_collections.rackspace.cloud.plugins.module_utils import api, wait
from sandbox import Cloud, ManualClock, Request
from sandbox.adapter import SandboxAdapter

FOREIGN = ("OS_", "RAX_", "CLOUD_", "XDG_", "ANSIBLE_CACHE", "ANSIBLE_INVENTORY")
FRAGMENTS = (auth, constructed, inventory_cache)
LOGINS = {
    "rackspace": {"username": "demo", "api_key": "sandbox-api-key"},
    "openstack": {"username": "demo", "password": "sandbox-password", "tenant_name": "demo"},
}


class Display:
    """Keeps what the plugin says."""

    def __init__(self):
        self.warnings = []
        self.said = []

    def warning(self, text, *unused, **options):
        self.warnings.append(text)

    def v(self, text, *unused, **options):
        self.said.append(text)

    vv = vvv = debug = v

    def deprecated(self, text, *unused, **options):
        raise AssertionError("deprecated: %s" % text)


class Player:
    """Parses configurations of the plugin against a sandbox of its own."""

    def __init__(self, dress, folder):
        self.dress = dress
        self.folder = folder
        self.cloud = Cloud(dress=dress, clock=ManualClock(), base_url="http://127.0.0.1:1")
        self.regions = list(self.cloud.regions)
        self.sessions = []
        self.extra_variables = {}
        self.inventory = None

    def connect(self, options, **others):
        session = requests.Session()
        session.mount("http://", SandboxAdapter(self.cloud))
        self.sessions.append(session)
        return api.connect(options, session=session, **others)

    def configuration(self, **options):
        return dict({"plugin": plugin.InventoryModule.NAME, "auth_url": self.cloud.auth_url}, **dict(LOGINS[self.dress], **options))

    def parse(self, anew=False, inventory=None, name="my.rackspace.yml", **options):
        """The InventoryData after the plugin read a file with these options; errors go through. self.plugin is the plugin.

        anew: as with --flush-cache."""
        path = self.folder / name
        path.write_text(json.dumps(self.configuration(**options)), encoding="utf-8")
        self.inventory = inventory or InventoryData()
        self.plugin = plugin.InventoryModule()
        self.plugin._load_name = self.plugin.ansible_name = plugin.InventoryModule.NAME
        self.plugin._redirected_names = []
        self.plugin.display = self.display = Display()
        assert self.plugin.verify_file(str(path))
        self.plugin.parse(self.inventory, DataLoader(), str(path), cache=not anew)
        if options.get("cache"):
            self.plugin.update_cache_if_changed()
        return self.inventory

    def hosts(self, **options):
        """{name: variables} of the hosts that these options give."""
        return variables(self.parse(**options))

    def seed(self, name="web", region=None, count=1, **others):
        """Put servers there; their ids."""
        order = dict({"name": name, "region": region or self.regions[0], "count": count}, **others)
        return [server["id"] for server in self.order("POST", "/sandbox/servers", order)["servers"]]

    def order(self, method, path, data):
        response = self.cloud.handle(Request(method, path, {}, json.dumps(data).encode()))
        assert response.status == 200, response.body
        return json.loads(response.body)

    def moment(self, seconds=0):
        """The clock of the cloud, so many seconds later, as compute takes it in a query."""
        at = self.cloud.clock.now() + self.cloud.settings.clock_skew + seconds
        return quote(datetime.fromtimestamp(int(at), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))

    def asked(self):
        """What came in since the last question, as (method, service, region); logins are (POST, identity, None)."""
        found = [(entry["method"], entry["service"], entry["region"]) for entry in self.cloud.journal.entries()]
        self.cloud.journal.clear()
        return found


def variables(inventory):
    """{name: its own variables} of all hosts, without those that Ansible adds."""
    return {name: {key: value for key, value in host.vars.items() if key not in ("inventory_file", "inventory_dir")}
            for name, host in inventory.hosts.items()}


@pytest.fixture(scope="session", autouse=True)
def options_of_the_plugin():
    """Make the options known to Ansible as its loader does: those of the documentation and of its fragments."""
    options = yaml.safe_load(plugin.DOCUMENTATION)["options"]
    for fragment in FRAGMENTS:
        options.update(yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)["options"])
    C.config.initialize_plugin_configuration_definitions("inventory", plugin.InventoryModule.NAME, options)


@pytest.fixture
def make_player(monkeypatch, tmp_path):
    """A function that makes a Player of a dress; the last one made is who the plugin talks to."""
    for name in list(os.environ):
        if name.startswith(FOREIGN) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RAX_TOKEN_CACHE_DIR", str(tmp_path / "tokens"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(wait, "rest", lambda seconds: None)

    def make(dress):
        player = Player(dress, tmp_path)
        monkeypatch.setattr(wait, "wall", player.cloud.clock.now)
        monkeypatch.setattr(plugin, "connect", player.connect)
        monkeypatch.setattr(base, "load_extra_vars", lambda loader: player.extra_variables)
        return player
    return make


@pytest.fixture(params=["rackspace", "openstack"])
def player(request, make_player):
    """A Player in either dress."""
    return make_player(request.param)


@pytest.fixture
def rackspace(make_player):
    return make_player("rackspace")
