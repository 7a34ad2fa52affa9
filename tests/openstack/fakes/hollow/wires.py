# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Ports without a wire: each is bound and active as soon as it is wanted."""

from neutron_lib import constants
from neutron_lib.api.definitions import portbindings
from neutron_lib.plugins.ml2 import api


class HollowPorts(api.MechanismDriver):
    """The mechanism driver, entry point `hollow`."""

    def initialize(self):
        """There is nothing to prepare."""

    @property
    def connectivity(self):
        """What its ports are connected by."""
        return portbindings.CONNECTIVITY_L2

    def bind_port(self, context):
        """Bind a port to its first segment."""
        for segment in context.segments_to_bind[:1]:
            context.set_binding(segment[api.ID], portbindings.VIF_TYPE_OVS, {portbindings.CAP_PORT_FILTER: True},
                                status=constants.PORT_STATUS_ACTIVE)
