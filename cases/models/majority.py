"""The day a child in the programme comes of age, as far as it is known."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cases.models.person import PERSON_OPEN, Individual, OfIndividualQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import Wall


class ComingOfAgeQuerySet(OfIndividualQuerySet):
    def standing(self):
        return self.filter(replaced_at=None)


class ComingOfAge(TenantModel):
    """Told of the row that the child's case is on, and only of those who have, or had, a case in the programme for
    children: the day is readable to the database, which closes by it what a guardian has opened. What is known of an
    age changes; each telling is a row, and never mended. Of an age that is not known for certain, what closes does so
    on the first day that is possible."""

    class Known(models.TextChoices):
        EXACT = "exact", "Födelsedagen är känd"
        ESTIMATED = "estimated", "Åldern är uppskattad"
        UNKNOWN = "unknown", "Åldern är inte känd"

    individual = TenantKey(Individual)
    known = models.CharField(max_length=10, choices=Known.choices)
    earliest_on = models.DateField(null=True)
    latest_on = models.DateField(null=True)
    ground = EncryptedText()  # what it rests on
    set_by = TenantKey(Membership)
    replaced_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(ComingOfAgeQuerySet)()
    wall = Wall(
        read=PERSON_OPEN, locked="true", still_free=("replaced_at",), once=("replaced_at",), mine=("set_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "individual"], condition=Q(replaced_at=None), name="one_age_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(known="exact", earliest_on__isnull=False, latest_on=F("earliest_on"))
                | Q(known="estimated", earliest_on__isnull=False, latest_on__gte=F("earliest_on"))
                | Q(known="unknown", earliest_on=None, latest_on=None),
                name="an_age_says_its_days",
            ),
        ]


def grown(on):
    """Condition on a row of a case: the person in it may be of age that day. It joins no case to the row: a guest sees
    the consent towards her and not the case. To her PostgreSQL gives no row here; ``wall.covers`` knows."""
    rows = ComingOfAge._base_manager.filter(
        individual__cases=OuterRef("case_id"), replaced_at=None, earliest_on__lte=on
    )
    return Exists(rows)
