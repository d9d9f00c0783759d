"""Whether those who read had reason to: each month those who lead go through a sample of the log."""

from django.db import models
from django.db.models import Q

from cases.reading import READS, VIEWED
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

READERS = (Role.UNIT_MANAGER, Role.ADMINISTRATOR)
MINE = "reviewer_id = (SELECT wall.membership()) AND (SELECT wall.role()) = 'unit_manager'"
OF_MINE = f"review_id IN (SELECT r.id FROM public.teams_logreview r WHERE r.{MINE})"  # noqa: S608  no input
REPORTED = """((SELECT wall.role()) = 'administrator' AND judgement = 'report'
    AND actor_id <> (SELECT wall.membership())
    AND review_id IN (SELECT r.id FROM public.teams_logreview r WHERE r.signed_at IS NOT NULL))"""
NOT_DRAWN = {"case.listed"}  # a list of many cases is one look, and says nothing of each


class LogReviewQuerySet(TenantQuerySet):
    def visible_to(self, by):
        mine = self.filter(authority_id=by.authority_id)
        return mine if by.role in READERS else mine.none()

    def mine(self, by):
        return self.visible_to(by).filter(reviewer_id=by.pk)


class LogReview(TenantModel):
    """One manager's month. Drawn by the database (``wall.draw_log_review``): nobody chooses what is in it. It holds
    only what she may know of: of guarded people and children cases that are hers to see; never her own reading."""

    reviewer = TenantKey(Membership)
    month = models.DateField()  # its first day
    signed_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(LogReviewQuerySet)()
    wall = Wall(
        read="(SELECT wall.role()) IN ('unit_manager', 'administrator')", insert="false", update=MINE,
        app="SELECT, UPDATE", fixed=("reviewer_id", "month"), locked="OLD.signed_at IS NOT NULL",
        never="NEW.signed_at IS NOT NULL AND wall.log_review_goes_on(OLD.id)",
    )  # fmt: skip

    class Meta:
        ordering = ["-month", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "reviewer", "month"], name="one_log_review_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="log_review_is_of_a_month"),
        ]

    @staticmethod
    def wall_functions():
        reads = ", ".join(f"'{action}'" for action in sorted(set(READS) - NOT_DRAWN))
        yield (
            "CREATE OR REPLACE FUNCTION wall.is_read(action text) RETURNS boolean LANGUAGE sql IMMUTABLE"
            f" SET search_path = pg_catalog AS $$ SELECT action LIKE '{VIEWED}%' OR action IN ({reads}) $$"
        )


class LogSampleQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """One's own month; what has been reported, for those who administer, unless it is about themselves."""
        rows = self.filter(authority_id=by.authority_id)
        if by.role == Role.UNIT_MANAGER:
            return rows.filter(review__reviewer_id=by.pk)
        if by.role == Role.ADMINISTRATOR:
            reported = rows.filter(judgement=LogSample.Judgement.REPORT, review__signed_at__isnull=False)
            return reported.exclude(actor_id=by.pk)
        return rows.none()


class LogSample(TenantModel):
    """One reading, and what was thought of it. What was read stays in the log; here is only which row it was."""

    class Judgement(models.TextChoices):
        OK = "ok", "Ok"
        ASK = "ask", "Fråga"
        REPORT = "report", "Anmäl"

    review = TenantKey(LogReview, related_name="samples")
    place = models.PositiveSmallIntegerField()
    event_id = models.UUIDField()
    actor = TenantKey(Membership)
    why = models.CharField(max_length=60)  # code words: random, or what makes it worth a look
    judgement = models.CharField(max_length=6, choices=Judgement.choices, blank=True)
    note = EncryptedText()
    judged_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(LogSampleQuerySet)()
    wall = Wall(
        read=f"({OF_MINE}) OR {REPORTED}", insert="false", update=OF_MINE, app="SELECT, UPDATE",
        fixed=("review_id", "place", "event_id", "actor_id", "why"),
        never="wall.log_review_is_signed(OLD.review_id) AND NOT wall.system()",
    )  # fmt: skip

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "review", "event_id"], name="a_reading_is_drawn_once"),
            models.CheckConstraint(
                condition=Q(judgement="", judged_at=None) | Q(judgement__gt="", judged_at__isnull=False),
                name="judged_reading_has_its_time",
            ),
            models.CheckConstraint(condition=~Q(judgement="report", note=b""), name="report_of_reading_has_words"),
        ]
