# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Which service speaks XML, what the others say to it, and how an answer gets its form."""

import json

from . import xml_replies
from .exchange import Fault


def speaks(call):
    """Whether the service at hand speaks XML: in the Rackspace dress identity does, and compute while the setting `compute_xml` is on."""
    service = call.mount.service
    return call.rackspace and (service == "identity" or service == "compute" and call.settings.compute_xml)


def check(call):
    """Refuse what the service does not speak, as each does. Only the networks of OpenStack look at what is accepted."""
    service, request = call.mount.service, call.request
    if service == "network" and not call.rackspace and request.accepts_xml:
        raise Fault(406, "The server could not comply with the request since it is either malformed or otherwise incorrect.", kind="HTTPNotAcceptable")
    if not request.is_xml or speaks(call):
        return
    if service == "identity":
        raise Fault(400, "Expecting to find application/json in Content-Type header. The server could not comply with the request since it is "
                         "either malformed or otherwise incorrect. The client is assumed to be in error.")
    if service == "image":
        raise Fault(400, "Malformed JSON in request body.")
    if service == "network" and not call.rackspace:
        raise Fault(400, "Body contains invalid data", kind="HTTPBadRequest")
    raise Fault(415, "Unsupported Content-Type")


def formed(call, response):
    """The answer in XML, where that is accepted and the service speaks it."""
    if not (response.body and call.request.accepts_xml and (response.header("Content-Type") or "").startswith("application/json") and speaks(call)):
        return response
    data = json.loads(response.body)
    if "title" in data and "code" in data:  # written by the frame around the service, which knows pages and plain text
        response.body, kind = ("%s\n\n%s\n\n   " % (data["code"], data["message"].partition("<")[0])).encode(), "text/plain; charset=UTF-8"
    else:
        response.body, kind = xml_replies.write(data, call.mount.service, call.request.path.endswith("/detail")), "application/xml"
    response.headers = [(name, kind if name.lower() == "content-type" else value) for name, value in response.headers]
    return response
