# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A connection to another machine, which happens to be this one."""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = """
name: elsewhere
short_description: As local, but it does not say so
description: For tests.
author: The rackspace.cloud contributors
extends_documentation_fragment: [connection_pipelining]
"""


class Connection(Local):
    """As if the files here were not the files there."""

    transport = "elsewhere"
