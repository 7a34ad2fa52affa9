# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""An inventory of thousands of servers on the real OpenStack, side by side with openstack.cloud.

    python3 tests/openstack/crowd [--servers N] [--rounds N]

The cloud has to run (`make openstack-up`). The servers are copies in its databases, in a project of their own; they are listed through a
second compute API with pages of a thousand. Both are gone in the end. Ends with 1 when the inventory is less than 2.5 times as fast.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent.parent
sys.path += [str(TESTS), str(TESTS / "openstack"), str(TESTS / "bench")]

import contents  # noqa: E402
import processes  # noqa: E402
from checkout import WORK, link_tree  # noqa: E402
from client import Session  # noqa: E402
from configuration import python_path  # noqa: E402
from environments import create, interpreters  # noqa: E402
from peers import openstack_cloud  # noqa: E402
from ratios import FEWEST_ROUNDS, ratio, verdict  # noqa: E402
from services import NOVA  # noqa: E402
from settings import ENVIRONMENT, HOST, PASSWORD, REGION, STATE, CloudFailed, is_open, program, url  # noqa: E402

NAME = "crowd"
PAGE = 1000
PORT = 32400
BUDGET = 1 / 2.5
PLACE = WORK / "crowd"
RESULTS = WORK / "results/crowd.json"
KEYS = ("metadata.role", "status")


def project():
    """A login of a project that is nobody else's, made at first sight."""
    admin = contents.admin()
    ids = {kind: {record["name"]: record["id"] for record in admin.ask("GET", "identity", "/%ss" % kind)[kind + "s"]} for kind in ("project", "user", "role")}
    for kind, record in (("project", {}), ("user", {"password": PASSWORD})):
        if NAME not in ids[kind]:
            body = {kind: dict(record, name=NAME, domain_id="default")}
            ids[kind][NAME] = admin.ask("POST", "identity", "/%ss" % kind, body)[kind]["id"]
    admin.ask("PUT", "identity", "/projects/%s/users/%s/roles/%s" % (ids["project"][NAME], ids["user"][NAME], ids["role"]["member"]))
    return Session(url("keystone") + "/v3", NAME, PASSWORD, NAME, REGION)


def original(session):
    """The id of the server that the others are copies of."""
    for server in session.ask("GET", "compute", "/servers/detail?name=%s$" % NAME)["servers"]:
        if server["status"] == "ACTIVE" and not server["OS-EXT-STS:task_state"]:
            return server["id"]
    image = next(image["id"] for image in session.ask("GET", "image", "/images")["images"] if image["name"] == "cirros")
    network = next(network["id"] for network in session.ask("GET", "network", "/networks")["networks"] if network["name"] == "private")
    made = session.ask("POST", "compute", "/servers", {"server": {
        "name": NAME, "flavorRef": "42", "imageRef": image, "networks": [{"uuid": network}], "metadata": {"role": "web", "environment": "production"}}})
    server_id = made["server"]["id"]
    processes.until("the first server", lambda: session.ask("GET", "compute", "/servers/" + server_id)["server"]["status"] == "ACTIVE", 180)
    return server_id


def clone(*words):
    """What clone.py says, which needs the packages of the cloud."""
    done = subprocess.run([program("python"), str(Path(__file__).with_name("clone.py")), *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)
    if done.returncode:
        raise CloudFailed(done.stderr)
    return int(done.stdout)


def second_api():
    """Start a compute API with pages of a thousand; its process."""
    if is_open(PORT):
        raise CloudFailed("Port %d is taken." % PORT)
    PLACE.mkdir(parents=True, exist_ok=True)
    more = PLACE / "large-pages.conf"
    more.write_text("[DEFAULT]\nosapi_compute_listen_port = %d\nosapi_compute_workers = 1\nlog_file = %s\n[api]\nmax_limit = %d\n"
                    "[keystone_authtoken]\ntoken_cache_time = 300\n" % (PORT, PLACE / "nova-api.log", PAGE))
    environment = dict(os.environ, PATH="%s:%s" % (ENVIRONMENT / "bin", os.environ["PATH"]), PYTHONPATH=python_path(), HOME=str(STATE))
    with open(PLACE / "nova-api.out", "ab") as output:
        process = subprocess.Popen([program("nova-api-os-compute"), *NOVA, "--config-file", str(more)], env=environment, cwd=PLACE,
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 180
    while not is_open(PORT):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise CloudFailed("The second compute API did not start; see %s." % (PLACE / "nova-api.out"))
        time.sleep(0.5)
    return process


def sides(python):
    """The commands of both inventories, and their environment."""
    endpoint = "http://%s:%d/v2.1" % (HOST, PORT)
    login = {"auth_url": url("keystone") + "/v3", "username": NAME, "password": PASSWORD, "project_name": NAME, "user_domain_name": "Default",
             "project_domain_name": "Default"}

    def write(name, content):
        (PLACE / name).write_text(json.dumps(content))
        return str(PLACE / name)

    def groups(prefix):
        return [{"key": prefix + key, "prefix": key.rpartition(".")[2]} for key in KEYS]
    clouds = write("clouds.yaml", {"clouds": {NAME: {"auth": login, "region_name": REGION, "compute_endpoint_override": endpoint}}})
    ours = write("my.rackspace.yml", {"plugin": "rackspace.cloud.servers", "cloud": NAME, "compute_endpoint": endpoint, "api_timeout": 600,
                                      "keyed_groups": groups("rax_")})
    other = write("openstack.yml", {"plugin": "openstack.cloud.openstack", "fail_on_errors": True, "legacy_groups": False, "only_clouds": [NAME],
                                    "clouds_yaml_path": [clouds], "keyed_groups": groups("openstack.")})
    keep = {name: value for name, value in os.environ.items() if not re.match(r"ANSIBLE_|OS_|RAX_|XDG_|PYTHON", name)}
    (PLACE / "ansible.cfg").write_text("[defaults]\n")
    environment = dict(keep, HOME=str(PLACE), OS_CLIENT_CONFIG_FILE=clouds, ANSIBLE_CONFIG=str(PLACE / "ansible.cfg"), ANSIBLE_HOME=str(PLACE / ".ansible"),
                       RAX_TOKEN_CACHE_DIR=str(PLACE / "tokens"), ANSIBLE_COLLECTIONS_PATH="%s:%s" % (link_tree(), openstack_cloud()))
    return [[str(python.parent / "ansible-inventory"), "--graph", "-i", source] for source in (ours, other)], environment


def timed(command, environment, count):
    """(seconds, seconds of processor time, megabytes) of an inventory that has to show every server in both of its groups."""
    begin = time.perf_counter()
    with open(PLACE / "output", "w", encoding="utf-8") as output:
        process = subprocess.Popen(command, cwd=PLACE, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    said = (PLACE / "output").read_text(encoding="utf-8")
    lines = re.findall(r"\|--(crowd[-\d]*)$", said, re.MULTILINE)
    if process.returncode or len(lines) != 2 * count or len(set(lines)) != count:
        raise CloudFailed("%s shows %d of %d servers:\n%s" % (command[-1], len(set(lines)), count, said[-2000:]))
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(prog="crowd", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--servers", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=FEWEST_ROUNDS, help="pairs of runs; default: %d, with less there is no interval" % FEWEST_ROUNDS)
    options = parser.parse_args()
    python = create("bench", interpreters()) / "bin/python"
    session = project()
    template = original(session)
    api = second_api()
    try:
        clone("remove", template)
        clone("add", template, options.servers - 1)
        return measure(*sides(python), options)
    finally:
        api.terminate()
        api.wait()
        print("%d copies removed" % clone("remove", template))
        session.ask("DELETE", "compute", "/servers/" + template)


def measure(commands, environment, options):
    """Both in turns; 1 when ours falls short."""
    shutil.rmtree(PLACE / "tokens", ignore_errors=True)
    pairs = []
    for number in range(1, options.rounds + 1):
        pairs.append([timed(command, environment, options.servers) for command in commands])
        print("round %d: ours %.1f s, cpu %.1f s, %.0f MB; openstack.cloud %.1f s, cpu %.1f s, %.0f MB" % (number, *pairs[-1][0], *pairs[-1][1]), flush=True)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({"servers": options.servers, "rounds": pairs}, indent=1) + "\n")
    if len(pairs) < FEWEST_ROUNDS:
        return 0
    found = ratio(*([run[0] for run in side] for side in zip(*pairs)))
    said = verdict(found, BUDGET)
    print("ours / openstack.cloud: %.3f [%.3f, %.3f], budget %.2f: %s" % (*found, BUDGET, said))
    return int(said != "ok")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CloudFailed as failure:
        print(failure, file=sys.stderr)
        sys.exit(1)
