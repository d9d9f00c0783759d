"""Goals and measures of an open version, each on a page of its own."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.door import case_or_404, case_page
from exitprogram.audit.reading import last_touch
from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.catalogue import choices
from plans.forms.measures import GoalForm, MeasureForm, StatusForm, as_typed
from plans.models import Goal, Measure, PlanVersion
from plans.views.plan import version_or_404


def _to_goals(version_id):
    return redirect(reverse("plans:version", args=[version_id]) + "#mal")


@require_http_methods(["GET", "POST"])
@allow(Permission.EDIT_PLAN)
@once
def goal_new(request, version_id):
    row = version_or_404(request, version_id)
    form = GoalForm(request.POST or None, version=row, initial={"parent": request.GET.get("till")})
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.add_goal, by=request.acting, plan_version=row, **form.cleaned_data):
            return _to_goals(row.pk)
    return case_page(request, "plans/goal_form.html", row.case, {"form": form, "version": row}, page="plan")


@require_http_methods(["GET", "POST"])
@allow(Permission.EDIT_PLAN)
@once
def goal_edit(request, goal_id):
    goal = get_object_or_404(Goal.objects.visible_to(request.acting), pk=goal_id)
    row = version_or_404(request, goal.version_id)
    before = {"own_words": goal.own_words, "wording": goal.wording}
    form = GoalForm(request.POST or None, version=row, goal=goal, initial=before)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.save_goal, by=request.acting, goal=goal, **form.cleaned_data):
            return _to_goals(row.pk)
    context = {"form": form, "version": row, "goal": goal}
    return case_page(request, "plans/goal_form.html", row.case, context, page="plan")


@require_GET
@allow(Permission.EDIT_PLAN)
def measure_new(request, case_id):
    """«Åtgärd» in the fixed bar: into the open draft, or the plan page when there is none to write in."""
    case = case_or_404(request, case_id)
    draft = PlanVersion.objects.visible_to(request.acting).filter(case=case, state__in=["draft", "out"]).first()
    if draft is None or not draft.goals.exists():
        messages.warning(request, "En insats hör till ett mål. Börja med ett utkast och ett mål.")
        return redirect("plans:plan", case.pk)
    return redirect("plans:measure_add", draft.pk)


@require_http_methods(["GET", "POST"])
@allow(Permission.EDIT_PLAN)
@once
def measure_add(request, version_id):
    row = version_or_404(request, version_id)
    if request.method == "GET" or "fetch" in request.POST:
        started = {"goal": request.GET.get("mal"), "status": "not_available" if "behov" in request.GET else None}
        started = {name: value for name, value in started.items() if value}
        return _measure_page(request, row, _prefilled(request, row, started))
    form = MeasureForm(request.POST, version=row, by=request.acting)
    if form.is_valid() and tried(form, operations.add_measure, by=request.acting, **form.measure_fields):
        messages.success(request, "Insatsen är tillagd.")
        return _to_goals(row.pk)
    return _measure_page(request, row, form)


@require_http_methods(["GET", "POST"])
@allow(Permission.EDIT_PLAN)
@once
def measure_edit(request, measure_id):
    """In an open version. A stale page shows both texts."""
    measure = get_object_or_404(Measure.objects.visible_to(request.acting), pk=measure_id)
    row = version_or_404(request, measure.version_id)
    if request.POST.get("keep") == "theirs":
        return redirect("plans:measure_edit", measure.pk)
    if request.method == "GET" or "fetch" in request.POST:
        return _measure_page(request, row, _prefilled(request, row, as_typed(measure), measure), measure)
    form = MeasureForm(request.POST, version=row, by=request.acting, measure=measure)
    seen = whole_number(request.POST.get("seen_version" if request.POST.get("keep") == "mine" else "row_version", ""))
    if not form.is_valid():
        measure.row_version = seen  # a stale form does not pass for fresh because it also had a fault
        return _measure_page(request, row, form, measure)
    try:
        operations.save_measure(by=request.acting, measure=measure, expected=seen, **form.measure_fields)
    except Stale as stale:
        return _measure_page(request, row, form, stale.current, conflict=_both(form, stale.current), status=409)
    except Refused as why:
        form.add_error(None, str(why))
        return _measure_page(request, row, form, measure)
    messages.success(request, "Insatsen är sparad.")
    return _to_goals(row.pk)


def _prefilled(request, row, started, measure=None):
    """Not sent yet: as it stands or was typed so far, with what was chosen in the catalogue laid over it."""
    typed = {name: request.POST[name] for name in MeasureForm.base_fields if name in request.POST}
    form = MeasureForm(initial=started | typed, version=row, by=request.acting, measure=measure)
    entry = form.entries.get(request.POST.get("katalog") or request.GET.get("katalog"))
    if entry is not None:
        form.initial |= {name: value for name, value in form.suggested(entry).items() if value}
    return form


def _both(form, theirs):
    """Only what differs, mine beside theirs, in words."""
    old = MeasureForm(initial=as_typed(theirs), version=form.version, by=form.by, measure=theirs)
    shown = {name: (_in_words(form[name]), _in_words(old[name])) for name in form.fields if name != "catalogue_id"}
    differs = {form.fields[name].label: pair for name, pair in shown.items() if pair[0] != pair[1]}
    who, when = last_touch(theirs)
    return {
        "mine": "\n".join(f"{label}: {mine or '–'}" for label, (mine, _) in differs.items()),
        "theirs": "\n".join(f"{label}: {others or '–'}" for label, (_, others) in differs.items()),
        "saved_by": who, "saved_at": when, "seen_version": theirs.row_version,
    }  # fmt: skip


def _in_words(bound):
    """A choice by its label, anything else as it was typed."""
    value = bound.value()
    if value in (None, ""):
        return ""
    named = {str(code): str(label) for code, label in getattr(bound.field, "choices", ())}
    return named.get(str(value), str(value))


def _measure_page(request, row, form, measure=None, conflict=None, status=200):
    context = {
        "form": form, "version": row, "measure": measure, "conflict": conflict, "entry": form.entry,
        "catalogue": choices(form.entries.values()),
    }  # fmt: skip
    return case_page(request, "plans/measure_form.html", row.case, context, page="plan", status=status)


@require_http_methods(["GET", "POST"])
@allow(Permission.EDIT_PLAN)
@once
def measure_status(request, measure_id):
    measure = get_object_or_404(Measure.objects.visible_to(request.acting), pk=measure_id)
    case = case_or_404(request, measure.case_id)
    before = {"status": measure.status, "why_not": measure.why_not, "decision": measure.decision_id}
    form = StatusForm(request.POST or None, initial=before, by=request.acting, measure=measure)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.set_measure_status, by=request.acting, measure=measure, **form.cleaned_data):
            messages.success(request, "Läget är sparat.")
            return _to_goals(measure.version_id)
    return case_page(request, "plans/measure_status.html", case, {"form": form, "measure": measure}, page="plan")


@require_POST
@allow(Permission.EDIT_PLAN)
@once
def measure_drop(request, measure_id):
    measure = get_object_or_404(Measure.objects.visible_to(request.acting), pk=measure_id)
    return _drop(request, operations.drop_measure, measure.version_id, measure=measure)


@require_POST
@allow(Permission.EDIT_PLAN)
@once
def goal_drop(request, goal_id):
    goal = get_object_or_404(Goal.objects.visible_to(request.acting), pk=goal_id)
    return _drop(request, operations.drop_goal, goal.version_id, goal=goal)


def _drop(request, act, version_id, **what):
    try:
        act(by=request.acting, **what)
    except Refused as why:
        messages.warning(request, str(why))
    return _to_goals(version_id)
