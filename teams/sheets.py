"""The delegation scheme as a spreadsheet, out and in. Reading says what is wrong row by row and saves nothing."""

import re
from dataclasses import dataclass, field

from django.utils import timezone

from exitprogram.errors import Refused
from exitprogram.sheets.book import book, read_book
from exitprogram.sheets.table import header_of
from exitprogram.tenancy.models import Membership
from teams.delegation import DEFAULTS, faults_of_row, key_of
from teams.matters import all_matters
from teams.models import DelegationRow
from teams.models.scheme import DECIDERS

COLUMNS = {
    "Nummer": "number", "Ärende": "kind", "Lagrum": "law", "Roll": "role", "Namngiven person (e-post)": "member",
    "Högst kronor": "max_amount", "Högst dagar": "max_days", "Målgrupp": "target", "Villkor": "conditions",
    "Vidaredelegation": "may_pass_on", "Anmäls": "reported", "Hur": "how",
}  # fmt: skip
WIDTHS = (10, 36, 28, 18, 28, 14, 14, 12, 40, 16, 24, 20)
NEEDED = ("Nummer", "Ärende", "Lagrum", "Roll")
YES, NO = {"ja", "j", "x"}, {"nej", "n", "", "–", "-"}


@dataclass
class Read:
    """What a file said: the rows that may stand, and what is wrong with the others."""

    rows: list = field(default_factory=list)
    faults: list = field(default_factory=list)  # (number of the row in the file, sentence)


def sheet_of(rows, title):
    """Bytes of the spreadsheet of these rows."""
    return book(title, list(COLUMNS), [_line(row) for row in rows], WIDTHS)


def _line(row):
    values = {**row, "kind": all_matters()[row["kind"]].label, "may_pass_on": "ja" if row["may_pass_on"] else "nej"}
    values["member"] = row["member"].user.email if row["member"] else ""
    for name in ("role", "target", "reported", "how"):
        values[name] = _choices(name).get(row[name], "")
    return [values[name] if values[name] is not None else "" for name in COLUMNS.values()]


def _choices(name):
    return {str(value): label for value, label in DelegationRow._meta.get_field(name).choices}


def read_rows(by, data):
    """Every row of the file, each with what is wrong with it. Raises Refused when it is no scheme at all."""
    lines = read_book(data)
    if not lines:
        raise Refused("Filen är tom.")
    names = header_of(lines[0][1], COLUMNS, NEEDED)
    staff, found, first = _staff(by), Read(), {}
    for number, values in lines[1:]:
        row, faults = _row(dict(zip(names, values, strict=False)), staff)
        if any(value not in ("", None) for value in values[len(names) :]):
            faults.append("Det står något utanför kolumnerna.")
        faults = faults or [*faults_of_row(row)]
        if not faults and key_of(row) in first:
            faults = [f"Samma ärende, roll och målgrupp som rad {first[key_of(row)]}."]
        found.faults += [(number, sentence) for sentence in faults]
        if not faults:
            first[key_of(row)] = number
            found.rows.append(row)
    if not found.rows and not found.faults:
        raise Refused("Filen har rubriker men inga rader.")
    return found


def _staff(by):
    """By address: the board's own of today, those who may decide first."""
    people = Membership.objects.filter(authority_id=by.authority_id).in_force(on=timezone.localdate())
    people = sorted(people.select_related("user"), key=lambda member: member.role in DECIDERS)
    return {member.user.email: member for member in people}


def _row(values, staff):
    """(row, faults) from the texts and numbers of one line."""
    row, faults = dict(DEFAULTS), []
    for name, value in values.items():
        try:
            row[name] = READERS.get(name, _text)(value, name, staff)
        except ValueError as why:
            faults.append(str(why))
    return row, faults


def _text(value, name, _staff):
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def _matter(value, name, _staff):
    by_word = {word.casefold(): m.key for m in all_matters().values() for word in (m.key, m.label)}
    word = str(value or "").strip()
    if word.casefold() not in by_word:
        raise ValueError(f"Ärendet ”{word[:60]}” finns inte i listan över vad som kan beslutas.")
    return by_word[word.casefold()]


def _choice(value, name, _staff):
    by_word = {word.casefold(): key for key, label in _choices(name).items() for word in (key, label)}
    word = str(value or "").strip()
    if not word:
        return DEFAULTS[name]
    if word.casefold() not in by_word:
        raise ValueError(f"”{word[:60]}” går inte att välja. Skriv {' eller '.join(_offered(name))}.")
    return by_word[word.casefold()]


def _offered(name):
    return [label for key, label in _choices(name).items() if name != "role" or key in DECIDERS]


def _number(value, name, _staff):
    word = re.sub(r"(\s|kr|kronor|dagar|dygn|:-)", "", str(value if value is not None else "").lower())
    word = word.removesuffix(".0")
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and len(word) < 11):
        raise ValueError(f"”{str(value)[:40]}” är inte ett helt tal.")
    return int(word)


def _yes_or_no(value, name, _staff):
    word = str(value if value is not None else "").strip().casefold()
    if word not in YES | NO:
        raise ValueError("Skriv ja eller nej om vidaredelegation.")
    return word in YES


def _member(value, name, staff):
    word = str(value or "").strip().lower()
    if word and word not in staff:
        raise ValueError(f"{word[:80]} har inget uppdrag hos nämnden i dag.")
    return staff.get(word)


READERS = {
    "kind": _matter, "role": _choice, "target": _choice, "reported": _choice, "how": _choice, "max_amount": _number,
    "max_days": _number, "may_pass_on": _yes_or_no, "member": _member,
}  # fmt: skip
