"""A report as it was when it left the house: what was sent can be fetched again, whatever has been written since."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q

from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

READERS = (Role.UNIT_MANAGER, Role.ADMINISTRATOR)
READ = "(SELECT wall.role()) IN ('unit_manager', 'administrator')"


class KeptReportQuerySet(TenantQuerySet):
    def visible_to(self, by):
        mine = self.filter(authority_id=by.authority_id)
        return mine if by.role in READERS else mine.none()

    def of(self, kind, year, quarter=0):
        return self.filter(kind=kind, year=year, quarter=quarter).select_related("kept_by__user")


class KeptReport(TenantModel):
    """Never changed. A later one of the same period stands beside it."""

    class Kind(models.TextChoices):
        UNEXECUTED = "unexecuted", "ej verkställda beslut"  # SoL 34 kap.
        COOPERATION = "cooperation", "årets samverkan"  # KL 9:38

    kind = models.CharField(max_length=12, choices=Kind.choices)
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField(default=0)  # 0: the year's
    paper = EncryptedText()  # the PDF, base64
    kept_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(KeptReportQuerySet)()
    wall = Wall(
        read=READ, insert=f"{READ} AND kept_by_id = (SELECT wall.membership())", app="SELECT, INSERT", append_only=True
    )

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="unexecuted", quarter__gte=1, quarter__lte=4) | Q(kind="cooperation", quarter=0),
                name="kept_report_has_its_period",
            ),
            models.CheckConstraint(condition=~Q(paper=b""), name="kept_report_is_there"),
        ]


def last_day(year, quarter):
    """Of the period that a report is about."""
    after = date(year + 1, 1, 1) if quarter in (0, 4) else date(year, quarter * 3 + 1, 1)
    return after - timedelta(days=1)
