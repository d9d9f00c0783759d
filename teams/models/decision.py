"""A decision: proposed by one, decided by a competent one, and what comes of it."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from cases.models import Case, CaseRef, ChildWorker, OfCaseQuerySet, closed_cases
from cases.models.case import open_cases
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.mandates import given_to
from exitprogram.tenancy.models import Authority, Mandate, Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall
from teams.matters import committee_only, matter
from teams.models.scheme import DecisionKind, DelegationRow

SENT_TO_ME = "id = ANY ((SELECT wall.sent_decisions())::uuid[])"
LENT = "id = ANY ((SELECT wall.lent_decisions())::uuid[])"


class DecisionQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        """In the cases one has; sent to one; and lent by another board, which ``Decision.across`` alone reaches."""
        of_children = Exists(ChildWorker.objects.of(by, on=timezone.localdate()))
        sent = Q(sent_to_id=by.pk) & ~Q(case_id__in=closed_cases(by)) & (~Q(target="child") | of_children)
        own = Q(authority_id=by.authority_id) & (Q(case__in=open_cases(by)) | sent)
        return self.filter(own | Q(self._lent(by)))

    def lent_to(self, by):
        """Sent by another board to one who has its mandate today, for the matter and for whom it is about: to decide,
        or decided by her (KL 9:37). The same as ``wall.lent_decisions()``."""
        return self.filter(self._lent(by))

    @staticmethod
    def _lent(by):
        given = given_to(by, on=timezone.localdate()).filter(
            authority_id=OuterRef("authority_id"), kinds__contains=[OuterRef("kind")],
            agreement__programmes__contains=[OuterRef("target")],
        )  # fmt: skip
        hers = Q(state=Decision.State.PROPOSED) | Q(decided_by_id=by.pk)
        return (
            hers & Q(Exists(given), sent_to_id=by.pk, earlier=None) & ~Q(authority_id=by.authority_id)
            & ~Q(case_id__in=closed_cases(by))
        )  # fmt: skip

    def waiting(self):
        return self.filter(state=Decision.State.PROPOSED)

    def decided(self):
        return self.filter(state=Decision.State.DECIDED)


class Decision(TenantModel):
    """Proposed by one, decided by a competent one. Decided is locked, and freezes what made the decider competent: the
    scheme's row and version, her role, since when she has it, her employer and the mandate."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "väntar på beslut"
        DECIDED = "decided", "beslutat"
        WITHDRAWN = "withdrawn", "återtaget förslag"

    class Outcome(models.TextChoices):
        GRANTED = "granted", "bifall"
        PARTLY = "partly", "delvis bifall"
        REFUSED = "refused", "avslag"

    class Unheard(models.TextChoices):
        """Why the party was not heard before the decision (FL 25 §)."""

        NOT_AGAINST = "not_against", "Uppenbart obehövligt: beslutet går inte personen emot"
        UNNECESSARY = "unnecessary", "Uppenbart obehövligt av annat skäl"
        HARDER = "harder", "Beslutet skulle annars bli avsevärt svårare att genomföra (FL 25 § 2)"
        URGENT = "urgent", "Ett väsentligt intresse kräver att beslutet meddelas omedelbart (FL 25 § 3)"

    class Relation(models.TextChoices):
        """What a decision does to an earlier one."""

        CORRECTION = "correction", "Rättelse av skrivfel eller liknande (FL 36 §)"
        CHANGE = "change", "Ändring av ett felaktigt beslut, inte till nackdel (FL 37 §)"
        WORSE = "worse", "Ändring till nackdel: förbehåll, säkerhet eller vilseledande uppgifter (FL 37 § 1–3)"
        OBVIOUS = "obvious", "Ändring av ett uppenbart felaktigt beslut (FL 38 §)"
        CIRCUMSTANCES = "circumstances", "Väsentligt ändrade förhållanden (SoL 14:9)"
        LATE_APPEAL = "late_appeal", "Avvisning av för sent överklagande (FL 45 §)"

    class Ground(models.TextChoices):
        OWN = "own", "anställd hos nämnden (KL 7:5)"
        KL_9_37 = "kl_9_37", "uppdrag genom avtalssamverkan (KL 9:37)"

    case = TenantKey(Case, related_name="decisions")
    kind = models.CharField(max_length=30, choices=DecisionKind.choices)
    target = models.CharField(max_length=10, choices=Case.Programme.choices)  # of the case: the decider may not have it
    what = EncryptedText()
    amount = models.PositiveIntegerField(null=True)  # kronor
    days = models.PositiveIntegerField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    proposed_by = TenantKey(Membership)  # also its rapporteur (föredragande), when somebody else decides
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    sent_to = TenantKey(Membership, null=True, authority_column="sent_to_authority_id")
    sent_to_authority = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    sent_back = EncryptedText()  # why it was sent back, the last time it was
    earlier = TenantKey("self", null=True, related_name="later")
    relation = models.CharField(max_length=20, choices=Relation.choices, blank=True)

    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    reasons = EncryptedText()
    law = models.CharField(max_length=160, blank=True)  # as it stood on the day
    hearing = EncryptedText()  # how the party was heard, or why not, in words
    exception = models.CharField(max_length=12, choices=Unheard.choices, blank=True)
    took_part = EncryptedText()  # others at the final handling (FL 31 §)
    no_conflict = models.BooleanField(default=False)  # the decider has answered that there is no jäv
    number = models.CharField(max_length=20, blank=True)
    decided_on = models.DateField(null=True)
    decided_by = TenantKey(Membership, null=True, authority_column="employer_id")
    employer = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    row = TenantKey(DelegationRow, null=True)
    scheme_version = models.PositiveIntegerField(null=True)
    role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    appointed_on = models.DateField(null=True)  # since when the decider has that role
    mandate = models.CharField(max_length=10, choices=Ground.choices, blank=True)
    given_mandate = TenantKey(Mandate, null=True)  # the board's own row: by KL 9:37, to whom

    objects = TenantManager.from_queryset(DecisionQuerySet)()
    across = SharedManager.from_queryset(DecisionQuerySet)()  # with what other boards have lent; never without a filter
    wall = Wall(
        # Somebody may be sent a proposal in a case that is not open to her: she sees the proposal, not the case.
        read=f"({OPEN_CASE}) OR ({SENT_TO_ME})",
        insert=f"{OPEN_CASE} AND state = 'proposed'", locked="OLD.state <> 'proposed'",
        fixed=("authority_id", "case_id", "kind", "target", "proposed_by_id", "what", "earlier_id", "relation"),
        mine=("proposed_by_id", "decided_by_id"), share=LENT, share_update=LENT,
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["sent_to", "state"], name="decisions_sent")]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "number"], condition=~Q(number=""), name="decision_number_once_per_authority"
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") & Q(decided_by=None, row=None, decided_on=None, number="")
                | (
                    Q(state="decided", decided_by__isnull=False, row__isnull=False, decided_on__isnull=False)
                    & Q(no_conflict=True, employer__isnull=False, scheme_version__isnull=False)
                    & Q(appointed_on__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(number="")
                    & ~Q(law="")
                    & ~Q(role="")
                    & (Q(mandate="own", given_mandate=None) | Q(mandate="kl_9_37", given_mandate__isnull=False))
                ),
                name="decision_is_complete",
            ),  # fmt: skip
            models.CheckConstraint(
                condition=~Q(kind__in=[one.key for one in committee_only()]), name="only_the_committee_decides_some"
            ),
            models.CheckConstraint(
                condition=Q(earlier=None, relation="") | (Q(earlier__isnull=False) & ~Q(relation="")),
                name="decision_says_what_it_does_to_the_earlier",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="decision_ends_after_start",
            ),
        ]

    @property
    def case_ref(self):
        return CaseRef(self)

    @property
    def matter(self):
        return matter(self.kind)

    @property
    def measures(self):
        """What the limits of the delegation scheme are held against."""
        return {"amount": self.amount, "days": self.days, "target": self.target}

    @property
    def is_decided(self):
        return self.state == self.State.DECIDED

    @property
    def is_by_mandate(self):
        return self.mandate == self.Ground.KL_9_37

    @property
    def is_sent_away(self):
        return self.sent_to_authority_id not in (None, self.authority_id)

    @property
    def is_grant(self):
        return self.outcome in (self.Outcome.GRANTED, self.Outcome.PARTLY)
