"""*Se som*, and what each role may do: to know what colleagues see without seeing anything of a case."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from exitprogram.errors import Refused
from exitprogram.tenancy import operations
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.demonstration import is_possible
from exitprogram.tenancy.middleware import SEEN
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.operations import ROLES_OF
from exitprogram.tenancy.roles import GIVES, Permission, Role


def _colleagues(request):
    own = Membership.objects.filter(authority_id=request.acting.authority_id).in_force(on=timezone.localdate())
    return own.exclude(role=Role.ADMINISTRATOR).select_related("user").order_by("role", "user__name", "pk")


@require_GET
@allow(Permission.ADMINISTER)
def see_as(request):
    by = request.acting
    roles = [
        (role.label, [permission.label for permission in Permission if permission in GIVES[role]])
        for role in Role if role in ROLES_OF[by.authority.kind]
    ]  # fmt: skip
    possible = is_possible(by)
    context = {"roles": roles, "possible": possible, "colleagues": _colleagues(request) if possible else []}
    return render(request, "tenancy/see_as.html", context)


@require_POST
@allow(Permission.ADMINISTER)
@once
def see_as_begin(request, membership_id):
    own = Membership.objects.filter(authority_id=request.acting.authority_id)
    try:
        seen = operations.see_as(by=request.acting, membership=get_object_or_404(own, pk=membership_id))
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("tenancy:see_as")
    request.session[SEEN] = str(seen.pk)
    return redirect("tenancy:start")


@require_POST
@allow(Permission.ADMINISTER)
@once
def see_as_end(request):
    """Reached as oneself: the middleware lets nobody else through here."""
    if request.session.pop(SEEN, None):
        operations.stop_seeing(by=request.acting)
    return redirect("tenancy:see_as")
