"""The investigation: its time, who has been told, and how it ends. Decisions about it are made where decisions are."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cases.access import is_child_worker
from cases.door import case_page
from cases.one_form import form_page
from children import operations
from children.course import endings_of
from children.forms.protection import FinishForm, ToldForm
from children.models import Investigation
from children.views.reports import child_or_404, clocks_of
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


def _or_404(request, case, investigation_id):
    rows = Investigation.objects.visible_to(request.acting).filter(case=case)
    rows = rows.select_related("opening__decided_by__user", "ending", "told_by__user", "finished_by__user")
    return get_object_or_404(rows, pk=investigation_id)


@require_GET
@allow(Permission.READ_CASE)
def investigation(request, case_id, investigation_id):
    case = child_or_404(request, case_id)
    row = _or_404(request, case, investigation_id)
    context = {
        "row": row, "waits": clocks_of(case, row), "endings": endings_of(request.acting, row).exists(),
        "qualified": is_child_worker(request.acting, qualified=True),
        "laws": [rule("child.investigation", on=row.opened_on), rule("child.told", on=row.opened_on)],
    }  # fmt: skip
    return case_page(request, "children/investigation.html", case, context, page="investigation")


def _back(row):
    return reverse("children:investigation", args=[row.case_id, row.pk]), "Utredningen"


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def tell(request, case_id, investigation_id):
    case = child_or_404(request, case_id)
    row = _or_404(request, case, investigation_id)
    form = ToldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.tell_concerned, by=request.acting, case=case, investigation=row, **form.cleaned_data):
            messages.success(request, "Antecknat.")
            return redirect("children:investigation", case.pk, row.pk)
    return form_page(
        request, case, form, page="investigation_tell", heading="Underrätta om utredningen", button="Spara",
        back=_back(row), rules=[rule("child.told", on=row.opened_on)],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def finish(request, case_id, investigation_id):
    case = child_or_404(request, case_id)
    row = _or_404(request, case, investigation_id)
    form = FinishForm(request.POST or None, endings=endings_of(request.acting, row))
    if request.method == "POST" and form.is_valid():
        given = {"by": request.acting, "case": case, "investigation": row}
        if tried(form, operations.finish_investigation, **given, **form.cleaned_data):
            messages.success(request, "Utredningen är avslutad.")
            return redirect("children:investigation", case.pk, row.pk)
    return form_page(
        request, case, form, page="investigation_finish", heading="Avsluta utredningen", button="Avsluta och signera",
        back=_back(row), rules=[rule("child.investigation", on=row.opened_on)],
    )  # fmt: skip
