# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What is done to servers that run, on any cloud: nightly images, passwords, rescue, a last day with an image; rehearsed, done, and done again."""

from __future__ import annotations

import os

import pytest
from plays import URL, info, seed, servers

NAMES = ["rb-care1", "rb-care2"]


@pytest.fixture
def cared(plays):
    """The ids of two servers, by name."""
    flavor = info(plays, "flavor_info", min_ram=1024, min_disk=1, smallest=True)["flavors"][0]["id"]
    image = info(plays, "image_info", pattern="*[Dd]ebian*12*", newest=True)["images"][0]["id"]
    if URL:
        yield seed("rb-care{n}", count=2, flavor=flavor, image=image)
        return
    plays.play("provision_web_tier", provision_servers=[{"names": NAMES, "flavor": flavor, "image": image}])
    yield {name: server["id"] for name, server in servers(plays, pattern="rb-care*").items()}
    left = sorted(servers(plays, pattern="rb-care*"))
    if left:
        plays.play("last_day", decommission_servers=left, decommission_count=len(left), decommission_name_pattern="rb-care*", decommission_image=False)
    for image in info(plays, "image_info", pattern="rb-care*")["images"]:
        plays.play(plays.cleaning, cleaning_image=image["id"])


@pytest.fixture(autouse=True)
def cleaning(plays):
    """A playbook that deletes an image."""
    plays.cleaning = plays.place / "cleaning.yml"
    plays.cleaning.write_text("[{hosts: localhost, gather_facts: false, tasks: [{rackspace.cloud.image: {id: '{{ cleaning_image }}', state: absent}}]}]\n")


def images(plays):
    """Names of the images that were made here, the newest first."""
    return [image["name"] for image in info(plays, "image_info", pattern="rb-care*")["images"]]


def test_images_and_the_last_day(plays, cared):
    nightly = {"snapshot_pattern": "rb-care*", "snapshot_keep": 1, "snapshot_max_delete": 1}
    _rehearsed, done, _again = plays.thrice("nightly_images", snapshot_name="{name}-%Y", **nightly)
    assert '"images there: rb-care1 rb-care2", "deleted: none", "failed: none"' in done.text, done.output
    first = images(plays)
    assert sorted(name.rpartition("-")[0] for name in first) == NAMES

    # The next night, as the name says, rotates; images of another set stay.
    rehearsed = plays.rehearse("nightly_images", snapshot_name="{name}-%Y-second", **nightly)
    assert all(name in rehearsed.text for name in first)
    plays.play("nightly_images", snapshot_name="{name}-%Y-other", **dict(nightly, snapshot_set="other", snapshot_pattern="rb-care1"))
    plays.play("nightly_images", snapshot_name="{name}-%Y-second", **nightly)
    assert sorted(name.partition("-20")[0] + name[-6:] for name in images(plays)) == ["rb-care1-other", "rb-care1second", "rb-care2second"]

    last = {"decommission_servers": NAMES, "decommission_count": 2, "decommission_name_pattern": "rb-care?"}
    _rehearsed, _done, again = plays.thrice("last_day", **last)
    assert '"gone already: rb-care1 rb-care2"' in again.text
    assert {"%s-last-%s" % item for item in cared.items()} <= set(images(plays))
    assert servers(plays, pattern="rb-care*") == {}


def test_passwords_and_rescue(plays, cared):
    place = plays.place / "passwords"
    rotation = {"find_servers_pattern": "rb-care*", "rotate_passwords_dir": str(place)}
    rehearsed, done, again = plays.thrice("rotate_passwords", rotate_passwords_run="first", **rotation)
    passwords = {path.stem: path.read_text(encoding="utf-8") for path in place.iterdir()}
    assert sorted(passwords) == NAMES
    assert len(set(passwords.values())) == 2
    for password in passwords.values():
        assert len(password) == 22 and not password.isalpha() and password != password.lower() != password.upper()
        assert not any(password in played.output for played in (rehearsed, done, again))
    assert {oct(path.stat().st_mode & 0o777) for path in [place, *place.iterdir()]} == {"0o700", "0o600"}

    # Another run, to a program: it gets the password on its standard input.
    keeper = plays.place / "keeper"
    keeper.write_text('#!/bin/sh\ncat > "$1"\n')
    keeper.chmod(0o700)
    done = plays.play("rotate_passwords", rotate_passwords_run="second", find_servers_names=["rb-care1"],
                      rotate_passwords_command=[str(keeper), str(plays.place / "kept-{name}")])
    kept = (plays.place / "kept-rb-care1").read_text(encoding="utf-8").strip()
    assert len(kept) == 22 and kept not in done.output

    rescue = {"rescue_server": "rb-care1", "rescue_dir": str(plays.place / "rescue")}
    _rehearsed, done, _again = plays.thrice("rescue", **rescue)
    assert servers(plays, pattern="rb-care1")["rb-care1"]["status"] == "RESCUE"
    assert (plays.place / "rescue/rb-care1.rescue_password").read_text(encoding="utf-8") not in done.output
    kept = plays.place / "rescue/rb-care1.rescue_password"
    password = kept.read_text(encoding="utf-8")
    kept.unlink()
    unknown = plays.play("rescue", **rescue)
    assert "with a password that is not known here, there is no %s" % kept in unknown.text and not kept.exists()
    kept.write_text(password, encoding="utf-8")
    plays.thrice("rescue", rescue_goal="return", health_check_command=["true"], **rescue)
    assert servers(plays, pattern="rb-care1")["rb-care1"]["status"] == "ACTIVE"
    assert os.listdir(plays.place / "rescue") == ["rb-care1.rescue_password"]
