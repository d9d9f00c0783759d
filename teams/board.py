"""What the board has to be told, by part; what of it is late; and the list as a document and a sheet."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone

from exitprogram.law.rules import rule
from exitprogram.law.workdays import first_workday
from exitprogram.pdf.render import pdf_of
from exitprogram.sheets.book import book
from exitprogram.tenancy import acting
from exitprogram.tenancy.letterheads import letterhead_of
from exitprogram.tenancy.models import Membership
from teams.models import BoardLine, BoardMeeting, Decision, DecisionKind, DelegationRow, UrgentDecision

Part, Reported = BoardLine.Part, DelegationRow.Reported
HEADER = ("Del", "Nummer", "Ärende", "Lagrum", "Utfall", "Dag", "Beslutat av", "Rad", "Version")
WIDTHS = (26, 16, 34, 34, 16, 12, 34, 10, 10)


@dataclass
class Untold:
    """A decision that the board has not taken note of. ``meeting_id``: of the closed list it is on, if it is on one."""

    part: str
    subject: object
    number: str
    kind: str
    law: str
    outcome: str
    decided_on: date
    decided_by: str
    row: str = ""
    version: int | None = None
    alone: bool = False
    meeting_id: object = None
    reported: str = Reported.NEXT

    @property
    def kind_label(self):
        return DecisionKind(self.kind).label

    @property
    def outcome_label(self):
        return Decision.Outcome(self.outcome).label


def untold():
    """All of them, urgent ones first."""
    return [*_urgent(), *_delegated()]


def _urgent():
    lines = {line.subject: line for line in BoardLine.objects.filter(part=Part.URGENT).select_related("meeting")}
    for one in UrgentDecision.objects.all():
        line = lines.get(one.pk)
        if line is None or line.meeting.reported_at is None:
            yield Untold(
                Part.URGENT, one.pk, one.reference, one.kind, one.law, one.outcome, one.decided_on, one.decided_by,
                alone=True, meeting_id=line and line.meeting_id,
            )  # fmt: skip


def _delegated():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.untold_decisions()")
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    staff = Membership.objects.filter(pk__in={row["decided_by_id"] for row in rows}).select_related("user", "authority")
    deciders = {m.pk: _decider(m) for m in staff}
    for row in rows:
        yield Untold(
            Part.MINUTED if row["reported"] == Reported.MINUTED else Part.DELEGATED, row["subject"], row["number"],
            row["kind"], row["law"], row["outcome"], row["decided_on"], deciders.get(row["decided_by_id"], ""),
            row["row_number"], row["version"], row["how"] == DelegationRow.How.EACH, row["meeting_id"],
            row["reported"],
        )  # fmt: skip


def _decider(member):
    """Name and title; of one who decided by mandate also who employs her (KL 9:37)."""
    words = f"{member.user.name}, {member.title or member.get_role_display().lower()}"
    own = member.authority_id == acting.current().authority_id
    return words if own else f"{words}, {member.authority.name} (KL 9:37)"


def for_meeting(meeting, everything):
    """What goes on its list: decided up to its day, on no list yet, and when its turn has come."""
    return [
        one for one in everything
        if one.meeting_id is None and one.decided_on <= meeting.held_on
        and (one.reported != Reported.QUARTER or _quarter(one.decided_on) < _quarter(meeting.held_on))
    ]  # fmt: skip


def _quarter(day):
    return day.year, (day.month - 1) // 3


def late(everything, *, on):
    """Those the board should have been told of: a meeting has passed without them, or too many days."""
    days = timedelta(days=rule("delegation.report", on=on).values["remind_days"])
    held = list(BoardMeeting.objects.filter(held_on__lt=on))
    return [one for one in everything if one.decided_on + days * _turns(one) < on or _passed(one, held)]


def _turns(one):
    """What is told each quarter may wait a quarter more."""
    return 3 if one.reported == Reported.QUARTER else 1


def _passed(one, held):
    return any(_should_have_told(meeting, one) for meeting in held)


def _should_have_told(meeting, one):
    """What was decided after the list had gone out waits for the next; what was urgent does not."""
    if one.reported == Reported.QUARTER and _quarter(one.decided_on) >= _quarter(meeting.held_on):
        return False
    went_out = meeting.closed_at and one.part != Part.URGENT and one.meeting_id != meeting.pk
    return one.decided_on < (timezone.localdate(meeting.closed_at) if went_out else meeting.held_on)


@dataclass(frozen=True)
class Told:
    """What the board knows of a decision, for whoever reads the decision itself."""

    told_on: date | None
    announced_on: date | None
    late: bool

    @property
    def legality_day(self):
        """The last day to ask for a review of legality, when the minutes have been announced (KL 13:5)."""
        if self.announced_on is None:
            return None
        return first_workday(
            self.announced_on + timedelta(days=rule("decision.legality", on=self.announced_on).values["days"])
        )


def told_to_board(decisions, *, on):
    """{id of the decision: Told}, in one question."""
    days = rule("delegation.report", on=on).values["remind_days"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.told_to_board(%s::uuid[], %s)", [[one.pk for one in decisions], days])
        return {row[0]: Told(*row[1:]) for row in cursor.fetchall()}


def told_on(decision):
    """The day of the meeting at which the board took note of the decision, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.told_on(%s)", [decision.pk])
        return cursor.fetchone()[0]


def lines_of(meeting, everything=None):
    """The list: as it was closed, or as it would be now."""
    if meeting.closed_at is None:
        return for_meeting(meeting, untold() if everything is None else everything)
    return [
        Untold(
            line.part, line.subject, line.number, line.kind, line.law, line.outcome, line.decided_on, line.decided_by,
            line.row, line.version, line.alone, meeting.pk,
        )
        for line in meeting.lines.all()
    ]  # fmt: skip


def by_part(lines):
    """[(heading, lines)], those told by themselves after the others of their part."""
    parts = [(part.label, [line for line in lines if line.part == part]) for part in Part]
    return [(label, sorted(found, key=lambda line: line.alone)) for label, found in parts if found]


def sheet(meeting, lines):
    rows = [
        [Part(one.part).label, one.number, one.kind_label, one.law, one.outcome_label, one.decided_on, one.decided_by,
         one.row, one.version or ""]
        for one in lines
    ]  # fmt: skip
    return book(f"Nämndlista {meeting.held_on}", HEADER, rows, WIDTHS)


def document(meeting, lines, authority):
    """Bytes of the PDF. The same list gives the same bytes."""
    html = render_to_string(
        "teams/board_document.html",
        {"meeting": meeting, "parts": by_part(lines), "authority": authority, "letterhead": letterhead_of(authority)},
    )
    return pdf_of(html, identifier=hashlib.sha256(html.encode()).digest()[:16])
