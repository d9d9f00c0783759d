"""The team around one person, its coordinator, and decisions by delegation."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models import Case, CaseRef, OfCaseQuerySet, closed_cases
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, DateRange, Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall

NOT_BLOCKED = "case_id <> ALL ((SELECT wall.blocked_cases())::uuid[])"
MINE = f"membership_id = (SELECT wall.membership()) AND {NOT_BLOCKED}"


class TeamMemberQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        mine = Q(membership_id=by.pk) & ~Q(case_id__in=closed_cases(by))
        return self.filter(Q(case__in=Case.objects.visible_to(by)) | mine)

    def joined_by(self, by, *, on):
        """Where the membership itself is in the team that day: what a guest's part opens. A block goes before it."""
        return self.on_day(on).filter(membership_id=by.pk).exclude(case_id__in=closed_cases(by))

    def on_day(self, on):
        """Joined and within the period that day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), state=TeamMember.State.JOINED, starts_on__lte=on)

    def waiting(self):
        return self.filter(state=TeamMember.State.INVITED)


class TeamMember(TenantModel):
    """One person's part in one team: function, reason, from–to, and why it ended. ``authority`` is the case's."""

    class State(models.TextChoices):
        INVITED = "invited", "inbjuden"
        JOINED = "joined", "med i teamet"
        DECLINED = "declined", "har tackat nej"
        ENDED = "ended", "har slutat"

    case = TenantKey(Case, related_name="team")
    membership = TenantKey(Membership, authority_column="member_authority_id", related_name="teams")
    member_authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    function = models.CharField("funktion i teamet", max_length=80)
    reason = EncryptedText()  # why in the team
    presented_as = EncryptedText()  # what an outsider is told about who the person is, chosen by the one who invites
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.INVITED)
    invited_by = TenantKey(Membership)
    answered_at = models.DateTimeField(null=True)
    end_reason = EncryptedText()

    objects = SharedManager.from_queryset(TeamMemberQuerySet)()
    wall = Wall(
        read=OPEN_CASE, share=MINE, share_update=MINE, locked="OLD.state IN ('declined', 'ended')",
        fixed=("authority_id", "case_id", "membership_id", "member_authority_id", "invited_by_id", "starts_on"),
        mine=("invited_by_id",),
        # Whoever is called from elsewhere answers for herself.
        insert=f"{OPEN_CASE} AND (state = 'invited' OR member_authority_id = authority_id)",
        never="OLD.state = 'invited' AND NEW.state IN ('joined', 'declined')"
        " AND OLD.membership_id IS DISTINCT FROM wall.membership()",
    )  # fmt: skip

    class Meta:
        ordering = ["starts_on", "created_at", "id"]
        indexes = [models.Index(fields=["membership", "state"], name="teams_of_member")]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "case", "membership"],
                condition=Q(state__in=["invited", "joined"]),
                name="once_in_a_team",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="team_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(state="ended") | ~Q(end_reason=b""), name="leaving_has_a_reason"),
        ]

    @property
    def case_ref(self):
        return CaseRef(self)

    @property
    def is_outside(self):
        return self.member_authority_id != self.authority_id


class AppointmentQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        joined = TeamMember.objects.joined_by(by, on=timezone.localdate())
        return self.filter(Q(case__in=Case.objects.visible_to(by)) | Q(case__in=joined.values("case_id")))

    def on_day(self, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)

    def coordinators(self):
        return self.filter(kind=CoordinatorAppointment.Kind.COORDINATOR)


class CoordinatorAppointment(TenantModel):
    """Who holds the plan together, or stands in, from–to. The database lets no two coordinators overlap."""

    class Kind(models.TextChoices):
        COORDINATOR = "coordinator", "samordnare"
        DEPUTY = "deputy", "ersättare"

    case = TenantKey(Case, related_name="appointments")
    membership = TenantKey(Membership)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    appointed_by = TenantKey(Membership)

    objects = SharedManager.from_queryset(AppointmentQuerySet)()
    wall = Wall(
        read=OPEN_CASE, share="case_id = ANY ((SELECT wall.joined_cases())::uuid[])",
        fixed=("authority_id", "case_id", "membership_id", "kind", "starts_on", "appointed_by_id"),
        mine=("appointed_by_id",), only_earlier=("ends_on",),
    )  # fmt: skip

    class Meta:
        ordering = ["kind", "-starts_on", "id"]
        constraints = [
            ExclusionConstraint(
                name="one_coordinator_at_a_time",
                expressions=[
                    ("authority", RangeOperators.EQUAL),
                    ("case", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(kind="coordinator"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="appointment_ends_after_start"
            ),
        ]


class DelegationScheme(TenantModel):
    """One version of the board's delegation scheme (delegationsordning), by its minute (KL 6:37, 7:5)."""

    version = models.PositiveIntegerField()
    minute = models.CharField("protokollsparagraf", max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    wall = Wall(insert="(SELECT wall.role()) = 'administrator'", update="(SELECT wall.role()) = 'administrator'")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "version"], name="one_scheme_per_version"),
            ExclusionConstraint(
                name="one_scheme_at_a_time",
                expressions=[
                    ("authority", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class DecisionKind(models.TextChoices):
    PROTECTED_HOUSING = "protected_housing", "Skyddat boende (vuxen)"
    FINANCIAL_ASSISTANCE = "financial_assistance", "Ekonomiskt bistånd"
    CONTACT_PERSON = "contact_person", "Kontaktperson"
    OPEN_CARE = "open_care", "Öppenvårdsinsats"
    INTERPRETER = "interpreter", "Tolk"
    TRAVEL = "travel", "Resa"


class DelegationRow(TenantModel):
    """One row: this matter, under this section, may be decided by holders of this role (never a person by habit)."""

    scheme = TenantKey(DelegationScheme, related_name="rows")
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=30, choices=DecisionKind.choices)
    law = models.CharField("lagrum", max_length=80)
    role = models.CharField(max_length=30, choices=Role.choices)

    wall = Wall(insert="(SELECT wall.role()) = 'administrator'", update="false", app="SELECT, INSERT", append_only=True)

    class Meta:
        ordering = ["number", "role", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "scheme", "kind", "role"], name="one_row_per_kind_and_role")
        ]


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
