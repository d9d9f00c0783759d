"""The right to be here, what it gives where, and the language in which to say so."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models.case import Case, OfCaseQuerySet
from cases.models.person import PERSON_OPEN, Individual, OfIndividualQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class PermitQuerySet(OfCaseQuerySet):
    def waiting(self):
        return self.filter(decided_on=None)

    def in_force(self, *, on):
        return self.filter(starts_on__lte=on, ends_on__gte=on).filter(Q(revoked_on=None) | Q(revoked_on__gt=on))


class Permit(TenantModel):
    """A residence permit: applied for, decided once, perhaps revoked. An extension is a new row that points back at the
    one it extends. Nobody changes what was applied for or decided, and nobody deletes it."""

    class Kind(models.TextChoices):
        REFLECTION = "reflection", "Betänketid"
        PROCEEDINGS = "proceedings", "Tillstånd för förundersökning eller rättegång"
        OTHER = "other", "Annat uppehållstillstånd"

    class AppliedBy(models.TextChoices):
        INVESTIGATION_LEADER = "investigation_leader", "förundersökningsledaren (polis eller åklagare)"
        SOCIAL_BOARD = "social_board", "socialnämnden"
        PERSON = "person", "personen själv eller ett ombud"

    class Outcome(models.TextChoices):
        GRANTED = "granted", "beviljat"
        REFUSED = "refused", "avslaget"

    case = TenantKey(Case, related_name="permits")
    kind = EncryptedText(choices=Kind.choices)
    applied_by = EncryptedText(choices=AppliedBy.choices)
    applied_on = models.DateField()
    extends = TenantKey("cases.Permit", null=True)
    ground = EncryptedText()
    recorded_by = TenantKey(Membership)
    outcome = EncryptedText(choices=Outcome.choices)
    decided_on = models.DateField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)  # last day on which it holds
    reasons = EncryptedText()
    decision_recorded_by = TenantKey(Membership, null=True)
    revoked_on = models.DateField(null=True)

    objects = TenantManager.from_queryset(PermitQuerySet)()
    wall = Wall(
        read=OPEN_CASE, locked="OLD.decided_on IS NOT NULL", still_free=("revoked_on",),
        fixed=("case_id", "kind", "applied_by", "applied_on", "extends_id", "ground", "recorded_by_id"),
        mine=("recorded_by_id", "decision_recorded_by_id"), once=("decided_on", "revoked_on"),
    )  # fmt: skip

    class Meta:
        ordering = ["-applied_on", "-created_at", "id"]
        indexes = [models.Index(fields=["case"], name="permits_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None, ends_on=None) | Q(decided_on__isnull=False, ends_on__gte=F("starts_on")),
                name="permit_has_days_when_decided",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on=None) | Q(starts_on__isnull=False), name="only_a_permit_is_revoked"
            ),
        ]


class Residence(TenantModel):
    """What right the person has to be here and which municipality answers, acts and pays, as known from a day on. What
    becomes known later is a new row. The municipalities' names are as delicate as an address: behind the password."""

    class Status(models.TextChoices):
        CITIZEN = "citizen", "svensk medborgare"
        PERMANENT = "permanent", "permanent uppehållstillstånd"
        TEMPORARY = "temporary", "tidsbegränsat uppehållstillstånd"
        REFLECTION = "reflection", "betänketid"
        PROCEEDINGS = "proceedings", "tillstånd för förundersökning eller rättegång"
        UNION_RIGHT = "union_right", "EU-medborgare med uppehållsrätt"
        UNION_NONE = "union_none", "EU-medborgare, uppehållsrätten inte klar"
        ASYLUM = "asylum", "söker asyl"
        NONE = "none", "saknar tillstånd"
        UNKNOWN = "unknown", "inte känt än"

    class Home(models.TextChoices):
        OWN = "own", "vår kommun"
        OTHER = "other", "en annan kommun"
        MOVING = "moving", "en annan, men personen måste flytta på grund av våld eller övergrepp"
        NONE = "none", "ingen kommun i Sverige"
        UNKNOWN = "unknown", "inte klarlagt"

    class Side(models.TextChoices):
        """Who acts, and who pays."""

        OWN = "own", "vår kommun"
        OTHER = "other", "en annan kommun"
        SHARED = "shared", "flera kommuner tillsammans"
        STATE = "state", "staten"
        UNKNOWN = "unknown", "inte klarlagt"

    case = TenantKey(Case, related_name="residences")
    known_on = models.DateField(default=timezone.localdate)
    status = EncryptedText(choices=Status.choices)
    home = EncryptedText(choices=Home.choices)
    home_text = EncryptedText()
    stay_text = EncryptedText()
    acting = EncryptedText(choices=Side.choices)  # which municipality decides and carries out
    acting_text = EncryptedText()
    paying = EncryptedText(choices=Side.choices)
    paying_text = EncryptedText()
    source = EncryptedText()
    recorded_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(read=OPEN_CASE, app="SELECT, INSERT", append_only=True, mine=("recorded_by_id",))

    class Meta:
        ordering = ["-known_on", "-created_at", "id"]
        indexes = [models.Index(fields=["case"], name="residences_of_case")]


class InterpreterWishes(TenantModel):
    """Whom the person can speak through, and whom never. Shown at the moment a meeting is called."""

    class Voice(models.TextChoices):
        ANY = "any", "spelar ingen roll"
        WOMAN = "woman", "kvinna"
        MAN = "man", "man"

    class Way(models.TextChoices):
        ANY = "any", "spelar ingen roll"
        ROOM = "room", "på plats"
        DISTANCE = "distance", "på telefon eller video, gärna från en annan del av landet"

    individual = TenantKey(Individual)
    dialect = EncryptedText()
    voice = EncryptedText(choices=Voice.choices)
    way = EncryptedText(choices=Way.choices)
    wanted = EncryptedText()
    never = EncryptedText()
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(OfIndividualQuerySet)()
    wall = Wall(read=PERSON_OPEN, fixed=("individual_id",))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "individual"], name="one_set_of_wishes_each")]
