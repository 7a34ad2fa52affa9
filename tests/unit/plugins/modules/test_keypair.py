# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`keypair` and its info on the sandbox in process, and what makes two public keys the same."""

from __future__ import annotations

import base64

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, keypairs
from ansible_collections.rackspace.cloud.plugins.modules import keypair as module
from ansible_collections.rackspace.cloud.plugins.modules import keypair_info as info


def public_key(number=1, kind="ssh-ed25519", comment="somebody@example"):
    name = kind.encode()
    blob = len(name).to_bytes(4, "big") + name + (32).to_bytes(4, "big") + bytes([number]) * 32
    return ("%s %s %s" % (kind, base64.b64encode(blob).decode(), comment)).strip()


@pytest.fixture
def play(stage):
    def task(check=False, **options):
        return stage.change(module.KEYPAIR, module.SPEC, "keypair", dict({"name": "deploy"}, **options), check)
    task.stage = stage
    task.thrice = lambda **options: stage.thrice(module.KEYPAIR, module.SPEC, "keypair", dict({"name": "deploy"}, **options))
    return task


def test_imported_replaced_and_removed(play):
    foreseen, done = play.thrice(public_key=public_key(1))
    assert done["actions"] == ["create"]
    assert foreseen["keypair"]["fingerprint"] == done["keypair"]["fingerprint"] == keypairs.fingerprint(public_key(1))
    foreseen, done = play.thrice(public_key=public_key(2))
    assert done["actions"] == ["delete", "create"]
    assert done["diff"] == {"before": {"fingerprint": keypairs.fingerprint(public_key(1))},
                            "after": {"fingerprint": keypairs.fingerprint(public_key(2))}}
    assert done["keypair"]["fingerprint"] == keypairs.fingerprint(public_key(2))
    foreseen, done = play.thrice(state="absent")
    assert done["keypair"] is None and play.stage.ask(info.fetch, info.SPEC, {}) == {"keypairs": []}


@pytest.mark.parametrize("written", [public_key(1, comment=""), public_key(1, comment="other words"), public_key(1) + "\n\n",
                                     "  " + public_key(1).replace(" ", "   ")])
def test_comments_and_blanks_do_not_count(play, written):
    play(public_key=public_key(1))
    assert not play(public_key=written)["changed"]


def test_a_key_from_a_file(play, tmp_path):
    place = tmp_path / "id.pub"
    place.write_text(public_key(3) + "\n")
    play.thrice(public_key_file=str(place))
    with pytest.raises(errors.BadInput, match="missing.pub cannot be read: No such file"):
        play(public_key_file=str(tmp_path / "missing.pub"))


def test_one_that_is_there_stays_when_no_key_is_given(play):
    play(public_key=public_key(1))
    assert not play()["changed"] and not play(return_private_key=True)["changed"]


@pytest.mark.parametrize("check", [True, False])
def test_a_private_key_that_nobody_would_see_is_not_made(play, check):
    with pytest.raises(errors.BadInput, match="return_private_key: true"):
        play(check=check)
    assert not play.stage.writes()


def test_a_generated_pair_is_shown_once(play):
    made = play(return_private_key=True)
    assert made["private_key"].startswith("-----BEGIN") and "private_key" not in made["keypair"]
    assert made["private_key"] not in str({**made, "private_key": None})
    assert "private_key" not in play(return_private_key=True)


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 500, "act": True}, {"drop": "before"}, {"cut": True}])
@pytest.mark.parametrize("generated", [True, False])
def test_a_lost_answer_costs_nothing(play, fault, generated):
    play.stage.fault(method="POST", path="/os-keypairs$", **fault)
    made = play(return_private_key=True) if generated else play(public_key=public_key(1))
    assert made["keypair"]["name"] == "deploy"
    assert len(play.stage.ask(info.fetch, info.SPEC, {})["keypairs"]) == 1
    if generated:
        assert made["private_key"].startswith("-----BEGIN")


BAD = {"empty": "", "one word": "ssh-ed25519", "no base64": "ssh-ed25519 nonsense!", "another kind": public_key().replace("ssh-ed25519 ", "ssh-rsa ", 1)}


@pytest.mark.parametrize("written", BAD.values(), ids=BAD)
def test_what_is_no_key_is_refused_before_the_old_one_is_removed(play, written):
    play(public_key=public_key(1))
    with pytest.raises(errors.BadInput, match="no public key|not a public key"):
        play(public_key=written)
    assert play.stage.ask(info.fetch, info.SPEC, {"keypair": "deploy"})["keypairs"]


@pytest.mark.parametrize("found, wanted, expected", [
    ({"public_key": public_key(1)}, public_key(1, comment="x"), True),
    ({"public_key": public_key(1)}, public_key(2), False),
    ({"fingerprint": keypairs.fingerprint(public_key(1))}, public_key(1), True),
    ({"fingerprint": keypairs.fingerprint(public_key(1)), "public_key": "-----BEGIN CERTIFICATE-----"}, public_key(1), True),
    ({"fingerprint": "00:11"}, public_key(1), False),
    ({}, public_key(1), False)])
def test_sameness(found, wanted, expected):
    assert keypairs.same(found, wanted) is expected


def test_the_fingerprint_is_that_of_ssh_keygen():
    assert keypairs.fingerprint(public_key(1)) == "d6:9a:30:45:17:cf:91:c4:27:94:f3:22:92:a3:00:0e"  # ssh-keygen -E md5 -l


def test_info(play):
    for number, name in enumerate(["zeta", "alpha"], 1):
        play(name=name, public_key=public_key(number))
    listed = play.stage.ask(info.fetch, info.SPEC, {})["keypairs"]
    assert [keypair["name"] for keypair in listed] == ["alpha", "zeta"]
    assert [keypair["name"] for keypair in play.stage.ask(info.fetch, info.SPEC, {"fingerprint": listed[1]["fingerprint"]})["keypairs"]] == ["zeta"]
    assert [keypair["name"] for keypair in play.stage.ask(info.fetch, info.SPEC, {"keypair": "alpha"})["keypairs"]] == ["alpha"]
    assert play.stage.ask(info.fetch, info.SPEC, {"keypair": "none"}) == {"keypairs": []}
