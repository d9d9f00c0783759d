"""The regional coordinator's first screen: a line for each board that has agreed to it. The database counts and
decides what may be shown; no row about a person reaches this module."""

import json
from dataclasses import dataclass

from django.db import connection

from exitprogram.tenancy.models import Authority

STEPS = {
    "consent": "Väntar på samtycke",
    "start": "Planen är inte påbörjad",
    "draft": "Planen skrivs",
    "out": "Ute hos parterna",
    "agreed": "Överenskommen",
}
LACKS = {
    "no_coordinator": "Utan samordnare",
    "late": "Försenad uppföljning",
    "no_day": "Utan uppföljningsdag",
    "waits": "Väntar på avsnitt",
}


@dataclass(frozen=True)
class Figure:
    """A number as the database lets it be shown: itself, «färre än 5» (or the board's own least), or «minst 5» when the
    rest could be counted."""

    code: str
    few: int = 5

    @property
    def least(self):
        """What is known of it: the only thing that may order the lines."""
        return int(self.code.removesuffix("+") or 0)

    @property
    def is_few(self):
        return not self.code

    def __str__(self):
        if self.is_few:
            return f"färre än {self.few}"
        return f"minst {self.least}" if self.code.endswith("+") else self.code


@dataclass(frozen=True)
class Board:
    authority: Authority
    level: str
    plans: Figure
    age: int | None  # days, median
    lacks: dict
    medians: dict

    @property
    def risk(self):
        """By what is shown and nothing else, or the order would tell what is hidden."""
        known = {name: figure.least for name, figure in self.lacks.items()}
        return known["no_coordinator"] * 3 + known["late"] * 2 + known["no_day"] * 2 + known["waits"]

    @property
    def months(self):
        return None if self.age is None else round(self.age / 30.4)

    @property
    def cells(self):
        """(code, heading, figure), in the order of the columns."""
        return [(code, label, self.lacks[code]) for code, label in LACKS.items()]

    @property
    def waited(self):
        """(step, median days), in the order of the steps; only those that may be shown."""
        return [(label, self.medians[code]) for code, label in STEPS.items() if code in self.medians]

    @property
    def has_flow(self):
        return self.level == "flow"


def boards():
    """Every board that the acting regional coordinator may follow, the one with most at risk first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT authority_id, level, few, plans, age, no_coordinator, no_day, late, waits, medians"
            " FROM wall.region_boards()"
        )
        rows = cursor.fetchall()
    named = Authority.objects.in_bulk([row[0] for row in rows])
    found = [_board(named[row[0]], *row[1:]) for row in rows]
    return sorted(found, key=lambda board: (-board.risk, -board.plans.least, board.authority.name))


def _board(authority, level, few, plans, age, no_coordinator, no_day, late, waits, medians):
    lacks = {"no_coordinator": no_coordinator, "late": late, "no_day": no_day, "waits": waits}
    return Board(
        authority, level, Figure(plans, few), age, {name: Figure(code, few) for name, code in lacks.items()},
        json.loads(medians) if isinstance(medians, str) else medians,
    )  # fmt: skip
