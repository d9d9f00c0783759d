"""Before a meeting and at it: what the person wants, who came, what was said, and what is to be done."""

from django.db import transaction
from django.utils import timezone

from cases import beside
from cases.access import require
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.roles import Permission
from plans.meetings import lines_of, titles_of
from plans.models import Measure, MeetingCall, MeetingMinutes, MeetingPreparation
from plans.operations.measures import add_measure
from plans.operations.meetings import locked_meeting

PREPARED = ("what_matters", "questions", "comes", "must_not_come", "leads")


@transaction.atomic
def save_preparation(*, by, meeting, expected=0, **texts):
    """What was said with the person before the meeting. ``expected`` is the version the form showed; raises Stale."""
    unknown = set(texts) - set(PREPARED)
    if unknown:
        raise TypeError(f"save_preparation() fick okända fält: {sorted(unknown)}")
    meeting = locked_meeting(by, meeting)
    if not meeting.is_open:
        raise Refused("Mötet är inställt." if meeting.cancelled_at else "Mötet har hållits.")
    beside.refuse_marked(meeting.case, texts.get("comes", ""), texts.get("leads", ""))
    row = _row(MeetingPreparation, meeting, expected)
    for name, value in texts.items():
        setattr(row, name, value)
    row.save()
    record(by=by, action="meeting.prepared", obj=meeting, case=meeting.case)
    return row


def _row(model, meeting, expected):
    """The meeting's one row, one version on; the meeting itself is locked, so two cannot make two."""
    row = model.objects.select_for_update(of=("self",)).filter(meeting=meeting).first()
    if row is None:
        return model(authority_id=meeting.authority_id, meeting=meeting, case_id=meeting.case_id)
    if row.row_version != expected:
        raise Stale(row)
    row.row_version += 1
    return row


@transaction.atomic
def save_minutes(*, by, meeting, text, person=MeetingMinutes.Person.NONE, attendance=None, expected=0):
    """Who came ({call's id: word}) and what was said. The first time, the meeting has been held. Raises Stale."""
    meeting, row = _minutes(by, meeting, expected)
    row.text, row.person = text, person
    row.save()
    _write_attendance(meeting, attendance or {})
    if not meeting.held:
        meeting.held = True
        meeting.save(update_fields=["held"])
    record(by=by, action="meeting.minutes_saved", obj=meeting, case=meeting.case)
    return row


def _minutes(by, meeting, expected):
    meeting = locked_meeting(by, meeting)
    if meeting.cancelled_at:
        raise Refused("Mötet är inställt.")
    if timezone.localdate(meeting.starts_at) > timezone.localdate():
        raise Refused("Mötet har inte varit än.")
    row = _row(MeetingMinutes, meeting, expected)
    if row.signed_at:
        raise Refused("Anteckningarna från mötet är signerade och låsta.")
    return meeting, row


def _write_attendance(meeting, attendance):
    for call in meeting.calls.all():
        came = attendance.get(str(call.pk), call.attendance)
        if came != call.attendance:
            call.attendance = came
            call.save(update_fields=["attendance"])


@transaction.atomic
def sign_minutes(*, by, meeting, text, person, attendance, expected=0):
    """Sign and lock what was said and who came, here and in the database."""
    row = save_minutes(by=by, meeting=meeting, text=text, person=person, attendance=attendance, expected=expected)
    if not text.strip():
        raise Refused("Skriv något innan du signerar.")
    if person == MeetingMinutes.Person.NONE:
        raise Refused("Fyll i om personen var med.")
    if MeetingCall.objects.filter(meeting=row.meeting, attendance=MeetingCall.Attendance.NONE).exists():
        raise Refused("Fyll i vilka som var med.")
    row.signed_at, row.signed_by = timezone.now(), by
    row.save(update_fields=["signed_at", "signed_by"])
    record(by=by, action="meeting.minutes_signed", obj=row.meeting, case=row.meeting.case)
    return row


@transaction.atomic
def measure_from_minutes(*, by, meeting, line, expected, goal):
    """One line of the minutes becomes a measure of the board's own in the open draft. Raises Stale when the minutes
    have been changed since the line was shown."""
    require(by, Permission.EDIT_PLAN, meeting.case)
    row = MeetingMinutes.objects.visible_to(by).filter(meeting=meeting).first()
    if row is None or row.row_version != expected:
        raise Stale(row)
    lines = lines_of(row)
    if goal.case_id != meeting.case_id or not 0 <= line < len(lines):
        raise Refused("Raden finns inte längre.")
    if lines[line] in titles_of(goal.version):
        raise Refused("Raden är redan en insats i utkastet.")
    made = add_measure(
        by=by, goal=goal, title=lines[line], principal_kind=Measure.Principal.SOCIAL, principal=meeting.case.authority
    )
    record(by=by, action="meeting.line_to_measure", obj=meeting, case=meeting.case, measure=str(made.pk))
    return made
