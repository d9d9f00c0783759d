"""A spreadsheet with known headings as rows of named values, and the other way: a template to fill in. What is wrong is
said at its row and column; nothing is guessed, and nothing is passed over in silence."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from exitprogram.errors import Refused
from exitprogram.page.forms import DateField
from exitprogram.sheets.book import book, read_book

NOT_READ = ("förklaring:", "exempel:")  # how the template's own lines begin
FOR_NOW = {"tills vidare", "tillsvidare"}


@dataclass(frozen=True)
class Column:
    """``read(cell, title)`` gives the value, or raises Refused with a sentence. ``said`` stands in the template."""

    title: str
    read: object
    said: str
    example: object = ""
    width: int = 24


@dataclass
class Fault:
    number: int
    column: str
    sentence: str


@dataclass
class Read:
    rows: list = field(default_factory=list)  # dicts of what can be kept as JSON, with ``number``
    faults: list = field(default_factory=list)


def template(title, columns):
    """Bytes of a sheet with the headings, what to write under each, and one example."""
    columns = list(columns.values())
    said, example = [one.said for one in columns], [one.example for one in columns]
    said[0], example[0] = f"Förklaring: {said[0]}", f"Exempel: {example[0]}"
    return book(title, [one.title for one in columns], [said, example], [one.width for one in columns])


def read_table(data, columns, needed, *, most):
    """Every row of the file, each read whole or with what is wrong with it. Raises Refused when it is no such file."""
    lines = read_book(data)
    if not lines:
        raise Refused("Filen är tom.")
    titles = {one.title: name for name, one in columns.items()}
    names = header_of(lines[0][1], titles, [columns[name].title for name in needed])
    lines = [line for line in lines[1:] if not str(line[1][0] or "").casefold().startswith(NOT_READ)]
    if not lines:
        raise Refused("Filen har rubriker men inga rader att läsa.")
    if len(lines) > most:
        raise Refused(f"Filen har {len(lines)} rader. Högst {most} kan läsas in på en gång: dela upp den.")
    found = Read()
    for number, values in lines:
        faults = _read_row(found, columns, number, dict(zip(names, values, strict=False)))
        if any(value not in ("", None) for value in values[len(names) :]):
            faults.append(Fault(number, "", "Det står något utanför kolumnerna."))
        if faults:
            found.rows.pop()
        found.faults += faults
    return found


def _read_row(found, columns, number, values):
    row, faults = {"number": number}, []
    for name, column in columns.items():
        try:
            row[name] = column.read(values.get(name), column.title)
        except Refused as why:
            faults.append(Fault(number, column.title, str(why)))
    found.rows.append(row)
    return faults


def header_of(cells, columns, needed):
    """The field of each column. An unknown column stops everything: it may be something that would be lost."""
    known = {title.casefold(): name for title, name in columns.items()}
    names = [str(cell or "").strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if unknown := [name for name in names if name.casefold() not in known]:
        raise Refused(
            f"Kolumnen {unknown[0][:60] or 'utan rubrik'} känns inte igen. Rubrikerna ska vara: {', '.join(columns)}."
        )
    if missing := [title for title in needed if title.casefold() not in {name.casefold() for name in names}]:
        raise Refused(f"Kolumnen {missing[0]} saknas. Utgå gärna från exemplet, som går att ladda ner.")
    if len({name.casefold() for name in names}) < len(names):
        raise Refused("Samma rubrik står två gånger.")
    return [known[name.casefold()] for name in names]


# Readers of one cell.


def plain(cell):
    """What is in it as text; a whole number without the ``.0`` that a spreadsheet adds."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime | date):
        return day_of(cell).isoformat()
    return " ".join(str(cell if cell is not None else "").split())


def text(most, *, needed=False):
    def read(cell, title):
        value = plain(cell)
        if needed and not value:
            raise Refused("Här behöver stå något.")
        if len(value) > most:
            raise Refused(f"Texten är för lång: högst {most} tecken.")
        return value

    return read


def email(*, needed=True):
    def read(cell, title):
        value = plain(cell).lower()
        if not value and not needed:
            return ""
        return _address(value)

    return read


def emails(cell, title):
    """Several, with comma, semicolon or space between."""
    return [_address(one) for one in re.split(r"[,;\s]+", plain(cell).lower()) if one]


def _address(value):
    try:
        validate_email(value)
    except ValidationError:
        raise Refused(f"”{value[:60]}” är inte en e-postadress." if value else "Skriv e-postadressen.")
    return value


def day_of(cell):
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return DateField(required=False).clean(plain(cell))
    except ValidationError:
        raise Refused("Skriv dagen som år-månad-dag, till exempel 2026-11-24.")


def day(*, needed=False, for_now=False):
    """ISO, "" for an empty cell, "open" for *tills vidare* where that can be written."""

    def read(cell, title):
        if for_now and isinstance(cell, str) and cell.strip().casefold() in FOR_NOW:
            return "open"
        found = day_of(cell)
        if needed and not found:
            raise Refused("Skriv dagen, eller tills vidare." if for_now else "Skriv dagen.")
        return found.isoformat() if found else ""

    return read


def one_of(choices, *, needed=True):
    """One of ``{what is written: what it means}``."""

    def read(cell, title):
        value = plain(cell)
        if not value and not needed:
            return ""
        if value.casefold() not in choices:
            *most, last = choices
            raise Refused(f"”{value[:40]}” går inte att välja. Skriv {', '.join(most)} eller {last}.")
        return choices[value.casefold()]

    return read
