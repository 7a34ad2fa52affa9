# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What can be turned on a running cloud: times, sizes, limits, and the fate of the next build."""

_NUMBERS = {"build_time", "delete_time", "action_time", "image_time", "volume_time", "latency_ms", "clock_skew", "delete_lingers", "token_life",
            "accept_grace"}
_WHOLE = {"page_size"}
_SWITCHES = {"compute_xml"}
_FATES = {"next_build": ("ACTIVE", "ERROR", "ACTIVE_THEN_ERROR"), "next_action": ("ERROR",)}

DEFAULTS = {
    "build_time": 2.0,      # seconds from POST to ACTIVE
    "delete_time": 0.5,     # seconds in task state «deleting»
    "delete_lingers": 0.0,  # seconds that a deleted server is still shown, as DELETED, before it is a 404
    "action_time": 0.5,     # seconds of a reboot, a rebuild, each half of a resize …
    "image_time": 0.5,      # seconds of a snapshot
    "volume_time": 0.3,     # seconds of creating, attaching, detaching, deleting a volume
    "accept_grace": 0.0,    # seconds during which a server looks untouched after an action was accepted
    "latency_ms": 0.0,
    "page_size": 1000,
    "rate_limit": None,     # {"POST": calls per minute, …}
    "clock_skew": 0.0,      # seconds by which the cloud's clock is ahead
    "next_build": None,     # the fate of the next create, or a list of fates
    "next_action": None,    # ERROR: the next action that takes time ends so; or a list
    "automation": None,     # {"rackconnect_automation_status": [[seconds after ACTIVE, "DEPLOYING"], …], …}: written into metadata
    "compute_xml": True,    # compute in the Rackspace dress speaks XML as well, as it did until 2015; identity does at any time
    "quota": {},            # {"instances": n, "ram": n, "cores": n, "metadata_items": n, "key_pairs": n, …}; -1 = no limit
    "token_life": 86400.0,
    "time_scale": 1.0,      # 10: everything takes a tenth of its time
}


class Settings:
    """The values in force, as attributes."""

    def __init__(self, **values):
        self.__dict__.update(DEFAULTS, quota={})
        self.update(values)

    def update(self, values):
        """Change some; ValueError names the one that makes no sense, and nothing is changed."""
        accepted = {name: self._accepted(name, value) for name, value in values.items()}
        self.__dict__.update(accepted)

    def as_data(self):
        """All values."""
        return dict(self.__dict__)

    def take(self, name):
        """The fate of what begins now, from `next_build` or `next_action`; every mention there is good for one. None: nothing special."""
        fates = getattr(self, name)
        if not isinstance(fates, list):
            fates = [fates]
        setattr(self, name, fates[1:] or None)
        return fates[0] if fates else None

    def scaled(self, seconds):
        """A duration as it passes under the time scale."""
        return seconds / self.time_scale

    def _accepted(self, name, value):
        if name not in DEFAULTS:
            raise ValueError("unknown setting: %s" % name)
        if name in _NUMBERS or name == "time_scale":
            value = float(value)
            if value < 0 and name != "clock_skew" or not value and name == "time_scale":
                raise ValueError("%s must not be %s" % (name, value))
        elif name in _WHOLE:
            value = int(value)
            if value < 1:
                raise ValueError("%s must be at least 1" % name)
        elif name in _SWITCHES:
            if not isinstance(value, bool):
                raise ValueError("%s must be true or false" % name)
        elif name in _FATES:
            fates = value if isinstance(value, list) else [value]
            if any(fate not in (None, *_FATES[name]) for fate in fates):
                raise ValueError("%s must be of: %s" % (name, ", ".join(_FATES[name])))
        elif value is not None and not isinstance(value, dict):
            raise ValueError("%s must be a mapping" % name)
        return {} if name == "quota" and value is None else value
