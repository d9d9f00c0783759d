"""A caseload from another system: a file is read and shown line by line, and carried in by a job."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exitprogram.errors import Refused
from exitprogram.jobs.models import Job
from exitprogram.page.saving import tried
from exitprogram.sheets.carried import brought_back, carried
from exitprogram.sheets.forms import SheetForm
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from teams import operations
from teams.importing import FAULT, caseload_template, read_caseload
from teams.models import CaseloadImport
from teams.operations.caseload import JOB
from teams.views.scheme import excel

WHAT = "caseload"


@require_http_methods(["GET", "POST"])
@allow(Permission.UNIT_OVERVIEW)
@once
def caseload_new(request):
    """Row numbers and what they would become: nobody in the file is named on the page."""
    if request.method == "POST" and "rows" in request.POST:
        return _begun(request)
    form, context = SheetForm(request.POST or None, request.FILES or None), {}
    if request.method == "POST" and form.is_valid():
        if read := tried(form, read_caseload, by=request.acting, data=form.cleaned_data["file"]):
            context = _shown(request.acting, *read)
    context["mine"] = CaseloadImport.objects.visible_to(request.acting)
    return render(request, "teams/caseload_new.html", {**context, "form": form})


def _shown(by, rows, faults):
    outcomes = operations.examine_caseload(by=by, rows=rows)
    every = sorted([*faults, *outcomes], key=lambda one: one.number)
    wrong = {one.number for one in every if one.what == FAULT}
    ready = [row for row in rows if row["number"] not in wrong]
    return {
        "read": True, "faults": [one for one in every if one.what == FAULT], "wrong": len(wrong),
        "lines": [one for one in every if one.what != FAULT],
        "sealed": carried(by, WHAT, {"key": str(uuid4()), "rows": ready}) if ready else "",
    }  # fmt: skip


def _begun(request):
    by = request.acting
    try:
        ready = brought_back(by, WHAT, request.POST["rows"])
        row = operations.begin_import(by=by, key=UUID(ready["key"]), rows=ready["rows"])
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("teams:caseload_new")
    return redirect("teams:caseload_import", row.pk)


@require_GET
@allow(Permission.UNIT_OVERVIEW)
def caseload_sample(request):
    return excel(caseload_template(), "arenden")


def _own_or_404(request, import_id):
    return get_object_or_404(CaseloadImport.objects.visible_to(request.acting), pk=import_id)


@require_GET
@allow(Permission.UNIT_OVERVIEW)
def caseload_import(request, import_id):
    """How far it has come, and what became of each row."""
    row = _own_or_404(request, import_id)
    job = Job.objects.visible_to(request.acting).filter(kind=JOB, subject_id=row.pk).first()
    done = sorted((int(number), what, sentence) for number, (what, sentence) in row.outcomes.items())
    context = {
        "row": row, "job": job, "left": row.left, "made": [one for one in done if one[1] != FAULT],
        "faults": [one for one in done if one[1] == FAULT], "done": len(done), "back": reverse("teams:unit"),
    }  # fmt: skip
    return render(request, "teams/caseload_import.html", context)


@require_POST
@allow(Permission.UNIT_OVERVIEW)
@once
def caseload_continue(request, import_id):
    row = _own_or_404(request, import_id)
    try:
        operations.continue_import(by=request.acting, caseload=row)
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("teams:caseload_import", row.pk)


@require_POST
@allow(Permission.UNIT_OVERVIEW)
@once
def caseload_forget(request, import_id):
    operations.forget_import(by=request.acting, caseload=_own_or_404(request, import_id))
    messages.success(request, "Det inlästa och listan är borta. Ärenden som har skapats finns kvar.")
    return redirect("teams:caseload_new")
