"""What a regional coordinator asks about a plan that she knows only by her own words for it."""

from django.db import models
from django.db.models import Q

from cases.models import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall

ASKED = (
    "asked_by_id = (SELECT wall.membership()) AND asker_authority_id = (SELECT wall.authority())"
    " AND (SELECT wall.role()) = 'regional_coordinator' AND answered_at IS NULL AND answer = ''"
)


class QuestionQuerySet(OfCaseQuerySet):
    def unanswered(self):
        return self.filter(answered_at=None)


class FlowQuestion(TenantModel):
    """Lies in the case it is about, where those who have the case read and answer it. The asker never reads the row:
    ``wall.my_questions()`` gives her the words without the case. ``ref`` is how she names the plan when she asks; the
    database finds the case by it and empties it."""

    case = TenantKey(Case, related_name="+")
    ref = models.CharField(max_length=14, blank=True)
    asked_by = TenantKey(Membership, authority_column="asker_authority_id")
    asker_authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    text = EncryptedText()
    answer = EncryptedText()
    answered_at = models.DateTimeField(null=True)
    answered_by = TenantKey(Membership, null=True)

    objects = TenantManager.from_queryset(QuestionQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert="false", share_insert=ASKED, locked="OLD.answered_at IS NOT NULL",
        fixed=("case_id", "ref", "asked_by_id", "asker_authority_id", "text"), mine=("answered_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer=b"")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=b"")),
                name="question_answered_by_somebody",
            ),
            models.CheckConstraint(condition=Q(ref=""), name="no_row_keeps_a_readers_words"),
        ]
