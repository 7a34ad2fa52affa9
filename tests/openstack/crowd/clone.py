# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Thousands of servers in seconds: every row that Nova and Neutron keep of one server, copied under new ids; and all copies taken out again.

    .work/openstack/environment/bin/python tests/openstack/crowd/clone.py add SERVER COUNT
    .work/openstack/environment/bin/python tests/openstack/crowd/clone.py remove SERVER

To every API the copies are real servers with real ports. Their compute host does not exist, so that nobody looks after them: they can
be listed, shown and deleted, and nothing can be done to them.
"""

from __future__ import annotations

import datetime
import ipaddress
import re
import sys
import uuid
from pathlib import Path

import pymysql

sys.path += [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent.parent.parent)]

from settings import HOST, PASSWORD, ports  # noqa: E402

ROLES = ("web", "db", "cache", "queue")
HISTORY = ("instance_actions", "instance_faults", "console_auth_tokens", "migrations")  # what was done to a server is its own
FIRST_ADDRESS = ipaddress.ip_address("10.0.128.1")
AT_ONCE = 100
IN_THE_WAY = (1062, 1213)  # somebody took that address meanwhile; a deadlock


class Databases:
    """Nova's and Neutron's tables, on one connection."""

    def __init__(self):
        self.connection = pymysql.connect(host=HOST, port=ports()["mariadb"], user="openstack", password=PASSWORD, charset="utf8", database="neutron",
                                          cursorclass=pymysql.cursors.DictCursor)
        self.cursor = self.connection.cursor()

    def rows(self, statement, *values):
        self.cursor.execute(statement, values)
        return list(self.cursor.fetchall())

    def tables(self, schema, column):
        """The tables that name something by a column."""
        found = self.rows("SELECT table_name AS name FROM information_schema.columns WHERE table_schema = %s AND column_name = %s", schema, column)
        return [schema + "." + row["name"] for row in found if not row["name"].startswith("shadow_") and row["name"] not in HISTORY]

    def insert(self, table, rows):
        columns = list(rows[0])
        statement = "INSERT INTO %s (%s) VALUES (%s)" % (table, ", ".join("`%s`" % name for name in columns), ", ".join(["%s"] * len(columns)))
        self.cursor.executemany(statement, [tuple(row.values()) for row in rows])

    def of_server(self):
        return self.tables("nova_cell1", "instance_uuid") + ["nova_api.instance_mappings", "nova_api.request_specs"]


def add(databases, server_id, count):
    """Put copies of a server there."""
    original = Original(databases, server_id)
    for begin in range(0, count, AT_ONCE):
        patiently(databases, lambda begin=begin: add_some(databases, original, range(begin + 1, min(begin + AT_ONCE, count) + 1)))
    return count


def add_some(databases, original, numbers):
    copies = {}
    for number in numbers:
        for table, row in original.copy(number):
            copies.setdefault(table, []).append(row)
    for table in sorted(copies, key=lambda name: not name.endswith((".ports", ".instances"))):
        databases.insert(table, copies[table])


class Original:
    """A server with one port, and all that is known of it."""

    def __init__(self, databases, server_id):
        read = databases.rows
        self.id = server_id
        self.server, = read("SELECT * FROM nova_cell1.instances WHERE uuid = %s", server_id)
        self.beside = {table: read("SELECT * FROM %s WHERE instance_uuid = %%s" % table, server_id) for table in databases.of_server()}
        self.port, = read("SELECT * FROM neutron.ports WHERE device_id = %s", server_id)
        self.attribute, = read("SELECT * FROM neutron.standardattributes WHERE id = %s", self.port["standard_attr_id"])
        self.of_port = {table: read("SELECT * FROM %s WHERE port_id = %%s" % table, self.port["id"]) for table in databases.tables("neutron", "port_id")}
        self.address = self.of_port["neutron.ipallocations"][0]
        self.range = read("SELECT id FROM neutron.ipamsubnets WHERE neutron_subnet_id = %s", self.address["subnet_id"])[0]["id"]
        taken = {row["ip_address"] for row in read("SELECT ip_address FROM neutron.ipamallocations WHERE ipam_subnet_id = %s", self.range)}
        self.free = (str(FIRST_ADDRESS + step) for step in range(2 ** 15) if str(FIRST_ADDRESS + step) not in taken)
        self.databases = databases

    def address_of_its_own(self):
        return next(self.free)

    def copy(self, number):
        """Yield (table, row) of a copy."""
        server_id, port_id, address = str(uuid.uuid4()), str(uuid.uuid4()), self.address_of_its_own()
        mac = "fa:16:3f:%02x:%02x:%02x" % (number >> 16, number >> 8 & 255, number & 255)
        names = {self.id: server_id, self.port["id"]: port_id, self.port["id"][:11]: port_id[:11], self.port["mac_address"]: mac,
                 self.server["display_name"]: "%s-%d" % (self.server["display_name"], number)}
        pattern = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r"|(?<![\d.])%s(?![\d.])" % re.escape(self.address["ip_address"]))

        def renamed(row, **others):
            found = {name: pattern.sub(lambda match: names.get(match.group(), address), value) if isinstance(value, str) else value
                     for name, value in row.items()}
            return dict(found, **others)

        def without_id(row, **others):
            return {name: value for name, value in renamed(row, **others).items() if name != "id"}

        made = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None, microsecond=0) - datetime.timedelta(days=1)
        yield "nova_cell1.instances", without_id(self.server, created_at=made, updated_at=made, host="crowd", node="crowd", launched_on="crowd",
                                                 compute_id=None)
        for table, rows in self.beside.items():
            for row in rows:
                others = {"uuid": str(uuid.uuid4())} if table.endswith("block_device_mapping") else {}
                if table.endswith(".instance_metadata") and row["key"] == "role":
                    others["value"] = ROLES[number % len(ROLES)]
                yield table, without_id(row, **others)
        self.databases.insert("neutron.standardattributes", [without_id(self.attribute)])
        yield "neutron.ports", renamed(self.port, standard_attr_id=self.databases.cursor.lastrowid)
        for table, rows in self.of_port.items():
            for row in rows:
                yield table, renamed(row)
        yield "neutron.ipamallocations", {"ip_address": address, "status": "ALLOCATED", "ipam_subnet_id": self.range}


def remove(databases, server_id):
    """Take the copies out: all servers of the project on the host that is none. The original stays."""
    copies = [row["uuid"] for row in databases.rows(
        "SELECT uuid FROM nova_cell1.instances WHERE host = 'crowd' AND project_id = (SELECT project_id FROM nova_cell1.instances WHERE uuid = %s)", server_id)]
    for begin in range(0, len(copies), AT_ONCE):
        patiently(databases, lambda some=copies[begin:begin + AT_ONCE]: remove_some(databases, some))
    return len(copies)


def remove_some(databases, copies):
    these = ", ".join(["%s"] * len(copies))
    databases.cursor.execute(
        "DELETE m FROM neutron.ipamallocations m JOIN neutron.ipamsubnets s ON s.id = m.ipam_subnet_id JOIN neutron.ipallocations a "
        "ON a.subnet_id = s.neutron_subnet_id AND a.ip_address = m.ip_address JOIN neutron.ports p ON p.id = a.port_id "
        "WHERE p.device_id IN (%s)" % these, copies)
    databases.cursor.execute("DELETE a FROM neutron.standardattributes a JOIN neutron.ports p ON p.standard_attr_id = a.id "
                             "WHERE p.device_id IN (%s)" % these, copies)  # its port, and what belongs to that, go with it
    for table in databases.of_server():
        databases.cursor.execute("DELETE FROM %s WHERE instance_uuid IN (%s)" % (table, these), copies)
    databases.cursor.execute("DELETE FROM nova_cell1.instances WHERE uuid IN (%s)" % these, copies)


def patiently(databases, work):
    """Do it in one transaction, again where the services were in its way."""
    for last in [False] * 20 + [True]:
        try:
            work()
            databases.connection.commit()
            return
        except (pymysql.err.OperationalError, pymysql.err.IntegrityError) as error:
            databases.connection.rollback()
            if last or error.args[0] not in IN_THE_WAY:
                raise


if __name__ == "__main__":
    what, template, *numbers = sys.argv[1:]
    print({"add": add, "remove": remove}[what](Databases(), template, *map(int, numbers)))
