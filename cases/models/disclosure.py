"""What has left the authority outside the plan, what of it has come, and what was in it."""

from django.db import models
from django.db.models import Q

from cases.models.block import closed_cases
from cases.models.case import Case, OfCaseQuerySet, open_cases
from cases.models.consent import Consent
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall

RECEIVED = "ANY ((SELECT wall.received())::uuid[])"


class DisclosureQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        """What has gone out from cases open to the membership, and what was sent to that very membership."""
        return self.filter(Q(case__in=open_cases(by)) | self._sent_to(by))

    def received_by(self, by):
        return self.filter(self._sent_to(by))

    @staticmethod
    def _sent_to(by):
        """By name; and at a transfer, to the colleague whom its manager has given it to. A block goes before."""
        given = Q(transfers__given_to_id=by.pk, transfers__recipient_id=by.authority_id)
        return (Q(receiver_id=by.pk) | given) & ~Q(case_id__in=closed_cases(by))


class Disclosure(TenantModel):
    """What has left the authority: what, to whom, on what ground, when, which copy. Nothing of it is taken back. The
    sender's and the receiver's names are written out: across the wall the other's row cannot be read."""

    PLAN, FILE = "plan.version", "case.copy"

    case = TenantKey(Case, related_name="disclosures")
    what = models.CharField(max_length=60)  # "plan.version"
    object_id = models.UUIDField()
    recipient_kind = models.CharField(max_length=20)
    recipient = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    receiver = TenantKey(Membership, null=True, authority_column="recipient_id")  # the one who may open it
    # Somebody beside the person, of a room above: given only what has been released to that very one (cases/beside.py).
    beside_id = models.UUIDField(null=True)
    recipient_text = EncryptedText()
    sender_text = EncryptedText()
    handed_over = EncryptedText()  # to somebody outside: by what way, to whose hand
    ground = models.CharField(max_length=120)
    ground_rule = models.CharField(max_length=60, blank=True)
    reason = EncryptedText()
    consent = TenantKey(Consent, null=True)
    copy_number = models.PositiveIntegerField()
    sha256 = models.BinaryField()  # of the file; of the words themselves when they are the copy
    disclosed_by = TenantKey(Membership)

    objects = SharedManager.from_queryset(DisclosureQuerySet)()
    wall = Wall(
        read=OPEN_CASE,
        share=f"id = {RECEIVED}",
        app="SELECT, INSERT",
        append_only=True,
        mine=("disclosed_by_id",),
        # To nobody who is blocked, and not to oneself in another membership: it would outlive the case.
        insert=f"{OPEN_CASE} AND (receiver_id IS NULL OR wall.may_receive(case_id, receiver_id))",
    )

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["receiver", "-created_at"], name="disclosures_to_me")]
        constraints = [
            models.UniqueConstraint(fields=["authority", "object_id", "copy_number"], name="each_copy_has_its_number"),
            models.CheckConstraint(
                condition=Q(receiver=None) | Q(recipient__isnull=False), name="receiver_works_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(recipient_kind="guardian", beside_id__isnull=False, receiver=None, recipient=None)
                | (~Q(recipient_kind="guardian") & Q(beside_id=None)),
                name="a_guardian_is_named",
            ),
        ]

    @property
    def is_received(self):
        return bool(self.receipts.all())

    @property
    def receipt(self):
        return next(iter(self.receipts.all()), None)


class DisclosedItemQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        return self.filter(disclosure__in=Disclosure.objects.visible_to(by))


class DisclosedItem(TenantModel):
    """One chosen piece of the file, its words copied when it was sent: what is changed afterwards does not reach it."""

    case = TenantKey(Case, related_name="+")
    disclosure = TenantKey(Disclosure, related_name="items")
    kind = models.CharField(max_length=40)  # the material's code word
    object_id = models.UUIDField()
    part = models.CharField(max_length=40, blank=True)  # of a row that reads in several
    position = models.PositiveIntegerField()
    heading = EncryptedText()
    text = EncryptedText()

    objects = SharedManager.from_queryset(DisclosedItemQuerySet)()
    wall = Wall(read=OPEN_CASE, share=f"disclosure_id = {RECEIVED}", app="SELECT, INSERT", append_only=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "disclosure", "position"], name="each_item_in_its_place")
        ]


class KeptCopy(TenantModel):
    """The file as it went out, sealed beside the papers under the person's key, and gone when that key goes. What
    it must be is said by the disclosure's own ``sha256``."""

    case = TenantKey(Case, related_name="+")
    disclosure = TenantKey(Disclosure, related_name="kept")
    stored_name = models.CharField(max_length=32)
    key_id = models.UUIDField()  # the PersonKey; no foreign key, as with a document
    wrapped_key = models.BinaryField()

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(read=OPEN_CASE, app="SELECT, INSERT", append_only=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "disclosure"], name="one_file_per_copy"),
            models.UniqueConstraint(fields=["authority", "stored_name"], name="one_copy_per_file"),
        ]


class Receipt(TenantModel):
    """That a copy has come: made when the named person opens it, or written down by hand for somebody outside. Once."""

    case = TenantKey(Case, related_name="+")
    disclosure = TenantKey(Disclosure, related_name="receipts")
    received_at = models.DateTimeField()
    said_by = EncryptedText()  # outside: who has said that it has come
    receiver = TenantKey(Membership, null=True, authority_column="receiver_authority_id")
    receiver_authority = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    registered_by = TenantKey(Membership, null=True)

    objects = SharedManager.from_queryset(DisclosedItemQuerySet)()
    wall = Wall(
        read=OPEN_CASE, share=f"disclosure_id = {RECEIVED}",
        insert=f"{OPEN_CASE} AND receiver_id IS NULL AND registered_by_id IS NOT NULL"
        " AND wall.sent_outside(disclosure_id)",
        share_insert=f"disclosure_id = {RECEIVED} AND receiver_id = (SELECT wall.membership())"
        " AND registered_by_id IS NULL",
        app="SELECT, INSERT", append_only=True, mine=("registered_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "disclosure"], name="one_receipt_per_copy"),
            models.CheckConstraint(
                condition=Q(receiver__isnull=False, receiver_authority__isnull=False, registered_by=None)
                | Q(receiver=None, receiver_authority=None, registered_by__isnull=False),
                name="receipt_says_by_whom",
            ),
        ]
