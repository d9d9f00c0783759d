"""Telling somebody that there is something to do."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall


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
        ESCALATION = "escalation", "något som blivit sent"
        DISCLOSURE = "disclosure", "något att ta emot"
        TRANSFER = "transfer", "överflyttning"
        EMERGENCY = "emergency", "nödåtkomst"
        MEETING_MOVED = "meet_moved", "möte som ändrats"
        REVEALS = "reveals", "många visade adresser"
        STUCK = "stuck", "insats som står still"
        DECLINED = "declined", "någon som inte kan bidra"
        LEFT = "left", "någon som lämnat teamet"
        HANDOVER = "handover", "ärenden som lämnats över"
        AGREEMENT = "agreement", "överenskommelse"
        ARCHIVE = "archive", "utlämning till arkiv"
        CONFLICT = "conflict", "någon som känner personen"
        QUESTION = "question", "fråga eller svar"

    class Urgency(models.TextChoices):
        """What may not wait for the morning's mail. Everything else does."""

        NONE = "", "i morgonens besked"
        SAME_DAY = "same_day", "samma dag enligt lag"
        DANGER = "danger", "fara"

    # Told at once whoever asks; a clock says its own (``ClockKind.at_once``).
    AT_ONCE = {About.EMERGENCY: Urgency.DANGER, About.REVEALS: Urgency.DANGER}

    about = models.CharField(max_length=12, choices=About.choices)
    subject_id = models.UUIDField()
    recipient = TenantKey(Membership, authority_column="recipient_authority_id")
    recipient_authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    about_on = models.DateField()
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default="", blank=True)
    ready_at = models.DateTimeField(default=timezone.now)  # from when it was to be told
    sending_at = models.DateTimeField(null=True)  # set and committed before the mail goes out
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)

    objects = SharedManager.from_queryset(NoticeQuerySet)()
    wall = Wall(
        read="recipient_id = (SELECT wall.membership())", share="recipient_id = (SELECT wall.membership())",
        insert="(SELECT wall.role()) IN ('social_worker', 'unit_manager')"
        " OR (about IN ('handover', 'archive') AND (SELECT wall.role()) = 'administrator')"
        " OR (about = 'conflict' AND recipient_id IN (SELECT wall.told_of_conflict(subject_id)))", app="SELECT, INSERT",
        # A guest tells those who hold the case of what is her own, and nobody else of nothing else.
        share_insert="recipient_authority_id = authority_id AND wall.may_tell(authority_id, about, subject_id,"
        " recipient_id)",
        worker="SELECT, INSERT, UPDATE",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "about", "subject_id", "recipient", "about_on"], name="one_notice_per_occurrence"
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="notices_to_send", condition=Q(sent_at=None))]

    @classmethod
    def urgency_of(cls, about):
        return cls.AT_ONCE.get(about, cls.Urgency.NONE)
