#!/usr/bin/python
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One authenticated request to any service of the catalog."""

from __future__ import annotations

DOCUMENTATION = r"""
module: api_request
short_description: Send one authenticated request to any service of the account
version_added: 1.0.0
description:
  - For what no module of this collection does. Sends one request to a service of the catalog, with the login, the retries and the errors of
    all modules, and returns the answer as it came.
  - A POST or PATCH that counts as a change is sent again only where it cannot have been carried out, because there was no connection or the service
    says when to come again. Nobody can look here for what it made. After an answer of 401, or of 503 without a time, the task fails; look whether
    it was carried out, then run the task again.
  - The answer is returned raw, so it may hold secrets. Set C(no_log) on a task whose answer or O(body) does.
author: The rackspace.cloud contributors (@rackspace-cloud)
extends_documentation_fragment:
  - rackspace.cloud.auth
  - rackspace.cloud.attributes
attributes:
  check_mode:
    support: partial
    details:
      - GET and HEAD are sent in check mode too. Everything else is not, and RV(answer) is V(none) then; nobody can tell what the
        service would have answered.
  diff_mode:
    support: partial
    details:
      - Shows the method and the path of a request that counts as a change, not what it changes.
  idempotent:
    support: none
    details:
      - A request that counts as a change is sent, and counts, each time.
options:
  service:
    description:
      - Type of the service in the catalog, as V(compute), V(volume), V(image), V(network) or V(rax:load-balancer); M(rackspace.cloud.auth_info)
        lists them. V(identity) is the service that the login comes from.
    type: str
    default: compute
  method:
    description: Method of the request.
    type: str
    choices: [GET, HEAD, POST, PUT, PATCH, DELETE]
    default: GET
  path:
    description: Path below the address of the service in the catalog, which ends in a version and often in the tenant. It begins with C(/).
    type: str
    required: true
  query:
    description: Parameters of the query. A list sends its name several times.
    type: dict
  body:
    description:
      - Body of the request, a dictionary or a list, sent as JSON. Where O(media_type) is V(xml) a dictionary is sent to the compute service and to
        Identity v2.0 as the XML that says the same.
    type: raw
  headers:
    description: Further headers, as C(OpenStack-API-Version) for a microversion. That of the token cannot be given.
    type: dict
  status_code:
    description: The statuses that count as success. Left out, every one from 200 to 300 does, and everything else is an error.
    type: list
    elements: int
  changes:
    description:
      - Whether the request counts as a change. Left out, GET and HEAD do not, and everything else does.
      - A POST that changes nothing is sent again after an answer of 401 or 503, as a question is.
    type: bool
seealso:
  - module: rackspace.cloud.auth_info
"""

EXAMPLES = r"""
- name: Ask for the extensions of the compute service
  rackspace.cloud.api_request:
    region: DFW
    path: /extensions
  register: result

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ result.answer.json.extensions | map(attribute='alias') }}"

- name: Have a server imaged every day, keeping seven
  rackspace.cloud.api_request:
    region: DFW
    method: POST
    path: /servers/{{ server_id }}/rax-si-image-schedule
    body:
      image_schedule:
        retention: 7

- name: Remove a load balancer, which may be gone already
  rackspace.cloud.api_request:
    region: DFW
    service: rax:load-balancer
    method: DELETE
    path: /loadbalancers/{{ load_balancer_id }}
    status_code: [202, 404]
  register: result
  changed_when: result.answer.status == 202

- name: Protect an image of Glance, which wants a media type of its own
  rackspace.cloud.api_request:
    region: DFW
    service: image
    method: PATCH
    path: /images/{{ image_id }}
    headers:
      Content-Type: application/openstack-images-v2.1-json-patch
    body:
      - op: replace
        path: /protected
        value: true
"""

RETURN = r"""
answer:
  description:
    - The answer. V(none) in check mode, when the request was not sent.
  returned: always
  type: dict
  contains:
    status:
      description: Status of the answer.
      type: int
      sample: 200
    headers:
      description: Its headers, with names in lower case and C(_) for C(-), without tokens and cookies.
      type: dict
      sample: {content_type: application/json, x_compute_request_id: req-44633234-9922-4490-9d55-683919790289}
    json:
      description: The body when it is JSON, or XML that was asked for with O(media_type), V(none) otherwise.
      type: raw
      sample: {extensions: []}
    text:
      description: The body when it is not JSON, else empty.
      type: str
      sample: ''
actions:
  description: What was sent, when it counts as a change; in check mode what would be.
  returned: always
  type: list
  elements: str
  sample: [send]
diff:
  description: The request, when it counts as a change.
  returned: always
  type: dict
  sample: {after: {request: POST /servers/ef08aa7a-b5e4-4bb8-86df-5ac56230f841/rax-si-image-schedule}, before: {}}
"""

from ..module_utils import errors, identity
from ..module_utils.networks import NEUTRON
from ..module_utils.plan import Plan, Started, Step
from ..module_utils.runner import Resource, run

SPEC = dict(
    service=dict(type="str", default="compute"),
    method=dict(type="str", choices=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], default="GET"),
    path=dict(type="str", required=True),
    query=dict(type="dict"),
    body=dict(type="raw"),
    headers=dict(type="dict"),
    status_code=dict(type="list", elements="int"),
    changes=dict(type="bool"),
)
READING = ("GET", "HEAD")
KNOWN = {types[0]: types for types in (identity.COMPUTE, NEUTRON)}
KEPT_BACK = ("x-auth-token", "x-subject-token", "set-cookie", "authorization")


def service(cloud, name):
    """The Api of a service by its type; any name of the block storage finds it."""
    if name in identity.IDENTITY:
        return cloud.identity
    if name in identity.VOLUME:
        return cloud.service((name, *identity.VOLUME))
    return cloud.service(KNOWN.get(name, (name,)))


def changing(params):
    return params["method"] not in READING if params["changes"] is None else params["changes"]


def may_be_sent_twice(params):
    """Whether it does no harm to send the request again that a service refused, and may have carried out all the same."""
    return params["method"] not in ("POST", "PATCH") or not changing(params)


def current(task):
    """The answer to a request that changes nothing; None for one that does, and in check mode for one that the transport holds back."""
    api, params = service(task.cloud, task.params["service"]), task.params
    checked(params)
    if changing(params) or not task.cloud.transport.lets_through(params["method"], api.base + params["path"], params["body"]):
        return None
    with errors.Doing("send %s" % title(None, params)):
        got = answer(api, params)
        judged(got, params["status_code"])
        return got


def checked(params):
    """Refuse what would not be the request that was meant."""
    if not params["path"].startswith("/"):
        raise errors.BadInput("path: %r does not begin with /. Write what comes after the address that the catalog names, as /servers/detail."
                              % params["path"])
    if params["body"] is not None and not isinstance(params["body"], (dict, list)):
        raise errors.BadInput("body: it is a %s; write a dictionary or a list, as JSON has them." % type(params["body"]).__name__)
    held = [name for name in params["headers"] or {} if name.lower() in KEPT_BACK]
    if held:
        raise errors.BadInput("headers: %s is set by the login alone. Leave it out." % held[0])


def answer(api, params):
    """{status, headers, json, text}. An error of the service is an answer too, when status_code lists it."""
    headers = {name.title(): str(value) for name, value in (params["headers"] or {}).items()}
    accepted = params["status_code"]
    try:
        got = api.request(params["method"], params["path"], params["body"], params["query"], headers, resend=may_be_sent_twice(params))
    except errors.ApiError as error:
        if error.status not in (accepted or ()):
            raise
        got = error.answer
    return {"status": got.status, "json": got.data, "text": got.text,
            "headers": {name.lower().replace("-", "_"): got.blank(value) for name, value in got.headers.items() if name.lower() not in KEPT_BACK}}


def desired(task, now):
    return {"changes": changing(task.params), "request": title(None, task.params)}


def plan(now, want):
    return Plan([Step("send", None, {}, {"request": want["request"]})] if want["changes"] else [])


def send(task, now, step):
    got = answer(service(task.cloud, task.params["service"]), task.params)
    return Started(lambda: got, lambda got: judged(got, task.params["status_code"]), dict)


def judged(got, accepted):
    """True for an answer that is wanted. Raises Failed for another; what was asked has happened then."""
    if accepted and got["status"] not in accepted:
        raise errors.Failed("the answer was %d, and %s is wanted (status_code)." % (got["status"], " or ".join(map(str, accepted))),
                            http_status=got["status"])
    return True


def foresee(now, steps):
    return now


def title(now, params):
    return "%s %s" % (params["method"], params["path"])


REQUEST = Resource(current, desired, plan, {"send": send}, foresee, title)


def main():
    run(REQUEST, "answer", SPEC, waits=False)


if __name__ == "__main__":
    main()
