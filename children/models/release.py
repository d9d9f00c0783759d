"""The one act by which anything may be given to a guardian."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from cases.models import Case, OfCaseQuerySet
from children.models.guardian import Custody, Guardian, GuardianMark, PartyLimit
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall

PARTY = "secrecy.disclosure.party"  # the ground that alone reaches a marked guardian
GUARDIAN = "secrecy.disclosure.guardian"  # custody's own; like the party's it ends with custody


class ReleaseQuerySet(OfCaseQuerySet):
    def in_force(self, *, on):
        """Not taken back, of that day, on a ground that still holds, and not stopped by a mark that came after it."""
        days = Q(ends_on=None) | Q(ends_on__gte=on)
        marked = Exists(GuardianMark.objects.standing().filter(guardian=OuterRef("guardian")))
        custody = Exists(Custody.objects.on_day(on).filter(guardian=OuterRef("guardian")))
        limited = Exists(PartyLimit.objects.standing().filter(guardian=OuterRef("guardian")))
        return (
            self.filter(days, starts_on__lte=on, withdrawn_at=None)
            .filter(~marked | Q(despite__isnull=False, despite__ended_at=None))
            .filter(custody | ~Q(ground_rule__in=[PARTY, GUARDIAN]))
            .filter(~limited | ~Q(ground_rule=PARTY))
        )


class GuardianRelease(TenantModel):
    """That one guardian may be given one piece of one child's file: which, why, who decided, when, until when. It gives
    nothing by itself: what is then handed over is a disclosure. Taken back, it stops at once."""

    case = TenantKey(Case, related_name="+")
    guardian = TenantKey(Guardian, related_name="releases")
    kind = models.CharField(max_length=40)  # the material's code word
    object_id = models.UUIDField()
    part = models.CharField(max_length=40, blank=True)
    heading = EncryptedText()
    digest = models.BinaryField()  # of the words that were looked at: changed words are looked at again
    ground_rule = models.CharField(max_length=60)
    reason = EncryptedText()
    despite = TenantKey(GuardianMark, null=True)  # the mark that stood, and that the manager weighed
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)  # never after the day before the child is 18
    decided_by = TenantKey(Membership)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = TenantKey(Membership, null=True)
    withdrawn_reason = EncryptedText()

    objects = TenantManager.from_queryset(ReleaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE,
        insert=f"{OPEN_CASE} AND withdrawn_at IS NULL AND wall.may_release(guardian_id, ground_rule, despite_id)",
        update=OPEN_CASE, locked="OLD.withdrawn_at IS NOT NULL",
        fixed=(
            "case_id", "guardian_id", "kind", "object_id", "part", "heading", "digest", "ground_rule", "reason",
            "despite_id", "starts_on", "ends_on", "decided_by_id",
        ),
        mine=("decided_by_id", "withdrawn_by_id"), once=("withdrawn_at", "withdrawn_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["guardian", "object_id"], name="releases_to_guardian")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="release_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(reason=b"") & ~Q(ground_rule=""), name="release_has_a_reason"),
            models.CheckConstraint(
                condition=Q(despite=None) | Q(ground_rule=PARTY), name="only_a_partys_right_reaches_the_marked"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason=b"")),
                name="release_is_taken_back_with_a_reason",
            ),
        ]
