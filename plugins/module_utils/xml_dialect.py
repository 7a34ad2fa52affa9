# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""What the documents of one service look like as a whole: its namespaces, its roots, and what JSON has beside the root."""

from __future__ import annotations

from typing import NamedTuple

from . import errors
from .xml_shapes import ANYTHING, Items, Part, Record, Text, mapping, trimmed, whole

LINK = Record()
LINKS = {"links": Part("atom:link", LINK, many=True)}
FAULT = Record({"code": whole}, {"message": Part("message", Text(trimmed)), "details": Part("details", Text(trimmed))})


class Dialect(NamedTuple):
    """What the documents of one service look like.

    namespace: of the names without a prefix; plain: further ones whose names have none in JSON. prefixes: {prefix: namespace}; aliases:
    {namespace: prefix} of what is read and never written. roots: {root element: shape}; spaces: {root element: namespace} where it is not
    the usual one. beside: what JSON has beside the root, and XML within. documents: {root element: function(node)} that gives the whole body,
    or None to leave it to the shape.
    """

    namespace: str
    prefixes: dict
    roots: dict
    plain: tuple = ()
    aliases: dict = {}
    spaces: dict = {}
    beside: tuple = ()
    documents: dict = {}

    def known(self):
        """{namespace: prefix}, for reading."""
        return {**self.aliases, **{namespace: prefix for prefix, namespace in self.prefixes.items()}, **dict.fromkeys((self.namespace, *self.plain), "")}

    def body(self, root):
        """The JSON body that a document means."""
        special = self.documents.get(root.name, lambda node: None)(root)
        if special is not None:
            return special
        name = self.rootname(root.name)
        shape = self.roots.get(name, ANYTHING)
        body = {name: shape.read(root)}
        if isinstance(shape, Items):
            links = [LINK.read(child) for child in root.children if child.name == "atom:link"]
            body.update({name + "_links": links} if links else {})
        else:
            body.update({key: body[name].pop(key) for key in self.beside if isinstance(body[name], dict) and key in body[name]})
        return body

    def rootname(self, name):
        """The key of a root. Extensions have roots in their own namespaces, whose prefix JSON leaves away."""
        local = name.rpartition(":")[2]
        return local if name not in self.roots and local in self.roots else name

    def document(self, body):
        """(root Node, its namespace) of a JSON body. Raises BadInput for what has no root."""
        body = mapping(body, "body")
        names = [name for name in body if name not in self.beside and not name.endswith("_links")]
        if len(names) != 1:
            raise errors.BadInput("A body in XML has one root, and this one has %s. Set media_type to json." % (", ".join(names) or "none"))
        name, = names
        within = {key: body[key] for key in self.beside if key in body}
        root = self.roots.get(name, ANYTHING).write(name, {**mapping(body[name], name), **within} if within else body[name])
        root.children += LINKS["links"].write(body.get(name + "_links") or [])
        return root, self.spaces.get(name, self.namespace)
