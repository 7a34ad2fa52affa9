# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What modules promise about check mode, diff mode and running twice, said once."""

from __future__ import annotations


class ModuleDocFragment:
    """rackspace.cloud.attributes for modules that change something, rackspace.cloud.attributes.info for those that ask."""

    DOCUMENTATION = r"""
attributes:
  action_group:
    description: Options given for this group in C(module_defaults) count for the module.
    support: full
    membership: [rackspace.cloud.all]
  check_mode:
    description: Predicts the result without sending anything that changes something; the client itself refuses to.
    support: full
  diff_mode:
    description: Shows with C(--diff) what is changed, before and after.
    support: full
  idempotent:
    description: Running the same task again changes nothing.
    support: full
"""

    INFO = r"""
attributes:
  action_group:
    description: Options given for this group in C(module_defaults) count for the module.
    support: full
    membership: [rackspace.cloud.all]
  check_mode:
    description: Asks only, in check mode as well as outside of it.
    support: full
  diff_mode:
    description: There is nothing to show; the module changes nothing.
    support: N/A
  idempotent:
    description: Running the same task again changes nothing.
    support: full
"""
