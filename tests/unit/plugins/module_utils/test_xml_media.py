# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The XML of compute and identity against the JSON that says the same: the documented shapes, types, faults, and there and back."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.rackspace.cloud.plugins.module_utils import errors
from ansible_collections.rackspace.cloud.plugins.module_utils.xml_media import CODECS

COMPUTE, IDENTITY = CODECS["compute"], CODECS["identity"]
V11 = 'xmlns="http://docs.openstack.org/compute/api/v1.1"'
ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'
DCF = 'xmlns:OS-DCF="http://docs.openstack.org/compute/ext/disk_config/api/v1.1"'
STS = 'xmlns:OS-EXT-STS="http://docs.openstack.org/compute/ext/extended_status/api/v1.1"'
IDENTITY_20 = 'xmlns="http://docs.openstack.org/identity/api/v2.0"'
AUTH = 'xmlns:RAX-AUTH="http://docs.rackspace.com/identity/api/ext/RAX-AUTH/v1.0"'
KSADM = 'xmlns:OS-KSADM="http://docs.openstack.org/identity/api/ext/OS-KSADM/v1.0"'

BANNER = base64.b64encode(b"Authorized use only. " * 8).decode()
BROKEN_BANNER = "\n" + re.sub("(.{48})", r"\1\n    ", BANNER) + "\n"
LINKS = [{"href": "https://dfw.servers.example.com/v2/123/servers/s1", "rel": "self"},
         {"href": "https://dfw.servers.example.com/123/servers/s1", "rel": "bookmark"}]
ATOM_LINKS = "".join('<atom:link href="%(href)s" rel="%(rel)s"/>' % link for link in LINKS)

# The four documents that are published in both forms, in the shapes in which they are published: name, codec, XML, JSON.
PUBLISHED = {
    "create server, request": (COMPUTE, '''
        <server %s imageRef="i1" flavorRef="2" diskConfig="auto" name="new-server-test" min_count="1" max_count="1">
            <metadata><meta key="My Server Name">Ubuntu 10.04 LTS</meta></metadata>
            <personality><file path="/etc/banner.txt">%s</file></personality>
        </server>''' % (V11, BROKEN_BANNER), {"server": {
        "name": "new-server-test", "min_count": 1, "max_count": 1, "imageRef": "i1", "flavorRef": "2", "diskConfig": "auto",
        "metadata": {"My Server Name": "Ubuntu 10.04 LTS"}, "personality": [{"path": "/etc/banner.txt", "contents": BANNER}]}}),
    "create server, reply": (COMPUTE, '''
        <server %s %s %s id="s1" adminPass="123456789abc" OS-DCF:diskConfig="AUTO">
            <metadata/>%s
        </server>''' % (DCF, ATOM, V11, ATOM_LINKS), {"server": {
        "OS-DCF:diskConfig": "AUTO", "adminPass": "123456789abc", "id": "s1", "metadata": {}, "links": LINKS}}),
    "server details, reply": (COMPUTE, '''
        <server xmlns:RAX-SERVER="http://docs.rackspace.com/servers/api/ext/server_bandwidth/" %s %s id="s1" tenantId="1234" userId="5678"
                name="sample-server" status="BUILD" updated="2010-10-10T12:00:00Z" created="2010-08-10T12:00:00Z" progress="60" hostId="e4d9"
                accessIPv4="192.0.2.132" accessIPv6="">
            <image id="i1"><atom:link rel="bookmark" href="https://example.com/images/i1"/></image>
            <flavor id="1"><atom:link rel="bookmark" href="https://example.com/flavors/1"/></flavor>
            <metadata><meta key="Server Label">Web Head 1</meta><meta key="Image Version">2.1</meta></metadata>
            <addresses>
                <network id="public"><ip version="4" addr="192.0.2.132"/><ip version="6" addr="2001:db8::1"/></network>
                <network id="private"><ip version="4" addr="10.176.42.16"/></network>
            </addresses>%s
            <RAX-SERVER:bandwidth>
                <RAX-SERVER:interface audit_period_end="2012-05-07T14:35:13Z" audit_period_start="2012-05-01T00:00:00Z" bandwidth_inbound="972430"
                    bandwidth_outbound="384" interface="public"/>
            </RAX-SERVER:bandwidth>
        </server>''' % (V11, ATOM, ATOM_LINKS), {"server": {
        "id": "s1", "tenant_id": "1234", "user_id": "5678", "name": "sample-server", "status": "BUILD", "updated": "2010-10-10T12:00:00Z",
        "created": "2010-08-10T12:00:00Z", "progress": 60, "hostId": "e4d9", "accessIPv4": "192.0.2.132", "accessIPv6": "",
        "image": {"id": "i1", "links": [{"rel": "bookmark", "href": "https://example.com/images/i1"}]},
        "flavor": {"id": "1", "links": [{"rel": "bookmark", "href": "https://example.com/flavors/1"}]},
        "metadata": {"Server Label": "Web Head 1", "Image Version": "2.1"},
        "addresses": {"public": [{"version": 4, "addr": "192.0.2.132"}, {"version": 6, "addr": "2001:db8::1"}],
                      "private": [{"version": 4, "addr": "10.176.42.16"}]},
        "links": LINKS,
        "RAX-SERVER:bandwidth": [{"audit_period_end": "2012-05-07T14:35:13Z", "audit_period_start": "2012-05-01T00:00:00Z",
                                  "bandwidth_inbound": 972430, "bandwidth_outbound": 384, "interface": "public"}]}}),
    "reboot, request": (COMPUTE, '<reboot %s type="HARD"/>' % V11, {"reboot": {"type": "HARD"}}),
}

# Further documents in the shapes that the services' samples have.
OTHERS = {
    "update": (COMPUTE, '<server %s name="web2" accessIPv4=""/>' % V11, {"server": {"name": "web2", "accessIPv4": ""}}),
    "networks": (COMPUTE, '<server %s name="a"><networks><network uuid="n1"/><network uuid="n2" fixed_ip="10.0.0.5"/></networks></server>' % V11, {
        "server": {"name": "a", "networks": [{"uuid": "n1"}, {"uuid": "n2", "fixed_ip": "10.0.0.5"}]}}),
    "boot from a volume": (COMPUTE, '''<server %s name="a" config_drive="true"><user_data>I2Nsb3Vk</user_data><block_device_mapping_v2>
        <mapping boot_index="0" source_type="volume" destination_type="volume" uuid="v1" volume_size="75" delete_on_termination="true"/>
        </block_device_mapping_v2></server>''' % V11, {"server": {"name": "a", "config_drive": True, "user_data": "I2Nsb3Vk", "block_device_mapping_v2": [{
        "boot_index": 0, "source_type": "volume", "destination_type": "volume", "uuid": "v1", "volume_size": 75, "delete_on_termination": True}]}}),
    "scheduler hints": (COMPUTE, '''<server %s xmlns:OS-SCH-HNT="http://docs.openstack.org/compute/ext/scheduler-hints/api/v2"
        xmlns:public-zone-ip="public-zone-ip" name="a"><OS-SCH-HNT:scheduler_hints><group>g</group><same_host>h1</same_host><same_host>h2</same_host>
        <public-zone-ip:near>s2</public-zone-ip:near></OS-SCH-HNT:scheduler_hints></server>''' % V11, {
        "server": {"name": "a"}, "OS-SCH-HNT:scheduler_hints": {"group": "g", "same_host": ["h1", "h2"], "public-zone-ip:near": "s2"}}),
    "confirm resize": (COMPUTE, '<confirmResize %s/>' % V11, {"confirmResize": None}),
    "rescue": (COMPUTE, '<rescue xmlns="http://docs.openstack.org/compute/ext/rescue/api/v1.1"/>', {"rescue": None}),
    "resize": (COMPUTE, '<resize %s %s flavorRef="3" OS-DCF:diskConfig="MANUAL"/>' % (V11, DCF), {
        "resize": {"flavorRef": "3", "OS-DCF:diskConfig": "MANUAL"}}),
    "create image": (COMPUTE, '<createImage %s name="snap"><metadata><meta key="Type">Gold</meta></metadata></createImage>' % V11, {
        "createImage": {"name": "snap", "metadata": {"Type": "Gold"}}}),
    "rebuild": (COMPUTE, '<rebuild %s imageRef="i1" adminPass="p"><metadata/><personality><file path="/a">%s</file></personality></rebuild>' % (V11, BANNER), {
        "rebuild": {"imageRef": "i1", "adminPass": "p", "metadata": {}, "personality": [{"path": "/a", "contents": BANNER}]}}),
    "console output": (COMPUTE, '<os-getConsoleOutput %s length="10"/>' % V11, {"os-getConsoleOutput": {"length": 10}}),
    "rescue, reply": (COMPUTE, '<adminPass %s>eBHcCgGBVj6Z</adminPass>' % V11, {"adminPass": "eBHcCgGBVj6Z"}),
    "addresses": (COMPUTE, '<addresses %s><network id="a b"><ip version="4" addr="192.0.2.1"/></network><network id="empty"/></addresses>' % V11, {
        "addresses": {"a b": [{"version": 4, "addr": "192.0.2.1"}], "empty": []}}),
    "a page": (COMPUTE, '<servers %s %s><server id="s1" name="a">%s</server><atom:link rel="next" href="https://example.com/servers?marker=s1"/></servers>'
               % (V11, ATOM, ATOM_LINKS), {"servers": [{"id": "s1", "name": "a", "links": LINKS}],
                                           "servers_links": [{"rel": "next", "href": "https://example.com/servers?marker=s1"}]}),
    "no servers": (COMPUTE, '<servers %s/>' % V11, {"servers": []}),
    "flavor": (COMPUTE, '''<flavor %s xmlns:OS-FLV-WITH-EXT-SPECS="http://docs.openstack.org/compute/ext/flavor_with_extra_specs/api/v2.0"
        xmlns:hw="hw" id="compute1-15" name="15 GB" ram="15360" disk="0" vcpus="8" swap="" rxtx_factor="1250.0"><OS-FLV-WITH-EXT-SPECS:extra_specs>
        <class>compute1</class><disk_io_index>-1</disk_io_index><hw:cpus>2</hw:cpus></OS-FLV-WITH-EXT-SPECS:extra_specs></flavor>''' % V11, {"flavor": {
        "id": "compute1-15", "name": "15 GB", "ram": 15360, "disk": 0, "vcpus": 8, "swap": "", "rxtx_factor": 1250.0,
        "OS-FLV-WITH-EXT-SPECS:extra_specs": {"class": "compute1", "disk_io_index": "-1", "hw:cpus": "2"}}}),
    "image": (COMPUTE, '''<image %s %s xmlns:OS-EXT-IMG-SIZE="http://docs.openstack.org/compute/ext/image_size/api/v1.1" id="i1" name="snap" minDisk="10"
        minRam="256" progress="100" OS-EXT-IMG-SIZE:size="328"><server id="s1">%s</server><metadata><meta key="arch">x64</meta></metadata></image>'''
              % (V11, ATOM, ATOM_LINKS), {"image": {"id": "i1", "name": "snap", "minDisk": 10, "minRam": 256, "progress": 100, "OS-EXT-IMG-SIZE:size": 328,
                                                    "server": {"id": "s1", "links": LINKS}, "metadata": {"arch": "x64"}}}),
    "metadata": (COMPUTE, '<metadata %s><meta key="Label">Web</meta><meta key=""> 5 </meta><meta key="none"/></metadata>' % V11, {
        "metadata": {"Label": "Web", "": " 5 ", "none": ""}}),
    "metadata item": (COMPUTE, '<meta %s key="My Server Name">Web</meta>' % V11, {"meta": {"My Server Name": "Web"}}),
    "attachment": (COMPUTE, '<volumeAttachment %s volumeId="v1" device="/dev/xvdb"/>' % V11, {
        "volumeAttachment": {"volumeId": "v1", "device": "/dev/xvdb"}}),
    "key pairs": (COMPUTE, '<keypairs %s><keypair><name>k</name><public_key>ssh-rsa AAAA\n</public_key></keypair></keypairs>' % V11, {
        "keypairs": [{"keypair": {"name": "k", "public_key": "ssh-rsa AAAA\n"}}]}),
    "network, request": (COMPUTE, '<network %s cidr="192.168.0.0/24" label="n"/>' % V11, {"network": {"cidr": "192.168.0.0/24", "label": "n"}}),
    "network, reply": (COMPUTE, '<network %s><cidr>192.168.0.0/24</cidr><id>n1</id><label>n</label></network>' % V11, {
        "network": {"cidr": "192.168.0.0/24", "id": "n1", "label": "n"}}),
    "schedule": (COMPUTE, '''<image_schedule xmlns="http://docs.openstack.org/servers/api/ext/scheduled_images/v1.0"><retention>5</retention>
        <day_of_week>SATURDAY</day_of_week></image_schedule>''', {"image_schedule": {"retention": 5, "day_of_week": "SATURDAY"}}),
    "limits": (COMPUTE, '''<limits xmlns="http://docs.openstack.org/common/api/v1.0"><rates><rate uri="*" regex=".*"><limit verb="GET" value="1000"
        remaining="999" unit="MINUTE" next-available="2012-09-10T20:14:17.997Z"/></rate></rates><absolute><limit name="maxTotalCores" value="-1"/></absolute>
        </limits>''', {"limits": {"rate": [{"uri": "*", "regex": ".*", "limit": [{"verb": "GET", "value": 1000, "remaining": 999, "unit": "MINUTE",
                                                                                  "next-available": "2012-09-10T20:14:17.997Z"}]}],
                                  "absolute": {"maxTotalCores": -1}}}),
    "fault": (COMPUTE, '<itemNotFound %s code="404"><message>Instance x could not be found.</message></itemNotFound>' % V11, {
        "itemNotFound": {"code": 404, "message": "Instance x could not be found."}}),
    "login with a password": (IDENTITY, '<auth %s tenantId="1234"><passwordCredentials username="u" password="p&lt;"/></auth>' % IDENTITY_20, {
        "auth": {"tenantId": "1234", "passwordCredentials": {"username": "u", "password": "p<"}}}),
    "login with an API key": (IDENTITY, '''<auth %s xmlns:RAX-KSKEY="http://docs.rackspace.com/identity/api/ext/RAX-KSKEY/v1.0">
        <RAX-KSKEY:apiKeyCredentials username="u" apiKey="k"/></auth>''' % IDENTITY_20, {
        "auth": {"RAX-KSKEY:apiKeyCredentials": {"username": "u", "apiKey": "k"}}}),
    "second factor": (IDENTITY, '<auth %s %s><RAX-AUTH:passcodeCredentials passcode="123456"/></auth>' % (IDENTITY_20, AUTH), {
        "auth": {"RAX-AUTH:passcodeCredentials": {"passcode": "123456"}}}),
    "access": (IDENTITY, '''<access %s %s><token id="t" expires="2014-01-09T15:08:53.645-06:00"><tenant id="1" name="1"/><RAX-AUTH:authenticatedBy>
        <RAX-AUTH:credential>PASSWORD</RAX-AUTH:credential></RAX-AUTH:authenticatedBy></token>
        <user id="5" name="u" RAX-AUTH:defaultRegion="DFW" RAX-AUTH:federated="false"><roles><role id="3" name="identity:user-admin"/></roles></user>
        <serviceCatalog><service type="compute" name="cloudServersOpenStack"><endpoint region="DFW" tenantId="1" publicURL="https://dfw.example.com/v2/1">
        <version id="2" info="https://dfw.example.com/v2" list="https://dfw.example.com/"/></endpoint></service></serviceCatalog></access>'''
               % (IDENTITY_20, AUTH), {"access": {
                   "token": {"id": "t", "expires": "2014-01-09T15:08:53.645-06:00", "tenant": {"id": "1", "name": "1"},
                             "RAX-AUTH:authenticatedBy": ["PASSWORD"]},
                   "user": {"id": "5", "name": "u", "RAX-AUTH:defaultRegion": "DFW", "RAX-AUTH:federated": False,
                            "roles": [{"id": "3", "name": "identity:user-admin"}]},
                   "serviceCatalog": [{"type": "compute", "name": "cloudServersOpenStack", "endpoints": [{
                       "region": "DFW", "tenantId": "1", "publicURL": "https://dfw.example.com/v2/1", "versionId": "2",
                       "versionInfo": "https://dfw.example.com/v2", "versionList": "https://dfw.example.com/"}]}]}}),
    "user": (IDENTITY, '''<user %s %s %s username="u" email="u@example.org" enabled="true" OS-KSADM:password="p" RAX-AUTH:defaultRegion="SYD">
        <roles><role name="managed"/></roles></user>''' % (IDENTITY_20, KSADM, AUTH), {"user": {
        "username": "u", "email": "u@example.org", "enabled": True, "OS-KSADM:password": "p", "RAX-AUTH:defaultRegion": "SYD",
        "roles": [{"name": "managed"}]}}),
    "users": (IDENTITY, '<users %s><user id="1" username="a" enabled="false"/></users>' % IDENTITY_20, {
        "users": [{"id": "1", "username": "a", "enabled": False}]}),
}
DOCUMENTS = {**PUBLISHED, **OTHERS}


def canonical(document):
    """The canonical form; white space between elements and in base64 does not count."""
    text = document.decode() if isinstance(document, bytes) else document
    text = re.sub(r"<file([^>]*)>([^<]*)</file>", lambda found: "<file%s>%s</file>" % (found.group(1), "".join(found.group(2).split())), text)
    return ElementTree.canonicalize(re.sub(r">\s+<", "><", text.strip()))


class TestDocuments:
    @pytest.mark.parametrize("name", DOCUMENTS)
    def test_read_says_what_json_says(self, name):
        codec, document, body = DOCUMENTS[name]
        assert codec.decode(document.strip().encode()) == body

    @pytest.mark.parametrize("name", DOCUMENTS)
    def test_written_is_the_same_document(self, name):
        codec, document, _body = DOCUMENTS[name]
        assert canonical(codec.encode(codec.decode(document.strip().encode()))) == canonical(document)

    @pytest.mark.parametrize("name", PUBLISHED)
    def test_the_spelling_of_namespaces_with_https_is_read_and_never_written(self, name):
        codec, document, body = PUBLISHED[name]
        secure = re.sub(r'(xmlns(:[\w-]+)?=")http:', r"\1https:", document.strip())
        assert secure != document.strip() and codec.decode(secure.encode()) == body
        assert b'="https://docs.' not in codec.encode(body) and canonical(codec.encode(codec.decode(secure.encode()))) == canonical(document)

    def test_the_other_spelling_of_user_and_tenant(self):
        assert COMPUTE.decode(('<server %s user_id="1" tenant_id="2"/>' % V11).encode()) == {"server": {"user_id": "1", "tenant_id": "2"}}

    def test_the_addresses_of_a_network_and_a_reservation_have_no_root_in_json(self):
        assert COMPUTE.decode(b'<network id="public"><ip version="4" addr="192.0.2.1"/></network>') == {"public": [{"version": 4, "addr": "192.0.2.1"}]}
        assert COMPUTE.decode(b'<network id="public"/>') == {"public": []}
        assert COMPUTE.decode(('<server %s reservation_id="r-1"/>' % V11).encode()) == {"reservation_id": "r-1"}

    def test_two_extensions_in_one_namespace(self):
        document = '<server %s %s OS-EXT-STS:power_state="1" OS-EXT-STS:host="h" OS-EXT-STS:vm_state="active"/>' % (V11, STS)
        assert COMPUTE.decode(document.encode()) == {"server": {
            "OS-EXT-STS:power_state": 1, "OS-EXT-SRV-ATTR:host": "h", "OS-EXT-STS:vm_state": "active"}}

    def test_what_no_table_knows(self):
        assert COMPUTE.decode(b'<things><thing a="1"/><thing><b>2</b><b>3</b></thing></things>') == {"things": [{"a": "1"}, {"b": ["2", "3"]}]}
        assert COMPUTE.decode(b"<rare/>") == {"rare": ""}
        assert COMPUTE.decode(('<server %s id="1"><new><a>b</a></new></server>' % V11).encode()) == {"server": {"id": "1", "new": {"a": "b"}}}


class TestTypes:
    def test_null_and_booleans_as_nova_wrote_them(self):
        document = '<server %s %s key_name="None" OS-EXT-STS:task_state="None" name="None" config_drive="True"/>' % (V11, STS)
        assert COMPUTE.decode(document.encode()) == {"server": {"key_name": None, "OS-EXT-STS:task_state": None, "name": "None", "config_drive": "True"}}
        assert COMPUTE.decode(b'<volumeAttachment id="1" device="None"/>')["volumeAttachment"]["device"] is None

    def test_a_server_without_an_image(self):
        assert COMPUTE.decode(('<server %s id="1"><image/></server>' % V11).encode()) == {"server": {"id": "1", "image": ""}}

    def test_numbers_that_are_none_stay_as_they_are(self):
        assert COMPUTE.decode(b'<flavor ram="many" swap="" rxtx_factor="None" vcpus="2"/>') == {"flavor": {
            "ram": "many", "swap": "", "rxtx_factor": None, "vcpus": 2}}

    def test_what_users_wrote_is_never_converted(self):
        document = b'<metadata><meta key="a">5</meta><meta key="b">True</meta><meta key="c">None</meta></metadata>'
        assert COMPUTE.decode(document) == {"metadata": {"a": "5", "b": "True", "c": "None"}}

    def test_a_null_in_a_request_is_left_out(self):
        assert COMPUTE.decode(COMPUTE.encode({"volumeAttachment": {"volumeId": "v", "device": None}})) == {"volumeAttachment": {"volumeId": "v"}}

    def test_broken_documents(self):
        for document in (b"<metadata><meta>a</meta></metadata>", b"<limits><absolute><limit name='a'/></absolute></limits>"):
            with pytest.raises(ValueError, match="without (key|value)"):
                COMPUTE.decode(document)

    @pytest.mark.parametrize("server", [
        '<server id="1" links="x"><atom:link href="y"/></server>', '<server id="1"><links>x</links><atom:link href="y"/></server>'])
    def test_one_thing_where_a_list_belongs(self, server):
        with pytest.raises(ValueError, match="<server> with one links beside a list of them"):
            COMPUTE.decode(server.replace("<server", '<server xmlns:atom="http://www.w3.org/2005/Atom"', 1).encode())

    @pytest.mark.parametrize("content", [b'{"servers": []}', b' \n[{"a": 1}]'])
    def test_an_answer_in_json_is_read_all_the_same(self, content):
        assert COMPUTE.decode(content) in ({"servers": []}, [{"a": 1}])

    @pytest.mark.parametrize("kind, reads", [
        ("application/xml", True), ("application/xml; charset=utf-8", True), ("text/xml", True), ("application/json", True), ("text/html", False),
        ("application/xhtml+xml", False), ("text/plain", False), ("", False)])
    def test_what_is_announced(self, kind, reads):
        assert COMPUTE.reads(kind) is reads


class TestFaults:
    @pytest.mark.parametrize("document", [
        '<overLimit code="413" retryAfter="7"><message>m</message><details>d</details></overLimit>',
        '<overLimit code="413"><message> m </message><details>d</details><retryAfter>7</retryAfter></overLimit>'])
    def test_retry_after_is_an_attribute_or_an_element(self, document):
        assert COMPUTE.decode(document.encode()) == {"overLimit": {"code": 413, "message": "m", "details": "d", "retryAfter": "7"}}

    def test_the_time_to_retry_at(self):
        assert COMPUTE.decode(b'<overLimit code="413" retryAt="2012-11-14T21:51:28UTC"/>') == {"overLimit": {"code": 413, "retryAt": "2012-11-14T21:51:28UTC"}}

    def test_of_identity(self):
        assert IDENTITY.decode(('<unauthorized %s code="401"><message>no</message></unauthorized>' % IDENTITY_20).encode()) == {
            "unauthorized": {"code": 401, "message": "no"}}


class TestBadBodies:
    @pytest.mark.parametrize("body, message", [
        ([{"op": "add"}], "body is a list, and a dictionary is needed"), ({}, "has one root, and this one has none"),
        ({"a": {}, "b": {}}, "has one root, and this one has a, b"), ({"server": {"metadata": ["a"]}}, "metadata is a list"),
        ({"meta": {"a": "b", "c": "d"}}, "meta has 2 items"), ({"server": "x"}, "server is a str"),
        ({"server": {"metadata": {"a": "\0"}}}, r"meta holds the character U\+0000")])
    def test_are_named(self, body, message):
        with pytest.raises(errors.BadInput, match=message):
            COMPUTE.encode(body)


# There and back.

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("\t\n\r<&>\"'"), max_size=20)
WORD = TEXT.filter(lambda text: text != "None")
NUMBER = st.integers(-10**12, 10**12)
NAME = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,8}(:[A-Za-z][A-Za-z0-9]{0,3})?", fullmatch=True).filter(lambda name: not name.lower().startswith("xml"))
PACKED = st.binary(max_size=20).map(lambda content: base64.b64encode(content).decode())
LINK_LISTS = st.lists(st.fixed_dictionaries({"href": TEXT, "rel": TEXT}, optional={"type": TEXT}), min_size=1, max_size=3)
METADATA = st.dictionaries(TEXT, TEXT, max_size=4)
IP = st.fixed_dictionaries({"version": st.sampled_from([4, 6]), "addr": TEXT}, optional={"OS-EXT-IPS:type": TEXT})
REFERENCE = st.fixed_dictionaries({"id": TEXT}, optional={"links": LINK_LISTS})
FILES = st.lists(st.fixed_dictionaries({"path": TEXT, "contents": PACKED}), max_size=3)
MAPPING = st.fixed_dictionaries({"source_type": TEXT}, optional={
    "boot_index": NUMBER, "uuid": TEXT, "volume_size": NUMBER, "delete_on_termination": st.booleans(), "destination_type": TEXT})
SERVER = st.fixed_dictionaries({"id": TEXT, "name": TEXT}, optional={
    "status": TEXT, "progress": NUMBER, "user_id": TEXT, "tenant_id": TEXT, "hostId": TEXT, "accessIPv4": TEXT, "key_name": WORD, "adminPass": TEXT,
    "config_drive": st.sampled_from(["", "True", True, False]), "OS-DCF:diskConfig": TEXT, "OS-EXT-STS:task_state": WORD,
    "OS-EXT-STS:power_state": NUMBER, "OS-EXT-SRV-ATTR:host": WORD, "links": LINK_LISTS, "image": st.just("") | REFERENCE, "flavor": REFERENCE,
    "metadata": METADATA, "addresses": st.dictionaries(TEXT, st.lists(IP, max_size=3), max_size=3),
    "fault": st.fixed_dictionaries({"code": NUMBER, "created": TEXT, "message": TEXT.map(str.strip)}),
    "os-extended-volumes:volumes_attached": st.lists(st.fixed_dictionaries({"id": TEXT}, optional={"delete_on_termination": st.booleans()}), min_size=1),
    "RAX-SI:image_schedule": st.fixed_dictionaries({"retention": NUMBER}), "RAX-NEW:thing": TEXT})
CREATE = st.fixed_dictionaries({"name": TEXT, "flavorRef": TEXT, "imageRef": TEXT}, optional={
    "min_count": NUMBER, "max_count": NUMBER, "return_reservation_id": st.booleans(), "config_drive": st.booleans(), "metadata": METADATA,
    "personality": FILES, "user_data": PACKED, "networks": st.lists(st.fixed_dictionaries({"uuid": TEXT}, optional={"fixed_ip": TEXT}), max_size=3),
    "security_groups": st.lists(st.fixed_dictionaries({"name": TEXT}), max_size=3), "block_device_mapping_v2": st.lists(MAPPING, max_size=3)})
HINTS = st.dictionaries(NAME, TEXT | st.lists(TEXT, min_size=2, max_size=3), min_size=1, max_size=3)
FLAVOR = st.fixed_dictionaries({"id": TEXT, "name": TEXT}, optional={
    "ram": NUMBER, "swap": st.just("") | NUMBER, "rxtx_factor": st.floats(allow_nan=False, allow_infinity=False), "os-flavor-access:is_public": st.booleans(),
    "OS-FLV-WITH-EXT-SPECS:extra_specs": st.dictionaries(NAME, TEXT, max_size=4), "links": LINK_LISTS})
IMAGE = st.fixed_dictionaries({"id": TEXT}, optional={"minDisk": NUMBER, "server": REFERENCE, "metadata": METADATA, "links": LINK_LISTS})
BODIES = st.one_of(
    SERVER.map(lambda server: {"server": server}), CREATE.map(lambda server: {"server": server}),
    st.builds(lambda server, hints: {"server": server, "OS-SCH-HNT:scheduler_hints": hints}, CREATE, HINTS),
    st.lists(SERVER, max_size=2).map(lambda servers: {"servers": servers}),
    st.builds(lambda images, links: {"images": images, "images_links": links}, st.lists(IMAGE, max_size=2), LINK_LISTS),
    st.lists(FLAVOR, max_size=3).map(lambda flavors: {"flavors": flavors}),
    METADATA.map(lambda metadata: {"metadata": metadata}), st.builds(lambda key, value: {"meta": {key: value}}, TEXT, TEXT),
    st.fixed_dictionaries({"imageRef": TEXT}, optional={"name": TEXT, "metadata": METADATA, "personality": FILES}).map(lambda rebuild: {"rebuild": rebuild}),
    st.fixed_dictionaries({"type": TEXT}).map(lambda reboot: {"reboot": reboot}), st.sampled_from([{"lock": None}, {"os-stop": None}]),
    st.fixed_dictionaries({"volumeId": TEXT}, optional={"device": WORD}).map(lambda attachment: {"volumeAttachment": attachment}),
    st.fixed_dictionaries({"name": TEXT}, optional={"public_key": TEXT, "private_key": TEXT}).map(lambda keypair: {"keypair": keypair}))
USER = st.fixed_dictionaries({"username": TEXT}, optional={
    "id": TEXT, "email": TEXT, "enabled": st.booleans(), "OS-KSADM:password": TEXT,
    "RAX-AUTH:defaultRegion": TEXT, "RAX-AUTH:multiFactorEnabled": st.booleans(),
    "roles": st.lists(st.fixed_dictionaries({"id": TEXT}, optional={"name": TEXT}), max_size=2)})
LOGIN = st.one_of(
    st.builds(lambda name, secret: {"passwordCredentials": {"username": name, "password": secret}}, TEXT, TEXT),
    st.builds(lambda name, secret: {"RAX-KSKEY:apiKeyCredentials": {"username": name, "apiKey": secret}}, TEXT, TEXT),
    st.builds(lambda token, tenant: {"token": {"id": token}, "tenantId": tenant}, TEXT, TEXT))
ENDPOINT = st.fixed_dictionaries({"publicURL": TEXT}, optional={"region": TEXT, "tenantId": TEXT, "versionId": TEXT, "versionInfo": TEXT})
ACCESS = st.fixed_dictionaries({"token": st.fixed_dictionaries({"id": TEXT, "expires": TEXT}, optional={
    "tenant": st.fixed_dictionaries({"id": TEXT}), "RAX-AUTH:authenticatedBy": st.lists(TEXT.map(str.strip), max_size=2)}), "user": USER,
    "serviceCatalog": st.lists(st.fixed_dictionaries({"name": TEXT, "type": TEXT, "endpoints": st.lists(ENDPOINT, max_size=2)}), max_size=2)})


@given(BODIES)
def test_compute_there_and_back(body):
    assert COMPUTE.decode(COMPUTE.encode(body)) == body


@given(st.one_of(USER.map(lambda user: {"user": user}), LOGIN.map(lambda auth: {"auth": auth}), ACCESS.map(lambda access: {"access": access}),
                 st.lists(USER, max_size=2).map(lambda users: {"users": users})))
def test_identity_there_and_back(body):
    assert IDENTITY.decode(IDENTITY.encode(body)) == body


ANY = st.recursive(st.none() | st.booleans() | NUMBER | TEXT, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["metadata", "personality", "networks", "links", "image", "addresses", "fault", "contents", "id", "name", "rate", "absolute", "endpoints"])
    | TEXT | NUMBER, inner, max_size=3), max_leaves=8)


@given(st.sampled_from(sorted({*COMPUTE.dialect.roots, *IDENTITY.dialect.roots, "new"})), ANY)
def test_whatever_is_given_is_written_or_refused(root, data):
    for codec in (COMPUTE, IDENTITY):
        try:
            codec.encode({root: data})
        except errors.BadInput:
            pass


@given(st.binary(max_size=60) | st.text(st.sampled_from("<>/= \"abmetserv&;!?[]{}\n"), max_size=60).map(str.encode))
def test_whatever_comes_is_read_or_refused(content):
    try:
        COMPUTE.decode(content)
    except ValueError:
        pass
