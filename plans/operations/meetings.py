"""A meeting: called, answered, moved, cancelled."""

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.before_meeting import is_known_place
from cases.models import Notice
from cases.operations import notify
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.roles import Permission, may, require_role
from plans.models import Meeting, MeetingCall, MeetingChange

IN_TEAM = ("invited", "joined")
KNOWN_PLACE = "Det där är en plats som ska skyddas. Alla kallade läser var mötet är. Välj en annan plats."


@transaction.atomic
def call_meeting(*, by, case, starts_at, place, purpose, members, minutes_long=60):
    """Book a team meeting and call these team members. Principals are summoned, others invited."""
    require(by, Permission.BUILD_TEAM, case)
    _require_time_and_place(by, case, starts_at, place)
    if not members:
        raise Refused("Välj minst en som ska kallas.")
    if any(member.case_id != case.pk or member.state not in IN_TEAM for member in members):
        raise Refused("Bara de som är med i teamet kan kallas.")
    meeting = Meeting(
        authority_id=case.authority_id, case=case, starts_at=starts_at, minutes_long=minutes_long, place=place,
        purpose=purpose, called_by=by,
    )  # fmt: skip
    meeting.save(force_insert=True)
    MeetingCall.objects.bulk_create(
        MeetingCall(
            authority_id=case.authority_id, meeting=meeting, case=case, member=member,
            membership_id=member.membership_id, member_authority_id=member.member_authority_id,
        )
        for member in members
    )  # fmt: skip
    for member in members:
        if member.membership_id != by.pk:
            notify(by=by, case=case, about=Notice.About.MEETING, subject_id=meeting.pk, membership=member.membership)
    record(by=by, action="meeting.called", obj=meeting, case=case, called=len(members))
    return meeting


def _require_time_and_place(by, case, starts_at, place):
    if starts_at <= timezone.now():
        raise Refused("Mötet måste ligga framåt i tiden.")
    if is_known_place(by, case, place):
        raise Refused(KNOWN_PLACE)


def locked_meeting(by, meeting):
    """The meeting, locked for this transaction, for those who have the case."""
    require(by, Permission.BUILD_TEAM, meeting.case_ref)
    return Meeting.objects.visible_to(by).select_for_update(of=("self",)).get(pk=meeting.pk)


def _locked_open(by, meeting):
    meeting = locked_meeting(by, meeting)
    if meeting.cancelled_at:
        raise Refused("Mötet är inställt.")
    if meeting.held:
        raise Refused("Mötet har hållits.")
    return meeting


@transaction.atomic
def move_meeting(*, by, meeting, starts_at, place, reason):
    """Another time, or another place. Everybody called is told; after a new time each answers anew."""
    meeting = _locked_open(by, meeting)
    _require_time_and_place(by, meeting.case, starts_at, place)
    if starts_at == meeting.starts_at and place == meeting.place:
        raise Refused("Tiden och platsen är redan de.")
    change = _change(by, meeting, MeetingChange.Kind.MOVED, reason)
    if starts_at != meeting.starts_at:
        meeting.calls.update(answer=MeetingCall.Answer.NONE, proposed_at=None, answered_at=None)
    meeting.starts_at, meeting.place, meeting.sequence = starts_at, place, meeting.sequence + 1
    meeting.save(update_fields=["starts_at", "place", "sequence"])
    _tell(by, meeting, change)
    return meeting


@transaction.atomic
def cancel_meeting(*, by, meeting, reason):
    """There will be no meeting. Everybody called is told."""
    meeting = _locked_open(by, meeting)
    change = _change(by, meeting, MeetingChange.Kind.CANCELLED, reason)
    meeting.cancelled_at, meeting.sequence = timezone.now(), meeting.sequence + 1
    meeting.save(update_fields=["cancelled_at", "sequence"])
    _tell(by, meeting, change)
    return meeting


def _change(by, meeting, kind, reason):
    if not reason.strip():
        raise Refused("Skriv varför.")
    change = MeetingChange(
        authority_id=meeting.authority_id, meeting=meeting, case_id=meeting.case_id, kind=kind,
        was_at=meeting.starts_at, reason=reason, changed_by=by,
    )  # fmt: skip
    change.save(force_insert=True)
    record(by=by, action=f"meeting.{kind}", obj=meeting, case=meeting.case)
    return change


def _tell(by, meeting, change):
    """Each change is a subject of its own, so that two on one day are two mails."""
    for call in meeting.calls.filter(member__state__in=IN_TEAM).exclude(membership=by).select_related("membership"):
        notify(
            by=by, case=meeting.case, about=Notice.About.MEETING_MOVED, subject_id=change.pk,
            membership=call.membership,
        )  # fmt: skip


@transaction.atomic
def answer_call(*, by, call, answer, proposed_at=None):
    """The called person answers: yes, no, by video, or another time is needed. May be changed until the meeting."""
    require_role(by, Permission.CONTRIBUTE)
    call = MeetingCall.objects.visible_to(by).select_for_update(of=("self",)).get(pk=call.pk)
    if call.membership_id != by.pk:
        raise NotAllowed("Kallelsen är ställd till någon annan.")
    meeting = Meeting.objects.visible_to(by).get(pk=call.meeting_id)
    if meeting.cancelled_at:
        raise Refused("Mötet är inställt.")
    if meeting.held or meeting.ends_at < timezone.now():
        raise Refused("Mötet har redan varit.")
    if answer != MeetingCall.Answer.OTHER_TIME:
        proposed_at = None
    if proposed_at and proposed_at <= timezone.now():
        raise Refused("Tiden du föreslår har redan varit.")
    call.answer, call.proposed_at, call.answered_at = answer, proposed_at, timezone.now()
    call.save(update_fields=["answer", "proposed_at", "answered_at"])
    record(by=by, action="meeting.answered", obj=call, case=call.case_ref, answer=answer)
    return call


@transaction.atomic
def take_calendar(*, by, meeting):
    """Write down that a meeting leaves for a calendar of somebody's own. Returns it as it is now. Who is called need
    not be one who reads cases: a regional coordinator of the board's own is not."""
    require_role(by, Permission.READ_CASE if may(by, Permission.READ_CASE) else Permission.CONTRIBUTE)
    meeting = Meeting.objects.visible_to(by).get(pk=meeting.pk)
    record(by=by, action="meeting.calendar_taken", obj=meeting, case=meeting.case_ref)
    return meeting
