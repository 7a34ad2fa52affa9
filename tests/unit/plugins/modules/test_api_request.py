# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`api_request` on the sandbox in process: what is sent, what comes back, what check mode holds back."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors
from ansible_collections.rackspace.cloud.plugins.modules import api_request as module

IMPORT = {"method": "POST", "path": "/os-keypairs", "body": {"keypair": {"name": "raw"}}}


def player(stage):
    def task(check=False, **options):
        return stage.change(module.REQUEST, module.SPEC, "answer", options, check)
    task.stage = stage
    return task


@pytest.fixture
def play(stage):
    return player(stage)


@pytest.mark.parametrize("check", [True, False])
def test_a_question_is_asked_in_check_mode_too(play, check):
    result = play(check=check, path="/servers", query={"limit": 5})
    assert result["changed"] is False and result["diff"] == {"before": {}, "after": {}}
    assert result["answer"]["status"] == 200 and result["answer"]["json"]["servers"] == [] and result["answer"]["text"] == ""
    assert result["answer"]["headers"]["x_compute_request_id"].startswith("req-")
    assert play.stage.cloud.journal.entries()[-1]["query"] == "limit=5"


def test_a_write_counts_as_a_change_and_is_held_back_in_check_mode(play):
    foreseen = play(check=True, **IMPORT)
    assert foreseen["changed"] and foreseen["answer"] is None and not play.stage.writes()
    done = play(**IMPORT)
    assert done["answer"]["status"] == 200 and done["answer"]["json"]["keypair"]["name"] == "raw"
    assert done["diff"] == foreseen["diff"] == {"before": {}, "after": {"request": "POST /os-keypairs"}}
    assert play.stage.writes()[-1].endswith("/os-keypairs")


@pytest.mark.parametrize("check", [True, False])
def test_the_user_says_what_counts(play, check):
    result = play(check=check, changes=False, **IMPORT)
    assert not result["changed"] and (result["answer"] is None) is check and bool(play.stage.writes()) is not check
    assert play(check=check, changes=True, path="/servers")["changed"]


def test_a_post_that_only_reads_is_asked_in_check_mode(openstack_stage):
    play = player(openstack_stage)
    server_id = play.stage.seed("web1")
    options = {"method": "POST", "path": "/servers/%s/action" % server_id, "body": {"os-getConsoleOutput": {}}, "changes": False}
    assert "output" in play(check=True, **options)["answer"]["json"]


def test_errors_are_errors_unless_they_are_expected(play):
    missing = {"method": "DELETE", "path": "/os-keypairs/none"}
    with pytest.raises(errors.ApiError) as caught:
        play(**missing)
    assert caught.value.status == 404 and "Could not send DELETE /os-keypairs/none" in str(caught.value)
    result = play(status_code=[202, 404], **missing)
    assert result["answer"]["status"] == 404 and result["answer"]["json"]["itemNotFound"]["code"] == 404
    with pytest.raises(errors.Failed, match="answer was 200, and 204 is wanted"):
        play(path="/servers", status_code=[204])


@pytest.mark.parametrize("status", [401, 503])
def test_what_may_have_been_carried_out_is_not_sent_again(play, status):
    play.stage.fault(method="POST", path="/os-keypairs", status=status, body={"fault": {"message": "No."}})
    with pytest.raises(errors.ApiError, match="was answered %d" % status) as caught:
        play(**IMPORT)
    assert len(play.stage.writes()) == 1 and "refused twice" not in str(caught.value)
    assert play(**IMPORT)["answer"]["status"] == 200  # the login is a new one


@pytest.mark.parametrize("status", [401, 503])
@pytest.mark.parametrize("options", [dict(IMPORT, changes=False), {"method": "DELETE", "path": "/os-keypairs/none", "status_code": [404]}])
def test_what_does_no_harm_is_sent_again(play, status, options):
    play.stage.fault(method=options["method"], path="/os-keypairs", status=status, body={"fault": {"message": "No."}})
    assert play(**options)["answer"]["status"] in (200, 404) and len(play.stage.writes()) == 2


def test_a_post_that_was_refused_until_later_is_sent_again(play):
    play.stage.fault(method="POST", path="/os-keypairs", status=503, body={"fault": {"message": "No."}}, headers={"Retry-After": "3"})
    assert play(**IMPORT)["answer"]["status"] == 200 and len(play.stage.writes()) == 2


def test_every_service_can_be_asked(play):
    volume = "volume" if play.stage.dress == "rackspace" else "volumev3"
    paths = {"compute": "/flavors", volume: "/volumes", "block-storage": "/volumes", "image": "/images", "network": "/networks", "identity": "/users"}
    if play.stage.dress == "openstack":
        play.stage.login["username"] = "admin"
    for service, path in paths.items():
        assert play(service=service, path=path)["answer"]["status"] == 200
    with pytest.raises(errors.NoEndpoint, match="no rax:nothing service"):
        play(service="rax:nothing", path="/")


def test_headers_go_along(play):
    play(path="/servers", headers={"openstack-api-version": "compute 2.53", "accept": "application/json"})
    sent = play.stage.cloud.journal.entries()[-1]["headers"]
    assert sent["openstack-api-version"] == "compute 2.53" and sent["x-auth-token"] == "********"


def test_a_media_type_of_ones_own(play):
    play.stage.fault(method="PATCH", path="/images/x", status=200, body={})
    play(service="image", method="PATCH", path="/images/x", headers={"content-type": "application/openstack-images-v2.1-json-patch"},
         body=[{"op": "replace", "path": "/name", "value": "y"}])
    entry = play.stage.cloud.journal.entries()[-1]
    assert entry["headers"]["content-type"] == "application/openstack-images-v2.1-json-patch" and entry["body"] == [
        {"op": "replace", "path": "/name", "value": "y"}]


def test_a_body_that_is_no_json_is_text(play):
    play.stage.fault(path="/servers", status=200, body="plain words", headers={"Content-Type": "text/plain", "Set-Cookie": "x=secret"})
    answer = play(path="/servers")["answer"]
    assert (answer["json"], answer["text"]) == (None, "plain words") and "secret" not in str(answer)


REFUSED = {
    "no slash": ({"path": "servers"}, "does not begin with /"),
    "an address": ({"path": "https://example.com/"}, "does not begin with /"),
    "body of text": ({"path": "/x", "method": "POST", "body": "text"}, "write a dictionary or a list"),
    "the token": ({"path": "/x", "headers": {"X-Auth-token": "mine"}}, "set by the login alone"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused(play, what):
    options, words = REFUSED[what]
    with pytest.raises(errors.BadInput, match=words):
        play(**options)
    assert not play.stage.asked()
