# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""media_type: which service is spoken to in which form, what comes of it at the wire, and that JSON users do not pay for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import api as client
from ansible_collections.rackspace.cloud.plugins.module_utils import errors, flavors, images, metadata_items, servers, users
from ansible_collections.rackspace.cloud.plugins.module_utils.codec import Json
from ansible_collections.rackspace.cloud.plugins.module_utils.xml_media import CODECS

IMAGE = "3afe97b2-26dc-49c5-a2cc-a2fc8d80c001"
PUBLIC = "00000000-0000-0000-0000-000000000000"
XML = "application/xml"


def connected(sandbox, media_type="xml", read_only=False, **options):
    return sandbox.connect(read_only=read_only, **dict(sandbox.LOGINS[sandbox.dress], media_type=media_type, **options))


def forms(sandbox):
    """{(service, what is accepted, what is sent)} of what came in."""
    return {(entry["service"], entry["headers"]["accept"], entry["headers"].get("content-type")) for entry in sandbox.cloud.journal.entries()}


def web_api(web, service="compute"):
    cloud = client.connect({"token": "sandbox-token", "compute_endpoint": web.url + "/v2/1", "auth_url": web.url + "/v2.0", "tenant_id": "1",
                            "media_type": "xml", "api_retries": 2}, environ={})
    return getattr(cloud, service)


class TestWhichService:
    def test_compute_and_identity_in_xml_the_rest_in_json(self, rackspace):
        cloud = connected(rackspace)
        cloud.compute.get("/flavors")
        cloud.identity.get("/users")
        cloud.service(("volume",)).get("/volumes")
        cloud.service(("image",)).get("/images")
        cloud.service(("network",)).get("/networks")
        assert forms(rackspace) == {
            ("identity", XML, XML), ("compute", XML, None), ("identity", XML, None), ("volume", Json.media_type, None), ("image", Json.media_type, None),
            ("network", Json.media_type, None)}

    @pytest.mark.parametrize("media_type", ["json", None])
    def test_json_is_what_everything_is_asked_in(self, rackspace, media_type):
        cloud = connected(rackspace, media_type)
        cloud.compute.get("/flavors")
        cloud.identity.get("/users")
        assert {form[1] for form in forms(rackspace)} == {Json.media_type}

    def test_keystone_v3_has_nothing_but_json(self, openstack):
        cloud = connected(openstack)
        cloud.identity.find("/users/%s" % cloud.access.user["id"])
        cloud.compute.get("/servers/detail")
        assert {form[:2] for form in forms(openstack)} == {("identity", Json.media_type), ("compute", XML)}

    def test_version_documents_are_asked_in_json(self, rackspace):
        cloud = connected(rackspace, auth_url=rackspace.cloud.base_url + "/identity")
        cloud.compute.get("/flavors")
        assert ("versions", Json.media_type, None) in forms(rackspace) and ("identity", XML, XML) in forms(rackspace)


class TestOperations:
    def test_a_login_brings_the_same_access(self, rackspace):
        def account(media_type):
            return connected(rackspace, media_type).access._replace(token="", expires=0)
        assert account("xml") == account("json") and account("xml").regions() == ["DFW", "IAD", "ORD"]

    def test_a_second_factor(self, rackspace):
        options = {"username": "mfa", "password": "sandbox-password", "region": "DFW", "media_type": "xml"}
        with pytest.raises(errors.LoginFailed, match="multi-factor"):
            _unused = rackspace.connect(**options).access
        assert rackspace.connect(passcode="123456", **options).access.user["name"] == "mfa"

    def test_the_life_of_a_server(self, rackspace, clock):
        api = connected(rackspace).compute
        made = servers.create(api, {"server": {
            "name": "web <1> & \"co\"", "imageRef": IMAGE, "flavorRef": "2", "metadata": {"My Server Name": "API Test"},
            "OS-DCF:diskConfig": "AUTO", "config_drive": True, "user_data": "I2Nsb3Vk",
            "personality": [{"path": "/etc/motd", "contents": "SGk="}], "networks": [{"uuid": PUBLIC}]},
            "OS-SCH-HNT:scheduler_hints": {"public-zone-ip:near": ["x"]}})
        assert made["adminPass"] and made["OS-DCF:diskConfig"] == "AUTO"
        clock.sleep(5)
        server = servers.get(api, made["id"])
        assert server == servers.get(connected(rackspace, "json").compute, made["id"])
        assert (server["status"], server["progress"], server["key_name"], server["OS-EXT-STS:task_state"]) == ("ACTIVE", 100, None, None)
        assert (server["name"], server["config_drive"], list(server["addresses"])) == ("web <1> & \"co\"", "True", ["public"])
        servers.update(api, made["id"], {"name": "web2", "accessIPv4": "192.0.2.1"})
        servers.update(api, made["id"], {"accessIPv4": ""})
        servers.act(api, made["id"], "reboot", {"type": "SOFT"})
        clock.sleep(5)
        assert servers.act(api, made["id"], "rescue", {"adminPass": "sandbox-rescue"}) == {"adminPass": "sandbox-rescue"}
        server = servers.get(api, made["id"])
        assert (server["name"], server["accessIPv4"]) == ("web2", "")
        assert servers.addresses(api, made["id"]) == server["addresses"]
        assert servers.addresses(api, made["id"], "public") == {"public": server["addresses"]["public"]}
        servers.delete(api, made["id"])
        clock.sleep(5)
        assert servers.get(api, made["id"]) is None

    def test_metadata_and_images(self, rackspace, clock):
        api = connected(rackspace).compute
        made = servers.create(api, {"server": {"name": "web", "imageRef": IMAGE, "flavorRef": "2"}})
        clock.sleep(5)
        place = servers.path(made["id"])
        metadata_items.replace(api, place, {"a": "1", "b": " <2>\n"})
        metadata_items.put(api, place, "My Server Name", "True")
        metadata_items.remove(api, place, "a")
        assert metadata_items.every(api, place) == {"b": " <2>\n", "My Server Name": "True"}
        assert metadata_items.get(api, place, "My Server Name") == {"My Server Name": "True"} and metadata_items.get(api, place, "none") == {}
        image = images.create(api, made["id"], "snap", {"kind": "Gold"})
        clock.sleep(5)
        assert images.get(api, image["id"]) == images.get(connected(rackspace, "json").compute, image["id"])
        assert images.get(api, image["id"])["metadata"]["kind"] == "Gold"

    def test_users_and_their_keys(self, rackspace):
        api = connected(rackspace).identity
        made = users.create(api, {"name": "bob", "email": "bob@example.com", "enabled": True, "default_region": "ORD"})
        assert made["OS-KSADM:password"] and made["enabled"] is True
        assert users.named(api, "bob")["RAX-AUTH:defaultRegion"] == "ORD" and users.named(api, "nobody") is None
        assert users.update(api, made["id"], {"enabled": False})["enabled"] is False
        key = users.reset_api_key(api, made["id"])
        assert key and users.api_key(api, made["id"]) == key
        users.delete(api, made["id"])
        assert users.get(api, made["id"]) is None
        journal = str(rackspace.cloud.journal.entries())
        assert "bob@example.com" in journal and made["OS-KSADM:password"] not in journal and "sandbox-api-key" not in journal

    def test_check_mode_reads_and_does_not_write(self, rackspace):
        api = connected(rackspace, read_only=True).compute  # the login is a POST in XML
        assert flavors.every(api)
        with pytest.raises(errors.WriteRefused):
            api.post("/servers", {"server": {}})


class TestPages:
    @pytest.mark.parametrize("path, key", [("/servers/detail", "servers"), ("/servers", "servers"), ("/images/detail", "images"), ("/flavors", "flavors")])
    def test_all_of_them_though_not_every_page_names_the_next(self, rackspace, path, key):
        rackspace.cloud.settings.update({"page_size": 2})
        for number in range(5):
            servers.create(connected(rackspace).compute, {"server": {"name": "web%d" % number, "imageRef": IMAGE, "flavorRef": "2"}})
        found = connected(rackspace).compute.everything(path, key)
        assert len(found) >= 5 and found == connected(rackspace, "json").compute.everything(path, key)

    def test_filters_go_with_every_page(self, rackspace):
        rackspace.cloud.settings.update({"page_size": 1})
        for name in ("web1", "web2", "db1"):
            servers.create(connected(rackspace).compute, {"server": {"name": name, "imageRef": IMAGE, "flavorRef": "2"}})
        rackspace.cloud.journal.clear()
        found = connected(rackspace).compute.everything("/servers/detail", "servers", {"name": "^web", "status": ["BUILD", "ACTIVE"]})
        assert {server["name"] for server in found} == {"web1", "web2"}
        asked = [path for path in rackspace.asked() if "/servers/detail" in path]
        assert len(asked) == 3 and all("name=%5Eweb" in path and path.count("status=") == 2 for path in asked)

    def test_a_service_that_does_not_know_markers(self, web, says, clock):
        web.says(says(200, b'<servers><server id="1" name="a" status="ACTIVE"/></servers>', kind=XML))
        with pytest.raises(errors.BadAnswer, match="the same page was offered twice"):
            web_api(web).everything("/servers/detail", "servers")


class TestRefusals:
    def test_a_cloud_without_xml_says_so_and_how_to_go_on(self, openstack):
        api = connected(openstack).compute
        assert flavors.every(api)  # Nova looks at what is sent alone, and answers in JSON
        with pytest.raises(errors.ApiError, match=r"415 badMediaType: Unsupported Content-Type.*Leave media_type out or set it to json"):
            servers.create(api, {"server": {"name": "web"}})

    def test_rackspace_since_2015(self, rackspace):
        rackspace.cloud.settings.update({"compute_xml": False})
        cloud = connected(rackspace)
        assert flavors.every(cloud.compute) and users.every(cloud.identity)
        with pytest.raises(errors.ApiError, match=r"415 badMediaType.*Leave media_type out"):
            servers.create(cloud.compute, {"server": {"name": "web"}})

    def test_the_words_of_a_fault(self, rackspace):
        with pytest.raises(errors.ApiError, match=r"404 itemNotFound: Instance none could not be found \(request id req-"):
            connected(rackspace).compute.get("/servers/none")

    @pytest.mark.parametrize("quoted", ["sand&amp;box &lt;it's&gt;", "sand&amp;box &lt;it&apos;s&gt;", "sand&amp;box &lt;it&#39;s&gt;"])
    def test_a_fault_that_quotes_a_secret_is_told_without_it(self, rackspace, quoted):
        rackspace.fault(method="POST", path="/action", status=400, headers={"Content-Type": XML}, body=(
            '<badRequest code="400"><message>Bad password %s</message></badRequest>' % quoted))
        with pytest.raises(errors.ApiError, match=r"400 badRequest: Bad password \*\*\*\*\*\*\*\*"):
            servers.act(connected(rackspace).compute, "s1", "changePassword", {"adminPass": "sand&box <it's>"})

    @pytest.mark.parametrize("fault", [
        '<overLimit %s code="413" retryAfter="7"><message>Slow</message></overLimit>',
        '<overLimit %s code="413"><message>Slow</message><retryAfter>7</retryAfter></overLimit>',
        '<overLimit %s code="413" retryAt="2033-05-18T03:33:27Z"><message>Slow</message></overLimit>'])
    def test_a_rate_limit_is_waited_for(self, web, says, clock, monkeypatch, fault):
        space = 'xmlns="http://docs.openstack.org/compute/api/v1.1"'
        date = {"Date": "Wed, 18 May 2033 03:33:20 GMT"}
        web.says(says(413, (fault % space).encode(), date, kind=XML), says(200, b"<flavors/>", kind=XML))
        assert web_api(web).get("/flavors") == {"flavors": []}
        assert clock.rests == [7.0]

    def test_a_quota_is_not(self, web, says, clock):
        web.says(says(413, b'<overLimit code="413"><message>Quota exceeded for ram</message></overLimit>', {"Retry-After": "0"}, kind=XML))
        with pytest.raises(errors.ApiError, match="A quota of the account is used up"):
            web_api(web).get("/flavors")
        assert len(web.asked) == 1

    def test_a_choice_of_versions(self, web, says, clock):
        choices = b'<choices xmlns="http://docs.openstack.org/common/api/v1.0"><version id="v2.0" status="CURRENT"/></choices>'
        web.says(says(300, choices, kind=XML))
        with pytest.raises(errors.NoEndpoint, match="was answered 300"):
            web_api(web).get("/flavors")

    def test_a_document_type_is_refused_and_nothing_is_fetched(self, web, other_web, says, clock):
        evil = '<!DOCTYPE flavors SYSTEM "%s/x.dtd" [<!ENTITY a SYSTEM "%s/a">]><flavors>&a;</flavors>' % (other_web.url, other_web.url)
        web.says(says(200, evil.encode(), kind=XML))
        with pytest.raises(errors.BadAnswer, match="cut or damaged .the document declares a document type, and such documents are refused"):
            web_api(web).get("/flavors")
        assert not other_web.asked

    def test_a_cut_document_is_asked_for_again(self, web, says, clock):
        web.says(says(200, b"<flavors><flavor", kind=XML), says(200, b"<flavors/>", kind=XML))
        assert web_api(web).get("/flavors") == {"flavors": []}

    def test_pages_of_proxies_are_no_answers(self, web, says, clock):
        web.says(says(200, b"<html><body>Welcome</body></html>", kind="text/html"))
        with pytest.raises(errors.BadAnswer, match="with text/html instead of application/xml"):
            web_api(web).get("/flavors")

    def test_empty_answers_with_a_label(self, web, says, clock):
        web.says(says(202, b"", kind=XML))
        assert web_api(web).post("/servers/1/action", None).data is None

    def test_a_body_that_xml_cannot_carry_is_never_sent(self, rackspace):
        with pytest.raises(errors.BadInput, match=r"U\+0000"):
            servers.set_metadata(connected(rackspace).compute, "x", {"a": "\0"})
        assert not [path for path in rackspace.asked() if "metadata" in path]


class TestCost:
    def loaded(self, media_type):
        """The modules of XML that a process has loaded which has connected and asked nothing."""
        program = ("import sys; sys.path.insert(0, sys.argv[1])\n"
                   "from ansible_collections.rackspace.cloud.plugins.module_utils import api, runner, servers, users\n"
                   "api.connect({'token': 'sandbox-token', 'auth_url': 'https://127.0.0.1/v2.0', 'media_type': sys.argv[2] or None}, environ={})\n"
                   "print(*sorted(name for name in sys.modules if 'xml' in name.lower() and name.startswith(('ansible_collections.', 'pyexpat', 'xml.'))))")
        tree = Path(client.__file__).parents[5]
        done = subprocess.run([sys.executable, "-B", "-c", program, str(tree), media_type], capture_output=True, text=True, check=True)
        return {name.rpartition("module_utils.")[2] for name in done.stdout.split()}

    @pytest.mark.parametrize("media_type", ["json", ""])
    def test_json_loads_nothing_of_it(self, media_type):
        assert self.loaded(media_type) == set()

    def test_xml_is_seen_by_this_test(self):
        assert {"xml_media", "xml_document", "xml_shapes", "xml_compute", "xml_identity"} <= self.loaded("xml")

    def test_json_asks_no_more_than_before(self, rackspace):
        connected(rackspace, "json").compute.everything("/flavors/detail", "flavors")
        assert len(rackspace.asked()) == 2  # the login and the list


def test_every_codec_has_what_the_api_layer_asks_of_it():
    for codec in (Json, *CODECS.values()):
        assert {"media_type", "unlinked", "encode", "decode", "reads"} <= set(dir(codec))
