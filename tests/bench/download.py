# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The bare download: every page of the servers of a cloud, to a file; nothing is done with them.

    BENCH_TOKEN=... python3 download.py URL FILE
"""

from __future__ import annotations

import json
import os
import sys

import requests


def main():
    url, target = sys.argv[1:]
    session = requests.Session()
    with open(target, "wb") as file:
        while url:
            answer = session.get(url, headers={"X-Auth-Token": os.environ["BENCH_TOKEN"]}, timeout=60)
            answer.raise_for_status()
            file.write(answer.content)
            links = json.loads(answer.content).get("servers_links") or []
            url = next((link["href"] for link in links if link["rel"] == "next"), None)


if __name__ == "__main__":
    main()
