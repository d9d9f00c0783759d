"""The case, and who may open it."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from cases.models.child_worker import ChildWorker
from exitprogram.crypto.fields import EncryptedText
from exitprogram.page.links import link
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.prepared import prepared
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall


class CaseSeries(TenantModel):
    """The last case number given out, per authority and year."""

    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)
    wall = Wall(insert="(SELECT wall.role()) IN ('social_worker', 'unit_manager')")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "year"], name="one_series_a_year")]


class CaseQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """Open to the membership by a grant in force today: worker, coordinator, deputy, team, named, or for an hour
        in an emergency. A block goes before all of them, and a child's case is for those who may have children's,
        or reads it for some days with a reason."""
        return self.filter(pk__in=open_cases(by))

    def held_by(self, by):
        """Open, and not only in an emergency or to read: what is changed, and whom it is opened to, is theirs."""
        return self.filter(pk__in=held_cases(by))

    def worked_by(self, by):
        """Open, and not only for reading some days: an emergency, too, is work."""
        return self.filter(pk__in=worked_cases(by))

    def granted(self, by, grants, *, on):
        from cases.models.block import closed_to

        of_children = Exists(ChildWorker.objects.of(by, on=on))
        reads = Q(pk__in=grants.filter(kind=AccessGrant.Kind.READING).values("content_object_id"))
        found = self.filter(~Q(programme=Case.Programme.CHILD) | of_children | reads)
        return found.filter(pk__in=grants.values("content_object_id")).exclude(closed_to(by, "individual_id"))

    def active(self):
        return self.filter(closed_on=None)


@prepared
def open_cases(by, on):
    return Case.objects.granted(by, AccessGrant.objects.in_force(by, on=on), on=on).order_by().values("pk")


@prepared
def held_cases(by, on):
    held = AccessGrant.objects.in_force(by, on=on).exclude(kind__in=AccessGrant.TAKEN)
    return Case.objects.granted(by, held, on=on).order_by().values("pk")


@prepared
def worked_cases(by, on):
    worked = AccessGrant.objects.in_force(by, on=on).exclude(kind=AccessGrant.Kind.READING)
    return Case.objects.granted(by, worked, on=on).order_by().values("pk")


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
        UNKNOWN = "unknown", "inte känt än"  # a call in immediate danger: filled in later

    number = models.CharField(max_length=20)
    individual = TenantKey("cases.Individual", related_name="cases")
    programme = models.CharField(max_length=10, choices=Programme.choices)
    contact_way = models.CharField(max_length=30, choices=ContactWay.choices)
    target_group = EncryptedText()  # delicate: on the person's own page only, never in a list (SoLPUL 7 a §)
    target_text = EncryptedText()
    worker = TenantKey(Membership)
    created_by = TenantKey(Membership)
    opened_on = models.DateField(default=timezone.localdate)
    closed_on = models.DateField(null=True)  # why, and by whom: Closure
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(CaseQuerySet)()
    wall = Wall(
        read="id IN (SELECT unnest((SELECT wall.open_cases())))",
        # Of somebody one has just added oneself, or has a case with already: a case opens everything about its person.
        insert="worker_id = created_by_id AND (SELECT wall.role()) IN ('social_worker', 'unit_manager')"
        " AND (individual_id IN (SELECT unnest((SELECT wall.open_individuals()))) OR wall.newly_added(individual_id))"
        " AND (programme <> 'child' OR wall.is_child_worker(worker_id))",
        fixed=("individual_id", "programme", "number", "created_by_id", "opened_on"),
        mine=("created_by_id",),
    )

    class Meta:
        ordering = ["-opened_on", "number", "id"]
        permissions = [("open_case", "Öppna ärendet")]
        indexes = [
            models.Index(fields=["authority", "individual"], name="case_of_individual"),
            models.Index(fields=["authority", "id"], name="child_cases", condition=Q(programme="child")),
        ]
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
        return link("plans:person", self.pk)


class CaseRef:
    """The case's ids for the log, for somebody who may not open the case itself."""

    def __init__(self, row):
        self.pk, self.authority_id = row.case_id, row.authority_id


class OfCaseQuerySet(TenantQuerySet):
    """Rows that hang on a case are seen by those who may open it."""

    def visible_to(self, by):
        return self.filter(case_id__in=open_cases(by))


class GrantQuerySet(TenantQuerySet):
    def on_day(self, on):
        """``until`` is a moment, by the database's own clock."""
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=on), Q(until=None) | Q(until__gt=Now()), starts_on__lte=on, ended_at=None
        )

    def in_force(self, by, *, on):
        return self.on_day(on).opening().filter(membership_id=by.pk)

    def opening(self):
        """Not those that wait for her own answer, whether she knows the person (jäv)."""
        from cases.models.conflict import ConflictAnswer

        answers = ConflictAnswer.objects.filter(
            case_id=OuterRef("content_object_id"), membership_id=OuterRef("membership_id")
        )
        own = ~Q(kind__in=AccessGrant.ASKS) | Q(granted_by_id=F("membership_id"))
        return self.filter(own | Exists(answers))

    def visible_to(self, by):
        return self.filter(Q(membership_id=by.pk) | Q(content_object__in=open_cases(by)))


class AccessGrant(UserObjectPermissionBase, TenantModel):
    """Why one membership may open one case, and until when. A typed django-guardian row; the end is observed by both
    walls, which is why guardian's own backend, that cannot see it, is left out. Written by ``grant_access`` only."""

    class Kind(models.TextChoices):
        WORKER = "worker", "handlägger ärendet"
        COORDINATOR = "coordinator", "är samordnare"
        DEPUTY = "deputy", "är ersättare för samordnaren"
        TEAM = "team", "är med i teamet"
        NAMED = "named", "har fått åtkomst särskilt"
        EMERGENCY = "emergency", "har nödåtkomst"
        READING = "reading", "läser barnets akt en tid"

    TAKEN = (Kind.EMERGENCY, Kind.READING)  # by oneself, with a reason: read, and not held

    # Given by somebody else, these open nothing until she has answered whether she knows the person (ConflictAnswer).
    ASKS = (Kind.WORKER, Kind.COORDINATOR, Kind.DEPUTY, Kind.TEAM)

    content_object = TenantKey(Case)
    membership = TenantKey(Membership)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reason = EncryptedText()
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    until = models.DateTimeField(null=True)  # of an emergency: to the minute
    ended_at = models.DateTimeField(null=True)
    granted_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(GrantQuerySet)()
    wall = Wall(
        read="membership_id = (SELECT wall.membership())"
        " OR content_object_id IN (SELECT unnest((SELECT wall.open_cases())))",
        # To nobody who is blocked, and a child's to nobody without that permission, but to read it for some days with a
        # reason written down. An emergency's grant: one's own, for the very minutes that are written down.
        insert="NOT wall.is_blocked(content_object_id, membership_id)"
        " AND (kind = 'reading' OR wall.fits_child(content_object_id, membership_id)) AND CASE WHEN kind = 'emergency'"
        " THEN wall.in_emergency(content_object_id, membership_id, until) WHEN kind = 'reading'"
        " THEN wall.reads_childs_file(content_object_id, membership_id, starts_on, ends_on)"
        " ELSE wall.may_grant(content_object_id) AND wall.no_longer_than_own(content_object_id, ends_on) END",
        update="content_object_id IN (SELECT unnest((SELECT wall.open_cases())))"
        " OR (kind = 'emergency' AND membership_id = (SELECT wall.membership()))",
        fixed=(
            "content_object_id", "membership_id", "user_id", "permission_id", "kind", "reason", "starts_on",
            "until", "granted_by_id",
        ),
        mine=("granted_by_id",), once=("ended_at",), only_earlier=("ends_on",),
    )  # fmt: skip

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
            models.CheckConstraint(
                condition=Q(kind="emergency", until__isnull=False, ends_on__isnull=False)
                | (~Q(kind="emergency") & Q(until=None)),
                name="only_an_emergency_is_timed",
            ),
        ]
