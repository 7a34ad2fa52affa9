# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Faults at the wire: every module and the inventory meet each of them, and nothing is lost, doubled or left unsaid."""
