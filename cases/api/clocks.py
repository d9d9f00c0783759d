"""What one has to do by a day; and of any clock in one's cases who is told when."""

from datetime import timedelta

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s
from rest_framework.response import Response

from cases.api.views import ReadOnly, ReadView, own
from cases.clocks import choices
from cases.models import Clock
from exitprogram.tokens.models import Scope
from exitprogram.tokens.paging import Pages
from exitprogram.tokens.problems import Problem

OPEN, DONE, ALL = "open", "done", "all"
STATE = OpenApiParameter("state", str, enum=[OPEN, DONE, ALL], default=OPEN)
WHOM = ["owner", "widely", "cover", "managers"]


class ClockShape(s.Serializer):
    id = s.UUIDField()
    case = s.UUIDField(source="case_id")
    kind = s.ChoiceField(choices())
    due_on = s.DateField(source="day", help_text="The strict day, by which everybody is reminded.")
    first_due_on = s.DateField(source="due_on", help_text="Before it was moved.")
    rolled_on = s.DateField(
        source="rolled_day", allow_null=True, help_text="The next working day, where the strict one is none."
    )
    done_at = s.DateTimeField(allow_null=True)
    is_mine = s.BooleanField()


class TellingShape(s.Serializer):
    on = s.DateField()
    whom = s.ChoiceField(WHOM, help_text="widely: coordinator, deputy and managers; cover: whoever stands in.")


class WholeClockShape(ClockShape):
    rule = s.CharField(source="rule_id")
    may_be_moved = s.BooleanField(source="said.moves")
    moved_why = s.CharField(source="extension_ground")
    tellings = TellingShape(many=True, help_text="While it is not done; the last goes on each day until it is.")
    again_days = s.IntegerField(allow_null=True, help_text="After *Jag har sett det*; null: that was enough.")


def tellings(clock):
    """Each day on which somebody is told, in order; as ``wall.worker_tell`` does it."""
    ahead = [(clock.day - timedelta(days=days), whom) for days in clock.warn_days
             for whom in (["owner", "widely"] if clock.said.widely else ["owner"])]  # fmt: skip
    late = ((1, "owner"), (clock.cover_days, "cover"), (clock.escalate_days, "managers"))
    days = ahead + [(clock.day + timedelta(days=after), whom) for after, whom in late]
    return [{"on": on, "whom": whom} for on, whom in sorted(days, key=lambda one: (one[0], WHOM.index(one[1])))]


class Clocks(ReadView):
    """What one has to do by a day, the longest ago begun first."""

    scope, what, pagination_class = Scope.CLOCKS, "clocks", Pages

    @ReadOnly(operation_id="clocks", parameters=[STATE], responses=ClockShape(many=True))
    def get(self, request):
        rows = own(Clock, request.acting).filter(owner=request.acting)
        state = request.query_params.get("state", OPEN)
        if state not in (OPEN, DONE, ALL):
            raise Problem("bad-request")
        if state != ALL:
            rows = rows.filter(done_at__isnull=state == OPEN)
        return self.page(request, rows, ClockShape, lambda row: row.case, lambda row: _mine(row, request.acting))


class OneClock(ReadView):
    scope, what = Scope.CLOCKS, "clocks"

    @ReadOnly(operation_id="clock", responses=WholeClockShape)
    def get(self, request, clock_id):
        clock = get_object_or_404(own(Clock, request.acting), pk=clock_id)
        self.read(request, [clock.case])
        clock = _mine(clock, request.acting)
        clock.tellings = [] if clock.done_at else tellings(clock)
        return Response(WholeClockShape(clock).data)


def _mine(clock, by):
    clock.is_mine = clock.owner_id == by.pk
    return clock
