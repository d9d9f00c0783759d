from datetime import timedelta

from django.contrib import messages
from django.db import connection
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases.door import case_or_404, case_page, desk_page
from cases.emergencies import waiting
from cases.models import Clock, Notice
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission
from teams import operations
from teams.competence import competent, row_for
from teams.forms import AnswerForm, CoordinatorForm, DecideForm, InviteForm, LeaveForm, ProposalForm
from teams.models import CoordinatorAppointment, Decision, DecisionKind, TeamMember
from teams.presented import presented_to


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
    return case_page(request, "teams/leave.html", case, {"form": form, "member": member}, page="team")


@require_http_methods(["GET", "POST"])
@allow(Permission.APPOINT_COORDINATOR)
@once
def coordinator(request, case_id):
    case = case_or_404(request, case_id)
    form = CoordinatorForm(request.POST or None, by=request.acting)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.appoint_coordinator, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, f"{form.cleaned_data['membership'].user.name} är utsedd.")
            return redirect("teams:team", case.pk)
    return case_page(request, "teams/coordinator.html", case, {"form": form}, page="team")


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
    context = {"member": member, "form": form, "presented": presented_to(member)}
    return render(request, "teams/invitation.html", context)


@require_GET
@allow(Permission.READ_CASE)
def decisions(request):
    """What waits for me to decide, what I have started, and what was decided lately. Numbers, not names."""
    rows = Decision.objects.visible_to(request.acting).select_related(
        "proposed_by__user", "sent_to__user", "decided_by__user"
    )
    context = {
        # Without the case: whoever decides need not have it open, and a join would hide the proposal.
        "mine": rows.waiting().filter(sent_to=request.acting),
        "others": rows.waiting().exclude(sent_to=request.acting).select_related("case"),
        "decided": rows.filter(state=Decision.State.DECIDED).order_by("-decided_on", "-number")[:30],
    }
    return desk_page(request, "teams/decisions.html", context, page="decisions")


@require_http_methods(["GET", "POST"])
@allow(Permission.PROPOSE_DECISION)
@once
def decision_new(request, case_id):
    """«Du kan besluta» or «du kan starta; den här personen beslutar», by the scheme in force today."""
    case = case_or_404(request, case_id)
    form = ProposalForm(request.POST or None, by=request.acting)
    if request.method == "POST" and form.is_valid():
        decision = tried(form, operations.propose_decision, by=request.acting, case=case, **form.cleaned_data)
        if decision and decision.sent_to_id == request.acting.pk:
            return redirect("teams:decide", decision.pk)
        if decision:
            messages.success(request, f"Skickat till {decision.sent_to.user.name}.")
            return redirect("plans:person", case.pk)
    context = {"form": form, "competence": _competence(request.acting)}
    return case_page(request, "teams/decision_new.html", case, context, page="decision")


def _competence(by):
    """For each kind of matter: whether I may, and who else may, by the scheme of today."""
    today = timezone.localdate()
    return [
        {
            "label": kind.label, "row": row_for(by, kind, on=today),
            "others": [m.user.name for m in competent(by, kind, on=today) if m.pk != by.pk],
        }
        for kind in DecisionKind
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.DECIDE)
@once
def decide(request, decision_id):
    rows = Decision.objects.visible_to(request.acting).select_related("proposed_by__user", "row__scheme")
    decision = get_object_or_404(rows.select_related("decided_by__user"), pk=decision_id)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.decide, by=request.acting, decision=decision, **form.cleaned_data):
            messages.success(request, "Beslutet är fattat och låst.")
            return redirect("teams:decisions")
    operations.view_decision(by=request.acting, decision=decision)
    today = timezone.localdate()
    context = {
        "decision": decision, "form": form, "row": row_for(request.acting, decision.kind, on=today),
        "others": [m.user.name for m in competent(request.acting, decision.kind, on=today)],
    }  # fmt: skip
    return render(request, "teams/decide.html", context)


@require_GET
@allow(Permission.UNIT_OVERVIEW)
def unit(request):
    """The unit's cases by number: who handles, who coordinates, when the plan is followed up, and first what has been
    late for too long. No person, no content."""
    rows, escalated = _asked("SELECT * FROM wall.unit_cases()"), _asked("SELECT * FROM wall.escalated()")
    people = {row[key] for row in rows for key in ("worker_id", "coordinator_id")} - {None}
    people |= {row["owner_id"] for row in escalated}
    staff = {m.pk: m.user.name for m in Membership.objects.filter(pk__in=people).select_related("user")}
    for row in escalated:
        row["owner"], row["what"] = staff.get(row["owner_id"], ""), Clock.Kind(row["kind"]).label
    today = timezone.localdate()
    for row in rows:
        row["worker"], row["coordinator"] = staff.get(row["worker_id"], ""), staff.get(row["coordinator_id"], "")
        row["late"] = row["follow_up_on"] is not None and row["follow_up_on"] < today
    rows.sort(key=lambda row: (bool(row["coordinator"]), not row["late"], row["number"]))
    context = {"rows": rows, "escalated": escalated, "emergencies": waiting(request.acting),
               "reveals": _many_reveals(request.acting, today)}  # fmt: skip
    return desk_page(request, "teams/unit.html", context, page="unit")


def _many_reveals(by, today):
    """Who has been shown so many addresses in an hour that it was stopped, the last week. Not whose they were."""
    told = Notice.objects.visible_to(by).filter(about=Notice.About.REVEALS, about_on__gt=today - timedelta(days=7))
    days = dict(told.order_by("about_on").values_list("subject_id", "about_on"))
    return [(m.user.name, days[m.pk]) for m in Membership.objects.filter(pk__in=days).select_related("user")]


def _asked(question):
    """Rows of one of the wall's own functions, by name of column."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
