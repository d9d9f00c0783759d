"""One small page for each thing that happens around a decision."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.door import case_or_404, case_page
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from teams import operations
from teams.course import Course
from teams.forms import steps as forms
from teams.models import Decision

# Word of the address: heading, form, operation, button, what the law says.
STEPS = {
    "kommunicering": (
        "Låt den enskilde yttra sig", forms.HearForm, operations.hear_party, "Spara", "decision.hearing"),
    "yttrande": ("Yttrandet", forms.AnswerForm, operations.record_answer, "Spara", "decision.hearing"),
    "underrattelse": ("Underrätta den enskilde", forms.TellForm, operations.tell_party, "Spara", "decision.told"),
    "mottaget": (
        "När den enskilde fick beslutet", forms.StepForm, operations.record_receipt, "Spara", "decision.appeal"),
    "overklagande": (
        "Ett överklagande har kommit in", forms.AppealForm, operations.receive_appeal, "Spara", "decision.in_time"),
    "vidare": (
        "Överklagandet lämnas vidare", forms.StepForm, operations.forward_appeal, "Spara", "decision.forward"),
    "dom": ("Vad domstolen kom fram till", forms.JudgmentForm, operations.record_judgment, "Spara", ""),
    "verkstallt": (
        "Hur beslutet har verkställts", forms.CarryingOutForm, operations.record_carrying_out, "Spara",
        "decision.unexecuted"),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.PROPOSE_DECISION)
@once
def decision_step(request, decision_id, step):
    decision = get_object_or_404(Decision.objects.visible_to(request.acting), pk=decision_id)
    case = case_or_404(request, decision.case_id)
    if step not in STEPS:
        raise Http404
    heading, form_class, act, button, rule_id = STEPS[step]
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        done = tried(form, act, by=request.acting, case=case, decision=decision, **form.cleaned_data)
        if done:
            messages.success(request, f"Antecknat: {done.get_kind_display().lower()}.")
            return redirect("teams:decide", decision.pk)
    context = {"form": form, "decision": decision, "course": Course.of(decision), "heading": heading,
               "button": button, "rule": _rule(rule_id)}  # fmt: skip
    return case_page(request, "teams/decision_step.html", case, context, page="decision")


def _rule(rule_id):
    return rule(rule_id, on=timezone.localdate()) if rule_id else None
