# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The inventory through Ansible's own commands: lists, plays, calls on the wire, bad files, the examples of the documentation."""

from __future__ import annotations

import json
import os
import re
import subprocess
import urllib.request
from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).resolve().parent
COLLECTION = Path(os.environ["ANSIBLE_COLLECTIONS_PATH"]) / "ansible_collections/rackspace/cloud"
EXAMPLES = COLLECTION / "docs/examples"
CLOUD = json.loads(Path(os.environ["SANDBOX_VARIABLES"]).read_text(encoding="utf-8"))
URL, DRESS, REGIONS = CLOUD["sandbox_url"], CLOUD["sandbox_dress"], CLOUD["sandbox_regions"]
AUTH = {name: value for name, value in CLOUD["sandbox_auth"].items() if name != "region"}
SECRET = "api_key" if "api_key" in AUTH else "password"
OTHER = {"username": "other", SECRET: "sandbox-other-key" if SECRET == "api_key" else "sandbox-other-password"}
RACKSPACE = DRESS == "rackspace"
IN_XML = AUTH.get("media_type") == "xml"


def order(method, path, data=None):
    """Speak to the sandbox itself."""
    request = urllib.request.Request(URL + "/sandbox/" + path, data=None if data is None else json.dumps(data).encode(), method=method,
                                     headers={"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        return json.load(answer)


def seed(name, region=None, **others):
    """Put servers there; their ids."""
    return [server["id"] for server in order("POST", "servers", dict({"name": name, "region": region or REGIONS[0]}, **others))["servers"]]


def asked():
    """What was asked since the last time, as (service, region)."""
    found = [(entry["service"], entry["region"]) for entry in order("GET", "log")["requests"]]
    order("DELETE", "log")
    return found


class Ansible:
    """Runs Ansible's commands in a directory of its own."""

    def __init__(self, place):
        self.place = place
        self.environment = dict(os.environ, RAX_TOKEN_CACHE_DIR=str(place / "tokens"))

    def write(self, name="my.rackspace.yml", **options):
        """A configuration of the plugin; its path."""
        path = self.place / name
        path.write_text(yaml.safe_dump(dict({"plugin": "rackspace.cloud.servers"}, **dict(AUTH, **options)), allow_unicode=True), encoding="utf-8")
        return path

    def run(self, *command, ends=0, **environment):
        """(stdout, stderr) of a command that ends as expected."""
        done = subprocess.run([str(word) for word in command], cwd=self.place, env=dict(self.environment, **environment), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == ends, "%s\n%s" % (done.stdout, done.stderr)
        assert "DEPRECATION" not in done.stderr, done.stderr
        return done.stdout, done.stderr

    def quietly(self, *command, **environment):
        """stdout of a command that has nothing to complain of."""
        output, complaints = self.run(*command, **environment)
        assert not complaints, complaints
        return output

    def listed(self, path, *others, **environment):
        """What ansible-inventory --list gives, marks removed."""
        return unmarked(json.loads(self.quietly("ansible-inventory", "-i", path, "--list", *others, **environment)))

    def hosts(self, path, *others, **environment):
        return self.listed(path, *others, **environment)["_meta"]["hostvars"]


def unmarked(data):
    """ansible-inventory shows text that is not trusted as {"__ansible_unsafe": text}."""
    if isinstance(data, dict):
        return data["__ansible_unsafe"] if list(data) == ["__ansible_unsafe"] else {key: unmarked(value) for key, value in data.items()}
    return [unmarked(item) for item in data] if isinstance(data, list) else data


@pytest.fixture
def ansible(tmp_path):
    if URL:
        order("POST", "reset", {})
        order("DELETE", "log")
    return Ansible(tmp_path)


def test_any_cloud_can_be_listed(ansible):
    path = ansible.write(cache=True, cache_plugin="ansible.builtin.jsonfile", cache_connection=str(ansible.place / "cache"))
    first, _warnings = ansible.run("ansible-inventory", "-i", path, "--list")
    again, _warnings = ansible.run("ansible-inventory", "-i", path, "--list")
    assert json.loads(again) == json.loads(first)


def test_graph_list_host_and_a_play(ansible):
    ids = {name: seed(name, region, metadata={"role": name[:-1]})[0] for name, region in {"web1": REGIONS[0], "web2": REGIONS[1], "db1": REGIONS[1]}.items()}
    path = ansible.write(keyed_groups=[{"key": "rax_metadata.role", "prefix": "role"}, {"key": "rax_region", "separator": ""}])
    graph = ansible.quietly("ansible-inventory", "-i", path, "--graph")
    assert set(re.findall(r"@(\w+)", graph)) == {"all", "ungrouped", "role_web", "role_db", *REGIONS[:2]}
    assert set(re.findall(r"--(\w+)", graph)) == set(ids)
    listed = ansible.listed(path)
    assert sorted(listed["role_web"]["hosts"]) == ["web1", "web2"]
    assert {name: variables["rax_id"] for name, variables in listed["_meta"]["hostvars"].items()} == ids
    one = unmarked(json.loads(ansible.quietly("ansible-inventory", "-i", path, "--host", "db1")))
    assert one == listed["_meta"]["hostvars"]["db1"]
    assert (one["rax_status"], one["rax_region"], one["rax_metadata"]) == ("ACTIVE", REGIONS[1], {"role": "db"})
    play = ansible.quietly("ansible-playbook", "-i", path, HERE / "play.yml", "--limit", "role_web")
    assert re.findall(r"ok: \[(\w+)\] =>", play) in (["web1", "web2"], ["web2", "web1"])
    logins = [call for call in asked() if call == ("identity", None)]
    assert len(logins) == 1, "each command logged in anew"


@pytest.mark.parametrize("count", [0, 1001])
def test_calls(ansible, count):
    """The unit tests count at the edges of a page, too."""
    if count:
        seed("web-{n}", count=count)
    path = ansible.write(regions=REGIONS[:1], cache=True, cache_plugin="ansible.builtin.jsonfile", cache_connection=str(ansible.place / "cache"))
    graph, _warnings = ansible.run("ansible-inventory", "-i", path, "--graph")
    assert len(re.findall("--web", graph)) == count
    to_see_the_end = bool(count) if IN_XML else 0  # an empty page, as no other tells there that it was the last
    assert asked() == [("identity", None)] + [("compute", REGIONS[0])] * (1 + count // 1000 + to_see_the_end)
    assert ansible.run("ansible-inventory", "-i", path, "--graph")[0] == graph
    assert asked() == []


def test_refresh_and_flush(ansible):
    seed("web")
    path = ansible.write(cache=True, cache_plugin="ansible.builtin.jsonfile", cache_connection=str(ansible.place / "cache"))
    ansible.run("ansible-playbook", "-i", path, "-e", "sandbox_url=" + URL, HERE / "refresh.yml")
    assert list(ansible.hosts(path)) == ["latecomer", "web"]
    seed("later still")
    assert "later still" not in ansible.hosts(path)
    hosts, _warnings = ansible.run("ansible-playbook", "-i", path, HERE / "play.yml", "--list-hosts", "--flush-cache")
    assert "later still" in hosts


def test_two_accounts_in_one_cache(ansible):
    seed("mine")
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(ansible.place / "cache")}
    mine, theirs = ansible.write(**cache), ansible.write("their.rackspace.yml", **dict(OTHER, tenant_name=None, **cache))
    assert list(ansible.hosts(mine)) == ["mine"]
    listed, _warnings = ansible.run("ansible-inventory", "-i", theirs, "--list")
    assert "mine" not in listed
    asked()
    assert list(ansible.hosts(mine)) == ["mine"]
    assert asked() == []


HOSTILE = ["{{ 7*7 }}", "{{ lookup('pipe', 'touch ran') }}", "../x", "a b", "ünï ☃", "", "all", "made", "kind_web", "localhost", "web[1:3]", "web:22"]


def test_hostile_names(ansible):
    for name in HOSTILE:
        seed(name, metadata={"kind": "none" if name == "kind_web" else "web", "code": "{{ lookup('pipe', 'touch ran') }}"})
    path = ansible.write(compose={"copied": "rax_metadata.code"}, groups={"made": "rax_name == 'made'"},
                         keyed_groups=[{"key": "rax_metadata.kind", "prefix": "kind"}, {"key": "rax_metadata.code", "prefix": "code"}])
    output, warnings = ansible.run("ansible-inventory", "-i", path, "--list")
    listed = unmarked(json.loads(output))
    hosts = listed["_meta"]["hostvars"]
    assert sorted(variables["rax_name"] for variables in hosts.values()) == sorted(HOSTILE)
    assert all(variables["copied"] == variables["rax_metadata"]["code"] == "{{ lookup('pipe', 'touch ran') }}" for variables in hosts.values())
    assert {"all_" + REGIONS[0], "made_" + REGIONS[0], "localhost_" + REGIONS[0], ".._x", "{{ 7*7 }}"} < set(hosts)
    assert "3 servers have names that are not theirs alone" in " ".join(warnings.split())
    play, _warnings = ansible.run("ansible-playbook", "-i", path, HERE / "play.yml", ANSIBLE_STDOUT_CALLBACK="ansible.builtin.default")
    assert play.count("ok: [") == len(HOSTILE)
    assert '"{{ 7*7 }}"' in play and not re.search(r'["\[]49["\]]', play)
    static = ansible.place / "static.yml"
    ansible.run("ansible-playbook", "-i", path, "rackspace.cloud.write_inventory", "-e", "write_inventory_dest=%s" % static)
    again, _warnings = ansible.run("ansible-playbook", "-i", static, HERE / "play.yml")
    assert again.count("ok: [") == len(HOSTILE)
    # There the host has a name without braces; its variable still says what it is called.
    assert '"{{ 7*7 }}"' in again and not re.search(r'["\[]49["\]]', again)
    assert not (ansible.place / "ran").exists() and not (HERE / "ran").exists()


def test_options_from_extra_variables_and_vault(ansible):
    seed("web", REGIONS[1])
    password = ansible.place / "vault-password"
    password.write_text("sandbox-vault", encoding="utf-8")
    secret = ansible.quietly("ansible-vault", "encrypt_string", "--vault-password-file", password, "--name", SECRET, AUTH[SECRET])
    path = ansible.write(username="{{ who }}", regions=["{{ where }}"], **{SECRET: None})
    path.write_text(path.read_text(encoding="utf-8").replace(SECRET + ": null\n", "") + secret, encoding="utf-8")
    found = ansible.hosts(path, "-e", "who=demo", "-e", "where=" + REGIONS[1], "--vault-password-file", password)
    assert list(found) == ["web"]
    path = ansible.write(**{SECRET: None, "auth": {SECRET: "{{ secret }}"}})
    assert list(ansible.hosts(path, "-e", "secret=" + AUTH[SECRET])) == ["web"]


BAD = {
    "a wrong suffix": ("servers.yml", {}, "its name does not end in rackspace.yml or rackspace.yaml. Rename it"),
    "an unknown option": ("my.rackspace.yml", {"regoins": ["DFW"]}, "There is no option 'regoins'. Did you mean regions"),
    "a wrong type": ("my.rackspace.yml", {"filters": "web"}, "filters"),
    "a wrong secret": ("my.rackspace.yml", {SECRET: "sandbox-wrong"}, "Could not log in to"),
    "an unknown region": ("my.rackspace.yml", {"regions": ["Nowhere"]}, "There is no compute service in region 'Nowhere'. This account has: "),
}


def test_a_bad_file_is_told_of_in_one_clear_message(ansible):
    seed("web")
    sources = []
    for number, (name, options, _message) in enumerate(BAD.values()):
        sources += ["-i", ansible.write("%d-%s" % (number, name), **options)]
    _output, errors = ansible.run("ansible-inventory", *sources, "--list")
    assert "Traceback" not in errors
    for _name, _options, message in BAD.values():
        assert message in " ".join(errors.split())
    ansible.run("ansible-inventory", *sources, "--list", ends=1, ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED="true")


def test_a_region_that_fails(ansible):
    seed("here", REGIONS[0])
    order("POST", "faults", {"path": "/%s/" % REGIONS[1], "times": 99, "status": 403})
    _output, errors = ansible.run("ansible-inventory", "-i", ansible.write(), "--list", ends=1, ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED="true")
    assert "Could not list the servers in %s: GET " % REGIONS[1] in " ".join(errors.split())
    output, errors = ansible.run("ansible-inventory", "-i", ansible.write(on_region_failure="warn"), "--graph")
    assert "--here" in output
    assert "The servers in %s are missing from the inventory." % REGIONS[1] in " ".join(errors.split())


def clouds_yaml(ansible, name):
    """The environment in which a cloud of this name is the sandbox."""
    auth = {"project_name" if key == "tenant_name" else key: value for key, value in AUTH.items() if not key.endswith("_domain")}
    auth.update({key + "_name": value for key, value in AUTH.items() if key.endswith("_domain")})
    path = ansible.place / "clouds.yaml"
    path.write_text(yaml.safe_dump({"clouds": {name: {"auth": auth}}}), encoding="utf-8")
    return {"OS_CLIENT_CONFIG_FILE": str(path)}


def rax_environment():
    return {"RAX_" + name.upper(): value for name, value in AUTH.items()}


def groups(listed):
    return {name: sorted(group["hosts"]) for name, group in listed.items() if group.get("hosts")}


def test_the_example_for_those_who_come_from_rax_py(ansible):
    if not RACKSPACE:
        assert (EXAMPLES / "rax_py.rackspace.yml").is_file()
        return
    image = "a10eacf7-ac15-4225-b533-5744f1fe47c1"
    one = seed("web1", metadata={"group": "web", "groups": "live,front", "role": "app"}, flavor="general1-1", image=image)[0]
    two = seed("db1", "ORD", flavor="general1-1", image=image)[0]
    listed = ansible.listed(EXAMPLES / "rax_py.rackspace.yml", RAX_REGION="dfw,ORD", **rax_environment())
    assert groups(listed) == {
        "DFW": ["web1"], "ORD": ["db1"], "web": ["web1"], "live": ["web1"], "front": ["web1"],
        "meta_group_web": ["web1"], "meta_groups_live_front": ["web1"], "meta_role_app": ["web1"],
        "instance_" + one.replace("-", "_"): ["web1"], "instance_" + two.replace("-", "_"): ["db1"],
        "flavor_general1_1": ["db1", "web1"], "image_" + image.replace("-", "_"): ["db1", "web1"]}
    web = listed["_meta"]["hostvars"]["web1"]
    assert web["ansible_ssh_host"] == web["rax_accessipv4"] == web["rax_networks"]["public"][0]
    assert (web["rax_boot_source"], web["rax_human_id"], web["rax_region"], web["rax_hostid"]) == ("local", "web1", "DFW", web["rax_host_id"])


def test_the_example_for_those_who_come_from_openstack_cloud(ansible):
    if RACKSPACE:
        assert (EXAMPLES / "openstack_cloud.rackspace.yml").is_file()
        return
    addresses = {"private": [{"addr": "10.0.0.9", "version": 4, "type": "fixed"}, {"addr": "172.24.4.9", "version": 4, "type": "floating"}]}
    one = seed("web1", metadata={"group": "web", "groups": "live, front"}, addresses=addresses)[0]
    order("PATCH", "servers/" + seed("lost", addresses={})[0], {"accessIPv4": "", "accessIPv6": ""})
    listed = ansible.listed(EXAMPLES / "openstack_cloud.rackspace.yml", **clouds_yaml(ansible, "mycloud"))
    assert groups(listed) == {name: ["web1"] for name in (
        "mycloud", "RegionOne", "mycloud_RegionOne", "web", "live", "front", "instance_" + one.replace("-", "_"), "meta_group_web",
        "meta_groups_live__front", "nova", "RegionOne_nova", "mycloud_RegionOne_nova")}
    web = listed["_meta"]["hostvars"]["web1"]
    assert web["ansible_host"] == web["ansible_ssh_host"] == "172.24.4.9"
    assert (web["openstack"]["id"], web["openstack"]["cloud"], web["openstack"]["az"]) == (one, "mycloud", "nova")


def test_the_examples_of_the_documentation_run(ansible):
    seed("web1", metadata={"environment": "production", "role": "web"})
    for number, example in enumerate(yaml.safe_load_all(documentation()["examples"])):
        if "username" in example:
            # Rackspace's own address goes with options; a sandbox has to be named.
            example["auth_url"] = AUTH["auth_url"]
            example["regions"] = REGIONS
            if not RACKSPACE:
                example.update({"tenant_name": "demo", "password": example.pop("api_key")})
        path = ansible.place / ("%d.rackspace.yml" % number)
        path.write_text(yaml.safe_dump(example), encoding="utf-8")
        environment = clouds_yaml(ansible, "flex") if "cloud" in example else {} if "username" in example else source()
        found = ansible.listed(path, "-e", "rackspace_username=demo", "-e", "rackspace_api_key=" + AUTH[SECRET], **environment)
        assert [variables["rax_name"] for variables in found["_meta"]["hostvars"].values()] == ["web1"], example
    assert number == 4


def source():
    return rax_environment() if RACKSPACE else CLOUD["sandbox_env"]


def documentation():
    told, _warnings = Ansible(HERE).run("ansible-doc", "-t", "inventory", "rackspace.cloud.servers", "--json")
    return json.loads(told)["rackspace.cloud.servers"]


def test_a_static_inventory_says_the_same(ansible):
    seed("web1", metadata={"role": "web", "note": "ünï \"quoted\" ☃: {{ 7*7 }} # {% raw %}", "empty": ""})
    seed("db 1", REGIONS[1], metadata={"role": "db"})
    path = ansible.write(keyed_groups=[{"key": "rax_metadata.role", "prefix": "role"}])
    static = ansible.place / "hosts.yml"
    command = ["ansible-playbook", "-i", path, "rackspace.cloud.write_inventory", "-e", "write_inventory_dest=%s" % static]
    assert "changed=1" in ansible.quietly(*command, "--check")
    assert not static.exists()
    assert "changed=1" in ansible.quietly(*command)
    before, after = ansible.listed(path), ansible.listed(static)
    assert after["_meta"]["hostvars"] == before["_meta"]["hostvars"]
    assert groups(after) == groups(before) == {"role_web": ["web1"], "role_db": ["db 1"]}
    assert static.stat().st_mode & 0o777 == 0o600
    empty = ansible.write(filters={"name": "^nothing$"})
    told, _warnings = ansible.run("ansible-playbook", "-i", empty, *command[3:], ends=2)
    assert "Nothing is written." in told
