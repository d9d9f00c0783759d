"""What those in the team have said to the ones who hold a case: cannot contribute, stands still, has left; and
that a colleague's cases have come to one."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from cases.models import Case, ConflictAnswer, Notice
from plans.models import Measure, PlanVersion, Section
from teams.conflicts import questions
from teams.log_review import is_asked
from teams.models import CoordinatorAppointment, TeamMember

NEWS = timedelta(days=14)


def from_team(by):
    """{kind: rows} in the cases that ``by`` coordinates, or handles: until it has been seen to. Shown on a list of
    many cases, so with numbers and colleagues; what was said is read where it belongs."""
    today = timezone.localdate()
    held = CoordinatorAppointment.objects.visible_to(by).on_day(today).filter(membership=by)
    cases = Case.objects.visible_to(by).filter(Q(worker=by) | Q(pk__in=held.values("case_id"))).active()
    goes_on = {"version__plan__ended_on": None, "case__in": cases}
    stuck = Measure.objects.visible_to(by).filter(
        **goes_on, stuck_on__isnull=False, version__state=PlanVersion.State.AGREED
    )
    declined = Section.objects.visible_to(by).filter(
        **goes_on, state=Section.State.DECLINED, version__state__in=[PlanVersion.State.DRAFT, PlanVersion.State.OUT]
    )
    told = Notice.objects.visible_to(by).filter(about=Notice.About.LEFT, about_on__gte=today - NEWS)
    left = TeamMember.objects.visible_to(by).filter(case__in=cases, pk__in=told.values("subject_id"))
    handed = Notice.objects.visible_to(by).filter(about=Notice.About.HANDOVER, about_on__gte=today - NEWS)
    known = Notice.objects.visible_to(by).filter(about=Notice.About.CONFLICT, about_on__gte=today - NEWS)
    known = ConflictAnswer.objects.visible_to(by).filter(pk__in=known.values("subject_id"))
    return {
        "questions": questions(by), "asked_of_me": is_asked(by),
        "known": known.select_related("membership__user", "successor__user"),
        "handed": handed.order_by("-about_on", "pk"),
        "stuck": stuck.select_related("case", "responsible__membership__user").order_by("stuck_until", "pk"),
        "declined": declined.select_related("case", "writer__user"),
        "left": left.select_related("case", "membership__user"),
    }  # fmt: skip
