"""Granted and not carried out (SoL 34 kap.): the list that is reported to IVO and the auditors, and the quarter's
figures for the council, which say nothing of anybody."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low

from django.db import connection
from django.template.loader import render_to_string

from cases.outreach import FEW, THRESHOLD
from exitprogram.law.rules import rule
from exitprogram.pdf.render import pdf_of
from exitprogram.sheets.book import book
from exitprogram.tenancy.letterheads import letterhead_of
from teams.matters import all_matters, matter

HEADER = ["Beslut", "Slag", "Beslutat", "Inte verkställt sedan", "Dagar", "Rapporterat"]
WIDTHS = [16, 34, 14, 20, 10, 14]
MIN_YEAR = 2019


@dataclass(frozen=True)
class Quarter:
    year: int
    number: int

    @property
    def first(self):
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self):
        return self.after.first - timedelta(days=1)

    @property
    def after(self):
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def before(self):
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    def __str__(self):
        return f"kvartal {self.number} {self.year}"

    @classmethod
    def of(cls, day):
        return cls(day.year, (day.month + 2) // 3)


@dataclass(frozen=True)
class Unexecuted:
    number: str
    kind: str
    decided_on: date
    since: date
    reported_on: date | None
    days: int
    reported: bool  # within the quarter, or after its day had come

    @property
    def label(self):
        return matter(self.kind).label


def unexecuted(quarter, *, on):
    """As it was on the quarter's last day, or is today while it runs; the longest wait first."""
    day = min(quarter.last, on)
    kinds = [one.key for one in all_matters().values() if one.carried_out]
    months = rule("decision.unexecuted", on=day).values["months"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, kind, decided_on, since, reported_on FROM wall.unexecuted(%s, %s, %s)", [day, kinds, months]
        )
        return [
            Unexecuted(*row, days=(day - row[3]).days, reported=bool(row[4] and row[4] >= quarter.first))
            for row in cursor.fetchall()
        ]


def for_council(rows):
    """[(kind, how many, median days)]: a kind with fewer than five says so and nothing more, and there is no sum."""
    found = {}
    for row in rows:
        found.setdefault(row.label, []).append(row.days)
    return [
        (label, str(len(days)) if len(days) >= THRESHOLD else FEW, median_low(days) if len(days) >= THRESHOLD else None)
        for label, days in sorted(found.items())
    ]


def sheet(quarter, rows):
    lines = [[one.number, one.label, one.decided_on, one.since, one.days, one.reported_on or "nej"] for one in rows]
    return book(f"Ej verkställda {quarter.year} {quarter.number}", HEADER, lines, WIDTHS)


def document(by, quarter, rows, *, on):
    """Bytes of the PDF for the council: figures and no list. The same figures give the same bytes."""
    law = rule("decision.unexecuted", on=min(quarter.last, on))
    context = {
        "quarter": quarter, "figures": for_council(rows), "authority": by.authority, "law": law,
        "letterhead": letterhead_of(by.authority), "on": min(quarter.last, on),
    }  # fmt: skip
    html = render_to_string("reporting/unexecuted_document.html", context)
    return pdf_of(html, identifier=hashlib.sha256(html.encode()).digest()[:16])
