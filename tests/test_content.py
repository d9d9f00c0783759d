"""What a file is: by name and content together. Hostile ones are refused with a sentence, or made harmless."""

import io
import zipfile
from contextlib import suppress

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from exitprogram.errors import Refused
from exitprogram.scan import content
from exitprogram.scan.content import checked
from tests.papers import TYPES, archive, docx, odt, pdf, picture


@pytest.mark.parametrize(
    "name, data, content_type",
    [
        ("intyg.pdf", pdf(), "application/pdf"), ("INTYG.PDF", pdf(), "application/pdf"),
        ("bild.jpg", picture(), "image/jpeg"), ("bild.jpeg", picture(), "image/jpeg"),
        ("bild.png", picture("PNG"), "image/png"), ("bild.webp", picture("WEBP"), "image/webp"),
        ("brev.txt", "Hej å ä ö\r\n".encode(), "text/plain"), ("brev.docx", docx(), content.DOCX),
        ("brev.odt", odt(), content.ODT), ("../../etc/passwd.pdf", pdf(), "application/pdf"),
        ("\u202efdp.exe.pdf", pdf(), "application/pdf"), ("a" * 300 + ".pdf", pdf(), "application/pdf"),
    ],
)  # fmt: skip
def test_what_is_taken_in(name, data, content_type):
    assert checked(name, data).content_type == content_type


def acting_pdf(make):
    with pikepdf.new() as made:
        made.add_blank_page()
        make(made)
        kept = io.BytesIO()
        made.save(kept)
    return kept.getvalue()


def script(made):
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def named_script(made):
    made.Root.Names = pikepdf.Dictionary(
        JavaScript=made.make_indirect(pikepdf.Dictionary(Names=["x", pikepdf.Dictionary(S=pikepdf.Name.JavaScript)]))
    )


def launch(made):
    made.pages[0].Annots = pikepdf.Array(
        [pikepdf.Dictionary(Type=pikepdf.Name.Annot, A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"))]
    )


def attached(made):
    made.attachments["x.exe"] = b"MZ"


def form(made):
    made.Root.AcroForm = pikepdf.Dictionary(XFA=pikepdf.Stream(made, b"<xdp/>"))


HOSTILE_PDF = [script, named_script, launch, attached, form]
REFUSED = {
    "a program": ("x.exe", b"MZ\x90\x00", "Den sortens fil"), "no ending": ("x", pdf(), "Den sortens fil"),
    "a web page": ("x.html", b"<html>", "Den sortens fil"), "a picture of text": ("x.svg", b"<svg>", "Den sortens fil"),
    "macros by name": ("x.docm", docx(),
    "Den sortens fil"),
    "old Word": ("x.doc", b"\xd0\xcf\x11\xe0", "Den sortens fil"),
    "nothing": ("x.pdf", b"", "tom"), "a web page as text": ("x.txt", b"  <!DOCTYPE html><script>", "webbsida"),
    "svg as text": ("x.txt", b"<svg onload=alert(1)>", "webbsida"),
    "a program as text": ("x.txt", b"MZ\x00\x01", "text"),
    "latin-1": ("x.txt", "åäö".encode("latin-1"), "läsas som text"), "a script": ("x.txt", b"#!/bin/sh\n", "ren text"),
    "rich text": ("x.txt", b"{\\rtf1 }", "ren text"), "nul": ("x.txt", b"hej\0", "ren text"),
    "a picture called pdf": ("x.pdf", picture(),
    "något annat"),
    "a pdf called picture": ("x.png", pdf(),
    "något annat"),
    "text called pdf": ("x.pdf", b"hej", "något annat"), "png called jpg": ("x.jpg", picture("PNG"), "något annat"),
    "docx called odt": ("x.odt", docx(), "något annat"), "half a picture": ("x.jpg", picture()[:200], "skadad"),
    "gif": ("x.png", picture("GIF"), "text"), "half a pdf": ("x.pdf", b"%PDF-1.7\nhej", "skadad"),
    "a pdf after something": ("x.pdf", b"GIF89a;" + pdf(),
    "text"),
    "a zip": ("x.docx", archive(**{"a.txt": b"x"}),
    "packade"),
    "a program in a docx": ("x.docx", docx(**{"word/embeddings/oleObject1.bin": b"x"}), "makron"),
    "macros in a docx": ("x.docx", docx(**{"word/vbaProject.bin": b"x"}), "makron"),
    "macros by type": ("x.docx", archive(**{"[Content_Types].xml": TYPES + b"macroEnabled", "word/document.xml": b""}),
    "makron"),
    "a fetched template": ("x.docx", docx(**{"word/_rels/settings.xml.rels":
    b"<Relationship Type='x/attachedTemplate' Target='http://x' TargetMode='External'/>"}),
    "makron"),
    "macros in an odt": ("x.odt", odt(**{"Basic/Standard/Module1.xml": b"x"}), "makron"),
    "scripts in an odt": ("x.odt", odt(**{"Scripts/python/x.py": b"x"}), "makron"),
    "an object in an odt": ("x.odt", odt(**{"Object 1/content.xml": b"x"}), "makron"),
    "a way out of the zip": ("x.docx", docx(**{"../../x": b"x"}), "skadat"),
    "a way out by the other stroke": ("x.docx", docx(**{"..\\x": b"x"}), "skadat"),
    "half a docx": ("x.docx", docx()[:-40], "packade"), "words before a zip": ("x.docx", b"x" + docx(), "text"),
} | {f"a pdf with {make.__name__}": ("x.pdf", acting_pdf(make), "skript") for make in HOSTILE_PDF}  # fmt: skip


@pytest.mark.parametrize("what", sorted(REFUSED))
def test_what_is_refused(what):
    name, data, sentence = REFUSED[what]
    with pytest.raises(Refused, match=sentence):
        checked(name, data)


def test_a_pdf_with_a_password():
    with pikepdf.new() as made:
        made.add_blank_page()
        kept = io.BytesIO()
        made.save(kept, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(Refused, match="lösenord"):
        checked("x.pdf", kept.getvalue())


def test_a_pdf_without_pages():
    with pikepdf.new() as made:
        kept = io.BytesIO()
        made.save(kept)
    with pytest.raises(Refused, match="inga sidor"):
        checked("x.pdf", kept.getvalue())


def test_place_and_camera_stay_behind():
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Kamera", 6
    exif.get_ifd(0x8825)[1] = "N"
    taken = picture(size=(40, 30), exif=exif.tobytes(), comment=b"hemma hos Maria")
    assert b"Kamera" in taken and b"Maria" in taken
    kept = checked("x.jpg", taken).data
    assert b"Kamera" not in kept and b"Maria" not in kept and b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as painted:
        assert not painted.getexif()
        assert painted.size == (30, 40)  # turned as the camera said it should be


@pytest.mark.parametrize("kind, name", [("PNG", "x.png"), ("WEBP", "x.webp")])
def test_texts_in_a_picture_stay_behind(kind, name):
    exif = Image.Exif()
    exif[0x010F] = "Kamera"
    kept = checked(name, picture(kind, exif=exif.tobytes())).data
    assert b"Kamera" not in kept


def test_what_follows_a_picture_stays_behind():
    kept = checked("x.jpg", picture() + b"<script>alert(1)</script>" + docx()).data
    assert b"script" not in kept and not zipfile.is_zipfile(io.BytesIO(kept))


def test_a_see_through_picture_stays_see_through():
    kept = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(kept, "PNG")
    with Image.open(io.BytesIO(checked("x.png", kept.getvalue()).data)) as painted:
        assert painted.getpixel((0, 0))[3] == 0


def test_too_many_pixels(monkeypatch):
    monkeypatch.setattr(content, "MOST_PIXELS", 1000)
    with pytest.raises(Refused, match="bildpunkter"):
        checked("x.png", picture("PNG"))


def test_a_bomb_of_a_document(monkeypatch):
    monkeypatch.setattr(content, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(Refused, match="för stort inuti"):
        checked("x.docx", docx(**{"word/media/x.txt": bytes(2_000_000)}))


def test_too_large(settings):
    settings.LARGEST_FILE = 1_000_000
    with pytest.raises(Refused, match="Högst 1 MB"):
        checked("x.txt", b"a" * 1_000_001)
    assert checked("x.txt", b"a" * 1_000_000)


STARTS = [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBP"]


@settings(deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=300), st.sampled_from(sorted(content.ENDINGS)))
def test_anything_at_all_is_taken_in_or_refused(start, rest, ending):
    try:
        assert checked(f"x.{ending}", start + rest).content_type in content.ENDING_OF
    except Refused as why:
        assert str(why).endswith(".")


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_broken_file_is_taken_in_or_refused(data):
    whole = data.draw(st.sampled_from([pdf(), docx(), odt(), picture(), picture("PNG")]))
    place = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:place] + bytes([data.draw(st.integers(0, 255))]) + whole[place + 1 :]
    for ending in ("pdf", "docx", "odt", "jpg", "png"):
        with suppress(Refused):
            checked(f"x.{ending}", broken)
