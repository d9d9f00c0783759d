"""Who works here, in which role and unit, from–to. Nothing of any case."""

from django.contrib import messages
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exitprogram.page.saving import tried
from exitprogram.tenancy import operations
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.forms import EndForm, MemberForm, PlaceForm
from exitprogram.tenancy.holdings import held_by_role
from exitprogram.tenancy.models import Membership, Unit
from exitprogram.tenancy.resting import resting
from exitprogram.tenancy.roles import Permission


def _own(request):
    return Membership.objects.filter(authority_id=request.acting.authority_id).select_related("user", "unit")


def _units(request):
    return Unit.objects.visible_to(request.acting).in_force(on=timezone.localdate())


@require_GET
@allow(Permission.ADMINISTER)
def people(request):
    today = timezone.localdate()
    staff = list(_own(request).order_by("user__name", "pk"))
    context = {
        "staff": [one for one in staff if one.ends_on is None or one.ends_on >= today],
        "gone": [one for one in staff if one.ends_on and one.ends_on < today], "units": _units(request).exists(),
        "resting": resting(request.acting, staff),
    }  # fmt: skip
    return render(request, "tenancy/people.html", context)


@require_GET
@allow(Permission.ADMINISTER)
def member(request, membership_id):
    """Somebody who works here: her roles, her sign-in, and what to press when she leaves."""
    one = get_object_or_404(_own(request), pk=membership_id)
    today, hers = timezone.localdate(), _own(request).filter(user_id=one.user_id).order_by("starts_on", "pk")
    roles = list(hers.standing(on=today))
    context = {
        "member": one, "roles": roles, "ended": hers.filter(ends_on__lt=today), "units": _units(request).exists(),
        "resting": resting(request.acting, roles), "is_me": one.user_id == request.acting.user_id,
    }  # fmt: skip
    return render(request, "tenancy/member.html", context)


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def member_leave(request, membership_id):
    """Everything ends. What is still in her hands is told in numbers first."""
    others = _own(request).exclude(user_id=request.acting.user_id)
    one = get_object_or_404(others, pk=membership_id)
    form = Form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.end_all_roles, by=request.acting, membership=one) is not None:
            messages.success(request, f"Allt som {one.user.name} hade hos er är avslutat.")
            return redirect("tenancy:people")
    roles = _own(request).filter(user_id=one.user_id).standing(on=timezone.localdate()).order_by("starts_on", "pk")
    held = [{"role": role, **held_by_role(role)} for role in roles]
    context = {
        "form": form, "member": one, "held": held, "roles": roles,
        "hers": {what: sum(row[what] for row in held) for what in ("worked", "coordinated", "teams", "drafts")},
    }  # fmt: skip
    return render(request, "tenancy/member_leave.html", context)


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def member_add(request):
    form = MemberForm(request.POST or None, kind=request.acting.authority.kind, units=_units(request))
    if request.method == "POST" and form.is_valid():
        if member := tried(form, operations.add_member, by=request.acting, **form.given):
            messages.success(request, f"{member.user.name} har fått rollen {member.get_role_display()}.")
            return redirect("tenancy:people")
    return render(request, "tenancy/member_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def member_place(request, membership_id):
    membership = get_object_or_404(_own(request), pk=membership_id)
    form = PlaceForm(request.POST or None, units=_units(request), initial={"unit": membership.unit_id})
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.place_member, by=request.acting, membership=membership, **form.cleaned_data):
            messages.success(request, "Enheten är ändrad.")
            return redirect("tenancy:people")
    return render(request, "tenancy/member_place.html", {"form": form, "membership": membership})


@require_POST
@allow(Permission.ADMINISTER)
@once
def member_reopen(request, membership_id):
    others = _own(request).exclude(user_id=request.acting.user_id)
    membership = get_object_or_404(others, pk=membership_id)
    operations.reopen_member(by=request.acting, membership=membership)
    messages.success(request, f"{membership.user.name} kan logga in igen.")
    return redirect("tenancy:people")


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def member_end(request, membership_id):
    """What the role holds is told in numbers before it ends."""
    membership = get_object_or_404(_own(request), pk=membership_id)
    form = EndForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.end_member, by=request.acting, membership=membership, **form.cleaned_data):
            messages.success(request, "Sista dagen är satt.")
            return redirect("tenancy:people")
    context = {"form": form, "membership": membership, "held": held_by_role(membership)}
    return render(request, "tenancy/member_end.html", context)
