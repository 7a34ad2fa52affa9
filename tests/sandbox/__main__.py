# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The command: start a cloud on a port and say how to reach it."""

import argparse
import json
import os
import pathlib
import signal
import sys
import tempfile
import threading

if not __package__:
    # Run as a directory: its own modules must not be taken for those of the standard library.
    sys.path[0] = str(pathlib.Path(__file__).resolve().parent.parent)

from sandbox import Cloud  # noqa: E402  pylint: disable=wrong-import-position
from sandbox.accounts import PASSWORD  # noqa: E402  pylint: disable=wrong-import-position
from sandbox.http_server import Server  # noqa: E402  pylint: disable=wrong-import-position


def _arguments(arguments):
    parser = argparse.ArgumentParser(prog="sandbox", description="Start an embedded cloud.")
    parser.add_argument("--dress", choices=("rackspace", "openstack"), default="rackspace", help="whose APIs to speak")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; the APIs below /sandbox have no authentication")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--latency", type=float, default=0.0, metavar="MS", help="hold back every answer")
    parser.add_argument("--build-time", type=float, default=2.0, metavar="S", help="from the request to ACTIVE")
    parser.add_argument("--time-scale", type=float, default=1.0, metavar="N", help="how many times faster states pass")
    parser.add_argument("--servers", type=int, default=0, metavar="N", help="servers in every region from the start")
    parser.add_argument("--page-size", type=int, default=1000, metavar="N", help="most records of a page")
    parser.add_argument("--ready-file", metavar="PATH", help="write where it is, as JSON, once it listens")
    parser.add_argument("--log-file", metavar="PATH", help="write the log of requests there too, an entry per line; no reset forgets it")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input does")
    return parser.parse_args(arguments)


def environment(cloud):
    """The variables that let clients log in: the dress's own names."""
    if cloud.dress == "rackspace":
        return {"RAX_AUTH_URL": cloud.auth_url, "RAX_USERNAME": "demo", "RAX_API_KEY": "sandbox-api-key", "RAX_REGION": "DFW"}
    return {"OS_AUTH_URL": cloud.auth_url, "OS_USERNAME": "demo", "OS_PASSWORD": PASSWORD, "OS_PROJECT_NAME": "demo",
            "OS_USER_DOMAIN_NAME": "Default", "OS_PROJECT_DOMAIN_NAME": "Default", "OS_REGION_NAME": "RegionOne", "OS_IDENTITY_API_VERSION": "3"}


def _announce(cloud, path):
    told = {"url": cloud.base_url, "pid": os.getpid(), "dress": cloud.dress, "auth_url": cloud.auth_url, "env": environment(cloud)}
    if path:
        folder = os.path.dirname(os.path.abspath(path))
        with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as handle:
            json.dump(told, handle)
        os.replace(handle.name, path)
    for name, value in told["env"].items():
        print("export %s=%s" % (name, value))
    sys.stdout.flush()


def _writer(path):
    """What writes entries of the log into a file, None when there is no path."""
    if not path:
        return None
    handle = open(path, "w", encoding="utf-8", buffering=1)  # noqa: SIM115  open as long as the cloud is

    def write(entry):
        handle.write(json.dumps(entry) + "\n")
    return write


def _wait_for_end(stop):
    # Not through sys.stdin: a thread that holds its lock keeps the interpreter from ending.
    while os.read(0, 65536):
        pass
    stop()


def main(arguments=None):
    """Serve until told to stop."""
    options = _arguments(arguments)
    cloud = Cloud(options.dress, servers=options.servers, tell=_writer(options.log_file), latency_ms=options.latency, build_time=options.build_time,
                  time_scale=options.time_scale, page_size=options.page_size)
    server = Server(cloud, options.host, options.port)

    def stop(*_unused):
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if options.until_eof:
        threading.Thread(target=_wait_for_end, args=(stop,), daemon=True).start()
    _announce(cloud, options.ready_file)
    server.serve_forever(poll_interval=0.2)
    server.server_close()


if __name__ == "__main__":
    main()
