"""What the one who is responsible says of her own measure: done, or where it stands still. Never more than that."""

from django.db import transaction
from django.utils import timezone

from cases.models import Notice
from exitprogram.audit.operations import record, record_many
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.roles import Permission, require_role
from plans.contributions import own_measures
from plans.models import Measure
from plans.operations.telling import tell_holders

GOES_ON = (Measure.Status.PLANNED, Measure.Status.ONGOING, Measure.Status.DONE)


def _own_measure(by, measure):
    require_role(by, Permission.CONTRIBUTE)
    measure = Measure.objects.visible_to(by).select_for_update(of=("self",)).get(pk=measure.pk)
    if not own_measures(by).filter(pk=measure.pk).exists():
        raise NotAllowed("Bara den som är ansvarig för insatsen, i den plan som gäller, svarar för hur den går.")
    if measure.status not in GOES_ON:
        raise Refused(f"Insatsen är redan {measure.get_status_display()}. Fråga samordnaren.")
    return measure


def _write(measure, **fields):
    for name, value in fields.items():
        setattr(measure, name, value)
    measure.row_version += 1
    measure.save(update_fields=[*fields, "row_version"])
    return measure


@transaction.atomic
def view_own_measures(*, by, measures):
    """Write down, in the log of each board that owns a plan, that whoever is responsible reads her measures in it."""
    require_role(by, Permission.CONTRIBUTE)
    if own_measures(by).filter(pk__in={measure.pk for measure in measures}).count() < len(measures):
        raise NotAllowed("Insatsen är någon annans.")
    of_cases = {measure.case_id: (measure, measure.case_ref) for measure in measures}
    record_many(by=by, action="measure.viewed", about=of_cases.values(), ground="team")


@transaction.atomic
def report_measure(*, by, measure, status):
    """My measure is done; or it is under way after all, which takes that back. Done is not stuck any more."""
    measure = _own_measure(by, measure)
    if status not in GOES_ON:
        raise Refused("Att en insats avbryts eller inte kan mötas skriver samordnaren. Säg till att den står still.")
    measure = _write(
        measure, status=status, lack="", status_on=timezone.localdate(), stuck_on=None, stuck_until=None, stuck_why=""
    )
    record(by=by, action="plan.measure_reported", obj=measure, case=measure.case_ref, status=status)
    return measure


@transaction.atomic
def report_stuck(*, by, measure, until, why):
    """My measure stands still: until when, and why. Those who hold the case are told; nothing is closed by it."""
    measure = _own_measure(by, measure)
    if measure.status == Measure.Status.DONE:
        raise Refused("Insatsen är klar. Ångra det först.")
    if until is None or until < timezone.localdate():
        raise Refused("Välj en dag som inte har varit.")
    if not why.strip():
        raise Refused("Skriv med en mening varför det står still.")
    measure = _write(measure, stuck_on=timezone.localdate(), stuck_until=until, stuck_why=why)
    record(by=by, action="plan.measure_stuck", obj=measure, case=measure.case_ref)
    tell_holders(by, measure, Notice.About.STUCK)
    return measure


@transaction.atomic
def report_moving(*, by, measure):
    """It does not stand still any more, or it was said by mistake."""
    measure = _write(_own_measure(by, measure), stuck_on=None, stuck_until=None, stuck_why="")
    record(by=by, action="plan.measure_moving", obj=measure, case=measure.case_ref)
    return measure
