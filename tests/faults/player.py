# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Plays a task of a module, or the inventory, as Ansible does, in this process: its own main(), real sockets, and a clock that does not wait long."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys
import time
import traceback
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS))

from checkout import link_tree  # noqa: E402

PACKAGE = "ansible_collections.rackspace.cloud.plugins."
STRANGERS = ("OS_USERNAME", "OS_PASSWORD", "OS_PROJECT_NAME", "OS_TENANT_ID", "OS_AUTH_URL", "OS_REGION_NAME", "RAX_USERNAME", "RAX_API_KEY",
             "RAX_TENANT_ID", "RAX_TENANT_NAME")
FOREIGN = ("OS_", "RAX_", "CLOUD_", "XDG_", "ANSIBLE_")


class Clock:
    """The client's clock (module_utils/wait.py): it jumps ahead over each rest, which is slept only in part.

    speed: how much shorter a rest is than it says; most: the seconds of the longest.
    """

    def __init__(self, speed=50, most=0.05):
        self.speed = speed
        self.most = most
        self.ahead = 0.0
        self.longest = 0.0
        self.rested = lambda: None

    def now(self):
        return time.monotonic() + self.ahead

    def rest(self, seconds):
        if seconds > 0:
            slept = min(seconds / self.speed, self.most)
            self.longest = max(self.longest, seconds)
            time.sleep(slept)
            self.ahead += seconds - slept
        self.rested()


def prepared(place, clock):
    """Make this process fit to play by a Clock: the collection on the path, nothing of the user's in the environment."""
    for name in [name for name in os.environ if name.startswith(FOREIGN) or name.lower().endswith("_proxy")]:
        del os.environ[name]
    place.mkdir(parents=True, exist_ok=True)
    os.environ.update(HOME=str(place), ANSIBLE_HOME=str(place / "ansible"), RAX_TOKEN_CACHE_DIR=str(place / "tokens"), ANSIBLE_DEPRECATION_WARNINGS="true")
    # Another account stands in the environment: of what the options name, nothing may come from there.
    os.environ.update(dict.fromkeys(STRANGERS, "stranger"))
    sys.path.insert(0, str(link_tree()))
    wait = importlib.import_module(PACKAGE + "module_utils.wait")
    arguments = importlib.import_module(PACKAGE + "module_utils.arguments")
    # Waiting for a timeout is all that would take whole seconds.
    arguments.AUTH["api_timeout"] = dict(arguments.AUTH["api_timeout"], type="float")
    wait.now, wait.rest = clock.now, clock.rest


def play(module, options, check=False):
    """(result, what else was written): the result of a task; of an exception that nobody caught, {"crashed": traceback}."""
    if module == "inventory":
        return inventory(options), ""
    from ansible.module_utils.testing import patch_module_args
    written, errors = io.StringIO(), io.StringIO()
    with patch_module_args(dict(options, _ansible_check_mode=check, _ansible_diff=True)), contextlib.redirect_stdout(written), \
            contextlib.redirect_stderr(errors):
        try:
            importlib.import_module(PACKAGE + "modules." + module).main()
        except SystemExit:
            pass
        except BaseException:  # pylint: disable=broad-exception-caught
            return {"crashed": traceback.format_exc()}, errors.getvalue()
    lines = written.getvalue().strip().splitlines() or ["{}"]
    return json.loads(lines[-1]), "\n".join(lines[:-1]) + errors.getvalue()


def inventory(options):
    """The result of reading a configuration of the inventory, in the form of a module's."""
    from ansible.errors import AnsibleError
    from ansible.inventory.data import InventoryData
    from ansible.parsing.dataloader import DataLoader
    plugin = known_inventory().InventoryModule()
    plugin._load_name = plugin.ansible_name = plugin.NAME
    plugin._redirected_names = []
    path = Path(os.environ["HOME"]) / "faults.rackspace.yml"
    path.write_text(json.dumps(dict({"plugin": plugin.NAME, "regions": [options["region"]]}, **options)))
    data = InventoryData()
    try:
        plugin.parse(data, DataLoader(), str(path), cache=False)
    except AnsibleError as error:
        return {"failed": True, "msg": str(error), "left": sorted(data.hosts)}
    except Exception:  # pylint: disable=broad-exception-caught
        return {"crashed": traceback.format_exc()}
    return {"changed": False, "hosts": sorted(data.hosts)}


def known_inventory():
    """The plugin, with its options made known to Ansible as the loader does."""
    import yaml
    from ansible import constants as C
    from ansible.plugins.doc_fragments import constructed, inventory_cache
    plugin = importlib.import_module(PACKAGE + "inventory.servers")
    auth = importlib.import_module(PACKAGE + "doc_fragments.auth")
    options = yaml.safe_load(plugin.DOCUMENTATION)["options"]
    for fragment in (auth, constructed, inventory_cache):
        options.update(yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)["options"])
    options["api_timeout"]["type"] = "float"
    C.config.initialize_plugin_configuration_definitions("inventory", plugin.InventoryModule.NAME, options)
    return plugin
