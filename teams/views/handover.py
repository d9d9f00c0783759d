"""Handing over a whole caseload, and being away from it."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.door import desk_page
from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission, Role, may
from teams import operations
from teams.caseload import caseload, in_short
from teams.forms.coordinator import AbsenceForm, HandOverForm
from teams.models import CoordinatorAppointment


@require_http_methods(["GET", "POST"])
@allow(Permission.HAND_OVER)
@once
def hand_over(request, membership_id):
    """Person, successor, preview, move. Counts only: neither page nor preview says who any case is about."""
    own = Membership.objects.filter(authority_id=request.acting.authority_id).select_related("user")
    leaving = get_object_or_404(own, pk=membership_id, role__in=[Role.SOCIAL_WORKER, Role.UNIT_MANAGER])
    form = HandOverForm(request.POST or None, by=request.acting, leaving=leaving)
    successor = _successor(form, request)
    if request.method == "POST" and form.is_valid():
        row = tried(form, operations.hand_over, by=request.acting, from_member=leaving, **form.cleaned_data)
        if row:
            moved = "Ett ärende har" if len(row.moved) == 1 else f"{len(row.moved)} ärenden har"
            messages.success(request, f"{moved} gått över till {row.to_member.user.name}.")
            return redirect(_home(request))
    rows = caseload(leaving, successor)
    context = {"leaving": leaving, "form": form, "successor": successor, "rows": rows, **in_short(rows),
               "home": _home(request)}  # fmt: skip
    return render(request, "teams/hand_over.html", context)


def _home(request):
    return "tenancy:people" if may(request.acting, Permission.ADMINISTER) else "teams:unit"


def _successor(form, request):
    chosen = request.POST.get("to_member") or request.GET.get("to_member", "")
    return next((m for m in form.fields["to_member"].queryset if str(m.pk) == chosen), None)


@require_http_methods(["GET", "POST"])
@allow(Permission.APPOINT_COORDINATOR)
@once
def absence(request):
    """Days away, and the colleague who covers in all that one coordinates."""
    by, today = request.acting, timezone.localdate()
    form = AbsenceForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        if rows := tried(form, operations.cover_absence, by=by, **form.cleaned_data):
            cases = "ett ärende" if len(rows) == 1 else f"{len(rows)} ärenden"
            messages.success(request, f"{rows[0].membership.user.name} vikarierar i {cases}.")
            return redirect("teams:absence")
    covers = (
        _covers(by, today).select_related("case", "membership__user", "appointed_by__user").order_by("starts_on", "pk")
    )
    context = {
        "form": form, "held": CoordinatorAppointment.objects.coordinators().held_by(by, on=today).count(),
        "covered": _by_absence(row for row in covers if row.appointed_by_id == by.pk),
        "covering": [row for row in covers if row.membership_id == by.pk],
    }  # fmt: skip
    return desk_page(request, "teams/absence.html", context, page="my_day")


def _covers(by, today):
    """Of cases that go on, from today."""
    rows = CoordinatorAppointment.objects.visible_to(by).filter(kind="cover", ends_on__gte=today)
    return rows.filter(case__closed_on=None).order_by("starts_on", "pk")


def _by_absence(covers):
    """One line for each colleague and days, however many cases."""
    lines = {}
    for row in covers:
        lines.setdefault((row.membership_id, row.starts_on, row.ends_on), []).append(row)
    return [{"first": rows[0], "cases": len(rows)} for rows in lines.values()]


@require_POST
@allow(Permission.APPOINT_COORDINATOR)
@once
def back(request, appointment_id):
    """Back earlier: the cover of these days ends, in every case at once."""
    covers = _covers(request.acting, timezone.localdate()).filter(appointed_by=request.acting)
    one = get_object_or_404(covers, pk=appointment_id)
    try:
        with transaction.atomic():
            for row in covers.filter(membership=one.membership_id, starts_on=one.starts_on, ends_on=one.ends_on):
                operations.end_cover(by=request.acting, appointment=row)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "Vikariatet är avslutat.")
    return redirect("teams:absence")
