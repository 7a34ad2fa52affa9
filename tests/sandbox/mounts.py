# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Which service answers below which path, in each dress, and how it writes faults and headers."""

import re

from . import compute, glance, identity_v2_users, identity_v3, identity_v3_users, neutron, nothing, versions, volumes
from .clock import http_date
from .exchange import Fault
from .service_catalog import OPENSTACK_REGIONS, RACKSPACE_REGIONS

NEWEST_MICROVERSION = (2, 100)


class Mount:
    """A service at a place.

    `path`: where it is, with `{region}` and `{project}`; a project in brackets may be left out. `bookmark`: the same without the version.
    `strict`: unknown keys in bodies are refused. `open_paths`: what is answered without a token. `write_fault`: instead of the module's own.
    """

    def __init__(self, service, path, module, bookmark=None, strict=False, open_paths=(), microversions=False, write_fault=None):
        self.service = service
        self.path = path
        self.router = module.route
        self.write_fault = write_fault or module.write_fault
        self.bookmark = bookmark or path
        self.strict = strict
        self.open_paths = set(open_paths)
        self.microversions = microversions

    def pattern(self, regions, project):
        """The regular expression of the path; what follows is the group `rest`."""
        text = re.escape(self.path).replace(r"\{region\}", "(?P<region>%s)" % "|".join(regions))
        text = text.replace(r"/\[\{project\}\]", "(?:/(?P<project>%s))?" % project).replace(r"\{project\}", "(?P<project>[^/]+)")
        return re.compile("^" + text + "(?P<rest>/.*)?$")

    def self_path(self, region, project):
        """The path below which this service's resources are linked."""
        return self._filled(self.path, region, project)

    def bookmark_path(self, region, project):
        """The same without a version."""
        return self._filled(self.bookmark, region, project)

    @staticmethod
    def _filled(path, region, project):
        optional = "/" + project if project else ""
        return path.replace("/[{project}]", optional).replace("{region}", region).replace("{project}", project or "")


_MOUNTS = {
    "rackspace": (
        Mount("identity", "/identity/v2.0", identity_v2_users, open_paths=["POST /tokens", "POST /users/RAX-AUTH/change-pwd"]),
        Mount("compute", "/{region}/servers/v2/{project}", compute, bookmark="/{region}/servers/{project}"),
        Mount("first generation", "/servers/v1.0/{project}", nothing),
        Mount("volume", "/{region}/blockstorage/v1/{project}", volumes),
        Mount("volume", "/{region}/blockstorage/v2/{project}", volumes),
        Mount("image", "/{region}/images/v2/[{project}]", glance),
        Mount("network", "/{region}/networks/v2.0", neutron),
        Mount("versions", "", versions, open_paths=["*"]),
    ),
    "openstack": (
        Mount("identity", "/identity/v3", identity_v3_users, open_paths=["POST /auth/tokens"]),
        Mount("compute", "/{region}/compute/v2.1/[{project}]", compute, bookmark="/{region}/compute/[{project}]", strict=True, microversions=True),
        Mount("compute", "/{region}/compute/v2/[{project}]", compute, bookmark="/{region}/compute/[{project}]"),
        Mount("volume", "/{region}/volume/v3/[{project}]", volumes, strict=True),
        Mount("image", "/{region}/image/v2", glance, write_fault=glance.write_framed_fault),
        Mount("network", "/{region}/network/v2.0", neutron),
        Mount("versions", "", versions, open_paths=["*"]),
    ),
}
_PROJECT = {"rackspace": "[0-9]+", "openstack": "[0-9a-f]{32}"}
REGIONS = {"rackspace": RACKSPACE_REGIONS, "openstack": OPENSTACK_REGIONS}


class Mounts:
    """The mounts of one dress."""

    def __init__(self, dress):
        self._mounts = [(mount.pattern(REGIONS[dress], _PROJECT[dress]), mount) for mount in _MOUNTS[dress]]

    def find(self, path):
        """`(mount, region, project, rest)` for a path. The root of a service describes its version, which is no business of the service itself."""
        for pattern, mount in self._mounts:
            match = pattern.match(path)
            if match and (mount.service == "versions" or (match["rest"] or "").strip("/")):
                groups = match.groupdict()
                return mount, groups.get("region"), groups.get("project"), groups.get("rest") or "/"
        raise AssertionError("no mount for %s" % path)


def authenticate(call, rest):
    """Put the token into the call. Fault 401 without a good one; the project in the path must be the token's."""
    open_paths = call.mount.open_paths
    if "*" in open_paths or "%s %s" % (call.request.method, rest.rstrip("/") or "/") in open_paths:
        return
    token_id = call.request.headers.get("x-auth-token", "")
    call.token = call.cloud.accounts.valid(token_id, call.now)
    if call.token is None:
        raise _no_token(call, token_id)
    asked = call.project_in_path
    if asked and asked != call.project_id:
        if call.rackspace:
            raise _no_token(call, token_id)
        raise Fault(400, "Malformed request URL: URL's project_id '%s' doesn't match Context's project_id '%s'" % (asked, call.project_id))
    if call.region and not call.project_id:
        raise Fault(403, "Policy doesn't allow %s to be performed." % call.mount.service)


_NOT_VERIFIED = ("This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong "
                 "credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.")


def _keystone(call):
    return "WWW-Authenticate", 'Keystone uri="%s/identity/v3"' % call.cloud.base_url


def _no_token(call, token_id):
    """The 401 that the middleware in front of a service gives."""
    if not call.rackspace:
        # Identity adds it to every 401, see add_headers().
        where = [] if call.mount.service == "identity" else [_keystone(call)]
        body = {"error": {"code": 401, "title": "Unauthorized", "message": identity_v3.UNAUTHENTICATED}}
        if call.mount.service == "image":
            body = glance.framed(401, _NOT_VERIFIED)
        return Fault(401, identity_v3.UNAUTHENTICATED, raw=body, headers=where, outside=True)
    where = [("WWW-Authenticate", "Keystone uri=%s/identity/v2.0" % call.cloud.base_url)]
    message = "No valid token provided. Please use the 'X-Auth-Token' header with a valid token."
    if token_id and call.mount.service == "identity":
        message = "Token not authenticated."
    return Fault(401, message, raw={"unauthorized": {"code": 401, "message": message}}, headers=where)


def choose_microversion(call):
    """Read the microversion asked for. Fault 400 for nonsense, 406 for one that does not exist."""
    if not call.mount.microversions:
        return
    headers = call.request.headers
    asked = None
    for entry in headers.get("openstack-api-version", "").split(","):
        service, _blank, version = entry.strip().partition(" ")
        if service == "compute":
            asked = version.strip()
    asked = asked or headers.get("x-openstack-nova-api-version")
    if not asked:
        return
    if asked == "latest":
        call.microversion = NEWEST_MICROVERSION
        return
    match = re.match(r"^(\d+)\.(\d+)$", asked)
    if not match:
        raise Fault(400, "API Version String %s is of invalid format. Must be of format MajorNum.MinorNum." % asked, outside=True)
    version = int(match.group(1)), int(match.group(2))
    if not (2, 1) <= version <= NEWEST_MICROVERSION:
        raise Fault(406, "Version %s is not supported by the API. Minimum is 2.1 and maximum is 2.100." % asked, name="computeFault")
    call.microversion = version


def add_headers(call, response):
    """The headers that each service puts on every answer."""
    date = http_date(call.now)
    service = call.mount.service
    if call.rackspace:
        response.headers.append(("Date", date))
        if service == "compute":
            # Repose and the service behind it both date an answer.
            response.headers += [("Date", date), ("X-Compute-Request-Id", call.request_id)]
        if service in ("compute", "image", "network"):
            response.headers += [("Via", "1.1 Repose (Repose/6.2.1.2)"), ("Server", "Jetty(9.2.z-SNAPSHOT)")]
        elif service == "volume":
            response.headers.append(("X-Compute-Request-Id", call.request_id))
        return
    response.headers.append(("Date", date))
    if service == "identity" and response.status == 401:
        response.headers.append(_keystone(call))
    if service != "image" or not call.refused_outside:
        response.headers.append(("X-Openstack-Request-Id", call.request_id))
    # What the volume service answers without any document, it leaves to the framework, which knows no such header.
    if service == "compute" or service == "volume" and not call.refused_outside and not (response.header("Content-Type") or "").startswith("text/html"):
        response.headers.append(("X-Compute-Request-Id", call.request_id))
    if service == "volume" and not call.refused_outside:
        response.headers += [("OpenStack-API-Version", "volume 3.0"), ("Vary", "OpenStack-API-Version")]
    if call.mount.microversions and not call.refused_outside:
        version = "%d.%d" % call.microversion
        response.headers += [("OpenStack-API-Version", "compute " + version), ("X-OpenStack-Nova-API-Version", version),
                             ("Vary", "OpenStack-API-Version, X-OpenStack-Nova-API-Version")]
