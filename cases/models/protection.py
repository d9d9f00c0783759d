"""Since when a person is protected in which way, and by which day that is looked at again."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models.person import PERSON_OPEN, Individual, OfIndividualQuerySet
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import Wall


class MarkQuerySet(OfIndividualQuerySet):
    def open(self):
        return self.filter(ended_at=None)


class ProtectionMark(TenantModel):
    """One mark from one look at it to the next. Looked at again, it ends and the next begins, with the same first day.

    There is no kind for an assumed identity (fingerade personuppgifter) and nowhere to write one: such a person looks
    like anybody, and nothing here may lead from the new identity to the old."""

    class Kind(models.TextChoices):
        SECRECY_MARK = "secrecy_mark", "Sekretessmarkering"
        PROTECTED_REGISTRATION = "protected_registration", "Skyddad folkbokföring"
        LOCAL_THREAT = "local_threat", "Hotbild enligt er egen bedömning"

    individual = TenantKey(Individual, related_name="marks")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    since_on = models.DateField(default=timezone.localdate)
    review_on = models.DateField()
    noted_by = TenantKey(Membership)
    ended_at = models.DateTimeField(null=True)
    ended_by = TenantKey(Membership, null=True)

    objects = TenantManager.from_queryset(MarkQuerySet)()
    wall = Wall(
        read=PERSON_OPEN, fixed=("individual_id", "kind", "since_on", "review_on", "noted_by_id"),
        mine=("noted_by_id", "ended_by_id"), once=("ended_at", "ended_by_id"),
        secret_statistics=("kind",),
    )  # fmt: skip

    class Meta:
        ordering = ["kind", "-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "individual", "kind"], condition=Q(ended_at=None), name="one_mark_of_a_kind"
            ),
            models.CheckConstraint(condition=Q(review_on__gt=F("since_on")), name="mark_is_reviewed_after_it_began"),
        ]
