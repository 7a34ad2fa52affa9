# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Breaks of the client, each of which the integration targets have to notice on the real cloud."""

from __future__ import annotations

from dataclasses import dataclass

import mutation


@dataclass
class Break(mutation.Break):
    """One break, and the targets that have to notice it."""

    plays: tuple

    def __str__(self):
        return "%-46s %s" % (self.name, ", ".join(self.plays))


BREAKS = (
    Break("a wrong key in the body of a create", "server_request.py", '"flavorRef":', '"flavor_ref":', ("refusals",)),
    Break("the pages after the first are lost", "api.py", "            if href:\n", "            if False:\n", ("refusals",)),
    Break("a refused token is not renewed", "api.py", "if error.status != 401:", "if error.status != 499:", ("refusals",)),
    Break("the state of a task is ignored", "servers.py", 'TASK = "OS-EXT-STS:task_state"', 'TASK = "task_state"', ("server_action",)),
    Break("metadata replaces what is there", "metadata_items.py", 'api.post(place + "/metadata"', 'api.put(place + "/metadata"', ("server",)),
    Break("a resize is taken back instead of confirmed", "server_actions.py", 'Action("confirmResize"', 'Action("revertResize"', ("server",)),
    Break("a server is not waited for", "servers.py", "return status in statuses and not server.get(TASK)", "return True", ("server",)),
)
