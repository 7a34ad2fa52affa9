# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Where a login comes from: options, clouds.yaml, RAX_*, OS_*, Rackspace's credential files.

A source is taken whole: the first that holds a secret supplies the address, the user and the tenant too, so that the
secret of one cloud is never sent to another. Explicit options override only what is not secret. docs/decisions/0002
tells why.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from . import errors

RACKSPACE = "https://identity.api.rackspacecloud.com/v2.0"
FLEX_DOMAIN = "rackspace_cloud_domain"
SECRETS = ("token", "application_credential_secret", "api_key", "password")
RAX_FILES = ("~/.rackspace_cloud_credentials", "~/.pyrax.cfg")

# What a setting is called in each source. The first name that is set counts.
RAX_NAMES = dict(
    {name: ("RAX_" + name.upper(),) for name in (
        "username", "api_key", "password", "token", "passcode", "tenant_id", "tenant_name", "user_domain", "project_domain",
        "application_credential_id", "application_credential_name", "application_credential_secret", "interface",
        "compute_endpoint", "ca_cert", "client_cert", "client_key", "region")},
    auth_url=("RAX_AUTH_URL", "RAX_AUTH_ENDPOINT"), validate_certs=("RAX_VALIDATE_CERTS", "RAX_VERIFY_SSL"))
# Names of one thing. An option of a group replaces what a source has of it under any of these names.
SAME_THING = (
    ("tenant_id", "tenant_name"), ("username", "user_id"), ("user_domain", "user_domain_id", "user_domain_name"),
    ("project_domain", "project_domain_id", "project_domain_name"), ("client_cert", "client_key"),
    ("application_credential_id", "application_credential_name"))
OS_NAMES = dict(
    auth_url=("OS_AUTH_URL",), username=("OS_USERNAME",), user_id=("OS_USER_ID",), password=("OS_PASSWORD",),
    token=("OS_TOKEN", "OS_AUTH_TOKEN"), passcode=("OS_PASSCODE",), tenant_id=("OS_PROJECT_ID", "OS_TENANT_ID"),
    tenant_name=("OS_PROJECT_NAME", "OS_TENANT_NAME"), user_domain_id=("OS_USER_DOMAIN_ID",),
    user_domain_name=("OS_USER_DOMAIN_NAME",), project_domain_id=("OS_PROJECT_DOMAIN_ID",),
    project_domain_name=("OS_PROJECT_DOMAIN_NAME",), application_credential_id=("OS_APPLICATION_CREDENTIAL_ID",),
    application_credential_name=("OS_APPLICATION_CREDENTIAL_NAME",),
    application_credential_secret=("OS_APPLICATION_CREDENTIAL_SECRET",), region=("OS_REGION_NAME",),
    interface=("OS_INTERFACE", "OS_ENDPOINT_TYPE"), compute_endpoint=("OS_COMPUTE_ENDPOINT_OVERRIDE",),
    ca_cert=("OS_CACERT",), client_cert=("OS_CERT",), client_key=("OS_KEY",))
PYRAX_NAMES = dict(  # settings of pyrax beside its credentials file; never a secret
    auth_url=("CLOUD_AUTH_ENDPOINT",), region=("CLOUD_REGION",), tenant_id=("CLOUD_TENANT_ID",),
    tenant_name=("CLOUD_TENANT_NAME",), username=("CLOUD_KEYRING_USER",), validate_certs=("CLOUD_VERIFY_SSL",))
CLOUDS_YAML_NAMES = dict(
    region=("region_name",), interface=("interface", "endpoint_type"), compute_endpoint=("compute_endpoint_override",),
    validate_certs=("verify",), ca_cert=("cacert",), client_cert=("cert",), client_key=("key",))
AUTH_TYPES = {  # names of keystoneauth's plugins for our methods
    "password": "password", "v2password": "password", "v3password": "password", "v3multifactor": "password",
    "token": "token", "v2token": "token", "v3token": "token", "api_key": "api_key", "rackspace_apikey": "api_key",
    "application_credential": "application_credential", "v3applicationcredential": "application_credential"}


class Credentials(NamedTuple):
    """A login, ready to be used. ``source`` says in words where it comes from; ``secret`` never leaves this object but
    to the address ``auth_url``. Domains are {"id": …} or {"name": …}; ``verify`` is True, False or a CA bundle."""

    source: str
    auth_url: str
    method: str
    secret: str
    username: str = None
    user_id: str = None
    passcode: str = None
    tenant_id: str = None
    tenant_name: str = None
    user_domain: dict = None
    project_domain: dict = None
    application_credential_id: str = None
    application_credential_name: str = None
    region: str = None
    interface: str = "public"
    compute_endpoint: str = None
    verify: object = True
    cert: object = None

    def __repr__(self):
        return "Credentials(%s: %s of %s at %s)" % (self.source, self.method, self.username, self.auth_url)


class Source(NamedTuple):
    """One place with what it says. default_url: the address that goes with it when it names none."""

    name: str
    values: dict
    default_url: str = None
    region: str = None


def find(options, environ=None):
    """The Credentials that these options and this environment mean.

    options: dict of the connection options (arguments.AUTH), None where left out. Raises NoCredentials with the list of
    the places that were looked at, or BadInput when a file or a combination is wrong.
    """
    environ = os.environ if environ is None else environ
    given = explicit(options)
    looked = []
    for source in sources(given, environ):
        if any(source.values.get(name) for name in SECRETS):
            return complete(source, given)
        looked.append(source)
    raise nothing_found(looked)


def sources(given, environ):
    """The places to look at, best first; later ones are read only when the earlier ones hold no secret."""
    secrets = [name for name in SECRETS if given.get(name)]
    if given.get("cloud") and secrets:
        raise errors.BadInput("cloud and %s are both given. The secret of an option is never sent to the address of clouds.yaml: "
                              "put it into clouds.yaml or secure.yaml, or give auth_url and the rest as options." % secrets[0])
    yield Source("the options", given, RACKSPACE, environ.get("RAX_REGION"))
    if given.get("cloud"):
        yield from_clouds_yaml(given["cloud"], environ)
        return  # asked for by name: nothing else will do
    if given.get("credentials_file"):
        yield from_rax_files(given["credentials_file"], environ)
        return
    yield Source("the RAX_* environment", picked(RAX_NAMES, environ), RACKSPACE)
    if environ.get("OS_CLOUD"):
        yield from_clouds_yaml(environ["OS_CLOUD"], environ)
    else:
        yield from_os_environment(environ)
    yield from_rax_files(environ.get("RAX_CREDENTIALS") or environ.get("RAX_CREDS_FILE"), environ)


def picked(names, values):
    """The settings of a source under our names; empty ones do not count."""
    found = {}
    for name, aliases in names.items():
        for alias in aliases:
            if values.get(alias) not in (None, ""):
                found[name] = values[alias]
                break
    return found


def explicit(options):
    """The options that were given, those of ``auth`` among them. Two values for one thing are an error."""
    given = {name: value for name, value in options.items() if value not in (None, "") and name != "auth"}
    for name, value in (options.get("auth") or {}).items():
        name = {"project_id": "tenant_id", "project_name": "tenant_name"}.get(name, name)
        if value in (None, ""):
            continue
        if given.get(name, value) != value:
            raise errors.BadInput("%s and auth.%s are both given and differ. Leave one of them out." % (name, name))
        given[name] = value
    return given


def from_os_environment(environ):
    values = picked(OS_NAMES, environ)
    if environ.get("OS_AUTH_SYSTEM") == "rackspace" and "password" in values:
        values["api_key"] = values.pop("password")  # what novaclient's Rackspace plugin made of it
    if environ.get("OS_AUTH_TYPE"):
        values["auth_type"] = environ["OS_AUTH_TYPE"]
    if truth(environ.get("OS_INSECURE", False)):
        values["validate_certs"] = False
    return Source("the OS_* environment", values)


def from_clouds_yaml(name, environ):
    """The entry ``name`` of clouds.yaml, with what secure.yaml adds to it."""
    from . import credential_files
    where, cloud = credential_files.clouds_entry(name, environ)
    if not isinstance(cloud.get("auth", {}), dict):
        raise errors.BadInput("%s: auth is not a mapping." % where)
    values = dict(cloud.get("auth") or {}, **picked(CLOUDS_YAML_NAMES, cloud))
    for ours, theirs in (("tenant_id", "project_id"), ("tenant_name", "project_name")):
        values.setdefault(ours, values.get(theirs))
    if not values.get("region") and isinstance(cloud.get("regions"), list) and cloud["regions"]:
        first = cloud["regions"][0]
        values["region"] = first.get("name") if isinstance(first, dict) else first
    values["auth_type"] = cloud.get("auth_type")
    return Source(where, values, RACKSPACE if cloud.get("profile") == "rackspace" else None)


def on_disk(path):
    return os.path.exists(os.path.expanduser(path))


def read_ini(path):
    from . import credential_files
    return credential_files.read_ini(path)


def from_rax_files(path, environ):
    """Rackspace's credentials file and the settings of pyrax. A file that was asked for must be there."""
    credentials_file = path or RAX_FILES[0]
    sections = read_ini(credentials_file) if path or on_disk(credentials_file) else {}
    values = {}
    if "rackspace_cloud" in sections:
        values = picked({name: (name,) for name in ("username", "api_key", "password", "region", "tenant_id", "tenant_name")},
                        sections["rackspace_cloud"])
        if values.get("api_key"):
            values.pop("password", None)
    elif "keystone" in sections:
        values = picked({name: (name,) for name in ("username", "password", "tenant_id", "tenant_name", "region")}, sections["keystone"])
    elif sections:
        raise errors.BadInput("%s has neither a section [rackspace_cloud] nor [keystone]." % credentials_file)
    of_pyrax, of_environment = pyrax_settings(environ), picked(PYRAX_NAMES, environ)
    settings = dict(of_pyrax, **of_environment)
    if "rackspace_cloud" in sections and any(values.get(name) for name in SECRETS):
        check_setting(credentials_file, settings.get("auth_url"),
                      "CLOUD_AUTH_ENDPOINT" if "auth_url" in of_environment else "auth_endpoint in %s" % RAX_FILES[1])
    settings["region"] = environ.get("RAX_REGION") or settings.get("region")
    return Source("the file %s" % credentials_file, dict(settings, **values), None if "keystone" in sections else RACKSPACE)


def check_setting(credentials_file, url, setting):
    """Refuse an address that a setting beside the file names for a secret of Rackspace. Whoever owns this machine has the secret already."""
    if url and not is_rackspace(url) and not errors.is_own_machine(url):
        raise errors.BadInput(
            "The secret in %s stands under [rackspace_cloud], so it is for Rackspace, and %s is %s: the secret of one is never sent to the other. Take "
            "that setting away, or name the section [keystone] if the login is for that address."
            % (credentials_file, setting, errors.without_login(url)))


def pyrax_settings(environ):
    """One environment of ~/.pyrax.cfg: RAX_ENV, else 'default' or 'settings', else the first."""
    if not on_disk(RAX_FILES[1]):
        return {}
    sections = read_ini(RAX_FILES[1])
    wanted = environ.get("RAX_ENV")
    if wanted and wanted not in sections:
        raise errors.BadInput("RAX_ENV is %r, and %s has only: %s." % (wanted, RAX_FILES[1], ", ".join(sections) or "nothing"))
    name = wanted or next((name for name in ("default", "settings") if name in sections), next(iter(sections), None))
    return picked(dict(auth_url=("auth_endpoint",), region=("region",), tenant_id=("tenant_id",), tenant_name=("tenant_name",),
                       username=("keyring_username",), validate_certs=("verify_ssl",)), sections.get(name, {}))


def complete(source, given):
    """The Credentials of a source that holds a secret, with the options that are no secret on top."""
    check_address(source, given.get("auth_url"))
    values = overridden(source.values, {name: value for name, value in given.items() if name not in SECRETS + ("passcode", "auth_type")})
    values["auth_type"] = given.get("auth_type") if given.get("auth_type", "auto") != "auto" else source.values.get("auth_type")
    method = method_of(values, source.name)
    url = text(values.get("auth_url")) or source.default_url
    for name, address in (("auth_url", url), ("compute_endpoint", values.get("compute_endpoint"))):
        if errors.holds_login(address):
            raise errors.BadInput("%s of %s holds a login (…@%s). Give the user and the secret beside it, and the address without them."
                                  % (name, source.name, str(address).rpartition("@")[2]))
    needs = {"password": ("username",), "api_key": ("username",), "token": (), "application_credential": ()}[method]
    missing = [name for name in needs if not values.get(name) and not values.get("user_id")]
    if method == "application_credential" and not values.get("application_credential_id"):
        missing = [name for name in ("application_credential_name", "username") if not values.get(name) and not values.get("user_id")]
        missing = ["application_credential_id"] if "application_credential_name" in missing else missing
    if not url:
        missing.append("auth_url")
    if missing:
        raise errors.NoCredentials("%s %s a secret (%s) but not %s. A source is taken whole: complete it there%s." % (
            source.name[0].upper() + source.name[1:], "hold" if source.name.startswith("the options") else "holds",
            method.replace("_", " "), " and ".join(missing), ", or give %s as option" % " and ".join(missing)))
    domain = FLEX_DOMAIN if errors.place_of(url).startswith("keystone.api.") and is_rackspace(url) else None
    return Credentials(
        source=source.name, auth_url=url, method=method,
        secret=str(values[{"application_credential": "application_credential_secret"}.get(method, method)]),
        username=text(values.get("username")), user_id=text(values.get("user_id")),
        passcode=text(given.get("passcode") or source.values.get("passcode")),
        tenant_id=text(values.get("tenant_id")), tenant_name=text(values.get("tenant_name")),
        user_domain=domain_of(values, "user_domain", domain), project_domain=domain_of(values, "project_domain", domain),
        application_credential_id=text(values.get("application_credential_id")),
        application_credential_name=text(values.get("application_credential_name")),
        region=text(values.get("region") or source.region), interface=interface_of(values),
        compute_endpoint=text(values.get("compute_endpoint")), verify=verification(values), cert=certificate(values))


def check_address(source, wanted):
    """The option auth_url may correct the address of a source, but not take its secret to somebody else."""
    own = source.values.get("auth_url") or source.default_url
    if wanted and own and errors.place_of(wanted) != errors.place_of(own) and not (is_rackspace(wanted) and is_rackspace(own)):
        raise errors.BadInput(
            "auth_url is given as %s, but the secret is that of %s, which is for %s: the secret of one is never sent to the other. Give "
            "the secret as an option too, or leave auth_url out." % (errors.without_login(wanted), source.name, errors.without_login(own)))


def overridden(values, given):
    """What a source says, with the options that were given in its place."""
    replaced = [name for group in SAME_THING if any(name in given for name in group) for name in group]
    return dict({name: value for name, value in values.items() if name not in replaced}, **given)


def is_rackspace(url):
    return errors.place_of(url).partition(":")[0].endswith(".rackspacecloud.com")


def method_of(values, where):
    """The way to log in: as said, else by the kind of secret that is there."""
    wanted = text(values.get("auth_type")) or "auto"
    there = [name for name in SECRETS if values.get(name)]
    if wanted == "auto":
        return {"application_credential_secret": "application_credential"}.get(there[0], there[0])
    if wanted not in AUTH_TYPES:
        raise errors.BadInput("auth_type %r of %s is not supported. Use one of: password, api_key, token, application_credential."
                              % (wanted, where))
    method = AUTH_TYPES[wanted]
    secret = {"application_credential": "application_credential_secret"}.get(method, method)
    if method == "api_key" and secret not in there and "password" in there:
        values["api_key"] = values["password"]  # clouds.yaml files written for other tools keep the key there
    elif secret not in there:
        raise errors.NoCredentials("auth_type is %s, but %s holds no %s, only: %s." % (wanted, where, secret, ", ".join(there)))
    return method


def domain_of(values, name, default):
    """{"id": …} or {"name": …}: said outright, or guessed from the look of the option's value."""
    if values.get(name + "_id"):
        return {"id": text(values[name + "_id"])}
    if values.get(name + "_name"):
        return {"name": text(values[name + "_name"])}
    value = text(values.get(name) or default)
    if value is None:
        return {"id": "default"}
    looks_like_id = value == "default" or (len(value) == 32 and not value.strip("0123456789abcdef"))
    return {"id": value} if looks_like_id else {"name": value}


def interface_of(values):
    """public, internal or admin, also from the spelling publicURL."""
    interface = str(values.get("interface") or "public").replace("URL", "")
    if interface not in ("public", "internal", "admin"):
        raise errors.BadInput("interface is %r. Use public, internal or admin." % interface)
    return interface


def verification(values):
    if values.get("validate_certs") is not None and not truth(values["validate_certs"]):
        return False
    return existing("ca_cert", values.get("ca_cert")) or True


def certificate(values):
    cert, key = existing("client_cert", values.get("client_cert")), existing("client_key", values.get("client_key"))
    if key and not cert:
        raise errors.BadInput("client_key is given without client_cert. Give both, or a client_cert that holds the key too.")
    return (cert, key) if key else cert


def existing(name, path):
    if not path:
        return None
    path = os.path.expanduser(str(path))
    if not os.path.exists(path):
        raise errors.BadInput("%s names %s, which does not exist." % (name, path))
    return path


def is_traced(options, environ=None):
    """Whether the calls of the task are wanted in its result: by option, else by environment."""
    wanted = options.get("api_trace")
    return truth((os.environ if environ is None else environ).get("RAX_API_TRACE", "")) if wanted is None else wanted


def truth(value):
    return str(value).strip().lower() not in ("false", "no", "off", "0", "")


def text(value):
    return None if value in (None, "") else str(value)


def nothing_found(looked):
    """NoCredentials that says for each place what it lacks."""
    lines = []
    for source in looked:
        has = sorted(name for name in source.values if source.values[name] and name in (
            "username", "auth_url", "tenant_id", "tenant_name", "application_credential_id"))
        lines.append("%s: %s" % (source.name, "%s, but no password, API key or token" % ", ".join(has) if has else "nothing"))
    return errors.NoCredentials(
        "No credentials to log in with. Looked at %s. Give username and api_key (or password), set RAX_USERNAME and RAX_API_KEY, "
        "name an entry of clouds.yaml with cloud, or write %s." % ("; ".join(lines), RAX_FILES[0]))
