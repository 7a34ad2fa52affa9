# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The least that a module about a server can do: import requests, GET its record, return it."""

from __future__ import annotations

import requests
from ansible.module_utils.basic import AnsibleModule


def main():
    module = AnsibleModule(argument_spec=dict(url=dict(type="str", required=True), token=dict(type="str", required=True, no_log=True)))
    answer = requests.get(module.params["url"], headers={"X-Auth-Token": module.params["token"]}, timeout=30)
    answer.raise_for_status()
    module.exit_json(changed=False, **answer.json())


if __name__ == "__main__":
    main()
