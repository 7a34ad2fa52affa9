# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Actions: where each is allowed, what passes, where it ends."""

from __future__ import annotations

import pytest

PASSING = [
    # action, argument, what passes after the answer
    ("reboot", {"type": "SOFT"}, [("REBOOT", "rebooting"), ("ACTIVE", None)]),
    ("reboot", {"type": "HARD"}, [("HARD_REBOOT", "rebooting_hard"), ("ACTIVE", None)]),
    ("changePassword", {"adminPass": "sandbox-admin"}, [("PASSWORD", "updating_password"), ("ACTIVE", None)]),
    ("os-stop", None, [("ACTIVE", "powering-off"), ("SHUTOFF", None)]),
    ("pause", None, [("ACTIVE", "pausing"), ("PAUSED", None)]),
    ("suspend", None, [("ACTIVE", "suspending"), ("SUSPENDED", None)]),
    ("resize", {"flavorRef": "3"}, [("RESIZE", "resize_prep"), ("RESIZE", "resize_migrating"), ("RESIZE", "resize_migrated"), ("RESIZE", "resize_finish"),
                                    ("VERIFY_RESIZE", None)]),
    ("createImage", {"name": "snap"}, [("ACTIVE", "image_snapshot"), ("ACTIVE", "image_pending_upload"), ("ACTIVE", "image_uploading"), ("ACTIVE", None)]),
]


@pytest.mark.parametrize(("action", "given", "states"), PASSING, ids=["%s-%d" % (row[0], n) for n, row in enumerate(PASSING)])
def test_what_passes(client, action, given, states):
    server_id = client.create()
    reply = client.act(server_id, action, given)
    assert reply.body == b""
    assert client.states(server_id, 1) == states


@pytest.mark.parametrize(("there", "back", "status"), [
    ("os-stop", "os-start", "SHUTOFF"), ("pause", "unpause", "PAUSED"), ("suspend", "resume", "SUSPENDED"),
])
def test_there_and_back(client, there, back, status):
    server_id = client.create()
    client.act(server_id, back, None, 409)
    client.act(server_id, there)
    busy = client.act(server_id, there, None, 409).json()["conflictingRequest"]
    assert "while it is in task_state" in busy["message"]
    client.clock.advance(1)
    assert client.server(server_id)["status"] == status
    wrong = client.act(server_id, "resize", {"flavorRef": "3"}, 409 if status != "SHUTOFF" else 202)
    if status == "SHUTOFF":
        client.clock.advance(1)
        client.act(server_id, "confirmResize", None, 204)
        client.clock.advance(1)
        assert client.server(server_id)["status"] == "SHUTOFF"
    else:
        assert "while it is in vm_state" in wrong.json()["conflictingRequest"]["message"]
    client.act(server_id, back)
    client.clock.advance(1)
    assert client.server(server_id)["status"] == "ACTIVE"


def test_resize_has_two_halves(client):
    server_id = client.create()
    client.act(server_id, "resize", {"flavorRef": "2"}, 400)
    client.act(server_id, "resize", {"flavorRef": "999"}, 400)
    for half, flavor, status in (("revertResize", "2", 202), ("confirmResize", "3", 204)):
        client.act(server_id, half, None, 409)
        client.act(server_id, "resize", {"flavorRef": "3"})
        client.clock.advance(1)
        shown = client.server(server_id)
        assert (shown["status"], shown["flavor"]["id"]) == ("VERIFY_RESIZE", "3")
        client.act(server_id, "reboot", {"type": "HARD"}, 409)
        client.act(server_id, half, None, status)
        assert client.server(server_id)["status"] in ("REVERT_RESIZE", "VERIFY_RESIZE")
        client.clock.advance(1)
        shown = client.server(server_id)
        assert (shown["status"], shown["flavor"]["id"]) == ("ACTIVE", flavor)


def test_rackspace_confirms_by_itself(rackspace):
    server_id = rackspace.create()
    rackspace.act(server_id, "resize", {"flavorRef": "3"})
    rackspace.clock.advance(10)
    assert rackspace.server(server_id)["status"] == "VERIFY_RESIZE"
    rackspace.clock.advance(86_400)
    rackspace.token = rackspace.log_in()
    assert rackspace.server(server_id)["status"] == "ACTIVE"


def test_only_standard_flavors_shrink_at_rackspace(rackspace):
    server_id = rackspace.create(flavorRef="general1-4")
    refused = rackspace.act(server_id, "resize", {"flavorRef": "general1-2"}, 403)
    assert list(refused.json()) == ["resizeNotAllowed"]


def test_rebuild_answers_with_the_server(client):
    server_id = client.create(metadata={"old": "1"})
    other = client.call("GET", "/images?name=Duplicate%20image").json()["images"][0]["id"]
    shown = client.act(server_id, "rebuild", {"imageRef": other, "name": "two", "metadata": {"new": "2"}}).json()["server"]
    assert (shown["status"], shown["image"]["id"], shown["name"], shown["metadata"]) == ("REBUILD", other, "two", {"new": "2"})
    assert shown["adminPass"]
    assert client.states(server_id, 1)[-1] == ("ACTIVE", None)
    client.act(server_id, "rebuild", {"imageRef": "22222222-2222-4222-8222-222222222222"}, 400)
    client.act(server_id, "rebuild", {}, 400)


def test_rescue_hands_out_a_password_at_once(client):
    server_id = client.create()
    assert client.act(server_id, "rescue", "none" if client.dress == "rackspace" else None, 200).json()["adminPass"]
    assert client.states(server_id, 1) == [("ACTIVE", "rescuing"), ("RESCUE", None)]
    client.act(server_id, "unrescue")
    assert client.states(server_id, 1) == [("RESCUE", "unrescuing"), ("ACTIVE", None)]


def test_a_lock_stops_its_owner(client):
    server_id = client.create()
    client.act(server_id, "lock")
    assert client.act(server_id, "reboot", {"type": "SOFT"}, 409).json()["conflictingRequest"]["message"] == "Instance %s is locked" % server_id
    client.call("DELETE", "/servers/" + server_id, None, 409)
    client.call("POST", "/servers/%s/metadata" % server_id, {"metadata": {"a": "b"}}, 409)
    client.act(server_id, "unlock")
    client.act(server_id, "reboot", {"type": "SOFT"})


def test_an_image_of_a_server(client):
    server_id = client.create()
    location = client.act(server_id, "createImage", {"name": "snap", "metadata": {"Kind": "Nightly"}}).header("Location")
    image_id = location.rpartition("/")[2]
    assert location.startswith("http://cloud.invalid/" + ("DFW/servers/v2/123456/images/" if client.dress == "rackspace" else "RegionOne/image/images/"))
    image = client.call("GET", "/images/" + image_id).json()["image"]
    assert (image["status"], image["server"]["id"], image["progress"]) == ("SAVING", server_id, 25)
    client.call("POST", "/servers/%s/action" % server_id, {"createImage": {"name": "again"}}, 409)
    client.clock.advance(1)
    image = client.call("GET", "/images/" + image_id).json()["image"]
    kind = image["metadata"]["kind" if client.dress == "rackspace" else "Kind"]
    assert (image["status"], image["progress"], kind, image["metadata"]["image_type"]) == ("ACTIVE", 100, "Nightly", "snapshot")
    assert [found["id"] for found in client.call("GET", "/images?server=" + server_id).json()["images"]] == [image_id]
    client.call("DELETE", "/images/" + image_id, None, 204)
    client.call("GET", "/images/" + image_id, None, 404)
    client.call("DELETE", "/images/" + client.image, None, 403)


@pytest.mark.parametrize(("dress", "body", "status"), [
    ("rackspace", {"reboot": {}}, 400), ("openstack", {"reboot": {}}, 400),
    ("rackspace", {"reboot": {"type": "WARM"}}, 400), ("openstack", {"reboot": {"type": "sOfT"}}, 400), ("rackspace", {"reboot": {"type": "sOfT"}}, 202),
    ("rackspace", {"shelve": None}, 400), ("openstack", {"shelve": None}, 202),
    ("rackspace", {"os-getConsoleOutput": {}}, 400), ("openstack", {"os-getConsoleOutput": {"length": 1}}, 200),
    ("rackspace", {"migrate": None}, 403), ("openstack", {"migrate": None}, 403),
    ("rackspace", {"resetNetwork": None}, 202), ("openstack", {"resetNetwork": None}, 410),
    ("rackspace", {"nonsense": None}, 400), ("openstack", {"nonsense": None}, 400),
    ("rackspace", {"pause": None, "lock": None}, 400), ("openstack", {}, 400),
    ("rackspace", {"changePassword": {}}, 400), ("openstack", {"changePassword": {"adminPass": 1}}, 400),
    ("rackspace", {"os-getVNCConsole": {"type": "novnc"}}, 200), ("openstack", {"os-getVNCConsole": {"type": "vt100"}}, 400),
])
def test_what_each_dress_takes(make, dress, body, status):
    client = make(dress)
    client.call("POST", "/servers/%s/action" % client.create(), body, status)


def test_nothing_but_deleting_while_it_builds(client):
    server_id = client.create(wait=False)
    message = client.act(server_id, "reboot", {"type": "HARD"}, 409).json()["conflictingRequest"]["message"]
    assert message == "Cannot 'reboot' instance %s while it is in vm_state building" % server_id
    client.call("POST", "/servers/%s/metadata" % server_id, {"metadata": {"a": "b"}}, 409)
    client.call("DELETE", "/servers/" + server_id, None, 204)
    message = client.act(server_id, "reboot", {"type": "HARD"}, 409).json()["conflictingRequest"]["message"]
    client.clock.advance(5)
    client.call("GET", "/servers/" + server_id, None, 404)


def test_shelving_ends_off_the_host(openstack):
    server_id = openstack.create()
    openstack.act(server_id, "shelve")
    openstack.clock.advance(1)
    assert openstack.server(server_id)["status"] == "SHELVED_OFFLOADED"
    openstack.act(server_id, "unshelve")
    assert openstack.states(server_id, 1)[-1] == ("ACTIVE", None)


def test_an_action_may_fail_or_begin_late(client):
    server_id = client.create()
    client.cloud.settings.update({"accept_grace": 0.2})
    client.act(server_id, "reboot", {"type": "SOFT"})
    assert client.states(server_id, 1) == [("ACTIVE", None), ("REBOOT", "rebooting"), ("ACTIVE", None)]
    client.cloud.settings.update({"accept_grace": 0, "next_action": "ERROR"})
    client.act(server_id, "changePassword", {"adminPass": "sandbox-admin"})
    assert client.states(server_id, 1)[-1] == ("ERROR", None)
    assert client.server(server_id)["fault"]["message"]


def test_history(client):
    server_id = client.create()
    client.act(server_id, "reboot", {"type": "SOFT"})
    client.clock.advance(1)
    client.act(server_id, "os-stop")
    actions = client.call("GET", "/servers/%s/os-instance-actions" % server_id).json()["instanceActions"]
    assert [action["action"] for action in actions] == ["stop", "reboot", "create"]
    one = client.call("GET", "/servers/%s/os-instance-actions/%s" % (server_id, actions[1]["request_id"])).json()["instanceAction"]
    assert one["action"] == "reboot"
    client.call("GET", "/servers/%s/os-instance-actions/req-none" % server_id, None, 404)
