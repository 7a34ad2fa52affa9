# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Token caches that are not to be trusted or cannot be written, and two hundred processes that want one at once.

    python tests/faults/token_cache.py

Every task is a real process. None may fail for its cache, use an entry that somebody else could have written, or write a token where
somebody else could read it. Logins are counted at the cloud.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).resolve().parent.parent
sys.path[0] = str(TESTS)  # not this directory, whose files are no modules for everybody

from checkout import WORK, link_tree  # noqa: E402

from faults.echoing import EchoingCloud, serve  # noqa: E402
from faults.forked import Nursery, result_in  # noqa: E402

PLACE = WORK / "faults-token-cache"
CACHE = PLACE / "cache"
ELSEWHERE = PLACE / "elsewhere"
SOMEBODY = 12345  # a user id that is not ours
HERD = 200
# Forks a herd that logs in at one moment; prints how many did.
STAMPEDE = """
import os, sys
from ansible_collections.rackspace.cloud.plugins.module_utils import api
options, begin = %r, os.pipe()
children = []
for number in range(%d):
    child = os.fork()
    if not child:
        try:
            os.close(begin[1])
            os.read(begin[0], 1)
            os._exit(0 if api.connect(options).access.token else 1)
        except BaseException as error:
            print(error, file=sys.stderr, flush=True)
            os._exit(1)
    children.append(child)
os.close(begin[1])
print(sum(os.waitpid(child, 0)[1] == 0 for child in children))
"""


class Case(NamedTuple):
    """What is done to a cache that two tasks have used. spoil(): does it; logins: how many of the next two tasks have to log in; why_not:
    why this cannot be tried here, "" when it can."""

    about: str
    spoil: object
    logins: int
    why_not: str = ""


def entry():
    return next(CACHE.glob("*.json"))


def instead(path, make):
    """Put something else in the place of a file or directory of the cache, and what was there elsewhere."""
    def spoil():
        thing = path()
        moved = ELSEWHERE / thing.name
        shutil.move(thing, moved)
        make(thing, moved)
    return spoil


def as_link(thing, moved):
    thing.symlink_to(moved, target_is_directory=moved.is_dir())


def as_fifo(thing, _moved):
    os.mkfifo(thing, 0o600)


def as_directory(thing, _moved):
    thing.mkdir(mode=0o700)


def as_file(thing, _moved):
    thing.write_text("")


def as_nonsense(thing, _moved):
    thing.write_text('{"token": "')
    thing.chmod(0o600)


def with_mode(path, mode):
    return lambda: path().chmod(mode)


def of_somebody(path):
    return lambda: os.chown(path(), SOMEBODY, SOMEBODY)


def key():
    return CACHE / "key"


def folder():
    return CACHE


NOT_ROOT = "" if os.geteuid() == 0 else "only root can give a file to somebody else"
CASES = [
    Case("nothing is wrong", lambda: None, 0),
    Case("the entry is a symbolic link to itself, moved", instead(entry, as_link), 2),
    Case("the key is a symbolic link", instead(key, as_link), 2),
    Case("the directory is a symbolic link", instead(folder, as_link), 2),
    Case("the entry is a named pipe", instead(entry, as_fifo), 2),
    Case("the entry is a directory", instead(entry, as_directory), 2),
    Case("the entry is cut short", instead(entry, as_nonsense), 1),
    Case("the directory is a file", instead(folder, as_file), 2),
    Case("the entry can be read by all", with_mode(entry, 0o644), 2),
    Case("the entry can be written by all", with_mode(entry, 0o666), 2),
    Case("the key can be read by a group", with_mode(key, 0o640), 2),
    Case("the directory can be entered by all", with_mode(folder, 0o755), 2),
    Case("the entry is somebody else's", of_somebody(entry), 2, NOT_ROOT),
    Case("the key is somebody else's", of_somebody(key), 2, NOT_ROOT),
    Case("the directory is somebody else's", of_somebody(folder), 2, NOT_ROOT),
]


class Stage:
    """A cloud, and processes that ask it."""

    def __init__(self):
        self.cloud = EchoingCloud("rackspace")
        self.server = serve(self.cloud)
        keep = {name: value for name, value in os.environ.items() if not re.match(r"ANSIBLE_|OS_|RAX_|XDG_|CLOUD_|PYTHON|.*_(proxy|PROXY)$", name)}
        self.environment = dict(keep, HOME=str(PLACE), PYTHONPATH=str(link_tree()), PYTHONDONTWRITEBYTECODE="1", RAX_TOKEN_CACHE_DIR=str(CACHE))
        self.login = {"auth_url": self.cloud.auth_url, "username": "demo", "api_key": "sandbox-api-key", "region": "DFW"}
        self.nursery = Nursery(sys.executable, self.environment)

    def logins(self):
        """How many there were since the last question."""
        count = sum(entry["path"].endswith("/tokens") for entry in self.cloud.journal.entries())
        self.cloud.journal.clear()
        return count

    def ask(self, output=PLACE / "task.txt"):
        """What is wrong with the end of one task; "" when it is well."""
        status = (self.nursery.begin("limits_info", self.login, output), self.nursery.end())[1]
        result = result_in(output) if output != Path(os.devnull) else {}
        return "" if status == 0 and result is not None and not result.get("failed") else "a task ended with %s: %s" % (status, (result or {}).get("msg"))

    def fresh(self):
        """A cache that a task has filled."""
        for place in (CACHE, ELSEWHERE):
            if place.is_symlink() or place.is_file():
                place.unlink()
            shutil.rmtree(place, ignore_errors=True)
        ELSEWHERE.mkdir(parents=True)
        self.cloud.accounts.tokens.clear()
        return self.ask() or ("" if self.logins() == 1 and self.ask() == "" and self.logins() == 0 else "the cache does not work")


def exposed(tokens):
    """Files that hold a token and that somebody else could read or has written."""
    found = []
    for path in PLACE.rglob("*"):
        if path.is_file() and not path.is_symlink():
            about = path.stat()
            if (about.st_mode & 0o077 or about.st_uid != os.geteuid()) and any(token.encode() in path.read_bytes() for token in tokens):
                found.append("%s (%s)" % (path.relative_to(PLACE), stat.filemode(about.st_mode)))
    return found


def play(stage, case):
    """(logins, what is wrong) of a case."""
    wrong = stage.fresh()
    if wrong:
        return 0, wrong
    before = set(stage.cloud.accounts.tokens)
    case.spoil()
    ended = stage.ask() or stage.ask()
    logins = stage.logins()
    if not ended and logins != case.logins:
        ended = "%d of two tasks logged in, not %d" % (logins, case.logins)
    new = set(stage.cloud.accounts.tokens) - before
    return logins, ended or "".join("a token lies open in %s; " % place for place in exposed(new))


@contextlib.contextmanager
def full_disk():
    """The cache on a disk without a free block; what is tried, "" where it cannot be."""
    CACHE.mkdir(mode=0o700, exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k,mode=700", "tmpfs", str(CACHE)], capture_output=True, check=False).returncode == 0
    try:
        if mounted:
            (CACHE / "filling").write_bytes(b"x" * 4096)
        yield "a file system of 4 KiB, filled" if mounted else ""
    finally:
        if mounted:
            subprocess.run(["umount", str(CACHE)], check=True)


def play_full_disk(stage):
    """(how, logins, what is wrong)."""
    stage.fresh()
    shutil.rmtree(CACHE)
    with full_disk() as how:
        if how:
            ended = stage.ask() or stage.ask()
            left = sorted(path.name for path in CACHE.iterdir() if path.name != "filling" and path.stat().st_size)
        else:  # nobody may mount here: every file of a task ends after some bytes instead
            how, left = "files of at most 64 bytes", []
            bounded = Nursery("/bin/sh", stage.environment, ["-c", 'ulimit -f 0; exec "$0" "$@"', sys.executable])
            stage.nursery, kept = bounded, stage.nursery
            ended = stage.ask(Path(os.devnull)) or stage.ask(Path(os.devnull))
            stage.nursery = kept
            bounded.__exit__()
        logins = stage.logins()
    return how, logins, ended or ("it left %s" % left if left else "") or ("" if logins == 2 else "%d of two tasks logged in, not 2" % logins)


def play_herd(stage):
    """(logins, what is wrong) of many processes that begin at once, with nothing in the cache."""
    stage.fresh()
    shutil.rmtree(CACHE)
    done = subprocess.run([sys.executable, "-c", STAMPEDE % (stage.login, HERD)], env=stage.environment, capture_output=True, text=True, timeout=300,
                          check=False)
    logins = stage.logins()
    if done.stdout.strip() != str(HERD):
        return logins, "%s of %d have a token: %s" % (done.stdout.strip(), HERD, done.stderr[:300])
    left = sorted(path.name for path in CACHE.iterdir() if path.suffix not in (".json", ".lock") and path.name != "key")
    return logins, ("" if logins == 1 else "there were %d logins, not 1" % logins) or ("drafts are left: %s" % left if left else "")


def main():
    started = time.monotonic()
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    stage = Stage()
    rows = []
    with stage.nursery:
        for case in CASES:
            rows.append((case.about, *((0, "") if case.why_not else play(stage, case)), case.why_not))
        how, logins, wrong = play_full_disk(stage)
        rows.append(("the disk is full (%s)" % how, logins, wrong, ""))
        logins, wrong = play_herd(stage)
        rows.append(("%d processes at once, nothing in the cache" % HERD, logins, wrong, ""))
    stage.server.shutdown()
    print("%-60s %6s" % ("token cache", "logins"))
    for about, logins, wrong, why_not in rows:
        print("%-60s %6s  %s" % (about, "-" if why_not else logins, "not tried: " + why_not if why_not else "FAILED: " + wrong if wrong else "ok"))
    failed = sum(bool(row[2]) for row in rows)
    print("%d cases, %d failed, %d not tried   (%.0f s)" % (len(rows), failed, sum(bool(row[3]) for row in rows), time.monotonic() - started))
    if not failed:
        shutil.rmtree(PLACE, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
