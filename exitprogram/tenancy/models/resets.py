"""A lost factor: two of the staff, one after the other, take away what somebody can no longer show."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from exitprogram.tenancy.acting import acting_as_user
from exitprogram.tenancy.models.people import Membership, User
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall


class FactorResetQuerySet(TenantQuerySet):
    def visible_to(self, by):
        from exitprogram.tenancy.roles import Role

        if by.role not in (Role.ADMINISTRATOR, Role.UNIT_MANAGER):
            return self.filter(user_id=by.user_id)
        return self.filter(Q(authority_id=by.authority_id) | Q(user_id=by.user_id))

    def waiting(self):
        return self.filter(approved_at=None, declined_at=None)


# How long addresses and protected people's files stay closed after it: somebody may have been fooled.
REST = timedelta(hours=24)


class FactorResetManager(SharedManager.from_queryset(FactorResetQuerySet)):
    def latest_of(self, user):
        """The approved one that counts, at whichever of her employers."""
        with acting_as_user(user):
            return self.filter(user=user, approved_at__isnull=False).order_by("-approved_at").first()


def is_resting(by):
    """The same as ``wall.resting()``."""
    lately = FactorReset.objects.filter(user_id=by.user_id, approved_at__gt=timezone.now() - REST)
    return lately.exists()


class FactorReset(TenantModel):
    class How(models.TextChoices):
        MET = "met", "Vi möttes, och jag känner personen"
        CARD = "card", "Vi möttes, och jag såg giltig legitimation"
        VOUCHED = "vouched", "Personens chef möttes med henne och intygade för mig"

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    how = models.CharField("hur du vet att det är rätt person", max_length=10, choices=How.choices)
    asked_by = TenantKey(Membership, related_name="+")
    approved_by = TenantKey(Membership, related_name="+", null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    declined_by = TenantKey(Membership, related_name="+", null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    objects = FactorResetManager()
    wall = Wall(
        read="(SELECT wall.role()) IN ('administrator', 'unit_manager')",
        share="user_id = (SELECT wall.usr())",
        insert="(SELECT wall.role()) = 'administrator' AND user_id <> (SELECT wall.usr())"
        " AND approved_by_id IS NULL AND approved_at IS NULL AND user_id IN"
        " (SELECT m.user_id FROM public.tenancy_membership m WHERE m.authority_id = (SELECT wall.authority()))",
        # Neither the one it is about nor the one who asked, whatever other role she has too.
        update="(SELECT wall.role()) IN ('administrator', 'unit_manager') AND user_id <> (SELECT wall.usr())"
        " AND asked_by_id NOT IN"
        " (SELECT m.id FROM public.tenancy_membership m WHERE m.user_id = (SELECT wall.usr()))",
        fixed=("user_id", "how", "asked_by_id", "created_at"),
        mine=("asked_by_id", "approved_by_id", "declined_by_id"),
        once=("approved_by_id", "approved_at", "declined_by_id", "declined_at"),
    )

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(approved_by=F("asked_by")), name="reset_approved_by_another"),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="reset_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(declined_at=None), name="reset_approved_or_declined"
            ),
            models.UniqueConstraint(
                fields=["authority", "user"], condition=Q(approved_at=None, declined_at=None),
                name="one_reset_waits_at_a_time",
            ),
        ]  # fmt: skip
