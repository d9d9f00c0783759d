"""What came of an agreed plan, said by the person and by the worker, each in own words."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText, sealed_json
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall
from plans.models.plan import Goal, PlanVersion


class FollowUp(TenantModel):
    """One following-up of one agreed version. Written together while one talks; done is locked. Answers are never a
    condition of help: nothing reads them to decide by them."""

    class Outcome(models.TextChoices):
        GOES_ON = "goes_on", "Planen fortsätter som den är"
        REVISED = "revised", "Planen görs om"
        ENDED = "ended", "Planen avslutas"

    version = TenantKey(PlanVersion, related_name="follow_ups")
    case = TenantKey(Case, related_name="+")
    held_on = models.DateField(default=timezone.localdate)
    own_words = EncryptedText()
    summary = EncryptedText()
    sealed_experience = EncryptedText()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    next_on = models.DateField(null=True)
    end_reason = EncryptedText()
    begun_by = TenantKey(Membership)
    done_at = models.DateTimeField(null=True)
    done_by = TenantKey(Membership, null=True)
    row_version = models.PositiveIntegerField(default=1)

    experience = sealed_json("sealed_experience")  # {"edition": …, question: code}; voluntary

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND done_at IS NULL", locked="OLD.done_at IS NOT NULL",
        fixed=("authority_id", "case_id", "version_id", "begun_by_id"), mine=("begun_by_id", "done_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["-held_on", "-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "version"], condition=Q(done_at=None), name="one_open_follow_up"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(outcome="")),
                name="done_follow_up_says_what_next",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(outcome="ended") | Q(next_on__isnull=False),
                name="followed_up_again_or_ended",
            ),
        ]  # fmt: skip


class GoalAnswer(TenantModel):
    """How it went with one goal: the person's answer and the worker's, side by side. They need not agree."""

    class Answer(models.TextChoices):
        REACHED = "reached", "nått"
        PARTLY = "partly", "delvis"
        NOT = "not", "inte nått"
        NOT_RELEVANT = "not_relevant", "inte aktuellt längre"

    follow_up = TenantKey(FollowUp, related_name="answers")
    case = TenantKey(Case, related_name="+")
    goal = TenantKey(Goal, related_name="answers")
    person_answer = models.CharField(max_length=12, choices=Answer.choices, blank=True)
    person_words = EncryptedText()
    worker_answer = models.CharField(max_length=12, choices=Answer.choices, blank=True)
    worker_words = EncryptedText()

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND NOT wall.follow_up_done(follow_up_id)",
        locked="wall.follow_up_done(OLD.follow_up_id)", fixed=("authority_id", "case_id", "follow_up_id", "goal_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["authority", "follow_up", "goal"], name="one_answer_per_goal")]
