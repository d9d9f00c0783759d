"""On the board's side: what a regional coordinator asks about a case, and what the board asks of her."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.door import case_or_404, case_page
from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission, may
from reporting.forms.questions import AnswerForm, SupportForm
from reporting.models import FlowQuestion, SupportRequest
from reporting.operations import answer_question, answer_support, ask_for_support, close_support
from reporting.support import supporters


@require_GET
@allow(Permission.READ_CASE)
def questions(request, case_id):
    case = case_or_404(request, case_id)
    found = FlowQuestion.objects.visible_to(request.acting).filter(case=case)
    found = found.select_related("asker_authority", "answered_by__user")
    return case_page(request, "reporting/questions.html", case, {"rows": found}, page="questions")


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def answer(request, case_id, question_id):
    case = case_or_404(request, case_id)
    found = FlowQuestion.objects.visible_to(request.acting).filter(case=case).select_related("asker_authority")
    question = get_object_or_404(found, pk=question_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, answer_question, by=request.acting, question=question, **form.cleaned_data):
            messages.success(request, "Svaret är skickat till regionkoordinatorn.")
            return redirect("reporting:questions", case.pk)
    context = {"form": form, "question": question}
    return case_page(request, "reporting/answer.html", case, context, page="questions")


@require_GET
@allow(Permission.READ_CASE, Permission.REGION_OVERVIEW)
def support(request):
    """The queue, from whichever side: what waits first."""
    by = request.acting
    answers = may(by, Permission.REGION_OVERVIEW)
    around = ["authority"] if answers else ["to_authority", "asked_by__user"]  # who asked is the board's own to know
    found = list(SupportRequest.objects.visible_to(by).select_related(*around)[:200])
    context = {
        "waiting": [one for one in found if not one.closed_at], "closed": [one for one in found if one.closed_at],
        "answers": answers,
    }  # fmt: skip
    return render(request, "reporting/support.html", context)


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def support_new(request):
    choices = supporters()
    form = SupportForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        if tried(form, ask_for_support, by=request.acting, **form.cleaned_data):
            messages.success(request, "Skickat. Svaret visas här.")
            return redirect("reporting:support")
    return render(request, "reporting/support_new.html", {"form": form, "choices": choices})


@require_http_methods(["GET", "POST"])
@allow(Permission.REGION_OVERVIEW)
@once
def support_answer(request, request_id):
    found = SupportRequest.objects.visible_to(request.acting).select_related("authority")
    row = get_object_or_404(found, pk=request_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, answer_support, by=request.acting, request=row, **form.cleaned_data):
            messages.success(request, "Svaret är skickat till nämnden.")
            return redirect("reporting:support")
    return render(request, "reporting/support_answer.html", {"form": form, "row": row})


@require_POST
@allow(Permission.READ_CASE, Permission.REGION_OVERVIEW)
@once
def support_close(request, request_id):
    row = get_object_or_404(SupportRequest.objects.visible_to(request.acting), pk=request_id)
    try:
        close_support(by=request.acting, request=row)
        messages.success(request, "Avslutat.")
    except Refused as why:  # the other side was first
        messages.warning(request, str(why))
    return redirect("reporting:support")
