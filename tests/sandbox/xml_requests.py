# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""XML requests as the services read them: compute goes by the names as they are written, identity by namespaces."""

from xml.dom import Node, minidom
from xml.parsers.expat import ExpatError

_KSADM = "http://docs.openstack.org/identity/api/ext/OS-KSADM/v1.0"
_AUTH = "http://docs.rackspace.com/identity/api/ext/RAX-AUTH/v1.0"
_KSKEY = "http://docs.rackspace.com/identity/api/ext/RAX-KSKEY/v1.0"
_HINTS = "http://docs.openstack.org/compute/ext/scheduler-hints/api/v2"

# The attributes that compute looks for at a server; it never sees others.
_OF_SERVER = ("name", "imageRef", "flavorRef", "adminPass", "accessIPv4", "accessIPv6", "key_name", "availability_zone", "min_count", "max_count",
              "return_reservation_id", "config_drive", "OS-DCF:diskConfig")
_OF_REBUILD = ("name", "imageRef", "adminPass", "accessIPv4", "accessIPv6", "OS-DCF:diskConfig", "preserve_ephemeral")
_OF_MAPPING = ("device_name", "volume_id", "snapshot_id", "virtual_name", "volume_size", "delete_on_termination", "no_device",
               "boot_index", "uuid", "source_type", "destination_type", "guest_format", "device_type", "disk_bus")
_OF_NETWORK = ("uuid", "fixed_ip", "port")


def _elements(node):
    return [child for child in node.childNodes if child.nodeType == Node.ELEMENT_NODE]


def _child(node, name):
    return next((child for child in _elements(node) if child.tagName == name), None)


def _text(node):
    return "".join(child.data for child in node.childNodes if child.nodeType in (Node.TEXT_NODE, Node.CDATA_SECTION_NODE))


def _attributes(node, names=None):
    """The attributes of these names, or all that are no declarations."""
    found = {name: value for name, value in node.attributes.items() if name.partition(":")[0] != "xmlns"}
    return found if names is None else {name: found[name] for name in names if name in found}


# Compute.

def _metadata(node):
    return {item.getAttribute("key"): _text(item) for item in _elements(node) if item.tagName == "meta"}


def _contents(node, data):
    """The parts of a request that have children of their own."""
    if _child(node, "metadata") is not None:
        data["metadata"] = _metadata(_child(node, "metadata"))
    if _child(node, "personality") is not None:
        data["personality"] = [{**_attributes(item, ("path",)), "contents": _text(item)} for item in _elements(_child(node, "personality"))]
    return data


def _server(node):
    data = _contents(node, _attributes(node, _OF_SERVER))
    if "flavorRef" in data:  # to create one, what is empty counts as left out; an update empties with it
        data = {name: value for name, value in data.items() if value != ""}
    if _child(node, "user_data") is not None:
        data["user_data"] = _text(_child(node, "user_data"))
    if _child(node, "networks") is not None:
        data["networks"] = [_attributes(item, _OF_NETWORK) for item in _elements(_child(node, "networks"))]
    if _child(node, "security_groups") is not None:
        data["security_groups"] = [_attributes(item, ("name",)) for item in _elements(_child(node, "security_groups"))]
    for name in ("block_device_mapping", "block_device_mapping_v2"):
        if _child(node, name) is not None:
            data[name] = [_mapping(item) for item in _elements(_child(node, name)) if item.tagName == "mapping"]
    hints = node.getElementsByTagNameNS(_HINTS, "scheduler_hints")
    body = {"server": data}
    if hints:
        body["OS-SCH-HNT:scheduler_hints"] = {}
        for item in _elements(hints[0]):
            body["OS-SCH-HNT:scheduler_hints"].setdefault(item.tagName, []).append(_text(item).strip())
    return body


def _mapping(node):
    data = {name: value for name, value in _attributes(node, _OF_MAPPING).items() if value}
    for name in ("boot_index", "volume_size"):
        if name in data:
            data[name] = int(data[name])
    for name in ("delete_on_termination", "no_device"):
        if name in data:
            data[name] = data[name].lower() in ("true", "1", "yes")
    return data


def _fields(node):
    """A body of elements with text."""
    return {node.tagName: {item.tagName: _text(item) for item in _elements(node)}}


def _action(names=None):
    def read(node):
        return {node.tagName: _contents(node, _attributes(node, names)) or None}
    return read


# Identity. Its frame turns elements and attributes into objects by their namespaces; prefixes are anybody's choice.

def _named(node, spaces):
    """`{name: text}` of the attributes, with a prefix where the namespace has one here."""
    found = {}
    for number in range(node.attributes.length):
        item = node.attributes.item(number)
        if item.namespaceURI in (None, ""):
            found[item.name] = item.value
        elif item.namespaceURI in spaces:
            found["%s:%s" % (spaces[item.namespaceURI], item.localName)] = item.value
    return found


_LOGINS = {"passwordCredentials": "passwordCredentials", "token": "token", (_KSKEY, "apiKeyCredentials"): "RAX-KSKEY:apiKeyCredentials",
           (_AUTH, "passcodeCredentials"): "RAX-AUTH:passcodeCredentials"}


def _login(node):
    auth = _named(node, {_AUTH: "RAX-AUTH"})
    for child in _elements(node):
        key = _LOGINS.get((child.namespaceURI, child.localName)) or _LOGINS.get(child.localName)
        if key:
            auth[key] = _named(child, {})
    return {"auth": auth}


def _user(node):
    user = _named(node, {_KSADM: "OS-KSADM", _AUTH: "RAX-AUTH"})
    if "enabled" in user:
        user["enabled"] = user["enabled"].lower() == "true"
    roles = next((child for child in _elements(node) if child.localName == "roles"), None)
    if roles is not None:
        user["roles"] = [_named(role, {}) for role in _elements(roles)]
    return {"user": user}


_BY_TAG = {
    "server": _server, "metadata": lambda node: {"metadata": _metadata(node)},
    "meta": lambda node: {"meta": {node.getAttribute("key"): _text(node)}},
    "keypair": _fields, "image_schedule": _fields,
    "createImage": _action(("name",)), "rebuild": _action(_OF_REBUILD), "resize": _action(("flavorRef", "OS-DCF:diskConfig")),
    "reboot": _action(("type",)), "changePassword": _action(("adminPass",)),
}
_BY_LOCAL_NAME = {"auth": _login, "user": _user}


def read(body):
    """A body as the JSON that would say the same. ValueError for what is no XML, or declares a document type."""
    if b"<!" in body.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        raise ValueError("a document type")
    try:
        root = minidom.parseString(body).documentElement
    except ExpatError as error:
        raise ValueError(str(error)) from None
    reader = _BY_TAG.get(root.tagName) or _BY_LOCAL_NAME.get(root.localName) or _action()
    return reader(root)
