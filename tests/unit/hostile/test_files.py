# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Whatever clouds.yaml, Rackspace's files, the environment and the options hold: a login or an error of ours, and no secret in its words."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.rackspace.cloud.plugins.module_utils import credentials, errors

QUICK = settings(max_examples=60, deadline=None, derandomize=True,
                 suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
SECRET = "Sandbox1unmistakable"
TEXT = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["[", "]", ":", "%(x)s", "=", "\x00", "- a", "'", '"', "&a *a", "!!python/object:x", "\t"])
VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT | st.lists(TEXT, max_size=2) | st.dictionaries(TEXT, TEXT, max_size=2)
NAMES = st.sampled_from(["auth_url", "username", "password", "api_key", "token", "project_id", "user_domain_name", "passcode", "application_credential_id",
                         "application_credential_secret", "user_id"])
TOP = st.sampled_from(["auth_type", "region_name", "regions", "interface", "verify", "cacert", "cert", "key", "profile", "compute_endpoint_override"])


@pytest.fixture(autouse=True)
def place(monkeypatch, tmp_path):
    """A home with nothing in it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(options, environ):
    """What is found by these options; an error of ours has to be short and must not quote the secret."""
    try:
        login = credentials.find(options, environ)
        assert login.secret and isinstance(login.auth_url, str) and SECRET not in repr(login)
        return login
    except errors.CloudError as error:
        assert 0 < len(str(error)) < 3000 and SECRET not in str(error)
        return error


@QUICK
@given(auth=st.dictionaries(NAMES, VALUES, max_size=5) | VALUES, more=st.dictionaries(TOP, VALUES, max_size=4))
def test_structures_in_clouds_yaml(place, auth, more):
    path = place / "clouds.yaml"
    path.write_text(json.dumps({"clouds": {"here": dict(more, auth=auth)}}), encoding="utf-8")
    found({"cloud": "here"}, {"OS_CLIENT_CONFIG_FILE": str(path)})


@QUICK
@given(text=TEXT.map(lambda text: "clouds:\n  here:\n    auth:\n      password: %s%s\n" % (SECRET, text)) | st.text(st.characters(codec="utf-8"), max_size=80)
       | st.recursive(VALUES, lambda inner: st.dictionaries(TEXT, inner, max_size=2), max_leaves=4).map(lambda data: yaml.safe_dump({"clouds": data})))
def test_text_in_clouds_yaml(place, text):
    path = place / "clouds.yaml"
    path.write_text(text, encoding="utf-8")
    found({"cloud": "here"}, {"OS_CLIENT_CONFIG_FILE": str(path)})


@QUICK
@given(content=st.binary(max_size=60))
def test_bytes_in_files(place, content):
    for name, options in (("clouds.yaml", {"cloud": "here"}), ("rax", {"credentials_file": str(place / "rax")})):
        (place / name).write_bytes(content)
        found(options, {"OS_CLIENT_CONFIG_FILE": str(place / "clouds.yaml")})


@QUICK
@given(section=st.sampled_from(["rackspace_cloud", "keystone", "", "a]b"]) | TEXT, lines=st.lists(st.tuples(
    st.sampled_from(["username", "api_key", "password", "tenant_id", ""]) | TEXT, st.sampled_from(["=", ":", " ", ""]), TEXT), max_size=4))
def test_rackspace_files(place, section, lines):
    path = place / "rax"
    path.write_text("[%s]\n%s\napi_key%s\n" % (section, "\n".join("".join(line) for line in lines), SECRET), encoding="utf-8")
    found({"credentials_file": str(path)}, {})


@QUICK
@given(environ=st.dictionaries(st.sampled_from(sorted({name for names in (credentials.RAX_NAMES, credentials.OS_NAMES) for group in names.values()
                                                       for name in group})), TEXT, max_size=6), options=st.dictionaries(NAMES, TEXT, max_size=3))
def test_environment_and_options(environ, options):
    found({name: value for name, value in options.items() if name not in ("project_id", "user_domain_name", "user_id")}, environ)
    found({"auth": options}, environ)
