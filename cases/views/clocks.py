"""What is watched, from *Min dag*: ticked, undone, moved or handed on. With htmx only its own line is exchanged."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms import MoveForm
from cases.forms.clocks import HandForm
from cases.models import Clock
from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


def _clock_or_404(request, case_id, clock_id):
    case = case_or_404(request, case_id)
    clocks = Clock.objects.visible_to(request.acting).select_related("case")
    return case, get_object_or_404(clocks, pk=clock_id, case=case)


def _back(request, clock):
    return redirect("cases:clock_row", clock.case_id, clock.pk) if request.htmx else redirect("plans:my_day")


def clock_line(request, clock, status=200, **more):
    operations.view_list(by=request.acting, cases=[clock.case])
    context = {"c": clock, "today": timezone.localdate(), "focus": True, **more}
    return render(request, "cases/clock_row.html", context, status=status)


@require_GET
@allow(Permission.READ_CASE)
def clock_row(request, case_id, clock_id):
    """The line as it stands now; just done, with the way back."""
    _case, clock = _clock_or_404(request, case_id, clock_id)
    if not request.htmx:
        return redirect("plans:my_day")
    return clock_line(request, clock, undo=clock.can_be_undone(request.acting, at=timezone.now()))


@require_POST
@allow(Permission.READ_CASE)
@once
def clock_done(request, case_id, clock_id):
    case, clock = _clock_or_404(request, case_id, clock_id)
    return _pressed(request, operations.finish_clock, case, clock, f"{clock.label} {case.number} är klar.")


@require_POST
@allow(Permission.READ_CASE)
@once
def clock_undo(request, case_id, clock_id):
    """A slip of the hand."""
    case, clock = _clock_or_404(request, case_id, clock_id)
    return _pressed(request, operations.reopen_clock, case, clock, "Ångrat: bevakningen går igen.")


def _pressed(request, act, case, clock, said):
    try:
        act(by=request.acting, case=case, clock=clock)
    except Refused as why:
        if request.htmx:
            return clock_line(request, clock, why=str(why), status=422)
        messages.warning(request, str(why))
    else:
        if not request.htmx:
            messages.success(request, said)
    return _back(request, clock)


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def clock_move(request, case_id, clock_id):
    """Moved with a ground; the strict day stays on record. In the line itself, or on a page of its own."""
    case, clock = _clock_or_404(request, case_id, clock_id)
    form = MoveForm(request.POST or None, auto_id=f"{clock.pk.hex}_%s")
    form.fields["extended_to"].widget.attrs["autofocus"] = True
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.extend_clock, by=request.acting, case=case, clock=clock, **form.cleaned_data):
            if not request.htmx:
                messages.success(request, "Den nya dagen är satt.")
            return _back(request, clock)
    if request.htmx:
        return clock_line(request, clock, form=form, status=422 if form.errors else 200)
    return case_page(request, "cases/clock_move.html", case, {"form": form, "clock": clock}, page="clock")


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def clock_hand(request, case_id, clock_id):
    """To a colleague who has the case: before a holiday, or for good."""
    case, clock = _clock_or_404(request, case_id, clock_id)
    form = HandForm(request.POST or None, case=case, clock=clock, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.hand_clock, by=request.acting, case=case, clock=clock, **form.cleaned_data):
            messages.success(request, f"{form.cleaned_data['owner'].user.name} har tagit över.")
            return redirect("plans:my_day")
    return case_page(request, "cases/clock_hand.html", case, {"form": form, "clock": clock}, page="clock")
