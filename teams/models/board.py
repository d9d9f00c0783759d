"""What the board is told: its meetings, the list that goes out before each, and urgent decisions made for it."""

from django.db import models
from django.db.models import F, Q

from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission, may
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall
from teams.models.decision import Decision
from teams.models.scheme import DecisionKind

LISTERS = "(SELECT wall.role()) IN ('unit_manager', 'administrator')"
HANDLERS = "(SELECT wall.role()) = 'social_worker'"


class ListQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """Of those who write the board's lists."""
        return super().visible_to(by) if may(by, Permission.BOARD_LISTS) else self.none()


class BoardMeeting(TenantModel):
    """One meeting of the board. The list is closed before it and taken up at it, under a paragraph of the minutes: only
    then are the decisions on it reported (KL 6:40, 7:8)."""

    held_on = models.DateField()
    registered_by = TenantKey(Membership)
    closed_at = models.DateTimeField(null=True)
    closed_by = TenantKey(Membership, null=True)
    reported_at = models.DateTimeField(null=True)
    reported_by = TenantKey(Membership, null=True)
    minute = models.CharField("protokollsparagraf", max_length=60, blank=True)
    announced_on = models.DateField(null=True)  # on the municipality's notice board: from then legality can be tried

    objects = TenantManager.from_queryset(ListQuerySet)()
    wall = Wall(
        read=LISTERS, delete=f"{LISTERS} AND closed_at IS NULL", fixed=("held_on", "registered_by_id"),
        mine=("registered_by_id", "closed_by_id", "reported_by_id"), once=("closed_at", "closed_by_id", "announced_on"),
        locked="OLD.reported_at IS NOT NULL", still_free=("announced_on",),
    )  # fmt: skip

    class Meta:
        ordering = ["-held_on"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "held_on"], name="one_meeting_a_day"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, reported_at=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="a_list_is_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(reported_at=None, reported_by=None, minute="")
                | (Q(reported_at__isnull=False, reported_by__isnull=False) & ~Q(minute="")),
                name="reported_under_a_minute",
            ),
            models.CheckConstraint(
                condition=Q(announced_on=None) | Q(announced_on__gte=F("held_on"), reported_at__isnull=False),
                name="minutes_are_announced_after_the_meeting",
            ),
        ]


class UrgentDecision(TenantModel):
    """Decided by the chair or a named member because it could not wait (KL 6:39, SoL 30:12). The decision itself lies
    in the person's file; here is only what the board is told at its next meeting."""

    decided_on = models.DateField()
    kind = models.CharField(max_length=30, choices=DecisionKind.choices)
    law = models.CharField("lagrum", max_length=160)
    decided_by = models.CharField(max_length=120)
    reference = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=Decision.Outcome.choices)
    registered_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(ListQuerySet)()
    wall = Wall(  # who writes it in the person's file puts it on the list, and reads no list
        read=LISTERS, insert=f"{LISTERS} OR {HANDLERS}", update="false", app="SELECT, INSERT", append_only=True,
        mine=("registered_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["decided_on", "reference", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "reference"], name="urgent_reference_once_per_authority")
        ]


class BoardLine(TenantModel):
    """One decision on a closed list, as the board was told of it: number, matter, law, outcome, day, who, by which row.
    Of whom it is says nothing. ``subject`` is the decision or the urgent one; the list stays when the case is gone."""

    class Part(models.TextChoices):
        DELEGATED = "delegated", "Beslut på delegation"
        URGENT = "urgent", "Brådskande beslut (KL 6:39)"
        MINUTED = "minuted", "Protokollförs särskilt (KL 7:8)"

    meeting = TenantKey(BoardMeeting, related_name="lines")
    part = models.CharField(max_length=10, choices=Part.choices)
    subject = models.UUIDField()
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=30, choices=DecisionKind.choices)
    law = models.CharField(max_length=160)
    outcome = models.CharField(max_length=10, choices=Decision.Outcome.choices)
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=200)
    row = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(null=True)
    alone = models.BooleanField(default=False)  # told by itself and not in the list

    objects = TenantManager.from_queryset(ListQuerySet)()
    wall = Wall(read=LISTERS, update="false", app="SELECT, INSERT", append_only=True)

    class Meta:
        ordering = ["part", "decided_on", "number", "id"]
        constraints = [models.UniqueConstraint(fields=["authority", "subject"], name="told_to_the_board_once")]
