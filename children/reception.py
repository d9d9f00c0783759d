"""What has come in about children and waits, in the order of what hurts first."""

from dataclasses import dataclass

from cases.models import Clock, PersonMerge
from children.clocks import ALL

# A child's safety tonight before everything; then whether anybody will look at it, then the rest.
RANK = {kind: place for place, kind in enumerate(ALL)}


@dataclass
class Waiting:
    """One clock as the assessor reads it."""

    clock: Clock
    late: bool
    today: bool

    @property
    def may_wait_to(self):
        return self.clock.rolled_day


def waiting(by, *, on):
    """Every open clock of the children whose cases I have: what is late first, and of that the protection."""
    clocks = Clock.objects.visible_to(by).open().filter(kind__in=ALL, case__closed_on=None)
    clocks = list(clocks.select_related("case__individual", "owner__user"))
    PersonMerge.objects.know_roots([clock.case.individual for clock in clocks])
    rows = [Waiting(clock, late=clock.day < on, today=clock.day == on) for clock in clocks]
    return sorted(rows, key=lambda row: (not row.late, RANK[row.clock.kind] if row.late else 0, row.clock.day,
                                         RANK[row.clock.kind], row.clock.case.number))  # fmt: skip
