# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The disks of a create request: boot from a volume, from an image copied to one, and further ones."""

from .. import schema
from ..exchange import Fault
from ..volume_records import Attachment, Volume

_V2 = schema.array(schema.record(
    boot_index=schema.null_or(schema.whole(least=-1)), uuid=schema.null_or(schema.text()), source_type=schema.text(),
    destination_type=schema.text(), volume_size=schema.null_or(schema.whole()), delete_on_termination=schema.boolean, device_name=schema.null_or(schema.text()),
    guest_format=schema.text(), no_device=schema.anything, disk_bus=schema.text(), device_type=schema.text(), tag=schema.text(),
    volume_type=schema.null_or(schema.text()), volume_id=schema.text(), image_id=schema.text(), snapshot_id=schema.text()))
_V1 = schema.array(schema.record(
    device_name=schema.null_or(schema.text()), volume_id=schema.null_or(schema.text()), snapshot_id=schema.null_or(schema.text()),
    volume_size=schema.null_or(schema.whole()), delete_on_termination=schema.boolean, no_device=schema.anything, virtual_name=schema.text(),
    uuid=schema.text(), boot_index=schema.anything, source_type=schema.text(), destination_type=schema.text()))
_NO_SEQUENCE = "Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid."
_SOURCES = ("image", "volume", "snapshot", "blank")


def checked(call, given):
    """The disks wanted, the one booted from first: `[{boots, source, uuid, size, delete, device}]`. Fault 400 for what cannot be."""
    if given.get("block_device_mapping") and given.get("block_device_mapping_v2"):
        raise Fault(400, "Using different block_device_mapping syntaxes is not allowed in the same request.")
    if given.get("block_device_mapping"):
        disks = _old_form(schema.validated(call, given["block_device_mapping"], _V1, "block_device_mapping"))
    else:
        wanted = schema.validated(call, given.get("block_device_mapping_v2") or [], _V2, "block_device_mapping_v2")
        if wanted and not any(disk.get("boot_index") == 0 for disk in wanted):
            raise Fault(400, _NO_SEQUENCE)
        disks = [_new_form(call, disk) for disk in wanted]
    disks = [disk for disk in disks if disk is not None]
    for disk in disks:
        _check_source(call, disk)
    if sum(1 for disk in disks if disk["boots"]) > 1:
        raise Fault(400, _NO_SEQUENCE)
    return sorted(disks, key=lambda disk: not disk["boots"])


def _old_form(disks):
    result = []
    for disk in disks:
        device = (disk.get("device_name") or "").rpartition("/")[2]
        source = "volume" if disk.get("volume_id") else "snapshot" if disk.get("snapshot_id") else "blank"
        result.append({"boots": device in ("vda", "xvda", "sda"), "source": source, "uuid": disk.get("volume_id") or disk.get("snapshot_id"),
                       "size": disk.get("volume_size"), "delete": bool(disk.get("delete_on_termination")), "device": disk.get("device_name")})
    return result


def _new_form(call, disk):
    source = disk.get("source_type", "")
    if source not in _SOURCES:
        raise Fault(400, "Block Device Mapping is Invalid: Invalid source_type %s." % source if not call.strict else
                    "Invalid input for field/attribute source_type. Value: %s. %r is not one of %r" % (source, source, list(_SOURCES)))
    destination = disk.get("destination_type") or ("volume" if source in ("volume", "snapshot") else "local")
    if source in ("volume", "snapshot") and destination == "local":
        raise Fault(400, "Block Device Mapping is Invalid: Invalid source_type/destination_type combination.")
    if source != "blank" and not disk.get("uuid"):
        raise Fault(400, "Missing device UUID.")
    if destination == "local":
        return None  # the image's own disk, or a scratch one: nothing to make
    return {"boots": disk.get("boot_index") == 0, "source": source, "uuid": disk.get("uuid"), "size": disk.get("volume_size"),
            "delete": bool(disk.get("delete_on_termination")), "device": disk.get("device_name")}


def _check_source(call, disk):
    region, source = call.region, disk["source"]
    if source == "volume":
        volume = region.volumes.get(disk["uuid"])
        if volume is None or volume.settle(call.now).gone or volume.project_id != call.project_id:
            raise Fault(400, "Block Device Mapping is Invalid: failed to get volume %s." % disk["uuid"])
        if volume.status != "available":
            raise Fault(400, "Invalid volume: volume '%s' status must be 'available'. Currently in '%s'" % (volume.id, volume.status))
        if disk["boots"] and not volume.bootable:
            raise Fault(400, "Block Device %s is not bootable." % volume.id)
    elif source == "image":
        image = region.images.get(disk["uuid"])
        if image is None or image.settle(call.now).gone or not image.visible_to(call.project_id):
            raise Fault(400, "Block Device Mapping is Invalid: failed to get image %s." % disk["uuid"])
        if not disk["size"]:
            raise Fault(400, "Block Device Mapping is Invalid: You must specify volume_size for an image to volume mapping."
                        if call.rackspace else "Images with destination_type 'volume' need to have a non-zero size specified")
        if disk["size"] < image.min_disk:
            raise Fault(400, "Volume is smaller than the minimum size specified in image metadata. Volume size is %d bytes, minimum size is %d bytes."
                        % (disk["size"] << 30, image.min_disk << 30))
    elif source == "snapshot" and disk["uuid"] not in region.snapshots:
        raise Fault(400, "Block Device Mapping is Invalid: failed to get snapshot %s." % disk["uuid"])
    elif source == "blank" and not disk["size"]:
        raise Fault(400, "Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size")


def boot_image(call, disks):
    """The image that a volume to boot from is made of, or None."""
    if disks and disks[0]["boots"] and disks[0]["source"] == "image":
        return call.region.images[disks[0]["uuid"]]
    return None


def create_volumes(call, server, disks, now):
    """Make and attach the volumes of a build."""
    letters = "abcdefghijklmnop"
    prefix = "/dev/xvd" if call.rackspace else "/dev/vd"
    for number, disk in enumerate(disks):
        if disk["source"] == "volume":
            volume = call.region.volumes[disk["uuid"]]
        else:
            volume = Volume.made_for(call, disk, now)
            call.region.volumes[volume.id] = volume
        device = disk["device"] or prefix + letters[number if disks[0]["boots"] else number + 1]
        attachment = Attachment(volume.id, server.id, device, now, disk["delete"])
        volume.attach(attachment, now)
        server.volumes = [*server.volumes, attachment]
