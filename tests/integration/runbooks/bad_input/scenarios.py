# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Bad input to every role: refused before anything is sent that changes something, with the name of the variable and what was found."""

from __future__ import annotations

import json
import os
from pathlib import Path

from plays import ADMIN, order, rebooted, seed, writes

HEALTHY = {"find_servers_names": ["web1"]}
ROLLING = {"rolling_update_campaign": "one", "rolling_update_servers": ["web1"]}
RESIZE = {"two_phase_resize_server": "web1", "two_phase_resize_flavor": "3"}
LAST = {"decommission_servers": ["web1"], "decommission_count": 1, "decommission_name_pattern": "web*"}

OPEN = str(Path(os.environ["OUTPUT_DIR"]) / "open")  # a directory that all may write to
TIER = {"provision_servers": [{"names": ["a"], "flavor": "2"}]}
RESCUE = {"rescue_server": "web1"}
ROTATE = {"rotate_passwords_run": "one", "find_servers_names": ["web1"]}

# (role, variables, what the message has to say)
CASES = [
    ("find_servers", {}, "in exactly one way"),
    ("find_servers", dict(HEALTHY, find_servers_pattern="web*"), "in exactly one way"),
    ("find_servers", {"find_servers_names": {"web1": "x"}}, "find_servers_names"),
    ("find_servers", {"find_servers_names": ["web1", "nosuch"]}, "There is no server nosuch in this region. Nothing was touched"),
    ("find_servers", {"find_servers_names": ["twin"]}, "Several servers have one name: twin is "),
    ("find_servers", {"find_servers_pattern": "nosuch*"}, "No server has the pattern 'nosuch*'"),
    ("find_servers", {"find_servers_hosts": "nosuch_group"}, "No host of the inventory matches 'nosuch_group'"),
    ("find_servers", dict(HEALTHY, find_servers_ip_version=5), "find_servers_ip_version must be one of: 4, 6, got: 5"),
    ("health_check", {}, "missing required arguments: health_check_servers"),
    ("health_check", {"health_check_servers": [], "health_check_port": "ssh"}, "health_check_port"),
    ("rolling_update", {"rolling_update_servers": ["web1"]}, "missing required arguments: rolling_update_campaign"),
    ("rolling_update", dict(ROLLING, rolling_update_campaign=""), "a name of your choice that stays the same when this is played again (found: '')"),
    ("rolling_update", dict(ROLLING, rolling_update_batch="0"), "rolling_update_batch, as 2 or 25% (found: '0')"),
    ("rolling_update", dict(ROLLING, rolling_update_batch="half"), "rolling_update_batch, as 2 or 25% (found: 'half')"),
    ("rolling_update", dict(ROLLING, rolling_update_max_fail="none"), "rolling_update_max_fail"),
    ("rolling_update", dict(ROLLING, rolling_update_action="restart"), "rolling_update_action must be one of: reboot, resize, rebuild, got: restart"),
    ("rolling_update", dict(ROLLING, rolling_update_action="resize"), "rolling_update_flavor to resize (found: '')"),
    ("rolling_update", dict(ROLLING, rolling_update_action="rebuild"), "rolling_update_image to rebuild (found: '')"),
    ("rolling_update", dict(ROLLING, rolling_update_servers=["full1"]), "there is no room for it on full1: the cloud allows 4 items"),
    ("rolling_update", dict(ROLLING, rolling_update_servers=["off1"]), "not all servers are well now: off1, the cloud says SHUTOFF"),
    ("two_phase_resize", {"two_phase_resize_server": "web1"}, "missing required arguments: two_phase_resize_flavor"),
    ("two_phase_resize", dict(RESIZE, two_phase_resize_goal="keep"), "two_phase_resize_goal must be one of: confirm, hold, revert, got: keep"),
    ("two_phase_resize", dict(RESIZE, two_phase_resize_flavor="nosuch"), "has to be one flavor of this region (found: 0)"),
    ("two_phase_resize", dict(RESIZE, two_phase_resize_server="halted1"),
     "halted1 has to be ACTIVE or SHUTOFF, or VERIFY_RESIZE on that very flavor (found: PAUSED"),
    ("two_phase_resize", dict(RESIZE, two_phase_resize_verify_tasks="/nosuch.yml"), "two_phase_resize_verify_tasks has to be a file (found: '/nosuch.yml')"),
    ("snapshot", {"snapshot_servers": ["web1"], "snapshot_name": "tonight"}, "snapshot_name has to hold {name} or {id}"),
    ("snapshot", {"snapshot_servers": ["web1"], "snapshot_name": "{name}"}, "with a rotation a time as %Y-%m-%d (found: '{name}')"),
    ("snapshot", {"snapshot_servers": ["web1"], "snapshot_keep": "all"}, "snapshot_keep"),
    ("snapshot", {"snapshot_servers": ["web1"], "snapshot_batch": 0}, "snapshot_batch not below 1 (found: 0)"),
    ("decommission", dict(LAST, decommission_count=2), "decommission_servers names 1 servers (web1), and decommission_count says 2"),
    ("decommission", dict(LAST, decommission_name_pattern="*"), "decommission_name_pattern must be more than wildcards (found: '*')"),
    ("decommission", dict(LAST, decommission_name_pattern="db*"), "Not of the pattern 'db*': web1"),
    ("decommission", dict(LAST, decommission_servers=["safe1"], decommission_name_pattern="safe?"), "Protected by ansible_protected in their metadata: safe1"),
    ("decommission", dict(LAST, decommission_servers=["nosuch"]), "Neither a server nor a last image there is of: nosuch"),
    ("decommission", {"decommission_servers": ["web1"]}, "missing required arguments: decommission_count, decommission_name_pattern"),
    ("provision", {}, "missing required arguments: provision_servers"),
    ("provision", {"provision_servers": [{"names": ["a"], "flavor": "2", "flavour": "2"}]}, "flavour"),
    ("provision", {"provision_servers": [{"names": ["a", "b"], "flavor": "2"}, {"names": ["a"], "flavor": "3"}]}, "and each name once (found: a b a)"),
    ("provision", {"provision_servers": [{"names": [], "flavor": "2"}]}, "has to name servers in each entry"),
    ("provision", {"provision_servers": [{"names": ["a"], "flavor": "2", "image": "nosuch"}]}, "There is no image 'nosuch'"),
    ("user_accounts", {"user_accounts_users": [{"email": "nobody@example.com"}]}, "missing required arguments: name"),
    ("user_accounts", {"user_accounts_users": [{"name": "a", "state": "locked"}]}, "must be one of: present, disabled, absent, got: locked"),
    ("user_accounts", {"user_accounts_users": [{"name": "rb-a"}]}, "Passwords of rb-a and API keys of nobody need user_accounts_secrets_dir (found: '')"),
    ("user_accounts", {"user_accounts_users": [{"name": "rb-a"}], "user_accounts_secrets_dir": "secrets"},
     "user_accounts_secrets_dir has to be an absolute path, as $PWD/new-users, of a directory that nobody but you may write to"),
    ("user_accounts", {"user_accounts_users": [{"name": "rb-a"}], "user_accounts_secrets_dir": OPEN}, "(found: '%s', a directory of mode 0777)" % OPEN),
    ("user_accounts", {"user_accounts_users": [{"name": "rb-a"}, {"name": "rb-a"}]}, "Each user may be listed once (rb-a rb-a)"),
]


# (playbook, variables, what the message has to say)
PLAYBOOKS = [
    ("demo", {}, "have names that the tour would use, and were not made by it: demo-db1. Choose another prefix"),
    ("drift_check", dict(TIER, drift_check_report="drift.json"), "of a file or of nothing yet (found: 'drift.json'"),
    ("drift_check", dict(TIER, drift_check_report=OPEN), "(found: '%s', no regular file)" % OPEN),
    ("rescue", dict(RESCUE, rescue_dir="rescue"), "rescue_dir has to be an absolute path, as $PWD/secrets"),
    ("rescue", dict(RESCUE, rescue_dir=OPEN), "(found: '%s', a directory of mode 0777)" % OPEN),
    ("rotate_passwords", dict(ROTATE, rotate_passwords_dir="passwords"), "rotate_passwords_dir has to be an absolute path, as $PWD/secrets"),
    ("rotate_passwords", dict(ROTATE, find_servers_names=["full1"], rotate_passwords_dir=OPEN), "no room for it on full1: the cloud allows 4 items"),
    ("write_inventory", {"write_inventory_dest": "hosts.yml"}, "like $PWD/hosts.yml (found: 'hosts.yml')"),
    # Variables that are no matter of the playbook, and beat what it says.
    ("rolling_reboot", dict(ROLLING, rolling_update_action="rebuild", rolling_update_image="1"), "only reboots, and rolling_update_action says rebuild"),
    ("rolling_reboot", dict(ROLLING, rolling_update_action="resize", rolling_update_flavor="3"), "only reboots, and rolling_update_action says resize"),
    ("rolling_reboot", dict(ROLLING, find_servers_names=["off1"]), "An extra variable find_servers_* or health_check_* is given (-e)"),
    ("rolling_reboot", dict(ROLLING, rolling_update_port=443, health_check_port=0), "An extra variable find_servers_* or health_check_* is given (-e)"),
    ("rescue", dict(RESCUE, rescue_dir=OPEN, find_servers_names=["off1"]), "rescue_server says web1, and find_servers_names or health_check_servers"),
    ("rescue", dict(RESCUE, rescue_goal="return", health_check_servers=[]), "rescue_server says web1, and find_servers_names or health_check_servers"),
    ("resize", dict(RESIZE, health_check_fail=False), "another server, or a verification that is none"),
    ("resize", dict(RESIZE, find_servers_names=["off1"]), "another server, or a verification that is none"),
    ("nightly_images", {"snapshot_servers": ["web1"], "find_servers_names": ["off1"]}, "An extra variable find_servers_* is given (-e)"),
    ("last_day", dict(LAST, snapshot_servers=["off1"]), "other servers, or other images than the last one of each"),
    ("last_day", dict(LAST, snapshot_keep=1), "other servers, or other images than the last one of each"),
    ("last_day", dict(LAST, find_servers_names=["safe1"]), "other servers, or other images than the last one of each"),
    ("drift_check", dict(TIER, provision_rehearse=False), "These are no variables of yours to set, leave them out: provision_rehearse"),
    ("provision_web_tier", dict(TIER, provision_policies=True), "These are no variables of yours to set, leave them out: provision_policies"),
    ("provision_web_tier", dict(TIER, find_servers_names=["web1"]), "An extra variable find_servers_names or health_check_servers"),
]


SAID = "{{ ansible_failed_result.msg | default('') }} {{ ansible_failed_result.results | default([]) | map(attribute='msg') | join(' ') }}"


def case(number, role, variables, dest):
    """A play that includes the role and writes down what it complained of."""
    return {"name": "Case %d" % number, "hosts": "localhost", "gather_facts": False, "vars": variables,
            "module_defaults": {"group/rackspace.cloud.all": ADMIN if role == "user_accounts" else {}},
            "tasks": [{"block": [{"include_role": {"name": "rackspace.cloud." + role}}, {"set_fact": {"said": "nothing at all"}}],
                       "rescue": [{"set_fact": {"said": SAID}}],
                       "always": [{"copy": {"content": "{{ said }}", "dest": str(dest)}}]}]}


def make_ready():
    """The servers and the directory that the cases are about."""
    os.makedirs(OPEN, exist_ok=True)
    os.chmod(OPEN, 0o777)
    order("PUT", "settings", {"quota": {"metadata_items": 4}})
    seed("web1")
    seed("off1", status="SHUTOFF")
    seed("halted1", status="PAUSED")
    seed("full1", metadata={"item%d" % number: "x" for number in range(4)})
    seed("safe1", metadata={"ansible_protected": "true"})
    seed("twin", count=2)
    seed("demo-db1")
    seed("demo-web1", metadata={"tour": "demo"})


def test_bad_input(plays):
    make_ready()
    book = plays.place / "cases.yml"
    files = [plays.place / ("said-%d" % number) for number in range(len(CASES))]
    book.write_text(json.dumps([case(number, role, variables, files[number]) for number, (role, variables, _says) in enumerate(CASES)]), encoding="utf-8")
    played = plays.play(book, warns="Could not match supplied host pattern, ignoring: nosuch_group")
    said = [" ".join(file.read_text(encoding="utf-8").split()) for file in files]
    wrong = {"%s %s" % bad[:2]: found for bad, found in zip(CASES, said, strict=True) if bad[2] not in found}
    assert not wrong, json.dumps(wrong, indent=1)
    assert writes() == [], played.output


def test_bad_input_to_playbooks(plays):
    make_ready()
    for playbook, variables, says in PLAYBOOKS:
        played = plays.play(playbook, ends=2, **variables)
        assert says in played.text, played.output
    assert os.listdir(OPEN) == [] and os.stat(OPEN).st_mode & 0o777 == 0o777
    assert writes() == []


def test_a_rehearsal_leaves_the_report_and_nobody_takes_it_for_a_new_one(plays):
    report = plays.place / "drift.json"
    report.write_text("[]\n", encoding="utf-8")
    refused = plays.rehearse("drift_check", ends=2, drift_check_report=str(report), **TIER)
    assert "With --check, where no report is written, there must be none of an earlier run" in refused.text
    assert report.read_text(encoding="utf-8") == "[]\n"


def test_lists_that_are_given_as_text_are_taken(plays):
    """As -e 'x=…' on the command line gives them: names with commas on every core."""
    seed("web{n}", count=2)
    done = plays.play("rolling_reboot", "-e", "rolling_update_servers=web1,web2", rolling_update_campaign="one")
    assert '"done: web1 web2", "failed: none"' in done.text
    plays.play("nightly_images", "--check", "-e", "snapshot_servers=web1,web2")
    plays.play("last_day", "--check", "-e", "decommission_servers=web1,web2", decommission_count=2, decommission_name_pattern="web?")


def test_variables_of_others_change_nothing(plays):
    """Names that somebody else's file of variables may well hold, on the command line, where they beat everything."""
    ids = seed("web{n}", count=2)
    others = {"ids": [ids["web2"]], "machines": ["web2"], "wanted": ["web2"], "listed": [], "by_name": False, "named": [], "known": {},
              "done": [], "failed": [], "left": [], "names": ["x"], "mark": "x"}
    done = plays.play("rolling_reboot", rolling_update_campaign="one", rolling_update_servers=["web1"], **others)
    assert '"done: web1", "failed: none", "untouched: none"' in done.text
    assert rebooted(ids) == ["web1"]
