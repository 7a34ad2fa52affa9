# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: (c) 2026, the rackspace.cloud contributors
"""XML documents: what is refused, how namespaces become prefixes, and which characters survive."""

from __future__ import annotations

import pytest

from ansible_collections.rackspace.cloud.plugins.module_utils import errors, xml_document
from ansible_collections.rackspace.cloud.plugins.module_utils.xml_document import Node, read, write

SPACE = "http://docs.openstack.org/compute/api/v1.1"
DISK = "http://docs.openstack.org/compute/ext/disk_config/api/v1.1"
KNOWN = {SPACE: "", DISK: "OS-DCF"}


def tree(node):
    return node.name, node.attributes, node.text, [tree(child) for child in node.children]


class TestRefused:
    @pytest.mark.parametrize("document", [
        '<!DOCTYPE server><server/>',
        '<!DOCTYPE server SYSTEM "http://127.0.0.1:9/x.dtd"><server/>',
        '<!DOCTYPE server [<!ENTITY a "b">]><server name="&a;"/>',
        '<!DOCTYPE server [<!ENTITY a SYSTEM "file:///etc/hostname">]><server>&a;</server>',
        '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;">]><a>&d;&d;&d;</a>'])
    def test_document_types(self, document):
        with pytest.raises(ValueError, match="the document declares a document type, and such documents are refused"):
            read(document.encode(), KNOWN)

    def test_depth(self):
        deep = xml_document.DEEPEST
        assert read(b"<a>" * deep + b"</a>" * deep, KNOWN).name == "a"
        with pytest.raises(ValueError, match="elements more than %d deep" % deep):
            read(b"<a>" * (deep + 1) + b"</a>" * (deep + 1), KNOWN)

    def test_size(self, monkeypatch):
        monkeypatch.setattr(xml_document, "LARGEST", 40)
        assert read(b"<a>" + b" " * 33 + b"</a>", KNOWN).name == "a"
        with pytest.raises(ValueError, match="the document has 41 bytes, and 40 are read at most"):
            read(b"<a>" + b" " * 34 + b"</a>", KNOWN)

    @pytest.mark.parametrize("content", [
        b"", b"<server", b"<server><name></server>", b"no XML", b"<a/><b/>", b"<a>&unknown;</a>", b'<a b="1" b="2"/>', b"<x:a/>", b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="klingon"?><a/>', b"<a>\x01</a>", '<a>\u00e9</a>'.encode("latin-1")])
    def test_what_is_none(self, content):
        with pytest.raises(ValueError, match="no XML"):
            read(content, KNOWN)


class TestNames:
    @pytest.mark.parametrize("document", [
        '<server xmlns="%s" xmlns:OS-DCF="%s" OS-DCF:diskConfig="AUTO"/>' % (SPACE, DISK),
        '<server xmlns="%s" xmlns:ns2="%s" ns2:diskConfig="AUTO"/>' % (SPACE, DISK),
        '<s:server xmlns:s="%s" xmlns:d="%s" d:diskConfig="AUTO"/>' % (SPACE, DISK),
        '<server xmlns:OS-DCF="%s" OS-DCF:diskConfig="AUTO"/>' % DISK,
        '<s:server xmlns:s="%s" xmlns:d="%s" d:diskConfig="AUTO"/>' % (SPACE.replace("http:", "https:"), DISK.replace("http:", "https:"))])
    def test_the_namespace_counts_and_not_the_prefix(self, document):
        assert tree(read(document.encode(), KNOWN)) == ("server", {"OS-DCF:diskConfig": "AUTO"}, "", [])

    def test_an_unknown_namespace_keeps_the_prefix_of_the_document(self):
        node = read(b'<server xmlns:RAX-NEW="http://example.com/new" RAX-NEW:a="1"><RAX-NEW:b/></server>', KNOWN)
        assert tree(node) == ("server", {"RAX-NEW:a": "1"}, "", [("RAX-NEW:b", {}, "", [])])

    def test_what_is_said_about_the_document_is_left_out(self):
        assert read(b'<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="B" c="d"/>', KNOWN).attributes == {"c": "d"}

    def test_written_are_the_namespaces_that_are_used(self):
        root = Node("server", {"name": "a", "OS-DCF:diskConfig": "AUTO"}, [Node("x:y")])
        assert write(root, SPACE, {"OS-DCF": DISK, "atom": "http://www.w3.org/2005/Atom"}).decode() == (
            "<?xml version='1.0' encoding='UTF-8'?>\n"
            '<server xmlns="%s" xmlns:OS-DCF="%s" xmlns:x="x" name="a" OS-DCF:diskConfig="AUTO"><x:y/></server>' % (SPACE, DISK))

    @pytest.mark.parametrize("name", ["", "a b", "1a", "a:b:c", ":a", "a:", "a<b", "-a", "a\n"])
    def test_what_cannot_be_a_name(self, name):
        for root in (Node(name), Node("a", {name: "b"})):
            with pytest.raises(errors.BadInput, match="cannot be the name of anything in XML.*set media_type to json"):
                write(root, SPACE, {})


class TestCharacters:
    @pytest.mark.parametrize("text", ["<&>\"'", "a\tb", "a\nb", "a\r\nb", " a ", "\u2603 \U0001f600", "]]>", "\u0085\u2028", "&lt;"])
    def test_there_and_back(self, text):
        node = read(write(Node("a", {"b": text}, text=text), SPACE, {}), KNOWN)
        assert (node.attributes["b"], node.text) == (text, text)

    @pytest.mark.parametrize("text, point", [("a\x00b", "0000"), ("\x1b[1m", "001B"), ("\ud800", "D800"), ("\uffff", "FFFF")])
    def test_what_xml_cannot_carry_is_named_without_the_text_around_it(self, text, point):
        for root in (Node("a", {"adminPass": "secret" + text}), Node("adminPass", text="secret" + text)):
            with pytest.raises(errors.BadInput, match=r"^adminPass holds the character U\+%s, which XML cannot carry" % point) as failure:
                write(root, SPACE, {})
            assert "secret" not in str(failure.value)

    def test_comments_instructions_and_sections(self):
        node = read(b'<?xml version="1.0"?><!-- a --><a><?b c?>1<!-- 2 -->3<![CDATA[<4>]]></a>', KNOWN)
        assert tree(node) == ("a", {}, "13<4>", [])

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
    def test_the_encoding_that_a_document_names(self, encoding):
        document = '<?xml version="1.0" encoding="%s"?><a>w\u00e9b</a>' % encoding
        assert read(document.encode(encoding), KNOWN).text == "w\u00e9b"
