# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""`make dist` and `make test-dist`: the artifact as users get it.

    .work/core-newest/bin/python tests/dist.py          built, looked into, installed elsewhere, documented, the demo played from it
    .work/core-newest/bin/python tests/dist.py --all    and shown to Galaxy's importer, to the builder and the runner of controllers, and to somebody
                                                        who follows the README in an empty directory

Everything lies below `.work/dist`; nothing is fetched. The second needs the environment `galaxy`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import yaml
from checkout import COLLECTION, ROOT, WORK, copy_to
from examples import stories
from integration.clouds import NoCloud, sandbox

PLACE = WORK / "dist"
SOURCE = PLACE / "source"
INSTALLED = PLACE / "installed"
HERE = Path(sys.executable).parent
GALAXY = WORK / "galaxy/bin"
TAIL_LINES = 60
LARGEST = 1_000_000  # bytes of the artifact; most of it is the embedded cloud

# What users must find in the artifact, and all that may lie at its top.
NEEDED = ["MANIFEST.json", "FILES.json", "README.md", "LICENSE", "meta/runtime.yml", "meta/execution-environment.yml", "plugins/modules/server.py",
          "plugins/module_utils/runner.py", "playbooks/demo.yml", "changelogs/changelog.yaml", "tests/sandbox/__main__.py"]
TOP = {"MANIFEST.json", "FILES.json", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "CHANGELOG.rst", "LICENSE", "LICENSES",
       "REUSE.toml", "changelogs", "docs", "meta", "playbooks", "plugins", "roles", "tests"}
UNWANTED = re.compile(r"(^|/)(\.git|\.ci|\.work|\.ansible|__pycache__|output)(/|$)|\.pyc$|\.tar\.gz$|^docs/decisions(/|$)|^tests/(?!sandbox(/|$))")


class Failed(Exception):
    """A check of the artifact failed; the text says how."""


def _environment(tools=HERE, **more):
    keep = {name: value for name, value in os.environ.items() if not re.match(r"ANSIBLE_|PYTHON|OS_|RAX_|XDG_", name)}
    return dict(keep, PATH=os.pathsep.join([str(tools), os.environ["PATH"]]), HOME=str(PLACE / "home"), ANSIBLE_HOME=str(PLACE / "home/.ansible"),
                ANSIBLE_COLLECTIONS_PATH=str(INSTALLED), ANSIBLE_NOCOLOR="1", **more)


def _run(*command, cwd=PLACE, tools=HERE, environment=None):
    done = subprocess.run([str(tools / command[0]), *map(str, command[1:])], cwd=cwd, env=environment or _environment(tools), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Failed("%s ended with %d:\n%s" % (" ".join(map(str, command)), done.returncode, "\n".join(done.stdout.splitlines()[-TAIL_LINES:])))
    return done.stdout


def _artifact():
    return next(PLACE.glob("rackspace-cloud-*.tar.gz"))


def _installed(kind, suffix):
    """The names of what was installed in one of the directories of the collection."""
    return sorted(path.stem for path in (INSTALLED / "ansible_collections" / COLLECTION / kind).glob(suffix) if path.name != "__init__.py")


def builds():
    """ansible-galaxy builds the artifact from what git knows"""
    copy_to(SOURCE)
    _run("ansible-galaxy", "collection", "build", "--output-path", PLACE, cwd=SOURCE)


def holds_what_it_should():
    """it holds the plugins, the playbooks and the sandbox, and nothing of how it is made"""
    with tarfile.open(_artifact()) as archive:
        names = archive.getnames()
    if _artifact().stat().st_size > LARGEST:
        raise Failed("it has %d bytes" % _artifact().stat().st_size)
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise Failed("missing: " + ", ".join(missing))
    unwanted = [name for name in names if UNWANTED.search(name) and name != "tests"] + [name for name in names if name.split("/")[0] not in TOP]
    if unwanted:
        raise Failed("not for users: " + ", ".join(unwanted))


def installs():
    """it installs into an empty directory, offline, and is what was built"""
    _run("ansible-galaxy", "collection", "install", "--offline", "--collections-path", INSTALLED, _artifact())
    _run("ansible-galaxy", "collection", "verify", "--offline", "--collections-path", INSTALLED, "rackspace.cloud")


def is_documented():
    """ansible-doc shows every module, inventory, callback and role by its full name"""
    kinds = {"module": ("plugins/modules", "*.py"), "inventory": ("plugins/inventory", "*.py"), "callback": ("plugins/callback", "*.py"),
             "role": ("roles", "*")}
    for kind, (place, suffix) in kinds.items():
        names = ["rackspace.cloud." + name for name in _installed(place, suffix)]
        if kind in ("module", "inventory") and not names:
            raise Failed("no %s was installed" % kind)
        if names:
            # When it looks for roles, ansible-doc wonders about a collection of its own.
            said = re.sub(r"^\[WARNING\]: Collection at '.*/_protomatter' .*\n\s*", "", _run("ansible-doc", "--type", kind, "--json", *names))
            if not said.startswith("{"):
                raise Failed(said.partition("{")[0])  # a warning
            missing = set(names) - set(json.loads(said))
            if missing:
                raise Failed("not shown: " + ", ".join(sorted(missing)))


def goes_by_full_names():
    """playbooks and roles load by their full names"""
    for name in _installed("playbooks", "*.yml"):
        _run("ansible-playbook", "--syntax-check", "rackspace.cloud." + name)
    roles = PLACE / "roles.yml"
    roles.write_text(yaml.safe_dump([{"name": "Roles", "hosts": "localhost", "gather_facts": False,
                                      "roles": ["rackspace.cloud." + name for name in _installed("roles", "*")]}]))
    _run("ansible-playbook", "--syntax-check", roles)


def plays_the_demo():
    """the demo plays from the installed collection, on the sandbox that came with it"""
    _run("python", SOURCE / "tests/demo.py", "--collections", INSTALLED, cwd=PLACE)


def is_silently_imported():
    """Galaxy's importer has nothing to say, ansible-lint included"""
    settings = {"CHECK_REQUIRED_TAGS": "true", "REQUIRE_V1_OR_GREATER": "true", "RUN_ANSIBLE_TEST": "false", "TMP_ROOT_DIR": str(PLACE)}
    environment = _environment(GALAXY, **{"GALAXY_IMPORTER_" + name: value for name, value in settings.items()})
    del environment["ANSIBLE_COLLECTIONS_PATH"]
    said = _run("python", "-m", "galaxy_importer.main", "--print-result", _artifact(), tools=GALAXY, environment=environment)
    complaints = re.findall(r"^(?:WARNING|ERROR|CRITICAL).*", said, re.MULTILINE)
    if complaints or "Importer processing completed successfully" not in said:
        raise Failed("\n".join(complaints) or said)
    if "...ansible-lint run complete" not in said:
        raise Failed("ansible-lint was not run:\n" + said)


def is_licensed_to_the_last_file():
    """every file says under which licence it may be used, as REUSE wants it"""
    _run("reuse", "--root", SOURCE, "lint", "--lines", tools=GALAXY)


def tells_what_it_needs():
    """ansible-builder finds what an execution environment needs, and accepts the one of the guide"""
    found = yaml.safe_load(_run("ansible-builder", "introspect", INSTALLED, tools=GALAXY))
    needs = [line for line in (ROOT / "meta/ee-requirements.txt").read_text().splitlines() if not line.startswith("#")]
    if [line.partition("  #")[0].strip() for line in found["python"]] != needs:
        raise Failed("introspection found %s, meta/ee-requirements.txt has %s" % (found["python"], needs))
    if found.get("system"):
        raise Failed("no system packages are needed, and introspection found %s" % found["system"])
    guide = stories.of_restructured(stories.GUIDES / "guide_many_machines.rst")
    definition = next(block for block in guide.blocks if block.file == "execution-environment.yml")
    (PLACE / definition.file).write_text(definition.text)
    _run("ansible-builder", "create", "--file", definition.file, "--context", PLACE / "context", tools=GALAXY)


def runs_under_the_runner():
    """ansible-runner, as controllers use it, plays on an inventory of the plugin, with credentials from the environment"""
    place = PLACE / "runner"
    for name in ("project", "inventory", "env"):
        (place / name).mkdir(parents=True)
    (place / "inventory/prod.rackspace.yml").write_text("plugin: rackspace.cloud.servers\nregions: all\n")
    (place / "project/site.yml").write_text(yaml.safe_dump([
        {"name": "Hosts", "hosts": "all", "gather_facts": False, "tasks": [
            {"name": "Look at it through the API", "rackspace.cloud.server_info": {"server": "{{ rax_id }}", "region": "{{ rax_region }}"},
             "delegate_to": "localhost"}]}]))
    with sandbox(INSTALLED / "ansible_collections" / COLLECTION / "tests/sandbox", sys.executable, "rackspace", PLACE / "cloud", ["--servers", "2"]) as cloud:
        (place / "env/envvars").write_text(yaml.safe_dump(dict(cloud.environment, ANSIBLE_COLLECTIONS_PATH=str(INSTALLED), HOME=str(PLACE / "home"))))
        _run("ansible-runner", "run", place, "--playbook", "site.yml", "--ident", "first", tools=GALAXY)
    events = [json.loads(path.read_text()) for path in (place / "artifacts/first/job_events").glob("*.json")]
    hosts = {event["event_data"]["host"] for event in events if event["event"] == "runner_on_ok"}
    if len(hosts) != 6 or (place / "artifacts/first/status").read_text() != "successful":
        raise Failed("%d hosts of 6 in three regions: %s" % (len(hosts), ", ".join(sorted(hosts))))


def serves_who_follows_the_readme():
    """who follows the README in an empty directory gets a server and an inventory, on the sandbox"""
    home, directory = PLACE / "newcomer", PLACE / "newcomer/empty"
    directory.mkdir(parents=True)
    (home / ".ssh").mkdir()
    (home / ".ssh/id_ed25519.pub").write_text("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f newcomer@example.com\n")
    environment = dict(_environment(), HOME=str(home))
    for name in ("ANSIBLE_HOME", "ANSIBLE_COLLECTIONS_PATH"):
        del environment[name]
    # Galaxy is out of reach: its name stands for the artifact. What to export is what the sandbox prints.
    replaced = {"ansible-galaxy collection install rackspace.cloud": "ansible-galaxy collection install --offline %s" % _artifact()}
    _shell(next(iter(replaced.values())), directory, environment)
    with sandbox(home / ".ansible/collections/ansible_collections" / COLLECTION / "tests/sandbox", HERE / "python", "rackspace", PLACE / "cloud") as cloud:
        environment.update(cloud.environment)
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        first, last = (text.count("\n", 0, text.index("\n## " + title)) + 2 for title in ("On an account of your own", "What is in it"))
        for block in stories.of_markdown(ROOT / "README.md", "readme").blocks:
            if not first <= block.line < last:
                continue
            if block.file:
                (directory / block.file).write_text(block.text)
            for command, _output in stories.commands(block.text) if block.language in stories.COMMANDS else ():
                if not command.startswith("export ") and command not in replaced:
                    said = _shell(command, directory, environment)
    if "role_web" not in said or "web1" not in said:
        raise Failed("the inventory at the end has no web1 in role_web:\n" + said)


def _shell(command, directory, environment):
    done = subprocess.run(["bash", "-ec", command], cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Failed("%s ended with %d:\n%s" % (command, done.returncode, done.stdout))
    return done.stdout


DIST = [builds, holds_what_it_should, installs, is_documented, goes_by_full_names, plays_the_demo]
MORE = [is_silently_imported, is_licensed_to_the_last_file, tells_what_it_needs, runs_under_the_runner, serves_who_follows_the_readme]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--all", action="store_true", help="what others do with the artifact, too")
    checks = DIST + MORE if parser.parse_args().all else DIST
    shutil.rmtree(PLACE, ignore_errors=True)
    (PLACE / "home").mkdir(parents=True)
    for done, check in enumerate(checks):
        try:
            check()
        except (Failed, NoCloud) as failure:
            print("FAILED %s\n%s\n%d passed, 1 failed" % (check.__doc__, failure, done))
            return 1
        print("ok     " + check.__doc__, flush=True)
    print("%d passed, 0 failed: %s, %d KB" % (len(checks), _artifact().relative_to(ROOT), _artifact().stat().st_size // 1000))
    return 0


if __name__ == "__main__":
    sys.exit(main())
