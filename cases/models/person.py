"""The person, the numbers they have had, and how they can be reached without harm."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from cases.countries import COUNTRIES
from cases.models.case import Case
from cases.models.merge import merges_about, same_people
from cases.names import folded, sounds_like
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership, Region
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

PERSON_OPEN = "individual_id IN (SELECT unnest((SELECT wall.open_individuals()))) OR wall.newly_added(individual_id)"


class IndividualQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """People in cases open to the membership, those they are merged with, and those it has just added and not yet
        opened a case for."""
        return self.filter(same_people(Case.objects.visible_to(by).values("individual_id")) | self._newly_added(by))

    def held_by(self, by):
        """Without the merged ones and without an emergency: whom the membership may merge or take apart."""
        return self.filter(Q(pk__in=Case.objects.held_by(by).values("individual_id")) | self._newly_added(by))

    @staticmethod
    def _newly_added(by):
        return Q(created_by_id=by.pk) & ~same_people(Case.objects.values("individual_id"))

    def same_as(self, *people):
        """These, and whoever they are merged with."""
        return self.filter(same_people([person.pk for person in people]))


class Individual(TenantModel):
    """A person, never keyed on a number; may be nameless, known by an alias. A protected name lies sealed."""

    class Protection(models.TextChoices):
        NONE = "none", "ingen"
        SECRECY_MARK = "secrecy_mark", "sekretessmarkering"
        PROTECTED_REGISTRATION = "protected_registration", "skyddad folkbokföring"

    class Gender(models.TextChoices):
        WOMAN = "woman", "Kvinna"
        MAN = "man", "Man"
        OTHER = "other", "Annat"
        DECLINED = "declined", "Vill inte säga"

    name = models.CharField(max_length=120, blank=True)
    alias = models.CharField(max_length=80, blank=True)
    sealed_name = EncryptedText()
    sealed_alias = EncryptedText()
    search_key = models.CharField(max_length=240, blank=True)  # folded name and alias; empty for protected people
    sound_key = models.CharField(max_length=240, blank=True)  # how each of their words sounds; empty likewise
    sealed_birth_date = EncryptedText()  # ISO; eight of a number's twelve digits
    gender = EncryptedText()  # a word of Gender, as the person says it; only ever added up
    protection = models.CharField(max_length=30, choices=Protection.choices, default=Protection.NONE)
    local_threat = models.BooleanField(default=False)  # our own judgement, with or without a formal mark
    guarded = models.BooleanField(default=False, editable=False)  # either of them; what every list and function asks
    language = models.CharField(max_length=40, default="svenska")
    needs_interpreter = models.BooleanField(default=False)
    created_by = TenantKey(Membership)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(IndividualQuerySet)()
    wall = Wall(
        read="id IN (SELECT unnest((SELECT wall.open_individuals())))"
        " OR (created_by_id = (SELECT wall.membership()) AND wall.newly_added(id))",
        insert="(SELECT wall.role()) IN ('social_worker', 'unit_manager')",
        fixed=("created_by_id",),
        mine=("created_by_id",),
        secret_statistics=(
            "name",
            "alias",
            "search_key",
            "sound_key",
            "protection",
            "local_threat",
            "guarded",
            "language",
        ),
    )

    class Meta:
        indexes = [models.Index(fields=["authority"], name="guarded_people", condition=Q(guarded=True))]
        constraints = [
            models.CheckConstraint(
                condition=Q(guarded=False) | Q(name="", alias="", search_key="", sound_key=""),
                name="protected_name_is_sealed",
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
        self.sound_key = "" if self.is_protected else sounds_like(f"{name} {alias}")

    @property
    def called(self):
        """(name, alias), wherever they lie."""
        return (self.sealed_name, self.sealed_alias) if self.is_protected else (self.name, self.alias)

    @cached_property
    def root(self):
        """The row whose name is shown: this one, or the one it has been merged into."""
        return next((merge.kept for merge in merges_about(self.pk) if merge.merged_id == self.pk), self)

    @property
    def is_protected(self):
        return self.protection != self.Protection.NONE or self.local_threat

    @property
    def protected_by(self):
        """Code words of the marks in force: the formal one, our own judgement, both or none."""
        formal = [str(self.protection)] if self.protection != self.Protection.NONE else []
        return formal + (["local_threat"] if self.local_threat else [])

    @property
    def shown_name(self):
        """How the person is called on a page that may show it."""
        name, alias = self.called
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
    """A number a person has or had: never in place of another. Stored sealed, found by a fingerprint keyed per
    authority. A reserve number is given by a region's health care; nothing is read out of its digits."""

    class Kind(models.TextChoices):
        PERSONAL = "personal", "personnummer"
        COORDINATION = "coordination", "samordningsnummer"
        RESERVE = "reserve", "reservnummer"
        FOREIGN = "foreign", "utländskt nummer"

    class Source(models.TextChoices):
        OWN = "own", "personen själv"
        DOCUMENT = "document", "legitimation eller annan handling"
        REGISTER = "register", "folkbokföringen"
        AUTHORITY = "authority", "en annan myndighet eller vården"

    individual = TenantKey(Individual)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    value = EncryptedText()  # 12 digits; a reserve or foreign number as it was written
    fingerprint = models.BinaryField()
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")  # that gave a reserve number
    country = models.CharField(max_length=2, choices=COUNTRIES, blank=True)  # that gave a foreign one
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.OWN)
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True)

    objects = TenantManager.from_queryset(OfIndividualQuerySet)()
    wall = Wall(
        read=PERSON_OPEN,
        fixed=(
            "individual_id", "kind", "value", "fingerprint", "region_id", "country", "source", "valid_from"
        ),
        once=("valid_to",),
    )  # fmt: skip

    class Meta:
        ordering = ["valid_from", "created_at", "id"]
        indexes = [models.Index(fields=["authority", "fingerprint"], name="identifier_by_fingerprint")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="number_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(region=None) | Q(kind="reserve"), name="only_a_reserve_has_a_region"),
            models.CheckConstraint(
                condition=(Q(kind="foreign") & ~Q(country="")) | (~Q(kind="foreign") & Q(country="")),
                name="a_foreign_number_has_a_country",
            ),
        ]

    @property
    def shown(self):
        """As it is written on paper."""
        swedish = self.kind in (self.Kind.PERSONAL, self.Kind.COORDINATION)
        return f"{self.value[:8]}-{self.value[8:]}" if swedish else self.value

    @property
    def given_by(self):
        return self.region.county_name if self.region_id else self.get_country_display() if self.country else ""


CONTACT_STANDS = timedelta(days=30)


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

    @property
    def is_old(self):
        """Not asked about for a month: what was safe then may not be now."""
        return self.verified_on < timezone.localdate() - CONTACT_STANDS
