"""Questions about readings: one's own page with what one is asked, and the manager's with what was answered."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exitprogram.errors import Refused
from exitprogram.tenancy.access import allow, once, signed_in
from exitprogram.tenancy.roles import Permission
from teams import operations
from teams.log_review import asked_of, told
from teams.models import LogQuestion, LogReport


@require_GET
@signed_in
def reading_questions(request):
    """About one's own readings, whatever one's role."""
    if request.acting is None:
        return redirect("tenancy:choose")
    operations.view_reading_questions(by=request.acting)
    return render(request, "teams/reading_questions.html", {"questions": asked_of(request.acting)})


@require_POST
@signed_in
@once
def reading_answer(request, question_id):
    by = request.acting
    if by is None:
        raise Http404
    question = get_object_or_404(LogQuestion.objects.asked_of(by), pk=question_id)
    text = request.POST.get("answer", "")
    try:
        operations.answer_reading(by=by, question=question, text=text)
    except Refused as why:
        context = {"questions": asked_of(by), "fault": str(why), "fault_of": question.pk, "typed": text}
        return render(request, "teams/reading_questions.html", context)
    messages.success(request, "Tack, ditt svar är skickat.")
    return redirect("teams:reading_questions")


@require_http_methods(["GET", "POST"])
@allow(Permission.UNIT_OVERVIEW)
@once
def log_question(request, question_id):
    """What was asked and answered, and the manager's word about it."""
    by, fault = request.acting, ""
    question = get_object_or_404(LogQuestion.objects.reviewed_by(by).select_related("sample"), pk=question_id)
    if request.method == "POST":
        given = {"judgement": request.POST.get("judgement", ""), "words": request.POST.get("words", "")}
        try:
            operations.settle_question(by=by, question=question, **given)
        except Refused as why:
            fault = str(why)
        else:
            messages.success(request, "Frågan är avgjord.")
            return redirect("teams:log_reviews")
    operations.view_log_question(by=by, question=question)
    told([question.sample])
    context = {"question": question, "fault": fault, "words": request.POST.get("words", "")}
    return render(request, "teams/log_question.html", context)


@require_http_methods(["GET", "POST"])
@allow(Permission.UNIT_OVERVIEW)
@once
def log_report(request, report_id):
    """What was reported, and what somebody has done about it."""
    by, fault = request.acting, ""
    rows = LogReport.objects.visible_to(by).select_related("sample", "closed_by__user")
    report = get_object_or_404(rows, pk=report_id)
    if request.method == "POST":
        given = {"outcome": request.POST.get("outcome", ""), "done": request.POST.get("done", "")}
        try:
            operations.close_report(by=by, report=report, **given)
        except Refused as why:
            fault = str(why)
        else:
            messages.success(request, "Anmälan är avslutad.")
            return redirect("teams:log_reviews")
    operations.view_log_report(by=by, report=report)
    told([report.sample])
    typed = {"outcome": request.POST.get("outcome", ""), "done": request.POST.get("done", "")}
    context = {"report": report, "fault": fault, "typed": typed, "outcomes": LogReport.Outcome.choices}
    return render(request, "teams/log_report.html", context)
