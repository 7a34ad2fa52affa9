# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The inventory of servers: which regions are asked, what a host is called, its address, its variables; and the cache."""

from __future__ import annotations

DOCUMENTATION = r"""
name: servers
short_description: Servers of Rackspace Cloud Servers and OpenStack as hosts
author: The rackspace.cloud contributors (@rackspace-cloud)
description:
  - Lists the servers of an account, in one region or in many side by side. One request per thousand servers and region is sent, and
    one login for as long as a token lives.
  - Its configuration is a YAML file whose name ends in C(rackspace.yml) or C(rackspace.yaml).
  - Every field of a server, in the shape that M(rackspace.cloud.server_info) returns, is a host variable behind O(hostvars_prefix), as
    C(rax_id), C(rax_name), C(rax_status), C(rax_task_state), C(rax_metadata), C(rax_addresses), C(rax_flavor) and C(rax_image), beside
    C(rax_region) and C(ansible_host).
  - What comes from the cloud is text, whatever it looks like; a server named C({{ 7*7 }}) or metadata of that form are never templated.
  - Servers that are deleted, or on their way, do not count.
extends_documentation_fragment:
  - rackspace.cloud.auth
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description: Marks the file as a configuration of this plugin.
    type: str
    required: true
    choices: [rackspace.cloud.servers]
  regions:
    description:
      - Regions to list, compared without regard to case, or V(all) for every region that the account has.
      - Left out, the O(region) of the connection counts, from wherever it comes; in E(RAX_REGION) it may be a list with commas, or
        V(all). Where there is none either, all regions are listed.
    type: list
    elements: str
  on_region_failure:
    description:
      - What to do when one region cannot be listed. V(fail) gives no inventory; V(warn) leaves the region out with a warning, keeps
        nothing of this run in the cache, and still fails when no region could be listed.
      - A region that the account does not have is always an error.
    type: str
    choices: [fail, warn]
    default: fail
  filters:
    description:
      - Filters that the cloud applies, sent as they are, as C(name) (a regular expression), C(status), C(flavor), C(image), C(ip), or
        C(all_tenants) for an administrator. What does not match is never transferred.
      - Clouds ignore filters that they do not know.
    type: dict
    default: {}
  statuses:
    description:
      - Statuses of the servers to keep, as V(ACTIVE) or V(SHUTOFF); V(all) keeps every one.
      - Left out, everything is kept but V(BUILD), which cannot be reached yet, and V(ERROR), which may never be; with C(status)
        in O(filters) everything that the cloud sends is kept. How many were left out is said with C(-v).
    type: list
    elements: str
  include:
    description:
      - A condition over the host variables, or a list of them. A server is kept when one of them is true.
      - A condition that cannot be evaluated, because a server lacks a metadata key for example, counts as false, or is an error with
        O(strict). When it cannot be evaluated for any server, there is a warning.
    type: raw
  exclude:
    description: The same as O(include), for servers to leave out; it has the last word.
    type: raw
  hostnames:
    description:
      - What a host is called; a list of preferences, of which the first that gives text counts. The ID is what is left when
        none does.
      - A preference is a field of the server (V(name), V(id), V(access_ipv4), V(metadata.fqdn)), a host variable (V(ansible_host)),
        or a template over the host variables (V({{ rax_name }}.{{ rax_region | lower }})).
      - Hosts that would have the same name all get a suffix, V(_REGION) where that tells them apart, else V(_ID), and a warning lists
        them. The same happens to a name that stands for the control node, as V(localhost), is that of a group in O(groups) or of an
        inventory source read before, or belongs to another server of such a source.
      - The characters that would make a path of a name, as C(/), are replaced by C(_).
    type: raw
    default: [name]
  networks:
    description:
      - Where C(ansible_host) comes from; labels of networks, in the order of preference.
      - V(access_ip) stands for the fields C(access_ipv4) and C(access_ipv6), the only addresses that are reachable from outside with
        RackConnect. V(*) stands for all networks that are not listed.
      - Of several addresses on one network, one that the internet can route is taken before a private one.
      - A server without an address there is kept, without C(ansible_host), and named with C(-v).
    type: list
    elements: str
    default: [access_ip, public, '*']
  ip_versions:
    description: IP versions to take an address of, in the order of preference within a network.
    type: list
    elements: int
    default: [4, 6]
  hostvars_prefix:
    description:
      - Prefix of the host variables. With an empty one, C(name) and C(tags) would collide with names that Ansible reserves.
    type: str
    default: rax_
notes:
  - Text in the connection options, in O(regions), O(filters), O(networks) and O(hostvars_prefix) may be a template, which sees the
    extra variables (C(-e)) and lookups; a value may be encrypted with C(ansible-vault). A password with braces that are no template
    is marked with C(!unsafe). Options of other types take no templates.
  - Ansible warns when an inventory source fails, and goes on with what other sources gave, which may be nothing. Set
    C(any_unparsed_is_failed = true) in the section C([inventory]) of C(ansible.cfg), or
    E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED), to end the run instead. A source that fails leaves none of its hosts behind.
  - The cache holds the servers as the cloud sent them, never a credential. Changing O(compose), O(hostnames), O(networks) or
    O(statuses) needs no refresh; what changes the request, O(regions), O(filters) and the account, has an entry of its own.
    C(--flush-cache) and the meta task C(refresh_inventory) list anew.
seealso:
  - module: rackspace.cloud.server_info
"""

EXAMPLES = r"""
# The least: credentials from the environment (RAX_USERNAME, RAX_API_KEY) or a file, every region.
# my.rackspace.yml
plugin: rackspace.cloud.servers

---
# Two regions, credentials from extra variables, the web servers of production by their service network.
plugin: rackspace.cloud.servers
username: "{{ rackspace_username }}"
api_key: "{{ rackspace_api_key }}"
regions: [DFW, ORD]
filters:
  name: ^web
include: rax_metadata.environment == 'production'
networks: [private]
hostnames: ["{{ rax_name }}.{{ rax_region | lower }}", id]

---
# An OpenStack cloud of clouds.yaml, with groups, an additional variable, and a cache.
plugin: rackspace.cloud.servers
cloud: flex
regions: all
on_region_failure: warn
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/inventory
cache_timeout: 600
compose:
  ansible_user: rax_metadata.login_user | default('root')
groups:
  stopped: rax_status == 'SHUTOFF'
keyed_groups:
  - key: rax_region
    separator: ''
  - key: rax_metadata.role
    prefix: role
  - key: rax_flavor.id
    prefix: flavor

---
# Floating IP addresses, where the cloud marks them.
plugin: rackspace.cloud.servers
cloud: flex
compose:
  ansible_host: rax_addresses.values() | flatten | selectattr('type', 'equalto', 'floating') | map(attribute='addr') | first
"""

import difflib
import hashlib
import ipaddress
import json
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import NamedTuple

from ansible import constants as C
from ansible.errors import AnsibleError, AnsibleParserError, AnsibleUndefinedVariable
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.template import Templar
from ansible.utils.vars import combine_vars

from ..module_utils import errors, servers, transport
from ..module_utils.api import connect
from ..module_utils.arguments import AUTH
from ..module_utils.identity import COMPUTE
from ..module_utils.records import record

SUFFIXES = ("rackspace.yml", "rackspace.yaml")
ACCESS_IP = "access_ip"
OTHER_NETWORKS = "*"
NOT_YET_OR_NEVER = ("BUILD", "ERROR")
MOST_REGIONS_AT_ONCE = 8
MOST_IN_A_WARNING = 10
MAKES_A_PATH = re.compile(r"[/\x00-\x1f\x7f]")
PRIVATE_RANGES = [ipaddress.ip_network(text) for text in (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10")]

# Since ansible-core 2.19 text is a template only when it is marked as trusted; before, unless it is marked as unsafe.
MARKS_TRUST = hasattr(Templar, "evaluate_conditional")
if MARKS_TRUST:
    def untrusted(value):
        """Data of the cloud in a form that is never templated: as it is."""
        return value
else:
    from ansible.utils.unsafe_proxy import wrap_var as untrusted


class Host(NamedTuple):
    """A server on its way to become a host. name: the preferred one; others may prefer it too."""

    name: str
    id: str
    region: str
    variables: dict


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Reads a configuration file and adds the servers that it means to the inventory."""

    NAME = "rackspace.cloud.servers"

    def verify_file(self, path):
        """True for a file whose name ends as ours do.

        Another name is an error rather than False: the plugin ``auto`` asks only for files that name this plugin, and would
        tell the user nothing of the reason. Where Ansible asks for every file, the error counts as False.
        """
        if not super().verify_file(path):
            return False
        if not path.endswith(SUFFIXES):
            raise AnsibleParserError("%s is for the plugin %s, but its name does not end in %s. Rename it, for example to "
                                     "my.rackspace.yml." % (path, self.NAME, " or ".join(SUFFIXES)))
        return True

    def parse(self, inventory, loader, path, cache=True):
        """Add the hosts, or raise AnsibleParserError and leave none behind."""
        super().parse(inventory, loader, path, cache)
        before = set(inventory.hosts)
        try:
            if transport.MISSING:
                raise errors.BadInput(missing_required_lib("requests"))
            config = self._read_config_data(path)
            self.check(config)
            self.populate(self.listed(self.connection(config), cache))
        except Exception as error:
            for name in set(inventory.hosts) - before:
                inventory.remove_host(inventory.hosts[name])
            if isinstance(error, errors.CloudError):
                raise AnsibleParserError(str(error)) from None
            raise

    # The options.

    def check(self, config):
        """Refuse options that do not exist and values that Ansible would bend into shape. Raises BadInput."""
        known = {alias["name"] if isinstance(alias, dict) else alias: name for name, definition in self.option_definitions.items()
                 for alias in [name, *(definition.get("aliases") or ())]}
        for name, value in config.items():
            if name not in known:
                close = difflib.get_close_matches(str(name), known, 3)
                raise errors.BadInput("There is no option %r.%s ansible-doc -t inventory %s lists them all." % (
                    str(name), " Did you mean %s?" % " or ".join(close) if close else "", self.NAME))
            if value is not None and self.option_definitions[known[name]].get("type") in ("bool", "boolean"):
                try:
                    boolean(value)
                except TypeError:
                    raise errors.BadInput("%s is %r. Write true or false." % (name, str(value))) from None
        if not (self.prefix() + "id").isidentifier():
            raise errors.BadInput("hostvars_prefix is %r. Use letters, digits and _, so that it begins a name of a variable." % self.prefix())

    def connection(self, config):
        """The connection options, templates rendered."""
        options = {}
        for name, spec in AUTH.items():
            given = next((config[alias] for alias in [name, *spec.get("aliases", ())] if alias in config), None)
            # Ansible has made an absolute path of a template, too.
            options[name] = self.rendered(name, given if self.templar.is_template(given) else self.get_option(name))
        return options

    def rendered(self, name, value):
        """The value of an option with its templates rendered and its vaults opened. Raises BadInput."""
        if isinstance(value, dict):
            return {str(key): self.rendered("%s.%s" % (name, key), item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.rendered(name, item) for item in value]
        if value is None or isinstance(value, (bool, int, float)):
            return value
        self.templar.available_variables = self._vars
        try:
            found = self.templar.template(value)
            return found if isinstance(found, (list, dict)) else str(found)
        except AnsibleError as error:
            # Other errors than this one quote the template, which may be a password with braces.
            reason = ": %s" % str(error).rstrip(".") if isinstance(error, AnsibleUndefinedVariable) else ", it is no valid template"
            raise errors.BadInput("%s cannot be rendered%s. Templates here see the extra variables (-e) and lookups." % (name, reason)) from None

    def prefix(self):
        return self.rendered("hostvars_prefix", self.get_option("hostvars_prefix"))

    def words(self, name):
        """A list option as text, its templates rendered; a template may give a list. None when it was left out."""
        given = self.get_option(name)
        if given is None:
            return None
        found = self.rendered(name, given)
        return [str(word) for item in found for word in (item if isinstance(item, list) else [item])]

    def preferences(self, name):
        """An option that is one text or a list of them; nothing is split at commas, which templates contain."""
        given = self.get_option(name)
        if given is None:
            return []
        given = given if isinstance(given, list) else [given]
        for item in given:
            if not isinstance(item, (str, bool)):
                raise errors.BadInput("%s has %r, which is neither text nor a list of texts." % (name, item))
        return given

    # The servers.

    def listed(self, options, cache):
        """{region: [raw server]}, from the cache where that is wanted and holds them, without any request then."""
        cloud = connect(options, read_only=True)
        regions = self.words("regions")
        if regions is None:
            regions = [word.strip() for word in (cloud.login.region or "all").split(",")]
        filters = {name: value for name, value in self.rendered("filters", self.get_option("filters") or {}).items() if value is not None}
        key = cache_key(cloud.login, regions, filters)
        if self.get_option("cache") and cache:
            found = self.cached(key)
            if found is not None:
                return found
        try:
            found, complete = self.fetched(options, cloud, regions, filters)
        finally:
            self.tell_of_calls(cloud)
        if self.get_option("cache") and complete:
            self._cache[key] = {"key": key, "regions": {name or "": servers_there for name, servers_there in found.items()}}  # JSON has no key None
        return found

    def cached(self, key):
        """What the cache holds of this key, None when that is nothing, or nothing usable."""
        try:
            entry = self._cache[key]
        except Exception:  # KeyError when it is not there; for a damaged file whatever the cache plugin stumbles over
            return None
        fits = (isinstance(entry, dict) and entry.get("key") == key and isinstance(entry.get("regions"), dict)
                and all(isinstance(found, list) for found in entry["regions"].values()))
        return {name or None: found for name, found in entry["regions"].items()} if fits else None

    def fetched(self, options, cloud, regions, filters):
        """({region: [raw server]}, whether that is all of them). Logs in once; the regions are listed side by side."""
        names = regions_of(cloud, regions)
        with ThreadPoolExecutor(max_workers=min(len(names), MOST_REGIONS_AT_ONCE)) as pool:
            # A connection of its own for each thread; the login is the same.
            asked = {name: pool.submit(list_region, another(cloud, options), name, filters) for name in names}
            failures = {name: answer.exception() for name, answer in asked.items() if answer.exception()}
        for name, failure in failures.items():
            if not isinstance(failure, errors.CloudError) or self.get_option("on_region_failure") == "fail" or len(failures) == len(names):
                raise failure
            self.display.warning("The servers in %s are missing from the inventory. %s" % (name, failure))
        return {name: answer.result() for name, answer in asked.items() if name not in failures}, not failures

    def tell_of_calls(self, cloud):
        """Show what the cloud was asked, where that is wanted."""
        if cloud.transport.calls is not None:
            from ..module_utils import trace
            for call in trace.told(cloud):
                self.display.vvv(trace.line(call))

    def wanted_statuses(self):
        """A predicate of raw servers: the status is one to keep."""
        words = self.words("statuses")
        if words == []:
            raise errors.BadInput("statuses is empty. List some, write all, or leave it out.")
        if words is None and "status" not in (self.get_option("filters") or {}):
            return lambda server: server.get("status") not in NOT_YET_OR_NEVER
        kept = {word.upper() for word in words or ["all"]}
        return lambda server: "ALL" in kept or str(server.get("status")).upper() in kept

    # The hosts.

    def populate(self, found):
        """Add the servers of {region: [raw server]} as hosts, with their variables and groups."""
        hosts = self.hosts(found)
        names = unique_names(hosts, self.taken_names())
        self.tell_of_names(hosts, names)
        for name, host in zip(names, hosts):
            self.inventory.add_host(name)
            for variable, value in host.variables.items():
                self.inventory.set_variable(name, variable, value)
            if "ansible_host" not in host.variables:
                self.display.v("%s has no address that networks and ip_versions allow: it is kept, without ansible_host." % name)
        # One after another, so that no group is there yet while variables are set: Ansible takes a name for a group's first.
        strict = self.get_option("strict")
        for name in names:
            self._set_composite_vars(self.get_option("compose"), self.inventory.get_host(name).get_vars(), name, strict=strict)
        for name in names:
            self._add_host_to_composed_groups(self.get_option("groups"), {}, name, strict=strict)
        for name in names:
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), {}, name, strict=strict)
        for name in names:
            if name in self.inventory.groups and not self.inventory.get_host(name).get_groups():
                self.inventory.add_host(name, "ungrouped")  # else Ansible adds the group of this name there, and the host nowhere

    def hosts(self, found):
        """The Hosts of {region: [raw server]}, without what the options leave out."""
        has_status = self.wanted_statuses()
        include, exclude = Conditions(self, "include"), Conditions(self, "exclude")
        make_variables, preferred = self.variables_maker(), self.preferences("hostnames")
        hosts, passed_over = [], {}
        for region, region_servers in found.items():
            for server in region_servers:
                if not servers.alive(server):
                    continue
                if not has_status(server):
                    passed_over[server.get("status")] = passed_over.get(server.get("status"), 0) + 1
                    continue
                fields, variables = make_variables(server, region)
                if include.hold(variables, without=True) and not exclude.hold(variables, without=False):
                    name = self.preferred_name(preferred, fields, variables) or plain(server["id"])
                    hosts.append(Host(name, plain(server["id"]), plain(region or ""), variables))
        if passed_over:
            self.display.v("Left out because of their status: %s. The option statuses decides." % ", ".join(
                "%d %s" % (count, status) for status, count in sorted(passed_over.items(), key=str)))
        include.tell()
        exclude.tell()
        return hosts

    def variables_maker(self):
        """A function of a raw server and its region that gives (its record, its host variables), fit to be stored."""
        prefix = self.prefix()
        networks = self.words("networks")
        try:
            versions = [int(word) for word in self.words("ip_versions")]
        except ValueError:
            versions = [None]
        if set(versions) - {4, 6}:
            raise errors.BadInput("ip_versions is %s. Use 4 and 6, the preferred one first." % ", ".join(self.words("ip_versions")))

        def make(server, region):
            fields = dict(record(server), region=region)
            variables = {prefix + name: value for name, value in fields.items()}
            reach = address(fields, networks, versions)
            if reach:
                variables["ansible_host"] = reach
            return fields, untrusted(variables)
        return make

    def preferred_name(self, preferences, fields, variables):
        """The name of a host by the option hostnames, None when no preference gives one."""
        for preference in preferences:
            if self.templar.is_template(preference):
                try:
                    value = self.with_variables(variables).template(preference, **({} if MARKS_TRUST else {"convert_data": False}))
                except Exception as error:  # whatever a template may raise
                    if self.get_option("strict"):
                        raise AnsibleParserError("hostnames: %s cannot be rendered for the server %s: %s" % (
                            preference, fields["id"], error)) from None
                    continue
            else:
                value = at_path(fields, preference)
                value = at_path(variables, preference) if value is None else value
            name = MAKES_A_PATH.sub("_", plain(value).strip()) if isinstance(value, (str, int)) else ""
            if name.strip("."):
                return name
        return None

    def with_variables(self, variables):
        """The templar, seeing these variables, and the extra variables where use_extra_vars says so."""
        extra = self.get_option("use_extra_vars")
        self.templar.available_variables = combine_vars(variables, self._vars) if extra else variables
        return self.templar

    def taken_names(self):
        """A predicate of Hosts: the name stands for something else, a group, the control node, a server of another source."""
        reserved = {*self.inventory.groups, *map(self._sanitize_group_name, self.get_option("groups") or {}), *C.LOCALHOST}
        id_variable = self.prefix() + "id"

        def is_taken(host):
            there = self.inventory.hosts.get(host.name)
            return host.name in reserved or (there is not None and there.vars.get(id_variable, host.id) != host.id)
        return is_taken

    def tell_of_names(self, hosts, names):
        """Warn of the hosts that did not get the name that they prefer."""
        renamed = sorted("%s is %s" % (host.name, name) for host, name in zip(hosts, names) if host.name != name)
        if renamed:
            more = len(renamed) - MOST_IN_A_WARNING
            self.display.warning(
                "%d servers have names that are not theirs alone and get a suffix: %s%s. Rename the servers, or make the names differ "
                "with a template in hostnames." % (len(renamed), ", ".join(renamed[:MOST_IN_A_WARNING]), " and %d more" % more if more > 0 else ""))


class Conditions:
    """The conditions of include or exclude, and how often each was asked and could not be evaluated."""

    def __init__(self, plugin, option):
        self.plugin = plugin
        self.option = option
        self.conditions = plugin.preferences(option)
        self.asked = [0] * len(self.conditions)
        self.failed = [0] * len(self.conditions)
        self.failure = None

    def hold(self, variables, without):
        """Whether one of them is true of a host; ``without`` when there are none."""
        if not self.conditions:
            return without
        templar = self.plugin.with_variables(variables)
        return any(self.is_true(templar, number) for number in range(len(self.conditions)))

    def is_true(self, templar, number):
        condition = self.conditions[number]
        self.asked[number] += 1
        try:
            if MARKS_TRUST:
                return templar.evaluate_conditional(condition)
            return boolean(templar.template("{%% if %s %%}True{%% else %%}False{%% endif %%}" % condition))
        except Exception as error:  # whatever a template may raise
            if self.plugin.get_option("strict"):
                raise AnsibleParserError("%s: %s cannot be evaluated: %s" % (self.option, condition, error)) from None
            self.failed[number] += 1
            self.failure = error
            return False

    def tell(self):
        """Warn of those that could not be evaluated for any server: probably a typing error."""
        for condition, asked, failed in zip(self.conditions, self.asked, self.failed):
            if failed and failed == asked:
                self.plugin.display.warning("%s: %s cannot be evaluated for any of %d servers, and counts as false: %s"
                                            % (self.option, condition, asked, self.failure))


def another(cloud, options):
    """The same account with a connection of its own, already logged in."""
    same = connect(options, read_only=True)
    same.known_access = cloud.access
    same.transport.calls = cloud.transport.calls
    return same


def list_region(cloud, region, filters):
    """The raw servers of a region."""
    with errors.Doing("list the servers in %s" % (region or "this cloud")):
        return servers.every(cloud.service(COMPUTE, region), filters)


def regions_of(cloud, wanted):
    """The regions to ask, as the catalog spells them, each once. Raises NoEndpoint for one that is not there."""
    if not wanted:
        raise errors.BadInput("regions is empty. List some, write all, or leave it out.")
    if cloud.login.compute_endpoint:
        if len(wanted) > 1:
            raise errors.BadInput("compute_endpoint is the address of one region, and regions lists %d. Leave one of them out." % len(wanted))
        return [cloud.login.region]
    there = cloud.access.regions()
    if "all" in [name.lower() for name in wanted]:
        names = there or [None]
    else:
        spelling = {name.lower(): name for name in there}
        names = list(dict.fromkeys(spelling.get(name.lower(), name) for name in wanted))
    for name in names:
        cloud.access.endpoint(COMPUTE, name, cloud.login.interface)
    return names


def cache_key(login, regions, filters):
    """The name of a cache entry: what tells one account and request from another. A password does not, a token has to."""
    account = [login.auth_url, login.username, login.user_id, login.user_domain, login.tenant_id, login.tenant_name, login.project_domain,
               login.application_credential_id, login.application_credential_name, login.secret if login.method == "token" else None,
               login.interface, login.compute_endpoint, login.region if login.compute_endpoint else None]
    request = [sorted(name.lower() for name in regions), sorted((str(name), str(value)) for name, value in filters.items())]
    text = json.dumps([account, request], sort_keys=True)
    return "rackspace_cloud_servers_%s" % hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


def plain(value):
    """A value as text without any mark."""
    return "".join([str(value)])


def at_path(fields, path):
    """What a path of keys, joined by dots, leads to; None when it leads nowhere."""
    for key in str(path).split("."):
        fields = fields.get(key) if isinstance(fields, dict) else None
    return fields


def address(fields, networks, versions):
    """The address to reach a server by, None when there is none: the first network counts that has one, then the version."""
    on = fields.get("addresses") or {}
    for network in networks:
        if network == ACCESS_IP:
            entries = [{"version": 4, "addr": fields.get("access_ipv4")}, {"version": 6, "addr": fields.get("access_ipv6")}]
        elif network == OTHER_NETWORKS:
            entries = chain.from_iterable(on[label] for label in sorted(on) if label not in networks)
        else:
            entries = on.get(network) or ()
        there = [entry for entry in entries if entry.get("addr")]
        for version in versions:
            fitting = [entry["addr"] for entry in there if entry.get("version") == version]
            if fitting:
                return fitting[0] if len(fitting) == 1 else min(fitting, key=is_private)
    return None


def is_private(text):
    """True for an address that the internet does not route. Ranges set apart for documentation count as public."""
    try:
        found = ipaddress.ip_address(str(text))
    except ValueError:
        return True
    return any(found in network for network in PRIVATE_RANGES if network.version == found.version)


def unique_names(hosts, is_taken):
    """A name for each Host that no other has and that is_taken(host) allows: the preferred one, else one with a suffix.

    All that share a name get a suffix, so that it never stands for one of two: the region where that tells them apart, else
    the ID, else both. The same servers get the same names in whatever order they come.
    """
    suffixes = [lambda host: "", lambda host: "_" + host.region, lambda host: "_" + host.id, lambda host: "_%s_%s" % (host.region, host.id)]
    stages = [0] * len(hosts)
    while True:
        names = [host.name + suffixes[stage](host) for host, stage in zip(hosts, stages)]
        holders = {}
        for number, name in enumerate(names):
            holders.setdefault(name, []).append(number)
        moved = False
        for name, numbers in holders.items():
            if len(numbers) == 1 and not is_taken(hosts[numbers[0]]._replace(name=name)):
                continue
            regions = [hosts[number].region for number in numbers]
            for number in numbers:
                best = 1 if hosts[number].region and regions.count(hosts[number].region) == 1 else 2
                stage = max(stages[number] + 1, best) if stages[number] < 3 else 3
                moved = moved or stage != stages[number]
                stages[number] = stage
        if not moved:
            # Marks show in ansible-inventory --list before 2.19, so only what could be a template gets one.
            return [untrusted(name) if "{" in name or name.startswith("#") else name for name in names]
