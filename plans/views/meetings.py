from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases.before_meeting import before_meeting
from cases.door import case_or_404, case_page, desk_page
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.forms import MeetingForm
from plans.models import Meeting


@require_GET
@allow(Permission.READ_CASE)
def meetings(request):
    ahead = Meeting.objects.visible_to(request.acting).filter(
        starts_at__gte=timezone.now(), case__authority_id=request.acting.authority_id
    )
    ahead = ahead.select_related("case").prefetch_related("calls").order_by("starts_at", "pk")
    return desk_page(request, "plans/meetings.html", {"meetings": ahead}, page="meetings")


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def meeting_new(request, case_id):
    """Team preselected: day, time, send."""
    case = case_or_404(request, case_id)
    form = MeetingForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if tried(
            form, operations.call_meeting, by=request.acting, case=case, starts_at=form.starts_at,
            place=data["place"], purpose=data["purpose"], members=list(data["members"]),
        ):  # fmt: skip
            messages.success(request, "Mötet är bokat och teamet är kallat.")
            return redirect("plans:person", case.pk)
    ahead = Meeting.objects.visible_to(request.acting).filter(case=case)
    context = {
        "form": form, "meetings": ahead.prefetch_related("calls__membership__user"),
        "mind": before_meeting(request.acting, case),
    }  # fmt: skip
    return case_page(request, "plans/meeting_form.html", case, context, page="meeting")
