from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from cases.door import case_or_404, case_page
from cases.models import Disclosure
from exitprogram.errors import Refused
from exitprogram.tenancy.access import allow
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.exchange import CONTENT_TYPE
from plans.exports import file_name, recipients, version_in_force
from plans.languages import SWEDISH, choices, code_of
from plans.models import PlanVersion


@require_GET
@allow(Permission.EXPORT_PLAN)
def copies(request, case_id):
    """PDF → recipient: those with cover today. What went out before is listed beside."""
    case = case_or_404(request, case_id)
    context = {
        "newest": version_in_force(request.acting, case),
        "recipients": list(recipients(case)),
        "languages": choices(), "language": code_of(case.individual.language),
        "released": Disclosure.objects.visible_to(request.acting).filter(case=case).select_related(
            "disclosed_by__user"
        ),
    }  # fmt: skip
    return case_page(request, "plans/copies.html", case, context, page="copies")


@require_POST
@allow(Permission.EXPORT_PLAN)
def copy(request, version_id, recipient_key):
    """The numbered copy as a file. A second press is a second copy, with its own number and row: that is what it is."""
    version = get_object_or_404(PlanVersion.objects.visible_to(request.acting), pk=version_id)
    try:
        data, disclosure = operations.release_copy(
            by=request.acting, plan_version=version, recipient_key=recipient_key, safe="safe" in request.POST,
            language=request.POST.get("language", SWEDISH),
        )  # fmt: skip
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("plans:copies", version.case_id)
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(version, disclosure)}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@allow(Permission.EXPORT_PLAN)
def bundle(request, version_id, recipient_key):
    """The same for another system: what the paper to that recipient holds, as a FHIR bundle. A copy like any other."""
    version = get_object_or_404(PlanVersion.objects.visible_to(request.acting), pk=version_id)
    try:
        disclosure = operations.release_bundle(by=request.acting, plan_version=version, recipient_key=recipient_key)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("plans:copies", version.case_id)
    response = HttpResponse(disclosure.items.get().text, content_type=CONTENT_TYPE)
    name = f"plan-{version.number}-{disclosure.copy_number}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
