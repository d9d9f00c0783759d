"""Consultations at the children's house: those that have been, a new one with or without identity, its next step."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases.door import case_page
from cases.one_form import form_page
from children import operations
from children.door import childs_case_or_404
from children.forms.consultation import NamedForm, StepDoneForm, UnnamedForm
from children.models import Consultation
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission

UNNAMED_LEAD = (
    "Skriv inte namn, nummer, skola eller ort. De andra får ingenting ur systemet: det här är er egen anteckning."
)


@require_GET
@allow(Permission.READ_CASE)
def consultations(request, case_id):
    case = childs_case_or_404(request, case_id)
    rows = Consultation.objects.visible_to(request.acting).filter(case=case)
    rows = list(rows.select_related("written_by__user", "done_by__user"))
    today = timezone.localdate()
    context = {
        "rows": [(row, [rule(ground, on=row.day).citation for ground in row.grounds]) for row in rows],
        "waiting": [row for row in rows if row.next_step and not row.done_on], "today": today,
        "laws": [rule("barnahus.unnamed", on=today), rule("barnahus.named", on=today)],
    }  # fmt: skip
    return case_page(request, "children/consultations.html", case, context, page="consultations")


def _back(case):
    return reverse("children:consultations", args=[case.pk]), "Samråd i barnahus"


def _new(request, case, form, *, heading, law, lead=""):
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.record_consultation, by=request.acting, case=case, **form.given):
            messages.success(request, "Samrådet är skrivet.")
            return redirect("children:consultations", case.pk)
    return form_page(
        request, case, form, page="consultation_new", heading=heading, button="Spara", back=_back(case), lead=lead,
        rules=[rule(law, on=timezone.localdate())],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def consultation_unnamed(request, case_id):
    case, form = childs_case_or_404(request, case_id), UnnamedForm(request.POST or None)
    return _new(request, case, form, heading="Samråd utan identitet", law="barnahus.unnamed", lead=UNNAMED_LEAD)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def consultation_named(request, case_id):
    case, form = childs_case_or_404(request, case_id), NamedForm(request.POST or None, by=request.acting)
    return _new(request, case, form, heading="Samråd med identitet", law="barnahus.named")


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def consultation_step(request, case_id, consultation_id):
    case = childs_case_or_404(request, case_id)
    row = get_object_or_404(Consultation.objects.visible_to(request.acting).filter(case=case), pk=consultation_id)
    form = StepDoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.acting, "case": case, "consultation": row, **form.cleaned_data}
        if tried(form, operations.finish_consultation_step, **given):
            messages.success(request, "Nästa steg är klart.")
            return redirect("children:consultations", case.pk)
    return form_page(
        request, case, form, page="consultation_step", heading="Nästa steg", button="Klart", back=_back(case),
        lead=f"{row.next_step}: {row.next_who}.",
    )  # fmt: skip
