# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Plants a secret in every place that may hold one, runs everything as loudly as it goes, and searches whatever came of it.

    python tests/faults/leaks.py [--keep]

Every module succeeds, rehearses, is given bad input, and meets services that quote the whole request in what they answer; all of it in
processes of its own, and once more under ansible-playbook, where it succeeds and where it is quoted. Every source of a login is used, the
inventory runs with its cache, facts are cached, Ansible writes a log and a journal, calls are traced. What is searched and how often is
printed; a secret that is found anywhere but where it was planted ends the run with 1.
"""

from __future__ import annotations

import argparse
import base64
import collections
import json
import os
import random
import re
import shutil
import string
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).resolve().parent.parent
sys.path[0] = str(TESTS)  # not this directory, whose files are no modules for everybody

from checkout import ROOT, WORK, link_tree  # noqa: E402

from faults.echoing import EchoingCloud, serve  # noqa: E402
from faults.forked import STUMBLE, Nursery  # noqa: E402
from sandbox import accounts  # noqa: E402

PLACE = WORK / "faults-leaks"
# Ends each planted secret: what JSON, YAML, URLs, HTML, shells and headers write in other ways. The letters before it stay as they are.
TAIL = "+/&\"'\\<%=~"
STATES_PER_SECOND = 100
SPOILS = {"rackspace": ("200/html",), "openstack": ("500/text",)}  # beside those that the playbooks meet
REFUSALS = ("400/json", "401/html", "401/flat", "403/repr", "500/text", "500/quoted", "302/html", "200/html", "413/json")
PLAY_SECONDS = 900


class Secret(NamedTuple):
    """A planted secret. core: the part of the value that looks the same wherever it is written in letters."""

    name: str
    value: str
    core: str


class Garden:
    """Where secrets are planted: their values by name."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.secrets = {}

    def plant(self, name, tail=TAIL):
        """The value of the secret of that name."""
        if name not in self.secrets:
            core = "Pl4nt" + "".join(self.random.choice(string.ascii_letters + string.digits) for _letter in range(14))
            self.secrets[name] = Secret(name, core + tail, core)
        return self.secrets[name].value


# What is run.

def logins(garden, clouds):
    """{name: (options of a login, environment, files)}: every source of a login, each with a secret of its own. Makes the users."""
    rackspace, openstack = clouds["rackspace"], clouds["openstack"]
    sources = PLACE / "sources"

    def user(cloud, name, **secrets):
        settings = {"openstack": {"project_id": accounts.DEMO_PROJECT["openstack"], "roles": ("admin", "member")},
                    "rackspace": {"project_id": accounts.DEMO_PROJECT["rackspace"], "roles": ("identity:user-admin",)}}[cloud.dress]
        made = accounts.User(name, "id-of-" + name, secrets.pop("password", "Sandbox-unused-1"), **settings, **secrets)
        cloud.accounts.users[made.id] = made
        return made

    def token(cloud, name):
        issued = cloud.accounts.issue(user(cloud, "owner-of-" + name), accounts.DEMO_PROJECT[cloud.dress], ["PASSWORD"], cloud.now(), 86400)
        cloud.accounts.tokens[garden.plant(name)] = issued
        return garden.plant(name)

    v2 = {"auth_url": rackspace.auth_url, "region": "DFW"}
    v3 = {"auth_url": openstack.auth_url, "region": "RegionOne", "tenant_name": "demo"}
    plant = garden.plant
    user(rackspace, "by-key", api_key=plant("option api_key"), password=plant("unused password of by-key"))
    user(rackspace, "by-password", password=plant("option password"))
    user(rackspace, "by-passcode", password=plant("option password beside a passcode"), passcode=plant("option passcode"))
    user(openstack, "by-auth", password=plant("option auth.password"))
    user(openstack, "by-totp", password=plant("option auth.password beside a passcode"), passcode=plant("option auth.passcode"))
    user(rackspace, "by-auth-key", api_key=plant("option auth.api_key"))
    user(rackspace, "rax-key", api_key=plant("RAX_API_KEY"))
    user(rackspace, "rax-password", password=plant("RAX_PASSWORD"), passcode=plant("RAX_PASSCODE"))
    user(openstack, "os-password", password=plant("OS_PASSWORD"))
    user(openstack, "in-clouds", password=plant("password in clouds.yaml"))
    user(openstack, "in-secure", password=plant("password in secure.yaml"))
    user(rackspace, "in-file", api_key=plant("api_key in the credentials file"))
    user(rackspace, "in-keystone-file", password=plant("password in the section keystone"))
    accounts.APPLICATION_CREDENTIAL["secret"] = plant("application credential secret")
    credential = {"application_credential_id": "sandbox-appcred", "application_credential_secret": plant("application credential secret")}

    sources.mkdir(parents=True, exist_ok=True)
    cloud = {"auth_type": "password", "region_name": "RegionOne"}
    written = {"auth_url": openstack.auth_url, "project_name": "demo", "user_domain_name": "Default", "project_domain_name": "Default"}
    (sources / "clouds.yaml").write_text(json.dumps({"clouds": {
        "here": dict(cloud, auth=dict(written, username="in-clouds", password=plant("password in clouds.yaml"))),
        "split": dict(cloud, auth=dict(written, username="in-secure"))}}))
    secure = {"split": {"auth": {"password": plant("password in secure.yaml")}}}
    (sources / "secure.yaml").write_text(json.dumps({"clouds": secure}))
    (sources / "rax.ini").write_text("[rackspace_cloud]\nusername = in-file\napi_key = %s\n" % plant("api_key in the credentials file"))
    (sources / "keystone.ini").write_text("[keystone]\nusername = in-keystone-file\npassword = %s\ntenant_id = 123456\n"
                                          % plant("password in the section keystone"))
    broken = plant("password in a broken clouds.yaml")
    (sources / "broken.yaml").write_text("clouds:\n  here:\n    auth:\n      password: '%s\n  other: [\n" % broken.replace("'", ""))
    (sources / "broken.ini").write_text("[rackspace_cloud]\nusername\napi_key %s\n" % plant("api_key in a broken file"))
    v3_env = {"OS_AUTH_URL": openstack.auth_url, "OS_REGION_NAME": "RegionOne"}
    scope = {"OS_PROJECT_NAME": "demo", "OS_USER_DOMAIN_NAME": "Default", "OS_PROJECT_DOMAIN_NAME": "Default"}
    files = {"OS_CLIENT_CONFIG_FILE": str(sources / "clouds.yaml")}
    return {
        "api_key": (dict(v2, username="by-key", api_key=plant("option api_key")), {}),
        "password": (dict(v2, username="by-password", password=plant("option password")), {}),
        "passcode": (dict(v2, username="by-passcode", password=plant("option password beside a passcode"), passcode=plant("option passcode")), {}),
        "token": (dict(v2, token=token(rackspace, "option token"), tenant_id="123456"), {}),
        "auth": (dict(v3, auth={"username": "by-auth", "password": plant("option auth.password")}), {}),
        "auth_passcode": (dict(v3, auth={"username": "by-totp", "password": plant("option auth.password beside a passcode"),
                                         "passcode": plant("option auth.passcode")}), {}),
        "auth_api_key": (dict(v2, auth={"username": "by-auth-key", "api_key": plant("option auth.api_key")}), {}),
        "auth_token": (dict(v3, auth={"token": token(openstack, "option auth.token")}), {}),
        "application_credential": (dict(auth_url=openstack.auth_url, region="RegionOne", **credential), {}),
        "auth_application_credential": (dict(auth_url=openstack.auth_url, region="RegionOne", auth=credential), {}),
        "rax_api_key": ({}, {"RAX_AUTH_URL": rackspace.auth_url, "RAX_REGION": "DFW", "RAX_USERNAME": "rax-key", "RAX_API_KEY": plant("RAX_API_KEY")}),
        "rax_password": ({}, {"RAX_AUTH_URL": rackspace.auth_url, "RAX_REGION": "DFW", "RAX_USERNAME": "rax-password",
                              "RAX_PASSWORD": plant("RAX_PASSWORD"), "RAX_PASSCODE": plant("RAX_PASSCODE")}),
        "rax_token": ({}, {"RAX_AUTH_URL": rackspace.auth_url, "RAX_REGION": "DFW", "RAX_TENANT_ID": "123456",
                           "RAX_TOKEN": token(rackspace, "RAX_TOKEN")}),
        "rax_file": ({}, {"RAX_AUTH_URL": rackspace.auth_url, "CLOUD_AUTH_ENDPOINT": rackspace.auth_url, "RAX_REGION": "DFW",
                          "RAX_CREDENTIALS": str(sources / "rax.ini")}),
        "keystone_file": ({"credentials_file": str(sources / "keystone.ini"), "auth_url": rackspace.auth_url, "region": "DFW"}, {}),
        "os_password": ({}, dict(v3_env, **scope, OS_USERNAME="os-password", OS_PASSWORD=plant("OS_PASSWORD"))),
        "os_token": ({}, dict(v3_env, **scope, OS_TOKEN=token(openstack, "OS_TOKEN"))),
        "os_application_credential": ({}, dict(v3_env, OS_APPLICATION_CREDENTIAL_ID="sandbox-appcred",
                                               OS_APPLICATION_CREDENTIAL_SECRET=plant("application credential secret"))),
        "clouds_yaml": ({"cloud": "here"}, files),
        "secure_yaml": ({}, dict(files, OS_CLOUD="split")),
    }


def module_rows(garden, dress):
    """[(module, options that do something, options that are wrong)]: every module, and every option of theirs that may hold a secret."""
    names = {"rackspace": {"flavor": "general1-1", "image": "3afe97b2-26dc-49c5-a2cc-a2fc8d80c001"}, "openstack": {"flavor": "1", "image": "cirros"}}[dress]
    plant = garden.plant
    encoded = base64.b64encode(("secret = %s\n" % plant("server files.content_base64")).encode()).decode()
    files = [{"path": "/etc/one", "content": "secret = %s\n" % plant("server files.content")}, {"path": "/etc/two", "content_base64": encoded}]
    if dress == "openstack":
        files = []  # its microversions have none
    source = PLACE / "sources/file"
    source.write_text("secret = %s\n" % plant("server files.src"))
    rebuild_files = [{"path": "/etc/one", "content": plant("server_action files.content")}, {"path": "/etc/two", "content_base64": base64.b64encode(
        plant("server_action files.content_base64").encode()).decode()}, {"path": "/etc/three", "src": str(source)}] if dress == "rackspace" else []
    user_data = "#cloud-config\npassword: %s\n" % plant("server user_data")
    server = dict(names, name="leaks-new", admin_password=plant("server admin_password"), user_data=user_data, files=files, config_drive=True)
    host = {"server": "leaks-host"}

    def member(about, name):
        """A server of a fleet with a secret in each of its places."""
        held = {"user_data": plant("fleet %s.user_data" % about), "admin_password": plant("fleet %s.admin_password" % about)}
        if dress == "rackspace":
            content = base64.b64encode(plant("fleet %s.files.content_base64" % about).encode()).decode()
            held["files"] = [{"path": "/etc/one", "content": plant("fleet %s.files.content" % about)},
                             {"path": "/etc/two", "content_base64": content}]
        return dict(held, **name)
    fleet = {"name": "leaks", "servers": [member("servers", {"name": "leaks-one", **names})],
             "groups": [member("groups", {"name": "leaks%02d", "count": 1, **names})], "defaults": member("defaults", {})}
    return [
        ("fleet", dict(fleet, servers=[*fleet["servers"], dict(names, name="leaks-two")]), dict(fleet, name="leaks-bad", concurrency=0)),
        ("api_request", {"path": "/servers"}, {"path": "servers"}),
        ("auth_info", {}, {"interface": "none"}),
        ("flavor_info", {}, {"flavor": "nothing"}),
        ("identity_user", {"name": "leaks-user", "email": "a@example.com", "user_password": plant("identity_user user_password", TAIL + "aA1")},
         {"name": "leaks-other", "email": "a@example.com", "user_password": plant("identity_user user_password refused", "")[5:9].lower()}),
        ("identity_user_info", {}, {"user": "nobody"}),
        ("image", dict(host, name="leaks-image"), {"name": "leaks-image", "server": "nothing"}),
        ("image_info", {}, {"image": "nothing"}),
        ("keypair", {"name": "leaks-key", "return_private_key": True}, {"name": "leaks-other", "public_key": "none"}),
        ("keypair_info", {}, {"keypair": "nothing"}),
        ("limits_info", {}, {"wish": {"flavor": "nothing"}}),
        ("metadata", dict(host, metadata={"a": "b"}), {"server": "nothing", "metadata": {"a": "b"}}),
        ("metadata_info", dict(host), {"server": "nothing"}),
        ("network", {"name": "leaks-net", "cidr": "192.168.9.0/24"}, {"name": "leaks-net", "cidr": "here"}),
        ("network_info", {}, {"network": "nothing"}),
        ("server", dict(server, return_password=True), dict(server, name="leaks-bad", flavor="nothing")),
        ("server", dict(server, name="leaks-generated", admin_password=None),
         dict(server, name="leaks-bad", files=[{"path": "/x", "content": "a", "src": "b"}])),
        ("server_action", dict(host, action="change_password", admin_password=plant("server_action admin_password")),
         {"server": "nothing", "action": "change_password", "admin_password": plant("server_action admin_password")}),
        ("server_action", dict(host, action="rebuild", image=names["image"], files=rebuild_files,
                               admin_password=plant("server_action admin_password of a rebuild")),
         dict(host, action="none")),
        ("server_action", dict(server="leaks-rescued", action="rescue", admin_password=plant("server_action admin_password of a rescue")),
         dict(host, action="unpause")),
        ("server_info", {}, {"changes_since": "whenever"}),
        ("volume", {"name": "leaks-volume", "size": 75}, {"name": "leaks-other", "size": 75, "snapshot": "nothing"}),
        ("volume_attachment", dict(host, volume="leaks-volume"), dict(host, volume="nothing")),
        ("volume_attachment_info", dict(host), {"server": "nothing"}),
        ("volume_info", {}, {"volume": "nothing"}),
    ]


RETURNED = ("return_password", "return_private_key", "return_token", "return_api_key")  # documented, with the advice to set no_log


def chances(rows, spoils):
    """[(how, module, options, more)]: each row in every way in which it can end. Where a secret is returned because it is asked for, nothing is shown."""
    found = []
    for module, good, bad in rows:
        # Nothing that returns a secret comes of a refusal, so that is to be seen.
        quoted = {name: value for name, value in good.items() if name not in RETURNED}
        found.append(("rehearsed", module, good, {"check": True}))
        found.append(("done", module, good, {}))
        found.append(("refused", module, bad, {}))
        found += [("answered %s" % spoil, module, quoted, {"spoil": spoil}) for spoil in spoils]
    return found


def fork_everything(nursery, login, url, rows, spoils):
    """Play all of a dress in processes of their own. What returns a secret because it was asked to is not written down."""
    version = re.search(r"identity/v[\d.]+", login["auth_url"]).group()
    for number, (how, module, options, more) in enumerate(chances(rows, spoils)):
        arguments = dict(login, api_retries=0, api_trace=True, **options)
        if "spoil" in more:
            arguments["auth_url"] = "%s/spoiled/%s/%s" % (url, more["spoil"], version)
        yield play_one(nursery, "%s %s" % (module, how), module, arguments, "%s-%d" % (version.replace("/", "-"), number), more.get("check", False))


def play_one(nursery, title, module, arguments, name, check=False, environment=()):
    """(title, result) of one task in a process of its own."""
    output = PLACE / "out" / ("task-%s.txt" % name)
    said, _status = nursery.play(module, dict(arguments, **LOUD, _ansible_check_mode=check), output, environment)
    if any(arguments.get(option) for option in RETURNED):
        output.unlink()
    return title, said


# What Ansible tells a module when it is as loud as it goes.
LOUD = {"_ansible_verbosity": 4, "_ansible_diff": True, "_ansible_remote_tmp": str(PLACE / "tmp"), "_ansible_keep_remote_files": False,
        "_ansible_tracebacks_for": ["error", "warning", "deprecated"], "_ansible_no_log": False, "_ansible_syslog_facility": "LOG_USER"}


def fork_logins(nursery, known, clouds):
    """Every source of a login, where all is well, where everything is quoted, and where something happens that nobody expects."""
    for name, (options, environment) in known.items():
        variables = dict(environment, RAX_API_TRACE="true")
        url = options.get("auth_url") or environment.get("RAX_AUTH_URL") or environment.get("OS_AUTH_URL") or clouds["openstack"].auth_url
        base, _identity, version = url.partition("/identity")
        for how, module, more in (
                ("logs in", "auth_info", {}), ("lists", "server_info", {}),
                ("lists where all is quoted", "server_info", {"auth_url": "%s/spoiled/500/json/identity%s" % (base, version)}),
                ("logs in where all is quoted", "auth_info", {"auth_url": "%s/refused/401/html/identity%s" % (base, version)}),
                ("logs in where all is quoted differently", "auth_info", {"auth_url": "%s/refused/400/json/identity%s" % (base, version)}),
                ("goes elsewhere", "auth_info", {"auth_url": "https://127.0.0.1:9/v3"}),
                ("stumbles", "flavor_info", {"api_trace": False})):
            yield play_one(nursery, "login by %s %s" % (name, how), module, dict(options, api_retries=0, **more), "%s-%s" % (name, how.replace(" ", "-")),
                           environment=dict(variables, **({STUMBLE: "yes"} if how == "stumbles" else {})))


def fork_bad_input(nursery, garden, known):
    """Logins that cannot work, and a service that refuses in every way."""
    sources = str(PLACE / "sources")
    key = dict(known["api_key"][0], api_retries=0)
    for number, arguments in enumerate(bad_input(garden, key["auth_url"])):
        yield play_one(nursery, "bad input %d" % number, "auth_info", arguments, "bad-%d" % number)
    base = key["auth_url"].partition("/identity")[0]
    for refusal in REFUSALS:
        for kind, module in (("refused", "auth_info"), ("spoiled", "server_info")):
            url = "%s/%s/%s/identity/v2.0" % (base, kind, refusal)
            yield play_one(nursery, "%s with %s" % (kind, refusal), module, dict(key, auth_url=url), "%s-%s" % (kind, refusal.replace("/", "-")))
    for name, tail in (("unreadable", TAIL), ("deaf", "")):
        proxy = "http://somebody:%s@127.0.0.1:9" % garden.plant("password of a proxy in an address, " + name, tail)
        yield play_one(nursery, "bad input: a proxy that is %s" % name, "auth_info", dict(key, auth_url="https://cloud.example/v2.0", api_trace=True),
                       "proxy-" + name, environment={"https_proxy": proxy, "no_proxy": ""})
    for name, variables in (("yaml", {"OS_CLIENT_CONFIG_FILE": sources + "/broken.yaml", "OS_CLOUD": "here"}),
                            ("ini", {"RAX_CREDENTIALS": sources + "/broken.ini"})):
        yield play_one(nursery, "a broken file %s" % name, "auth_info", {}, "broken-" + name, environment=variables)


def bad_input(garden, url):
    """Options that cannot work, each with a secret in them."""
    plant = garden.plant
    sources = str(PLACE / "sources")
    return [
        {"cloud": "here", "password": plant("password beside a cloud")},
        {"password": plant("password twice"), "auth": {"password": plant("password twice, differing")}, "username": "a"},
        {"api_key": plant("api_key without a user")},
        {"api_key": plant("api_key of another type"), "auth_type": "token", "username": "a"},
        {"password": plant("password with a wrong auth_url"), "username": "a", "auth_url": "ftp://b:%s@cloud.example/" % plant("password in an address", "")},
        {"password": plant("password in the clear"), "username": "a", "auth_url": "http://cloud.example/"},
        {"token": "%s\nX-More: 1" % plant("token with a line break"), "auth_url": url, "compute_endpoint": url, "region": "DFW"},
        {"token": plant("token in unicode", TAIL + "\u20ac"), "auth_url": url, "compute_endpoint": url, "region": "DFW"},
        {"token": plant("token that is none"), "auth_url": url, "tenant_id": "123456"},
        {"username": "a", "password": plant("wrong password"), "auth_url": url},
        {"username": "a", "api_key": plant("wrong api_key"), "auth_url": url, "api_timeout": "soon"},
        {"username": "a", "api_key": plant("api_key with an unknown option"), "auth_ulr": url},
        {"application_credential_secret": plant("secret without an id"), "auth_url": url},
        {"credentials_file": sources + "/broken.ini"},
        {"cloud": "here", "client_key": sources + "/file"},
    ]


def playbook(login, url, rows, spoil):
    """A play of every row as it succeeds and as it is quoted, and of the return values that are secrets."""
    tasks = []

    def add(how, module, options, **more):
        tasks.append(dict({"name": "%s: %s" % (module, how), "rackspace.cloud." + module: options, "register": "result_%d" % len(tasks),
                           "ignore_errors": True, "no_log": any(options.get(name) for name in RETURNED)}, **more))
    version = re.search(r"identity/v[\d.]+", login["auth_url"]).group()
    for module, good, _bad in rows:
        add("done", module, good, diff=True)
        add("answered " + spoil, module, dict({name: value for name, value in good.items() if name not in RETURNED},
                                              auth_url="%s/%s/%s/%s" % (url, "refused" if module == "auth_info" else "spoiled", spoil, version)))
    add("return_token", "auth_info", {"return_token": True})
    results = "{{ [%s] }}" % ", ".join(task["register"] for task in tasks if not task["no_log"])  # who keeps the others keeps their secrets
    written = {"content": "{{ kept | to_nice_json }}", "dest": "{{ place }}/results/{{ version }}.json", "mode": "0600"}
    tasks += [{"name": "Keep the results as a fact", "ansible.builtin.set_fact": {"kept": results, "cacheable": True}},
              {"name": "Write the results", "ansible.builtin.copy": written}]
    return {"name": "Every module", "hosts": "localhost", "gather_facts": False, "tasks": tasks, "vars": {"version": version.replace("/", "-")},
            "module_defaults": {"group/rackspace.cloud.all": dict({name: "{{ login.%s }}" % name for name in login}, api_retries=0, api_trace=True)}}


def inventories(garden, logins_by_name):
    """{name: configuration} of inventories; what each ends as does not matter here."""
    by_key, by_auth, by_token = (logins_by_name[name][0] for name in ("api_key", "auth", "token"))
    base = by_key["auth_url"].partition("/identity")[0]
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(PLACE / "inventory-cache")}
    plant = garden.plant
    return {
        "key": dict(by_key, **cache, keyed_groups=[{"key": "rax_status", "prefix": "status"}], compose={"broken": "rax_nothing.x"}),
        "auth": dict(by_auth, **cache), "token": dict(by_token, **cache),
        "template": dict(by_key, api_key="{{ lookup('ansible.builtin.file', '%s/sources/key') }}" % PLACE),
        "quoted": dict(by_key, auth_url=base + "/spoiled/500/html/identity/v2.0", api_retries=0),
        "refused": dict(by_auth, auth_url=by_auth["auth_url"].partition("/identity")[0] + "/refused/401/json/identity/v3", api_retries=0),
        "typo": dict(by_key, api_key=plant("api_key of an inventory with a typing error"), regoins=["DFW"]),
        "undefined": dict(by_key, api_key="{{ nothing }}%s" % plant("api_key beside a template")),
        "invalid": dict(by_key, api_key="{%% if %s" % plant("api_key that is half a template")),
        "both": dict(by_key, cloud="here"),
    }


# Running.

class Stage:
    """The processes of Ansible, in an environment of their own; everything that they leave is below PLACE."""

    def __init__(self, core):
        self.core = WORK / core
        self.tree = link_tree()
        self.number = 0
        self.commands = 0

    def prepare(self):
        for name in ("home", "tmp", "out", "results", "facts", "inventory-cache", "token-cache", "lib/systemd", "sources"):
            (PLACE / name).mkdir(parents=True, exist_ok=True)
        (PLACE / "token-cache").chmod(0o700)
        (PLACE / "ansible.cfg").write_text("[defaults]\n")
        # A journal as systemd has it, which is where modules write what they were called with.
        (PLACE / "lib/systemd/__init__.py").write_text("")
        (PLACE / "lib/systemd/daemon.py").write_text("def booted():\n    return True\n")
        (PLACE / "lib/systemd/journal.py").write_text(
            "def send(**fields):\n    with open(%r, 'a') as journal:\n        journal.write(repr(fields) + '\\n')\n\n\nsendv = send\n"
            % str(PLACE / "journal.txt"))

    def environment(self, **more):
        foreign = re.compile(r"ANSIBLE_|OS_|RAX_|XDG_|CLOUD_|PYTHON|VIRTUAL_ENV|.*_(proxy|PROXY)$")
        keep = {name: value for name, value in os.environ.items() if not foreign.match(name)}
        self.number += 1
        return dict(
            keep, PATH=os.pathsep.join([str(self.core / "bin"), os.environ["PATH"]]), LC_ALL="C.UTF-8", HOME=str(PLACE / "home"),
            PYTHONPATH=os.pathsep.join([str(self.tree), str(PLACE / "lib")]), PYTHONDONTWRITEBYTECODE="1",
            RAX_TOKEN_CACHE_DIR=str(PLACE / "token-cache"), ANSIBLE_CONFIG=str(PLACE / "ansible.cfg"), ANSIBLE_HOME=str(PLACE / "home/.ansible"),
            ANSIBLE_LOCAL_TEMP=str(PLACE / "tmp"), ANSIBLE_REMOTE_TMP=str(PLACE / "tmp"), ANSIBLE_COLLECTIONS_PATH=str(self.tree), ANSIBLE_NOCOLOR="true",
            ANSIBLE_RETRY_FILES_ENABLED="false", ANSIBLE_LOG_PATH=str(PLACE / ("out/ansible-%d.log" % self.number)), ANSIBLE_DISPLAY_TRACEBACK="always",
            ANSIBLE_CACHE_PLUGIN="ansible.builtin.jsonfile", ANSIBLE_CACHE_PLUGIN_CONNECTION=str(PLACE / "facts"),
            ANSIBLE_CALLBACKS_ENABLED="rackspace.cloud.api_calls", **more)

    def run(self, name, command, **more):
        """Run a command; what it wrote goes to a file, and comes back."""
        output = PLACE / "out" / (name + ".txt")
        with open(output, "w", encoding="utf-8") as streams:
            subprocess.run([str(self.core / "bin" / command[0]), *command[1:]], cwd=PLACE, env=self.environment(**more), stdin=subprocess.DEVNULL,
                           stdout=streams, stderr=subprocess.STDOUT, timeout=PLAY_SECONDS, check=False)
        self.commands += 1
        return output.read_text(encoding="utf-8")

    def play(self, name, play, variables, **more):
        """Run a playbook of one play at the greatest verbosity."""
        sources = PLACE / "sources"
        inventory = {"all": {"hosts": {"localhost": {"ansible_python_interpreter": str(self.core / "bin/python")}},
                             "vars": {"ansible_connection": "local", "place": str(PLACE)}}}
        paths = {kind: sources / ("%s-%s.json" % (kind, name)) for kind in ("hosts", "variables", "play")}
        for kind, content in (("hosts", inventory), ("variables", variables), ("play", [play])):
            paths[kind].write_text(json.dumps(content))
        return self.run("play-" + name, ["ansible-playbook", "-vvvv", "-i", str(paths["hosts"]), "-e", "@%s" % paths["variables"], str(paths["play"])], **more)


def run_everything(stage, clouds, garden):
    """Run all of it, two things at a time. Returns ([(title, result)] of the tasks, outputs of the commands)."""
    known = logins(garden, clouds)
    rows = {dress: module_rows(garden, dress) for dress in clouds}
    (PLACE / "sources/key").write_text(garden.plant("option api_key"))
    for cloud in clouds.values():
        for name in ("leaks-host", "leaks-rescued"):
            cloud.handle(request("POST", "/sandbox/servers", {"name": name, "region": LOGIN_OF[cloud.dress][1]}))
    tasks, said = [], []

    def forks(*makers):
        with Nursery(stage.core / "bin/python", stage.environment()) as nursery:
            for maker in makers:
                tasks.extend(maker(nursery))

    def plays(dress, spoil):
        login = known[LOGIN_OF[dress][0]][0]
        said.append(stage.play(dress, playbook(login, clouds[dress].base_url, rows[dress], spoil), {"login": login},
                               ANSIBLE_PIPELINING="true" if dress == "rackspace" else "false"))

    def inventory(name, configuration):
        path = PLACE / "sources" / (name + ".rackspace.yml")
        path.write_text(json.dumps(dict(configuration, plugin="rackspace.cloud.servers")))
        for again in range(2 if configuration.get("cache") else 1):
            command = ["ansible-inventory", "-vvvv", "-i", str(path), "--list"]
            said.append(stage.run("inventory-%s-%d" % (name, again), command, RAX_API_TRACE="true"))
    jobs = [lambda: plays("rackspace", "400/json"), lambda: plays("openstack", "401/html"),
            *[lambda dress=dress: forks(lambda nursery: fork_everything(
                nursery, known[LOGIN_OF[dress][0]][0], clouds[dress].base_url, rows[dress], SPOILS[dress])) for dress in clouds],
            lambda: forks(lambda nursery: fork_logins(nursery, known, clouds), lambda nursery: fork_bad_input(nursery, garden, known)),
            *[lambda name=name, configuration=configuration: inventory(name, configuration) for name, configuration in inventories(garden, known).items()]]
    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(job) for job in jobs]:
            job.result()
    return tasks, said


LOGIN_OF = {"rackspace": ("api_key", "DFW"), "openstack": ("auth", "RegionOne")}


def request(method, path, body):
    from sandbox import Request
    return Request(method, path, {}, json.dumps(body).encode())


# Searching.

class Processes:
    """Looks at all processes of the machine, as long as it is open: the arguments of all, and the environment of those that we began. Secrets
    that come from the environment are put there by the task's own process, and so appear in none that /proc shows."""

    def __init__(self, needle):
        self.needle = needle
        self.rounds = 0
        self.arguments = set()
        self.environments = set()
        self.found = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.over.set()
        self.thread.join()

    def watch(self):
        while not self.over.wait(0.1):
            self.rounds += 1
            parents = {}
            for entry in os.scandir("/proc"):
                if entry.name.isdigit():
                    self.look(int(entry.name), parents)

    def look(self, pid, parents):
        try:
            stat = Path("/proc/%d/stat" % pid).read_text()
            began = stat.rpartition(")")[2].split()
            parents[pid] = int(began[1])
            arguments = Path("/proc/%d/cmdline" % pid).read_bytes()
            self.check(self.arguments, (pid, began[19], arguments), arguments, "arguments of process %d" % pid)
            if self.is_ours(pid, parents):
                environment = Path("/proc/%d/environ" % pid).read_bytes()
                self.check(self.environments, (pid, began[19], environment), environment, "environment of process %d" % pid)
        except OSError:
            pass  # it ended meanwhile

    def is_ours(self, pid, parents):
        while pid > 1 and pid != os.getpid():
            if pid not in parents:
                return False
            pid = parents[pid]
        return pid == os.getpid()

    def check(self, seen, key, content, what):
        if key not in seen:
            seen.add(key)
            if self.needle.search(content):
                self.found.append((what, content[:200]))


def needles(secrets):
    """A pattern of bytes that finds the cores of these secrets as they are, in base64 wherever they begin, and in hexadecimal."""
    forms = {}
    for name, core in secrets.items():
        raw = core.encode()
        written = {raw, raw.hex().encode(), raw[::-1]}
        for shift in range(3):
            text = base64.b64encode(b"\0" * shift + raw)
            inner = text[(0, 2, 3)[shift]:len(text) - (4 if (len(raw) + shift) % 3 else 0)]
            written |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
        forms.update(dict.fromkeys(written, name))
    return re.compile(b"|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))), forms


def cores(issued):
    """{what: core} of secrets that the clouds made: the middle of each, and of a private key a line of it."""
    found = {}
    for number, (secret, kind) in enumerate(sorted(issued.items())):
        text = max(secret.splitlines(), key=len) if "\n" in secret else secret
        found["%s, number %d" % (kind, number)] = text[len(text) // 2 - 8:len(text) // 2 + 8] if len(text) > 24 else text
    return found


def search(pattern, forms):
    """([(file, secret)], files, bytes): everything below PLACE, but for where the secrets were planted."""
    found, files, size = [], 0, 0
    for path in sorted(PLACE.rglob("*")):
        relative = path.relative_to(PLACE)
        if relative.parts[0] in ("sources", "lib") or not path.is_file() or path.is_symlink():
            continue
        content = path.read_bytes() + b"\n" + str(relative).encode()
        files, size = files + 1, size + len(content)
        for hit in pattern.finditer(content):
            name = forms[hit.group()]
            if relative.parts[0] == "token-cache" and name.startswith(("a token", "an API")) and path.suffix == ".json" and not path.stat().st_mode & 0o077:
                continue  # what it is for
            found.append((str(relative), name, content[max(0, hit.start() - 120):hit.end() + 40]))
    return found, files, size


def unused(garden, clouds):
    """The planted secrets that never came in at a cloud, though they should have: they were searched for in vain."""
    wire = b"\n".join(piece for cloud in clouds.values() for piece in cloud.seen)
    pattern, forms = needles({secret.name: secret.core for secret in garden.secrets.values()})
    came = {forms[hit.group()] for hit in pattern.finditer(wire)}
    return sorted(set(garden.secrets) - came)


STAYS_HERE = re.compile(  # planted where the client itself has to refuse it, so that it never comes in anywhere
    r"unused|refused|beside a cloud|twice|without a|of another type|wrong auth_url|in an address|in the clear|line break|in unicode|broken|"
    r"typing error|beside a template|half a template|unknown option|wrong api_key")


def options_that_hold_secrets():
    """{module.option} of every option that is marked as a secret, and the modules."""
    import importlib
    sys.path.insert(0, str(link_tree()))
    package = "ansible_collections.rackspace.cloud.plugins."
    found, modules = set(), sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))

    def leaves(spec, path):
        for name, rule in spec.items():
            if rule.get("no_log"):
                found.add(path + name)
            leaves(rule.get("options") or {}, path + name + ".")
    leaves(importlib.import_module(package + "module_utils.arguments").AUTH, "option ")
    for name in modules:
        module = importlib.import_module(package + "modules." + name)
        specs = [value for key, value in vars(module).items() if key.endswith("SPEC") and isinstance(value, dict)]
        for spec in specs:
            leaves(spec, name + " ")
    return found, modules


def not_planted(garden, rows):
    """Options that are secrets and hold none here, and modules that do not run here."""
    options, modules = options_that_hold_secrets()
    named = set(garden.secrets) | {"option application_credential_secret", "option auth.application_credential_secret"}
    return sorted(option for option in options if option not in named) + sorted(set(modules) - {row[0] for row in rows})


def outcomes(tasks):
    """{module: Counter of how its tasks ended}: those in processes of their own, and those under ansible-playbook."""
    counted = collections.defaultdict(collections.Counter)
    for title, result in tasks:
        ended = "crashed" if result is None else "failed" if result.get("failed") else "changed" if result.get("changed") else "ok"
        counted[title.split()[0] if not title.startswith(("login", "bad", "refused", "spoiled", "a broken")) else "(logins)"][ended] += 1
    for output in sorted((PLACE / "out").glob("play-*.txt")):
        for task in re.split(r"(?m)^TASK \[", output.read_text())[1:]:
            module = re.match(r"([a-z_]+): ", task)
            ended = re.search(r"(?m)^(ok|changed|fatal): \[", task)
            if module and ended:
                counted[module.group(1)]["playbook " + {"fatal": "failed"}.get(ended.group(1), ended.group(1))] += 1
    return counted


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--core", default="core-newest", help="environment to run Ansible from (core-newest)")
    parser.add_argument("--keep", action="store_true", help="keep everything in %s" % PLACE)
    options = parser.parse_args()
    started = time.monotonic()
    shutil.rmtree(PLACE, ignore_errors=True)
    garden = Garden("leaks")
    stage = Stage(options.core)
    stage.prepare()
    clouds = {dress: EchoingCloud(dress, time_scale=STATES_PER_SECOND) for dress in ("rackspace", "openstack")}
    servers = [serve(cloud) for cloud in clouds.values()]
    logins(garden, clouds)
    rows = [row for dress in clouds for row in module_rows(garden, dress)]
    for cloud in clouds.values():
        cloud.planted = [secret.core.encode() for secret in garden.secrets.values()]
    watched, _forms = needles({secret.name: secret.core for secret in garden.secrets.values()})
    with Processes(watched) as processes:
        tasks, said = run_everything(stage, clouds, garden)
    for server in servers:
        server.shutdown()
    planted = {known.value for known in garden.secrets.values()}
    issued = {secret: kind for cloud in clouds.values() for secret, kind in cloud.issued.items() if secret not in planted}
    hunted = dict({secret.name: secret.core for secret in garden.secrets.values()}, **cores(issued))
    found, files, size = search(*needles(hunted))
    found += [(what, "", content) for what, content in processes.found]
    ends = outcomes(tasks)
    told(garden, issued, clouds, stage, processes, files, size, found, ends)
    problems = wrong(garden, rows, clouds, processes, said, found, ends)
    for problem in problems:
        print("FAILED: %s" % problem)
    print("secrets found: %d   (%.0f s)" % (len(found), time.monotonic() - started))
    if not options.keep and not problems:
        shutil.rmtree(PLACE, ignore_errors=True)
    return 1 if problems else 0


def told(garden, issued, clouds, stage, processes, files, size, found, ends):
    """Print what was done and searched."""
    kinds = collections.Counter(issued.values())
    print("planted: %d secrets, of which %d are refused before they are sent; issued by the clouds: %s" % (
        len(garden.secrets), sum(bool(STAYS_HERE.search(name)) for name in garden.secrets),
        ", ".join("%d × %s" % (count, kind) for kind, count in sorted(kinds.items()))))
    print("%-24s %5s %8s %7s %8s     under ansible-playbook: %5s %8s %7s" % ("tasks of", "ok", "changed", "failed", "crashed", "ok", "changed", "failed"))
    for module, counted in sorted(ends.items()):
        print("%-24s %5d %8d %7d %8d %28s %5d %8d %7d" % (module, counted["ok"], counted["changed"], counted["failed"], counted["crashed"], "",
                                                          *(counted["playbook " + end] for end in ("ok", "changed", "failed"))))
    print("requests: %d, answers that quoted a secret: %d; commands of Ansible at -vvvv: %d" % (
        sum(len(cloud.seen) for cloud in clouds.values()), sum(cloud.quoted for cloud in clouds.values()), stage.commands))
    print("searched: %d files with %.1f MB (output, log_path, journal, results, fact cache, inventory cache, token cache, home, temporary files), "
          "file names too; the arguments of %d processes, the environment of %d, in %d rounds" % (
              files, size / 1e6, len(processes.arguments), len(processes.environments), processes.rounds))
    print("for each secret: as it is, however escaped, in base64 at any offset, in hexadecimal and backwards")
    for place, name, around in found[:40]:
        print("FOUND %s in %s: %r" % (name, place, around))


def wrong(garden, rows, clouds, processes, said, found, ends):
    """What makes this run a failure: secrets that were found, or nothing to find them by."""
    problems = ["%d secrets were found" % len(found)] if found else []
    unplanted = not_planted(garden, rows)
    if unplanted:
        problems.append("nothing is planted in, or run of: %s" % ", ".join(unplanted))
    idle = [name for name in unused(garden, clouds) if not STAYS_HERE.search(name)]
    if idle:
        problems.append("these secrets were never used: %s" % ", ".join(idle))
    for module in sorted({row[0] for row in rows}):
        counted = ends[module]
        for what, count in (("succeeded", counted["ok"] + counted["changed"]), ("failed", counted["failed"]),
                            ("succeeded under Ansible", counted["playbook ok"] + counted["playbook changed"]),
                            ("failed under Ansible", counted["playbook failed"])):
            if not count:
                problems.append("%s never %s" % (module, what))
        if counted["crashed"]:
            problems.append("%s crashed %d times" % (module, counted["crashed"]))
    for what, count in (("quoted answers", sum(cloud.quoted for cloud in clouds.values())), ("processes", len(processes.environments)),
                        ("lines of the journal", (PLACE / "journal.txt").stat().st_size if (PLACE / "journal.txt").exists() else 0),
                        ("facts", len(list((PLACE / "facts").iterdir()))), ("inventory caches", len(list((PLACE / "inventory-cache").iterdir()))),
                        ("calls that were added up", sum("API CALLS" in text for text in said)),
                        ("errors that nobody expects", ends["(logins)"]["crashed"])):
        if not count:
            problems.append("there were no %s" % what)
    return problems


if __name__ == "__main__":
    sys.exit(main())
