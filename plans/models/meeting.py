"""A team's meetings. When, where and who is called is read by everybody called; what was prepared, why it was moved and
what was said lies in rows of its own, which only those who have the case read."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models import Case, OfCaseQuerySet
from cases.models.case import open_cases
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall
from teams.models import CaseRef, TeamMember

CALLED = "membership_id = (SELECT wall.membership()) AND case_id IN (SELECT unnest((SELECT wall.joined_cases())))"


class MeetingQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        called = MeetingCall.objects.visible_to(by).filter(membership_id=by.pk)
        return self.filter(Q(case__in=open_cases(by)) | Q(pk__in=called.values("meeting_id")))

    def ahead(self, *, at):
        """Those that will be, and those that go on: a meeting that has just begun is still the next one."""
        return self.filter(starts_at__gte=at - timedelta(hours=2), held=False, cancelled_at=None)


class MeetingCallQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        joined = TeamMember.objects.joined_by(by, on=timezone.localdate())
        return self.filter(Q(case__in=open_cases(by)) | Q(membership_id=by.pk, case__in=joined.values("case_id")))


class Meeting(TenantModel):
    """When, how long, where, and the questions to answer. Held when it has been written down who came; then nothing of
    it moves."""

    case = TenantKey(Case, related_name="meetings")
    starts_at = models.DateTimeField()
    minutes_long = models.PositiveSmallIntegerField(default=60)
    place = EncryptedText()  # room or video; never the person's address
    purpose = EncryptedText()
    called_by = TenantKey(Membership)
    held = models.BooleanField(default=False)
    cancelled_at = models.DateTimeField(null=True)
    sequence = models.PositiveSmallIntegerField(default=0)  # one more for each change: what a calendar goes by

    objects = SharedManager.from_queryset(MeetingQuerySet)()
    wall = Wall(
        read=OPEN_CASE, share="id = ANY ((SELECT wall.my_meetings())::uuid[])", mine=("called_by_id",),
        fixed=("authority_id", "case_id", "called_by_id"), once=("cancelled_at",),
        locked="OLD.held OR OLD.cancelled_at IS NOT NULL",
    )  # fmt: skip

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(held=False) | Q(cancelled_at=None), name="cancelled_is_not_held"),
        ]

    @property
    def ends_at(self):
        return self.starts_at + timedelta(minutes=self.minutes_long)

    @property
    def is_open(self):
        """Can still be moved, cancelled or answered."""
        return not self.held and self.cancelled_at is None

    @property
    def case_ref(self):
        return CaseRef(self)


class MeetingCall(TenantModel):
    """One person called to one meeting: principals are summoned (kallelse), others invited (inbjudan). Each answers for
    herself; who came is written down by those who have the case."""

    class Answer(models.TextChoices):
        NONE = "none", "har inte svarat"
        YES = "yes", "kommer"
        NO = "no", "kommer inte"
        VIDEO = "video", "är med på video"
        OTHER_TIME = "other_time", "behöver en annan tid"

    class Attendance(models.TextChoices):
        NONE = "none", "inte ifyllt"
        PRESENT = "present", "var med"
        VIDEO = "video", "var med på video"
        INPUT = "input", "var inte med, hade lämnat synpunkter"
        ABSENT = "absent", "var inte med"

    meeting = TenantKey(Meeting, related_name="calls")
    case = TenantKey(Case, related_name="+")
    member = TenantKey(TeamMember, related_name="calls")
    membership = TenantKey(Membership, authority_column="member_authority_id")
    member_authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=12, choices=Answer.choices, default=Answer.NONE)
    proposed_at = models.DateTimeField(null=True)  # the other time, when that is the answer
    answered_at = models.DateTimeField(null=True)
    attendance = models.CharField(max_length=12, choices=Attendance.choices, default=Attendance.NONE)

    objects = SharedManager.from_queryset(MeetingCallQuerySet)()
    wall = Wall(
        read=OPEN_CASE, share=CALLED, share_update=CALLED,
        fixed=("authority_id", "case_id", "meeting_id", "member_id", "membership_id"),
        locked="wall.minutes_signed(OLD.meeting_id)",
        # Nobody answers for another; and who came is written by those who have the case, not by the guest herself.
        never="NOT wall.system() AND (NEW.answer IS DISTINCT FROM OLD.answer AND NEW.answer <> 'none'"
        " AND OLD.membership_id IS DISTINCT FROM wall.membership()"
        " OR NEW.attendance IS DISTINCT FROM OLD.attendance AND NOT OLD.case_id = ANY (wall.held_cases()))",
    )  # fmt: skip

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "meeting", "member"], name="called_once_to_a_meeting"),
            models.CheckConstraint(
                condition=Q(proposed_at=None) | Q(answer="other_time"), name="proposed_when_another_time_is_needed"
            ),
        ]

    @property
    def is_summons(self):
        return self.member_authority.kind != Authority.Kind.PARTNER

    @property
    def word(self):
        return "kallelse" if self.is_summons else "inbjudan"

    @property
    def case_ref(self):
        return CaseRef(self)


class MeetingPreparation(TenantModel):
    """What the person wants with the meeting, said before it and in private: not for those called."""

    meeting = TenantKey(Meeting, related_name="preparations")
    case = TenantKey(Case, related_name="+")
    what_matters = EncryptedText()
    questions = EncryptedText()
    comes = EncryptedText()
    must_not_come = EncryptedText()
    leads = EncryptedText()
    row_version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(read=OPEN_CASE, fixed=("case_id", "meeting_id"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "meeting"], name="one_preparation_per_meeting")]


class MeetingChange(TenantModel):
    """That a meeting was moved or cancelled, and why. Each is told to everybody called."""

    class Kind(models.TextChoices):
        MOVED = "moved", "flyttat"
        CANCELLED = "cancelled", "inställt"

    meeting = TenantKey(Meeting, related_name="changes")
    case = TenantKey(Case, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    was_at = models.DateTimeField()
    reason = EncryptedText()
    changed_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(read=OPEN_CASE, mine=("changed_by_id",), append_only=True, app="SELECT, INSERT")

    class Meta:
        ordering = ["created_at", "id"]


class MeetingMinutes(TenantModel):
    """What was said and agreed. Saved while one writes; signed it is locked, and with it who came."""

    class Person(models.TextChoices):
        NONE = "none", "inte ifyllt"
        PRESENT = "present", "var med"
        VIDEO = "video", "var med på video"
        INPUT = "input", "var inte med, hade lämnat synpunkter"
        ABSENT = "absent", "var inte med"

    meeting = TenantKey(Meeting, related_name="minutes")
    case = TenantKey(Case, related_name="+")
    person = models.CharField("personen", max_length=12, choices=Person.choices, default=Person.NONE)
    text = EncryptedText()
    signed_at = models.DateTimeField(null=True)
    signed_by = TenantKey(Membership, null=True)
    row_version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, fixed=("case_id", "meeting_id"), mine=("signed_by_id",), locked="OLD.signed_at IS NOT NULL",
        insert=f"{OPEN_CASE} AND signed_at IS NULL",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "meeting"], name="one_minutes_per_meeting"),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None) | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="signed_minutes_have_a_hand",
            ),
        ]
