"""The Python wall: models whose rows belong to one authority refuse to be read with nobody acting.

Keep writing the filter (``visible_to``); the manager is the net, and row-level security the wall behind it.
"""

import uuid

from django.db import models
from django.utils import timezone

from exitprogram.tenancy import acting
from exitprogram.tenancy.wall import Wall


class TenantQuerySet(models.QuerySet):
    def visible_to(self, by):
        """The rows that this membership may see. Rooms with a narrower rule say it by overriding this."""
        return self.filter(authority_id=by.authority_id)


class TenantManager(models.Manager):
    def get_queryset(self):
        who = acting.current()
        return super().get_queryset().filter(authority_id=who.authority_id)


class SharedManager(models.Manager):
    """For the few models whose rows another authority may see: no blanket filter, so ``visible_to`` is a must."""

    def get_queryset(self):
        acting.current()
        return super().get_queryset()


class TenantKey(models.ForeignKey):
    """A foreign key between walled tables. The database constraint is composite and made by ``raise_walls``;
    ``authority_column`` names the column with the target's authority when it is not our own."""

    def __init__(self, to, on_delete=models.PROTECT, authority_column="authority_id", **kwargs):
        self.authority_column = authority_column
        kwargs["db_constraint"] = False
        kwargs.setdefault("related_name", "+")
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs["authority_column"] = self.authority_column
        return name, path, args, kwargs


class TenantModel(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey("tenancy.Authority", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    wall = Wall()
    objects = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        abstract = True
