# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The option specs that are used more than once. Doc fragments of the same names describe them."""

from __future__ import annotations

AUTH_DICT = dict(
    auth_url=dict(type="str"),
    username=dict(type="str"),
    user_id=dict(type="str"),
    password=dict(type="str", no_log=True),
    api_key=dict(type="str", no_log=True),
    token=dict(type="str", no_log=True),
    passcode=dict(type="str", no_log=True),
    tenant_id=dict(type="str", aliases=["project_id"]),
    tenant_name=dict(type="str", aliases=["project_name"]),
    user_domain_id=dict(type="str"),
    user_domain_name=dict(type="str"),
    project_domain_id=dict(type="str"),
    project_domain_name=dict(type="str"),
    application_credential_id=dict(type="str"),
    application_credential_name=dict(type="str"),
    application_credential_secret=dict(type="str", no_log=True),
)

AUTH = dict(
    cloud=dict(type="str"),
    auth=dict(type="dict", options=AUTH_DICT),
    auth_url=dict(type="str", aliases=["auth_endpoint"]),
    auth_type=dict(type="str", choices=["auto", "password", "api_key", "token", "application_credential"], default="auto"),
    username=dict(type="str"),
    password=dict(type="str", no_log=True),
    api_key=dict(type="str", no_log=True),
    token=dict(type="str", no_log=True),
    passcode=dict(type="str", no_log=True),
    tenant_id=dict(type="str", aliases=["project_id"]),
    tenant_name=dict(type="str", aliases=["project_name"]),
    user_domain=dict(type="str"),
    project_domain=dict(type="str"),
    application_credential_id=dict(type="str"),
    application_credential_name=dict(type="str"),
    application_credential_secret=dict(type="str", no_log=True),
    credentials_file=dict(type="path", aliases=["credentials", "creds_file"]),
    region=dict(type="str", aliases=["region_name"]),
    interface=dict(type="str", choices=["public", "internal", "admin"]),
    compute_endpoint=dict(type="str"),
    validate_certs=dict(type="bool", aliases=["verify_ssl"]),
    ca_cert=dict(type="path"),
    client_cert=dict(type="path"),
    client_key=dict(type="path", no_log=False),
    allow_http=dict(type="bool", default=False),
    api_timeout=dict(type="int", default=30),
    api_retries=dict(type="int", default=5),
    token_cache=dict(type="bool", default=True, no_log=False),
    media_type=dict(type="str", choices=["json", "xml"], default="json"),
    api_trace=dict(type="bool"),
)

WAIT = dict(
    wait=dict(type="bool", default=True),
    wait_timeout=dict(type="int", aliases=["timeout"]),
    wait_interval=dict(type="float"),
)

# For the modules that have an action plugin, which alone reads it.
PROGRESS = dict(type="str", choices=["auto", "always", "never"], default="auto")
