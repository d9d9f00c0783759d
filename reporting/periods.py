"""Closed half-years. Each person is counted in each table in one of them only."""

from dataclasses import dataclass
from datetime import date, timedelta

LATE = timedelta(days=14)  # what is written down in the first two weeks after is counted too


@dataclass(frozen=True, order=True)
class HalfYear:
    year: int
    half: int

    @property
    def first(self):
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last(self):
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def code(self):
        return f"{self.year}-{self.half}"

    @property
    def label(self):
        return f"{'Första' if self.half == 1 else 'Andra'} halvåret {self.year}"

    @property
    def before(self):
        return HalfYear(self.year, 1) if self.half == 2 else HalfYear(self.year - 1, 2)

    def is_closed(self, *, on):
        return self.last + LATE < on


def half_year_of(day):
    return HalfYear(day.year, 1 if day.month <= 6 else 2)


def last_closed(*, on):
    found = half_year_of(on).before
    return found if found.is_closed(on=on) else found.before
