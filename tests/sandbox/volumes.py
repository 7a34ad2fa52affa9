# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Block storage: version 1 and 2 as Rackspace has them, version 3 elsewhere."""

import re
import uuid

from . import limits, schema
from .clock import iso_micros
from .compute import write_fault as _write_fault
from .exchange import Fault, answer, empty
from .paging import next_links, one_page
from .routing import Router
from .timeline import settled
from .volume_records import Snapshot, Volume

route = Router()
_TYPES = {"rackspace": ("SATA", "SSD"), "openstack": ("lvmdriver-1", "__DEFAULT__")}
_LEAST = {"rackspace": {"SATA": 75, "SSD": 50}, "openstack": {}}
_FIELDS = {"size": schema.null_or(schema.whole(least=1)), "snapshot_id": schema.null_or(schema.text()), "imageRef": schema.null_or(schema.text()),
           "source_volid": schema.null_or(schema.text()), "volume_type": schema.null_or(schema.text()),
           "metadata": schema.null_or(schema.mapping(schema.text())),
           "availability_zone": schema.null_or(schema.text()), "name": schema.null_or(schema.text(most=255)),
           "description": schema.null_or(schema.text(most=255)), "display_name": schema.null_or(schema.text(most=255)),
           "display_description": schema.null_or(schema.text(most=255)), "consistencygroup_id": schema.anything, "multiattach": schema.anything,
           "project_id": schema.anything, "user_id": schema.anything, "status": schema.anything, "attach_status": schema.anything,
           "OS_SCH_HNT__scheduler_hints": schema.anything, "image_id": schema.null_or(schema.text()), "group_id": schema.anything,
           "backup_id": schema.anything, "source_replica": schema.anything, "bootable": schema.anything}

_SNAPSHOT = schema.record(required=("volume_id",), volume_id=schema.text(), force=schema.anything, metadata=schema.anything, **{
    name: schema.null_or(schema.text(most=255)) for name in ("name", "description", "display_name", "display_description")})


def write_fault(fault, request_id):
    """A fault as the volume service writes it: like compute."""
    return _write_fault(fault, request_id)


def _version(call):
    return int(re.search(r"/v([123])", call.mount.path).group(1))


def _named(call, given):
    """Name and description, whatever the version calls them."""
    if _version(call) == 1:
        return given.get("display_name"), given.get("display_description")
    return given.get("name", given.get("display_name")), given.get("description", given.get("display_description"))


def _own(call, records):
    return sorted((record for record in settled(records, call.now) if record.project_id == call.project_id), key=lambda record: -record.created)


def _find(call, records, kind, key):
    record = records.get(call.params[key])
    if record is None or record.settle(call.now).gone or record.project_id != call.project_id:
        raise Fault(404, "%s %s could not be found." % (kind, call.params[key]) if not call.rackspace else "The resource could not be found.")
    return record


def _list(call, path, show):
    volumes = _own(call, call.region.volumes)
    name = call.argument("display_name" if _version(call) == 1 else "name")
    status = call.argument("status")
    volumes = [volume for volume in volumes if name in (None, volume.name) and status in (None, volume.status)]
    page, more = one_page(call, volumes)
    body = {"volumes": [show(volume) for volume in page]}
    if more and _version(call) > 1:
        body["volumes_links"] = next_links(call, path, page[-1].id)
    return answer(body)


def _full(call, volume):
    """A volume in full. Cinder leaves whose it is out of the answers to changes, and a new one has not been updated yet."""
    version = _version(call)
    shown = volume.show(version, call.self_base)
    if version == 3 and call.request.method != "GET":
        del shown["os-vol-tenant-attr:tenant_id"]
    if version == 3 and call.request.method == "POST":
        shown["updated_at"] = None
    return shown


def _brief(call, volume):
    return {"id": volume.id, "name": volume.name, "links": [{"rel": "self", "href": "%s/volumes/%s" % (call.self_base, volume.id)}]}


@route("GET", "/volumes")
def index(call):
    """The volumes; version 1 shows them in full."""
    version = _version(call)
    return _list(call, "/volumes", lambda volume: _full(call, volume) if version == 1 else _brief(call, volume))


@route("GET", "/volumes/detail")
def detail(call):
    """The volumes in full."""
    return _list(call, "/volumes/detail", lambda volume: _full(call, volume))


@route("GET", "/volumes/{volume_id}")
def show_one(call):
    """One volume."""
    return answer({"volume": _full(call, _find(call, call.region.volumes, "Volume", "volume_id"))})


@route("POST", "/volumes")
def create(call):
    """Begin to make a volume: empty, of an image, a snapshot or another volume."""
    given = schema.validated(call, call.body("volume"), schema.record(**_FIELDS), "volume")
    version, region, dress = _version(call), call.region, call.cloud.dress
    image, origin, size = _origin(call, given)
    kind = given.get("volume_type") or _TYPES[dress][0]
    if kind not in _TYPES[dress]:
        raise Fault(404 if not call.rackspace else 400, "Volume type with name %s could not be found." % kind)
    least = _LEAST[dress].get(kind, 1)
    if not size or size < least:
        raise Fault(400, "Invalid input received: 'size' parameter must be between %d and 1024" % least)
    _check_room(call, size)
    volume = Volume(str(uuid.uuid4()), call.project_id, call.user.id, size, call.now)
    name, description = _named(call, given)
    volume.name, volume.description = name, description
    volume.volume_type, volume.metadata = kind, dict(given.get("metadata") or {})
    volume.availability_zone = given.get("availability_zone") or "nova"
    volume.image, volume.bootable = image, image is not None or bool(origin and origin.bootable)
    volume.snapshot_id, volume.source_volume_id = given.get("snapshot_id"), given.get("source_volid")
    region.volumes[volume.id] = volume
    shown = _full(call, volume)
    length = call.settings.scaled(call.settings.volume_time)
    volume.later([*([(call.now + length / 2, _into("downloading"))] if image else []), (call.now + length, _noted if call.rackspace else _into("available"))])
    return answer({"volume": shown}, 200 if version == 1 else 202)


def _origin(call, given):
    """`(image, record it is copied from, size)`. Fault 400 or 404."""
    region, size = call.region, given.get("size")
    if given.get("imageRef") or given.get("image_id"):
        image = region.images.get((given.get("imageRef") or given["image_id"]).rstrip("/").rpartition("/")[2])
        if image is None or image.settle(call.now).gone or not image.visible_to(call.project_id):
            raise Fault(400, "Invalid image identifier or unable to access requested image.")
        if size and size < image.min_disk:
            raise Fault(400, "Invalid input received: Volume size %dGB cannot be smaller than the image minDisk size %dGB." % (size, image.min_disk))
        return image, None, size
    for field, records in (("snapshot_id", region.snapshots), ("source_volid", region.volumes)):
        if given.get(field):
            origin = records.get(given[field])
            if origin is None or origin.gone or origin.project_id != call.project_id:
                raise Fault(404, "%s %s could not be found." % ("Snapshot" if field == "snapshot_id" else "Volume", given[field]))
            return None, origin, size or origin.size
    return None, None, size


def _check_room(call, size, more=1):
    own = _own(call, call.region.volumes)
    used, most = sum(volume.size for volume in own), limits.quota(call, "gigabytes")
    if 0 <= most < used + size:
        raise Fault(413, "VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested %dG, quota is %dG and "
                         "%dG has been consumed." % (size, most, used), headers=[("Retry-After", "0")], retryAfter="0")
    if 0 <= limits.quota(call, "volumes") < len(own) + more:
        raise Fault(413, "VolumeLimitExceeded: Maximum number of volumes allowed (%d) exceeded for quota 'volumes'." % limits.quota(call, "volumes"),
                    headers=[("Retry-After", "0")], retryAfter="0")


def _grown(size):
    def change(record, now):
        record.change(now, status="available", size=size)
    return change


def _noted(record, now):
    """Ready; Rackspace notes in the metadata where the volume lies."""
    record.change(now, status="available", metadata={**record.metadata, "storage-node": str(uuid.uuid4())})


def _into(status):
    def change(record, now):
        record.status = status
        record.updated = now
    return change


@route("PUT", "/volumes/{volume_id}")
def update(call):
    """Change name, description and metadata."""
    volume = _find(call, call.region.volumes, "Volume", "volume_id")
    given = schema.validated(call, call.body("volume"), schema.record(**_FIELDS), "volume")
    name, description = _named(call, given)
    volume.change(call.now, name=volume.name if name is None else name, description=volume.description if description is None else description,
                  metadata=dict(given["metadata"]) if given.get("metadata") is not None else volume.metadata)
    return answer({"volume": _full(call, volume)})


def _metadata(call):
    given = call.body("metadata")
    for key, value in given.items():
        if not key or len(key) > 255 or not isinstance(value, str) or len(value) > 255:
            raise Fault(400, "Invalid metadata: %s: %r" % (key, value))
    return given


@route("GET", "/volumes/{volume_id}/metadata")
def metadata(call):
    """The metadata of a volume."""
    return answer({"metadata": _find(call, call.region.volumes, "Volume", "volume_id").metadata})


@route("POST", "/volumes/{volume_id}/metadata")
def metadata_update(call):
    """Add and change items."""
    volume = _find(call, call.region.volumes, "Volume", "volume_id")
    volume.change(call.now, metadata={**volume.metadata, **_metadata(call)})
    return answer({"metadata": volume.metadata})


@route("PUT", "/volumes/{volume_id}/metadata")
def metadata_replace(call):
    """Set all items."""
    volume = _find(call, call.region.volumes, "Volume", "volume_id")
    volume.change(call.now, metadata=dict(_metadata(call)))
    return answer({"metadata": volume.metadata})


@route("DELETE", "/volumes/{volume_id}/metadata/{key}")
def metadata_delete(call):
    """Take an item away."""
    volume = _find(call, call.region.volumes, "Volume", "volume_id")
    if call.params["key"] not in volume.metadata:
        raise Fault(404, "Metadata item was not found" if call.rackspace else "Volume %s has no metadata with key %s." % (volume.id, call.params["key"]))
    volume.change(call.now, metadata={key: value for key, value in volume.metadata.items() if key != call.params["key"]})
    return empty(200)


@route("DELETE", "/volumes/{volume_id}")
def delete(call):
    """Begin to delete a volume that nobody uses."""
    volume = _find(call, call.region.volumes, "Volume", "volume_id")
    if volume.status not in ("available", "error", "error_deleting"):
        raise Fault(400, "Invalid volume: Volume status must be available or error, but current status is: %s." % volume.status if call.rackspace else
                    "Invalid volume: Volume status must be available or error or error_restoring or error_extending or error_managing and must not be "
                    "migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.")
    if any(snapshot.volume_id == volume.id for snapshot in settled(call.region.snapshots, call.now)):
        raise Fault(400, "Invalid volume: Volume still has 1 dependent snapshots.")
    volume.change(call.now, status="deleting")
    volume.later([(call.now + call.settings.scaled(call.settings.volume_time), _vanish)])
    return empty(202, "text/html; charset=UTF-8")


def _vanish(record, now):
    del now
    record.gone = True


@route("POST", "/volumes/{volume_id}/action")
def act(call):
    """Extend a volume, or mark it bootable."""
    volume = _find(call, call.region.volumes, "Volume", "volume_id")
    body = call.body()
    if "os-extend" in body:
        size = schema.validated(call, body["os-extend"], schema.record(required=("new_size",), new_size=schema.whole()), "os-extend")["new_size"]
        if volume.status != "available" or size <= volume.size:
            told = "" if call.rackspace else " (current: %d, extended: %d)." % (volume.size, size)
            raise Fault(400, "Invalid input received: New size for extend must be greater than current size.%s" % told)
        _check_room(call, size - volume.size, more=0)
        volume.change(call.now, status="extending")
        volume.later([(call.now + call.settings.scaled(call.settings.volume_time), _grown(size))])
        return empty(202, None if call.rackspace else "application/json")
    if "os-set_bootable" in body:
        volume.change(call.now, bootable=bool(body["os-set_bootable"].get("bootable")))
        return empty(200)
    raise Fault(400, "There is no such action: %s" % ", ".join(sorted(body)))


def _snapshot(call, snapshot):
    """A snapshot; nowadays with its project and how far it is, except in the answer to a change."""
    shown = snapshot.show(_version(call))
    if _version(call) == 3:
        shown["updated_at"] = None if call.request.method == "POST" else iso_micros(snapshot.updated)
    if _version(call) == 3 and call.request.method == "GET":
        shown["os-extended-snapshot-attributes:project_id"] = snapshot.project_id
        shown["os-extended-snapshot-attributes:progress"] = "100%" if snapshot.status == "available" else "0%"
    return shown


@route("GET", "/snapshots", "/snapshots/detail")
def snapshots(call):
    """The snapshots."""
    return answer({"snapshots": [_snapshot(call, snapshot) for snapshot in _own(call, call.region.snapshots)]})


@route("GET", "/snapshots/{snapshot_id}")
def snapshot_one(call):
    """One snapshot."""
    return answer({"snapshot": _snapshot(call, _find(call, call.region.snapshots, "Snapshot", "snapshot_id"))})


@route("POST", "/snapshots")
def snapshot_create(call):
    """Begin to make a snapshot; of a volume in use only by force."""
    given = schema.validated(call, call.body("snapshot"), _SNAPSHOT, "snapshot")
    volume = call.region.volumes.get(given.get("volume_id"))
    if volume is None or volume.settle(call.now).gone or volume.project_id != call.project_id:
        raise Fault(404, "Volume %s could not be found." % given.get("volume_id"))
    forced = str(given.get("force", False)).lower() in ("true", "1")
    if volume.status != "available" and not (forced and volume.status == "in-use"):
        raise Fault(400, "Invalid volume: Volume %s status must be available, but current status is: %s." % (volume.id, volume.status))
    name, description = _named(call, given)
    snapshot = Snapshot(volume, name, description, call.now)
    call.region.snapshots[snapshot.id] = snapshot
    shown = _snapshot(call, snapshot)
    snapshot.later([(call.now + call.settings.scaled(call.settings.volume_time), _into("available"))])
    return answer({"snapshot": shown}, 200 if _version(call) == 1 else 202)


@route("DELETE", "/snapshots/{snapshot_id}")
def snapshot_delete(call):
    """Begin to delete a snapshot."""
    snapshot = _find(call, call.region.snapshots, "Snapshot", "snapshot_id")
    snapshot.status = "deleting"
    snapshot.later([(call.now + call.settings.scaled(call.settings.volume_time), _vanish)])
    return empty(202, "text/html; charset=UTF-8")


@route("GET", "/types")
def types(call):
    """The volume types."""
    names = _TYPES[call.cloud.dress]
    return answer({"volume_types": [{"id": str(number) if call.rackspace else "5eed0000-0000-4000-8000-00000000000%d" % number, "name": name,
                                     "extra_specs": {}, "is_public": True, "os-volume-type-access:is_public": True,
                                     "description": "Default Volume Type" if name == "__DEFAULT__" else None} for number, name in enumerate(names, 1)]})


@route("GET", "/os-availability-zone", dress="openstack")
def zones(call):
    """The zone of the volume service."""
    del call
    return answer({"availabilityZoneInfo": [{"zoneName": "nova", "zoneState": {"available": True}}]})


@route("GET", "/limits")
def show_limits(call):
    """What the project may have and has of volumes."""
    own = _own(call, call.region.volumes)
    return answer({"limits": {"rate": [], "absolute": {
        "maxTotalVolumes": limits.quota(call, "volumes"), "maxTotalVolumeGigabytes": limits.quota(call, "gigabytes"),
        "totalVolumesUsed": len(own), "totalGigabytesUsed": sum(volume.size for volume in own), "maxTotalSnapshots": 10, "totalSnapshotsUsed": 0}}})
