"""The year's cooperation in numbers (KL 9:38), on screen and as a PDF for the council."""

import hashlib

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.pdf.render import pdf_of
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.letterheads import letterhead_of
from exitprogram.tenancy.operations import release_report
from exitprogram.tenancy.roles import Permission
from teams.cooperation import year_report
from teams.models import KeptReport
from teams.operations import keep_report

FIRST_YEAR = 2019  # the first whole year of the rule


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
def cooperation_report(request, year):
    """POST takes it out as a file and leaves a trace."""
    by = request.acting
    context = _context_or_404(by, year)
    if request.method == "GET":
        context["kept"] = KeptReport.objects.visible_to(by).of(KeptReport.Kind.COOPERATION, year)
        return render(request, "teams/cooperation_report.html", context)
    try:
        data = _pdf(by, context)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("teams:cooperation_report", year)
    release_report(by=by, year=year)
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="redovisning-{year}.pdf"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@allow(Permission.ADMINISTER)
@once
def cooperation_keep(request, year):
    """Kept as it goes to the council, when the year is over."""
    by = request.acting
    try:
        paper = _pdf(by, _context_or_404(by, year))
        keep_report(by=by, kind=KeptReport.Kind.COOPERATION, year=year, paper=paper)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "Redovisningen är fastställd och sparad som den är nu.")
    return redirect("teams:cooperation_report", year)


def _context_or_404(by, year):
    today = timezone.localdate()
    if not FIRST_YEAR <= year <= today.year:
        raise Http404
    return {
        "year": year, "rows": year_report(by, year), "law": rule("cooperation.report", on=today), "on": today,
        "authority": by.authority, "before": max(year - 1, FIRST_YEAR),
        "after": year + 1 if year < today.year else None, "is_over": year < today.year,
    }  # fmt: skip


def _pdf(by, context):
    html = render_to_string(
        "teams/cooperation_report_document.html", {**context, "letterhead": letterhead_of(by.authority)}
    )
    seed = f"{by.authority_id}|{context['year']}|{context['on']}"
    return pdf_of(html, identifier=hashlib.sha256(seed.encode()).digest()[:16])
