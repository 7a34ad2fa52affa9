# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The services: what each needs done once, how it is started, and how it is seen to be there."""

from __future__ import annotations

import calendar
import concurrent.futures
import getpass
import grp
import os
import subprocess
import time

import contents
from configuration import database, python_path
from machine import tail
from plain_client import send
from processes import start, started_at, until
from settings import COMPUTES, ENVIRONMENT, ETC, HERE, LOGS, PASSWORD, REGION, STATE, CloudFailed, ports, program, url

START_SECONDS = 180
# The path at which each says that it is there, and the answers that mean so.
ANSWERS = {"keystone": "/v3", "placement": "/", "glance": "/healthcheck", "neutron": "/", "cinder": "/", "nova": "/"}
FINE = (200, 300)


def _config(*names):
    return [word for name in names for word in ("--config-file", str(ETC / name))]


NOVA = _config("nova/nova.conf")
PROGRAMS = {
    # name: program and arguments
    "keystone": ["gunicorn"],
    "placement": ["gunicorn"],
    "glance": ["glance-api", *_config("glance/glance-api.conf")],
    "neutron": ["neutron-server", *_config("neutron/neutron.conf", "neutron/ml2.ini"), "--log-file", "neutron.log"],
    **{name: [name, *_config("cinder/cinder.conf"), "--log-file", name + ".log"] for name in ("cinder-api", "cinder-scheduler", "cinder-volume")},
    **{name: [name, *NOVA, "--log-file", name + ".log"] for name in ("nova-conductor", "nova-scheduler")},
    **{"nova-" + host: ["python", str(HERE / "fakes/compute.py"), *_config("nova/compute.conf", "nova/%s.conf" % host), "--log-file", host + ".log"]
       for host in COMPUTES},
    "nova-api": ["nova-api-os-compute", *NOVA, "--log-file", "nova-api.log"],
}
# Whose port a program listens on, where that is not its own name.
LISTENS = {"cinder-api": "cinder", "nova-api": "nova", **{name: name for name in ("keystone", "placement", "glance", "neutron")}}


def prepare():
    """What is done once for each service, two at a time: its tables, and what it needs to start."""
    keys = ["--keystone-user", getpass.getuser(), "--keystone-group", grp.getgrgid(os.getgid()).gr_name]
    keystone, identity = ["keystone-manage", *_config("keystone/keystone.conf")], url("keystone") + "/v3"
    chains = {
        "nova": [["nova-manage", *NOVA, "api_db", "sync"],
                 ["nova-manage", *NOVA, "cell_v2", "map_cell0", "--database_connection", database("nova_cell0")],
                 ["nova-manage", *NOVA, "cell_v2", "create_cell", "--name", "cell1"],
                 ["nova-manage", *NOVA, "db", "sync"]],
        "neutron": [["neutron-db-manage", *_config("neutron/neutron.conf", "neutron/ml2.ini"), "upgrade", "heads"]],
        "cinder": [["cinder-manage", *_config("cinder/cinder.conf"), "db", "sync"]],
        "keystone": [[*keystone, "db_sync"], [*keystone, "fernet_setup", *keys], [*keystone, "credential_setup", *keys],
                     [*keystone, "bootstrap", "--bootstrap-password", PASSWORD, "--bootstrap-region-id", REGION,
                      "--bootstrap-public-url", identity, "--bootstrap-internal-url", identity, "--bootstrap-admin-url", identity]],
        "glance": [["glance-manage", *_config("glance/glance-api.conf"), "db_sync"]],
        "placement": [["placement-manage", *_config("placement/placement.conf"), "db", "sync"]],
    }
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for done in [pool.submit(_once, name, commands) for name, commands in chains.items()]:
            done.result()


def launch():
    """Start all of them, wait until they answer, and put in what a cloud holds on its first day."""
    for name, command in PROGRAMS.items():
        environment = _environment(GUNICORN_CMD_ARGS="-c %s" % (ETC / name / "gunicorn.py")) if command == ["gunicorn"] else _environment()
        start(name, [program(command[0]), *command[1:]], environment, ports().get(LISTENS.get(name)))
        if name == "placement":
            # Everything else asks these two.
            _wait_for("keystone")
            contents.identity()
            _wait_for("placement")
    for service in ("glance", "neutron", "cinder", "nova"):
        _wait_for(service)
    _wait_for_reports()
    _once("hosts", [["nova-manage", *NOVA, "cell_v2", "discover_hosts"]])
    contents.resources()


def _once(name, commands):
    """Run commands, unless they have been run to their end before."""
    stamp = STATE / ("done-" + name)
    if stamp.exists():
        return
    log = LOGS / ("prepare-%s.log" % name)
    with open(log, "wb") as output:
        for command in commands:
            if subprocess.run([program(command[0]), *command[1:]], env=_environment(), stdin=subprocess.DEVNULL, stdout=output,
                              stderr=subprocess.STDOUT, check=False).returncode:
                raise CloudFailed("%s failed; the end of %s:\n%s" % (" ".join(command), log, tail(log)))
    stamp.touch()


def _environment(**more):
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("OS_", "PYTHON"))}
    return dict(keep, PATH="%s:%s" % (ENVIRONMENT / "bin", os.environ["PATH"]), PYTHONPATH=python_path(), PYTHONDONTWRITEBYTECODE="1",
                PYTHONWARNINGS="ignore", OS_KEYSTONE_CONFIG_DIR=str(ETC / "keystone"), OS_KEYSTONE_CONFIG_FILES="keystone.conf",
                OS_PLACEMENT_CONFIG_DIR=str(ETC / "placement"), **more)


def _wait_for(service):
    where = url(service) + ANSWERS[service]
    needs = [name for name, listener in LISTENS.items() if listener == service]
    until("%s answers at %s" % (service, where), lambda: _answers(where), START_SECONDS, needs)


def _answers(where):
    try:
        return send("GET", where).status in FINE
    except OSError:
        return False


def _wait_for_reports():
    """Until what has no port has told the database that it is there, since its process was started."""
    wanted = [name for name in PROGRAMS if name not in LISTENS]
    admin = contents.admin()

    def all_there():
        seen = {}
        for service, path in (("compute", "/os-services"), ("volumev3", "/os-services")):
            answer = admin.send("GET", service, path)
            for report in answer.body["services"] if answer.status == 200 else []:
                name = "nova-" + report["host"] if report["binary"] == "nova-compute" else report["binary"]
                if report["updated_at"]:
                    seen[name] = calendar.timegm(time.strptime(report["updated_at"][:19], "%Y-%m-%dT%H:%M:%S"))
        # A compute host reports first, and takes stock of itself after that.
        return all(seen.get(name, 0) > started_at(name) + (3 if name.removeprefix("nova-") in COMPUTES else 0) for name in wanted)

    until("every service has reported", all_there, START_SECONDS, wanted)
