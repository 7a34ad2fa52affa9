# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What the services stand on: a MariaDB and a RabbitMQ of their own, beside any that the machine may have."""

from __future__ import annotations

import getpass
import os
import subprocess

from machine import tail
from processes import start, until
from settings import HOST, LOGS, PASSWORD, STATE, CloudFailed, is_open, ports

DATABASES = ("keystone", "placement", "glance", "cinder", "neutron", "nova_api", "nova_cell0", "nova_cell1")
NAMES = ("rabbitmq", "epmd", "mariadb")  # in the order in which they may end


def launch():
    """Start both; they take their time."""
    _mariadb()
    _rabbitmq()


def wait():
    """Until both take connections."""
    for name in ("mariadb", "rabbitmq"):
        port = ports()[name]
        until("%s listens on port %d" % (name, port), lambda port=port: is_open(port), 120, needs=[name])


def _mariadb():
    data = STATE / "mariadb"
    user = getpass.getuser()
    if not (data / "mysql").is_dir():
        log = LOGS / "mariadb-install.log"
        with open(log, "wb") as output:
            done = subprocess.run(["mariadb-install-db", "--no-defaults", "--datadir=%s" % data, "--user=" + user, "--skip-test-db",
                                   "--auth-root-authentication-method=normal"], stdout=output, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            raise CloudFailed("The database could not be made; the end of %s:\n%s" % (log, tail(log)))
    # Read at each start; it changes nothing the second time.
    first = STATE / "databases.sql"
    first.write_text("".join("CREATE DATABASE IF NOT EXISTS %s CHARACTER SET utf8mb3;\n" % name for name in DATABASES)
                     + "CREATE USER IF NOT EXISTS 'openstack'@'%%' IDENTIFIED BY '%s';\nGRANT ALL ON *.* TO 'openstack'@'%%';\n" % PASSWORD)
    start("mariadb", [
        # The socket lies in the data directory, named from there: the path of a socket may not be long.
        "/usr/sbin/mariadbd", "--no-defaults", "--datadir=%s" % data, "--socket=mariadb.sock", "--pid-file=mariadb.pid", "--init-file=%s" % first,
        "--user=" + user, "--bind-address=" + HOST, "--port=%d" % ports()["mariadb"], "--max-connections=1000", "--skip-name-resolve",
        "--skip-log-bin", "--performance-schema=0", "--character-set-server=utf8mb3", "--innodb-buffer-pool-size=512M",
        "--innodb-log-file-size=64M",
        # What a crash would lose is of no worth.
        "--innodb-flush-log-at-trx-commit=0"], dict(os.environ), ports()["mariadb"])


def _rabbitmq():
    home = STATE / "rabbitmq"
    home.mkdir(parents=True, exist_ok=True)
    (home / "env.conf").write_text("")
    (home / "enabled_plugins").write_text("[].\n")
    (home / "rabbitmq.conf").write_text("disk_free_limit.absolute = 500MB\nlog.file.level = warning\n")
    environment = dict(
        os.environ, HOME=str(home),  # where it keeps its cookie
        ERL_EPMD_ADDRESS=HOST, ERL_EPMD_PORT=str(ports()["epmd"]),
        RABBITMQ_NODENAME="tests-%d@localhost" % ports()["rabbitmq"],
        RABBITMQ_NODE_IP_ADDRESS=HOST, RABBITMQ_NODE_PORT=str(ports()["rabbitmq"]), RABBITMQ_DIST_PORT=str(ports()["rabbitmq-distribution"]),
        RABBITMQ_MNESIA_BASE=str(home / "mnesia"), RABBITMQ_LOG_BASE=str(LOGS / "rabbitmq"), RABBITMQ_PID_FILE=str(home / "pid"),
        RABBITMQ_CONF_ENV_FILE=str(home / "env.conf"), RABBITMQ_CONFIG_FILE=str(home / "rabbitmq.conf"),
        RABBITMQ_ENABLED_PLUGINS_FILE=str(home / "enabled_plugins"),
        # Idle schedulers sleep instead of spinning; Erlang's own port stays on loopback.
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}")
    # Started here, or RabbitMQ would start one that nobody ends.
    start("epmd", ["epmd", "-port", ports()["epmd"], "-relaxed_command_check"], environment, ports()["epmd"])
    until("epmd listens", lambda: is_open(ports()["epmd"]), 20, needs=["epmd"])
    # The server itself: the program of that name on PATH would become another user.
    start("rabbitmq", ["/usr/lib/rabbitmq/bin/rabbitmq-server"], environment, ports()["rabbitmq"])
