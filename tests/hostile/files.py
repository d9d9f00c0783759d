"""Uploads that want to be something else than what they are called: (name, bytes). All are made here."""

import io
import itertools
import random
import zipfile

import pikepdf
from PIL import Image, PngImagePlugin

from tests.papers import docx, odt, pdf, picture
from tests.test_clamd import EICAR
from tests.test_content import HOSTILE_PDF, acting_pdf

PAGE = b"<!doctype html><html><body data-planted><script>alert(1)</script></body></html>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" data-planted="" onload="alert(1)"><script>alert(1)</script></svg>'
XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048)
ENDINGS = ("pdf", "jpg", "jpeg", "png", "webp", "txt", "docx", "odt", "PDF", "Docx")
WHOLE = {"pdf": pdf, "docx": docx, "odt": odt, "jpg": picture, "png": lambda: picture("PNG")}
PROGRAMS = {
    "exe": b"MZ\x90\x00" + bytes(200), "elf": b"\x7fELF" + bytes(200), "java": b"\xca\xfe\xba\xbe" + bytes(50),
    "shell": b"#!/bin/sh\nid\n", "php": b"<?php system($_GET['x']); ?>", "page": PAGE, "drawing": DRAWING, "xml": XXE,
    "page behind spaces": b" \r\n\t" + PAGE, "page behind a mark": b"\xef\xbb\xbf" + PAGE,
    "comment": b"<!-- x -->" + PAGE,
    "page in 16 bits": PAGE.decode().encode("utf-16"), "rtf": b"{\\rtf1{\\object\\objdata 01}}", "ole": OLE,
    "mail": b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + PAGE, "gif": b"GIF89a/*" + PAGE + b"*/",
    "bmp": b"BM" + bytes(60) + PAGE, "zip": b"PK\x03\x04" + bytes(40), "empty zip": b"PK\x05\x06" + bytes(18),
    "rar": b"Rar!\x1a\x07\x00" + bytes(40), "7z": b"7z\xbc\xaf\x27\x1c" + bytes(40),
    "gzip": b"\x1f\x8b\x08" + bytes(40),
    "swf": b"FWS\x09" + bytes(40), "postscript": b"%!PS-Adobe-3.0\n(x) run\n", "tiff": b"II*\x00" + bytes(80),
    "ico": b"\x00\x00\x01\x00" + bytes(40), "link": b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60), "nothing": b"",
    "address": b"[InternetShortcut]\r\nURL=javascript:alert(1)\r\n", "nul": b"x\x00" + PAGE, "eicar": EICAR,
    "pdf in name only": b"%PDF-1.7\n" + PAGE, "webp in name only": b"RIFF\x10\x00\x00\x00WEBP" + PAGE,
    "jpeg in name only": b"\xff\xd8\xff\xe0" + PAGE, "png in name only": b"\x89PNG\r\n\x1a\n" + PAGE,
}  # fmt: skip
NAMES = [
    "../../../../etc/passwd.{}", "..\\..\\windows\\x.{}", "/etc/x.{}", "C:\\x.{}", "x.html.{}", "x.{}.html", "x.{}.exe",
    "x\x00.html.{}", "x.{}\x00.html", "x\r\nSet-Cookie: planted=1\r\n.{}", "x\r\n\r\n<script>.{}", "\u202efdp.exe.{}",
    "a" * 300 + ".{}", "å" * 300 + ".{}", "CON.{}", "NUL.{}", "LPT1.{}", ".{}", "...{}", "x.{}.", "x.{} ",
    "x.{}::$DATA",
    'x"; filename="y.html.{}', "x'; y.{}", "%2e%2e%2fx.{}", "x%00.{}", "<img data-planted src=x onerror=alert(1)>.{}",
    "{{{{7*7}}}}.{}", "-rf.{}", "|id.{}", "$(id).{}", "`id`.{}", "=1+1.{}", "\u200b.{}", "\U0001f4a3.{}", "~.{}",
]  # fmt: skip
PARTS = [
    "word/vbaProject.bin", "word/VBAPROJECT.BIN", "word/embeddings/x.docx", "word/activeX/activeX1.xml",
    "x.exe", "x.js",
    "word/embeddings/oleObject1.bin", "../x", "/x", "..\\x", "word/x.dll", "word/x.vbs", "customUI/vba.xml",
]  # fmt: skip
ODT_PARTS = ["Basic/x.xml", "Scripts/x.py", "Object 1/content.xml", "x.bin", "../x", "x.js", "Configurations2/macro/x"]


def _packed(*parts):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts:
            made.writestr(name, data)
    return kept.getvalue()


def _bomb(depth, size):
    data = _packed(("x", bytes(size)))
    for _ in range(depth):
        data = _packed(*((f"{place}.zip", data) for place in range(16)))
    return data


def _wide(width, height):
    """A picture that says it is large."""
    data = bytearray(picture("PNG"))
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return bytes(data)


def _told(kind, **words):
    """A picture that tells where it was taken, and more."""
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "<?php system('id') ?>", "<script data-planted>alert(1)</script>"
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (61.0, 21.0, 4.0)
    return picture(kind, exif=exif.tobytes(), **words)


def _noted():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("x", PAGE.decode())
    notes.add_text("y", "x" * 2_000_000, zip=True)
    return picture("PNG", pnginfo=notes)


def _pdf_of(**more):
    with pikepdf.new() as made:
        made.add_blank_page()
        for name, value in more.items():
            made.Root[f"/{name}"] = made.make_indirect(value)
        kept = io.BytesIO()
        made.save(kept, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return kept.getvalue()


ACTIONS = ["Launch", "SubmitForm", "ImportData", "Rendition", "Movie", "Sound", "GoToE", "JavaScript"]


def _act(action):
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{action}"), F="x", D="x", JS="app.alert(1)")


def _pdfs():
    yield from (acting_pdf(make) for make in HOSTILE_PDF)
    yield from (_pdf_of(OpenAction=_act(action)) for action in ACTIONS)
    yield from (_pdf_of(AA=pikepdf.Dictionary(WC=_act(action))) for action in ACTIONS)
    yield _pdf_of(Names=pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array([]))))
    yield _pdf_of(OpenAction=_act("JavaScript")).replace(b"/JavaScript", b"/J#61vaScript")
    yield acting_pdf(HOSTILE_PDF[0]).replace(b"/JS", b"/#4aS").replace(b"/JavaScript", b"/Java#53cript")
    yield from (pdf() + tail for tail in (PAGE, DRAWING, docx(), EICAR))  # kept as they came, and never shown
    yield from (head + pdf() for head in (PAGE, b"\n", DRAWING, b"MZ", b"\xff\xd8\xff"))
    yield from (pdf()[:length] for length in (9, 40, 200))


def _documents():
    yield from (("x.docx", docx(**{part: b"x"})) for part in PARTS)
    yield from (("x.odt", odt(**{part: b"x"})) for part in ODT_PARTS)
    for part in ("[Content_Types].xml", "word/_rels/document.xml.rels", "word/document.xml", "_rels/.rels"):
        yield f"x{len(part)}.docx", docx(**{part: XXE})
    yield from ((f"x.{ending}", _bomb(depth, 1_000_000)) for ending in ("docx", "odt") for depth in (0, 2))
    yield "x.docx", docx(**{"word/media/x.zip": _bomb(2, 1_000_000)})
    yield "x.docx", docx(**{"word/media/x.txt": bytes(201_000_000)})
    yield "x.docx", docx(**{f"word/{place}.xml": b"" for place in range(2_100)})
    yield from ((f"x.{name}", make()[:-30]) for name, make in WHOLE.items())
    yield from (("x.docm", docx()), ("x.dotm", docx()), ("x.doc", OLE), ("x.xls", OLE), ("x.xlsm", docx()))


def _pictures():
    for kind, ending in (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")):
        yield f"x.{ending}", _told(kind)
        yield f"x.{ending}", picture(kind) + PAGE
        yield f"x.{ending}", picture(kind) + docx()
        yield f"x.{ending}", picture(kind)[:60]
        yield f"x.{ending}", PAGE + picture(kind)
    yield "x.jpg", picture(comment=PAGE)
    yield "x.png", _noted()
    yield from (("x.png", _wide(*size)) for size in ((60_000, 60_000), (2**31 - 1, 1), (0, 0), (1, 2**31 - 1)))


def uploads(number, seed):
    """That many of them; a share has some of each kind."""
    kinds = [
        [*(("x.pdf", data) for data in _pdfs())],
        [*_documents()],
        [*_pictures()],
        [(name.format(ending), WHOLE[ending]()) for name, ending in zip(NAMES, itertools.cycle(WHOLE), strict=False)],
        [(f"{what}.{ending}", data) for (what, data), ending in itertools.product(PROGRAMS.items(), ENDINGS)],
    ]
    chosen = random.Random(seed)  # noqa: S311  the same ones each time
    for kind in kinds:
        chosen.shuffle(kind)
    turns = [one for row in itertools.zip_longest(*kinds) for one in row if one is not None]
    return turns[:number]
