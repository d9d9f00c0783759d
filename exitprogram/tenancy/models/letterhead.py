"""What stands at the top of a board's letters. No picture: nothing is ever fetched from anywhere."""

from django.db import models

from exitprogram.tenancy.models.people import Membership
from exitprogram.tenancy.rows import TenantKey, TenantModel
from exitprogram.tenancy.wall import Wall

ADMINISTRATOR = "(SELECT wall.role()) = 'administrator'"


class Letterhead(TenantModel):
    name = models.CharField("nämndens namn", max_length=120)
    postal = models.CharField("postadress", max_length=200, blank=True)
    visiting = models.CharField("besöksadress", max_length=200, blank=True)
    telephone = models.CharField("telefon", max_length=60, blank=True)
    email = models.EmailField("e-post", blank=True)
    hours = models.CharField("öppettider", max_length=200, blank=True)
    appeal = models.CharField("om överklagande", max_length=400, blank=True)
    saved_by = TenantKey(Membership)
    version = models.PositiveIntegerField(default=1)

    wall = Wall(insert=ADMINISTRATOR, update=ADMINISTRATOR, mine=("saved_by_id",))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority"], name="one_letterhead_per_authority")]

    @property
    def lines(self):
        """``(what, how)`` in the order in which they stand."""
        found = [
            ("Postadress", self.postal), ("Besöksadress", self.visiting), ("Telefon", self.telephone),
            ("E-post", self.email), ("Öppet", self.hours),
        ]  # fmt: skip
        return [(what, how) for what, how in found if how]
