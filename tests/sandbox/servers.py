# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The record of a server, and how it is shown in either dress; what was written once is kept until the record changes."""

import json
import re

from .clock import iso, iso_micros
from .states import IMPLIED, WITH_PROGRESS, status_of
from .timeline import Timed

# What a newer microversion adds to a server: since when, field, how to read it.
_NEWER_FIELDS = (
    (9, "locked", lambda server: server.locked),
    (19, "description", lambda server: server.description),
    (26, "tags", lambda server: server.tags),
    (63, "trusted_image_certificates", lambda server: None),
    (71, "server_groups", lambda server: []),
    (73, "locked_reason", lambda server: server.locked_reason),
    (90, "OS-EXT-SRV-ATTR:hostname", lambda server: server.hostname),
    (96, "pinned_availability_zone", lambda server: None),
    (100, "scheduler_hints", lambda server: server.scheduler_hints),
)
# What Nova leaves out of the answers to an update and a rebuild, up to 2.75.
_NOT_IN_CHANGES = ("OS-EXT-STS:vm_state", "OS-EXT-STS:task_state", "OS-EXT-STS:power_state", "OS-EXT-AZ:availability_zone", "OS-SRV-USG:launched_at",
                   "OS-SRV-USG:terminated_at", "os-extended-volumes:volumes_attached", "security_groups", "key_name", "config_drive",
                   "RAX-PUBLIC-IP-ZONE-ID:publicIPZoneId", "RAX-SI:image_schedule")
# Names of the API that a test may set, and where they are kept.
_RAW = {
    "name": "name", "accessIPv4": "access_ipv4", "accessIPv6": "access_ipv6", "metadata": "metadata", "progress": "progress", "hostId": "host_id",
    "key_name": "key_name", "config_drive": "config_drive", "OS-DCF:diskConfig": "disk_config", "fault": "fault", "tenant_id": "project_id",
    "user_id": "user_id", "OS-EXT-STS:power_state": "power_state", "RAX-SI:image_schedule": "image_schedule",
    "OS-EXT-AZ:availability_zone": "availability_zone",
}


class Server(Timed):
    """One server. Times are seconds since the epoch; `addresses` is `{label: [{addr, version, mac, port, type}]}`, shown as the dress does."""

    def __init__(self, server_id, name, project_id, user_id, flavor, image_id, now):
        self.id = server_id
        self.name = name
        self.hostname = re.sub(r"[^a-z0-9.-]+", "-", name.lower()).strip("-.") or "server-" + server_id
        self.project_id = project_id
        self.user_id = user_id
        self.flavor = flavor
        self.image_id = image_id
        self.created = self.updated = now
        self.vm_state = "building"
        self.task_state = "scheduling"
        self.power_state = 0
        self.forced_status = None
        self.progress = 0
        self.metadata = {}
        self.addresses = {}
        self.nics = []
        self.access_ipv4 = self.access_ipv6 = ""
        self.host_id = ""
        self.key_name = None
        self.config_drive = ""
        self.disk_config = "MANUAL"
        self.availability_zone = ""
        self.security_groups = []
        self.volumes = []          # attachments, see attachments.py
        self.fault = None
        self.launched = self.terminated = None
        self.image_schedule = None
        self.reservation_id = None
        self.scheduler_hints = {}
        self.description = None
        self.tags = []
        self.locked = False
        self.locked_reason = None
        self.before = {}           # what a resize, rescue or rebuild goes back to
        self.actions = []          # newest first, see instance_actions.py
        self.secret = {}           # the password, user data, files: never shown
        self.seeded = False
        self.gone = False          # a GET is a 404
        self.raw = {}              # fields that a test has put in, or out (None)
        self.sequence = 0
        self._written = {}

    @property
    def status(self):
        """The status as shown."""
        return self.forced_status or status_of(self.vm_state, self.task_state)

    @property
    def deleted(self):
        """Whether it has been deleted, be it still shown or not."""
        return self.vm_state == "deleted"

    def change(self, now, **values):
        """Set attributes; the record counts as updated at `now`."""
        for name, value in values.items():
            setattr(self, name, value)
        self.touch(now)

    def touch(self, now):
        """The record has changed: forget how it was written."""
        self.updated = max(self.updated, now)
        self.change_quietly()

    def change_quietly(self, **values):
        """Set attributes that Nova keeps outside the record of a server: addresses, attached volumes, security groups. `updated` stays, and a list
        of what changed since some moment does not show it."""
        for name, value in values.items():
            setattr(self, name, value)
        self._written.clear()

    def force(self, fields, now):
        """Set fields by their names in the API, without any rule. A status alone implies the states below it."""
        fields = dict(fields)
        if "status" in fields:
            status = fields.pop("status")
            states = IMPLIED.get(status, ("active", None, 1))
            self.vm_state, self.task_state, self.power_state = states
            self.forced_status = None if status in IMPLIED else status
            self.later([])
        if "OS-EXT-STS:vm_state" in fields:
            self.vm_state = fields.pop("OS-EXT-STS:vm_state")
        if "OS-EXT-STS:task_state" in fields:
            self.task_state = fields.pop("OS-EXT-STS:task_state")
        for name in [name for name in fields if name in _RAW]:
            setattr(self, _RAW[name], fields.pop(name))
        self.raw.update(fields)
        self.touch(now)

    def write(self, call, detailed=True):
        """The record as JSON text, for this call's links and microversion."""
        key = (detailed, call.self_base, call.microversion)
        text = self._written.get(key)
        if text is None:
            text = self._written[key] = json.dumps(self.show(call) if detailed else self.brief(call))
        return text

    def links(self, call):
        """The links to the server."""
        return [{"rel": "self", "href": "%s/servers/%s" % (call.self_base, self.id)},
                {"rel": "bookmark", "href": "%s/servers/%s" % (call.bookmark_base, self.id)}]

    def brief(self, call):
        """The server in a list without details."""
        return {"id": self.id, "name": self.name, "links": self.links(call)}

    def show(self, call):
        """The server in full."""
        status = self.status
        shown = {
            "id": self.id, "name": self.name, "status": status, "tenant_id": self.project_id, "user_id": self.user_id,
            "metadata": self.metadata, "hostId": self.host_id, "image": self._image(call), "flavor": self._flavor(call),
            "created": iso(self.created), "updated": iso(self.updated), "addresses": self.shown_addresses(call),
            "accessIPv4": self.access_ipv4, "accessIPv6": self.access_ipv6, "links": self.links(call),
            "OS-DCF:diskConfig": self.disk_config, "config_drive": self.config_drive, "key_name": self.key_name,
            "OS-EXT-STS:vm_state": self.vm_state, "OS-EXT-STS:task_state": self.task_state, "OS-EXT-STS:power_state": self.power_state,
        }
        if status in WITH_PROGRESS:
            shown["progress"] = self.progress
        if self.fault and status in ("ERROR", "DELETED"):
            shown["fault"] = self.fault
        shown.update(self._rackspace_fields() if call.rackspace else self._openstack_fields(call))
        for name, value in self.raw.items():
            shown[name] = value
            if value is None:
                del shown[name]
        return shown

    def show_changed(self, call):
        """The server as the answer to an update or a rebuild: without what extensions add."""
        shown = self.show(call)
        if call.at_least(75):
            return shown
        shown = {name: value for name, value in shown.items() if name not in _NOT_IN_CHANGES}
        shown["addresses"] = {label: [{"version": entry["version"], "addr": entry["addr"]} for entry in entries]
                              for label, entries in shown["addresses"].items()}
        return shown

    def _rackspace_fields(self):
        fields = {"RAX-PUBLIC-IP-ZONE-ID:publicIPZoneId": self.host_id[::-1]} if self.host_id else {}
        if self.image_schedule:
            fields["RAX-SI:image_schedule"] = self.image_schedule
        return fields

    def _openstack_fields(self, call):
        fields = {
            "OS-EXT-AZ:availability_zone": self.availability_zone,
            "OS-SRV-USG:launched_at": iso_micros(self.launched) if self.launched else None,
            "OS-SRV-USG:terminated_at": iso_micros(self.terminated) if self.terminated else None,
            "os-extended-volumes:volumes_attached": [
                {"id": volume.volume_id, **({"delete_on_termination": volume.delete_on_termination} if call.at_least(3) else {})}
                for volume in self.volumes],
        }
        if self.security_groups and self.addresses:
            fields["security_groups"] = [{"name": name} for name in self.security_groups]
        for minor, name, read in _NEWER_FIELDS:
            if call.at_least(minor):
                fields[name] = read(self)
        return fields

    def _flavor(self, call):
        if call.at_least(47):
            flavor = self.flavor
            return {"original_name": flavor["name"], "ram": flavor["ram"], "vcpus": flavor["vcpus"], "disk": flavor["disk"],
                    "swap": flavor["swap"] or 0, "ephemeral": flavor["ephemeral"], "extra_specs": flavor["extra_specs"]}
        return {"id": self.flavor["id"], "links": [{"rel": "bookmark", "href": "%s/flavors/%s" % (call.bookmark_base, self.flavor["id"])}]}

    def _image(self, call):
        if not self.image_id:
            return ""
        image = {"id": self.image_id, "links": [{"rel": "bookmark", "href": "%s/images/%s" % (call.bookmark_base, self.image_id)}]}
        if call.at_least(98):
            image["properties"] = {"base_image_ref": self.image_id, "container_format": "bare", "disk_format": "raw",
                                   "min_disk": str(self.flavor["disk"]), "min_ram": "0"}
        return image

    def shown_addresses(self, call):
        """The addresses as the dress shows them: Rackspace says no more than address and version."""
        if call.rackspace:
            return {label: [{"addr": entry["addr"], "version": entry["version"]} for entry in entries] for label, entries in self.addresses.items()}
        return {label: [{"version": entry["version"], "addr": entry["addr"], "OS-EXT-IPS:type": entry.get("type", "fixed"),
                         "OS-EXT-IPS-MAC:mac_addr": entry.get("mac", "")} for entry in entries] for label, entries in self.addresses.items()}
