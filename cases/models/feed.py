"""A calendar of one's own days, for another program to fetch."""

from django.db import models
from django.db.models import Q

from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

MINE = "membership_id = (SELECT wall.membership())"


class FeedQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(membership_id=by.pk)

    def standing(self):
        return self.filter(revoked_at=None)


class CalendarFeed(TenantModel):
    """A secret address. Only a digest of its 256 random bits is kept; it opens days and hours and nothing else, until
    it is revoked or the role ends."""

    membership = TenantKey(Membership)
    digest = models.BinaryField(max_length=32)
    last_read_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(FeedQuerySet)()
    wall = Wall(
        read=MINE, insert=f"{MINE} AND revoked_at IS NULL", fixed=("membership_id", "digest"), once=("revoked_at",),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "membership"], condition=Q(revoked_at=None), name="one_calendar_per_person"
            ),
        ]
