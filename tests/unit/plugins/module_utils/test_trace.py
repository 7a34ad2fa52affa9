# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What a traced task tells of its calls, and that a task that is not traced loads and keeps nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, masking, trace, transport
from ansible_collections.rackspace.cloud.plugins.module_utils.codec import Json

FIELDS = {"method", "service", "region", "path", "query", "action", "status", "milliseconds", "request_id", "attempt", "error", "media_type"}


@pytest.fixture
def traced(rackspace):
    """A Cloud whose calls are written down."""
    return rackspace.connect(api_trace=True, **rackspace.LOGINS["rackspace"])


def calls(cloud, *names):
    told = trace.told(cloud)
    assert all(set(call) == FIELDS for call in told)
    return [tuple(call[name] for name in names) for call in told]


class TestCalls:
    def test_each_call_is_told_under_the_name_of_its_service(self, traced):
        traced.compute.get("/servers/detail", {"name": "web", "limit": 5})
        traced.service(("volume",)).get("/volumes")
        assert calls(traced, "method", "service", "region", "path", "query", "status", "attempt") == [
            ("POST", "identity", None, "/identity/v2.0/tokens", "", 200, 1),
            ("GET", "compute", "DFW", "/DFW/servers/v2/123456/servers/detail", "name=web&limit=5", 200, 1),
            ("GET", "volume", "DFW", "/DFW/blockstorage/v1/123456/volumes", "", 200, 1)]
        assert all(call["milliseconds"] >= 0 and call["error"] is None for call in trace.told(traced))
        assert trace.told(traced)[1]["request_id"].startswith("req-")

    def test_keystone_too(self, openstack):
        cloud = openstack.connect(api_trace=True, **openstack.LOGINS["openstack"])
        cloud.compute.get("/servers")
        assert calls(cloud, "service", "region", "path") == [
            ("identity", None, "/identity/v3/auth/tokens"), ("compute", "RegionOne", "/RegionOne/compute/v2.1/servers")]

    def test_every_attempt_is_a_call(self, traced, rackspace):
        rackspace.fault(method="GET", path="/servers", status=503, times=2)
        traced.compute.get("/servers")
        assert calls(traced, "status", "attempt")[1:] == [(503, 1), (503, 2), (200, 3)]

    def test_a_lost_answer_has_no_status(self, traced, rackspace):
        rackspace.fault(method="POST", path="/servers", drop="after")
        with pytest.raises(errors.LostAnswer):
            traced.compute.post("/servers", {"server": {}})
        assert calls(traced, "status", "error", "request_id")[-1] == (None, "LostAnswer", None)

    def test_a_refusal_has_its_status_and_request_id(self, traced):
        with pytest.raises(errors.ApiError) as refused:
            traced.compute.get("/servers/nothing")
        assert calls(traced, "status", "error", "request_id")[-1] == (404, None, refused.value.facts["request_id"])

    def test_an_action_is_named(self, traced):
        with pytest.raises(errors.ApiError):
            traced.compute.post("/servers/nothing/action", {"reboot": {"type": "SOFT"}})
        assert calls(traced, "action")[-1] == ("reboot",)

    def test_the_media_type_is_that_of_the_answer(self, rackspace):
        """Keystone v2.0 and compute have XML, volumes do not; who asks for nothing gets JSON."""
        login = rackspace.LOGINS["rackspace"]
        for wanted, forms in (("xml", ["xml", "xml", "json"]), ("json", ["json"] * 3)):
            cloud = rackspace.connect(api_trace=True, media_type=wanted, **login)
            cloud.compute.get("/servers/detail")
            cloud.service(("volume",)).get("/volumes")
            assert calls(cloud, "media_type") == [("application/" + form,) for form in forms]
            assert all((", application/xml" in trace.line(call)) == (form == "xml") for call, form in zip(trace.told(cloud), forms))

    def test_an_answer_in_another_form_than_asked_for_is_told(self, rackspace):
        """A cloud that has no XML any more answers in JSON, be it a refusal; an empty body, or none, says nothing, whatever it is called."""
        cloud = rackspace.connect(api_trace=True, media_type="xml", **rackspace.LOGINS["rackspace"])
        cloud.compute.get("/servers")
        rackspace.fault(method="GET", path="/servers", status=200, body={"servers": []})
        cloud.compute.get("/servers")
        rackspace.fault(method="GET", path="/servers", status=403, body={"forbidden": {"code": 403, "message": "No"}})
        with pytest.raises(errors.ApiError):
            cloud.compute.get("/servers")
        rackspace.fault(method="POST", path="/servers", drop="after")
        with pytest.raises(errors.LostAnswer):
            cloud.compute.post("/servers", {"server": {"name": "web1", "flavorRef": "2", "imageRef": "1"}})
        assert calls(cloud, "media_type", "error")[1:] == [
            ("application/xml", None), ("application/json", None), ("application/json", None), ("application/xml", "LostAnswer")]
        empty = transport.Answer(202, {"Content-Type": "text/html; charset=UTF-8"}, None, "")
        assert trace.form_of(empty) is trace.form_of(None) is None
        assert trace.form_of(empty._replace(text="<p>")) == "text/html"

    def test_an_address_that_no_catalog_has_is_told_by_its_host(self, traced):
        with pytest.raises(errors.ApiError):
            traced.transport.send("GET", "http://localhost:81/elsewhere", Json)
        assert calls(traced, "service", "region") == [("localhost:81", None)]

    @pytest.mark.parametrize("path, query", [
        ("/tokens/{token}", {}), ("/things", {"token": "{token}"}), ("/things/{token}", {}), ("/things", {"name": "{token}"}),
        ("/things", {"x-auth": "sandbox-other-secret"}), ("/tokens/sandbox-other-secret/endpoints", {}), ("/k/sandbox-api-key", {})])
    def test_secrets_are_masked(self, traced, path, query):
        token = traced.access.token
        with pytest.raises(errors.ApiError):
            traced.compute.get(path.format(token=token), {name: value.format(token=token) for name, value in query.items()})
        told = repr(trace.told(traced))
        assert token not in told and "sandbox-other-secret" not in told and "sandbox-api-key" not in told and masking.MASK in told

    def test_a_line_tells_it_all(self, traced, rackspace):
        rackspace.fault(method="POST", path="/action", status=503)
        with pytest.raises(errors.ApiError):
            traced.compute.post("/servers/nothing/action", {"reboot": {}}, {"a": "b"})
        lines = [trace.line(dict(call, milliseconds=1.5, request_id="req-1")) for call in trace.told(traced)]
        assert lines[1:] == ["POST /DFW/servers/v2/123456/servers/nothing/action?a=b (reboot): 503 in 1.5 ms, request id req-1",
                             "POST /DFW/servers/v2/123456/servers/nothing/action?a=b (reboot): 400 in 1.5 ms, attempt 2, request id req-1"]


class TestWhenNobodyWantsIt:
    def test_nothing_is_written_down(self, rackspace):
        cloud = rackspace.connect()
        cloud.compute.get("/servers")
        assert cloud.transport.__class__ is transport.Transport and cloud.transport.calls is None

    def test_nothing_is_loaded(self):
        """What a task imports is compiled anew in each."""
        names = ["ansible_collections.rackspace.cloud.plugins.%s" % name for name in ("modules.server", "module_utils.api")]
        code = "import sys, %s; sys.exit(any(name.rpartition('.')[2] in ('trace', 'masking') for name in sys.modules if 'rackspace' in name))"
        assert subprocess.run([sys.executable, "-c", code % ", ".join(names)], env=dict(PYTHONPATH=":".join(sys.path)), check=False).returncode == 0

    def test_nothing_is_loaded_by_what_is_done_well(self, rackspace, monkeypatch):
        package = sys.modules[transport.__package__]
        cloud = rackspace.connect()
        for name in ("faults", "masking"):
            monkeypatch.delitem(sys.modules, "%s.%s" % (package.__name__, name), raising=False)
            monkeypatch.delattr(package, name, raising=False)
        flavor = cloud.compute.everything("/flavors/detail", "flavors")[0]
        assert cloud.compute.find("/flavors/" + flavor["id"], key="flavor")["id"] == flavor["id"]
        assert not [name for name in sys.modules if name.startswith(package.__name__) and name.endswith((".faults", ".masking"))]

    @pytest.mark.parametrize("option, variable, wanted", [
        (None, None, False), (None, "", False), (None, "false", False), (None, "0", False), (None, "true", True), (None, "1", True),
        (True, None, True), (True, "false", True), (False, "true", False)])
    def test_the_option_counts_before_the_environment(self, rackspace, option, variable, wanted):
        environ = {} if variable is None else {"RAX_API_TRACE": variable}
        cloud = rackspace.connect(environ=environ, api_trace=option, **rackspace.LOGINS["rackspace"])
        assert (cloud.transport.calls is not None) == wanted
