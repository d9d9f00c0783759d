"""The plan on a screen that the person sees too, and the page one leaves to."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.door import case_or_404
from cases.operations import view_case
from exitprogram.tenancy.access import allow, public
from exitprogram.tenancy.roles import Permission
from plans.meetings import next_meeting
from plans.models import PlanVersion


@require_GET
@allow(Permission.READ_CASE)
def together(request, case_id):
    """The person's own words, goals and measures, large and calm. No case bar, no number, nobody's notes, no other
    person's name; the version in force, or the draft when there is none."""
    case = case_or_404(request, case_id)
    view_case(by=request.acting, case=case, page="together")
    versions = PlanVersion.objects.visible_to(request.acting).filter(case=case).order_by("-plan__created_at", "-number")
    shown = versions.filter(state=PlanVersion.State.AGREED).first() or versions.first()
    goals = shown.goals.prefetch_related("measures__principal") if shown else []
    context = {
        "version": shown,
        "goals": [{"row": goal, "measures": list(goal.measures.all())} for goal in goals],
        "next": next_meeting(request.acting, case, at=timezone.now()),
    }
    return render(request, "plans/together.html", context)


@public
@require_GET
def rest(request):
    """Where *Lämna snabbt* goes: a page with nothing on it, the same to everybody."""
    return render(request, "plans/rest.html")
