"""Opening a case of one's own authority for an hour, because somebody is in danger now."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cases.models.block import closed_cases
from cases.models.case import Case, open_cases
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

AT_MOST = timedelta(minutes=60)


class EmergencyQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """One's own, those in the cases one has, and for those who lead: all of the authority's, to review them."""
        mine = Q(membership_id=by.pk) | Q(case__in=open_cases(by))
        if by.role == Role.UNIT_MANAGER:
            mine |= Q(authority_id=by.authority_id)
        return self.filter(mine, authority_id=by.authority_id).exclude(case__in=closed_cases(by))

    def running(self):
        """By the database's clock, as in the wall."""
        return self.filter(until__gt=Now(), ended_at=None)

    def waiting(self):
        return self.filter(reviewed_at=None)


class EmergencyAccess(TenantModel):
    """Why, by whom, from when to when at most, and what somebody else thought of it afterwards. It opens the case by a
    grant of its own kind, for reading and for writing notes; nothing can be passed on by it."""

    class Reason(models.TextChoices):
        LIFE = "life", "fara för liv eller hälsa"
        CHILD = "child", "ett barn kan vara i fara"
        CONTACT = "contact", "personen söker hjälp nu, och ingen som har ärendet nås"
        AUTHORITY = "authority", "polis, sjukvård eller jour frågar i ett akut läge"

    class Judgement(models.TextChoices):
        JUSTIFIED = "justified", "motiverad"
        UNJUSTIFIED = "unjustified", "inte motiverad"
        INVESTIGATE = "investigate", "behöver utredas"

    case = TenantKey(Case, related_name="emergencies")
    membership = TenantKey(Membership)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    reason_text = EncryptedText()
    started_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = TenantKey(Membership, null=True)
    judgement = models.CharField(max_length=12, choices=Judgement.choices, blank=True)
    review_note = EncryptedText()

    objects = TenantManager.from_queryset(EmergencyQuerySet)()
    wall = Wall(
        read="case_id <> ALL ((SELECT wall.blocked_cases())::uuid[]) AND (membership_id = (SELECT wall.membership())"
        " OR case_id IN (SELECT unnest((SELECT wall.open_cases()))) OR (SELECT wall.role()) = 'unit_manager')",
        insert="membership_id = (SELECT wall.membership()) AND user_id = (SELECT wall.usr()) AND reviewed_at IS NULL"
        " AND started_at <= statement_timestamp() AND wall.may_open_in_emergency(case_id)",
        locked="OLD.reviewed_at IS NOT NULL", once=("ended_at",), mine=("reviewed_by_id",), in_emergency=True,
        fixed=("case_id", "membership_id", "user_id", "reason", "reason_text", "started_at", "until"),
        # Nobody reviews herself, by whichever of her memberships; nor does one who is in by an emergency of her own.
        never="NEW.reviewed_at IS NOT NULL AND OLD.reviewed_at IS NULL AND (OLD.user_id IS NOT DISTINCT FROM wall.usr()"
        " OR wall.role() <> 'unit_manager' AND NOT OLD.case_id = ANY (wall.held_cases()))",
    )  # fmt: skip

    class Meta:
        ordering = ["-started_at", "id"]
        indexes = [
            models.Index(
                fields=["authority", "-started_at"], name="emergencies_to_review", condition=Q(reviewed_at=None)
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("started_at"), until__lte=F("started_at") + AT_MOST),
                name="emergency_is_an_hour_at_most",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("membership")), name="emergency_reviewed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, judgement="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(judgement="") & ~Q(review_note=b"")),
                name="emergency_review_is_complete",
            ),
        ]

    @property
    def case_ref(self):
        """The case's ids, for somebody who may not open the case itself."""
        return Case(pk=self.case_id, authority_id=self.authority_id)

    @property
    def over_at(self):
        return self.ended_at or self.until
