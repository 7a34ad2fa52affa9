# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The compute service: Rackspace's v2 in one dress, Nova's v2.1 in the other. Importing a part of it registers its routes."""

from . import actions, attachments, create, flavors, images, instance_actions, interfaces, keypairs, metadata, networks, schedules, servers, tenancy
from .routes import route, write_fault

__all__ = ["actions", "attachments", "create", "flavors", "images", "instance_actions", "interfaces", "keypairs", "metadata", "networks", "route",
           "schedules", "servers", "tenancy", "write_fault"]
