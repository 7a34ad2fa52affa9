# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Runs the integration targets as playbooks, on each core and in each dress of the sandbox, or on another cloud.

    tests/integration/run.py [--core NAME]... [--dress NAME]... [--target NAME]... [--keep]
    tests/integration/run.py --cloud FILE --core NAME          one cloud that is already there, described in a file
    tests/integration/run.py --media-type xml                  in XML: the targets that are about compute and users, in the dress that has it

A target is a role in `targets/` (tasks/main.yml) or a directory with an executable `runme.sh`. Both are given the variables
`sandbox_url`, `sandbox_dress`, `sandbox_auth` (connection options), `sandbox_regions` and `sandbox_env`; the process
environment holds `sandbox_env` too. A warning in the output fails the target, unless its `target.yml` expects it:

    dresses: [rackspace]                  where it runs; default: everywhere
    cores: [core-newest]
    not_on: {openstack: why}              a dress or the name of a cloud, and the reason
    seconds: 600                          how long it may take on a busy machine
    slow: why                             `make test` leaves it to `make test-cross`, and the reason
    credentials_in_environment: false     keep `sandbox_env` out of the environment
    also_in_json: why                     parts of it leave media_type alone, though XML is wanted, and the reason
    expected_warnings:
      - {pattern: a regular expression, reason: why it is right that it appears}
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import wire_coverage
import yaml
from clouds import NoCloud, described, sandbox

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS))

from checkout import WORK, link_tree  # noqa: E402

TARGETS = TESTS / "integration/targets"
SUITES = ["targets", "runbooks"]
CORES = ["core-oldest", "core-newest"]
DRESSES = ["rackspace", "openstack"]
# Which targets are played in XML unless others are named: those about the services that have it.
IN_XML = ["server", "server_info", "server_action", "metadata", "metadata_info", "image", "image_info", "flavor_info", "volume_attachment",
          "volume_attachment_info", "identity_user", "identity_user_info", "inventory_servers", "keypair", "keypair_info", "limits_info", "network",
          "network_info"]
TARGET_SECONDS = 300
TIME_SCALE = "3"  # states pass faster than in a real cloud, and still one after another
# What ansible-core says beside a deprecation, which is judged by itself.
BESIDE_A_DEPRECATION = {"pattern": "Deprecation warnings can be disabled by setting", "reason": "goes with every deprecation"}
SPEAKING = threading.Lock()


@dataclass
class Target:
    """A directory below `targets/` or another suite, with what its target.yml says."""

    name: str
    suite: str = "targets"
    dresses: list = field(default_factory=lambda: list(DRESSES))
    cores: list = field(default_factory=lambda: list(CORES))
    not_on: dict = field(default_factory=dict)
    credentials_in_environment: bool = True
    expected_warnings: list = field(default_factory=list)
    also_in_json: str = ""
    seconds: int = TARGET_SECONDS
    slow: str = ""

    @property
    def place(self):
        return TESTS / "integration" / self.suite / self.name

    def runs_on(self, core, cloud):
        return core in self.cores and cloud.dress in self.dresses and not {cloud.dress, cloud.name} & set(self.not_on)

    def why_not(self, cloud):
        """Why it does not run on a cloud."""
        if cloud.dress not in self.dresses:
            return "it is about the dress %s" % " and ".join(self.dresses)
        return self.not_on.get(cloud.name) or self.not_on.get(cloud.dress) or "it is about the core %s" % " and ".join(self.cores)

    def turns_the_sandbox(self):
        """Whether parts of it need the sandbox's control API, and look away on another cloud."""
        return any("sandbox_url" in path.read_text(encoding="utf-8") or "SANDBOX_URL" in path.read_text(encoding="utf-8")
                   for path in self.place.rglob("*") if path.is_file() and path.suffix != ".pyc")


@dataclass
class Result:
    """How a target ended: `problem` is empty when it passed."""

    target: str
    seconds: float
    problem: str
    output: str


def read_targets(names, suite="targets"):
    """The targets named, or all of them; roles that only prepare something for others (`setup_*`) are no targets."""
    home = TESTS / "integration" / suite
    there = sorted(path.name for path in home.glob("*") if path.is_dir() and not path.name.startswith("setup_")) if home.is_dir() else []
    unknown = set(names) - set(there)
    if unknown:
        raise SystemExit("No such target: %s. There are: %s." % (", ".join(sorted(unknown)), ", ".join(there)))
    targets = []
    for name in names or there:
        about = home / name / "target.yml"
        targets.append(Target(name, suite, **(yaml.safe_load(about.read_text()) or {} if about.is_file() else {})))
    return targets


class Run:
    """Targets on one core and one cloud, with a home, a token cache and temporary files of their own in `place`."""

    def __init__(self, core, cloud, place, log=None):
        self.core = WORK / core
        self.log = log  # of the sandbox, where what it is asked is held against docs/coverage.md
        self.cloud = cloud
        self.place = place
        self.tree = link_tree()
        for name in ("home", "tmp"):  # the token cache is made by whoever logs in first, with the mode that it needs
            (place / name).mkdir(parents=True, exist_ok=True)
        (place / "ansible.cfg").write_text("[defaults]\n")
        self.inventory = place / "inventory.yml"
        python = str(self.core / "bin/python")
        self.inventory.write_text(json.dumps({"all": {"hosts": {"localhost": {"ansible_connection": "local", "ansible_python_interpreter": python}}}}))
        self.variables = place / "variables.json"
        self.variables.write_text(json.dumps({
            "sandbox_url": cloud.url, "sandbox_dress": cloud.dress, "sandbox_auth": cloud.auth, "sandbox_regions": cloud.regions,
            "sandbox_env": cloud.environment, "sandbox_output_dir": str(place / "tmp")}))

    def play(self, target):
        """Run one target; a `Result`."""
        self.cloud.reset()
        shutil.rmtree(self.place / "token-cache", ignore_errors=True)  # a cloud that begins anew knows no token
        logged = self.log.stat().st_size if self.log else 0
        begin = time.monotonic()
        script = target.place / "runme.sh"
        if script.is_file():
            command, directory = [str(script)], target.place
        else:
            command, directory = self._playbook(target), self.place
        output, said, problem = self._execute(command, directory, self._environment(target), self.place / (target.name + ".stderr"), target.seconds)
        problem = problem or unexpected_warning(output, said, target.expected_warnings) or self._never_sent(target, logged) or self._not_in_xml(target, logged)
        output += said
        (self.place / (target.name + ".log")).write_text(output)
        return Result(target.name, time.monotonic() - begin, problem, output)

    def _never_sent(self, target, logged):
        """What docs/coverage.md says that the target sends and it did not, as a problem; empty when there is nothing."""
        missing = wire_coverage.broken(target.name, wire_coverage.read(self.log, logged)) if self.log else []
        return "never sent, though docs/coverage.md says so: " + ", ".join(map(str, missing)) if missing else ""

    def _not_in_xml(self, target, logged):
        """What was asked in JSON though XML was wanted, as a problem; empty when there is nothing."""
        if self.cloud.auth.get("media_type") != "xml":
            return ""
        in_xml, in_json = wire_coverage.by_form(wire_coverage.read(self.log, logged))
        if in_json and not target.also_in_json:
            return "asked in JSON, though media_type is xml: " + ", ".join(in_json)
        return "" if in_xml else "asked nothing in XML, though media_type is xml"

    @staticmethod
    def _execute(command, directory, environment, errors_file, seconds):
        """Run a command; what it wrote on both streams, and the problem if it failed."""
        problem = ""
        with open(errors_file, "w", encoding="utf-8") as errors, subprocess.Popen(
                command, cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True,
                start_new_session=True) as process:
            try:
                output, _unused = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # with its forks, which would hold the pipe open
                output, _unused = process.communicate()
                problem = "was not done after %d s" % seconds
        if process.returncode and not problem:
            problem = "ended with %d" % process.returncode
        return output, errors_file.read_text(encoding="utf-8"), problem

    def _playbook(self, target):
        playbook = self.place / (target.name + ".yml")
        playbook.write_text(json.dumps([{"name": target.name, "hosts": "localhost", "gather_facts": False, "roles": [target.name]}]))
        return [str(self.core / "bin/ansible-playbook"), "-i", str(self.inventory), "-e", "@%s" % self.variables, str(playbook)]

    def _environment(self, target):
        """What the target sees: nothing of the person who runs it, so that it ends the same everywhere."""
        keep = {name: value for name, value in os.environ.items() if not re.match(r"ANSIBLE_|OS_|RAX_|XDG_|PYTHON|VIRTUAL_ENV|.*_(proxy|PROXY)$", name)}
        given = self.cloud.environment if target.credentials_in_environment else {}
        return dict(
            keep,
            **given,
            PATH=os.pathsep.join([str(self.core / "bin"), os.environ["PATH"]]),
            LC_ALL="C.UTF-8",
            HOME=str(self.place / "home"),
            PYTHONPATH=str(self.tree),
            PYTHONDONTWRITEBYTECODE="1",
            RAX_TOKEN_CACHE_DIR=str(self.place / "token-cache"),
            ANSIBLE_CONFIG=str(self.place / "ansible.cfg"),
            ANSIBLE_HOME=str(self.place / "home/.ansible"),
            ANSIBLE_LOCAL_TEMP=str(self.place / "tmp"),
            ANSIBLE_REMOTE_TMP=str(self.place / "tmp"),
            ANSIBLE_COLLECTIONS_PATH=str(self.tree),
            ANSIBLE_ROLES_PATH=str(TARGETS),
            ANSIBLE_INVENTORY=str(self.inventory),
            ANSIBLE_DEPRECATION_WARNINGS="true",
            ANSIBLE_NOCOLOR="true",
            ANSIBLE_RETRY_FILES_ENABLED="false",
            ANSIBLE_PIPELINING="true",
            SANDBOX_URL=self.cloud.url,
            SANDBOX_DRESS=self.cloud.dress,
            SANDBOX_VARIABLES=str(self.variables),
            OUTPUT_DIR=str(self.place / "tmp"),
        )


def unexpected_warning(output, errors, expected):
    """The first warning in what a target wrote that nobody expected, as a problem; empty when there is none."""
    for text in (errors, output):
        # A warning is broken into lines; it ends where the next begins, or at an empty line, a task or a result.
        for found in re.finditer(r"^\[(?:DEPRECATION )?WARNING\].*(?:\n(?!\[|\s*$|TASK |PLAY |ok:|changed:|fatal:).*)*", text, re.MULTILINE):
            warning = " ".join(found.group().split())
            if not any(re.search(known["pattern"], warning) for known in [BESIDE_A_DEPRECATION, *expected]):
                return "drew a warning: " + warning
    return ""


def run_targets(core, cloud, targets, place, log=None):
    """Run the targets one after another on one cloud, telling of each; their results."""
    run = Run(core, cloud, place, log)
    results = []
    for target in targets:
        if not target.runs_on(core, cloud):
            continue
        result = run.play(target)
        results.append(result)
        with SPEAKING:
            if result.problem:
                print("-" * 100 + "\n" + result.output)
            print("%-6s %-11s %-10s %-28s %6.1f s  %s" % (
                "FAILED" if result.problem else "ok", core, cloud.dress, target.name, result.seconds, result.problem), flush=True)
    return results


def run_on_sandbox(core, dress, targets, keep, into, media_type):
    """Run the targets on a sandbox of their own."""
    place = WORK / into / ("%s-%s%s" % (core, dress, "" if media_type == "json" else "-" + media_type))
    shutil.rmtree(place, ignore_errors=True)
    log = place / "requests.jsonl"
    with sandbox(TESTS / "sandbox", WORK / core / "bin/python", dress, place, ["--log-file", str(log), "--time-scale", TIME_SCALE]) as cloud:
        if media_type != "json":
            cloud.auth["media_type"] = media_type
        results = run_targets(core, cloud, targets, place, log if dress == "rackspace" else None)
    if not keep and not any(result.problem for result in results):
        shutil.rmtree(place, ignore_errors=True)
    return results


def run_on_described(core, file, targets):
    """Run the targets on a cloud that is already there."""
    with described(file) as cloud:
        place = WORK / "integration" / ("%s-%s" % (core, cloud.name))
        shutil.rmtree(place, ignore_errors=True)
        results = run_targets(core, cloud, targets, place)
        absent = [target for target in targets if not target.runs_on(core, cloud)]
        partly = [target.name for target in targets if target not in absent and target.turns_the_sandbox()]
        print("%d targets ran on the cloud %r, %d did not%s" % (len(results), cloud.name, len(absent), ":" if absent else "."))
        for target in absent:
            print("  %-28s %s" % (target.name, target.why_not(cloud)))
        if partly:
            print("Without the parts that need the sandbox's control API ran: %s." % ", ".join(partly), flush=True)
        return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--core", action="append", choices=CORES, help="may be given again; default: all")
    parser.add_argument("--dress", action="append", choices=DRESSES, help="may be given again; default: all")
    parser.add_argument("--target", action="append", default=[], help="may be given again; default: all")
    parser.add_argument("--suite", choices=SUITES, default=SUITES[0], help="where the targets are (targets)")
    parser.add_argument("--cloud", metavar="FILE", help="JSON with name, dress, auth, regions and environment of a cloud that is already there")
    parser.add_argument("--keep", action="store_true", help="keep logs and playbooks of what passed, below .work/integration")
    parser.add_argument("--into", default="integration", metavar="NAME", help="directory below .work for logs, so that two runs do not meet (integration)")
    parser.add_argument("--jobs", type=int, default=2, help="how many combinations of core and dress run side by side (2)")
    parser.add_argument("--media-type", choices=["json", "xml"], default="json", help="in which form to speak to the services that have both (json)")
    parser.add_argument("--slow", choices=["with", "without", "only"], default="with", help="targets that call themselves slow (with)")
    options = parser.parse_args()
    in_xml = options.media_type == "xml"
    if in_xml and (options.cloud or "openstack" in (options.dress or [])):
        parser.error("only the sandbox in the dress rackspace speaks XML")
    targets = read_targets(options.target or (IN_XML if in_xml else []), options.suite)
    if options.slow != "with":
        targets = [target for target in targets if bool(target.slow) == (options.slow == "only")]
    dresses = ["rackspace"] if in_xml else options.dress or DRESSES
    cores = options.core or CORES
    with concurrent.futures.ThreadPoolExecutor(max_workers=options.jobs) as pool:
        if options.cloud:
            # One cloud bears one run at a time: targets count what is there.
            runs = [pool.submit(lambda: [result for core in cores for result in run_on_described(core, options.cloud, targets)])]
        else:
            runs = [pool.submit(run_on_sandbox, core, dress, targets, options.keep, options.into, options.media_type) for core in cores for dress in dresses]
        try:
            results = [result for run in runs for result in run.result()]
        except NoCloud as error:
            print(error)
            return 1
    failed = [result for result in results if result.problem]
    print("%d passed, %d failed" % (len(results) - len(failed), len(failed)))
    if not results:
        print("Nothing was run.")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
