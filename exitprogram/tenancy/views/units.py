"""Units: who works where and who leads. What is late is told to a unit's managers, never to nobody."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from exitprogram.page.saving import tried
from exitprogram.tenancy import operations
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.forms import UnitForm
from exitprogram.tenancy.models import Membership, Unit
from exitprogram.tenancy.roles import Permission, Role


def _staff(request):
    """Who works here today, by name."""
    mine = Membership.objects.filter(authority_id=request.acting.authority_id).in_force(on=timezone.localdate())
    return mine.select_related("user").order_by("user__name", "pk")


def _managers(request):
    return _staff(request).filter(role=Role.UNIT_MANAGER)


@require_GET
@allow(Permission.ADMINISTER)
def units(request):
    today, staff = timezone.localdate(), list(_staff(request))
    leads = {one.pk: one.user.name for one in staff if one.role == Role.UNIT_MANAGER}
    rows = []
    for unit in Unit.objects.visible_to(request.acting).prefetch_related("managers"):
        names = [leads[row.manager_id] for row in unit.managers.all() if row.manager_id in leads]
        over = unit.ends_on is not None and unit.ends_on < today
        rows.append((unit, names, sum(one.unit_id == unit.pk for one in staff), over))
    placed = {unit.pk for unit, _names, _count, over in rows if not over}
    context = {"rows": rows, "loose": sum(one.unit_id not in placed for one in staff), "leads": list(leads.values())}
    return render(request, "tenancy/units.html", context)


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def unit_add(request):
    form = UnitForm(request.POST or None, managers=_managers(request))
    if request.method == "POST" and form.is_valid():
        if unit := tried(form, operations.add_unit, by=request.acting, **form.given):
            messages.success(request, f"{unit.name} finns nu. Välj enhet för var och en under Personal.")
            return redirect("tenancy:units")
    return render(request, "tenancy/unit_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def unit_edit(request, unit_id):
    unit = get_object_or_404(Unit.objects.visible_to(request.acting), pk=unit_id)
    leads = list(unit.managers.values_list("manager_id", flat=True))
    initial = {"name": unit.name, "managers": leads, "ends_on": unit.ends_on, "version": unit.version}
    form = UnitForm(request.POST or None, managers=_managers(request), unit=unit, initial=initial)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.save_unit, by=request.acting, unit=unit, **form.given):
            messages.success(request, "Enheten är sparad.")
            return redirect("tenancy:units")
    context = {"form": form, "unit": unit, "works": _staff(request).filter(unit=unit)}
    return render(request, "tenancy/unit_form.html", context)
