# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The least that makes servers: log in, all POSTs side by side, then one list per poll until all are ACTIVE. What `fleet` is measured against.

    python tests/fleet/bare.py CLOUD.json NUMBER FLAVOR IMAGE       CLOUD.json: as tests/integration/run.py --cloud takes it
"""

from __future__ import annotations

import concurrent.futures
import json
import sys
import time
from pathlib import Path

import requests

PAUSE = 0.5
PREFIX = "measured"  # of the names of what is made, by which it is told from what others have in the project


def main():
    auth = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["auth"]
    number, flavor, image = int(sys.argv[2]), *sys.argv[3:5]
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=number))
    base = log_in(session, auth)

    def create(name):
        answer = session.post(base + "/servers", json={"server": {"name": name, "flavorRef": flavor, "imageRef": image}}, timeout=120)
        answer.raise_for_status()
        return answer.json()["server"]["id"]
    with concurrent.futures.ThreadPoolExecutor(number) as pool:
        ids = set(pool.map(create, ["%s%02d" % (PREFIX, one) for one in range(1, number + 1)]))
    while not ids <= active(session, base):
        time.sleep(PAUSE)


def log_in(session, auth):
    """The address of the compute service; the session has the token."""
    domain = {"name": auth["user_domain"]}
    answer = session.post(auth["auth_url"] + "/auth/tokens", timeout=120, json={"auth": {
        "identity": {"methods": ["password"], "password": {"user": {"name": auth["username"], "password": auth["password"], "domain": domain}}},
        "scope": {"project": {"name": auth["tenant_name"], "domain": domain}}}})
    answer.raise_for_status()
    session.headers["X-Auth-Token"] = answer.headers["X-Subject-Token"]
    return next(endpoint["url"] for entry in answer.json()["token"]["catalog"] if entry["type"] == "compute"
                for endpoint in entry["endpoints"] if endpoint["interface"] == "public")


def active(session, base):
    """The ids of what is ACTIVE, by one list."""
    return {server["id"] for server in listed(session, base) if server["status"] == "ACTIVE"}


def listed(session, base):
    """The servers that were made here, by one list, which has as many pages as the cloud wants."""
    found, url = [], base + "/servers/detail"
    while url:
        answer = session.get(url, timeout=120)
        answer.raise_for_status()
        page = answer.json()
        found += [server for server in page["servers"] if server["name"].startswith(PREFIX)]
        url = next((link["href"] for link in page.get("servers_links", ()) if link["rel"] == "next"), None)
    return found


if __name__ == "__main__":
    main()
