"""The year's cooperation in numbers (KL 9:38), on screen and as a PDF for the council."""

import hashlib

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.pdf.render import pdf_of
from exitprogram.tenancy.access import allow
from exitprogram.tenancy.letterheads import letterhead_of
from exitprogram.tenancy.operations import release_report
from exitprogram.tenancy.roles import Permission
from teams.cooperation import year_report

FIRST_YEAR = 2019  # the first whole year of the rule


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
def cooperation_report(request, year):
    """POST takes it out as a file and leaves a trace."""
    by, today = request.acting, timezone.localdate()
    if not FIRST_YEAR <= year <= today.year:
        raise Http404
    context = {
        "year": year, "rows": year_report(by, year), "law": rule("cooperation.report", on=today), "on": today,
        "authority": by.authority, "before": max(year - 1, FIRST_YEAR),
        "after": year + 1 if year < today.year else None,
    }  # fmt: skip
    if request.method == "GET":
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


def _pdf(by, context):
    html = render_to_string(
        "teams/cooperation_report_document.html", {**context, "letterhead": letterhead_of(by.authority)}
    )
    seed = f"{by.authority_id}|{context['year']}|{context['on']}"
    return pdf_of(html, identifier=hashlib.sha256(seed.encode()).digest()[:16])
