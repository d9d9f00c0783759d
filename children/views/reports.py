"""Concern reports: the reception, what came in about one child, and the answer to who reported."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.access import is_child_worker
from cases.door import case_or_404, case_page
from cases.models import Case
from cases.one_form import form_page
from cases.operations import view_list
from cases.views.search import remembered, search_again
from children import operations
from children.clocks import ALL, ChildClock
from children.forms.reports import ChildReportForm, FeedbackForm, MeetingForm, ReportForm
from children.models import ConcernReport, Investigation
from children.reception import Waiting, waiting
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from teams.models import Decision


def require_child_worker(request):
    """Asked before any row is looked for, like the role."""
    if not is_child_worker(request.acting):
        raise PermissionDenied("Du har inte behörighet till barns ärenden.")


@require_GET
@allow(Permission.READ_CASE)
def reception(request):
    """What has come in and waits, in the cases one has."""
    require_child_worker(request)
    today = timezone.localdate()
    rows = waiting(request.acting, on=today)
    cases = list({row.clock.case_id: row.clock.case for row in rows}.values())
    view_list(by=request.acting, cases=cases)
    context = {
        "late": [row for row in rows if row.late], "now": [row for row in rows if row.today],
        "later": [row for row in rows if not row.late and not row.today],
    }  # fmt: skip
    return render(request, "children/reception.html", context)


def child_or_404(request, case_id):
    """A child's case; an adult's has none of these pages."""
    case = case_or_404(request, case_id)
    return get_object_or_404(Case.objects.filter(programme=Case.Programme.CHILD).select_related(
        "individual", "worker__user", "authority"), pk=case.pk)  # fmt: skip


def earlier_reports(by, case):
    """(those one may read, how many there are besides and when the last came)"""
    seen = ConcernReport.objects.visible_to(by).filter(case__individual__in=_same(by, case))
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, last_on FROM wall.reports_elsewhere(%s)", [case.pk])
        number, last_on = cursor.fetchone()
    return list(seen.select_related("receiver__user", "case")), {"number": number, "last_on": last_on}


def _same(by, case):
    from cases.models import Individual

    return Individual.objects.visible_to(by).same_as(case.individual)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def report_new(request, case_id):
    """A report about a child who is known; the earlier ones stand beside the form."""
    case = child_or_404(request, case_id)
    form = ReportForm(request.POST or None, by=request.acting)
    if request.method == "POST" and form.is_valid():
        report = tried(form, operations.receive_report, by=request.acting, case=case, **form.report)
        if report:
            return _received(request, report)
    earlier, elsewhere = earlier_reports(request.acting, case)
    context = {"form": form, "earlier": earlier, "elsewhere": elsewhere}
    return case_page(request, "children/report_form.html", case, context, page="report_new")


@require_http_methods(["GET", "POST"])
@allow(Permission.CREATE_CASE)
@once
def report_child(request, search_id):
    """A report about a child nobody knows here; reached from a search, as every new person is."""
    require_child_worker(request)
    known = remembered(request, search_id)
    if request.method == "GET" and known is None:
        return search_again(request)
    form = ChildReportForm(request.POST or None, by=request.acting, initial={"name": (known or ("",))[0]})
    if request.method == "POST" and form.is_valid():
        report = tried(
            form, operations.receive_report_of_new_child, by=request.acting, after_search=search_id, **form.child,
            **form.report,
        )  # fmt: skip
        if report:
            return _received(request, report)
    return render(request, "children/report_child.html", {"form": form})


def _received(request, report):
    """Straight to the assessment, for one who may sign it."""
    messages.success(request, "Anmälan är mottagen. Bedöm barnets skydd nu.")
    page = "children:assess" if is_child_worker(request.acting, qualified=True) else "children:report"
    return redirect(page, report.case_id, report.pk)


@require_GET
@allow(Permission.READ_CASE)
def reports(request, case_id):
    """Everything that has come in about the child, the investigation, and what comes next."""
    case = child_or_404(request, case_id)
    earlier, elsewhere = earlier_reports(request.acting, case)
    investigations = Investigation.objects.visible_to(request.acting).filter(case=case)
    context = {
        "reports": earlier, "elsewhere": elsewhere, "waiting": clocks_of(case),
        "investigations": list(investigations.select_related("opening", "ending")),
    }  # fmt: skip
    return case_page(request, "children/reports.html", case, context, page="reports")


def clocks_of(case, *subjects):
    """The open clocks of the case, or of these rows in it."""
    today = timezone.localdate()
    clocks = case.clocks.open().filter(kind__in=ALL).select_related("owner__user")
    clocks = clocks.filter(subject_id__in=[row.pk for row in subjects]) if subjects else clocks
    return [Waiting(clock, late=clock.day < today, today=clock.day == today) for clock in clocks]


@require_GET
@allow(Permission.READ_CASE)
def report(request, case_id, report_id):
    """One report: what came, what waits, what has been assessed and decided."""
    case = child_or_404(request, case_id)
    row = _report_or_404(request, case, report_id)
    waits = {one.clock.kind: one for one in clocks_of(case, row)}
    on = row.received_on
    context = {
        "row": row, "waits": list(waits.values()), "to_assess": ChildClock.PROTECTION in waits,
        "to_decide": ChildClock.OPENING in waits, "to_answer": row.feedback_asked_on and not row.feedback_given_on,
        "assessments": row.assessments.select_related("signed_by__user"),
        "decisions": Decision.objects.visible_to(request.acting).filter(case=case, kind__startswith="investigation_"),
        "laws": [rule("child.protection", on=on), rule("child.opening", on=on)],
        "qualified": is_child_worker(request.acting, qualified=True),
    }  # fmt: skip
    return case_page(request, "children/report.html", case, context, page="report")


def _report_or_404(request, case, report_id):
    rows = ConcernReport.objects.visible_to(request.acting).filter(case=case)
    return get_object_or_404(
        rows.select_related("receiver__user", "written_by__user", "feedback_by__user"), pk=report_id
    )


@require_POST
@allow(Permission.WRITE_NOTE)
@once
def feedback_ask(request, case_id, report_id):
    case = child_or_404(request, case_id)
    row = _report_or_404(request, case, report_id)
    try:
        operations.ask_feedback(by=request.acting, case=case, report=row)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "Antecknat: den som anmälde vill ha återkoppling.")
    return redirect("children:report", case.pk, row.pk)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def feedback(request, case_id, report_id):
    case = child_or_404(request, case_id)
    row = _report_or_404(request, case, report_id)
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.give_feedback, by=request.acting, case=case, report=row, **form.cleaned_data):
            messages.success(request, "Återkopplingen är antecknad.")
            return redirect("children:report", case.pk, row.pk)
    today = timezone.localdate()
    return form_page(
        request, case, form, page="feedback", heading="Återkoppling", button="Spara", back=_back(row),
        rules=[rule("child.feedback", on=today), rule("child.meeting", on=today)],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def report_meeting(request, case_id, report_id):
    case = child_or_404(request, case_id)
    row = _report_or_404(request, case, report_id)
    form = MeetingForm(request.POST or None, initial={"meeting": row.meeting, "meeting_text": row.meeting_text})
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.record_meeting, by=request.acting, case=case, report=row, **form.cleaned_data):
            messages.success(request, "Antecknat.")
            return redirect("children:report", case.pk, row.pk)
    return form_page(
        request, case, form, page="report_meeting", heading="Möte om anmälan", button="Spara", back=_back(row),
        rules=[rule("child.meeting", on=timezone.localdate())],
    )  # fmt: skip


def _back(row):
    from django.urls import reverse

    return reverse("children:report", args=[row.case_id, row.pk]), "Anmälan"
