# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Resizing a server, and the second half of it: confirming or going back."""

from .. import limits, schema
from ..exchange import Fault
from .flavors import find_flavor_reference
from .servers import checked_disk_config
from .transitions import begin

_UNCONFIRMED = 86_400  # seconds after which Rackspace confirms by itself
_RESIZE = schema.record(required=("flavorRef",), flavorRef=schema.either(schema.text(least=1), schema.whole()), OS_DCF__diskConfig=schema.anything)


def start(call, server, given):
    """Check the request and begin to move the server to another flavor."""
    if not call.strict and (not isinstance(given, dict) or "flavorRef" not in given):
        raise Fault(400, "Resize requests require 'flavorRef' attribute.")
    given = schema.validated(call, given, _RESIZE, "resize")
    if "OS-DCF:diskConfig" in given:
        server.change(call.now, disk_config=checked_disk_config(call, given["OS-DCF:diskConfig"]))
    flavor, old = find_flavor_reference(call, given["flavorRef"]), server.flavor
    if flavor is old:
        raise Fault(400, "When resizing, instances must change flavor!")
    if not flavor["disk"] and old["disk"] and server.image_id:
        raise Fault(400, "Resize to zero disk flavor is not allowed.")
    if call.rackspace and flavor["ram"] < old["ram"] and old["extra_specs"].get("class") != "standard1":
        raise Fault(403, "Resize to a smaller flavor is not allowed for this flavor class.", name="resizeNotAllowed")
    _check_room(call, server, flavor)
    was = {"vm_state": server.vm_state, "power_state": server.power_state}
    server.before["resize"] = {**was, "flavor": old}
    begin(call, server, ["resize_prep", "resize_migrating", "resize_migrated", "resize_finish"],
          {"vm_state": "resized", "power_state": was["power_state"], "flavor": flavor, "host_id": call.region.host_of(server)},
          lambda record, now: _wait_for_word(call, record, now))


def _check_room(call, server, flavor):
    amounts = limits.used(call)
    for resource, more in (("ram", flavor["ram"] - server.flavor["ram"]), ("cores", flavor["vcpus"] - server.flavor["vcpus"])):
        most = limits.quota(call, resource)
        if more > 0 and 0 <= most < amounts[resource] + more:
            raise Fault(403, "Quota exceeded for %s: Requested %d, but already used %d of %d %s" % (resource, more, amounts[resource], most, resource))


def _wait_for_word(call, server, now):
    if call.rackspace:
        server.later([(now + call.settings.scaled(_UNCONFIRMED), _confirmed)])


def _confirmed(server, now):
    before = server.before.pop("resize", {"vm_state": "active", "power_state": 1})
    server.change(now, task_state=None, vm_state=before["vm_state"], power_state=before["power_state"], forced_status=None)


def confirm(call, server, given):
    """Keep the new size; the status does not show it on its way."""
    del given
    before = server.before.get("resize", {"vm_state": "active", "power_state": 1})
    begin(call, server, ["resize_confirming"], {"vm_state": before["vm_state"], "power_state": before["power_state"], "forced_status": None},
          lambda record, now: record.before.pop("resize", None))


def revert(call, server, given):
    """Go back to the old size."""
    del given
    before = server.before.get("resize", {"vm_state": "active", "power_state": 1, "flavor": server.flavor})
    begin(call, server, ["resize_reverting"], {**before, "forced_status": None}, lambda record, now: record.before.pop("resize", None))
