# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the module fleet and shows its progress."""

from __future__ import annotations

from ..plugin_utils.live import LiveAction


class ActionModule(LiveAction):
    """Documented with the module."""
