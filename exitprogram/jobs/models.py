from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from exitprogram.crypto.fields import EncryptedText
from exitprogram.jobs.kinds import KINDS
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

MINE = "asked_by_id = (SELECT wall.membership())"
KEPT_DAYS = 30


def kept_until():
    return timezone.localdate() + timedelta(days=KEPT_DAYS)


class JobQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """One's own, and nobody else's."""
        return self.filter(authority_id=by.authority_id, asked_by_id=by.pk)

    def going(self):
        return self.filter(state__in=(Job.State.WAITING, Job.State.RUNNING))


class Job(TenantModel):
    """Something long that somebody has asked for. Claimed like a notice: ``tries`` is the fencing token and the claim
    ends by itself, so that another goes on with the part that was not done when a worker died. Holds ids, days and
    counts; why it stopped is sealed, since a refusal may name a case."""

    class State(models.TextChoices):
        WAITING = "waiting", "väntar"
        RUNNING = "running", "pågår"
        DONE = "done", "klart"
        FAILED = "failed", "gick inte"
        CANCELLED = "cancelled", "avbrutet"

    kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    asked_by = TenantKey(Membership)
    parts = ArrayField(models.CharField(max_length=40))
    done = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    why = EncryptedText()
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    cancel_asked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_on = models.DateField(default=kept_until)

    objects = TenantManager.from_queryset(JobQuerySet)()
    wall = Wall(
        read=MINE, insert=f"{MINE} AND state = 'waiting' AND tries = 0 AND done = 0",
        delete="(SELECT wall.system()) AND expires_on < wall.today()",
        fixed=("asked_by_id", "kind", "subject_id", "parts"), once=("cancel_asked_at",),
        locked="OLD.state NOT IN ('waiting', 'running') AND OLD.expires_on >= wall.today()",
        never="NEW.done < OLD.done OR NEW.tries < OLD.tries",
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "kind", "subject_id"], condition=Q(state__in=("waiting", "running")),
                name="one_going_job_per_subject",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["created_at"], name="jobs_to_do", condition=Q(state__in=("waiting", "running")))
        ]

    @property
    def said(self):
        return KINDS[self.kind]

    @property
    def is_going(self):
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def total(self):
        return len(self.parts)
