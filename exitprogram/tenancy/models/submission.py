"""One press of one button."""

from django.db import models

from exitprogram.tenancy.models.people import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall


class SubmissionQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(membership_id=by.pk)


class Submission(TenantModel):
    """One press of one button. A second arrival of the same form finds where the first one went."""

    membership = TenantKey(Membership)
    went_to = models.CharField(max_length=300, blank=True)

    objects = TenantManager.from_queryset(SubmissionQuerySet)()
    wall = Wall(read="membership_id = (SELECT wall.membership())", delete="membership_id = (SELECT wall.membership())")
