"""The plan page: everything about the plan on one screen."""

from collections import defaultdict

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from cases.door import case_or_404, case_page
from exitprogram.errors import Refused
from exitprogram.page.saving import tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh_to_send
from exitprogram.tenancy.roles import Permission, may
from plans import one_version, operations
from plans.content import goals_in_order, grounds_of
from plans.follow_ups import next_day
from plans.forms import PARTS, PlanForm, SectionRequestForm
from plans.models import CoordinatedPlan, PlanVersion
from plans.requirements import has_plan_consent, missing
from plans.trail import changed_since

KEYS = [
    ("↑ ↓", "Förra eller nästa rad i planen"),
    ("Enter", "Öppna raden och skriv"),
    ("Esc", "Stäng raden. Det du skrivit är sparat"),
]


def version_or_404(request, version_id):
    found = one_version.whole(request.acting, version_id)
    if not found:
        raise Http404
    return found[0]


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


@require_GET
@allow(Permission.READ_CASE)
def version(request, version_id):
    """Any version, whole on one screen. Each line opens in place, with a view of its own."""
    row = version_or_404(request, version_id)
    if request.htmx.target == "saknas":  # the list beside, once more, after something was saved
        return render(request, "plans/lacking.html", _lacking(request, row) | {"version": row, "case": row.case})
    template = "plans/board_again.html" if request.htmx else "plans/plan.html"
    page = case_page(request, template, row.case, _board(request, row), page="plan")
    if request.htmx and not request.htmx.target:  # a line was added or taken away: the whole board anew
        return retarget(reswap(page, "outerHTML"), "#board")
    return page


def _lacking(request, row):
    return {
        "lacking": missing(row, on=timezone.localdate()) if row.is_open and row.plan.ended_on is None else [],
        "may_agree": row.is_open and row.plan.ended_on is None and may(request.acting, Permission.AGREE_PLAN),
    }


def _board(request, row):
    by = request.acting
    measures = defaultdict(list)
    for measure in one_version.measures(by, row.pk):
        measures[measure.goal_id].append(measure)
    goes_on = row.plan.ended_on is None and row.case.closed_on is None
    may_write = goes_on and may(by, Permission.EDIT_PLAN)
    return {
        "version": row, "focus": request.GET.get("rad", ""), "page_keys": KEYS,
        "may_edit": row.is_open and may_write,
        "may_report": row.state == "agreed" and may_write,
        "texts": [text for text in _texts(row) if text["text"] or row.is_open and may_write],
        "goals": [
            {"row": goal, "measures": measures[goal.pk]} for goal in goals_in_order(one_version.goals(by, row.pk))
        ],
        "sections": one_version.sections(by, row.pk),
        "has_consent": bool(one_version.plan_consents(by, row.case_id)),
        "coordination": grounds_of(row, timezone.localdate()),
        **_lacking(request, row),
        "versions": one_version.of_plan(by, row.plan_id),
        "may_revise": row.state == "agreed" and may_write,
        "next_day": next_day(row),
        "may_end": may_write,
    }  # fmt: skip


def _texts(row):
    """The plan's texts, but not what stands in the head."""
    for part, (name, *others) in PARTS.items():
        if not others:
            yield {"part": part, "label": PlanForm.base_fields[name].label, "text": getattr(row, name)}


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
@fresh_to_send
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
