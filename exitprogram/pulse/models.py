from django.contrib.postgres.fields import ArrayField
from django.db import models


class Round(models.Model):
    """The latest finished round of one kind of upkeep: when, by the database's clock, and how much was wrong. Of nobody
    and no authority. ``suspects`` are ids that looked wrong this time; wrong twice running is a fault."""

    name = models.CharField(max_length=30, primary_key=True)
    finished_at = models.DateTimeField()
    faults = models.PositiveIntegerField(default=0)
    suspects = ArrayField(models.UUIDField(), default=list)
