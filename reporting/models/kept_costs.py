"""What a closed half-year cost, as it was shown the first time: nothing in it says anything about one person."""

import uuid

from django.db import models
from django.utils import timezone

from cases.models import Case
from exitprogram.tenancy.models import Authority
from reporting.models.estimate import LEADERS


class KeptCostsQuerySet(models.QuerySet):
    def visible_to(self, by):
        """Its own board's leaders'."""
        return self.filter(board_id=by.authority_id) if by.role in LEADERS else self.none()


class KeptCosts(models.Model):
    """Counted once, by ``exit_figures``, and never changed: somebody who is protected, shut off from or corrected later
    would otherwise move an old half-year, and the two pictures could be subtracted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    board = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    programme = models.CharField(max_length=10, choices=Case.Programme.choices)
    first_day = models.DateField()
    shown = models.JSONField()  # rows put together, as on the screen
    made_at = models.DateTimeField(default=timezone.now)

    objects = KeptCostsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "programme", "first_day"], name="costs_of_a_half_year_once")
        ]
