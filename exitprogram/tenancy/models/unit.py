"""Units of an authority: where people work, and who leads there. About staff only; opens no case."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from exitprogram.tenancy.models.people import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

ADMINISTRATOR = "(SELECT wall.role()) = 'administrator'"


class UnitQuerySet(TenantQuerySet):
    def in_force(self, *, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


class Unit(TenantModel):
    """From–to. What has been late for too long is told to its managers; to all of the board's when it has none."""

    name = models.CharField("namn", max_length=80)
    starts_on = models.DateField("från och med", default=timezone.localdate)
    ends_on = models.DateField("till och med", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(UnitQuerySet)()
    wall = Wall(insert=ADMINISTRATOR, update=ADMINISTRATOR, fixed=("starts_on",))

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="unit_ends_after_start"
            )
        ]

    def __str__(self):
        return self.name

    def is_in_force(self, *, on):
        return self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)


class UnitManager(TenantModel):
    """Who leads a unit, for as long as the unit and her role last. Which days it was is in the log."""

    unit = TenantKey(Unit, related_name="managers")
    manager = TenantKey(Membership)

    wall = Wall(app="SELECT, INSERT", insert=ADMINISTRATOR, delete=ADMINISTRATOR)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["authority", "unit", "manager"], name="leads_a_unit_once")]
