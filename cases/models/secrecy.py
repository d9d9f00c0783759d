"""What opens a part of the plan to another authority although nobody has consented: a ground in law, with a reason."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.areas import Area
from cases.models.case import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.law.rules import rule
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class ExceptionQuerySet(OfCaseQuerySet):
    def towards(self, by):
        """Those towards the membership's own authority; a guest in a team may see what they cover."""
        return self.filter(recipient_id=by.authority_id)

    def in_force(self, *, on):
        return self.filter(starts_on__lte=on, ends_on__gte=on, ended_at=None)


class SecrecyException(TenantModel):
    """A provision that breaks secrecy (sekretessbrytande bestämmelse): towards one recipient, for some areas and always
    to a last day, with the reason in writing. It opens what a waiver opens, and is never called consent. Which rule may
    be used by whom, for whom and when is law data (``secrecy.exception.…``)."""

    case = TenantKey(Case, related_name="exceptions")
    recipient = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    areas = ArrayField(models.CharField(max_length=20, choices=Area.choices))
    rule_id = models.CharField(max_length=60)
    reason = EncryptedText()
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField()
    decided_by = TenantKey(Membership)
    ended_at = models.DateTimeField(null=True)
    ended_by = TenantKey(Membership, null=True)
    replaced_by = TenantKey("self", null=True)  # the one that came in its place the same moment, when it was renewed

    objects = SharedManager.from_queryset(ExceptionQuerySet)()
    wall = Wall(
        read=OPEN_CASE,
        share="recipient_id = (SELECT wall.authority()) AND case_id IN (SELECT unnest((SELECT wall.joined_cases())))",
        locked="true", still_free=("ended_at", "ended_by_id", "replaced_by_id"),
        mine=("decided_by_id", "ended_by_id"), once=("ended_at", "ended_by_id", "replaced_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["-starts_on", "id"]
        indexes = [models.Index(fields=["case", "recipient"], name="exception_of_case")]
        constraints = [
            models.CheckConstraint(condition=~Q(areas=[]), name="exception_says_what"),
            models.CheckConstraint(condition=~Q(reason=b""), name="exception_has_a_reason"),
            models.CheckConstraint(condition=~Q(recipient=F("authority")), name="exception_towards_somebody_else"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="exception_ends_after_start"),
        ]

    @property
    def rule(self):
        """The law of the day when it began."""
        return rule(self.rule_id, on=self.starts_on)

    @property
    def area_labels(self):
        return [Area(area).label for area in self.areas]
