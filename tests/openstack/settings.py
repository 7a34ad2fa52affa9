# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Where the real cloud lies, which ports it listens on and who may log in; whatever can be set is set here.

`OPENSTACK_PORT_BASE` in the environment chooses the first of its ten ports, when the cloud is made; else the first ten that are free are taken.
"""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

from checkout import WORK

HERE = Path(__file__).resolve().parent
HOME = WORK / "openstack"
ENVIRONMENT = HOME / "environment"   # the services' Python packages; outlives a wipe
ETC = HOME / "etc"
STATE = HOME / "state"
LOGS = HOME / "logs"
RUN = HOME / "run"                   # a record of each process
CLOUD_FILE = HOME / "cloud.json"     # what tests/integration/run.py --cloud reads

HOST = "127.0.0.1"
REGION = "RegionOne"
# As in the sandbox (tests/sandbox/accounts.py), so that a target finds the same users in both.
PASSWORD = "sandbox-password"
PAGE = 3  # the most that a list of Nova or Cinder shows at once, so that lists have several pages here
COMPUTES = ("compute1", "compute2")  # two hosts, so that a resize has somewhere to go
LISTENERS = ("keystone", "nova", "placement", "cinder", "glance", "neutron", "mariadb", "rabbitmq", "rabbitmq-distribution", "epmd")
PORT_BASES = range(23000, 32000, 100)  # below what systems hand out to outgoing connections


class CloudFailed(Exception):
    """The cloud cannot be had; the text says why, and what to do about it."""


def ports():
    """The port of each listener, by name; chosen once, and kept with the state."""
    kept = STATE / "ports.json"
    if not kept.is_file():
        chosen = _chosen()
        STATE.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(chosen))
    return json.loads(kept.read_text())


def _chosen():
    given = os.environ.get("OPENSTACK_PORT_BASE", "")
    for base in [int(given)] if given else PORT_BASES:
        numbers = dict(zip(LISTENERS, range(base, base + len(LISTENERS))))
        if not any(is_open(number) for number in numbers.values()):
            return numbers
    raise CloudFailed("No ten free ports in a row on %s from %s on; set OPENSTACK_PORT_BASE to the first of ten that are free."
                      % (HOST, given or PORT_BASES[0]))


def is_open(port):
    """Whether somebody listens on a port."""
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((HOST, port)) == 0


def url(service):
    """The root of a service."""
    return "http://%s:%d" % (HOST, ports()[service])


def program(name):
    """The path of a program of the environment."""
    return str(ENVIRONMENT / "bin" / name)
