"""What somebody proves herself by, beside a password. Nobody's rows but her own, in the database too
(``exitprogram/tenancy/sql/factors.sql``); they belong to a person and not to an authority."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from exitprogram.tenancy.models.people import User


class FactorQuerySet(models.QuerySet):
    def standing(self, user):
        """Hers, and made after the latest time two of the staff took away what she had lost."""
        from exitprogram.tenancy.models.resets import FactorReset

        reset = FactorReset.objects.latest_of(user)
        mine = self.filter(user=user)
        return mine.filter(created_at__gt=reset.approved_at) if reset else mine


class Factor(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    objects = FactorQuerySet.as_manager()

    class Meta:
        abstract = True


class Passkey(Factor):
    """A key pair of which the private half never leaves the authenticator. ``credential`` is the public half."""

    name = models.CharField("namn", max_length=60)
    credential_id = models.BinaryField(unique=True)
    credential = models.BinaryField()
    counter = models.BigIntegerField(default=0)  # 0 for good: an authenticator that does not count
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]


class CodeApp(Factor):
    """The secret that an app makes six digits of (RFC 6238), sealed with a key of its own."""

    sealed_secret = models.BinaryField()
    key_version = models.PositiveSmallIntegerField()
    last_step = models.BigIntegerField(default=0)  # thirty seconds since 1970; a code at or before it has been used
    wrong = models.PositiveSmallIntegerField(default=0)
    wrong_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="one_code_app_each")]


class RecoveryCode(Factor):
    """Keyed digests: a row read gives no code. Each is good once."""

    digest = models.BinaryField()
    key_version = models.PositiveSmallIntegerField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="each_recovery_code_is_its_own"),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(used_at__gte=F("created_at")), name="recovery_code_used_after_made"
            ),
        ]
