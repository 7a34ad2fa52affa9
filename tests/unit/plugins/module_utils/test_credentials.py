# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Where a login comes from: each source whole, their order, what is never mixed, and what files must hold."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from ansible_collections.rackspace.cloud.plugins.module_utils import credentials, errors

A, B = "https://a.example.invalid/v3", "https://b.example.invalid/v3"
RAX = {"RAX_USERNAME": "rax-user", "RAX_API_KEY": "sandbox-rax-key"}
OS = {"OS_AUTH_URL": A, "OS_USERNAME": "os-user", "OS_PASSWORD": "sandbox-os-password"}
OPTIONS = {"username": "option-user", "api_key": "sandbox-option-key"}
CLOUD = {"auth": {"auth_url": B, "username": "cloud-user", "password": "sandbox-cloud-password"}}


@pytest.fixture
def write(home):
    """write(name, content) below the home: a dict becomes YAML."""
    def writer(name, content):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
        return str(path)
    return writer


@pytest.fixture
def clouds(write):
    """clouds(name=entry, …): a clouds.yaml."""
    return lambda **entries: write(".config/openstack/clouds.yaml", {"clouds": entries})


def found(environ=None, **options):
    return credentials.find(options, environ or {})


def refused(kind=errors.BadInput, environ=None, **options):
    with pytest.raises(kind) as caught:
        credentials.find(options, environ or {})
    return str(caught.value)


class TestSources:
    def test_options(self):
        login = found(**OPTIONS)
        assert (login.source, login.auth_url, login.method) == ("the options", credentials.RACKSPACE, "api_key")
        assert (login.username, login.secret) == ("option-user", "sandbox-option-key")

    def test_the_auth_dictionary(self):
        login = found(auth=dict(OPTIONS, auth_url=A, project_name="demo", user_domain_name="Users", project_domain_id="123"))
        assert (login.auth_url, login.username, login.tenant_name) == (A, "option-user", "demo")
        assert (login.user_domain, login.project_domain) == ({"name": "Users"}, {"id": "123"})

    def test_rax_variables(self):
        login = found(dict(RAX, RAX_REGION="ORD", RAX_TENANT_ID="123456"))
        assert (login.source, login.auth_url, login.method) == ("the RAX_* environment", credentials.RACKSPACE, "api_key")
        assert (login.username, login.secret, login.region, login.tenant_id) == ("rax-user", "sandbox-rax-key", "ORD", "123456")

    @pytest.mark.parametrize("name", ["RAX_AUTH_URL", "RAX_AUTH_ENDPOINT"])
    def test_rax_variables_with_an_address(self, name):
        assert found(dict(RAX, **{name: A})).auth_url == A

    def test_os_variables(self):
        login = found(dict(OS, OS_PROJECT_NAME="demo", OS_USER_DOMAIN_NAME="Users", OS_PROJECT_DOMAIN_ID="123", OS_REGION_NAME="RegionOne",
                           OS_INTERFACE="internal"))
        assert (login.source, login.auth_url, login.method, login.secret) == ("the OS_* environment", A, "password", "sandbox-os-password")
        assert (login.username, login.tenant_name, login.region, login.interface) == ("os-user", "demo", "RegionOne", "internal")
        assert (login.user_domain, login.project_domain) == ({"name": "Users"}, {"id": "123"})

    def test_os_variables_of_the_older_world(self):
        login = found(dict(OS, OS_TENANT_NAME="demo", OS_ENDPOINT_TYPE="internalURL", OS_AUTH_SYSTEM="rackspace"))
        assert (login.method, login.secret, login.tenant_name, login.interface) == ("api_key", "sandbox-os-password", "demo", "internal")

    def test_os_variables_with_an_application_credential(self):
        login = found({"OS_AUTH_URL": A, "OS_AUTH_TYPE": "v3applicationcredential", "OS_APPLICATION_CREDENTIAL_ID": "sandbox-appcred",
                       "OS_APPLICATION_CREDENTIAL_SECRET": "sandbox-appcred-secret"})
        assert (login.method, login.application_credential_id, login.secret) == ("application_credential", "sandbox-appcred", "sandbox-appcred-secret")

    def test_an_entry_of_clouds_yaml(self, clouds):
        path = clouds(mine=dict(CLOUD, region_name="RegionOne", interface="internal", verify=False, auth=dict(CLOUD["auth"], project_id="123")))
        login = found(cloud="mine")
        assert (login.source, login.auth_url, login.username, login.secret) == ("cloud 'mine' in " + path, B, "cloud-user", "sandbox-cloud-password")
        assert (login.tenant_id, login.region, login.interface, login.verify) == ("123", "RegionOne", "internal", False)

    def test_os_cloud(self, clouds):
        clouds(mine=CLOUD)
        assert found({"OS_CLOUD": "mine"}).username == "cloud-user"

    @pytest.mark.parametrize("folder", [".", ".config/openstack"])
    @pytest.mark.parametrize("name", ["clouds.yaml", "clouds.yml", "clouds.json"])
    def test_where_clouds_yaml_is_looked_for(self, write, folder, name):
        write(os.path.join(folder, name), {"clouds": {"mine": CLOUD}})
        assert found(cloud="mine").username == "cloud-user"

    def test_or_wherever_it_is_said_to_be(self, write):
        path = write("elsewhere/my.yaml", {"clouds": {"mine": CLOUD}})
        assert found({"OS_CLIENT_CONFIG_FILE": path}, cloud="mine").username == "cloud-user"

    @pytest.mark.parametrize("place", [".config/openstack/secure.yaml", "secure.yaml", "elsewhere.yaml"])
    def test_secure_yaml_adds_the_secret(self, clouds, write, home, place):
        clouds(mine={"auth": {"auth_url": B, "username": "cloud-user"}, "region_name": "RegionOne"})
        write(place, {"clouds": {"mine": {"auth": {"password": "sandbox-secure"}}}})
        login = found({"OS_CLIENT_SECURE_FILE": str(home / place)} if place == "elsewhere.yaml" else {}, cloud="mine")
        assert (login.username, login.secret, login.region) == ("cloud-user", "sandbox-secure", "RegionOne")

    def test_the_profile_of_rackspace_names_its_address(self, clouds):
        clouds(mine={"profile": "rackspace", "auth": {"username": "cloud-user", "api_key": "sandbox-cloud-key"}, "regions": ["IAD", "ORD"]})
        login = found(cloud="mine")
        assert (login.auth_url, login.method, login.region) == (credentials.RACKSPACE, "api_key", "IAD")

    def test_rackspaces_file(self, write):
        path = write(".rackspace_cloud_credentials", "[rackspace_cloud]\nusername = file-user\napi_key = sandbox-file-key\npassword = unused\nregion = DFW\n")
        assert path
        login = found()
        assert (login.source, login.auth_url) == ("the file ~/.rackspace_cloud_credentials", credentials.RACKSPACE)
        assert (login.method, login.username, login.secret, login.region) == ("api_key", "file-user", "sandbox-file-key", "DFW")

    @pytest.mark.parametrize("how", ["variable", "pyrax", "named environment"])
    @pytest.mark.parametrize("asked_for", [True, False])
    def test_its_secret_goes_to_rackspace_alone(self, write, how, asked_for):
        path = write("team.ini" if asked_for else ".rackspace_cloud_credentials", "[rackspace_cloud]\nusername = file-user\napi_key = sandbox-file-key\n")
        options = {"credentials_file": path} if asked_for else {}
        assert found(**options).auth_url == credentials.RACKSPACE
        other = "https://keystone.other.example/v2.0"
        environ = {"variable": {"CLOUD_AUTH_ENDPOINT": other}, "named environment": {"RAX_ENV": "mine"}}.get(how, {})
        if how != "variable":
            write(".pyrax.cfg", "[%s]\nauth_endpoint = %s\n" % ("mine" if environ else "settings", other))
        message = refused(environ=environ, **options)
        for words in (path if asked_for else "~/.rackspace_cloud_credentials", "[rackspace_cloud]", other, "[keystone]",
                      "CLOUD_AUTH_ENDPOINT" if how == "variable" else "auth_endpoint in ~/.pyrax.cfg"):
            assert words in message
        assert "sandbox" not in message
        assert found(dict(environ, CLOUD_AUTH_ENDPOINT="https://lon.identity.api.rackspacecloud.com/v2.0"), **options).secret == "sandbox-file-key"

    @pytest.mark.parametrize("place, fits", [
        ("http://127.0.0.1:8774/v2.0", True), ("http://localhost:1/v2.0", True), ("http://[::1]:1/v2.0", True),
        ("http://127.0.0.1.evil.example/v2.0", False), ("http://localhost.evil.example/", False), ("http://127.0.0.1@evil.example/", False)])
    def test_or_to_the_own_machine(self, write, place, fits):
        write(".rackspace_cloud_credentials", "[rackspace_cloud]\nusername = file-user\napi_key = sandbox-file-key\n")
        if fits:
            assert found({"CLOUD_AUTH_ENDPOINT": place}).auth_url == place
        else:
            assert "evil.example" in refused(environ={"CLOUD_AUTH_ENDPOINT": place})

    def test_a_section_without_a_secret_is_no_source(self, write):
        write(".rackspace_cloud_credentials", "[rackspace_cloud]\nusername = file-user\n")
        assert "CLOUD_AUTH_ENDPOINT" not in refused(errors.NoCredentials, {"CLOUD_AUTH_ENDPOINT": A})

    def test_its_section_for_keystone(self, write):
        write(".rackspace_cloud_credentials", "[keystone]\nusername = file-user\npassword = sandbox-file-password\ntenant_id = 123\n")
        login = found({"CLOUD_AUTH_ENDPOINT": A})
        assert (login.auth_url, login.method, login.secret, login.tenant_id) == (A, "password", "sandbox-file-password", "123")
        assert "but not auth_url" in refused(errors.NoCredentials)

    @pytest.mark.parametrize("name", ["RAX_CREDENTIALS", "RAX_CREDS_FILE", None])
    def test_a_file_that_is_named(self, write, name):
        path = write("my.ini", "[rackspace_cloud]\nusername = file-user\npassword = sandbox-file-password\n")
        login = found({name: path}) if name else found(RAX, credentials_file=path)
        assert (login.username, login.method) == ("file-user", "password")

    def test_the_settings_of_pyrax(self, write):
        write(".rackspace_cloud_credentials", "[rackspace_cloud]\nusername = file-user\napi_key = sandbox-file-key\n")
        write(".pyrax.cfg", "[settings]\nregion = LON\nauth_endpoint = https://lon.identity.api.rackspacecloud.com/v2.0\nverify_ssl = false\n\n"
                            "[test]\nregion = ORD\ntenant_id = 99\n")
        login = found()
        assert (login.region, login.auth_url, login.verify) == ("LON", "https://lon.identity.api.rackspacecloud.com/v2.0", False)
        login = found({"RAX_ENV": "test"})
        assert (login.region, login.tenant_id, login.auth_url, login.verify) == ("ORD", "99", credentials.RACKSPACE, True)
        assert "RAX_ENV is 'none', and ~/.pyrax.cfg has only: settings, test" in refused(environ={"RAX_ENV": "none"})
        assert found({"RAX_REGION": "SYD"}).region == "SYD"

    @pytest.mark.parametrize("secret", ["100%", "%(username)s", "%%s", "$HOME", "a;b", "a#b", "wéb"])
    def test_a_secret_is_taken_as_it_is(self, write, clouds, secret):
        write(".rackspace_cloud_credentials", "[rackspace_cloud]\nusername = file-user\napi_key = %s\n" % secret)
        clouds(mine={"auth": dict(CLOUD["auth"], password=secret)})
        assert {found().secret, found(cloud="mine").secret, found(username="u", password=secret).secret,
                found(dict(RAX, RAX_API_KEY=secret)).secret} == {secret}

    def test_a_number_is_a_text(self, clouds):
        clouds(mine={"auth": dict(CLOUD["auth"], password=123456, project_id=99)})
        assert (found(cloud="mine").secret, found(cloud="mine").tenant_id) == ("123456", "99")


class TestOrder:
    @pytest.fixture
    def everything(self, clouds, write):
        """All sources at once: options, cloud, RAX_*, OS_*, the file."""
        clouds(mine=CLOUD)
        write(".rackspace_cloud_credentials", "[rackspace_cloud]\nusername = file-user\napi_key = sandbox-file-key\n")
        return dict(RAX, **OS)

    def test_options_come_first(self, everything):
        assert found(everything, **OPTIONS).username == "option-user"

    def test_then_the_cloud_that_is_named(self, everything):
        assert found(everything, cloud="mine").username == "cloud-user"

    def test_then_rax_variables(self, everything):
        assert found(everything).username == "rax-user"

    def test_then_os_variables(self, everything):
        assert found(OS).username == "os-user"

    def test_then_the_file(self, everything):
        assert found({}).username == "file-user"

    def test_a_source_without_a_secret_does_not_count(self, everything):
        assert found(dict(OS, RAX_USERNAME="rax-user", RAX_AUTH_URL=B, RAX_TENANT_ID="99")) == found(OS)

    def test_a_cloud_that_is_named_is_the_only_one(self, everything, clouds):
        clouds(mine={"auth": {"auth_url": B, "username": "cloud-user"}})
        assert "cloud 'mine' in" in refused(errors.NoCredentials, everything, cloud="mine")

    def test_an_empty_variable_is_none(self):
        assert found(dict(OS, RAX_API_KEY="", RAX_USERNAME="")).username == "os-user"

    def test_an_empty_option_is_none(self):
        assert found(RAX, password="", username="", auth={"token": ""}).username == "rax-user"


class TestNeverMixed:
    def test_os_variables_never_go_to_rackspace_by_default(self):
        message = refused(errors.NoCredentials, {"OS_USERNAME": "os-user", "OS_PASSWORD": "sandbox-os-password"})
        assert message.startswith("The OS_* environment holds a secret (password) but not auth_url.")

    def test_nor_does_clouds_yaml(self, clouds):
        clouds(mine={"auth": {"username": "cloud-user", "password": "sandbox-cloud-password"}})
        assert "but not auth_url" in refused(errors.NoCredentials, cloud="mine")

    def test_the_secret_of_options_knows_nothing_of_the_environment(self):
        assert found(dict(OS, RAX_AUTH_URL=B, RAX_TENANT_ID="99", RAX_USERNAME="rax-user"), **OPTIONS) == found(**OPTIONS)
        assert "not username" in refused(errors.NoCredentials, dict(RAX, **OS), password="sandbox-option-password")

    def test_but_the_region_of_a_person_holds_for_options_too(self):
        assert found({"RAX_REGION": "ORD"}, **OPTIONS).region == "ORD"

    def test_rax_variables_know_nothing_of_os_variables(self):
        assert found(dict(OS, OS_REGION_NAME="RegionOne", OS_PROJECT_NAME="demo", **RAX)) == found(RAX)

    @pytest.mark.parametrize("secret", credentials.SECRETS)
    def test_a_cloud_and_a_secret_are_refused(self, clouds, secret):
        clouds(mine=CLOUD)
        for options in ({secret: "sandbox-secret"}, {"auth": {secret: "sandbox-secret"}}):
            message = refused(cloud="mine", **options)
            assert "cloud and %s are both given" % secret in message and "sandbox-secret" not in message

    @pytest.mark.parametrize("environ", [RAX, OS, dict(RAX, RAX_AUTH_URL=B)])
    def test_an_option_takes_no_secret_elsewhere(self, environ):
        message = refused(environ=environ, auth_url="https://evil.example.invalid/v3")
        assert "the secret of one is never sent to the other" in message and "sandbox" not in message

    def test_nor_out_of_clouds_yaml_or_the_file(self, clouds, write):
        clouds(mine=CLOUD)
        write(".rackspace_cloud_credentials", "[rackspace_cloud]\nusername = file-user\napi_key = sandbox-file-key\n")
        assert "never sent" in refused(cloud="mine", auth_url=A) and "never sent" in refused(auth_url=A)

    @pytest.mark.parametrize("environ, auth_url", [
        (OS, "https://A.example.invalid/v2.0"), (RAX, "https://lon.identity.api.rackspacecloud.com/v2.0"), (RAX, credentials.RACKSPACE)])
    def test_but_corrects_an_address(self, environ, auth_url):
        assert found(environ, auth_url=auth_url).auth_url == auth_url

    @pytest.mark.parametrize("auth_url", ["https://rackspacecloud.com.evil.invalid/v2.0", "https://evilrackspacecloud.com/v2.0",
                                          "https://identity.api.rackspacecloud.com@evil.invalid/v2.0", "https://evil.invalid:443/.rackspacecloud.com"])
    def test_and_nobody_passes_for_rackspace(self, auth_url):
        assert "never sent" in refused(environ=RAX, auth_url=auth_url)

    def test_it_completes_a_source_that_names_none(self):
        assert found({"OS_USERNAME": "os-user", "OS_PASSWORD": "sandbox-os-password"}, auth_url=A).auth_url == A

    def test_no_representation_shows_a_secret(self):
        assert "sandbox" not in repr(found(**OPTIONS)) + str(found(**OPTIONS))


class TestOverriding:
    FULL = dict(OS, OS_PROJECT_ID="1", OS_USER_ID="2", OS_USER_DOMAIN_ID="3", OS_PROJECT_DOMAIN_NAME="Four", OS_REGION_NAME="RegionOne")

    @pytest.mark.parametrize("options, expected", [
        ({"region": "ORD"}, {"region": "ORD", "tenant_id": "1"}),
        ({"interface": "admin"}, {"interface": "admin"}),
        ({"tenant_name": "demo"}, {"tenant_name": "demo", "tenant_id": None}),
        ({"tenant_id": "9"}, {"tenant_id": "9"}),
        ({"username": "u"}, {"username": "u", "user_id": None}),
        ({"user_domain": "Users"}, {"user_domain": {"name": "Users"}}),
        ({"project_domain": "default"}, {"project_domain": {"id": "default"}}),
        ({"auth": {"user_domain_name": "Users"}}, {"user_domain": {"name": "Users"}}),
        ({"compute_endpoint": "https://nova.invalid/v2.1"}, {"compute_endpoint": "https://nova.invalid/v2.1"}),
    ])
    def test_an_option_that_is_no_secret_replaces_what_the_source_says(self, options, expected):
        login = found(self.FULL, **options)
        assert {name: getattr(login, name) for name in expected} == expected
        assert login.secret == "sandbox-os-password"

    def test_two_values_for_one_thing(self):
        assert "username and auth.username are both given and differ" in refused(username="a", auth={"username": "b"})
        assert "tenant_id and auth.tenant_id" in refused(tenant_id="a", auth={"project_id": "b"})
        assert found(username="a", api_key="sandbox-key", auth={"username": "a"}).username == "a"

    def test_a_client_certificate_goes_with_its_own_key(self, write):
        old, new = write("old.pem", ""), write("new.pem", "")
        environ = dict(OS, OS_CERT=old, OS_KEY=old)
        assert found(environ).cert == (old, old)
        assert found(environ, client_cert=new).cert == new


class TestMethods:
    @pytest.mark.parametrize("options, method", [
        ({"username": "u", "password": "sandbox-password"}, "password"), ({"username": "u", "api_key": "sandbox-key"}, "api_key"),
        ({"token": "sandbox-token"}, "token"), ({"username": "u", "password": "sandbox-password", "api_key": "sandbox-key"}, "api_key"),
        ({"application_credential_id": "a", "application_credential_secret": "sandbox-secret"}, "application_credential"),
        ({"application_credential_name": "a", "username": "u", "application_credential_secret": "sandbox-secret"}, "application_credential"),
        ({"username": "u", "password": "sandbox-password", "api_key": "sandbox-key", "auth_type": "password"}, "password"),
        ({"username": "u", "password": "sandbox-password", "auth_type": "auto"}, "password"),
        ({"auth": {"user_id": "1", "password": "sandbox-password"}}, "password"),
    ])
    def test_the_secret_decides_unless_it_is_said(self, options, method):
        assert found(auth_url=A, **options).method == method

    @pytest.mark.parametrize("options, missing", [
        ({"password": "sandbox-password"}, "username"), ({"api_key": "sandbox-key"}, "username"),
        ({"application_credential_secret": "sandbox-secret"}, "application_credential_id"),
        ({"application_credential_secret": "sandbox-secret", "application_credential_name": "a"}, "username"),
        ({"application_credential_secret": "sandbox-secret", "username": "u"}, "application_credential_id"),
    ])
    def test_half_a_set(self, options, missing):
        message = refused(errors.NoCredentials, **options)
        assert message.startswith("The options hold a secret") and "but not %s." % missing in message and "sandbox" not in message

    def test_a_secret_of_another_kind_than_asked_for(self):
        message = refused(errors.NoCredentials, RAX, auth_type="password")
        assert message == "auth_type is password, but the RAX_* environment holds no password, only: api_key."

    @pytest.mark.parametrize("theirs, method", [("password", "password"), ("v3password", "password"), ("v2password", "password"),
                                                ("rackspace_apikey", "api_key"), ("v3multifactor", "password")])
    def test_names_of_plugins_in_clouds_yaml(self, clouds, theirs, method):
        clouds(mine=dict(CLOUD, auth_type=theirs))
        assert found(cloud="mine").method == method

    def test_a_plugin_that_we_lack(self, clouds):
        clouds(mine=dict(CLOUD, auth_type="v3oidcpassword"))
        assert "auth_type 'v3oidcpassword' of cloud 'mine'" in refused(cloud="mine") and "application_credential" in refused(cloud="mine")


class TestDomains:
    @pytest.mark.parametrize("value, domain", [
        (None, {"id": "default"}), ("default", {"id": "default"}), ("Default", {"name": "Default"}), ("Users", {"name": "Users"}),
        ("0123456789abcdef0123456789abcdef", {"id": "0123456789abcdef0123456789abcdef"}), ("0123456789abcdef", {"name": "0123456789abcdef"})])
    def test_a_name_is_told_from_an_id(self, value, domain):
        login = found(auth_url=A, user_domain=value, project_domain=value, **OPTIONS)
        assert login.user_domain == login.project_domain == domain

    @pytest.mark.parametrize("auth_url, name", [
        ("https://keystone.api.sjc3.rackspacecloud.com/v3/", "rackspace_cloud_domain"), ("https://keystone.api.evil.invalid/v3", None)])
    def test_flex_has_a_domain_of_its_own(self, auth_url, name):
        login = found(auth_url=auth_url, **OPTIONS)
        assert login.user_domain == login.project_domain == ({"name": name} if name else {"id": "default"})


class TestFiles:
    def test_an_unknown_cloud(self, clouds):
        path = clouds(one=CLOUD, two=CLOUD)
        assert refused(cloud="three") == "cloud 'three' is not in %s. It has: one, two." % path

    @pytest.mark.parametrize("content", [
        "clouds: {mine: {auth: {password: 2024-99-99}}}", "clouds: {mine: {auth: {password: 0b_}}}",
        "clouds: {mine: {auth: {password: 2024-01-01 99:00:00}}}", "[" * 20_000, "clouds: {mine: {auth: {password: %s}}}" % ("9" * 5000)],
        ids=["no date", "no number", "no time", "too deep", "too long"])
    def test_values_that_yaml_takes_for_something_else(self, write, content):
        write("clouds.yaml", content)
        message = refused(cloud="mine")
        assert message.startswith("./clouds.yaml holds a value that looks like a date or a number and is none") and "quotes" in message
        assert "2024" not in message and "999" not in message

    @pytest.mark.parametrize("auth_type", [["password"], {"a": 1}, 5], ids=str)
    def test_an_auth_type_that_is_no_text(self, clouds, auth_type):
        clouds(mine=dict(CLOUD, auth_type=auth_type))
        assert "is not supported. Use one of: password" in refused(cloud="mine")

    def test_an_address_that_is_no_text_is_one_to_whoever_reads_it(self, clouds):
        clouds(mine={"auth": dict(CLOUD["auth"], auth_url=5000)})
        assert found(cloud="mine").auth_url == "5000"

    def test_no_clouds_yaml_at_all(self):
        message = refused(cloud="mine")
        assert "there is no clouds.yaml in ., ~/.config/openstack, /etc/openstack" in message and "OS_CLIENT_CONFIG_FILE" in message

    def test_a_file_that_is_not_there(self, home):
        assert "nothing.yaml cannot be read: No such file or directory." in refused(
            environ={"OS_CLIENT_CONFIG_FILE": str(home / "nothing.yaml")}, cloud="mine")
        assert "cannot be read" in refused(credentials_file=str(home / "nothing.ini"))

    def test_a_file_that_cannot_be_read(self, home):
        (home / "clouds.yaml").mkdir()
        assert "clouds.yaml cannot be read: Is a directory." in refused(cloud="mine")

    @pytest.mark.parametrize("line", [
        "password: *sandbox-secret", "password: !sandbox-secret", "password: [sandbox-secret", "password: 'sandbox-secret",
        "password: \"sandbox-\\secret\"", "password: @sandbox-secret", "password: %sandbox-secret", "password: `sandbox-secret",
        "password: sandbox: secret", "\tpassword: sandbox-secret", "password: {sandbox-secret}}"])
    def test_bad_yaml_is_not_quoted(self, write, line):
        path = write("clouds.yaml", "clouds:\n  mine:\n    auth:\n      %s\n" % line)
        message = refused(cloud="mine")
        assert message.startswith("./clouds.yaml is not valid YAML at line ") and os.path.samefile(path, "clouds.yaml")
        assert "sandbox" not in message and "secret" not in message

    @pytest.mark.parametrize("content", ["", "- a", "clouds: []", "clouds: {mine: null}", "clouds: {mine: text}", "other: {}", "text"])
    def test_yaml_of_another_shape(self, write, content):
        write("clouds.yaml", content)
        assert "has no mapping 'clouds' with a mapping for each cloud" in refused(cloud="mine")

    def test_auth_that_is_no_mapping(self, write):
        write("clouds.yaml", "clouds: {mine: {auth: text}}")
        assert "auth is not a mapping" in refused(cloud="mine")

    def test_bytes_that_are_no_text(self, home):
        (home / "clouds.yaml").write_bytes(b"clouds: \xff\xfe sandbox-secret")
        assert "clouds.yaml cannot be read" in refused(cloud="mine") and "sandbox" not in refused(cloud="mine")

    @pytest.mark.parametrize("content, said", [
        ("api_key = sandbox-secret\n", "is not a valid ini file (line 1)"),
        ("[rackspace_cloud]\nsandbox-secret\n", "is not a valid ini file (line 2)"),
        ("[rackspace_cloud]\napi_key = sandbox-a\napi_key = sandbox-b\n", "is not a valid ini file (line 3)"),
        ("[other]\napi_key = sandbox-secret\n", "has neither a section [rackspace_cloud] nor [keystone]")])
    def test_bad_ini_is_not_quoted(self, write, content, said):
        message = refused(credentials_file=write("my.ini", content))
        assert said in message and "sandbox" not in message

    def test_a_rax_file_does_not_hide_what_comes_before(self, write):
        write(".rackspace_cloud_credentials", "no ini file")
        assert found(RAX).username == "rax-user"  # not even looked at
        assert "is not a valid ini file" in refused()


class TestNothing:
    def test_every_place_is_named(self):
        message = refused(errors.NoCredentials, {"OS_AUTH_URL": A, "OS_USERNAME": "os-user"})
        assert message.startswith("No credentials to log in with. Looked at the options: nothing; the RAX_* environment: nothing; "
                                  "the OS_* environment: auth_url, username, but no password, API key or token; "
                                  "the file ~/.rackspace_cloud_credentials: nothing.")
        assert "RAX_API_KEY" in message and "clouds.yaml" in message

    def test_half_a_set_in_options(self):
        assert "the options: username, but no password, API key or token" in refused(errors.NoCredentials, username="u")


class TestVerification:
    @pytest.mark.parametrize("value, verify", [(None, True), (True, True), (False, False), ("false", False), ("0", False), ("no", False), ("yes", True)])
    def test_certificates_are_checked_unless_it_is_said(self, value, verify):
        assert found(validate_certs=value, **OPTIONS).verify is verify

    @pytest.mark.parametrize("environ, verify", [
        (dict(OS, OS_INSECURE="true"), False), (dict(OS, OS_INSECURE="false"), True), (dict(RAX, RAX_VERIFY_SSL="false"), False),
        (dict(RAX, RAX_VALIDATE_CERTS="no"), False), (dict(RAX, OS_INSECURE="true"), True)])
    def test_each_source_speaks_for_itself(self, environ, verify):
        assert found(environ).verify is verify

    def test_an_authority(self, write):
        path = write("ca.pem", "")
        assert found(ca_cert=path, **OPTIONS).verify == path and found(dict(OS, OS_CACERT="~/ca.pem")).verify == path
        assert "ca_cert names /nothing, which does not exist" in refused(ca_cert="/nothing", **OPTIONS)

    def test_a_key_without_a_certificate(self, write):
        assert "client_key is given without client_cert" in refused(client_key=write("key.pem", ""), **OPTIONS)

    @pytest.mark.parametrize("value, interface", [(None, "public"), ("publicURL", "public"), ("internalURL", "internal"), ("admin", "admin")])
    def test_interfaces(self, value, interface):
        assert found(dict(OS, OS_INTERFACE=value or "")).interface == interface

    def test_no_such_interface(self):
        assert "interface is 'servicenet'" in refused(environ=dict(OS, OS_INTERFACE="servicenet"))


def test_modules_that_need_no_file_need_no_yaml():
    """PyYAML is imported when a clouds.yaml is read, and only then."""
    top = [line for line in Path(credentials.__file__).read_text(encoding="utf-8").splitlines() if line.startswith(("import ", "from "))]
    assert not [line for line in top if "yaml" in line or "configparser" in line]
