# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What the options of a fleet mean: servers, groups and defaults become wishes, one a server. Pure.

An option of a server may stand in ``defaults``, in its group and in the server's own entry; the last that gives it counts, but for
metadata, which are merged.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from . import errors, lookup, patterns, server_wish

KEY = "ansible_fleet"  # metadata key that holds the name of the fleet

POLICIES = dict(
    state=dict(type="str", choices=["present", "started", "stopped"]),
    resize_policy=dict(type="str", choices=["never", "confirm", "manual"]),
    rebuild_policy=dict(type="str", choices=["never", "rebuild"]),
    on_error=dict(type="str", choices=["fail", "recreate"]),
    region=dict(type="str"),
)
# None of these has a default: what is left out has to be told from what is given until all places are merged.
WISH = dict(
    {name: {part: value for part, value in rule.items() if part != "default"} for name, rule in server_wish.SPEC.items()}, **POLICIES)
SERVER = dict(WISH, name=dict(type="str"), id=dict(type="str"), state=dict(POLICIES["state"], choices=["present", "absent", "started", "stopped"]))
GROUP = dict(WISH, name=dict(type="str", required=True), count=dict(type="int", required=True), start=dict(type="int", aliases=["count_offset"]),
             zones=dict(type="list", elements="str"))
LEFT_OUT = dict(state="present", purge_metadata=False, resize_policy="never", rebuild_policy="never", on_error="fail")
PLACE = ("region", "count", "start", "zones")  # options that say where and how many, not what

CORES = ["0"] + [str(10 ** digits) for digits in range(10)]  # a number of each length that a field may be filled up to
FIELD = re.compile(r"%%|%(?:0[1-9])?d|%")


class Wish(NamedTuple):
    """One server that is wanted, or with state absent is not. region: its name; name, id: one of them may be None; options: as
    server_wish.desired() takes them; group: the name pattern of the group that it is of, else None; placed: whether the task names the region."""

    region: str
    name: str
    id: str
    options: dict
    group: str = None
    placed: bool = False


class Group(NamedTuple):
    """Some servers alike. names: a Numbered; zones: a list, empty where the cloud chooses; options: as in Wish, without the name."""

    region: str
    names: object
    count: int
    start: int
    zones: list
    options: dict


class Numbered:
    """A name with a number in it, as web%02d; without a field for it, the number comes at the end."""

    def __init__(self, text):
        fields = [field for field in FIELD.finditer(text) if field.group() != "%%"]
        if len(fields) > 1 or any(field.group() == "%" for field in fields):
            raise errors.BadInput("groups: the name %r does not say where one number is to be. Write %%d there, or %%02d for two digits, once, "
                                  "and %%%% for a percent sign." % text)
        self.text = text if fields else text + "%d"
        begin, end = fields[0].span() if fields else (len(text), len(text) + 2)
        self.before, self.after = (part.replace("%%", "%") for part in (self.text[:begin], self.text[end:]))
        self.fitting = re.compile("([0-9]+)".join(map(re.escape, (self.before, self.after))))

    def name(self, number):
        return self.text % number

    def number(self, name):
        """The number in a name, None when it does not fit."""
        match = self.fitting.fullmatch(name or "")
        return int(match.group(1)) if match and self.name(int(match.group(1))) == name else None


def shared_name(one, other):
    """A name that fits two Numbered, as web10 fits web%d, web%02d and web1%d; None when there is none."""
    for first, second in ((one, other), (other, one)):
        # The number of the first may stand in the text of the second, or hold the number of the second with the digits around it.
        numbers = set(re.findall("[0-9]+", "%s %s" % (second.before, second.after)))
        before, after = re.search("[0-9]*$", second.before).group(), re.match("[0-9]*", second.after).group()
        heads = [before[begin:] for begin in range(len(before) + 1)]
        tails = [after[:end] for end in range(len(after) + 1)]
        numbers.update(head + core + tail for head in heads for core in CORES for tail in tails)
        for number in sorted(numbers - {""}, key=lambda digits: (len(digits), digits)):
            name = first.name(int(number))
            if second.number(name) is not None:
                return name
    return None


class Wishes(NamedTuple):
    """All that a fleet is to be. fleet: its name; pattern: with shell wildcards, what names of members look like besides, or None."""

    fleet: str
    servers: list
    groups: list
    pattern: str

    def fits(self, region, name):
        """Whether a server of this name may be a member, by its name."""
        return (self.pattern is not None and patterns.matches(name, self.pattern)
                or any(group.region == region and group.names.number(name) is not None for group in self.groups)
                or any(wish.region == region and wish.name == name for wish in self.servers))


def expand(params, place):
    """The Wishes of the options. place(region): the region as the cloud spells it, the connection's for None. Raises BadInput."""
    fleet = params["name"]
    if not fleet.strip() or fleet != fleet.strip() or len(fleet) > 255:
        raise errors.BadInput("name is %r. Give the fleet a name of 1 to 255 characters, without blanks around it." % fleet)
    pattern = params["pattern"]
    if pattern is not None and not literal(pattern):
        raise errors.BadInput("pattern is %r and fits every name, or nearly. Members are told by their metadata, which any member of the project can "
                              "write, and by their names; so write what their names have in common, as in web*." % pattern)
    defaults = params["defaults"] or {}
    servers = [server(fleet, defaults, given, place, params) for given in params["servers"] or ()]
    groups = [group(fleet, defaults, given, place, params) for given in params["groups"] or ()]
    check_names(servers, groups)
    return Wishes(fleet, servers, groups, pattern)


def literal(pattern):
    """What stands in a pattern for itself: neither wildcards nor sets of characters, since [!~]* fits every name too."""
    return re.sub(r"\[!?\]?[^\]]*\]", "", pattern).strip("*?[]! ")


def server(fleet, defaults, given, place, params):
    if given["name"] is None and given["id"] is None:
        raise errors.BadInput("servers: an entry has neither name nor id. Give one of them.")
    lookup.check_name(given["name"])
    if given["name"] == "":
        raise errors.BadInput("servers: an entry has an empty name.")
    options = merged(fleet, params, defaults, given)
    if given["name"] is None and options["on_error"] == "recreate":
        raise errors.BadInput("servers: the entry with the id %s has on_error: recreate and no name. What is made anew has another id, so that the task "
                              "could not find it again. Give its name too." % given["id"])
    region = given["region"] or defaults.get("region")
    return Wish(place(region), given["name"], given["id"], options, placed=region is not None)


def group(fleet, defaults, given, place, params):
    lookup.check_name(given["name"])
    names = Numbered(given["name"])
    start = 1 if given["start"] is None else given["start"]
    for name, value in (("count", given["count"]), ("start", start)):
        if value < 0:
            raise errors.BadInput("groups: %s of %r is %d. It cannot be less than 0." % (name, given["name"], value))
    if given["zones"] and given["availability_zone"] is not None:
        raise errors.BadInput("groups: %r has both zones and availability_zone. Leave one of them out." % given["name"])
    options = merged(fleet, params, defaults, dict(given, name=None))
    return Group(place(given["region"] or defaults.get("region")), names, given["count"], start, given["zones"] or [], options)


def merged(fleet, params, *places):
    """The options of a server from all places that give some, and the metadata that makes it a member."""
    options = dict.fromkeys(WISH)
    options.update(LEFT_OUT, name=None, id=None, ignore_protection=params["ignore_protection"])
    items = {}
    for given in places:
        options.update((name, value) for name, value in given.items() if value is not None)
        items.update(given.get("metadata") or {})
    if items.get(KEY, fleet) != fleet:
        raise errors.BadInput("metadata: %s is %r, and the fleet is called %r. Leave the item out; it is written for you." % (KEY, items[KEY], fleet))
    options["metadata"] = dict(items, **{KEY: fleet})
    return {name: value for name, value in options.items() if name not in PLACE}


def check_names(servers, groups):
    """Every server is wished for once."""
    seen = set()
    for wish in servers:
        for kind, word in (("id", wish.id), ("name", wish.name)):
            if word is not None and (kind, wish.region, word) in seen:
                raise errors.BadInput("servers: the %s %r stands there twice%s." % (kind, word, in_region(wish.region)))
            seen.add((kind, wish.region, word))
    patterns_seen = set()
    for place, found in enumerate(groups):
        if (found.region, found.names.text) in patterns_seen:
            raise errors.BadInput("groups: the name %r stands there twice%s. Make one group of them, or number them otherwise."
                                  % (found.names.text, in_region(found.region)))
        for other in groups[:place]:
            name = shared_name(other.names, found.names) if other.region == found.region else None
            if name is not None:
                raise errors.BadInput("groups: %r is a name of %r and of %r too%s, so it would be open which of both it counts for. Name them so "
                                      "that no name fits both." % (name, other.names.text, found.names.text, in_region(found.region)))
        patterns_seen.add((found.region, found.names.text))
        for wish in servers:
            if wish.region == found.region and found.names.number(wish.name) is not None:
                raise errors.BadInput("servers: %r is also a name of the group %r%s. A server stands in one of them."
                                      % (wish.name, found.names.text, in_region(wish.region)))


def in_region(name):
    return " in %s" % name if name else ""
