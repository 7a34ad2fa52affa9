# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What a cloud holds on its first day: flavors, images, networks; and servers put there without any rule."""

import random
import uuid

from .accounts import DEMO_PROJECT, EXHAUSTED
from .addresses import fill_addresses
from .images import Image
from .regions import Region
from .servers import Server

# id, name, ram, disk, vcpus, ephemeral, rxtx_factor, class
_RACKSPACE_FLAVORS = (
    ("2", "512MB Standard Instance", 512, 20, 1, 0, 80.0, "standard1"),
    ("3", "1GB Standard Instance", 1024, 40, 1, 0, 120.0, "standard1"),
    ("4", "2GB Standard Instance", 2048, 80, 2, 0, 240.0, "standard1"),
    ("5", "4GB Standard Instance", 4096, 160, 2, 0, 400.0, "standard1"),
    ("6", "8GB Standard Instance", 8192, 320, 4, 0, 600.0, "standard1"),
    ("7", "15GB Standard Instance", 15360, 620, 6, 0, 800.0, "standard1"),
    ("8", "30GB Standard Instance", 30720, 1200, 8, 0, 1200.0, "standard1"),
    ("general1-1", "1 GB General Purpose v1", 1024, 20, 1, 0, 200.0, "general1"),
    ("general1-2", "2 GB General Purpose v1", 2048, 40, 2, 0, 400.0, "general1"),
    ("general1-4", "4 GB General Purpose v1", 4096, 80, 4, 0, 800.0, "general1"),
    ("general1-8", "8 GB General Purpose v1", 8192, 160, 8, 0, 1600.0, "general1"),
    ("performance1-1", "1 GB Performance", 1024, 20, 1, 0, 200.0, "performance1"),
    ("performance1-2", "2 GB Performance", 2048, 40, 2, 20, 400.0, "performance1"),
    ("performance1-4", "4 GB Performance", 4096, 40, 4, 40, 800.0, "performance1"),
    ("performance1-8", "8 GB Performance", 8192, 40, 8, 80, 1600.0, "performance1"),
    ("compute1-4", "3.75 GB Compute v1", 3840, 0, 2, 0, 312.5, "compute1"),
    ("compute1-8", "7.5 GB Compute v1", 7680, 0, 4, 0, 625.0, "compute1"),
    ("memory1-15", "15 GB Memory v1", 15360, 0, 2, 0, 625.0, "memory1"),
)
_OPENSTACK_FLAVORS = (
    ("1", "m1.tiny", 512, 1, 1, 0, 1.0, None), ("2", "m1.small", 2048, 20, 1, 0, 1.0, None), ("3", "m1.medium", 4096, 40, 2, 0, 1.0, None),
    ("4", "m1.large", 8192, 80, 4, 0, 1.0, None), ("5", "m1.xlarge", 16384, 160, 8, 0, 1.0, None), ("42", "m1.nano", 128, 1, 1, 0, 1.0, None),
)
# id, name, size in bytes, minimum disk, minimum memory, metadata
_LINUX = {"os_type": "linux", "image_type": "base", "auto_disk_config": "True", "vm_mode": "hvm", "flavor_classes": "*,!onmetal"}
_RACKSPACE_IMAGES = (
    ("3afe97b2-26dc-49c5-a2cc-a2fc8d80c001", "Ubuntu 11.10 (Oneiric Oncelot)", 328_000_000, 10, 256, {**_LINUX, "os_distro": "ubuntu"}),
    ("a10eacf7-ac15-4225-b533-5744f1fe47c1", "Debian 12 (Bookworm) (Cloud)", 512_000_000, 20, 512, {**_LINUX, "os_distro": "debian"}),
    ("c25f1ae0-30b3-4012-8ca6-5ecfcf05c965", "Ubuntu 24.04 LTS (Noble Numbat) (Cloud)", 640_000_000, 20, 512, {**_LINUX, "os_distro": "ubuntu"}),
    ("28153eac-1bae-4039-8d9f-f8b513241efe", "Windows Server 2022", 9_800_000_000, 40, 1024,
     {"os_type": "windows", "image_type": "base", "auto_disk_config": "False", "vm_mode": "hvm", "flavor_classes": "*,!onmetal"}),
    ("d4c5a4a0-0000-4000-8000-000000000001", "Duplicate image", 100_000_000, 10, 256, {**_LINUX, "os_distro": "debian"}),
    ("d4c5a4a0-0000-4000-8000-000000000002", "Duplicate image", 100_000_000, 10, 256, {**_LINUX, "os_distro": "debian"}),
)
_OPENSTACK_IMAGES = (
    ("70a599e0-31e7-49b7-b260-868f441e862b", "cirros", 12_716_032, 0, 0, {}),
    ("155d900f-4e14-4e4c-a73d-069cbf4541e6", "debian-12", 348_127_232, 1, 128, {"os_distro": "debian"}),
    ("d4c5a4a0-0000-4000-8000-000000000001", "Duplicate image", 1_048_576, 0, 0, {}),
    ("d4c5a4a0-0000-4000-8000-000000000002", "Duplicate image", 1_048_576, 0, 0, {}),
)
_random = random.Random()


def new_id():
    """A random UUID."""
    return str(uuid.UUID(int=_random.getrandbits(128), version=4))


def _flavor(row):
    flavor_id, name, ram, disk, vcpus, ephemeral, rxtx, kind = row
    specs = {}
    if kind:
        policy = kind.rstrip("0123456789") + "_flavor"
        specs = {"class": kind, "policy_class": policy, "resize_policy_class": policy, "disk_io_index": "-1" if not disk else "40",
                 "number_of_data_disks": "1" if ephemeral else "0"}
    return {"id": flavor_id, "name": name, "ram": ram, "disk": disk, "vcpus": vcpus, "ephemeral": ephemeral, "rxtx_factor": rxtx, "swap": "",
            "extra_specs": specs}


def regions(cloud, names):
    """`{name: Region}` with everything that is there from the start."""
    rackspace = cloud.dress == "rackspace"
    flavors = {row[0]: _flavor(row) for row in (_RACKSPACE_FLAVORS if rackspace else _OPENSTACK_FLAVORS)}
    cloud.exhausted_project = EXHAUSTED[cloud.dress]
    result = {}
    for number, name in enumerate(names):
        region = result[name] = Region(name, number, cloud.dress, flavors)
        for age, row in enumerate(_RACKSPACE_IMAGES if rackspace else _OPENSTACK_IMAGES):
            image_id, image_name, size, min_disk, min_ram, metadata = row
            image = Image(image_id, image_name, None, cloud.now() - 86400.0 * (30 + age))
            image.change(image.created, status="ACTIVE", size=size, min_disk=min_disk, min_ram=min_ram, metadata=dict(metadata))
            region.images[image_id] = image
        owner = next(user for user in cloud.accounts.users.values() if user.project_id == cloud.exhausted_project)
        for n in (1, 2):
            _add_server(cloud, region, "full-%d" % n, {}, owner.project_id, owner.id).seeded = False
    return result


def add_servers(cloud, wanted):
    """Put servers there without any rule: `count`, `name` (with `{n}`), `region`, `metadata`, `status`, `addresses`, `flavor`, `image`, `project`,
    `age` in seconds, and `id` where there is one only.

    Returns the records. KeyError or ValueError when a name is unknown.
    """
    region = cloud.regions[wanted.get("region") or next(iter(cloud.regions))]
    project_id = wanted.get("project") or DEMO_PROJECT[cloud.dress]
    user = next(user for user in cloud.accounts.users.values() if user.project_id == project_id)
    count = int(wanted.get("count", 1))
    name = wanted.get("name", "web-{n}")
    made = []
    for n in range(1, count + 1):
        server = _add_server(cloud, region, name.replace("{n}", str(n)), wanted, project_id, user.id)
        made.append(server)
    return made


def _add_server(cloud, region, name, wanted, project_id, user_id):
    now = cloud.now() - float(wanted.get("age", 0))
    flavor = region.flavors[str(wanted["flavor"]) if wanted.get("flavor") else next(iter(region.flavors))]
    image_id = wanted.get("image", next(iter(region.images)))
    server = Server(wanted.get("id") or new_id(), name, project_id, user_id, flavor, image_id, now)
    server.seeded = True
    server.metadata = dict(wanted.get("metadata") or {})
    region.add_server(server)
    server.nics = region.default_nics(project_id)
    server.host_id = region.host_of(server)
    server.disk_config = "AUTO" if cloud.dress == "rackspace" else "MANUAL"
    server.availability_zone = "" if cloud.dress == "rackspace" else "nova"
    server.security_groups = [] if cloud.dress == "rackspace" else ["default"]
    server.vm_state, server.task_state, server.power_state, server.progress = "active", None, 1, 100
    server.launched = now
    if wanted.get("addresses") is not None:
        server.addresses = {label: [dict(entry) for entry in entries] for label, entries in wanted["addresses"].items()}
    else:
        fill_addresses(region, server)
    if wanted.get("status", "ACTIVE") != "ACTIVE":
        server.force({"status": wanted["status"]}, now)
    return server
