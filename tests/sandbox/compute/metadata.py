# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The metadata of servers and images: list, replace, merge, and single items."""

from .. import limits
from ..exchange import Fault, answer, empty
from ..states import METADATA_STATES
from .images import find_image
from .routes import check_lock, check_state, find_server, route

_KEY_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:. ")


def checked_metadata(call, given, resource):
    """Metadata as it may be stored. Fault 400 for what is no text, 403 for more items than allowed."""
    if not isinstance(given, dict):
        raise Fault(400, "Invalid input for field/attribute metadata. Value: %s. %r is not of type 'object'" % (given, given) if call.strict else
                    "Malformed request body")
    for key, value in given.items():
        _check_item(call, key, value)
    _check_count(call, given, resource)
    return dict(given)


def _check_item(call, key, value):
    if call.strict:
        if not key or len(key) > 255 or not _KEY_CHARACTERS.issuperset(key):
            raise Fault(400, "Invalid input for field/attribute metadata. Value: %s. %r does not match any of the regexes: '^[a-zA-Z0-9-_:. ]{1,255}$'"
                        % ({key: value}, key))
        if not isinstance(value, str):
            raise Fault(400, "Invalid input for field/attribute %s. Value: %s. %r is not of type 'string'" % (key, value, value))
        if len(value) > 255:
            raise Fault(400, "Invalid input for field/attribute %s. Value: %s. %r is too long" % (key, value, value))
        return
    if not key:
        raise Fault(400, "Invalid metadata: Metadata property key blank.")
    if not isinstance(value, str):
        raise Fault(400, "Invalid metadata: The input is not a string or unicode")
    for kind, content in (("key", key), ("value", value)):
        if len(content) > 255:
            raise Fault(413 if call.rackspace else 400, "Invalid metadata size: Metadata property %s greater than 255 characters" % kind,
                        name="overLimit" if call.rackspace else None, headers=[("Retry-After", "0")] if call.rackspace else ())


def _check_count(call, metadata, resource):
    most = limits.quota(call, resource)
    if 0 <= most < len(metadata):
        raise Fault(403, "Maximum number of metadata items exceeds %d" % most)


class _OfServer:
    """How the metadata of a server is found and changed."""

    resource = "metadata_items"

    @staticmethod
    def missing(call):
        """What is said when an item is not there."""
        del call
        return "Metadata item was not found"

    @staticmethod
    def find(call):
        """The server."""
        return find_server(call)

    @staticmethod
    def check(call, server, action):
        """Fault 409 while it may not be changed."""
        check_lock(server, call)
        check_state(server, action, METADATA_STATES, None)

    @staticmethod
    def remove(call, server, rest):
        """Keep the rest. Nova does not count a server as updated by that."""
        del call
        server.change_quietly(metadata=rest)

    @staticmethod
    def stored(call, metadata):
        """The metadata as kept."""
        del call
        return metadata


class _OfImage:
    """How the metadata of an image is found and changed."""

    resource = "image_metadata_items"

    @staticmethod
    def missing(call):
        """What is said when an item is not there: whichever way Nova happens to fail."""
        if call.rackspace:
            return "Metadata item was not found"
        return "Invalid metadata key" if call.request.method == "DELETE" else "The resource could not be found."

    @staticmethod
    def find(call):
        """The image."""
        return find_image(call)

    @staticmethod
    def check(call, image, action):
        """Fault 403 for somebody else's."""
        del action
        if image.project_id != call.project_id:
            raise Fault(403, "You are not allowed to modify this image's metadata." if call.rackspace else "Not authorized for image %s." % image.id)

    @staticmethod
    def remove(call, image, rest):
        """Keep the rest."""
        image.change(call.now, metadata=rest)

    @staticmethod
    def stored(call, metadata):
        """The metadata as kept: Rackspace writes keys in lower case."""
        return {key.lower(): value for key, value in metadata.items()} if call.rackspace else metadata


def _register(prefix, kind):
    @route("GET", prefix + "/metadata")
    def index(call):
        return answer({"metadata": kind.find(call).metadata})

    @route("PUT", prefix + "/metadata")
    def replace(call):
        given = checked_metadata(call, _whole(call, "metadata"), kind.resource)
        return _store(call, "update metadata", given)

    @route("POST", prefix + "/metadata")
    def merge(call):
        given = checked_metadata(call, _whole(call, "metadata"), kind.resource)
        merged = {**kind.find(call).metadata, **kind.stored(call, given)}
        _check_count(call, merged, kind.resource)
        return _store(call, "update metadata", merged)

    def _store(call, action, metadata):
        owner = kind.find(call)
        kind.check(call, owner, action)
        owner.change(call.now, metadata=kind.stored(call, metadata))
        return answer({"metadata": owner.metadata})

    @route("GET", prefix + "/metadata/{key}")
    def item(call):
        metadata, key = kind.find(call).metadata, _present(call)
        return answer({"meta": {key: metadata[key]}})

    @route("PUT", prefix + "/metadata/{key}")
    def set_item(call):
        given, key = _whole(call, "meta"), call.params["key"]
        if len(given) != 1 or key not in given:
            raise Fault(400, "Request body contains too many items" if len(given) > 1 and not call.strict else "Request body and URI mismatch")
        checked_metadata(call, given, kind.resource)
        merged = {**kind.find(call).metadata, **kind.stored(call, given)}
        _check_count(call, merged, kind.resource)
        _store(call, "update metadata", merged)
        return answer({"meta": given})

    @route("DELETE", prefix + "/metadata/{key}")
    def delete_item(call):
        owner, key = kind.find(call), _present(call)
        kind.check(call, owner, "delete metadata")
        kind.remove(call, owner, {name: value for name, value in owner.metadata.items() if name != key})
        return empty(204, "application/json")

    def _present(call):
        key = next(iter(kind.stored(call, {call.params["key"]: ""})))
        if key not in kind.find(call).metadata:
            raise Fault(404, kind.missing(call))
        return key

    return index, replace, merge, item, set_item, delete_item


def _whole(call, root):
    body = call.body()
    if root not in body or call.strict and set(body) != {root} or not isinstance(body[root], dict):
        if call.strict:
            raise Fault(400, "%r is a required property" % root if root not in body else
                        "Invalid input for field/attribute %s. Value: %s. %r is not of type 'object'" % (root, body[root], body[root]))
        raise Fault(400, "Malformed request body")
    return body[root]


_register("/servers/{server_id}", _OfServer)
_register("/images/{image_id}", _OfImage)
