import hashlib

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.models import Clock
from cases.operations import finish_clock, start_clock
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission
from plans.content import canonical, content_of, goals_in_order
from plans.models import Goal, Measure, PlanVersion
from plans.operations.content import FIELDS, locked_version
from plans.requirements import has_plan_consent, missing
from teams.models import CoordinatorAppointment


@transaction.atomic
def agree_version(*, by, plan_version, expected=None):
    """Agree the version with the individual: complete by law, frozen, and its follow-up watched. The version before
    is superseded in the same transaction. Without plan consent there is no plan to agree (SoL 10:8)."""
    version = locked_version(plan_version, expected)
    require(by, Permission.AGREE_PLAN, version.case)
    today = timezone.localdate()
    if not has_plan_consent(version.case, on=today):
        raise Refused("Utan samtycke är detta en samordningsanteckning och kan inte fastställas som plan (SoL 10:8).")
    lacking = missing(version, on=today)
    if lacking:
        raise Refused("Detta saknas: " + ", ".join(part.text for part in lacking) + ".")
    version.plan.versions.filter(state=PlanVersion.State.AGREED).update(state=PlanVersion.State.SUPERSEDED)
    version.frozen = canonical(content_of(version, on=today))
    version.frozen_sha256 = hashlib.sha256(version.frozen.encode()).digest()
    version.state, version.agreed_at, version.agreed_by = PlanVersion.State.AGREED, timezone.now(), by
    version.version += 1
    version.save()
    _watch_follow_up(by, version, today)
    record(by=by, action="plan.agreed", obj=version, case=version.case, number=version.number)
    return version


def _watch_follow_up(by, version, today):
    older = Clock.objects.open().filter(case=version.case, kind=Clock.Kind.FOLLOW_UP)
    for clock in older:
        finish_clock(by=by, case=version.case, clock=clock)
    coordinator = CoordinatorAppointment.objects.coordinators().on_day(today).get(case=version.case)
    start_clock(
        by=by, case=version.case, kind=Clock.Kind.FOLLOW_UP, rule_id="plan.follow_up", subject_id=version.pk,
        owner=coordinator.membership, due_on=version.follow_up_on,
    )  # fmt: skip


@transaction.atomic
def new_version(*, by, plan):
    """Begin the next draft from the newest version: texts, goals and measures come along, sections are asked for anew,
    the follow-up day is left to be set."""
    require(by, Permission.EDIT_PLAN, plan.case)
    plan = type(plan).objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.ended_on:
        raise Refused("Planen är avslutad. Börja en ny om arbetet ska fortsätta.")
    latest = plan.versions.order_by("-number").first()
    if latest.is_open:
        raise Refused("Det finns redan ett utkast.")
    version = PlanVersion(authority_id=plan.authority_id, plan=plan, case=plan.case, number=latest.number + 1)
    for name in FIELDS:
        setattr(version, name, getattr(latest, name))
    version.follow_up_on = None
    version.save(force_insert=True)
    copies = {}
    for goal in goals_in_order(latest.goals.all()):
        copies[goal.pk] = _copy_goal(version, goal, copies.get(goal.parent_id))
    record(by=by, action="plan.version_begun", obj=version, case=plan.case, number=version.number)
    return version


GOAL_TEXTS = ("area", "own_words", "wording", "position")
MEASURE_TEXTS = (
    "area", "need", "catalogue_id", "title", "principal_kind", "principal_id", "other_name", "responsible_id",
    "responsible_text", "starts_on", "ends_on", "legal_anchor", "decision_id", "cost", "payer", "status", "why_not",
    "status_on", "stuck_on", "stuck_until", "stuck_why",
)  # fmt: skip


def _copy_goal(version, old, parent):
    shared = {"authority_id": version.authority_id, "version": version, "case": version.case}
    goal = Goal(**shared, parent=parent, **{name: getattr(old, name) for name in GOAL_TEXTS})
    goal.save(force_insert=True)
    for measure in old.measures.all():
        # An encrypted text is bound to its own row, so it is opened here and sealed anew for the copy.
        Measure(**shared, goal=goal, **{name: getattr(measure, name) for name in MEASURE_TEXTS}).save(force_insert=True)
    return goal
