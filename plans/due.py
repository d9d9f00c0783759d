"""What falls due: watched days and the measures of plans, with the first rows of each group of *Min dag* and how many
there are in all. PostgreSQL sorts and counts; a thousand cases cost as many rows on their way as forty."""

from datetime import timedelta

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from cases.clocks import KINDS, CaseClock
from cases.models import Clock
from exitprogram.tenancy.prepared import prepared_rows
from plans.models import Measure, PlanVersion
from plans.operations.progress import OPEN
from teams.models import CoordinatorAppointment

AHEAD = timedelta(days=14)
LATE, NOW, COMING, OF_OTHERS = range(4)


class Longest(Func):
    """The longest of the warnings, in days."""

    template = "(SELECT max(w) FROM unnest(%(expressions)s) w)"
    output_field = IntegerField()


@prepared_rows
def clocks_due(by, most):
    """Shown from its first reminder, or two weeks ahead; what is watched but not shown, once it is late."""
    on = timezone.localdate()
    covers = CoordinatorAppointment.objects.on_day(on).filter(kind="cover", membership_id=by.pk)
    away = covers.filter(case=OuterRef("case"), appointed_by=OuterRef("owner"))  # whose days are mine while she is away
    mine = Q(owner_id=by.pk) | Q(case__in=covers.values("case_id")) & Exists(away)
    rows = Clock.objects.visible_to(by).open().filter(mine)
    rows = rows.exclude(kind__in=[CaseClock.EMERGENCY_REVIEW, *(kind.code for kind in KINDS.values() if kind.watched)])
    shown = [kind.code for kind in KINDS.values() if kind.shown]
    rows = rows.annotate(falls_on=Coalesce("extended_to", "due_on"), warned=Longest("warn_days"))
    warned_by = ExpressionWrapper(Value(on) + F("warned"), DateField())
    near = Q(falls_on__lte=on + AHEAD) | Q(falls_on__lte=warned_by)
    rows = rows.filter(near & (Q(falls_on__lt=on) | Q(kind__in=shown)))
    return _first(rows.select_related("case"), most, on, late=Q(falls_on__lt=on))


@prepared_rows
def measures_due(by, most):
    """Not done, with a day within two weeks, in the version that holds: the agreed one, or the open one where nothing
    is agreed yet. Mine is the move of her who is named, or else the coordinator's, or the worker's; what is late of
    others is for whoever follows it up."""
    on = timezone.localdate()
    agreed = PlanVersion.objects.filter(plan=OuterRef("version__plan"), state=PlanVersion.State.AGREED)
    holds = Q(version__state=PlanVersion.State.AGREED) | Q(version__state__in=["draft", "out"]) & ~Exists(agreed)
    # Lists and not a question for each row: the planner would ask the constraint's GiST index, a hundred pages a time.
    coordinated = CoordinatorAppointment.objects.coordinators().on_day(on).filter(authority_id=by.authority_id)
    rows = Measure.objects.held_by(by).filter(
        holds, case__closed_on=None, version__plan__ended_on=None, status__in=OPEN
    )
    rows = rows.annotate(falls_on=Coalesce("moved_to", "ends_on")).filter(falls_on__lte=on + AHEAD)
    i_coordinate = Q(case__in=coordinated.filter(membership_id=by.pk).values("case_id"))
    follows = i_coordinate | Q(case__worker_id=by.pk) & ~Q(case__in=coordinated.values("case_id"))
    mine = Q(responsible__membership_id=by.pk) | Q(responsible__membership_id=None) & follows
    theirs = follows & Q(falls_on__lt=on, stuck_on=None)  # what stands still is told by itself
    rows = rows.annotate(mine=Case(When(mine, then=Value(True)), default=Value(False))).filter(Q(mine=True) | theirs)
    rows = rows.select_related("case__individual", "responsible__membership__user", "principal", "version")
    return _first(rows, most, on, late=Q(falls_on__lt=on, mine=True), others=Q(mine=False))


def _first(rows, most, on, *, late, others=None):
    """The first of each group by day, and how many the group has."""
    groups = [When(others, then=Value(OF_OTHERS))] if others is not None else []
    groups += [When(late, then=Value(LATE)), When(falls_on=on, then=Value(NOW))]
    rows = rows.annotate(group=Case(*groups, default=Value(COMING)))
    by_day = {"partition_by": [F("group")], "order_by": [F("falls_on"), F("pk")]}
    rows = rows.annotate(place=Window(RowNumber(), **by_day), of=Window(Count("pk"), partition_by=[F("group")]))
    return rows.filter(place__lte=most).order_by("falls_on", "pk")
