"""*Uppföljning*: published figures, and nothing else. No row of a person is asked for here."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from exitprogram.errors import Refused
from exitprogram.sheets.book import XLSX
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission, may
from reporting import operations
from reporting.models import Publication
from reporting.operations.figures import REASONS
from reporting.periods import half_year_of
from reporting.sheet import figures_book
from reporting.tables import chosen, columns_of, drawn

READERS = (Permission.UNIT_OVERVIEW, Permission.REGION_OVERVIEW, Permission.BOARD_LISTS)


@require_GET
@allow(*READERS)
def figures(request):
    """The last closed half-year of one's own county, or the one that was chosen."""
    by = request.acting
    publication, choices = chosen(by, request.GET)
    context = {"publication": publication, "choices": choices}
    if publication is not None:
        columns = columns_of(by, publication)
        context |= {
            "period": half_year_of(publication.first_day), "columns": columns, "chapters": drawn(publication, columns),
            "reasons": REASONS if may(by, Permission.REGION_OVERVIEW) and _is_own(by, publication) else {},
        }  # fmt: skip
    return render(request, "reporting/figures.html", context)


def _is_own(by, publication):
    return publication.county_id == by.authority.region_id


@require_POST
@allow(*READERS)
@once
def figures_file(request, publication_id):
    publication = get_object_or_404(Publication.objects.visible_to(request.acting), pk=publication_id)
    operations.take_out_figures(by=request.acting, publication=publication)
    name = f"uppfoljning-{half_year_of(publication.first_day).code}.xlsx"
    answer = HttpResponse(figures_book(publication, columns_of(request.acting, publication)), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@allow(Permission.REGION_OVERVIEW)
@once
def figures_anew(request, publication_id):
    publication = get_object_or_404(Publication.objects.visible_to(request.acting), pk=publication_id)
    try:
        operations.ask_new_version(by=request.acting, publication=publication, reason=request.POST.get("reason", ""))
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("reporting:figures")
    messages.success(request, "Siffrorna räknas om.")
    return redirect("jobs:jobs")
