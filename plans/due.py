"""Measures whose day is near or has passed: one's own to tick, and those of others that one follows up."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from plans.models import Measure, PlanVersion
from plans.operations.progress import OPEN
from teams.models import CoordinatorAppointment

AHEAD = timedelta(days=14)


def measures_due(by, *, on):
    """Not done, with a day within two weeks, in the version that holds: the agreed one, or the open one where nothing
    is agreed yet. ``mine`` says whose move it is: her who is named, or else the coordinator's, or the worker's."""
    agreed = PlanVersion.objects.filter(plan=OuterRef("version__plan"), state=PlanVersion.State.AGREED)
    holds = Q(version__state=PlanVersion.State.AGREED) | Q(version__state__in=["draft", "out"]) & ~Exists(agreed)
    coordinated = CoordinatorAppointment.objects.coordinators().on_day(on).filter(case=OuterRef("case"))
    rows = Measure.objects.visible_to(by).filter(
        holds, authority_id=by.authority_id, case__closed_on=None, version__plan__ended_on=None, status__in=OPEN
    )
    rows = rows.annotate(
        falls_on=Coalesce("moved_to", "ends_on"), i_coordinate=Exists(coordinated.filter(membership=by)),
        somebody_does=Exists(coordinated),
    ).filter(falls_on__lte=on + AHEAD)  # fmt: skip
    rows = rows.select_related("case__individual", "responsible__membership__user", "principal", "version")
    found = []
    for row in rows.order_by("falls_on", "pk"):
        named = row.responsible.membership_id if row.responsible else None
        follows = row.i_coordinate or (not row.somebody_does and row.case.worker_id == by.pk)
        row.mine = named == by.pk or (named is None and follows)
        if row.mine or (follows and row.falls_on < on and not row.stuck_on):  # what stands still is told by itself
            found.append(row)
    return found
