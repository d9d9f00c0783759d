"""Cooperation between authorities: what was agreed, and each party's own yes, no or notice."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from exitprogram.tenancy.models.authority import Authority
from exitprogram.tenancy.models.people import Membership
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

AGREEMENT_MINE = "agreement_id = ANY ((SELECT wall.agreements())::uuid[])"
ADMINISTRATOR = "(SELECT wall.role()) = 'administrator'"


class AgreementQuerySet(TenantQuerySet):
    def visible_to(self, by):
        mine = AgreementParty.objects.filter(party_authority_id=by.authority_id)
        return self.filter(Q(authority_id=by.authority_id) | Q(pk__in=mine.values("agreement_id")))

    def agreed(self):
        """Every party has said yes."""
        without = AgreementParty.objects.filter(agreement_id=OuterRef("pk"))
        return self.exclude(Exists(without.filter(Q(accepted_at=None) | ~Q(declined_at=None))))

    def standing(self):
        """Nobody has said no: waiting for an answer, or agreed."""
        said_no = AgreementParty.objects.filter(agreement_id=OuterRef("pk")).exclude(declined_at=None)
        return self.exclude(Exists(said_no))

    def in_force(self, *, on):
        return self.agreed().filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)

    def partners_of(self, by, *, on=None):
        """Ids of authorities with an agreement in force with this membership's authority."""
        on = on or timezone.localdate()
        still_in = AgreementParty.objects.still_in(on=on)
        mine = still_in.filter(party_authority_id=by.authority_id, agreement__in=self.in_force(on=on))
        others = still_in.filter(agreement_id__in=mine.values("agreement_id"))
        return others.exclude(party_authority_id=by.authority_id).values("party_authority_id")


class CooperationAgreement(TenantModel):
    """Drafted by one side; nothing holds before every party has accepted. What it says never changes: another
    agreement is another row. It opens no row of any case (design.md §4 rule 4)."""

    class Ground(models.TextChoices):
        KL_9_37 = "kl_9_37", "avtalssamverkan (KL 9:37)"
        KL_9_19 = "kl_9_19", "gemensam nämnd (KL 9:19)"
        HSL_16_3 = "hsl_16_3", "överenskommelse kommun–region (SoL 7:2, HSL 16:3)"
        OTHER = "other", "annan överenskommelse"

    class Purpose(models.TextChoices):
        PLANS = "plans", "samordnade individuella planer"
        TEAMS = "teams", "bidra i varandras team"
        DECISIONS = "decisions", "fatta beslut åt varandra"
        ON_CALL = "on_call", "gemensam jour"
        COORDINATOR = "coordinator", "gemensam regionkoordinator"
        SUPPORT = "support", "mentorer och stödpersoner"

    class Programme(models.TextChoices):
        ADULT = "adult", "Vuxna"
        CHILD = "child", "Barn"

    class Oversight(models.TextChoices):
        NONE = "none", "ingen insyn"
        FIGURES = "figures", "antal, aldrig färre än fem"
        FLOW = "flow", "hur långt varje plan har kommit, utan namn och nummer"

    ground = models.CharField(max_length=20, choices=Ground.choices)
    purposes = ArrayField(models.CharField(max_length=20, choices=Purpose.choices), default=list)
    purpose = models.CharField("ändamål", max_length=300, blank=True)
    programmes = ArrayField(models.CharField(max_length=10, choices=Programme.choices), default=list)
    host = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")  # of a joint board
    oversight = models.CharField(max_length=10, choices=Oversight.choices, default=Oversight.NONE)
    overseer = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")  # whose coordinator sees
    notice_months = models.PositiveSmallIntegerField(default=3)
    starts_on = models.DateField("från och med")
    ends_on = models.DateField("till och med", null=True, blank=True)
    proposed_by = TenantKey(Membership)

    objects = SharedManager.from_queryset(AgreementQuerySet)()
    wall = Wall(
        share="id = ANY ((SELECT wall.agreements())::uuid[])", insert=ADMINISTRATOR, mine=("proposed_by_id",),
        app="SELECT, INSERT", append_only=True,
    )  # fmt: skip

    class Meta:
        ordering = ["-starts_on", "-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(oversight="none", overseer=None) | (~Q(oversight="none") & Q(overseer__isnull=False)),
                name="oversight_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(ground="kl_9_19", host__isnull=False) | (~Q(ground="kl_9_19") & Q(host=None)),
                name="a_joint_board_has_a_host",
            ),
        ]

    @property
    def purpose_words(self):
        return [self.Purpose(code).label for code in self.purposes]

    @property
    def programme_words(self):
        return [self.Programme(code).label.lower() for code in self.programmes]


class PartyQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(agreement_id__in=CooperationAgreement.objects.visible_to(by).values("pk"))

    def still_in(self, *, on):
        return self.filter(Q(leaves_on=None) | Q(leaves_on__gte=on))


class AgreementParty(TenantModel):
    """One side of an agreement, the drafting one among them: what it may do, and its own yes, no or notice.
    ``authority`` is the drafting side's, as the agreement's."""

    agreement = TenantKey(CooperationAgreement, related_name="parties")
    party_authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    does = models.CharField("vad parten gör", max_length=300, blank=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = TenantKey(Membership, null=True, authority_column="party_authority_id")
    declined_at = models.DateTimeField(null=True)  # said no; or, by the drafting side, taken back
    declined_by = TenantKey(Membership, null=True, authority_column="party_authority_id")
    notice_at = models.DateTimeField(null=True)
    notice_by = TenantKey(Membership, null=True, authority_column="party_authority_id")
    leaves_on = models.DateField(null=True)  # the last day, after notice

    objects = SharedManager.from_queryset(PartyQuerySet)()
    wall = Wall(
        share=AGREEMENT_MINE,
        # The drafting side says yes by drafting; nobody is added once somebody has answered.
        insert=f"{ADMINISTRATOR} AND declined_at IS NULL AND notice_at IS NULL AND NOT wall.answered(agreement_id)"
        " AND (accepted_at IS NULL OR party_authority_id = authority_id)",
        update=f"party_authority_id = authority_id AND {ADMINISTRATOR}",
        share_update=f"party_authority_id = (SELECT wall.authority()) AND {ADMINISTRATOR}",
        fixed=("agreement_id", "party_authority_id", "does"),
        mine=("accepted_by_id", "declined_by_id", "notice_by_id"),
        once=(
            "accepted_at", "accepted_by_id", "declined_at", "declined_by_id", "notice_at", "notice_by_id", "leaves_on",
        ),
    )  # fmt: skip

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["party_authority", "agreement"], name="agreements_of_party")]
        constraints = [
            models.UniqueConstraint(fields=["authority", "agreement", "party_authority"], name="a_party_once"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="agreement_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None, declined_by=None)
                | Q(declined_at__isnull=False, declined_by__isnull=False),
                name="agreement_declined_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(notice_at=None, notice_by=None, leaves_on=None)
                | Q(notice_at__isnull=False, notice_by__isnull=False, leaves_on__isnull=False),
                name="notice_has_a_last_day",
            ),
        ]
