# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""One service in one region: get, post, put, delete, pages; logs in once and again when a token ran out."""

from __future__ import annotations

import re
import threading
from urllib.parse import parse_qsl, urlsplit

from . import credentials, errors, identity, things
from .arguments import AUTH
from .codec import Json
from .token_cache import TokenCache
from .transport import Transport

PLAIN_404 = "404 Not Found\n\n"  # how a 404 begins that the frame around a service of OpenStack writes as plain text
LONGEST_HEAD = 200  # letters of a document in which it says what it is
UNVERSIONED_PATHS = {"network": "/v2.0", "image": "/v2"}  # the catalog names these services without their version


def connect(options, read_only=False, session=None, environ=None):
    """The Cloud that the connection options mean. Nothing is sent yet.

    options: dict with the names of arguments.AUTH; read_only: refuse every write, for check mode;
    session: a requests.Session to use; environ: instead of os.environ. Raises BadInput and NoCredentials.
    """
    login = credentials.find({name: options.get(name) for name in AUTH}, environ)  # a module's own options are no login
    kind = Transport
    if credentials.is_traced(options, environ):
        from .trace import Traced as kind
    transport = kind(
        timeout=options.get("api_timeout") or 30, retries=5 if options.get("api_retries") is None else options["api_retries"],
        verify=login.verify, cert=login.cert, allow_http=bool(options.get("allow_http")), read_only=read_only, session=session)
    cache = None
    if options.get("token_cache") is not False and login.method != "token":
        cache = TokenCache([login.auth_url, login.method, login.username, login.user_id, login.user_domain, login.tenant_id,
                            login.tenant_name, login.project_domain, login.application_credential_id,
                            login.application_credential_name, login.secret], environ)
    return Cloud(transport, login, cache, codecs(options))


def codecs(options):
    """{service type: codec} of the services that are not spoken to in JSON."""
    if options.get("media_type") != "xml":
        return {}
    from .xml_media import CODECS  # who speaks JSON does not pay for it
    return CODECS


class Cloud:
    """One account: who we are there, and its services. The login happens when it is first needed."""

    def __init__(self, transport, login, cache=None, codecs=None):
        self.transport = transport
        self.login = login
        self.cache = cache
        self.codecs = codecs or {}
        self.known_access = None
        self.renewal = threading.RLock()

    @property
    def access(self):
        with self.renewal:
            if self.known_access is None:
                self.known_access = self.log_in()
            return self.known_access

    @property
    def compute(self):
        return self.service(identity.COMPUTE)

    @property
    def identity(self):
        """The identity service that the login comes from, with its version; Rackspace's catalog does not list it."""
        return Api(self, identity.IDENTITY, None)

    @property
    def region(self):
        """The region asked for, else the only one there is, else None (the catalog then says what to choose from)."""
        return self.region_of(identity.COMPUTE)

    def region_of(self, types):
        """The region of a service when none is named: that of the login, else the only one in which there is compute, or this service."""
        if self.login.region or (self.login.compute_endpoint and types is identity.COMPUTE):
            return self.login.region
        for regions in (self.access.regions(), self.access.regions(types)):
            if len(regions) == 1:
                return regions[0]
        return None

    def service(self, types, region=None):
        """The Api of the first of these service types that the catalog has, in a region (default: ours)."""
        return Api(self, types, region or self.region_of(types))

    def log_in(self, refused=None):
        """A new Access, from the cache where that holds a fresh one that is not the refused token."""
        if self.login.method == "token" and self.login.compute_endpoint:
            # All that a login would bring is known already.
            return identity.Access(self.login.secret, float("inf"), [], {}, None, "token")

        def ask():
            return identity.log_in(self.transport, self.login, self.codecs.get("identity", Json))
        return self.cache.get(ask, refused) if self.cache else ask()

    def renew(self, refused):
        """Log in anew, once for all threads, because ``refused`` is no longer accepted."""
        with self.renewal:
            if self.access.token != refused:
                return
            if self.login.method == "token":
                raise errors.LoginFailed("the given token was refused with 401: it ran out, was revoked or belongs to another "
                                         "cloud. Get a new token, or log in with an API key, a password or an application credential.",
                                         http_status=401)
            self.known_access = self.log_in(refused)

    def address(self, types, region):
        """The base address of a service: compute_endpoint, else the catalog's; its version is found out once."""
        if types is identity.COMPUTE and self.login.compute_endpoint:
            return self.login.compute_endpoint.rstrip("/")
        if types is identity.IDENTITY:
            return identity.versioned(self.transport, self.login.auth_url, self.access.version)[0]
        address = self.access.endpoint(types, region, self.login.interface)
        if re.search(r"/v\d", urlsplit(address).path):
            return address
        if types[0] in UNVERSIONED_PATHS:
            return address + UNVERSIONED_PATHS[types[0]]
        if types is identity.COMPUTE:
            return self.discover(address)
        return address

    def discover(self, address):
        """The versioned form of an unversioned compute address, remembered with the token."""
        with errors.Doing("find the version of the compute service at %s" % address):
            answer = self.transport.send("GET", address + "/", Json)
            try:
                ids = {version["id"] for version in (answer.data or {}).get("versions", ())}
            except (AttributeError, KeyError, TypeError):
                raise errors.BadAnswer("GET / was answered %d with something else than the versions that there are. Check the address in the catalog, or "
                                       "give compute_endpoint with its version, as in %s/v2.1." % (answer.status, address),
                                       http_status=answer.status, request_id=answer.request_id) from None
        versioned = address + ("/v2.1" if "v2.1" in ids or not ids else "/v2")
        for entry in self.access.catalog:
            entry["urls"].update({name: versioned for name, url in entry["urls"].items() if url.rstrip("/") == address})
        if self.cache:
            self.cache.keep(self.access)
        return versioned


class Document(dict):
    """The body of an answer to a question, a dict. To look in it for what it should have and has not raises BadAnswer."""

    def __init__(self, question, answer):
        super().__init__(answer.data)
        self.question = question
        self.answer = answer

    @property
    def request_id(self):
        """Asked for only when something is wrong: to see that it holds no secret takes longer than all else."""
        return self.answer.request_id

    def __missing__(self, key):
        raise errors.BadAnswer("%s was answered with %s instead of %r%s. Something answers in place of the service. Run the task again; if it stays, "
                               "check the address (compute_endpoint)." % (
                                   self.question, ", ".join(sorted(map(repr, self))) or "nothing", key,
                                   " (request id %s)" % self.request_id if self.request_id else ""), request_id=self.request_id)


class Api:
    """One service in one region. Paths begin with '/' and are below the base address of the service."""

    def __init__(self, cloud, types, region):
        self.cloud = cloud
        self.types = types
        self.region = region

    def __str__(self):
        return self.region or "this cloud"

    @property
    def base(self):
        return self.cloud.address(self.types, self.region)

    def codec(self, base):
        """What bodies pass through at this address. Keystone v3 has nothing but JSON."""
        codecs = self.cloud.codecs
        return codecs.get(self.types[0], Json) if codecs and not base.endswith("/v3") else Json

    def request(self, method, path, body=None, query=None, headers=None, resend=True):
        """An Answer. A refused token is renewed once, and the request sent again unless that is up to the caller; so is a
        cached catalog whose address is no longer there."""
        token, base = self.cloud.access.token, self.base
        try:
            return self.send(method, base, token, path, body, query, headers, makes=not resend)
        except errors.ApiError as error:
            if error.status != 401:
                raise
            try:
                self.cloud.renew(token)
            except errors.CloudError as refusal:  # whether it was carried out is open all the same
                if resend:
                    raise
                error.advise("The token was refused, and no new one was to be had.")
                raise error from refusal
            if not resend:
                error.advise("The token was refused, and a new one is at hand. Run the task again; if it stays, check that this user may use this "
                             "tenant and region.")
                raise
        except errors.Unreachable:
            if not self.cloud.cache or self.cloud.login.compute_endpoint:
                raise
            self.cloud.renew(token)
            if self.base == base:
                raise
        return self.send(method, self.base, self.cloud.access.token, path, body, query, headers, makes=not resend)

    def send(self, method, base, token, path, body, query, headers, makes=False):
        return self.cloud.transport.send(method, base + path, self.codec(base), dict(headers or {}, **{"X-Auth-Token": token}), body, query,
                                         makes)

    def get(self, path, query=None):
        """The body of a GET, a dict. Raises ApiError on 404, BadAnswer when the answer is no document of this API."""
        try:
            answer = self.request("GET", path, query=query)
        except errors.ApiError as error:
            if error.status == 404:
                self.must_be_gone("GET", path, error)
            raise
        if answer.status == 300:
            raise errors.NoEndpoint("GET %s was answered 300: %s leaves the version of the API open. Give compute_endpoint with its version, "
                                    "as in %s/v2.1." % (path, self.base, self.base))
        if not isinstance(answer.data, dict):
            raise self.strange("GET", path, answer)
        return Document("GET %s" % path, answer)

    def strange(self, method, path, answer, lacks=None):
        """The error for an answer that is none of this API; lacks: what its body should have had, when it is one."""
        if lacks and answer.data is not None:
            what = "without %s in it" % lacks
        else:
            what = "with %s instead of %s" % (answer.kind, self.codec(self.base).media_type)
        return errors.BadAnswer(
            "%s %s was answered %d %s (%r%s). Something between here and %s answers in its place, or the "
            "address is not that of the API. Run the task again; if it stays, check the address (compute_endpoint) and the network." % (
                method, path, answer.status, what,
                " ".join(answer.text.split())[:60], ", request id %s" % answer.request_id if answer.request_id else "", self.base),
            http_status=answer.status, request_id=answer.request_id)

    def find(self, path, query=None, key=None, needs="id"):
        """The body of a GET, or None when there is no such thing (404). key: of the object in it that is asked for, which is given then;
        needs: the field without which it is none. Raises BadAnswer for what leaves open whether the thing is there."""
        try:
            found = self.get(path, query)
        except errors.ApiError as error:
            if error.status != 404:
                raise
            return None
        if key is None:
            return found
        thing = found[key]
        if not isinstance(thing, dict) or needs and not thing.get(needs):
            raise errors.BadAnswer("GET %s was answered with %s that is none%s. Something answers in place of the service. Run the task again; if it "
                                   "stays, check the address (compute_endpoint)." % (
                                       path, repr(key), " (request id %s)" % found.request_id if found.request_id else ""), request_id=found.request_id)
        things.check("GET %s" % path, key, thing, said=found)
        return thing

    def must_be_gone(self, method, path, error):
        """Raise an ApiError unless it is a 404 in which the service itself speaks, be it that its JSON is cut. A page, or a word of a proxy that
        lost its way to the service, proves nothing."""
        if error.status != 404:
            raise error
        said, codec = error.answer.text.strip(), self.codec(self.base)
        if error.answer.data is None and said and not said.startswith((PLAIN_404, "{")):
            try:
                codec.decode(said.encode())  # under another name
            except ValueError:
                raise self.strange(method, path, error.answer) from error
            if said.startswith("<") and "html" in said[:LONGEST_HEAD].lower():
                raise self.strange(method, path, error.answer) from error

    def remove(self, path):
        """A DELETE; what is gone already is fine."""
        try:
            self.delete(path)
        except errors.ApiError as error:
            self.must_be_gone("DELETE", path, error)

    def write(self, method, path, body=None, query=None, resend=True):
        """The Answer to what changes something. Raises BadAnswer for a page of HTML, which says nothing of whether it has."""
        answer = self.request(method, path, body, query, resend=resend)
        if answer.text.strip() and "html" in answer.headers.get("Content-Type", "").lower():
            raise self.strange(method, path, answer)
        return answer

    def post(self, path, body, query=None):
        return self.write("POST", path, body, query)

    def create(self, path, body):
        """A POST that makes something, for creation.once(): clouds are known to refuse the token and make the thing all the same."""
        return self.write("POST", path, body, resend=False)

    def made(self, path, body, key, needs="id"):
        """What a create() made, a dict that has what it needs. Raises BadAnswer when the answer does not show it."""
        answer = self.create(path, body)
        if not answer.part(key).get(needs):
            raise self.strange("POST", path, answer, "%s of a %s" % (needs, key))
        things.check("POST %s" % path, key, answer.part(key), things.MADE, answer)
        return answer.part(key)

    def put(self, path, body):
        return self.write("PUT", path, body)

    def patch(self, path, body):
        return self.write("PATCH", path, body)

    def delete(self, path):
        return self.write("DELETE", path)

    def pages(self, path, key, query=None):
        """Yield the lists of all pages. Of a next link only the query counts, on our own address; a link that comes twice
        raises BadAnswer. The largest page is what the service gives unasked, so no limit is sent."""
        seen = set()
        while True:
            page = self.get(path, query)
            if not isinstance(page.get(key), list) or not all(isinstance(item, dict) for item in page[key]):
                raise errors.BadAnswer("GET %s was answered without a list %r. Run the task again; if it stays, something answers in place of the "
                                       "service: check the address (compute_endpoint)." % (path, key))
            things.check("GET %s" % path, key, page[key], things.FULL if path.endswith("/detail") else things.NAMED, page)
            yield page[key]
            href = next_link(path, page.get(key + "_links"))
            if href:
                query = sorted(parse_qsl(href.partition("?")[2].partition("#")[0], keep_blank_values=True))
            elif page[key] and path in self.codec(self.base).unlinked:  # only an empty page tells that it was the last
                query = dict(query or {}, marker=page[key][-1]["id"])
            else:
                return
            if repr(query) in seen:
                raise errors.BadAnswer("GET %s: the same page was offered twice (%s); the list would never end. Run the task again; "
                                       "if it stays, the cloud's paging is broken." % (path, dict(query).get("marker")))
            seen.add(repr(query))

    def everything(self, path, key, query=None):
        """All items of all pages, each id once."""
        found = {}
        for page in self.stream(path, key, query):
            if page is None:
                found = {}
            else:
                found.update((str(item.get("id", number)), item) for number, item in enumerate(page, len(found)))
        return list(found.values())

    def stream(self, path, key, query=None):
        """Yield the pages as they come. Begins again, once, when the item that a page starts after was deleted meanwhile (400, "marker
        not found"), and says so by a None: what came before it does not count."""
        for last_try in (False, True):
            begun = False
            try:
                for page in self.pages(path, key, query):
                    begun = True
                    yield page
                return
            except errors.ApiError as error:
                if last_try or not begun or error.status not in (400, 404):  # services differ in how they call a marker that is gone
                    raise
            yield None


def next_link(path, links):
    """The address of the next page, None when this is the last. Raises BadAnswer for links of which that cannot be told: a list that ends
    too early would be a lie."""
    try:
        found = [link["href"] for link in links or () if link.get("rel") == "next"]
        if not all(isinstance(href, str) for href in found):
            raise TypeError
    except (AttributeError, KeyError, TypeError):
        raise errors.BadAnswer("GET %s was answered with links to further pages that are none. Run the task again; if it stays, the cloud's "
                               "paging is broken." % path) from None
    return found[0] if found else None
