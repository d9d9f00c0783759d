"""What was answered with an instrument, and who is a danger to the person. The instruments are data."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models.case import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText, sealed_json
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall

MINE = f"{OPEN_CASE} AND author_id = (SELECT wall.membership())"


class AssessmentQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        """A draft is its author's alone."""
        return super().visible_to(by).filter(Q(signed_at__isnull=False) | Q(author_id=by.pk))

    def signed(self):
        return self.exclude(signed_at=None)


class Assessment(TenantModel):
    """One time that an instrument was used. Signed is locked, like a note. Nothing is added up and nothing reads the
    answers to decide by them."""

    case = TenantKey(Case, related_name="assessments")
    instrument = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=10)
    day = models.DateField(default=timezone.localdate)
    sealed_answers = EncryptedText()
    own_words = EncryptedText()
    author = TenantKey(Membership)
    signed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    answers = sealed_json("sealed_answers")  # {question: number, code or words}

    objects = TenantManager.from_queryset(AssessmentQuerySet)()
    wall = Wall(
        read=f"{OPEN_CASE} AND (signed_at IS NOT NULL OR author_id = (SELECT wall.membership()))",
        insert=MINE, update=MINE, locked="OLD.signed_at IS NOT NULL",
        fixed=("case_id", "author_id", "instrument", "instrument_version"),
    )  # fmt: skip

    class Meta:
        ordering = ["-day", "-created_at", "id"]
        indexes = [models.Index(fields=["case", "instrument", "-day"], name="assessments_of_case")]


class ThreatQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        return super().visible_to(by).filter(assessment__in=Assessment.objects.visible_to(by))


class AssessedThreat(TenantModel):
    """One exploiter, or one network, in one assessment: there is seldom a single one. Locked with its assessment."""

    class Kind(models.TextChoices):
        PERSON = "person", "en person"
        NETWORK = "network", "flera eller ett nätverk"

    case = TenantKey(Case, related_name="+")
    assessment = TenantKey(Assessment, related_name="threats")
    author = TenantKey(Membership)
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PERSON)
    who = EncryptedText()
    relation = EncryptedText()
    knows = EncryptedText()
    last_contact = EncryptedText()
    ability = EncryptedText()

    objects = TenantManager.from_queryset(ThreatQuerySet)()
    wall = Wall(
        read=f"{OPEN_CASE} AND (author_id = (SELECT wall.membership()) OR NOT wall.assessment_open(assessment_id))",
        insert=f"{MINE} AND wall.assessment_open(assessment_id)", update=MINE,
        delete=f"{MINE} AND wall.assessment_open(assessment_id)",
        locked="NOT wall.assessment_open(OLD.assessment_id)", fixed=("case_id", "assessment_id", "author_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "assessment", "place"], name="each_threat_has_its_place")
        ]
