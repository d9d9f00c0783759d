from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases.door import case_or_404, case_page, desk_page
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from teams import operations
from teams.competence import competent, row_for
from teams.forms.decisions import DecideForm, ProposalForm
from teams.models import DELEGABLE, Decision


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
        for kind in DELEGABLE
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.DECIDE)
@once
def decide(request, decision_id):
    rows = Decision.objects.visible_to(request.acting).select_related("proposed_by__user", "row__scheme")
    decision = get_object_or_404(rows.select_related("decided_by__user"), pk=decision_id)
    if "conflict" in request.POST:
        messages.warning(request, "Då får du inte besluta (FL 16–18 §§, KL 7:4). Be en kollega som får.")
        return redirect("teams:decisions")
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
