from django.db import transaction
from django.utils import timezone

from cases.access import require
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.roles import Permission
from plans.models import CoordinatedPlan, Goal, Measure, PlanVersion

FIELDS = (
    "lead_principal", "what_matters", "current_situation", "strengths", "own_part", "participation", "risk_plan",
    "others_note", "starts_on", "ends_on", "follow_up_on",
)  # fmt: skip


@transaction.atomic
def start_plan(*, by, case):
    """The plan's thread and its first draft. One plan at a time per case."""
    require(by, Permission.EDIT_PLAN, case)
    if CoordinatedPlan.objects.filter(case=case, ended_on=None).exists():
        raise Refused("Ärendet har redan en plan.")
    plan = CoordinatedPlan(authority_id=case.authority_id, case=case)
    plan.save(force_insert=True)
    version = PlanVersion(authority_id=case.authority_id, plan=plan, case=case, number=1)
    version.save(force_insert=True)
    record(by=by, action="plan.started", obj=plan, case=case)
    return version


def locked_version(version, expected=None):
    """The version, locked for this transaction and open for writing. Raises Refused or Stale."""
    version = PlanVersion.objects.select_for_update(of=("self",)).select_related("case", "plan").get(pk=version.pk)
    if version.plan.ended_on:
        raise Refused("Planen är avslutad. Börja en ny om arbetet ska fortsätta.")
    if not version.is_open:
        raise Refused("Versionen är överenskommen och låst. Börja en ny version för att ändra.")
    if expected is not None and version.version != expected:
        raise Stale(version)
    return version


@transaction.atomic
def save_version(*, by, plan_version, expected, **fields):
    """Save the plan's own texts and days. ``expected`` is the version number that the form showed; raises Stale."""
    version = locked_version(plan_version, expected)
    require(by, Permission.EDIT_PLAN, version.case)
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"save_version() fick okända fält: {sorted(unknown)}")
    for name, value in fields.items():
        setattr(version, name, value)
    if version.ends_on and version.ends_on < version.starts_on:
        raise Refused("Planens sista dag ligger före den första.")
    if version.follow_up_on and version.ends_on and version.follow_up_on > version.ends_on:
        raise Refused("Uppföljningen måste ligga inom planens tid.")
    version.version += 1
    version.save()
    record(by=by, action="plan.saved", obj=version, case=version.case, fields=sorted(fields))
    return version


@transaction.atomic
def add_goal(*, by, plan_version, area, own_words, wording=""):
    """A goal: in the person's own words, and the professional wording beside it. One of the two must say something."""
    version = locked_version(plan_version)
    require(by, Permission.EDIT_PLAN, version.case)
    if not own_words.strip() and not wording.strip():
        raise Refused("Skriv målet, helst med personens egna ord.")
    goal = Goal(
        authority_id=version.authority_id, version=version, case=version.case, area=area, own_words=own_words,
        wording=wording, position=version.goals.count(),
    )  # fmt: skip
    goal.save(force_insert=True)
    record(by=by, action="plan.goal_added", obj=goal, case=version.case, area=area)
    return goal


@transaction.atomic
def save_goal(*, by, goal, own_words, wording):
    version = locked_version(goal.version)
    require(by, Permission.EDIT_PLAN, version.case)
    goal.own_words, goal.wording = own_words, wording
    goal.save(update_fields=["own_words", "wording"])
    record(by=by, action="plan.goal_saved", obj=goal, case=version.case)
    return goal


@transaction.atomic
def drop_goal(*, by, goal):
    """Take away a goal that has no measures from a draft. What was agreed before is still in its version."""
    version = locked_version(goal.version)
    require(by, Permission.EDIT_PLAN, version.case)
    if goal.measures.exists():
        raise Refused("Ta först bort målets insatser.")
    record(by=by, action="plan.goal_dropped", obj=goal, case=version.case)
    goal.delete()


@transaction.atomic
def add_measure(
    *, by, goal, title, principal_kind, principal=None, other_name="", responsible=None, responsible_text="",
    starts_on=None, ends_on=None, legal_anchor="", status=Measure.Status.PLANNED, why_not="",
):  # fmt: skip
    """What shall be done towards a goal: by which principal or other, by whom, from–to. A need that cannot be met is
    a measure too, with why. Raises Refused with a sentence."""
    version = locked_version(goal.version)
    require(by, Permission.EDIT_PLAN, version.case)
    _require_days(version, starts_on, ends_on)
    if not title.strip():
        raise Refused("Skriv vad insatsen är.")
    if principal_kind == Measure.Principal.OTHER and not other_name.strip():
        raise Refused("Skriv vem som vidtar åtgärden.")
    if principal_kind != Measure.Principal.OTHER:
        _require_principal(principal_kind, principal)
    if status == Measure.Status.NOT_AVAILABLE and not why_not.strip():
        raise Refused("Skriv varför behovet inte kan mötas.")
    if responsible is not None and responsible.case_id != version.case_id:
        raise Refused("Den ansvariga är inte med i teamet.")
    measure = Measure(
        authority_id=version.authority_id, version=version, case=version.case, goal=goal, area=goal.area, title=title,
        principal_kind=principal_kind, principal=principal, other_name=other_name, responsible=responsible,
        responsible_text=responsible_text, starts_on=starts_on, ends_on=ends_on, legal_anchor=legal_anchor,
        status=status, why_not=why_not,
    )  # fmt: skip
    measure.save(force_insert=True)
    record(by=by, action="plan.measure_added", obj=measure, case=version.case, area=goal.area)
    return measure


def _require_days(version, starts_on, ends_on):
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused("Insatsens sista dag ligger före den första.")
    for day in (starts_on, ends_on):
        if day and version.ends_on and day > version.ends_on:
            raise Refused("Insatsen måste ligga inom planens tid.")


def _require_principal(kind, principal):
    if principal is None:
        raise Refused("Välj vilken huvudman som svarar för insatsen.")
    if (kind == Measure.Principal.SOCIAL) != principal.is_social:
        raise Refused("Huvudmannen är av annat slag än det som valts.")


@transaction.atomic
def drop_measure(*, by, measure):
    version = locked_version(measure.version)
    require(by, Permission.EDIT_PLAN, version.case)
    record(by=by, action="plan.measure_dropped", obj=measure, case=version.case)
    measure.delete()


@transaction.atomic
def set_measure_status(*, by, measure, status, why_not=""):
    """How a measure goes: may change after the version is agreed, when everything else is locked."""
    measure = Measure.objects.visible_to(by).select_for_update(of=("self",)).get(pk=measure.pk)
    require(by, Permission.EDIT_PLAN, measure.case)
    if status in (Measure.Status.NOT_AVAILABLE, Measure.Status.STOPPED) and not why_not.strip():
        raise Refused("Skriv varför.")
    measure.status, measure.why_not, measure.status_on = status, why_not, timezone.localdate()
    measure.save(update_fields=["status", "why_not", "status_on"])
    record(by=by, action="plan.measure_status", obj=measure, case=measure.case, status=status)
    return measure


@transaction.atomic
def send_out(*, by, plan_version):
    """The draft is out with the parties for their contributions; it can still be edited."""
    version = locked_version(plan_version)
    require(by, Permission.EDIT_PLAN, version.case)
    version.state = PlanVersion.State.OUT
    version.version += 1
    version.save(update_fields=["state", "version"])
    record(by=by, action="plan.sent_out", obj=version, case=version.case)
    return version
