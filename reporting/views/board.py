"""The manager's and the board's own figures: who carries what, and what was granted and not carried out."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from exitprogram.errors import Refused
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from reporting.load import unit_load
from reporting.operations import view_load, view_unexecuted
from reporting.unexecuted import MIN_YEAR, Quarter, document, for_council, sheet, unexecuted
from teams.models import KeptReport
from teams.operations import keep_report
from teams.views.scheme import excel


@require_GET
@allow(Permission.UNIT_OVERVIEW)
def load(request):
    view_load(by=request.acting)
    return render(request, "reporting/load.html", {"rows": unit_load(request.acting)})


@require_GET
@allow(Permission.BOARD_LISTS)
def unexecuted_now(request):
    now = Quarter.of(timezone.localdate())
    return redirect("reporting:unexecuted", now.year, now.number)


@require_GET
@allow(Permission.BOARD_LISTS)
def unexecuted_quarter(request, year, quarter):
    chosen, today = _quarter_or_404(year, quarter)
    rows = unexecuted(chosen, on=today)
    view_unexecuted(by=request.acting, year=year, quarter=quarter, form="page")
    context = {
        "quarter": chosen, "rows": rows, "figures": for_council(rows), "running": chosen.last >= today,
        "before": chosen.before if chosen.before.year >= MIN_YEAR else None,
        "after": chosen.after if chosen.after.first <= today else None,
        "kept": KeptReport.objects.visible_to(request.acting).of(KeptReport.Kind.UNEXECUTED, year, quarter),
    }  # fmt: skip
    return render(request, "reporting/unexecuted.html", context)


@require_GET
@allow(Permission.BOARD_LISTS)
def unexecuted_sheet(request, year, quarter):
    chosen, today = _quarter_or_404(year, quarter)
    view_unexecuted(by=request.acting, year=year, quarter=quarter, form="sheet")
    return excel(sheet(chosen, unexecuted(chosen, on=today)), f"ej-verkstallda-{year}-{quarter}")


@require_GET
@allow(Permission.BOARD_LISTS)
def unexecuted_pdf(request, year, quarter):
    chosen, today = _quarter_or_404(year, quarter)
    view_unexecuted(by=request.acting, year=year, quarter=quarter, form="pdf")
    try:
        data = document(request.acting, chosen, unexecuted(chosen, on=today), on=today)
    except Refused as why:  # a machine that cannot make one
        messages.warning(request, str(why))
        return redirect("reporting:unexecuted", year, quarter)
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="ej-verkstallda-{year}-{quarter}.pdf"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@allow(Permission.BOARD_LISTS)
@once
def unexecuted_keep(request, year, quarter):
    """The council's paper, kept as it is now, when the quarter is over."""
    by = request.acting
    chosen, today = _quarter_or_404(year, quarter)
    try:
        paper = document(by, chosen, unexecuted(chosen, on=today), on=today)
        keep_report(by=by, kind=KeptReport.Kind.UNEXECUTED, year=year, quarter=quarter, paper=paper)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "Kvartalet är fastställt, och rapporten sparad som den är nu.")
    return redirect("reporting:unexecuted", year, quarter)


def _quarter_or_404(year, number):
    today = timezone.localdate()
    if not 1 <= number <= 4 or not MIN_YEAR <= year <= today.year or Quarter(year, number).first > today:
        raise Http404
    return Quarter(year, number), today
