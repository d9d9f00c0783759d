"""The investigation of what a child needs: from the decision that opened it to how it ended."""

from django.db import models
from django.db.models import F, Q

from cases.models import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall
from teams.models import Decision


class InvestigationQuerySet(OfCaseQuerySet):
    def running(self):
        return self.filter(finished_on=None)


class Investigation(TenantModel):
    """Begun by a decision to open one, and by nothing else; ended by a decision to close it, or to give something."""

    case = TenantKey(Case, related_name="investigations")
    opening = TenantKey(Decision)
    opened_on = models.DateField()
    told_on = models.DateField(null=True)
    told_by = TenantKey(Membership, null=True)
    told = EncryptedText()  # who has been told, and how
    not_told = EncryptedText()  # who has not, and which special reasons (SoL 20:4)
    ending = TenantKey(Decision, null=True)
    finished_on = models.DateField(null=True)
    finished_by = TenantKey(Membership, null=True)
    conclusion = EncryptedText()

    objects = TenantManager.from_queryset(InvestigationQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND wall.opens_investigation(opening_id) AND finished_on IS NULL",
        fixed=("case_id", "opening_id", "opened_on"), locked="OLD.finished_on IS NOT NULL",
        still_free=("told_on", "told_by_id", "told", "not_told"), mine=("told_by_id", "finished_by_id"),
        once=("told_on",),
        never="NEW.finished_on IS NOT NULL AND OLD.finished_on IS NULL"
        " AND NOT (wall.ends_investigation(NEW.ending_id, OLD.opened_on) AND wall.is_qualified(NEW.finished_by_id))",
    )  # fmt: skip

    class Meta:
        ordering = ["-opened_on", "-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "case"], condition=Q(finished_on=None), name="one_investigation_at_a_time"
            ),
            models.UniqueConstraint(fields=["authority", "opening"], name="an_opening_opens_one"),
            models.CheckConstraint(
                condition=Q(finished_on=None, finished_by=None, ending=None)
                | (
                    Q(finished_on__gte=F("opened_on"), finished_by__isnull=False, ending__isnull=False)
                    & ~Q(conclusion=b"")
                ),
                name="investigation_ends_with_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(told_on=None, told_by=None) | Q(told_on__isnull=False, told_by__isnull=False),
                name="investigation_told_by_somebody",
            ),
        ]
