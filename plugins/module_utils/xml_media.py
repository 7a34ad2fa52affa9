# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""application/xml as a codec of the API layer, for the services that have it; docs/decisions/0009 tells which those are.

What a body looks like stands in xml_compute.py and xml_identity.py. Nothing of this is imported unless media_type is xml.
"""

from __future__ import annotations

from . import xml_document
from .codec import Json
from .xml_compute import COMPUTE
from .xml_identity import IDENTITY


class Xml:
    """application/xml in the dialect of one service. decode() raises ValueError, encode() BadInput for what XML cannot carry.

    unlinked: the paths of lists whose pages do not name the next one in XML: those in full, and that of flavors in either form.
    """

    media_type = "application/xml"

    def __init__(self, dialect, unlinked=()):
        self.dialect = dialect
        self.known = dialect.known()
        self.unlinked = unlinked

    def encode(self, body):
        root, namespace = self.dialect.document(body)
        return xml_document.write(root, namespace, self.dialect.prefixes)

    def decode(self, content):
        """The body. What begins like JSON is taken as such: services that lost their XML, and proxies, answer in it all the same."""
        if content.lstrip()[:1] in (b"{", b"["):
            return Json.decode(content)
        return self.dialect.body(xml_document.read(content, self.known))

    @staticmethod
    def reads(content_type):
        """True when a body of this Content-Type is one of ours; a page for people is none."""
        return Json.reads(content_type) or "xml" in content_type and "html" not in content_type


CODECS = {"compute": Xml(COMPUTE, unlinked=("/servers/detail", "/images/detail", "/flavors/detail", "/flavors")), "identity": Xml(IDENTITY)}
