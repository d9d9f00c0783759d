"""Whose consent a child's plan waits for, what each has said, and the ground in law where consent cannot be had."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases.door import case_page
from cases.models import Consent
from children import operations
from children.consenting import State, all_asked, plan_standing
from children.coordination import in_force, why_not_now
from children.door import childs_case_or_404
from children.forms.consenting import ConsentAnswerForm, CoordinationForm
from children.forms.guardians import ReasonForm
from children.models import LawfulCoordination
from children.releases import GROWN, grown
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission

PAGE = "childs_consent"


@require_GET
@allow(Permission.READ_CASE)
def consents(request, case_id):
    case, today = childs_case_or_404(request, case_id), timezone.localdate()
    plan, *others = all_asked(case, today)
    rows = LawfulCoordination.objects.visible_to(request.acting).filter(case=case)
    holding = {row.pk for row in rows.in_force(on=today)}
    has_consent = Consent.objects.to_plan().in_force(on=today).filter(case=case).exists()
    context = {
        "plan": plan, "others": others, "has_consent": has_consent, "grown": GROWN if grown(case, today) else "",
        "lawful": [row for row in rows if row.pk in holding], "past": [row for row in rows if row.pk not in holding],
        "supersedes": bool(in_force(case, today)), 
        "refused": plan.state in (State.REFUSED, State.BARRED) and plan.kind == "joint",
        "may_coordinate": not has_consent and not why_not_now(plan), "law": rule("guardian.one_says_no", on=today),
    }  # fmt: skip
    return case_page(request, "children/consents.html", case, context, page=PAGE)


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def consent_answer(request, case_id):
    case, today = childs_case_or_404(request, case_id), timezone.localdate()
    plan = plan_standing(case, today)
    kind = Consent.Kind.PLAN if request.GET.get("om") == "plan" else Consent.Kind.WAIVER
    form = ConsentAnswerForm(
        request.POST or None, by=request.acting, people=plan.people, kind=kind, who=request.GET.get("vem", "")
    )
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.note_consent_answer, by=request.acting, case=case, **form.given):
            messages.success(request, "Svaret är antecknat.")
            return redirect("children:consents", case.pk)
    context = {
        "form": form, "barred": [one for one in plan.guardians if one.marked], "band": plan.band,
    }  # fmt: skip
    return case_page(request, "children/consent_answer.html", case, context, page=PAGE)


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def coordination_new(request, case_id):
    case, today = childs_case_or_404(request, case_id), timezone.localdate()
    standing = plan_standing(case, today)
    form = CoordinationForm(request.POST or None, case=case, standing=standing)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.coordinate_by_law, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Samordningen gäller. Den är ingen SIP och öppnar inget av sig själv.")
            return redirect("children:consents", case.pk)
    context = {
        "form": form, "standing": standing, "why_not": why_not_now(standing),
        "general": rule("coordinating.general_clause", on=today),
    }  # fmt: skip
    return case_page(request, "children/coordination_form.html", case, context, page=PAGE)


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def coordination_end(request, case_id, coordination_id):
    case = childs_case_or_404(request, case_id)
    rows = LawfulCoordination.objects.visible_to(request.acting).filter(ended_at=None)
    row = get_object_or_404(rows, pk=coordination_id, case=case)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(
            form, operations.end_coordination, by=request.acting, case=case, coordination=row, **form.cleaned_data
        ):
            messages.success(request, "Samordningen är avslutad.")
            return redirect("children:consents", case.pk)
    return case_page(request, "children/coordination_end.html", case, {"form": form, "row": row}, page=PAGE)
