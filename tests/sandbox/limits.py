# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What an account may use: quotas, rates, and the document that tells both."""

from .clock import http_date, iso_millis
from .exchange import Fault
from .faults import html

QUOTAS = {
    "rackspace": {"instances": 100, "ram": 131_072, "cores": -1, "metadata_items": 40, "image_metadata_items": 40, "injected_files": 5,
                  "injected_file_content_bytes": 1000, "injected_file_path_bytes": 255, "key_pairs": 100, "networks": 10, "volumes": 50,
                  "gigabytes": 10_240, "security_groups": -1, "security_group_rules": -1, "fixed_ips": -1, "floating_ips": -1},
    "openstack": {"instances": -1, "ram": -1, "cores": -1, "metadata_items": 128, "image_metadata_items": 128, "injected_files": 5,
                  "injected_file_content_bytes": 10_240, "injected_file_path_bytes": 255, "key_pairs": 100, "networks": 100, "volumes": 100,
                  "gigabytes": 10_000, "security_groups": 10, "security_group_rules": 100, "fixed_ips": -1, "floating_ips": 50,
                  "server_groups": 10, "server_group_members": 10},
}
EXHAUSTED = {"instances": 2, "volumes": 0, "gigabytes": 0}  # of the project that has nothing left; it owns two servers


def quota(call, resource):
    """How many of a resource the project may have; -1: any number."""
    chosen = (call.settings.quota or {}).get(resource)
    if chosen is not None:
        return int(chosen)
    if call.project_id == call.cloud.exhausted_project and resource in EXHAUSTED:
        return EXHAUSTED[resource]
    return QUOTAS[call.cloud.dress][resource]


def used(call):
    """`{resource: amount}` of what the project's servers use. Seeded ones were put there without asking, and do not count."""
    amounts = {"instances": 0, "ram": 0, "cores": 0}
    for server in call.region.live_servers(call.now):
        if server.project_id == call.project_id and not server.seeded:
            flavor = server.flavor
            amounts["instances"] += 1
            amounts["ram"] += flavor["ram"]
            amounts["cores"] += flavor["vcpus"]
    return amounts


def check_room(call, count, flavor):
    """Fault 403 when `count` more servers of a flavor are too many."""
    amounts = used(call)
    for resource, more in (("instances", count), ("cores", count * flavor["vcpus"]), ("ram", count * flavor["ram"])):
        most = quota(call, resource)
        if most >= 0 and amounts[resource] + more > most:
            raise Fault(403, "Quota exceeded for %s: Requested %d, but already used %d of %d %s" % (resource, more, amounts[resource], most, resource))


class Rates:
    """Counts calls per minute, by user and verb, against the setting `rate_limit`."""

    def __init__(self):
        self._windows = {}

    def count(self, call):
        """Fault 413 (Rackspace: a date to come back at) or 429 (elsewhere: a proxy's page) when the minute's share is used up."""
        limit = (call.settings.rate_limit or {}).get(call.request.method)
        if limit is None or call.token is None or call.mount.service == "identity":
            return
        began, number = self.window(call, call.request.method)
        if number >= limit:
            raise self._refusal(call, began + 60)
        self._windows[call.user.id, call.request.method] = (began, number + 1)

    def window(self, call, verb):
        """(when it began, calls in it) of the minute that runs for a user and a verb."""
        began, number = self._windows.get((call.user.id, verb), (call.now, 0))
        return (began, number) if call.now < began + 60 else (call.now, 0)

    @staticmethod
    def _refusal(call, until):
        if not call.rackspace:
            page = html(429)
            return Fault(429, "", raw=page.body.decode(), content_type="text/html")
        body = {"overLimit": {"code": 413, "message": "OverLimit Retry...", "details": "Error Details...", "retryAfter": iso_millis(until)}}
        return Fault(413, "OverLimit Retry...", raw=body, headers=[("Retry-After", http_date(until + 1))])


def document(call):
    """The body of `GET /limits`."""
    amounts = used(call)
    names = {"maxTotalInstances": "instances", "maxTotalRAMSize": "ram", "maxTotalCores": "cores", "maxServerMeta": "metadata_items",
             "maxImageMeta": "image_metadata_items", "maxPersonality": "injected_files", "maxPersonalitySize": "injected_file_content_bytes",
             "maxTotalKeypairs": "key_pairs", "maxSecurityGroups": "security_groups", "maxSecurityGroupRules": "security_group_rules",
             "maxTotalFloatingIps": "floating_ips"}
    absolute = {name: quota(call, resource) for name, resource in names.items()}
    absolute.update(totalInstancesUsed=amounts["instances"], totalRAMUsed=amounts["ram"], totalCoresUsed=amounts["cores"],
                    totalSecurityGroupsUsed=0, totalFloatingIpsUsed=0)
    if call.rackspace:
        absolute.update(maxTotalPrivateNetworks=quota(call, "networks"), totalPrivateNetworksUsed=len(call.region.isolated_networks(call.project_id)))
    else:
        absolute.update(maxServerGroups=10, maxServerGroupMembers=10, totalServerGroupsUsed=0)
    return {"limits": {"rate": _rates(call) if call.rackspace else [], "absolute": absolute}}


def _rates(call):
    soon = iso_millis(call.now)
    rows = (("*", ".*", (("GET", 1000, "MINUTE"), ("POST", 100, "MINUTE"), ("PUT", 100, "MINUTE"), ("DELETE", 100, "MINUTE"))),
            ("*/servers", "^/v[^/]+/(\\d+)/servers$", (("POST", 1000, "DAY"),)),
            ("*/os-virtual-interfacesv2", ".*/os-virtual-interfacesv2/?.*", (("GET", 25, "MINUTE"), ("POST", 4, "MINUTE"))),
            ("*/os-networksv2", ".*/os-networksv2/?.*", (("POST", 100, "DAY"),)))
    rates = [{"uri": uri, "regex": regex,
              "limit": [{"verb": verb, "value": value, "remaining": value, "unit": unit, "next-available": soon} for verb, value, unit in verbs]}
             for uri, regex, verbs in rows]
    for limit in rates[0]["limit"]:  # those of every path may be set
        value = (call.settings.rate_limit or {}).get(limit["verb"])
        if value is not None:
            began, number = call.cloud.rates.window(call, limit["verb"])
            limit.update({"value": value, "remaining": max(0, value - number)}, **{"next-available": iso_millis(began + 60 if number >= value else call.now)})
    return rates
