from django.db import transaction
from django.utils import timezone

from cases.access import require
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.roles import Permission
from plans.content import fingerprint, goals_in_order
from plans.models import CoordinatedPlan, Goal, Measure, PlanVersion
from plans.threads import last_of_former

FIELDS = (
    "lead_principal", "what_matters", "current_situation", "strengths", "own_part", "participation", "risk_plan",
    "others_note", "starts_on", "ends_on", "follow_up_on",
)  # fmt: skip


@transaction.atomic
def start_plan(*, by, case, go_on=False):
    """The plan's thread and its first draft. One plan at a time per case. ``go_on``: from where the former plan was
    when it ended, so that what has become of each goal since can be seen."""
    require(by, Permission.EDIT_PLAN, case)
    if CoordinatedPlan.objects.filter(case=case, ended_on=None).exists():
        raise Refused("Ärendet har redan en plan.")
    former = last_of_former(case) if go_on else None
    plan = CoordinatedPlan(authority_id=case.authority_id, case=case)
    plan.save(force_insert=True)
    version = PlanVersion(authority_id=case.authority_id, plan=plan, case=case, number=1)
    if former:
        carry_texts(former, version)
        version.starts_on, version.ends_on = timezone.localdate(), None
    version.save(force_insert=True)
    if former:
        carry_goals(former, version)
    record(by=by, action="plan.started", obj=plan, case=case, goes_on=former is not None)
    return version


def carry_texts(old, version):
    for name in FIELDS:
        setattr(version, name, getattr(old, name))
    version.follow_up_on = None


def carry_goals(old, version):
    """Goals and measures as they stand, each in its own thread."""
    copies = {}
    for goal in goals_in_order(old.goals.all()):
        copies[goal.pk] = _copy_goal(version, goal, copies.get(goal.parent_id))


GOAL_TEXTS = ("thread", "area", "own_words", "wording", "position")
MEASURE_TEXTS = (
    "thread", "area", "need", "catalogue_id", "title", "principal_kind", "principal_id", "other_name", "responsible_id",
    "cost", "decision_id", "ends_on", "hours", "lack", "legal_anchor", "payer", "payer_kind", "responsible_text",
    "rhythm", "starts_on", "status", "status_on", "stuck_on", "stuck_until", "stuck_why", "why_not",
)  # fmt: skip


def _copy_goal(version, old, parent):
    shared = {"authority_id": version.authority_id, "version": version, "case": version.case}
    goal = Goal(**shared, parent=parent, **{name: getattr(old, name) for name in GOAL_TEXTS})
    goal.save(force_insert=True)
    for measure in old.measures.all():
        # An encrypted text is bound to its own row, so it is opened here and sealed anew for the copy. A moved day is
        # what the next version begins from.
        given = {name: getattr(measure, name) for name in MEASURE_TEXTS} | {"ends_on": measure.day}
        Measure(**shared, goal=goal, began_as=measure.status, **given).save(force_insert=True)
    return goal


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
def save_version(*, by, plan_version, expected, seen=None, **fields):
    """Save the plan's own texts and days. ``expected`` is the version number that the form showed. A form with only
    some of the texts gives their ``fingerprint`` as ``seen`` instead, so that two people in different texts do not
    stand in each other's way. Either raises Stale."""
    version = locked_version(plan_version, expected)
    require(by, Permission.EDIT_PLAN, version.case)
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"save_version() fick okända fält: {sorted(unknown)}")
    if seen is not None and fingerprint(version, fields) != seen:
        raise Stale(version)
    changed = sorted(name for name, value in fields.items() if value != getattr(version, name))
    for name, value in fields.items():
        setattr(version, name, value)
    if version.ends_on and version.ends_on < version.starts_on:
        raise Refused("Planens sista dag ligger före den första.")
    if version.follow_up_on and version.ends_on and version.follow_up_on > version.ends_on:
        raise Refused("Uppföljningen måste ligga inom planens tid.")
    version.version += 1
    version.save()
    record(by=by, action="plan.saved", obj=version, case=version.case, fields=changed)
    return version


@transaction.atomic
def add_goal(*, by, plan_version, area="", own_words="", wording="", parent=None):
    """A goal: in the person's own words, and the professional wording beside it. One of the two must say something.
    With a ``parent`` it is a part on the way to a long-term goal, in that goal's area."""
    version = locked_version(plan_version)
    require(by, Permission.EDIT_PLAN, version.case)
    _require_words(own_words, wording)
    if parent is not None:
        _require_long_term(version, parent)
        area = parent.area
    goal = Goal(
        authority_id=version.authority_id, version=version, case=version.case, area=area, own_words=own_words,
        wording=wording, parent=parent, position=version.goals.count(),
    )  # fmt: skip
    goal.save(force_insert=True)
    record(by=by, action="plan.goal_added", obj=goal, case=version.case, area=area)
    return goal


def _require_words(own_words, wording):
    if not own_words.strip() and not wording.strip():
        raise Refused("Skriv målet, helst med personens egna ord.")


def _require_long_term(version, parent):
    if parent.version_id != version.pk:
        raise Refused("Det långsiktiga målet finns inte i den här versionen.")
    if parent.parent_id:
        raise Refused("Ett delmål kan inte ha egna delmål. Välj det långsiktiga målet.")


@transaction.atomic
def save_goal(*, by, goal, expected, own_words, wording):
    """Change a goal's words. ``expected`` is the row version that the form showed; raises Stale."""
    version = locked_version(goal.version)
    require(by, Permission.EDIT_PLAN, version.case)
    goal = Goal.objects.visible_to(by).select_for_update(of=("self",)).get(pk=goal.pk)
    if expected is not None and goal.row_version != expected:
        raise Stale(goal)
    _require_words(own_words, wording)
    goal.own_words, goal.wording = own_words, wording
    goal.row_version += 1
    goal.save(update_fields=["own_words", "wording", "row_version"])
    record(by=by, action="plan.goal_saved", obj=goal, case=version.case)
    return goal


@transaction.atomic
def drop_goal(*, by, goal):
    """Take away a goal that has no measures from a draft. What was agreed before is still in its version."""
    version = locked_version(goal.version)
    require(by, Permission.EDIT_PLAN, version.case)
    if goal.measures.exists():
        raise Refused("Ta först bort målets insatser.")
    if goal.parts.exists():
        raise Refused("Ta först bort delmålen.")
    record(by=by, action="plan.goal_dropped", obj=goal, case=version.case, thread=str(goal.thread))
    goal.delete()


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
