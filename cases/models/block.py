"""Who may never open a case, whatever else is granted: a relation that makes it wrong or dangerous."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.case import Case, open_cases
from cases.models.merge import same_people
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.prepared import prepared
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class BlockQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(case__in=open_cases(by))

    def standing(self):
        return self.filter(ended_at=None)

    def of_case(self, case):
        """Set in this case, or in another one of the same person: who is close to the person is so in both."""
        return self.filter(case__individual_id=case.individual_id)


class AccessBlock(TenantModel):
    """One person at work, in every membership she has, and everything about one individual. It goes before each grant,
    the team and an emergency. The blocked does not see that it is there: to her the case does not exist."""

    class Kind(models.TextChoices):
        KIN = "kin", "närstående eller släkt"
        ACQUAINTED = "acquainted", "känner personen privat"
        FORMER = "former", "har eller har haft en relation med personen"
        SUSPECTED = "suspected", "kan ha koppling till den som utsätter personen"
        CONFLICT = "conflict", "annat jäv"

    case = TenantKey(Case, related_name="blocks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = EncryptedText()
    set_by = TenantKey(Membership)
    ended_at = models.DateTimeField(null=True)
    ended_by = TenantKey(Membership, null=True)
    end_reason = EncryptedText()

    objects = SharedManager.from_queryset(BlockQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND user_id <> (SELECT wall.usr())", locked="OLD.ended_at IS NOT NULL",
        fixed=("case_id", "user_id", "kind", "reason", "set_by_id"), mine=("set_by_id", "ended_by_id"),
        once=("ended_at", "ended_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["user", "case"], name="block_of_user", condition=Q(ended_at=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "case", "user"], condition=Q(ended_at=None), name="one_block_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="block_ends_by_somebody",
            ),
        ]


def closed_to(by, at):
    """A condition: the individual that ``at`` leads to is one that this user may know nothing of. PostgreSQL answers
    the app with no row, since the blocked cannot read her own block; its own wall has the same rule in
    ``wall.blocked_cases``."""
    set_on = AccessBlock.objects.standing().filter(user_id=by.user_id).values("case__individual_id")
    return same_people(set_on, at)


@prepared
def closed_cases(by, on):
    """The cases of those individuals."""
    return Case._base_manager.filter(closed_to(by, "individual_id")).order_by().values("pk")
