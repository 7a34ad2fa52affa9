# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What is asked of each module in the matrix, as a table. A module more is a row more (tests/unit/test_faults.py misses it otherwise)."""

from __future__ import annotations

from typing import NamedTuple

from .worlds import PUBLIC_KEYS

ONE = "faults-one"      # what the task is about
HOST = "faults-host"    # the server that it is about something at
NO_ISOLATED = {"openstack": "this cloud has no isolated networks"}
IN_THE_SANDBOX = {"real": "its quotas are not turned for a test"}
UNCOUNTED = {"real": "it does not tell how often it carried something out"}
LONG_AGO = 3600  # seconds
LARGER = 100     # GB


class Wish(NamedTuple):
    """One task of a module.

    about: in a word; prepare(world): makes what has to be there, and gives the options; lacks(world, result): what is not as wished, "" when all is.
    makes, removes: the kind of thing (worlds.KINDS) that it creates or deletes under the name ONE; sure: whether a lost answer is made good.
    imperative: whether it does its work each time that it is played; unmarked: whether there is no room for the mark; silent: whether it reports
    no change; refused: whether a guard refuses it, whatever happens.
    by_name: whether it looks for something by a name that two may have; subjects: what errors may call the thing.
    not_on: {dress or "real": why}. within: the option that holds those of one server, where they are not the task's own.
    by_administrator: whether Keystone lets nobody else do it.
    times(world): how often the cloud carried out what is one too many when it is done twice, without the times that prepare() has it done.
    """

    module: str
    about: str
    prepare: object
    lacks: object
    makes: str | None = None
    removes: str | None = None
    sure: bool = False
    imperative: bool = False
    unmarked: bool = False
    silent: bool = False
    refused: bool = False
    by_name: str | None = None
    subjects: tuple = (ONE,)
    not_on: dict = {}
    within: str | None = None
    by_administrator: bool = False
    times: object = None

    @property
    def title(self):
        return "%s: %s" % (self.module, self.about)

    @property
    def changes(self):
        return not (self.module.endswith("_info") or self.module == "inventory" or self.about == "ask")


# What has to be so.

def one(kind, **fields):
    """A thing of this name is there, once, with these fields."""
    def lacks(world, _result):
        found = world.named(kind, ONE)
        if len(found) != 1:
            return "%d %s are called %s" % (len(found), kind, ONE)
        wrong = {name: found[0].get(name) for name, value in fields.items() if found[0].get(name) != value}
        return "%s is %s" % (kind, wrong) if wrong else ""
    return lacks


def some(kind):
    """Something of this name is there, whatever else is."""
    return lambda world, _result: "" if world.named(kind, ONE) else "%s is gone" % ONE


def none(kind):
    def lacks(world, _result):
        found = world.named(kind, ONE)
        return "%d %s are called %s" % (len(found), kind, ONE) if found else ""
    return lacks


def returned(key, *words):
    """The result has this key, and these words in it."""
    def lacks(_world, result):
        missing = [word for word in words if word not in str(result.get(key))]
        return "%s is not in %s: %s" % (missing, key, str(result.get(key))[:80]) if missing or result.get(key) is None else ""
    return lacks


def metadata_is(**items):
    """The server HOST has these items; None for one that it must not have."""
    def lacks(world, _result):
        there = world.named("servers", HOST)[0]["metadata"]
        wrong = {name: there.get(name) for name, value in items.items() if there.get(name) != value}
        return "metadata: %s" % wrong if wrong else ""
    return lacks


def attached(expected):
    def lacks(world, _result):
        found = world.named("volumes", ONE)[0]
        at = [attachment.get("server_id") for attachment in found.get("attachments") or ()]
        return "" if bool(at) == expected and found["status"] == ("IN-USE" if expected else "AVAILABLE") else "%s is %s at %s" % (ONE, found["status"], at)
    return lacks


def resized(status):
    """The server has the larger flavor and this status."""
    def lacks(world, result):
        found = world.named("servers", ONE)[0]["flavor"]["id"]
        return one("servers", status=status)(world, result) or ("" if found == world.larger else "its flavor is %s" % found)
    return lacks


def nothing(_world, _result):
    return ""


# How often the cloud did it.

def accepted(request):
    """How often a sandbox carried out a POST of this action, or to a path that ends so."""
    def times(world):
        entries = world.control("GET", "log")["requests"] if world.url else []
        return len([entry for entry in entries if entry["method"] == "POST" and 200 <= entry["status"] < 300
                    and (entry["path"].endswith("/" + request) or list(entry["body"] or {}) == [request])])
    return times


# What has to be there before, and the options.

def build(world):
    return dict(world.names, name=ONE, metadata={"role": "web"})


def fleet(world):
    return {"name": "faults", "servers": [build(world)], "max_delete": 1}


def build_without_a_mark(world):
    world.control("PUT", "settings", {"quota": {"metadata_items": 1}})
    return build(world)


def at_a_server(**options):
    def prepare(world):
        world.server(HOST, metadata={"colour": "red", "old": "yes"})
        return dict(options)
    return prepare


def of_a_server(**options):
    def prepare(world):
        world.server(ONE, metadata={"colour": "red"})
        return dict(options)
    return prepare


def of_an_old_server(**options):
    """One that nobody has touched for long, as most are."""
    def prepare(world):
        world.server(ONE, **({"age": LONG_AGO} if world.url else {}))
        return dict(options)
    return prepare


def of_a_server_to_resize(option, **options):
    def prepare(world):
        return dict(of_an_old_server(**options)(world), **{option: world.larger})
    return prepare


def of_a_resized_server(**options):
    def prepare(world):
        world.server(ONE, status="VERIFY_RESIZE", flavor=world.larger)
        return dict(options)
    return prepare


def of_a_server_to_rebuild(**options):
    def prepare(world):
        world.server(ONE, age=LONG_AGO)
        return dict(options, image=world.another_image)
    return prepare


def of_a_protected_server(**options):
    def prepare(world):
        world.server(ONE, metadata={"ansible_protected": "true"})
        return dict(options)
    return prepare


def after(make, **options):
    """One thing of that kind is there: the name of a method of World."""
    def prepare(world):
        getattr(world, make)(ONE)
        return dict(options)
    return prepare


def with_an_image(**options):
    def prepare(world):
        world.image(ONE, world.server(HOST))
        return dict(options)
    return prepare


def with_a_volume(is_attached, **options):
    def prepare(world):
        server, volume = world.server(HOST), world.volume(ONE)
        if is_attached:
            world.attached(server, volume)
        return dict(options)
    return prepare


def raw_request(world):
    server = world.server(HOST, metadata={"colour": "red"})
    return {"method": "PUT", "path": "/servers/%s/metadata/colour" % server, "body": {"meta": {"colour": "blue"}}}


def raw_request_in_disguise(world):
    return dict(raw_request(world), changes=False)


def given(**options):
    return lambda world: dict(options)


def larger(world):
    world.volume(ONE)
    return {"name": ONE, "size": LARGER}


def sized(world):
    return {"name": ONE, "size": 75 if world.rackspace else 1}


WISHES = (
    Wish("server", "create", build, one("servers", status="ACTIVE"), makes="servers", sure=True, by_name="servers"),
    Wish("server", "create, no room for the mark", build_without_a_mark, one("servers", status="ACTIVE"), makes="servers", sure=True,
         unmarked=True, by_name="servers", not_on=IN_THE_SANDBOX),
    Wish("server", "change", of_a_server(name=ONE, metadata={"colour": "blue"}, access_ipv4="192.0.2.7"), one("servers", accessIPv4="192.0.2.7"),
         by_name="servers"),
    Wish("server", "stop", of_a_server(name=ONE, state="stopped"), one("servers", status="SHUTOFF"), by_name="servers"),
    Wish("server", "resize", of_a_server_to_resize("flavor", name=ONE, resize_policy="confirm"), resized("ACTIVE"), by_name="servers",
         times=accepted("resize"), not_on=UNCOUNTED),
    Wish("server", "rebuild", of_a_server_to_rebuild(name=ONE, rebuild_policy="rebuild"), one("servers", status="ACTIVE"), by_name="servers",
         times=accepted("rebuild"), not_on=UNCOUNTED),
    Wish("server", "absent", of_a_server(name=ONE, state="absent"), none("servers"), removes="servers", by_name="servers"),
    Wish("server", "absent, protected", of_a_protected_server(name=ONE, state="absent"), some("servers"), by_name="servers", refused=True),
    Wish("fleet", "create", fleet, one("servers", status="ACTIVE"), makes="servers", sure=True, by_name="servers", subjects=(ONE, "faults"),
         within="defaults"),
    Wish("server_action", "reboot", of_an_old_server(server=ONE, action="reboot"), one("servers", status="ACTIVE"), by_name="servers",
         imperative=True, times=accepted("reboot")),
    Wish("server_action", "rebuild", of_an_old_server(server=ONE, action="rebuild"), one("servers", status="ACTIVE"), by_name="servers",
         imperative=True, times=accepted("rebuild"), not_on=UNCOUNTED),
    Wish("server_action", "resize", of_a_server_to_resize("flavor", server=ONE, action="resize"), resized("VERIFY_RESIZE"), by_name="servers",
         times=accepted("resize"), not_on=UNCOUNTED),
    Wish("server_action", "confirm_resize", of_a_resized_server(server=ONE, action="confirm_resize"), resized("ACTIVE"), by_name="servers",
         times=accepted("confirmResize"), not_on=UNCOUNTED),
    Wish("server_action", "create_image", at_a_server(server=HOST, action="create_image", name=ONE), one("images", status="ACTIVE"), makes="images",
         sure=True, imperative=True, subjects=(ONE, HOST)),
    Wish("server_action", "console_output", at_a_server(server=HOST, action="console_output"), returned("console_output"), subjects=(HOST,), silent=True,
         not_on={"rackspace": "Rackspace shows no console"}),
    Wish("image", "create", at_a_server(server=HOST, name=ONE), one("images", status="ACTIVE"), makes="images", sure=True, by_name="images"),
    Wish("image", "absent", with_an_image(name=ONE, state="absent"), none("images"), removes="images", by_name="images"),
    Wish("volume", "create", sized, one("volumes", status="AVAILABLE"), makes="volumes", sure=True, by_name="volumes"),
    Wish("volume", "grow", larger, one("volumes", status="AVAILABLE", size=LARGER), by_name="volumes", times=accepted("os-extend"), not_on=UNCOUNTED),
    Wish("volume", "absent", after("volume", name=ONE, state="absent"), none("volumes"), removes="volumes", by_name="volumes"),
    Wish("volume_attachment", "attach", with_a_volume(False, server=HOST, volume=ONE), attached(True), sure=True, by_name="volumes"),
    Wish("volume_attachment", "detach", with_a_volume(True, server=HOST, volume=ONE, state="absent"), attached(False), sure=True, by_name="volumes"),
    Wish("metadata", "set", at_a_server(server=HOST, metadata={"colour": "blue", "shape": "round"}), metadata_is(colour="blue", shape="round"),
         subjects=(HOST,)),
    Wish("metadata", "remove", at_a_server(server=HOST, state="absent", keys=["old"]), metadata_is(old=None, colour="red"), subjects=(HOST,)),
    Wish("keypair", "import", given(name=ONE, public_key=PUBLIC_KEYS[0]), one("keypairs"), makes="keypairs", sure=True),
    Wish("keypair", "generate", given(name=ONE, return_private_key=True), one("keypairs"), makes="keypairs", sure=True),
    Wish("keypair", "absent", after("keypair", name=ONE, state="absent"), none("keypairs"), removes="keypairs"),
    Wish("network", "create", given(name=ONE, cidr="192.168.3.0/24"), one("networks"), makes="networks", sure=True, by_name="networks",
         not_on=NO_ISOLATED),
    Wish("network", "absent", after("network", name=ONE, state="absent"), none("networks"), removes="networks", by_name="networks", not_on=NO_ISOLATED),
    Wish("identity_user", "create", given(name=ONE, email="one@example.com", user_password="Sandbox-passw0rd"), one("users", email="one@example.com"),
         makes="users", sure=True, by_administrator=True),
    Wish("identity_user", "change", after("user", name=ONE, email="new@example.com"), one("users", email="new@example.com"), by_administrator=True),
    Wish("identity_user", "reset the API key", after("user", name=ONE, reset_api_key=True, return_api_key=True), returned("api_key"), sure=True,
         imperative=True, times=accepted("reset"), not_on={"openstack": "its users have no API keys"}),
    Wish("identity_user", "absent", after("user", name=ONE, state="absent"), none("users"), removes="users", by_administrator=True),
    Wish("api_request", "put", raw_request, metadata_is(colour="blue"), subjects=("/servers/",)),
    Wish("api_request", "put, said to change nothing", raw_request_in_disguise, nothing, subjects=("/servers/",), silent=True),
    Wish("api_request", "ask", given(path="/limits"), returned("answer", "absolute"), subjects=("/limits",)),
    Wish("auth_info", "ask", given(), returned("auth", "user", "regions"), subjects=("log in",)),
    Wish("flavor_info", "ask", given(min_ram=512), returned("flavors", "ram"), subjects=("flavors",)),
    Wish("image_info", "ask", given(newest=True), returned("images", "ACTIVE"), subjects=("images",)),
    Wish("server_info", "ask", of_a_server(), returned("servers", ONE), subjects=("servers",)),
    Wish("volume_info", "ask", after("volume"), returned("volumes", ONE), subjects=("volumes",)),
    Wish("volume_attachment_info", "ask", with_a_volume(True, server=HOST), returned("volume_attachments", "volume_id"),
         subjects=("attachments",)),
    Wish("metadata_info", "ask", at_a_server(server=HOST), returned("metadata", "colour"), subjects=("metadata",)),
    Wish("keypair_info", "ask", after("keypair"), returned("keypairs", ONE), subjects=("key pairs",)),
    Wish("network_info", "ask", given(), returned("networks", "id"), subjects=("networks",)),
    Wish("identity_user_info", "ask", given(), returned("users", "demo"), subjects=("users",), by_administrator=True),
    Wish("limits_info", "ask", given(), returned("limits", "max"), subjects=("limits",)),
    Wish("inventory", "list", of_a_server(), returned("hosts", ONE), subjects=("servers",)),
)
# Modules that the table leaves out, and why.
LEFT_OUT = {}


def modules():
    """The columns of the table, in their order."""
    return list(dict.fromkeys(wish.module for wish in WISHES))
