# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The verbs of a volume at a server. How far the work is, only the volume's own status tells (volumes.py)."""

from __future__ import annotations

from urllib.parse import quote

from . import records, servers, things


def every(api, server_id):
    """The raw attachments of a server; none when the server is gone."""
    found = api.find(path(server_id))
    if found is None:
        return []
    attached = found["volumeAttachments"]
    things.check("GET %s" % path(server_id), "volumeAttachments", attached, said=found)
    return attached


def get(api, server_id, volume_id):
    """One raw attachment, or None."""
    return api.find(path(server_id, volume_id), key="volumeAttachment", needs="volumeId")


def attach(api, server_id, volume_id, device=None):
    """Start to attach. The answer may name the device; a new cloud gives none."""
    body = {"volumeId": volume_id} if device is None else {"volumeId": volume_id, "device": device}
    return api.create(path(server_id), {"volumeAttachment": body}).part("volumeAttachment")


def detach(api, server_id, volume_id):
    """Start to detach; a volume that is not there any more is fine."""
    api.remove(path(server_id, volume_id))


def path(server_id, volume_id=None):
    place = servers.path(server_id) + "/os-volume_attachments"
    return place if volume_id is None else "%s/%s" % (place, quote(volume_id, safe=""))


def record(raw):
    """The record of a raw attachment: server_id, volume_id, device and what else the cloud tells."""
    return records.record(raw)
