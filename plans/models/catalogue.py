"""The authority's own additions to the measures that the programme usually gives (``plans/catalogue.toml``)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.areas import Area
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall
from plans.models.plan import Measure

ADMINISTRATOR = "(SELECT wall.role()) = 'administrator'"


class CatalogueMeasureQuerySet(TenantQuerySet):
    def in_use(self, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on)


class CatalogueMeasure(TenantModel):
    """A measure that this authority has itself, offered where a measure is written. About nobody. Taken away by a last
    day: plans that were written with it still name it."""

    title = models.CharField("insats", max_length=200)
    area = models.CharField("område", max_length=20, choices=Area.choices)
    legal_anchor = models.CharField("lagrum", max_length=60, blank=True)
    principal_kind = models.CharField("svarar oftast", max_length=10, choices=Measure.Principal.choices)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)  # from this day it is offered no more
    added_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(CatalogueMeasureQuerySet)()
    wall = Wall(
        insert=ADMINISTRATOR, update=ADMINISTRATOR, mine=("added_by_id",), only_earlier=("ends_on",),
        fixed=("title", "area", "legal_anchor", "principal_kind", "starts_on"),
    )  # fmt: skip

    class Meta:
        ordering = ["area", "title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "title"], condition=Q(ends_on=None), name="offered_once_per_authority"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="offered_ends_after_start"
            ),
        ]
