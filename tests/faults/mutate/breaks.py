# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The guards of the client, each broken once: what is there, what comes in its place, and the part of the suite that has to fail then."""

from __future__ import annotations

from dataclasses import dataclass

import mutation

LOST = "answer lost after it was carried out"


@dataclass
class Break(mutation.Break):
    """One break, and what has to notice it: rows and columns of the matrix, or a script beside it."""

    modules: tuple = ()
    faults: tuple = ()
    script: str = ""

    @property
    def plays(self):
        """What is run below tests, with its arguments."""
        if self.script:
            return ("faults/" + self.script,)
        return ("faults", *(word for name in self.modules for word in ("--module", name)), *(word for name in self.faults for word in ("--fault", name)))


BREAKS = (
    Break("the mark of a create is not looked for", "creation.py", "mark_of(thing) == mark]", "mark_of(thing) is mark.upper()]", ("volume",), (LOST,)),
    Break("a create is sent again without a look", "creation.py", "        found, looks = find(look, lambda refusal, lost=lost: refused(refusal, lost))\n",
          "        found, looks = None, 1\n",
          ("network",), (LOST,)),
    Break("the second one of a lie stays", "creation.py", "remove(other)", "None", ("volume",), ("answer lost, and it shows late",)),
    Break("the second one of a lie that shows later stays", "creation.py", "        if end and alone:\n", "        if False:\n", ("volume", "server"),
          ("answer lost, and it shows when the other is built",)),
    Break("a thing without a mark is not looked for by its looks", "creation.py", "for thing in namesakes() if by_looks(thing)), None)",
          "for thing in ()), None)", ("server",), (LOST,)),
    Break("nobody says that a thing may be there when the look is refused", "creation.py", "lambda refusal, lost=lost: refused(refusal, lost)", "None",
          ("server",), ("answer lost, and the look is refused",)),
    Break("a thing just made must be there at once", "creation.py", "YOUNG = 30.0", "YOUNG = 0.0", ("volume",), ("404 just after a create",)),
    Break("a create is sent again after a 401", "api.py", 'self.write("POST", path, body, resend=False)', 'self.write("POST", path, body)', ("volume",),
          ("401 though it was carried out",)),
    Break("a create is sent again after any 503", "transport.py", "not (makes and error.leaves_open)", "True", ("volume",),
          ("503 though it was carried out",)),
    Break("what may have happened is sent again", "transport.py", "return error.leaves_open and asks", "return error.leaves_open",
          ("volume",), ("500 though it was carried out",)),
    Break("an action is sent again", "servers.py", "resend=resend).fields", "resend=True).fields", ("server_action",),
          ("503 though it was carried out", "401 though it was carried out")),
    Break("an API key is reset again", "users.py", "answer = api.create(credentials_path", "answer = api.post(credentials_path", ("identity_user",),
          ("401 though it was carried out",)),
    Break("a volume that grows already is refused", "volumes.py", "if error.status not in (400, 409) or not grows(", "if True or not grows(", ("volume",),
          ("401 though it was carried out",)),
    Break("what was refused is not sent again", "errors.py", "REFUSED = (413, 429, 503)", "REFUSED = ()", ("flavor_info",), ("429, HTTP date",)),
    Break("a question is not asked again", "transport.py", "return error.leaves_open and asks", "return False", ("flavor_info",), ("500",)),
    Break("things are taken as they come", "things.py", "        if wrong:\n", "        if False:\n", ("server", "keypair_info", "inventory"),
          ("things whose fields are of another type", "things without their fields")),
    Break("a quota is waited for", "transport.py", "return not is_quota(error) and", "return", ("flavor_info",), ("413, 0 seconds: a quota of old clouds",)),
    Break("Retry-After is obeyed for days", "transport.py", "LONGEST_RETRY_AFTER = 120.0", "LONGEST_RETRY_AFTER = 1e9", ("flavor_info",),
          ("429, eleven days",)),
    Break("a Retry-After that is a date is not read", "wait.py", 'parsedate_tz(text) if "," in text or ASCTIME.match(text) else None', "None", ("flavor_info",),
          ("429, HTTP date",)),
    Break("a refused token is not renewed", "api.py", "if error.status != 401:", "if error.status != 499:", ("flavor_info",), ("401 in the middle",)),
    Break("a login is not tried again", "transport.py", '("/tokens", "auth"),\n', "", ("flavor_info",), ("500",)),
    Break("check mode goes on", "runner.py", "    if rehearsal:\n", "    if False:\n", ("volume",), ("503",)),
    Break("check mode may write", "transport.py", "return not self.read_only or only_reads(method, url, body)", "return True", ("api_request",), ("503",)),
    Break("secrets are shown", "runner.py", "argument_spec=dict(AUTH, **argument_spec)",
          "argument_spec=dict({name: dict(rule, no_log=False) for name, rule in AUTH.items()}, **argument_spec)", script="leaks.py"),
    Break("what a service quotes is shown", "masking.py", "    known = [str(secret) for secret in secrets if secret and",
          "    known = [str(secret) for secret in () if", script="leaks.py"),
    Break("protection is not asked for", "server_plan.py", "if metadata.is_protected(now.get(\"metadata\")) and", "if False and", ("server",), ("503",)),
    Break("a source is not taken whole", "credentials.py", 'yield Source("the options", given, RACKSPACE',
          'yield Source("the options", dict(picked(RAX_NAMES, environ), **given), RACKSPACE', ("flavor_info",), ("503",)),
    Break("the first of two names is taken", "lookup.py", "    if len(found) > 1:\n", "    if False:\n", ("volume",),
          ("another of that name before the look",)),
    Break("a wait ends at the first trouble", "wait.py", "            if not error.passing:\n", "            if True:\n",
          ("volume",), ("502 for longer than a look is tried",)),
    Break("a page of HTML counts as an answer", "api.py", 'if answer.text.strip() and "html" in', 'if False and "html" in', ("server",),
          ("HTML with 200, not carried out",)),
    Break("a list that lost its place is not begun anew", "api.py", "if last_try or not begun or", "if True or", ("server_info",), ("a marker that vanished",)),
    Break("an answer of something else ends in an exception", "api.py", 'return Document("GET %s" % path, answer)', "return answer.data", ("keypair",),
          ("JSON of something else",)),
)
