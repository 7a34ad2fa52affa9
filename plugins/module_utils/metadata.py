# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Metadata: what may be written, what is never removed, what has to change. Pure."""

from __future__ import annotations

from . import errors
from .plan import Step

# Written by the provider's automation or by us; purge_metadata leaves them alone.
KEPT_PREFIXES = ("rax_", "rackconnect", "rax:", "build_config", "com.rackspace__", "org.openstack__", "ansible_")
# What clouds write on an image that was made of a server, and need to make servers of it again.
IMAGE_PREFIXES = KEPT_PREFIXES + (
    "image_", "base_image_ref", "instance_", "user_id", "owner_", "os_", "auto_disk_config", "vm_mode", "flavor_classes", "hw_", "hypervisor_type",
    "architecture", "kernel_id", "ramdisk_id", "min_ram", "min_disk", "cache_in_nova", "block_device_mapping", "bdm_v2", "root_device_name", "mappings",
    "clean_attempts", "boot_roles", "network_allocated", "backup_type", "rotation")
PROTECTED = "ansible_protected"
CHANGEABLE = ("ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED")  # the statuses in which the metadata of a server may be changed
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


def lowered(metadata, option="metadata", now=()):
    """The metadata as images keep it: keys in lower case. Raises BadInput when two become one.

    now: the items that there are. One that other tools spelled otherwise is meant by its spelling: beside it, Nova would fail to
    store a second of the same letters.
    """
    if metadata is None:
        return None
    clean = {key.lower(): value for key, value in metadata.items()}
    if len(clean) < len(metadata):
        raise errors.BadInput("%s: images keep keys in lower case, so these differ in nothing: %s. Leave one out." % (
            option, ", ".join(sorted(key for key in metadata if [other.lower() for other in metadata].count(key.lower()) > 1))))
    spelling = {key.lower(): key for key in now}
    return {spelling.get(key, key): value for key, value in clean.items()}


def kept(key):
    return key.lower().startswith(KEPT_PREFIXES)


def kept_on_image(key):
    return key.lower().startswith(IMAGE_PREFIXES)


def is_protected(metadata):
    return str((metadata or {}).get(PROTECTED, "")).lower() == "true"


def changes(now, want, purge=False, stays=kept):
    """(to set: dict, to remove: sorted list of keys) that turn ``now`` into ``want``; want None means leave it alone.
    stays(key): whether purge spares it."""
    if want is None:
        return {}, []
    setting = {key: value for key, value in want.items() if now.get(key) != value}
    removing = sorted(key for key in now if key not in want and not stays(key)) if purge else []
    return setting, removing


def steps(now, want, purge=False, stays=kept):
    """The steps set_metadata and remove_metadata, as far as they are needed, for a thing that shows its items as ``metadata``."""
    setting, removing = changes(now, want, purge, stays)
    goal = after(now, setting, removing)
    if removing and no_room(now, setting):
        between = after(now, {}, removing)
        return [Step("remove_metadata", "metadata", now, between, body=removing),
                Step("set_metadata", "metadata", between, goal, body=setting)]
    found = []
    if setting:
        found.append(Step("set_metadata", "metadata", now, after(now, setting, []), body=setting))
    if removing:
        found.append(Step("remove_metadata", "metadata", now, goal, body=removing))
    return found


def no_room(now, setting):
    """True when there may be no room for the new items before old ones are removed. Otherwise they are set first: a run that is
    broken off then leaves too much rather than too little."""
    return bool(setting) and len(after(now, setting, [])) > LOWEST_LIMIT


def after(now, setting, removing):
    """The metadata once the changes are made."""
    return {key: value for key, value in dict(now, **setting).items() if key not in removing}
