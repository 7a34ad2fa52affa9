# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What the cloud holds on its first day: users, flavors, images, networks and quotas, named as in the sandbox. Putting it in again changes nothing."""

from __future__ import annotations

import json
import time

from client import Session
from settings import CLOUD_FILE, PASSWORD, REGION, STATE, CloudFailed, url

SERVICE_USERS = ("nova", "placement", "glance", "cinder", "neutron")
# user: project
USERS = {"demo": "demo", "other": "other", "full": "full"}
PASSWORDS = {"other": "sandbox-other-password"}
APPLICATION_CREDENTIAL = {"name": "sandbox-appcred-name", "secret": "sandbox-appcred-secret"}
# id, name, MiB of memory, cores, GB of disk
FLAVORS = (("1", "m1.tiny", 512, 1, 1), ("2", "m1.small", 2048, 1, 20), ("3", "m1.medium", 4096, 2, 40), ("4", "m1.large", 8192, 4, 80),
           ("5", "m1.xlarge", 16384, 8, 160), ("42", "m1.nano", 128, 1, 1))
IMAGES = (("cirros", 0, 0, {}), ("debian-12", 1, 128, {"os_distro": "debian"}), ("Duplicate image", 0, 0, {}), ("Duplicate image", 0, 0, {}))
IMAGE_BYTES = 1_048_576
NETWORKS = (("public", "172.24.0.0/16", {"router:external": True, "provider:network_type": "flat", "provider:physical_network": "outside"}),
            ("private", "10.0.0.0/16", {"shared": True}))
FULL_SERVERS = 2  # all that the project may have


def admin(project="admin"):
    """A login of the administrator."""
    return Session(url("keystone") + "/v3", "admin", PASSWORD, project, REGION)


def login(user):
    """A login of one of `USERS`."""
    return Session(url("keystone") + "/v3", user, PASSWORDS.get(user, PASSWORD), USERS[user], REGION)


def describe():
    """Write what tests/integration/run.py --cloud wants to know."""
    auth = {"auth_url": url("keystone") + "/v3", "username": "demo", "password": PASSWORD, "tenant_name": "demo", "user_domain": "Default",
            "project_domain": "Default", "region": REGION}
    environment = {"OS_AUTH_URL": auth["auth_url"], "OS_USERNAME": "demo", "OS_PASSWORD": PASSWORD, "OS_PROJECT_NAME": "demo",
                   "OS_USER_DOMAIN_NAME": "Default", "OS_PROJECT_DOMAIN_NAME": "Default", "OS_REGION_NAME": REGION, "OS_IDENTITY_API_VERSION": "3"}
    CLOUD_FILE.write_text(json.dumps({"name": "real", "dress": "openstack", "auth": auth, "regions": [REGION], "environment": environment}, indent=2))


def identity():
    """Users, projects and the catalog: what the services need before they start."""
    if (STATE / "done-identity").exists():
        return
    session = admin()
    projects, users, roles = (_ids(session, kind) for kind in ("project", "user", "role"))
    for name in ("service", "member", "reader"):
        roles.setdefault(name, None)
        roles[name] = roles[name] or session.ask("POST", "identity", "/roles", {"role": {"name": name}})["role"]["id"]
    for name in ("service", *dict.fromkeys(USERS.values())):
        if name not in projects:
            projects[name] = session.ask("POST", "identity", "/projects", {"project": {"name": name, "domain_id": "default"}})["project"]["id"]
    for name in (*SERVICE_USERS, *USERS):
        if name not in users:
            user = {"name": name, "domain_id": "default", "password": PASSWORDS.get(name, PASSWORD), "email": name + "@example.com"}
            users[name] = session.ask("POST", "identity", "/users", {"user": user})["user"]["id"]
    grants = [("service", user, role) for user in SERVICE_USERS for role in ("admin", "service")]
    grants += [(project, user, role) for user, project in USERS.items() for role in ("member", "reader")]
    grants += [(project, "admin", "admin") for project in USERS.values()]
    for project, user, role in grants:
        session.ask("PUT", "identity", "/projects/%s/users/%s/roles/%s" % (projects[project], users[user], roles[role]))
    _catalog(session)
    demo = login("demo")
    there = demo.ask("GET", "identity", "/users/%s/application_credentials" % demo.user_id)["application_credentials"]
    if not there:
        demo.ask("POST", "identity", "/users/%s/application_credentials" % demo.user_id, {"application_credential": APPLICATION_CREDENTIAL})
    (STATE / "done-identity").touch()


def resources():
    """Everything else, once all services answer."""
    if (STATE / "done-resources").exists():
        return
    session = admin()
    _flavors(session)
    _images(session)
    _networks(session)
    types = session.ask("GET", "volumev3", "/types")["volume_types"]
    if "hollow" not in {kind["name"] for kind in types}:
        session.ask("POST", "volumev3", "/types", {"volume_type": {"name": "hollow", "extra_specs": {"volume_backend_name": "hollow"}}})
    _full(session)
    (STATE / "done-resources").touch()


def _ids(session, kind):
    return {record["name"]: record["id"] for record in session.ask("GET", "identity", "/%ss" % kind)[kind + "s"]}


def _catalog(session):
    services = {record["type"]: record["id"] for record in session.ask("GET", "identity", "/services")["services"]}
    endpoints = {(record["service_id"], record["interface"]) for record in session.ask("GET", "identity", "/endpoints")["endpoints"]}
    volumes = url("cinder") + "/v3/$(project_id)s"
    for kind, name, where in (("compute", "nova", url("nova") + "/v2.1"), ("placement", "placement", url("placement")),
                              ("image", "glance", url("glance")), ("network", "neutron", url("neutron")),
                              ("volumev3", "cinderv3", volumes), ("block-storage", "cinder", volumes)):
        if kind not in services:
            services[kind] = session.ask("POST", "identity", "/services", {"service": {"type": kind, "name": name}})["service"]["id"]
        for interface in ("public", "internal", "admin"):
            if (services[kind], interface) not in endpoints:
                endpoint = {"service_id": services[kind], "interface": interface, "url": where, "region_id": REGION}
                session.ask("POST", "identity", "/endpoints", {"endpoint": endpoint})


def _flavors(session):
    for flavor_id, name, ram, vcpus, disk in FLAVORS:
        if session.send("GET", "compute", "/flavors/" + flavor_id).status == 404:
            session.ask("POST", "compute", "/flavors", {"flavor": {"id": flavor_id, "name": name, "ram": ram, "vcpus": vcpus, "disk": disk}})


def _images(session):
    there = [image["name"] for image in session.ask("GET", "image", "/images")["images"] if image["status"] == "active"]
    for name, min_disk, min_ram, properties in IMAGES:
        if name in there:
            there.remove(name)  # two of them may have one name
            continue
        image = session.ask("POST", "image", "/images", {"name": name, "disk_format": "raw", "container_format": "bare", "visibility": "public",
                                                         "min_disk": min_disk, "min_ram": min_ram, **properties})
        session.ask("PUT", "image", "/images/%s/file" % image["id"], bytes(IMAGE_BYTES), {"Content-Type": "application/octet-stream"})


def _networks(session):
    networks = {network["name"]: network for network in session.ask("GET", "network", "/networks")["networks"]}
    for name, cidr, details in NETWORKS:
        if name not in networks:
            networks[name] = session.ask("POST", "network", "/networks", {"network": {"name": name, **details}})["network"]
        if not networks[name]["subnets"]:
            # No agent gives out addresses here; with DHCP on, Neutron would wait for one.
            subnet = {"network_id": networks[name]["id"], "name": name, "ip_version": 4, "cidr": cidr, "enable_dhcp": False}
            networks[name]["subnets"] = [session.ask("POST", "network", "/subnets", {"subnet": subnet})["subnet"]["id"]]
    if not session.ask("GET", "network", "/routers")["routers"]:
        router = {"name": "router", "external_gateway_info": {"network_id": networks["public"]["id"]}}
        router_id = session.ask("POST", "network", "/routers", {"router": router})["router"]["id"]
        session.ask("PUT", "network", "/routers/%s/add_router_interface" % router_id, {"subnet_id": networks["private"]["subnets"][0]})


def _full(session):
    """The project that has nothing left, as in the sandbox: two servers and room for no more."""
    project = _ids(session, "project")["full"]
    session.ask("PUT", "compute", "/os-quota-sets/" + project, {"quota_set": {"instances": FULL_SERVERS, "force": True}})
    session.ask("PUT", "volumev3", "/os-quota-sets/" + project, {"quota_set": {"volumes": 0, "gigabytes": 0}})
    full = login("full")
    image = next(image["id"] for image in full.ask("GET", "image", "/images")["images"] if image["name"] == "cirros")
    there = {server["name"] for server in full.ask("GET", "compute", "/servers")["servers"]}
    for name in ("full-%d" % number for number in range(1, FULL_SERVERS + 1)):
        if name not in there:
            full.ask("POST", "compute", "/servers", {"server": {"name": name, "imageRef": image, "flavorRef": "42"}})
    deadline = time.monotonic() + 120
    while {server["status"] for server in full.ask("GET", "compute", "/servers/detail")["servers"]} != {"ACTIVE"}:
        if time.monotonic() > deadline:
            raise CloudFailed("The first servers were not built in two minutes; see the logs of nova-conductor and of the compute hosts.")
        time.sleep(1)
