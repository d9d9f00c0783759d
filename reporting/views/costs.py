"""Kostnader: what the board's plans have cost, and what five years may cost."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.models import Case
from exitprogram.audit.reading import last_touch
from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.page.saving import whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission, may
from reporting import operations
from reporting.costs.assumptions import suggested
from reporting.costs.keeping import all_measured
from reporting.costs.paper import document, shown_of
from reporting.costs.workbook import estimate_book
from reporting.forms.estimates import EstimateForm, as_stated
from reporting.models import CostEstimate
from reporting.support import supporters
from teams.views.scheme import excel

SHOWN = 4  # half-years


@require_GET
@allow(Permission.BOARD_LISTS)
def costs(request):
    """One half-year at a time, and the board's estimates."""
    programme = _programme(request)
    found = all_measured(request.acting, programme, on=timezone.localdate(), halves=SHOWN)
    chosen = next((one for one in found if one.period.code == request.GET.get("visa")), found[0])
    operations.view_costs(by=request.acting, page="costs")
    estimates = CostEstimate.objects.visible_to(request.acting).filter(programme=programme)[:100]
    context = {
        "programme": programme, "programmes": Case.Programme.choices, "found": found, "chosen": chosen,
        "estimates": estimates, "per_year": _per_year(found, chosen),
        "of_unit": may(request.acting, Permission.UNIT_OVERVIEW),
    }  # fmt: skip
    return render(request, "reporting/costs.html", context)


def _per_year(found, chosen):
    """(kronor, hours) of the whole year, when both its halves are shown."""
    halves = [one.total for one in found if one.period.year == chosen.period.year and one.total]
    if len(halves) < 2:
        return None
    hours = None if any(one.hours is None for one in halves) else sum(one.hours for one in halves)
    return chosen.period.year, sum(one.kronor for one in halves), hours


@require_http_methods(["GET", "POST"])
@allow(Permission.BOARD_LISTS)
@once
def estimate_new(request):
    programme = _programme(request)
    start = {} if request.method == "POST" else suggested(request.acting, programme, on=timezone.localdate())
    form = EstimateForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.add_estimate(by=request.acting, programme=programme, **form.cleaned_data)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Beräkningen är sparad.")
            return redirect("reporting:estimate", made.pk)
    return render(request, "reporting/estimate_form.html", {"form": form, "programme": Case.Programme(programme)})


@require_GET
@allow(Permission.BOARD_LISTS)
def estimate(request, estimate_id):
    found = _estimate_or_404(request, estimate_id)
    operations.view_costs(by=request.acting, page="estimate")
    return render(request, "reporting/estimate.html", shown_of(found) | {"receivers": supporters()})


@require_http_methods(["GET", "POST"])
@allow(Permission.BOARD_LISTS)
@once
def estimate_edit(request, estimate_id):
    row, conflict = _estimate_or_404(request, estimate_id), None
    form = EstimateForm(request.POST or None, initial=as_stated(row))
    # A form that comes back with a fault still carries what it was made from, or it would pass for fresh.
    version = whole_number(request.POST.get("version")) if form.is_bound else row.row_version
    if request.method == "POST" and form.is_valid():
        if request.POST.get("keep") == "theirs":
            return redirect("reporting:estimate_edit", row.pk)
        seen = whole_number(request.POST.get("seen_version" if request.POST.get("keep") == "mine" else "version"))
        try:
            operations.save_estimate(by=request.acting, estimate=row, expected=seen, **form.cleaned_data)
        except Stale as stale:
            conflict, version = _conflict(form, stale.current), stale.current.row_version
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Beräkningen är sparad.")
            return redirect("reporting:estimate", row.pk)
    context = {
        "form": form, "row": row, "version": version, "conflict": conflict, "programme": Case.Programme(row.programme),
    }  # fmt: skip
    return render(request, "reporting/estimate_form.html", context, status=409 if conflict else 200)


def _conflict(form, row):
    theirs, (who, when) = as_stated(row), last_touch(row)
    labels = {name: field.label for name, field in form.fields.items()}
    different = [name for name in labels if form.cleaned_data[name] != theirs[name]]
    return {
        "mine": "\n".join(f"{labels[name]}: {form.cleaned_data[name]}" for name in different),
        "theirs": "\n".join(f"{labels[name]}: {theirs[name]}" for name in different),
        "saved_by": who, "saved_at": when, "seen_version": row.row_version,
    }  # fmt: skip


@require_POST
@allow(Permission.BOARD_LISTS)
@once
def estimate_copy(request, estimate_id):
    made = operations.copy_estimate(by=request.acting, estimate=_estimate_or_404(request, estimate_id))
    messages.success(request, "Här är kopian. Ändra det som ska vara annorlunda.")
    return redirect("reporting:estimate_edit", made.pk)


@require_POST
@allow(Permission.BOARD_LISTS)
@once
def estimate_send(request, estimate_id):
    row = _estimate_or_404(request, estimate_id)
    receiver = next((one for one in supporters() if str(one.pk) == request.POST.get("to")), None)
    try:
        operations.send_estimate(by=request.acting, estimate=row, to_authority=receiver)
        messages.success(request, "Skickad. Den syns hos regionkoordinatorn tills ni tar tillbaka den.")
    except (Refused, NotAllowed) as why:
        messages.warning(request, str(why))
    return redirect("reporting:estimate", row.pk)


@require_POST
@allow(Permission.BOARD_LISTS)
@once
def estimate_take_back(request, estimate_id):
    row = _estimate_or_404(request, estimate_id)
    try:
        operations.take_back_estimate(by=request.acting, estimate=row)
        messages.success(request, "Tillbakatagen. Den syns inte längre hos regionkoordinatorn.")
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("reporting:estimate", row.pk)


@require_GET
@allow(Permission.BOARD_LISTS)
def estimate_sheet(request, estimate_id):
    row = _estimate_or_404(request, estimate_id)
    operations.view_costs(by=request.acting, page="estimate", form="sheet")
    return excel(
        estimate_book(row, all_measured(request.acting, row.programme, on=timezone.localdate())), "kostnadsberakning"
    )


@require_GET
@allow(Permission.BOARD_LISTS)
def estimate_pdf(request, estimate_id):
    row = _estimate_or_404(request, estimate_id)
    operations.view_costs(by=request.acting, page="estimate", form="pdf")
    try:
        data = document(request.acting, row, on=timezone.localdate())
    except Refused as why:  # a machine that cannot make one
        messages.warning(request, str(why))
        return redirect("reporting:estimate", row.pk)
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="kostnadsberakning.pdf"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
@allow(Permission.REGION_OVERVIEW)
def region_costs(request):
    """What boards have sent, and the sum of it: of calendar years, for each programme by itself."""
    operations.view_region(by=request.acting, page="costs")
    found = list(CostEstimate.objects.visible_to(request.acting).select_related("authority"))
    programmes = [
        (label, shown_of(*(one for one in found if one.programme == code)))
        for code, label in Case.Programme.choices
        if any(one.programme == code for one in found)
    ]
    return render(request, "reporting/region_costs.html", {"programmes": programmes})


def _programme(request):
    asked = request.GET.get("program")
    return asked if asked in Case.Programme.values else Case.Programme.ADULT.value


def _estimate_or_404(request, estimate_id):
    return get_object_or_404(CostEstimate.objects.visible_to(request.acting), pk=estimate_id)
