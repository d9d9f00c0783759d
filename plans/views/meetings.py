"""Meetings: those ahead, a new one, and what changes one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases.before_meeting import before_meeting
from cases.door import case_or_404, case_page, desk_page
from exitprogram.page.paging import Piece
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.calendar import calendar_file
from plans.forms.meetings import LATER, CancelForm, MeetingForm, MoveForm, suggested_times
from plans.meetings import time_of_next
from plans.models import Meeting
from teams.models import OutsideMember


@require_GET
@allow(Permission.READ_CASE)
def meetings(request):
    ahead = Meeting.objects.visible_to(request.acting).filter(case__authority_id=request.acting.authority_id)
    ahead = ahead.ahead(at=timezone.now()).select_related("case").prefetch_related("calls").order_by("starts_at", "pk")
    return desk_page(request, "plans/meetings.html", {"meetings": Piece(request, "moten", ahead)}, page="meetings")


def meeting_or_404(request, meeting_id):
    """The meeting, when its case is open to the acting membership: called from elsewhere is not enough here."""
    row = get_object_or_404(Meeting.objects.visible_to(request.acting), pk=meeting_id)
    row.case = case_or_404(request, row.case_id)
    return row


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def meeting_new(request, case_id):
    """Team preselected: a time, send."""
    case = case_or_404(request, case_id)
    before = Meeting.objects.visible_to(request.acting).filter(case=case)
    form = _new_form(request, case, before)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        meeting = tried(
            form, operations.call_meeting, by=request.acting, case=case, starts_at=form.starts_at,
            place=data["place"], purpose=data["purpose"], members=list(data["members"]),
            minutes_long=data["minutes_long"],
        )  # fmt: skip
        if meeting:
            messages.success(request, "Mötet är bokat och teamet är kallat.")
            return redirect("plans:meeting", meeting.pk)
    context = {
        "form": form, "meetings": before.order_by("-starts_at")[:10], "mind": before_meeting(request.acting, case),
        "outside": OutsideMember.objects.visible_to(request.acting).now().filter(case=case, attends=True),
    }  # fmt: skip
    return case_page(request, "plans/meeting_form.html", case, context, page="meeting")


def _new_form(request, case, before):
    """After a meeting that is named in the address, the next is suggested as far ahead as plans are followed up."""
    last = before.filter(cancelled_at=None).order_by("-starts_at").first()
    now = timezone.localtime()
    after = last and request.GET.get("efter") == str(last.pk)
    times = suggested_times(now, time_of_next(last, now=now) if after else None)
    initial = {"place": last.place if last else LATER}
    return MeetingForm(request.POST or None, case=case, times=times, initial=initial)


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def meeting_move(request, meeting_id):
    row = meeting_or_404(request, meeting_id)
    times = [call.proposed_at for call in row.calls.exclude(proposed_at=None).order_by("proposed_at")]
    form = MoveForm(request.POST or None, times=sorted({*times, row.starts_at}), initial={"place": row.place})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if tried(
            form, operations.move_meeting, by=request.acting, meeting=row, starts_at=form.starts_at,
            place=data["place"], reason=data["reason"],
        ):  # fmt: skip
            messages.success(request, "Mötet är flyttat och alla kallade får besked.")
            return redirect("plans:meeting", row.pk)
    context = {"form": form, "meeting": row, "mind": before_meeting(request.acting, row.case)}
    return case_page(request, "plans/meeting_move.html", row.case, context, page="meeting")


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def meeting_cancel(request, meeting_id):
    row = meeting_or_404(request, meeting_id)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.cancel_meeting, by=request.acting, meeting=row, reason=form.cleaned_data["reason"]):
            messages.success(request, "Mötet är inställt och alla kallade får besked.")
            return redirect("plans:meeting", row.pk)
    return case_page(
        request, "plans/meeting_cancel.html", row.case, {"form": form, "meeting": row}, page="meeting"
    )  # fmt: skip


@require_GET
@allow(Permission.READ_CASE, Permission.CONTRIBUTE)
def meeting_calendar(request, meeting_id):
    """For those who have the case and those called: a time without a name, a place or a reason."""
    row = get_object_or_404(Meeting.objects.visible_to(request.acting), pk=meeting_id)
    row = operations.take_calendar(by=request.acting, meeting=row)
    answer = HttpResponse(calendar_file(row, at=timezone.now()), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="mote.ics"'
    return answer
