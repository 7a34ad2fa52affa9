# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Breaks of the client, each of which the integration targets have to notice on the real cloud.

A break is a piece of a file below plugins/, what comes in its place, and the targets that are to turn red.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Break:
    """One break."""

    name: str
    path: str      # below plugins/
    right: str     # is there exactly once
    wrong: str
    targets: tuple

    def apply(self, root):
        """Break the copy of the collection in `root`; a function that mends it."""
        file = root / "plugins" / self.path
        text = file.read_text(encoding="utf-8")
        if text.count(self.right) != 1:
            raise LookupError("%s: %r is %d times in plugins/%s, and should be there once; bring the break up to date"
                              % (self.name, self.right, text.count(self.right), self.path))
        file.write_text(text.replace(self.right, self.wrong), encoding="utf-8")
        return lambda: file.write_text(text, encoding="utf-8")


BREAKS = (
    Break("a wrong key in the body of a create", "module_utils/server_request.py", '"flavorRef":', '"flavor_ref":', ("refusals",)),
    Break("the pages after the first are lost", "module_utils/api.py", "            if href:\n", "            if False:\n", ("refusals",)),
    Break("a refused token is not renewed", "module_utils/api.py", "if error.status != 401:", "if error.status != 499:", ("refusals",)),
    Break("the state of a task is ignored", "module_utils/servers.py", 'TASK = "OS-EXT-STS:task_state"', 'TASK = "task_state"', ("server_action",)),
    Break("metadata replaces what is there", "module_utils/metadata_items.py", 'api.post(place + "/metadata"', 'api.put(place + "/metadata"', ("server",)),
    Break("a resize is taken back instead of confirmed", "module_utils/server_actions.py", 'Action("confirmResize"', 'Action("revertResize"', ("server",)),
    Break("a server is not waited for", "module_utils/servers.py", "return status in statuses and not server.get(TASK)", "return True", ("server",)),
)
