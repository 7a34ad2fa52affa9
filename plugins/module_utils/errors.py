# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Every error of the collection, in words that a user can act on.

A message says what was asked, what was found and what to do next. The same facts travel as data
in ``facts`` and end up beside ``msg`` in the result of a failed task.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LOOPBACK = re.compile(r"(localhost|127(\.\d+){3}|::1)$")  # hosts that are the machine itself
REFUSED = (413, 429, 503)  # statuses that say: nothing was done, come again
NOT_OFFERED = (501, 505)  # the only ones from 500 on that say for sure that nothing was done, and never will be


class CloudError(Exception):
    """The root of all expected errors. Anything else that is raised is a bug of ours and is shown as such.

    facts: what a playbook may want to look at (operation, http_status, request_id, ids, ...); None is left out.
    """

    passing = False  # True: the same question may get an answer a moment later, so a poll goes on

    def __init__(self, message, **facts):
        super().__init__(message)
        self.facts = {name: value for name, value in facts.items() if value is not None}

    def __str__(self):
        message = self.args[0]
        operation = self.facts.get("operation")
        return "Could not %s: %s" % (operation, message) if operation else message

    def as_result(self):
        """The keyword arguments for fail_json: ``msg`` and the facts."""
        return dict(self.facts, msg=str(self))


class BadInput(CloudError):
    """An option, a file or a variable of the environment holds something that cannot work."""


class NoCredentials(BadInput):
    """No source, or only half of one, to log in with."""


class LoginFailed(CloudError):
    """The identity service refused the login."""


class NoEndpoint(CloudError):
    """The account has no such service, or not in this region."""


class NotFound(CloudError):
    """Nothing has this name or id."""


class Ambiguous(CloudError):
    """More than one thing has this name."""


class Unreachable(CloudError):
    """No connection: nothing was sent, so nothing has happened."""

    passing = True


class LostAnswer(CloudError):
    """The request went out and no usable answer came back: it may have happened."""

    passing = True


class BadAnswer(CloudError):
    """What came back is not what this API answers: HTML, cut JSON, a page that repeats."""

    passing = True


class Failed(CloudError):
    """The cloud did what was asked and it ended badly: a server in ERROR, an image that was killed."""


class TimedOut(CloudError):
    """Something did not become what was waited for in the time allowed."""


class WrongState(CloudError):
    """The thing is not in a state in which this can be done."""


class Protected(CloudError):
    """A guard refuses: nothing was sent."""


class Drifted(CloudError):
    """What is there differs from what is wanted, and the policy is to fail then."""


class WriteRefused(RuntimeError):
    """Check mode tried to write. A bug of ours, stopped before it left the machine; deliberately no CloudError."""


class ApiError(CloudError):
    """An answer of the service that is not a success.

    status: int; name, text: of the fault body, where there is one; quota: True when a limit of the account,
    not of time, was hit. of_quota: whether the fault speaks of one, where its text does not show that any more.
    """

    NEXT = {
        400: "Correct the value that is named.",
        401: "The token was refused twice; check that this user may use this tenant and region.",
        403: "This user lacks the role for it, or the cloud forbids it; ask the owner of the account.",
        404: "It is not there, or not in this region or tenant.",
        405: "This cloud does not offer the operation.",
        408: "The service, or a proxy before it, gave up waiting for the request; run the task again.",
        409: "It is busy or in a state that does not allow this; wait until it is done and run the task again.",
        413: "The cloud still limits the rate after all retries; wait, lower the number of forks or raise api_retries.",
        415: "This service does not take what was sent in this media type. Leave media_type out or set it to json, which every service speaks; a request "
             "of api_request may need another Content-Type among its headers.",
        429: "The cloud still limits the rate after all retries; wait, lower the number of forks or raise api_retries.",
        501: "This cloud does not offer the operation.",
    }

    # What a service says with a status that means many things: part of the name or the text, in lower case.
    NEXT_BY_WORDS = {
        "resizenotallowed": "Servers of this flavor cannot be resized to that one; try a larger one, or make a new server.",
        "metadata items": "Leave some metadata out, or remove other items first (purge_metadata).",
        "create:image_backed": "This flavor has no disk of its own: boot from a volume (boot_volume), or choose another flavor.",
        "required but missing": "This account may not leave these networks out: list public and private among the networks too.",
        "dependent snapshots": "Delete its snapshots first; a volume stays as long as it has some.",
        "root device volume": "A server cannot be without the volume that it boots from. Delete the server, and keep the volume if that was said.",
        "key_name": "Import the key pair first; its name is looked for in the region of the server.",
    }

    def __init__(self, method, path, status, name=None, text=None, request_id=None, of_quota=False, **facts):
        self.status = status
        self.name = name
        self.text = text or ""
        self.quota = status in (403, 409, 413) and (of_quota or "quota" in self.text.lower())
        said = " ".join(part for part in (str(status), name) if part)
        message = "%s %s was answered %s%s%s. %s" % (
            method, path, said,
            ": %s" % self.text.rstrip(" .") if self.text else "",
            " (request id %s)" % request_id if request_id else "",
            self.next_step(),
        )
        super().__init__(message, http_status=status, request_id=request_id, **facts)

    def advise(self, advice):
        """Say what to do in other words than those for all answers of this status."""
        self.args = (self.args[0].replace(self.next_step(), advice),)

    retry_after = None  # seconds that the service asks to wait, where it does

    @property
    def leaves_open(self):
        """Whether this leaves open if the request was carried out: a 408, a 5xx of whatever proxy, and a 503 too when it names no time to
        come again."""
        return self.broken and (self.status != 503 or self.retry_after is None)

    @property
    def broken(self):
        """Whether the service, or a proxy before it, could not answer. What was asked counts for nothing then."""
        return self.status == 408 or (self.status >= 500 and self.status not in NOT_OFFERED)

    @property
    def passing(self):
        return self.broken or (self.status in (413, 429) and not self.quota)

    def next_step(self):
        """What the user can do about it, in a sentence."""
        if self.quota:
            return "A quota of the account is used up; remove something or have the quota raised (see limits_info)."
        if self.status < 400:
            return "It is not followed, because a login goes with the request. If that place is the right one, give it as auth_url or compute_endpoint."
        said = ("%s %s" % (self.name, self.text)).lower()
        by_words = next((advice for words, advice in self.NEXT_BY_WORDS.items() if words in said), None)
        return by_words or self.NEXT.get(self.status) or (
            "The service has a problem; run the task again, and give its operator the request id if it stays."
            if self.status >= 500 else "The request was not accepted.")


def place_of(url):
    """Host and port of an address, for messages and comparisons, without a login that somebody wrote into it; "" when it is none."""
    try:
        return urlsplit(str(url)).netloc.rpartition("@")[2].lower()
    except ValueError:  # half an IPv6 address
        return ""


def is_own_machine(url):
    """Whether an address is of the machine that the task runs on."""
    return bool(LOOPBACK.match(urlsplit("//" + place_of(url)).hostname or ""))


def holds_login(url):
    """Whether somebody wrote a login into the address of a service, as in https://user:password@host; its password may hold a slash."""
    return "@" in str(url or "").partition("?")[0]


def without_login(url):
    """An address as it may be shown: without a login that somebody wrote into it."""
    scheme, slashes, rest = str(url).partition("//")
    return scheme + slashes + rest.rpartition("@")[2]


class Doing:
    """``with Doing("create server 'web1'"):`` names the operation in any CloudError that passes through."""

    def __init__(self, operation, **facts):
        self.operation = operation
        self.facts = facts

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if isinstance(error, CloudError):
            for name, value in dict(self.facts, operation=self.operation).items():
                error.facts.setdefault(name, value)
        return False
