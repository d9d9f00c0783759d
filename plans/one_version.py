"""What the plan's page reads: each one statement, written by the ORM once (``prepared_rows``). ``version``, ``plan``
and ``case`` are ids."""

from django.utils import timezone

from cases.models import Consent
from exitprogram.tenancy.prepared import prepared_rows
from plans.models import Goal, Measure, PlanVersion, Section


@prepared_rows
def whole(by, version):
    rows = PlanVersion.objects.visible_to(by).filter(pk=version)
    return rows.select_related("case__individual", "case__authority", "plan", "lead_principal", "agreed_by__user")


@prepared_rows
def goals(by, version):
    return Goal.objects.filter(version_id=version)


@prepared_rows
def measures(by, version):
    rows = Measure.objects.filter(version_id=version)
    return rows.select_related("principal", "responsible__membership__user", "decision")


@prepared_rows
def sections(by, version):
    return Section.objects.filter(version_id=version).select_related("principal", "writer__user")


@prepared_rows
def of_plan(by, plan):
    return PlanVersion.objects.filter(plan_id=plan).order_by("-number")


@prepared_rows
def plan_consents(by, case):
    return Consent.objects.to_plan().in_force(on=timezone.localdate()).filter(case_id=case)[:1]
