"""Who may have children's cases at all. A standing permission beside the role, asked by the case's own walls."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall


class ChildWorkerQuerySet(TenantQuerySet):
    def in_force(self, *, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, ended_at=None)

    def of(self, membership, *, on):
        """This membership's own permission that day, if there is one."""
        return self.in_force(on=on).filter(membership_id=membership.pk)


class ChildWorker(TenantModel):
    """That a membership may have children's cases, from–to. It opens none by itself, and no other way into a case (the
    team, the unit, an emergency, the adult's own case) opens a child's without it. ``qualified``: has the degree that
    SoL 25:1 asks of whoever assesses and signs. Given by somebody else; never changed, only ended and given anew."""

    membership = TenantKey(Membership)
    qualified = models.BooleanField(default=False)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    given_by = TenantKey(Membership)
    ended_at = models.DateTimeField(null=True)
    ended_by = TenantKey(Membership, null=True)

    objects = TenantManager.from_queryset(ChildWorkerQuerySet)()
    wall = Wall(
        insert=f"(SELECT wall.role()) IN {(str(Role.UNIT_MANAGER), str(Role.ADMINISTRATOR))}"
        " AND given_by_id = (SELECT wall.membership()) AND NOT wall.is_mine(membership_id) AND ended_at IS NULL",
        update=f"(SELECT wall.role()) IN {(str(Role.UNIT_MANAGER), str(Role.ADMINISTRATOR))}",
        fixed=("membership_id", "qualified", "starts_on", "ends_on", "given_by_id"),
        mine=("given_by_id", "ended_by_id"), locked="OLD.ended_at IS NOT NULL",
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "membership"], condition=Q(ended_at=None, ends_on=None),
                name="one_standing_permission_for_children",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="child_worker_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="child_worker_ends_by_somebody",
            ),
        ]  # fmt: skip
