"""A decision: proposed by one, decided by a competent one."""

from django.db import models
from django.db.models import Q

from cases.models import Case, CaseRef, OfCaseQuerySet, closed_cases
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall
from teams.models.scheme import DecisionKind, DelegationRow
from teams.models.team import NOT_BLOCKED


class DecisionQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        sent = Q(sent_to_id=by.pk) & ~Q(case_id__in=closed_cases(by))
        return self.filter(Q(case__in=Case.objects.visible_to(by)) | sent)

    def waiting(self):
        return self.filter(state=Decision.State.PROPOSED)


class Decision(TenantModel):
    """Proposed by one, decided by a competent one. Decided is locked, and freezes what made the decider competent."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "väntar på beslut"
        DECIDED = "decided", "beslutat"

    class Outcome(models.TextChoices):
        GRANTED = "granted", "bifall"
        PARTLY = "partly", "delvis bifall"
        REFUSED = "refused", "avslag"

    case = TenantKey(Case, related_name="decisions")
    kind = models.CharField(max_length=30, choices=DecisionKind.choices)
    what = EncryptedText()
    proposed_by = TenantKey(Membership)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    reasons = EncryptedText()
    hearing = EncryptedText()  # how the party was heard, or why not (FL 25 §)
    sent_to = TenantKey(Membership, null=True)
    no_conflict = models.BooleanField(default=False)  # the decider has answered that there is no jäv
    number = models.CharField(max_length=20, blank=True)
    decided_on = models.DateField(null=True)
    decided_by = TenantKey(Membership, null=True)
    row = TenantKey(DelegationRow, null=True)

    objects = TenantManager.from_queryset(DecisionQuerySet)()
    wall = Wall(
        # Somebody may be sent a proposal in a case that is not open to her: she sees the proposal, not the case.
        read=f"({OPEN_CASE}) OR (sent_to_id = (SELECT wall.membership()) AND {NOT_BLOCKED})",
        insert=f"{OPEN_CASE} AND state = 'proposed'", locked="OLD.state = 'decided'",
        fixed=("authority_id", "case_id", "kind", "proposed_by_id"), mine=("proposed_by_id", "decided_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "number"], condition=~Q(number=""), name="decision_number_once_per_authority"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None, row=None, decided_on=None)
                | (
                    Q(state="decided", decided_by__isnull=False, row__isnull=False, decided_on__isnull=False)
                    & Q(no_conflict=True)
                    & ~Q(outcome="")
                    & ~Q(number="")
                ),
                name="decision_is_complete",
            ),
        ]

    @property
    def case_ref(self):
        return CaseRef(self)
