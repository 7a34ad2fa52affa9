# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The verbs of a key pair, and what makes two public keys the same: the material, not the comment or the line breaks."""

from __future__ import annotations

import base64
import binascii
import hashlib
from urllib.parse import quote

from . import errors, things


def every(api):
    """All raw key pairs of the user."""
    found = [item.get("keypair") for item in api.everything("/os-keypairs", "keypairs")]
    for keypair in found:
        things.check("GET /os-keypairs", "keypair", keypair)
    return found


def get(api, name):
    return api.find(path(name), key="keypair", needs="name")


def create(api, name, public_key=None):
    """Import a public key, or have a pair generated. Returns it raw; a generated one with its private_key, this once."""
    body = {"name": name} if public_key is None else {"name": name, "public_key": public_key}
    return api.made("/os-keypairs", {"keypair": body}, "keypair", needs="name")


def delete(api, name):
    """Forget a key pair; one that is gone already is fine."""
    api.remove(path(name))


def path(name):
    return "/os-keypairs/%s" % quote(name, safe="")


def material(public_key):
    """The bytes of a public key in the form of OpenSSH, without its comment. Raises BadInput for what is none."""
    words = public_key.split()
    try:
        if len(words) < 2:
            raise ValueError("it does not have a kind and a key, divided by a blank")
        decoded = base64.b64decode(words[1], validate=True)
        if not decoded[4:].startswith(words[0].encode("ascii")):
            raise ValueError("the key is not of the kind that it names")
    except (ValueError, binascii.Error) as error:
        raise errors.BadInput("public_key is not a public key in the form of OpenSSH, as in ssh-ed25519 AAAA… comment: %s." % error) from None
    return decoded


def fingerprint(public_key):
    """The MD5 fingerprint, as the API shows it: pairs of hexadecimal digits with colons between them."""
    digest = hashlib.md5(material(public_key), usedforsecurity=False).hexdigest()
    return ":".join(digest[place:place + 2] for place in range(0, 32, 2))


def same(keypair, public_key):
    """Whether a key pair, raw or a record, is that of a public key."""
    if keypair.get("public_key"):
        try:
            return material(keypair["public_key"]) == material(public_key)
        except errors.BadInput:  # of the one in the cloud: only its fingerprint can be compared
            pass
    return keypair.get("fingerprint") == fingerprint(public_key)
