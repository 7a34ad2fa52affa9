# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The XML of Identity v2.0, as tables: logins, the catalog, users, credentials. From the published samples, whose prefixes vary."""

from __future__ import annotations

from .xml_dialect import FAULT, Dialect
from .xml_shapes import Items, Part, Record, Text, listing, mapping, trimmed, truth

NAMESPACE = "http://docs.openstack.org/identity/api/v2.0"
OPENSTACK = "http://docs.openstack.org/identity/api/ext/"
RACKSPACE = "http://docs.rackspace.com/identity/api/ext/"

PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "OS-KSADM": OPENSTACK + "OS-KSADM/v1.0",
    "OS-KSEC2": OPENSTACK + "OS-KSEC2/v1.0",
    "RAX-AUTH": RACKSPACE + "RAX-AUTH/v1.0",
    "RAX-KSGRP": RACKSPACE + "RAX-KSGRP/v1.0",
    "RAX-KSKEY": RACKSPACE + "RAX-KSKEY/v1.0",
    "RAX-KSQA": RACKSPACE + "RAX-KSQA/v1.0",
}
PLAIN = ("http://docs.openstack.org/common/api/v1.0",)

ROLES = Items("role", Record({"RAX-AUTH:propagate": truth}))
USER = Record(
    dict.fromkeys(("enabled", "RAX-AUTH:multiFactorEnabled", "RAX-AUTH:federated"), truth),
    {"roles": Part("roles", ROLES), "RAX-KSGRP:groups": Part("RAX-KSGRP:groups", Items("RAX-KSGRP:group", Record())),
     "RAX-KSQA:secretQA": Part("RAX-KSQA:secretQA", Record())})
TENANT = Record({"enabled": truth}, {"description": Part("description", Text(trimmed))})
TOKEN = Record(parts={
    "tenant": Part("tenant", TENANT),
    "RAX-AUTH:authenticatedBy": Part("RAX-AUTH:authenticatedBy", Items("RAX-AUTH:credential", Text(trimmed)))})
VERSION_OF_ENDPOINT = {"versionId": "id", "versionInfo": "info", "versionList": "list"}


class Endpoint:
    """An address of the catalog; its version is an element of its own in XML."""

    @staticmethod
    def read(node):
        data = dict(node.attributes)
        for child in node.children:
            if child.name == "version":
                data.update({key: child.attributes[name] for key, name in VERSION_OF_ENDPOINT.items() if name in child.attributes})
        return data

    @staticmethod
    def write(name, data):
        data = mapping(data, name)
        node = Record().write(name, {key: value for key, value in data.items() if key not in VERSION_OF_ENDPOINT})
        version = {attribute: data[key] for key, attribute in VERSION_OF_ENDPOINT.items() if key in data}
        if version:
            node.children.append(Record().write("version", version))
        return node


class Service:
    """A service of the catalog; its addresses are elements right below it."""

    @staticmethod
    def read(node):
        return {**node.attributes, "endpoints": [Endpoint.read(child) for child in node.children if child.name == "endpoint"]}

    @staticmethod
    def write(name, data):
        data = mapping(data, name)
        node = Record().write(name, {key: value for key, value in data.items() if key != "endpoints"})
        node.children += [Endpoint.write("endpoint", endpoint) for endpoint in listing(data.get("endpoints") or [], "endpoints")]
        return node


ACCESS = Record(parts={
    "token": Part("token", TOKEN), "user": Part("user", USER), "serviceCatalog": Part("serviceCatalog", Items("service", Service()))})
CREDENTIALS = Record()
AUTH = Record(parts={
    name: Part(name, CREDENTIALS) for name in ("passwordCredentials", "RAX-KSKEY:apiKeyCredentials", "RAX-AUTH:passcodeCredentials", "token")})

ROOTS = {
    "auth": AUTH, "access": ACCESS,
    "user": USER, "users": Items("user", USER),
    "passwordCredentials": CREDENTIALS, "RAX-KSKEY:apiKeyCredentials": CREDENTIALS,
    "role": Record({"RAX-AUTH:propagate": truth}), "roles": ROLES,
    "tenant": TENANT, "tenants": Items("tenant", TENANT),
    "endpoint": Endpoint(), "endpoints": Items("endpoint", Endpoint()),
    **dict.fromkeys((
        "badRequest", "unauthorized", "forbidden", "userDisabled", "itemNotFound", "badMethod", "conflict", "tenantConflict", "overLimit",
        "badMediaType", "identityFault", "notImplemented", "serviceUnavailable"), FAULT),
}

IDENTITY = Dialect(NAMESPACE, PREFIXES, ROOTS, plain=PLAIN)
