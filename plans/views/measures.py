"""Measures of an open version, and how each goes."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.door import case_or_404
from exitprogram.errors import Refused
from exitprogram.page.saving import tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.catalogue import choices
from plans.forms.measures import MeasureForm, StatusForm, as_typed
from plans.models import Measure, PlanVersion
from plans.views.lines import keep, line_page, to_line, told_apart
from plans.views.plan import version_or_404

NEW = "ny_%s"  # ids of its own: what is typed waits in its closed line while another line is open
MEASURE_FORM = ("plans/open_measure.html", "plans/measure_form.html")
STATUS_FORM = ("plans/open_status.html", "plans/status_form.html")


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
    form = MeasureForm(request.POST, version=row, by=request.acting, auto_id=NEW)
    if form.is_valid():
        measure = tried(form, operations.add_measure, by=request.acting, **form.measure_fields)
        if measure:
            _say(request, "Insatsen är tillagd.")
            return to_line(row.pk, measure.pk)
    return _measure_page(request, row, form)


@require_http_methods(["GET", "POST"])
@allow(Permission.EDIT_PLAN)
@once
def measure_edit(request, measure_id):
    """In an open version. A stale page shows both."""
    measure = get_object_or_404(Measure.objects.visible_to(request.acting), pk=measure_id)
    row = version_or_404(request, measure.version_id)

    def page(form, mark, **more):
        return _measure_page(request, row, form, measure, mark, **more)

    def save(seen):
        there = operations.save_measure(
            by=request.acting, measure=measure, expected=whole_number(seen), **form.measure_fields
        )
        return there.row_version

    def both(form, theirs):
        old = MeasureForm(initial=as_typed(theirs), version=row, by=request.acting, measure=theirs)
        return told_apart(form, old, theirs, theirs.row_version)

    def done():
        _say(request, "Insatsen är sparad.")
        return to_line(row.pk, measure.pk)

    if request.method == "GET" or "fetch" in request.POST:
        mark = request.POST.get("version", measure.row_version)
        return page(_prefilled(request, row, as_typed(measure), measure), mark)
    form = MeasureForm(request.POST, version=row, by=request.acting, measure=measure)
    return keep(request, form, save=save, page=page, both=both, done=done)


def _say(request, sentence):
    """On the page that comes next; a line opened in place has said «Sparat» already."""
    if not request.htmx:
        messages.success(request, sentence)


def _prefilled(request, row, started, measure=None):
    """Not sent yet: as it stands or was typed so far, with what was chosen in the catalogue laid over it."""
    typed = {name: request.POST[name] for name in MeasureForm.base_fields if name in request.POST}
    ids = {} if measure else {"auto_id": NEW}
    form = MeasureForm(initial=started | typed, version=row, by=request.acting, measure=measure, **ids)
    entry = form.entries.get(request.POST.get("katalog") or request.GET.get("katalog"))
    if entry is not None:
        form.initial |= {name: value for name, value in form.suggested(entry).items() if value}
    return form


def _measure_page(request, row, form, measure=None, mark="", conflict=None, status=200):
    context = {
        "form": form, "version": row, "measure": measure, "mark": mark, "conflict": conflict, "entry": form.entry,
        "catalogue": choices(form.entries.values()),
    }  # fmt: skip
    form.needed_later = bool(request.htmx)  # in a line there is no room to call each field optional
    return line_page(request, MEASURE_FORM, row.case, context, status=status)


@require_http_methods(["GET", "POST"])
@allow(Permission.EDIT_PLAN)
@once
def measure_status(request, measure_id):
    """How it goes, also in an agreed version. A stale page shows both."""
    measure = get_object_or_404(Measure.objects.visible_to(request.acting), pk=measure_id)
    case = case_or_404(request, measure.case_id)

    def page(form, mark, conflict=None, status=200):
        context = {"form": form, "measure": measure, "mark": mark, "conflict": conflict}
        form.needed_later = bool(request.htmx)
        return line_page(request, STATUS_FORM, case, context, status=status)

    def save(seen):
        there = operations.set_measure_status(
            by=request.acting, measure=measure, expected=whole_number(seen) if seen else None, **form.cleaned_data
        )
        return there.row_version

    def both(form, theirs):
        return told_apart(form, _status_form(request, theirs), theirs, theirs.row_version)

    def done():
        _say(request, "Läget är sparat.")
        return to_line(measure.version_id, measure.pk)

    if request.method == "GET":
        return page(_status_form(request, measure), measure.row_version)
    form = StatusForm(request.POST, by=request.acting, measure=measure)
    return keep(request, form, save=save, page=page, both=both, done=done)


def _status_form(request, measure):
    before = {
        "status": measure.status, "lack": measure.lack, "why_not": measure.why_not, "decision": measure.decision_id,
    }  # fmt: skip
    return StatusForm(initial=before, by=request.acting, measure=measure)


@require_POST
@allow(Permission.EDIT_PLAN)
@once
def measure_drop(request, measure_id):
    measure = get_object_or_404(Measure.objects.visible_to(request.acting), pk=measure_id)
    try:
        operations.drop_measure(by=request.acting, measure=measure)
    except Refused as why:
        messages.warning(request, str(why))
    return to_line(measure.version_id, measure.goal_id)
