"""Who stands beside a child, what they may decide, and whether they may be the danger. None of them has an account:
what one of them is given is released to that very one, piece by piece (``children.models.release``)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models import Case, OfCaseQuerySet
from children.bands import database_functions
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class Guardian(TenantModel):
    """A person beside the child in the child's case: a parent with or without custody, or somebody appointed. Nothing
    goes to any of them by itself."""

    class Relation(models.TextChoices):
        MOTHER = "mother", "mamma"
        FATHER = "father", "pappa"
        PARENT = "parent", "förälder"
        APPOINTED = "appointed", "särskilt förordnad vårdnadshavare"
        OTHER = "other", "annan vuxen nära barnet"

    case = TenantKey(Case, related_name="guardians")
    name = EncryptedText()
    relation = models.CharField(max_length=12, choices=Relation.choices)
    reached_by = EncryptedText()
    may_contact = models.BooleanField(default=False)
    may_be_sent = EncryptedText()  # what, and by what way; empty: nothing
    added_by = TenantKey(Membership)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND wall.is_childs_case(case_id)", fixed=("case_id", "added_by_id"),
        mine=("added_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["created_at", "id"]

    @property
    def words(self):
        return f"{self.name} ({self.get_relation_display()})"


class CustodyQuerySet(OfCaseQuerySet):
    def on_day(self, day):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Custody(TenantModel):
    """That one guardian has custody, alone or together with another, from a day to a day. Whoever has it is a party."""

    class Kind(models.TextChoices):
        SOLE = "sole", "ensam vårdnad"
        JOINT = "joint", "gemensam vårdnad"

    case = TenantKey(Case, related_name="+")
    guardian = TenantKey(Guardian, related_name="custody")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    source = EncryptedText()  # how we know
    noted_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(CustodyQuerySet)()
    wall = Wall(
        read=OPEN_CASE, fixed=("case_id", "guardian_id", "kind", "starts_on", "source", "noted_by_id"),
        mine=("noted_by_id",), only_earlier=("ends_on",),
    )  # fmt: skip

    class Meta:
        ordering = ["-starts_on", "-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "guardian"], condition=Q(ends_on=None), name="one_custody_each_until_further"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="custody_ends_after_start"
            ),
        ]


class StandingQuerySet(OfCaseQuerySet):
    def standing(self):
        return self.filter(ended_at=None)


class GuardianMark(TenantModel):
    """That a guardian is suspected of a crime against the child, or is close to somebody who is. While it stands
    nothing is released to that guardian but what a party has a right to, tried by the manager. Ended by a manager."""

    class Kind(models.TextChoices):
        SUSPECTED = "suspected", "misstänkt för brott mot barnet"
        CLOSE = "close", "nära någon som är misstänkt"

    case = TenantKey(Case, related_name="+")
    guardian = TenantKey(Guardian, related_name="marks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    since_on = models.DateField(default=timezone.localdate)
    words = EncryptedText()  # what we know, and from whom
    noted_by = TenantKey(Membership)
    ended_at = models.DateTimeField(null=True)
    ended_by = TenantKey(Membership, null=True)
    end_reason = EncryptedText()

    objects = TenantManager.from_queryset(StandingQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND ended_at IS NULL",
        update=f"{OPEN_CASE} AND (SELECT wall.role()) = 'unit_manager'", locked="OLD.ended_at IS NOT NULL",
        fixed=("case_id", "guardian_id", "kind", "since_on", "words", "noted_by_id"),
        mine=("noted_by_id", "ended_by_id"), once=("ended_at", "ended_by_id"), secret_statistics=("kind",),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "guardian"], condition=Q(ended_at=None), name="one_mark_on_a_guardian"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason=b"")),
                name="guardian_mark_ends_with_a_reason",
            ),
        ]


class PartyLimit(TenantModel):
    """The recorded ground on which a guardian who is a party is not given what a party else has a right to."""

    case = TenantKey(Case, related_name="+")
    guardian = TenantKey(Guardian, related_name="limits")
    rule_id = models.CharField(max_length=60)
    covers = EncryptedText()  # what is not given
    reason = EncryptedText()
    starts_on = models.DateField(default=timezone.localdate)
    decided_by = TenantKey(Membership)
    ended_at = models.DateTimeField(null=True)
    ended_by = TenantKey(Membership, null=True)
    end_reason = EncryptedText()

    objects = TenantManager.from_queryset(StandingQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND ended_at IS NULL", locked="OLD.ended_at IS NOT NULL",
        fixed=("case_id", "guardian_id", "rule_id", "covers", "reason", "starts_on", "decided_by_id"),
        mine=("decided_by_id", "ended_by_id"), once=("ended_at", "ended_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "guardian"], condition=Q(ended_at=None), name="one_limit_on_a_party"
            ),
            models.CheckConstraint(
                condition=Q(rule_id__gt="") & ~Q(covers=b"") & ~Q(reason=b""), name="a_limit_has_its_ground"
            ),
        ]


class GuardianAnswer(TenantModel):
    """What a guardian, or the child itself (no guardian), has said to something that needs their consent. A change of
    mind is a new row. Which question it answers: ``subject_id``, see ``children.consenting.key_of``."""

    class Answer(models.TextChoices):
        YES = "yes", "säger ja"
        NO = "no", "säger nej"
        SILENT = "silent", "har inte gått att nå"

    class Weight(models.TextChoices):
        CONSIDERED = "considered", "vägs in efter ålder och mognad"
        DECIDES = "decides", "avgör"
        ALONE = "alone", "den unga bestämmer själv, utan vårdnadshavare"

    case = TenantKey(Case, related_name="+")
    guardian = TenantKey(Guardian, null=True, related_name="answers")
    weight = models.CharField(max_length=10, choices=Weight.choices, blank=True)  # of the child's own answer
    weight_why = EncryptedText()
    about = EncryptedText()  # what was asked
    subject_id = models.UUIDField(null=True)  # the row it is about, when there is one
    answer = models.CharField(max_length=6, choices=Answer.choices)
    day = models.DateField(default=timezone.localdate)
    words = EncryptedText()  # how it was said, and why
    noted_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(read=OPEN_CASE, app="SELECT, INSERT", append_only=True, mine=("noted_by_id",))

    class Meta:
        ordering = ["-day", "-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(guardian__isnull=False, weight="")
                | (Q(guardian=None) & ~Q(weight="") & (Q(weight="decides") | ~Q(weight_why=b""))),
                name="a_childs_answer_has_its_weight",
            ),
        ]

    @staticmethod
    def wall_functions():
        return database_functions()
