# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The faults of the matrix, as a table: what happens at which request, and how a task may end that meets it."""

from __future__ import annotations

import email.utils
import json
import time
import uuid
from typing import NamedTuple

from .proxy import Reply, new_request_id

# Where in a task a fault may sit.
LOGIN, READ, WRITE, LOOK = "login", "first question", "write", "look after the write"
SPOTS = (LOGIN, READ, WRITE, LOOK)

# How a task may end. EITHER is for what the client may repeat only when it is a question: a write may end in an error that explains.
OK, EXPLAINED, EITHER = "ok", "explained", "either"

SHORT_TIMEOUT = 0.3   # seconds
LONG_TIMEOUT = 20
IN_AN_HOUR = 3600
MARKER = "ansible_create_id"
CALLED = ("id", "name", "label", "username", "display_name")  # how services call what a thing is called
WAITING = ("server", "fleet", "server_action", "image", "volume", "volume_attachment", "metadata")  # modules with options about waiting


class Fault(NamedTuple):
    """One fault.

    strike: arguments of a proxy.Strike but the index. refused: whether the request was certainly not carried out, so that the client repeats
    any verb. ends: how a task ends at a question; a write may end as EITHER unless the fault is refused, or the row makes its create
    sure. options: of the module, for this fault. settings: of the sandbox, in force during the run. applies(wish): "" or why a fault says nothing there.
    twin: somebody else makes a thing of the name first.
    proxied: the environment names the proxy as one, so that the client takes it for that and not for the service.
    rests: the seconds that the client has to rest at least. healing: options of the second run. brief: what a good end has reached may be over
    by the time it is looked at, so that the next run has to see to it.
    """

    name: str
    strike: dict | None = None
    spots: tuple = SPOTS
    refused: bool = False
    ends: str = OK
    options: dict = {}
    settings: dict = {}
    twin: bool = False
    rests: float = 0
    proxied: bool = False
    applies: object = None
    healing: dict = {}
    brief: bool = False


def said(status, body=None, headers=(), content_type="application/json"):
    """An answer instead of the true one: body is data, or text with another content type."""
    def alter(_reply, _request):
        text = json.dumps(body) if content_type == "application/json" else body
        return Reply(status, [("Content-Type", content_type), ("X-Compute-Request-Id", new_request_id()), *headers], (text or "").encode())
    return alter


def failed(status):
    """A fault of the service, in its own words."""
    name = {401: "unauthorized", 404: "itemNotFound", 503: "serviceUnavailable"}.get(status, "computeFault")
    return said(status, {name: {"code": status, "message": "The service could not do this."}})


def limited(status, header=None, **fields):
    """A refusal for the rate; header: a function that gives the value of Retry-After."""
    def alter(reply, request):
        headers = [("Retry-After", header())] if header else []
        return said(status, {"overLimit": dict({"code": status, "message": "This request was rate-limited."},
                                               **{name: value() for name, value in fields.items()})}, headers)(reply, request)
    return alter


def http_date(seconds):
    return lambda: email.utils.formatdate(time.time() + seconds, usegmt=True)


def iso(seconds, zone="Z"):
    return lambda: time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + seconds)) + zone


def page(status):
    """What a proxy or a captive portal answers in place of the service."""
    return said(status, "<html>\n<head><title>Sorry</title></head>\n<body><center><h1>%d Sorry</h1></center><hr>nginx</body>\n</html>\n" % status,
                content_type="text/html")


def truncated(reply, _request):
    """A body that ends too early, with a length that says that it does not."""
    if reply.json() is None:
        return "the answer has no JSON"
    return Reply(reply.status, reply.headers, reply.body[:len(reply.body) * 2 // 3])


def next_page(marker, repeats=False):
    """A list that claims to go on after `marker`; with `repeats`, what comes there is the same page again."""
    kept = {}

    def alter(reply, request):
        if repeats and request.path.endswith("marker=%s" % marker):
            reply = kept["page"]
        kept["page"] = reply
        data = reply.json()
        key = next((name for name, value in data.items() if isinstance(value, list) and not name.endswith("_links")), None) if isinstance(data, dict) else None
        if key is None:
            return "the answer is no list"
        data[key + "_links"] = [{"rel": "next", "href": "http://elsewhere.invalid%s?marker=%s" % (request.path.partition("?")[0], marker)}]
        return Reply(reply.status, reply.headers, json.dumps(data).encode())
    return alter


def without_new_things(reply, _request):
    """A list that does not show yet what carries the item of a create."""
    data = reply.json()
    if isinstance(data, dict):
        for name, things in data.items():
            if isinstance(things, list):
                data[name] = [thing for thing in things if not (isinstance(thing, dict) and MARKER in (thing.get("metadata") or {}))]
        reply = Reply(reply.status, reply.headers, json.dumps(data).encode())
    return reply


def spoilt_things(spoil):
    """An answer of the right outer form: each thing in it is what spoil(thing), a dict, makes of it."""
    def alter(reply, _request):
        data = reply.json()
        found = [name for name, value in data.items() if isinstance(value, (dict, list))] if isinstance(data, dict) else []
        if not any(data[name] for name in found if not name.endswith("links")):
            return "the answer holds no thing"

        def spoilt(thing):
            wrapped = isinstance(thing, dict) and len(thing) == 1 and isinstance(next(iter(thing.values())), dict)  # as key pairs in a list
            return {name: spoil(value) for name, value in thing.items()} if wrapped else spoil(thing) if isinstance(thing, dict) else thing
        for name in found:
            data[name] = [spoilt(thing) for thing in data[name]] if isinstance(data[name], list) else spoilt(data[name])
        return Reply(reply.status, reply.headers, json.dumps(data).encode())
    return alter


def bare(thing):
    """Of a thing what it is called, and no more."""
    return {name: value for name, value in thing.items() if name in CALLED}


def mistyped(thing):
    """A thing whose fields, but for what it is called, are of another type."""
    return {name: value if name in CALLED else 7 if isinstance(value, (str, list, dict)) else "x" for name, value in thing.items()}


def renamed(thing):
    """A thing that is called by something that is no text."""
    return {name: {"a": 7} if name in CALLED else value for name, value in thing.items()}


def hollow(thing):
    """A thing in whose lists and objects is something else than should be."""
    return {name: [7] if isinstance(value, list) else dict.fromkeys(value or ["a"], 7) if isinstance(value, dict) else value for name, value in thing.items()}


def nulled(thing):
    """A thing whose fields are all null."""
    return dict.fromkeys(thing)


def in_error(reply, _request):
    """The thing that is looked at ended in ERROR."""
    data = reply.json()
    thing = next((value for value in data.values() if isinstance(value, dict) and "status" in value), None) if isinstance(data, dict) else None
    if thing is None:
        return "the answer shows no status"
    thing["status"] = "error" if thing["status"].islower() else "ERROR"
    thing.pop("OS-EXT-STS:task_state", None)
    thing["fault"] = {"code": 500, "message": "No valid host was found.", "created": "2026-01-01T00:00:00Z"}
    return Reply(reply.status, reply.headers, json.dumps(data).encode())


def of_a_create(wish):
    return "" if wish.makes else "nothing is created"


def of_a_create_looked_at_by_id(wish):
    return "it looks at lists alone" if wish.module == "fleet" else of_a_create(wish)


def of_what_is_marked(wish):
    if wish.makes not in ("servers", "volumes", "images"):
        return "nothing is made that carries a mark"
    return "without a mark, a second one cannot be told from one of somebody else" if wish.unmarked else ""


def of_what_waits(wish):
    return "" if wish.module in WAITING or wish.removes else "the module has nothing to wait for"


def of_a_server_build(wish):
    return "" if wish.makes == "servers" else "no server is built"


def of_a_delete(wish):
    return "" if wish.removes == "servers" else "no server is deleted"


def of_what_is_found_by_name(wish):
    return "" if wish.by_name and not wish.makes else "nothing has to be found by a name that two may have"


def of_a_create_by_name(wish):
    return "" if wish.makes and wish.by_name else "no name is looked for before a create"


def of_what_is_understood(wish):
    return "" if wish.module != "api_request" else "a raw answer is handed out as it came"


QUICK = {"api_timeout": SHORT_TIMEOUT}
LASTING = {"lasting": True}
LATER = (READ, WRITE, LOOK)
ACTED = "though it was carried out"

FAULTS = (
    # The network.
    Fault("connection refused", {"wire": "refused"}, refused=True),
    Fault("connection refused for good", {"wire": "refused", **LASTING}, ends=EXPLAINED),
    Fault("connection unanswered", {"wire": "unanswered"}, refused=True, options=QUICK),
    Fault("reset before the request is read", {"wire": "reset", "acts": False}),
    Fault("reset after it was carried out", {"wire": "broken"}),
    Fault("reset in the middle of the body", {"wire": "torn"}),
    Fault("end in the middle of the body", {"wire": "ended"}),
    Fault("answer lost after it was carried out", {"wire": "lost"}),
    Fault("answer lost, not carried out", {"wire": "lost", "acts": False}),
    Fault("answer lost, and it shows late", {"wire": "lost", "until_sent_again": without_new_things}, spots=(WRITE,), applies=of_what_is_marked),
    Fault("answer lost, and it shows when the other is built", {"wire": "lost", "until_sent_again": without_new_things, "and_then": 3}, spots=(WRITE,),
          applies=of_what_is_marked),
    Fault("answer lost, and the look is refused", {"wire": "lost", "until_sent_again": said(403, {"forbidden": {"code": 403, "message": "Not now."}})},
          ends=EXPLAINED, spots=(WRITE,), applies=of_a_create),
    Fault("answers lost for good", {"wire": "lost", **LASTING}, ends=EXPLAINED),
    Fault("no answer in time, carried out", {"wire": "silent"}, options=QUICK),
    Fault("no answer in time, not carried out", {"wire": "silent", "acts": False}, spots=(WRITE,), options=QUICK),
    Fault("a body that stops in the middle", {"wire": "stalled"}, options=QUICK),
    Fault("a slow body", {"wire": "slow"}, refused=True, options=QUICK),
    Fault("a proxy breaks off after it was carried out", {"wire": "lost"}, proxied=True),
    Fault("a proxy breaks off, not carried out", {"wire": "lost", "acts": False}, proxied=True),
    # The service.
    *[Fault("%d" % status, {"alter": failed(status), "acts": False}, refused=status == 503) for status in (500, 502, 503, 504)],
    *[Fault("%d %s" % (status, ACTED), {"alter": failed(status)}, spots=(WRITE,)) for status in (500, 502, 503, 504)],
    Fault("524 %s" % ACTED, {"alter": page(524)}, spots=(WRITE,)),
    Fault("HTML with 404 at a look", {"alter": page(404), "acts": False}, spots=(LOOK,), applies=of_what_waits),
    *[Fault("%d for good" % status, {"alter": failed(status), "acts": False, **LASTING}, ends=EXPLAINED) for status in (500, 503)],
    Fault("502 for longer than a look is tried", {"alter": failed(502), "acts": False, "times": 4}, spots=(LOOK,), applies=of_what_waits),
    Fault("401 in the middle", {"alter": failed(401), "acts": False}, spots=LATER, refused=True),
    Fault("401 %s" % ACTED, {"alter": failed(401)}, spots=(WRITE,)),
    Fault("401 %s, and no login since" % ACTED, {"alter": failed(401), "logins": limited(429, lambda: "2")}, spots=(WRITE,),
          applies=of_a_create),
    Fault("401 for good", {"alter": failed(401), "acts": False, **LASTING}, ends=EXPLAINED),
    Fault("404 just after a create", {"alter": failed(404), "acts": False, "times": 3}, spots=(LOOK,), applies=of_a_create_looked_at_by_id),
    # Limits.
    Fault("413, seconds", {"alter": limited(413, lambda: "30"), "acts": False}, refused=True, rests=25),
    Fault("429, HTTP date", {"alter": limited(429, http_date(30)), "acts": False}, refused=True, rests=25),
    Fault("413, ISO date", {"alter": limited(413, iso(30)), "acts": False}, refused=True, spots=LATER, rests=25),
    Fault("429, no time named", {"alter": limited(429), "acts": False}, refused=True),
    Fault("413, seconds in the body", {"alter": limited(413, retryAfter=lambda: "30"), "acts": False}, refused=True, spots=LATER, rests=25),
    Fault("413, date with UTC in the body", {"alter": limited(413, retryAt=iso(30, "UTC")), "acts": False}, refused=True, spots=LATER, rests=25),
    Fault("413, 0 seconds: a quota of old clouds", {"alter": limited(413, lambda: "0"), "acts": False}, ends=EXPLAINED, spots=(READ, WRITE)),
    Fault("429, 0 seconds", {"alter": limited(429, lambda: "0"), "acts": False}, refused=True, spots=LATER),
    Fault("429, eleven days", {"alter": limited(429, lambda: "999999"), "acts": False}, refused=True, spots=LATER, rests=100),
    Fault("429, a date long ago", {"alter": limited(429, http_date(-IN_AN_HOUR)), "acts": False}, refused=True, spots=LATER),
    Fault("429, nonsense", {"alter": limited(429, lambda: "soon"), "acts": False}, refused=True, spots=LATER),
    Fault("429 for good", {"alter": limited(429, lambda: "2"), "acts": False, **LASTING}, ends=EXPLAINED),
    # Bodies.
    Fault("HTML with 200", {"alter": page(200)}, ends=EITHER, applies=of_what_is_understood),
    Fault("HTML with 200, not carried out", {"alter": page(200), "acts": False}, ends=EITHER, spots=(WRITE,), applies=of_what_is_understood),
    Fault("HTML with 200 for good", {"alter": page(200), **LASTING}, ends=EXPLAINED, spots=(LOGIN, READ, LOOK),
          applies=of_what_is_understood),
    Fault("HTML with 502", {"alter": page(502), "acts": False}),
    Fault("HTML with 503", {"alter": page(503), "acts": False}, refused=True),
    Fault("cut JSON", {"alter": truncated}),
    Fault("JSON of something else", {"alter": said(200, {"hello": "world"})}, ends=EITHER, applies=of_what_is_understood),
    Fault("an empty body with 200", {"alter": said(200, None, content_type="text/html")}, ends=EITHER, applies=of_what_is_understood),
    *[Fault("things %s" % how, {"alter": spoilt_things(spoil)}, ends=EITHER, spots=LATER, applies=of_what_is_understood) for how, spoil in (
        ("without their fields", bare), ("whose fields are of another type", mistyped), ("that are not called by a text", renamed),
        ("that hold something else", hollow), ("whose fields are null", nulled))],
    # Lies.
    Fault("a build that ends in ERROR", settings={"next_build": "ERROR"}, spots=(WRITE,), ends=EXPLAINED, applies=of_a_server_build,
          healing={"on_error": "recreate"}),
    Fault("a build that ends in ERROR, recreated", settings={"next_build": ["ERROR", "ERROR"]}, spots=(WRITE,), applies=of_a_server_build,
          options={"on_error": "recreate"}),
    Fault("a build that goes ACTIVE and then ERROR", settings={"next_build": "ACTIVE_THEN_ERROR"}, spots=(WRITE,), ends=EITHER,
          applies=of_a_server_build, healing={"on_error": "recreate"}, brief=True),
    Fault("what is looked at is in ERROR", {"alter": in_error, **LASTING}, ends=EXPLAINED, spots=(LOOK,), applies=of_a_create),
    Fault("a delete that takes its time", settings={"delete_time": 40.0}, spots=(WRITE,), applies=of_a_delete),
    Fault("a delete that lingers", settings={"delete_time": 900.0}, spots=(WRITE,), ends=EXPLAINED, applies=of_a_delete,
          options={"wait_timeout": 20}),
    Fault("a deleted server still shown", settings={"delete_lingers": 900.0}, spots=(WRITE,), applies=of_a_delete),
    Fault("another of that name before the look", {}, twin=True, spots=(READ,), ends=EXPLAINED, applies=of_what_is_found_by_name),
    Fault("another of that name after the look", {}, twin=True, spots=(WRITE,), ends=EITHER, applies=of_a_create_by_name),
    Fault("a clock an hour ahead", {"wire": "lost"}, settings={"clock_skew": IN_AN_HOUR}, spots=(WRITE,), ends=EITHER),
    Fault("a clock an hour behind", {"wire": "lost"}, settings={"clock_skew": -IN_AN_HOUR}, spots=(WRITE,), ends=EITHER),
    Fault("a page that repeats", {"alter": next_page("again", repeats=True), **LASTING}, ends=EITHER, spots=(READ,)),
    Fault("a marker that vanished", {"alter": next_page(uuid.UUID(int=7))}, spots=(READ,)),
)
