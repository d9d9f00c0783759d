from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.access import require
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission, require_role
from teams.board import for_meeting, untold
from teams.models import BoardLine, BoardMeeting, Decision, DecisionKind, UrgentDecision

SAME_MOMENT = 20


@transaction.atomic
def register_meeting(*, by, held_on):
    """A day on which the board meets, ahead or just passed."""
    require_role(by, Permission.BOARD_LISTS)
    if BoardMeeting.objects.filter(held_on=held_on).exists():
        raise Refused("Det sammanträdet finns redan.")
    meeting = BoardMeeting.objects.create(authority_id=by.authority_id, held_on=held_on, registered_by=by)
    record(by=by, action="board.meeting_registered", obj=meeting)
    return meeting


@transaction.atomic
def drop_meeting(*, by, meeting):
    """A meeting that will not be; only before its list is closed."""
    require_role(by, Permission.BOARD_LISTS)
    meeting = _locked(meeting)
    if meeting.closed_at:
        raise Refused("Listan till sammanträdet är stängd, så det går inte att ta bort.")
    record(by=by, action="board.meeting_dropped", obj=meeting)
    meeting.delete()


@transaction.atomic
def record_urgent(*, by, decided_on, kind, law, decided_by, reference, outcome):
    """An urgent decision by the chair or a named member, to be told at the next meeting (KL 6:39), also when its list
    has gone out."""
    require_role(by, Permission.BOARD_LISTS)
    if kind not in DecisionKind.values or outcome not in Decision.Outcome.values:
        raise Refused("Välj ärende och utfall.")
    if not (law.strip() and decided_by.strip() and reference.strip()):
        raise Refused("Skriv lagrum, vem som beslutade och beslutets nummer.")
    if decided_on > timezone.localdate():
        raise Refused("Beslutet kan inte ligga framåt i tiden.")
    if UrgentDecision.objects.filter(reference=reference.strip()).exists():
        raise Refused("Ett brådskande beslut med det numret finns redan.")
    urgent = UrgentDecision.objects.create(
        authority_id=by.authority_id, decided_on=decided_on, kind=kind, law=law.strip(), decided_by=decided_by.strip(),
        reference=reference.strip(), outcome=outcome, registered_by=by,
    )  # fmt: skip
    _put_on_the_list_that_has_gone_out(urgent)
    record(by=by, action="board.urgent_recorded", obj=urgent, kind=kind)
    return urgent


@transaction.atomic
def report_urgent(*, by, case, decided_on, kind, law, decided_by, reference, outcome):
    """The same, by the one who writes it in the person's file: the board is told, and not of whom. Two of the same
    moment get a number each."""
    require(by, Permission.WRITE_NOTE, case)
    urgent = UrgentDecision(
        authority_id=by.authority_id, decided_on=decided_on, kind=kind, law=law, decided_by=decided_by.strip(),
        outcome=outcome, registered_by=by,
    )  # fmt: skip
    for place in range(1, SAME_MOMENT):
        urgent.reference = reference if place == 1 else f"{reference} ({place})"
        try:
            with transaction.atomic():
                urgent.save(force_insert=True)
        except IntegrityError:
            continue
        _put_on_the_list_that_has_gone_out(urgent)
        record(by=by, action="board.urgent_recorded", obj=urgent, case=case, kind=kind)
        return urgent
    raise Refused("Nämndens lista har redan många beslut från samma tid. Kontrollera klockslaget.")


@transaction.atomic
def close_list(*, by, meeting):
    """Freeze the meeting's list, as it goes out with the summons. What is decided after it waits for the next one."""
    require_role(by, Permission.BOARD_LISTS)
    meeting = _locked(meeting)
    if meeting.closed_at:
        raise Refused("Listan är redan stängd.")
    lines = for_meeting(meeting, untold())
    _put(meeting, lines)
    meeting.closed_at, meeting.closed_by = timezone.now(), by
    meeting.save(update_fields=["closed_at", "closed_by"])
    record(by=by, action="board.list_closed", obj=meeting, lines=len(lines))
    return meeting


@transaction.atomic
def report_list(*, by, meeting, minute):
    """The board has taken note of the list, under a paragraph: the decisions on it are reported."""
    require_role(by, Permission.BOARD_LISTS)
    meeting = _locked(meeting)
    if meeting.reported_at:
        raise Refused("Listan är redan anmäld.")
    if not meeting.closed_at:
        raise Refused("Stäng listan först, så att det är den som nämnden fick som anmäls.")
    if meeting.held_on > timezone.localdate():
        raise Refused("Sammanträdet har inte varit än.")
    if not minute.strip():
        raise Refused("Skriv protokollsparagrafen.")
    meeting.reported_at, meeting.reported_by, meeting.minute = timezone.now(), by, minute.strip()
    meeting.save(update_fields=["reported_at", "reported_by", "minute"])
    record(by=by, action="board.list_reported", obj=meeting, lines=meeting.lines.count())
    return meeting


@transaction.atomic
def announce_minutes(*, by, meeting, announced_on):
    """The day the minutes were announced on the municipality's notice board: three weeks are counted from it."""
    require_role(by, Permission.BOARD_LISTS)
    meeting = _locked(meeting)
    if not meeting.reported_at:
        raise Refused("Skriv protokollsparagrafen först.")
    if meeting.announced_on:
        raise Refused("Dagen är redan antecknad.")
    if not meeting.held_on <= announced_on <= timezone.localdate():
        raise Refused("Protokollet tillkännages efter sammanträdet, och dagen ska ha varit.")
    meeting.announced_on = announced_on
    meeting.save(update_fields=["announced_on"])
    record(by=by, action="board.minutes_announced", obj=meeting, day=str(announced_on))
    return meeting


@transaction.atomic
def view_lists(*, by, form, meeting=None):
    """Write down that the lists were read, and in which form: page, pdf or sheet."""
    require_role(by, Permission.BOARD_LISTS)
    record(by=by, action="board.lists_viewed", obj=meeting, form=form)
    if meeting and meeting.closed_at and not meeting.reported_at and meeting.held_on >= timezone.localdate():
        _put_what_could_not_wait(meeting)


def _put_what_could_not_wait(meeting):
    """Urgent decisions that have been written since the list went out, by those who read no list (KL 6:39)."""
    since = [one for one in untold() if one.part == BoardLine.Part.URGENT and one.meeting_id is None]
    _put(_locked(meeting), [one for one in since if one.decided_on <= meeting.held_on])


def _put(meeting, lines):
    BoardLine.objects.bulk_create(
        BoardLine(
            authority_id=meeting.authority_id, meeting=meeting, part=one.part, subject=one.subject, number=one.number,
            kind=one.kind, law=one.law, outcome=one.outcome, decided_on=one.decided_on, decided_by=one.decided_by,
            row=one.row, version=one.version, alone=one.alone,
        )
        for one in lines
    )  # fmt: skip


def _put_on_the_list_that_has_gone_out(urgent):
    """The next meeting is told of it, also when its list is closed."""
    ahead = BoardMeeting.objects.filter(held_on__gte=urgent.decided_on, reported_at=None).order_by("held_on").first()
    if ahead and ahead.closed_at:
        _put(_locked(ahead), [one for one in untold() if one.subject == urgent.pk])


def _locked(meeting):
    found = BoardMeeting.objects.select_for_update(of=("self",)).filter(pk=meeting.pk).first()
    if found is None:
        raise Refused("Sammanträdet finns inte längre.")
    return found
