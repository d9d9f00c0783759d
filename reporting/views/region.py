from django.shortcuts import render
from django.views.decorators.http import require_GET

from exitprogram.tenancy.access import allow
from exitprogram.tenancy.roles import Permission
from reporting.operations import view_region
from reporting.region import LACKS, boards


@require_GET
@allow(Permission.REGION_OVERVIEW)
def region(request):
    """What is wrong now, board by board, before anything is pressed."""
    view_region(by=request.acting, page="region")
    return render(request, "reporting/region.html", {"boards": boards(), "headings": LACKS.values()})
