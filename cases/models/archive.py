"""A closed case handed to the archive: asked for by one, approved by another, made, fetched and gone within a day."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models.block import closed_cases
from cases.models.case import Case, OfCaseQuerySet
from cases.models.retention import DISPOSERS
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission, may
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall

APPROVERS = f"({DISPOSERS} AND NOT case_id = ANY ((SELECT wall.blocked_cases())::uuid[]))"
ASKER = f"({OPEN_CASE} AND requested_by_id = (SELECT wall.membership()))"
ANSWER_STANDS = timedelta(days=7)  # an approval that nobody uses is asked for anew
STANDS = timedelta(hours=24)  # a package is fetched within, or destroyed
MOST_FETCHES = 3


class ArchiveQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        """Those who have the case; and those who approve, by number and without a person."""
        if may(by, Permission.APPROVE_EXPORT):
            return self.filter(authority_id=by.authority_id).exclude(case_id__in=closed_cases(by))
        return super().visible_to(by)

    def going(self):
        return self.filter(ended_at=None)

    def waiting(self):
        return self.going().filter(approved_at=None)

    def kept(self):
        """Whose package lies sealed on disk."""
        return self.going().exclude(made_at=None)


class ArchiveExport(TenantModel):
    """One request. The package lies sealed under the person's key, inside it encrypted to the archive's certificate:
    neither asker nor server can read what is handed out. Whatever ended it, the row stays, the package does not."""

    class End(models.TextChoices):
        REFUSED = "refused", "nej"
        WITHDRAWN = "withdrawn", "tillbakatagen"
        RECEIVED = "received", "mottagen av arkivet"
        EXPIRED = "expired", "tiden har gått ut"
        LEFT = "left", "den som bad om den har inte längre ärendet"

    case = TenantKey(Case, related_name="archive_exports")
    number = models.CharField(max_length=20)  # the case's: for those who approve, who may not open it
    recipient = EncryptedText()
    purpose = EncryptedText()
    certificate = EncryptedText()  # PEM, of the archive: what is made is opened with its private key alone
    requested_by = TenantKey(Membership)
    approved_by = TenantKey(Membership, null=True)
    approved_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    persons = models.PositiveIntegerField(null=True)
    files = models.PositiveIntegerField(null=True)
    size = models.PositiveBigIntegerField(null=True)
    sha256 = models.BinaryField(default=b"")  # of what is handed out
    stored_name = models.CharField(max_length=32, blank=True)
    key_id = models.UUIDField(null=True)  # the PersonKey; no foreign key, as with a document
    wrapped_key = models.BinaryField(default=b"")
    expires_at = models.DateTimeField(null=True)
    fetches = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by = TenantKey(Membership, null=True)
    end = models.CharField(max_length=10, choices=End.choices, blank=True)
    reason = EncryptedText()

    objects = TenantManager.from_queryset(ArchiveQuerySet)()
    wall = Wall(
        read=f"{OPEN_CASE} OR {APPROVERS}", insert=f"{ASKER} AND wall.is_closed(case_id)",
        update=f"{ASKER} OR {APPROVERS}",
        fixed=("case_id", "number", "recipient", "purpose", "certificate", "requested_by_id", "created_at"),
        mine=("requested_by_id", "approved_by_id", "ended_by_id"),
        once=("approved_by_id", "approved_at", "made_at", "expires_at", "ended_by_id", "ended_at"),
        locked="OLD.ended_at IS NOT NULL",
        never="wall.breaks_export(OLD.requested_by_id, OLD.approved_by_id, NEW.approved_by_id, OLD.made_at,"
        ' NEW.made_at, OLD.fetches, NEW.fetches, NEW.ended_by_id, NEW."end")'
        " OR ((OLD.made_at IS NULL AND NEW.made_at IS NOT NULL OR NEW.fetches <> OLD.fetches)"
        " AND NOT wall.is_closed(NEW.case_id)) OR NEW.expires_at > NEW.made_at + interval '24 hours'",
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["expires_at"], name="exports_going", condition=Q(ended_at=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "case"], condition=Q(ended_at=None), name="one_export_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("requested_by")), name="approved_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(made_at=None) | Q(approved_by__isnull=False, expires_at__isnull=False),
                name="made_when_approved",
            ),
            models.CheckConstraint(condition=Q(fetches__lte=MOST_FETCHES), name="fetched_a_few_times"),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | Q(ended_at__isnull=False, stored_name="") & ~Q(end=""),
                name="nothing_kept_at_the_end",
            ),
        ]  # fmt: skip

    @property
    def step(self):
        """waiting · approved · lapsed · made · ended: where it stands now."""
        if self.ended_at:
            return "ended"
        if self.made_at:
            return "made" if timezone.now() < self.expires_at else "lapsed"
        if self.approved_at:
            return "approved" if timezone.now() < self.approved_at + ANSWER_STANDS else "lapsed"
        return "waiting"

    @property
    def left(self):
        return MOST_FETCHES - self.fetches

    @property
    def shown_sha256(self):
        digest = bytes(self.sha256).hex().upper()
        return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))
