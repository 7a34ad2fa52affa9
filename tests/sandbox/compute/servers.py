# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Servers: list, show, update, delete, addresses."""

import json
import re

from .. import schema
from ..clock import parse_iso
from ..exchange import Fault, answer, empty, written
from ..paging import next_links, one_page
from ..states import KNOWN_STATUSES
from . import instance_actions
from .routes import check_lock, find_server, route


def _changed_since(call):
    value = call.argument("changes-since")
    if value is None:
        return None
    try:
        return parse_iso(value)
    except ValueError:
        if call.rackspace:
            raise Fault(400, "Invalid changes-since value") from None
        raise Fault(400, "Invalid input for query parameters changes-since. Value: %s. '%s' is not a 'date-time'" % (value, value)) from None


def _by_name(call, pattern):
    """The name is a regular expression for the database, which searches for it anywhere and does not mind case."""
    try:
        expression = re.compile(pattern, re.IGNORECASE)
    except re.error:
        raise Fault(400, "Invalid input for query parameters name. Value: %s. %r is not a 'regex'" % (pattern, pattern)) from None
    return lambda server: expression.search(server.name)


def _by_status(call, wanted):
    wanted = {status.upper() for status in wanted}
    if "DELETED" in wanted and not call.user.is_admin:
        raise Fault(403, "Only administrators may list deleted instances")
    if call.at_least(38) and not wanted & KNOWN_STATUSES:
        raise Fault(400, "Invalid status value")
    return lambda server: server.status in wanted


def _by_address(pattern, version):
    try:
        expression = re.compile(pattern)
    except re.error:
        raise Fault(400, "Invalid filter value") from None
    return lambda server: any(entry["version"] == version and expression.search(entry["addr"]) for entries in server.addresses.values() for entry in entries)


def _last_part(reference):
    return reference.rstrip("/").rpartition("/")[2]


def _filters(call):
    """The conditions that the query sets; what is unknown is ignored."""
    tests = []
    argument = call.argument
    if argument("name"):
        tests.append(_by_name(call, argument("name")))
    if argument("status") is not None:
        tests.append(_by_status(call, call.request.arguments["status"]))
    if argument("image") is not None:
        image = _last_part(argument("image"))
        tests.append(lambda server: server.image_id == image)
    if argument("flavor") is not None:
        flavor = _last_part(argument("flavor"))
        tests.append(lambda server: server.flavor["id"] == flavor)
    if argument("ip"):
        tests.append(_by_address(argument("ip"), 4))
    if argument("ip6"):
        tests.append(_by_address(argument("ip6"), 6))
    if argument("reservation_id") is not None:
        reservation = argument("reservation_id")
        tests.append(lambda server: server.reservation_id == reservation)
    return tests


def _everywhere(call):
    """Whether the servers of all projects are asked for."""
    if call.argument("all_tenants") in (None, "0", "False", "false") or call.rackspace:
        return False
    if not call.user.is_admin:
        raise Fault(403, "Policy doesn't allow os_compute_api:servers:detail:get_all_tenants to be performed.")
    return True


def _selected(call):
    """The servers asked for, youngest first."""
    since, tests, everywhere = _changed_since(call), _filters(call), _everywhere(call)
    project_id, now = call.project_id, call.now
    for server in reversed(list(call.region.servers.values())):
        if server.due <= now:
            server.settle(now)
        if not everywhere and server.project_id != project_id:
            continue
        if since is None and server.gone or since is not None and int(server.updated) < since:
            continue
        if all(test(server) for test in tests):
            yield server


def _list(call, path, detailed):
    page, more = one_page(call, _selected(call))
    parts = ['{"servers": [', ", ".join([server.write(call, detailed) for server in page]), "]"]
    if more:
        parts += [', "servers_links": ', json.dumps(next_links(call, path, page[-1].id))]
    parts.append("}")
    return written("".join(parts))


@route("GET", "/servers")
def index(call):
    """Ids and names."""
    return _list(call, "/servers", False)


@route("GET", "/servers/detail")
def detail(call):
    """Full records."""
    return _list(call, "/servers/detail", True)


@route("GET", "/servers/{server_id}")
def show(call):
    """One record."""
    return written('{"server": %s}' % find_server(call).write(call))


_NAME = schema.text(least=1, most=255)
_STRICT_NAME = schema.text(least=1, most=255, pattern=r"^(?! )(?=[^\n\r\t]*$).*(?<! )$")
_ADDRESS = {4: schema.either(schema.text(pattern=r"^$|^(\d{1,3}\.){3}\d{1,3}$")), 6: schema.either(schema.text(pattern=r"^$|^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$"))}


def checked_name(call, name):
    """A server's name as it is kept: v2 trims it, v2.1 refuses blanks around it. Fault 400."""
    if call.strict:
        return schema.validated(call, name, _STRICT_NAME, "name")
    name = schema.validated(call, name, _NAME, "name").strip()
    if not name:
        raise Fault(400, "name is an empty string")
    return name


def checked_address(call, value, version):
    """An access address as it is kept; null and `""` clear it. Fault 400."""
    key = "accessIPv%d" % version
    if value is None and not call.strict:
        return ""
    try:
        return schema.validated(call, value, _ADDRESS[version], key)
    except Fault:
        if call.rackspace:
            raise Fault(400, "%s is not proper IPv%d format" % (key, version)) from None
        raise Fault(400, "Invalid input for field/attribute %s. Value: %s. %r is not a 'ipv%d'" % (key, value, value, version)) from None


_UPDATE = schema.record(name=schema.anything, accessIPv4=schema.anything, accessIPv6=schema.anything, OS_DCF__diskConfig=schema.anything)
_NEWER_UPDATE = schema.record(name=schema.anything, accessIPv4=schema.anything, accessIPv6=schema.anything, OS_DCF__diskConfig=schema.anything,
                              description=schema.null_or(schema.text(most=255)))


@route("PUT", "/servers/{server_id}")
def update(call):
    """Change name and access addresses."""
    given = schema.validated(call, call.body("server"), _NEWER_UPDATE if call.at_least(19) else _UPDATE, "server")
    values = {}
    if "name" in given:
        values["name"] = checked_name(call, given["name"])
    for version, attribute in ((4, "access_ipv4"), (6, "access_ipv6")):
        if "accessIPv%d" % version in given:
            values[attribute] = checked_address(call, given["accessIPv%d" % version], version)
    if "OS-DCF:diskConfig" in given:
        values["disk_config"] = checked_disk_config(call, given["OS-DCF:diskConfig"])
    if "description" in given:
        values["description"] = given["description"]
    server = find_server(call)
    server.change(call.now, **values)
    return answer({"server": server.show_changed(call)})


def checked_disk_config(call, value):
    """`AUTO` or `MANUAL`. Fault 400."""
    if value in ("AUTO", "MANUAL"):
        return value
    if call.strict:
        raise Fault(400, "Invalid input for field/attribute OS-DCF:diskConfig. Value: %s. %r is not one of ['AUTO', 'MANUAL']" % (value, value))
    raise Fault(400, "OS-DCF:diskConfig must be either 'MANUAL' or 'AUTO'.")


@route("DELETE", "/servers/{server_id}")
def delete(call):
    """Start to delete; a server that is being deleted already is no error."""
    server = find_server(call)
    check_lock(server, call)
    if not server.deleted and server.task_state != "deleting":
        instance_actions.note(call, server, "delete")
        begin_delete(call, server)
    return empty(204, "application/json")


def begin_delete(call, server):
    """Set a server on its way out: task state «deleting», then DELETED, then gone."""
    settings = call.settings
    end = call.now + settings.scaled(settings.delete_time)
    server.change(call.now, task_state="deleting")
    server.later([(end, lambda record, now: _end(call.region, record, now)), (end + settings.scaled(settings.delete_lingers), _forget)])


def _end(region, server, now):
    for volume in server.volumes:
        volume.release(region, now)
    for port in [port for port in region.ports.values() if port.get("device_id") == server.id]:
        if port.get("made_by_nova"):
            del region.ports[port["id"]]
        else:
            port.update(device_id="", device_owner="", status="DOWN")
    server.change(now, vm_state="deleted", task_state=None, power_state=0, terminated=now, volumes=[], forced_status=None, addresses={}, nics=[],
                  metadata=server.metadata if region.rackspace else {})


def _forget(server, now):
    del now
    server.gone = True


@route("GET", "/servers/{server_id}/ips")
def addresses(call):
    """All addresses by network."""
    shown = find_server(call).shown_addresses(call)
    return answer({"addresses": {label: [_plain(entry) for entry in entries] for label, entries in shown.items()}})


@route("GET", "/servers/{server_id}/ips/{label}")
def addresses_of(call):
    """The addresses of one network."""
    label = call.params["label"]
    shown = find_server(call).shown_addresses(call)
    if label not in shown:
        raise Fault(404, "Instance is not a member of specified network")
    return answer({label: [_plain(entry) for entry in shown[label]]})


def _plain(entry):
    return {"version": entry["version"], "addr": entry["addr"]}
