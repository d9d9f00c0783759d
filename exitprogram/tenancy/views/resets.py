"""When somebody has lost what she signs in by: one asks, another approves."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy import operations
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.forms import ResetForm
from exitprogram.tenancy.fresh import fresh
from exitprogram.tenancy.models import FactorReset, Membership
from exitprogram.tenancy.roles import Permission


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@fresh
@once
def reset_ask(request, membership_id):
    own = Membership.objects.filter(authority_id=request.acting.authority_id).in_force(on=timezone.localdate())
    membership = get_object_or_404(own.select_related("user"), pk=membership_id)
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.ask_factor_reset, by=request.acting, membership=membership, **form.cleaned_data):
            messages.success(request, "En annan administratör eller en enhetschef kan nu godkänna.")
            return redirect("tenancy:resets")
    return render(request, "tenancy/reset_ask.html", {"form": form, "membership": membership})


def _own(request):
    found = FactorReset.objects.visible_to(request.acting).filter(authority_id=request.acting.authority_id)
    return found.select_related("user", "asked_by__user", "approved_by__user", "declined_by__user")


@require_GET
@allow(Permission.ADMINISTER, Permission.UNIT_OVERVIEW)
def resets(request):
    every = list(_own(request)[:50])
    waiting = [one for one in every if not one.approved_at and not one.declined_at]
    context = {"waiting": waiting, "settled": [one for one in every if one not in waiting]}
    return render(request, "tenancy/resets.html", context)


@require_POST
@allow(Permission.ADMINISTER, Permission.UNIT_OVERVIEW)
@fresh
@once
def reset_settle(request, reset_id):
    reset = get_object_or_404(_own(request), pk=reset_id)
    approves = request.POST.get("answer") == "approve"
    act = operations.approve_factor_reset if approves else operations.decline_factor_reset
    try:
        act(by=request.acting, reset=reset)
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("tenancy:resets")
