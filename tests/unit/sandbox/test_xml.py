# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The sandbox in XML: which service speaks it, what the others answer, and its documents against the client's codec on the same data.

The two were written apart, each from the samples: what one writes the other has to read as the JSON that says the same.
"""

from __future__ import annotations

import base64
import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.rackspace.cloud.plugins.module_utils.xml_media import CODECS
from sandbox import xml_replies, xml_requests

XML = "application/xml"
V11 = "{http://docs.openstack.org/compute/api/v1.1}"
STS = "{http://docs.openstack.org/compute/ext/extended_status/api/v1.1}"
NETWORK = "00000000-0000-0000-0000-000000000000"


def ask(client, method, path, document=None, status=None, service="compute", **headers):
    """A request whose body and answer are XML."""
    more = {"Content-Type": XML} if document is not None else {}
    return client.call(method, path, document.encode() if document is not None else None, status, service, Accept=XML, **{**more, **headers})


def both(client, path, service="compute"):
    """(what the client's codec reads of a reply in XML, the reply in JSON)."""
    reply = ask(client, "GET", path, status=200, service=service)
    assert reply.header("Content-Type") == XML
    return CODECS["identity" if service == "identity" else "compute"].decode(reply.body), client.call("GET", path, status=200, service=service).json()


class TestWhoSpeaksIt:
    def test_a_server_as_the_documentation_shows_it(self, rackspace):
        reply = ask(rackspace, "GET", "/servers/" + rackspace.create("one", metadata={"My Server Name": "A <b>"}), status=200)
        root = ElementTree.fromstring(reply.body)
        assert reply.header("Content-Type") == XML and root.tag == V11 + "server"
        assert {"id", "name", "status", "progress", "hostId", "userId", "tenantId", "accessIPv4", "created", "updated"} <= set(root.attrib)
        assert (root.get("key_name"), root.get(STS + "task_state")) == ("None", "None")
        assert [child.tag.rpartition("}")[2] for child in root] == ["image", "flavor", "metadata", "addresses", "link", "link"]
        assert [(item.get("key"), item.text) for item in root.find(V11 + "metadata")] == [("My Server Name", "A <b>")]
        assert {network.get("id") for network in root.find(V11 + "addresses")} == {"public", "private"}

    def test_the_form_of_the_answer_is_what_is_accepted(self, rackspace):
        document = '<server xmlns="http://docs.openstack.org/compute/api/v1.1" name="a" imageRef="%s" flavorRef="2"/>' % rackspace.image
        reply = rackspace.call("POST", "/servers", document.encode(), 202, Content_Type=XML)
        assert reply.json()["server"]["id"]

    def test_only_the_index_of_servers_and_images_names_the_next_page(self, make):
        client = make("rackspace", servers=3, page_size=2)
        linked = {path: b'rel="next"' in ask(client, "GET", path, status=200).body for path in (
            "/servers", "/servers/detail", "/images", "/images/detail", "/flavors", "/flavors/detail")}
        assert linked == {"/servers": True, "/servers/detail": False, "/images": True, "/images/detail": False, "/flavors": False, "/flavors/detail": False}

    def test_faults(self, rackspace):
        reply = ask(rackspace, "GET", "/servers/none", status=404)
        assert ElementTree.fromstring(reply.body).attrib == {"code": "404"} and b"<itemNotFound" in reply.body
        assert ask(rackspace, "GET", "/nowhere", status=404).header("Content-Type").startswith("text/plain")
        reply = ask(rackspace, "GET", "/users/none", status=404, service="identity")
        assert b"http://docs.openstack.org/identity/api/v2.0" in reply.body

    @pytest.mark.parametrize("document", ["<server", "", "no XML", '<!DOCTYPE a [<!ENTITY b "c">]><server name="&b;"/>'])
    def test_what_is_malformed(self, rackspace, document):
        assert ask(rackspace, "POST", "/servers", document or " ", 400).status == 400

    def test_a_body_without_its_root(self, rackspace):
        ask(rackspace, "POST", "/servers", "<reboot type='SOFT'/>", 422)

    def test_rackspace_since_2015(self, rackspace):
        rackspace.cloud.settings.update({"compute_xml": False})
        assert ask(rackspace, "GET", "/flavors", status=200).json()["flavors"]
        assert ask(rackspace, "POST", "/servers", "<server/>", 415).json()["badMediaType"]["code"] == 415
        assert ask(rackspace, "GET", "/users", status=200, service="identity").header("Content-Type") == XML

    @pytest.mark.parametrize("service, path, status", [("volume", "/volumes", 415), ("image", "/images", 400)])
    def test_the_others_speak_json(self, rackspace, service, path, status):
        assert ask(rackspace, "GET", path, status=200, service=service).json()
        ask(rackspace, "POST", path, "<volume/>", status, service)

    @pytest.mark.parametrize("service, path, status, words", [
        ("compute", "/servers", 415, "Unsupported Content-Type"), ("volume", "/volumes", 415, "Unsupported Content-Type"),
        ("identity", "/users", 400, "Expecting to find application/json"), ("network", "/networks", 400, "Body contains invalid data"),
        ("image", "/images", 400, "Malformed JSON")])
    def test_openstack_refuses_a_document(self, openstack, service, path, status, words):
        assert words in openstack.call("POST", path, b"<a/>", status, service, Content_Type=XML).body.decode()

    @pytest.mark.parametrize("service, path, status", [("compute", "/flavors", 200), ("volume", "/volumes", 200), ("image", "/images", 200),
                                                       ("network", "/networks", 406)])
    def test_openstack_answers_in_json_whatever_is_accepted(self, openstack, service, path, status):
        assert json.loads(ask(openstack, "GET", path, status=status, service=service).body)

    def test_the_log_has_the_body_as_data_and_without_secrets(self, rackspace):
        rackspace.call("DELETE", "/servers/none")
        ask(rackspace, "POST", "/tokens", '<auth xmlns="http://docs.openstack.org/identity/api/v2.0"><passwordCredentials username="demo" '
            'password="sandbox-password"/></auth>', 200, "identity")
        ask(rackspace, "POST", "/servers", "<server", 400)
        first, second = rackspace.cloud.journal.entries()[-2:]
        assert first["body"] == {"auth": {"passwordCredentials": {"username": "demo", "password": "********"}}}
        assert second["body"] == "(7 bytes that are no XML)"

    def test_a_switch_is_true_or_false(self, rackspace):
        with pytest.raises(ValueError, match="compute_xml must be true or false"):
            rackspace.cloud.settings.update({"compute_xml": "yes"})


class TestRepliesAgainstTheClient:
    """Every reply in XML, read by the client, says what the reply in JSON says."""

    @pytest.fixture
    def world(self, rackspace):
        server = rackspace.create("one", metadata={"a": "1", "b": " <&> "}, **{"OS-DCF:diskConfig": "AUTO"})
        rackspace.call("POST", "/servers/%s/rax-si-image-schedule" % server, {"image_schedule": {"retention": 5, "day_of_week": "FRIDAY"}}, 200)
        rackspace.call("POST", "/os-keypairs", {"keypair": {"name": "k"}}, 200)
        volume = rackspace.call("POST", "/volumes", {"volume": {"size": 100}}, 200, "volume").json()["volume"]["id"]
        rackspace.clock.advance(1)
        rackspace.call("POST", "/servers/%s/os-volume_attachments" % server, {"volumeAttachment": {"volumeId": volume}}, 200)
        image = rackspace.act(server, "createImage", {"name": "snap"}).header("Location").rpartition("/")[2]
        rackspace.clock.advance(2)
        broken = rackspace.create("broken")
        rackspace.cloud.regions["DFW"].servers[broken].force({"status": "ERROR", "fault": {
            "code": 500, "created": "2023-11-14T22:13:20Z", "message": "No valid host"}}, rackspace.cloud.now())
        return rackspace, {"server": server, "volume": volume, "image": image, "broken": broken}

    @pytest.mark.parametrize("path", [
        "/servers", "/servers/detail", "/servers/{server}", "/servers/{broken}", "/servers/{server}/ips", "/servers/{server}/ips/public",
        "/servers/{server}/metadata", "/servers/{server}/metadata/b", "/servers/{server}/os-volume_attachments",
        "/servers/{server}/os-volume_attachments/{volume}", "/servers/{server}/rax-si-image-schedule", "/servers/{server}/os-virtual-interfacesv2",
        "/flavors", "/flavors/detail", "/flavors/performance1-1", "/flavors/2/os-extra_specs", "/images", "/images/detail", "/images/{image}",
        "/images/{image}/metadata", "/os-keypairs", "/os-keypairs/k", "/os-networksv2", "/os-networksv2/" + NETWORK, "/limits"])
    def test_of_compute(self, world, path):
        client, names = world
        in_xml, in_json = both(client, path.format(**names))
        assert in_xml == in_json

    @pytest.mark.parametrize("path", ["/users", "/users?name=demo", "/users/170454", "/tenants", "/users/170454/roles",
                                      "/users/170454/OS-KSADM/credentials/RAX-KSKEY:apiKeyCredentials"])
    def test_of_identity(self, world, path):
        in_xml, in_json = both(world[0], path, "identity")
        in_json.pop("tenants_links", None)
        assert json.dumps(in_xml, sort_keys=True) == json.dumps(in_json, sort_keys=True)

    def test_of_a_login(self, rackspace):
        body = {"auth": {"RAX-KSKEY:apiKeyCredentials": {"username": "demo", "apiKey": "sandbox-api-key"}}}
        in_json = rackspace.send("POST", "/identity/v2.0/tokens", body).json()["access"]
        reply = rackspace.send("POST", "/identity/v2.0/tokens", CODECS["identity"].encode(body), {"Content-Type": XML, "Accept": XML})
        in_xml = CODECS["identity"].decode(reply.body)["access"]
        in_json["token"]["id"] = in_xml["token"]["id"]
        assert in_xml == in_json


# What clients send, as the services understand it: they take numbers and booleans as words.

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("\t\n\r<&>\"'"), min_size=1, max_size=12)
PACKED = st.binary(max_size=12).map(lambda content: base64.b64encode(content).decode())
METADATA = st.dictionaries(TEXT, TEXT, max_size=3)
FILES = st.lists(st.fixed_dictionaries({"path": TEXT, "contents": PACKED}), max_size=2)
CREATE = st.fixed_dictionaries({"name": TEXT, "flavorRef": TEXT, "imageRef": TEXT}, optional={
    "key_name": TEXT, "adminPass": TEXT, "accessIPv4": TEXT, "OS-DCF:diskConfig": TEXT, "metadata": METADATA, "personality": FILES, "user_data": PACKED,
    "networks": st.lists(st.fixed_dictionaries({"uuid": TEXT}, optional={"port": TEXT}), max_size=2),
    "block_device_mapping_v2": st.lists(st.fixed_dictionaries({"uuid": TEXT, "boot_index": st.integers(-1, 9), "delete_on_termination": st.booleans()}),
                                        min_size=1, max_size=2)})
REQUESTS = st.one_of(
    CREATE.map(lambda server: {"server": server}),
    st.fixed_dictionaries({"name": TEXT | st.just(""), "accessIPv6": TEXT | st.just("")}).map(lambda server: {"server": server}),
    st.fixed_dictionaries({"imageRef": TEXT}, optional={"name": TEXT, "metadata": METADATA, "personality": FILES}).map(lambda body: {"rebuild": body}),
    st.fixed_dictionaries({"name": TEXT}, optional={"metadata": METADATA}).map(lambda body: {"createImage": body}),
    TEXT.map(lambda kind: {"reboot": {"type": kind}}), TEXT.map(lambda secret: {"changePassword": {"adminPass": secret}}),
    st.sampled_from([{"confirmResize": None}, {"os-stop": None}, {"unrescue": None}, {"rescue": None}]),
    METADATA.map(lambda metadata: {"metadata": metadata}), st.builds(lambda key, value: {"meta": {key: value}}, TEXT, TEXT),
    st.fixed_dictionaries({"volumeId": TEXT}, optional={"device": TEXT}).map(lambda body: {"volumeAttachment": body}),
    st.fixed_dictionaries({"name": TEXT}, optional={"public_key": TEXT}).map(lambda body: {"keypair": body}),
    st.builds(lambda server, hints: {"server": server, "OS-SCH-HNT:scheduler_hints": {"same_host": hints}}, CREATE,
              st.lists(TEXT.map(str.strip), min_size=1, max_size=3)))
OF_IDENTITY = st.one_of(
    st.builds(lambda name, secret: {"auth": {"passwordCredentials": {"username": name, "password": secret}}}, TEXT, TEXT),
    st.builds(lambda name, secret, tenant: {"auth": {"RAX-KSKEY:apiKeyCredentials": {"username": name, "apiKey": secret}, "tenantId": tenant}},
              TEXT, TEXT, TEXT),
    TEXT.map(lambda passcode: {"auth": {"RAX-AUTH:passcodeCredentials": {"passcode": passcode}}}),
    st.builds(lambda token, tenant: {"auth": {"token": {"id": token}, "tenantName": tenant}}, TEXT, TEXT),
    st.fixed_dictionaries({"username": TEXT}, optional={"email": TEXT, "enabled": st.booleans(), "OS-KSADM:password": TEXT, "RAX-AUTH:defaultRegion": TEXT})
    .map(lambda user: {"user": user}))


@given(REQUESTS)
def test_what_the_client_writes_compute_reads(body):
    assert xml_requests.read(CODECS["compute"].encode(body)) == body


@given(OF_IDENTITY)
def test_what_the_client_writes_identity_reads(body):
    assert xml_requests.read(CODECS["identity"].encode(body)) == body


@given(st.fixed_dictionaries({"id": TEXT, "name": TEXT, "status": TEXT, "user_id": TEXT, "key_name": st.none(), "OS-EXT-STS:power_state": st.integers(0, 7),
                              "metadata": METADATA, "addresses": st.dictionaries(TEXT, st.lists(st.fixed_dictionaries(
                                  {"version": st.sampled_from([4, 6]), "addr": TEXT}), max_size=2), max_size=2),
                              "links": st.lists(st.fixed_dictionaries({"rel": TEXT, "href": TEXT}), min_size=1, max_size=2)}))
def test_what_compute_writes_the_client_reads(server):
    body = {"servers": [server]}
    assert CODECS["compute"].decode(xml_replies.write(body, "compute", detailed=True)) == body
