"""The lists of *Min dag* that are not about a day: each one statement, written by the ORM once (``prepared_rows``)."""

from datetime import timedelta

from django.utils import timezone

from cases.models import Acknowledgement, CaseNote, Consent, SecrecyException
from cases.operations import view_list
from exitprogram.page.paging import Piece, asked_for
from exitprogram.tenancy.prepared import prepared_rows
from plans.due import COMING, LATE, NOW, OF_OTHERS, clocks_due, measures_due
from plans.models import Meeting, Section
from teams.models import Decision, TeamMember
from teams.nobody import waits_for_nobody

CONSENT_WARNS = timedelta(days=30)
UNANSWERED = [Section.State.REQUESTED, Section.State.WRITING]
GROUPS = {LATE: "forsenat", NOW: "idag", COMING: "kommande", OF_OTHERS: "andra"}


def due(request):
    """{group: piece} of what is watched and the measures of plans, each row with its line of the page. That a measure's
    case is shown is written down; what is only counted shows nobody."""
    by, today = request.acting, timezone.localdate()
    most = max(asked_for(request, name) for name in GROUPS.values())
    clocks, measures = clocks_due(by, most), measures_due(by, most)
    told = [c for c in clocks if c.falls_on + timedelta(days=c.cover_days) <= today]
    seen = set(Acknowledgement.objects.filter(clock__in=told).values_list("clock_id", "of_day")) if told else set()
    for row in clocks:
        row.line, row.unseen = "cases/clock_row.html", row in told and (row.pk, row.day) not in seen
    for row in measures:
        row.line = "plans/measure_row.html"
    pieces = {group: _piece(request, group, clocks, measures) for group in GROUPS}
    shown = {row.pk for piece in pieces.values() for row in piece}
    view_list(by=by, cases=[m.case for m in measures if m.pk in shown])
    return pieces


def _piece(request, group, *lists):
    """The lists together by day, and how many they are together."""
    mine = [[row for row in rows if row.group == group] for rows in lists]
    rows = sorted((row for rows in mine for row in rows), key=lambda row: row.falls_on)
    return Piece(request, GROUPS[group], rows, sum(rows[0].of for rows in mine if rows))


@prepared_rows
def drafts(by):
    return CaseNote.objects.visible_to(by).filter(author_id=by.pk, signed_at=None).select_related("case")


@prepared_rows
def to_decide(by):
    return Decision.across.visible_to(by).waiting().filter(sent_to_id=by.pk).select_related("authority")


@prepared_rows
def _proposed(by):
    mine = Decision.objects.visible_to(by).waiting().filter(proposed_by_id=by.pk).exclude(sent_to_id=by.pk)
    return mine.select_related("case", "sent_to")


def with_nobody(by):
    """What I have proposed and nobody can decide: sent back, or sent to one whose post or mandate has ended."""
    mine = _proposed(by)
    ids = waits_for_nobody(mine, by, on=timezone.localdate())
    return [decision for decision in mine if decision.pk in ids]


@prepared_rows
def sections(by):
    rows = Section.objects.held_by(by).filter(state__in=UNANSWERED, requested_by_id=by.pk)
    return rows.select_related("case", "principal", "writer__user")


@prepared_rows
def invitations(by):
    rows = TeamMember.objects.visible_to(by).waiting().filter(invited_by_id=by.pk)
    return rows.select_related("case", "membership__user")


def _running_out(rows):
    on = timezone.localdate()
    rows = rows.in_force(on=on).filter(ends_on__lte=on + CONSENT_WARNS)
    return rows.select_related("case", "recipient").order_by("ends_on", "pk")


@prepared_rows
def consents(by):
    return _running_out(Consent.objects.visible_to(by))


@prepared_rows
def grounds(by):
    return _running_out(SecrecyException.objects.visible_to(by))


@prepared_rows
def meetings(by):
    rows = Meeting.objects.visible_to(by).ahead(at=timezone.now()).filter(case__authority_id=by.authority_id)
    return rows.select_related("case").order_by("starts_at", "pk")[:5]
