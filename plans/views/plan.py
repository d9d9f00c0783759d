"""The plan page: everything about the plan, edited in place."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.door import case_or_404, case_page
from exitprogram.audit.reading import last_touch
from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import both_versions, is_autosave, not_saved, saved, tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission, may
from plans import operations
from plans.content import goals_in_order
from plans.follow_ups import next_day
from plans.forms import PlanForm, SectionRequestForm
from plans.models import CoordinatedPlan, PlanVersion
from plans.requirements import has_plan_consent, missing
from plans.trail import changed_since

FIELDS = list(PlanForm.base_fields)


def version_or_404(request, version_id):
    versions = PlanVersion.objects.visible_to(request.acting).select_related(
        "case__individual", "case__authority", "plan", "lead_principal", "agreed_by__user"
    )
    return get_object_or_404(versions, pk=version_id)


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def plan(request, case_id):
    """To the newest version; a case without a plan is asked whether to begin one."""
    case = case_or_404(request, case_id)
    newest = _newest(request, case)
    if newest is None and request.method == "POST":
        try:
            newest = operations.start_plan(by=request.acting, case=case, go_on="go_on" in request.POST)
        except Refused as why:
            messages.warning(request, str(why))
    if newest is not None:
        return redirect("plans:version", newest.pk)
    former = CoordinatedPlan.objects.visible_to(request.acting).filter(case=case).prefetch_related("versions")
    context = {
        "has_plan_consent": has_plan_consent(case, on=timezone.localdate()),
        "former": [{"plan": one, "version": one.versions.all()[0]} for one in former.order_by("-started_on", "pk")],
    }
    return case_page(request, "plans/start.html", case, context, page="plan")


def _newest(request, case):
    """Of the plan that goes on; of the last one that did, when the case is closed."""
    versions = PlanVersion.objects.visible_to(request.acting).filter(case=case).order_by("-plan__created_at", "-number")
    return versions.first() if case.closed_on else versions.filter(plan__ended_on=None).first()


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def version(request, version_id):
    """Read any version; write in an open one. Saves itself; a stale page shows both texts."""
    row = version_or_404(request, version_id)
    if request.method == "POST":
        return _save(request, row)
    if request.htmx and row.is_open:  # the list beside, once more, after something was saved
        return render(request, "plans/lacking.html", _lacking(request, row) | {"version": row, "case": row.case})
    form = PlanForm(initial={name: getattr(row, name) for name in FIELDS}, case=row.case)
    return _page(request, row, form)


def _save(request, row):
    if request.POST.get("keep") == "theirs":
        return redirect("plans:version", row.pk)
    form, autosave = PlanForm(request.POST, case=row.case), is_autosave(request)
    if not form.is_valid():
        # The page that comes back still carries the version it was made from, or a stale form would pass for fresh.
        row.version = whole_number(request.POST.get("version"))
        return not_saved("Något behöver rättas.") if autosave else _page(request, row, form)
    seen = request.POST.get("seen_version" if request.POST.get("keep") == "mine" else "version", "")
    try:
        row = operations.save_version(
            by=request.acting, plan_version=row, expected=whole_number(seen), **form.cleaned_data
        )
    except Stale as stale:
        return _both(request, form, stale.current, autosave)
    except Refused as why:
        form.add_error(None, str(why))
        return not_saved(str(why)) if autosave else _page(request, row, form)
    if autosave:
        return saved(row.version)
    messages.success(request, "Planen är sparad.")
    return redirect("plans:version", row.pk)


def _both(request, form, theirs, autosave):
    """Only what differs, mine beside theirs."""
    differs = [name for name in FIELDS if (form.cleaned_data[name] or "") != (getattr(theirs, name) or "")]
    label = {name: form.fields[name].label for name in differs}
    who, when = last_touch(theirs)
    texts = {
        "mine": "\n".join(f"{label[name]}: {form.cleaned_data[name] or '–'}" for name in differs),
        "theirs": "\n".join(f"{label[name]}: {getattr(theirs, name) or '–'}" for name in differs),
        "saved_by": who, "saved_at": when, "seen_version": theirs.version,
    }  # fmt: skip
    if autosave:
        return both_versions(request, **texts)
    return _page(request, theirs, form, conflict=texts, status=409)


def _lacking(request, row):
    return {
        "lacking": missing(row, on=timezone.localdate()) if row.is_open and row.plan.ended_on is None else [],
        "may_agree": row.is_open and row.plan.ended_on is None and may(request.acting, Permission.AGREE_PLAN),
    }


def _page(request, row, form, conflict=None, status=200):
    by, today = request.acting, timezone.localdate()
    goals = row.goals.prefetch_related(
        "measures__principal", "measures__responsible__membership__user", "measures__decision"
    )
    goes_on = row.plan.ended_on is None and row.case.closed_on is None
    may_edit = row.is_open and goes_on and may(by, Permission.EDIT_PLAN)
    context = {
        "version": row, "form": form, "conflict": conflict, "may_edit": may_edit,
        "goals": [{"row": goal, "measures": list(goal.measures.all())} for goal in goals_in_order(goals)],
        "sections": row.sections.select_related("principal", "writer__user"),
        "has_consent": has_plan_consent(row.case, on=today),
        **_lacking(request, row),
        "versions": PlanVersion.objects.filter(plan=row.plan).order_by("-number"),
        "may_revise": row.state == "agreed" and goes_on and may(by, Permission.EDIT_PLAN),
        "next_day": next_day(row),
        "may_end": goes_on and may(by, Permission.EDIT_PLAN),
    }  # fmt: skip
    return case_page(request, "plans/plan.html", row.case, context, page="plan", status=status)


@require_http_methods(["GET", "POST"])
@allow(Permission.EDIT_PLAN)
@once
def section_request(request, version_id):
    row = version_or_404(request, version_id)
    form = SectionRequestForm(request.POST or None, case=row.case)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.request_section, by=request.acting, plan_version=row, **form.cleaned_data):
            messages.success(request, "Avsnittet är begärt.")
            return redirect("plans:version", row.pk)
    return case_page(request, "plans/section_request.html", row.case, {"form": form, "version": row}, page="plan")


@require_http_methods(["GET", "POST"])
@allow(Permission.AGREE_PLAN)
@once
def agree(request, version_id):
    """Asked once more, with what is about to be locked: it cannot be taken back. A form says which version it means."""
    row = version_or_404(request, version_id)
    if request.method == "GET":
        return _agree_page(request, row)
    seen = whole_number(request.POST.get("version"))
    try:
        operations.agree_version(by=request.acting, plan_version=row, expected=seen)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, f"Version {row.number} är överenskommen och låst. Uppföljningen bevakas.")
    return redirect("plans:version", row.pk)


def _agree_page(request, row):
    if not row.is_open:
        return redirect("plans:version", row.pk)
    context = {
        "version": row, "goals": row.goals.count(), "measures": row.measures.count(),
        "sections": row.sections.select_related("principal"), "lacking": missing(row, on=timezone.localdate()),
        **changed_since(row),
    }  # fmt: skip
    return case_page(request, "plans/agree.html", row.case, context, page="plan")


@require_POST
@allow(Permission.EDIT_PLAN)
@once
def revise(request, case_id):
    """Begin the next version."""
    case = case_or_404(request, case_id)
    thread = get_object_or_404(CoordinatedPlan.objects.visible_to(request.acting), case=case, ended_on=None)
    try:
        draft = operations.new_version(by=request.acting, plan=thread)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("plans:plan", case.pk)
    messages.success(request, f"Utkast till version {draft.number}. Den förra gäller tills den nya är överenskommen.")
    return redirect("plans:version", draft.pk)
