# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""An image that is being made of a server: sent once for sure, and what «done» looks like."""

from __future__ import annotations

from . import conflicts, creation, images, wait
from .server_actions import IMAGED


class Snapshot:
    """Begins to make an image. server: the record of what it is made of; metadata: a dict, perhaps empty."""

    def __init__(self, task, server, name, metadata):
        self.task = task
        self.api = task.cloud.compute
        self.server = server
        self.name = name
        self.began = wait.now()
        since = task.cloud.transport.cloud_time()

        def post(items):
            return conflicts.waited_out(task, server["id"], lambda: images.create(self.api, server["id"], name, items), IMAGED, "make an image of")

        def by_looks(image):
            return images.origin(image) == server["id"] and (wait.moment(image.get("created")) or 0) >= since - 1
        made, alone = creation.marked(post, lambda: images.named(self.api, name), by_looks, lambda image: images.delete(self.api, image["id"]), metadata)
        self.id = made["id"]
        title = "image %r (%s) of server %r (%s)" % (name, self.id, server["name"], server["id"])
        self.usable = creation.done_alone(lambda image: images.usable(image, title), alone)

    def fetch(self):
        """The image as it is now, raw."""
        image = images.get(self.api, self.id)
        if image is None and wait.now() - self.began < creation.YOUNG:
            return {"id": self.id, "name": self.name, "status": "SAVING"}
        return image

    def done(self, image):
        """A predicate: the image can be used. Raises when it never will be."""
        return self.usable(image)
