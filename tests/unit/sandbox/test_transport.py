# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The two ways in: behind a `requests` session, and on a port."""

from __future__ import annotations

import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading

import pytest
import requests

from sandbox import Cloud, ManualClock, SystemClock
from sandbox.adapter import SandboxAdapter
from sandbox.http_server import Server

SANDBOX = pathlib.Path(__file__).resolve().parents[2] / "sandbox"
LOGIN = {"auth": {"RAX-KSKEY:apiKeyCredentials": {"username": "demo", "apiKey": "sandbox-api-key"}}}
SERVERS = "/DFW/servers/v2/123456/servers"


def logged_in(session, url):
    session.trust_env = False
    token = session.post(url + "/identity/v2.0/tokens", json=LOGIN, timeout=10).json()["access"]["token"]["id"]
    session.headers["X-Auth-Token"] = token
    return session


@pytest.fixture
def in_process():
    """A session whose every request goes to a cloud of its own."""
    cloud = Cloud(clock=ManualClock(), base_url="http://cloud.invalid")
    session = requests.Session()
    session.mount("http://", SandboxAdapter(cloud))
    return cloud, logged_in(session, cloud.base_url), cloud.base_url


@pytest.fixture
def on_a_port():
    """The same over a socket."""
    cloud = Cloud(clock=SystemClock())
    server = Server(cloud)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    with requests.Session() as session:
        yield cloud, logged_in(session, server.url), server.url
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(params=["in_process", "on_a_port"])
def way(request):
    """Both."""
    return request.getfixturevalue(request.param)


def test_an_answer_arrives_whole(way):
    _cloud, session, url = way
    reply = session.get(url + SERVERS, timeout=10)
    assert (reply.status_code, reply.json()) == (200, {"servers": []})
    first, second = reply.headers["Date"].split(" GMT, ")
    assert second == first + " GMT"
    assert reply.headers["Via"].startswith("1.1 Repose")


def test_empty_answers(way):
    cloud, session, url = way
    made = session.post(url + "/sandbox/servers", json={}, timeout=10).json()["servers"][0]["id"]
    gone = session.delete("%s%s/%s" % (url, SERVERS, made), timeout=10)
    assert (gone.status_code, gone.content) == (204, b"")
    assert session.get(url + SERVERS, timeout=10).status_code == 200
    head = session.head(url + SERVERS, timeout=10)
    assert (head.status_code, head.content) == (200, b"")
    assert cloud.journal.entries()[-1]["method"] == "HEAD"


@pytest.mark.parametrize(("fault", "error"), [
    ({"drop": "before"}, requests.exceptions.ConnectionError),
    ({"drop": "after"}, requests.exceptions.ConnectionError),
    ({"cut": True}, requests.exceptions.ChunkedEncodingError),
    ({"delay": 1.5}, requests.exceptions.ReadTimeout),
    ({"unreachable": "refused"}, requests.exceptions.ConnectionError),
])
def test_broken_connections(way, fault, error):
    _cloud, session, url = way
    session.post(url + "/sandbox/faults", json={"path": "/servers$", **fault}, timeout=10)
    with pytest.raises(error):
        session.get(url + SERVERS, timeout=(10, 0.5))
    assert session.get(url + SERVERS, timeout=10).status_code == 200


def test_a_connection_that_cannot_be_made_in_process(in_process):
    _cloud, session, url = in_process
    session.post(url + "/sandbox/faults", json={"path": "/servers$", "unreachable": "timeout"})
    with pytest.raises(requests.exceptions.ConnectTimeout):
        session.get(url + SERVERS, timeout=3)


def test_waiting_in_process_moves_the_clock_alone(in_process):
    cloud, session, url = in_process
    cloud.settings.update({"latency_ms": 20_000})
    before = cloud.now()
    session.get(url + SERVERS, timeout=60)
    assert cloud.now() - before == 20


def test_connections_stay_open(on_a_port):
    _cloud, _session, url = on_a_port
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    sockets = set()
    for path in ("/", SERVERS, "/identity/v2.0"):
        connection.request("GET", path)
        connection.getresponse().read()
        sockets.add(connection.sock)
    connection.close()
    assert len(sockets) == 1 and None not in sockets


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, None])
def test_the_command(tmp_path, ending):
    ready = tmp_path / "ready.json"
    command = [sys.executable, str(SANDBOX), "--ready-file", str(ready), "--dress", "openstack", "--servers", "2", "--until-eof"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        exports = [process.stdout.readline() for _unused in range(8)]
        told = json.loads(ready.read_text(encoding="utf-8"))
        assert told["pid"] == process.pid
        assert exports == ["export %s=%s\n" % pair for pair in told["env"].items()]
        assert requests.get(told["auth_url"], timeout=10).json()["version"]["id"].startswith("v3")
        if ending is None:
            process.stdin.close()
        else:
            os.kill(process.pid, ending)
        assert process.wait(10) == 0
