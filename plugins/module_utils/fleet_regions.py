# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The regions of a fleet: what is asked of each is asked once, and who looks at the servers shares one list with all the others."""

from __future__ import annotations

import itertools
import threading

from . import errors, flavors, limits, lookup, wait

LASTING = ("/flavors", "/images", "/limits", "/networks", "/os-networks")  # paths whose answers serve the whole task


class Region:
    """A region, in the part of a Cloud for all that server_wish and server_steps want of one."""

    def __init__(self, cloud, name):
        self.cloud = cloud
        self.name = name
        api = cloud.compute
        self.compute = Shared(cloud.service(api.types, name) if name else api)
        self.others = {}

    @property
    def access(self):
        return self.cloud.access

    @property
    def transport(self):
        return self.cloud.transport

    def service(self, types):
        if types not in self.others:
            self.others[types] = Shared(self.cloud.service(types, self.name))
        return self.others[types]


class Shared:
    """An Api for a crowd. While the fleet is ``planning`` nothing is asked twice; later each look at the servers is at least as young
    as the wish to look, and those who want one at the same time get the same."""

    def __init__(self, api):
        self.api = api
        self.planning = True
        self.all_images = False  # True: several images are looked for by name, so that one list of all is cheaper
        self.answers = {}
        self.list = None
        self.order = itertools.count(1)  # tells which came first, a wish to look or a look
        self.looked = 0
        self.listed_at = 0.0  # when the last list was asked for
        self.as_of = 0.0  # when the one that is kept was
        self.asking = threading.Lock()

    def __getattr__(self, name):
        return getattr(self.api, name)

    def __str__(self):
        return str(self.api)

    def get(self, path, query=None):
        return self.once(("get", path, str(query)), lambda: self.api.get(path, query))

    def find(self, path, query=None, key=None, needs="id"):
        return self.once(("find", path, str(query), key), lambda: self.api.find(path, query, key, needs))

    def everything(self, path, key, query=None):
        if key == "servers":
            return self.servers(anew=not self.planning)
        if key == "images" and self.all_images:
            query = None
        return self.once(("list", path, str(query)), lambda: self.api.everything(path, key, query))

    def once(self, question, ask):
        if not self.planning and not question[1].startswith(LASTING):
            return ask()
        if question not in self.answers:
            self.answers[question] = ask()
        return self.answers[question]

    def servers(self, anew):
        """All servers of the region, raw, those on their way out too. anew: not as they were before this was called."""
        wanted = next(self.order)
        with self.asking:
            if self.list is None or anew and self.looked < wanted:
                looked, self.listed_at = next(self.order), wait.now()
                self.list = self.api.everything("/servers/detail", "servers")
                self.looked, self.as_of = looked, self.listed_at
            return self.list

    def young(self, seconds):
        """The same, as they were at most so many seconds ago: those who watch have often just asked."""
        return self.servers(anew=wait.now() - self.as_of > seconds)


def list_all(regions):
    """{name: raw servers} of Regions by name, listed side by side."""
    if len(regions) < 2:
        return {name: region.compute.servers(anew=False) for name, region in regions.items()}
    from .fleet_crew import Crew
    crew = Crew(len(regions))
    for name, region in regions.items():
        crew.submit(name, lambda region=region: region.compute.servers(anew=False))
    found, failures = {}, {}
    while crew.busy:
        arrived = crew.finished(60.0)
        if arrived:
            name, found[name], failures[name] = arrived
    crew.dismiss()
    for name in regions:
        if failures[name]:
            raise failures[name]
    return found


def spelled(cloud):
    """A function from a region as the user writes it to the cloud's own spelling; None is the connection's."""
    names = {}

    def place(name):
        if not names:
            names.update({known.lower(): known for known in cloud.access.regions()})
            names[None] = cloud.region and names.get(cloud.region.lower(), cloud.region)
        found = names[None] if name is None else names.get(name.lower(), name)
        if name is not None and cloud.login.compute_endpoint and found != names[None]:
            raise errors.BadInput("region is %r, and compute_endpoint names the one address that is used. Leave one of them out." % name)
        return found
    return place


def several_images(options):
    """Whether more than one image is named, other than by id."""
    return len({one["image"] for one in options if one["image"] and not lookup.UUID.match(one["image"])}) > 1


def limits_of(region):
    """limits.get() of a region, None where the cloud tells none."""
    try:
        return limits.get(region.compute)
    except errors.ApiError as error:
        if error.status not in (403, 404, 501):
            raise
        return None


def sizes_of(region):
    """All raw flavors with their sizes."""
    return flavors.every(region.compute)
