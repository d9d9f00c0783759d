"""Protection now: the assessment at once, what was done, who exploits the child, and what is spread on the net."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases.door import case_page
from cases.one_form import both, form_page
from children import operations
from children.forms.protection import AssessForm, ExploiterForm, SpreadForm, StepForm, StrikeForm
from children.models import ConcernReport, Exploiter, OnlineSpread, ProtectionAssessment, ProtectionStep
from children.views.reports import child_or_404
from exitprogram.errors import Refused, Stale
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def assess(request, case_id, report_id):
    case = child_or_404(request, case_id)
    report = get_object_or_404(ConcernReport.objects.visible_to(request.acting).filter(case=case), pk=report_id)
    form = AssessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.assess_protection, by=request.acting, case=case, report=report, **form.cleaned_data):
            messages.success(request, "Skyddsbedömningen är signerad.")
            return redirect("children:report", case.pk, report.pk)
    today = timezone.localdate()
    return form_page(
        request, case, form, page="assess", heading="Omedelbar skyddsbedömning", button="Signera",
        back=(reverse("children:report", args=[case.pk, report.pk]), "Anmälan"),
        lead="Signeras när den sparas. Ändras läget gör du en ny.", said=report.text,
        rules=[rule("child.protection", on=report.received_on), rule("child.qualified", on=today)],
    )  # fmt: skip


@require_GET
@allow(Permission.READ_CASE)
def protection(request, case_id):
    """The child's situation tonight, and everything around it, on one page."""
    case, by = child_or_404(request, case_id), request.acting
    mine = {"case": case}
    exploiters = list(Exploiter.objects.visible_to(by).filter(**mine).select_related("struck_by__user"))
    assessments = ProtectionAssessment.objects.visible_to(by).filter(**mine)
    context = {
        "assessment": assessments.select_related("signed_by__user").first(),
        "steps": ProtectionStep.objects.visible_to(by).filter(**mine).select_related("written_by__user"),
        "exploiters": [row for row in exploiters if not row.struck_on],
        "struck": [row for row in exploiters if row.struck_on],
        "spread": OnlineSpread.objects.visible_to(by).filter(**mine),
        "pictures": rule("child.pictures", on=timezone.localdate()),
    }  # fmt: skip
    return case_page(request, "children/protection.html", case, context, page="protection_now")


def _added(request, case_id, form, act, page, heading, say, rules=()):
    """A form whose only outcome is one more row on the page of protection."""
    case = child_or_404(request, case_id)
    if request.method == "POST" and form.is_valid():
        given = form.step if hasattr(form, "step") else form.cleaned_data
        if tried(form, act, by=request.acting, case=case, **given):
            messages.success(request, say)
            return redirect("children:protection", case.pk)
    return form_page(request, case, form, page=page, heading=heading, button="Spara", back=_back(case), rules=rules)


def _back(case):
    return reverse("children:protection", args=[case.pk]), "Skydd nu"


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def step_new(request, case_id):
    form = StepForm(request.POST or None)
    return _added(request, case_id, form, operations.add_step, "step_new", "Något har gjorts", "Antecknat.")


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def exploiter_new(request, case_id):
    form = ExploiterForm(request.POST or None)
    return _added(
        request, case_id, form, operations.add_exploiter, "exploiter_new", "Någon som utnyttjar barnet", "Antecknat."
    )


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def exploiter_strike(request, case_id, exploiter_id):
    case = child_or_404(request, case_id)
    row = get_object_or_404(Exploiter.objects.visible_to(request.acting).filter(case=case), pk=exploiter_id)
    form = StrikeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.strike_exploiter, by=request.acting, case=case, exploiter=row, **form.cleaned_data):
            messages.success(request, "Struken. Den går fortfarande att läsa.")
            return redirect("children:protection", case.pk)
    return form_page(
        request, case, form, page="exploiter_strike", heading="Stryk uppgiften", button="Stryk", back=_back(case),
        lead=row.who,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def spread_new(request, case_id):
    form = SpreadForm(request.POST or None)
    rules = [rule("child.pictures", on=timezone.localdate())]
    return _added(request, case_id, form, operations.save_spread, "spread_new", "Spritt på nätet", "Antecknat.", rules)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def spread_edit(request, case_id, spread_id):
    case, conflict = child_or_404(request, case_id), None
    row = get_object_or_404(OnlineSpread.objects.visible_to(request.acting).filter(case=case), pk=spread_id)
    form = SpreadForm(request.POST or None, initial=_shown(row))
    version = whole_number(request.POST.get("version")) if form.is_bound else row.version
    if request.method == "POST" and form.is_valid():
        if request.POST.get("keep") == "theirs":
            return redirect("children:spread_edit", case.pk, row.pk)
        seen = "seen_version" if request.POST.get("keep") == "mine" else "version"
        try:
            operations.save_spread(
                by=request.acting, case=case, spread=row, version=whole_number(request.POST.get(seen)),
                **form.cleaned_data,
            )  # fmt: skip
        except Stale as stale:
            conflict, version = both(form, stale.current, _shown(stale.current)), stale.current.version
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Sparat.")
            return redirect("children:protection", case.pk)
    return form_page(
        request, case, form, page="spread_edit", heading="Spritt på nätet", button="Spara", back=_back(case),
        rules=[rule("child.pictures", on=timezone.localdate())], version=version, conflict=conflict,
    )  # fmt: skip


def _shown(row):
    return {name: getattr(row, name) for name in SpreadForm.base_fields}
