# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documentation of the options about waiting."""

from __future__ import annotations


class ModuleDocFragment:
    """Extended by modules whose work goes on in the cloud after the request (rackspace.cloud.wait)."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until the cloud has done what was asked. With V(false) the task still waits between two steps, only not
        after the last.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait for one step at the longest. Left out, 1800 for building, rebuilding and shelving a server,
        for making an image or a volume and for what somebody else began, 900 for deleting, 600 for everything else.
      - V(0) looks once. A negative number is refused.
    type: int
    aliases: [timeout]
  wait_interval:
    description:
      - Seconds between two looks, more than 0. Left out, half a second at first, growing to 15.
    type: float
"""
