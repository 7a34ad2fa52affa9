# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The servers of one region as records: the whole list, or what is known and what changed since; and the names of what they are made of."""

from __future__ import annotations

import heapq

from ..module_utils import errors, flavors, images, servers, volumes, wait
from ..module_utils.identity import COMPUTE, VOLUME
from ..module_utils.records import record
from .inventory_memory import Known

MARGIN = 60.0  # seconds before the last list from which changes are asked for again: what was written late, and clocks that differ a little
MOST_DRIFT = 30.0  # seconds by which our clock and the cloud's may have moved apart; beyond that one of them was set
SCOPE = ("all_tenants", "tenant_id", "project_id")  # filters that no change of a server takes it out of
OF_THE_LIST = ("changes-since", "changes-before", "deleted", "limit", "marker", "sort_key", "sort_dir")


class Region:
    """One region. After pages() was read to the end, ``known`` is what a later run may start from, without the servers; None when the cloud
    does not tell its time.

    wanted: what expand_hostvars asks for; known: a Known of an earlier run, or None; max_age: seconds for which it may be built on.
    """

    def __init__(self, cloud, name, filters, wanted=(), known=None, max_age=0):
        self.cloud = cloud
        self.name = name
        self.api = cloud.service(COMPUTE, name)
        self.filters = filters
        self.expansion = Expansion(cloud, name, wanted)
        self.before = known
        self.max_age = max_age
        self.known = None

    def pages(self):
        """Yield lists of records, made when they are looked at; None where everything begins again."""
        self.expansion.fetch()
        with errors.Doing("list the servers in %s" % (self.name or "this cloud")):
            changed = self.changed() if self.before and 0 <= wait.wall() - self.before.full_at < self.max_age else None
            if changed is not None:
                yield changed
                return
            began = wait.wall()
            for page in self.api.stream("/servers/detail", "servers", self.filters):
                self.known = self.known or self.stamp(began, began)
                yield page and (record(server) for server in page if servers.alive(server))

    def known_with(self, records):
        """What a later run may start from, None when there is nothing."""
        return self.known and self.known._replace(servers=records)

    def expanded(self, server):
        """A record with what expand_hostvars asks for."""
        return dict(server, **self.expansion.of(server)) if self.expansion.wanted else server

    def stamp(self, began, full_at):
        """What to remember of a list whose first page has just come."""
        transport = self.cloud.transport
        return Known(began + transport.skew, transport.skew, full_at, []) if transport.tells_time else None

    def changed(self):
        """The records that were known, with what has changed since; None when that cannot be told, and the whole list is needed."""
        since = {"changes-since": wait.iso(self.before.as_of - MARGIN)}
        began = wait.wall()
        moved = ()
        if any(name not in SCOPE for name in self.filters):
            # What changed so that it no longer matches is not among the fresh ones. Asked first, so that what changes in between and matches is not
            # taken for it.
            scope = {name: value for name, value in self.filters.items() if name in SCOPE}
            moved = self.api.everything("/servers", "servers", dict(scope, **since))
        fresh = {server["id"]: server for server in self.api.everything("/servers/detail", "servers", dict(self.filters, **since))}
        now = self.stamp(began, self.before.full_at)
        if now is None or now.as_of < self.before.as_of or abs(now.skew - self.before.skew) > MOST_DRIFT:
            return None
        gone = {server_id for server_id, server in fresh.items() if not servers.alive(server)}
        gone.update(server["id"] for server in moved if server["id"] not in fresh)
        self.known = now
        kept = [record(fresh.pop(old["id"])) if old["id"] in fresh else old for old in self.before.servers if old["id"] not in gone]
        new = [record(server) for server_id, server in fresh.items() if server_id not in gone]
        # The cloud lists the youngest first, and what is new to a filter may be old. Of one second the new one was made later, as far as is known.
        return list(heapq.merge(new, kept, key=lambda server: str(server.get("created") or ""), reverse=True))


class Expansion:
    """What is said of servers beside their records, from one list for all of them: names of flavors and images, volumes."""

    def __init__(self, cloud, region, wanted):
        self.cloud = cloud
        self.region = region
        self.wanted = wanted
        self.flavors = self.images = self.volumes = None

    def fetch(self):
        """Ask for what is wanted."""
        compute = self.cloud.service(COMPUTE, self.region)
        with errors.Doing("list what expand_hostvars wants in %s" % (self.region or "this cloud")):
            if "flavor" in self.wanted:
                self.flavors = {flavor["id"]: flavor.get("name") for flavor in flavors.every(compute, detail=False)}
            if "image" in self.wanted:
                self.images = {image["id"]: image.get("name") for image in images.every(compute, detail=False)}
            if "volumes" in self.wanted:
                self.volumes = by_server(volumes.every(self.cloud.service(VOLUME, self.region)))

    def of(self, server):
        """The additional fields of the record of a server."""
        more = {}
        if self.flavors is not None:
            flavor = server.get("flavor") or {}
            more["flavor_name"] = self.flavors.get(flavor.get("id"), flavor.get("original_name"))
        if self.images is not None:
            more["image_name"] = self.images.get((server.get("image") or {}).get("id"))
        if self.volumes is not None:
            more["volumes"] = self.volumes.get(server["id"], [])
        return more


def by_server(found):
    """{id of a server: the records of the volumes that are attached to it, each with its device}."""
    attached = {}
    for volume in found:
        shown = {name: value for name, value in volumes.record(volume).items() if name != "attachments"}
        for server_id in volumes.server_ids(volume):
            attached.setdefault(server_id, []).append(dict(shown, device=volumes.device(volume, server_id)))
    return {server_id: sorted(here, key=lambda volume: (str(volume["device"]), volume["id"])) for server_id, here in attached.items()}


def regions_of(cloud, wanted):
    """The regions to ask, as the catalog spells them, each once. Raises NoEndpoint for one that is not there."""
    if not wanted:
        raise errors.BadInput("regions is empty. List some, write all, or leave it out.")
    if cloud.login.compute_endpoint:
        if len(wanted) > 1:
            raise errors.BadInput("compute_endpoint is the address of one region, and regions lists %d. Leave one of them out." % len(wanted))
        return [cloud.login.region]
    there = cloud.access.regions()
    if "all" in [name.lower() for name in wanted]:
        names = there or [None]
    else:
        spelling = {name.lower(): name for name in there}
        names = list(dict.fromkeys(spelling.get(name.lower(), name) for name in wanted))
    for name in names:
        cloud.access.endpoint(COMPUTE, name, cloud.login.interface)
    return names
