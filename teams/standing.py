"""How an agreement stands for one of its parties, in words, and who works with whom as a picture."""

from dataclasses import dataclass
from datetime import date
from math import cos, pi, sin

from exitprogram.tenancy.models import CooperationAgreement

SOON_DAYS = 60


@dataclass(frozen=True)
class Standing:
    agreement: CooperationAgreement
    sides: list
    own: object
    on: date

    @property
    def others(self):
        return [side.party_authority for side in self.sides if side is not self.own]

    @property
    def is_agreed(self):
        return all(side.accepted_at and not side.declined_at for side in self.sides)

    @property
    def is_dead(self):
        return any(side.declined_at for side in self.sides)

    @property
    def ends_on(self):
        """The last day for this side: its own notice, the others', or the agreement's end; None when none."""
        left = [side.leaves_on for side in self.sides if side is not self.own and side.leaves_on]
        alone = [max(left)] if len(left) == len(self.sides) - 1 else []
        days = [self.agreement.ends_on, self.own.leaves_on, *alone]
        return min((day for day in days if day), default=None)

    @property
    def is_over(self):
        return self.is_dead or bool(self.ends_on and self.ends_on < self.on)

    @property
    def waits(self):
        return not self.is_agreed and not self.is_over

    @property
    def holds(self):
        """Signed by all and not over: in force, or about to be."""
        return self.is_agreed and not self.is_over

    @property
    def asks_us(self):
        return self.waits and not self.own.accepted_at

    @property
    def ends_soon(self):
        return self.holds and self.ends_on is not None and (self.ends_on - self.on).days <= SOON_DAYS

    @property
    def begins_later(self):
        return self.holds and self.agreement.starts_on > self.on

    @property
    def may_leave(self):
        return self.holds and not self.own.leaves_on

    @property
    def missing(self):
        """Those who have not answered."""
        return [side.party_authority.name for side in self.sides if not side.accepted_at]


def standing_of(agreement, by, *, on):
    sides = sorted(agreement.parties.all(), key=lambda side: side.party_authority.name)
    own = next(side for side in sides if side.party_authority_id == by.authority_id)
    return Standing(agreement, sides, own, on)


@dataclass(frozen=True)
class Node:
    name: str
    x: float
    y: float
    anchor: str
    soon: bool


def map_of(rows, by):
    """One's own authority in the middle and the others around it. Few enough to read, or no picture at all."""
    soon = {}
    for row in rows:
        for other in row.others:
            soon[other] = soon.get(other, True) and row.ends_soon
    others = sorted(soon, key=lambda one: one.name)
    if not 0 < len(others) <= 12:
        return []
    return [_node(other, place, len(others), soon[other]) for place, other in enumerate(others)]


def _node(other, place, number, soon):
    angle = 2 * pi * place / number - pi / 2
    x, y = round(320 + 130 * cos(angle), 1), round(130 + 100 * sin(angle), 1)
    anchor = "middle" if abs(x - 320) < 20 else "start" if x > 320 else "end"
    return Node(other.name.partition(", ")[2] or other.name, x, y, anchor, soon)
