# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Whatever servers are called and carry: they become hosts, what they carry stays as it is, and nothing of it is evaluated."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

QUICK = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
EVIL = ["{{ 7 * 7 }}", "{{ lookup('pipe', 'touch evaluated') }}", "{% for x in range(9) %}x{% endfor %}", "{# gone #}",
        "#jinja2: variable_start_string:'['",
        "../../etc/passwd", "a/b", "\x00", "\n", " ", ".", "all", "ungrouped", "localhost", "!unsafe x",
        "a" * 300, "\u202ex", "ä€😀", "[1:3]", "-x", "a,b", "0", "null",
        "__ansible_type", "__ansible_unsafe", "ansible_connection"]
TEXT = st.sampled_from(EVIL) | st.text(st.characters(codec="utf-8"), max_size=20)
SERVERS = st.lists(st.tuples(TEXT, st.dictionaries(TEXT.filter(bool), TEXT, max_size=3)), min_size=1, max_size=4)


@QUICK
@given(servers=SERVERS)
def test_names_and_metadata(rackspace, servers, tmp_path_factory):
    for name, metadata in servers:
        rackspace.seed(name, metadata=metadata)
    hosts = rackspace.hosts(
        regions=["DFW"], compose={"copied": "rax_metadata"}, groups={"with_metadata": "rax_metadata | length > 0"},
        keyed_groups=[{"key": "rax_name", "prefix": "named"}, {"key": "rax_metadata", "prefix": "has"}], hostnames=["name"])
    try:
        assert len(hosts) == len(servers)
        shown = sorted((str(host["rax_name"]), sorted((str(key), str(value)) for key, value in host["rax_metadata"].items())) for host in hosts.values())
        assert shown == sorted((name, sorted(metadata.items())) for name, metadata in servers)
        assert all(host.get("copied", host["rax_metadata"]) == host["rax_metadata"] for host in hosts.values())
        assert not any("49" in str(name) for name in hosts if "49" not in str([name for name, _metadata in servers]) + str(hosts[name]["rax_id"]))
        assert not Path("evaluated").exists()
    finally:
        rackspace.cloud.reset()


ENTRIES = st.fixed_dictionaries({"addr": TEXT | st.ip_addresses().map(str), "version": st.sampled_from([4, 6])})


@QUICK
@given(addresses=st.dictionaries(TEXT, st.lists(ENTRIES, max_size=2), max_size=3))
def test_addresses(rackspace, addresses):
    rackspace.seed("web", addresses=addresses)
    try:
        made = rackspace.hosts(regions=["DFW"], networks=["public", "private", "*"])
        written = [entry["addr"] for entries in addresses.values() for entry in entries]
        assert len(made) == 1 and all(str(host.get("ansible_host", "")) in ["", *written] for host in made.values())
    finally:
        rackspace.cloud.reset()
