"""The person, the case and what an authority itself keeps about them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from cases.areas import Area
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import OPEN_CASE, Wall

PERSON_OPEN = "individual_id = ANY ((SELECT wall.open_individuals())::uuid[]) OR wall.newly_added(individual_id)"


class IndividualQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """People in cases open to the membership, and those it has just added and not yet opened a case for."""
        mine = Q(created_by_id=by.pk) & ~Q(pk__in=Case.objects.values("individual_id"))
        return self.filter(Q(pk__in=Case.objects.visible_to(by).values("individual_id")) | mine)


class Individual(TenantModel):
    """A person, never keyed on a number; may be nameless, known by an alias. A protected name lies sealed."""

    class Protection(models.TextChoices):
        NONE = "none", "ingen"
        SECRECY_MARK = "secrecy_mark", "sekretessmarkering"
        PROTECTED_REGISTRATION = "protected_registration", "skyddad folkbokföring"
        LOCAL_THREAT = "local_threat", "hotbild enligt egen bedömning"

    name = models.CharField(max_length=120, blank=True)
    alias = models.CharField(max_length=80, blank=True)
    sealed_name = EncryptedText()
    sealed_alias = EncryptedText()
    search_key = models.CharField(max_length=240, blank=True)  # folded name and alias; empty for protected people
    birth_date = models.DateField(null=True)
    protection = models.CharField(max_length=30, choices=Protection.choices, default=Protection.NONE)
    language = models.CharField(max_length=40, default="svenska")
    needs_interpreter = models.BooleanField(default=False)
    created_by = TenantKey(Membership)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(IndividualQuerySet)()
    wall = Wall(
        read="id = ANY ((SELECT wall.open_individuals())::uuid[])"
        " OR (created_by_id = (SELECT wall.membership()) AND wall.newly_added(id))",
        insert="created_by_id = (SELECT wall.membership())"
        " AND (SELECT wall.role()) IN ('social_worker', 'unit_manager')",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(protection="none") | Q(name="", alias="", search_key=""),
                name="protected_name_is_sealed",
            ),
        ]

    @property
    def is_protected(self):
        return self.protection != self.Protection.NONE

    @property
    def shown_name(self):
        """How the person is called on a page that may show it."""
        name, alias = (self.sealed_name, self.sealed_alias) if self.is_protected else (self.name, self.alias)
        return name or alias or "Namnlös"

    @property
    def short_name(self):
        """First name and initial: enough for a colleague, less for a glance over the shoulder."""
        first, *rest = self.shown_name.split()
        return f"{first} {rest[-1][0]}." if rest else first


class OfIndividualQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(individual__in=Individual.objects.visible_to(by))


class PersonIdentifier(TenantModel):
    """A number a person has or had. Stored sealed, found by a fingerprint keyed per authority."""

    class Kind(models.TextChoices):
        PERSONAL = "personal", "personnummer"
        COORDINATION = "coordination", "samordningsnummer"

    individual = TenantKey(Individual)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    value = EncryptedText()  # 12 digits
    fingerprint = models.BinaryField()
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True)

    objects = TenantManager.from_queryset(OfIndividualQuerySet)()
    wall = Wall(read=PERSON_OPEN)

    class Meta:
        indexes = [models.Index(fields=["authority", "fingerprint"], name="identifier_by_fingerprint")]


class SafeContact(TenantModel):
    """How the person can be reached without harm. Shown at the moment somebody is about to make contact."""

    individual = TenantKey(Individual)
    channels = EncryptedText()
    hours = EncryptedText()
    code_word = EncryptedText()
    never_answer = EncryptedText()
    may_leave_message = models.BooleanField(default=False)
    verified_on = models.DateField(default=timezone.localdate)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(OfIndividualQuerySet)()
    wall = Wall(read=PERSON_OPEN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "individual"], name="one_safe_contact_each")]


class CaseSeries(TenantModel):
    """The last case number given out, per authority and year."""

    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)
    last_decision = models.PositiveIntegerField(default=0)
    wall = Wall(insert="(SELECT wall.role()) IN ('social_worker', 'unit_manager')")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "year"], name="one_series_a_year")]


class CaseQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """Open to the membership by a grant in force today: worker, coordinator, deputy, team, named."""
        return self.filter(pk__in=AccessGrant.objects.in_force(by, on=timezone.localdate()).values("content_object_id"))

    def active(self):
        return self.filter(closed_on=None)


class Case(TenantModel):
    """One person in one programme at one authority. Its number names neither place nor programme."""

    class Programme(models.TextChoices):
        ADULT = "adult", "Exitprogram för vuxna"
        CHILD = "child", "Program för barn"

    class ContactWay(models.TextChoices):
        SELF = "self", "personen själv"
        SOCIAL_SERVICES = "social_services", "socialtjänsten"
        HEALTH_CARE = "health_care", "hälso- och sjukvården"
        POLICE = "police", "polisen"
        REGIONAL_COORDINATOR = "regional_coordinator", "regionkoordinator"
        CIVIL_SOCIETY = "civil_society", "civilsamhället"
        SCHOOL = "school", "skolan"
        OUTREACH = "outreach", "uppsökande arbete"

    number = models.CharField(max_length=20)
    individual = TenantKey(Individual, related_name="cases")
    programme = models.CharField(max_length=10, choices=Programme.choices)
    contact_way = models.CharField(max_length=30, choices=ContactWay.choices)
    target_group = EncryptedText()  # delicate: on the person's own page only, never in a list (SoLPUL 7 a §)
    target_text = EncryptedText()
    worker = TenantKey(Membership)
    created_by = TenantKey(Membership)
    opened_on = models.DateField(default=timezone.localdate)
    closed_on = models.DateField(null=True)
    closing_reason = EncryptedText()
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(CaseQuerySet)()
    wall = Wall(
        read="id = ANY ((SELECT wall.open_cases())::uuid[])",
        insert="created_by_id = (SELECT wall.membership())"
        " AND (SELECT wall.role()) IN ('social_worker', 'unit_manager')",
    )

    class Meta:
        ordering = ["-opened_on", "number", "id"]
        permissions = [("open_case", "Öppna ärendet")]
        indexes = [models.Index(fields=["authority", "individual"], name="case_of_individual")]
        constraints = [
            models.UniqueConstraint(fields=["authority", "number"], name="case_number_once_per_authority"),
            models.UniqueConstraint(
                fields=["authority", "individual", "programme"],
                condition=Q(closed_on=None),
                name="one_open_case_per_programme",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="case_closes_after_opening"
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        from django.urls import reverse

        return reverse("plans:person", args=[self.pk])


class OfCaseQuerySet(TenantQuerySet):
    """Rows that hang on a case are seen by those who may open it."""

    def visible_to(self, by):
        return self.filter(case__in=Case.objects.visible_to(by))


class GrantQuerySet(TenantQuerySet):
    def on_day(self, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, ended_at=None)

    def in_force(self, by, *, on):
        return self.on_day(on).filter(membership_id=by.pk)

    def visible_to(self, by):
        return self.filter(Q(membership_id=by.pk) | Q(content_object__in=Case.objects.visible_to(by)))


class AccessGrant(UserObjectPermissionBase, TenantModel):
    """Why one membership may open one case, and until when. A typed django-guardian row; the end is observed by both
    walls, which is why guardian's own backend, that cannot see it, is left out. Written by ``grant_access`` only."""

    class Kind(models.TextChoices):
        WORKER = "worker", "handlägger ärendet"
        COORDINATOR = "coordinator", "är samordnare"
        DEPUTY = "deputy", "är ersättare för samordnaren"
        TEAM = "team", "är med i teamet"
        NAMED = "named", "har fått åtkomst särskilt"

    content_object = TenantKey(Case)
    membership = TenantKey(Membership)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reason = EncryptedText()
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    granted_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(GrantQuerySet)()
    wall = Wall(
        read="membership_id = (SELECT wall.membership())"
        " OR content_object_id = ANY ((SELECT wall.open_cases())::uuid[])",
        insert="wall.may_grant(content_object_id)",
        update="content_object_id = ANY ((SELECT wall.open_cases())::uuid[])",
    )

    class Meta:
        unique_together = []
        indexes = [
            models.Index(fields=["membership", "content_object"], name="grant_of_member", condition=Q(ended_at=None)),
            models.Index(fields=["content_object"], name="grant_of_case"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="grant_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["authority", "content_object", "membership", "kind"],
                condition=Q(ended_at=None, ends_on=None),
                name="one_open_grant_of_a_kind",
            ),
        ]


class ConsentQuerySet(OfCaseQuerySet):
    def towards(self, by):
        """Waivers towards the membership's own authority; a guest in a team may see what covers it."""
        return self.filter(kind=Consent.Kind.WAIVER, recipient_id=by.authority_id)

    def in_force(self, *, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, withdrawn_at=None)

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

    case = TenantKey(Case, related_name="consents")
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

    objects = SharedManager.from_queryset(ConsentQuerySet)()
    wall = Wall(
        read=OPEN_CASE,
        share="recipient_id = (SELECT wall.authority()) AND case_id = ANY ((SELECT wall.joined_cases())::uuid[])",
        locked="true", still_free=("withdrawn_at", "withdrawn_by_id"),
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


class NoteQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        """A draft is its author's alone."""
        return super().visible_to(by).filter(Q(signed_at__isnull=False) | Q(author_id=by.pk))


class CaseNote(TenantModel):
    """A note of the journal. Fact apart from assessment; signed is locked, here and in the database."""

    class Kind(models.TextChoices):
        CALL = "call", "telefonsamtal"
        MEETING = "meeting", "möte"
        VISIT = "visit", "hembesök"
        MESSAGE = "message", "meddelande"
        OTHER = "other", "annat"

    case = TenantKey(Case, related_name="notes")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.CALL)
    event_on = models.DateField("händelsedag", default=timezone.localdate)
    source = EncryptedText()
    fact = EncryptedText()
    assessment = EncryptedText()
    author = TenantKey(Membership)
    signed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(NoteQuerySet)()
    wall = Wall(
        read=f"{OPEN_CASE} AND (signed_at IS NOT NULL OR author_id = (SELECT wall.membership()))",
        insert=f"{OPEN_CASE} AND author_id = (SELECT wall.membership())",
        update=f"{OPEN_CASE} AND author_id = (SELECT wall.membership())",
        locked="OLD.signed_at IS NOT NULL",
        fixed=("authority_id", "case_id", "author_id"),
    )

    class Meta:
        ordering = ["-event_on", "-created_at", "id"]
        indexes = [models.Index(fields=["case", "-event_on"], name="notes_of_case")]


class NoteAddition(TenantModel):
    """What is added to a signed note and never changes it: a correction, or that the individual holds it wrong
    (SoL 14:6). Locked from the moment it is written."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", "Rättelse"
        OBJECTION = "objection", "Den enskildes invändning"

    case = TenantKey(Case, related_name="+")
    note = TenantKey(CaseNote, related_name="additions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = EncryptedText()
    author = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND author_id = (SELECT wall.membership())", app="SELECT, INSERT",
        append_only=True,
    )  # fmt: skip

    class Meta:
        ordering = ["created_at", "id"]


class Disclosure(TenantModel):
    """What has left the authority: what, to whom, on what ground, when, which copy."""

    case = TenantKey(Case, related_name="disclosures")
    what = models.CharField(max_length=60)  # "plan.version"
    object_id = models.UUIDField()
    recipient_kind = models.CharField(max_length=20)
    recipient = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    recipient_text = EncryptedText()
    ground = models.CharField(max_length=120)
    copy_number = models.PositiveIntegerField()
    sha256 = models.BinaryField()
    disclosed_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(read=OPEN_CASE, app="SELECT, INSERT", append_only=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "object_id", "copy_number"], name="each_copy_has_its_number")
        ]


class ClockQuerySet(OfCaseQuerySet):
    def open(self):
        return self.filter(done_at=None)


class Clock(TenantModel):
    """Something that must happen by a day. Ends by *done* or *extended with ground*; nobody can delete it."""

    class Kind(models.TextChoices):
        FOLLOW_UP = "follow_up", "Uppföljning av plan"

    case = TenantKey(Case, related_name="clocks")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    rule_id = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    owner = TenantKey(Membership)
    due_on = models.DateField()  # strict day
    remind_on = models.DateField()
    extended_to = models.DateField(null=True)
    extension_ground = EncryptedText()
    done_at = models.DateTimeField(null=True)
    done_by = TenantKey(Membership, null=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(ClockQuerySet)()
    wall = Wall(
        read=OPEN_CASE, locked="OLD.done_at IS NOT NULL",
        fixed=("authority_id", "case_id", "kind", "rule_id", "subject_id", "due_on", "remind_on"),
        worker="SELECT", worker_columns="id, authority_id, owner_id, remind_on, due_on, extended_to, done_at",
    )  # fmt: skip

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["owner", "due_on"], name="open_clocks_of_owner", condition=Q(done_at=None)),
            models.Index(fields=["remind_on"], name="open_clocks_by_day", condition=Q(done_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "kind", "subject_id"], name="one_clock_per_subject"),
            models.CheckConstraint(condition=Q(remind_on__lte=F("due_on")), name="clock_reminds_before_due"),
        ]

    @property
    def day(self):
        return self.extended_to or self.due_on


class NoticeQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(recipient_id=by.pk)


class Notice(TenantModel):
    """That there is something to do, said once to one person. The unique key is what makes it exactly once in the app;
    mail is at least once with a fixed Message-ID. Holds ids and days only: the worker's role can read nothing else."""

    class About(models.TextChoices):
        CLOCK = "clock", "bevakning"
        INVITATION = "invitation", "inbjudan"
        SECTION = "section", "avsnitt"
        MEETING = "meeting", "möte"
        DECISION = "decision", "beslut"

    about = models.CharField(max_length=12, choices=About.choices)
    subject_id = models.UUIDField()
    recipient = TenantKey(Membership, authority_column="recipient_authority_id")
    recipient_authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    about_on = models.DateField()
    sending_at = models.DateTimeField(null=True)  # set and committed before the mail goes out
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)

    objects = SharedManager.from_queryset(NoticeQuerySet)()
    wall = Wall(
        read="recipient_id = (SELECT wall.membership())", share="recipient_id = (SELECT wall.membership())",
        insert="(SELECT wall.role()) IN ('social_worker', 'unit_manager')", app="SELECT, INSERT",
        worker="SELECT, INSERT, UPDATE",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "about", "subject_id", "recipient", "about_on"], name="one_notice_per_occurrence"
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="notices_to_send", condition=Q(sent_at=None))]
