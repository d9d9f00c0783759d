"""Workbooks that count by themselves. A formula is made by code alone and passes a short list of what a formula may
hold: no text in quotes, no link, no function but a few. A value is never a formula, whatever it begins with."""

import io
import re

from exitprogram.sheets.book import cells, cleaned, openpyxl, packaging, styles, utils

FUNCTIONS = ("POWER", "ROUND", "SUM")
PIECE = re.compile(
    rf"(?P<function>(?:{'|'.join(FUNCTIONS)})(?=\())|(?P<sheet>[A-ZÅÄÖ][a-zåäö]{{2,20}}!)"
    r"|(?P<cell>\$?[A-Z]{1,2}\$?[1-9]\d{0,3})|(?P<number>\d+)|(?P<sign>[-+*/(),:])"
)
INPUT = "FFF6E5"  # behind what may be changed


class Formula:
    """Built of cells, numbers, signs and a few functions; anything else raises."""

    def __init__(self, text, shown="#,##0"):
        at = 0
        while at < len(text):
            piece = PIECE.match(text, at)
            if piece is None:
                raise ValueError(f"Not in a formula of ours: {text[at:]!r}")
            at = piece.end()
        self.text, self.shown = f"={text}", shown


class Input:
    """A number that whoever opens the file may change."""

    def __init__(self, number):
        self.number = number


class Sheet:
    """Rows of values and formulas; ``add`` tells which row it became, so that a formula can point at it."""

    def __init__(self, title, widths=()):
        self.title, self.widths, self.rows = title, widths, []

    def add(self, *values, bold=False):
        self.rows.append((values, bold))
        return len(self.rows)


def workbook_of(title, sheets):
    """Bytes of the workbook: all sheets show, nobody's name is in its properties."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    workbook.properties = packaging.DocumentProperties(creator="", title=title)
    workbook.calculation.fullCalcOnLoad = True
    for sheet in sheets:
        made = workbook.create_sheet(sheet.title)
        for place, width in enumerate(sheet.widths, 1):
            made.column_dimensions[utils.get_column_letter(place)].width = width
        for number, (values, bold) in enumerate(sheet.rows, 1):
            for column, value in enumerate(values, 1):
                _write(made.cell(number, column), value, bold)
    kept = io.BytesIO()
    workbook.save(kept)
    return kept.getvalue()


def _write(cell, value, bold):
    if isinstance(value, Formula):
        cell.value, cell.number_format = value.text, value.shown
    elif isinstance(value, Input):
        cell.value, cell.fill = value.number, styles.PatternFill("solid", fgColor=INPUT)
    elif isinstance(value, str):
        cell.value = cells.ILLEGAL_CHARACTERS_RE.sub("", cleaned(value))
        cell.data_type = "s"
    else:
        cell.value = value
        cell.number_format = "#,##0" if isinstance(value, int) else "General"
    cell.font = styles.Font(bold=bold)
    cell.alignment = styles.Alignment(vertical="top", wrap_text=isinstance(value, str))
