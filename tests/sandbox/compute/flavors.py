# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Flavors and their extra specs."""

from ..exchange import Fault, answer
from ..paging import next_links, one_page
from .routes import route


class _Shown:
    """A flavor with an attribute for its id, as pages want it."""

    def __init__(self, flavor):
        self.id = flavor["id"]
        self.flavor = flavor


def _links(call, flavor):
    return [{"rel": "self", "href": "%s/flavors/%s" % (call.self_base, flavor["id"])},
            {"rel": "bookmark", "href": "%s/flavors/%s" % (call.bookmark_base, flavor["id"])}]


def _brief(call, flavor):
    return {"id": flavor["id"], "name": flavor["name"], "links": _links(call, flavor)}


def _full(call, flavor):
    shown = {**_brief(call, flavor), "ram": flavor["ram"], "disk": flavor["disk"], "vcpus": flavor["vcpus"], "swap": flavor["swap"],
             "rxtx_factor": flavor["rxtx_factor"], "OS-FLV-EXT-DATA:ephemeral": flavor["ephemeral"]}
    if call.rackspace:
        shown["OS-FLV-WITH-EXT-SPECS:extra_specs"] = flavor["extra_specs"]
        return shown
    shown.update({"OS-FLV-DISABLED:disabled": False, "os-flavor-access:is_public": True})
    if call.at_least(55):
        shown["description"] = None
    if call.at_least(61):
        shown["extra_specs"] = flavor["extra_specs"]
    if call.at_least(75):
        shown["swap"] = flavor["swap"] or 0
    return shown


def _least(call, name):
    value = call.argument(name)
    if value in (None, ""):
        return 0
    if not value.isdigit():
        raise Fault(400, "Invalid %s filter [%s]" % ("min_ram" if call.rackspace and name == "minRam" else name, value))
    return int(value)


def _list(call, path, show):
    ram, disk = _least(call, "minRam"), _least(call, "minDisk")
    flavors = sorted(call.region.flavors.values(), key=lambda flavor: (len(flavor["id"]) > 2, flavor["id"]))
    page, more = one_page(call, [_Shown(flavor) for flavor in flavors if flavor["ram"] >= ram and flavor["disk"] >= disk])
    body = {"flavors": [show(call, entry.flavor) for entry in page]}
    if more:
        body["flavors_links"] = next_links(call, path, page[-1].id)
    return answer(body)


@route("GET", "/flavors")
def index(call):
    """Ids and names."""
    return _list(call, "/flavors", _brief)


@route("GET", "/flavors/detail")
def detail(call):
    """Full records."""
    return _list(call, "/flavors/detail", _full)


def _find(call):
    flavor = call.region.flavors.get(call.params["flavor_id"])
    if flavor is None:
        raise Fault(404, "Flavor %s could not be found." % call.params["flavor_id"])
    return flavor


@route("GET", "/flavors/{flavor_id}")
def show_one(call):
    """One record."""
    return answer({"flavor": _full(call, _find(call))})


@route("GET", "/flavors/{flavor_id}/os-extra_specs")
def extra_specs(call):
    """The extra specs of one flavor."""
    return answer({"extra_specs": _find(call)["extra_specs"]})


@route("GET", "/flavors/{flavor_id}/os-extra_specs/{key}")
def extra_spec(call):
    """One extra spec."""
    specs, key = _find(call)["extra_specs"], call.params["key"]
    if key not in specs:
        raise Fault(404, "Flavor %s has no extra specs with key %s." % (call.params["flavor_id"], key))
    return answer({key: specs[key]})


def find_flavor_reference(call, reference):
    """The flavor that a request names by id or URL. Fault 400 when there is none."""
    flavor = call.region.flavors.get(str(reference).rstrip("/").rpartition("/")[2])
    if flavor is None:
        raise Fault(400, "Invalid flavorRef provided." if call.rackspace else "Flavor %s could not be found." % reference)
    return flavor
