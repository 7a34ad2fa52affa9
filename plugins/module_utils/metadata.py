# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Metadata: what may be written, what is never removed, what has to change. Pure."""

from __future__ import annotations

from . import errors

# Written by the provider's automation or by us; purge_metadata leaves them alone.
KEPT_PREFIXES = ("rax_", "rackconnect", "rax:", "build_config", "com.rackspace__", "org.openstack__", "ansible_")
PROTECTED = "ansible_protected"
LOWEST_LIMIT = 40  # items; no cloud is known to allow less than this by default
LONGEST = 255


def strings(metadata, option="metadata"):
    """The metadata as the API takes it: numbers and booleans become strings. Raises BadInput for the rest."""
    if metadata is None:
        return None
    clean = {}
    for key, value in metadata.items():
        if isinstance(value, bool):
            value = str(value).lower()
        elif isinstance(value, (int, float)):
            value = str(value)
        elif not isinstance(value, str):
            raise errors.BadInput("%s: the value of %r is %s, and metadata holds strings only. Write a string, or turn it into one with "
                                  "the filters to_json or join." % (option, key, "empty" if value is None else "a %s" % type(value).__name__))
        for part, name in ((str(key), "key"), (value, "value")):
            if len(part) > LONGEST:
                raise errors.BadInput("%s: the %s of %r has %d characters; %d are allowed." % (option, name, str(key)[:40], len(part), LONGEST))
        clean[str(key)] = value
    return clean


def kept(key):
    return key.lower().startswith(KEPT_PREFIXES)


def is_protected(metadata):
    return str((metadata or {}).get(PROTECTED, "")).lower() == "true"


def changes(now, want, purge=False):
    """(to set: dict, to remove: sorted list of keys) that turn ``now`` into ``want``; want None means leave it alone."""
    if want is None:
        return {}, []
    setting = {key: value for key, value in want.items() if now.get(key) != value}
    removing = sorted(key for key in now if key not in want and not kept(key)) if purge else []
    return setting, removing


def after(now, setting, removing):
    """The metadata once the changes are made."""
    return {key: value for key, value in dict(now, **setting).items() if key not in removing}
