# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The record of an image, and how the compute service shows it."""

from .clock import iso
from .timeline import Timed


class Image(Timed):
    """One image. `project_id` None: the provider's own. `server_id`: of a snapshot."""

    def __init__(self, image_id, name, project_id, now, server_id=None):
        self.id = image_id
        self.name = name
        self.project_id = project_id
        self.server_id = server_id
        self.created = self.updated = now
        self.status = "SAVING"
        self.progress = 0
        self.size = 0
        self.min_disk = self.min_ram = 0
        self.metadata = {}
        self.disk_config = None
        self.deleted_at = None
        self.gone = False

    def change(self, now, **values):
        """Set attributes; the record counts as updated at `now`."""
        for name, value in values.items():
            setattr(self, name, value)
        self.updated = max(self.updated, now)
        if self.status == "ACTIVE":
            self.progress = 100

    def links(self, call):
        """The links to the image; the third leads to the image service itself."""
        root = call.cloud.base_url + ("/%s/servers" if call.rackspace else "/%s/image") % call.region.name
        return [{"rel": "self", "href": "%s/images/%s" % (call.self_base, self.id)},
                {"rel": "bookmark", "href": "%s/images/%s" % (call.bookmark_base, self.id)},
                {"rel": "alternate", "type": "application/vnd.openstack.image", "href": "%s/images/%s" % (root, self.id)}]

    def brief(self, call):
        """The image in a list without details."""
        return {"id": self.id, "name": self.name, "links": self.links(call)}

    def show(self, call):
        """The image in full."""
        shown = {"id": self.id, "name": self.name, "status": self.status, "progress": self.progress, "created": iso(self.created),
                 "updated": iso(self.updated), "minDisk": self.min_disk, "minRam": self.min_ram, "metadata": self.metadata,
                 "OS-EXT-IMG-SIZE:size": self.size, "links": self.links(call)}
        disk_config = self.disk_config or {"true": "AUTO", "false": "MANUAL"}.get(self.metadata.get("auto_disk_config", "").lower())
        if disk_config:
            shown["OS-DCF:diskConfig"] = disk_config
        if self.server_id:
            shown["server"] = {"id": self.server_id,
                               "links": [{"rel": "self", "href": "%s/servers/%s" % (call.self_base, self.server_id)},
                                         {"rel": "bookmark", "href": "%s/servers/%s" % (call.bookmark_base, self.server_id)}]}
        return shown

    def visible_to(self, project_id):
        """Whether a project may see it."""
        return self.project_id in (None, project_id)
