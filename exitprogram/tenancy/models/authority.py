"""Authorities (the tenants), and where in the country they are."""

import uuid

from django.db import models
from django.db.models import Func


class DateRange(Func):
    """``daterange(starts_on, ends_on, '[]')``: both days included, an open end is for ever."""

    function = "DATERANGE"
    template = "%(function)s(%(expressions)s, '[]')"


class PoliceRegion(models.Model):
    """One of seven. Caseload regions; a *health* region is a ``Region`` (domain.md §3.6: two words in code)."""

    name = models.CharField(primary_key=True, max_length=20)


class Region(models.Model):
    county_code = models.CharField(primary_key=True, max_length=2)
    organisation_name = models.CharField(max_length=80)
    county_name = models.CharField(max_length=60)
    police_region = models.ForeignKey(PoliceRegion, models.PROTECT, related_name="+")


class Municipality(models.Model):
    code = models.CharField(primary_key=True, max_length=4)
    organisation_name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=40)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")


class Authority(models.Model):
    """The tenant: a board (nämnd), a joint board, a region's health authority, or an outside organisation."""

    class Kind(models.TextChoices):
        SOCIAL_BOARD = "social_board", "socialnämnd"
        JOINT_BOARD = "joint_board", "gemensam nämnd"
        HEALTH_AUTHORITY = "health_authority", "region"
        PARTNER = "partner", "samverkanspart"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=120)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    demonstration = models.BooleanField(default=False)  # everybody in it is invented; set by the owner's hand alone
    municipalities = models.ManyToManyField(Municipality, related_name="boards")  # several for a joint board

    class Meta:
        ordering = ["name", "id"]

    def __str__(self):
        return self.name

    @property
    def is_social(self):
        return self.kind in (self.Kind.SOCIAL_BOARD, self.Kind.JOINT_BOARD)
