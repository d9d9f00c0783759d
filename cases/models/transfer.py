"""A case asked over to another social board (överflyttning, SoL 29:10–12), until that board has taken it."""

from django.db import models
from django.db.models import F, Q

from cases.models.block import closed_cases
from cases.models.case import Case, OfCaseQuerySet, open_cases
from cases.models.disclosure import Disclosure
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall

ASKED_OF_US = (
    "recipient_id = (SELECT wall.authority()) AND case_id <> ALL ((SELECT wall.blocked_cases())::uuid[])"
    " AND ((SELECT wall.role()) = 'unit_manager' OR given_to_id = (SELECT wall.membership()))"
)


class TransferQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        return self.filter(Q(case__in=open_cases(by)) | self._asked(by))

    def asked_of(self, by):
        """What another board has asked of the membership's own: its managers', and whoever has been given it."""
        return self.filter(self._asked(by))

    @staticmethod
    def _asked(by):
        mine = Q() if by.role == Role.UNIT_MANAGER else Q(given_to_id=by.pk)
        return Q(recipient_id=by.authority_id) & mine & ~Q(case_id__in=closed_cases(by))

    def under_way(self):
        """Asked and neither refused, withdrawn nor taken over: the sender's case may not close."""
        return self.filter(confirmed_at=None, withdrawn_at=None).exclude(answer=TransferRequest.Answer.REFUSED)


class TransferRequest(TenantModel):
    """Request → answer → handover → taken over. ``authority`` is the sender, responsible until ``confirmed_at``.
    Each step is set once, by somebody of the side whose step it is: the keys say which."""

    class Answer(models.TextChoices):
        WAITING = "", "väntar på svar"
        ACCEPTED = "accepted", "tar över"
        REFUSED = "refused", "tar inte över"

    case = TenantKey(Case, related_name="transfers")
    recipient = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    reason = EncryptedText()
    needed = EncryptedText()  # what the other board must know to take a stand; all that it sees until the handover
    requested_by = TenantKey(Membership)
    sender_text = EncryptedText()
    given_to = TenantKey(Membership, null=True, authority_column="recipient_id")
    given_by = TenantKey(Membership, null=True, authority_column="recipient_id")
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, default=Answer.WAITING)
    answer_reason = EncryptedText()
    answer_text = EncryptedText()  # the answerer's name: her row lies behind the wall
    answered_at = models.DateTimeField(null=True)
    answered_by = TenantKey(Membership, null=True, authority_column="recipient_id")
    answer_read_at = models.DateTimeField(null=True)
    disclosure = TenantKey(Disclosure, null=True, related_name="transfers")
    handed_over_by = TenantKey(Membership, null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = TenantKey(Membership, null=True, authority_column="recipient_id")
    taken_as = models.UUIDField(null=True)  # the receiver's own case; no key: that board destroys it in its own time
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = TenantKey(Membership, null=True)

    objects = SharedManager.from_queryset(TransferQuerySet)()
    wall = Wall(
        read=OPEN_CASE, share=ASKED_OF_US, share_update=ASKED_OF_US,
        insert=f"{OPEN_CASE} AND wall.is_social(recipient_id) AND answer = '' AND answered_at IS NULL"
        " AND given_to_id IS NULL AND disclosure_id IS NULL AND confirmed_at IS NULL AND withdrawn_at IS NULL",
        fixed=("case_id", "recipient_id", "reason", "needed", "requested_by_id", "sender_text"),
        mine=("requested_by_id", "given_by_id", "answered_by_id", "handed_over_by_id", "confirmed_by_id",
              "withdrawn_by_id"),
        once=("answered_at", "answered_by_id", "answer_read_at", "disclosure_id", "handed_over_by_id", "confirmed_at",
              "confirmed_by_id", "taken_as", "withdrawn_at", "withdrawn_by_id"),
        locked="OLD.confirmed_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL OR OLD.answer = 'refused'",
        still_free=("answer_read_at",),
        # An answer stands; what is handed over is handed to somebody who said yes; taken over is with an open case.
        never="OLD.answer <> '' AND (NEW.answer, NEW.answer_reason) IS DISTINCT FROM (OLD.answer, OLD.answer_reason)"
        " AND NOT wall.system()"
        " OR OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL AND NOT wall.is_open_case(NEW.taken_as)",
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["recipient", "-created_at"], name="transfers_asked_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "case"],
                condition=Q(confirmed_at=None, withdrawn_at=None) & ~Q(answer="refused"),
                name="one_transfer_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(recipient=F("authority")), name="transfer_to_another"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="answer_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(disclosure=None, handed_over_by=None)
                | Q(answer="accepted", disclosure__isnull=False, handed_over_by__isnull=False),
                name="handed_over_after_a_yes",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, taken_as=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, taken_as__isnull=False,
                    disclosure__isnull=False, withdrawn_at=None),
                name="taken_over_as_a_case",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="withdrawn_by_somebody",
            ),
        ]  # fmt: skip

    @property
    def step(self):
        """The code word of where it stands."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.confirmed_at:
            return "taken"
        if self.disclosure_id:
            return "handed_over"
        return self.answer or "asked"

    @property
    def is_under_way(self):
        return self.step in ("asked", "accepted", "handed_over")
