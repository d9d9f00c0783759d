"""What the board and the courts decide about a child: one row per matter, and each step of it as it happened. Neither
is ever changed. Which step may follow, and what each day counts from, is in ``children.courses``."""

from django.db import models
from django.db.models import Q

from cases.models import Case, OfCaseQuerySet
from children.courses import Body, Kind, Step, database_functions
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class CourtMatter(TenantModel):
    """One matter. Its outcome is its last step."""

    class Ground(models.TextChoices):
        HOME = "home", "2 § LVU: förhållanden i hemmet"
        OWN = "own", "3 § LVU: eget beteende"
        BOTH = "both", "2 och 3 §§ LVU"
        CARE = "care", "under vård enligt LVU (14 § LVU)"
        SHELTER = "shelter", "i skyddat boende (lagen 2024:79)"

    case = TenantKey(Case, related_name="court_matters")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    ground = models.CharField(max_length=10, choices=Ground.choices, blank=True)
    started_at = models.DateTimeField()  # of its first step
    about = EncryptedText()
    opened_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND wall.is_childs_case(case_id)", append_only=True,
        app="SELECT, INSERT", mine=("opened_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["-started_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[Kind.CUSTODY, Kind.CARE], ground__in=["home", "own", "both"])
                | Q(kind=Kind.CONTACT, ground__in=["care", "shelter"])
                | (~Q(kind__in=[Kind.CUSTODY, Kind.CARE, Kind.CONTACT]) & Q(ground="")),
                name="court_matter_on_its_ground",
            ),
        ]


class CourtStep(TenantModel):
    """Something that has happened in a matter, with its time. The next day counts from it, and it is what lets the day
    before it be closed."""

    case = TenantKey(Case, related_name="+")
    matter = TenantKey(CourtMatter, related_name="steps")
    number = models.PositiveIntegerField()  # in the matter, in the order they were written
    kind = models.CharField(max_length=20, choices=Step.choices)
    happened_at = models.DateTimeField()
    body = models.CharField(max_length=10, choices=Body.choices, blank=True)
    until = models.DateField(null=True)  # the day that the court has set
    who = EncryptedText()  # decided it, was appointed, received it
    reference = EncryptedText()  # minute or case number of the court
    words = EncryptedText()
    noted_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(read=OPEN_CASE, append_only=True, app="SELECT, INSERT", mine=("noted_by_id",))

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "matter", "number"], name="court_steps_in_order"),
            models.UniqueConstraint(
                fields=["authority", "matter", "kind"], name="court_step_once",
                condition=~Q(kind__in=[Step.REVIEWED, Step.HOME, Step.CONSIDERED, Step.EXTENDED]),
            ),
            models.CheckConstraint(
                condition=Q(kind=Step.EXTENDED, until__isnull=False) | ~Q(kind=Step.EXTENDED) & Q(until=None),
                name="court_sets_a_day_when_it_extends",
            ),
            models.CheckConstraint(condition=~Q(body=Body.OFFICIAL), name="no_official_decides_for_the_committee"),
        ]  # fmt: skip

    @staticmethod
    def wall_functions():
        return database_functions()
