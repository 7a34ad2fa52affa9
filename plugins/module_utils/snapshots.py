# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""An image that is being made of a server: sent once for sure, and what «done» looks like."""

from __future__ import annotations

from . import conflicts, creation, errors, images, wait
from .server_actions import IMAGED

YOUNG = 30.0  # seconds in which an image just made may not be found yet


class Snapshot:
    """Begins to make an image. server: the record of what it is made of; metadata: a dict, perhaps empty."""

    def __init__(self, task, server, name, metadata):
        self.task = task
        self.api = task.cloud.compute
        self.server = server
        self.name = name
        self.began = wait.now()
        try:
            made = self.send(dict(metadata, **{creation.MARKER: creation.marker()}))
        except errors.ApiError as error:
            if error.status not in (400, 403, 413) or "metadata" not in error.text.lower():
                raise
            made = self.send(metadata)  # it was refused, so nothing was made: the account allows too few items for the mark
        self.id = made["id"]

    def send(self, metadata):
        """The one image that came of it; a second one, which only a lie can make, is deleted."""
        since = self.task.cloud.transport.cloud_time()
        made, looked = creation.once(
            lambda: conflicts.waited_out(self.task, self.server["id"], lambda: images.create(self.api, self.server["id"], self.name, metadata),
                                         IMAGED, "make an image of"),
            lambda: next(iter(self.ours(metadata, since)), None))
        if looked and creation.MARKER in metadata:
            for other in self.ours(metadata, since):
                if other["id"] != made["id"]:
                    images.delete(self.api, other["id"])
        return made

    def ours(self, metadata, since):
        """The images that this request made: those with its mark, else those that only it can have made."""
        mark = metadata.get(creation.MARKER)
        found = images.named(self.api, self.name)
        if mark:
            return [image for image in found if (image.get("metadata") or {}).get(creation.MARKER) == mark]
        return [image for image in found if images.origin(image) == self.server["id"] and (wait.moment(image.get("created")) or 0) >= since - 1]

    def fetch(self):
        """The image as it is now, raw."""
        image = images.get(self.api, self.id)
        if image is None and wait.now() - self.began < YOUNG:
            return {"id": self.id, "name": self.name, "status": "SAVING"}
        return image

    def done(self, image):
        """A predicate: the image can be used. Raises when it never will be."""
        return images.usable(image, "image %r (%s) of server %r (%s)" % (self.name, self.id, self.server["name"], self.server["id"]))
