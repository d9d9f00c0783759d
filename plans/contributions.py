"""What is a contributor's own: sections, measures, meetings, papers, the teams she is in. In words that tell her own
rows apart and tell nobody else who they are about."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.text import Truncator

from exitprogram.tenancy.models import Membership
from plans.models import Goal, Measure, MeetingCall, Section
from plans.papers import shared_documents
from teams.models import CoordinatorAppointment, TeamMember
from teams.presented import NEUTRAL, presented_to_all

SHORT = 60


def own_sections(by):
    return Section.objects.visible_to(by).filter(writer=by)


def own_measures(by):
    """Those I am responsible for in the versions in force. Which version that is, a guest cannot read: the database
    answers, with team, cover and days."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(wall.my_measures())")
        mine = [row[0] for row in cursor.fetchall()]
    joined = TeamMember.objects.joined_by(by, on=timezone.localdate())
    return Measure.objects.visible_to(by).filter(pk__in=mine, responsible__in=joined)


def own_parts(by):
    """The teams of other boards that I am in today."""
    parts = TeamMember.objects.joined_by(by, on=timezone.localdate()).exclude(authority_id=by.authority_id)
    return list(parts.select_related("authority"))


def own_calls(by):
    calls = MeetingCall.objects.visible_to(by).filter(
        membership=by, meeting__held=False, meeting__starts_at__gte=timezone.now() - timedelta(hours=2)
    )
    return calls.select_related("meeting", "authority", "member_authority").order_by("meeting__starts_at", "pk")


def all_of(by):
    """Everything of the start page, each row with ``told``, who it is about in the words for her, and ``words``, what
    the person wants: shown only where no name is, since a list with both would say too much at a glance."""
    sections = list(own_sections(by).select_related("authority"))
    measures = list(own_measures(by).select_related("authority", "goal").order_by("ends_on", "created_at", "pk"))
    papers = list(shared_documents(by).select_related("authority"))
    parts, calls = own_parts(by), list(own_calls(by))
    _tell(by, [*sections, *measures, *papers, *parts, *calls])
    with_askers(sections)
    _with_words(by, sections)
    for row in measures:
        row.words = _short(row.goal)
    _with_coordinators(by, parts)
    state = Section.State
    return {
        "to_write": [s for s in sections if s.state in (state.REQUESTED, state.WRITING)],
        "signed": [s for s in sections if s.state == state.SIGNED],
        "declined": [s for s in sections if s.state == state.DECLINED],
        "measures": [m for m in measures if m.status in (Measure.Status.PLANNED, Measure.Status.ONGOING)],
        "done": [m for m in measures if m.status not in (Measure.Status.PLANNED, Measure.Status.ONGOING)],
        "papers": papers, "calls": calls, "parts": parts,
    }  # fmt: skip


def _tell(by, rows):
    """In what words each was told who it is, while she may be told; otherwise nothing."""
    parts = list(TeamMember.objects.joined_by(by, on=timezone.localdate()))
    words = dict(zip((part.case_id for part in parts), presented_to_all(parts), strict=True))
    for row in rows:
        row.told = words.get(row.case_id, NEUTRAL)
        row.told = "" if row.told == NEUTRAL else row.told


def _with_words(by, sections):
    """The person's own words of the goal that the section belongs to, as far as the consent goes."""
    goals = {}
    for goal in Goal.objects.visible_to(by).filter(version__in={s.version_id for s in sections}):
        goals.setdefault((goal.version_id, goal.area), goal)
    for row in sections:
        row.words = _short(goals.get((row.version_id, row.area)))


def _short(goal):
    return Truncator(goal.own_words.strip()).chars(SHORT) if goal is not None else ""


def with_askers(sections):
    """Who asked, as far as the wall shows it to a guest: those who invited her and coordinate. Not by a join, which
    would hide the section itself when somebody else in the team has asked."""
    asked = Membership.objects.filter(pk__in={s.requested_by_id for s in sections}).select_related("user")
    names = {member.pk: f"{member.user.name}, " for member in asked}
    for row in sections:
        row.asked_by = names.get(row.requested_by_id, "") + row.authority.name


def _with_coordinators(by, parts):
    found = CoordinatorAppointment.objects.visible_to(by).on_day(timezone.localdate()).coordinators()
    found = found.filter(case__in={part.case_id for part in parts}).select_related("membership__user")
    names = {appointment.case_id: appointment.membership.user.name for appointment in found}
    for part in parts:
        part.coordinator = names.get(part.case_id, "")


def readers_of(by, section):
    """Who will be able to read it once it is signed, the writer herself aside: by authority, name and function."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT name, organisation, function, of_the_board FROM wall.readers(%s)", [section.pk])
        rows = sorted(cursor.fetchall(), key=lambda row: (not row[3], row[1], row[0]))
    found = {}
    for name, organisation, function, _of_the_board in rows:
        if name != by.user.name:
            found.setdefault(organisation, []).append(f"{name}, {function}" if function else name)
    return list(found.items())
