"""That a person has seen that something is late."""

from django.db import models
from django.db.models import Q

from cases.models.case import Case
from cases.models.clock import OF_THE_HOUSE, Clock
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import OPEN_CASE, Wall

MINE = "seen_by_id = (SELECT wall.membership())"


class SeenQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(Q(seen_by_id=by.pk) | Q(clock__in=Clock.objects.visible_to(by)))


class Acknowledgement(TenantModel):
    """*Jag har sett det*: ends the telling of others about this clock and the day it had. What the law demands is told
    anew when the rule's days have passed and it is still not done. Nothing is done by it, and it is not taken back."""

    clock = TenantKey(Clock, related_name="seen")
    case = TenantKey(Case, null=True)  # the clock's; filled in by the database, which also knows the day
    of_day = models.DateField(null=True)
    seen_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(SeenQuerySet)()
    wall = Wall(
        read=f"{OPEN_CASE} OR {OF_THE_HOUSE} OR {MINE}",
        # Somebody who was told of it, or who has the case; only of what is late and not done.
        insert=f"{MINE} AND wall.may_acknowledge(clock_id)", mine=("seen_by_id",), app="SELECT, INSERT",
        append_only=True, worker="SELECT", worker_columns="id, authority_id, clock_id, of_day, created_at",
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["clock", "of_day", "created_at"], name="seen_of_clock")]
