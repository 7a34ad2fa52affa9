# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""How each step of a server plan is begun, and what «done» looks like."""

from __future__ import annotations

from . import conflicts, creation, errors, metadata, server_action_steps, servers, wait
from .plan import Started
from .records import record

API_NAMES = {"name": "name", "access_ipv4": "accessIPv4", "access_ipv6": "accessIPv6"}
ACTIONS = ("start", "stop", "unpause", "resume", "unshelve", "rebuild", "resize", "confirm_resize")
BUILDS = 3  # how often a build that ends in ERROR is begun, with on_error: recreate


def started(task, now, done, timeout=600):
    server_id = now["id"]
    return Started(lambda: servers.get(task.cloud.compute, server_id), done, record, timeout)


def create(task, now, step):
    build = Build(task, step.body)
    return Started(build.fetch, build.done, record, 1800, build.id)


class Build:
    """A server that is being made: sent once for sure, and made anew after an ERROR when the user wants that."""

    def __init__(self, task, body):
        self.task = task
        self.api = task.cloud.compute
        self.body = body
        ready = task.params["ready_when"]
        self.goal = servers.both(servers.reaches("ACTIVE"), servers.ready(*ready)) if ready else servers.reaches("ACTIVE")
        self.builds = 0
        self.begin()

    def begin(self):
        """Send the create request, and know the id of the one server that came of it."""
        self.builds += 1
        self.began = wait.now()
        since = self.task.cloud.transport.cloud_time()
        wanted = self.body["server"]
        items = {key: value for key, value in wanted.get("metadata", {}).items() if key != creation.MARKER}

        def by_looks(server):
            return (server["flavor"].get("id") == wanted["flavorRef"] and (server.get("image") or {}).get("id", "") == wanted["imageRef"]
                    and (wait.moment(server.get("created")) or 0) >= since - 1)
        made, self.alone = creation.marked(
            lambda marked: servers.create(self.api, dict(self.body, server=dict(wanted, metadata=marked))),
            lambda: servers.named(self.api, wanted["name"]), by_looks, lambda server: servers.delete(self.api, server["id"]),
            items, with_mark=creation.MARKER in wanted.get("metadata", {}))
        self.id = made["id"]
        if self.task.params["return_password"]:
            password = made.get("adminPass") or self.task.params["admin_password"]
            if password is None:
                self.task.warn("The generated password of server %s was in an answer that got lost. Set another with the action "
                               "change_password." % self.id)
            self.task.results["admin_password"] = password

    def fetch(self):
        server = servers.get(self.api, self.id)
        if server is None and wait.now() - self.began < creation.YOUNG:
            return {"id": self.id, "name": self.body["server"]["name"], "status": "BUILD"}
        return server

    def done(self, server):
        try:
            return creation.done_alone(self.goal, self.alone)(server)
        except errors.Failed:
            if self.task.params["on_error"] != "recreate" or self.builds == BUILDS or (server or {}).get("status") != "ERROR":
                raise
        self.task.warn("%s ended in ERROR (%s); it is deleted and built anew." % (servers.title(server), servers.fault_of(server)))
        remove(self.api, self.id)
        self.task.results["reached"] = None  # until there is another
        self.begin()
        return False


def remove(api, server_id):
    """Start to delete a server, once more when the answer gets lost and it is still there."""
    creation.once(lambda: servers.delete(api, server_id), lambda: not servers.alive(servers.get(api, server_id)))


def delete(task, now, step):
    conflicts.waited_out(task, now["id"], lambda: servers.delete(task.cloud.compute, now["id"]), None, "delete",
                         needless=lambda server: not servers.alive(server))
    done = servers.deleted_from(now["status"]) if task.params["delete_wait"] == "gone" else lambda server: not servers.alive(server)
    return started(task, now, done, 900)._replace(record=lambda raw: record(raw) if servers.alive(raw) else None)


def settle(task, now, step):
    return started(task, now, servers.settled, 1800)


def await_automation(task, now, step):
    """Ends in ERROR too, where no automation ever says anything: what becomes of the server then is up to the plan, as after settle()."""
    automated = servers.ready(*task.params["ready_when"])
    return started(task, now, lambda server: servers.there(server) and (servers.broken(server) or automated(server)), 1800)


def update(task, now, step):
    fields = {API_NAMES[name]: value for name, value in step.body.items()}
    conflicts.waited_out(task, now["id"], lambda: servers.update(task.cloud.compute, now["id"], fields), None, "change the name or address of")
    return started(task, now, servers.there)


def set_metadata(task, now, step):
    conflicts.waited_out(task, now["id"], lambda: servers.set_metadata(task.cloud.compute, now["id"], step.body), metadata.CHANGEABLE,
                         "change the metadata of")
    return started(task, now, servers.there)


def remove_metadata(task, now, step):
    conflicts.waited_out(task, now["id"], lambda: servers.remove_metadata(task.cloud.compute, now["id"], step.body), metadata.CHANGEABLE,
                         "change the metadata of")
    return started(task, now, servers.there)


def act(task, now, step):
    """Power, rebuild and resize are actions like those of server_action."""
    if step.do == "confirm_resize" and now["status"] != "VERIFY_RESIZE":
        return started(task, now, servers.there)  # some clouds confirm by themselves
    arguments = {"resize": {"flavor": step.body}, "rebuild": {"image": step.body, "admin_password": task.params["admin_password"]}}
    return server_action_steps.act(task, now, step._replace(body=dict(arguments.get(step.do, {}), action=step.do)))


STEPS = dict(dict.fromkeys(ACTIONS, act), **{function.__name__: function for function in (
    create, delete, settle, await_automation, update, set_metadata, remove_metadata)})
