"""Where somebody is placed, in what kind of home; never where it is. Children's, and grown-ups' too (SoL 9:12)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models import Case, OfCaseQuerySet
from children.models.court import CourtMatter
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall

CONSULTED = ("foster", "emergency", "private")  # homes in which another municipality is consulted first (SoL 22:6)


class PlacementQuerySet(OfCaseQuerySet):
    def running(self):
        return self.filter(ends_on=None)


class Placement(TenantModel):
    """From a day to a day. The home's address is a place of its own, with named readers."""

    class Home(models.TextChoices):
        FOSTER = "foster", "familjehem"
        EMERGENCY = "emergency", "jourhem"
        SUPPORTED = "supported", "stödboende"
        SHELTERED = "sheltered", "skyddat boende"
        RESIDENTIAL = "residential", "HVB"
        PRIVATE = "private", "annat enskilt hem"

    case = TenantKey(Case, related_name="placements")
    home = models.CharField(max_length=12, choices=Home.choices)
    starts_on = models.DateField()
    consent = EncryptedText()  # how and when it was consented to; of an adult also by whom, or on which decision
    consented = ArrayField(models.UUIDField(), default=list)  # of a child: each who has custody that day
    matter = TenantKey(CourtMatter, null=True, related_name="placements")  # or the decision instead of them
    with_guardian = models.BooleanField(default=False)  # who is granted the sheltered housing too (SoL 22:5)
    elsewhere = models.BooleanField(default=False)  # in another municipality
    consulted_on = models.DateField(null=True)
    consulted = EncryptedText()  # which municipality, and what it said
    region_told_on = models.DateField(null=True)  # so that a health check is offered (SoL 22:7)
    region_told_by = TenantKey(Membership, null=True)
    placed_by = TenantKey(Membership)
    ends_on = models.DateField(null=True)
    ended_by = TenantKey(Membership, null=True)
    end_reason = EncryptedText()

    objects = TenantManager.from_queryset(PlacementQuerySet)()
    wall = Wall(
        read=OPEN_CASE, locked="OLD.ends_on IS NOT NULL",
        insert=f"{OPEN_CASE} AND ends_on IS NULL"
        " AND (home <> 'sheltered' OR with_guardian OR NOT wall.is_childs_case(case_id))"
        " AND wall.placed_on_ground(case_id, starts_on, consented, matter_id)",
        fixed=(
            "case_id", "home", "starts_on", "consent", "consented", "matter_id", "with_guardian", "elsewhere",
            "consulted_on", "consulted", "placed_by_id",
        ),
        mine=("placed_by_id", "ended_by_id", "region_told_by_id"),
        once=("ends_on", "ended_by_id", "region_told_on", "region_told_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["-starts_on", "-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "case"], condition=Q(ends_on=None), name="placed_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(elsewhere=False) | ~Q(home__in=CONSULTED)
                | (Q(consulted_on__isnull=False, consulted_on__lte=F("starts_on")) & ~Q(consulted=b"")),
                name="another_municipality_is_consulted_first",
            ),
            models.CheckConstraint(condition=~Q(consent=b""), name="placed_on_a_consent_or_a_decision"),
            models.CheckConstraint(
                condition=Q(ends_on=None, ended_by=None)
                | (Q(ends_on__gte=F("starts_on"), ended_by__isnull=False) & ~Q(end_reason=b"")),
                name="placement_ends_with_a_reason",
            ),
        ]  # fmt: skip


class PlacementReview(TenantModel):
    """Whether it is still needed, considered at least every half year (SoL 22:13). Each time is a row and a clock."""

    case = TenantKey(Case, related_name="+")
    placement = TenantKey(Placement, related_name="reviews")
    due_on = models.DateField()
    considered_on = models.DateField(null=True)
    considered_by = TenantKey(Membership, null=True)
    still_needed = models.BooleanField(null=True)
    words = EncryptedText()

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND considered_on IS NULL", locked="OLD.considered_on IS NOT NULL",
        fixed=("case_id", "placement_id", "due_on"), mine=("considered_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["-due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "placement"], condition=Q(considered_on=None), name="one_consideration_ahead"
            ),
            models.CheckConstraint(
                condition=Q(considered_on=None, considered_by=None, still_needed=None)
                | (Q(considered_on__isnull=False, considered_by__isnull=False, still_needed__isnull=False)
                   & ~Q(words=b"")),
                name="considered_with_words",
            ),
        ]  # fmt: skip


class PlacementPlan(TenantModel):
    """The care plan (SoF 10:2) or the implementation plan (SoF 10:3), as the law of the day asks for its parts. Signed
    and never changed: a revision is a new one."""

    class Kind(models.TextChoices):
        CARE = "care", "vårdplan"
        IMPLEMENTATION = "implementation", "genomförandeplan"

    case = TenantKey(Case, related_name="+")
    placement = TenantKey(Placement, related_name="plans")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    content = EncryptedText()  # JSON: {the law's own key: text}
    signed_on = models.DateField(default=timezone.localdate)
    signed_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(read=OPEN_CASE, app="SELECT, INSERT", append_only=True, mine=("signed_by_id",))

    class Meta:
        ordering = ["-signed_on", "-created_at", "id"]


class HealthOffer(TenantModel):
    """What came of the health check that the region offers whoever is placed (SoL 22:7). Each answer is a row, never
    changed; the last one counts."""

    class Answer(models.TextChoices):
        NOT_OFFERED = "not_offered", "Inte erbjuden än"
        ACCEPTED = "accepted", "Erbjuden: tackade ja"
        DECLINED = "declined", "Erbjuden: tackade nej"
        DONE = "done", "Gjord"

    case = TenantKey(Case, related_name="+")
    placement = TenantKey(Placement, related_name="health_offers")
    answer = models.CharField(max_length=12, choices=Answer.choices)
    day = models.DateField()
    words = EncryptedText()  # who said no and why, or what hinders; where it was made
    written_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(read=OPEN_CASE, app="SELECT, INSERT", append_only=True, mine=("written_by_id",))

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(answer__in=["declined", "not_offered"]) | ~Q(words=b""),
                name="no_health_check_has_a_reason",
            ),
        ]


class ChildVisit(TenantModel):
    """The social secretary saw the child where it lives, and talked with it alone or not (SoL 22:11–12)."""

    class Who(models.TextChoices):
        ALONE = "alone", "barnet, i enrum"
        TOGETHER = "together", "barnet, tillsammans med någon"
        CARERS = "carers", "de som barnet bor hos"
        GUARDIANS = "guardians", "en vårdnadshavare"

    case = TenantKey(Case, related_name="visits")
    day = models.DateField()
    who = models.CharField(max_length=10, choices=Who.choices)
    why_not_alone = EncryptedText()
    words = EncryptedText()
    seen_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(read=OPEN_CASE, app="SELECT, INSERT", append_only=True, mine=("seen_by_id",))

    class Meta:
        ordering = ["-day", "-created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(who="together") | ~Q(why_not_alone=b""), name="not_alone_has_a_reason"),
        ]
