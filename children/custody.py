"""Who decides for the child on a day, and who is a party."""

from dataclasses import dataclass

from children.models import Custody, PartyLimit


@dataclass(frozen=True)
class CustodyOn:
    """``kind``: sole, joint, or "" when nobody is known to have custody. ``guardians``: those who have it."""

    kind: str
    guardians: tuple

    def has(self, guardian):
        return guardian.pk in {one.pk for one in self.guardians}

    @property
    def is_known(self):
        """Joint custody takes two: with one of them missing nobody can say that all have been asked."""
        return self.kind == Custody.Kind.SOLE or len(self.guardians) > 1


def custody_on(case, day):
    rows = list(Custody.objects.on_day(day).filter(case=case).select_related("guardian").order_by("created_at", "id"))
    return CustodyOn(rows[0].kind if rows else "", tuple(row.guardian for row in rows))


def standing_limit(guardian):
    return PartyLimit.objects.standing().filter(guardian=guardian).select_related("decided_by__user").first()
