"""Support without a case: met, helped and counted, and never known who (SoL 11:5, 14:5)."""

from datetime import datetime
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

READERS = (Role.SOCIAL_WORKER, Role.UNIT_MANAGER)


class OpenAccessQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(authority_id=by.authority_id) if by.role in READERS else self.none()


class OpenAccessContact(TenantModel):
    """A contact in open access, with nobody in it: no name, no number, no author, no time of day. There is no key to a
    person or a case, not even when it became one: a key would turn every earlier contact into a note about somebody
    who was promised that none was made. ``became_case`` is therefore a mark that counts, and nothing more."""

    class Way(models.TextChoices):
        CHAT = "chat", "chatt"
        PHONE = "phone", "telefon"
        DROP_IN = "drop_in", "besök utan tid"
        STREET = "street", "uppsökande på plats"
        ONLINE = "online", "uppsökande på nätet"

    class Support(models.TextChoices):
        TALK = "talk", "samtal och stöd"
        RIGHTS = "rights", "information om rättigheter och stöd"
        SAFETY = "safety", "samtal om säkerhet"
        SUPPLIES = "supplies", "mat, kläder, kondomer eller annat praktiskt"
        COMPANY = "company", "följde med till en annan verksamhet"
        CONTACT = "contact", "hjälp att ta kontakt"

    class Referral(models.TextChoices):
        CLINIC = "clinic", "mikamottagning eller annan mottagning"
        HEALTH = "health", "hälso- och sjukvård"
        SHELTER = "shelter", "skyddat boende eller jour"
        POLICE = "police", "polis"
        BOARD = "board", "socialtjänsten"
        CIVIL = "civil", "civilsamhället"
        OTHER = "other", "någon annan"

    class Language(models.TextChoices):
        SWEDISH = "sv", "svenska"
        ENGLISH = "en", "engelska"
        OTHER = "other", "annat språk"
        INTERPRETER = "interpreter", "genom tolk"

    day = models.DateField()
    way = models.CharField(max_length=10, choices=Way.choices)
    hours = models.DecimalField(max_digits=4, decimal_places=2, validators=[MinValueValidator(Decimal("0.25"))])
    support = ArrayField(models.CharField(max_length=10, choices=Support.choices))
    referred_to = ArrayField(models.CharField(max_length=10, choices=Referral.choices), default=list)
    language = models.CharField(max_length=12, choices=Language.choices)
    text = EncryptedText()
    became_case = models.BooleanField(default=False)

    objects = TenantManager.from_queryset(OpenAccessQuerySet)()
    wall = Wall(
        read="(SELECT wall.role()) IN ('social_worker', 'unit_manager')",
        # What it says stays, but the free text can be taken away: a name may have slipped in.
        fixed=("day", "way", "hours", "support", "referred_to", "language", "created_at"),
        never="(OLD.became_case AND NOT NEW.became_case)"
        " OR (OLD.text IS DISTINCT FROM NEW.text AND NEW.text <> ''::bytea AND NOT wall.system())",
    )

    class Meta:
        ordering = ["-day", "id"]
        indexes = [models.Index(fields=["authority", "-day"], name="open_access_by_day")]
        constraints = [
            models.CheckConstraint(condition=models.Q(hours__gt=0, hours__lte=24), name="open_access_takes_time")
        ]

    def forget_the_hour(self):
        """The row is dated noon of its day: the time it was written would tie it to the log's lines of that minute."""
        noon = datetime.combine(self.day, datetime.min.time().replace(hour=12))
        self.created_at = timezone.make_aware(noon)

    @property
    def support_labels(self):
        return [self.Support(code).label for code in self.support]

    @property
    def referral_labels(self):
        return [self.Referral(code).label for code in self.referred_to]
