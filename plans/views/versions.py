"""What has changed between two versions of the plan, by whom, in words."""

from django.http import Http404
from django.views.decorators.http import require_GET

from cases.door import case_page
from exitprogram.tenancy.access import allow
from exitprogram.tenancy.roles import Permission
from plans.changes import GOALS, PLAN, SECTIONS
from plans.threads import comparable, version_before
from plans.trail import changed
from plans.views.plan import version_or_404


@require_GET
@allow(Permission.READ_CASE)
def version_changes(request, version_id):
    """A version beside the one before it, or beside the one that was chosen; the older always first."""
    row = version_or_404(request, version_id)
    others = comparable(row)
    other = _other(request, row, others)
    context = {"version": row, "others": others, "other": other, "plan_id": row.plan_id}
    if other:
        before, after = sorted((row, other), key=lambda version: (version.created_at, version.number))
        found = changed(before, after)
        parts = [(part, [change for change in found if change.part == part]) for part in (PLAN, GOALS, SECTIONS)]
        context |= {"before": before, "after": after, "count": len(found), "parts": [p for p in parts if p[1]]}
    return case_page(request, "plans/changes.html", row.case, context, page="plan_changes")


def _other(request, row, others):
    wanted = request.GET.get("mot")
    if not wanted:
        return version_before(row)
    found = next((version for version in others if str(version.pk) == wanted), None)
    if found is None:
        raise Http404
    return found
