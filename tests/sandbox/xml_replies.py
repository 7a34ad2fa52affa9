# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""XML replies as compute and Identity v2.0 wrote them; from the published samples, and the templates that Nova had.

An element is `(name, {attribute: value}, [children])`; a child is an element, or text.
"""

from xml.sax.saxutils import escape, quoteattr

_COMPUTE = "http://docs.openstack.org/compute/api/v1.1"
_COMMON = "http://docs.openstack.org/common/api/v1.0"
_IDENTITY = "http://docs.openstack.org/identity/api/v2.0"
_EXTENSIONS = "http://docs.openstack.org/compute/ext/"
_ATOM = "http://www.w3.org/2005/Atom"
# What each document declares, whether it uses it or not.
_DECLARED = {
    "compute": {
        "atom": _ATOM, "OS-DCF": _EXTENSIONS + "disk_config/api/v1.1", "OS-EXT-STS": _EXTENSIONS + "extended_status/api/v1.1",
        "OS-EXT-IMG-SIZE": _EXTENSIONS + "image_size/api/v1.1", "OS-FLV-EXT-DATA": _EXTENSIONS + "flavor_extra_data/api/v1.1",
        "OS-FLV-WITH-EXT-SPECS": _EXTENSIONS + "flavor_with_extra_specs/api/v2.0",
        "RAX-SI": "http://docs.openstack.org/servers/api/ext/scheduled_images/v1.0",
        "RAX-PUBLIC-IP-ZONE-ID": "http://docs.openstack.org/servers/api/ext/public_ip_zone/v1.0"},
    "identity": {
        "atom": _ATOM, "rax-auth": "http://docs.rackspace.com/identity/api/ext/RAX-AUTH/v1.0",
        "rax-kskey": "http://docs.rackspace.com/identity/api/ext/RAX-KSKEY/v1.0",
        "os-ksadm": "http://docs.openstack.org/identity/api/ext/OS-KSADM/v1.0"},
}


def _value(value):
    return str(value)  # None and booleans too, as Python has them: that is how Nova did it


def _is_scalar(value):
    return not isinstance(value, (dict, list))


def _rendered(element, declared=()):
    name, attributes, children = element
    attributes = {**dict(declared), **attributes}
    head = name + "".join(" %s=%s" % (key, quoteattr(_value(value))) for key, value in attributes.items())
    inner = "".join(escape(child, {"\r": "&#13;"}) if isinstance(child, str) else _rendered(child) for child in children)
    return "<%s>%s</%s>" % (head, inner, name) if inner else "<%s/>" % head


def _fields(name, data):
    """A child with text for each key, as Nova does where nobody wrote a template."""
    children = []
    for key, value in data.items():
        if isinstance(value, dict):
            children.append(_fields(key, value))
        elif isinstance(value, list):
            children.append((key, {}, [_item(key, item) for item in value]))
        else:
            children.append((key, {}, [_value(value)]))
    return name, {}, children


def _item(plural, item):
    singular = plural[:-1] if plural.endswith("s") else "item"
    return (singular, {}, [_value(item)]) if _is_scalar(item) else _fields(singular, item)


# Compute.

def _links(data):
    return [("atom:link", link, []) for link in data.get("links", [])]


def _metadata(metadata):
    return "metadata", {}, [("meta", {"key": key}, [value]) for key, value in metadata.items()]


def _network(label, entries):
    return "network", {"id": label}, [("ip", entry, []) for entry in entries]


def _addresses(networks):
    return "addresses", {}, [_network(label, entries) for label, entries in networks.items()]


def _reference(name, thing):
    return (name, {"id": thing["id"]}, _links(thing)) if thing else (name, {}, [])


def _scalars(data, **renamed):
    return {renamed.get(key, key): value for key, value in data.items() if _is_scalar(value) and key not in ("image",)}


def _server(data):
    children = [_reference(name, data[name]) for name in ("image", "flavor") if name in data]
    if "fault" in data:
        fault = data["fault"]
        children.append(("fault", {"code": fault["code"], "created": fault["created"]},
                         [(name, {}, [fault[name]]) for name in ("message", "details") if name in fault]))
    children.append(_metadata(data.get("metadata", {})))
    if "addresses" in data:
        children.append(_addresses(data["addresses"]))
    if "RAX-SI:image_schedule" in data:
        children.append(_fields("RAX-SI:image_schedule", data["RAX-SI:image_schedule"]))
    return "server", _scalars(data, user_id="userId", tenant_id="tenantId"), children + _links(data)


def _brief_server(data):
    return "server", {"name": data["name"], "id": data["id"]}, _links(data)


def _flavor(data):
    specs = "OS-FLV-WITH-EXT-SPECS:extra_specs"
    return "flavor", _scalars(data), _links(data) + ([_fields(specs, data[specs])] if specs in data else [])


def _image(data):
    children = [_reference("server", data["server"])] if "server" in data else []
    if "metadata" in data:
        children.append(_metadata(data["metadata"]))
    return "image", _scalars(data), children + _links(data)


def _limits(data):
    rates = [("rate", {"uri": rate["uri"], "regex": rate["regex"]}, [("limit", limit, []) for limit in rate["limit"]]) for rate in data["rate"]]
    return "limits", {"xmlns": _COMMON}, [("rates", {}, rates), ("absolute", {}, [
        ("limit", {"name": name, "value": value}, []) for name, value in data["absolute"].items()])]


def _interface(data):
    return "virtual_interface", _scalars(data), [("ip_address", entry, []) for entry in data["ip_addresses"]]


def _extension(data):
    return "extension", {name: data[name] for name in ("name", "namespace", "alias", "updated")}, [("description", {}, [data["description"]]), *_links(data)]


def _list(name, one):
    return lambda items: (name, {}, [one(item) for item in items])


def _attributes(name):
    return lambda data: (name, data, [])


_OF_COMPUTE = {
    "server": _server, "servers": _list("servers", lambda data: _server(data) if "status" in data else _brief_server(data)),
    "flavor": _flavor, "flavors": _list("flavors", _flavor), "extra_specs": lambda data: _fields("extra_specs", data),
    "image": _image, "images": _list("images", _image),
    "metadata": _metadata, "meta": lambda data: _metadata(data)[2][0],
    "addresses": _addresses,
    "volumeAttachment": _attributes("volumeAttachment"), "volumeAttachments": _list("volumeAttachments", _attributes("volumeAttachment")),
    "keypair": lambda data: _fields("keypair", data), "keypairs": _list("keypairs", lambda data: _fields("keypair", data["keypair"])),
    "network": lambda data: _fields("network", data), "networks": _list("networks", lambda data: _fields("network", data)),
    "virtual_interfaces": _list("virtual_interfaces", _interface),
    "limits": _limits, "extension": _extension, "extensions": _list("extensions", _extension),
    "instanceAction": _attributes("instanceAction"), "instanceActions": _list("instanceActions", _attributes("instanceAction")),
    "adminPass": lambda text: ("adminPass", {}, [text]), "output": lambda text: ("output", {}, [text]),
    "reservation_id": lambda text: ("server", {"reservation_id": text}, []),
}


def _of_compute(data):
    name, value = next(iter(data.items()))
    if name in _OF_COMPUTE:
        return _OF_COMPUTE[name](value)
    if isinstance(value, dict) and "code" in value:
        return name, {"code": value["code"]}, [(key, {}, [_value(item)]) for key, item in value.items() if key != "code"]
    if isinstance(value, list):  # the addresses of a network, whatever its name
        return _network(name, value)
    return _fields(name, value)


# Identity. Prefixes are in lower case here, and booleans too.

_MEMBERS = {"users": "user", "roles": "role", "tenants": "tenant", "serviceCatalog": "service", "endpoints": "endpoint",
            "RAX-AUTH:authenticatedBy": "RAX-AUTH:credential"}


def _lower(name):
    prefix, colon, local = name.rpartition(":")
    return prefix.lower() + colon + local


def _of_identity(name, value):
    if isinstance(value, list):
        return _lower(name), {}, [_of_identity(_MEMBERS.get(name, "item"), item) for item in value]
    if _is_scalar(value):
        return _lower(name), {}, [_value(value)]
    if name == "endpoint":
        return _endpoint(value)
    attributes = {_lower(key): str(item).lower() if isinstance(item, bool) else item
                  for key, item in value.items() if _is_scalar(item) and item is not None and key not in ("message", "details")}
    children = [(key, {}, [value[key]]) for key in ("message", "details") if key in value]
    for key, item in value.items():
        if name == "service" and key == "endpoints":
            children += [_endpoint(endpoint) for endpoint in item]
        elif not _is_scalar(item):
            children.append(_of_identity(key, item))
    return _lower(name), attributes, children


def _endpoint(data):
    version = {short: data[long] for long, short in (("versionId", "id"), ("versionInfo", "info"), ("versionList", "list")) if long in data}
    return "endpoint", {key: value for key, value in data.items() if not key.startswith("version")}, [("version", version, [])] if version else []


def _credentials(items):
    return "credentials", {}, [_of_identity(name, value) for item in items for name, value in item.items()]


def write(data, service, detailed):
    """The document for a JSON body, as bytes. `detailed`: it answers a list in full, which has no link to the next page in XML."""
    if service == "identity":
        name, value = next(iter(data.items()))
        root = _credentials(value) if name == "credentials" else _of_identity(name, value)
    else:
        root = _of_compute(data)
        more = [link for name, links in data.items() if name.endswith("_links") for link in links]
        if more and root[0] != "flavors" and not detailed:
            root = root[0], root[1], [*root[2], *(("atom:link", link, []) for link in more)]
    declared = {"xmlns": _IDENTITY if service == "identity" else _COMPUTE}
    declared.update({"xmlns:" + prefix: namespace for prefix, namespace in _DECLARED[service].items()})
    return ("<?xml version='1.0' encoding='UTF-8'?>\n" + _rendered(root, declared)).encode("utf-8")
