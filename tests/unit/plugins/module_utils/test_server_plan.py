# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The plan of a server as a table of cases: what is there, what is wanted, the steps."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, plan, server_plan, servers

SMALL, LARGE = {"id": "1", "name": "small"}, {"id": "2", "name": "large"}
OLD, NEW = {"id": "i-1", "name": "old"}, {"id": "i-2", "name": "new"}


def server(**fields):
    """A record of a server that is well."""
    return dict({
        "id": "s-1", "name": "web1", "status": "ACTIVE", "task_state": None, "flavor": {"id": "1"}, "image": {"id": "i-1"}, "metadata": {},
        "access_ipv4": "", "access_ipv6": "", "addresses": {"public": [], "private": []}, "key_name": "deploy", "disk_config": "AUTO"}, **fields)


def wish(**fields):
    return dict({"state": "present", "body": {"server": {}}}, **fields)


CASES = [
    # what is there, what is wanted, the steps, the fields that drift
    (None, wish(name="web1", flavor=SMALL, image=OLD), ["create"], []),
    (None, wish(name="web1", flavor=SMALL, image=OLD, state="started"), ["create"], []),
    (None, wish(name="web1", flavor=SMALL, image=OLD, state="stopped"), ["create", "stop"], []),
    (None, wish(state="absent"), [], []),
    (server(), wish(state="absent"), ["delete"], []),
    (server(status="ERROR"), wish(state="absent"), ["delete"], []),
    (server(metadata={"ansible_protected": "true"}), wish(state="absent", ignore_protection=True), ["delete"], []),
    (server(), wish(), [], []),
    (server(), wish(name="web1", flavor=SMALL, image=OLD, metadata={}, key_name="deploy"), [], []),
    # attributes
    (server(), wish(name="web2"), ["update"], []),
    (server(access_ipv4="192.0.2.1"), wish(access_ipv4=""), ["update"], []),
    (server(access_ipv4="192.0.2.1"), wish(access_ipv4="192.0.2.1"), [], []),
    (server(), wish(name="web2", access_ipv6="2001:db8::1", metadata={"a": "1"}), ["update", "set_metadata"], []),
    # metadata: merged; purged only when told to; the provider's and our own items stay
    (server(metadata={"a": "1", "b": "2"}), wish(metadata={"a": "1"}), [], []),
    (server(metadata={"a": "1", "b": "2"}), wish(metadata={"a": "2"}), ["set_metadata"], []),
    (server(metadata={"a": "1", "b": "2"}), wish(metadata={"a": "1"}, purge_metadata=True), ["remove_metadata"], []),
    (server(metadata={"a": "1", "b": "2"}), wish(metadata={"a": "2"}, purge_metadata=True), ["set_metadata", "remove_metadata"], []),
    (server(metadata={"a": "1"}), wish(metadata={}, purge_metadata=True), ["remove_metadata"], []),
    (server(metadata={"a": "1"}), wish(purge_metadata=True), [], []),
    (server(metadata={"rax_service_level_automation": "Complete", "rackconnect_automation_status": "DEPLOYED", "rax:x": "1",
                      "build_config": "c", "com.rackspace__1__x": "1", "org.openstack__1__y": "1", "ansible_create_id": "m"}),
     wish(metadata={}, purge_metadata=True), [], []),
    # flavor
    (server(), wish(flavor=LARGE), [], ["flavor"]),
    (server(), wish(flavor=LARGE, resize_policy="confirm"), ["resize", "confirm_resize"], []),
    (server(), wish(flavor=LARGE, resize_policy="manual"), ["resize"], []),
    (server(flavor={"original_name": "small"}), wish(flavor=SMALL, resize_policy="confirm"), [], []),
    (server(status="VERIFY_RESIZE", flavor={"id": "2"}), wish(flavor=LARGE, resize_policy="confirm"), ["confirm_resize"], []),
    (server(status="RESIZE", task_state="resize_migrating"), wish(flavor=LARGE, resize_policy="confirm"), ["(settle)", "confirm_resize"], []),
    (server(status="RESIZE", task_state="resize_migrating"), wish(flavor=LARGE, resize_policy="manual"), ["(settle)"], ["resize"]),
    (server(status="VERIFY_RESIZE", flavor={"id": "2"}), wish(flavor=LARGE, resize_policy="manual"), [], ["resize"]),
    (server(status="VERIFY_RESIZE", flavor={"id": "2"}), wish(flavor=LARGE), [], ["resize"]),
    (server(status="VERIFY_RESIZE", flavor={"id": "2"}), wish(flavor=LARGE, resize_policy="confirm", metadata={"a": "1"}),
     ["confirm_resize", "set_metadata"], []),
    # image
    (server(), wish(image=NEW), [], ["image"]),
    (server(), wish(image=NEW, rebuild_policy="rebuild"), ["rebuild"], []),
    (server(image=None), wish(image=NEW, rebuild_policy="rebuild"), [], []),
    (server(), wish(image=NEW, flavor=LARGE, rebuild_policy="rebuild", resize_policy="confirm"), ["rebuild", "resize", "confirm_resize"], []),
    # power
    (server(status="SHUTOFF"), wish(), [], []),
    (server(status="SHUTOFF"), wish(state="started"), ["start"], []),
    (server(status="PAUSED"), wish(state="started"), ["unpause"], []),
    (server(status="SUSPENDED"), wish(state="started"), ["resume"], []),
    (server(status="SHELVED_OFFLOADED"), wish(state="started"), ["unshelve"], []),
    (server(), wish(state="started"), [], []),
    (server(), wish(state="stopped"), ["stop"], []),
    (server(status="SHUTOFF"), wish(state="stopped"), [], []),
    (server(), wish(state="stopped", flavor=LARGE, resize_policy="manual"), ["stop", "resize"], []),
    # metadata only when the status allows it
    (server(status="SHELVED_OFFLOADED"), wish(state="started", metadata={"a": "1"}), ["unshelve", "set_metadata"], []),
    (server(), wish(state="stopped", metadata={"a": "1"}), ["stop", "set_metadata"], []),
    (server(metadata={"k%d" % number: "v" for number in range(40)}), wish(metadata={"new": "v"}, purge_metadata=True),
     ["remove_metadata", "set_metadata"], []),
    # one address, two spellings
    (server(access_ipv6="2001:db8::1"), wish(access_ipv6="2001:DB8:0::1"), [], []),
    (server(access_ipv6="2001:db8::1"), wish(access_ipv6="2001:db8::2"), ["update"], []),
    # what somebody else began comes to an end first
    (server(status="BUILD"), wish(), ["(settle)"], []),
    (server(status="BUILD", metadata={}), wish(metadata={"a": "1"}), ["(settle)", "set_metadata"], []),
    (server(status="REBOOT"), wish(flavor=LARGE, resize_policy="confirm"), ["(settle)", "resize", "confirm_resize"], []),
    (server(task_state="image_uploading"), wish(flavor=LARGE, resize_policy="confirm"), ["(settle)", "resize", "confirm_resize"], []),
    (server(task_state="image_uploading"), wish(metadata={"a": "1"}), ["set_metadata"], []),
    (server(task_state="powering-off"), wish(state="stopped"), ["(settle)"], []),
    (server(status="SHUTOFF", task_state="powering-on"), wish(state="started"), ["(settle)"], []),
    (server(), wish(ready_when=servers.ready("rackconnect")), ["(await_automation)"], []),
    (server(metadata={"rackconnect_automation_status": "DEPLOYED"}), wish(ready_when=servers.ready("rackconnect")), [], []),
    # what can only be told
    (server(), wish(key_name="other", disk_config="MANUAL"), [], ["disk_config", "key_name"]),
    (server(), wish(networks=["public", "private"]), [], []),
    (server(), wish(networks=["public"]), [], ["networks"]),
    (server(), wish(networks=[None]), [], []),
    (server(security_groups=[{"name": "default"}, {"name": "default"}]), wish(security_groups=["default"]), [], []),
    (server(security_groups=[{"name": "default"}]), wish(security_groups=["web"]), [], ["security_groups"]),
    # ERROR
    (server(status="ERROR"), wish(name="web1", flavor=SMALL, image=OLD, on_error="recreate"), ["delete", "create"], []),
]


@pytest.mark.parametrize(("now", "want", "steps", "drift"), CASES)
def test_steps_and_drift(now, want, steps, drift):
    found = server_plan.plan(now, want)
    assert [step.do if step.changes else "(%s)" % step.do for step in found.steps] == steps
    assert sorted(item["field"] for item in found.drift) == drift


@pytest.mark.parametrize(("now", "want", "steps", "drift"), CASES)
def test_the_foreseen_record_needs_nothing_more(now, want, steps, drift):
    foreseen = server_plan.foresee(now, server_plan.plan(now, want).steps)
    if want["state"] == "absent":
        assert foreseen is None
    elif foreseen["status"] != "VERIFY_RESIZE" or want.get("resize_policy") != "manual":
        again = server_plan.plan(foreseen, dict(want, ready_when=None))
        assert not plan.changed(again.steps)


@pytest.mark.parametrize(("now", "want", "error", "words"), [
    (server(status="ERROR", fault={"message": "No valid host"}), wish(), errors.WrongState, ["web1", "s-1", "No valid host", "on_error"]),
    (server(metadata={"ansible_protected": "true"}), wish(state="absent"), errors.Protected, ["web1", "delete", "ignore_protection"]),
    (server(metadata={"ansible_protected": "True"}), wish(image=NEW, rebuild_policy="rebuild"), errors.Protected, ["rebuild"]),
    (server(status="ERROR", metadata={"ansible_protected": "true"}), wish(on_error="recreate"), errors.Protected, ["recreate"]),
    (server(status="VERIFY_RESIZE", flavor={"id": "2"}), wish(flavor=SMALL, resize_policy="confirm"), errors.WrongState, ["waiting", "flavor 1"]),
    (server(status="RESCUE"), wish(state="started"), errors.WrongState, ["RESCUE", "SHUTOFF"]),
    (server(status="PAUSED"), wish(state="stopped"), errors.WrongState, ["PAUSED", "ACTIVE"]),
    (server(status="SUSPENDED"), wish(flavor=LARGE, resize_policy="confirm"), errors.WrongState, ["SUSPENDED", "resize"]),
    (server(status="RESCUE"), wish(metadata={"a": "1"}), errors.WrongState, ["RESCUE", "metadata"]),
    (server(status="VERIFY_RESIZE"), wish(metadata={"a": "1"}), errors.WrongState, ["VERIFY_RESIZE", "metadata"]),
    (server(status="RESCUE"), wish(image=NEW, rebuild_policy="rebuild"), errors.WrongState, ["RESCUE", "rebuild"]),
])
def test_what_cannot_be_made_true_is_refused_in_words(now, want, error, words):
    with pytest.raises(error) as caught:
        server_plan.plan(now, want)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(("now", "want", "unknown"), [
    (server(), wish(hidden=["user_data"]), ["user_data"]),
    (server(key_name=None), wish(key_name="deploy"), ["key_name"]),
    (server(image=None), wish(image=OLD), ["image"]),
    (server(), wish(networks=["public", None]), ["networks"]),
    (server(), wish(security_groups=["web"], availability_zone="az1"), ["availability_zone", "security_groups"]),
])
def test_what_no_record_shows_is_listed(now, want, unknown):
    assert server_plan.plan(now, want).unknown == unknown


def test_a_diff_shows_the_fields_that_change_and_no_others():
    steps = server_plan.plan(server(metadata={"a": "1", "b": "2"}), wish(
        name="web2", metadata={"a": "2"}, purge_metadata=True, flavor=LARGE, resize_policy="confirm")).steps
    assert plan.diff(steps) == {
        "before": {"name": "web1", "metadata": {"a": "1", "b": "2"}, "flavor": "1"},
        "after": {"name": "web2", "metadata": {"a": "2"}, "flavor": "2"}}


def test_a_diff_holds_no_secret():
    body = {"server": {"adminPass": "do-not-show", "user_data": "do-not-show", "personality": [{"contents": "do-not-show"}]}}
    steps = server_plan.plan(None, wish(name="web1", flavor=SMALL, image=OLD, body=body)).steps
    assert "do-not-show" not in str(plan.diff(steps))
