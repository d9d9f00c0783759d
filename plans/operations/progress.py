"""How a measure's day moves, from the desk and after the version is agreed."""

from django.db import transaction
from django.utils import timezone

from cases.access import require
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.page.templatetags.page import sv_date
from exitprogram.tenancy.roles import Permission
from plans.models import Measure

OPEN = (Measure.Status.PLANNED, Measure.Status.ONGOING)


@transaction.atomic
def move_measure(*, by, measure, moved_to, why):
    """Another day for a measure that is not done, with why. In an agreed version the agreed day stands and the new one
    beside it; in an open one the day itself is changed."""
    require(by, Permission.EDIT_PLAN, measure.case)
    measure = (
        Measure.objects.visible_to(by).select_for_update(of=("self",)).select_related("version").get(pk=measure.pk)
    )
    _require_movable(measure, moved_to, why)
    if measure.version.is_open:
        measure.ends_on = moved_to
    else:
        measure.moved_to = moved_to
    measure.moved_why = why.strip()
    measure.row_version += 1
    measure.save(update_fields=["ends_on", "moved_to", "moved_why", "row_version"])
    record(by=by, action="plan.measure_moved", obj=measure, case=measure.case, to=str(moved_to))
    return measure


def _require_movable(measure, moved_to, why):
    version = measure.version
    if measure.status not in OPEN:
        raise Refused("Insatsen är redan klar eller avbruten.")
    if not why.strip():
        raise Refused("Skriv varför det flyttas.")
    if moved_to < timezone.localdate() or moved_to == measure.day:
        raise Refused("Välj en ny dag, i dag eller senare.")
    if measure.starts_on and moved_to < measure.starts_on:
        raise Refused(f"Insatsen börjar {sv_date(measure.starts_on)}. Välj en senare dag.")
    if version.ends_on and moved_to > version.ends_on:
        raise Refused(f"Insatsen måste ligga inom planens tid, till {sv_date(version.ends_on)}.")
