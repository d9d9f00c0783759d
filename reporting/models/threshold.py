"""How few people a board lets be shown as a number: five, or more when it so decides; never fewer."""

from django.db import models
from django.db.models import Q

from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.models.letterhead import ADMINISTRATOR
from exitprogram.tenancy.rows import TenantKey, TenantModel
from exitprogram.tenancy.wall import Wall

LEAST, MOST = 5, 50


class Threshold(TenantModel):
    """Asked about the authority when its figures are shown to a regional coordinator, at once, and when a half-year is
    published; what has been published stays."""

    least = models.PositiveSmallIntegerField("minsta antal", default=LEAST)
    saved_by = TenantKey(Membership)
    version = models.PositiveIntegerField(default=1)

    wall = Wall(insert=ADMINISTRATOR, update=ADMINISTRATOR, mine=("saved_by_id",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority"], name="one_threshold_per_authority"),
            models.CheckConstraint(condition=Q(least__gte=LEAST, least__lte=MOST), name="threshold_never_below_five"),
        ]
