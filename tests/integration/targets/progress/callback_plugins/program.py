# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""A stdout callback that writes for a program: one JSON document, of the tasks and whether they changed something."""

from __future__ import annotations

import json

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: program
type: stdout
short_description: One JSON document
description: For tests.
author: The rackspace.cloud contributors
"""


class CallbackModule(CallbackBase):
    """Collects, and writes at the end."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "program"

    def __init__(self):
        super().__init__()
        self.results = []

    def v2_runner_on_ok(self, result):
        self.results.append(result._result.get("changed"))

    def v2_playbook_on_stats(self, stats):
        self._display.display(json.dumps(self.results))
