# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The files that hold logins: found, read and parsed; what they mean is said in credentials.py.

Loaded only when a login comes from a file: most tasks have theirs from options or the environment.
"""

from __future__ import annotations

import os
import re

from . import errors

CLOUDS_FILES = ("clouds.yaml", "clouds.yml", "clouds.json")
CLOUDS_FOLDERS = (".", "~/.config/openstack", "/etc/openstack")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def clouds_entry(name, environ):
    """(where, mapping): the entry ``name`` of clouds.yaml, with what secure.yaml adds to it, and its place in words."""
    path = environ.get("OS_CLIENT_CONFIG_FILE") or first_file(CLOUDS_FOLDERS, CLOUDS_FILES)
    if not path:
        raise errors.BadInput("cloud %r: there is no clouds.yaml in %s, and OS_CLIENT_CONFIG_FILE is not set."
                              % (name, ", ".join(CLOUDS_FOLDERS)))
    clouds = read_clouds(path)
    if name not in clouds:
        raise errors.BadInput("cloud %r is not in %s. It has: %s." % (name, path, ", ".join(sorted(map(str, clouds))) or "no clouds"))
    secure_path = environ.get("OS_CLIENT_SECURE_FILE") or first_file(
        (os.path.dirname(path) or ".",) + CLOUDS_FOLDERS, [name.replace("clouds", "secure") for name in CLOUDS_FILES])
    cloud = merged(clouds[name], read_clouds(secure_path).get(name) if secure_path else None)
    return "cloud %r in %s" % (name, path), cloud


def first_file(folders, names):
    for folder in folders:
        for name in names:
            path = os.path.join(os.path.expanduser(folder), name)
            if os.path.exists(path):
                return path
    return None


def merged(base, extra):
    if not isinstance(base, dict) or not isinstance(extra, dict):
        return base if extra is None else extra
    return dict(base, **{key: merged(base.get(key), value) for key, value in extra.items()})


def read_clouds(path):
    """The mapping ``clouds`` of a file. The parser's own messages quote the file, so only place and kind are told."""
    try:
        import yaml
    except ImportError as error:
        raise errors.BadInput("PyYAML is needed to read %s: install it for the Python that runs this task (pip install PyYAML)."
                              % path) from error
    text = read_file(path)
    try:
        content = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise errors.BadInput("%s is not valid YAML%s: %s." % (
            path, " at line %d, column %d" % (mark.line + 1, mark.column + 1) if mark else "",
            QUOTED.sub("…", getattr(error, "problem", None) or "it cannot be read"))) from None
    except (ValueError, OverflowError, RecursionError):  # 2024-99-99 reads as a date; what it says quotes the value
        raise errors.BadInput("%s holds a value that looks like a date or a number and is none, or is nested too deeply. Put values, secrets "
                              "above all, in quotes." % path) from None
    clouds = content.get("clouds") if isinstance(content, dict) else None
    if not isinstance(clouds, dict) or not all(isinstance(cloud, dict) for cloud in clouds.values()):
        raise errors.BadInput("%s has no mapping 'clouds' with a mapping for each cloud." % path)
    return clouds


def read_ini(path):
    """{section: {key: value}}, without interpolation: a '%' in a secret is a '%'."""
    import configparser
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(read_file(path))
    except configparser.Error as error:
        line = getattr(error, "lineno", None) or next(iter(getattr(error, "errors", ())), (None,))[0]
        raise errors.BadInput("%s is not a valid ini file%s." % (path, " (line %s)" % line if line else "")) from None
    return {name: dict(parser.items(name)) for name in parser.sections()}


def read_file(path):
    try:
        with open(os.path.expanduser(path), encoding="utf-8") as handle:
            return handle.read()
    except (OSError, UnicodeDecodeError) as error:
        raise errors.BadInput("%s cannot be read: %s." % (path, getattr(error, "strerror", None) or error)) from error
