from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.models import Notice
from cases.operations import notify
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.roles import Permission, require_role
from plans.models import Meeting, MeetingCall


@transaction.atomic
def call_meeting(*, by, case, starts_at, place, purpose, members):
    """Book a team meeting and call these team members. Principals are summoned, others invited."""
    require(by, Permission.BUILD_TEAM, case)
    if starts_at <= timezone.now():
        raise Refused("Mötet måste ligga framåt i tiden.")
    if any(member.case_id != case.pk or member.state not in ("invited", "joined") for member in members):
        raise Refused("Bara de som är med i teamet kan kallas.")
    meeting = Meeting(
        authority_id=case.authority_id, case=case, starts_at=starts_at, place=place, purpose=purpose, called_by=by
    )
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


@transaction.atomic
def answer_call(*, by, call, answer):
    """The called person answers: yes, no, by video, or another time is needed."""
    require_role(by, Permission.CONTRIBUTE)
    call = MeetingCall.objects.visible_to(by).select_for_update(of=("self",)).get(pk=call.pk)
    if call.membership_id != by.pk:
        raise NotAllowed("Kallelsen är ställd till någon annan.")
    call.answer, call.answered_at = answer, timezone.now()
    call.save(update_fields=["answer", "answered_at"])
    record(by=by, action="meeting.answered", obj=call, case=call.case_ref, answer=answer)
    return call
