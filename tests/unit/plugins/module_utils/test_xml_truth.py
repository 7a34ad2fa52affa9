# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The codec against recorded documents: pairs of XML and JSON of the same thing, in a directory that `RACKSPACE_TRUTH` names.

Few pairs hold the same data. Those must be equal; of the others the keys and types must be, but for what is known to differ in the recordings.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils.xml_media import CODECS

RECORDED = Path(os.environ["RACKSPACE_TRUTH"]) if os.environ.get("RACKSPACE_TRUTH") else None
SERVICES = {"cloud-servers": "compute", "identity": "identity"}
USERS_WORDS = ("metadata", "meta", "addresses", "absolute")  # whose keys are data

# What published documents have lost: their declarations, in some way or another.
UNDECLARED = ("disk-cfg-create-svr-rsp", "server-create-rsp", "server-update-rsp", "servers-action-rebuild-req", "servers-actions-resize-req",
              "servers-list-det-rsp", "servers-list-rsp")
DECLARATIONS = "".join(' xmlns:%s="%s"' % (prefix, CODECS["compute"].dialect.prefixes[prefix]) for prefix in ("atom", "OS-DCF", "OS-EXT-STS", "RAX-SI"))
DECLARATIONS += ' xmlns:RAX-PUBLIC-IP-ZONE-ID="http://docs.openstack.org/servers/api/ext/public_ip_zone/v1.0"'
# What is no XML, or has no declarations in the identity samples.
BROKEN = ("MultiFacAuthReq", "MultiFacAuthReqWithHeader", "addUser_response", "auth-domains-get-resp", "auth-list-users", "auth-resp-user-xml", "user",
          "userbyemailresponse")
EQUAL = (
    "flavor-detail-rsp", "flavors-xspecs-rsp", "keypair-create-req", "meta-list-rsp", "meta-set-req", "meta-set-rsp", "meta-update-req", "meta-update-rsp",
    "metaitem-set-req", "metaitem-set-rsp", "metaitem-update-rsp", "network-show-rsp", "sched-images-404-rsp", "sched-images-dly-enable-req",
    "sched-images-dly-rsp", "sched-images-wkly-enable-req", "servers-actions-confresize-req", "servers-actions-createImage-req",
    "servers-actions-reboot-req", "servers-actions-rvrtresize-req", "servers-actions-unrescue-req", "servers-list-addresses-rsp",
    "servers-list-net-addresses-rsp", "vol-attach-create-rsp", "vol-attach-details-rsp", "vol-attach-list-rsp",
    "MultiFacVerifyDeviceReq", "apiKeyCredentials", "auth-user-update", "auth_with_apikey", "identity_fault", "userswithroles", "usersq", "userupdatepw",
    "userwithenabledonly", "userwithpw", "servers-list-det-rsp", "servers-list-rsp")
# Paths that only one of a pair has: in XML, in JSON. The recordings are of different servers, of different years, or were written by hand.
DIFFERENT = {
    "disk-cfg-create-svr-req": ([], ["/server/config_drive:bool", "/server/networks[]/uuid:str"]),
    "disk-cfg-create-svr-rsp": (["/server/metadata"], []),
    "image-detail-rsp": ([], ["/image/OS-EXT-IMG-SIZE:size:int", "/image/server/id:str", "/image/server/links[]/href:str", "/image/server/links[]/rel:str"]),
    "images-list-det-rsp": ([], ["/images[]/server/id:str", "/images[]/server/links[]/href:str", "/images[]/server/links[]/rel:str"]),
    "images-list-rsp": (["/images[]/OS-DCF:diskConfig:str", "/images[]/OS-EXT-IMG-SIZE:size:int", "/images[]/created:str", "/images[]/metadata/*:str",
                         "/images[]/minDisk:int", "/images[]/minRam:int", "/images[]/progress:int", "/images[]/status:str", "/images[]/updated:str"], []),
    "sched-images-wkly-rsp": ([], ["/image_schedule/day_of_week:str"]),
    "server-create-req": ([], ["/server/OS-DCF:diskConfig:str", "/server/config_drive:bool"]),
    "server-create-rsp": (["/server/metadata"], []),
    "server-det-rsp": (["/server/OS-EXT-STS:task_state:str"], ["/server/OS-EXT-STS:task_state:NoneType"]),
    "servers-action-rebuild-rsp": ([], ["/server/config_drive:str"]),
    "servers-actions-rescue-req": (["/rescue:NoneType"], ["/rescue:str"]),
    "vol-attach-create-req": (["/volumeAttachment/device:str"], ["/volumeAttachment/device:NoneType"]),
    "UserWithFullPayloadRequest": ([], ["/user/roles[]/tenantId:str"]),
    "UserWithFullPayloadResponse": (["/user/roles[]/tenantId:str"], [
        "/user/RAX-KSGRP:groups[]/id:str", "/user/RAX-KSGRP:groups[]/tenantId:str", "/user/id:str", "/user/roles[]/id:str"]),
    "auth_credentials_tenantId": (["/auth/passwordCredentials/tenantId:str"], ["/auth/tenantId:str"]),
    "auth_with_apikey_tenantId": (["/auth/RAX-KSKEY:apiKeyCredentials/tenantId:str"], ["/auth/tenantId:str"]),
}
# Operations that no module has, which no table knows.
NOT_OURS = ("DefaultRegionServices", "MultiFactorDevices", "auth_credentials-OS-KSEC2")


def paths(data, where=""):
    """Every path into a body with the type of what is there; what users name is the same whatever it is called."""
    if isinstance(data, dict):
        named = where.rpartition("/")[2] in USERS_WORDS
        return {path for key, value in data.items() for path in paths(value, "%s/%s" % (where, "*" if named else key))} or {where}
    if isinstance(data, list):
        return {path for item in data for path in paths(item, where + "[]")}
    return {"%s:%s" % (where, type(data).__name__)}


def without_nulls(data):
    """A body as it is in XML once more: a null is left out there."""
    if isinstance(data, dict):
        return {key: without_nulls(value) for key, value in data.items() if value is not None or len(data) == 1}
    return [without_nulls(item) for item in data] if isinstance(data, list) else data


def declared(text):
    """A document with the declarations that it lost."""
    return re.sub(r"<([A-Za-z][\w-]*)((?: xmlns=\"[^\"]*\")?)", r"<\1\2" + DECLARATIONS, text, count=1)


def test_the_check_sees_what_is_wrong():
    assert paths({"a": [{"b": 1}], "metadata": {"x": "y", "z": "y"}, "c": None}) == {"/a[]/b:int", "/metadata/*:str", "/c:NoneType"}
    assert paths({"a": 1}) != paths({"a": "1"})
    assert declared('<?xml version="1.0"?><resize xmlns="x" a="b">').startswith('<?xml version="1.0"?><resize xmlns="x" xmlns:atom=')


if RECORDED is not None:
    DOCUMENTS = {path.stem: path for place in SERVICES for path in sorted((RECORDED / place).glob("*.xml"))}
    READABLE = sorted(set(DOCUMENTS) - set(BROKEN))

    def codec(name):
        return CODECS[SERVICES[DOCUMENTS[name].parent.name]]

    def read(name):
        text = DOCUMENTS[name].read_text(encoding="utf-8")
        return codec(name).decode((declared(text) if name in UNDECLARED else text).encode())

    def partner(name):
        """The body of the other half of a pair, None where there is none, or it is no JSON."""
        try:
            return json.loads(DOCUMENTS[name].with_suffix(".json").read_text(encoding="utf-8"))
        except (ValueError, OSError):
            return None

    @pytest.mark.parametrize("name", READABLE)
    def test_a_document_says_what_its_partner_says(name):
        found, wanted = read(name), partner(name)
        assert found and (wanted is not None or name in ("MultiFacAuthRespWithHeader", "auth-get-user-by-id", "users"))
        if name in EQUAL:
            assert found == wanted
        elif wanted is not None and name not in NOT_OURS:
            in_xml, in_json = DIFFERENT.get(name, ([], []))
            assert (sorted(paths(found) - paths(wanted)), sorted(paths(wanted) - paths(found))) == (in_xml, in_json)

    @pytest.mark.parametrize("name", READABLE)
    def test_a_document_written_anew_says_the_same(name):
        found = without_nulls(read(name))
        if name != "servers-list-net-addresses-rsp":  # JSON has no root there, so nobody can write it
            assert codec(name).decode(codec(name).encode(found)) == found

    @pytest.mark.parametrize("name", sorted(BROKEN) + sorted(UNDECLARED))
    def test_what_is_broken_is_refused(name):
        with pytest.raises(ValueError, match="no XML"):
            codec(name).decode(DOCUMENTS[name].read_bytes())
