from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms.returning import ReturnConsentForm, ReturnForm, ReturnShareForm, StopForm, TravelForm
from cases.models import Case, ReturnConsent, ReturnPlan, ReturnShare
from cases.one_form import both, form_page
from exitprogram.errors import Refused, Stale
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission, may


@require_GET
@allow(Permission.READ_CASE)
def return_page(request, case_id):
    """The plan for a safe return: whether it is wanted today, what is thought through, what has been told abroad."""
    case, today, by = case_or_404(request, case_id), timezone.localdate(), request.acting
    plans = list(ReturnPlan.objects.visible_to(by).filter(case=case))
    plan = next((row for row in plans if row.stopped_on is None), None)
    consents = ReturnConsent.objects.visible_to(by).filter(return_plan=plan).select_related("taken_by__user")
    context = {
        "plan": plan, "past": [row for row in plans if row.stopped_on], "points": _points(plan) if plan else [],
        "consent": consents.in_force(on=today).first() if plan else None,
        "consents": consents if plan else [], "is_child": _is_child(case),
        "shares": ReturnShare.objects.visible_to(by).filter(case=case).select_related("shared_by__user"),
        "rules": [rule(name, on=today) for name in _rules(case)],
        "may_write": may(by, Permission.WRITE_NOTE), "may_consent": may(by, Permission.RECORD_CONSENT),
    }  # fmt: skip
    return case_page(request, "cases/return.html", case, context, page="return")


def _is_child(case):
    return case.programme == Case.Programme.CHILD


def _rules(case):
    return ["return.voluntary", *(["return.child"] if _is_child(case) else []), "return.abroad"]


def _points(plan):
    fields = ReturnForm(is_child=_is_child(plan.case)).fields
    return [{"label": field.label, "text": getattr(plan, name)} for name, field in fields.items()]


def _back(case):
    return reverse("cases:return", args=[case.pk]), "Trygg återresa"


def _plan_or_404(request, case_id):
    case = case_or_404(request, case_id)
    return case, get_object_or_404(ReturnPlan.objects.visible_to(request.acting), case=case, stopped_on=None)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def return_edit(request, case_id):
    """The checklist; the first save begins the planning."""
    case = case_or_404(request, case_id)
    plan = ReturnPlan.objects.visible_to(request.acting).filter(case=case, stopped_on=None).first()
    form = ReturnForm(request.POST or None, initial=_shown(plan) if plan else None, is_child=_is_child(case))
    # A form that comes back with a fault still carries what it was made from, or it would pass for fresh.
    version = whole_number(request.POST.get("version")) if form.is_bound else plan.version if plan else 0
    conflict = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("keep") == "theirs":
            return redirect("cases:return_edit", case.pk)
        seen = whole_number(request.POST.get("seen_version" if request.POST.get("keep") == "mine" else "version"))
        try:
            operations.save_return_plan(by=request.acting, case=case, version=seen, **form.cleaned_data)
        except Stale as stale:
            if stale.current is None:  # stopped meanwhile: what was typed begins a new one, when it is sent again
                form.add_error(None, "Planeringen avslutades medan du skrev. Spara igen för att börja en ny.")
                version = 0
            else:
                conflict, version = both(form, stale.current, _shown(stale.current)), stale.current.version
        else:
            messages.success(request, "Planen för återresan är sparad.")
            return redirect("cases:return", case.pk)
    return form_page(
        request, case, form, page="return_edit", heading="Plan för en trygg återresa", button="Spara",
        back=_back(case), knowledge="return.plan", version=version, conflict=conflict,
        rules=[rule("return.child", on=timezone.localdate())] if _is_child(case) else [],
    )  # fmt: skip


def _shown(plan):
    return {name: getattr(plan, name) for name in ReturnForm.base_fields}


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def return_consent(request, case_id):
    case, plan = _plan_or_404(request, case_id)
    form = ReturnConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.record_return_consent, by=request.acting, case=case, plan=plan, **form.cleaned_data):
            messages.success(request, "Samtycket till återresan är registrerat.")
            return redirect("cases:return", case.pk)
    return form_page(
        request, case, form, page="return_consent", heading="Personen vill återvända", button="Registrera samtycke",
        back=_back(case), knowledge="return.consent",
        lead="Det här samtycket gäller bara återresan. Det kan tas tillbaka när som helst, ända till resan är gjord.",
        rules=[rule("return.voluntary", on=timezone.localdate())],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def return_withdraw(request, case_id, consent_id):
    """What it stops is shown before; it stops at once."""
    case = case_or_404(request, case_id)
    consent = get_object_or_404(ReturnConsent.objects.visible_to(request.acting), pk=consent_id, case=case)
    if request.method == "POST":
        try:
            operations.withdraw_return_consent(by=request.acting, case=case, consent=consent)
        except Refused as why:
            messages.warning(request, str(why))
        else:
            messages.success(request, "Samtycket är återkallat. Ingenting mer lämnas och ingen resa görs.")
        return redirect("cases:return", case.pk)
    shares = ReturnShare.objects.visible_to(request.acting).filter(consent=consent)
    return case_page(
        request, "cases/return_withdraw.html", case, {"consent": consent, "shares": shares}, page="return_consent"
    )


@require_http_methods(["GET", "POST"])
@allow(Permission.EXPORT_PLAN)
@once
def return_share(request, case_id):
    """Something was told to IOM or abroad: to whom, what, and on which ground."""
    case, plan = _plan_or_404(request, case_id)
    form = ReturnShareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.share_return, by=request.acting, case=case, plan=plan, **form.cleaned_data):
            messages.success(request, "Det är infört här och bland det som lämnats ut.")
            return redirect("cases:return", case.pk)
    return form_page(
        request, case, form, page="return_share", heading="Uppgifter till IOM eller ett annat land",
        button="För in vad som lämnats", back=_back(case), rules=[rule("return.abroad", on=timezone.localdate())],
        knowledge="return.share",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def return_travel(request, case_id):
    case, plan = _plan_or_404(request, case_id)
    form = TravelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.record_travel, by=request.acting, case=case, plan=plan, **form.cleaned_data):
            messages.success(request, "Resan är införd. Kontakten efteråt står i planen.")
            return redirect("cases:return", case.pk)
    return form_page(
        request, case, form, page="return_travel", heading="Resan är gjord", button="För in resan", back=_back(case)
    )


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def return_stop(request, case_id):
    case, plan = _plan_or_404(request, case_id)
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.stop_return, by=request.acting, case=case, plan=plan, **form.cleaned_data):
            messages.success(request, "Planeringen är avslutad. Allt står kvar.")
            return redirect("cases:return", case.pk)
    return form_page(
        request, case, form, page="return_stop", heading="Avsluta planeringen", button="Avsluta", back=_back(case)
    )
