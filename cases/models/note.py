"""The journal, and what has left the authority."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models.case import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class NoteQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        """A draft is its author's alone."""
        return super().visible_to(by).filter(Q(signed_at__isnull=False) | Q(author_id=by.pk))


class CaseNote(TenantModel):
    """A note of the journal. Fact apart from assessment; signed is locked, here and in the database."""

    class Kind(models.TextChoices):
        CALL = "call", "telefonsamtal"
        MEETING = "meeting", "möte"
        VISIT = "visit", "hembesök"
        MESSAGE = "message", "meddelande"
        OTHER = "other", "annat"

    case = TenantKey(Case, related_name="notes")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.CALL)
    event_on = models.DateField("händelsedag", default=timezone.localdate)
    source = EncryptedText()
    fact = EncryptedText()
    assessment = EncryptedText()
    author = TenantKey(Membership)
    signed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(NoteQuerySet)()
    wall = Wall(
        read=f"{OPEN_CASE} AND (signed_at IS NOT NULL OR author_id = (SELECT wall.membership()))",
        insert=f"{OPEN_CASE} AND author_id = (SELECT wall.membership())",
        update=f"{OPEN_CASE} AND author_id = (SELECT wall.membership())",
        locked="OLD.signed_at IS NOT NULL",
        fixed=("authority_id", "case_id", "author_id"),
    )

    class Meta:
        ordering = ["-event_on", "-created_at", "id"]
        indexes = [models.Index(fields=["case", "-event_on"], name="notes_of_case")]


class NoteAddition(TenantModel):
    """What is added to a signed note and never changes it: a correction, or that the individual holds it wrong
    (SoL 14:6). Locked from the moment it is written."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", "Rättelse"
        OBJECTION = "objection", "Den enskildes invändning"

    case = TenantKey(Case, related_name="+")
    note = TenantKey(CaseNote, related_name="additions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = EncryptedText()
    author = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND author_id = (SELECT wall.membership())", app="SELECT, INSERT",
        append_only=True,
    )  # fmt: skip

    class Meta:
        ordering = ["created_at", "id"]


class Disclosure(TenantModel):
    """What has left the authority: what, to whom, on what ground, when, which copy."""

    case = TenantKey(Case, related_name="disclosures")
    what = models.CharField(max_length=60)  # "plan.version"
    object_id = models.UUIDField()
    recipient_kind = models.CharField(max_length=20)
    recipient = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    recipient_text = EncryptedText()
    ground = models.CharField(max_length=120)
    copy_number = models.PositiveIntegerField()
    sha256 = models.BinaryField()
    disclosed_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(read=OPEN_CASE, app="SELECT, INSERT", append_only=True, mine=("disclosed_by_id",))

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "object_id", "copy_number"], name="each_copy_has_its_number")
        ]
