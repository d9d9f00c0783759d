"""A concern report (orosanmälan) and what is assessed at once: what came in, from whom, and the child's situation
tonight."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class ConcernReport(TenantModel):
    """What somebody said about a child, as it was said. Locked when it is written in; afterwards only the answer to
    who reported is added."""

    class Source(models.TextChoices):
        PROFESSIONAL = "professional", "någon i sitt arbete, som är skyldig att anmäla"
        POLICE = "police", "polisen"
        BOARD = "board", "en annan socialnämnd"
        PRIVATE = "private", "en privatperson"
        ANONYMOUS = "anonymous", "någon som är anonym"
        CHILD = "child", "barnet självt"
        OWN = "own", "egen iakttagelse hos oss"

    class Way(models.TextChoices):
        PHONE = "phone", "telefon"
        VISIT = "visit", "besök"
        LETTER = "letter", "brev"
        MAIL = "mail", "e-post"
        E_SERVICE = "e_service", "e-tjänst"
        OTHER = "other", "på annat sätt"

    class Meeting(models.TextChoices):
        HELD = "held", "mötet har hållits"
        DECLINED = "declined", "erbjudet, men någon ville inte"
        NOT_OFFERED = "not_offered", "inte erbjudet"

    case = TenantKey(Case, related_name="concern_reports")
    source = models.CharField(max_length=12, choices=Source.choices)
    profession = EncryptedText()
    reporter = EncryptedText()  # name; secret on its own ground (OSL 26:5)
    reached_by = EncryptedText()
    way = models.CharField(max_length=12, choices=Way.choices)
    received_at = models.DateTimeField()
    receiver = TenantKey(Membership, null=True)  # of the own board
    receiver_text = EncryptedText()  # or somebody else, such as another municipality's emergency service
    text = EncryptedText()
    written_by = TenantKey(Membership)
    feedback_asked_on = models.DateField(null=True)
    feedback_given_on = models.DateField(null=True)
    feedback_by = TenantKey(Membership, null=True)
    feedback_text = EncryptedText()
    meeting = models.CharField(max_length=12, choices=Meeting.choices, blank=True)
    meeting_text = EncryptedText()

    MAY_ASK = (Source.PROFESSIONAL, Source.POLICE, Source.BOARD)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE,
        fixed=(
            "case_id", "source", "profession", "reporter", "reached_by", "way", "received_at", "receiver_id",
            "receiver_text", "text", "written_by_id",
        ),
        insert=f"{OPEN_CASE} AND wall.is_childs_case(case_id) AND feedback_given_on IS NULL", in_emergency=True,
        mine=("written_by_id", "feedback_by_id"), once=("feedback_asked_on", "feedback_given_on", "feedback_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["-received_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(feedback_asked_on=None) | Q(source__in=["professional", "police", "board"]),
                name="feedback_to_who_must_report",
            ),
            models.CheckConstraint(
                condition=Q(feedback_given_on=None, feedback_by=None)
                | Q(feedback_given_on__isnull=False, feedback_by__isnull=False, feedback_asked_on__isnull=False),
                name="feedback_is_given_by_somebody_who_was_asked",
            ),
            models.CheckConstraint(condition=Q(received_at__lte=F("created_at")), name="received_before_written_in"),
        ]  # fmt: skip

    @property
    def received_on(self):
        """The Swedish day."""
        return timezone.localdate(self.received_at)

    @property
    def may_ask(self):
        """By whom reports as a duty, at work (SoL 19:6)."""
        return self.source in self.MAY_ASK


class ProtectionAssessment(TenantModel):
    """Whether the child needs protection at once (SoL 20:1): the situation tonight, and why. Signed when it is written;
    what changes is a new one."""

    class Need(models.TextChoices):
        NOW = "now", "Ja, barnet behöver skydd nu"
        WATCHED = "watched", "Nej, men läget följs de närmaste dagarna"
        NONE = "none", "Nej, barnet behöver inte omedelbart skydd"

    case = TenantKey(Case, related_name="protection_assessments")
    report = TenantKey(ConcernReport, related_name="assessments")
    need = models.CharField(max_length=10, choices=Need.choices)
    tonight = EncryptedText()
    reasons = EncryptedText()
    child_said = EncryptedText()
    signed_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, append_only=True, in_emergency=True, mine=("signed_by_id",),
        insert=f"{OPEN_CASE} AND wall.is_qualified(signed_by_id)",
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]


class ProtectionStep(TenantModel):
    """What was done to protect the child, when and by whom."""

    case = TenantKey(Case, related_name="protection_steps")
    done_at = models.DateTimeField()
    what = EncryptedText()
    done_by = EncryptedText()
    written_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, append_only=True, in_emergency=True, mine=("written_by_id",),
        insert=f"{OPEN_CASE} AND wall.is_childs_case(case_id)",
    )  # fmt: skip

    class Meta:
        ordering = ["-done_at", "-created_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(done_at__lte=F("created_at")), name="done_before_written_in")]
