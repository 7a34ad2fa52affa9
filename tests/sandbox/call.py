# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""One request on its way through a service: who asks, where, for what, and what the handlers need to answer."""

from .exchange import Fault


class Call:
    """What a handler is given.

    `mount` says which service this is; `params` are the variable parts of the path; `strict` is True where unknown keys of a body
    are refused; `microversion` is a pair of numbers (compute only); `refused_outside` that the service itself has not seen the request.
    """

    def __init__(self, cloud, request, mount, region, project_in_path):
        self.cloud = cloud
        self.request = request
        self.mount = mount
        self.region = cloud.regions.get(region)
        self.project_in_path = project_in_path
        self.params = {}
        self.token = None
        self.strict = mount.strict
        self.microversion = (2, 1)
        self.now = cloud.now()
        self.request_id = cloud.new_request_id()
        self.refused_outside = False

    @property
    def rackspace(self):
        """Whether this is the Rackspace dress."""
        return self.cloud.dress == "rackspace"

    @property
    def settings(self):
        """The cloud's settings."""
        return self.cloud.settings

    @property
    def user(self):
        """The user whose token came with the request."""
        return self.token.user

    @property
    def project_id(self):
        """The project the token is good for."""
        return self.token.project_id

    @property
    def self_base(self):
        """Where links to this service's resources begin."""
        return self.cloud.base_url + self.mount.self_path(self.region.name if self.region else "", self.project_in_path)

    @property
    def bookmark_base(self):
        """Where links begin that leave the version out."""
        return self.cloud.base_url + self.mount.bookmark_path(self.region.name if self.region else "", self.project_in_path)

    def argument(self, name, default=None):
        """A query argument."""
        return self.request.argument(name, default)

    def body(self, root=None):
        """The body as a JSON object; with `root`, what is below that key, which must be there.

        Malformed JSON is 400; a body without its root is 422 in the Rackspace dress and 400 in the other.
        """
        content_type = self.request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
        if self.rackspace and content_type not in ("application/json", "") and not self.request.is_xml:
            raise Fault(415, "Unsupported Content-Type")
        try:
            data = self.request.data()
        except ValueError:
            raise Fault(400, "Malformed request body") from None
        if not isinstance(data, dict) or root is not None and root not in data:
            if self.rackspace:
                raise Fault(422, "Unable to process the contained instructions", name="unprocessableEntity")
            raise Fault(400, "%r is a required property" % root if isinstance(data, dict) else "Malformed request body")
        if root is None:
            return data
        if data[root] is not None and not isinstance(data[root], dict):
            if self.rackspace:
                raise Fault(422, "Unable to process the contained instructions", name="unprocessableEntity")
            raise Fault(400, "Invalid input for field/attribute %s. Value: %s. %r is not of type 'object'" % (root, data[root], data[root]))
        return data[root] if data[root] is not None else {}

    def at_least(self, minor):
        """Whether the microversion asked for is 2.`minor` or later."""
        return self.microversion >= (2, minor)

    def need_admin(self, rule):
        """Fault 403 unless the user is an administrator of the whole cloud."""
        if not self.user.is_admin:
            raise Fault(403, "Policy doesn't allow %s to be performed." % rule)
