# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`identity_user` and its info at both identity services, in process; the plan as a table."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, user_plan, users
from ansible_collections.rackspace.cloud.plugins.modules import identity_user as module
from ansible_collections.rackspace.cloud.plugins.modules import identity_user_info as info

PASSWORD = "Sandbox-password-1"
OTHER_PASSWORD = "Sandbox-password-2"


class Player:
    """Tasks about users, as somebody who may manage them."""

    def __init__(self, stage):
        self.stage = stage
        self.rackspace = stage.dress == "rackspace"
        if not self.rackspace:
            stage.login["username"] = "admin"

    def wish(self, **options):
        return dict({"name": "deployer", "email": "deployer@example.com", "user_password": PASSWORD}, **options)

    def __call__(self, check=False, **options):
        return self.stage.change(module.USER, module.SPEC, "user", options, check)

    def thrice(self, **options):
        return self.stage.thrice(module.USER, module.SPEC, "user", options)

    def ask(self, **options):
        return self.stage.ask(info.fetch, info.SPEC, options)["users"]

    def known(self, name):
        """The user as the cloud itself knows it."""
        return self.stage.cloud.accounts.by_name(name)


@pytest.fixture
def play(stage):
    return Player(stage)


@pytest.fixture
def rackspace(rackspace_stage):
    return Player(rackspace_stage)


@pytest.fixture
def openstack(openstack_stage):
    return Player(openstack_stage)


def test_a_life(play):
    foreseen, done = play.thrice(**play.wish())
    assert done["actions"] == ["create"] and done["user"]["name"] == foreseen["user"]["name"] == "deployer"
    assert done["user"]["enabled"] is foreseen["user"]["enabled"] is True
    assert play.known("deployer").password == PASSWORD and PASSWORD not in str(done)

    _foreseen, done = play.thrice(name="deployer", email="new@example.com", enabled=False)
    assert done["actions"] == ["update"]
    assert done["diff"] == {"before": {"email": "deployer@example.com", "enabled": True}, "after": {"email": "new@example.com", "enabled": False}}
    assert play.known("deployer").enabled is False and play.known("deployer").password == PASSWORD

    _foreseen, done = play.thrice(id=done["user"]["id"], name="renamed")
    assert done["diff"] == {"before": {"name": "deployer"}, "after": {"name": "renamed"}}

    _foreseen, done = play.thrice(name="renamed", state="absent")
    assert done["user"] is None and play.known("renamed") is None


@pytest.mark.parametrize("dress, method", [("rackspace", "POST"), ("openstack", "PATCH")])
def test_an_update_sends_what_differs_and_nothing_else(request, dress, method):
    play = request.getfixturevalue(dress)
    made = play(**play.wish())["user"]
    play.stage.cloud.journal.clear()
    play(**play.wish(enabled=False))
    (sent,) = [entry for entry in play.stage.cloud.journal.entries() if entry["path"].endswith("/users/" + made["id"])]
    assert (sent["method"], sent["body"]) == (method, {"user": {"enabled": False}})


def test_a_password_is_set_when_asked_each_time(play):
    play(**play.wish())
    assert not play(**play.wish(user_password=OTHER_PASSWORD))["changed"]
    foreseen = play(check=True, **play.wish(user_password=OTHER_PASSWORD, update_password="always"))
    for _time in range(2):
        done = play(**play.wish(user_password=OTHER_PASSWORD, update_password="always"))
        assert done["actions"] == foreseen["actions"] == ["set_password"]
        assert done["diff"] == foreseen["diff"] and OTHER_PASSWORD not in str(done)
    assert play.known("deployer").password == OTHER_PASSWORD


def test_ones_own_password_can_be_set_though_it_ends_the_token(play):
    name = "demo" if play.rackspace else "admin"
    done = play(name=name, user_password=OTHER_PASSWORD, update_password="always")
    assert done["actions"] == ["set_password"] and play.known(name).password == OTHER_PASSWORD


@pytest.mark.parametrize("check", [True, False])
def test_a_generated_password_that_nobody_would_see_is_not_made(rackspace, check):
    with pytest.raises(errors.BadInput, match="return_password: true"):
        rackspace(check=check, name="auditor", email="auditor@example.com")
    assert not rackspace.stage.writes() and rackspace.known("auditor") is None


def test_a_generated_password_is_shown_once(rackspace):
    wish = {"name": "auditor", "email": "auditor@example.com", "return_password": True}
    made = rackspace(**wish)
    assert made["user_password"] == rackspace.known("auditor").password
    assert made["user_password"] not in str({**made, "user_password": None})
    again = rackspace(**wish)
    assert not again["changed"] and "user_password" not in again


def test_a_given_password_is_not_returned(play):
    assert "user_password" not in play(**play.wish(return_password=True))


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 500, "act": True}, {"drop": "before"}, {"cut": True}, {"status": 502, "html": True}])
def test_no_fault_makes_a_second_user_or_loses_one(play, fault):
    play.stage.fault(method="POST", path="/users$", **fault)
    made = play(**play.wish())
    assert made["user"]["id"] == play.known("deployer").id
    assert not play(**play.wish())["changed"]


def test_a_generated_password_that_got_lost_is_told(rackspace):
    rackspace.stage.fault(method="POST", path="/users$", drop="after")
    made = rackspace(name="auditor", email="auditor@example.com", return_password=True)
    assert made["user_password"] is None and "update_password: always" in rackspace.stage.warnings[0]


def test_a_name_that_another_account_has(rackspace):
    with pytest.raises(errors.NotFound, match="belongs to another account"):  # 403
        rackspace(**rackspace.wish(name="other"))
    rackspace.stage.fault(method="GET", path="/users\\?name", times=9, status=404, body={"itemNotFound": {"code": 404, "message": "User not found"}})
    with pytest.raises(errors.WrongState, match="taken in another account") as caught:
        rackspace(**rackspace.wish(name="other"))
    assert "Could not create user 'other'" in str(caught.value)
    assert rackspace.ask(user="other") == []


def test_a_name_that_somebody_takes_meanwhile(play):
    play(**play.wish())
    play.stage.fault(method="GET", path="/users\\?name", times=1,
                     **({"status": 404, "body": {}} if play.rackspace else {"status": 200, "body": {"users": []}}))
    with pytest.raises(errors.WrongState, match="just made|taken in domain default"):
        play(**play.wish())


GUARDED = {
    "disable": ({"enabled": False}, "cannot lock itself out"),
    "delete": ({"state": "absent"}, "nobody deletes themselves"),
}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("what", GUARDED)
def test_nobody_locks_themselves_out(play, what, check):
    options, words = GUARDED[what]
    with pytest.raises(errors.Protected, match=words):
        play(check=check, name=play.stage.login["username"], **options)
    assert not play.stage.writes()


def test_an_api_key_is_reset_and_shown_when_asked_for(rackspace):
    rackspace(**rackspace.wish())
    assert rackspace(name="deployer", return_api_key=True)["api_key"] is None
    silent = rackspace(name="deployer", reset_api_key=True)
    assert silent["actions"] == ["reset_api_key"] and "api_key" not in silent
    first = rackspace.known("deployer").api_key
    assert first and rackspace(name="deployer", return_api_key=True) == {
        "changed": False, "actions": [], "diff": {"before": {}, "after": {}}, "api_key": first, "user": silent["user"]}
    foreseen = rackspace(check=True, name="deployer", reset_api_key=True, return_api_key=True)
    assert rackspace.known("deployer").api_key == first
    done = rackspace(name="deployer", reset_api_key=True, return_api_key=True)
    assert done["api_key"] == rackspace.known("deployer").api_key != first
    assert done["diff"] == foreseen["diff"] and done["api_key"] not in str({**done, "api_key": None})


@pytest.mark.parametrize("fault", [{"status": 401}, {"status": 503}, {"drop": "after"}, {"status": 500}, {"cut": True}, {"status": 200, "html": True}])
@pytest.mark.parametrize("had_one", [False, True])
def test_a_key_is_reset_once_whatever_the_answer(rackspace, fault, had_one):
    rackspace(**rackspace.wish(reset_api_key=had_one))
    rackspace.stage.cloud.journal.clear()
    rackspace.stage.fault(method="POST", path="/reset$", act=True, **fault)
    done = rackspace(name="deployer", reset_api_key=True, return_api_key=True)
    assert done["api_key"] == rackspace.known("deployer").api_key
    assert len(rackspace.stage.writes()) == 1


@pytest.mark.parametrize("fault", [{"status": 401}, {"status": 503}, {"drop": "before"}])
def test_a_key_that_was_not_reset_is(rackspace, fault):
    rackspace(**rackspace.wish(reset_api_key=True))
    old = rackspace.known("deployer").api_key
    rackspace.stage.fault(method="POST", path="/reset$", **fault)
    done = rackspace(name="deployer", reset_api_key=True, return_api_key=True)
    assert done["api_key"] == rackspace.known("deployer").api_key != old


@pytest.mark.parametrize("body", ["", [], {}, {"RAX-KSKEY:apiKeyCredentials": None}])
def test_a_new_key_that_the_answer_does_not_show_is_asked_for(rackspace, body):
    rackspace(**rackspace.wish())
    rackspace.stage.fault(method="POST", path="/reset", act=True, status=200, body=body)
    done = rackspace(name="deployer", reset_api_key=True, return_api_key=True)
    assert done["api_key"] == rackspace.known("deployer").api_key


@pytest.mark.parametrize("body", ["", [1], {"user": None}, {"user": [1]}])
def test_an_update_whose_answer_does_not_show_the_user(play, body):
    play(**play.wish())
    play.stage.fault(method="POST" if play.stage.dress == "rackspace" else "PATCH", path="/users/", act=True, status=200, body=body)
    assert play(name="deployer", email="new@example.com")["user"]["email"] == "new@example.com"


def test_a_new_user_with_a_key_in_one_task(rackspace):
    done = rackspace(**rackspace.wish(reset_api_key=True, return_api_key=True))
    assert done["actions"] == ["create", "reset_api_key"] and done["api_key"] == rackspace.known("deployer").api_key


def test_the_key_that_the_task_logs_in_with_is_not_thrown_away(rackspace):
    with pytest.raises(errors.Protected, match="return_api_key: true"):
        rackspace(name="demo", reset_api_key=True)
    assert rackspace(name="demo", reset_api_key=True, return_api_key=True)["api_key"] == rackspace.known("demo").api_key


UNKNOWN_HERE = {
    "rackspace": {"description": "x", "default_project": "demo"},
    "openstack": {"default_region": "RegionOne", "reset_api_key": True, "return_api_key": True},
}


@pytest.mark.parametrize("dress, option", [(dress, option) for dress, options in UNKNOWN_HERE.items() for option in options])
def test_what_a_service_does_not_know_is_refused(request, dress, option):
    play = request.getfixturevalue(dress)
    with pytest.raises(errors.CloudError) as caught:
        play(**play.wish(**{option: UNKNOWN_HERE[dress][option]}))
    assert isinstance(caught.value, errors.BadInput) and option in str(caught.value) and not play.stage.writes()


def test_a_default_region_of_any_case(rackspace):
    assert rackspace(**rackspace.wish(default_region="ord"))["user"]["default_region"] == "ORD"
    assert not rackspace(**rackspace.wish(default_region="ord"))["changed"]
    with pytest.raises(errors.BadInput, match="no region 'MARS', only DFW, IAD, ORD"):
        rackspace(**rackspace.wish(default_region="MARS"))


def test_a_default_project_by_name_and_none(openstack):
    wish = openstack.wish(default_project="other", description="Deploys")
    made = openstack(**wish)["user"]
    assert made["default_project_id"] == "5eed0000000040008000000000000002" and made["description"] == "Deploys"
    assert not openstack(**wish)["changed"]
    assert openstack(check=True, name="deployer", default_project="demo")["diff"]["after"] == {"default_project_id": "5eed0000000040008000000000000001"}
    with pytest.raises(errors.NotFound, match="no project 'nowhere'"):
        openstack(name="deployer", default_project="nowhere")


def test_domains(openstack):
    assert openstack(**openstack.wish(domain="Default"))["user"]["domain_id"] == "default"
    assert not openstack(**openstack.wish(domain="default"))["changed"]
    with pytest.raises(errors.NotFound, match="no domain 'elsewhere'"):
        openstack(**openstack.wish(domain="elsewhere"))


def test_a_user_of_another_domain(rackspace):
    rackspace(**rackspace.wish(domain="123456"))
    with pytest.raises(errors.WrongState, match="in domain 123456, not in 654321"):
        rackspace(**rackspace.wish(domain="654321"))


def test_an_id_that_nobody_has(play):
    with pytest.raises(errors.NotFound, match="no user with the id 999"):
        play(id="999", name="x")
    assert not play(id="999", state="absent")["changed"]


def test_rackspace_needs_an_email(rackspace):
    with pytest.raises(errors.BadInput, match="email is needed"):
        rackspace(name="deployer", user_password=PASSWORD)


def test_who_may_not_is_told_so(play):
    play(**play.wish())
    play.stage.login.update({"username": "deployer", "password": PASSWORD} if play.rackspace else {"username": "demo"})
    play.stage.login.pop("api_key", None)
    with pytest.raises(errors.CloudError) as caught:
        play(**play.wish(name="somebody"))
    assert caught.value.facts["http_status"] == 403


def test_info(play):
    play(**play.wish())
    names = [user["name"] for user in play.ask()]
    assert names == sorted(names) and {"demo", "deployer", "mfa"} <= set(names)
    (one,) = play.ask(user="deployer")
    assert one["email"] == "deployer@example.com" and one["enabled"] is True and "username" not in one
    assert play.ask(user=one["id"])[0]["name"] == "deployer"
    assert [user["name"] for user in play.ask(email="deployer@example.com")] == ["deployer"]
    assert play.ask(user="nobody") == [] and play.ask(email="nobody@example.com") == []
    assert ("other" in names) is not play.rackspace


@pytest.mark.parametrize("raw, expected", [
    ({"username": "a", "enabled": "true", "rax-auth:defaultRegion": "DFW"}, {"name": "a", "enabled": True, "default_region": "DFW"}),
    ({"name": "a", "enabled": False, "RAX-AUTH:multiFactorEnabled": "false"}, {"name": "a", "enabled": False, "multi_factor_enabled": False}),
    ({"username": "a", "OS-KSADM:password": "x", "RAX-KSQA:secretQA": {"answer": "x"}, "RAX-AUTH:phonePin": "1"}, {"name": "a"})])
def test_records(raw, expected):
    assert users.record(raw) == expected


def test_by_name_a_list_is_taken_as_well(rackspace):
    rackspace.stage.fault(path="/users\\?name", status=200, body={"users": [{"id": "1", "username": "odd"}]})
    assert rackspace.ask(user="odd") == [{"id": "1", "name": "odd"}]


THERE = {"id": "1", "name": "a", "email": "a@example.com", "enabled": True, "default_region": "DFW", "domain_id": "9"}
ASKED = {"state": "present", "own": False, "v2": True, "login": "api_key", "fields": {}, "password": None, "domain": None,
         "update_password": "on_create", "return_password": False, "reset_api_key": False, "return_api_key": False}
PLANS = {
    "nothing asked": (THERE, {}, []),
    "the same": (THERE, {"fields": {"email": "a@example.com", "enabled": True}}, []),
    "own, enabled": (THERE, {"own": True, "fields": {"enabled": True}}, []),
    "empty where nothing is": (dict(THERE, email=None), {"fields": {"email": ""}}, []),
    "another": (THERE, {"fields": {"email": "b@example.com"}}, ["update"]),
    "all at once": (THERE, {"fields": {"enabled": False}, "reset_api_key": True, "password": "x", "update_password": "always"},
                    ["update", "reset_api_key", "set_password"]),
    "gone already": (None, {"state": "absent"}, []),
    "gone": (THERE, {"state": "absent"}, ["delete"]),
    "made without a password, at Keystone": (None, {"v2": False, "fields": {"name": "a"}}, ["create"]),
    "made": (None, {"fields": {"name": "a", "email": "a@example.com"}, "password": "x"}, ["create"]),
}


@pytest.mark.parametrize("case", PLANS)
def test_plan(case):
    now, asked, expected = PLANS[case]
    assert [step.do for step in user_plan.plan(now, dict(ASKED, **asked)).steps] == expected
