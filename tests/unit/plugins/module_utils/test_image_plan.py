# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""The plan of an image as a table, and which older ones a rotation takes."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, image_plan, plan


def image(number=1, **fields):
    return dict({"id": "i-%d" % number, "name": "web1-%02d" % number, "status": "ACTIVE", "created": "2026-11-%02dT08:00:00Z" % number,
                 "metadata": {"image_type": "snapshot", "of": "web1"}, "server": {"id": "s-1"}}, **fields)


def server(**fields):
    return dict({"id": "s-1", "name": "web1", "status": "ACTIVE", "task_state": None}, **fields)


def wish(**fields):
    return dict({"state": "present", "purge_metadata": False, "ignore_protection": False}, **fields)


def rotation(keep, *there, **fields):
    return wish(**dict({"keep": keep, "pattern": "web1-*", "images": list(there), "users": {}, "max_delete": 9}, **fields))


CASES = [
    (None, wish(name="x", server=server()), ["create"]),
    (None, wish(name="x", server=server(status="SHUTOFF")), ["create"]),
    (None, wish(name="x", server=server(status="BUILD", task_state="spawning")), ["create"]),
    (image(), wish(name="web1-01"), []),
    (image(status="SAVING"), wish(name="web1-01"), ["(settle)"]),
    (image(), wish(metadata={"of": "web1"}), []),
    (image(), wish(metadata={"of": "web2"}), ["set_metadata"]),
    (image(), wish(metadata={"a": "1"}, purge_metadata=True), ["set_metadata", "remove_metadata"]),
    (image(metadata={"image_type": "snapshot", "os_type": "linux", "ansible_protected": "true", "com.rackspace__1__x": "1", "auto_disk_config": "True",
                     "base_image_ref": "b"}), wish(metadata={}, purge_metadata=True), []),
    (None, wish(state="absent"), []),
    (image(), wish(state="absent"), ["delete"]),
    (image(metadata={"ansible_protected": "true"}), wish(state="absent", ignore_protection=True), ["delete"]),
    # rotation
    (None, rotation(2, image(1), image(2)), []),
    (None, rotation(2, image(1), image(2), image(3), image(4)), ["rotate", "rotate"]),
    (None, rotation(1, image(1), image(2), name="web1-03", server=server()), ["create", "rotate", "rotate"]),
    (None, rotation(1, image(1), name="other", server=server()), ["create"]),
    (image(2), rotation(1, image(1), image(2), name="web1-02"), ["rotate"]),
    (image(2, status="SAVING"), rotation(1, image(1), image(2, status="SAVING"), name="web1-02"), ["(settle)", "rotate"]),
]


@pytest.mark.parametrize(("now", "want", "steps"), CASES)
def test_steps(now, want, steps):
    assert [step.do if step.changes else "(%s)" % step.do for step in image_plan.plan(now, want).steps] == steps


def gone(now, want):
    return [step.body["id"] for step in image_plan.plan(now, want).steps if step.do == "rotate"]


@pytest.mark.parametrize(("want", "expected"), [
    (rotation(1, image(3), image(1), image(2)), ["i-1", "i-2"]),
    (rotation(3, image(3), image(1), image(2)), []),
    # other names, other metadata
    (rotation(1, image(1), image(2), image(3, name="db-03")), ["i-1"]),
    (rotation(1, image(1), image(2, metadata={"of": "db"}), image(3), pattern=None, match={"of": "web1"}), ["i-1"]),
    (rotation(1, image(1, name="db"), image(2), image(3), match={"of": "web1"}), ["i-2"]),
    # what is not whole neither counts nor goes
    (rotation(1, image(1), image(2), image(3, status="SAVING"), image(4, status="ERROR")), ["i-1"]),
    # what is in use or protected stays
    (rotation(1, image(1), image(2), image(3), users={"i-1": "server 'web1' (s-1)"}), ["i-2"]),
    (rotation(1, image(1, metadata={"ansible_protected": "true"}), image(2), image(3)), ["i-2"]),
    (rotation(1, image(1, metadata={"ansible_protected": "true"}), image(2), ignore_protection=True), ["i-1"]),
    # of one moment, one is the newest all the same
    (rotation(1, image(1), image(2, created="2026-11-01T08:00:00Z")), ["i-1"]),
    # two of one name are told apart
    (rotation(1, image(1, name="web1-x"), image(2, name="web1-x")), ["i-1"]),
])
def test_which_ones_go(want, expected):
    assert gone(None, want) == expected


def test_the_image_that_is_to_be_there_does_not_go_however_old():
    assert gone(image(1), rotation(1, image(1), image(2), image(3), name="web1-01")) == ["i-2"]


def test_what_a_new_image_is_like_decides_whether_it_counts():
    want = rotation(1, image(1), image(2), name="x", server=server(), pattern=None, match={"of": "web1"})
    assert gone(None, want) == ["i-1"]
    assert gone(None, dict(want, metadata={"of": "web1"})) == ["i-1", "i-2"]


@pytest.mark.parametrize(("most", "refused"), [(0, True), (1, True), (2, False)])
def test_more_than_max_delete_is_refused_whole(most, refused):
    want = rotation(1, image(1), image(2), image(3), max_delete=most, name="web1-03")
    if not refused:
        assert gone(image(3), want) == ["i-1", "i-2"]
        return
    with pytest.raises(errors.Protected) as caught:
        image_plan.plan(image(3), want)
    for word in ("2 images", "web1-01", "web1-02", "max_delete allows %d" % most):
        assert word in str(caught.value)


def test_what_is_spared_is_told():
    want = rotation(1, image(1), image(2, metadata={"ansible_protected": "true"}), image(3), image(4), users={"i-3": "server 'web1' (s-1)"})
    assert [(entry["id"], entry["spared"]) for entry in image_plan.surplus(None, want)] == [
        ("i-3", "in use by server 'web1' (s-1)"), ("i-2", "protected"), ("i-1", None)]


def test_the_diff_of_a_rotation_lists_the_images():
    diff = plan.diff(image_plan.plan(None, rotation(1, image(1), image(2), image(3))).steps)
    names = ["image 'web1-03' (i-3)", "image 'web1-02' (i-2)", "image 'web1-01' (i-1)"]
    assert diff == {"before": {"images": names}, "after": {"images": names[:1]}}


@pytest.mark.parametrize("status", ["ERROR", "VERIFY_RESIZE", "RESCUE", "SHELVED"])
def test_a_server_that_cannot_be_imaged_is_named(status):
    with pytest.raises(errors.WrongState) as caught:
        image_plan.plan(None, wish(name="x", server=server(status=status)))
    assert "'web1' (s-1) is %s" % status in str(caught.value)


def test_a_protected_image_is_not_deleted():
    with pytest.raises(errors.Protected):
        image_plan.plan(image(metadata={"ansible_protected": "true"}), wish(state="absent"))
