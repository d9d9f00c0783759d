"""What happens around a decision: the party is heard and told, appeals, and what was granted is carried out."""

from django.db import models
from django.db.models import F, Q

from cases.models import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall
from teams.models.decision import Decision

BEFORE = ("heard", "answered", "silent")  # the party is heard before it is decided


class StepQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        """Of a decision lent by another board only how the party was heard, and only through ``across``."""
        own = Q(decision__in=Decision.objects.visible_to(by))
        return self.filter(own | Q(kind__in=BEFORE, decision__in=Decision.across.lent_to(by)))

    def of(self, *kinds):
        return self.filter(kind__in=kinds)


class DecisionStep(TenantModel):
    """One thing that happened, on its day. Nobody changes one: what was wrong is followed by what is right."""

    class Kind(models.TextChoices):
        HEARD = "heard", "Den enskilde fick ta del av underlaget"
        ANSWERED = "answered", "Den enskilde yttrade sig"
        SILENT = "silent", "Inget yttrande kom"
        TOLD = "told", "Underrättelse med överklagandehänvisning"
        RECEIVED = "received", "Den enskilde fick del av beslutet"
        APPEALED = "appealed", "Överklagande kom in"
        FORWARDED = "forwarded", "Överklagandet lämnat till förvaltningsrätten"
        COURT = "court", "Domstolen avgjorde"
        CARRIED_OUT = "carried_out", "Verkställt"
        INTERRUPTED = "interrupted", "Verkställigheten avbruten"
        REPORTED = "reported", "Rapporterat till IVO och revisorerna"
        NOT_WANTED = "not_wanted", "Inte längre aktuellt"

    class Way(models.TextChoices):
        MEETING = "meeting", "Muntligt vid möte"
        HANDED = "handed", "Överlämnat på plats"
        LETTER = "letter", "Brev"
        RECEIPT = "receipt", "Brev med mottagningsbevis"
        PHONE = "phone", "Telefon"
        DIGITAL = "digital", "Säker digital tjänst"
        AGENT = "agent", "Genom ombud"

    class Result(models.TextChoices):
        UPHELD = "upheld", "Beslutet står fast"
        CHANGED = "changed", "Beslutet ändras"
        ANNULLED = "annulled", "Beslutet upphävs"
        SENT_BACK = "sent_back", "Tillbaka till nämnden"
        REFUSED = "refused", "Överklagandet prövas inte"

    class Excuse(models.TextChoices):
        """Why an appeal that came late is not rejected (FL 45 §)."""

        INSTRUCTION = "instruction", "Nämnden hade inte lämnat en riktig överklagandehänvisning"
        COURT_IN_TIME = "court_in_time", "Det kom in till domstolen i tid"

    case = TenantKey(Case, related_name="+")
    decision = TenantKey(Decision, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    day = models.DateField()
    until = models.DateField(null=True)  # heard: answer by; appealed: the last day, when one could be counted
    way = models.CharField(max_length=10, choices=Way.choices, blank=True)
    result = models.CharField(max_length=12, choices=Result.choices, blank=True)
    excuse = models.CharField(max_length=14, choices=Excuse.choices, blank=True)
    in_time = models.BooleanField(null=True)  # of an appeal
    words = EncryptedText()
    by = TenantKey(Membership)

    objects = TenantManager.from_queryset(StepQuerySet)()
    across = SharedManager.from_queryset(StepQuerySet)()
    wall = Wall(
        read=f"({OPEN_CASE}) OR decision_id = ANY ((SELECT wall.sent_decisions())::uuid[])",
        share=f"decision_id = ANY ((SELECT wall.lent_decisions())::uuid[]) AND kind IN {BEFORE}",
        insert=OPEN_CASE, app="SELECT, INSERT", append_only=True, mine=("by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["day", "created_at", "id"]
        indexes = [models.Index(fields=["decision", "kind"], name="steps_of_decision")]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "decision", "kind"], condition=Q(kind__in=["forwarded", "court"]),
                name="one_way_through_the_court",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["heard", "told"]) | ~Q(way=""), name="told_in_some_way"
            ),
            models.CheckConstraint(condition=~Q(kind="heard") | Q(until__gte=F("day")), name="heard_with_a_time"),
            models.CheckConstraint(
                condition=~Q(kind="appealed") | Q(in_time__isnull=False), name="appeal_is_in_time_or_not"
            ),
            models.CheckConstraint(condition=~Q(kind="court") | ~Q(result=""), name="court_has_a_result"),
            models.CheckConstraint(
                condition=~Q(kind__in=["interrupted", "reported", "not_wanted"]) | ~Q(words=b""),
                name="not_carried_out_has_a_reason",
            ),
        ]  # fmt: skip
