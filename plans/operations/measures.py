from django.db import transaction
from django.utils import timezone

from cases.access import require
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.roles import Permission
from plans.models import Measure
from plans.operations.content import locked_version
from plans.principals import measure_faults

EMPTY = {
    "goal": None, "title": "", "need": "", "catalogue_id": "", "principal_kind": "", "principal": None,
    "other_name": "", "responsible": None, "responsible_text": "", "starts_on": None, "ends_on": None,
    "legal_anchor": "", "decision": None, "cost": None, "hours": None, "rhythm": Measure.Rhythm.ONCE, "payer_kind": "",
    "payer": "", "status": Measure.Status.PLANNED, "why_not": "", "lack": "",
}  # fmt: skip
UNCHANGED = object()


@transaction.atomic
def add_measure(*, by, goal, title, principal_kind, **fields):
    """What shall be done towards a goal: for which need, by which principal or other, by whom, from–to, on which
    decision, at what cost. A need that cannot be met is a measure too, with why. Raises Refused with a sentence."""
    version = locked_version(goal.version)
    require(by, Permission.EDIT_PLAN, version.case)
    given = _given(fields | {"goal": goal, "title": title, "principal_kind": principal_kind})
    _require_possible(version, given)
    measure = Measure(authority_id=version.authority_id, version=version, case=version.case, area=goal.area, **given)
    measure.save(force_insert=True)
    record(by=by, action="plan.measure_added", obj=measure, case=version.case, area=goal.area)
    return measure


@transaction.atomic
def save_measure(*, by, measure, expected, **fields):
    """Change a measure in an open version; what is not given stays. ``expected`` is the row version that the form
    showed; raises Stale."""
    version = locked_version(measure.version)
    require(by, Permission.EDIT_PLAN, version.case)
    measure = Measure.objects.visible_to(by).select_for_update(of=("self",)).get(pk=measure.pk)
    if expected is not None and measure.row_version != expected:
        raise Stale(measure)
    given = _given(fields, {name: getattr(measure, name) for name in EMPTY})
    _require_possible(version, given, measure)
    changed = sorted(name for name in fields if given[name] != getattr(measure, name))
    for name, value in given.items():
        setattr(measure, name, value)
    measure.area = measure.goal.area
    measure.row_version += 1
    measure.save()
    record(by=by, action="plan.measure_saved", obj=measure, case=version.case, fields=changed)
    return measure


def _given(fields, before=EMPTY):
    unknown = set(fields) - set(EMPTY)
    if unknown:
        raise TypeError(f"En insats har inga fält {sorted(unknown)}")
    given = {**before, **fields}
    if given["status"] != Measure.Status.NOT_AVAILABLE:
        given["lack"] = ""
    return given


def _require_possible(version, given, before=None):
    if given["goal"].version_id != version.pk:
        raise Refused("Målet finns inte i den här versionen.")
    for sentence in measure_faults(version, given, before).values():
        raise Refused(sentence)


@transaction.atomic
def drop_measure(*, by, measure):
    version = locked_version(measure.version)
    require(by, Permission.EDIT_PLAN, version.case)
    record(by=by, action="plan.measure_dropped", obj=measure, case=version.case, thread=str(measure.thread))
    measure.delete()


@transaction.atomic
def set_measure_status(*, by, measure, status, why_not="", lack="", decision=UNCHANGED, expected=None):
    """How a measure goes, and the decision it rests on, which is often made later: may change after the version is
    agreed, when everything else is locked. ``lack`` (Measure.Lack) is kept only of what cannot be had.
    ``expected`` is the row version that a form showed; raises Stale."""
    measure = Measure.objects.visible_to(by).select_for_update(of=("self",)).get(pk=measure.pk)
    require(by, Permission.EDIT_PLAN, measure.case)
    if expected is not None and measure.row_version != expected:
        raise Stale(measure)
    if status in (Measure.Status.NOT_AVAILABLE, Measure.Status.STOPPED) and not why_not.strip():
        raise Refused("Skriv varför.")
    if decision is not UNCHANGED:
        if decision is not None and decision.case_id != measure.case_id:
            raise Refused("Beslutet hör till ett annat ärende.")
        measure.decision = decision
    measure.status, measure.why_not, measure.status_on = status, why_not, timezone.localdate()
    measure.lack = lack if status == Measure.Status.NOT_AVAILABLE else ""
    measure.stuck_on, measure.stuck_until, measure.stuck_why = None, None, ""  # seen to, or not hers to wait for
    measure.row_version += 1
    measure.save(
        update_fields=["status", "why_not", "lack", "status_on", "stuck_on", "stuck_until", "stuck_why", "decision",
                       "row_version"]
    )  # fmt: skip
    record(by=by, action="plan.measure_status", obj=measure, case=measure.case, status=status)
    return measure
