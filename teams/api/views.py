"""Decisions for the board's archive: what has been decided in one's own cases, new ones since a position."""

from uuid import UUID

from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from cases.api.views import ReadOnly, ReadView, own
from cases.models import Case, Disclosure
from exitprogram.tenancy.roles import Permission
from exitprogram.tokens.models import Scope
from exitprogram.tokens.problems import Problem
from teams import operations
from teams.api import shapes
from teams.course import courses
from teams.models import Decision
from teams.operations.letters import WHAT

AT_A_TIME, LAST = 50, 2**63 - 1
SINCE = OpenApiParameter("since", {"type": "integer", "minimum": 0, "maximum": LAST}, description="0: from the first.")
CASE = OpenApiParameter("case", OpenApiTypes.UUID, description="Of one case: as when it has just been opened to you.")


def positions(*, since=0, case=None, most=AT_A_TIME):
    """[(id, position)] of what has happened with since then, the longest ago first; two of one act are never parted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.decision_positions(%s, %s, %s)", [since, case and case.pk, most])
        return cursor.fetchall()


def decided(by):
    rows = own(Decision, by).decided()
    return rows.select_related("case", "authority", "decided_by__user", "employer", "row")


def with_course(found, places):
    """The decisions, each with what has become of it, in three questions however many they are."""
    by_id = {course.decision.pk: course for course in courses(found)}
    return [_told(by_id[pk], place) for pk, place in places if pk in by_id]


def _told(course, place):
    one, days = course.decision, course.last_appeal_days
    one.position, one.stands = place, course.state(timezone.localdate())[0]
    member = one.decided_by  # of another employer (KL 9:37) she may have left
    one.decider = {
        "name": member.user.name if member else "", "title": member.title if member else "", "role": one.role,
        "employer": one.employer.name,
    }  # fmt: skip
    one.basis = {"number": one.row.number, "scheme_version": one.scheme_version, "ground": one.mandate}
    one.last_appeal_on, one.in_force_on = days and days[1], course.in_force_on()
    one.judgment = course.court.result if course.court else ""
    for name, step in (("told", course.told), ("received", course.received), ("appealed", course.appealed),
                       ("judged", course.court)):  # fmt: skip
        setattr(one, f"{name}_on", step and step.day)
    return one


class Decisions(ReadView):
    scope, what = Scope.DECISIONS, "decisions"

    @ReadOnly(operation_id="decisions", parameters=[SINCE, CASE], responses=shapes.DecisionsShape)
    def get(self, request):
        since, case = _since(request), _case(request)
        places = positions(since=since, case=case)
        found = list(decided(request.acting).filter(pk__in=[pk for pk, _place in places]))
        self.read(request, [one.case for one in found])
        last = places[-1][1] if places else since
        more = len(places) >= AT_A_TIME
        page = {
            "next": replace_query_param(request.build_absolute_uri(), "since", last) if more else None,
            "position": last, "results": with_course(found, places),
        }  # fmt: skip
        return Response(shapes.DecisionsShape(page).data)


def _since(request):
    given = request.query_params.get("since", "0")
    if not (given.isascii() and given.isdigit()) or len(given) > 19 or int(given) > LAST:
        raise Problem("bad-cursor")
    return int(given)


def _case(request):
    """The case that is asked of, or None; one that is unknown or not one's own is nowhere."""
    given = request.query_params.get("case")
    if given is None:
        return None
    try:
        key = UUID(given)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Case.objects.held_by(request.acting), pk=key)


class OneDecision(ReadView):
    scope, what = Scope.DECISIONS, "decisions"

    @ReadOnly(operation_id="decision", responses=shapes.WholeDecisionShape)
    def get(self, request, decision_id):
        found = get_object_or_404(decided(request.acting), pk=decision_id)
        self.read(request, [found.case])
        place = dict(positions(case=found.case, most=LAST >> 32))[found.pk]
        [shown] = with_course([found], [(found.pk, place)])
        letters = own(Disclosure, request.acting).filter(object_id=found.pk, what=WHAT)
        shown.letters = letters.prefetch_related("kept").order_by("copy_number")
        return Response(shapes.WholeDecisionShape(shown).data)


class Letter(ReadView):
    """The letter as it was handed out: the same bytes each time. It names the person."""

    access, scope = frozenset({Permission.PROPOSE_DECISION}), Scope.DECISIONS

    @ReadOnly(operation_id="letter", responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request, letter_id):
        row = get_object_or_404(own(Disclosure, request.acting).filter(what=WHAT), pk=letter_id)
        data = operations.fetch_letter(by=request.acting, case=row.case, disclosure=row)
        return HttpResponse(data, content_type="application/pdf")
