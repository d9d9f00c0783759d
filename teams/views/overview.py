"""The administrator's first page: what to put right, and what can be set for the authority."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.house import house_clocks
from exitprogram.tenancy.access import allow
from exitprogram.tenancy.roles import Permission
from teams.health import signs
from teams.log_review import coverage, is_asked, report_counts


@require_GET
@allow(Permission.ADMINISTER)
def overview(request):
    by, today = request.acting, timezone.localdate()
    context = {"signs": signs(by, on=today), "clocks": house_clocks(by, on=today), "today": today}
    context["asked_of_me"] = is_asked(by)
    if by.authority.is_social:
        context |= {"coverage": coverage(by, on=today), "reports": report_counts()}
    return render(request, "teams/overview.html", context)
