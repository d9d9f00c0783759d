"""The plan's own texts and days, part by part."""

from django.contrib import messages
from django.http import Http404
from django.views.decorators.http import require_http_methods

from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.content import fingerprint
from plans.forms import PARTS, PlanForm
from plans.views.lines import keep, line_page, to_line, told_apart
from plans.views.plan import version_or_404

TEXT_FORM = ("plans/open_text.html", "plans/text_form.html")


@require_http_methods(["GET", "POST"])
@allow(Permission.EDIT_PLAN)
@once
def text(request, version_id, part):
    """In an open version. Two people in different parts do not meet; in the same one, both texts are shown."""
    row = version_or_404(request, version_id)
    if part not in PARTS:
        raise Http404
    names = PARTS[part]

    def page(form, mark, conflict=None, status=200):
        context = {"form": form, "version": row, "part": part, "mark": mark, "conflict": conflict}
        return line_page(request, TEXT_FORM, row.case, context, status=status)

    def save(seen):
        there = operations.save_version(
            by=request.acting, plan_version=row, expected=None, seen=seen, **form.cleaned_data
        )
        return fingerprint(there, names)

    def both(form, theirs):
        return told_apart(form, _filled(theirs, part), theirs, fingerprint(theirs, names))

    def done():
        if not request.htmx:
            messages.success(request, "Planen är sparad.")
        return to_line(row.pk, part)

    if request.method == "GET":
        return page(_filled(row, part), fingerprint(row, names))
    form = PlanForm(request.POST, case=row.case, part=part)
    return keep(request, form, save=save, page=page, both=both, done=done)


def _filled(row, part):
    return PlanForm(initial={name: getattr(row, name) for name in PARTS[part]}, case=row.case, part=part)
