"""The way from the children's programme to the adults', and what the adults' programme may read of the child's file."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models import Case
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import OPEN_CASE, Wall

ADULT_OPEN = "adult_case_id IN (SELECT unnest((SELECT wall.open_cases())))"


class EitherSideQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """For those who have the child's case, and those who have the grown-up's."""
        mine = Case.objects.visible_to(by).values("pk")
        return self.filter(Q(case__in=mine) | Q(adult_case__in=mine))


class Bridge(TenantModel):
    """What is done once, step by step: the person is asked herself, a case of her own is opened, and one coordinator
    hands over to another in person. It says nothing of what the child's file holds: both sides read it."""

    class Answer(models.TextChoices):
        YES = "yes", "Ja, personen vill fortsätta i vuxenprogrammet"
        LATER = "later", "Vill tänka, vi frågar igen"
        NO = "no", "Nej, personen vill inte ha stöd i vuxenprogrammet"

    case = TenantKey(Case, related_name="bridges")
    asked_on = models.DateField(null=True)
    asked_by = TenantKey(Membership, null=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answer_words = EncryptedText()  # the person's own
    adult_case = TenantKey(Case, null=True, related_name="bridged_from")
    receiver = TenantKey(Membership, null=True)  # who is to coordinate from now on
    met_on = models.DateField(null=True)
    person_was_there = models.BooleanField(null=True)
    why_absent = EncryptedText()
    met_words = EncryptedText()  # what was handed over: agreed with the person, read on both sides
    handed_by = TenantKey(Membership, null=True)
    handed_at = models.DateTimeField(null=True)
    confirmed_by = TenantKey(Membership, null=True)
    confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(EitherSideQuerySet)()
    wall = Wall(
        read=f"{OPEN_CASE} OR {ADULT_OPEN}", insert=f"{OPEN_CASE} AND wall.is_childs_case(case_id)",
        fixed=("case_id",), mine=("asked_by_id", "handed_by_id", "confirmed_by_id"),
        once=("adult_case_id", "handed_by_id", "handed_at", "confirmed_by_id", "confirmed_at"),
        # Whose case it is, is asked of the database; and it is the receiver, and nobody else, who says that she has it.
        never="OLD.adult_case_id IS DISTINCT FROM NEW.adult_case_id"
        " AND NOT wall.same_grown_person(NEW.case_id, NEW.adult_case_id)"
        " OR OLD.handed_at IS NOT NULL AND ROW(OLD.met_on, OLD.met_words, OLD.person_was_there, OLD.receiver_id)"
        " IS DISTINCT FROM ROW(NEW.met_on, NEW.met_words, NEW.person_was_there, NEW.receiver_id) AND NOT wall.system()"
        " OR NEW.confirmed_by_id IS NOT NULL AND NEW.confirmed_by_id IS DISTINCT FROM NEW.receiver_id",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "case"], name="one_bridge_of_a_case"),
            models.CheckConstraint(
                condition=Q(asked_on=None, asked_by=None, answer="")
                | Q(asked_on__isnull=False, asked_by__isnull=False) & ~Q(answer=""),
                name="asked_by_somebody_with_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(handed_at=None, handed_by=None)
                | Q(handed_at__isnull=False, handed_by__isnull=False, adult_case__isnull=False, receiver__isnull=False,
                    met_on__isnull=False, person_was_there__isnull=False, answer="yes"),
                name="handed_over_at_a_meeting",
            ),
            models.CheckConstraint(
                condition=~Q(person_was_there=False) | ~Q(why_absent=b""), name="absence_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, handed_at__isnull=False),
                name="confirmed_after_it_was_handed_over",
            ),
        ]  # fmt: skip


class FileOpening(TenantModel):
    """Somebody who works with the grown-up reads the child's file for some days, and why. A grant of its own kind opens
    it, for reading alone; it is told to those who have the child's case."""

    case = TenantKey(Case, related_name="file_openings")
    adult_case = TenantKey(Case)
    membership = TenantKey(Membership)
    reason = EncryptedText()
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField()

    objects = TenantManager.from_queryset(EitherSideQuerySet)()
    wall = Wall(
        read=f"{OPEN_CASE} OR {ADULT_OPEN}", append_only=True, app="SELECT, INSERT",
        insert="membership_id = (SELECT wall.membership()) AND starts_on = wall.today()"
        " AND wall.may_read_childs_file(case_id, adult_case_id)",
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=b""), name="opened_with_a_reason"),
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="opening_ends_after_start"),
        ]
