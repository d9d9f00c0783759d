"""The administrator's first page: what to put right, and what can be set for the authority."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from exitprogram.tenancy.access import allow
from exitprogram.tenancy.roles import Permission
from teams.health import signs


@require_GET
@allow(Permission.ADMINISTER)
def overview(request):
    found = signs(request.acting, on=timezone.localdate())
    return render(request, "teams/overview.html", {"signs": found})
