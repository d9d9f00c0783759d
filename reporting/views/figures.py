"""*Uppföljning*: published figures, and nothing else. No row of a person is asked for here."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.areas import Area
from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import whole_number
from exitprogram.sheets.book import XLSX
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh_to_send
from exitprogram.tenancy.roles import Permission, may
from reporting import operations
from reporting.forms.threshold import ThresholdForm
from reporting.gaps import gaps
from reporting.models import Publication, Threshold
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
    may_set = may(by, Permission.ADMINISTER) and by.authority.is_social
    context = {"publication": publication, "choices": choices, "may_set": may_set}
    if publication is not None:
        columns = columns_of(by, publication)
        context |= {
            "period": half_year_of(publication.first_day), "columns": columns, "chapters": drawn(publication, columns),
            "reasons": REASONS if may(by, Permission.REGION_OVERVIEW) and _is_own(by, publication) else {},
        }  # fmt: skip
    return render(request, "reporting/figures.html", context)


def _is_own(by, publication):
    return publication.county_id == by.authority.region_id


@require_GET
@allow(*READERS)
def figures_gaps(request):
    """What could not be had, in every county, the half-year that was chosen."""
    by = request.acting
    publication, choices = chosen(by, request.GET)
    context = {"publication": publication, "choices": choices, "areas": Area.labels}
    if publication is not None:
        context |= {"period": half_year_of(publication.first_day), "rows": gaps(by, publication)}
    return render(request, "reporting/gaps.html", context)


@require_POST
@allow(*READERS)
@fresh_to_send
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


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def threshold(request):
    """A board's own. Another kind of authority has no figures, and no such page."""
    by = request.acting
    if not by.authority.is_social:
        raise Http404
    row = Threshold.objects.visible_to(by).first() or Threshold(version=0)
    form = ThresholdForm(request.POST or None, initial={"least": row.least})
    version = whole_number(request.POST.get("version")) if form.is_bound else row.version
    if request.method == "POST" and form.is_valid():
        try:
            operations.set_threshold(by=by, version=version, **form.cleaned_data)
        except Refused as why:
            form.add_error(None, str(why))
            version = why.current.version if isinstance(why, Stale) else version
        else:
            messages.success(request, "Gränsen är sparad.")
            return redirect("reporting:figures")
    return render(request, "reporting/threshold.html", {"form": form, "version": version})
