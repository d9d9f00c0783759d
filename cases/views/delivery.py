"""*Mina inställningar*: how one is told, and the calendar. And *Jag har sett det*."""

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cases import operations
from cases.forms.delivery import DeliveryForm, DemandForm
from cases.models import CalendarFeed, Clock, DeliveryChoice, DeliveryDemand
from cases.views.clocks import clock_line
from exitprogram.errors import NotAllowed, Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh
from exitprogram.tenancy.roles import Permission, may

EVERYBODY = (Permission.READ_CASE, Permission.CONTRIBUTE, Permission.ADMINISTER)
BACK = {"unit": "teams:unit", "house": "teams:overview", "day": "plans:my_day"}


@require_http_methods(["GET", "POST"])
@allow(*EVERYBODY)
@once
def my_settings(request):
    by = request.acting
    chosen = DeliveryChoice.objects.visible_to(by).first() or DeliveryChoice()
    now = {name: getattr(chosen, name) for name in DeliveryForm.base_fields}
    form = DeliveryForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.save_delivery, by=by, **form.cleaned_data):
            messages.success(request, "Dina val är sparade.")
            return redirect("cases:my_settings")
    return _settings(request, form)


def _settings(request, form):
    by = request.acting
    demand = DeliveryDemand.objects.filter(authority_id=by.authority_id).first()
    demanded = demand is not None and demand.danger_any_hour
    context = {
        "form": form, "demanded": demanded, "feed": CalendarFeed.objects.visible_to(by).standing().first(),
        "demand_form": DemandForm(initial={"danger_any_hour": demanded}, prefix="demand")
        if may(by, Permission.ADMINISTER) else None,
    }  # fmt: skip
    return render(request, "cases/my_settings.html", context)


@require_POST
@allow(Permission.ADMINISTER)
@once
def delivery_demand(request):
    form = DemandForm(request.POST, prefix="demand")
    if form.is_valid():
        operations.save_demand(by=request.acting, **form.cleaned_data)
        messages.success(request, "Det gäller nu för alla hos er.")
    return redirect("cases:my_settings")


@require_POST
@allow(*EVERYBODY)
@fresh
@once
def calendar_make(request):
    """The address is shown in the answer itself and nowhere else, so there is no redirect."""
    _feed, secret = operations.make_calendar(by=request.acting)
    address = settings.BASE_URL + reverse("plans:calendar_feed", args=[secret])
    return render(request, "cases/calendar_made.html", {"address": address})


@require_POST
@allow(*EVERYBODY)
@once
def calendar_revoke(request):
    try:
        operations.revoke_calendar(by=request.acting)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "Kalenderadressen öppnar inget mer.")
    return redirect("cases:my_settings")


@require_POST
@allow(Permission.READ_CASE, Permission.ADMINISTER)
@once
def clock_seen(request, clock_id):
    """*Jag har sett det*, also by those who lead and do not have the case: the database knows whom it was told to."""
    try:
        with transaction.atomic():
            seen = operations.acknowledge_clock(by=request.acting, clock_id=clock_id)
    except (DatabaseError, NotAllowed):
        raise Http404
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("tenancy:start")
    if not request.htmx:
        messages.success(request, "Noterat. Det ligger kvar tills det är gjort.")
        return redirect(BACK.get(request.POST.get("back"), "tenancy:start"))
    clock = Clock.objects.visible_to(request.acting).select_related("case").filter(pk=clock_id).first()
    if clock is not None and clock.case_id:
        return clock_line(request, clock)
    return render(request, "cases/clock_was_seen.html", {"seen": seen})
