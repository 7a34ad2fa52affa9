# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Images made of servers: createImage and createBackup."""

from .. import schema
from ..exchange import Fault, answer, empty
from ..images import Image
from ..seeds import new_id
from ..timeline import settled
from .metadata import checked_metadata

_CREATE = schema.record(required=("name",), name=schema.text(least=1, most=255), metadata=schema.anything)
_BACK_UP = schema.record(required=("name", "backup_type", "rotation"), name=schema.text(least=1, most=255), backup_type=schema.text(),
                         rotation=schema.whole(), metadata=schema.anything)


def create(call, server, given):
    """Begin to make an image; where it will be is in a header, or from 2.45 on in the body."""
    if not call.strict and (not isinstance(given, dict) or not given.get("name")):
        raise Fault(400, "createImage entity requires name attribute")
    given = schema.validated(call, given, _CREATE, "createImage")
    metadata = checked_metadata(call, given.get("metadata", {}), "image_metadata_items")
    image = _begin(call, server, given["name"].strip() if not call.strict else given["name"], metadata,
                   ["image_snapshot", "image_pending_upload", "image_uploading"])
    return _answer(call, image)


def back_up(call, server, given):
    """Make an image and drop the oldest of its kind beyond `rotation`."""
    given = schema.validated(call, given, _BACK_UP, "createBackup")
    metadata = {**checked_metadata(call, given.get("metadata", {}), "image_metadata_items"), "image_type": "backup", "backup_type": given["backup_type"]}
    image = _begin(call, server, given["name"], metadata, ["image_backup"])
    kind = [other for other in settled(call.region.images, call.now)
            if other.server_id == server.id and other.metadata.get("backup_type") == given["backup_type"]]
    for surplus in sorted(kind, key=lambda other: other.created)[:max(0, len(kind) - given["rotation"])]:
        surplus.change(call.now, status="DELETED", gone=True)
    return _answer(call, image)


def _answer(call, image):
    if call.at_least(45):
        return answer({"image_id": image.id}, 202)
    if call.rackspace:
        return empty(202, "text/html; charset=UTF-8", [("Location", "%s/images/%s" % (call.self_base, image.id))])
    return empty(202, "text/html; charset=UTF-8", [("Location", "%s/%s/image/images/%s" % (call.cloud.base_url, call.region.name, image.id))])


def _owner(call):
    """Who made an image, as Nova notes it nowadays."""
    if call.rackspace:
        return {}
    return {"owner_user_name": call.user.name, "owner_project_name": call.cloud.accounts.projects[call.project_id], "boot_roles": ",".join(call.user.roles)}


def _begin(call, server, name, metadata, task_states):
    image = Image(new_id(), name, call.project_id, call.now, server.id)
    origin = call.region.images.get(server.image_id)
    inherited = dict(origin.metadata) if origin is not None else {}
    image.metadata = {**inherited, "image_type": "snapshot", "base_image_ref": server.image_id, "instance_uuid": server.id, "user_id": call.user.id,
                      **_owner(call), **({key.lower(): value for key, value in metadata.items()} if call.rackspace else metadata)}
    image.min_disk, image.min_ram = server.flavor["disk"], origin.min_ram if origin is not None else 0
    image.progress = 25
    image.disk_config = server.disk_config if call.rackspace else None
    call.region.images[image.id] = image
    settings = call.settings
    length = settings.scaled(settings.image_time)
    size = (origin.size if origin is not None else 0) or 1_048_576
    image.later([(call.now + length * 0.4, lambda record, now: record.change(now, progress=50)),
                 (call.now + length, lambda record, now: record.change(now, status="ACTIVE", size=size))])
    image.settle(call.now)
    share = length / len(task_states)
    server.later([*[(call.now + share * number, _into(task_state)) for number, task_state in enumerate(task_states)], (call.now + length, _into(None))])
    server.settle(call.now)
    return image


def _into(task_state):
    def change(server, now):
        server.change(now, task_state=task_state)
    return change
