"""The map of what is missing: county by county and area by area, made of published numbers and nothing else."""

from dataclasses import dataclass

from cases.areas import Area
from reporting.models import Publication, PublishedCell
from reporting.tables import HIDDEN

LACKING = ("absent", "missing", "partly")
WHOLE_SHOWS_SHARE = 20


@dataclass(frozen=True)
class Gap:
    """How many needed something in the area that could not be had; ``none`` when none of its numbers is shown."""

    area: str
    number: int
    none: bool
    at_least: bool
    share: int | None  # per cent of those who got a plan

    def __str__(self):
        if self.none:
            return HIDDEN
        words = f"minst {self.number}" if self.at_least else str(self.number)
        return f"{words} ({self.share} %)" if self.share is not None else words

    @property
    def level(self):
        """0–3, by the share: how dark the cell is."""
        return 0 if not self.share else min(3, 1 + self.share // 20)


def gaps(by, publication):
    """[(county, number of plans, [Gap of each area])], those of the same half-year and programme."""
    same = Publication.objects.visible_to(by).filter(
        programme=publication.programme, first_day=publication.first_day
    )  # fmt: skip
    names = {row.pk: row.county.county_name for row in same.newest().select_related("county")}
    cells = PublishedCell.objects.visible_to(by).filter(publication__in=list(names), board=None, group="planned")
    counties = {key: {} for key in names}
    for key, category, value in cells.values_list("publication", "category", "value"):
        if value is not None:
            counties[key][category] = value
    found = [(names[key], numbers) for key, numbers in counties.items()]
    return [
        (name, numbers.get(""), [_gap(area, numbers) for area in Area]) for name, numbers in sorted(found)
    ]  # fmt: skip


def _gap(area, numbers):
    shown = [numbers[name] for how in LACKING if (name := f"need_{area.value}:{how}") in numbers]
    whole, added, at_least = numbers.get(""), sum(shown), len(shown) < len(LACKING)
    share = min(100, round(100 * added / whole)) if shown and whole and whole >= WHOLE_SHOWS_SHARE else None
    return Gap(area.label, added, not shown, at_least, share)
