"""Access that can be explained: who can see this and why, and who has read (2001:454 §10)."""

from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases.access import can
from cases.door import case_or_404, case_page
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow
from exitprogram.tenancy.fresh import fresh_to_send
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.forms import ReadingsForm
from plans.readings import readings
from plans.sight import who_can_see

SHOWN_DAYS = 90


@require_GET
@allow(Permission.READ_CASE)
def insight(request, case_id):
    """A sentence for each person and rule, and the last months' readings by day and person."""
    case = case_or_404(request, case_id)
    by, today = request.acting, timezone.localdate()
    since = today - timedelta(days=SHOWN_DAYS)
    context = {
        "parts": who_can_see(by, case, today), "reads": readings(case, starts_on=since), "since": since,
        "may_block": can(by, Permission.BUILD_TEAM, case), "may_hand_out": can(by, Permission.DISCLOSE, case),
    }  # fmt: skip
    return case_page(request, "plans/insight.html", case, context, page="insight")


@require_http_methods(["GET", "POST"])
@allow(Permission.DISCLOSE)
@fresh_to_send
def readings_list(request, case_id):
    """The list for the person: choose the period, get the paper. A second press is a second copy, as with the plan."""
    case = case_or_404(request, case_id)
    today = timezone.localdate()
    form = ReadingsForm(request.POST or None, initial={"starts_on": case.opened_on, "ends_on": today})
    if request.method == "POST" and form.is_valid():
        made = tried(form, operations.release_readings, by=request.acting, case=case, **form.cleaned_data)
        if made:
            data, disclosure = made
            response = HttpResponse(data, content_type="application/pdf")
            name = f"lasningar-{disclosure.copy_number}.pdf"  # says nothing about anybody
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
            response.headers["X-Content-Type-Options"] = "nosniff"
            return response
    return case_page(request, "plans/readings.html", case, {"form": form}, page="readings")
