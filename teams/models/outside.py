"""Those in a team who have no account: a landlord, an employer, a priest, a friend."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class OutsideMemberQuerySet(OfCaseQuerySet):
    def now(self):
        return self.filter(ended_on=None)


class OutsideMember(TenantModel):
    """In the team without an account: function, reason, from–to. Opens nothing; what such a person is told is given by
    hand, and written down as given out."""

    class Kind(models.TextChoices):
        SCHOOL = "school", "skola"
        BUP = "bup", "barn- och ungdomspsykiatri (BUP)"
        BARNAHUS = "barnahus", "barnahus"
        YOUTH_CLINIC = "youth_clinic", "ungdomsmottagning"
        POLICE = "police", "polis"
        PROSECUTOR = "prosecutor", "åklagare"
        CIVIL_SOCIETY = "civil_society", "civilsamhälle"
        OTHER = "other", "någon annan"

    case = TenantKey(Case, related_name="outside_members")
    kind = models.CharField("part", max_length=13, choices=Kind.choices, default=Kind.OTHER)
    contributes = EncryptedText()  # with what, to the plan
    attends = models.BooleanField(default=False)  # comes to the meetings
    name = EncryptedText()
    organisation = EncryptedText()
    reached_by = EncryptedText()
    function = models.CharField("funktion i teamet", max_length=80)
    reason = EncryptedText()
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_reason = EncryptedText()
    added_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OutsideMemberQuerySet)()
    wall = Wall(
        read=OPEN_CASE, locked="OLD.ended_on IS NOT NULL", mine=("added_by_id",),
        insert=f"{OPEN_CASE} AND ended_on IS NULL",
        fixed=("case_id", "kind", "name", "organisation", "function", "reason", "starts_on", "added_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["starts_on", "created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="outside_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | ~Q(end_reason=b""), name="leaving_from_outside_has_a_reason"
            ),
        ]
