"""Goals of an open version."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from exitprogram.errors import Refused
from exitprogram.page.saving import tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.forms.measures import GoalForm
from plans.models import Goal
from plans.views.lines import keep, line_page, to_line, told_apart
from plans.views.plan import version_or_404

GOAL_FORM = ("plans/open_goal.html", "plans/goal_form.html")


@require_http_methods(["GET", "POST"])
@allow(Permission.EDIT_PLAN)
@once
def goal_new(request, version_id):
    row = version_or_404(request, version_id)
    started = {"parent": request.GET.get("till")}
    form = GoalForm(request.POST or None, version=row, initial=started, auto_id="nytt_%s")
    if request.method == "POST" and form.is_valid():
        goal = tried(form, operations.add_goal, by=request.acting, plan_version=row, **form.cleaned_data)
        if goal:
            return to_line(row.pk, goal.pk)
    return line_page(request, GOAL_FORM, row.case, {"form": form, "version": row, "goal": None, "mark": ""})


@require_http_methods(["GET", "POST"])
@allow(Permission.EDIT_PLAN)
@once
def goal_edit(request, goal_id):
    """In an open version. A stale page shows both."""
    goal = get_object_or_404(Goal.objects.visible_to(request.acting), pk=goal_id)
    row = version_or_404(request, goal.version_id)

    def page(form, mark, conflict=None, status=200):
        context = {
            "form": form, "version": row, "goal": goal, "mark": mark, "conflict": conflict,
            "may_drop": not goal.measures.exists() and not goal.parts.exists(),
        }  # fmt: skip
        return line_page(request, GOAL_FORM, row.case, context, status=status)

    def save(seen):
        there = operations.save_goal(by=request.acting, goal=goal, expected=whole_number(seen), **form.cleaned_data)
        return there.row_version

    def both(form, theirs):
        return told_apart(form, _filled(row, theirs), theirs, theirs.row_version)

    if request.method == "GET":
        return page(_filled(row, goal), goal.row_version)
    form = GoalForm(request.POST, version=row, goal=goal)
    return keep(request, form, save=save, page=page, both=both, done=lambda: to_line(row.pk, goal.pk))


def _filled(row, goal):
    return GoalForm(version=row, goal=goal, initial={"own_words": goal.own_words, "wording": goal.wording})


@require_POST
@allow(Permission.EDIT_PLAN)
@once
def goal_drop(request, goal_id):
    goal = get_object_or_404(Goal.objects.visible_to(request.acting), pk=goal_id)
    try:
        operations.drop_goal(by=request.acting, goal=goal)
    except Refused as why:
        messages.warning(request, str(why))
        return to_line(goal.version_id, goal.pk)
    return to_line(goal.version_id, "nytt-mal")
