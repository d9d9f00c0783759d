"""A measure on *Min dag*: ticked, undone or moved where it stands. With htmx only its own line is exchanged; without,
the page comes back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.door import case_or_404, case_page
from cases.operations import view_list
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.forms.progress import MoveMeasureForm
from plans.models import Measure
from plans.operations.progress import OPEN


def _measure_or_404(request, measure_id):
    rows = Measure.objects.visible_to(request.acting).filter(authority_id=request.acting.authority_id)
    measure = rows.select_related("case__individual", "responsible__membership__user").filter(pk=measure_id).first()
    if measure is None:
        raise Http404
    case_or_404(request, measure.case_id)
    return measure


def _back(request, measure, said, before=""):
    """To the line itself, or to the whole page with a word of what was done."""
    if request.htmx:
        address = reverse("plans:measure_row", args=[measure.pk])
        return redirect(f"{address}?fran={before}" if before else address)
    messages.success(request, said)
    return redirect("plans:my_day")


def _row(request, measure, status=200, **more):
    view_list(by=request.acting, cases=[measure.case])
    context = {"m": measure, "today": timezone.localdate(), "may_tick": True, "focus": True, **more}
    return render(request, "plans/measure_row.html", context, status=status)


@require_GET
@allow(Permission.EDIT_PLAN)
def measure_row(request, measure_id):
    """The line as it stands now; just done, with the way back."""
    measure = _measure_or_404(request, measure_id)
    if not request.htmx:
        return redirect("plans:my_day")
    before = request.GET.get("fran", "")
    is_undoable = measure.status == Measure.Status.DONE
    return _row(request, measure, undo=before if is_undoable and before in OPEN else is_undoable and OPEN[0])


@require_POST
@allow(Permission.EDIT_PLAN)
@once
def measure_tick(request, measure_id):
    measure = _measure_or_404(request, measure_id)
    before = measure.status
    if before in OPEN:
        operations.set_measure_status(by=request.acting, measure=measure, status=Measure.Status.DONE)
    return _back(request, measure, "Insatsen är klar.", before)


@require_POST
@allow(Permission.EDIT_PLAN)
@once
def measure_untick(request, measure_id):
    """As it was before it was ticked; only from *done*, so that an old page undoes nothing else."""
    measure = _measure_or_404(request, measure_id)
    before = request.POST.get("before", "")
    if measure.status == Measure.Status.DONE and before in OPEN:
        operations.set_measure_status(by=request.acting, measure=measure, status=before)
    return _back(request, measure, "Ångrat: insatsen är inte klar.")


@require_http_methods(["GET", "POST"])
@allow(Permission.EDIT_PLAN)
@once
def measure_move(request, measure_id):
    """Asked for in the line itself; on a page of its own without script."""
    measure = _measure_or_404(request, measure_id)
    form = MoveMeasureForm(request.POST or None, auto_id=f"{measure.pk.hex}_%s")
    form.fields["moved_to"].widget.attrs["autofocus"] = True
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.move_measure, by=request.acting, measure=measure, **form.cleaned_data):
            return _back(request, measure, "Den nya dagen är satt.")
    if request.htmx:
        return _row(request, measure, form=form, status=422 if form.errors else 200)
    return case_page(request, "plans/measure_move.html", measure.case, {"form": form, "measure": measure}, page="plan")
