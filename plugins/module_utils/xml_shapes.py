# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""Shapes: how a piece of a JSON body looks in XML, in both directions. The tables of the services are made of them.

A shape has read(node) -> data and write(name, data) -> Node. XML knows no types; a *kind* is a function that makes a value of a text.
"""

from __future__ import annotations

from typing import NamedTuple

from . import errors
from .xml_document import Node

NONE = "None"  # what Nova writes for null


# Kinds.

def whole(text):
    """An int; what is none stays as it is, as the empty ``swap`` of a flavor."""
    try:
        return int(text)
    except ValueError:
        return nullable(text)


def decimal(text):
    """A float."""
    try:
        return float(text)
    except ValueError:
        return nullable(text)


def truth(text):
    """A bool, in Nova's spelling or that of XML."""
    return {"true": True, "false": False}.get(text.lower(), nullable(text))


def asked(text):
    """A bool as requests have it; replies have the words "True" and "", which JSON shows as they are."""
    return {"true": True, "false": False}.get(text, text)


def nullable(text):
    """A text, or None."""
    return None if text == NONE else text


def trimmed(text):
    """A text for people, without the line breaks that somebody laid it out with."""
    return text.strip()


def packed(text):
    """A text in base64, without the line breaks that go with it."""
    return "".join(text.split())


def text_of(value):
    """A scalar as the text that stands for it; nothing for null. Raises BadInput for what is no scalar."""
    if isinstance(value, (dict, list, tuple)):
        raise errors.BadInput("A %s stands where XML has room for text only. Write text, or set media_type to json." % type(value).__name__)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


# Shapes.

class Text:
    """A scalar, as the text of an element."""

    def __init__(self, kind=str):
        self.kind = kind

    def read(self, node):
        return self.kind(node.text)

    def write(self, name, data):
        return Node(name, text=text_of(data))


class Attribute:
    """A scalar, as one attribute of an element."""

    def __init__(self, name, kind=str):
        self.name = name
        self.kind = kind

    def read(self, node):
        return self.kind(attribute(node, self.name))

    def write(self, name, data):
        return Node(name, {self.name: text_of(data)})


class Part(NamedTuple):
    """What a key of a Record is when it is no attribute: an element, or with many one for each item of a list."""

    element: str
    shape: object
    many: bool = False

    def write(self, value):
        return [self.shape.write(self.element, item) for item in (listing(value, self.element) if self.many else [value])]


class Record:
    """A dict. Scalars are attributes, of the kinds that are named, else texts; parts are {key: Part}.

    renamed: {key: attribute} where JSON and XML disagree; void: what an element with nothing in it means.
    """

    def __init__(self, kinds=None, parts=None, renamed=None, void=dict):
        self.kinds = kinds or {}
        self.parts = parts or {}
        self.renamed = renamed or {}
        self.void = void
        self.keys = {name: key for key, name in self.renamed.items()}
        self.elements = {part.element: (key, part) for key, part in self.parts.items()}

    def read(self, node):
        if not node.attributes and not node.children:
            return self.void()
        data = {}
        for name, text in node.attributes.items():
            key = self.keys.get(name, name)
            data[key] = self.kinds.get(key, str)(text)
        for child in node.children:
            key, part = self.elements.get(child.name) or (child.name, OTHER)
            value = part.shape.read(child)
            if part.many:
                if not isinstance(data.setdefault(key, []), list):
                    raise ValueError("<%s> with one %s beside a list of them" % (node.name, key))
                data[key].append(value)
            else:
                data[key] = value
        return data

    def write(self, name, data):
        """None and "" are an element with nothing in it; a None within is left out."""
        node = Node(name)
        for key, value in mapping(data or {}, name).items():
            if value is None:
                continue
            if key in self.parts:
                node.children += self.parts[key].write(value)
            elif isinstance(value, (dict, list, tuple)):
                node.children.append(ANYTHING.write(key, value))
            else:
                node.attributes[self.renamed.get(key, key)] = text_of(value)
        return node


class Fields:
    """A dict whose values are the texts of elements; a list is an element for each item. local: prefixes are left away."""

    def __init__(self, kinds=None, local=False):
        self.kinds = kinds or {}
        self.local = local

    def read(self, node):
        data = {}
        for child in node.children:
            key = child.name.rpartition(":")[2] if self.local else child.name
            value = self.kinds.get(key, str)(child.text)
            if key in data:
                value = (data[key] if isinstance(data[key], list) else [data[key]]) + [value]
            data[key] = value
        return data

    def write(self, name, data):
        return Node(name, children=[
            Node(key, text=text_of(item)) for key, value in mapping(data, name).items() if value is not None
            for item in (value if isinstance(value, (list, tuple)) else [value])])


class Captioned:
    """A dict: one key is the text of the element, the others are attributes."""

    def __init__(self, key, kind=str):
        self.key = key
        self.kind = kind

    def read(self, node):
        return {**node.attributes, self.key: self.kind(node.text)}

    def write(self, name, data):
        data = mapping(data, name)
        return Node(name, {key: text_of(value) for key, value in data.items() if key != self.key and value is not None}, text=text_of(data.get(self.key)))


class Items:
    """A list: an element for each item. wrap: JSON has each item below this key once more."""

    def __init__(self, child, shape, wrap=None):
        self.child = child
        self.shape = shape
        self.wrap = wrap

    def read(self, node):
        found = [self.shape.read(child) for child in node.children if child.name == self.child]
        return [{self.wrap: item} for item in found] if self.wrap else found

    def write(self, name, data):
        return Node(name, children=[self.shape.write(self.child, mapping(item, name).get(self.wrap) if self.wrap else item) for item in listing(data, name)])


class Keyed:
    """A dict: an element for each item, the key in an attribute."""

    def __init__(self, child, key, shape):
        self.child = child
        self.key = key
        self.shape = shape

    def read(self, node):
        return {attribute(child, self.key): self.shape.read(child) for child in node.children if child.name == self.child}

    def write(self, name, data):
        return Node(name, children=[self.item(key, value) for key, value in mapping(data, name).items()])

    def item(self, key, value):
        node = self.shape.write(self.child, value)
        node.attributes = {self.key: key, **node.attributes}
        return node


class Pair:
    """A dict of one item: the key in an attribute, the value as the text."""

    def __init__(self, key):
        self.key = key

    def read(self, node):
        return {attribute(node, self.key): node.text}

    def write(self, name, data):
        items = list(mapping(data, name).items())
        if len(items) != 1:
            raise errors.BadInput("%s has %d items, and XML has room for one there." % (name, len(items)))
        return Node(name, {self.key: items[0][0]}, text=text_of(items[0][1]))


class Anything:
    """What no table knows. A list has children named after it without its s, a dict attributes and children, all else is text."""

    def read(self, node):
        if not node.children and not node.attributes:
            return node.text
        if not node.attributes and {child.name for child in node.children} == {singular(node.name)}:
            return [self.read(child) for child in node.children]
        data = dict(node.attributes)
        for child in node.children:
            value = self.read(child)
            if child.name in data:
                value = (data[child.name] if isinstance(data[child.name], list) else [data[child.name]]) + [value]
            data[child.name] = value
        return data

    def write(self, name, data):
        if isinstance(data, dict):
            return Record().write(name, data)
        if isinstance(data, (list, tuple)):
            return Node(name, children=[self.write(singular(name), item) for item in data])
        return Node(name, text=text_of(data))


ANYTHING = Anything()
OTHER = Part("", ANYTHING)


def singular(name):
    return name[:-1] if name.endswith("s") and len(name) > 1 else "item"


def attribute(node, name):
    """An attribute that must be there."""
    if name not in node.attributes:
        raise ValueError("<%s> without %s" % (node.name, name))
    return node.attributes[name]


def mapping(data, name):
    """The data, when it is a dict. A key that is no text, as YAML may have it, is written as the text that JSON would make of it."""
    if not isinstance(data, dict):
        raise errors.BadInput("%s is a %s, and a dictionary is needed to write it in XML." % (name, type(data).__name__))
    return {text_of(key): value for key, value in data.items()}


def listing(data, name):
    """The data, when it is a list."""
    if not isinstance(data, (list, tuple)):
        raise errors.BadInput("%s is a %s, and a list is needed to write it in XML." % (name, type(data).__name__))
    return data
