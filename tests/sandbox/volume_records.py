# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The records of a volume, a snapshot of one, and an attachment."""

import uuid

from .clock import iso_micros
from .timeline import Timed


class Attachment:
    """A volume at a server."""

    def __init__(self, volume_id, server_id, device, now, delete_on_termination=False):
        self.id = str(uuid.uuid4())
        self.volume_id = volume_id
        self.server_id = server_id
        self.device = device
        self.attached_at = now
        self.delete_on_termination = delete_on_termination

    def release(self, region, now):
        """The server is gone: the volume is free again, or gone with it."""
        volume = region.volumes.get(self.volume_id)
        if volume is None:
            return
        volume.detach(now)
        volume.gone = self.delete_on_termination


class Volume(Timed):
    """One volume; a status that passes settles by the plan."""

    def __init__(self, volume_id, project_id, user_id, size, now):
        self.id = volume_id
        self.project_id = project_id
        self.user_id = user_id
        self.size = size
        self.created = self.updated = now
        self.name = None
        self.description = None
        self.status = "creating"
        self.volume_type = "SATA"
        self.availability_zone = "nova"
        self.metadata = {}
        self.image = None           # {image_id, image_name} of a bootable one
        self.snapshot_id = None
        self.source_volume_id = None
        self.bootable = False
        self.attachment = None
        self.gone = False

    @classmethod
    def made_for(cls, call, disk, now):
        """A volume that a build asks for."""
        volume = cls(str(uuid.uuid4()), call.project_id, call.user.id, disk["size"] or 1, now)
        volume.name = ""
        volume.status = "available"
        volume.bootable = disk["source"] == "image"
        if disk["source"] == "image":
            volume.image = call.region.images[disk["uuid"]]
        elif disk["source"] == "snapshot":
            snapshot = call.region.snapshots[disk["uuid"]]
            volume.size, volume.snapshot_id, volume.bootable = disk["size"] or snapshot.size, snapshot.id, snapshot.bootable
        return volume

    def change(self, now, **values):
        """Set attributes; the record counts as updated at `now`."""
        for name, value in values.items():
            setattr(self, name, value)
        self.updated = now

    def attach(self, attachment, now):
        """Belong to a server."""
        self.change(now, status="in-use", attachment=attachment)

    def detach(self, now):
        """Belong to no server."""
        self.later([])
        self.change(now, status="available", attachment=None)

    def show(self, version, base=""):
        """The volume as version 1, 2 or 3 of the service shows it; `base`: where its links begin, in version 3."""
        shown = {
            "id": self.id, "status": self.status, "size": self.size, "availability_zone": self.availability_zone, "bootable": str(self.bootable).lower(),
            "encrypted": False, "created_at": iso_micros(self.created), "volume_type": self.volume_type, "snapshot_id": self.snapshot_id,
            "source_volid": self.source_volume_id, "metadata": self.metadata, "attachments": self._attachments(),
        }
        if version == 1:
            shown.update(display_name=self.name, display_description=self.description)
        else:
            shown.update(name=self.name, description=self.description, user_id=self.user_id, updated_at=iso_micros(self.updated), multiattach=False,
                         consistencygroup_id=None, replication_status=None,
                         links=[{"rel": rel, "href": "%s/volumes/%s" % (base, self.id)} for rel in ("self", "bookmark")] if version == 3 else [])
            shown["os-vol-tenant-attr:tenant_id"] = self.project_id
        if self.image is not None:
            shown["volume_image_metadata"] = {"image_id": self.image.id, "image_name": self.image.name}
        return shown

    def _attachments(self):
        item = self.attachment
        if item is None or self.status not in ("in-use", "detaching"):
            return []
        return [{"id": self.id, "attachment_id": item.id, "volume_id": self.id, "server_id": item.server_id, "device": item.device, "host_name": None,
                 "attached_at": iso_micros(item.attached_at)}]


class Snapshot(Timed):
    """A snapshot of a volume."""

    def __init__(self, volume, name, description, now):
        self.id = str(uuid.uuid4())
        self.volume_id = volume.id
        self.project_id = volume.project_id
        self.size = volume.size
        self.bootable = volume.bootable
        self.name = name
        self.description = description
        self.created = self.updated = now
        self.status = "creating"
        self.metadata = {}
        self.gone = False

    def show(self, version):
        """The snapshot as a version of the service shows it."""
        names = {"display_name": self.name, "display_description": self.description} if version == 1 else {"name": self.name, "description": self.description}
        return {"id": self.id, "volume_id": self.volume_id, "size": self.size, "status": self.status, "created_at": iso_micros(self.created),
                "metadata": self.metadata, **names}
