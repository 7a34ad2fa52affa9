# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The requests that are sent to the sandbox and to the real cloud, in this order: all that the collection asks of a cloud, right and wrong."""

from __future__ import annotations

import base64
import time

from settings import PASSWORD, CloudFailed

NOWHERE = "11111111-2222-4333-8444-555555555555"
NOBODY = "0123456789abcdef0123456789abcdef"
SECONDS = 120
# Whose project is used: one that no integration target touches.
SPEAKER, STRANGER = "other", "demo"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g tests"


class Conversation:
    """Asks one cloud, and keeps what it answered by a name for each question."""

    def __init__(self, login):
        self.login = login      # user name -> client.Session
        self.answers = {}
        self.broken = ""        # why it did not come to its end
        self.speaker = login(SPEAKER)

    def say(self, name, method, service, path, body=None, headers=None, user=None):
        """Ask and keep the answer; its body."""
        session = self.login(user) if user else self.speaker
        answer = self.answers[name] = session.send(method, service, path, body, headers)
        return answer.body

    def until(self, path, done, service="compute"):
        """Ask again and again, keeping nothing, until `done(answer)`."""
        deadline = time.monotonic() + SECONDS
        answer = self.speaker.send("GET", service, path)
        while not done(answer):
            if time.monotonic() > deadline:
                raise CloudFailed("%s was not as expected after %d s: %s %s" % (path, SECONDS, answer.status, answer.body))
            time.sleep(0.3)
            answer = self.speaker.send("GET", service, path)

    def settled(self, server_id, status):
        """Until a server is in a status, with no task under way."""
        def done(answer):
            server = answer.body["server"]
            if server["status"] == "ERROR":
                raise CloudFailed("server %s is in ERROR: %s" % (server_id, server.get("fault")))
            return server["status"] == status and not server["OS-EXT-STS:task_state"]
        self.until("/servers/" + server_id, done)

    def gone(self, path, service="compute"):
        """Until it is no more."""
        self.until(path, lambda answer: answer.status == 404, service)


def hold(cloud):
    """The whole conversation, with a cloud that is left as it was found."""
    identity(cloud)
    catalog = things(cloud)
    lists(cloud, catalog)
    in_xml(cloud)
    refused_creates(cloud, catalog)
    server = create(cloud, catalog)
    metadata(cloud, "servers/" + server)
    refused(cloud, server, catalog)
    volumes(cloud, server)
    ports(cloud, server)
    actions(cloud, server, catalog)
    keypairs(cloud)
    microversions(cloud, server)
    delete(cloud, server)
    users(cloud)
    tokens(cloud)


def identity(cloud):
    """Versions, and what a login is refused for."""
    password = {"name": STRANGER, "domain": {"name": "Default"}, "password": PASSWORD}
    scope = {"project": {"name": STRANGER, "domain": {"name": "Default"}}}

    def login(name, user, scope=None, methods=("password",)):
        body = {"auth": {"identity": {"methods": list(methods), "password": {"user": user}}, **({"scope": scope} if scope else {})}}
        return cloud.say(name, "POST", "identity", "/auth/tokens", body)

    login("log in", password, scope)
    login("log in without a scope", password)
    login("log in with a wrong password", dict(password, password="wrong"), scope)
    login("log in as nobody", dict(password, name="nobody"), scope)
    login("log in to a project of others", password, {"project": {"name": SPEAKER, "domain": {"name": "Default"}}})
    login("log in to no project at all", password, {"project": {"name": "nothing", "domain": {"name": "Default"}}})
    login("log in without saying how", password, scope, methods=())
    cloud.say("log in with nothing", "POST", "identity", "/auth/tokens", {"auth": {}})
    secret = {"name": "sandbox-appcred-name", "secret": "sandbox-appcred-secret", "user": {"name": STRANGER, "domain": {"name": "Default"}}}
    for name, given in (("log in with an application credential", secret), ("log in with a wrong one", dict(secret, secret="wrong"))):
        cloud.say(name, "POST", "identity", "/auth/tokens", {"auth": {"identity": {"methods": ["application_credential"], "application_credential": given}}})
    cloud.say("token about itself", "GET", "identity", "/auth/tokens", headers={"X-Subject-Token": cloud.speaker.token})
    cloud.say("catalog", "GET", "identity", "/auth/catalog")
    cloud.say("projects of a login", "GET", "identity", "/auth/projects")
    cloud.say("identity, version", "GET", "identity", "")
    for service in ("compute", "image", "network", "volumev3"):
        cloud.say("%s with a token that is none" % service, "GET", service, "/images" if service == "image" else
                  {"compute": "/servers", "network": "/networks", "volumev3": "/volumes"}[service], headers={"X-Auth-Token": "none"})
    cloud.say("users with a token that is none", "GET", "identity", "/users", headers={"X-Auth-Token": "none"})


def things(cloud):
    """Flavors, images, networks and limits; ids to go on with."""
    cloud.say("flavors", "GET", "compute", "/flavors/detail")
    cloud.say("flavors, briefly", "GET", "compute", "/flavors")
    cloud.say("flavors, a page", "GET", "compute", "/flavors?limit=2")
    cloud.say("flavors, by memory", "GET", "compute", "/flavors/detail?minRam=4096&minDisk=50")
    cloud.say("flavors, by nonsense", "GET", "compute", "/flavors?minRam=much")
    cloud.say("flavors, after none", "GET", "compute", "/flavors?marker=none")
    cloud.say("flavor", "GET", "compute", "/flavors/1")
    cloud.say("flavor that is none", "GET", "compute", "/flavors/none")
    cloud.say("flavor, extra specs", "GET", "compute", "/flavors/1/os-extra_specs")
    cloud.say("images", "GET", "compute", "/images/detail")
    cirros, debian = (cloud.say("image " + name, "GET", "compute", "/images/detail?status=ACTIVE&name=" + name)["images"][0]["id"]
                      for name in ("cirros", "debian-12"))
    cloud.say("images, briefly", "GET", "compute", "/images")
    cloud.say("images, a page", "GET", "compute", "/images?limit=2")
    cloud.say("images, after none", "GET", "compute", "/images?marker=" + NOWHERE)
    cloud.say("image", "GET", "compute", "/images/" + cirros)
    cloud.say("image that is none", "GET", "compute", "/images/" + NOWHERE)
    cloud.say("image of another, deleted", "DELETE", "compute", "/images/" + cirros)
    cloud.say("image that is none, deleted", "DELETE", "compute", "/images/" + NOWHERE)
    cloud.say("image, metadata", "GET", "compute", "/images/%s/metadata" % debian)
    cloud.say("image of another, metadata set", "POST", "compute", "/images/%s/metadata" % debian, {"metadata": {"a": "b"}})
    cloud.say("image service, images", "GET", "image", "/images")
    cloud.say("image service, a page", "GET", "image", "/images?limit=1&name=cirros")
    cloud.say("image service, image", "GET", "image", "/images/" + cirros)
    cloud.say("image service, image that is none", "GET", "image", "/images/" + NOWHERE)
    cloud.say("limits", "GET", "compute", "/limits")
    cloud.say("availability zones", "GET", "compute", "/os-availability-zone")
    cloud.say("extensions", "GET", "compute", "/extensions/OS-DCF")
    networks = cloud.say("networks", "GET", "network", "/networks")["networks"]
    private = next(network["id"] for network in networks if network["name"] == "private")
    cloud.say("networks, by name", "GET", "network", "/networks?name=private")
    cloud.say("network", "GET", "network", "/networks/" + private)
    cloud.say("network that is none", "GET", "network", "/networks/" + NOWHERE)
    cloud.say("subnets", "GET", "network", "/subnets?network_id=" + private)
    cloud.say("security groups", "GET", "network", "/security-groups")
    cloud.say("path that is none", "GET", "compute", "/nothing")
    return {"cirros": cirros, "debian": debian, "private": private}


def lists(cloud, catalog):
    """Lists of servers that are refused, or empty."""
    for name, query in (("", ""), (", by a name that none has", "?name=^none$"), (", by a status", "?status=ACTIVE"), (", by no status", "?status=NONE"),
                        (", by image and flavor", "?image=%s&flavor=1" % catalog["cirros"]), (", a page of nothing", "?limit=0"),
                        (", a page of nonsense", "?limit=-1"), (", after none", "?marker=" + NOWHERE), (", since nonsense", "?changes-since=yesterday"),
                        (", since long ago", "?changes-since=2020-01-01T00:00:00Z&name=^none$"), (", by nothing known", "?nothing=1"),
                        (", of everybody", "?all_tenants=1"), (", deleted ones", "?status=DELETED"), (", by address", "?ip=192.0.2.1")):
        cloud.say("servers" + name, "GET", "compute", "/servers/detail" + query)
    cloud.say("server that is none", "GET", "compute", "/servers/" + NOWHERE)
    cloud.say("server that is none, deleted", "DELETE", "compute", "/servers/" + NOWHERE)
    cloud.say("server that is none, changed", "PUT", "compute", "/servers/" + NOWHERE, {"server": {"name": "x"}})
    cloud.say("server that is none, rebooted", "POST", "compute", "/servers/%s/action" % NOWHERE, {"reboot": {"type": "SOFT"}})


def in_xml(cloud):
    """Bodies in XML, and answers wanted in it: none of the services has it, and each says so in its own way."""
    for service, path in (("compute", "/servers"), ("volumev3", "/volumes"), ("identity", "/users"), ("network", "/networks"), ("image", "/images")):
        cloud.say("XML for %s" % service, "POST", service, path, b"<a/>", {"Content-Type": "application/xml"})
        if service != "image":  # a list of images is that of both clouds alone
            cloud.say("XML for an answer of %s" % service, "GET", service, path, headers={"Accept": "application/xml"})
    cloud.say("XML for an action", "POST", "compute", "/servers/%s/action" % NOWHERE, b'<reboot type="SOFT"/>', {"Content-Type": "application/xml"})


def refused_creates(cloud, catalog):
    """Creates that are refused."""
    good = {"name": "no", "flavorRef": "1", "imageRef": catalog["cirros"]}
    text = base64.b64encode(b"x" * 20_000).decode()
    for name, server in (
            ("without a flavor", {"name": "no", "imageRef": catalog["cirros"]}), ("without a name", {"flavorRef": "1", "imageRef": catalog["cirros"]}),
            ("without an image", {"name": "no", "flavorRef": "1"}), ("with an empty name", dict(good, name="")),
            ("with a long name", dict(good, name="x" * 256)),
            ("with a flavor that is none", dict(good, flavorRef="none")), ("with an image that is none", dict(good, imageRef=NOWHERE)),
            ("with an image that is no id", dict(good, imageRef="cirros")), ("with an unknown key", dict(good, nothing=1)),
            ("with too little disk", dict(good, flavorRef="42", imageRef=catalog["debian"], metadata={"a": 5})),
            ("with a network that is none", dict(good, networks=[{"uuid": NOWHERE}])), ("with a port that is none", dict(good, networks=[{"port": NOWHERE}])),
            ("with a network that is no id", dict(good, networks=[{"uuid": "private"}])),
            ("with no good networks", dict(good, networks="private")), ("with a key that is none", dict(good, key_name="none")),
            ("with a zone that is none", dict(good, availability_zone="none")), ("with a group that is none", dict(good, security_groups=[{"name": "none"}])),
            ("with bad user data", dict(good, user_data="abc")), ("with long metadata", dict(good, metadata={"a": "b" * 256})),
            ("with much metadata", dict(good, metadata={str(number): "x" for number in range(129)})),
            ("with many files", dict(good, personality=[{"path": "/%d" % number, "contents": ""} for number in range(6)])),
            ("with a large file", dict(good, personality=[{"path": "/a", "contents": text}])),
            ("with a bad file", dict(good, personality=[{"path": "/a", "contents": "abc"}])),
            ("with a bad address", dict(good, accessIPv4="none")), ("with a bad disk", dict(good, **{"OS-DCF:diskConfig": "NONE"})),
            ("with more than at most", dict(good, min_count=2, max_count=1))):
        cloud.say("create " + name, "POST", "compute", "/servers", {"server": server})
    cloud.say("create over the quota", "POST", "compute", "/servers", {"server": good}, user="full")
    cloud.say("create of nothing", "POST", "compute", "/servers", {})
    cloud.say("create of no JSON", "POST", "compute", "/servers", b"{", {"Content-Type": "application/json"})
    cloud.say("create of too much", "POST", "compute", "/servers", {"server": dict(good, user_data="x" * 120_000)})


def create(cloud, catalog):
    """A server, from its first answer to ACTIVE; its id."""
    wanted = {"name": "compared", "flavorRef": "1", "imageRef": catalog["debian"], "networks": [{"uuid": catalog["private"]}], "metadata": {"a": "b"},
              "OS-DCF:diskConfig": "AUTO", "accessIPv4": "192.0.2.10", "user_data": base64.b64encode(b"#cloud-config\n").decode(),
              "personality": [{"path": "/etc/banner.txt", "contents": base64.b64encode(b"Hello\n").decode()}]}
    server = cloud.say("create", "POST", "compute", "/servers", {"server": wanted})["server"]["id"]
    cloud.say("server in BUILD, rebooted", "POST", "compute", "/servers/%s/action" % server, {"reboot": {"type": "SOFT"}})
    cloud.settled(server, "ACTIVE")
    cloud.say("server", "GET", "compute", "/servers/" + server)
    cloud.say("servers, with one", "GET", "compute", "/servers/detail")
    cloud.say("servers, briefly", "GET", "compute", "/servers")
    cloud.say("servers, a full page", "GET", "compute", "/servers/detail?limit=1")
    cloud.say("servers, after the last", "GET", "compute", "/servers/detail?marker=" + server)
    cloud.say("addresses", "GET", "compute", "/servers/%s/ips" % server)
    cloud.say("addresses of a network", "GET", "compute", "/servers/%s/ips/private" % server)
    cloud.say("addresses of none", "GET", "compute", "/servers/%s/ips/none" % server)
    cloud.say("update", "PUT", "compute", "/servers/" + server, {"server": {"name": "compared2", "accessIPv4": "192.0.2.11", "accessIPv6": "2001:db8::1"}})
    cloud.say("update with nothing", "PUT", "compute", "/servers/" + server, {"server": {}})
    cloud.say("update with an unknown key", "PUT", "compute", "/servers/" + server, {"server": {"flavorRef": "2"}})
    cloud.say("server of another", "GET", "compute", "/servers/" + server, user=STRANGER)
    return server


def metadata(cloud, of):
    """Metadata of a server: all of it, one item, and what is refused."""
    place = "/%s/metadata" % of
    for name, method, path, body in (
            ("metadata", "GET", "", None), ("metadata, some set", "POST", "", {"metadata": {"c": "d", "e": "f"}}),
            ("metadata, all set", "PUT", "", {"metadata": {"a": "b", "c": "d"}}), ("metadata item", "GET", "/a", None),
            ("metadata item that is none", "GET", "/none", None), ("metadata item, set", "PUT", "/a", {"meta": {"a": "c"}}),
            ("metadata item, set under another name", "PUT", "/a", {"meta": {"b": "c"}}), ("metadata item, deleted", "DELETE", "/a", None),
            ("metadata item that is none, deleted", "DELETE", "/a", None), ("metadata, a number", "POST", "", {"metadata": {"a": 5}}),
            ("metadata, long", "POST", "", {"metadata": {"a": "b" * 256}}), ("metadata, a long key", "POST", "", {"metadata": {"a" * 256: "b"}}),
            ("metadata, a bad key", "POST", "", {"metadata": {"a/b": "c"}}), ("metadata, none", "POST", "", {}),
            ("metadata, too much", "POST", "", {"metadata": {str(number): "x" for number in range(129)}})):
        cloud.say(name, method, "compute", place + path, body)
    cloud.say("metadata of none", "GET", "compute", "/servers/%s/metadata" % NOWHERE)


def refused(cloud, server, catalog):
    """Actions that are refused to a server that is ACTIVE."""
    for name, body in (
            ("confirm a resize that is none", {"confirmResize": None}), ("revert a resize that is none", {"revertResize": None}),
            ("start what runs", {"os-start": None}), ("unpause what runs", {"unpause": None}), ("resume what runs", {"resume": None}),
            ("unrescue what runs", {"unrescue": None}), ("unshelve what runs", {"unshelve": None}), ("reboot oddly", {"reboot": {"type": "odd"}}),
            ("reboot somehow", {"reboot": {}}), ("resize to the same", {"resize": {"flavorRef": "1"}}), ("resize to none", {"resize": {"flavorRef": "none"}}),
            ("rebuild from none", {"rebuild": {"imageRef": NOWHERE}}),
            ("rebuild with an unknown key", {"rebuild": {"imageRef": catalog["cirros"], "nothing": 1}}), ("image without a name", {"createImage": {}}),
            ("password without one", {"changePassword": {}}), ("reset the state", {"os-resetState": {"state": "error"}}),
            ("no such action", {"nothing": None}), ("no action", {}), ("two actions", {"lock": None, "unlock": None})):
        cloud.say("action: " + name, "POST", "compute", "/servers/%s/action" % server, body)


def volumes(cloud, server):
    """Volumes, and attaching them."""
    cloud.say("volumes", "GET", "volumev3", "/volumes/detail")
    cloud.say("volume that is none", "GET", "volumev3", "/volumes/" + NOWHERE)
    cloud.say("volume types", "GET", "volumev3", "/types")
    cloud.say("volume of an odd size", "POST", "volumev3", "/volumes", {"volume": {"size": "odd"}})
    cloud.say("volume of nothing", "POST", "volumev3", "/volumes", {"volume": {"size": 0}})
    cloud.say("volume of no type", "POST", "volumev3", "/volumes", {"volume": {"size": 1, "volume_type": "none"}})
    cloud.say("volume over the quota", "POST", "volumev3", "/volumes", {"volume": {"size": 1}}, user="full")
    wanted = {"size": 1, "name": "compared", "description": "one", "metadata": {"a": "b"}}
    volume = cloud.say("volume created", "POST", "volumev3", "/volumes", {"volume": wanted})["volume"]["id"]
    here = "/volumes/" + volume

    def status(wanted):
        cloud.until(here, lambda answer: answer.body["volume"]["status"] == wanted, "volumev3")

    status("available")
    cloud.say("volume", "GET", "volumev3", here)
    cloud.say("volumes, briefly", "GET", "volumev3", "/volumes?limit=1")
    cloud.say("volume, changed", "PUT", "volumev3", here, {"volume": {"name": "compared2", "metadata": {"c": "d"}}})
    cloud.say("volumes, by name", "GET", "volumev3", "/volumes/detail?name=compared2")
    cloud.say("volumes, by a name that none has", "GET", "volumev3", "/volumes/detail?name=none")
    cloud.say("volume extended", "POST", "volumev3", here + "/action", {"os-extend": {"new_size": 2}})
    cloud.until(here, lambda answer: (answer.body["volume"]["size"], answer.body["volume"]["status"]) == (2, "available"), "volumev3")
    cloud.say("volume extended to less", "POST", "volumev3", here + "/action", {"os-extend": {"new_size": 1}})
    cloud.say("volume extended to nonsense", "POST", "volumev3", here + "/action", {"os-extend": {"new_size": "much"}})
    cloud.say("volume, metadata", "GET", "volumev3", here + "/metadata")
    cloud.say("volume, metadata set", "POST", "volumev3", here + "/metadata", {"metadata": {"e": "f"}})
    snapshots(cloud, volume)
    attachments = "/servers/%s/os-volume_attachments" % server
    cloud.say("attachments, none", "GET", "compute", attachments)
    cloud.say("attach none", "POST", "compute", attachments, {"volumeAttachment": {"volumeId": NOWHERE}})
    cloud.say("attach nothing", "POST", "compute", attachments, {"volumeAttachment": {}})
    cloud.say("attach", "POST", "compute", attachments, {"volumeAttachment": {"volumeId": volume}})
    status("in-use")
    cloud.say("attachments", "GET", "compute", attachments)
    cloud.say("attachment", "GET", "compute", "%s/%s" % (attachments, volume))
    cloud.say("server with a volume", "GET", "compute", "/servers/" + server)
    cloud.say("volume in use", "GET", "volumev3", here)
    cloud.say("attach again", "POST", "compute", attachments, {"volumeAttachment": {"volumeId": volume}})
    cloud.say("volume in use, deleted", "DELETE", "volumev3", here)
    cloud.say("detach", "DELETE", "compute", "%s/%s" % (attachments, volume))
    status("available")
    cloud.until(attachments, lambda answer: answer.body["volumeAttachments"] == [])
    cloud.say("detach again", "DELETE", "compute", "%s/%s" % (attachments, volume))
    cloud.say("attachment that is none", "GET", "compute", "%s/%s" % (attachments, volume))
    cloud.say("volume, deleted", "DELETE", "volumev3", here)
    cloud.gone(here, "volumev3")


def snapshots(cloud, volume):
    """A snapshot of a volume."""
    cloud.say("snapshots, none", "GET", "volumev3", "/snapshots/detail")
    wanted = {"volume_id": volume, "name": "compared"}
    snapshot = cloud.say("snapshot created", "POST", "volumev3", "/snapshots", {"snapshot": wanted})["snapshot"]["id"]
    cloud.until("/snapshots/" + snapshot, lambda answer: answer.body["snapshot"]["status"] == "available", "volumev3")
    cloud.say("snapshots", "GET", "volumev3", "/snapshots/detail")
    cloud.say("snapshot of none", "POST", "volumev3", "/snapshots", {"snapshot": dict(wanted, volume_id=NOWHERE)})
    cloud.say("snapshot deleted", "DELETE", "volumev3", "/snapshots/" + snapshot)
    cloud.gone("/snapshots/" + snapshot, "volumev3")


def ports(cloud, server):
    """A network of one's own, and interfaces."""
    network = cloud.say("network created", "POST", "network", "/networks", {"network": {"name": "compared"}})["network"]["id"]
    subnet = {"network_id": network, "ip_version": 4, "cidr": "192.168.77.0/24", "enable_dhcp": False}
    cloud.say("subnet created", "POST", "network", "/subnets", {"subnet": subnet})
    cloud.say("subnet that is none of ours", "POST", "network", "/subnets", {"subnet": dict(subnet, network_id=NOWHERE)})
    here = "/servers/%s/os-interface" % server
    cloud.say("interfaces", "GET", "compute", here)
    port = cloud.say("interface, attached", "POST", "compute", here, {"interfaceAttachment": {"net_id": network}})["interfaceAttachment"]["port_id"]
    cloud.until(here, lambda answer: len(answer.body["interfaceAttachments"]) == 2)
    cloud.say("interface", "GET", "compute", "%s/%s" % (here, port))
    cloud.say("ports", "GET", "network", "/ports?device_id=" + server)
    cloud.say("network in use, deleted", "DELETE", "network", "/networks/" + network)
    cloud.say("interface, detached", "DELETE", "compute", "%s/%s" % (here, port))
    cloud.until(here, lambda answer: len(answer.body["interfaceAttachments"]) == 1)
    cloud.say("interface that is none", "GET", "compute", "%s/%s" % (here, NOWHERE))
    cloud.say("network deleted", "DELETE", "network", "/networks/" + network)
    cloud.say("network deleted again", "DELETE", "network", "/networks/" + network)


def actions(cloud, server, catalog):
    """Every action that we use, and the status that it leads to."""
    def act(name, body, status):
        answer = cloud.say(name, "POST", "compute", "/servers/%s/action" % server, body)
        cloud.settled(server, status)
        return answer

    act("reboot", {"reboot": {"type": "SOFT"}}, "ACTIVE")
    act("reboot hard", {"reboot": {"type": "HARD"}}, "ACTIVE")
    act("change the password", {"changePassword": {"adminPass": "sandbox-secret"}}, "ACTIVE")
    act("resize", {"resize": {"flavorRef": "2"}}, "VERIFY_RESIZE")
    cloud.say("server in VERIFY_RESIZE", "GET", "compute", "/servers/" + server)
    cloud.say("server in VERIFY_RESIZE, stopped", "POST", "compute", "/servers/%s/action" % server, {"os-stop": None})
    act("revert the resize", {"revertResize": None}, "ACTIVE")
    act("resize again", {"resize": {"flavorRef": "2"}}, "VERIFY_RESIZE")
    act("confirm the resize", {"confirmResize": None}, "ACTIVE")
    act("rebuild", {"rebuild": {"imageRef": catalog["cirros"], "name": "compared3", "metadata": {"g": "h"}}}, "ACTIVE")
    act("pause", {"pause": None}, "PAUSED")
    cloud.say("server in PAUSED", "GET", "compute", "/servers/" + server)
    act("unpause", {"unpause": None}, "ACTIVE")
    act("suspend", {"suspend": None}, "SUSPENDED")
    act("resume", {"resume": None}, "ACTIVE")
    act("stop", {"os-stop": None}, "SHUTOFF")
    cloud.say("server in SHUTOFF", "GET", "compute", "/servers/" + server)
    cloud.say("server in SHUTOFF, stopped", "POST", "compute", "/servers/%s/action" % server, {"os-stop": None})
    act("start", {"os-start": None}, "ACTIVE")
    act("rescue", {"rescue": None}, "RESCUE")
    cloud.say("server in RESCUE", "GET", "compute", "/servers/" + server)
    act("unrescue", {"unrescue": None}, "ACTIVE")
    act("lock", {"lock": None}, "ACTIVE")
    cloud.say("server that is locked, rebooted", "POST", "compute", "/servers/%s/action" % server, {"reboot": {"type": "SOFT"}})
    cloud.say("server that is locked, deleted", "DELETE", "compute", "/servers/" + server)
    act("unlock", {"unlock": None}, "ACTIVE")
    act("shelve", {"shelve": None}, "SHELVED_OFFLOADED")
    cloud.say("server in SHELVED_OFFLOADED", "GET", "compute", "/servers/" + server)
    act("unshelve", {"unshelve": None}, "ACTIVE")
    act("console output", {"os-getConsoleOutput": {"length": 5}}, "ACTIVE")
    cloud.say("what was done", "GET", "compute", "/servers/%s/os-instance-actions" % server)
    image_of(cloud, server)


def image_of(cloud, server):
    """An image of the server, its metadata, and its end."""
    cloud.say("image made", "POST", "compute", "/servers/%s/action" % server, {"createImage": {"name": "compared", "metadata": {"a": "b"}}})
    image = cloud.answers["image made"].headers["location"].rpartition("/")[2]
    here = "/images/" + image
    cloud.until(here, lambda answer: answer.body["image"]["status"] == "ACTIVE")
    cloud.settled(server, "ACTIVE")
    cloud.say("image of a server", "GET", "compute", here)
    cloud.say("image of a server, at the image service", "GET", "image", here)
    for name, method, path, body in (
            ("some set", "POST", "", {"metadata": {"c": "d"}}), ("item", "GET", "/c", None), ("item set", "PUT", "/c", {"meta": {"c": "e"}}),
            ("item in capitals", "GET", "/C", None), ("capitals set", "POST", "", {"metadata": {"Big": "x"}}), ("capitals", "GET", "/Big", None),
            ("capitals in small letters", "GET", "/big", None),
            ("all, with capitals", "GET", "", None), ("item in capitals deleted", "DELETE", "/BIG", None),
            ("item deleted", "DELETE", "/c", None), ("item that is none, deleted", "DELETE", "/c", None), ("item that is none", "GET", "/c", None),
            ("all set", "PUT", "", {"metadata": {"f": "g"}}), ("a number", "POST", "", {"metadata": {"a": 5}})):
        cloud.say("image metadata, " + name, method, "compute", "%s/metadata%s" % (here, path), body)
    cloud.say("image deleted", "DELETE", "compute", here)
    cloud.say("image deleted again", "DELETE", "compute", here)
    cloud.say("image that was deleted", "GET", "compute", here)


def keypairs(cloud):
    """Key pairs, given and generated."""
    cloud.say("key pairs, none", "GET", "compute", "/os-keypairs")
    cloud.say("key pair, given", "POST", "compute", "/os-keypairs", {"keypair": {"name": "compared", "public_key": KEY}})
    cloud.say("key pair, given again", "POST", "compute", "/os-keypairs", {"keypair": {"name": "compared", "public_key": KEY}})
    cloud.say("key pair, generated", "POST", "compute", "/os-keypairs", {"keypair": {"name": "compared2"}})
    cloud.say("key pair of nonsense", "POST", "compute", "/os-keypairs", {"keypair": {"name": "compared3", "public_key": "nonsense"}})
    cloud.say("key pair without a name", "POST", "compute", "/os-keypairs", {"keypair": {}})
    cloud.say("key pair", "GET", "compute", "/os-keypairs/compared")
    cloud.say("key pairs", "GET", "compute", "/os-keypairs")
    cloud.say("key pair that is none", "GET", "compute", "/os-keypairs/none")
    cloud.say("key pair deleted", "DELETE", "compute", "/os-keypairs/compared")
    cloud.say("key pair deleted, too", "DELETE", "compute", "/os-keypairs/compared2")
    cloud.say("key pair that is none, deleted", "DELETE", "compute", "/os-keypairs/none")


def microversions(cloud, server):
    """The same questions to newer versions."""
    for number in ("2.47", "2.90", "2.100"):
        version = {"OpenStack-API-Version": "compute " + number}
        cloud.say("server, at " + number, "GET", "compute", "/servers/" + server, headers=version)
        cloud.say("flavors, at " + number, "GET", "compute", "/flavors/detail", headers=version)
        cloud.say("images, at " + number, "GET", "compute", "/images/detail", headers=version)
    cloud.say("a version that is none", "GET", "compute", "/servers", headers={"OpenStack-API-Version": "compute 2.999"})
    cloud.say("a version of nonsense", "GET", "compute", "/servers", headers={"OpenStack-API-Version": "compute new"})


def delete(cloud, server):
    """The end of the server."""
    cloud.say("server deleted", "DELETE", "compute", "/servers/" + server)
    cloud.gone("/servers/" + server)
    cloud.say("server deleted again", "DELETE", "compute", "/servers/" + server)
    cloud.say("server that was deleted, since long ago", "GET", "compute", "/servers/detail?changes-since=2020-01-01T00:00:00Z&limit=1")


def users(cloud):
    """Users, as the administrator and as somebody who may not."""
    cloud.say("users, of somebody", "GET", "identity", "/users")
    cloud.say("user created by somebody", "POST", "identity", "/users", {"user": {"name": "compared"}})
    cloud.say("users", "GET", "identity", "/users", user="admin")
    cloud.say("users, by name", "GET", "identity", "/users?name=demo", user="admin")
    wanted = {"name": "compared", "password": "sandbox-secret", "email": "a@example.com", "domain_id": "default", "description": "one"}
    user = cloud.say("user created", "POST", "identity", "/users", {"user": wanted}, user="admin")["user"]["id"]
    cloud.say("user created again", "POST", "identity", "/users", {"user": wanted}, user="admin")
    cloud.say("user without a name", "POST", "identity", "/users", {"user": {}}, user="admin")
    cloud.say("user", "GET", "identity", "/users/" + user, user="admin")
    cloud.say("user changed", "PATCH", "identity", "/users/" + user, {"user": {"enabled": False, "email": "b@example.com"}}, user="admin")
    cloud.say("user changed to nonsense", "PATCH", "identity", "/users/" + user, {"user": {"enabled": "maybe"}}, user="admin")
    cloud.say("roles", "GET", "identity", "/roles", user="admin")
    cloud.say("user deleted", "DELETE", "identity", "/users/" + user, user="admin")
    cloud.say("user deleted again", "DELETE", "identity", "/users/" + user, user="admin")
    cloud.say("user that is none", "GET", "identity", "/users/" + NOBODY, user="admin")
    cloud.say("user that is none, changed", "PATCH", "identity", "/users/" + NOBODY, {"user": {"enabled": True}}, user="admin")
    cloud.say("projects", "GET", "identity", "/projects", user="admin")
    cloud.say("domains", "GET", "identity", "/domains", user="admin")
    for kind, known in (("projects", STRANGER), ("domains", "Default")):
        found = cloud.say("%s, by name" % kind, "GET", "identity", "/%s?name=%s" % (kind, known), user="admin")[kind][0]["id"]
        cloud.say("%s, by a name that none has" % kind, "GET", "identity", "/%s?name=none" % kind, user="admin")
        cloud.say("%s, one" % kind, "GET", "identity", "/%s/%s" % (kind, found), user="admin")
        cloud.say("%s, one that is none" % kind, "GET", "identity", "/%s/%s" % (kind, NOBODY), user="admin")


def tokens(cloud):
    """A token that is revoked is good for nothing."""
    login = cloud.login(STRANGER)
    cloud.answers["token revoked"] = login.send("DELETE", "identity", "/auth/tokens", headers={"X-Subject-Token": login.token})
    cloud.answers["servers, with a revoked token"] = login.send("GET", "compute", "/servers")
