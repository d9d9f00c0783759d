"""Hostile uploads: refused with a sentence, or kept as something that does nothing, and given out so that no browser
shows it. ``make hostile``: three hundred."""

import io
import re
import time
import zipfile

import pikepdf
import pytest
from django.test import override_settings
from django.urls import reverse
from PIL import Image

from cases import operations as cases
from cases.models import Document
from exitprogram.errors import Refused
from exitprogram.scan.content import DOCX, ENDING_OF, ODT, checked
from exitprogram.tenancy.acting import acting
from tests import papers
from tests.hostile.files import PAGE, uploads
from tests.hostile.watching import Watched
from tests.test_clamd import EICAR, FakeClamd

SECONDS = 5
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
ACTS = re.compile(
    rb"/(JS|JavaScript|Launch|SubmitForm|ImportData|Rendition|Movie|Sound|GoToE|EmbeddedFiles?|RichMedia|XFA|EF)\b"
)
PACKED = re.compile(r"vba|\.bin$|embeddings|activex|\.(exe|dll|js|vbs|ole)$|^(basic|scripts|object)|\.\.|^[/\\]", re.I)


@pytest.fixture(scope="module")
def hostile(share):
    return uploads(share.files, share.seed)


def acts(kept):
    """What a kept file could do by itself, looked for in another way than when it was taken in."""
    if kept.content_type in PICTURES:
        with Image.open(io.BytesIO(kept.data)) as shown:
            shown.load()
            told = shown.format != PICTURES[kept.content_type] or dict(shown.getexif()) or shown.info.get("comment")
        return told or any(word in kept.data for word in (b"<script", b"<?php", b"PK\x03\x04", b"alert(1)"))
    if kept.content_type == "application/pdf":
        with pikepdf.open(io.BytesIO(kept.data), suppress_warnings=True) as pdf:
            plain = io.BytesIO()
            pdf.save(plain, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return not kept.data.startswith(b"%PDF-") or ACTS.search(plain.getvalue())
    if kept.content_type in (DOCX, ODT):
        return any(PACKED.search(name) for name in zipfile.ZipFile(io.BytesIO(kept.data)).namelist())
    return b"\0" in kept.data or re.match(r"\s*<(!doctype|html|svg|script|\?xml)", kept.data.decode("utf-8-sig"), re.I)


def test_each_is_refused_or_does_nothing(hostile, share):
    kept, found, slow = 0, [], []
    for name, data in hostile:
        began = time.process_time()
        try:
            taken = checked(name, data)
        except Refused:
            taken = None
        if time.process_time() - began > SECONDS:
            slow.append(name)
        kept += taken is not None
        if taken is not None and acts(taken):
            found.append((name, taken.content_type))
    share.tell(files=len(hostile), acting=len(found), slow=len(slow))
    assert found == [] and slow == []
    assert 0 < kept < len(hostile) / 2, "most are refused, some are kept"


def test_what_acts_is_found():
    class Kept:
        def __init__(self, data, content_type):
            self.data, self.content_type = data, content_type

    assert acts(Kept(papers.picture(comment=PAGE), "image/jpeg"))
    assert acts(Kept(papers.docx(**{"word/vbaProject.bin": b"x"}), DOCX))
    assert acts(Kept(PAGE, "text/plain"))


@pytest.fixture(scope="module")
def folder(house_folder):
    with override_settings(FILES_DIR=house_folder / "files"):
        yield house_folder / "files"


@pytest.fixture(scope="module")
def kept(standing, folder, hostile):
    """Each that can be kept, in Anna's case, by the operation that the form calls."""
    rows = []
    for place, (name, data) in enumerate(hostile):
        try:
            taken = checked(name, data)
        except Refused:
            continue
        with acting(standing.anna):
            given = papers.paper(standing.case, standing.anna, title=f"Papper {place}", file=taken)
            try:
                rows.append(cases.add_document(**given))
            except Refused:  # the same bytes as another one
                continue
    assert rows
    return rows


def test_no_browser_shows_one(standing, kept, in_the_open, chromium, folder, share):
    """Each link pressed in real Chromium: a file that is taken down, and nothing else."""
    watched = Watched(chromium, in_the_open, standing.anna)
    watched.look("/min-dag/")
    for row in kept[: share.files // 5]:
        path = reverse("cases:document_file", args=[standing.case.pk, row.pk])
        with watched.page.expect_download() as taken:
            watched.page.evaluate("(path) => { location.href = path; }", path)
        assert taken.value.suggested_filename == f"dokument.{ENDING_OF[row.content_type]}"
        taken.value.cancel()
        assert watched.page.url.endswith("/min-dag/")
    for way in ("img", "iframe", "embed", "script"):  # nor as a part of a page of our own
        watched.page.evaluate(
            "([tag, src]) => { try { document.body.append(Object.assign(document.createElement(tag), {src})); }"
            " catch { /* a trusted type */ } }", [way, path],
        )  # fmt: skip
    watched.page.wait_for_timeout(300)
    assert watched.page.evaluate("[...document.images].every((image) => !image.naturalWidth)")
    assert [what for what in watched.page.evaluate("window.tried") if what.startswith("box")] == []
    assert watched.page.evaluate("typeof window.planted") == "undefined"
    watched.close()


def test_malware_is_not_kept_and_without_a_scanner_nothing_is_opened(world, settings, tmp_path, monkeypatch):
    settings.FILES_DIR = tmp_path / "files"
    server = FakeClamd()
    settings.CLAMD_URL = server.url
    for name, data in (("x.txt", EICAR), ("x.pdf", papers.pdf() + EICAR)):
        with acting(world.anna), pytest.raises(Refused):
            cases.add_document(**papers.paper(world.case, world.anna, file=checked(name, data)))
    server.close()
    papers.down(settings)
    with acting(world.anna):
        row = cases.add_document(**papers.paper(world.case, world.anna, file=checked("x.txt", b"hej")))
        assert Document.objects.get(pk=row.pk).state == "quarantined"
        with pytest.raises(Refused):
            cases.open_document(by=world.anna, document=row)
