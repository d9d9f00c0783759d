from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from cases.door import case_or_404, case_page
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from teams import operations
from teams.forms.coordinator import CoordinatorForm


@require_http_methods(["GET", "POST"])
@allow(Permission.APPOINT_COORDINATOR)
@once
def coordinator(request, case_id):
    case = case_or_404(request, case_id)
    form = CoordinatorForm(request.POST or None, by=request.acting)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.appoint_coordinator, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, f"{form.cleaned_data['membership'].user.name} är utsedd.")
            return redirect("teams:team", case.pk)
    return case_page(request, "teams/coordinator.html", case, {"form": form}, page="team")
