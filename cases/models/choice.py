"""How each person wants to be told, and what the employer demands."""

from django.db import models
from django.db.models import Q

from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

MINE = "membership_id = (SELECT wall.membership())"
ADMINISTRATOR = "(SELECT wall.role()) = 'administrator'"


class ChoiceQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(membership_id=by.pk)


class DeliveryChoice(TenantModel):
    """One person's, in one role. No row: the morning's mail, and no quiet hours. In the product everything is shown
    whatever she chooses, and what is urgent is always mailed."""

    class Channel(models.TextChoices):
        MAIL = "mail", "Ett mejl på morgonen, och det brådskande genast"
        URGENT = "urgent", "Bara det brådskande, det andra ser jag när jag loggar in"

    membership = TenantKey(Membership)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.MAIL)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    danger_any_hour = models.BooleanField(default=True)

    objects = TenantManager.from_queryset(ChoiceQuerySet)()
    wall = Wall(
        read=MINE, fixed=("membership_id",), worker="SELECT",
        worker_columns="membership_id, authority_id, channel, quiet_from, quiet_to, danger_any_hour",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "membership"], name="one_choice_per_person"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None) | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_begin_and_end",
            ),
        ]


class DeliveryDemand(TenantModel):
    """What the employer demands of everybody: mail about danger also in quiet hours. About nobody."""

    danger_any_hour = models.BooleanField(default=False)

    wall = Wall(
        insert=ADMINISTRATOR, update=ADMINISTRATOR, worker="SELECT", worker_columns="authority_id, danger_any_hour",
    )  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority"], name="one_demand_per_authority")]
