# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The networks of a create request: which were asked for, and what the service says of a bad choice."""

import re

from .. import schema
from ..exchange import Fault
from ..regions import PRIVATE, PUBLIC

_UUID = r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$"
_NETWORKS = schema.array(schema.record(uuid=schema.null_or(schema.text()), port=schema.null_or(schema.text()), fixed_ip=schema.null_or(schema.text()),
                                       tag=schema.text()))


def checked(call, given):
    """The interfaces wanted, as `[{network, fixed_ip?, port?}]`. Fault 400, 403 or 409."""
    wanted = given.get("networks")
    if wanted in ("auto", "none") and call.at_least(37):
        return [] if wanted == "none" else _automatic(call)
    if wanted is None:
        return _automatic(call)
    nics = [_one(call, network) for network in schema.validated(call, wanted, _NETWORKS, "networks")]
    if not nics:
        return _automatic(call)
    seen = [nic["network"] for nic in nics]
    if call.rackspace and len(set(seen)) != len(seen):
        raise Fault(400, "Duplicate networks (%s) are not allowed" % next(uuid for uuid in seen if seen.count(uuid) > 1))
    return nics


def _automatic(call):
    if call.rackspace:
        return [{"network": PUBLIC}, {"network": PRIVATE}]
    usable = [network for network in call.region.networks.values() if not network["external"] and network["project_id"] in (None, call.project_id)]
    if len(usable) > 1:
        raise Fault(409, "Multiple possible networks found, use a Network ID to be more specific.")
    return [{"network": network["id"]} for network in usable]


def _one(call, network):
    port_id, uuid, fixed_ip = network.get("port"), network.get("uuid"), network.get("fixed_ip")
    if port_id:
        port = call.region.ports.get(port_id)
        if port is None or port["project_id"] != call.project_id:
            raise Fault(400, "Port id %s could not be found." % port_id)
        if port["device_id"]:
            raise Fault(409, "Port %s is still in use." % port_id)
        return {"network": port["network_id"], "port": port_id, "entries": [dict(entry) for entry in port["entries"]]}
    if not uuid or not re.match(_UUID, uuid):
        raise Fault(400, "Bad networks format: network uuid is not in proper format (%s)" % uuid)
    record = call.region.networks.get(uuid)
    if record is None or record["project_id"] not in (None, call.project_id):
        raise Fault(400, "Network %s could not be found." % uuid if not call.rackspace else "Network (%s) not found" % uuid)
    if record["external"] and not call.rackspace:
        raise Fault(403, "It is not allowed to create an interface on external network %s" % uuid)
    return {"network": uuid, **({"fixed_ip": fixed_ip} if fixed_ip else {})}


def attached(call, nics, server):
    """The interfaces of one server; a port that was named becomes the server's."""
    for nic in nics:
        if nic.get("port"):
            call.region.ports[nic["port"]].update(device_id=server.id, device_owner="compute:nova", status="ACTIVE")
    return [dict(nic) for nic in nics]
