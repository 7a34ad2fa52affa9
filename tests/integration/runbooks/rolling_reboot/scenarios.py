# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Ten servers rebooted two at a time, of which the fourth does not come back; and what else can go wrong on the way."""

from __future__ import annotations

import json
import threading
import time
import urllib.request

from plays import REGION, info, kinds, order, rebooted, seed, servers

TEN = {"rolling_update_campaign": "2026-11-kernel", "rolling_update_servers": ["web%d" % number for number in range(1, 11)], "rolling_update_batch": "2"}


class Watch:
    """How many servers were down at once, at most, by what the cloud answers to a login of our own, many times a second."""

    def __init__(self, plays):
        login = info(plays, "auth_info", return_token=True)
        address = next(service["urls"]["public"] for service in login["auth"]["services"] if service["type"] == "compute" and service["region"] == REGION)
        self.request = urllib.request.Request(address + "/servers/detail", headers={"X-Auth-Token": login["token"]})
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.most, self.looks, self.over = 0, 0, False
        self.thread = threading.Thread(target=self._look)

    def _look(self):
        while not self.over:
            with self.opener.open(self.request, timeout=30) as answer:
                down = [server["name"] for server in json.load(answer)["servers"] if server["status"] != "ACTIVE"]
            self.most, self.looks = max(self.most, len(down)), self.looks + 1
            time.sleep(0.1)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *unused):
        self.over = True
        self.thread.join()


def test_the_fourth_of_ten_does_not_come_back(plays):
    ids = seed("web{n}", count=10)
    order("PUT", "settings", {"action_time": 6, "next_action": [None, None, None, "ERROR"]})
    rehearsed = plays.rehearse("rolling_reboot", **TEN)
    assert '"to do: web1 web2 | web3 web4 | web5 web6 | web7 web8 | web9 web10"' in rehearsed.text
    with Watch(plays) as watch:
        failed = plays.play("rolling_reboot", ends=2, **TEN)
    assert 1 <= watch.most <= 2 and watch.looks > 20, (watch.most, watch.looks)
    # No batch is begun before the one before it is through, and marked.
    assert kinds() == ["reboot", "reboot", "metadata", "metadata", "reboot", "reboot", "metadata"]
    assert '"done: web1 web2 web3", "failed: web4", "untouched: web5 web6 web7 web8 web9 web10"' in failed.text
    assert "Failed: web4. Untouched: web5 web6 web7 web8 web9 web10. Repair what failed, then play this again with the same campaign" in failed.text
    assert "is in ERROR: The server could not do what was asked of it." in failed.text
    assert sorted(rebooted(ids)) == ["web1", "web2", "web3", "web4"]
    # The log of a failure stays readable: the record of the server is in it once, as the result that it is.
    assert failed.output.count("\"host_id\"") == 1, failed.output

    # Nobody repaired it: the next run touches nothing.
    refused = plays.play("rolling_reboot", ends=2, **TEN)
    assert "Nothing was touched, because not all servers are well now: web4, the cloud says ERROR." in refused.text
    assert len(rebooted(ids)) == 4

    order("PATCH", "servers/" + ids["web4"], {"status": "ACTIVE"})
    with Watch(plays) as watch:
        done = plays.play("rolling_reboot", **TEN)
    assert 1 <= watch.most <= 2, watch.most
    assert '"done before: web1 web2 web3", "to do: web4 web5 | web6 web7 | web8 web9 | web10"' in done.text
    assert '"done: web1 web2 web3 web4 web5 web6 web7 web8 web9 web10", "failed: none", "untouched: none"' in done.text
    counted = rebooted(ids)
    assert {name: counted.count(name) for name in ids} == dict(dict.fromkeys(ids, 1), web4=2)
    again = plays.play("rolling_reboot", **TEN)
    assert again.changed == 0 and rebooted(ids) == counted


def test_a_check_that_fails_stops_it(plays):
    """The second comes up in the eyes of the cloud, and does not do what it is for. Programs take each out of service and back."""
    ids = seed("web{n}", count=4)
    sick, log = plays.place / "sick", plays.place / "log"
    check = plays.place / "check"
    check.write_text('#!/bin/sh\necho "check $1 $2" >> %s\ntest ! -e %s/"$1"\n' % (log, sick))
    hook = plays.place / "hook"
    hook.write_text('#!/bin/sh\necho "$@" >> %s\nif [ "$*" = "out web2" ]; then mkdir -p %s; touch %s/web2; fi\n' % (log, sick, sick))
    for program in (check, hook):
        program.chmod(0o700)
    variables = {"rolling_update_campaign": "one", "rolling_update_pattern": "web*", "rolling_update_batch": "25%",
                 "rolling_update_command": [str(check), "{name}", "{address}"], "rolling_update_check_timeout": 1, "rolling_update_check_interval": 0.5,
                 "rolling_update_before": [str(hook), "out", "{name}"], "rolling_update_after": [str(hook), "in", "{name}"]}
    failed = plays.play("rolling_reboot", ends=2, **variables)
    assert '"done: web1", "failed: web2", "untouched: web3 web4"' in failed.text
    lines = log.read_text(encoding="utf-8").splitlines()
    addresses = {name: server["access_ipv4"] or server["addresses"]["private"][0]["addr"] for name, server in servers(plays).items()}
    assert lines[:4] == ["check web%d %s" % (number, addresses["web%d" % number]) for number in range(1, 5)]
    assert [line for line in lines[4:] if not line.startswith("check")] == ["out web1", "in web1", "out web2"]
    (sick / "web2").unlink()
    hook.write_text('#!/bin/sh\necho "$@" >> %s\n' % log)
    done = plays.play("rolling_reboot", **variables)
    assert '"done: web1 web2 web3 web4", "failed: none", "untouched: none"' in done.text
    assert rebooted(ids) == ["web1", "web2", "web2", "web3", "web4"]


def test_one_that_may_fail(plays):
    """With one failure allowed it goes on to the end, and fails there; a resize does not count the reboots of a campaign of the same name."""
    ids = seed("web{n}", count=3)
    order("PUT", "settings", {"next_action": ["ERROR"]})
    failed = plays.play("rolling_reboot", ends=2, rolling_update_campaign="one", rolling_update_servers=list(ids.values()), rolling_update_max_fail=1)
    assert '"done: web2 web3", "failed: web1", "untouched: none"' in failed.text
    book = plays.place / "resize.yml"
    book.write_text("[{hosts: localhost, gather_facts: false, tasks: [{include_role: {name: rackspace.cloud.rolling_update}}]}]\n")
    resize = {"rolling_update_action": "resize", "rolling_update_flavor": "3", "rolling_update_campaign": "one", "rolling_update_servers": ["web2", "web3"],
              "rolling_update_batch": "2"}
    _rehearsed, done, _again = plays.thrice(book, **resize)
    assert '"done: web2 web3"' in done.text
    now = servers(plays)
    assert {now[name]["flavor"]["id"] for name in ("web2", "web3")} == {"3"}
    image = info(plays, "image_info", pattern="*[Dd]ebian*12*", newest=True)["images"][0]["id"]
    order("PATCH", "servers/" + ids["web3"], {"metadata": {"ansible_protected": "true"}})
    rebuild = dict(resize, rolling_update_action="rebuild", rolling_update_image=image)
    failed = plays.play(book, ends=2, **rebuild)
    assert '"done: web2", "failed: web3"' in failed.text and "so it is not touched" in failed.text
