from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms import MoveForm
from cases.forms.clocks import HandForm
from cases.models import Clock
from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


def _clock_or_404(request, case_id, clock_id):
    case = case_or_404(request, case_id)
    return case, get_object_or_404(Clock.objects.visible_to(request.acting), pk=clock_id, case=case)


@require_POST
@allow(Permission.READ_CASE)
@once
def clock_done(request, case_id, clock_id):
    case, clock = _clock_or_404(request, case_id, clock_id)
    try:
        operations.finish_clock(by=request.acting, case=case, clock=clock)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, f"{clock.get_kind_display()} {case.number} är klar.")
    return redirect("plans:my_day")


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def clock_move(request, case_id, clock_id):
    """Moved with a ground; the strict day stays on record."""
    case, clock = _clock_or_404(request, case_id, clock_id)
    form = MoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.extend_clock, by=request.acting, case=case, clock=clock, **form.cleaned_data):
            messages.success(request, "Den nya dagen är satt.")
            return redirect("plans:my_day")
    return case_page(request, "cases/clock_move.html", case, {"form": form, "clock": clock}, page="clock")


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def clock_hand(request, case_id, clock_id):
    """To a colleague who has the case: before a holiday, or for good."""
    case, clock = _clock_or_404(request, case_id, clock_id)
    form = HandForm(request.POST or None, case=case, clock=clock, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.hand_clock, by=request.acting, case=case, clock=clock, **form.cleaned_data):
            messages.success(request, f"{form.cleaned_data['owner'].user.name} har tagit över.")
            return redirect("plans:my_day")
    return case_page(request, "cases/clock_hand.html", case, {"form": form, "clock": clock}, page="clock")
