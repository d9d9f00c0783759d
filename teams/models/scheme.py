"""The board's delegation scheme: who may decide what."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from exitprogram.tenancy.models import DateRange
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import TenantKey, TenantModel
from exitprogram.tenancy.wall import Wall
from teams.matters import all_matters, delegable


class DelegationScheme(TenantModel):
    """One version of the board's delegation scheme (delegationsordning), by its minute (KL 6:37, 7:5)."""

    version = models.PositiveIntegerField()
    minute = models.CharField("protokollsparagraf", max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    wall = Wall(insert="(SELECT wall.role()) = 'administrator'", update="(SELECT wall.role()) = 'administrator'")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "version"], name="one_scheme_per_version"),
            ExclusionConstraint(
                name="one_scheme_at_a_time",
                expressions=[
                    ("authority", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


# What can be decided, by ``teams/matters.toml``; DELEGABLE are those that an official may decide.
DecisionKind = models.TextChoices("DecisionKind", [(m.key.upper(), (m.key, m.label)) for m in all_matters().values()])
DELEGABLE = tuple(DecisionKind(m.key) for m in delegable())


class DelegationRow(TenantModel):
    """One row: this matter, under this section, may be decided by holders of this role (never a person by habit)."""

    scheme = TenantKey(DelegationScheme, related_name="rows")
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=30, choices=DecisionKind.choices)
    law = models.CharField("lagrum", max_length=80)
    role = models.CharField(max_length=30, choices=Role.choices)

    wall = Wall(insert="(SELECT wall.role()) = 'administrator'", update="false", app="SELECT, INSERT", append_only=True)

    class Meta:
        ordering = ["number", "role", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "scheme", "kind", "role"], name="one_row_per_kind_and_role")
        ]
