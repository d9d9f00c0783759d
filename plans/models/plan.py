"""The coordinated individual plan (samordnad individuell plan, SoL 10:8–9): versions made of goals, measures and
sections, each section owned and signed by its principal."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases.areas import Area
from cases.models import Case, Consent, OfCaseQuerySet, SecrecyException
from cases.models.case import open_cases
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall
from teams.models import CaseRef, Decision, TeamMember

SHARED = "(case_id::text || ':' || area) = ANY ((SELECT wall.shared())::text[])"
LOCKED = "wall.version_locked(OLD.version_id)"
# What whoever is responsible for a measure says of it, also when the version is locked and the case is not hers.
REPORT = ("status", "status_on", "why_not", "lack", "stuck_on", "stuck_until", "stuck_why", "row_version")
OPEN_VERSION = f"{OPEN_CASE} AND NOT wall.version_locked(version_id)"
NEW_ROW = f"{OPEN_VERSION} AND wall.thread_is_here(thread, case_id)"


class CoordinatedPlan(TenantModel):
    """The thread of a case's plan through its versions. Without consent it is a *coordination record*, not a SIP."""

    class Kind(models.TextChoices):
        PLAN = "plan", "Samordnad individuell plan"
        RECORD = "record", "Samordningsanteckning (inte en SIP)"

    case = TenantKey(Case, related_name="plans")
    started_on = models.DateField(default=timezone.localdate)
    ended_on = models.DateField(null=True)
    end_reason = EncryptedText()

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(read=OPEN_CASE, fixed=("authority_id", "case_id"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "case"], condition=Q(ended_on=None), name="one_plan_at_a_time")
        ]


class PlanVersion(TenantModel):
    """Draft → out for contribution → agreed → superseded by the next. Agreed is immutable, and ``frozen`` holds its
    content as canonical JSON, so that the same version is printed the same for ever."""

    class State(models.TextChoices):
        DRAFT = "draft", "utkast"
        OUT = "out", "ute hos parterna"
        AGREED = "agreed", "överenskommen"
        SUPERSEDED = "superseded", "ersatt"

    plan = TenantKey(CoordinatedPlan, related_name="versions")
    case = TenantKey(Case, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    lead_principal = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    what_matters = EncryptedText()
    current_situation = EncryptedText()
    strengths = EncryptedText()
    own_part = EncryptedText()
    participation = EncryptedText()
    risk_plan = EncryptedText()
    others_note = EncryptedText()  # «ingen annan behöver göra något», when that is so
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    follow_up_on = models.DateField(null=True)
    agreed_at = models.DateTimeField(null=True)
    agreed_by = TenantKey(Membership, null=True)
    frozen = EncryptedText()
    frozen_sha256 = models.BinaryField(default=b"")
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, locked="OLD.state IN ('agreed', 'superseded')", still_free=("state",),
        fixed=("authority_id", "case_id", "plan_id", "number"), mine=("agreed_by_id",),
        insert=f"{OPEN_CASE} AND state = 'draft'",
        # Agreed becomes superseded and nothing else; and whoever agrees it, does so in her own name.
        never="OLD.state IN ('agreed', 'superseded') AND NEW.state NOT IN (OLD.state, 'superseded')"
        " OR OLD.state IN ('draft', 'out') AND NEW.state NOT IN ('draft', 'out')"
        " AND (NEW.state <> 'agreed' OR NEW.agreed_by_id IS DISTINCT FROM wall.membership())",
    )  # fmt: skip

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "plan", "number"], name="each_version_its_number"),
            models.UniqueConstraint(
                fields=["authority", "plan"], condition=Q(state__in=["draft", "out"]), name="one_open_version"
            ),
            models.UniqueConstraint(fields=["authority", "plan"], condition=Q(state="agreed"), name="one_in_force"),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "superseded"])
                | Q(agreed_at__isnull=False, agreed_by__isnull=False, lead_principal__isnull=False,
                    follow_up_on__isnull=False),
                name="agreed_version_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="version_ends_after_start"
            ),
        ]  # fmt: skip

    @property
    def is_open(self):
        return self.state in (self.State.DRAFT, self.State.OUT)


class ArraySubject(models.Func):
    """``ARRAY[area]`` of the outer row, typed like the column it is compared with."""

    template = "ARRAY[%(expressions)s]::varchar(20)[]"
    output_field = ArrayField(models.CharField(max_length=20))


class SharedRowQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        return self.filter(Q(case__in=open_cases(by)) | shared_with(by))

    def held_by(self, by):
        """Of these, those in the cases that are open to one. Of one's own board that is all of them: a colleague's part
        in a team opens nothing before the case does."""
        return self.filter(case_id__in=open_cases(by), authority_id=by.authority_id)


def shared_with(by):
    """Team × (consent or a ground in law) × area × day, as a condition on a row with ``case`` and ``area``. The same
    rule stands in the database as ``wall.shared()``; a property test holds them equal."""
    today = timezone.localdate()
    joined = TeamMember.objects.joined_by(by, on=today).filter(case=models.OuterRef("case"))
    here = {"case": models.OuterRef("case"), "areas__contains": ArraySubject(models.OuterRef("area"))}
    waived = Consent.objects.towards(by).in_force(on=today).filter(**here)
    lawful = SecrecyException.objects.towards(by).in_force(on=today).filter(**here)
    return Q(models.Exists(joined)) & (Q(models.Exists(waived)) | Q(models.Exists(lawful)))


class Goal(TenantModel):
    """What shall be reached, in the person's own words beside the professional wording. A long-term goal may have parts
    on the way to it (delmål), in its own area, so that whoever may read the one may read the other."""

    version = TenantKey(PlanVersion, related_name="goals")
    case = TenantKey(Case, related_name="+")
    thread = models.UUIDField(default=uuid.uuid4)  # the same through the versions
    parent = TenantKey("self", null=True, related_name="parts")
    area = models.CharField("område", max_length=20, choices=Area.choices)
    own_words = EncryptedText()
    wording = EncryptedText()
    position = models.PositiveIntegerField(default=0)
    row_version = models.PositiveIntegerField(default=1)

    objects = SharedManager.from_queryset(SharedRowQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=NEW_ROW, share=SHARED, delete=OPEN_VERSION, locked=LOCKED,
        fixed=("authority_id", "case_id", "version_id", "thread"),
    )  # fmt: skip

    class Meta:
        ordering = ["position", "created_at", "id"]
        indexes = [models.Index(fields=["thread"], name="goals_of_a_thread")]
        constraints = [models.UniqueConstraint(fields=["authority", "version", "thread"], name="one_goal_per_thread")]


class Measure(TenantModel):
    """What shall be done, by which principal (or somebody else), by whom, from–to. Its progress lives on after the
    version is agreed; everything else is locked."""

    class Principal(models.TextChoices):
        SOCIAL = "social", "kommunen"
        HEALTH = "health", "regionen"
        OTHER = "other", "någon annan"

    class Status(models.TextChoices):
        PLANNED = "planned", "planerad"
        ONGOING = "ongoing", "pågår"
        DONE = "done", "klar"
        STOPPED = "stopped", "avbruten"
        NOT_AVAILABLE = "not_available", "kan inte mötas"

    class Lack(models.TextChoices):
        ABSENT = "absent", "Finns inte här"
        QUEUE = "queue", "För lång väntan"
        TERMS = "terms", "Personen räknas inte till dem det är till för"
        SHAPE = "shape", "Finns inte på personens språk eller så att det går att ta emot"
        MONEY = "money", "Pengar eller beslut saknas"
        OTHER = "other", "Något annat"

    class Rhythm(models.TextChoices):
        ONCE = "once", "en gång"
        MONTHLY = "month", "per månad"

    class Payer(models.TextChoices):
        MUNICIPALITY = "municipality", "kommunen"
        REGION = "region", "regionen"
        REFUND = "refund", "staten ersätter (Migrationsverket)"
        GRANT = "grant", "statsbidrag"
        OTHER = "other", "någon annan"

    version = TenantKey(PlanVersion, related_name="measures")
    case = TenantKey(Case, related_name="+")
    thread = models.UUIDField(default=uuid.uuid4)  # the same through the versions
    goal = TenantKey(Goal, related_name="measures")
    area = models.CharField(max_length=20, choices=Area.choices)
    need = EncryptedText()  # what the measure answers to; a need that cannot be met is kept too, with why
    catalogue_id = models.CharField(max_length=60, blank=True)
    title = EncryptedText()
    principal_kind = models.CharField("huvudman", max_length=10, choices=Principal.choices)
    principal = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    other_name = EncryptedText()
    responsible = TenantKey(TeamMember, null=True)
    responsible_text = EncryptedText()
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    legal_anchor = models.CharField(max_length=60, blank=True)
    decision = TenantKey(Decision, null=True)  # the measure's own decision: the plan itself grants nothing
    cost = models.PositiveIntegerField(null=True)  # kronor; like the hours once or each month, as ``rhythm`` says
    hours = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    rhythm = models.CharField(max_length=5, choices=Rhythm.choices, default=Rhythm.ONCE)
    payer_kind = models.CharField(max_length=12, choices=Payer.choices, blank=True)
    payer = EncryptedText()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PLANNED)
    why_not = EncryptedText()
    lack = models.CharField(max_length=10, choices=Lack.choices, blank=True)  # why_not as a word that can be counted
    status_on = models.DateField(null=True)
    stuck_on = models.DateField(null=True)  # since when, until when and why it stands still, says who is responsible
    stuck_until = models.DateField(null=True)
    stuck_why = EncryptedText()
    moved_to = models.DateField(null=True)  # after the version is agreed; what was agreed stays as it was
    moved_why = EncryptedText()
    began_as = models.CharField(max_length=20, choices=Status.choices, blank=True)  # its status when it was copied
    row_version = models.PositiveIntegerField(default=1)

    objects = SharedManager.from_queryset(SharedRowQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=NEW_ROW, share=SHARED, delete=OPEN_VERSION,
        # Her own, while she is in the team, covered, and the version is in force; the trigger «reported» says how much.
        share_update="id = ANY ((SELECT wall.my_measures())::uuid[])",
        locked=LOCKED, still_free=(*REPORT, "decision_id", "moved_to", "moved_why"),
        fixed=("authority_id", "case_id", "version_id", "thread", "began_as"),
    )  # fmt: skip

    class Meta:
        ordering = ["starts_on", "created_at", "id"]
        indexes = [
            models.Index(fields=["thread"], name="measures_of_a_thread"),
            models.Index(fields=["authority", "case"], name="measures_of_case"),  # not both, one after the other
            models.Index(
                "authority",
                Coalesce("moved_to", "ends_on"),
                name="measures_by_day",
                condition=Q(status__in=["planned", "ongoing"]),
            ),
            models.Index(fields=["authority"], name="measures_that_stand_still", condition=Q(stuck_on__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "version", "thread"], name="one_measure_per_thread"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="measure_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(lack="") | Q(status="not_available"), name="only_what_cannot_be_had_lacks"
            ),
            models.CheckConstraint(
                condition=Q(principal_kind="other") | Q(principal__isnull=False), name="measure_has_a_principal"
            ),
            models.CheckConstraint(
                condition=Q(stuck_on=None, stuck_until=None)
                | Q(stuck_on__isnull=False, stuck_until__isnull=False) & ~Q(stuck_why=b""),
                name="stuck_has_a_day_and_a_reason",
            ),
        ]

    @property
    def case_ref(self):
        return CaseRef(self)

    @property
    def day(self):
        """When it should be done: as agreed, or as it was moved since."""
        return self.moved_to or self.ends_on

    @property
    def on_lists(self):
        """On a list over many cases. A title may say a place: of somebody protected only the area is shown."""
        return f"Insats: {self.get_area_display()}" if self.case.individual.is_protected else self.title


class Section(TenantModel):
    """One principal's own part, written and signed by its own hand. Others read it only as far as consent goes."""

    class State(models.TextChoices):
        REQUESTED = "requested", "begärt"
        WRITING = "writing", "skrivs"
        SIGNED = "signed", "signerat"
        DECLINED = "declined", "kan inte bidra"

    class Declined(models.TextChoices):
        NOT_MINE = "not_mine", "Det är inte jag som ska svara på det här"
        CANNOT = "cannot", "Vi kan inte bidra med något"
        OTHER = "other", "Något annat"
        LEFT = "left", "Har lämnat teamet"

    version = TenantKey(PlanVersion, related_name="sections")
    case = TenantKey(Case, related_name="+")
    thread = models.UUIDField(default=uuid.uuid4)  # the same through the versions
    area = models.CharField(max_length=20, choices=Area.choices)
    principal = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    writer = TenantKey(Membership, authority_column="principal_id")
    question = EncryptedText()
    text = EncryptedText()
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    requested_by = TenantKey(Membership)
    signed_at = models.DateTimeField(null=True)
    declined = models.CharField(max_length=10, choices=Declined.choices, blank=True)
    declined_because = EncryptedText()
    row_version = models.PositiveIntegerField(default=1)

    objects = SharedManager.from_queryset(SharedRowQuerySet)()
    wall = Wall(
        read=OPEN_CASE, share=SHARED, mine=("requested_by_id",),
        # Asked for empty: nobody can put words, or a signature, in another's hand.
        insert=f"{NEW_ROW} AND state = 'requested' AND signed_at IS NULL AND text = ''",
        # The text is the principal's alone: nobody else updates it, not even the case's own coordinator.
        update=f"{OPEN_CASE} AND writer_id = (SELECT wall.membership())",
        share_update=f"{SHARED} AND writer_id = (SELECT wall.membership())",
        delete=f"{OPEN_VERSION} AND state IN ('requested', 'declined')",
        locked="OLD.state = 'signed' OR wall.version_locked(OLD.version_id)",
        fixed=(
            "authority_id", "case_id", "version_id", "thread", "area", "principal_id", "writer_id", "requested_by_id",
        ),
    )  # fmt: skip

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["thread"], name="sections_of_a_thread"),
            models.Index(
                fields=["requested_by"], name="unanswered_sections", condition=Q(state__in=["requested", "writing"])
            ),
            models.Index(fields=["authority"], name="declined_sections", condition=Q(state="declined")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "version", "thread"], name="one_section_per_thread"),
            models.UniqueConstraint(fields=["authority", "version", "area", "writer"], name="one_section_per_writer"),
            models.CheckConstraint(
                condition=Q(state="signed", signed_at__isnull=False) | (~Q(state="signed") & Q(signed_at=None)),
                name="signed_section_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="declined") & ~Q(declined="") & ~Q(declined_because=b"")
                | ~Q(state="declined") & Q(declined=""),
                name="declining_has_a_reason",
            ),
        ]

    @property
    def case_ref(self):
        return CaseRef(self)
