import hashlib

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.models import Clock
from cases.operations import finish_clock, start_clock
from children.coordination import is_lawful
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission
from plans.clocks import PlanClock
from plans.content import canonical, content_of
from plans.models import Measure, PlanVersion
from plans.operations.content import carry_goals, carry_texts, locked_version
from plans.operations.outcomes import watch_outcomes
from plans.requirements import has_plan_consent, missing
from teams.models import CoordinatorAppointment


@transaction.atomic
def agree_version(*, by, plan_version, expected=None):
    """Agree the version with the individual: complete by law, frozen, and its follow-up watched. The version before
    is superseded in the same transaction. Without plan consent there is no plan to agree (SoL 10:8); a child's may be
    coordinated on a ground in law, and is then no SIP."""
    version = locked_version(plan_version, expected)
    require(by, Permission.AGREE_PLAN, version.case)
    today = timezone.localdate()
    if not (has_plan_consent(version.case, on=today) or is_lawful(version.case, today)):
        raise Refused("Utan samtycke är detta en samordningsanteckning och kan inte fastställas som plan (SoL 10:8).")
    lacking = missing(version, on=today)
    if lacking:
        raise Refused("Detta saknas: " + ", ".join(part.text for part in lacking) + ".")
    _take_progress(version)
    version.plan.versions.filter(state=PlanVersion.State.AGREED).update(state=PlanVersion.State.SUPERSEDED)
    version.frozen = canonical(content_of(version, on=today))
    version.frozen_sha256 = hashlib.sha256(version.frozen.encode()).digest()
    version.state, version.agreed_at, version.agreed_by = PlanVersion.State.AGREED, timezone.now(), by
    version.version += 1
    version.save()
    _watch_follow_up(by, version, today)
    watch_outcomes(by=by, plan=version.plan)
    record(by=by, action="plan.agreed", obj=version, case=version.case, number=version.number)
    return version


PROGRESS = ("status", "status_on", "why_not", "lack", "stuck_on", "stuck_until", "stuck_why")


def _take_progress(version):
    """What has been said of the version in force while the next one was written goes with it: a measure that still
    stands as it was copied takes over how its forerunner stands now."""
    in_force = Measure.objects.filter(version__plan=version.plan, version__state=PlanVersion.State.AGREED)
    before = {measure.thread: measure for measure in in_force}
    for measure in version.measures.all():
        if measure.thread in before and measure.status == measure.began_as:
            for name in PROGRESS:
                setattr(measure, name, getattr(before[measure.thread], name))
            measure.save(update_fields=PROGRESS)


def _watch_follow_up(by, version, today):
    older = Clock.objects.open().filter(case=version.case, kind=PlanClock.FOLLOW_UP)
    for clock in older:
        finish_clock(by=by, case=version.case, clock=clock)
    coordinator = CoordinatorAppointment.objects.coordinators().on_day(today).get(case=version.case)
    start_clock(
        by=by, case=version.case, kind=PlanClock.FOLLOW_UP, rule_id="plan.follow_up", subject_id=version.pk,
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
    carry_texts(latest, version)
    version.save(force_insert=True)
    carry_goals(latest, version)
    record(by=by, action="plan.version_begun", obj=version, case=plan.case, number=version.number)
    return version
