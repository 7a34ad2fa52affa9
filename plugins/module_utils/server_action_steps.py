# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""How each action on a server is begun, and what «done» looks like."""

from __future__ import annotations

from . import conflicts, creation, errors, server_actions, servers, wait
from .plan import Started
from .records import record
from .snapshots import Snapshot

NOT_OFFERED = (405, 410, 501)
COUNTED = ("reboot", "rebuild")  # the actions of which a second one is one too many; others lead to the same, or are refused when it is there
SURE_AFTER = 2.0  # seconds; `updated` has whole ones, and clocks of one cloud differ a little


def settle(task, now, step):
    return watched(task, now, servers.settled, 1800)


def watched(task, now, done, timeout):
    return Started(lambda: servers.get(task.cloud.compute, now["id"]), done, record, timeout)


def act(task, now, step):
    """Post the action. It is over when the task is over, not when the status reads as it will before it began."""
    want = step.body
    action = server_actions.row(want)
    answer = send(task, now, want)
    if task.params["return_password"] and "admin_password" in action.options:
        task.results["admin_password"] = password(task, now, answer)
    if not action.ends:
        return watched(task, now, servers.there, action.timeout)
    return watched(task, now, servers.over(now["status"], lambda server: is_there(server, want), server_actions.verb(want)), action.timeout)


def is_there(server, want):
    """Whether a server at rest, raw, is where the action leads."""
    if server["status"] in server_actions.row(want).ends:
        return True
    # Some clouds confirm a resize by themselves.
    return want["action"] == "resize" and server_actions.has_nothing_to_do(record(server), want)


def send(task, now, want):
    """The answer to the action, None when the server is seen to have begun though no answer says so."""
    return Sending(task, now, want).answer()


class Sending:
    """An action that is sent once, and again only when it was refused and the server shows that it was not carried out all the same."""

    def __init__(self, task, now, want):
        self.task = task
        self.api = task.cloud.compute
        self.want = want
        self.action = server_actions.row(want)
        self.before = now     # the record before it was sent
        self.seen = None      # the record as of the last look since
        self.sent_at = None   # on the cloud's clock, the first time that the cloud may have taken it

    def answer(self):
        lost = None
        for _attempt in range(creation.TRIES):
            try:
                return conflicts.waited_out(self.task, self.before["id"], self.post if lost is None else self.post_again, self.action.states,
                                            server_actions.verb(self.want), None if lost is None else self.has_begun)
            except errors.WrongState:
                if not there_since(servers.get(self.api, self.before["id"]), self.before, self.action):
                    raise
                return None
            except errors.CloudError as error:
                lost = self.open_end(error)
            if self.is_seen_to_have_begun():
                return None
            if not self.may_be_sent_again(lost):
                break
        raise self.left_open(lost)

    def post(self):
        """The first time. After a refusal because the server was at work, it may rest in another state than before."""
        if self.sent_at is not None:
            found = servers.get(self.api, self.before["id"])
            self.before = record(found) if found else self.before
        self.sent_at = self.task.cloud.transport.cloud_time()
        return self.post_again()

    def post_again(self):
        return servers.act(self.api, self.before["id"], self.action.api, self.action.arguments(self.want),
                           resend=self.want["action"] in server_actions.ONLY_READ) or {}

    def open_end(self, error):
        """The error, when it leaves open whether the action was carried out; raises it otherwise."""
        if is_not_offered(error):
            raise errors.NoEndpoint("%s does not offer the action %s. %s" % (self.api, self.want["action"], error.args[0]),
                                    http_status=error.status, request_id=error.facts.get("request_id")) from error
        if self.want["action"] in server_actions.ONLY_READ or not creation.may_have_happened(error):
            raise error
        return error

    def has_begun(self, server):
        """Whether a server, raw, is at work, or in another state than before. Raises when it is gone."""
        return not servers.settled(server) or server["status"] != self.before["status"] or server_actions.has_nothing_to_do(record(server), self.want)

    def look(self):
        server = servers.get(self.api, self.before["id"])
        begun = self.has_begun(server)
        self.seen = record(server)
        return begun

    def is_seen_to_have_begun(self):
        self.seen = None
        try:
            return creation.find(self.look)[0]
        except (errors.ApiError, errors.LoginFailed):  # nobody may look, and the first error says more
            self.seen = None
            return False

    def may_be_sent_again(self, lost):
        """Whether it was refused, and not carried out all the same. A reboot may be over between two looks; but then the record has changed."""
        refused = isinstance(lost, errors.ApiError) and (lost.status == 401 or lost.status in errors.REFUSED)
        return refused and self.seen is not None and (self.want["action"] not in COUNTED or self.is_untouched())

    def is_untouched(self):
        """Whether the record that was seen is from before the action was sent."""
        touched = wait.moment(self.seen.get("updated"))
        return touched is not None and self.seen["updated"] == self.before.get("updated") and touched + SURE_AFTER <= self.sent_at

    def left_open(self, lost):
        """The error of the answer that left it open, with what is known of the server and what to do."""
        found = "nobody could look at the server since" if self.seen is None else (
            "the server is %s and at rest, last changed at %s" % (self.seen["status"], self.seen.get("updated")))
        then = "Look at the server before you run the task again, which would %s it once more." % server_actions.verb(
            self.want) if self.want["action"] in COUNTED else "Run the task again."
        if isinstance(lost, errors.ApiError):
            lost.advise("")
        lost.args = ("%s The action %s may have been carried out all the same; %s. %s" % (lost.args[0].strip(), self.want["action"], found, then),)
        return lost


def there_since(server, now, action):
    """Whether a server, raw, came to where the action leads after the record was read: by an answer that refused and was carried out
    all the same, or by somebody else."""
    return bool(server) and server["status"] in action.ends and now["status"] not in action.ends


def is_not_offered(error):
    return isinstance(error, errors.ApiError) and (error.status in NOT_OFFERED or error.status == 400 and "no such action" in error.text.lower())


def password(task, now, answer):
    """The password that holds from now on: what the cloud answered, else what was given."""
    answer = answer or {}
    found = answer.get("adminPass") or (answer.get("server") or {}).get("adminPass") or task.params["admin_password"]
    if found is None:
        task.warn("The generated password of server %s did not come back with the answer. Set another with the action change_password."
                  % now["id"])
    return found


def create_image(task, now, step):
    """Make an image, wait until it can be used, and until the server is through with it."""
    task.results.update(image=None, image_id=None)
    snapshot = Snapshot(task, now, step.body["name"], step.body.get("metadata", {}))
    task.results["image_id"] = snapshot.id
    server = {"raw": None if task.params["wait"] else servers.get(task.cloud.compute, now["id"])}

    def fetch():
        image = snapshot.fetch()
        task.results["image"] = record(image) if image else None
        if image and image.get("status") == "ACTIVE":
            server["raw"] = servers.get(task.cloud.compute, now["id"])
        return image

    def done(image):
        return snapshot.done(image) and (server["raw"] is None or servers.settled(server["raw"]))
    return Started(fetch, done, lambda image: record(server["raw"]) if server["raw"] else now, 1800)


def console_output(task, now, want):
    """The text on the console, as much of it as is wanted."""
    with errors.Doing("read the console of %s" % servers.title(now)):
        return (send(task, now, want) or {}).get("output") or ""


STEPS = dict(dict.fromkeys(server_actions.ACTIONS, act), create_image=create_image, settle=settle)
