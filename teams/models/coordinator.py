"""Who holds the plan together, who stands in, and the handing over of everything somebody holds."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models import Case, OfCaseQuerySet
from cases.models.case import open_cases
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import DateRange, Membership
from exitprogram.tenancy.roles import Permission, may
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import OPEN_CASE, Wall
from teams.models.team import TeamMember


class AppointmentQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        joined = TeamMember.objects.joined_by(by, on=timezone.localdate())
        return self.filter(Q(case__in=open_cases(by)) | Q(case__in=joined.values("case_id")))

    def on_day(self, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)

    def coordinators(self):
        return self.filter(kind=CoordinatorAppointment.Kind.COORDINATOR)

    def held_by(self, membership, *, on):
        return self.on_day(on).filter(membership_id=membership.pk)


class CoordinatorAppointment(TenantModel):
    """Who holds the plan together, stands in for good (deputy) or while she is away (cover), from–to. The database lets
    no two of a kind overlap, and from the first coordinator on no open case be without one (``teams/sql``)."""

    class Kind(models.TextChoices):
        COORDINATOR = "coordinator", "samordnare"
        DEPUTY = "deputy", "ersättare"
        COVER = "cover", "vikarie"

    case = TenantKey(Case, related_name="appointments")
    membership = TenantKey(Membership)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    appointed_by = TenantKey(Membership)

    objects = SharedManager.from_queryset(AppointmentQuerySet)()
    wall = Wall(
        read=OPEN_CASE, share="case_id IN (SELECT unnest((SELECT wall.joined_cases())))",
        # Employed in social services by the case's own board, and nobody with a conflict of interest.
        insert=f"{OPEN_CASE} AND wall.may_coordinate(case_id, membership_id, kind)",
        fixed=("authority_id", "case_id", "membership_id", "kind", "starts_on", "appointed_by_id"),
        mine=("appointed_by_id",), only_earlier=("ends_on",),
        delete=f"{OPEN_CASE} AND kind = 'cover' AND starts_on > wall.today()",  # days agreed on that have not come
    )  # fmt: skip

    class Meta:
        ordering = ["kind", "-starts_on", "id"]
        # Beside the constraint's own: the planner would read a hundred pages of that for one case.
        indexes = [models.Index(fields=["case", "kind"], name="appointments_of_case")]
        constraints = [
            ExclusionConstraint(
                name="one_coordinator_at_a_time",
                expressions=[
                    ("authority", RangeOperators.EQUAL),
                    ("case", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=~Q(kind="cover") | Q(ends_on__isnull=False), name="cover_has_a_last_day"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="appointment_ends_after_start"
            ),
        ]


class HandoverQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return super().visible_to(by) if may(by, Permission.HAND_OVER) else self.none()


class Handover(TenantModel):
    """Everything one person holds goes to another at once: cases, coordination, what must be done. The row is the
    ground; the database moves the rest with it (``wall.hand_over``), so that nobody stands without a coordinator."""

    from_member = TenantKey(Membership)
    to_member = TenantKey(Membership)
    reason = EncryptedText()
    reads_until = models.DateField(null=True)  # the one who leaves may read, and sign her drafts, to that day
    day = models.DateField(default=timezone.localdate)
    decided_by = TenantKey(Membership)
    moved = ArrayField(models.UUIDField(), default=list)  # cases; written by the database

    objects = TenantManager.from_queryset(HandoverQuerySet)()
    wall = Wall(
        read="(SELECT wall.role()) IN ('unit_manager', 'administrator')",
        insert="(SELECT wall.role()) IN ('unit_manager', 'administrator') AND day = wall.today()",
        app="SELECT, INSERT", append_only=True, mine=("decided_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(from_member=F("to_member")), name="handed_over_to_another"),
        ]
