# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Every runbook broken off in the middle, and played again: it goes on, and does nothing twice that must not be."""

from __future__ import annotations

import contextlib
import threading

from plays import ADMIN, info, kinds, order, rebooted, seed, servers, writes


def refuse(method, path, skip):
    """Have the cloud refuse one of the next requests, for good."""
    body = {"forbidden": {"code": 403, "message": "Not now"}}
    order("POST", "faults", {"method": method, "path": path, "skip": skip, "times": 1, "status": 403, "body": body})


def sent(method, end):
    """How many requests of a kind were sent."""
    return sum(1 for verb, path, _keys in writes() if verb == method and path.endswith(end))


@contextlib.contextmanager
def at_it_until_waited_for(server_id):
    """The cloud is through with a server as soon as somebody has looked at it three times more, however long plays take here."""
    def looked():
        return sum(entry["method"] == "GET" and entry["path"].endswith("/servers/" + server_id) for entry in order("GET", "log")["requests"])

    def watch():
        while looked() < before + 3 and not over.wait(0.2):
            pass
        order("PATCH", "servers/" + server_id, {"status": "ACTIVE"})
    before, over = looked(), threading.Event()
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def test_a_rolling_reboot_that_was_killed(plays):
    ids = seed("web{n}", count=4)
    variables = {"rolling_update_campaign": "one", "rolling_update_servers": list(ids), "rolling_update_batch": "2"}
    plays.broken_off("rolling_reboot", lambda: len(kinds()) >= 5, **variables)
    done = plays.play("rolling_reboot", **variables)
    assert '"done before: web1 web2"' in done.text
    assert '"done: web1 web2 web3 web4", "failed: none", "untouched: none"' in done.text
    counted = rebooted(ids)
    assert counted.count("web1") == counted.count("web2") == 1
    assert set(counted) == set(ids)


def test_a_tier_of_which_one_server_was_refused(plays):
    image = info(plays, "image_info", pattern="*[Dd]ebian*12*", newest=True)["images"][0]["id"]
    variables = {"provision_servers": [{"names": ["web1", "web2", "web3"], "flavor": "2", "image": image}]}
    refuse("POST", "/servers$", 1)
    failed = plays.play("provision_web_tier", ends=2, **variables)
    assert "Not now" in failed.text
    assert sorted(servers(plays)) == ["web1", "web3"]
    done = plays.play("provision_web_tier", **variables)
    assert "3 of 3 servers are there" in done.text
    assert {name: server["status"] for name, server in servers(plays).items()} == dict.fromkeys(["web1", "web2", "web3"], "ACTIVE")
    assert sent("POST", "/servers") == 4


def test_images_of_which_one_was_refused(plays):
    seed("web{n}", count=3)
    variables = {"snapshot_servers": ["web1", "web2", "web3"], "snapshot_batch": 1, "snapshot_name": "{name}-%Y"}
    refuse("POST", "/action$", 1)
    failed = plays.play("nightly_images", ends=2, **variables)
    assert "No image of web2; not rotated: none." in failed.text
    assert '"images there: web1 web3"' in failed.text
    plays.play("nightly_images", **variables)
    assert sorted(image["name"][:4] for image in info(plays, "image_info", pattern="web*")["images"]) == ["web1", "web2", "web3"]
    assert sent("POST", "/action") == 4


def test_a_last_day_that_stopped_halfway(plays):
    ids = seed("web{n}", count=3)
    variables = {"decommission_servers": list(ids), "decommission_count": 3, "decommission_name_pattern": "web?"}
    refuse("POST", "/action$", 4)  # three are stopped; of the images one is refused, and nothing is deleted
    failed = plays.play("last_day", ends=2, **variables)
    assert "No image of web" in failed.text
    assert sorted(servers(plays)) == sorted(ids) and sent("DELETE", "") == 0
    refuse("DELETE", "/servers/", 1)
    plays.play("last_day", ends=2, **variables)
    assert len(servers(plays)) == 1
    done = plays.play("last_day", **variables)
    assert servers(plays) == {}
    assert "gone already: web" in done.text
    assert len(info(plays, "image_info", pattern="web*-last-*")["images"]) == 3


def test_a_resize_that_was_not_confirmed(plays):
    ids = seed("db1")
    variables = {"two_phase_resize_server": "db1", "two_phase_resize_flavor": "3", "two_phase_resize_command": ["true"]}
    refuse("POST", "/action$", 1)
    plays.play("resize", ends=2, **variables)
    assert servers(plays)["db1"]["status"] == "VERIFY_RESIZE"
    # Held, it stays so; what does not pass now is reverted; and confirmed it is in the end.
    plays.play("resize", two_phase_resize_goal="hold", **variables)
    assert servers(plays)["db1"]["status"] == "VERIFY_RESIZE"
    plays.play("resize", **variables)
    after = servers(plays)["db1"]
    assert (after["status"], after["flavor"]["id"]) == ("ACTIVE", "3")
    assert kinds() == ["resize", "confirmResize", "confirmResize"]
    back = dict(variables, two_phase_resize_flavor="4")
    plays.play("resize", two_phase_resize_goal="hold", **back)
    other = plays.play("resize", ends=2, **variables)
    assert "Nothing was touched." in other.text and "VERIFY_RESIZE on flavor 4" in other.text
    plays.thrice("resize", two_phase_resize_goal="revert", **back)
    assert (servers(plays)["db1"]["flavor"]["id"], ids["db1"]) == ("3", after["id"])


def test_passwords_of_which_one_was_refused(plays):
    seed("web{n}", count=2)
    place = plays.place / "passwords"
    variables = {"find_servers_pattern": "web*", "rotate_passwords_run": "one", "rotate_passwords_dir": str(place)}
    refuse("POST", "/action$", 1)
    plays.play("rotate_passwords", ends=2, **variables)
    first = (place / "web1.password").read_text(encoding="utf-8")
    lost = (place / "web2.password").read_text(encoding="utf-8")
    done = plays.play("rotate_passwords", **variables)
    assert '"done before: web1", "new passwords: web2"' in done.text
    assert (place / "web1.password").read_text(encoding="utf-8") == first
    # The one that never held is kept beside the one that does.
    assert [path.read_text(encoding="utf-8") for path in place.glob("web2.password.*~")] == [lost]


def test_users_of_whom_one_was_refused(plays):
    place = plays.place / "secrets"
    people = {"cloud_login": ADMIN, "user_accounts_secrets_dir": str(place),
              "user_accounts_users": [{"name": "rb-%s" % name, "email": "%s@example.com" % name} for name in ("one", "two")]}
    refuse("POST", "/users$", 1)
    plays.play("onboard_users", ends=2, **people)
    written = {path.name: path.read_text(encoding="utf-8") for path in place.iterdir()}
    assert sorted(written) == ["rb-one.password", "rb-two.password"]
    plays.play("onboard_users", **people)
    assert {path.name: path.read_text(encoding="utf-8") for path in place.iterdir()} == written
    nobody = {key: value for key, value in ADMIN.items() if key not in ("username", "api_key", "password", "tenant_name")}
    for name in ("rb-one", "rb-two"):
        assert info(plays, "auth_info", username=name, password=written[name + ".password"], **nobody)["auth"]["user"]["name"] == name


def test_a_rescue_that_was_killed(plays):
    """Played again while the cloud is still at it, the one password that holds stays where it is."""
    seed("db1")
    order("PUT", "settings", {"action_time": 40})
    variables = {"rescue_server": "db1", "rescue_dir": str(plays.place / "rescue")}
    plays.broken_off("rescue", lambda: kinds() == ["rescue"], **variables)
    kept = (plays.place / "rescue/db1.rescue_password").read_text(encoding="utf-8")
    done = plays.play("rescue", **variables)
    assert "db1 is in rescue;" in done.text
    assert kinds() == ["rescue"]
    assert {path.name: path.read_text(encoding="utf-8") for path in (plays.place / "rescue").iterdir()} == {"db1.rescue_password": kept}


def test_a_resize_that_was_killed(plays):
    seed("db1")
    order("PUT", "settings", {"action_time": 40})
    variables = {"two_phase_resize_server": "db1", "two_phase_resize_flavor": "3", "two_phase_resize_command": ["true"], "two_phase_resize_check_interval": 1}
    plays.broken_off("resize", lambda: kinds() == ["resize"], **variables)
    assert servers(plays)["db1"]["status"] == "RESIZE"
    plays.play("resize", **variables)
    after = servers(plays)["db1"]
    assert (after["status"], after["flavor"]["id"]) == ("ACTIVE", "3")
    assert kinds() == ["resize", "confirmResize"]


ROLE = "[{hosts: localhost, gather_facts: false, tasks: [{include_role: {name: rackspace.cloud.rolling_update}}]}]\n"


def test_a_rolling_reboot_is_taken_up_while_the_cloud_is_at_it(plays):
    """It is waited for, and its service gets the time to start; those that nobody was at have to be well at once."""
    ids = seed("web{n}", count=3)
    order("PUT", "settings", {"action_time": 3600})
    slow = plays.place / "slow"
    check = plays.place / "check"
    check.write_text('#!/bin/sh\nif test -e %s/"$1"; then rm %s/"$1"; exit 1; fi\n' % (slow, slow))
    check.chmod(0o700)
    slow.mkdir()
    variables = {"rolling_update_campaign": "one", "rolling_update_servers": list(ids), "rolling_update_command": [str(check), "{name}"],
                 "rolling_update_check_timeout": 20, "rolling_update_check_interval": 0.5}
    plays.broken_off("rolling_reboot", lambda: kinds() == ["reboot"], **variables)
    (slow / "web1").touch()
    rehearsed = plays.rehearse("rolling_reboot", **variables)
    assert '"to do: web1 | web2 | web3", "waited for first, the cloud is at work on them: web1 REBOOT"' in rehearsed.text
    assert (slow / "web1").exists()
    order("PUT", "settings", {"action_time": 1})
    with at_it_until_waited_for(ids["web1"]):
        done = plays.play("rolling_reboot", **variables)
    assert "waited for first, the cloud is at work on them: web1 REBOOT" in done.text
    assert '"done: web1 web2 web3", "failed: none", "untouched: none"' in done.text
    assert rebooted(ids) == ["web1", "web1", "web2", "web3"]


def test_a_rolling_resize_is_taken_up_where_it_waits(plays):
    """The resize is neither refused nor sent twice. One to another flavor is for a person, and so is one in a campaign of reboots."""
    ids = seed("web{n}", count=3)
    book = plays.place / "update.yml"
    book.write_text(ROLE, encoding="utf-8")
    variables = {"rolling_update_action": "resize", "rolling_update_flavor": "3", "rolling_update_campaign": "one", "rolling_update_servers": list(ids),
                 "rolling_update_batch": "1"}
    refuse("POST", "/action$", 1)
    failed = plays.play(book, ends=2, **variables)
    assert '"done: none", "failed: web1", "untouched: web2 web3"' in failed.text and "Not now" in failed.text
    assert servers(plays)["web1"]["status"] == "VERIFY_RESIZE"
    reboots = {"rolling_update_campaign": "one", "rolling_update_servers": list(ids)}
    refused = plays.play("rolling_reboot", ends=2, **reboots)
    assert "Nothing was touched, because not all servers are well now: web1, the cloud says VERIFY_RESIZE: a resize waits" in refused.text
    other = plays.play(book, ends=2, **dict(variables, rolling_update_flavor="4"))
    assert "web1, the cloud says VERIFY_RESIZE: a resize waits that is not one of this campaign to 4, so confirm or revert it" in other.text
    assert kinds() == ["resize", "confirmResize"]
    plays.rehearse(book, **variables)
    done = plays.play(book, **variables)
    assert '"done: web1 web2 web3", "failed: none", "untouched: none"' in done.text
    assert kinds()[2:] == ["confirmResize", "metadata", *["resize", "confirmResize", "metadata"] * 2]
    assert {(server["status"], server["flavor"]["id"]) for server in servers(plays).values()} == {("ACTIVE", "3")}


def test_a_rolling_resize_and_a_rebuild_are_taken_up_while_the_cloud_is_at_them(plays):
    """A rehearsal foresees where they lead to. A rebuild that was begun is done once more, a resize is not."""
    seed("web1")
    book = plays.place / "update.yml"
    book.write_text(ROLE, encoding="utf-8")
    image = info(plays, "image_info", pattern="*[Dd]ebian*12*", newest=True)["images"][0]["id"]
    for action, more in (("resize", {"rolling_update_flavor": "3"}), ("rebuild", {"rolling_update_image": image})):
        variables = dict(more, rolling_update_action=action, rolling_update_campaign="one", rolling_update_servers=["web1"])
        order("DELETE", "log")
        order("PUT", "settings", {"action_time": 60})
        plays.broken_off(book, lambda wanted=action: kinds() == [wanted], **variables)
        assert servers(plays)["web1"]["status"] == action.upper()
        rehearsed = plays.rehearse(book, **variables)
        assert "the cloud is at work on them: web1 %s" % action.upper() in rehearsed.text
        order("PUT", "settings", {"action_time": 1})
        plays.play(book, **variables)
        after = servers(plays)["web1"]
        assert (after["status"], after["flavor"]["id"], after["metadata"]["ansible_rolling_" + action]) == ("ACTIVE", "3", "one")
        assert kinds().count(action) == (1 if action == "resize" else 2)


def test_what_a_person_must_look_at_is_refused_after_the_plan_was_told(plays):
    """In a rehearsal as well; nobody waits for what does not pass by itself, and not for ever for what does not end."""
    wrong = ["ERROR", "SHUTOFF", "PAUSED", "SUSPENDED", "RESCUE", "REBOOT"]
    ids = {status: seed(status.lower(), status=status)[status.lower()] for status in wrong}
    seed("web1")
    seed("web2", metadata={"ansible_rolling_reboot": "one"})
    variables = {"rolling_update_campaign": "one", "rolling_update_servers": ["web1", "web2", *ids.values()], "rolling_update_timeout": 2}
    rehearsed = plays.rehearse("rolling_reboot", ends=2, **variables)
    played = plays.play("rolling_reboot", ends=2, **variables)
    for text in (rehearsed.text, played.text):
        assert '"done before: web2", "to do: web1 | error | shutoff | paused | suspended | rescue | reboot"' in text
        assert text.index("done before") < text.index("Nothing was touched, because not all servers are well now:")
        assert all("%s, the cloud says %s" % (status.lower(), status) in text for status in wrong[:-1])
    # Only the play waits, and so only the play sees that it does not end.
    assert "reboot, the cloud says REBOOT" in played.text and "reboot, the cloud says" not in rehearsed.text
    assert writes() == []
    for status in wrong[:-1]:
        order("PATCH", "servers/" + ids[status], {"status": "ACTIVE"})
    assert "are well now: reboot, the cloud says REBOOT." in plays.play("rolling_reboot", ends=2, **variables).text


def test_a_mark_that_was_refused(plays):
    """What is done and cannot be remembered is told of, and ends it; nobody is left wondering who was rebooted."""
    ids = seed("web{n}", count=2)
    refuse("PUT", "/metadata/", 0)
    failed = plays.play("rolling_reboot", ends=2, rolling_update_campaign="one", rolling_update_servers=["web1", "web2"])
    assert '"done: none", "failed: web1", "untouched: web2"' in failed.text
    assert "reboot done and well, but ansible_rolling_reboot could not be written, so a rerun would do it again:" in failed.text and "Not now" in failed.text
    assert rebooted(ids) == ["web1"]


def test_a_tier_is_resized_one_after_another(plays):
    image = info(plays, "image_info", pattern="*[Dd]ebian*12*", newest=True)["images"][0]["id"]
    names = ["web1", "web2", "web3"]
    variables = {"provision_servers": [{"names": names[:2], "flavor": "2", "image": image, "resize_policy": "confirm"}]}
    plays.thrice("provision_web_tier", **variables)
    variables = {"provision_servers": [{"names": names, "flavor": "3", "image": image, "resize_policy": "confirm"}]}
    order("DELETE", "log")
    order("PUT", "settings", {"next_action": ["ERROR"]})
    plays.play("provision_web_tier", ends=2, **variables)
    # The third was made; the first did not come back, and so the second was left alone.
    assert kinds() == ["server", "resize"]
    now = servers(plays)
    assert {name: server["flavor"]["id"] for name, server in now.items() if name != "web1"} == {"web2": "2", "web3": "3"}
    order("PATCH", "servers/" + now["web1"]["id"], {"status": "ACTIVE"})
    rehearsed = plays.rehearse("provision_web_tier", **variables)
    done = plays.play("provision_web_tier", **variables)
    assert "3 of 3 servers are there" in done.text and rehearsed.changed == done.changed == 1
    assert {server["flavor"]["id"] for server in servers(plays).values()} == {"3"}
    assert plays.play("provision_web_tier", **variables).changed == 0
