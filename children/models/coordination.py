"""Coordination on a ground in law, where consent cannot be had or may not be asked for: never a SIP."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.law.rules import rule
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class CoordinationQuerySet(OfCaseQuerySet):
    def in_force(self, *, on):
        return self.filter(starts_on__lte=on, ends_on__gte=on, ended_at=None)


class LawfulCoordination(TenantModel):
    """One ground, for a time: why, who decided, who takes part and what may be shared. It opens nothing by itself: what
    is shared goes by a waiver, an exception or a disclosure as everywhere else."""

    case = TenantKey(Case, related_name="coordinations")
    rule_id = models.CharField(max_length=60)
    reasons = EncryptedText()
    decided = EncryptedText()  # who decided, in words: the board, the committee, an official with her function
    takes_part = EncryptedText()
    shared = EncryptedText()
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField()
    noted_by = TenantKey(Membership)
    ended_at = models.DateTimeField(null=True)
    ended_by = TenantKey(Membership, null=True)
    end_reason = EncryptedText()

    objects = TenantManager.from_queryset(CoordinationQuerySet)()
    wall = Wall(
        read=OPEN_CASE,
        insert=f"{OPEN_CASE} AND ended_at IS NULL AND wall.guardians_consent(case_id)"
        " AND wall.lawful_ground(case_id, rule_id)",
        locked="OLD.ended_at IS NOT NULL", mine=("noted_by_id", "ended_by_id"), once=("ended_at", "ended_by_id"),
        fixed=(
            "case_id", "rule_id", "reasons", "decided", "takes_part", "shared", "starts_on", "ends_on", "noted_by_id",
        ),
    )  # fmt: skip

    class Meta:
        ordering = ["-starts_on", "-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reasons=b"") & ~Q(decided=b"") & ~Q(takes_part=b"") & ~Q(shared=b""),
                name="coordination_says_why_who_and_what",
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="coordination_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason=b"")),
                name="coordination_ends_with_a_reason",
            ),
        ]

    @property
    def law(self):
        """As it was the first day."""
        return rule(self.rule_id, on=self.starts_on)
