from django.contrib import messages
from django.db import connection
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases import operations
from cases.access import may_review
from cases.emergencies import numbers_of, traces_of
from cases.forms.emergency import EmergencyForm, ReviewForm
from cases.models import EmergencyAccess
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh
from exitprogram.tenancy.roles import Permission


@require_http_methods(["GET", "POST"])
@allow(Permission.SEARCH_PERSON)
@fresh
@once
def emergency(request):
    """Nödåtkomst: an exact number and a reason. The only way to a protected person's case that is not one's own."""
    return _form(request, "")


@require_http_methods(["GET", "POST"])
@allow(Permission.SEARCH_PERSON)
@fresh
@once
def emergency_hit(request, case_id):
    """The same, from a hit «inte öppet för dig» in a search: the number is filled in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM wall.whom_to_ask(%s::uuid[])", [[case_id]])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    return _form(request, row[0])


def _form(request, number):
    form = EmergencyForm(request.POST or None, initial={"number": number})
    if request.method == "POST" and form.is_valid():
        attempt = tried(form, operations.open_in_emergency, by=request.acting, **form.cleaned_data)
        if attempt and attempt.open_case_id:
            messages.warning(request, "Ärendet är redan öppet för dig.")
            return redirect("plans:person", attempt.open_case_id)
        if attempt and attempt.emergency:
            messages.warning(request, "Ärendet är öppet för dig i en timme. De som har ärendet har fått besked.")
            return redirect("plans:person", attempt.emergency.case_id)
        if attempt:
            form.add_error("number", attempt.why)
    values = rule("access.emergency", on=timezone.localdate()).values
    return render(request, "cases/emergency.html", {"form": form, "values": values})


@require_POST
@allow(Permission.SEARCH_PERSON)
@once
def emergency_end(request, emergency_id):
    row = _or_404(request, emergency_id)
    try:
        operations.end_emergency(by=request.acting, emergency=row)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "Nödåtkomsten är avslutad.")
    return redirect("plans:my_day")


@require_http_methods(["GET", "POST"])
@allow(Permission.SEARCH_PERSON)
@once
def emergency_review(request, emergency_id):
    """What was read and done during the hour, and what is to be thought of it."""
    row = _or_404(request, emergency_id)
    if not may_review(request.acting, row):
        raise Http404
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.review_emergency, by=request.acting, emergency=row, **form.cleaned_data):
            messages.success(request, "Granskningen är signerad.")
            return redirect("plans:my_day")
        row.refresh_from_db()
    operations.view_emergency(by=request.acting, emergency=row)
    context = {"row": row, "form": form, "number": numbers_of([row]).get(row.pk, ""), "traces": traces_of(row)}
    return render(request, "cases/emergency_review.html", context)


def _or_404(request, emergency_id):
    rows = EmergencyAccess.objects.visible_to(request.acting).select_related("membership__user", "reviewed_by__user")
    return get_object_or_404(rows, pk=emergency_id)
