"""Keys for other systems. A token is bound to one membership and can never do more than it; it ends by its day, by
being revoked, or with the membership."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission, Role
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

MINE = "membership_id = (SELECT wall.membership())"
LONGEST = timedelta(days=366)
OVERLAP = timedelta(days=30)  # at most, for which an old key holds beside the new one
# Who may connect another system: those who have something that it could read.
CONNECTS = (Permission.READ_CASE, Permission.ADMINISTER, Permission.REGION_OVERVIEW)


class Scope(models.TextChoices):
    CASES = "cases:read", "ärendenas nummer, steg och dagar"
    PLANS = "plans:read", "planernas versioner"
    MEASURES = "measures:read", "insatser"
    REPORT = "measures:write", "rapportera hur insatser går"
    CLOCKS = "clocks:read", "egna bevakningar"
    DECISIONS = "decisions:read", "fattade beslut och deras brev"
    FIGURES = "figures:read", "fastställda siffror"
    COPIES = "copies:write", "lämna ut en plan som fil"


class TokenQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """One's own; an administrator sees all of the authority's, to be able to revoke them."""
        rows = self.filter(authority_id=by.authority_id)
        return rows if by.role == Role.ADMINISTRATOR else rows.filter(membership_id=by.pk)

    def standing(self, *, on):
        return self.filter(revoked_at=None, expires_on__gte=on)


class ApiToken(TenantModel):
    """Only a digest of 256 random bits is kept, so whoever reads the table can sign in with nothing."""

    membership = TenantKey(Membership, related_name="tokens")
    name = models.CharField("system", max_length=80)
    digest = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    networks = ArrayField(models.CharField(max_length=43))  # from where it may be used, as 192.0.2.0/24
    made_on = models.DateField(default=timezone.localdate)
    expires_on = models.DateField("till och med")
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = TenantKey(Membership, null=True)

    objects = TenantManager.from_queryset(TokenQuerySet)()
    wall = Wall(
        read=f"{MINE} OR (SELECT wall.role()) = 'administrator'",
        insert=f"{MINE} AND revoked_at IS NULL",  # a key is made in one's own name only
        fixed=("membership_id", "name", "digest", "scopes", "networks", "made_on"),
        once=("revoked_at", "revoked_by_id"), mine=("revoked_by_id",), only_earlier=("expires_on",),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "digest"], name="each_token_its_digest"),
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("made_on"), expires_on__lte=F("made_on") + LONGEST),
                name="token_lasts_a_year_at_most",
            ),
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0, networks__len__gt=0), name="token_says_what_and_from_where"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="token_revoked_by_somebody",
            ),
        ]

    @property
    def is_standing(self):
        return self.revoked_at is None and self.expires_on >= timezone.localdate()

    @property
    def scope_labels(self):
        return [Scope(scope).label for scope in self.scopes]


class ApiRequestQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(membership_id=by.pk)


class ApiRequest(TenantModel):
    """A call that writes, carried out once per key of the caller's. Digests only, and the id of what came of it."""

    membership = TenantKey(Membership)
    token = TenantKey(ApiToken)
    key_digest = models.BinaryField(max_length=32)
    call_digest = models.BinaryField(max_length=32)
    made_id = models.UUIDField(null=True)

    objects = TenantManager.from_queryset(ApiRequestQuerySet)()
    wall = Wall(
        read=MINE, once=("made_id",), delete="(SELECT wall.system()) AND wall.is_old_call(created_at)",
        fixed=("membership_id", "token_id", "key_digest", "call_digest", "created_at"),
    )  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "token", "key_digest"], name="one_call_per_key")]
