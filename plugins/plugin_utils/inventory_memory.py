# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was listed last time, kept in a file beside the tokens: which account and request it belongs to, and as of when it is true.

The file is of mode 0600, replaced as a whole. What belongs to somebody else, to another request, is cut short or has another
shape does not count: the next list is a full one.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import NamedTuple

from ..module_utils.token_cache import TokenCache, Unusable, read_trusted

FORMAT = 1
LATEST = 1e11  # seconds since 1970; no clock shows more


class Known(NamedTuple):
    """The servers of a region. as_of: the cloud's clock when their list began, in seconds since 1970; skew: seconds by which it was ahead of
    ours; full_at: our clock when the last full list began; servers: records."""

    as_of: float
    skew: float
    full_at: float
    servers: list


class Memory:
    """The file of one account and request. key: of key_of()."""

    def __init__(self, key):
        self.key = key
        self.place = TokenCache([])
        self.path = os.path.join(self.place.folder, "servers_%s.json" % key)

    def recall(self):
        """{region: Known} of the last run; empty when there is none, or none that can be trusted."""
        try:
            entry = json.loads(read_trusted(self.path))
            if entry["format"] != FORMAT or entry["key"] != self.key:
                return {}
            return {name or None: known(found) for name, found in entry["regions"].items()}
        except (OSError, Unusable, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def keep(self, regions):
        """Keep {region: Known} for the next run. Raises OSError or Unusable when the file cannot be written."""
        entry = {"format": FORMAT, "key": self.key, "regions": {name or "": found._asdict() for name, found in regions.items()}}
        self.place.open()
        self.place.tidy()
        draft = self.place.draft(json.dumps(entry).encode("utf-8"))
        try:
            os.replace(draft, self.path)
        except OSError:
            os.unlink(draft)
            raise


def known(found):
    """A Known of what stood in the file. Raises ValueError or TypeError for anything else."""
    entry = Known(**found)
    if not all(isinstance(moment, (int, float)) and abs(moment) < LATEST for moment in entry[:3]) or not isinstance(entry.servers, list):
        raise ValueError("no moments and servers")
    if not all(isinstance(server, dict) and isinstance(server.get("id"), str) for server in entry.servers):
        raise ValueError("no records")
    return entry


def key_of(login, regions, filters, others=()):
    """What tells one account and request from another, as 32 letters and digits. A password does not, a token has to.

    others: options that change what is kept.
    """
    account = [login.auth_url, login.username, login.user_id, login.user_domain, login.tenant_id, login.tenant_name, login.project_domain,
               login.application_credential_id, login.application_credential_name, login.secret if login.method == "token" else None,
               login.interface, login.compute_endpoint, login.region if login.compute_endpoint else None]
    request = [sorted(name.lower() for name in regions), sorted((str(name), str(value)) for name, value in filters.items()), *others]
    text = json.dumps([account, request], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]
