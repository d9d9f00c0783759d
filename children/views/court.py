"""The board and the courts in a child's case: what has been decided, the next day, and who was told."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases.door import case_page
from cases.one_form import form_page
from children import operations
from children.courses import Kind, who_decides
from children.courting import is_over, next_steps, told_of, waiting_in
from children.door import childs_case_or_404
from children.forms.court import MatterForm, StepForm
from children.models import CourtMatter, GuardianMark
from exitprogram.law.rules import NoRule, rule
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission

PAGE = "court"


def _matters(request, case):
    found = CourtMatter.objects.visible_to(request.acting).filter(case=case)
    return found.prefetch_related("steps__noted_by__user")


@require_GET
@allow(Permission.READ_CASE)
def court(request, case_id):
    case, today = childs_case_or_404(request, case_id), timezone.localdate()
    told = told_of(case)
    rows = [
        {"matter": matter, "over": is_over(matter), "waits": waiting_in(matter, on=today, told=told)}
        for matter in _matters(request, case)
    ]  # fmt: skip
    going = sorted((row for row in rows if not row["over"]), key=_nearest)
    kinds = {row["matter"].kind for row in rows}
    suspected = GuardianMark.objects.standing().filter(case=case).exists() and Kind.REPRESENTATIVE not in kinds
    context = {"going": going, "suspected": suspected, "over": [row for row in rows if row["over"]], "today": today}
    return case_page(request, "children/court.html", case, context, page=PAGE)


def _nearest(row):
    """What has a day comes first, the nearest first."""
    return (not row["waits"], row["waits"][0].day if row["waits"] else None)


def _back(case):
    return reverse("children:court", args=[case.pk]), "Domstol och nämnd"


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def court_new(request, case_id):
    case = childs_case_or_404(request, case_id)
    form = MatterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.open_court_matter, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Sparat. Nästa dag bevakas, och flera får påminnelsen.")
            return redirect("children:court", case.pk)
    return form_page(
        request, case, form, page=PAGE, heading="Nytt under domstol och nämnd", button="Spara", back=_back(case),
        lead="Skriv det som nämnden, utskottet eller ordföranden har beslutat, eller vilket stöd barnet behöver.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def court_step(request, case_id, matter_id):
    case = childs_case_or_404(request, case_id)
    matter, today = get_object_or_404(_matters(request, case), pk=matter_id), timezone.localdate()
    form = StepForm(request.POST or None, steps=next_steps(matter, on=today))
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.add_court_step, by=request.acting, case=case, matter=matter, **form.cleaned_data):
            messages.success(request, "Sparat.")
            return redirect("children:court", case.pk)
    rules = [one.law for one in waiting_in(matter, on=today)] + _deciding(matter, today)
    return form_page(
        request, case, form, page=PAGE, heading=matter.get_kind_display(), button="Spara", back=_back(case),
        rules=rules,
    )  # fmt: skip


def _deciding(matter, today):
    if matter.kind != Kind.ONE_GUARDIAN:
        return []
    try:
        return [rule(who_decides(matter.kind), on=today)]
    except NoRule:
        return []
