"""Spreadsheets out and in. What is written is text, whole numbers and days: never a formula, a comment, a hidden sheet
or a name in the file's properties. What is read is the first sheet that shows, as plain values; a formula, or a file
that is larger inside than it looks, is refused with a sentence."""

import io
import re
import zipfile
from datetime import date

from exitprogram.errors import Refused
from exitprogram.late import Late

openpyxl, cells, styles = Late("openpyxl"), Late("openpyxl.cell.cell"), Late("openpyxl.styles")
packaging, utils = Late("openpyxl.packaging.core"), Late("openpyxl.utils")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Also what a spreadsheet does not show before it: spaces of every kind and signs without width.
BEGINS_A_FORMULA = re.compile(r"[\t\r\n]|[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫]")
LARGEST_FILE, LARGEST_INSIDE, MOST_PARTS, MOST_ROWS, MOST_COLUMNS = 1_000_000, 20_000_000, 200, 2000, 40
TOO_LARGE = "Filen är för stor. Den får vara högst en megabyte."
MACROS = "Filen har makron. Spara den som Excel-arbetsbok utan makron (.xlsx) och försök igen."
UNREADABLE = "Filen går inte att läsa. Spara den som Excel-arbetsbok (.xlsx) och försök igen."


def cleaned(value):
    """A text that no spreadsheet takes for a formula; other values as they are."""
    if not isinstance(value, str):
        return value
    value = cells.ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{value}" if BEGINS_A_FORMULA.match(value) else value


def book(title, header, rows, widths=()):
    """Bytes of a workbook with one sheet: a header that stays in sight, and the rows."""
    workbook = openpyxl.Workbook(write_only=True)
    workbook.properties = packaging.DocumentProperties(creator="", title=title)
    sheet = workbook.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[utils.get_column_letter(place)].width = width
    sheet.append([_cell(sheet, text, bold=True) for text in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    kept = io.BytesIO()
    workbook.save(kept)
    return kept.getvalue()


def _cell(sheet, value, bold=False):
    cell = cells.WriteOnlyCell(sheet, cleaned(value))
    if isinstance(value, str):
        cell.data_type = "s"
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    cell.alignment, cell.font = styles.Alignment(vertical="top", wrap_text=True), styles.Font(bold=bold)
    return cell


def read_book(data):
    """[(number of the row in the file, [values])] of the first sheet, without the empty ones. Raises Refused."""
    _weigh(data)
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet = next(one for one in workbook.worksheets if one.sheet_state == "visible")
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        rows = []
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
            if number > MOST_ROWS:
                raise Refused(f"Filen har fler än {MOST_ROWS} rader.")
            values = [_value(value, number) for value in row]
            if any(value not in ("", None) for value in values):
                rows.append((number, values))
    except Refused:
        raise
    except Exception:  # a file from outside can break the reader in any way
        raise Refused(UNREADABLE)
    return rows


def _weigh(data):
    """Before anything is opened: how large, and how large inside."""
    if len(data) > LARGEST_FILE:
        raise Refused(TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError):
        raise Refused(UNREADABLE)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_INSIDE:
        raise Refused("Filen är för stor när den packas upp.")
    if any("vbaproject" in part.filename.casefold() for part in parts):
        raise Refused(MACROS)


def _value(value, number):
    if not isinstance(value, str):
        return value
    if value.startswith("="):
        raise Refused(f"Rad {number} i filen har en formel. Klistra in värdena i stället, och försök igen.")
    shown = value[1:] if value.startswith("'") and BEGINS_A_FORMULA.match(value[1:]) else value
    return shown.strip()
