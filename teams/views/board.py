"""The board's lists: what was decided for it since its last meeting, urgent decisions, and that it has been told."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from teams import board as lists
from teams import operations
from teams.forms.board import AnnouncedForm, MeetingForm, MinuteForm, UrgentForm
from teams.models import BoardMeeting
from teams.views.scheme import excel


@require_http_methods(["GET", "POST"])
@allow(Permission.BOARD_LISTS)
@once
def board(request):
    """What the board has not been told, late first; its meetings; and a form for the next one."""
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        meeting = tried(form, operations.register_meeting, by=request.acting, **form.cleaned_data)
        if meeting:
            return redirect("teams:board_meeting", meeting.pk)
    operations.view_lists(by=request.acting, form="page")
    today, everything = timezone.localdate(), lists.untold()
    late = {one.subject for one in lists.late(everything, on=today)}
    context = {
        "form": form, "today": today, "late": [one for one in everything if one.subject in late],
        "waiting": [one for one in everything if one.subject not in late],
        "meetings": BoardMeeting.objects.visible_to(request.acting),
    }  # fmt: skip
    return render(request, "teams/board.html", context)


def _meeting_or_404(request, meeting_id):
    return get_object_or_404(BoardMeeting.objects.visible_to(request.acting), pk=meeting_id)


@require_GET
@allow(Permission.BOARD_LISTS)
def board_meeting(request, meeting_id):
    meeting = _meeting_or_404(request, meeting_id)
    return _meeting_page(request, meeting, MinuteForm())


def _meeting_page(request, meeting, form, announced=None):
    operations.view_lists(by=request.acting, form="page", meeting=meeting)
    lines = lists.lines_of(meeting)
    context = {
        "meeting": meeting, "parts": lists.by_part(lines), "count": len(lines), "form": form,
        "announced": announced or AnnouncedForm(),
        "has_been": meeting.held_on <= timezone.localdate(),
    }  # fmt: skip
    return render(request, "teams/board_meeting.html", context)


@require_POST
@allow(Permission.BOARD_LISTS)
@once
def board_close(request, meeting_id):
    meeting = _meeting_or_404(request, meeting_id)
    _done(request, "Listan är stängd. Skriv ut den till kallelsen.", operations.close_list, meeting)
    return redirect("teams:board_meeting", meeting.pk)


@require_POST
@allow(Permission.BOARD_LISTS)
@once
def board_drop(request, meeting_id):
    meeting = _meeting_or_404(request, meeting_id)
    _done(request, "Sammanträdet är borttaget.", operations.drop_meeting, meeting)
    return redirect("teams:board")


def _done(request, sentence, act, meeting):
    try:
        act(by=request.acting, meeting=meeting)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, sentence)


@require_POST
@allow(Permission.BOARD_LISTS)
@once
def board_report(request, meeting_id):
    meeting = _meeting_or_404(request, meeting_id)
    form = MinuteForm(request.POST)
    if form.is_valid():
        if tried(form, operations.report_list, by=request.acting, meeting=meeting, **form.cleaned_data):
            messages.success(request, "Anmält till nämnden. Det som står på listan är klart.")
            return redirect("teams:board")
    return _meeting_page(request, meeting, form)


@require_POST
@allow(Permission.BOARD_LISTS)
@once
def board_announce(request, meeting_id):
    meeting = _meeting_or_404(request, meeting_id)
    form = AnnouncedForm(request.POST)
    if form.is_valid():
        if tried(form, operations.announce_minutes, by=request.acting, meeting=meeting, **form.cleaned_data):
            messages.success(request, "Dagen är antecknad.")
            return redirect("teams:board_meeting", meeting.pk)
    return _meeting_page(request, meeting, MinuteForm(), form)


@require_GET
@allow(Permission.BOARD_LISTS)
def board_sheet(request, meeting_id):
    meeting = _meeting_or_404(request, meeting_id)
    operations.view_lists(by=request.acting, form="sheet", meeting=meeting)
    return excel(lists.sheet(meeting, lists.lines_of(meeting)), f"namndlista-{meeting.held_on}")


@require_GET
@allow(Permission.BOARD_LISTS)
def board_pdf(request, meeting_id):
    meeting = _meeting_or_404(request, meeting_id)
    operations.view_lists(by=request.acting, form="pdf", meeting=meeting)
    try:
        data = lists.document(meeting, lists.lines_of(meeting), request.acting.authority)
    except Refused as why:  # a machine that cannot make one
        messages.warning(request, str(why))
        return redirect("teams:board_meeting", meeting.pk)
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="namndlista-{meeting.held_on}.pdf"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "POST"])
@allow(Permission.BOARD_LISTS)
@once
def urgent_new(request):
    form = UrgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.record_urgent, by=request.acting, **form.cleaned_data):
            messages.success(request, "Det brådskande beslutet kommer med på nästa sammanträdes lista.")
            return redirect("teams:board")
    return render(request, "teams/urgent_form.html", {"form": form})
