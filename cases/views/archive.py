"""Utlämning till arkiv: asked for from the closed case, answered by somebody else, made, fetched, gone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms.archive import ExportForm, FetchForm, RefuseForm
from cases.models import ArchiveExport
from cases.operations.archive import JOB
from exitprogram.crypto.envelope import certificate_of, fingerprint_of
from exitprogram.errors import Refused
from exitprogram.jobs.models import Job
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh
from exitprogram.tenancy.roles import Permission

PEOPLE = ("requested_by__user", "approved_by__user", "ended_by__user")
CONTENT_TYPE = "application/pkcs7-mime"


@require_http_methods(["GET", "POST"])
@allow(Permission.DISCLOSE)
@once
def exports(request, case_id):
    """Of one case: the request that is going on, the way to a new one, and those that are over."""
    case = case_or_404(request, case_id)
    rows = list(_of_case(request, case))
    going = next((row for row in rows if not row.ended_at), None)
    form = ExportForm(request.POST or None) if case.closed_on and not going else None
    if request.method == "POST" and form and form.is_valid():
        if made := tried(form, operations.ask_export, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Begäran är skickad. En annan person godkänner den.")
            return redirect("cases:export", case.pk, made.pk)
    context = {"form": form, "going": going, "ended": [row for row in rows if row.ended_at]}
    return case_page(request, "cases/exports.html", case, context, page="archive")


def _of_case(request, case):
    return ArchiveExport.objects.visible_to(request.acting).filter(case=case).select_related(*PEOPLE)


def _export_or_404(request, case_id, export_id):
    case = case_or_404(request, case_id)
    return case, get_object_or_404(_of_case(request, case), pk=export_id)


@require_GET
@allow(Permission.DISCLOSE)
def export(request, case_id, export_id):
    case, row = _export_or_404(request, case_id, export_id)
    return _page(request, case, row)


def _page(request, case, row, form=None):
    job = Job.objects.visible_to(request.acting).filter(kind=JOB, subject_id=row.pk).first()
    context = {
        "export": row, "job": job, "mine": row.requested_by_id == request.acting.pk, "fingerprint": _fingerprint(row),
        "form": form or FetchForm(),
    }  # fmt: skip
    return case_page(request, "cases/export.html", case, context, page="archive")


def _fingerprint(row):
    """Of a certificate that was good when it was asked for, whatever day it is now."""
    return fingerprint_of(certificate_of(row.certificate, at=row.created_at))


def _pressed(request, case_id, export_id, act, done):
    case, row = _export_or_404(request, case_id, export_id)
    try:
        act(by=request.acting, export=row)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, done)
    return redirect("cases:export", case.pk, row.pk)


@require_POST
@allow(Permission.DISCLOSE)
@once
def export_make(request, case_id, export_id):
    done = "Paketet görs nu. Sidan visar när det är klart."
    return _pressed(request, case_id, export_id, operations.begin_export, done)


@require_http_methods(["GET", "POST"])
@allow(Permission.DISCLOSE)
@fresh
def export_fetch(request, case_id, export_id):
    """The password again, how many people it tells of, and then the file. Each press counts as one fetch."""
    case, row = _export_or_404(request, case_id, export_id)
    form = FetchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        package = tried(form, operations.fetch_export, by=request.acting, export=row, **form.cleaned_data)
        if package is not None:
            return HttpResponse(package, content_type=CONTENT_TYPE, headers={
                "Content-Disposition": f'attachment; filename="arkivpaket-{row.pk}.p7m"', "Cache-Control": "no-store",
            })  # fmt: skip
    context = {"export": row, "form": form, "fingerprint": _fingerprint(row)}
    return case_page(request, "cases/export_fetch.html", case, context, page="archive")


@require_POST
@allow(Permission.DISCLOSE)
@once
def export_received(request, case_id, export_id):
    done = "Det är skrivet att arkivet har tagit emot paketet. Det är förstört här."
    return _pressed(request, case_id, export_id, operations.confirm_received, done)


@require_POST
@allow(Permission.DISCLOSE)
@once
def export_withdraw(request, case_id, export_id):
    return _pressed(request, case_id, export_id, operations.withdraw_export, "Begäran är tillbakatagen.")


# For those who approve: by number, without a person


@require_GET
@allow(Permission.APPROVE_EXPORT)
def approvals(request):
    operations.view_retention(by=request.acting, page="archive")
    rows = list(ArchiveExport.objects.visible_to(request.acting).select_related(*PEOPLE)[:200])
    context = {
        "waiting": [row for row in rows if row.step == "waiting"], "now": timezone.now(),
        "going": [row for row in rows if row.step not in ("waiting", "ended")],
        "ended": [row for row in rows if row.step == "ended"],
    }  # fmt: skip
    return render(request, "cases/export_approvals.html", context)


def _answering(request, export_id):
    rows = ArchiveExport.objects.visible_to(request.acting).select_related(*PEOPLE)
    return get_object_or_404(rows, pk=export_id)


@require_GET
@allow(Permission.APPROVE_EXPORT)
def approval(request, export_id):
    return _approval(request, _answering(request, export_id))


def _approval(request, row, form=None):
    operations.view_retention(by=request.acting, page="archive")
    own = row.requested_by.user_id == request.acting.user_id
    context = {"export": row, "own": own, "fingerprint": _fingerprint(row), "form": form or RefuseForm()}
    return render(request, "cases/export_approval.html", context)


@require_POST
@allow(Permission.APPROVE_EXPORT)
@fresh
@once
def export_approve(request, export_id):
    row = _answering(request, export_id)
    try:
        operations.approve_export(by=request.acting, export=row)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("cases:approval", row.pk)
    messages.success(request, "Du har godkänt utlämningen. Den som bad om den får besked.")
    return redirect("cases:approvals")


@require_POST
@allow(Permission.APPROVE_EXPORT)
@once
def export_refuse(request, export_id):
    row, form = _answering(request, export_id), RefuseForm(request.POST)
    if form.is_valid() and tried(
        form, operations.refuse_export, by=request.acting, export=row, **form.cleaned_data
    ):  # fmt: skip
        messages.success(request, "Du har sagt nej. Den som bad om utlämningen får besked.")
        return redirect("cases:approvals")
    return _approval(request, row, form)
