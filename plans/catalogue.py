"""The measures that can be chosen instead of typed: the programme's own, and what an authority has added."""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

from cases.areas import Area
from exitprogram.knowledge import support
from plans.models import CatalogueMeasure, Measure

OWN = "own:"  # of the ids of an authority's own


@dataclass(frozen=True)
class Entry:
    id: str
    title: str
    legal_anchor: str
    principal: str  # social, health, other: who usually answers for it
    area: str
    knowledge: str = ""
    help: str = ""

    @property
    def area_label(self):
        return Area(self.area).label

    @property
    def principal_label(self):
        return Measure.Principal(self.principal).label

    @property
    def support(self):
        return support(self.knowledge) if self.knowledge else None


@functools.cache
def national():
    told = tomllib.loads((Path(__file__).parent / "catalogue.toml").read_text())
    return tuple(Entry(**record) for record in told["measure"])


def entries(authority_id, *, on):
    """Everything that is offered that day, by area in the order of the plan."""
    own = CatalogueMeasure.objects.filter(authority_id=authority_id).in_use(on)
    found = [*national(), *(_own(row) for row in own)]
    order = list(Area.values)
    return sorted(found, key=lambda entry: order.index(entry.area))


def _own(row):
    return Entry(f"{OWN}{row.pk}", row.title, row.legal_anchor, row.principal_kind, row.area)


def choices(found):
    """For a select, grouped by area."""
    groups = {}
    for entry in found:
        groups.setdefault(entry.area_label, []).append((entry.id, entry.title))
    return [("", "Ingen, jag skriver själv"), *groups.items()]
