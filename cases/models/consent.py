"""What the individual has agreed to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.areas import Area
from cases.models.case import Case, OfCaseQuerySet
from cases.models.majority import grown
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class ConsentQuerySet(OfCaseQuerySet):
    def towards(self, by):
        """Waivers towards the membership's own authority; a guest in a team may see what covers it."""
        return self.filter(kind=Consent.Kind.WAIVER, recipient_id=by.authority_id)

    def in_force(self, *, on):
        """What a guardian has consented to ends the day the child may be grown up, by itself."""
        standing = self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, withdrawn_at=None)
        return standing.exclude(Q(given_by=Consent.Giver.GUARDIAN) & grown(on))

    def to_plan(self):
        return self.filter(kind=Consent.Kind.PLAN)

    def waivers(self):
        return self.filter(kind=Consent.Kind.WAIVER)


class Consent(TenantModel):
    """Two things that are mixed up in practice and kept apart here: consent to the plan being made (SoL 10:8), and
    waiver of secrecy towards one recipient for some areas (OSL 10:1, 12:2). Either may stand when the other falls."""

    class Kind(models.TextChoices):
        PLAN = "plan", "samtycke till planen"
        WAIVER = "waiver", "häver sekretess"

    class Form(models.TextChoices):
        ORAL = "oral", "muntligt"
        WRITTEN = "written", "skriftligt"

    class Giver(models.TextChoices):
        SELF = "self", "personen själv"
        GUARDIAN = "guardian", "vårdnadshavare"

    case = TenantKey(Case, related_name="consents")
    given_by = models.CharField(max_length=10, choices=Giver.choices, default=Giver.SELF)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    recipient = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    areas = ArrayField(models.CharField(max_length=20, choices=Area.choices), default=list)
    not_covering = EncryptedText()
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    form = models.CharField(max_length=10, choices=Form.choices)
    taken_on = models.DateField(default=timezone.localdate)
    taken_by = TenantKey(Membership)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = TenantKey(Membership, null=True)
    replaced_by = TenantKey("self", null=True)  # the one that came in its place the same moment, when it was renewed

    objects = SharedManager.from_queryset(ConsentQuerySet)()
    wall = Wall(
        read=OPEN_CASE,
        share="recipient_id = (SELECT wall.authority()) AND case_id IN (SELECT unnest((SELECT wall.joined_cases())))",
        insert=f"{OPEN_CASE} AND (given_by = 'self' OR wall.guardians_consent(case_id))",
        locked="true", still_free=("withdrawn_at", "withdrawn_by_id", "replaced_by_id"),
        mine=("taken_by_id", "withdrawn_by_id"), once=("withdrawn_at", "withdrawn_by_id", "replaced_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["kind", "-taken_on", "id"]
        indexes = [models.Index(fields=["case", "recipient"], name="consent_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="plan", recipient=None, areas=[])
                | (Q(kind="waiver", recipient__isnull=False) & ~Q(areas=[])),
                name="consent_says_to_whom_and_what",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="consent_ends_after_start"
            ),
        ]

    @property
    def area_labels(self):
        return [Area(area).label for area in self.areas]
