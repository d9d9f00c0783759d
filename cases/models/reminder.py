"""An authority's own days of reminding, within what the rules allow (``cases/reminders.py``). About nobody."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantModel
from exitprogram.tenancy.wall import Wall

ADMINISTRATOR = "(SELECT wall.role()) = 'administrator'"


class ReminderDays(TenantModel):
    """For clocks of one rule that begin from now on. No row: as the rule says."""

    rule_id = models.CharField(max_length=60)
    warn_days = ArrayField(models.PositiveSmallIntegerField())  # before the day
    escalate_days = models.PositiveSmallIntegerField()  # after the day
    set_by = TenantKey(Membership)
    version = models.PositiveIntegerField(default=1)

    wall = Wall(
        insert=ADMINISTRATOR, update=ADMINISTRATOR, delete=ADMINISTRATOR, fixed=("rule_id",), mine=("set_by_id",)
    )

    class Meta:
        ordering = ["rule_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "rule_id"], name="own_days_once_per_rule"),
            models.CheckConstraint(condition=Q(warn_days__len__gt=0), name="own_days_remind_at_least_once"),
        ]
