# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Lists that build on the last one: what changed is seen, what cannot be trusted is listed anew; what else is said of servers."""

from __future__ import annotations

import json
import os
import random

import pytest
from ansible.errors import AnsibleParserError

from ansible_collections.rackspace.cloud.plugins.module_utils import wait

# What a server may have lost or got without its `updated` moving, on Nova; by host variable.
NOT_TOLD = ("rax_addresses", "rax_volumes_attached", "rax_security_groups", "rax_metadata", "ansible_host")


def queries(player):
    """The queries of the lists that came in since the last question; logins and everything else left out."""
    found = [(entry["path"].rpartition("/")[2], entry["query"]) for entry in player.cloud.journal.entries()
             if entry["method"] == "GET" and entry["service"] == "compute" and entry["path"].endswith(("/servers", "/servers/detail"))]
    player.cloud.journal.clear()
    return found


def state_file(folder):
    found, = (folder / "tokens").glob("servers_*.json")
    return found


@pytest.fixture
def changing(player):
    """A Player whose configuration refreshes by changes, in one region, with two servers that are known from a first list."""
    player.again = lambda **options: player.hosts(**dict({"refresh": "changes", "regions": player.regions[:1]}, **options))
    player.seed("web")
    player.seed("db")
    player.cloud.clock.advance(600)
    player.again()
    assert [query for _what, query in queries(player)] == [""]
    player.cloud.clock.advance(600)
    return player


def full(player, **options):
    """What a full list gives."""
    found = player.hosts(**dict({"regions": player.regions[:1]}, **options))
    queries(player)
    return found


# Changes.

def test_a_refresh_asks_for_what_changed_since_the_last_list_with_a_margin(changing):
    changing.again()
    queries(changing)
    began = changing.moment(-60)
    changing.cloud.clock.advance(30)
    changing.again()
    (what, query), = queries(changing)
    # Asked by the clock of the cloud: the list before began at this second, less a minute.
    assert (what, query) == ("detail", "changes-since=" + began)


def test_new_changed_and_deleted_servers_are_seen_in_the_order_of_a_full_list(changing):
    ids = [variables["rax_id"] for variables in changing.again().values()]
    changing.order("PATCH", "/sandbox/servers/" + ids[0], {"name": "renamed", "metadata": {"role": "new"}})
    changing.order("PATCH", "/sandbox/servers/" + ids[1], {"status": "DELETED"})
    changing.seed("latest")
    changing.cloud.clock.advance(5)
    found = changing.again()
    assert list(found) == list(full(changing)) == ["latest", "renamed"]
    assert found == full(changing)


def test_a_server_that_comes_back_into_a_filter_stands_where_a_full_list_has_it(changing):
    options = {"filters": {"name": "^web"}}
    for number in range(2, 5):
        changing.seed("web%d" % number)
        changing.cloud.clock.advance(60)
    server = changing.again(**options)["web3"]["rax_id"]
    for name in ("db3", "web3"):
        changing.order("PATCH", "/sandbox/servers/" + server, {"name": name})
        changing.cloud.clock.advance(60)
        queries(changing)
        found = changing.again(**options)
        assert ["changes-since" in query for _what, query in queries(changing)] == [True, True]
        assert list(found) == list(full(changing, **options))
    changing.seed("web5")
    assert list(changing.again(**options)) == list(full(changing, **options)) == ["web5", "web4", "web3", "web2", "web"]


def test_of_servers_made_in_one_second_the_new_one_is_first(changing):
    for name in ("one", "two"):
        changing.seed(name)
        assert list(changing.again()) == list(full(changing))
    assert list(changing.again()) == ["two", "one", "db", "web"]


def test_what_is_known_stays_in_its_order_whatever_the_cloud_says_of_its_age(changing):
    servers = changing.cloud.regions[changing.regions[0]].servers
    for server in servers.values():
        server.created -= 5000 if server.name == "db" else 0  # the first one of the list is the oldest
    changing.again(anew=True)
    middle = changing.seed("middle")[0]
    servers[middle].created -= 3000
    assert [name for name in changing.again() if name != "middle"] == ["db", "web"]
    assert "changes-since" in queries(changing)[-1][1]


def test_what_changed_within_the_margin_is_not_missed(changing):
    """A change that the cloud wrote a little late, with the time at which it began."""
    server = changing.again()["web"]["rax_id"]
    changing.order("PATCH", "/sandbox/servers/" + server, {"name": "late"})
    changing.cloud.regions[changing.regions[0]].servers[server].updated -= 45
    changing.cloud.clock.advance(5)
    assert "late" in changing.again()


def test_the_list_is_full_again_after_the_maximum_age(changing):
    queries(changing)
    for _turn in range(3):
        changing.again(refresh_max_age=1000)
        changing.cloud.clock.advance(300)
    assert ["changes-since" in query for _what, query in queries(changing)] == [True, True, False]


@pytest.mark.parametrize("seconds", [-7200, -45, 45, 7200])
def test_a_clock_that_was_set_means_a_full_list(changing, seconds):
    changing.cloud.settings.update({"clock_skew": seconds})
    assert changing.again() == full(changing)
    changing.again()
    changing.cloud.settings.update({"clock_skew": 0})
    queries(changing)
    changing.again()
    assert queries(changing)[-1] == ("detail", "")


def test_a_cloud_that_is_ahead_or_behind_is_asked_by_its_own_clock(player):
    player.cloud.settings.update({"clock_skew": 5000})
    server, = player.seed("web")
    options = {"refresh": "changes", "regions": player.regions[:1]}
    player.hosts(**options)
    player.order("PATCH", "/sandbox/servers/" + server, {"name": "renamed"})
    player.cloud.clock.advance(5)
    assert list(player.hosts(**options)) == ["renamed"]
    assert "changes-since" in queries(player)[-1][1]


def test_a_cloud_that_does_not_tell_its_time_is_listed_in_full(changing, monkeypatch):
    plain = changing.cloud.handle

    def without_date(request):
        response = plain(request)
        response.headers = [(name, value) for name, value in response.headers if name.lower() != "date"]
        return response
    monkeypatch.setattr(changing.cloud, "handle", without_date)
    for _turn in range(2):
        changing.again(token_cache=False)
        assert queries(changing)[-1] == ("detail", "")


def test_what_no_longer_matches_the_filters_is_left_out(changing):
    options = {"filters": {"name": "^web", "status": "ACTIVE"}}
    changing.seed("web2")
    first = changing.again(**options)
    assert sorted(first) == ["web", "web2"]
    changing.order("PATCH", "/sandbox/servers/" + first["web"]["rax_id"], {"name": "db"})
    changing.seed("web3")
    changing.cloud.clock.advance(5)
    queries(changing)
    found = changing.again(**options)
    assert [what for what, _query in queries(changing)] == ["servers", "detail"]
    assert found == full(changing, **options)


def test_what_changes_between_the_two_lists_of_a_refresh_with_filters_stays(changing, monkeypatch):
    options = {"filters": {"name": "^web"}}
    server = changing.again(**options)["web"]["rax_id"]
    changing.cloud.clock.advance(600)
    handle, lists = changing.cloud.handle, []

    def meddle(request):
        response = handle(request)
        if "changes-since" in request.query and not lists:
            lists.append(request.path)
            changing.order("PATCH", "/sandbox/servers/" + server, {"name": "web9"})
        return response
    monkeypatch.setattr(changing.cloud, "handle", meddle)
    assert list(changing.again(**options)) == ["web9"] and lists


def test_the_flush_of_the_cache_lists_everything(changing):
    changing.again(anew=True)
    assert queries(changing)[-1] == ("detail", "")


def test_a_region_that_fails_is_known_from_before_next_time(rackspace):
    options = {"refresh": "changes", "regions": ["DFW", "ORD"], "on_region_failure": "warn"}
    for region in ("DFW", "ORD"):
        rackspace.seed("at-" + region, region=region)
    rackspace.hosts(**options)
    rackspace.cloud.clock.advance(600)
    rackspace.cloud.faults.add({"path": "/ORD/", "times": 1, "status": 403})
    assert list(rackspace.hosts(**options)) == ["at-DFW"]
    queries(rackspace)
    assert sorted(rackspace.hosts(**options)) == ["at-DFW", "at-ORD"]
    assert all("changes-since" in query for _what, query in queries(rackspace))


@pytest.mark.parametrize("name", ["changes-since", "deleted", "limit", "marker"])
def test_filters_that_a_refresh_sets_itself_are_refused(changing, name):
    with pytest.raises(AnsibleParserError, match="filters has %s, which refresh: changes sets itself" % name):
        changing.again(filters={name: "1"})


def test_a_negative_age_is_refused(changing):
    with pytest.raises(AnsibleParserError, match="refresh_max_age is -1"):
        changing.again(refresh_max_age=-1)


# The file.

def test_the_file_is_ours_alone_and_holds_no_secret(changing, tmp_path):
    path = state_file(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text(encoding="utf-8")
    for secret in ("sandbox-api-key", "sandbox-password", json.loads(next(iter((tmp_path / "tokens").glob("[0-9a-f]*.json"))).read_text())["token"]):
        assert secret not in text


def cut(path):
    path.write_bytes(path.read_bytes()[:-20])


def other_account(path):
    entry = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(dict(entry, key="0" * 32)), encoding="utf-8")


def no_moment(path):
    path.write_text(path.read_text(encoding="utf-8").replace('"as_of": ', '"as_of": NaN, "x": '), encoding="utf-8")


def beyond_all_clocks(path):
    entry = json.loads(path.read_text(encoding="utf-8"))
    for known in entry["regions"].values():
        known["as_of"] = 1e18
    path.write_text(json.dumps(entry), encoding="utf-8")


def no_ids(path):
    path.write_text(path.read_text(encoding="utf-8").replace('"id": ', '"ID": '), encoding="utf-8")


def no_object(path):
    path.write_text("[1]", encoding="utf-8")


def open_to_others(path):
    path.chmod(0o644)


def a_link(path):
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


def gone(path):
    path.unlink()


@pytest.mark.parametrize("damage", [cut, other_account, no_moment, beyond_all_clocks, no_ids, no_object, open_to_others, a_link, gone])
def test_a_file_that_cannot_be_trusted_means_a_full_list(changing, tmp_path, damage):
    damage(state_file(tmp_path))
    assert changing.again() == full(changing)
    changing.cloud.clock.advance(5)
    changing.again()
    changing.cloud.journal.clear()
    changing.again()
    assert "changes-since" in queries(changing)[-1][1], "the file was not made anew"


def test_files_that_nobody_used_for_a_day_are_removed(changing, tmp_path):
    own = state_file(tmp_path)
    old, young, strange = (own.with_name(name) for name in ("servers_%s.json" % ("0" * 32), "servers_%s.json" % ("1" * 32), "servers_old.json"))
    for path in (old, young, strange):
        path.write_text("{}", encoding="utf-8")
    for path in (own, old, strange):
        os.utime(path, (wait.wall() - 86500,) * 2)
    changing.again()
    assert own.exists() and young.exists() and strange.exists() and not old.exists()


@pytest.mark.parametrize("other", [{"filters": {"name": "x"}}, {"regions": "all"}, {"username": "other", "api_key": "sandbox-other-key"}])
def test_what_changes_the_answer_has_a_file_of_its_own(rackspace, other):
    rackspace.seed("web")
    mine = {"regions": ["DFW"], "refresh": "changes"}
    rackspace.hosts(**mine)
    queries(rackspace)
    found = rackspace.hosts(**dict(mine, **other))
    assert not [query for _what, query in queries(rackspace) if "changes-since" in query]
    assert ("web" in found) == (other == {"regions": "all"})


def test_another_tenant_of_the_same_user_has_a_file_of_its_own(rackspace):
    rackspace.seed("web")
    options = {"regions": ["DFW"], "refresh": "changes", "token_cache": False}
    assert list(rackspace.hosts(**options)) == ["web"]
    user = next(user for user in rackspace.cloud.accounts.users.values() if user.name == "demo")
    user.project_id = user.domain_id = "654321"
    queries(rackspace)
    assert not rackspace.hosts(**options)
    assert queries(rackspace) == [("detail", "")]


def test_another_media_type_has_a_file_of_its_own(rackspace):
    rackspace.seed("web")
    options = {"regions": ["DFW"], "refresh": "changes"}
    rackspace.hosts(**options)
    queries(rackspace)
    assert list(rackspace.hosts(media_type="xml", **options)) == ["web"]
    assert not [query for _what, query in queries(rackspace) if "changes-since" in query]


def test_a_place_that_cannot_be_written_is_told_of_and_does_no_harm(player, tmp_path):
    (tmp_path / "tokens").mkdir(mode=0o755)
    os.chmod(tmp_path / "tokens", 0o755)  # open to others: not trusted
    player.seed("web")
    assert list(player.hosts(refresh="changes")) == ["web"]
    assert "refresh: changes needs a file that cannot be written" in player.display.warnings[0]


# A long history.

def test_a_long_history_is_followed(make_player):
    """Servers come, change and go, clocks move a little: a refresh shows what a full list shows, but for what Nova does not tell;
    and that is right again after the maximum age."""
    rng = random.Random(10)
    player = make_player("openstack")
    region = player.cloud.regions[player.regions[0]]
    options = {"regions": player.regions[:1], "statuses": "all"}
    player.seed("first-{n}", count=5)
    late = set()
    for turn in range(120):
        for _step in range(rng.randint(0, 4)):
            step(player, rng, region, turn)
        player.cloud.settings.update({"clock_skew": rng.uniform(-10, 10)})
        player.cloud.clock.advance(rng.choice([1, 20, 90, 400]))
        found = player.hosts(refresh="changes", refresh_max_age=1000, **options)
        asked = queries(player)
        truth = player.hosts(**options)
        assert list(found) == list(truth), turn
        queries(player)
        for name, variables in truth.items():
            differs = {variable for variable in {*variables, *found[name]} if variables.get(variable) != found[name].get(variable)}
            assert differs <= set(NOT_TOLD), (turn, name, differs)
            assert not differs or "changes-since" in asked[0][1], "a full list is right in everything"
            late |= differs
    assert late >= {"rax_addresses", "rax_metadata", "rax_volumes_attached", "rax_security_groups"}, "the sandbox tells more than Nova does"


def step(player, rng, region, turn):
    """Something that somebody does to a server."""
    alive = [server for server in region.servers.values() if not server.name.startswith("full") and not server.settle(player.cloud.now()).deleted
             and not server.task_state]
    kind = rng.choice(["create", "delete", "rename", "metadata", "remove metadata", "attach", "detach", "group", "volume"])
    if kind == "create" or not alive:
        player.seed("new-%d-{n}" % turn, metadata={"turn": str(turn)})
        return
    server = rng.choice(alive)
    client = player.connect(dict(player.configuration(), region=player.regions[0], tenant_name="demo")).compute
    path = "/servers/" + server.id
    if kind == "delete":
        client.delete(path)
        player.cloud.clock.advance(2)
    elif kind == "rename":
        client.put(path, {"server": {"name": "renamed-%d-%s" % (turn, server.id[:4])}})
    elif kind == "metadata":
        client.post(path + "/metadata", {"metadata": {"turn": str(turn), "other": "x"}})
    elif kind == "remove metadata" and server.metadata:
        client.delete("%s/metadata/%s" % (path, rng.choice(sorted(server.metadata))))
    elif kind == "attach":
        client.post(path + "/os-interface", {"interfaceAttachment": {"net_id": next(iter(region.networks))}})
    elif kind == "detach":
        ports = client.get(path + "/os-interface")["interfaceAttachments"]
        if len(ports) > 1:
            client.delete("%s/os-interface/%s" % (path, ports[0]["port_id"]))
    elif kind == "group":
        client.post(path + "/action", {"removeSecurityGroup" if server.security_groups else "addSecurityGroup": {"name": "default"}})
    elif kind == "volume":
        volume = player.connect(dict(player.configuration(), region=player.regions[0], tenant_name="demo")).service(("block-storage", "volumev3"))
        made = volume.post("/volumes", {"volume": {"size": 1, "name": "v"}}).data["volume"]["id"]
        player.cloud.clock.advance(2)
        client.post(path + "/os-volume_attachments", {"volumeAttachment": {"volumeId": made}})
        player.cloud.clock.advance(2)


# Pages.

def test_a_list_that_begins_again_counts_once(player):
    player.seed("web-{n}", count=6)
    player.cloud.settings.update({"page_size": 2})
    player.cloud.faults.add({"path": "marker=", "times": 1, "skip": 1, "status": 400, "body": {"badRequest": {"message": "marker [x] not found", "code": 400}}})
    found = player.hosts(regions=player.regions[:1], refresh="changes")
    assert len(found) == 6 and not player.display.warnings
    assert found == full(player)


def test_a_region_that_fails_half_way_leaves_nothing(rackspace):
    rackspace.cloud.settings.update({"page_size": 2})
    for region in ("DFW", "ORD"):
        rackspace.seed("web-{n}", count=6, region=region)
    rackspace.cloud.faults.add({"path": "/ORD/.*marker=", "times": 99, "skip": 1, "status": 403})
    found = rackspace.hosts(regions=["ORD", "DFW"], on_region_failure="warn")
    assert sorted(variables["rax_region"] for variables in found.values()) == ["DFW"] * 6
    assert all(name.startswith("web-") and "_" not in name for name in found), "names were shared with a region that is left out"
    with pytest.raises(AnsibleParserError):
        rackspace.hosts(regions=["ORD", "DFW"])
    assert not rackspace.inventory.hosts


def test_a_token_that_ends_half_way_is_renewed_in_a_refresh_too(changing):
    changing.seed("web-{n}", count=5)
    changing.cloud.settings.update({"page_size": 2})
    changing.cloud.faults.add({"path": "marker=", "times": 1, "status": 401})
    changing.cloud.clock.advance(5)
    assert changing.again() == full(changing)


def test_hosts_stand_in_the_order_of_the_regions_whichever_answers_first(rackspace):
    for region in ("DFW", "IAD", "ORD"):
        rackspace.seed("%s-{n}" % region, count=3, region=region)
    orders = set()
    for _turn in range(5):
        orders.add(tuple(rackspace.hosts(regions=["ORD", "DFW", "IAD"])))
    order, = orders
    assert [name[:3] for name in order] == ["ORD"] * 3 + ["DFW"] * 3 + ["IAD"] * 3


# What else is said of servers.

def test_names_and_volumes_come_from_a_list_each(make_player):
    player = make_player("openstack")
    ids = player.seed("web-{n}", count=3)
    connection = player.connect(dict(player.configuration(), region=player.regions[0]))
    volume = connection.service(("block-storage", "volumev3")).post("/volumes", {"volume": {"size": 2, "name": "data"}}).data["volume"]["id"]
    player.cloud.clock.advance(2)
    connection.compute.post("/servers/%s/os-volume_attachments" % ids[0], {"volumeAttachment": {"volumeId": volume}})
    player.cloud.clock.advance(2)
    player.asked()
    found = {variables["rax_id"]: variables for variables in player.hosts(regions=player.regions[:1], expand_hostvars=["flavor", "image", "volumes"]).values()}
    region = player.regions[0]
    assert player.asked() == [("GET", "compute", region)] * 2 + [("GET", "volume", region)] + [("GET", "compute", region)]
    assert {(one["rax_flavor_name"], one["rax_image_name"]) for one in found.values()} == {("m1.tiny", "cirros")}
    (attached,) = found[ids[0]]["rax_volumes"]
    assert (attached["id"], attached["name"], attached["size"], attached["device"]) == (volume, "data", 2, "/dev/vdb")
    assert [found[server]["rax_volumes"] for server in ids[1:]] == [[], []]
    plain = player.hosts(regions=player.regions[:1])
    assert not [name for one in plain.values() for name in one if name in ("rax_flavor_name", "rax_image_name", "rax_volumes")]


def test_names_are_in_the_cache_and_not_in_what_a_refresh_builds_on(changing, tmp_path):
    cache = {"cache": True, "cache_plugin": "jsonfile", "cache_connection": str(tmp_path / "cache"), "expand_hostvars": ["flavor", "image"]}
    first = changing.again(**cache)
    assert all(one["rax_flavor_name"] and one["rax_image_name"] for one in first.values())
    changing.asked()
    assert changing.again(**cache) == first and not changing.asked()
    assert "flavor_name" not in state_file(tmp_path).read_text(encoding="utf-8")


def test_a_flavor_and_an_image_that_are_gone_have_no_name(changing):
    server = changing.again()["web"]["rax_id"]
    changing.order("PATCH", "/sandbox/servers/" + server, {"image": {"id": "gone"}, "flavor": {"id": "gone"}})
    found = changing.again(expand_hostvars=["flavor", "image"])["web"]
    assert (found["rax_flavor_name"], found["rax_image_name"]) == (None, None)


def test_no_volume_service_is_a_clear_error(changing, monkeypatch):
    monkeypatch.setattr("ansible_collections.rackspace.cloud.plugins.plugin_utils.inventory_listing.VOLUME", ("nothing",))
    with pytest.raises(AnsibleParserError, match="Could not list what expand_hostvars wants in .*: This account has no nothing service"):
        changing.again(expand_hostvars=["volumes"])
