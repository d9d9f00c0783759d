"""Identification of trafficking, the national support programme, and places to avoid. Those who are a danger are rows
of the assessments (``AssessedThreat``)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models.case import Case, OfCaseQuerySet
from cases.models.note import NoteQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class Identification(TenantModel):
    """Who has seen what, when, and what it was taken to be. Several over time: a new one stands beside the old, and
    none is changed once signed. ``signs`` are ids from ``cases/signs.toml``, one a line."""

    class MadeBy(models.TextChoices):
        OWN_AUTHORITY = "own_authority", "vi själva"
        POLICE = "police", "polisen"
        PROSECUTOR = "prosecutor", "åklagaren"
        MIGRATION_AGENCY = "migration_agency", "Migrationsverket"
        REGIONAL_COORDINATOR = "regional_coordinator", "regionkoordinator"
        HEALTH_CARE = "health_care", "hälso- och sjukvården"
        CIVIL_SOCIETY = "civil_society", "civilsamhället"
        OTHER = "other", "någon annan"

    class Standing(models.TextChoices):
        PRESUMED = "presumed", "Det kan antas att personen är utsatt"
        CONFIRMED = "confirmed", "Det är bekräftat att personen är utsatt"
        NOT_NOW = "not_now", "Underlaget räcker inte än"

    case = TenantKey(Case, related_name="identifications")
    made_by = EncryptedText(choices=MadeBy.choices)
    made_by_text = EncryptedText()
    identified_on = models.DateField(default=timezone.localdate)
    signs = EncryptedText()
    own_words = EncryptedText()
    standing = EncryptedText(choices=Standing.choices)
    told_on = models.DateField(null=True)
    told_language = EncryptedText()
    author = TenantKey(Membership)
    signed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(NoteQuerySet)()
    wall = Wall(
        read=f"{OPEN_CASE} AND (signed_at IS NOT NULL OR author_id = (SELECT wall.membership()))",
        insert=f"{OPEN_CASE} AND author_id = (SELECT wall.membership())",
        update=f"{OPEN_CASE} AND author_id = (SELECT wall.membership())",
        locked="OLD.signed_at IS NOT NULL", fixed=("case_id", "author_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["-identified_on", "-created_at", "id"]
        indexes = [models.Index(fields=["case"], name="identifications_of_case")]

    @property
    def sign_ids(self):
        return self.signs.split()


class SupportPeriod(TenantModel):
    """One step in the national support programme, from one day to another. It may end earlier; a longer or a further
    time is a new row."""

    class Step(models.TextChoices):
        REST = "rest", "Vila"
        REHABILITATION = "rehabilitation", "Rehabilitering"
        INTEGRATION = "integration", "Integration"
        SINGLE = "single", "Enstaka insats"

    case = TenantKey(Case, related_name="support_periods")
    step = EncryptedText(choices=Step.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    contact = EncryptedText()
    paid = EncryptedText()
    why_longer = EncryptedText()
    recorded_by = TenantKey(Membership)
    ended_on = models.DateField(null=True)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, locked="true", still_free=("ended_on",), once=("ended_on",), mine=("recorded_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["-starts_on", "id"]
        indexes = [models.Index(fields=["case"], name="support_periods_of_case")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="support_ends_after_start")
        ]


class KeptQuerySet(OfCaseQuerySet):
    def current(self):
        return self.filter(ended_on=None)


class AvoidPlace(TenantModel):
    """A place where the person must not be met or sent, and why. Shown before a place for a meeting is chosen."""

    case = TenantKey(Case, related_name="avoid_places")
    place = EncryptedText()
    why = EncryptedText()
    recorded_by = TenantKey(Membership)
    ended_on = models.DateField(null=True)

    objects = TenantManager.from_queryset(KeptQuerySet)()
    wall = Wall(
        read=OPEN_CASE, locked="true", still_free=("ended_on",), once=("ended_on",), mine=("recorded_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["case"], name="avoid_places_of_case")]
