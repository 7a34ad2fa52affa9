# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""XML documents to a small tree and back: read with bounds and without document types, written plainly. Knows no API.

A name is what JSON calls the thing: ``id``, or ``OS-DCF:diskConfig`` where a namespace goes with the prefix.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from . import errors

LARGEST = 64 * 1024 * 1024  # bytes; a thousand servers with all of their metadata take a tenth of it
DEEPEST = 32  # elements within each other; the API's own documents have seven

SEPARATOR = "\f"  # between the parts of a name that expat gives; no XML document can hold it
SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"  # what it says is about the document, not part of it
SECURE, PLAIN = "https://", "http://"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*(:[A-Za-z_][A-Za-z0-9_.-]*)?\Z")
NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
IN_ATTRIBUTE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})


class Node:
    """An element. attributes: {name: text}, children: Nodes, text: what stands directly in it."""

    __slots__ = ("name", "attributes", "children", "text")

    def __init__(self, name, attributes=None, children=None, text=""):
        self.name = name
        self.attributes = {} if attributes is None else attributes
        self.children = [] if children is None else children
        self.text = text


class Reader:
    """Builds the tree of one document. prefixes: {namespace: prefix of its names in JSON}, "" for names without one."""

    def __init__(self, prefixes):
        self.prefixes = prefixes
        self.names = {}
        self.root = None
        self.open = []
        self.texts = []
        self.parser = parser = expat.ParserCreate(None, SEPARATOR)
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartDoctypeDeclHandler = self.refuse

    def read(self, content):
        if len(content) > LARGEST:
            raise ValueError("the document has %d bytes, and %d are read at most" % (len(content), LARGEST))
        try:
            self.parser.Parse(content, True)
        except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that nobody knows
            raise ValueError("no XML: %s" % error) from None
        return self.root

    def start(self, name, attributes):
        if len(self.open) == DEEPEST:
            raise ValueError("the document has elements more than %d deep" % DEEPEST)
        node = Node(self.known(name), {self.known(key): value for key, value in attributes.items() if not key.startswith(SCHEMA)})
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)
        self.texts.append([])

    def end(self, name):
        self.open.pop().text = "".join(self.texts.pop())

    def characters(self, text):
        self.texts[-1].append(text)

    def refuse(self, name, system_id, public_id, has_internal_subset):
        """Without document types there are no entities: nothing that grows, and nothing that is fetched or read from a file."""
        raise ValueError("the document declares a document type, and such documents are refused")

    def known(self, name):
        """The name in JSON of a name as expat gives it: namespace, local name and prefix, as far as there are any."""
        if name not in self.names:
            parts = name.split(SEPARATOR)
            self.names[name] = self.named(*parts) if len(parts) > 1 else name
        return self.names[name]

    def named(self, namespace, local, prefix=""):
        if namespace.startswith(SECURE):
            namespace = PLAIN + namespace[len(SECURE):]
        prefix = self.prefixes.get(namespace, prefix)
        return "%s:%s" % (prefix, local) if prefix else local


def read(content, prefixes):
    """The root Node of a document, bytes. Raises ValueError for what is no XML, too large, too deep or has a document type."""
    return Reader(prefixes).read(content)


def write(root, default, namespaces):
    """A document as bytes. default: the namespace of names without a prefix; namespaces: {prefix: namespace}, where a prefix that is
    not in it is its own namespace. Raises BadInput for what XML cannot carry."""
    used = sorted({name.partition(":")[0] for name in names_in(root) if ":" in name})
    declared = {"xmlns": default, **{"xmlns:" + prefix: namespaces.get(prefix, prefix) for prefix in used}}
    parts = ["<?xml version='1.0' encoding='UTF-8'?>\n"]
    put(root, declared, parts)
    return "".join(parts).encode("utf-8")


def names_in(node):
    yield node.name
    yield from node.attributes
    for child in node.children:
        yield from names_in(child)


def put(node, declared, parts):
    """Append the pieces of an element. declared: attributes for namespaces, at the root."""
    parts.append("<" + checked_name(node.name))
    parts += [' %s="%s"' % (name, value) for name, value in declared.items()]
    parts += [' %s="%s"' % (checked_name(name), carried(value, name).translate(IN_ATTRIBUTE)) for name, value in node.attributes.items()]
    if not node.children and not node.text:
        parts.append("/>")
        return
    parts.append(">" + carried(node.text, node.name).translate(IN_TEXT))
    for child in node.children:
        put(child, {}, parts)
    parts.append("</%s>" % node.name)


def checked_name(name):
    if not NAME.match(name):
        raise errors.BadInput("%r cannot be the name of anything in XML. Leave it out, or set media_type to json." % name)
    return name


def carried(text, name):
    """The text, when XML can carry it. What it was is not said: it may be a secret."""
    found = NO_CHARACTER.search(text)
    if found:
        raise errors.BadInput("%s holds the character U+%04X, which XML cannot carry. Leave it out, or set media_type to json."
                              % (name, ord(found.group())))
    return text
