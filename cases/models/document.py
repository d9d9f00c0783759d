"""Papers in the file: each is sealed on disk under a key of its own, and says who may read it.

A file's key is wrapped by its person's key. When that one is destroyed, every file of the person is unreadable,
wherever a copy of it lies.
"""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cases.areas import Area
from cases.models.case import Case, OfCaseQuerySet
from cases.models.person import PERSON_OPEN, Individual, OfIndividualQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class PersonKey(TenantModel):
    """32 random bytes for one person, sealed under the authority's key. What it wraps dies with it."""

    individual = TenantKey(Individual)
    sealed_key = EncryptedText()  # base64

    objects = SharedManager.from_queryset(OfIndividualQuerySet)()
    wall = Wall(
        read=PERSON_OPEN, share="id = ANY ((SELECT wall.keys_of_shared_documents())::uuid[])",
        app="SELECT, INSERT", append_only=True,
    )  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "individual"], name="one_key_per_person")]


class DocumentQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        """Of a case that is open to the membership; one that is for named readers only, by those and its uploader."""
        named = DocumentReader.objects.in_force().filter(
            kind=DocumentReader.Kind.MEMBER, membership_id=by.pk, document=OuterRef("pk")
        )
        open_to_all = Q(open_to=Document.OpenTo.CASE) | Q(uploaded_by_id=by.pk)
        return super().visible_to(by).filter(open_to_all | Exists(named))

    def ticked_for(self, by):
        """Ticked for the membership's authority. Whether it is in the team, and what covers it, is asked beside."""
        ticked = DocumentReader.objects.towards(by).filter(document=OuterRef("pk"))
        return self.openable().filter(Exists(ticked))

    def openable(self):
        return self.filter(state__in=Document.OPENABLE)


class Document(TenantModel):
    """One paper. Nobody opens it before the scanner has: a scanner that is down leaves it in quarantine."""

    class Kind(models.TextChoices):
        DECISION = "decision", "beslut eller dom"
        CERTIFICATE = "certificate", "intyg"
        LETTER = "letter", "brev eller meddelande"
        PICTURE = "picture", "bild"
        IDENTITY = "identity", "id-handling"
        OTHER = "other", "annat"

    class State(models.TextChoices):
        QUARANTINED = "quarantined", "väntar på genomsökning"
        CLEAN = "clean", "genomsökt"
        UNSCANNED = "unscanned", "inte genomsökt"
        REFUSED = "refused", "skadlig kod hittad"

    class OpenTo(models.TextChoices):
        CASE = "case", "Alla hos oss som har ärendet"
        NAMED = "named", "Bara jag och de som väljs här"

    OPENABLE = (State.CLEAN, State.UNSCANNED)

    case = TenantKey(Case, related_name="documents")
    title = EncryptedText()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    area = models.CharField("område", max_length=20, choices=Area.choices)
    received_from = EncryptedText()
    received_on = models.DateField(default=timezone.localdate)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    fingerprint = models.BinaryField()  # keyed: the same file in two authorities gives two
    stored_name = models.CharField(max_length=32)
    key_id = models.UUIDField()  # the PersonKey; no foreign key, so that it can be destroyed before anything else
    wrapped_key = models.BinaryField()
    quarantine_key = models.BinaryField(default=b"")  # for the worker that asks the scanner again; gone after that
    state = models.CharField(max_length=12, choices=State.choices)
    scanned_at = models.DateTimeField(null=True)
    open_to = models.CharField(max_length=5, choices=OpenTo.choices, default=OpenTo.CASE)
    uploaded_by = TenantKey(Membership)
    version = models.PositiveIntegerField(default=1)

    objects = SharedManager.from_queryset(DocumentQuerySet)()
    wall = Wall(
        read=f"{OPEN_CASE} AND (open_to = 'case' OR uploaded_by_id = (SELECT wall.membership())"
        " OR id = ANY ((SELECT wall.named_documents())::uuid[]))",
        share="state IN ('clean', 'unscanned') AND id = ANY ((SELECT wall.ticked_documents())::uuid[])"
        " AND (case_id::text || ':' || area) = ANY ((SELECT wall.shared())::text[])",
        fixed=(
            "case_id", "title", "kind", "area", "received_from", "received_on", "content_type", "size", "fingerprint",
            "stored_name", "key_id", "wrapped_key", "uploaded_by_id",
        ),
        mine=("uploaded_by_id",), once=("scanned_at",), never="OLD.state <> 'quarantined' AND OLD.state <> NEW.state",
    )  # fmt: skip

    class Meta:
        ordering = ["-received_on", "-created_at", "id"]
        indexes = [
            models.Index(fields=["case", "-received_on"], name="documents_of_case"),
            models.Index(fields=["created_at"], name="documents_to_scan", condition=Q(state="quarantined")),
        ]
        constraints = [models.UniqueConstraint(fields=["authority", "stored_name"], name="one_document_per_file")]

    @property
    def is_openable(self):
        return self.state in self.OPENABLE


class DocumentReaderQuerySet(OfCaseQuerySet):
    def in_force(self):
        return self.filter(may_read=True, ended_at=None)

    def towards(self, by):
        return self.in_force().filter(kind=DocumentReader.Kind.PARTY, party_id=by.authority_id)


class DocumentReader(TenantModel):
    """That somebody may, or may not, read one document. A change is a new row; the old one is ended and kept."""

    class Kind(models.TextChoices):
        MEMBER = "member", "medarbetare"
        PARTY = "party", "part i teamet"
        GUARDIAN = "guardian", "vårdnadshavare"
        INDIVIDUAL = "individual", "den enskilde"

    document = TenantKey(Document, related_name="readers")
    case = TenantKey(Case, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    membership = TenantKey(Membership, null=True)
    party = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    name = EncryptedText()  # of a guardian
    may_read = models.BooleanField(default=False)
    ground = EncryptedText()
    set_by = TenantKey(Membership)
    ended_at = models.DateTimeField(null=True)

    objects = SharedManager.from_queryset(DocumentReaderQuerySet)()
    wall = Wall(
        read=OPEN_CASE,
        share="party_id = (SELECT wall.authority()) AND case_id IN (SELECT unnest((SELECT wall.joined_cases())))",
        insert=f"{OPEN_CASE} AND wall.sees_document(document_id)",
        update=f"{OPEN_CASE} AND wall.sees_document(document_id)",
        locked="true", still_free=("ended_at",), once=("ended_at",), mine=("set_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["kind", "created_at", "id"]
        indexes = [models.Index(fields=["document"], name="readers_of_document", condition=Q(ended_at=None))]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="member", membership__isnull=False, party=None, name=b"")
                | Q(kind="party", membership=None, party__isnull=False, name=b"")
                | Q(kind="guardian", membership=None, party=None) & ~Q(name=b"")
                | Q(kind="individual", membership=None, party=None, name=b""),
                name="reader_is_one_of_these",
            ),
            # A yes to a guardian is a release of its own, which can be taken back (children.models.release).
            models.CheckConstraint(condition=~Q(kind="guardian", may_read=True), name="no_guardian_reads_by_a_tick"),
        ]
