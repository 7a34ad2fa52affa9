# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Version documents, and the answer to links that leave the version out."""

from .exchange import Fault, answer
from .routing import Router
from .service_catalog import OPENSTACK_REGIONS

route = Router()

_UPDATED = "2013-07-23T11:33:21Z"


def _version(call, name, path, status="CURRENT", least="", most=""):
    version = {"id": name, "status": status, "links": [{"rel": "self", "href": call.cloud.base_url + path}], "updated": _UPDATED}
    if least:
        version.update(version=most, min_version=least)
    return version


def _identity_v2(call):
    version = _version(call, "v2.0", "/identity/v2.0/")
    version["media-types"] = [{"base": "application/json", "type": "application/vnd.openstack.identity-v2.0+json"}]
    return version


def _identity_v3(call):
    version = _version(call, "v3.14", "/identity/v3/", "stable")
    version["media-types"] = [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}]
    return version


@route("GET", "/identity")
def identity(call):
    """The versions of identity."""
    version = _identity_v2(call) if call.rackspace else _identity_v3(call)
    return answer({"versions": {"values": [version]}}, 300)


@route("GET", "/identity/v2.0", dress="rackspace")
def identity_v2(call):
    """Identity v2.0 about itself."""
    return answer({"version": _identity_v2(call)})


@route("GET", "/identity/v3", dress="openstack")
def identity_v3(call):
    """Keystone v3 about itself."""
    return answer({"version": _identity_v3(call)})


def _compute(call):
    here = "/%s/compute" % call.params["region"]
    return [_version(call, "v2.0", here + "/v2/", "SUPPORTED"), _version(call, "v2.1", here + "/v2.1/", "CURRENT", "2.1", "2.100")]


def _known_region(call):
    if call.params["region"] not in call.cloud.regions:
        raise Fault(404, "The resource could not be found.", name="route")
    return call.params["region"]


@route("GET", "/{region}/compute", dress="openstack")
def compute(call):
    """The versions of compute."""
    _known_region(call)
    return answer({"versions": _compute(call)})


@route("GET", "/{region}/compute/v2", "/{region}/compute/v2/{project}", dress="openstack")
def compute_v2(call):
    """The relaxed version of compute about itself."""
    _known_region(call)
    return answer({"version": _compute(call)[0]})


@route("GET", "/{region}/compute/v2.1", "/{region}/compute/v2.1/{project}", dress="openstack")
def compute_v21(call):
    """The strict version of compute about itself."""
    _known_region(call)
    return answer({"version": _compute(call)[1]})


@route("GET", "/{region}/image", dress="openstack")
def image(call):
    """The versions of the image service."""
    here = "/%s/image/v2/" % _known_region(call)
    return answer({"versions": [_version(call, "v2.%d" % minor, here, "CURRENT" if minor == 9 else "SUPPORTED") for minor in (9, 7, 6, 5, 4, 3, 2, 1, 0)]}, 300)


@route("GET", "/{region}/network", dress="openstack")
def network(call):
    """The versions of the network service."""
    return answer({"versions": [_version(call, "v2.0", "/%s/network/v2.0/" % _known_region(call))]})


@route("GET", "/{region}/network/v2.0", dress="openstack")
def network_version(call):
    """The network service about itself."""
    _known_region(call)
    return answer({"resources": []})


@route("GET", "/{region}/volume", "/{region}/volume/v3", "/{region}/volume/v3/{project}", dress="openstack")
def volume(call):
    """The versions of the volume service."""
    return answer({"versions": [_version(call, "v3.0", "/%s/volume/v3/" % _known_region(call), "CURRENT", "3.0", "3.71")]})


@route("GET", "/{region}/servers", "/{region}/servers/v2", dress="rackspace")
def servers(call):
    """The version of Cloud Servers."""
    return answer({"versions": [_version(call, "v2.0", "/%s/servers/v2/" % _known_region(call))]})


@route("GET", "/{region}/{service}/{kind}/{item}", "/{region}/{service}/{project}/{kind}/{item}")
def choices(call):
    """A bookmark has no version: here are the versions to choose from."""
    if call.params["region"] not in call.cloud.regions or call.params["kind"] not in ("servers", "flavors", "images"):
        raise Fault(404, "The resource could not be found.", name="route")
    version = "v2.1" if call.params["region"] in OPENSTACK_REGIONS else "v2"
    rest = "/".join(call.params[name] for name in ("project", "kind", "item") if name in call.params)
    href = "%s/%s/%s/%s/%s" % (call.cloud.base_url, call.params["region"], call.params["service"], version, rest)
    return answer({"choices": [{"id": "v2.0", "status": "CURRENT", "links": [{"rel": "self", "href": href}],
                                "media-types": [{"base": "application/json", "type": "application/vnd.openstack.compute+json;version=2"}]}]}, 300)


def write_fault(fault, request_id):
    """A fault of whatever stands before the services."""
    del request_id
    return "404 Not Found\n\nThe resource could not be found.\n\n   " if fault.status == 404 else fault.message
