# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writes what our modules return, a line of JSON per result, to the file that EXAMPLES_RECORD names. For the tests."""

from __future__ import annotations

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: recorder
type: notification
short_description: Results as lines of JSON
description: Results as lines of JSON.
"""


class CallbackModule(CallbackBase):
    """Results of ours, as they came back."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "recorder"
    CALLBACK_NEEDS_ENABLED = True

    def write(self, result):
        content = result.result if hasattr(result, "result") else result._result
        task = result.task if hasattr(result, "task") else result._task
        action = task.resolved_action or task.action
        if action.startswith("rackspace.cloud.") and "results" not in content and "censored" not in content:
            with open(os.environ["EXAMPLES_RECORD"], "a", encoding="utf-8") as handle:
                handle.write(json.dumps({"module": action.rpartition(".")[2], "result": content}, default=str) + "\n")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.write(result)

    v2_runner_on_ok = v2_runner_item_on_ok = v2_runner_item_on_failed = write
