# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`make test-examples`: whatever the documentation shows is played on the sandbox, and what it says of results is held against them.

    .work/core-newest/bin/python tests/examples [--keep] [STORY ...]

A story is a module, `inventory_servers`, `readme`, or a guide. What has to be there before it begins stands in `setup/STORY.yml`:

    servers: [{name: web1}, …]      put there at once, as the sandbox's control API takes them
    settings: {…}                   of the sandbox
    vars: {…}                       variables for its tasks
    files: {name: text}             files in its directory
    tasks: […]                      played first
    before: {task: […]}             played before the example task of that name
    not_played: {task: reason}      left out

Each story finds entries "mycloud" and "flex" in its clouds.yaml.

Logs lie in `.work/examples/`; those of stories that passed are removed unless `--keep` is given.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import os
import queue
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
sys.path[0] = str(HERE)
sys.path.insert(1, str(HERE.parent))

import json  # noqa: E402  pylint: disable=wrong-import-position

import returns  # noqa: E402  pylint: disable=wrong-import-position
import stories  # noqa: E402  pylint: disable=wrong-import-position
from checkout import COLLECTION, WORK, link_tree  # noqa: E402  pylint: disable=wrong-import-position
from demo import environment  # noqa: E402  pylint: disable=wrong-import-position
from integration.clouds import NoCloud, sandbox  # noqa: E402  pylint: disable=wrong-import-position

PLACE = WORK / "examples"
SIDE_BY_SIDE = 2
SECONDS = 300
REGION = {"rackspace": "DFW", "openstack": "RegionOne"}
CLOUD = {
    "rackspace": "auth: {auth_url: AUTH_URL, username: demo, api_key: sandbox-api-key}\n    region_name: DFW\n",
    "openstack": "auth: {auth_url: AUTH_URL, username: demo, password: sandbox-password, project_name: demo, user_domain_name: Default,\n"
                 "      project_domain_name: Default}\n    region_name: RegionOne\n",
}
CLOUDS = {dress: "clouds:\n" + "".join("  %s:\n    %s" % (name, entry) for name in ("mycloud", "flex")) for dress, entry in CLOUD.items()}
# Commands that reach out of the sandbox, or that a tier of its own plays (tests/dist.py: the README, from the artifact).
ELSEWHERE = re.compile(r"(pip|ansible-galaxy|git|make|export|ansible-builder|ansible-runner|python3? \S*tests/sandbox)\b")
TAIL_LINES = 40
# What examples show on purpose.
EXPECTED_WARNINGS = ["differs: ", "are not theirs alone", "it is deleted and built anew"]


class Failed(Exception):
    """A story did not end as it should; the text says where."""


def order(cloud, what, body, method="POST"):
    """Send an order to the control API of a sandbox."""
    request = urllib.request.Request("%s/sandbox/%s" % (cloud.url, what), data=json.dumps(body).encode(), method=method,
                                     headers={"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10):
        pass


class Play:
    """One story on one cloud, in a directory of its own."""

    def __init__(self, story, cloud):
        self.story, self.cloud = story, cloud
        self.place = PLACE / story.name  # also the home directory
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir(parents=True)
        setup = HERE / "setup" / (story.name + ".yml")
        self.setup = yaml.safe_load(setup.read_text(encoding="utf-8")) if setup.is_file() else {}
        self.auth_url = cloud.auth["auth_url"]
        self.environment = dict(
            environment(cloud, link_tree(), self.place),
            ANSIBLE_CALLBACK_PLUGINS=str(HERE / "callbacks"), ANSIBLE_CALLBACKS_ENABLED="recorder", EXAMPLES_RECORD=str(self.record),
            SANDBOX=cloud.url, ANSIBLE_NOCOLOR="1", ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED="true", ANSIBLE_HOST_KEY_CHECKING="false")
        self.not_played = []
        self.checks = 0

    @property
    def record(self):
        return self.place / "results.jsonl"

    def begin(self):
        """Bring the sandbox into the state that the story begins with."""
        self.cloud.reset()
        if self.setup.get("settings"):
            order(self.cloud, "settings", self.setup["settings"], "PUT")
        for server in self.setup.get("servers", []):
            order(self.cloud, "servers", dict({"region": REGION[self.story.dress]}, **server))
        files = {".config/openstack/clouds.yaml": CLOUDS[self.story.dress]}
        for name, text in dict(files, **self.setup.get("files", {})).items():
            (self.place / name).parent.mkdir(parents=True, exist_ok=True)
            (self.place / name).write_text(text.replace("AUTH_URL", self.auth_url))
        (self.place / "vars.yml").write_text(yaml.safe_dump(self.setup.get("vars") or {}).replace("AUTH_URL", self.auth_url))
        if self.setup.get("tasks"):
            self.tasks(self.setup["tasks"], "setup.yml")

    def run(self):
        self.begin()
        for number, block in enumerate(self.story.blocks):
            where = "%s:%d" % (self.story.source.relative_to(stories.ROOT), block.line)
            if block.reason or block.language not in stories.YAML + stories.COMMANDS:
                if block.reason:
                    self.not_played.append("%s: %s" % (where, block.reason))
                continue
            try:
                self.block(block, number)
            except (Failed, yaml.YAMLError) as error:
                raise Failed("%s\n%s" % (where, error)) from error
        return self

    def block(self, block, number):
        """Play one block of code."""
        if block.language in stories.COMMANDS:
            for command, output in stories.commands(block.text):
                self.command(command, output)
            return
        content = yaml.load(block.text, Loader=Loader)
        file = block.file or "block-%d%s" % (number, ".rackspace.yml" if isinstance(content, dict) and "plugin" in content else ".yml")
        if isinstance(content, list) and content and "hosts" not in content[0] and "import_playbook" not in content[0]:
            self.tasks(block.text, file)
            return
        text = block.text
        if isinstance(content, dict) and "plugin" in content and "api_key" in content:
            text += "auth_url: %s\n" % self.auth_url  # a login that is written out goes to Rackspace otherwise
        (self.place / file).parent.mkdir(parents=True, exist_ok=True)
        (self.place / file).write_text(text)
        if any(file in command for later in self.story.blocks[number:] if later.language in stories.COMMANDS for command, _output in
               stories.commands(later.text)):
            return  # a command of the guide plays it
        if isinstance(content, list):
            self.ansible("ansible-playbook", file)
        elif "plugin" in content:
            self.ansible("ansible-inventory", "-i", file, "--list")
        elif not block.file:
            raise Failed("This is neither a playbook, tasks nor an inventory. Name its file, or say why it is not played.")

    def tasks(self, tasks, file):
        """Play tasks, given as text or data."""
        text = tasks if isinstance(tasks, str) else yaml.safe_dump(tasks, sort_keys=False)
        parts = []
        for part in re.split(r"^(?=- name: )", text, flags=re.MULTILINE):
            name = yaml.load(part, Loader=Loader)[0]["name"] if part.startswith("- name: ") and isinstance(tasks, str) else None
            if name in self.setup.get("not_played", {}):
                self.not_played.append("%s: %s: %s" % (self.story.name, name, self.setup["not_played"][name]))
                continue
            if name in self.setup.get("before", {}):
                parts.append(yaml.safe_dump(self.setup["before"][name], sort_keys=False))
            parts.append(part)
        defaults = {"group/rackspace.cloud.all": {"region": REGION[self.story.dress], "auth_url": self.auth_url}}
        head = [{"name": "Examples", "hosts": "localhost", "connection": "local", "gather_facts": False, "module_defaults": defaults}]
        (self.place / file).write_text(yaml.safe_dump(head, sort_keys=False) + "  tasks:\n" + "".join(
            "    %s\n" % line if line else "\n" for line in "".join(parts).splitlines()))
        self.ansible("ansible-playbook", file)

    def ansible(self, program, *arguments):
        self.command(" ".join([program, "-e", "@vars.yml", *arguments]), [])

    def command(self, command, output):
        """Run a command as it stands in a shell; each line that it is said to write must be among those that it writes."""
        if ELSEWHERE.match(command):
            self.not_played.append("%s: reaches out of the sandbox" % command)
            return
        done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", command], cwd=self.place, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS, check=False)
        self.checks += 1
        with open(self.place / "log", "a", encoding="utf-8") as log:
            log.write("$ %s\n%s\n" % (command, done.stdout))
        wrong = done.stdout and re.search(r"\[(WARNING|DEPRECATION WARNING)\]: (?!.*(%s))" % "|".join(EXPECTED_WARNINGS), done.stdout)
        if done.returncode or wrong:
            raise Failed("%s ended with %d%s:\n%s" % (command, done.returncode, ", with a warning" if wrong else "",
                                                      "\n".join(done.stdout.splitlines()[-TAIL_LINES:])))
        lines = [line.strip() for line in done.stdout.splitlines()]
        for wanted in output:
            pattern = ".*".join(re.escape(part) for part in wanted.split("…"))
            if not any(re.fullmatch(pattern, line) for line in lines):
                raise Failed("%s does not write %r, but:\n%s" % (command, wanted, "\n".join(lines[-TAIL_LINES:])))


class Loader(yaml.SafeLoader):
    """YAML with Ansible's own tags, which mean nothing here."""


Loader.add_multi_constructor("!", lambda loader, suffix, node: loader.construct_scalar(node))


def play_all(wanted):
    """Play stories side by side, each on a sandbox that nobody else uses; [(story, seconds, play or error)]."""
    program = link_tree() / "ansible_collections" / COLLECTION / "tests/sandbox"
    with contextlib.ExitStack() as stack:
        clouds = {dress: queue.Queue() for dress in {story.dress for story in wanted}}
        for dress, free in clouds.items():
            for number in range(SIDE_BY_SIDE):
                free.put(stack.enter_context(sandbox(program, sys.executable, dress, PLACE / ("cloud-%s-%d" % (dress, number)),
                                                     ["--build-time", "0.5", "--time-scale", "4"])))

        def play(story):
            begin = time.monotonic()
            cloud = clouds[story.dress].get()
            try:
                outcome = Play(story, cloud).run()
            except (Failed, subprocess.TimeoutExpired) as error:
                outcome = error
            finally:
                clouds[story.dress].put(cloud)
            print("%-6s %-32s %6.1f s" % ("ok" if isinstance(outcome, Play) else "FAILED", story.name, time.monotonic() - begin), flush=True)
            return story, outcome

        with concurrent.futures.ThreadPoolExecutor(max_workers=SIDE_BY_SIDE) as pool:
            return list(pool.map(play, wanted))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("stories", nargs="*", metavar="STORY")
    parser.add_argument("--keep", action="store_true", help="leave the directories of stories that passed")
    options = parser.parse_args()
    everything = {story.name: story for story in stories.all_stories() if story.blocks}
    unknown = set(options.stories) - set(everything)
    if unknown:
        parser.error("no such story: %s. There are: %s" % (", ".join(sorted(unknown)), ", ".join(everything)))
    PLACE.mkdir(parents=True, exist_ok=True)
    wanted = [story for name, story in everything.items() if name in options.stories or not options.stories]
    # The longest first, so that none is left alone at the end.
    wanted.sort(key=lambda story: -sum(len(block.text) for block in story.blocks))
    try:
        outcomes = play_all(wanted)
    except NoCloud as error:
        print(error, file=sys.stderr)
        return 1
    plays = [outcome for story, outcome in outcomes if isinstance(outcome, Play)]
    failures = ["%s: %s" % (story.name, outcome) for story, outcome in outcomes if not isinstance(outcome, Play)]
    if not options.stories:
        failures += returns.compare([play.record for play in plays if play.record.is_file()])
    for line in [line for play in plays for line in play.not_played]:
        print("not played  " + line)
    for failure in failures:
        print("\n--- " + failure)
    if not options.keep:
        for play in plays:
            shutil.rmtree(play.place, ignore_errors=True)
    print("\n%d stories, %d commands; %d passed, %d failed" % (len(wanted), sum(play.checks for play in plays), len(plays), len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    sys.exit(main())
