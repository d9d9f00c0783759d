"""What the child has said, and what it came to mean."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models import Case, OfCaseQuerySet
from cases.models.case import open_cases
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall
from teams.models import Decision

SENT = "id = ANY ((SELECT wall.voices_sent())::uuid[])"  # to the one who is to decide, here or at another board


class VoiceQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        """Of an open case; and what belongs to a proposal that was sent to the one who is to decide it. When another
        board has lent it: through ``across`` alone."""
        weighed = BestInterest.across.filter(decision__in=Decision.across.visible_to(by))
        return self.filter(Q(case__in=open_cases(by)) | Q(pk__in=weighed.values("voice")))


class ChildVoice(TenantModel):
    """One time the child was asked and what it said, in its own words; or that it was not heard, and why. Locked from
    the moment it is written: a child that has more to say is heard once more."""

    class Way(models.TextChoices):
        TALK = "talk", "i samtal"
        PICTURE = "picture", "genom bild, lek eller kort"
        WRITTEN = "written", "skriftligt eller i meddelande"
        THROUGH = "through", "genom någon som barnet litar på"
        WATCHED = "watched", "så som barnet visade det"

    class Unheard(models.TextChoices):
        UNWILLING = "unwilling", "Barnet har fått frågan och vill inte"
        YOUNG = "young", "Barnet är för litet för att kunna säga något om det här"
        HARM = "harm", "Att fråga skulle skada barnet"
        UNREACHED = "unreached", "Barnet har inte gått att nå"
        URGENT = "urgent", "Beslutet kunde inte vänta"

    class Consent(models.TextChoices):
        YES = "yes", "Ja, den som har vårdnaden"
        NO = "no", "Nej, någon har sagt nej"
        NOT_ASKED = "not_asked", "Ingen har frågats"
        NOT_NEEDED = "not_needed", "Behövs inte, barnet för sin egen talan"

    case = TenantKey(Case, related_name="voices")
    day = models.DateField(default=timezone.localdate)
    about = EncryptedText()  # what the child was asked about
    heard = models.BooleanField()
    way = models.CharField(max_length=10, choices=Way.choices, blank=True)
    asked_by = EncryptedText()  # who asked the child
    present = EncryptedText()  # who else was there
    own_words = EncryptedText()
    guardian_consent = models.CharField(max_length=10, choices=Consent.choices, blank=True)
    guardian_present = models.BooleanField(default=False)
    rule_id = models.CharField(max_length=60, blank=True)  # on which a talk went without consent or without them
    rule_why = EncryptedText()
    unheard = models.CharField(max_length=10, choices=Unheard.choices, blank=True)
    unheard_why = EncryptedText()
    written_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(VoiceQuerySet)()
    across = SharedManager.from_queryset(VoiceQuerySet)()
    wall = Wall(
        read=f"({OPEN_CASE}) OR {SENT}", share=SENT, insert=OPEN_CASE,
        app="SELECT, INSERT", append_only=True, mine=("written_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["-day", "-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(heard=True, unheard="") & ~Q(way="") & ~Q(guardian_consent="") & ~Q(own_words=b""))
                | (Q(heard=False, way="", guardian_consent="") & ~Q(unheard="") & ~Q(unheard_why=b"")),
                name="heard_with_words_or_not_with_why",
            ),
            models.CheckConstraint(
                condition=Q(heard=False) | Q(guardian_consent__in=["yes", "not_needed"]) | Q(rule_id__gt=""),
                name="without_consent_on_a_rule",
            ),
        ]


class BestInterestQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        mine = Q(decision__in=Decision.across.visible_to(by))
        return self.filter(Q(case__in=open_cases(by)) | mine)


class BestInterest(TenantModel):
    """What is best for the child, weighed before something is decided: with what the child said, what weight that got
    and why (SoL 3:1–3). Locked from the moment it is written."""

    class About(models.TextChoices):
        DECISION = "decision", "ett beslut"
        PLAN = "plan", "planen"
        OTHER = "other", "något annat"

    class Weight(models.TextChoices):
        FOLLOWED = "followed", "Det blir som barnet vill"
        PARTLY = "partly", "Det blir delvis som barnet vill"
        NOT = "not", "Det blir inte som barnet vill"
        NOT_HEARD = "not_heard", "Barnet har inte hörts"

    case = TenantKey(Case, related_name="best_interests")
    about = models.CharField(max_length=10, choices=About.choices)
    decision = TenantKey(Decision, null=True, related_name="best_interests")
    what = EncryptedText()  # what is to be decided, when it is no decision of the board's
    voice = TenantKey(ChildVoice)
    weight = models.CharField(max_length=10, choices=Weight.choices)
    weight_why = EncryptedText()
    best = EncryptedText()  # what is best for the child, and what speaks for and against
    others = EncryptedText()  # other interests, and how they were weighed
    written_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(BestInterestQuerySet)()
    across = SharedManager.from_queryset(BestInterestQuerySet)()
    wall = Wall(
        read=f"({OPEN_CASE}) OR decision_id = ANY ((SELECT wall.sent_decisions())::uuid[])",
        share="decision_id = ANY ((SELECT wall.lent_decisions())::uuid[])", insert=OPEN_CASE,
        app="SELECT, INSERT", append_only=True, mine=("written_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["decision"], name="best_interest_of_decision")]
        constraints = [
            models.CheckConstraint(
                condition=Q(about="decision", decision__isnull=False) | (~Q(about="decision") & Q(decision=None)),
                name="weighed_for_a_decision_or_not",
            ),
            models.CheckConstraint(condition=~Q(best=b"") & ~Q(weight_why=b""), name="weighed_with_reasons"),
        ]
