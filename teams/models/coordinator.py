"""Who holds the plan together, or stands in."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models import Case, OfCaseQuerySet
from exitprogram.tenancy.models import DateRange, Membership
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall
from teams.models.team import TeamMember


class AppointmentQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        joined = TeamMember.objects.joined_by(by, on=timezone.localdate())
        return self.filter(Q(case__in=Case.objects.visible_to(by)) | Q(case__in=joined.values("case_id")))

    def on_day(self, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)

    def coordinators(self):
        return self.filter(kind=CoordinatorAppointment.Kind.COORDINATOR)


class CoordinatorAppointment(TenantModel):
    """Who holds the plan together, or stands in, from–to. The database lets no two coordinators overlap."""

    class Kind(models.TextChoices):
        COORDINATOR = "coordinator", "samordnare"
        DEPUTY = "deputy", "ersättare"

    case = TenantKey(Case, related_name="appointments")
    membership = TenantKey(Membership)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    appointed_by = TenantKey(Membership)

    objects = SharedManager.from_queryset(AppointmentQuerySet)()
    wall = Wall(
        read=OPEN_CASE, share="case_id = ANY ((SELECT wall.joined_cases())::uuid[])",
        fixed=("authority_id", "case_id", "membership_id", "kind", "starts_on", "appointed_by_id"),
        mine=("appointed_by_id",), only_earlier=("ends_on",),
    )  # fmt: skip

    class Meta:
        ordering = ["kind", "-starts_on", "id"]
        constraints = [
            ExclusionConstraint(
                name="one_coordinator_at_a_time",
                expressions=[
                    ("authority", RangeOperators.EQUAL),
                    ("case", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(kind="coordinator"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="appointment_ends_after_start"
            ),
        ]
