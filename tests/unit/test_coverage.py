# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""docs/coverage.md names what exists and leaves nothing out, and the check that holds it against the wire sees what is missing."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SPEC = importlib.util.spec_from_file_location("wire_coverage", ROOT / "tests/integration/wire_coverage.py")
wire_coverage = importlib.util.module_from_spec(SPEC)
sys.modules["wire_coverage"] = wire_coverage
SPEC.loader.exec_module(wire_coverage)

# The published list of operations, by service, request and what tells it from others.
SERVER, ITEMS = "/servers/{server_id}", "/{id}/metadata"
PUBLISHED = [
    ("identity", "POST", "/tokens", "passwordCredentials"), ("identity", "POST", "/tokens", "RAX-KSKEY:apiKeyCredentials"),
    ("identity", "POST", "/users", "OS-KSADM:password"), ("identity", "POST", "/users", None), ("identity", "POST", "/users/{user_id}", "enabled"),
    ("identity", "DELETE", "/users/{user_id}", None),
    ("compute", "GET", "/servers", None), ("compute", "GET", "/servers/detail", None), ("compute", "POST", "/servers", "personality"),
    ("compute", "GET", SERVER, None), ("compute", "PUT", SERVER, "accessIPv4"), ("compute", "DELETE", SERVER, None),
    ("compute", "GET", SERVER + "/ips", None), ("compute", "GET", SERVER + "/ips/{label}", None),
    *[("compute", "POST", SERVER + "/action", action) for action in (
        "changePassword", "reboot", "rebuild", "resize", "confirmResize", "revertResize", "createImage")],
    ("compute", "POST", SERVER + "/os-volume_attachments", "volumeId"), ("compute", "GET", SERVER + "/os-volume_attachments", None),
    ("compute", "GET", SERVER + "/os-volume_attachments/{volume_id}", None), ("compute", "DELETE", SERVER + "/os-volume_attachments/{volume_id}", None),
    ("compute", "GET", "/flavors", None), ("compute", "GET", "/flavors/detail", None), ("compute", "GET", "/flavors/{flavor_id}", None),
    ("compute", "GET", "/images", None), ("compute", "GET", "/images/detail", None), ("compute", "GET", "/images/{image_id}", None),
    ("compute", "DELETE", "/images/{image_id}", None),
    *[("compute", method, thing + path, key) for thing in ("/servers", "/images") for method, path, key in (
        ("GET", ITEMS, None), ("PUT", ITEMS, "metadata"), ("POST", ITEMS, "metadata"), ("GET", ITEMS + "/{key}", None),
        ("PUT", ITEMS + "/{key}", "meta"), ("DELETE", ITEMS + "/{key}", None))],
]


def test_every_published_operation_has_a_row():
    rows = {(row.service, row.method, row.path, row.key) for row in wire_coverage.promises()}
    assert not [operation for operation in PUBLISHED if operation not in rows]


def test_every_line_of_a_table_is_read():
    lines = [line for line in wire_coverage.PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ") and "`" in line]
    assert len(lines) == len(wire_coverage.promises()) > len(PUBLISHED)


@pytest.mark.parametrize("promise", wire_coverage.promises(), ids=str)
def test_a_row_names_what_exists(promise):
    assert (ROOT / "plugins/modules" / (promise.module + ".py")).is_file()
    assert (ROOT / "tests/integration/targets" / promise.target / "tasks/main.yml").is_file()


PAGE = """
## Compute

| operation | request | module | target |
| --- | --- | --- | --- |
| Reboot | `POST /servers/{server_id}/action` with `reboot` | `server_action` | `acting` |

## Identity

| Named | `GET /users?name=` | `identity_user_info` | `users` |
"""
SENT = {"service": "compute", "method": "POST", "path": "/DFW/servers/v2/123456/servers/5eed/action", "query": "", "status": 202,
        "headers": {"user-agent": "rackspace.cloud/1.0.0 (Ansible collection)"}, "body": {"reboot": {"type": "SOFT"}}}
NAMED = dict(SENT, service="identity", method="GET", path="/identity/v2.0/users", query="name=a", status=200, body=None)
OTHERS = {
    "nothing": [],
    "another service": [dict(SENT, service="image")],
    "another verb": [dict(SENT, method="PUT")],
    "another path": [dict(SENT, path="/DFW/servers/v2/123456/servers/5eed/action/more")],
    "deeper": [dict(SENT, path="/DFW/servers/v2/123456/servers/a/b/action")],
    "another action": [dict(SENT, body={"resize": {}})],
    "no body": [dict(SENT, body=None)],
    "refused": [dict(SENT, status=409)],
    "never answered": [dict(SENT, status=0)],
    "by somebody else": [dict(SENT, headers={"user-agent": "ansible-httpget"})],
}


def test_a_promise_that_is_kept():
    assert wire_coverage.broken("acting", [SENT], PAGE) == [] == wire_coverage.broken("users", [NAMED], PAGE)
    assert wire_coverage.broken("another target", [], PAGE) == []


@pytest.mark.parametrize("what", OTHERS)
def test_a_promise_that_is_broken(what):
    (promise,) = wire_coverage.broken("acting", OTHERS[what], PAGE)
    assert str(promise) == "Reboot (POST /servers/{server_id}/action with reboot)"


def test_the_query_counts():
    assert len(wire_coverage.broken("users", [dict(NAMED, query="email=a")], PAGE)) == 1


def test_the_log_is_read_from_a_place_on(tmp_path):
    log = tmp_path / "log"
    log.write_text('{"n": 1}\n')
    begin = log.stat().st_size
    with open(log, "a", encoding="utf-8") as more:
        more.write('{"n": 2}\n')
    assert wire_coverage.read(log, begin) == [{"n": 2}]
