"""Whether those who read had reason to: each month those who lead go through a sample of the log."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.reading import READS, VIEWED
from exitprogram.crypto.fields import EncryptedText
from exitprogram.law.workdays import is_workday
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

READERS = (Role.UNIT_MANAGER, Role.ADMINISTRATOR)
MINE = "reviewer_id = (SELECT wall.membership()) AND (SELECT wall.role()) = 'unit_manager'"
OF_MINE = f"review_id IN (SELECT r.id FROM public.teams_logreview r WHERE r.{MINE})"  # noqa: S608  no input
GONE = """review_id IN (SELECT r.id FROM public.teams_logreview r
    WHERE r.signed_at IS NOT NULL AND r.reviewer_id = ANY ((SELECT wall.log_reviewers())::uuid[]))
    AND judgement <> 'ok' AND NOT actor_id = ANY ((SELECT wall.my_memberships())::uuid[])"""
FREE_FROM, FREE_UNTIL = 2020, 2080
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
        # Weekdays that are free, from the one telling of them there is (lag 1989:253 and the eves kept like it).
        days = (date(FREE_FROM, 1, 1) + timedelta(days=n) for n in range((FREE_UNTIL - FREE_FROM) * 366))
        free = ", ".join(f"'{day}'" for day in days if day.weekday() < 5 and not is_workday(day))
        yield (
            "CREATE OR REPLACE FUNCTION wall.is_holiday(day date) RETURNS boolean LANGUAGE sql IMMUTABLE"
            f" SET search_path = pg_catalog AS $$ SELECT day = ANY (ARRAY[{free}]::date[]) $$"
        )


class LogSampleQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """One's own month; and what a manager who is no longer there has asked about or reported, unless it is about
        oneself."""
        if by.role != Role.UNIT_MANAGER:
            return self.none()
        gone = Membership.objects.filter(authority_id=by.authority_id, role=Role.UNIT_MANAGER).filter(
            Q(ends_on__lt=timezone.localdate()) | Q(user__is_active=False)
        )
        own = Membership.objects.filter(user_id=by.user_id)
        left = Q(review__reviewer__in=gone.values("pk"), review__signed_at__isnull=False)
        left &= Q(judgement__in=["ask", "report"]) & ~Q(actor_id__in=own.values("pk"))
        return self.filter(Q(review__reviewer_id=by.pk) | left, authority_id=by.authority_id)


class LogSample(TenantModel):
    """One reading, and what was thought of it. What was read stays in the log; here is only which row it was."""

    class Judgement(models.TextChoices):
        OK = "ok", "Ok"
        ASK = "ask", "Fråga"
        REPORT = "report", "Anmäl"

    review = TenantKey(LogReview, related_name="samples")
    place = models.PositiveSmallIntegerField()
    event_id = models.UUIDField()
    actor = TenantKey(Membership, authority_column="actor_authority_id")
    actor_authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")  # a guest's own
    why = models.CharField(max_length=90)  # code words: random, or what makes it worth a look
    judgement = models.CharField(max_length=6, choices=Judgement.choices, blank=True)
    note = EncryptedText()
    judged_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(LogSampleQuerySet)()
    wall = Wall(
        read=f"({OF_MINE}) OR ({GONE})", insert="false", update=OF_MINE, app="SELECT, UPDATE",
        fixed=("review_id", "place", "event_id", "actor_id", "actor_authority_id", "why"),
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
