# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The token cache, with real files, locks and processes."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import stat
import threading
from pathlib import Path

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import token_cache, wait
from ansible_collections.rackspace.cloud.plugins.module_utils.identity import Access
from ansible_collections.rackspace.cloud.plugins.module_utils.token_cache import TokenCache

WHO = ["https://identity.invalid/v2.0", "api_key", "demo", "sandbox-secret"]
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file to somebody else")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


class Login:
    """A login that counts how often it is done and gives another token each time."""

    def __init__(self, life=86400):
        self.count = 0
        self.life = life

    def __call__(self):
        self.count += 1
        return Access("token-%d" % self.count, wait.wall() + self.life, [], {"name": "demo"}, None, "v2.0")


@pytest.fixture
def cache(folder):
    """cache(): what each task makes of the same directory."""
    return lambda who=WHO: TokenCache(who, {"RAX_TOKEN_CACHE_DIR": str(folder)})


def entry(folder):
    (path,) = folder.glob("*.json")
    return path


class TestKeeping:
    def test_the_second_task_finds_what_the_first_one_kept(self, cache, clock):
        login = Login()
        first = cache().get(login)
        assert cache().get(login) == first and login.count == 1

    def test_somebody_else_finds_nothing(self, cache, clock):
        login = Login()
        cache().get(login)
        for number, value in enumerate(("https://other.invalid", "password", "somebody", "sandbox-other")):
            cache([value if place == number else word for place, word in enumerate(WHO)]).get(login)
        assert login.count == 5

    def test_files_are_for_the_owner_alone_and_tell_nothing(self, cache, folder, clock):
        old = os.umask(0)
        try:
            cache().get(Login())
        finally:
            os.umask(old)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
        assert not [path for path in folder.iterdir() if "sandbox-secret" in path.name or b"sandbox-secret" in path.read_bytes()]
        assert {path.suffix for path in folder.iterdir()} == {".json", ".lock", ""}  # no draft is left

    def test_who_writes_removes_what_is_left_for_nobody(self, cache, folder, clock):
        cache().get(Login())
        kept = entry(folder)
        draft = Path(cache().draft(b"sandbox-token"))
        files = [draft, kept, folder / ("a" * 64 + ".json"), folder / ("servers_%s.json" % ("b" * 32))]
        others = [folder / name for name in ("key", "tmp12345678", "notes.json", "draft-notes.txt")]
        for path in [*files[2:], *others[1:]]:
            path.write_text("{}")
        for path in [*files, *others]:
            os.utime(path, (wait.wall() - 86500,) * 2)
        young = Path(cache().draft(b"sandbox-token"))
        os.utime(young, (wait.wall() - 86300,) * 2)
        cache().get(Login())  # only reads
        assert all(path.exists() for path in files)
        cache([*WHO[:3], "sandbox-other"]).get(Login())
        assert not any(path.exists() for path in files) and all(path.exists() for path in [young, *others])

    def test_the_same_secret_has_another_name_in_another_directory(self, tmp_path, clock):
        names = set()
        for place in ("one", "two"):
            TokenCache(WHO, {"RAX_TOKEN_CACHE_DIR": str(tmp_path / place)}).get(Login())
            names.add(entry(tmp_path / place).name)
        assert len(names) == 2

    @pytest.mark.parametrize("environ, place", [
        ({"RAX_TOKEN_CACHE_DIR": "~/mine", "XDG_CACHE_HOME": "/nowhere"}, "mine"), ({"XDG_CACHE_HOME": "~/xdg"}, "xdg/rackspace.cloud"),
        ({}, ".cache/rackspace.cloud")])
    def test_where_it_lies(self, home, environ, place, clock):
        TokenCache(WHO, environ).get(Login())
        assert entry(home / place).is_file()

    @pytest.mark.parametrize("left, logins", [(121, 1), (119, 2), (-1, 2)])
    def test_a_token_that_is_about_to_end_does_not_count(self, cache, clock, left, logins):
        login = Login(life=600)
        cache().get(login)
        clock.sleep(600 - left)
        cache().get(login)
        assert login.count == logins

    def test_a_token_that_was_refused_does_not_count(self, cache, clock):
        login = Login()
        first = cache().get(login)
        second = cache().get(login, stale=first.token)
        assert second.token == "token-2"
        # Another task that was refused the first one too finds the second.
        assert cache().get(login, stale=first.token) == second and login.count == 2

    def test_what_was_found_out_later_is_kept_too(self, cache, clock):
        mine = cache()
        access = mine.get(Login())
        mine.keep(access._replace(catalog=[{"type": "compute"}]))
        assert cache().get(Login()).catalog == [{"type": "compute"}]

    def test_an_error_of_the_login_is_its_own(self, cache, folder, clock):
        def fails():
            raise RuntimeError("wrong password")
        with pytest.raises(RuntimeError, match="wrong password"):
            cache().get(fails)
        assert not list(folder.glob("*.json"))
        assert cache().get(Login()).token == "token-1"  # and no lock is left


DAMAGE = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[:40]),
    "empty": lambda path: path.write_bytes(b""),
    "no JSON": lambda path: path.write_bytes(b"\xff\xfe"),
    "another shape": lambda path: path.write_text("[1, 2]"),
    "a field more": lambda path: path.write_text(json.dumps(dict(json.loads(path.read_text()), more=1))),
    "an end that is no number": lambda path: path.write_text(json.dumps(dict(json.loads(path.read_text()), expires="soon"))),
}


class TestDistrust:
    @pytest.mark.parametrize("damage", DAMAGE)
    def test_a_damaged_file_is_replaced(self, cache, folder, clock, damage):
        login = Login()
        cache().get(login)
        DAMAGE[damage](entry(folder))
        assert cache().get(login).token == "token-2"
        assert cache().get(login).token == "token-2"

    @staticmethod
    def plant(folder):
        """An entry that would be taken if it were trusted."""
        path = entry(folder)
        path.write_text(json.dumps(dict(json.loads(path.read_text()), token="planted")))
        return path

    def test_what_is_planted_rightly_would_be_taken(self, cache, folder, clock):
        cache().get(Login())
        self.plant(folder)
        assert cache().get(Login()).token == "planted"

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o610])
    def test_a_file_that_is_open_to_others(self, cache, folder, clock, mode):
        cache().get(Login())
        self.plant(folder).chmod(mode)
        assert cache().get(Login()).token == "token-1"

    @pytest.mark.parametrize("mode", [0o750, 0o705, 0o777, 0o701])
    def test_a_directory_that_is_open_to_others(self, cache, folder, clock, mode):
        cache().get(Login())
        self.plant(folder)
        folder.chmod(mode)
        assert cache().get(Login()).token == "token-1"

    @needs_root
    @pytest.mark.parametrize("whose", ["file", "directory", "key"])
    def test_what_belongs_to_somebody_else(self, cache, folder, clock, whose):
        cache().get(Login())
        path = self.plant(folder)
        os.chown({"file": path, "directory": folder, "key": folder / "key"}[whose], 12345, 12345)
        assert cache().get(Login()).token == "token-1"

    @pytest.mark.parametrize("whose", ["file", "directory", "key"])
    def test_a_link_to_somewhere_else(self, cache, folder, tmp_path, clock, whose):
        cache().get(Login())
        path = {"file": self.plant(folder), "directory": folder, "key": folder / "key"}[whose]
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
        assert cache().get(Login()).token == "token-1"

    def test_a_directory_in_the_place_of_the_file(self, cache, folder, clock):
        cache().get(Login())
        path = entry(folder)
        path.unlink()
        path.mkdir()
        login = Login()
        assert cache().get(login).token == "token-1" and login.count == 1
        assert not list(folder.glob("tmp*"))

    def test_a_named_pipe_in_the_place_of_the_file(self, cache, folder, clock):
        """Opening one would wait for somebody to write into it, for ever."""
        cache().get(Login())
        path = entry(folder)
        path.unlink()
        os.mkfifo(path, 0o600)
        login = Login()
        assert cache().get(login).token == "token-1" and login.count == 1

    @pytest.mark.parametrize("place", ["/proc/nothing", "/dev/null/cache", "file/cache"])
    def test_a_place_that_cannot_be_written(self, home, clock, place):
        (home / "file").write_text("")
        login = Login()
        for number in (1, 2):
            cache = TokenCache(WHO, {"RAX_TOKEN_CACHE_DIR": place})
            assert cache.get(login).token == "token-%d" % number
            cache.keep(Login()())
        assert login.count == 2


class TestLock:
    def test_a_lock_that_is_not_won_in_time(self, cache, folder, clock):
        cache().get(Login())
        entry(folder).unlink()
        with open(str(entry_lock(folder)), "r+b") as other:
            fcntl.flock(other, fcntl.LOCK_EX)
            began, login = clock.now(), Login()
            assert cache().get(login).token == "token-1" and login.count == 1
            assert token_cache.LOCK_TIMEOUT <= clock.now() - began <= token_cache.LOCK_TIMEOUT + 1
        assert not list(folder.glob("*.json"))  # nothing was kept behind the back of who has the lock

    def test_threads_log_in_once(self, cache):
        login, begin = SlowLogin(), threading.Barrier(8)
        tokens = []

        def task():
            begin.wait()
            tokens.append(cache().get(login).token)
        threads = [threading.Thread(target=task) for _number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert tokens == ["token-1"] * 8 and login.count == 1

    @pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
    @pytest.mark.parametrize("stale", [None, "token-1"])
    def test_processes_log_in_once(self, cache, folder, tmp_path, stale):
        if stale:
            cache().get(Login())
        context = multiprocessing.get_context("fork")
        begin = context.Barrier(12)
        log = tmp_path / "logins"
        log.write_text("")
        processes = [context.Process(target=task_of_its_own, args=(str(folder), str(log), begin, stale)) for _number in range(12)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0] * 12
        lines = log.read_text().splitlines()
        assert len([line for line in lines if line.startswith("login")]) == 1
        tokens = {line for line in lines if line.startswith("token")}
        assert len(tokens) == 1 and "token token-1" not in tokens


def entry_lock(folder):
    (path,) = folder.glob("*.lock")
    return path


class SlowLogin(Login):
    """A login during which others come."""

    def __call__(self):
        threading.Event().wait(0.05)
        return super().__call__()


def task_of_its_own(folder, log, begin, stale):
    """What one fork does: get an Access, and write down whether it logged in and which token it has."""
    def write(line):
        with open(log, "a", encoding="utf-8") as handle:
            handle.write(line + "\n")

    def log_in():
        threading.Event().wait(0.05)
        write("login %d" % os.getpid())
        return Access("token-of-%d" % os.getpid(), wait.wall() + 600, [], {}, None, "v2.0")
    begin.wait()
    access = TokenCache(WHO, {"RAX_TOKEN_CACHE_DIR": folder}).get(log_in, stale)
    write("token %s" % access.token)


def test_the_key_of_a_directory_is_made_once(tmp_path, clock):
    """Whoever comes first makes it; nobody ever sees half of it."""
    begin, keys = threading.Barrier(16), []

    def task():
        cache = TokenCache(WHO, {"RAX_TOKEN_CACHE_DIR": str(tmp_path / "cache")})
        os.makedirs(cache.folder, mode=0o700, exist_ok=True)
        begin.wait()
        keys.append(cache.key())
    threads = [threading.Thread(target=task) for _number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1 and len(keys) == 16 and len(keys[0]) == 32
    assert [path.name for path in Path(tmp_path / "cache").iterdir()] == ["key"]
