"""What came of a sample of the log: the question to the one who read, and what somebody has done about a report."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall
from teams.models.log_review import LogSample

HERS = (
    "{by} = ANY ((SELECT wall.log_reviewers())::uuid[]) AND NOT {about} = ANY ((SELECT wall.my_memberships())::uuid[])"
)
ASKED = "asked_of_id = (SELECT wall.membership())"


def hers(by, column, about):
    """Her own, and those of managers who are no longer there. Never about herself, in whichever of her roles."""
    if by.role != Role.UNIT_MANAGER:
        return Q(pk=None)
    gone = Membership.objects.filter(authority_id=by.authority_id, role=Role.UNIT_MANAGER).filter(
        Q(ends_on__lt=timezone.localdate()) | Q(user__is_active=False)
    )
    own = Membership.objects.filter(user_id=by.user_id)
    answers = Q(**{column: by.pk}) | Q(**{f"{column}__in": gone.values("pk")})
    return answers & Q(authority_id=by.authority_id) & ~Q(**{f"{about}__in": own.values("pk")})


class LogQuestionQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(hers(by, "asked_by_id", "asked_of_id") | Q(asked_of_id=by.pk))

    def reviewed_by(self, by):
        return self.filter(hers(by, "asked_by_id", "asked_of_id"))

    def asked_of(self, by):
        return self.filter(asked_of_id=by.pk)


class LogQuestion(TenantModel):
    """Asked when the month is signed. The one asked learns which of her own readings it is and nothing else: what was
    written beside it stays in the sample, and what the answer led to is in no row of hers."""

    sample = TenantKey(LogSample, related_name="questions")
    asked_by = TenantKey(Membership, related_name="+")
    asked_of = TenantKey(Membership, authority_column="asked_authority_id", related_name="+")
    asked_authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    answer = EncryptedText()
    answered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = SharedManager.from_queryset(LogQuestionQuerySet)()
    wall = Wall(
        read=HERS.format(by="asked_by_id", about="asked_of_id"), share=ASKED, share_update=ASKED,
        insert="asked_by_id = (SELECT wall.membership()) AND wall.may_ask(sample_id, asked_of_id)",
        fixed=("sample_id", "asked_by_id", "asked_of_id", "asked_authority_id"), once=("answered_at", "settled_at"),
        locked="OLD.settled_at IS NOT NULL",
        # Only she answers, once; only they judge the answer.
        never="OLD.answer IS DISTINCT FROM NEW.answer AND NOT wall.system() AND OLD.answered_at IS NOT NULL"
        " OR OLD.answered_at IS DISTINCT FROM NEW.answered_at AND OLD.asked_of_id IS DISTINCT FROM wall.membership()"
        " OR OLD.answer IS DISTINCT FROM NEW.answer AND NOT wall.system()"
        " AND OLD.asked_of_id IS DISTINCT FROM wall.membership()"
        " OR OLD.settled_at IS DISTINCT FROM NEW.settled_at AND OLD.asked_of_id = ANY (wall.my_memberships())",
    )  # fmt: skip

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "sample"], name="one_question_about_a_reading"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer=b"") | (Q(answered_at__isnull=False) & ~Q(answer=b"")),
                name="answer_about_a_reading_has_its_time",
            ),
        ]


class LogReportQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(hers(by, "reported_by_id", "about_id"))


class LogReport(TenantModel):
    """A reading that was reported, until somebody has written what was done. For the manager who reported it (another
    one when she is no longer there); those who administer get a count. Never for the one it is about."""

    class Outcome(models.TextChoices):
        TALKED = "talked", "Vi har talat om det"
        CLOSED = "closed", "Behörigheten är ändrad"
        PASSED_ON = "passed_on", "Ärendet är lämnat vidare"
        NOTHING = "nothing", "Läsningen hade skäl"

    sample = TenantKey(LogSample, related_name="reports")
    about = TenantKey(Membership, authority_column="about_authority_id", related_name="+")
    about_authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    reported_by = TenantKey(Membership, related_name="+")
    words = EncryptedText()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    done = EncryptedText()
    closed_at = models.DateTimeField(null=True)
    closed_by = TenantKey(Membership, null=True, related_name="+")

    objects = TenantManager.from_queryset(LogReportQuerySet)()
    wall = Wall(
        read=HERS.format(by="reported_by_id", about="about_id"),
        insert="reported_by_id = (SELECT wall.membership()) AND wall.may_report(sample_id, about_id)",
        fixed=("sample_id", "about_id", "about_authority_id", "reported_by_id", "words"), mine=("closed_by_id",),
        locked="OLD.closed_at IS NOT NULL",
    )  # fmt: skip

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "sample"], name="one_report_of_a_reading"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, outcome="", done=b"")
                | (Q(closed_at__isnull=False, closed_by__isnull=False, outcome__gt="") & ~Q(done=b"")),
                name="closed_report_says_what_was_done",
            ),
        ]
