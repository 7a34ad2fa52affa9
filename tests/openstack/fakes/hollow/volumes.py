# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Volumes without a disk: whatever is asked of them has been done at once."""

from cinder.volume import driver

BACKEND = "hollow"
POOL = {"pool_name": BACKEND, "total_capacity_gb": 1_000_000, "free_capacity_gb": 1_000_000, "allocated_capacity_gb": 0,
        "provisioned_capacity_gb": 0, "reserved_percentage": 0, "max_over_subscription_ratio": 1000.0, "thin_provisioning_support": True,
        "thick_provisioning_support": False, "QoS_support": False, "multiattach": True}


class HollowVolumes(driver.VolumeDriver):
    """The driver, as `volume_driver = hollow.volumes.HollowVolumes`."""

    VERSION = "1.0.0"

    def _done(self, *_arguments, **_named):
        """All that there is to do."""

    do_setup = check_for_setup_error = _done
    create_volume = delete_volume = extend_volume = create_cloned_volume = create_volume_from_snapshot = _done
    create_snapshot = delete_snapshot = copy_image_to_volume = _done
    ensure_export = create_export = remove_export = terminate_connection = _done

    def _update_volume_stats(self):
        self._stats = {"volume_backend_name": BACKEND, "vendor_name": "none", "driver_version": self.VERSION, "storage_protocol": "iSCSI",
                       "pools": [POOL]}

    def clone_image(self, context, volume, image_location, image_meta, image_service):
        """Say that the image is on the volume already."""
        return {}, True

    def initialize_connection(self, volume, connector, **kwargs):
        """Where a hypervisor would find it."""
        return {"driver_volume_type": "iscsi",
                "data": {"target_portal": "127.0.0.1:3260", "target_iqn": "iqn.2010-10.org.openstack:" + volume.id, "target_lun": 1,
                         "target_discovered": False, "access_mode": "rw", "volume_id": volume.id}}
