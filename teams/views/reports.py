from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from exitprogram.tenancy.access import allow
from exitprogram.tenancy.roles import Permission
from teams.models import KeptReport
from teams.operations import fetch_report


@require_GET
@allow(Permission.BOARD_LISTS)
def report(request, report_id):
    """The paper as it was kept."""
    row = get_object_or_404(KeptReport.objects.visible_to(request.acting), pk=report_id)
    answer = HttpResponse(fetch_report(by=request.acting, report=row), content_type="application/pdf")
    name = f"{row.kind}-{row.year}-{row.quarter}" if row.quarter else f"{row.kind}-{row.year}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
