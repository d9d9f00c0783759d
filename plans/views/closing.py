"""The end of a plan, the end of a case, and the way back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases import ending
from cases.door import case_or_404, case_page
from cases.models import Case, Closure
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.closing import ends, remaining
from plans.forms import CloseForm, EndChildsForm, EndForm, ReopenForm
from plans.models import CoordinatedPlan


@require_http_methods(["GET", "POST"])
@allow(Permission.CLOSE_CASE)
@once
def close(request, case_id):
    """What is left to do with links, what the closing does, and then the reason. Closed: why, and the way back."""
    case = case_or_404(request, case_id)
    if case.closed_on:
        return _reopen(request, case)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.close_case, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, f"Ärende {case.number} är avslutat.")
            still = Case.objects.visible_to(request.acting).filter(pk=case.pk).exists()
            return redirect("plans:person", case.pk) if still else redirect("cases:list")
    context = {
        "form": form, "left": remaining(request.acting, case), "ends": list(ends(request.acting, case)),
    }  # fmt: skip
    return case_page(request, "plans/close.html", case, context, page="closing")


def _reopen(request, case):
    form = ReopenForm(request.POST or None, by=request.acting)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.reopen_case, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Ärendet är upptaget igen. Börja med att sätta samman teamet.")
            return redirect("plans:person", case.pk)
    today = timezone.localdate()
    closures = Closure.objects.visible_to(request.acting).filter(case=case)
    context = {
        "form": form, "closures": closures.select_related("closed_by__user", "reopened_by__user"),
        "late": rule("note.after_closing", on=today), "again": rule("case.reopened", on=today),
    }  # fmt: skip
    return case_page(request, "plans/reopen.html", case, context, page="closing")


def _end_form(case, plan):
    """Who takes over is asked here, unless it stands under Stödkedjan already."""
    try:
        ending.require(case, plan)
    except Refused:
        return EndChildsForm
    return EndForm


@require_http_methods(["GET", "POST"])
@allow(Permission.EDIT_PLAN)
@once
def end(request, case_id):
    case = case_or_404(request, case_id)
    plan = get_object_or_404(CoordinatedPlan.objects.visible_to(request.acting), case=case, ended_on=None)
    form = _end_form(case, plan)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.end_plan, by=request.acting, plan=plan, **form.cleaned_data):
            messages.success(request, "Planen är avslutad.")
            return redirect("plans:person", case.pk)
    return case_page(request, "plans/end.html", case, {"form": form}, page="closing")
