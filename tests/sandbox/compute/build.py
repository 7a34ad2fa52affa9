# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""How a build passes: scheduling, networking, the disk, spawning, and what may become of it."""

import ipaddress

from ..addresses import fill_addresses
from ..clock import iso
from . import block_devices


def begin_build(call, server, disks=()):
    """Plan the build of a new server. The setting `next_build` decides how it ends."""
    settings, region = call.settings, call.region
    length = settings.scaled(settings.build_time)
    fate = settings.take("next_build")
    steps = [(0.1, _to("networking", 5))]
    if disks:
        steps = [(0.1, _to("block_device_mapping", 5)), (0.4, lambda record, now: _with_volumes(call, record, disks, now))]
    steps.append((0.5, lambda record, now: _spawn(region, record, now)))
    if fate == "ERROR":
        steps.append((1.0, _fail("No valid host was found. There are not enough hosts available.", 500)))
    else:
        steps.append((1.0, lambda record, now: _finish(region, record, now)))
    if fate == "ACTIVE_THEN_ERROR":
        steps.append((1.5, _fail("The server has crashed.", 500)))
    plan = [(call.now + share * length, change) for share, change in steps]
    if fate != "ERROR":
        plan += _automation(settings, call.now + length)
    server.later(sorted(plan, key=lambda step: step[0]))


def _automation(settings, start):
    """What Rackspace's automation writes into the metadata of a server that is ACTIVE."""
    return [(start + settings.scaled(seconds), _write(key, value)) for key, steps in (settings.automation or {}).items() for seconds, value in steps]


def _write(key, value):
    def change(server, now):
        values = {"metadata": {**server.metadata, key: value}}
        if (key, value) == ("rackconnect_automation_status", "DEPLOYED"):
            # From now on the server is reached through the account's own gateway.
            values["access_ipv4"] = str(ipaddress.IPv4Address("203.0.113.1") + server.sequence % 250)
        server.change(now, **values)
    return change


def _to(task_state, progress):
    def change(server, now):
        server.change(now, task_state=task_state, progress=progress)
    return change


def _with_volumes(call, server, disks, now):
    block_devices.create_volumes(call, server, disks, now)
    server.change(now, task_state="networking", progress=20)


def _spawn(region, server, now):
    nics = [dict(nic) for nic in server.nics]
    access = server.access_ipv4, server.access_ipv6
    server.nics = nics
    fill_addresses(region, server)
    # The access addresses that the service chooses itself appear at the end of the build.
    server.before = {"access": (server.access_ipv4, server.access_ipv6)}
    server.change(now, task_state="spawning", progress=25, host_id=region.host_of(server), access_ipv4=access[0], access_ipv6=access[1])


def _finish(region, server, now):
    del region
    access = server.before.pop("access", ("", ""))
    server.change(now, vm_state="active", task_state=None, power_state=1, progress=100, launched=now,
                  access_ipv4=server.access_ipv4 or access[0], access_ipv6=server.access_ipv6 or access[1])


def _fail(message, code):
    def change(server, now):
        server.change(now, vm_state="error", task_state=None, power_state=0, fault={"code": code, "created": iso(now), "message": message})
    return change
