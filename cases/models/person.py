"""The person, the numbers they have had, and how they can be reached without harm."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models.case import Case
from cases.names import folded
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

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

    name = models.CharField(max_length=120, blank=True)
    alias = models.CharField(max_length=80, blank=True)
    sealed_name = EncryptedText()
    sealed_alias = EncryptedText()
    search_key = models.CharField(max_length=240, blank=True)  # folded name and alias; empty for protected people
    sealed_birth_date = EncryptedText()  # ISO; eight of a number's twelve digits
    protection = models.CharField(max_length=30, choices=Protection.choices, default=Protection.NONE)
    local_threat = models.BooleanField(default=False)  # our own judgement, with or without a formal mark
    guarded = models.BooleanField(default=False, editable=False)  # either of them; what every list and function asks
    language = models.CharField(max_length=40, default="svenska")
    needs_interpreter = models.BooleanField(default=False)
    created_by = TenantKey(Membership)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(IndividualQuerySet)()
    wall = Wall(
        read="id = ANY ((SELECT wall.open_individuals())::uuid[])"
        " OR (created_by_id = (SELECT wall.membership()) AND wall.newly_added(id))",
        insert="(SELECT wall.role()) IN ('social_worker', 'unit_manager')",
        fixed=("created_by_id",),
        mine=("created_by_id",),
        secret_statistics=("name", "alias", "search_key", "protection", "local_threat", "guarded", "language"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(guarded=False) | Q(name="", alias="", search_key=""), name="protected_name_is_sealed"
            ),
            models.CheckConstraint(
                condition=Q(guarded=False, protection="none", local_threat=False)
                | (Q(guarded=True) & (~Q(protection="none") | Q(local_threat=True))),
                name="guarded_says_what_the_marks_say",
            ),
        ]

    @property
    def birth_date(self):
        return date.fromisoformat(self.sealed_birth_date) if self.sealed_birth_date else None

    @birth_date.setter
    def birth_date(self, day):
        self.sealed_birth_date = day.isoformat() if day else ""

    def be_called(self, *, name, alias, protection, local_threat=None):
        """Name and protection belong together: with protection the name is sealed and cannot be searched. A threat
        that is not spoken of stays as it was."""
        self.protection = protection
        self.local_threat = self.local_threat if local_threat is None else local_threat
        self.guarded = self.is_protected
        self.name, self.alias, self.sealed_name, self.sealed_alias = name, alias, "", ""
        if self.is_protected:
            self.name, self.alias, self.sealed_name, self.sealed_alias = "", "", name, alias
        self.search_key = "" if self.is_protected else folded(f"{name} {alias}")

    @property
    def is_protected(self):
        return self.protection != self.Protection.NONE or self.local_threat

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
    wall = Wall(read=PERSON_OPEN, fixed=("individual_id",))

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
    wall = Wall(read=PERSON_OPEN, fixed=("individual_id",))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "individual"], name="one_safe_contact_each")]
