# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Users of the account, on any cloud: they come, and they go; rehearsed, done, and done again."""

from __future__ import annotations

import pytest
from plays import ADMIN, RACKSPACE, info

NAMES = ["rb-auditor", "rb-deployer"]


@pytest.fixture(autouse=True)
def clean(plays):
    yield
    plays.play("offboard_users", cloud_login=ADMIN, offboard_users_names=NAMES, offboard_users_delete=True, user_accounts_max_delete=2,
               offboard_users_missing_ok=True)


def users(plays):
    """{name: whether they may log in} of those made here."""
    return {user["name"]: user["enabled"] for user in info(plays, "identity_user_info", **ADMIN)["users"] if user["name"] in NAMES}


def test_users_come_and_go(plays):
    place = plays.place / "secrets"
    people = {"cloud_login": ADMIN, "user_accounts_secrets_dir": str(place), "user_accounts_users": [
        dict(name="rb-deployer", email="rb-deployer@example.com", **({"api_key": True} if RACKSPACE else {})),
        {"name": "rb-auditor", "email": "rb-auditor@example.com", "user_password": "Sandbox-password-1"}]}
    played = plays.thrice("onboard_users", **people)
    assert users(plays) == {"rb-auditor": True, "rb-deployer": True}
    secrets = {path.name: path.read_text(encoding="utf-8") for path in place.iterdir()}
    assert sorted(secrets) == (["rb-deployer.api_key"] if RACKSPACE else []) + ["rb-deployer.password"]
    assert all(len(secret) >= 20 and not any(secret in one.output for one in played) for secret in secrets.values())
    assert not any("Sandbox-password-1" in one.output for one in played)
    assert {oct(path.stat().st_mode & 0o777) for path in place.iterdir()} == {"0o600"}

    # What was written down is what holds.
    nobody = {key: value for key, value in ADMIN.items() if key not in ("username", "api_key", "password", "tenant_name")}
    login = info(plays, "auth_info", username="rb-deployer", password=secrets["rb-deployer.password"], **nobody)
    assert login["auth"]["user"]["name"] == "rb-deployer"

    plays.thrice("offboard_users", cloud_login=ADMIN, offboard_users_names=["rb-auditor"])
    assert users(plays) == {"rb-auditor": False, "rb-deployer": True}
    refused = plays.play("offboard_users", ends=2, cloud_login=ADMIN, offboard_users_names=NAMES, offboard_users_delete=True, user_accounts_max_delete=1)
    assert "To be deleted are 2 (rb-auditor rb-deployer), and user_accounts_max_delete allows 1." in refused.text
    # Someone's name misspelt leaves nobody in unseen; and a list for other ends is not taken for those that go.
    refused = plays.play("offboard_users", ends=2, cloud_login=ADMIN, offboard_users_names=["rb-auditr"])
    assert "Nothing was touched. There is no user rb-auditr." in refused.text
    refused = plays.play("offboard_users", ends=2, **dict(people, offboard_users_names=["rb-deployer"]))
    assert "user_accounts_users, which would be taken for them, must not be given (found: a list)" in refused.text
    assert users(plays) == {"rb-auditor": False, "rb-deployer": True}
    plays.thrice("offboard_users", cloud_login=ADMIN, offboard_users_names=NAMES, offboard_users_delete=True, user_accounts_max_delete=2,
                 offboard_users_missing_ok=True)
    assert users(plays) == {}


def test_the_login_itself_stays(plays):
    refused = plays.play("offboard_users", ends=2, cloud_login=ADMIN, offboard_users_names=[ADMIN["username"]])
    assert "The login itself, %s, has to stay present (found: disabled)." % ADMIN["username"] in refused.text
