"""My measures: done with one press, standing still with two, and both can be taken back."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.contributions import own_measures
from plans.forms.own import StuckForm

SAID = {
    "done": "Klart. Samordnaren ser det i planen. Blev det fel kan du ångra längst ner på sidan.",
    "ongoing": "Insatsen pågår igen.", "moving": "Insatsen står inte still längre.",
}  # fmt: skip


@require_POST
@allow(Permission.CONTRIBUTE)
@once
def own_report(request, measure_id, said):
    measure = get_object_or_404(own_measures(request.acting), pk=measure_id)
    try:
        if said == "moving":
            operations.report_moving(by=request.acting, measure=measure)
        else:
            operations.report_measure(by=request.acting, measure=measure, status=said)
        messages.success(request, SAID[said])
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("plans:contributions")


@require_http_methods(["GET", "POST"])
@allow(Permission.CONTRIBUTE)
@once
def own_stuck(request, measure_id):
    """Until when, and why. It tells the coordinator and closes nothing."""
    measure = get_object_or_404(own_measures(request.acting).select_related("goal"), pk=measure_id)
    soon = timezone.localdate() + timedelta(days=14)
    before = {"until": measure.stuck_until or soon, "why": measure.stuck_why}
    form = StuckForm(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.report_stuck, by=request.acting, measure=measure, **form.cleaned_data):
            messages.success(request, "Samordnaren har fått veta att insatsen står still.")
            return redirect("plans:contributions")
    operations.view_own_measures(by=request.acting, measures=[measure])
    return render(request, "plans/own_stuck.html", {"form": form, "measure": measure})
