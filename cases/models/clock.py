"""What must happen by a day, and telling somebody so."""

from django.db import models
from django.db.models import F, Q

from cases.models.case import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class ClockQuerySet(OfCaseQuerySet):
    def open(self):
        return self.filter(done_at=None)


class Clock(TenantModel):
    """Something that must happen by a day. Ends by *done* or *extended with ground*; nobody can delete it."""

    class Kind(models.TextChoices):
        FOLLOW_UP = "follow_up", "Uppföljning av plan"

    case = TenantKey(Case, related_name="clocks")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    rule_id = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    owner = TenantKey(Membership)
    due_on = models.DateField()  # strict day
    remind_on = models.DateField()
    extended_to = models.DateField(null=True)
    extension_ground = EncryptedText()
    done_at = models.DateTimeField(null=True)
    done_by = TenantKey(Membership, null=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(ClockQuerySet)()
    wall = Wall(
        read=OPEN_CASE, locked="OLD.done_at IS NOT NULL", mine=("done_by_id",),
        fixed=("authority_id", "case_id", "kind", "rule_id", "subject_id", "due_on", "remind_on"),
        worker="SELECT", worker_columns="id, authority_id, owner_id, remind_on, due_on, extended_to, done_at",
    )  # fmt: skip

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["owner", "due_on"], name="open_clocks_of_owner", condition=Q(done_at=None)),
            models.Index(fields=["remind_on"], name="open_clocks_by_day", condition=Q(done_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "kind", "subject_id"], name="one_clock_per_subject"),
            models.CheckConstraint(condition=Q(remind_on__lte=F("due_on")), name="clock_reminds_before_due"),
        ]

    @property
    def day(self):
        return self.extended_to or self.due_on


class NoticeQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(recipient_id=by.pk)


class Notice(TenantModel):
    """That there is something to do, said once to one person. The unique key is what makes it exactly once in the app;
    mail is at least once with a fixed Message-ID. Holds ids and days only: the worker's role can read nothing else."""

    class About(models.TextChoices):
        CLOCK = "clock", "bevakning"
        INVITATION = "invitation", "inbjudan"
        SECTION = "section", "avsnitt"
        MEETING = "meeting", "möte"
        DECISION = "decision", "beslut"

    about = models.CharField(max_length=12, choices=About.choices)
    subject_id = models.UUIDField()
    recipient = TenantKey(Membership, authority_column="recipient_authority_id")
    recipient_authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    about_on = models.DateField()
    sending_at = models.DateTimeField(null=True)  # set and committed before the mail goes out
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)

    objects = SharedManager.from_queryset(NoticeQuerySet)()
    wall = Wall(
        read="recipient_id = (SELECT wall.membership())", share="recipient_id = (SELECT wall.membership())",
        insert="(SELECT wall.role()) IN ('social_worker', 'unit_manager')", app="SELECT, INSERT",
        worker="SELECT, INSERT, UPDATE",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "about", "subject_id", "recipient", "about_on"], name="one_notice_per_occurrence"
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="notices_to_send", condition=Q(sent_at=None))]
