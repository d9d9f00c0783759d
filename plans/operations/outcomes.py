from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.clocks import CaseClock
from cases.models import Clock
from cases.operations import start_clock
from exitprogram.audit.operations import record
from exitprogram.tenancy.roles import Permission
from plans.outcomes import point_id, points
from teams.models import CoordinatorAppointment


@transaction.atomic
def watch_outcomes(*, by, plan):
    """A clock for each time that is still to come, once: when a plan is first agreed, and when it has ended."""
    require(by, Permission.READ_CASE, plan.case)
    today = timezone.localdate()
    coordinator = CoordinatorAppointment.objects.coordinators().on_day(today).filter(case=plan.case)
    holder = coordinator.select_related("membership").first()
    begun = 0
    for code, _label, day in points(plan, on=today):
        subject = point_id(plan, code)
        if day > today and not Clock.objects.filter(kind=CaseClock.OUTCOME, subject_id=subject).exists():
            start_clock(
                by=by, case=plan.case, kind=CaseClock.OUTCOME, rule_id="outcome.points", subject_id=subject,
                owner=holder.membership if holder else by, due_on=day,
            )  # fmt: skip
            begun += 1
    record(by=by, action="plan.outcomes_watched", obj=plan, case=plan.case, times=begun)
