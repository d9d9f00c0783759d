"""Texts that would be formulas, through everything that writes a spreadsheet, read again by openpyxl and by a reader of
the bare XML: no formula, no hidden sheet, no link out. ``make hostile``: five thousand."""

import io
import re
import time
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from exitprogram.errors import Refused
from exitprogram.sheets.book import book, read_book
from exitprogram.sheets.formulas import Formula, Input, Sheet, workbook_of
from exitprogram.sheets.table import Column, template, text
from tests.hostile.sheets import faults_of, formulas


@pytest.fixture(scope="module")
def hostile(share):
    return formulas(share.formulas, share.seed)


def test_no_text_becomes_a_formula(hostile, share):
    rows = [[words, 1, date(2026, 1, 2), words] for words in hostile]
    found = faults_of(book("Blad", ["A", *hostile[:3]], rows))
    share.tell(formulas=len(hostile), cells=len(found))
    assert found == []


def test_what_was_written_reads_the_same_again(hostile):
    """The sign that keeps a text a text is ours, and goes away when we read it."""
    kept = [words for words in hostile if words.strip() == words and words.isprintable() and not words.startswith("'")]
    assert len(kept) > 20
    data = book("x", ["A", "B"], [[words, "x"] for words in kept])
    assert [row[1][0] for row in read_book(data)[1:]] == kept


def test_templates(hostile):
    columns = {str(place): Column(words, text(10), words, words) for place, words in enumerate(hostile[:30])}
    assert faults_of(template("Mall", columns)) == []


def test_beside_formulas_of_our_own(hostile):
    sheet = Sheet("Kalkyl")
    for words in hostile[:200]:
        sheet.add(words, Input(2), Formula("SUM(B1:B2)"), words)
    assert faults_of(workbook_of("Kalkyl", [sheet]), formulas_of_ours=True) == []


@pytest.mark.parametrize(
    "words", ["1+cmd|' /C calc'!A0", 'HYPERLINK("http://elak.invalid")', "[elak.xlsx]Blad1!A1", '"x"']
)
def test_nobody_makes_a_formula_out_of_words(words):
    with pytest.raises(ValueError, match="Not in a formula"):
        Formula(words)


def careless(words, **more):
    workbook = Workbook()
    workbook.active["A1"] = words
    workbook.create_sheet("B").sheet_state = more.get("state", "visible")
    if "link" in more:
        workbook.active["A1"].hyperlink = more["link"]
    kept = io.BytesIO()
    workbook.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("data", [careless("=1+1"), careless("x", state="hidden"), careless("x", link="http://elak.invalid"),
                                  careless("\u00a0@SUM(1)"), careless("\uff1d1+1")])  # fmt: skip
def test_a_careless_sheet_is_found(data):
    assert faults_of(data)


ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file://{}">]>'
HA = "".join(f"<!ENTITY a{n} '{('&a%s;' % (n - 1 or '')) * 10}'>" for n in range(1, 12))
LAUGHS = f"<!DOCTYPE x [<!ENTITY a 'ha'>{HA}]>"
PUBLIC = ENTITY.replace("SYSTEM", "PUBLIC 'x'")


def rewritten(words, entity, used):
    """A workbook whose texts define words of their own."""
    source, kept = zipfile.ZipFile(io.BytesIO(book("Blad", ["A"], [[words]]))), io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            data = source.read(name).decode()
            if words in data:
                data = re.sub(r"^(<\?xml[^>]*\?>)?", lambda found: found.group() + entity, data).replace(words, used)
            made.writestr(name, data)
    return kept.getvalue()


@pytest.mark.parametrize(
    "entity, used", [(ENTITY, "&a;"), (LAUGHS, "&a11;"), (ENTITY.replace("SYSTEM", "PUBLIC 'x'"), "&a;")]
)
def test_a_sheet_from_outside_reads_no_file_and_grows_no_words(tmp_path, entity, used):
    bait = tmp_path / "bait.txt"
    bait.write_text("Kanarie-på-disken")
    began = time.process_time()
    try:
        rows = read_book(rewritten("Ord", entity.replace("{}", str(bait)), used))
    except Refused:
        rows = []
    assert "Kanarie" not in str(rows) and len(str(rows)) < 10_000 and time.process_time() - began < 2
