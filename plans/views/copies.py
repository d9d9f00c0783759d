from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.door import case_or_404, case_page
from cases.models import Disclosure
from exitprogram.errors import Refused
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh, fresh_to_send
from exitprogram.tenancy.roles import Permission
from plans import childs_copy, operations
from plans.exchange import CONTENT_TYPE
from plans.exports import file_name, form_of, guardians_of, recipients, version_in_force
from plans.languages import SWEDISH, choices, code_of
from plans.models import PlanVersion
from plans.operations.exchange import BUNDLE


@require_GET
@allow(Permission.EXPORT_PLAN)
def copies(request, case_id):
    """PDF → recipient: those with cover today. What went out before is listed beside."""
    case = case_or_404(request, case_id)
    context = {
        "newest": version_in_force(request.acting, case),
        "recipients": [*recipients(case), *guardians_of(case)],
        "languages": choices(), "language": code_of(case.individual.language),
        "released": _released(request, case),
    }  # fmt: skip
    return case_page(request, "plans/copies.html", case, context, page="copies")


def _released(request, case):
    """What has gone out of the plan and the readings, each with which version and form it was."""
    rows = (
        Disclosure.objects.visible_to(request.acting)
        .filter(case=case)
        .filter(Q(what__startswith="plan.") | Q(what="case.readings"))
    )
    rows = list(rows.select_related("disclosed_by__user").prefetch_related("kept"))
    numbers = dict(PlanVersion.objects.visible_to(request.acting).filter(case=case).values_list("pk", "number"))
    for row in rows:
        row.version_number, row.form = numbers.get(row.object_id), form_of(row)
        row.can_be_fetched = row.what == BUNDLE or bool(row.kept.all())
    return rows


@require_GET
@allow(Permission.EXPORT_PLAN)
def childs_plan(request, case_id):
    """The plan as the child reads it, on screen or together with somebody."""
    case = case_or_404(request, case_id)
    if not childs_copy.is_for_a_child(case):
        raise Http404
    today, newest = timezone.localdate(), version_in_force(request.acting, case)
    wanted = request.GET.get("grupp")
    group = wanted if wanted in childs_copy.GROUPS else childs_copy.group_of(case, today)
    context = {"newest": newest, "groups": childs_copy.GROUPS.items(), "group": group}
    if newest:
        context |= childs_copy.childs_plan(newest, group, on=today)
    return case_page(request, "plans/childs_plan.html", case, context, page="childs_plan")


@require_GET
@allow(Permission.EXPORT_PLAN)
@fresh
def copy_again(request, case_id, disclosure_id):
    """A copy that went out, byte for byte as it was. It is a reading; nothing goes out anew."""
    case = case_or_404(request, case_id)
    row = get_object_or_404(Disclosure.objects.visible_to(request.acting), pk=disclosure_id, case=case)
    try:
        if row.what == BUNDLE:
            data, content_type, ending = operations.open_bundle(by=request.acting, disclosure=row), CONTENT_TYPE, "json"
        else:
            data, content_type, ending = (
                operations.fetch_copy(by=request.acting, disclosure=row), "application/pdf", "pdf"
            )  # fmt: skip
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("plans:copies", case.pk)
    return _attached(data, content_type, f"kopia-{row.copy_number}.{ending}")


@require_POST
@allow(Permission.EXPORT_PLAN)
@fresh_to_send
def copy(request, version_id, recipient_key):
    """The numbered copy as a file. A second press is a second copy, with its own number and row: that is what it is."""
    version = get_object_or_404(PlanVersion.objects.visible_to(request.acting), pk=version_id)
    try:
        data, disclosure = operations.release_copy(
            by=request.acting, plan_version=version, recipient_key=recipient_key, safe="safe" in request.POST,
            language=request.POST.get("language", SWEDISH), child=request.POST.get("child", ""),
        )  # fmt: skip
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("plans:copies", version.case_id)
    return _attached(data, "application/pdf", file_name(version, disclosure))


@require_POST
@allow(Permission.EXPORT_PLAN)
@fresh_to_send
@once
def copies_all(request, version_id):
    """A copy to each of those who may have one, made as long work and fetched from the list when it is done."""
    version = get_object_or_404(PlanVersion.objects.visible_to(request.acting), pk=version_id)
    try:
        operations.begin_copies(by=request.acting, plan_version=version)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("plans:copies", version.case_id)
    return redirect("jobs:jobs")


@require_POST
@allow(Permission.EXPORT_PLAN)
@fresh_to_send
def bundle(request, version_id, recipient_key):
    """The same for another system: what the paper to that recipient holds, as a FHIR bundle. A copy like any other."""
    version = get_object_or_404(PlanVersion.objects.visible_to(request.acting), pk=version_id)
    try:
        disclosure = operations.release_bundle(by=request.acting, plan_version=version, recipient_key=recipient_key)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("plans:copies", version.case_id)
    name = f"plan-{version.number}-{disclosure.copy_number}.json"
    return _attached(disclosure.items.get().text, CONTENT_TYPE, name)


def _attached(data, content_type, name):
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
