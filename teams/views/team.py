from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.door import case_or_404, case_page
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from teams import operations
from teams.forms.team import AnswerForm, InviteForm, LeaveForm, OutsideForm
from teams.models import CoordinatorAppointment, OutsideMember, TeamMember
from teams.presented import areas_offered, presented_to


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def team(request, case_id):
    """The team of one case, with the form for one more."""
    case = case_or_404(request, case_id)
    form = InviteForm(request.POST or None, by=request.acting, case=case)
    if request.method == "POST" and form.is_valid():
        if member := tried(form, operations.invite_member, by=request.acting, case=case, **form.cleaned_data):
            name = form.cleaned_data["membership"].user.name
            joined = "är med i teamet" if member.state == TeamMember.State.JOINED else "är inbjuden"
            messages.success(request, f"{name} {joined}.")
            return redirect("teams:team", case.pk)
    members = TeamMember.objects.visible_to(request.acting).filter(case=case)
    members = list(members.select_related("membership__user", "member_authority"))
    appointed = CoordinatorAppointment.objects.visible_to(request.acting).filter(case=case)
    context = {
        "form": form,
        "members": [m for m in members if m.state in ("invited", "joined")],
        "former": [m for m in members if m.state not in ("invited", "joined")],
        "outside": OutsideMember.objects.visible_to(request.acting).filter(case=case),
        "appointments": appointed.on_day(timezone.localdate()).select_related("membership__user"),
    }
    return case_page(request, "teams/team.html", case, context, page="team")


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def leave(request, case_id, member_id):
    case = case_or_404(request, case_id)
    members = TeamMember.objects.visible_to(request.acting).select_related("membership__user", "member_authority")
    member = get_object_or_404(members, pk=member_id, case=case)
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.leave_team, by=request.acting, case=case, member=member, **form.cleaned_data):
            messages.success(request, f"{member.membership.user.name} är inte längre med. Åtkomsten är stängd.")
            return redirect("teams:team", case.pk)
    return case_page(
        request,
        "teams/leave.html",
        case,
        {"form": form, "who": member.membership.user.name, "member": member},
        page="team",
    )


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def outside_add(request, case_id):
    """Somebody without an account: written down, opens nothing."""
    case = case_or_404(request, case_id)
    form = OutsideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if row := tried(form, operations.add_outside_member, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, f"{row.name} är med i teamet.")
            return redirect("teams:team", case.pk)
    return case_page(request, "teams/outside_add.html", case, {"form": form}, page="team")


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def outside_end(request, case_id, member_id):
    case = case_or_404(request, case_id)
    row = get_object_or_404(OutsideMember.objects.visible_to(request.acting).now(), pk=member_id, case=case)
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.end_outside_member, by=request.acting, case=case, member=row, **form.cleaned_data):
            messages.success(request, f"{row.name} är inte längre med.")
            return redirect("teams:team", case.pk)
    return case_page(request, "teams/leave.html", case, {"form": form, "who": row.name, "member": None}, page="team")


@require_http_methods(["GET", "POST"])
@allow(Permission.CONTRIBUTE)
@once
def invitation(request, member_id):
    """Purpose, period and who asks, before the answer. All that an invited person sees."""
    mine = TeamMember.objects.visible_to(request.acting).filter(membership=request.acting)
    member = get_object_or_404(mine.select_related("authority", "invited_by__user"), pk=member_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accept = "accept" in request.POST
        if tried(
            form, operations.answer_invitation, by=request.acting, member=member, accept=accept, **form.cleaned_data
        ):
            messages.success(request, "Du är med i teamet." if accept else "Du har tackat nej.")
            return redirect("plans:contributions")
    operations.view_invitation(by=request.acting, member=member)
    context = {"member": member, "form": form, "presented": presented_to(member), "areas": areas_offered(member)}
    return render(request, "teams/invitation.html", context)
