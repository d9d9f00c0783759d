"""The journal."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models.case import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
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
    follow_up_on = models.DateField(null=True)  # watched from when the note is signed
    author = TenantKey(Membership)
    signed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(NoteQuerySet)()
    wall = Wall(
        read=f"{OPEN_CASE} AND (signed_at IS NOT NULL OR author_id = (SELECT wall.membership()))",
        insert=f"{OPEN_CASE} AND author_id = (SELECT wall.membership())",
        update=f"{OPEN_CASE} AND author_id = (SELECT wall.membership())",
        # Begun and left with nothing in it, it may vanish by its author's hand; what has words may not.
        delete=f"{OPEN_CASE} AND author_id = (SELECT wall.membership()) AND signed_at IS NULL"
        " AND fact = '' AND assessment = ''",
        locked="OLD.signed_at IS NOT NULL",
        fixed=("authority_id", "case_id", "author_id"),
        in_emergency=True,
    )

    class Meta:
        ordering = ["-event_on", "-created_at", "id"]
        indexes = [
            models.Index(fields=["case", "-event_on"], name="notes_of_case"),
            models.Index(fields=["author"], name="drafts_of_author", condition=Q(signed_at=None)),
        ]


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
