"""What a text document fetches when it is opened, however that is written; and what is broken inside."""

import io
import zipfile

import pytest

from exitprogram.errors import Refused
from exitprogram.scan.content import checked
from tests.papers import TYPES, docx

TEMPLATE = "<Relationships><Relationship Type='x/{}' Target='http://x/a>b' TargetMode='External'/></Relationships>"
FETCHING = {
    "another case": ("word/_rels/settings.xml.RELS", TEMPLATE.format("attachedTemplate").encode()),
    "two bytes a letter": ("word/_rels/settings.xml.rels", TEMPLATE.format("attachedTemplate").encode("utf-16")),
    "by number": ("word/_rels/settings.xml.rels", TEMPLATE.format("attached&#84;emplate").encode()),
    "a picture far away": ("word/_rels/document.xml.rels", TEMPLATE.format("image").encode()),
    "a word of its own": ("word/_rels/document.xml.rels",
                          b"<!DOCTYPE x [<!ENTITY t 'attachedTemplate'>]>" + TEMPLATE.format("&t;").encode()),
}  # fmt: skip


@pytest.mark.parametrize("way", FETCHING)
def test_no_document_fetches(way):
    name, data = FETCHING[way]
    with pytest.raises(Refused, match="makron"):
        checked("x.docx", docx(**{name: data}))


@pytest.mark.parametrize("way", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_broken_part_is_refused_with_a_sentence(way):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", way) as made:
        made.writestr("[Content_Types].xml", TYPES * 40)
        made.writestr("word/document.xml", b"<w:document/>")
    for place in range(50, 80):
        data = kept.getvalue()
        with pytest.raises(Refused):
            checked("x.docx", data[:place] + b"\xff\x07" + data[place + 2 :])


def test_a_link_may_be_clicked_on():
    link = TEMPLATE.format("hyperlink").encode()
    assert checked("x.docx", docx(**{"word/_rels/document.xml.rels": link})).content_type
