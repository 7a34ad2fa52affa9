# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The first generation of Cloud Servers: still in the catalog under the same type as its successor, and empty."""

from .exchange import answer
from .routing import Router

route = Router()


@route("GET", "/servers", "/servers/detail")
def servers(call):
    """No servers: they live in the next generation."""
    del call
    return answer({"servers": []})


def write_fault(fault, request_id):
    """A fault in the manner of the first generation."""
    del request_id
    name = "itemNotFound" if fault.name == "route" else fault.name
    return {name: {"code": fault.status, "message": fault.message}}
