# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Who may come in: users, projects, tokens, application credentials and half-finished multi-factor logins."""

import secrets
import uuid

PASSWORD = "sandbox-password"

# name, id, password, API key, tenant, roles, passcode; the tenant of an account is also its domain.
_RACKSPACE_USERS = (
    ("demo", "170454", PASSWORD, "sandbox-api-key", "123456", ("identity:user-admin",), None),
    ("mfa", "170455", PASSWORD, "sandbox-mfa-key", "123456", ("identity:user-manage",), "123456"),
    ("other", "180001", "sandbox-other-password", "sandbox-other-key", "654321", ("identity:user-admin",), None),
    ("full", "190001", PASSWORD, "sandbox-full-key", "777777", ("identity:user-admin",), None),
)
_OPENSTACK_USERS = (
    ("demo", "d0d0c0ffee0000000000000000000001", PASSWORD, None, "demo", ("member", "reader"), None),
    ("mfa", "d0d0c0ffee0000000000000000000002", PASSWORD, None, "demo", ("member", "reader"), "123456"),
    ("other", "d0d0c0ffee0000000000000000000003", "sandbox-other-password", None, "other", ("member", "reader"), None),
    ("full", "d0d0c0ffee0000000000000000000004", PASSWORD, None, "full", ("member", "reader"), None),
    ("admin", "d0d0c0ffee0000000000000000000005", PASSWORD, None, "demo", ("admin", "member", "reader"), None),
)
_PROJECTS = {
    "rackspace": {"123456": "123456", "654321": "654321", "777777": "777777"},
    "openstack": {"5eed0000000040008000000000000001": "demo", "5eed0000000040008000000000000002": "other",
                  "5eed0000000040008000000000000003": "full"},
}
EXHAUSTED = {"rackspace": "777777", "openstack": "5eed0000000040008000000000000003"}
DEMO_PROJECT = {"rackspace": "123456", "openstack": "5eed0000000040008000000000000001"}
APPLICATION_CREDENTIAL = {"id": "sandbox-appcred", "name": "sandbox-appcred-name", "secret": "sandbox-appcred-secret"}
DOMAIN = {"id": "default", "name": "Default"}
# The project that owns what everybody may use.
PROVIDER = "5eed0000000040008000000000000009"


class User:
    """One user: everything that either identity service knows about it."""

    def __init__(self, name, user_id, password, project_id, roles=(), api_key=None, passcode=None, created=0.0):
        self.id = user_id
        self.name = name
        self.password = password
        self.api_key = api_key
        self.passcode = passcode
        self.project_id = project_id
        self.domain_id = project_id
        self.roles = list(roles)
        self.email = "%s@example.com" % name
        self.enabled = True
        self.default_region = "DFW"
        self.description = None
        self.extra = {}
        self.created = self.updated = created

    @property
    def is_admin(self):
        """Whether it administers the whole cloud."""
        return "admin" in self.roles


class Token:
    """A token: whose, for which project (None: unscoped), how it was won and how long it lasts."""

    def __init__(self, user, project_id, methods, issued, expires):
        self.id = secrets.token_hex(24)
        self.user = user
        self.project_id = project_id
        self.methods = list(methods)
        self.issued = issued
        self.expires = expires
        self.audit_id = secrets.token_urlsafe(12)


class Accounts:
    """All users, projects and tokens of a cloud."""

    def __init__(self, dress, now):
        self.dress = dress
        self.projects = dict(_PROJECTS[dress])
        ids = {name: project_id for project_id, name in self.projects.items()}
        rows = _RACKSPACE_USERS if dress == "rackspace" else _OPENSTACK_USERS
        self.users = {row[1]: User(row[0], row[1], row[2], ids[row[4]], row[5], row[3], row[6], created=now) for row in rows}
        self.tokens = {}
        self.pending = {}  # session or receipt id -> user whose first factor was right
        self._next_number = 200_000

    def new_user_id(self):
        """An id in the form of the dress: a number at Rackspace, hexadecimal elsewhere."""
        if self.dress == "rackspace":
            self._next_number += 1
            return str(self._next_number)
        return uuid.uuid4().hex

    def by_name(self, name):
        """The user of that name, or None."""
        return next((user for user in self.users.values() if user.name == name), None)

    def issue(self, user, project_id, methods, now, life):
        """A new token."""
        token = Token(user, project_id, methods, now, now + life)
        self.tokens[token.id] = token
        return token

    def valid(self, token_id, now):
        """The token of that id when it is good for something, or None."""
        token = self.tokens.get(token_id)
        good = token and token.expires > now and token.user.enabled and token.user.id in self.users
        return token if good else None

    def revoke(self, token_id):
        """Make one token worthless; returns whether it existed."""
        return self.tokens.pop(token_id, None) is not None

    def revoke_user(self, user):
        """Make every token of a user worthless, as a new password does."""
        self.tokens = {key: token for key, token in self.tokens.items() if token.user is not user}

    def expire_all(self):
        """Make every token worthless."""
        self.tokens.clear()

    def half_way(self, user, now):
        """Remember that the first factor was right; the id of the session or receipt, good for ten minutes."""
        key = secrets.token_urlsafe(64)
        self.pending[key] = (user, now + 600)
        return key

    def second_half(self, key, now):
        """The user of a session or receipt, or None when there is none or it is too late."""
        user, until = self.pending.get(key, (None, 0))
        return user if until > now else None
