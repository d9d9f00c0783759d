"""The chain of support: who answers for what comes next, what is followed up, and which cases belong together."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.door import case_or_404, case_page
from children import operations
from children.chain import links_of, next_of_case, parts_of
from children.forms.chain import AfterCareForm, LinkForm, NextForm, ResultForm
from children.models import AfterCare, CaseLink, NextResponsible
from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


@require_GET
@allow(Permission.READ_CASE)
def chain(request, case_id):
    case = case_or_404(request, case_id)
    after = AfterCare.objects.visible_to(request.acting).filter(case=case)
    context = {
        "parts": parts_of(case), "next": next_of_case(case), "links": links_of(case), "after": after,
        "following": any(row.ended_on is None for row in after),
        "named": NextResponsible.objects.filter(case=case).select_related("written_by__user"),
    }  # fmt: skip
    return case_page(request, "children/chain.html", case, context, page="chain")


def form_page(
    request, case, form, act, *, heading, text, button, done, back="children:chain", page="chain", given=None
):
    """One form, one operation, and back to the page it came from."""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data if given is None else given(form.cleaned_data)
        if tried(form, act, by=request.acting, case=case, **given):
            messages.success(request, done)
            return redirect(back, case.pk)
    context = {"form": form, "heading": heading, "text": text, "button": button, "back": back}
    return case_page(request, "children/form.html", case, context, page=page)


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def next_responsible(request, case_id):
    case = case_or_404(request, case_id)
    form = NextForm(request.POST or None, case=case)
    return form_page(
        request, case, form, operations.name_next, heading="Nästa ansvariga",
        text="Ärendet, planen och programmet avslutas när någon tar vid, eller när det står varför ingen behövs.",
        button="Spara", done="Nästa ansvariga är skriven.", given=lambda _said: form.given,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def after_care(request, case_id):
    case = case_or_404(request, case_id)
    if AfterCare.objects.open().filter(case=case).exists():
        return form_page(
            request, case, ResultForm(request.POST or None), operations.end_after_care, heading="Avsluta uppföljningen",
            text="Skriv vad som kom fram. Behövs en ny utredning inleds den på vanligt sätt.", button="Avsluta",
            done="Uppföljningen är avslutad.",
        )  # fmt: skip
    return form_page(
        request, case, AfterCareForm(request.POST or None), operations.begin_after_care, heading="Börja följa upp",
        text="Efter en avslutad utredning eller placering, utan samtycke, i högst sex månader.", button="Börja",
        done="Uppföljningen har börjat.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def link(request, case_id):
    case = case_or_404(request, case_id)
    return form_page(
        request, case, LinkForm(request.POST or None, by=request.acting, case=case), operations.link_cases,
        heading="Koppla ihop två ärenden", text="Inget av dem öppnas för någon. Du kopplar ärenden som du själv har.",
        button="Koppla", done="Ärendena är kopplade.",
    )  # fmt: skip


@require_POST
@allow(Permission.BUILD_TEAM)
@once
def link_end(request, case_id, link_id):
    case = case_or_404(request, case_id)
    row = get_object_or_404(CaseLink.objects.visible_to(request.acting), pk=link_id, case=case)
    try:
        operations.end_link(by=request.acting, case=case, link=row)
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("children:chain", case.pk)
