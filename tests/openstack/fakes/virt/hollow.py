# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A hypervisor without anything in it: Nova's own fake driver, and what a client could notice that it lacks.

Nova's driver makes no content for the image of a server, which stays queued for good; it takes a new identity each time it
starts, and then refuses to; it forgets its servers; and it shows a paused server as running.
"""

import io

from nova import context, objects
from nova.compute import power_state, task_states
from nova.image import glance
from nova.virt import driver, fake, node

# As large as any test may want.
ROOM = {"vcpus": 100_000, "memory_mb": 100_000_000, "local_gb": 10_000_000}
IMAGE_BYTES = 4096


class HollowDriver(fake.FakeDriver):
    """The driver, as `compute_driver = hollow.HollowDriver`."""

    vcpus, memory_mb, local_gb = ROOM["vcpus"], ROOM["memory_mb"], ROOM["local_gb"]
    capabilities = {**fake.FakeDriver.capabilities, **{"supports_image_type_" + kind: True for kind in ("qcow2", "ami", "ari", "aki")}}

    def init_host(self, host):
        """Take up the servers that were here before the process was."""
        super().init_host(host)
        for instance in objects.InstanceList.get_by_host(context.get_admin_context(), host):
            if instance.power_state:  # neither unknown nor none: it has been spawned
                self.instances[instance.uuid] = fake.FakeInstance(instance.name, instance.power_state, instance.uuid)

    def get_nodenames_by_uuid(self, refresh=False):
        """The node under the identity that real drivers keep in a file of the state directory."""
        return driver.ComputeDriver.get_nodenames_by_uuid(self, refresh)

    def get_available_resource(self, nodename):
        """What there is, under the same identity."""
        return {**super().get_available_resource(nodename), "uuid": node.get_local_node_uuid()}

    def snapshot(self, context, instance, image_id, update_task_state):
        """Give the image some bytes, by the way that a disk would go."""
        update_task_state(task_state=task_states.IMAGE_PENDING_UPLOAD)
        images = glance.API()
        image = images.get(context, image_id)
        update_task_state(task_state=task_states.IMAGE_UPLOADING, expected_state=task_states.IMAGE_PENDING_UPLOAD)
        record = {"name": image["name"], "properties": image.get("properties") or {}, "status": "active",
                  "disk_format": image.get("disk_format") or "raw", "container_format": image.get("container_format") or "bare"}
        images.update(context, image_id, record, data=io.BytesIO(bytes(IMAGE_BYTES)), purge_props=False)

    def _power(self, instance, state):
        self.instances[instance.uuid].state = state

    def pause(self, instance):
        """Show the server paused."""
        self._power(instance, power_state.PAUSED)

    def unpause(self, instance):
        """Show the server running."""
        self._power(instance, power_state.RUNNING)

    def suspend(self, context, instance):
        """Show the server off."""
        self._power(instance, power_state.SHUTDOWN)

    def resume(self, context, instance, *args, **kwargs):
        """Show the server running."""
        self._power(instance, power_state.RUNNING)
