from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.contributions import own_measures, own_sections
from plans.forms.own import LeaveOwnForm
from plans.models import Section
from teams.models import TeamMember
from teams.operations import view_invitation
from teams.presented import presented_to


@require_http_methods(["GET", "POST"])
@allow(Permission.CONTRIBUTE)
@once
def leave_own(request, member_id):
    """A guest leaves the team, and may say who comes instead. Asked with what she leaves behind."""
    by = request.acting
    mine = TeamMember.objects.joined_by(by, on=timezone.localdate()).exclude(authority_id=by.authority_id)
    member = get_object_or_404(mine.select_related("authority"), pk=member_id)
    form = LeaveOwnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.leave_as_contributor, by=by, member=member, **form.cleaned_data):
            messages.success(request, "Du har lämnat teamet. Samordnaren har fått veta det.")
            return redirect("plans:contributions")
    view_invitation(by=by, member=member)
    unsigned = own_sections(by).filter(case=member.case_id, state__in=[Section.State.REQUESTED, Section.State.WRITING])
    context = {
        "form": form, "member": member, "presented": presented_to(member), "unsigned": unsigned.count(),
        "measures": own_measures(by).filter(case=member.case_id, status__in=["planned", "ongoing"]).count(),
    }  # fmt: skip
    return render(request, "plans/leave_own.html", context)
