"""Who works with whom around a regional coordinator: agreements between authorities, nothing of anybody."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from django.db import connection
from django.utils import timezone

from exitprogram.tenancy.models import Authority, CooperationAgreement

SOON = timedelta(days=90)


@dataclass(frozen=True)
class Bond:
    """One agreement in force, with its parties by name."""

    ground: str
    starts_on: date
    ends_on: date | None
    parties: tuple

    @property
    def ground_words(self):
        return CooperationAgreement.Ground(self.ground).label

    @property
    def ends_soon(self):
        return self.ends_on is not None and self.ends_on <= timezone.localdate() + SOON

    @property
    def names(self):
        return ", ".join(party.name for party in self.parties)


def bonds():
    """What ends first comes first; what has no end, last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ground, starts_on, ends_on, parties FROM wall.cooperation_map()")
        rows = cursor.fetchall()
    named = Authority.objects.in_bulk({one for row in rows for one in row[3]})
    return [Bond(*row[:3], tuple(sorted((named[pk] for pk in row[3]), key=lambda a: a.name))) for row in rows]


class Picture:
    """Authorities under each other, an arc between two that have something together; drawn by the server in the face's
    own colour. What ends soon is a broken line, and the list beside says it in words."""

    ROW, TOP, LEFT, WIDTH = 28, 20, 330, 480

    def __init__(self, bonds):
        parties = {party.pk: party for bond in bonds for party in bond.parties}
        order = sorted(parties.values(), key=lambda a: (a.kind, a.name))
        place = {party.pk: self.TOP + self.ROW * number for number, party in enumerate(order)}
        self.names = [(party.name, place[party.pk], place[party.pk] + 5) for party in order]
        self.height = self.TOP * 2 + self.ROW * max(len(order) - 1, 0)
        self.arcs = [self._arc(*pair, soon) for pair, soon in self._pairs(bonds, place).items()]

    @staticmethod
    def _pairs(bonds, place):
        """{(y, y): whether all that binds the two ends soon}"""
        found = {}
        for bond in bonds:
            for one, other in combinations(sorted(place[party.pk] for party in bond.parties), 2):
                found[one, other] = found.get((one, other), True) and bond.ends_soon
        return found

    def _arc(self, one, other, soon):
        reach = min(self.WIDTH - 8, self.LEFT + 30 + (other - one))
        return f"M {self.LEFT} {one} C {reach:.0f} {one} {reach:.0f} {other} {self.LEFT} {other}", soon
