# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""One HTTP exchange on requests: timeout, retry, the read-only guard, and the error that an answer means."""

from __future__ import annotations

import re
import traceback
from typing import NamedTuple
from urllib.parse import unquote, urlencode, urlsplit

from . import errors, wait

try:
    import requests
    from requests.utils import get_environ_proxies
    from urllib3 import disable_warnings
    from urllib3.exceptions import ConnectTimeoutError, InsecureRequestWarning, NewConnectionError, ProtocolError
    MISSING = None
except ImportError:
    requests = None
    MISSING = traceback.format_exc()

USER_AGENT = "rackspace.cloud/1.0.0 (Ansible collection)"

SAFE = ("GET", "HEAD")

# The POSTs that change nothing and are let through in check mode: the end of the path, the one key of the body.
READING_POSTS = (
    ("/tokens", "auth"),
    ("/action", "os-getConsoleOutput"),
)

LONGEST_RETRY_AFTER = 120.0
REQUEST_IDS = ("x-compute-request-id", "x-openstack-request-id", "x-request-id", "x-trans-id")
REQUEST_ID = re.compile(r"[\w.:=-]{1,128}", re.ASCII)  # letters of an id; Rackspace's identity service writes it in base64
PROXY_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
CONNECTING = ("connect", "_validate_conn", "_prepare_proxy", "do_handshake")  # functions of urllib3 and ssl before anything of a request is sent
READING = ("build_response",)  # functions of requests that make something of the headers of an answer


class Answer(NamedTuple):
    """What came back: status (int), headers (case-insensitive), data (decoded body, None when there is none), text.

    blank: takes the secrets of the request out of a text; headers are as they came, and some services quote a token there.
    """

    status: int
    headers: object
    data: object
    text: str
    blank: object = str

    @property
    def request_id(self):
        """What the service calls this exchange; None where it says nothing, or something that is not to be shown."""
        for name in REQUEST_IDS:
            given = self.headers.get(name, "")
            if REQUEST_ID.fullmatch(given) and self.blank(given) == given:
                return given
        return None

    @property
    def kind(self):
        """What the body is said to be, for messages."""
        return self.blank(self.headers.get("Content-Type", ""))[:100] or "no content"

    @property
    def fields(self):
        """The body, a dict; {} when it is none."""
        return self.data if isinstance(self.data, dict) else {}

    def part(self, key):
        """The object under a key of the body; {} where there is none."""
        return part(self.data, key)

    @property
    def date(self):
        """The clock of the service, in seconds since 1970; None when it does not say."""
        return wait.moment(self.headers.get("Date", ""))


class Transport:
    """Sends requests. One per task; it knows nothing of tokens and services.

    timeout: seconds for the connection and between two pieces of an answer; retries: how often a request may be
    repeated; verify: True, False or the path of a CA bundle; cert: path, or (certificate, key) paths of the client.
    """

    calls = None  # what was sent; only a trace.Traced writes it down
    pace = None  # a gate that several threads share: through(method, url, exchange) sends when that is allowed, see fleet_pace

    def __init__(self, timeout=30, retries=5, verify=True, cert=None, allow_http=False, read_only=False, session=None):
        self.timeout = timeout
        self.retries = max(0, retries)
        self.verify = verify
        self.cert = cert
        self.allow_http = allow_http
        self.read_only = read_only
        self.proxies = {}
        self.skew = 0.0  # seconds by which the service's clock is ahead of ours
        self.tells_time = False  # whether an answer has said so
        self.session = session or requests.Session()
        # No .netrc, no CA bundle by environment: both would change what the user wrote. Proxies are asked for below.
        self.session.trust_env = False
        # Redirects are told and not followed, and so not read either: an address that is none would count as one of ours.
        self.session.get_redirect_target = lambda answer: None
        if verify is False:
            disable_warnings(InsecureRequestWarning)

    def send(self, method, url, codec, headers=None, body=None, query=None, makes=False):
        """One exchange, repeated where that is safe. makes: it would make a second thing when sent twice, and its sender looks first.
        Returns an Answer of status 2xx or 300; anything else raises."""
        self.check_address(url)
        if not self.lets_through(method, url, body):
            raise errors.WriteRefused("check mode tried %s %s" % (method, url))
        if query:
            url = "%s%s%s" % (url, "&" if "?" in url else "?", urlencode(query, doseq=True))
        for attempt in range(1, self.retries + 2):
            try:
                if self.pace and self.retries:
                    return self.pace.through(method, url, lambda: self.exchange(method, url, codec, headers, body))
                return self.exchange(method, url, codec, headers, body)
            except errors.CloudError as error:
                if attempt > self.retries or not may_repeat(only_asks(method, url, body), error, makes):
                    raise
                wait.rest(pause_before(attempt, error))

    def widen(self, connections):
        """Keep so many connections to a host open, for as many threads."""
        for scheme in ("http://", "https://"):
            if self.session.adapters[scheme].__class__ is requests.adapters.HTTPAdapter:  # not one that somebody handed over
                self.session.mount(scheme, requests.adapters.HTTPAdapter(pool_maxsize=connections))

    def lets_through(self, method, url, body):
        """False for what may change something, in check mode."""
        return not self.read_only or only_reads(method, url, body)

    def check_address(self, url):
        """Refuse an address that would carry a secret in the clear, or that is none."""
        parts = urlsplit(url if errors.place_of(url) else "")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise errors.BadInput("%r is not an http or https address. Give auth_url (or compute_endpoint) in full, "
                                  "as in https://identity.api.rackspacecloud.com/v2.0." % errors.without_login(url))
        if parts.scheme == "http" and not self.allow_http and not errors.is_own_machine(url):
            raise errors.BadInput("%s://%s is plain http: the login would travel in the clear. Use https, or set "
                                  "allow_http: true if this network is trusted." % (parts.scheme, errors.place_of(url)))
        if "@" in parts.netloc:
            raise errors.BadInput("%s://…@%s holds a login. Give username and password as options, and the address without them."
                                  % (parts.scheme, errors.place_of(url)))

    def exchange(self, method, url, codec, headers, body):
        """One request and its answer, as an Answer or as an error."""
        headers = dict({"Accept": codec.media_type}, **dict(headers or {}, **{"User-Agent": USER_AGENT}))
        content = None
        if body is not None:
            headers.setdefault("Content-Type", codec.media_type)
            content = codec.encode(body)
        try:
            raw = self.session.request(
                method, url, headers=headers, data=content, timeout=self.timeout, allow_redirects=False,
                verify=self.verify, cert=self.cert, proxies=self.proxies_for(url))
        except (requests.exceptions.RequestException, OSError, ValueError, AttributeError) as error:
            if isinstance(error, AttributeError) and not passed(error, READING):  # a bug of ours
                raise
            explained = self.explain(method, url, error, only_reads(method, url, body))
            explained.args = (without_echo(explained.args[0], headers, body, self.logins_at_proxies(url)),)
            raise explained from None  # the message of the cause may quote a header, which is a secret
        date = wait.moment(raw.headers.get("Date", ""))
        if date is not None:
            self.skew, self.tells_time = date - wait.wall(), True
        return read(method, url, codec, raw, lambda words_of_theirs: without_echo(
            words_of_theirs, headers, body, self.logins_at_proxies(url)))

    def cloud_time(self):
        """Seconds since 1970 on the service's clock, as of its last answer."""
        return wait.wall() + self.skew

    def proxies_for(self, url):
        host = errors.place_of(url)
        if host not in self.proxies:
            proxies = get_environ_proxies(url)
            check_proxy(url, proxies)
            self.proxies[host] = proxies
        return self.proxies[host]

    def logins_at_proxies(self, url):
        """The secrets in the addresses of proxies: words about one that fails may quote them."""
        found = []
        for address in self.proxies.get(errors.place_of(url), {}).values():
            login = address.rpartition("@")[0].rpartition("://")[2]
            found += [login, unquote(login), login.partition(":")[2], unquote(login).partition(":")[2]]
        return found

    def explain(self, method, url, error, reads):
        """The error for an exchange that brought no answer; reads: whether the request changes nothing."""
        host = errors.place_of(url)
        known = requests.exceptions
        if passed(error, READING):  # a Content-Type as "application/json; charset" is too much for some versions
            return errors.LostAnswer("%s %s: the answer of %s has headers that cannot be read. %s"
                                     % (method, path_of(url), host, may_have_happened(reads)))
        if isinstance(error, (known.InvalidHeader, UnicodeError)):  # its own message quotes the header, which is a secret
            return errors.BadInput("the token cannot be sent to %s: it holds a line break, a blank at an end or a letter that headers "
                                   "cannot carry. Check where it comes from." % host)
        if isinstance(error, known.ProxyError) and not_sent(error):
            return errors.Unreachable("The proxy for %s does not answer (%s). Check the proxy variables of the environment."
                                      % (host, reason(error)))
        if isinstance(error, known.SSLError) and not_sent(error):
            refused = errors.Unreachable(
                "TLS with %s failed: %s. Name the authority that signed its certificate in ca_cert, or check that the "
                "address is right. validate_certs: false would accept anybody." % (host, reason(error)))
            refused.passing = False
            return refused
        if isinstance(error, known.ConnectTimeout) or not_sent(error):
            return errors.Unreachable("%s %s: no connection to %s (%s). Check the address, the network and proxies; nothing was sent."
                                      % (method, path_of(url), host, reason(error)))
        if isinstance(error, known.Timeout):
            return errors.LostAnswer("%s %s: %s gave no answer within %s s (api_timeout). %s"
                                     % (method, path_of(url), host, self.timeout, may_have_happened(reads)))
        if isinstance(error, (known.ConnectionError, known.ChunkedEncodingError, known.ContentDecodingError)):
            return errors.LostAnswer("%s %s: the connection to %s broke (%s). %s"
                                     % (method, path_of(url), host, reason(error), may_have_happened(reads)))
        return errors.BadInput("%s cannot be used: %s. Check auth_url, ca_cert, client_cert and client_key." % (host, reason(error)))


def check_proxy(url, proxies):
    """Refuse the address of a proxy that is none, in words without it: what cannot be read may hold a password anywhere."""
    scheme = urlsplit(url).scheme
    named = next((name for name in (scheme, "all") if proxies.get(name)), None)
    if named and not is_proxy(proxies[named]):
        raise errors.BadInput("the proxy for %s is no address. Correct the variable %s_proxy of the environment: http://proxy.example:3128, or "
                              "http://user:password@proxy.example:3128 with %%2F for a slash, %%3F for a question mark, %%23 for a #, %%40 for an @ and %%5C "
                              "for a backslash in the password." % (errors.place_of(url), named))


def is_proxy(address):
    """Whether the address of a proxy means what it says: a login with a slash in it would be taken for a host and its port."""
    try:
        parts = urlsplit(address if "://" in address else "http://" + address)
        known = parts.scheme in PROXY_SCHEMES and parts.hostname and parts.port != 0
    except ValueError:
        return False
    return bool(known) and not re.search(r"[\\\s]", address) and "@" not in parts.path + parts.query + parts.fragment


def only_reads(method, url, body):
    if method in SAFE:
        return True
    path = urlsplit(url).path
    return method == "POST" and any(
        path.endswith(end) and isinstance(body, dict) and list(body) == [key] for end, key in READING_POSTS)


def only_asks(method, url, body):
    """Whether a request may be sent twice: it changes nothing. A login with a passcode may not; that is good for one time."""
    if not only_reads(method, url, body):
        return False
    auth = part(body, "auth")
    return "RAX-AUTH:passcodeCredentials" not in auth and "totp" not in str(part(auth, "identity").get("methods"))


def part(data, key):
    """The object under a key of an object, {} where there is none: a body may come from a user, in any shape."""
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def may_repeat(asks, error, makes=False):
    """What was refused may be sent again by any verb, what may have happened only when it is a question.

    A 503 that names no time may come from a proxy whose service is at work all the same: what makes something is not sent again then.
    """
    if isinstance(error, errors.ApiError):
        if error.status in errors.REFUSED:
            return not is_quota(error) and not (makes and error.leaves_open)
        return error.leaves_open and asks
    if isinstance(error, errors.Unreachable):
        return error.passing
    return isinstance(error, (errors.LostAnswer, errors.BadAnswer)) and asks and error.passing


def is_quota(error):
    """A 413 that no waiting helps: it speaks of a quota, or says Retry-After: 0 and names no time (Nova before 2014.2)."""
    return error.quota or (error.status == 413 and getattr(error, "retry_after", None) == 0)


def pause_before(attempt, error):
    """Seconds until the next try: what the service asked for, within reason, else a growing rest."""
    asked = getattr(error, "retry_after", None)
    if asked is None:
        return wait.backoff(attempt)
    return min(max(asked, 1.0), LONGEST_RETRY_AFTER)


def read(method, url, codec, raw, blank):
    """An Answer from what requests brought, or the error that it means. blank: takes the secrets of the request out of what quotes it."""
    readable = codec.reads(raw.headers.get("Content-Type", "").lower())
    content, data, broken = raw.content, None, None
    if content and readable:
        try:
            data = codec.decode(content)
        except ValueError as error:
            broken = str(error)
    if raw.status_code > 300:
        raise refusal(method, url, raw, data, blank)
    answer = Answer(raw.status_code, raw.headers, data, "" if data is not None or not content else without_secrets(raw, blank), blank)
    if broken:
        raise errors.BadAnswer(
            "%s %s was answered %d with a body that is cut or damaged (%s)%s. Run the task again; if it stays, a proxy between "
            "here and %s damages answers." % (method, path_of(url), raw.status_code, broken, id_of(answer), errors.place_of(url)),
            http_status=raw.status_code, request_id=answer.request_id)
    return answer


def refusal(method, url, raw, said, blank):
    """The ApiError that an answer means. said: the data of its body as the service wrote them, to judge by and not to show."""
    from . import faults  # only what goes wrong needs it
    data = faults.blanked(said, blank)
    answer = Answer(raw.status_code, raw.headers, data, "" if data is not None else without_secrets(raw, blank), blank)
    if raw.status_code < 400:
        quota, name, text, fields = False, None, "a redirect to %s" % blank(raw.headers.get("Location", "nowhere").partition("?")[0]), {}
    else:
        _name, plain, fields = faults.fault(said, text_of(raw))
        name, text, _blanked = faults.fault(data, answer.text)
        quota = "quota" in plain.lower()
    error = errors.ApiError(method, path_of(url), raw.status_code, name, text, answer.request_id, of_quota=quota)
    error.answer = answer
    error.retry_after = faults.retry_after(answer, fields)
    return error


def without_echo(text, headers, body, others=()):
    """What a service wrote, text or bytes, without the secrets of our request and others: services and proxies quote what they do not like."""
    from . import masking  # only what goes wrong needs it
    return masking.masked(text, [*masking.sent(headers, body), *others])


def without_secrets(raw, blank):
    """The content of an answer as text that may be shown. Its bytes are looked at too: it may be in another encoding than it says."""
    return blank(text_of(raw, blank(raw.content)))


def text_of(raw, content=None):
    """The content of an answer, or other bytes in its place, as text in the encoding that it names."""
    content = raw.content if content is None else content
    try:
        return content.decode(raw.encoding or "utf-8", "replace")
    except (LookupError, ValueError):  # a name that is none, or of an encoding that does not read just anything
        return content.decode("utf-8", "replace")


def not_sent(error):
    """True when the connection was never made, so that the request cannot have happened.

    That a proxy or TLS is to blame does not tell: both may fail as well when the request is long on its way.
    """
    return any(isinstance(cause, (NewConnectionError, ConnectTimeoutError)) or passed(cause, CONNECTING) for cause in causes(error))


def causes(error):
    """An error of requests and those that it wraps, the innermost last."""
    while isinstance(error, BaseException):
        yield error
        within = (getattr(error, "reason", None), *reversed(error.args))
        error = next((cause for cause in within if isinstance(cause, BaseException)), None)


def passed(error, functions):
    """Whether an error arose in one of these functions, or in what they called.

    CONNECTING: in the handshake of TLS, or with a proxy that makes no tunnel. The classes and reasons of such errors are the same at any
    time, so it is the place that counts.
    """
    trace = error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_name in functions:
            return True
        trace = trace.tb_next
    return False


def reason(error):
    """The shortest true account of a requests error: the innermost cause, without object addresses."""
    cause = error.args[0] if error.args else error
    cause = getattr(cause, "reason", cause)
    if isinstance(cause, ProtocolError) and len(cause.args) == 2:  # what happened, and the error that says so, perhaps once more
        what, why = (str(part) for part in cause.args)
        return what if why in what else "%s %s" % (what, why)
    text = str(cause)
    return re.sub(r"^.*?object at 0x[0-9a-f]+>(, )?:? ?|^HTTPS?Connection\([^)]*\): ", "", text) or type(error).__name__


def may_have_happened(reads):
    return "Run the task again." if reads else "It may have happened all the same: look before it is sent again."


def id_of(answer):
    return " (request id %s)" % answer.request_id if answer.request_id else ""


def path_of(url):
    """The path of an address, for messages."""
    from . import masking
    return masking.path(urlsplit(url).path or "/")
