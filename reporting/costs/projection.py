"""Five years ahead from stated assumptions: whole kronor; low, likely and high; by payer and by part.

Each step is rounded to whole kronor, a half upwards, and every sum is a sum of rounded numbers. So the parts add up to
the whole, and low ≤ likely ≤ high in every cell, since each step grows with what goes into it. The spreadsheet takes
the same steps (``workbook``)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from plans.models import Measure

YEARS = range(5)
LEVELS = {"low": "Låg", "likely": "Trolig", "high": "Hög"}
PARTS = {"introduction": "Introduktion", "running": "Löpande", "fixed": "Fasta kostnader"}
PAYERS = {
    "municipality": "Kommunen", "region": "Regionen", "refund": "Staten ersätter (Migrationsverket)",
    "grant": "Statsbidrag", "other": "Någon annan",
}  # fmt: skip
FIXED = {
    "coordination": "Samordnare", "training": "Utbildning", "interpreter": "Tolk", "premises": "Lokaler",
}  # fmt: skip
assert list(PAYERS) == Measure.Payer.values
HALF_A_YEAR = 50  # per cent: six months of introduction leave six months of the first year
TEN_THOUSANDTHS = 10_000


def rounded(number):
    """A fraction that is not negative, to a whole number; a half goes up."""
    return int((2 * Fraction(number) + 1) // 2)


def index(increase, year):
    """Ten-thousandths of the first year's price; four decimals are exact enough, and never lie on a half."""
    grown = (1 + Fraction(increase) / 100) ** year
    return int((Decimal(grown.numerator) / Decimal(grown.denominator) * TEN_THOUSANDTHS).quantize(1, ROUND_HALF_UP))


@dataclass(frozen=True)
class Cell:
    year: int  # 0–4
    level: str
    payer: str
    part: str
    kronor: int


def cells(given):
    """Every cell of the estimate ``given``: year × level × payer × part."""
    for year in YEARS:
        grown = index(given.increase, year)
        for level in LEVELS:
            people = getattr(given, f"people_{level}")
            factors = {
                "introduction": (people * 100, getattr(given, f"introduction_{level}")),
                "running": (people * weight(given, year), getattr(given, f"running_{level}")),
                "fixed": (100, fixed(given)),
            }
            for payer in PAYERS:
                for part, (hundredths, kronor) in factors.items():
                    price = rounded(Fraction(kronor * grown, TEN_THOUSANDTHS))
                    share = Fraction(hundredths * price * getattr(given, f"share_{payer}"), 10_000)
                    yield Cell(year, level, payer, part, rounded(share))


def weight(given, year):
    """How many years' running cost each new person a year means this year, in per cent: half a year for the new, and
    for each earlier year those who remain."""
    return HALF_A_YEAR + sum(getattr(given, f"stays_{later + 1}") for later in range(1, year + 1))


def fixed(given):
    return sum(getattr(given, f"fixed_{name}") for name in FIXED)


class Result:
    """Sums of the cells, as the page and the paper show them."""

    def __init__(self, *estimates):
        """Of one estimate, or of a county's: calendar years that any of them reaches."""
        self.sums = {}
        for one in estimates:
            for cell in cells(one):
                year = one.first_year + cell.year
                for payer in (cell.payer, ""):
                    for part in (cell.part, ""):
                        key = year, cell.level, payer, part
                        self.sums[key] = self.sums.get(key, 0) + cell.kronor
        self.years = sorted({year for year, *_rest in self.sums})

    def kronor(self, year, level, payer="", part=""):
        return self.sums[year, level, payer, part]

    def by_part(self):
        """[(year, [(part, three)], three of all)]; three are [(level, kronor)]."""
        return [(year, [(label, self._levels(year, part=part)) for part, label in PARTS.items()], self._levels(year))
                for year in self.years]  # fmt: skip

    def by_payer(self):
        """[(payer, [(year, three)])], those who pay something."""
        return [
            (label, [(year, self._levels(year, payer=payer)) for year in self.years])
            for payer, label in PAYERS.items()
            if any(self.kronor(year, "high", payer=payer) for year in self.years)
        ]

    def in_all(self):
        return [sum(self.sums[year, level, "", ""] for year in self.years) for level in LEVELS]

    def _levels(self, year, **which):
        return [(label, self.kronor(year, level, **which)) for level, label in LEVELS.items()]
