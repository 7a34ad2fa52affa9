# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What the matrix knows of a cloud behind the proxy, by a client that is not the one under test: prepare, reset, and look what is there."""

from __future__ import annotations

import time

from plain_client import endpoints, log_in, send

SECONDS = 300  # for what a real cloud that shares its machine with others may take
VOLUME_TYPES = ("block-storage", "volumev3", "volume")
# Of each kind: service, path of the list, its key.
KINDS = {
    "servers": ("compute", "/servers/detail", "servers"),
    "images": ("compute", "/images/detail", "images"),
    "volumes": ("volume", "/volumes/detail", "volumes"),
    "keypairs": ("compute", "/os-keypairs", "keypairs"),
    "networks": ("network", "/networks", "networks"),
    "users": ("identity", "/users", "users"),
}
ON_THE_WAY_OUT = ("DELETED", "DELETING", "SOFT_DELETED")
PUBLIC_KEYS = ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f faults",)


class Refused(Exception):
    """The cloud did not do what was asked of it: (status, body)."""


class World:
    """A cloud as it is. auth: connection options as modules take them; url: of a sandbox's control API, "" elsewhere.

    prefix: names of what is made here begin with it; on a cloud that cannot be reset they are how it is cleared. administrator: the
    connection options of the one who may look at the users of Keystone.
    """

    def __init__(self, dress, auth, url="", prefix="faults", administrator=None):
        self.dress = dress
        self.member = self.auth = auth
        self.administrator = auth if dress == "rackspace" else administrator or dict(auth, username="admin")
        self.url = url
        self.prefix = prefix
        self.token = None
        self.bases = {}
        self.project = None

    @property
    def rackspace(self):
        return self.dress == "rackspace"

    @property
    def names(self):
        """A flavor and an image to build from."""
        return {"flavor": "general1-1", "image": "3afe97b2-26dc-49c5-a2cc-a2fc8d80c001"} if self.rackspace else {"flavor": "42", "image": "cirros"}

    @property
    def larger(self):
        """The id of a flavor with more room than that of a server of a sandbox."""
        return "general1-2" if self.rackspace else "2"

    @property
    def another_image(self):
        """The id of an image, of those of a sandbox, that a server there is not made from."""
        used = self.every("servers")[0]["image"]["id"]
        return next(image["id"] for image in self.ask("GET", "compute", "/images/detail")["images"]
                    if image["id"] != used and image["minRam"] <= 512 and image["minDisk"] <= (20 if self.rackspace else 1))

    @property
    def kinds(self):
        """What can be looked at by whoever is logged in."""
        hidden = () if self.rackspace else ("networks",) if self.auth is self.administrator else ("networks", "users")
        return [kind for kind in KINDS if kind not in hidden]

    # Asking.

    def act_as(self, auth):
        """Be another one from now on."""
        if auth is not self.auth:
            self.auth, self.token = auth, None

    def ask(self, method, service, path, body=None, missing=False):
        """The body of an answer, None for a 404 when `missing` says that this is fine. Raises Refused."""
        for last_try in (False, True):
            if self.token is None:
                self.log_in()
            answer = send(method, self.bases[service] + path, body, {"X-Auth-Token": self.token})
            if answer.status == 401 and not last_try:
                self.token = None
                continue
            if answer.status >= 400 and not (missing and answer.status == 404):
                raise Refused("%s %s: %s %s" % (method, path, answer.status, answer.body))
            return answer.body if answer.status < 400 else None
        return None

    def log_in(self):
        base = self.auth["auth_url"]
        if self.rackspace:
            access = send("POST", base + "/tokens", {"auth": {"RAX-KSKEY:apiKeyCredentials": {
                "username": self.auth["username"], "apiKey": self.auth["api_key"]}}}).body["access"]
            self.token, self.project = access["token"]["id"], access["token"]["tenant"]["id"]
            found = {service["type"]: endpoint["publicURL"] for service in access["serviceCatalog"] for endpoint in service["endpoints"]
                     if endpoint.get("region", self.auth["region"]) == self.auth["region"]}
        else:
            answer = log_in(base, self.auth["username"], self.auth["password"], self.auth["tenant_name"])
            self.token, self.project = answer.headers["x-subject-token"], answer.body["token"]["project"]["id"]
            found = endpoints(answer.body["token"], self.auth["region"])
        self.bases = {"identity": base, "compute": versioned(found["compute"], "/v2.1"),
                      "volume": next(found[name] for name in VOLUME_TYPES if name in found)}
        if "network" in found:
            self.bases["network"] = versioned(found["network"], "/v2.0")

    def every(self, kind):
        """The things of a kind that are the project's own and not on their way out, each with `id`, `name` and `status` whatever it calls them."""
        if kind == "networks" and self.rackspace:
            found = self.ask("GET", "compute", "/os-networksv2")["networks"]
        else:
            found = self.pages(*KINDS[kind])
        return [thing for thing in map(plain, found) if thing["status"] not in ON_THE_WAY_OUT and self.is_own(kind, thing)]

    def is_own(self, kind, thing):
        if kind == "images":
            return thing.get("server") or (thing.get("metadata") or {}).get("image_type") == "snapshot"
        return kind != "users" or thing["name"].startswith(self.prefix)

    def pages(self, service, path, key):
        found, query = [], ""
        while True:
            data = self.ask("GET", service, path + query)
            found += data[key] if key in data else [data[key.rstrip("s")]]
            href = next((link["href"] for link in data.get(key + "_links") or () if link["rel"] == "next"), None)
            if not href or not data[key]:
                return found
            query = "?" + href.partition("?")[2]

    def named(self, kind, name):
        """The things of a kind with exactly this name."""
        return [thing for thing in self.every(kind) if thing["name"] == name]

    def snapshot(self, kinds):
        """{(kind, id): name} of all that there is."""
        return {(kind, str(thing["id"])): thing["name"] for kind in kinds for thing in self.every(kind)}

    def until(self, look, what):
        """Look until it is so; what look() gave then."""
        deadline = time.monotonic() + SECONDS
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > deadline:
                raise Refused("%s: not in %d s" % (what, SECONDS))
            time.sleep(0.02 if self.url else 0.5)

    # Preparing.

    def control(self, method, what, body=None):
        """An order to the sandbox."""
        return send(method, "%s/sandbox/%s" % (self.url, what), body or {}).body

    def begin(self):
        """An empty project."""
        if self.url:
            self.control("POST", "reset")
            self.token = None
            return
        for kind in self.kinds:
            self.until(lambda kind=kind: not self.removed(kind), "nothing is left of %s" % kind)

    def removed(self, kind):
        """How many of what we made are still there, after asking for their end."""
        service, path, _key = KINDS[kind]
        ours = [thing for thing in map(plain, self.pages(*KINDS[kind])) if str(thing["name"]).startswith(self.prefix)]
        for thing in ours:
            try:
                self.ask("DELETE", service, "%s/%s" % (path.replace("/detail", ""), thing["id"]), missing=True)
            except Refused:
                pass  # busy; it is asked again
        return len(ours)

    def server(self, name, **fields):
        """The id of a server that is ACTIVE."""
        if self.url:
            return self.control("POST", "servers", {"name": name, "region": self.auth["region"], **fields})["servers"][0]["id"]
        image = next(image["id"] for image in self.ask("GET", "compute", "/images")["images"] if image["name"] == self.names["image"])
        body = {"name": name, "flavorRef": self.names["flavor"], "imageRef": image, **fields}
        made = self.ask("POST", "compute", "/servers", {"server": body})["server"]["id"]
        self.until(lambda: self.ask("GET", "compute", "/servers/" + made)["server"]["status"] == "ACTIVE", "server %s is ACTIVE" % name)
        return made

    def volume(self, name):
        """The id of a volume that is available."""
        made = self.ask("POST", "volume", "/volumes", {"volume": {"display_name" if self.rackspace else "name": name, "size": 75 if self.rackspace else 1}})
        made = made["volume"]["id"]
        self.until(lambda: self.ask("GET", "volume", "/volumes/" + made)["volume"]["status"] == "available", "volume %s is available" % name)
        return made

    def attached(self, server_id, volume_id):
        """Attach a volume."""
        self.ask("POST", "compute", "/servers/%s/os-volume_attachments" % server_id, {"volumeAttachment": {"volumeId": volume_id}})
        self.until(lambda: self.ask("GET", "volume", "/volumes/" + volume_id)["volume"]["status"] == "in-use", "volume %s is attached" % volume_id)

    def image(self, name, server_id):
        """The id of an ACTIVE image of a server."""
        self.ask("POST", "compute", "/servers/%s/action" % server_id, {"createImage": {"name": name}})
        return self.until(lambda: [image["id"] for image in self.named("images", name) if image["status"] == "ACTIVE"], "image %s is ACTIVE" % name)[0]

    def keypair(self, name):
        """Import a key pair."""
        self.ask("POST", "compute", "/os-keypairs", {"keypair": {"name": name, "public_key": PUBLIC_KEYS[0]}})

    def network(self, name):
        """The id of an isolated network."""
        return self.ask("POST", "compute", "/os-networksv2", {"network": {"label": name, "cidr": "192.168.3.0/24"}})["network"]["id"]

    def user(self, name):
        """The id of a user."""
        fields = {"username": name, "email": "old@example.com", "enabled": True, "OS-KSADM:password": "Sandbox-passw0rd"} if self.rackspace else {
            "name": name, "email": "old@example.com", "password": "Sandbox-passw0rd"}
        return self.ask("POST", "identity", "/users", {"user": fields})["user"]["id"]


def plain(thing):
    """A raw thing with its `id`, `name` and `status` under these names."""
    thing = thing.get("keypair", thing)
    name = next((thing[key] for key in ("name", "display_name", "label", "username") if thing.get(key)), "")
    status = "DELETING" if thing.get("OS-EXT-STS:task_state") == "deleting" else str(thing.get("status", "")).upper()
    return dict(thing, id=thing.get("id", name), name=name, status=status)


def versioned(base, version):
    return base if "/v" in base.partition("//")[2] else base.rstrip("/") + version
