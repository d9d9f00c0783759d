"""What can be decided about one person, as data: law by day, whom it may be about, how it is appealed.

The records are in ``matters.toml``. A matter that only the board's committee decides is there to be refused by name.
"""

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from exitprogram.law.rules import NoRule

COURT, LEGALITY, NONE = "court", "legality", "none"
AMOUNT, DAYS, PERIOD = "amount", "days", "period"


@dataclass(frozen=True)
class Section:
    citation: str
    valid_from: date
    valid_until: date | None = None  # last day, included

    def in_force(self, on):
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True)
class Matter:
    key: str
    label: str
    law: tuple
    programmes: tuple
    appeal: str
    committee_only: str = ""
    minuted: bool = False
    asks: tuple = ()
    carried_out: bool = False

    def law_on(self, on):
        """The section of that day. Raises NoRule."""
        for section in self.law:
            if section.in_force(on):
                return section.citation
        raise NoRule(f"Inget lagrum för {self.label} gäller {on}.")

    @property
    def refusal(self):
        """Why no official decides this, in one sentence."""
        return f"Bara nämnden eller ett utskott beslutar i detta ({self.committee_only})."


@functools.cache
def all_matters():
    """By key, in the order of the file."""
    records = tomllib.loads((Path(__file__).parent / "matters.toml").read_text())["matter"]
    return {record["key"]: _matter(**record) for record in records}


def _matter(*, law, programmes, asks=(), **record):
    sections = tuple(Section(**section) for section in law)
    return Matter(law=sections, programmes=tuple(programmes), asks=tuple(asks), **record)


def matter(key):
    return all_matters()[key]


def delegable():
    """Those that an official may decide when a delegation scheme says so."""
    return [one for one in all_matters().values() if not one.committee_only]


def committee_only():
    return [one for one in all_matters().values() if one.committee_only]
