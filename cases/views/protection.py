from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms.protection import ReviewForm
from cases.models import ProtectionMark
from cases.protection import RULE, SENTENCES, next_review, what_to_do
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission

MOMENTS = {
    "opening": "När du öppnar ärendet", "message": "När du skickar något", "meeting": "När du kallar till möte",
    "pdf": "När du lämnar ut planen", "printing": "När du skriver ut",
}  # fmt: skip


@require_GET
@allow(Permission.READ_CASE)
def protection(request, case_id):
    """What protects the person, since when, and what each of us does because of it."""
    case = case_or_404(request, case_id)
    marks = ProtectionMark.objects.visible_to(request.acting).filter(individual=case.individual)
    marks = list(marks.select_related("noted_by__user"))
    todo = [(label, what_to_do(case.individual, moment)) for moment, label in MOMENTS.items() if moment in SENTENCES]
    context = {
        "marks": [m for m in marks if not m.ended_at], "past": [m for m in marks if m.ended_at],
        "todo": [(label, sentence) for label, sentence in todo if sentence], "today": timezone.localdate(),
    }  # fmt: skip
    return case_page(request, "cases/protection.html", case, context, page="protection")


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def mark_review(request, case_id, mark_id):
    """Does it still hold? Since when, and when to ask next."""
    case = case_or_404(request, case_id)
    marks = ProtectionMark.objects.visible_to(request.acting).open()
    mark = get_object_or_404(marks, pk=mark_id, individual=case.individual_id)
    today = timezone.localdate()
    initial = {"since_on": mark.since_on, "review_on": next_review(mark.kind, on=today)}
    form = ReviewForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.review_mark, by=request.acting, case=case, mark=mark, **form.cleaned_data):
            messages.success(request, "Noterat: skyddet gäller fortfarande.")
            return redirect("cases:protection", case.pk)
    context = {"form": form, "mark": mark, "rule": rule(RULE, on=today)}
    return case_page(request, "cases/mark_review.html", case, context, page="protection")


@require_POST
@allow(Permission.READ_CASE)
@once
def contact_confirm(request, case_id):
    """«Det stämmer fortfarande»: one press, by somebody who has the card before her."""
    case = case_or_404(request, case_id)
    try:
        operations.confirm_safe_contact(by=request.acting, case=case, version=whole_number(request.POST.get("version")))
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "Noterat: säker kontakt gäller fortfarande.")
    return redirect("plans:person", case.pk)
