"""The contributor's start page, and the way from a mail to the thing itself. No search, no list of people."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cases.models import Notice
from exitprogram.audit.operations import record
from exitprogram.page.paging import Piece
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once, signed_in
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.middleware import CHOSEN
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.contributions import all_of
from plans.forms.meetings import CallForm
from plans.models import MeetingCall
from teams.conflicts import questions
from teams.log_review import is_asked
from teams.models import LogQuestion, TeamMember

SHOWN_IN_PART = {
    "to_write": "skriva", "measures": "insatser", "calls": "moten", "papers": "handlingar", "parts": "team",
    "done": "klara", "signed": "signerade", "declined": "avbojda",
}  # fmt: skip


@require_GET
@allow(Permission.CONTRIBUTE)
def contributions(request):
    by = request.acting
    invitations = TeamMember.objects.visible_to(by).waiting().filter(membership=by)
    own = {kind: Piece(request, SHOWN_IN_PART[kind], rows) for kind, rows in all_of(by).items()}
    context = {
        "invitations": invitations.select_related("authority", "invited_by__user"), **own,
        "questions": questions(by), "asked_of_me": is_asked(by), "answers": CallForm.base_fields["answer"].choices,
    }  # fmt: skip
    context["finished"] = sum(len(context[kind]) for kind in ("signed", "declined", "done"))
    operations.view_own_measures(by=by, measures=[*context["measures"], *context["done"]])
    return render(request, "plans/contributions.html", context)


@require_http_methods(["GET", "POST"])
@allow(Permission.CONTRIBUTE)
@once
def call_answer(request, call_id):
    """The summons or invitation, and one's own answer to it: until the meeting it can be another one."""
    mine = MeetingCall.objects.visible_to(request.acting).filter(membership=request.acting)
    call = get_object_or_404(mine.select_related("meeting", "authority", "member_authority"), pk=call_id)
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(
            form, operations.answer_call, by=request.acting, call=call, answer=form.cleaned_data["answer"],
            proposed_at=form.proposed_at,
        ):  # fmt: skip
            messages.success(request, "Ditt svar är skickat.")
            return redirect("plans:contributions")
    context = {"call": call, "meeting": call.meeting, "form": form, "answers": CallForm.base_fields["answer"].choices}
    return render(request, "plans/call.html", context)


@require_GET
@signed_in
def onward(request, notice_id):
    """Where the mail leads: its address says nothing, and each thing's own door asks whether it is open. For anybody
    else than the one it was sent to there is no such page. Who works at several places comes to the right one."""
    for membership in request.memberships:
        with acting(membership):
            notice = Notice.objects.visible_to(membership).filter(pk=notice_id).first()
            where = _where(membership, notice) if notice else None
            if notice is not None and _beside(membership, notice):
                where = reverse("tenancy:start")
        if where is not None:
            if request.session.get(CHOSEN) != str(membership.pk):
                request.session[CHOSEN] = str(membership.pk)
                with acting(membership):
                    record(by=membership, action="session.opened", obj=membership)
            return redirect(where)
    raise Http404


def _beside(by, notice):
    """More was told in the same mail: then the start page shows it all."""
    mine = Notice.objects.visible_to(by).exclude(pk=notice.pk)
    return notice.sent_at is not None and mine.filter(sent_at=notice.sent_at).exists()


def _where(by, notice):
    """The address of what it is about; the start page for what has none of its own."""
    about, subject = Notice.About, notice.subject_id
    if notice.about == about.MEETING:
        call = MeetingCall.objects.visible_to(by).filter(membership=by, meeting_id=subject).first()
        guest = call is not None and call.authority_id != by.authority_id
        return reverse("plans:call_answer", args=[call.pk]) if guest else reverse("plans:meeting", args=[subject])
    if notice.about == about.QUESTION and LogQuestion.objects.asked_of(by).filter(pk=subject).exists():
        return reverse("teams:reading_questions")
    if notice.about == about.QUESTION and LogQuestion.objects.reviewed_by(by).filter(pk=subject).exists():
        return reverse("teams:log_question", args=[subject])
    names = {
        about.SECTION: "plans:section", about.INVITATION: "teams:invitation", about.DECISION: "teams:decide",
        about.DISCLOSURE: "cases:received_one", about.AGREEMENT: "teams:agreement",
    }  # fmt: skip
    return reverse(names[notice.about], args=[subject]) if notice.about in names else reverse("tenancy:start")
