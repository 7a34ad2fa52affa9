# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""An embedded cloud for tests, demos and rehearsals: Rackspace's or a plain OpenStack's APIs, without any hardware.

`Cloud` is the whole of it and knows no sockets; `http_server` puts it on a port, `adapter` behind a `requests` session.
"""

from .clock import ManualClock, SystemClock
from .cloud import Cloud
from .exchange import Request, Response

__all__ = ["Cloud", "ManualClock", "Request", "Response", "SystemClock"]
