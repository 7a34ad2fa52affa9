# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documentation of the option about what is shown of long work."""

from __future__ import annotations


class ModuleDocFragment:
    """Extended by modules that show what they wait for (rackspace.cloud.progress)."""

    DOCUMENTATION = r"""
options:
  progress:
    description:
      - Whether to show, while the task runs, how far the cloud has got, as a line such as C(web3 BUILD 40 %).
      - V(auto) does so when the output goes to a terminal and the stdout callback is one for people to read.
      - V(always) does so in any case, on stderr when the stdout callback writes for programs. V(never) keeps silent.
      - Nothing is shown in check mode, with C(no_log) or C(async), when the task runs on another machine, or when it becomes a user other
        than root. There, the environment variable E(RAX_PROGRESS_FILE) names a file that the same lines are appended to.
      - Where that variable is set, the lines go to its file alone.
      - The result is the same in any case.
    type: str
    choices: [auto, always, never]
    default: auto
"""
