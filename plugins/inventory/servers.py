# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The inventory of servers: what users set, and the way from the cloud, or the cache, to hosts."""

from __future__ import annotations

DOCUMENTATION = r"""
name: servers
short_description: Servers of Rackspace Cloud Servers and OpenStack as hosts
version_added: 1.0.0
author: The rackspace.cloud contributors (@rackspace-cloud)
description:
  - Lists the servers of an account, in one region or in many side by side. One request per page of servers (a
    thousand where the cloud allows as many) and region is sent, and one login for as long as a token lives.
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
  expand_hostvars:
    description:
      - More variables of each host, from one more list for each region (of each page of it), never from a request for each host.
      - V(flavor) and V(image) give their names, as C(rax_flavor_name) and C(rax_image_name), null for one that is not listed any more.
      - V(volumes) gives C(rax_volumes), the attached volumes as M(rackspace.cloud.volume_info) returns them, without C(attachments) and
        with C(device).
    type: list
    elements: str
    choices: [flavor, image, volumes]
    default: []
  refresh:
    description:
      - What is asked of the cloud when the cache holds no answer. V(full) is the list of all servers.
      - V(changes) is what is new, changed or deleted since the last list, by the cloud's clock and with a margin of a minute. The last
        list is kept in a file of mode 0600 beside the tokens (E(RAX_TOKEN_CACHE_DIR)), with what the cloud says of the servers, never a
        credential.
      - The list is a full one all the same when it is the first of this account, user, O(regions) and O(filters), when the last
        full one is older than O(refresh_max_age), when the file is damaged or open to others, when a clock was set, and with
        C(--flush-cache) or the meta task C(refresh_inventory).
      - V(changes) sees what moves a server's C(updated). In OpenStack's compute service that is not so for addresses (floating IP addresses,
        ports attached and detached), and thus C(rax_addresses) and C(ansible_host); for C(rax_volumes_attached) and
        C(rax_security_groups); and for items removed from C(rax_metadata), where new and changed ones are seen. These, and the deletion of
        a server whose record an administrator has removed from the database, may come as late as O(refresh_max_age).
    type: str
    choices: [full, changes]
    default: full
  refresh_max_age:
    description: Seconds after which O(refresh=changes) asks for the full list again.
    type: int
    default: 3600
  hostvars_prefix:
    description:
      - Prefix of the host variables. With an empty one, C(name) and C(tags) would collide with names that Ansible reserves.
    type: str
    default: rax_
notes:
  - Text in the connection options, in O(regions), O(filters), O(statuses), O(networks) and O(hostvars_prefix) may be a template, which
    sees the extra variables (C(-e)) and lookups; a value may be encrypted with C(ansible-vault). A password with braces that are no
    template is marked with C(!unsafe). Options of other types take no templates. A list may be given by one template, as a list or as
    text with commas.
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
# Thousands of servers, read before every play: what changed since the last list, everything once in half an hour.
plugin: rackspace.cloud.servers
regions: all
refresh: changes
refresh_max_age: 1800
expand_hostvars: [flavor, image]
keyed_groups:
  - key: rax_flavor_name
    prefix: flavor

---
# Floating IP addresses, where the cloud marks them.
plugin: rackspace.cloud.servers
cloud: flex
compose:
  ansible_host: rax_addresses.values() | flatten | selectattr('type', 'equalto', 'floating') | map(attribute='addr') | first
"""

import json
import re

from ansible import constants as C
from ansible.errors import AnsibleParserError
from ansible.module_utils.basic import missing_required_lib
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable
from ansible.utils.vars import combine_vars

from ..module_utils import errors, transport
from ..module_utils.api import connect
from ..module_utils.token_cache import Unusable
from ..plugin_utils.inventory_expressions import Conditions, Construction
from ..plugin_utils.inventory_hosts import MARKS_TRUST, Host, Hosts, address, at_path, plain, untrusted
from ..plugin_utils.inventory_listing import OF_THE_LIST, Region, regions_of
from ..plugin_utils.inventory_memory import Memory, key_of
from ..plugin_utils.inventory_options import Options, split
from ..plugin_utils.inventory_pages import End, Failure, side_by_side

CACHE_PREFIX = "rackspace_cloud_servers_"
SUFFIXES = ("rackspace.yml", "rackspace.yaml")
NOT_YET_OR_NEVER = ("BUILD", "ERROR")
MOST_IN_A_WARNING = 10
MAKES_A_PATH = re.compile(r"[/\x00-\x1f\x7f]")


class InventoryModule(BaseInventoryPlugin, Construction, Cacheable):
    """Reads a configuration file and adds the servers that it means to the inventory."""

    NAME = "rackspace.cloud.servers"
    settings = None

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
            self.settings = Options(self, self._read_config_data(path), self._vars)
            self.settings.check()
            self.populate(self.settings.connection(), cache)
        except Exception as error:
            # In the order in which groups hold them: a group looks for the one to remove from its front.
            for name in [name for name in inventory.hosts if name not in before]:
                inventory.remove_host(inventory.hosts[name])
            if isinstance(error, errors.CloudError):
                raise AnsibleParserError(str(error)) from None
            raise

    def populate(self, connection, cache):
        """Bring the servers, and make hosts of them as they come; then what needs all hosts: names and groups.

        cache: whether what is kept of an earlier run may stand for the cloud's answer.
        """
        builder = Builder(self)
        self.bring(connection, cache, builder)
        names = builder.finish()
        self.construct(names)
        for name in names:
            if name in self.inventory.groups and not self.inventory.get_host(name).get_groups():
                self.inventory.add_host(name, "ungrouped")  # else Ansible adds the group of this name there, and the host nowhere

    # The servers.

    def bring(self, connection, cache, builder):
        """Hand the records of all regions to the builder: from the cache where that holds them, without any request then."""
        cloud = connect(connection, read_only=True)
        regions, filters, wanted = self.settings.words("regions"), self.settings.filters(), sorted(set(self.settings.words("expand_hostvars")))
        if regions is None:
            regions = split(cloud.login.region or "all")
        refreshes, caches = self.get_option("refresh") == "changes", self.get_option("cache")
        if refreshes:
            self.check_refresh(filters)
        form = connection["media_type"]  # a record made of XML is not in everything like one made of JSON
        key = CACHE_PREFIX + key_of(cloud.login, regions, filters, [form, wanted])
        kept = self.cached(key) if caches and cache else None
        if kept is not None:
            builder.expect(kept)
            for region, found in kept.items():
                builder.add(region, found)
            return
        names = regions_of(cloud, regions)
        # Whoever asks for no tenant gets the user's own, which may be another one by now.
        memory = Memory(key_of(cloud.login, regions, filters, [form, (cloud.access.tenant or {}).get("id")])) if refreshes else None
        known = memory.recall() if refreshes and cache else {}
        sources = {name: Region(another(cloud, connection), name, filters, wanted, known.get(name), self.get_option("refresh_max_age")) for name in names}
        builder.expect(names)
        builder.keeps = refreshes or caches
        try:
            failed = self.list_regions(sources, builder)
        finally:
            self.tell_of_calls(cloud)
        if refreshes:
            self.remember(memory, {name: source.known_with(builder.kept[name]) if name not in failed else known.get(name) for name, source in sources.items()})
        if caches and not failed:
            expanded = {name or "": [source.expanded(server) for server in builder.kept[name]] for name, source in sources.items()}
            # As text, since caches give a meaning to keys as __ansible_type, and anybody may call an item of metadata so.
            self._cache[key] = {"key": key, "regions": json.dumps(expanded)}

    def list_regions(self, sources, builder):
        """List Regions side by side and hand their records to the builder, page by page. The names of those that failed."""
        failed = []
        for name, found in side_by_side({name: source.pages() for name, source in sources.items()}):
            if isinstance(found, Failure):
                failed.append(name)
                if (not isinstance(found.error, errors.CloudError) or self.get_option("on_region_failure") == "fail" or len(failed) == len(sources)):
                    raise found.error
                self.display.warning("The servers in %s are missing from the inventory. %s" % (name, found.error))
            if found is None or isinstance(found, Failure):
                builder.forget(name)
            elif not isinstance(found, End):
                builder.add(name, found, sources[name].expanded)
            del found  # a page is large, and the next one may take a while
        return failed

    def tell_of_calls(self, cloud):
        """Show what the cloud was asked, where that is wanted."""
        if cloud.transport.calls is not None:
            from ..module_utils import trace
            for call in trace.told(cloud):
                self.display.vvv(trace.line(call))

    def check_refresh(self, filters):
        for name in filters:
            if name in OF_THE_LIST:
                raise errors.BadInput("filters has %s, which refresh: changes sets itself. Leave it out, or use refresh: full." % name)
        if self.get_option("refresh_max_age") < 0:
            raise errors.BadInput("refresh_max_age is %d. Give a number of seconds." % self.get_option("refresh_max_age"))

    def cached(self, key):
        """What the cache holds of this key, None when that is nothing, or nothing usable."""
        try:
            entry = self._cache[key]
            regions = json.loads(entry["regions"]) if entry["key"] == key else None
        except Exception:  # KeyError when it is not there; for a damaged file whatever the cache plugin stumbles over
            return None
        fits = isinstance(regions, dict) and all(
            isinstance(found, list) and all(isinstance(server, dict) and "id" in server for server in found) for found in regions.values())
        return {name or None: found for name, found in regions.items()} if fits else None

    def remember(self, memory, regions):
        """Keep what was listed for the next run, where that is known."""
        try:
            memory.keep({name: known for name, known in regions.items() if known})
        except (OSError, Unusable) as error:
            self.display.warning("refresh: changes needs a file that cannot be written, so that the next run lists everything again: %s (%s). "
                                 "Set RAX_TOKEN_CACHE_DIR to a directory of your own." % (memory.path, error))

    # What templates see.

    def with_variables(self, variables):
        """The templar, seeing these variables, and the extra variables where use_extra_vars says so."""
        extra = self.get_option("use_extra_vars")
        self.templar.available_variables = combine_vars(variables, self._vars) if extra else variables
        return self.templar

    def reserved_names(self):
        """Names that hosts cannot have: of groups that are there or will be, and of the control node."""
        return {*self.inventory.groups, *map(self._sanitize_group_name, self.get_option("groups") or {}), *C.LOCALHOST}


def another(cloud, connection):
    """The same account with a connection of its own, already logged in."""
    same = connect(connection, read_only=True)
    same.known_access = cloud.access
    same.transport.calls = cloud.transport.calls
    return same


class Builder:
    """Makes Hosts of records, by the options of the plugin, and puts them into the inventory as they come.

    keeps: whether the records are kept, in ``kept``, as {region: [record]}.
    """

    def __init__(self, plugin):
        settings = plugin.settings
        self.plugin = plugin
        self.prefix = settings.prefix()
        self.networks = settings.words("networks")
        self.versions = settings.ip_versions()
        self.preferences = settings.preferences("hostnames")
        self.strict = settings["strict"]
        self.has_status = wanted_statuses(settings)
        self.include, self.exclude = (
            Conditions(name, settings.preferences(name), self.strict, plugin.with_variables, settings.seen_by_expressions()) for name in ("include", "exclude"))
        self.hosts = Hosts(plugin.inventory, plugin.reserved_names().__contains__, self.prefix + "id")
        self.regions = []
        self.seen = {}
        self.passed_over = {}
        self.keeps = False
        self.kept = {}

    def expect(self, regions):
        """Say which regions will come, in the order in which their hosts are to stand."""
        self.regions = list(regions)
        for region in regions:
            self.forget(region)

    def forget(self, region):
        """Leave out what has come of a region."""
        self.hosts.forget(plain(region or ""))
        self.seen[region] = set()
        self.passed_over[region] = []
        self.kept[region] = []

    def add(self, region, found, expanded=None):
        """Take in records of a region. expanded(record): the record with additional fields."""
        seen, kept = self.seen[region], self.kept[region]
        for server in found:
            if server["id"] in seen:
                continue
            seen.add(server["id"])
            if self.keeps:
                kept.append(server)
            if self.has_status(server):
                self.consider(dict(expanded(server) if expanded else server, region=region))
            else:
                self.passed_over[region].append(str(server.get("status")))

    def consider(self, fields):
        """Make a host of a server, unless a condition leaves it out."""
        variables = {self.prefix + name: value for name, value in fields.items()}
        reach = address(fields, self.networks, self.versions)
        if reach:
            variables["ansible_host"] = reach
        variables = untrusted(variables)
        if self.include.hold(variables, without=True) and not self.exclude.hold(variables, without=False):
            name = self.preferred_name(fields, variables) or plain(fields["id"])
            self.hosts.add(Host(name, plain(fields["id"]), plain(fields["region"] or ""), variables))

    def preferred_name(self, fields, variables):
        """The name of a host by the option hostnames, None when no preference gives one."""
        for preference in self.preferences:
            if self.plugin.templar.is_template(preference):
                try:
                    value = self.plugin.with_variables(variables).template(preference, **({} if MARKS_TRUST else {"convert_data": False}))
                except Exception as error:  # whatever a template may raise
                    if self.strict:
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

    def finish(self):
        """Settle the names of the hosts, and say what there is to say. The names."""
        hosts, names = self.hosts.settle([plain(region or "") for region in self.regions])
        display = self.plugin.display
        passed_over = [status for region in self.regions for status in self.passed_over[region]]
        if passed_over:
            display.v("Left out because of their status: %s. The option statuses decides." % ", ".join(
                "%d %s" % (passed_over.count(status), status) for status in sorted(set(passed_over))))
        for sentence in self.include.complaints() + self.exclude.complaints():
            display.warning(sentence)
        renamed = sorted("%s is %s" % (host.name, name) for host, name in zip(hosts, names) if host.name != name)
        if renamed:
            more = len(renamed) - MOST_IN_A_WARNING
            display.warning(
                "%d servers have names that are not theirs alone and get a suffix: %s%s. Rename the servers, or make the names differ "
                "with a template in hostnames." % (len(renamed), ", ".join(renamed[:MOST_IN_A_WARNING]), " and %d more" % more if more > 0 else ""))
        for name in names:
            if "ansible_host" not in self.plugin.inventory.hosts[name].vars:
                display.v("%s has no address that networks and ip_versions allow: it is kept, without ansible_host." % name)
        return names


def wanted_statuses(settings):
    """A predicate of records: the status is one to keep."""
    words = settings.words("statuses")
    if words == []:
        raise errors.BadInput("statuses is empty. List some, write all, or leave it out.")
    if words is None and "status" not in settings.filters():
        return lambda server: server.get("status") not in NOT_YET_OR_NEVER
    kept = {word.upper() for word in words or ["all"]}
    return lambda server: "ALL" in kept or str(server.get("status")).upper() in kept
