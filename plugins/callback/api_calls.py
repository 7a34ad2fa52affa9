# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the plays of a run asked the cloud, added up from the results of their tasks."""

from __future__ import annotations

DOCUMENTATION = r"""
name: api_calls
type: aggregate
short_description: Adds up what a run asked the cloud
description:
  - At the end of a run it tells for each play how often the cloud was asked, how long that took, how often a request had to be
    repeated, how many were spoken in XML, which services were asked what, and which calls took longest.
  - It reads the result C(api_calls), which modules of this collection return when they are traced.
version_added: 1.0.0
author: The rackspace.cloud contributors (@rackspace-cloud)
requirements:
  - enabled in the configuration, with C(callbacks_enabled = rackspace.cloud.api_calls) in C(ansible.cfg)
  - tasks that are traced, by E(RAX_API_TRACE=true) in the environment of the tasks or by the option C(api_trace) of the modules
options:
  slowest:
    description: How many of the slowest calls of a play are listed.
    type: int
    default: 5
    env:
      - name: RAX_API_CALLS_SLOWEST
    ini:
      - section: callback_api_calls
        key: slowest
notes:
  - Tasks with C(no_log) show their results to nobody, so they cannot be counted; how many there were is told.
  - Time is the sum of all calls, also of those that ran side by side in several forks.
"""

from ansible.plugins.callback import CallbackBase

XML = "application/xml"
FIELDS = {"method": str, "path": str, "milliseconds": (int, float), "attempt": int}


class Total:
    """What one play asked. calls: [(call, task, host)]; hidden: results that nobody may see."""

    def __init__(self, play):
        self.play = play
        self.calls = []
        self.hidden = 0


class CallbackModule(CallbackBase):
    """Collects the results api_calls of every task, in loops and in retries too."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "rackspace.cloud.api_calls"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.totals = []

    def v2_playbook_on_play_start(self, play):
        self.totals.append(Total(play.get_name().strip() or "unnamed"))

    def v2_runner_on_ok(self, result):
        self.count(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.count(result)

    def v2_runner_item_on_ok(self, result):
        self.count(result, of_loop=True)

    def v2_runner_item_on_failed(self, result):
        self.count(result, of_loop=True)

    def v2_runner_retry(self, result):
        self.count(result, of_loop=True)  # an attempt that until was not content with; the last one comes as ok or failed

    def v2_playbook_on_stats(self, stats):
        told = [total for total in self.totals if total.calls or total.hidden]
        if not told:
            return
        self._display.banner("API CALLS")
        for total in told:
            for line in lines(total, self.get_option("slowest")):
                self._display.display(line)

    def count(self, result, of_loop=False):
        """Add what one result tells. It may hold anything, of any module; what is no call of ours is passed over.

        of_loop: of one item or attempt. The result that ends a loop holds them all once more, and is not counted.
        """
        task, host, data = parts(result)
        if not hasattr(data, "get") or (getattr(task, "loop", None) is not None and not of_loop):
            return
        if not self.totals:
            self.totals.append(Total("unnamed"))
        total = self.totals[-1]
        if "censored" in data and str(getattr(task, "resolved_action", "")).startswith("rackspace.cloud."):
            total.hidden += 1
        calls = data.get("api_calls")
        if isinstance(calls, list):
            total.calls += [(call, str(getattr(task, "name", None) or getattr(task, "action", "")), host) for call in calls if is_call(call)]


def parts(result):
    """(task, name of the host, data) of a result; ansible-core before 2.19 keeps them under other names."""
    if hasattr(result, "result"):
        return result.task, str(result.host), result.result
    return result._task, str(result._host), result._result


def is_call(call):
    return hasattr(call, "get") and all(isinstance(call.get(name), kind) for name, kind in FIELDS.items())


def lines(total, slowest):
    """What is told of a play."""
    calls = [call for call, _task, _host in total.calls]
    yield "%s: %s" % (total.play, summary(calls)) + (", and %s with no_log" % counted(total.hidden, "result") if total.hidden else "")
    kinds = {}
    for call in calls:
        kinds.setdefault((str(call.get("service") or "?"), call["method"]), []).append(call)
    for (service, method), members in sorted(kinds.items(), key=lambda kind: (-spent(kind[1]), kind[0])):
        yield "  %-20s %-7s %s" % (service, method, summary(members))
    for call, task, host in sorted(total.calls, key=lambda entry: -entry[0]["milliseconds"])[:max(0, slowest)]:
        yield "  %9.1f ms  %s %s  (%s%s)" % (call["milliseconds"], call["method"], call["path"], task, " on " + host if host else "")


def summary(calls):
    """Calls in a few words: how many, how long, repeated, without success."""
    repeated = sum(call["attempt"] > 1 for call in calls)
    refused = sum(not isinstance(call.get("status"), int) or call["status"] >= 400 for call in calls)
    in_xml = sum(call.get("media_type") == XML for call in calls)
    return "%s in %.2f s%s%s%s" % (counted(len(calls), "call"), spent(calls), ", %d of them repeated" % repeated if repeated else "",
                                   ", %d in XML" % in_xml if in_xml else "",
                                   ", %d refused or lost" % refused if refused else "")


def counted(number, word):
    return "%d %s%s" % (number, word, "" if number == 1 else "s")


def spent(calls):
    """Seconds, all calls together."""
    return sum(call["milliseconds"] for call in calls) / 1000.0
