# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The catalog that a login hands out: every service by region, in the form of each identity service."""

import hashlib

RACKSPACE_REGIONS = ("DFW", "ORD", "IAD")
OPENSTACK_REGIONS = ("RegionOne", "RegionTwo")

# name, type, path below the region, extra fields of an endpoint. The first generation comes first and has no region:
# a client that takes the first service of type compute ends up there.
_RACKSPACE = (
    ("cloudServersOpenStack", "compute", "/servers/v2/{tenant}", {"versionId": "2", "versionInfo": "/servers/v2", "versionList": "/servers/"}),
    ("cloudBlockStorage", "volume", "/blockstorage/v1/{tenant}", {}),
    ("cloudImages", "image", "/images/v2", {}),
    ("cloudNetworks", "network", "/networks/v2.0", {}),
    ("cloudLoadBalancers", "rax:load-balancer", "/loadbalancers/v1.0/{tenant}", {}),
    ("cloudQueues", "rax:queues", "/queues/v1/{tenant}", {"internalURL": "/snet-queues/v1/{tenant}"}),
)

_OPENSTACK = (
    ("nova", "compute", "/compute/v2.1"),
    ("nova_legacy", "compute_legacy", "/compute/v2/{tenant}"),
    ("cinderv3", "volumev3", "/volume/v3/{tenant}"),
    ("cinder", "block-storage", "/volume/v3/{tenant}"),
    ("glance", "image", "/image"),
    ("neutron", "network", "/network"),
    ("keystone", "identity", None),
)


def rackspace_catalog(base_url, tenant):
    """The `serviceCatalog` of Identity v2.0."""
    catalog = [
        {"name": "cloudServers", "type": "compute",
         "endpoints": [{"publicURL": "%s/servers/v1.0/%s" % (base_url, tenant), "tenantId": tenant, "versionId": "1.0",
                        "versionInfo": base_url + "/servers/v1.0", "versionList": base_url + "/servers/"}]},
        _object_store(base_url, tenant),
    ]
    for name, kind, path, extra in _RACKSPACE:
        endpoints = []
        for region in RACKSPACE_REGIONS:
            here = base_url + "/" + region
            endpoint = {"publicURL": here + path.format(tenant=tenant), "region": region, "tenantId": tenant}
            for field, value in extra.items():
                endpoint[field] = here + value.format(tenant=tenant) if value.startswith("/") else value
            endpoints.append(endpoint)
        catalog.append({"name": name, "type": kind, "endpoints": endpoints})
    catalog.append({"name": "cloudDNS", "type": "rax:dns",
                    "endpoints": [{"publicURL": "%s/dns/v1.0/%s" % (base_url, tenant), "tenantId": tenant}]})
    return catalog


def _object_store(base_url, tenant):
    account = "MossoCloudFS_" + tenant
    return {"name": "cloudFiles", "type": "object-store",
            "endpoints": [{"internalURL": "%s/%s/snet-storage/v1/%s" % (base_url, region, account),
                           "publicURL": "%s/%s/storage/v1/%s" % (base_url, region, account),
                           "region": region, "tenantId": account} for region in RACKSPACE_REGIONS]}


def openstack_catalog(base_url, project_id):
    """The `catalog` of Keystone v3: every service with three interfaces in each region."""
    catalog = []
    for name, kind, path in _OPENSTACK:
        endpoints = []
        for region in OPENSTACK_REGIONS:
            url = base_url + "/identity" if path is None else base_url + "/" + region + path.format(tenant=project_id)
            for interface in ("public", "internal", "admin"):
                endpoints.append({"id": _stable_id(name, region, interface), "interface": interface, "region": region, "region_id": region, "url": url})
        catalog.append({"id": _stable_id(name), "name": name, "type": kind, "endpoints": endpoints})
    return catalog


def _stable_id(*words):
    return hashlib.sha256("/".join(words).encode()).hexdigest()[:32]
