# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""An Access kept between tasks, safely: many processes at once log in once.

The directory is RAX_TOKEN_CACHE_DIR, else $XDG_CACHE_HOME/rackspace.cloud, of the user that runs the task on the machine
where it runs. It is 0700 and its files 0600; what belongs to somebody else, is open to others or is no plain file is not
trusted. A place that cannot be written, or a lock that is not won in time, means working without a cache, never failing.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import re
import stat
import tempfile

from . import wait
from .identity import Access

LOCK_TIMEOUT = 30.0
LOCK_PAUSE = 0.05
DRAFT = "draft-"  # how the name of a file begins that is not complete yet
OUTDATED = 86400  # seconds after which a file is of no use to anybody: a draft of a process that was killed, an entry of a login that changed
# Only what is written here: the directory may hold files of others.
OURS = re.compile(r"(%s\w{8}|[0-9a-f]{64}\.json|servers_[0-9a-f]{32}\.json)" % DRAFT, re.ASCII)


class Unusable(Exception):
    """The cache cannot be trusted or used; the caller goes on without it."""


class TokenCache:
    """One entry of the cache. identity: the strings that tell one login from another, the secret among them."""

    def __init__(self, identity, environ=None):
        environ = os.environ if environ is None else environ
        self.folder = os.path.expanduser(environ.get("RAX_TOKEN_CACHE_DIR") or os.path.join(
            environ.get("XDG_CACHE_HOME") or "~/.cache", "rackspace.cloud"))
        self.identity = identity
        self.path = None

    def get(self, log_in, stale=None):
        """A fresh Access: from the cache, else by log_in(), which one process at a time does.

        stale: a token that the service refused; an entry that holds it does not count.
        """
        try:
            self.open()
            access = self.read(stale)
            if access:
                return access
            with Lock(self.path + ".lock"):
                access = self.read(stale)
                if not access:
                    access = log_in()
                    self.keep(access)
                return access
        except (Unusable, OSError):
            return log_in()

    def open(self):
        """Make or check the directory, and find the name of the entry: an HMAC, so that it tells nothing."""
        if self.path:
            return
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        check(os.lstat(self.folder), stat.S_ISDIR)
        message = json.dumps(self.identity).encode("utf-8")
        self.path = os.path.join(self.folder, hmac.new(self.key(), message, hashlib.sha256).hexdigest() + ".json")

    def key(self):
        """The random key of this directory, made by whoever comes first."""
        path = os.path.join(self.folder, "key")
        try:
            return read_trusted(path)
        except FileNotFoundError:
            pass
        draft = self.draft(os.urandom(32))
        try:
            os.link(draft, path)  # fails where another process was faster, and is never seen half written
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
        return read_trusted(path)

    def read(self, stale):
        """The Access of the entry, or None when there is none, it ran out, was refused, or is no entry."""
        try:
            access = Access(**json.loads(read_trusted(self.path)))
            return access if access.token != stale and access.fresh() else None
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def keep(self, access):
        """Keep an Access; the old one stays whole until the new one is. Not being able to is no failure."""
        try:
            self.open()
            self.tidy()
            draft = self.draft(json.dumps(access._asdict()).encode("utf-8"))
            try:
                os.replace(draft, self.path)
            except OSError:
                os.unlink(draft)
        except (Unusable, OSError):
            pass

    def draft(self, content):
        handle, path = tempfile.mkstemp(dir=self.folder, prefix=DRAFT)  # 0600 from the start
        try:
            with os.fdopen(handle, "wb") as draft:
                draft.write(content)
        except OSError:
            os.unlink(path)
            raise
        return path

    def tidy(self):
        """Remove what earlier runs have left here for nobody: drafts and entries hold a token. Done by who writes, never by who only reads."""
        with os.scandir(self.folder) as files:
            for found in files:
                if OURS.fullmatch(found.name):
                    try:
                        if found.stat(follow_symlinks=False).st_mtime < wait.wall() - OUTDATED:
                            os.unlink(found.path)
                    except OSError:  # another process was faster
                        pass


class Lock:
    """An exclusive lock on a file, for as long as the block runs; Unusable when it is not won in time."""

    def __init__(self, path):
        self.path = path
        self.handle = None

    def __enter__(self):
        self.handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        started = wait.now()
        while True:
            try:
                fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return self
            except BlockingIOError as error:
                if wait.now() - started > LOCK_TIMEOUT:
                    os.close(self.handle)
                    raise Unusable("the lock %s is held" % self.path) from error
            except OSError:  # a file system without locks
                os.close(self.handle)
                raise
            wait.rest(LOCK_PAUSE)

    def __exit__(self, *error):
        os.close(self.handle)


def read_trusted(path):
    """The bytes of a plain file that is ours alone; FileNotFoundError when there is none."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)  # a named pipe would never open
    with os.fdopen(handle, "rb") as file:
        check(os.fstat(file.fileno()), stat.S_ISREG)
        return file.read()


def check(status, is_kind):
    if not is_kind(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise Unusable("owner, mode or kind is wrong")
